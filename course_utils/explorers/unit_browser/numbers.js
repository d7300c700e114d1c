// Units of a trained network and what they answer to: numbers and words.

/** Values that Python would take. */
function mend({ layer, unit, patch }, { layers }) {
  const l = clamp(layer, 0, layers.length - 1);
  const u = clamp(unit, 0, layers[l].units.length - 1);
  return { layer: l, unit: u, patch: clamp(patch, 0, layers[l].units[u].patches.length - 1) };
}

const DIGITS = Object.fromEntries([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((letter, k) => [letter, k]));

/** Whole numbers below 4096, two letters each. */
const numbersOf = (text) => range(text.length / 2).map((k) => 64 * DIGITS[text[2 * k]] + DIGITS[text[2 * k + 1]]);

/** An image of `columns` pixels a row, as rows of CSS colours: each number has four bits of red, green and blue. */
function coloursOf(text, columns) {
  const colours = numbersOf(text).map((number) => `#${number.toString(16).padStart(3, "0")}`);
  return range(colours.length / columns).map((r) => colours.slice(r * columns, (r + 1) * columns));
}

/** Words and how often they come, the most frequent first: "5 ring, 3 disc". */
function counted(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([word, n]) => `${n} ${word}`).join(", ");
}

/** What a box is: "rows 3 to 9, columns 0 to 6". */
const boxInWords = ([top, left, bottom, right]) => `rows ${top} to ${bottom - 1}, columns ${left} to ${right - 1}`;

/** Everything that the picture shows in one state: `layer`, `unit` and `patch` are those of the tables. */
function describe(values, tables) {
  const layer = tables.layers[values.layer];
  const unit = layer.units[values.unit];
  const patch = unit.patches[values.patch];
  const labels = counted(unit.patches.map(({ label }) => label));
  const name = `${layer.name}, unit ${unit.number}`;
  const sees = `sees ${layer.field} × ${layer.field} pixels; its neighbour looks ${layer.jump} pixel${layer.jump > 1 ? "s" : ""} further on`;
  const found = `Patch ${values.patch + 1}: image ${patch.image} (${patch.label}), ${boxInWords(patch.box)}, answer ${patch.activation.toFixed(2)}`;
  const { inputs } = unit.filter;
  const read = inputs
    ? `Largest weights from units ${inputs.map(([number]) => number).join(", ")} of the layer before.`
    : unit.wave ? `Its filter: stripes at ${Math.round(unit.wave[0])}°, ${unit.wave[1].toFixed(2)} periods a pixel; ${Math.round(100 * unit.wave[2])} % of it is colour.` : "";
  return {
    layer, unit, patch, labels,
    sections: [
      [name, [`It ${sees}.`, read].filter((line) => line)],
      [`The ${unit.patches.length} strongest answers of ${thousands(tables.images)} images: ${labels}`, [`${found}.`]],
    ],
    news: `${layer.name}: ${layer.units.length} units. `,
    words: `${name}, ${values.unit + 1} of ${layer.units.length}. Its strongest answers: ${labels}. ${found}.`,
  };
}
