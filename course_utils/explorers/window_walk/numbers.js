// Convolution forward and backward, window by window: numbers and words.

/** Rows and columns of the output. */
const shapeOf = ({ kernel_size, stride, padding }, { x }) =>
  [x.length, x[0].length].map((n) => outputSize(n, kernel_size, stride, padding));

const copied = (x) => x.map((line) => [...line]);

/** Values that Python would take: a step and a pixel that exist. */
function mend(values, tables) {
  const [rows, columns] = shapeOf(values, tables);
  const pixel = values.pixel.map((k, axis) => clamp(k, 0, [tables.x.length, tables.x[0].length][axis] - 1));
  return { ...values, step: clamp(values.step, 0, rows * columns - 1), pixel };
}

/**
 * Everything that the picture shows in one state. The whole layer: w, y, dout, `output` (rows, columns), dx, dw, db. This
 * step: `place`, `corner` (of the window, negative in the padding), `pixels`, `products`, `d` (its dout), the gradients before and
 * after, `times` (how often each padded pixel was added to), `overlap`. This pixel: `feeds` (outputs), `terms` (dout,
 * weight), `grid` (dout with zeros between and around), `flipped`, `grid_window`, `grid_products`, `collected`.
 */
function describe(values, tables) {
  const { kernel_size: K, stride: S, padding: P, mode, step, pixel: [row, column] } = values;
  const [height, width] = [tables.x.length, tables.x[0].length];
  const [rows, columns] = shapeOf(values, tables);
  const w = tables.kernels[K];
  const dout = tables.upstream.slice(0, rows).map((line) => line.slice(0, columns));
  const x = table(height + 2 * P, width + 2 * P, (r, c) => tables.x[r - P]?.[c - P] ?? 0);
  const y = table(rows, columns);
  const dx = table(height + 2 * P, width + 2 * P);
  const times = table(height + 2 * P, width + 2 * P);
  const dw = table(K, K);
  const taps = range(K);
  let db = 0;
  const state = { x: tables.x, w, b: tables.bias, output: [rows, columns] };
  for (let k = 0; k < rows * columns; k++) {
    const [i, j] = [Math.floor(k / columns), k % columns];
    const d = dout[i][j];
    const pixels = taps.map((a) => taps.map((c) => x[i * S + a][j * S + c]));
    const products = pixels.map((line, a) => line.map((value, c) => value * w[a][c] || 0));
    if (k === step) {
      Object.assign(state, { dx_before: copied(dx), dw_before: copied(dw), db_before: db, d, pixels, products });
      state.overlap = taps.flatMap((a) => taps.filter((c) => times[i * S + a][j * S + c])).length;
    }
    y[i][j] = added(products.flat()) + tables.bias;
    for (const a of taps)
      for (const c of taps) {
        dx[i * S + a][j * S + c] += d * w[a][c];
        times[i * S + a][j * S + c]++;
        dw[a][c] += d * pixels[a][c];
      }
    db += d;
    if (k === step) Object.assign(state, { dx_now: copied(dx), times: copied(times), dw_now: copied(dw), db_now: db });
  }
  const place = [Math.floor(step / columns), step % columns];
  Object.assign(state, {
    y, dout, dw, db, place,
    dx: dx.slice(P, P + height).map((line) => line.slice(P, P + width)),
    corner: place.map((k) => k * S - P),
  });
  Object.assign(state, collect(dout, w, S, P, [height, width], row, column));
  const { lines, words } = { forward, backward, pixel: ofPixel }[mode](state, row, column);
  return Object.assign(state, { sections: [["", lines]], words, news: `Output ${rows} by ${columns}. ` });
}

/** The gradient of one input pixel: by its outputs, and as a full correlation. */
function collect(dout, w, S, P, [height, width], row, column) {
  const K = w.length;
  const taps = range(K);
  const [feeds, terms] = [[], []];
  const grid = table(height + K - 1, width + K - 1);
  dout.forEach((line, i) =>
    line.forEach((d, j) => {
      grid[i * S + K - 1 - P][j * S + K - 1 - P] = d;
      const weight = w[row + P - i * S]?.[column + P - j * S];
      if (weight === undefined) return;
      feeds.push([i, j]);
      terms.push([d, weight]);
    }),
  );
  const flipped = taps.map((a) => taps.map((c) => w[K - 1 - a][K - 1 - c]));
  const grid_window = taps.map((a) => taps.map((c) => grid[row + a][column + c]));
  const grid_products = taps.map((a) => taps.map((c) => grid_window[a][c] * flipped[a][c] || 0));
  return { feeds, terms, grid, flipped, grid_window, grid_products, collected: added(grid_products.flat()) };
}

/** Which rows and columns of the input the window has, and whether some are padding. */
function reads(state) {
  const [rows, columns] = state.corner.map((start) => state.w.map((_, k) => start + k));
  const inside = (numbers, size) => numbers.every((k) => k >= 0 && k < size);
  const outside = !inside(rows, state.x.length) || !inside(columns, state.x[0].length);
  return [`input rows ${listed(rows)} and columns ${listed(columns)}`, outside];
}

function forward(state) {
  const [i, j] = state.place;
  const value = minus(state.y[i][j]);
  const sums = state.products.map(added);
  const [where, outside] = reads(state);
  const sum = minus(added(sums));
  return {
    lines: [
      `y[${i}, ${j}] = ${sumOf(sums)} + b = ${sum} + ${state.b} = ${value}`,
      `It reads ${where}${outside ? ", 0 in the padding" : ""}.`,
    ],
    words:
      `Output row ${i}, column ${j}, reads ${where}: ${sums.length ** 2} products add up to ` +
      `${sum}, with the bias ${value}.`,
  };
}

function backward(state) {
  const [i, j] = state.place;
  const d = minus(state.d);
  const [where, outside] = reads(state);
  const cut = outside ? " What falls into the padding is cut off at the end." : "";
  const met = state.overlap
    ? `${state.overlap} of these ${state.w.length ** 2} pixels had been added to before`
    : "no pixel of this window had been added to before";
  return {
    lines: [
      `dout[${i}, ${j}] = ${d}`,
      `dx += ${factor(state.d)} · w, at ${where}: ${met}.${cut}`,
      `dw += ${factor(state.d)} · the window of x; db = ${sumOf([state.db_before, state.d])} = ${minus(state.db_now)}`,
    ],
    words:
      `Output row ${i}, column ${j}, has dout ${d}. It adds ${d} times the kernel to dx at ${where}, ` +
      `and ${d} times the window to dw; ${met}. db is now ${minus(state.db_now)}.`,
  };
}

function ofPixel(state, row, column) {
  const name = `dx[${row}, ${column}]`;
  const sum = minus(state.collected);
  const many = state.feeds.length;
  const K = state.w.length;
  if (!many)
    return {
      lines: [`No window reaches this pixel: ${name} = 0`],
      words: `Input pixel (${row}, ${column}) feeds no output: its gradient is 0.`,
    };
  const feeds = state.feeds.map(([i, j]) => `y[${i}, ${j}]`).join(", ");
  const outputs = `${many} output${many > 1 ? "s" : ""}`;
  const products = (pairs) => pairs.map(([a, b]) => `${factor(a)}·${factor(b)}`).join(" + ");
  const terms = products(state.terms);
  const weights = state.flipped.flat();
  const full = products(state.grid_window.flat().map((value, k) => [value, weights[k]]));
  return {
    lines: [
      `Input pixel (${row}, ${column}) feeds ${outputs}: ${feeds}`,
      `${name} = sum of dout · weight = ${terms} = ${sum}`,
      `As a full correlation, ${K} × ${K} products: ${full} = ${sum}`,
    ],
    words: `Input pixel (${row}, ${column}) feeds ${outputs}: ${feeds}. ${name} = ${terms} = ${sum}.`,
  };
}
