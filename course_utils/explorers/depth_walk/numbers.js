// Two filters on three channels: numbers and words.

const outputOf = ({ stride, padding }, { x, filters }) => outputSize(x[0].length, filters[0][0].length, stride, padding);

/** Values that Python would take: a position that exists. */
function mend(values, tables) {
  return { ...values, position: values.position.map((k) => clamp(k, 0, outputOf(values, tables) - 1)) };
}

/**
 * Everything that the picture shows in one state: x (padded), w (of the filter at work), y (a map for each filter), `output`
 * (size), and of this position `corner` (of the window), `pixels` and `products` and `sums` (one for each channel), b, `total`.
 */
function describe(values, tables) {
  const { stride: S, padding: P, filter, position: [i, j] } = values;
  const size = tables.x[0].length;
  const x = tables.x.map((channel) => table(size + 2 * P, size + 2 * P, (r, c) => channel[r - P]?.[c - P] ?? 0));
  const output = outputOf(values, tables);
  const windowAt = (channel, r, c, K) => table(K, K, (a, b) => channel[r * S + a][c * S + b]);
  const productsAt = (w, r, c) =>
    x.map((channel, k) => map2(windowAt(channel, r, c, w[k].length), (pixel, a, b) => pixel * w[k][a][b] || 0)); // no −0
  const sumsAt = (w, r, c) => productsAt(w, r, c).map((products) => added(products.flat()));
  const y = tables.filters.map((w, f) => table(output, output, (r, c) => added(sumsAt(w, r, c)) + tables.biases[f]));
  const w = tables.filters[filter];
  const b = tables.biases[filter];
  const sums = sumsAt(w, i, j);
  const total = y[filter][i][j];
  const [K, C, F] = [w[0].length, w.length, tables.filters.length];
  const line = `y[${filter}, ${i}, ${j}] = ${sumOf(sums)} + b = ${minus(added(sums))} + ${factor(b)} = ${minus(total)}`;
  return {
    x, w, b, y, output, sums, total,
    corner: [i * S, j * S],
    pixels: x.map((channel, k) => windowAt(channel, i, j, w[k].length)),
    products: productsAt(w, i, j),
    sections: [
      ["This output", [line, `${C} · ${K} · ${K} = ${C * K * K} products, one sum for each channel, and one bias`]],
      ["The layer", [`input (${C}, ${size}, ${size}), ${F} filters of (${C}, ${K}, ${K}), output (${F}, ${output}, ${output})`]],
    ],
    words: `Filter ${filter}, output row ${i}, column ${j}: the channels give ${listed(sums)}, with the bias ${minus(b)} that is ${minus(total)}.`,
    news: `Output ${F} by ${output} by ${output}. `,
  };
}
