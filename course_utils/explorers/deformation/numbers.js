// One output of a deformable convolution: numbers and words.

const hundredths = (value) => Math.round(100 * value) / 100 || 0;

/** Values that Python would take. */
const mend = (values, { most, kernels }) => ({
  ...values,
  tap: clamp(values.tap, 0, kernels.sum.flat().length - 1),
  offsets: values.offsets.map((pair) => pair.map((part) => hundredths(clamp(part, -most, most)))),
});

/** A sample between the pixels: its four neighbours as [row, column, pixel, weight], its value, and the slopes along rows and columns. */
function sampled(x, [r, c]) {
  const [top, left] = [Math.floor(r), Math.floor(c)];
  const [down, right] = [r - top, c - left];
  const at = (i, j) => x[i]?.[j] ?? 0;
  const [[a, b], [d, e]] = table(2, 2, (i, j) => at(top + i, left + j));
  const weights = [(1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right];
  const pixels = [a, b, d, e];
  return {
    neighbours: pixels.map((pixel, k) => [top + (k >> 1), left + (k % 2), pixel, weights[k]]),
    value: added(pixels.map((pixel, k) => pixel * weights[k])),
    slopes: [(1 - right) * (d - a) + right * (e - b), (1 - down) * (b - a) + down * (e - d)],
    kink: down === 0 || right === 0,
  };
}

/** All taps of one output, and their sum. */
function tapsOf({ row, column, kernel, offsets }, { x, kernels }) {
  const weights = kernels[kernel].flat();
  const taps = offsets.map(([down, right], k) => {
    const regular = [row + Math.floor(k / 3), column + (k % 3)];
    const point = [regular[0] + down, regular[1] + right];
    const sample = sampled(x, point);
    return { regular, point, weight: weights[k], ...sample, product: weights[k] * sample.value, gradient: sample.slopes.map((slope) => weights[k] * slope || 0) };
  });
  return { taps, y: added(taps.map(({ product }) => product)) };
}

/** The offsets after one step along the gradient, or null if that makes the output no larger. */
function uphill(values, tables) {
  const { taps, y } = tapsOf(values, tables);
  const offsets = values.offsets.map((pair, k) => pair.map((part, axis) => part + tables.rate * taps[k].gradient[axis]));
  const wanted = mend({ ...values, offsets }, tables);
  return tapsOf(wanted, tables).y > y + 1e-9 ? { offsets: wanted.offsets } : null;
}

/** A number with two decimals and a true minus sign; in brackets where it is negative and a factor. */
const decimal = (value) => (hundredths(value) < 0 ? `−${(-value).toFixed(2)}` : Math.abs(value).toFixed(2));

/** Everything that the picture shows in one state: `taps` (see tapsOf) and their sum `y`. */
function describe(values, tables) {
  const { taps, y } = tapsOf(values, tables);
  const { tap } = values;
  const { point, neighbours, value, slopes, weight, gradient, kink } = taps[tap];
  const [down, right] = values.offsets[tap];
  const terms = neighbours.map(([, , pixel, share]) => `${decimal(share)}·${pixel}`).join(" + ");
  const where = `row ${decimal(point[0])}, column ${decimal(point[1])}`;
  const rows = `${decimal(weight)} · ${decimal(slopes[0])} = ${decimal(gradient[0])}`;
  const columns = `${decimal(weight)} · ${decimal(slopes[1])} = ${decimal(gradient[1])}`;
  const lines = [
    `Tap ${tap + 1}, offset (${decimal(down)}, ${decimal(right)}), samples at ${where}: ${terms} = ${decimal(value)}`,
    `y = sum of weight × sample = ${decimal(y)}`,
    `∂y/∂offset = weight · slope: rows ${rows}, columns ${columns}${kink ? ". On a line of pixels the slope has a step: it is the one below or to the right." : ""}`,
  ];
  const words = `Tap ${tap + 1} samples ${decimal(value)} at ${where}. The output is ${decimal(y)}; its slope with the offset is ${decimal(gradient[0])} down, ${decimal(gradient[1])} to the right.`;
  return { taps, y, sections: [["", lines]], words };
}
