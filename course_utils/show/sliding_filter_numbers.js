// A filter slides over an input: the numbers and words. `describe` is the twin of `describe` in window.py.

const listed = (numbers) => numbers.map(minus).join(", ");
const sumOf = (terms) =>
  minus(terms[0]) + terms.slice(1).map((t) => (t < 0 ? ` − ${-t}` : ` + ${t}`)).join("");

/** Output size along one axis, 0 when the kernel does not fit. */
function outputSize({ size, kernel_size, stride, padding, dilation }) {
  const room = size + 2 * padding - dilation * (kernel_size - 1) - 1;
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** The second line of the formula in parts: [text] or [number, knob]. */
function substituted(knobs) {
  const { size, kernel_size, stride, padding, dilation } = knobs;
  return [
    ["⌊("], [size, "size"], [" + 2·"], [padding, "padding"], [" − "], [dilation, "dilation"],
    ["·("], [kernel_size, "kernel_size"], [" − 1) − 1) / "], [stride, "stride"], ["⌋ + 1"],
  ];
}

/** Everything that the picture shows in one state. `table` holds the pixels, `kernels` the weights. */
function describe(knobs, [row, column], table, kernels) {
  const { size: W, kernel_size: F, stride: S, padding: P, dilation: D } = knobs;
  const output = outputSize(knobs);
  const span = D * (F - 1) + 1;
  const padded = W + 2 * P;
  const room = padded - span;
  const state = { span, padded, output, left_over: 0 };
  state.formula = [
    "⌊(W + 2P − D(F − 1) − 1) / S⌋ + 1",
    substituted(knobs).map((part) => part[0]).join(""),
  ];
  if (!output) {
    state.fit =
      `The kernel does not fit: it spans D(F − 1) + 1 = ${span} pixels and the padded input ` +
      `has ${padded}. There is no output.`;
    return state;
  }
  state.left_over = room % S;
  const steps = Math.floor(room / S);
  state.formula.push(`⌊${room} / ${S}⌋ + 1 = ${steps} + 1 = ${output}`);
  state.fit = fit(knobs, room, output);

  const taps = range(F);
  const rows = taps.map((k) => row * S - P + D * k);
  const columns = taps.map((k) => column * S - P + D * k);
  const inside = (k) => k >= 0 && k < W;
  state.rows = rows;
  state.columns = columns;
  state.pixels = rows.map((r) => columns.map((c) => (inside(r) && inside(c) ? table[r][c] : 0)));
  state.products = state.pixels.map((line, i) => line.map((p, j) => p * kernels[F - 1][i][j] || 0));
  state.row_sums = state.products.map((line) => line.reduce((a, b) => a + b, 0));
  state.total = state.row_sums.reduce((a, b) => a + b, 0);
  const s = F > 1 ? "s" : "";
  const reads = `input row${s} ${listed(rows)} and column${s} ${listed(columns)}`;
  const outside = [...rows, ...columns].every(inside)
    ? ""
    : ` Outside 0 to ${W - 1} lies the padding, which is 0.`;
  state.place = [
    `first row: ${row}·S − P = ${row}·${S} − ${P} = ${minus(rows[0])}`,
    `first column: ${column}·S − P = ${column}·${S} − ${P} = ${minus(columns[0])}`,
    `reads ${reads}.${outside}`,
  ];
  const terms = F > 1 ? sumOf(state.row_sums) : `${state.pixels[0][0]}·1`;
  state.sum = `y[${row}, ${column}] = ${terms} = ${minus(state.total)}`;
  const adds = F > 1 ? `its ${F * F} products add up to` : "its only product is";
  state.words = `Output row ${row}, column ${column}, reads ${reads}; ${adds} ${minus(state.total)}.`;
  return state;
}

function fit({ size: W, kernel_size: F, stride: S, padding: P, dilation: D }, room, output) {
  const over = room % S;
  let words = `Stride ${S} fits: ${room} / ${S} + 1 = ${output}, and the last window ends at the edge.`;
  if (over) {
    const last = (kind) => (over > 1 ? `last ${over} ${kind}s` : `last ${kind}`);
    const lost = over <= P ? "; only padding is lost" : P ? ", padding included" : "";
    words =
      `Stride ${S} does not fit: ${room} / ${S} + 1 = ${(room / S + 1).toFixed(2)} is not a whole number. ` +
      `The ${last("row")} and the ${last("column")} (hatched) are left over${lost}.`;
  }
  const read = new Set(range(output).flatMap((i) => range(F).map((k) => i * S + D * k)));
  const skipped = W + 2 * P - over - read.size;
  if (skipped)
    words += ` Gaps: ${skipped} of ${W + 2 * P} padded rows and columns are in no window's sum.`;
  return words;
}

/** All output values, row by row: computed once for each setting of the knobs. */
function outputs(knobs, table, kernels) {
  const { size: W, kernel_size: F, stride: S, padding: P, dilation: D } = knobs;
  const weights = kernels[F - 1];
  const places = range(outputSize(knobs));
  const at = (row, column) => {
    let total = 0;
    for (let i = 0; i < F; i++) {
      const line = table[row * S - P + D * i];
      if (row * S - P + D * i >= W || !line) continue;
      for (let j = 0; j < F; j++) {
        const c = column * S - P + D * j;
        if (c >= 0 && c < W) total += line[c] * weights[i][j];
      }
    }
    return total;
  };
  return places.map((row) => places.map((column) => at(row, column)));
}
