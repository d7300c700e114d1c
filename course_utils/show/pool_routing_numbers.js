// Max and average pooling, forward and backward: numbers and words. `describe` is the twin of `describe`
// in pool_routing_numbers.py.

const sumOf = (terms) =>
  minus(terms[0]) + terms.slice(1).map((t) => (t < 0 ? ` − ${-t}` : ` + ${t}`)).join("");
const added = (terms) => terms.reduce((a, b) => a + b, 0);
const table = (rows, columns, make) => range(rows).map((r) => range(columns).map((c) => make(r, c)));
const same = (a, b) => a[0] === b[0] && a[1] === b[1];

/** A quotient with at most two decimals, as `share` in pool_routing_numbers.py writes it. */
function share(sum, count) {
  const words = (Math.abs(sum) / count).toFixed(2).replace(/\.?0+$/, "");
  return sum < 0 ? `−${words}` : words;
}

/** Rows and columns of the output; windows that do not fit are dropped. */
function outputShape({ kernel_size: F, stride: S }, [height, width]) {
  return [height, width].map((n) => Math.floor((n - F) / S) + 1);
}

/** Everything that the picture shows in one state. */
function describe({ x, kernel_size: F, stride: S, position: [i, j], pixel: [row, column] }, upstream) {
  const [height, width] = [x.length, x[0].length];
  const [rows, columns] = outputShape({ kernel_size: F, stride: S }, [height, width]);
  const dout = table(rows, columns, (r, c) => upstream[r][c]);
  const state = {
    output: [rows, columns],
    left_over: [height - (rows - 1) * S - F, width - (columns - 1) * S - F],
    count: F * F,
    max: table(rows, columns, () => 0), argmax: table(rows, columns, () => null),
    sums: table(rows, columns, () => 0), dout,
    dx_max: table(height, width, () => 0), dx_sums: table(height, width, () => 0),
    won: table(height, width, () => []), covered: table(height, width, () => []),
    corner: [i * S, j * S],
  };
  const placesOf = (r, c) => range(F * F).map((k) => [r * S + Math.floor(k / F), c * S + (k % F)]);
  for (const r of range(rows))
    for (const c of range(columns)) {
      const d = dout[r][c];
      const places = placesOf(r, c);
      let first = places[0];
      for (const [a, b] of places) {
        if (x[a][b] > x[first[0]][first[1]]) first = [a, b]; // a tie stays with the first
        state.sums[r][c] += x[a][b];
        state.dx_sums[a][b] += d;
        state.covered[a][b].push([r, c]);
      }
      state.argmax[r][c] = first;
      state.max[r][c] = x[first[0]][first[1]];
      state.dx_max[first[0]][first[1]] += d;
      state.won[first[0]][first[1]].push([r, c]);
    }
  state.tied = placesOf(i, j).filter(([a, b]) => x[a][b] === state.max[i][j] && !same([a, b], state.argmax[i][j]));
  return Object.assign(state, ofWindow(state, i, j), ofPixel(state, row, column, x[row][column]));
}

function ofWindow(state, i, j) {
  const { count, tied } = state;
  const d = state.dout[i][j];
  const at = `(${state.argmax[i][j].join(", ")})`;
  const value = state.max[i][j];
  const sum = state.sums[i][j];
  const times = tied.length > 1 ? `${tied.length + 1} times` : "twice";
  const found = tied.length
    ? `the largest is ${value}, ${times}; the first in row order, ${at}, counts`
    : `the largest is ${value}, at ${at}`;
  const window_lines = [
    `Max: ${found}. dout = ${minus(d)} goes there, whole.`,
    `Average: ${sum} / ${count} = ${share(sum, count)}. Each of the ${count} pixels gets ` +
      `${minus(d)} / ${count} = ${share(d, count)}.`,
  ];
  return { window_lines, window_words: `Window of output row ${i}, column ${j}. ${window_lines.join(" ")}` };
}

function ofPixel(state, row, column, value) {
  const { dout, count } = state;
  const won = state.won[row][column];
  const covered = state.covered[row][column];
  const here = `Pixel (${row}, ${column}) is ${value}.`;
  if (!covered.length) {
    const line = "No window reaches it: both gradients are 0.";
    return { pixel_lines: [line], pixel_words: `${here} ${line}` };
  }
  const of = (places) => places.map(([r, c]) => dout[r][c]);
  const gets = (terms) => (terms.length > 1 ? `${sumOf(terms)} = ${minus(added(terms))}` : minus(terms[0] ?? 0));
  const terms = of(covered);
  const inside = terms.length > 1 ? `(${sumOf(terms)})` : sumOf(terms);
  const pixel_lines = [
    `It lies in ${terms.length} window${terms.length > 1 ? "s" : ""} and is the first maximum of ${won.length || "none"}.`,
    `dx with max: ${gets(of(won))}`,
    `dx with average: ${inside} / ${count} = ${share(added(terms), count)}`,
  ];
  return { pixel_lines, pixel_words: `${here} ${pixel_lines[0]} ${pixel_lines[1]}; ${pixel_lines[2]}.` };
}
