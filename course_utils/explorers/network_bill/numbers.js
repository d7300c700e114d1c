// The bill of a network, layer by layer: numbers and words.

const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
const KIND_NAMES = { conv: "convolution", maxpool: "max pool", avgpool: "average pool", lrn: "LRN", linear: "fully connected" };

/** Values that Python would take: a layer that exists, 0 being the input. */
const mend = (values) => ({ ...values, layer: clamp(values.layer, 0, values.network.length) });

/** What one layer makes of a shape: [shape, parameters, multiply-adds]. Throws, in the words of arithmetic.py. */
function costs(shape, layer) {
  const image = () => {
    const got = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
    if (shape.length !== 3) throw new Error(`the input must be of shape (C, H, W), got ${got}`);
    return shape;
  };
  const slide = (size) => {
    const { kernel_size: K, stride: S, padding: P } = layer;
    const padded = size + 2 * P;
    const input = `the padded input size=${size} + 2*padding=${P} = ${padded}`;
    if (K > padded) throw new Error(`kernel_size=${K} with dilation=1 spans ${K}, larger than ${input}`);
    return outputSize(size, K, S, P);
  };
  if (layer.kind === "lrn") return [shape, 0, 0];
  if (layer.kind === "linear") {
    const weights = product(shape) * layer.out_features;
    return [[layer.out_features], weights + (layer.bias ? layer.out_features : 0), weights];
  }
  const [channels, ...sides] = image();
  const [height, width] = sides.map(slide);
  if (layer.kind !== "conv") return [[channels, height, width], 0, 0];
  const { out_channels: filters, kernel_size: K, groups } = layer;
  if (channels % groups || filters % groups)
    throw new Error(`groups=${groups} must divide in_channels=${channels} and out_channels=${filters}`);
  const weights = filters * (channels / groups) * K * K;
  return [[filters, height, width], weights + (layer.bias ? filters : 0), weights * height * width];
}

/** Each layer's [name, shape, activations, parameters, multiply-adds, bytes, bytes], as far as they fit. */
function trace(network, inputShape, bits) {
  const stored = (count) => Math.ceil((count * bits) / 8);
  const row = (name, shape, parameters, work) => {
    const activations = product(shape);
    return [name, shape.join(" × "), activations, parameters, work, stored(activations), stored(parameters)];
  };
  let shape = inputShape;
  const rows = [row("input", shape, 0, 0)];
  for (const layer of network) {
    try {
      const [next, parameters, work] = costs(shape, layer);
      rows.push(row(layer.name, next, parameters, work));
      shape = next;
    } catch (error) {
      return [rows, `layer '${layer.name}': ${error.message}`];
    }
  }
  return [rows, ""];
}

/** Number of the row with which the sum of a column reaches half of its total. */
function halfway(rows, column) {
  const total = added(rows.map((row) => row[column]));
  let soFar = 0;
  return rows.findIndex((row) => 2 * (soFar += row[column]) >= total);
}

/** Length of a bar, 1 for `most`; on the logarithmic scale 0 stands for 0 and 1. */
function barLength(count, most, scale) {
  if (scale === "linear") return count / most;
  return count > 1 ? Math.log(count) / Math.log(most) : 0;
}

const COLUMNS = { activations: [2], parameters: [3], multiply_adds: [4], memory: [5, 6] };

/** A layer in few words. */
function inBrief({ kind, kernel_size: K, stride, padding, groups }) {
  if (kind === "linear" || kind === "lrn") return KIND_NAMES[kind];
  let words = kind === "conv" ? `${K}×${K}` : `${kind === "maxpool" ? "max" : "average"} ${K}×${K}`;
  if (stride > 1) words += ` /${stride}`;
  if (padding) words += ` pad ${padding}`;
  return groups > 1 ? `${words}, ${groups} groups` : words;
}

/**
 * Everything that the picture shows in one state. `rows`, the input first, as far as the layers fit: name, shape in words,
 * activations, parameters, multiply-adds, bytes of activations and bytes of parameters; `problem` (why the next layer does
 * not fit, or ""), `totals` (sums of these five), `bars` (a length from 0 to 1 for each row, or two for the memory), `most` (what a
 * bar of length 1 is), `texts` beside the bars and `heads` above them. When only another layer was chosen since `before`,
 * the words are about it; those of the layer that does not fit are the problem.
 */
function describe(values, { bits }, before) {
  const { network, input_shape, quantity, number_format, scale, layer } = values;
  const [rows, problem] = trace(network, input_shape, bits[number_format]);
  const shown = rows.map((row) => COLUMNS[quantity].map((column) => row[column]));
  const most = COLUMNS[quantity].map((_, k) => Math.max(1, ...shown.map((counts) => counts[k])));
  const write = quantity === "memory" ? roundedBytes : thousands;
  const titles = quantity === "memory" ? ["activations", "parameters"] : [quantity.replace("_", "-")];
  const totals = range(5).map((k) => added(rows.map((row) => row[k + 2])));
  const words = problem || inAll(rows, totals, number_format);
  const chosen = before && before.layer !== layer && same({ ...before, layer }, values);
  return {
    rows, problem, totals, most,
    bars: shown.map((counts) => counts.map((count, k) => barLength(count, most[k], scale))),
    texts: shown.map((counts) => counts.map(write)),
    heads: titles.map((title, k) => `${title}, max ${write(most[k])}`),
    sections: [["", [problem ? `Does not fit. ${problem}.` : words], problem ? "ex-problem" : ""]],
    words: chosen && layer !== rows.length ? ofRow(rows[layer], network[layer - 1]) : words,
  };
}

/** What the chosen row costs. */
function ofRow(row, layer) {
  if (!row) return `${layer.name} has no output: the layers before it do not fit.`;
  const [name, shape, activations, parameters, work] = row;
  const counts = [[activations, "activations"], [parameters, "parameters"], [work, "multiply-adds"]];
  return `${name}, ${shape}: ${counts.map(([count, what]) => `${thousands(count)} ${what}`).join(", ")}.`;
}

/** What the whole network costs, and where half of it is reached. */
function inAll(rows, [activations, parameters, work, ...stored], format) {
  let words =
    `In all ${thousands(activations)} activations, ${thousands(parameters)} parameters, ` +
    `${thousands(work)} multiply-adds; as ${format} ${roundedBytes(stored[0])} and ${roundedBytes(stored[1])}. `;
  const [first, second] = [halfway(rows, 2), halfway(rows, 3)];
  const last = rows.length - 1;
  words += `Half of the activations are reached at ${rows[first][0]}, row ${first} of ${last}`;
  return words + (parameters ? `; half of the parameters at ${rows[second][0]}, row ${second}.` : ".");
}
