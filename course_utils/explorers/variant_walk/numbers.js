// What is connected and what is shared: numbers and words.

/** Rows and columns of what a place is chosen on: the output, or the input of a transposed convolution. */
function placesOf({ kernel_size, stride, dilation, kind }, { x, small }) {
  const n = kind === "transposed" ? small : outputSize(x[0].length, kernel_size, stride, 0, dilation);
  return [n, n];
}

/** Values that Python would take. */
function mend(values, tables) {
  const extent = placesOf(values, tables);
  return {
    ...values,
    channel: clamp(values.channel, 0, tables.x.length - 1),
    place: values.place.map((k, axis) => clamp(k, 0, extent[axis] - 1)),
  };
}

/** The weight of a tap of kernel (one, other), at a place if every place has its own. */
function weightOf({ kind }, { weights, indices }, one, other, [a, b], [i, j]) {
  const moved = kind === "unshared" ? i * (1 + a) + 2 * j * (1 + b) : 0;
  return weights[(indices[one][other][a][b] + moved) % weights.length];
}

/**
 * Everything that the picture shows in one state: the maps `x` and `y`, `times` (how many copies of a kernel cover each place of a
 * transposed output), `partners` (channels of the other side that the chosen value is connected with), `kernels` (of the
 * chosen place, one for each partner), `lit` (of each partner: [row, column, weight, product]), `sum`, and the counts `weights`,
 * `multiply_adds`, `pairs`.
 */
function describe(values, tables) {
  const { kernel_size: F, stride: S, dilation: D, groups: G, kind, channel, place } = values;
  const channels = tables.x.length;
  const [each, back] = [channels / G, kind === "transposed"];
  const x = back ? tables.x.map((map) => map.slice(0, tables.small).map((line) => line.slice(0, tables.small))) : tables.x;
  const places = placesOf(values, tables);
  const n = back ? (tables.small - 1) * S + D * (F - 1) + 1 : places[0];
  const taps = range(F * F).map((k) => [Math.floor(k / F), k % F]);
  const partnersOf = (one) => range(each).map((k) => Math.floor(one / each) * each + k);
  const y = range(channels).map(() => table(n, n));
  const times = table(n, n);
  for (const one of range(channels))
    for (const [k, other] of partnersOf(one).entries())
      for (const i of range(places[0]))
        for (const j of range(places[1]))
          for (const [a, b] of taps) {
            const weight = weightOf(values, tables, one, k, [a, b], [i, j]);
            const [r, c] = [i * S + a * D, j * S + b * D];
            if (back) y[other][r][c] += weight * x[one][i][j];
            else y[one][i][j] += weight * x[other][r][c];
            if (back && one === 0 && k === 0) times[r][c]++;
          }
  const [i, j] = place;
  const partners = partnersOf(channel);
  const kernels = partners.map((_, k) => table(F, F, (a, b) => weightOf(values, tables, channel, k, [a, b], place)));
  const lit = partners.map((other, k) =>
    taps.map(([a, b]) => {
      const [r, c, weight] = [i * S + a * D, j * S + b * D, kernels[k][a][b]];
      return [r, c, weight, weight * (back ? x[channel][i][j] : x[other][r][c])];
    }),
  );
  const pairs = channels * each;
  const number = places[0] * places[1];
  const weights = pairs * F * F * (kind === "unshared" ? number : 1);
  const state = { x, y, n, times, partners, kernels, lit, pairs, number, weights, multiply_adds: pairs * F * F * number, span: D * (F - 1) + 1 };
  state.sum = back ? null : y[channel][i][j];
  return Object.assign(state, told(values, state));
}

/** The lines below the picture, and the sentence that stands for it. */
function told({ kernel_size, stride, dilation, groups, kind, channel, place: [i, j] }, state) {
  const { partners, pairs, number, weights, multiply_adds, span, times, n } = state;
  const back = kind === "transposed";
  const products = partners.length * kernel_size ** 2;
  const many = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;
  const where = `row ${i}, column ${j}`;
  const others = `${partners.length > 1 ? "channels" : "channel"} ${listed(partners)}`;
  const kernelsAre = kind === "unshared" ? "kernels of its own" : "the same kernels as every other place of its channel";
  const squares = [[kernel_size, "kernel_size"], "²"];
  const cost = ["Weights: 4 · 4 / ", [groups, "groups"], " · ", ...squares, kind === "unshared" ? ` · ${number} places` : "", ` = ${thousands(weights)}; `];
  cost.push(`multiply-adds: ${thousands(multiply_adds)}, for ${many(number, back ? "input place" : "output place")}.`);
  const reach = ["Of 16 pairs of channels ", [pairs, "groups"], ` are connected; a kernel spans ${span} × ${span} = (`, [dilation, "dilation"], " · (", [kernel_size, "kernel_size"], " − 1) + 1)² pixels."];
  const lines = [cost, reach];
  let words;
  if (back) {
    const [least, most] = [Math.min(...times.flat()), Math.max(...times.flat())];
    const copies = least === most ? `each by ${most}` : `by ${least} to ${most} each`;
    words = `Input channel ${channel}, ${where}, scales ${many(partners.length, "kernel")} and adds ${many(products, "product")} to output ${others}.`;
    lines.unshift([words]);
    lines.push([`Copies are laid down ${stride} apart, and the ${n} × ${n} places of an output are covered ${copies}; tinted by how many.`]);
  } else {
    words = `Output channel ${channel}, ${where}, reads input ${others}: ${many(products, "product")} with ${kernelsAre} add up to ${minus(state.sum)}.`;
    lines.unshift([words]);
  }
  return { sections: [["", lines]], words, news: `${many(weights, "weight")}, ${many(multiply_adds, "multiply-add")}. ` };
}
