// Two networks as blocks to scale: numbers and words.

const QUANTITIES = { parameters: "parameters", multiply_adds: "multiply-adds", activations: "activations" };
const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
const blocksOf = (name, networks) => (networks[name] ? networks[name][1].length : 0);

/** Values that Python would take: blocks that exist, 0 being the input, and a network that is there. */
const mend = (values, { networks }) => ({
  ...values,
  first_block: clamp(values.first_block, 0, blocksOf(values.first, networks)),
  second_block: clamp(values.second_block, 0, blocksOf(values.second, networks)),
  active: clamp(values.active, 1, networks[values.second] ? 2 : 1),
});

/** Side of what a window gives; with ceil_mode a last window may hang over the end. */
function sideOf(size, { kernel_size, stride = 1, padding = 0, ceil_mode = false }) {
  if (!ceil_mode) return outputSize(size, kernel_size, stride, padding);
  return Math.ceil((size + 2 * padding - kernel_size) / stride) + 1;
}

/** What one layer makes of a shape: [shape, parameters, multiply-adds]. */
function costs(shape, layer) {
  const [channels, ...sides] = shape;
  if (layer.kind === "lrn") return [shape, 0, 0];
  if (layer.kind === "batchnorm") return [shape, 2 * channels, 0];
  if (layer.kind === "linear") {
    const weights = product(shape) * layer.out_features;
    return [[layer.out_features], weights + layer.out_features, weights];
  }
  const size = sides.map((side) => sideOf(side, layer));
  if (layer.kind !== "conv") return [[channels, ...size], 0, 0];
  const { out_channels: filters, kernel_size: F, groups = 1, bias = true } = layer;
  const weights = filters * (channels / groups) * F * F;
  return [[filters, ...size], weights + (bias ? filters : 0), weights * product(size)];
}

/** Layers in a row, from a shape: each with what it reads, gives and costs. */
function follow(layers, shape) {
  return layers.map((layer) => {
    const read = shape;
    const [given, parameters, multiply_adds] = costs(shape, layer);
    shape = given;
    return { layer, read, shape, parameters, multiply_adds, activations: product(shape) };
  });
}

/** A block from the shape that it reads: its layers, what it gives, and its costs. */
function blockOf({ name, stage, kind, branches }, shape) {
  const followed = branches.map((layers) => follow(layers, shape));
  const ends = followed.map((rows) => rows.at(-1)?.shape ?? shape);
  const joined = kind === "inception" ? [added(ends.map(([channels]) => channels)), ...ends[0].slice(1)] : ends[0];
  const layers = followed.flat();
  const sums = Object.keys(QUANTITIES).map((quantity) => [quantity, added(layers.map((row) => row[quantity]))]);
  const shortcut = kind !== "residual" ? null : branches[1].length ? "projection" : "identity";
  return {
    name, stage, kind, shortcut, layers, shape: joined, what: whatIs(kind, followed), ...Object.fromEntries(sums),
    parts: kind === "inception" ? ends.map(([channels]) => channels) : [],
  };
}

/** A network: its blocks, the input first, its totals, and for each quantity the block that has most of it. */
function networkOf(name, [shape, blocks]) {
  const input = { name: "input", stage: "", kind: "input", shortcut: null, layers: [], shape, what: "the image", parts: [] };
  const rows = [{ ...input, parameters: 0, multiply_adds: 0, activations: product(shape) }];
  for (const block of blocks) rows.push(blockOf(block, rows.at(-1).shape));
  const totals = {};
  const peaks = {};
  for (const quantity of Object.keys(QUANTITIES)) {
    const counts = rows.map((row) => row[quantity]);
    totals[quantity] = added(counts);
    peaks[quantity] = counts.indexOf(Math.max(...counts));
  }
  return { name, blocks: rows, totals, peaks };
}

/** A layer in few words; the padding only where it is no matter of course. */
function inBrief({ layer: { kind, kernel_size: F, out_channels, stride = 1, padding = 0, groups = 1 }, read, shape }, alone) {
  if (kind === "lrn") return "LRN";
  if (kind === "batchnorm") return "batch norm";
  if (kind === "linear") return `fully connected, ${thousands(product(read))} → ${thousands(shape[0])}`;
  const pooling = kind === "maxpool" ? " max pooling" : " average pooling";
  let words = `${F}×${F}` + (kind !== "conv" ? pooling : `, ${out_channels}${alone ? " filters" : ""}`);
  if (stride > 1) words += `, stride ${stride}`;
  if (padding && alone) words += `, padding ${padding}`;
  return groups > 1 ? `${words}, ${groups} groups` : words;
}

/** What a block is. */
function whatIs(kind, branches) {
  const said = branches.map((rows) => rows.filter(({ layer }) => layer.kind !== "batchnorm"));
  if (kind === "inception")
    return said.map((rows) => rows.map((row) => (row.layer.kind === "maxpool" ? "pool" : inBrief(row))).join(" then ")).join(" | ");
  const main = said[0].map((row) => inBrief(row, kind === "conv" || kind === "pool")).join("; ");
  const normed = branches[0].some(({ layer }) => layer.kind === "batchnorm");
  const norms = normed ? (said[0].length > 1 ? "; batch norm after each" : "; batch norm") : "";
  if (kind !== "residual") return main + norms;
  return `${main}; shortcut ${said[1].length ? inBrief(said[1][0]) : "the identity"}${norms}`;
}

/** A count in few letters: 163.7k, 128.0M; k is 1000. */
function brief(count) {
  if (count < 1000) return `${count}`;
  for (const [power, unit] of [[3, "k"], [6, "M"], [9, "G"]]) {
    const short = (count / 10 ** power).toFixed(1);
    if (Number(short) < 1000 || unit === "G") return `${short}${unit}`;
  }
}

/** A share of a whole in percent. */
function shareOf(part, whole) {
  const percent = (100 * part) / whole;
  return part && percent < 0.05 ? "under 0.1\u00a0%" : `${percent.toFixed(1)}\u00a0%`;
}

/** How many times as much, to three digits. */
function timesOf(first, second) {
  const times = Number((second / first).toPrecision(3));
  return times >= 1000 ? thousands(times) : `${times}`;
}

const shapeOf = (shape) => shape.map(thousands).join("\u00a0×\u00a0");
const capital = (words) => words[0].toUpperCase() + words.slice(1);

/** The block with most of a quantity, how many others have as much, and its share. */
function mostOf({ blocks, totals, peaks }, quantity) {
  const peak = blocks[peaks[quantity]];
  const others = blocks.filter((block) => block[quantity] === peak[quantity]).length - 1;
  const share = shareOf(peak[quantity], totals[quantity]);
  return others ? `${peak.name} and ${others} other${others > 1 ? "s" : ""}, ${share} each` : `${peak.name}, ${share}`;
}

/** The bill of a block, line by line. */
function billOf(block, totals) {
  const counts = Object.entries(QUANTITIES).map(([name, words]) => {
    const share = block[name] ? `, ${shareOf(block[name], totals[name])} of all` : "";
    return `${thousands(block[name])} ${words}${share}`;
  });
  return [`${block.what} →\u00a0${shapeOf(block.shape)}`, ...counts];
}

/** The totals of one network, or of two with their ratio. */
function inAll(networks) {
  const [one, two] = networks.map(({ totals }) => totals);
  const counts = Object.entries(QUANTITIES).map(([name, words]) => {
    if (!two) return `${thousands(one[name])} ${words}`;
    return `${thousands(one[name])} and ${thousands(two[name])} ${words} (×\u00a0${timesOf(one[name], two[name])})`;
  });
  return `${networks.map(({ name }) => name).join(" and ")} in all: ${counts.join("; ")}.`;
}

/**
 * Everything that the picture shows in one state. `networks` (one or two): name, `blocks` (the input first; each with what,
 * shape, costs, and layers with theirs), `totals` and `peaks` (the block that has most) of each quantity. `chosen`: a block's
 * number in each; `most`: what a bar of full length is; `sections` are the bills. When only another block was chosen since
 * `before`, the words are about it.
 */
function describe(values, { networks: known }, before) {
  const { first, second, quantity, first_block, second_block, active } = values;
  const networks = [first, second].filter((name) => known[name]).map((name) => networkOf(name, known[name]));
  const chosen = [first_block, second_block].slice(0, networks.length);
  const blocks = networks.map((network, k) => network.blocks[chosen[k]]);
  const bills = blocks.map((block, k) => billOf(block, networks[k].totals));
  const titles = blocks.map(({ name }, k) => `${networks[k].name}, ${name}: block ${chosen[k]} of ${networks[k].blocks.length - 1}`);
  const ofBlock = `${titles[active - 1]}. ${bills[active - 1].join("; ")}.`;
  const most = networks.map((network) => `${network.name} has most ${QUANTITIES[quantity]} in ${mostOf(network, quantity)}.`);
  const onlyMoved = before && same({ ...before, first_block, second_block, active }, values);
  return {
    networks, chosen,
    most: Math.max(...networks.flatMap(({ blocks }) => blocks.map((block) => block[quantity]))),
    sections: [...titles.map((title, k) => [title, bills[k]]), ["", [inAll(networks)], "nk-all"]],
    words: onlyMoved ? ofBlock : `${inAll(networks)} ${most.join(" ")} ${ofBlock}`,
  };
}
