// Fully connected, local and convolutional layers as the image grows: numbers and words.

const LAYERS = ["fully connected", "local, not shared", "convolution"];

/** Values that Python would take. */
const mend = (values, { sides }) => ({ ...values, side: clamp(values.side, ...sides), kernel_size: clamp(values.kernel_size, 1, 11) });

/** What the three layers cost. */
function countsOf({ side: W, channels: C, filters: F, kernel_size: K, quantity }) {
  const units = F * W * W;
  if (quantity === "multiply_adds") return [C * W * W * units, units * C * K * K, units * C * K * K];
  const parameters = [C * W * W * units + units, units * (C * K * K + 1), F * (C * K * K + 1)];
  return quantity === "memory" ? parameters.map((count) => 4 * count) : parameters;
}

/**
 * Everything that the picture shows in one state: `counts`, `texts` and `formulas` of the three layers, `ratio` (fully
 * connected to convolution, rounded), `curves` (sides, and the three counts at each), and how high each count stands.
 */
function describe(values, { sides: [least, greatest] }) {
  const { side: W, channels: C, filters: F, kernel_size: K, quantity } = values;
  const counts = countsOf(values);
  const texts = counts.map(quantity === "memory" ? roundedBytes : thousands);
  let formulas;
  if (quantity === "multiply_adds") {
    const work = `${W}²·${F}·${C}·${K}²`;
    formulas = [`${C}·${W}² · ${F}·${W}²`, work, work];
  } else {
    formulas = [`${C}·${W}² · ${F}·${W}² + ${F}·${W}²`, `${W}²·${F}·(${C}·${K}² + 1)`, `${F}·(${C}·${K}² + 1)`];
    if (quantity === "memory") formulas = formulas.map((formula) => `4 · (${formula})`);
  }
  const ratio = Math.floor((2 * counts[0] + counts[2]) / (2 * counts[2]));
  const what = { parameters: "parameters", memory: "for parameters", multiply_adds: "multiply-adds" }[quantity];
  let words = `At ${W} × ${W}: fully connected ${texts[0]} ${what}, convolution ${texts[2]}`;
  words += ratio > 1 ? `, ${thousands(ratio)} times fewer.` : ".";
  const sides = range(greatest - least + 1).map((k) => k + least);
  const curves = sides.map((side) => [side, ...countsOf({ ...values, side })]);
  return { counts, texts, formulas, ratio, curves, words, sections: [["", [words]]] };
}
