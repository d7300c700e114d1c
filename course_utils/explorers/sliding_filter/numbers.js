// A filter slides over an input: numbers and words.

/** Output size along one axis, 0 when the kernel does not fit. */
const outputOf = ({ size, kernel_size, stride, padding, dilation }) => outputSize(size, kernel_size, stride, padding, dilation);

/** Values that Python would take: a position that exists, and (0, 0) when there is none. */
function mend(values) {
  return { ...values, position: values.position.map((k) => clamp(k, 0, outputOf(values) - 1)) };
}

/**
 * Everything that the picture shows in one state: x (padded), w, y, `span` of the kernel, `padded` (size), `output` (size),
 * `left_over` (last rows that no window reaches, and as many columns). This position, when the kernel fits: `rows` and
 * `columns` of the input, negative in the padding, `pixels`, `products`, `row_sums`, `total`.
 */
function describe(values, { image, kernels }) {
  const { size: W, kernel_size: K, stride: S, padding: P, dilation: D } = values;
  const output = outputOf(values);
  const span = D * (K - 1) + 1;
  const padded = W + 2 * P;
  const within = (k) => k >= P && k < P + W;
  const x = table(padded, padded, (r, c) => (within(r) && within(c) ? image[r - P][c - P] : 0));
  const w = kernels[K];
  const sumAt = (i, j) => {
    let sum = 0;
    for (let a = 0; a < K; a++) for (let b = 0; b < K; b++) sum += x[i * S + D * a][j * S + D * b] * w[a][b];
    return sum;
  };
  const left_over = output ? (padded - span) % S : 0;
  const state = { x, w, y: table(output, output, sumAt), span, padded, output, left_over };
  const problem = output && !left_over ? "" : "ex-problem";
  const fit = fitOf(values, state);
  const here = output ? atPosition(values, state) : { lines: ["No position: the kernel does not fit."], words: fit };
  return Object.assign(state, {
    sections: [["Output size", [...formula(values, state), fit], problem], ["At this position", here.lines]],
    words: here.words,
    news: `Output ${output} by ${output}. ${output ? `${fit} ` : ""}`,
  });
}

/** The formula of the output size, with the numbers put in, and worked out. */
function formula({ size, kernel_size, stride, padding, dilation }, { padded, span, output }) {
  const numbers = [
    ...["= ⌊(", [size, "size"], " + 2·", [padding, "padding"], " − ", [dilation, "dilation"]],
    ...["·(", [kernel_size, "kernel_size"], " − 1) − 1) / ", [stride, "stride"], "⌋ + 1"],
  ];
  const lines = ["output = ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1", numbers];
  return output ? [...lines, `= ⌊${padded - span} / ${stride}⌋ + 1 = ${output - 1} + 1 = ${output}`] : lines;
}

/** Whether the steps of the stride use up the input, and what they leave. */
function fitOf({ kernel_size: K, stride: S, padding: P, dilation: D }, { padded, span, output, left_over: over }) {
  const room = padded - span;
  if (!output)
    return `The kernel does not fit: it spans D(K − 1) + 1 = ${span} pixels and the padded input has ${padded}. There is no output.`;
  let words = `Stride ${S} fits: ${room} / ${S} + 1 = ${output}, and the last window ends at the edge.`;
  if (over) {
    const last = (kind) => (over > 1 ? `last ${over} ${kind}s` : `last ${kind}`);
    const lost = over <= P ? "; only padding is lost" : P ? ", padding included" : "";
    words =
      `Stride ${S} does not fit: ${room} / ${S} + 1 = ${(room / S + 1).toFixed(2)} is not a whole number. ` +
      `The ${last("row")} and the ${last("column")} (hatched) are left over${lost}.`;
  }
  const read = new Set(range(output).flatMap((i) => range(K).map((k) => i * S + D * k)));
  const skipped = padded - over - read.size;
  return skipped ? `${words} Gaps: ${skipped} of ${padded} padded rows and columns are in no window's sum.` : words;
}

/** One position: its numbers are added to the state, its words are returned. */
function atPosition({ size: W, kernel_size: K, stride: S, padding: P, dilation: D, position: [row, column] }, state) {
  const [rows, columns] = [row, column].map((k) => range(K).map((tap) => k * S - P + D * tap));
  const pixels = rows.map((r) => columns.map((c) => state.x[r + P][c + P]));
  const products = map2(pixels, (pixel, a, b) => pixel * state.w[a][b] || 0); // no −0
  const row_sums = products.map(added);
  const total = added(row_sums);
  Object.assign(state, { rows, columns, pixels, products, row_sums, total });
  const s = K > 1 ? "s" : "";
  const reads = `input row${s} ${listed(rows)} and column${s} ${listed(columns)}`;
  const outside = [...rows, ...columns].some((k) => k < 0 || k >= W) ? ` Outside 0 to ${W - 1} lies the padding, which is 0.` : "";
  const terms = K > 1 ? sumOf(row_sums) : `${pixels[0][0]}·1`;
  const adds = K > 1 ? `its ${K * K} products add up to` : "its only product is";
  return {
    lines: [
      `y[${row}, ${column}] = ${terms} = ${minus(total)}`,
      `first row: ${row}·S − P = ${row}·${S} − ${P} = ${minus(rows[0])}`,
      `first column: ${column}·S − P = ${column}·${S} − ${P} = ${minus(columns[0])}`,
      `reads ${reads}.${outside}`,
    ],
    words: `Output row ${row}, column ${column}, reads ${reads}; ${adds} ${minus(total)}.`,
  };
}
