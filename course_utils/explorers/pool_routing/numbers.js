// Max and average pooling, forward and backward: numbers and words.

/** A quotient with at most two decimals: 0.75, −1.5, 3. */
function share(sum, count) {
  const words = (Math.abs(sum) / count).toFixed(2).replace(/\.?0+$/, "");
  return sum < 0 ? `−${words}` : words;
}

/** Rows and columns of the output; windows that do not fit are dropped. */
const shapeOf = ({ x, kernel_size, stride }) => [x.length, x[0].length].map((n) => outputSize(n, kernel_size, stride));

/** Values that Python would take: a window and a pixel that exist. */
function mend(values) {
  const inside = (place, shape) => place.map((k, axis) => clamp(k, 0, shape[axis] - 1));
  const { x, position, pixel } = values;
  return { ...values, position: inside(position, shapeOf(values)), pixel: inside(pixel, [x.length, x[0].length]) };
}

/**
 * Everything that the picture shows in one state: `output` (rows, columns), `count` (pixels of a window), `max`, `argmax`
 * (places, the first in row order), `sums` (averages are `sums / count`), `dout`, `dx_max`, `dx_sums` (gradients of average
 * pooling are `dx_sums / count`), `won` and `covered` (the outputs of each pixel). The chosen window: `corner`, `tied`
 * (pixels as large as the largest, after the first). `before` are the values shown before these, if there were any: when
 * only the window has changed, the words are about it, and else about the pixel.
 */
function describe(values, { upstream }, before) {
  const { x, kernel_size: K, stride: S, position: [i, j], pixel: [row, column] } = values;
  const [height, width] = [x.length, x[0].length];
  const [rows, columns] = shapeOf(values);
  const dout = upstream.slice(0, rows).map((line) => line.slice(0, columns));
  const state = {
    output: [rows, columns], count: K * K, corner: [i * S, j * S], dout,
    max: table(rows, columns), argmax: table(rows, columns), sums: table(rows, columns),
    dx_max: table(height, width), dx_sums: table(height, width),
    won: table(height, width, () => []), covered: table(height, width, () => []),
  };
  const placesOf = (r, c) => range(K * K).map((k) => [r * S + Math.floor(k / K), c * S + (k % K)]);
  map2(dout, (d, r, c) => {
    const places = placesOf(r, c);
    let [top, left] = places[0];
    for (const [a, b] of places) {
      if (x[a][b] > x[top][left]) [top, left] = [a, b]; // a tie stays with the first
      state.sums[r][c] += x[a][b];
      state.dx_sums[a][b] += d;
      state.covered[a][b].push([r, c]);
    }
    state.argmax[r][c] = [top, left];
    state.max[r][c] = x[top][left];
    state.dx_max[top][left] += d;
    state.won[top][left].push([r, c]);
  });
  state.tied = placesOf(i, j).filter(([a, b]) => x[a][b] === state.max[i][j] && !same([a, b], state.argmax[i][j]));
  const ofWindow = windowLines(state, i, j);
  const ofPixel = pixelLines(state, row, column);
  const here = `Pixel (${row}, ${column})`;
  const said = [
    `Window of output row ${i}, column ${j}. ${ofWindow.join(" ")}`,
    `${here} is ${x[row][column]}. ${ofPixel[0]}${ofPixel.length > 1 ? ` ${ofPixel[1]}; ${ofPixel[2]}.` : ""}`,
  ];
  const [top, left] = state.corner;
  const last = K - 1;
  const moved = before && same({ ...before, position: 0 }, { ...values, position: 0 }) && !same(before, values);
  return Object.assign(state, {
    sections: [
      [`Window of y[${i}, ${j}]: rows ${top} to ${top + last}, columns ${left} to ${left + last}`, ofWindow],
      [`${here} = ${x[row][column]}`, ofPixel],
    ],
    words: before ? said[moved ? 0 : 1] : said.join(" "),
    news: `Output ${rows} by ${columns}. `,
  });
}

/** What the two kinds of pooling do with a window. */
function windowLines({ argmax, max, sums, dout, tied, count }, i, j) {
  const [d, value, sum] = [dout[i][j], max[i][j], sums[i][j]];
  const at = `(${argmax[i][j].join(", ")})`;
  const times = tied.length > 1 ? `${tied.length + 1} times` : "twice";
  const found = tied.length ? `${value}, ${times}; the first in row order, ${at}, counts` : `${value}, at ${at}`;
  return [
    `Max: the largest is ${found}. dout = ${minus(d)} goes there, whole.`,
    `Average: ${sum} / ${count} = ${share(sum, count)}. Each of the ${count} pixels gets ${minus(d)} / ${count} = ${share(d, count)}.`,
  ];
}

/** What a pixel gets from its windows. */
function pixelLines({ dout, won, covered, count }, row, column) {
  const [wins, terms] = [won, covered].map((places) => places[row][column].map(([r, c]) => dout[r][c]));
  if (!terms.length) return ["No window reaches it: both gradients are 0."];
  const [sum, several] = [sumOf(terms), terms.length > 1];
  return [
    `It lies in ${terms.length} window${several ? "s" : ""} and is the first maximum of ${wins.length || "none"}.`,
    `dx with max: ${wins.length > 1 ? `${sumOf(wins)} = ${minus(added(wins))}` : minus(wins[0] ?? 0)}`,
    `dx with average: ${several ? `(${sum})` : sum} / ${count} = ${share(added(terms), count)}`,
  ];
}
