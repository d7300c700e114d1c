// What one unit deep in a stack of layers sees: numbers and words. A layer is [kernel_size, stride, dilation, padding].

/** Units of each level, the input first, and why the next layer does not fit. */
function sizesOf(layers, input) {
  const sizes = [input];
  for (const [index, [K, S, D, P]] of layers.entries()) {
    const size = sizes.at(-1);
    const span = D * (K - 1) + 1;
    const padded = size + 2 * P;
    if (span > padded) {
      const input = `the padded input size=${size} + 2*padding=${P} = ${padded}`;
      return [sizes, `layer ${index + 1}: kernel_size=${K} with dilation=${D} spans ${span}, larger than ${input}`];
    }
    sizes.push(outputSize(size, K, S, P, D));
  }
  return [sizes, ""];
}

/** Values that Python would take: a layer and a unit that exist. */
function mend({ layers, layer, unit }, { input }) {
  const [sizes] = sizesOf(layers, input);
  const at = clamp(layer ?? layers.length, 1, layers.length);
  return { layers, layer: at, unit: clamp(unit, 0, (sizes[at] ?? 1) - 1) };
}

/** Pixels of padding that the picture has room for on each side. */
const MARGIN = 12;

/**
 * Everything that the picture shows in one state: `sizes` (units of each level, the input first), `problem` (why a layer does
 * not fit), `fields` (size, jump and centre for each layer that fits), `margin` (how many pixels outside the image the first
 * and the last unit of some layer see, at most MARGIN and at least one). Where the chosen layer has units: `first` and
 * `last` (input pixels, outside the image in the padding), `inside` (how many of these are in the image), `needed` (units that it depends on, for each level up to its own)
 * and `outside` (positions in the padding, likewise).
 */
function describe({ layers, layer, unit }, { input }) {
  const [sizes, problem] = sizesOf(layers, input);
  const state = { sizes, problem, fields: [], margin: 1 };
  const steps = [];
  const starts = [];
  let [size, jump, start] = [1, 1, 0];
  for (const [K, S, D, P] of layers.slice(0, sizes.length - 1)) {
    const [r, j] = [size, jump];
    size += D * (K - 1) * jump;
    start -= P * jump;
    jump *= S;
    starts.push(start);
    state.fields.push([size, jump, start + (size - 1) / 2]);
    const end = start + (sizes[steps.length + 1] - 1) * jump + size;
    state.margin = Math.max(state.margin, Math.min(MARGIN, Math.max(-start, end - input)));
    steps.push(`${steps.length + 1}. r = ${r} + ${D}·(${K} − 1)·${j} = ${size}, j = ${j}·${S} = ${jump}`);
  }
  const sees = layer < sizes.length ? seenBy(state, layers, layer, unit, starts[layer - 1]) : `Layer ${layer} has no units.`;
  const said = problem ? [sees, `Does not fit. ${problem}.`] : [sees];
  return Object.assign(state, {
    sections: [["This unit", said, problem ? "ex-problem" : ""], ["Layer by layer, from r = 1 and j = 1", steps]],
    words: problem ? `${problem}. ${sees}` : sees,
  });
}

/** What the unit depends on is added to the state; what it sees is returned in words. */
function seenBy(state, layers, layer, unit, start) {
  const [size, jump] = state.fields[layer - 1];
  const first = start + unit * jump;
  const last = first + size - 1;
  const needed = range(layer + 1).map(() => []);
  const outside = range(layer + 1).map(() => []);
  needed[layer] = [unit];
  for (let level = layer; level > 0; level--) {
    const [K, S, D, P] = layers[level - 1];
    const taps = [...new Set(needed[level].flatMap((k) => range(K).map((tap) => k * S - P + D * tap)))].sort((a, b) => a - b);
    const exists = (k) => k >= 0 && k < state.sizes[level - 1];
    needed[level - 1] = taps.filter(exists);
    outside[level - 1] = taps.filter((k) => !exists(k));
  }
  const inside = Math.min(last, state.sizes[0] - 1) - Math.max(first, 0) + 1;
  Object.assign(state, { first, last, needed, outside, inside });
  let words = `Unit ${unit} of layer ${layer} sees ${size} pixel${size > 1 ? "s" : ""}`;
  if (size === inside) words += size > 1 ? `, ${first} to ${last}.` : `, number ${first}.`;
  else words += `, of which ${inside} lie in the image and ${size - inside} in its padding.`;
  const read = needed[0].length;
  if (read < inside) words += size > inside ? ` It reads ${read} of those ${inside}.` : ` It reads ${read}.`;
  return `${words} Its neighbours look ${jump} pixel${jump > 1 ? "s" : ""} further.`;
}
