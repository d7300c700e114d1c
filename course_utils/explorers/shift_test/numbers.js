// A shifted image before and after convolution and pooling, border wrapped around: numbers and words.

const percent = (part, whole) => `${Math.floor((200 * part + whole) / (2 * whole))} %`;
const modulo = (k, n) => ((k % n) + n) % n;

/** Values that Python would take. */
const mend = (values) => ({ ...values, dy: clamp(values.dy, -6, 6), dx: clamp(values.dx, -6, 6) });

/** Move an array down and to the right; what leaves it comes in at the other side. */
const shift = (x, dy, dx) => map2(x, (_, r, c) => x[modulo(r - dy, x.length)][modulo(c - dx, x.length)]);

/** Convolve, border wrapped around. */
function convolve(x, kernel, S) {
  const n = x.length;
  const places = range(n / S).map((k) => k * S);
  const at = (r, c) => {
    let sum = 0;
    for (let a = 0; a < 3; a++)
      for (let b = 0; b < 3; b++) sum += x[modulo(r + a - 1, n)][modulo(c + b - 1, n)] * kernel[a][b];
    return sum;
  };
  return places.map((r) => places.map((c) => at(r, c)));
}

/** Max pooling, 2 × 2 with stride 2. */
function pool(y) {
  const places = range(y.length / 2);
  return places.map((r) =>
    places.map((c) => Math.max(y[2 * r][2 * c], y[2 * r][2 * c + 1], y[2 * r + 1][2 * c], y[2 * r + 1][2 * c + 1])),
  );
}

/**
 * Everything that the picture shows in one state: x, conv(x) and pool(conv(x)), the same of the shifted x, and the shifted
 * conv(x); `largest` of the differences, `steps` (whole steps of the shift), `best` (the least that any shift of the output
 * leaves), and for convolution and pooling how many outputs stay the same, and the sum of changes against the sum.
 */
function describe({ dy, dx, stride: S, view }, { x, kernel }) {
  const shifted_x = shift(x, dy, dx);
  const [conv_x, conv_shifted_x] = [x, shifted_x].map((image) => convolve(image, kernel, S));
  const steps = [dy, dx].map((k) => Math.floor(k / S));
  const shifted_conv_x = shift(conv_x, ...steps);
  const n = conv_x.length;
  const largestOf = (expected) => {
    let largest = 0;
    for (let r = 0; r < n; r++)
      for (let c = 0; c < n; c++) largest = Math.max(largest, Math.abs(conv_shifted_x[r][c] - expected(r, c)));
    return largest;
  };
  let best = Infinity;
  for (let i = 0; i < n && best; i++)
    for (let j = 0; j < n && best; j++)
      best = Math.min(best, largestOf((r, c) => conv_x[(r - i + n) % n][(c - j + n) % n]));
  const [pool_x, pool_shifted_x] = [conv_x, conv_shifted_x].map(pool);
  const state = {
    x, shifted_x, conv_x, conv_shifted_x, shifted_conv_x,
    difference: map2(conv_shifted_x, (value, r, c) => value - shifted_conv_x[r][c]),
    largest: largestOf((r, c) => shifted_conv_x[r][c]),
    steps,
    whole: [dy, dx].every((k) => modulo(k, S) === 0),
    best, pool_x, pool_shifted_x,
  };
  for (const [name, before, after] of [["conv", conv_x, conv_shifted_x], ["pool", pool_x, pool_shifted_x]]) {
    const [old, now] = [before.flat(), after.flat()];
    state[`${name}_same`] = [old.filter((value, k) => value === now[k]).length, old.length];
    state[`${name}_change`] = [added(old.map((value, k) => Math.abs(now[k] - value))), added(old.map(Math.abs))];
  }
  return Object.assign(state, written(state, dy, dx, S, view));
}

function written(state, dy, dx, S, view) {
  const by = `(${minus(dy)}, ${minus(dx)})`;
  const [i, j] = state.steps.map(minus);
  const { largest } = state;
  const difference = "conv(shift(x)) − shift(conv(x))";
  let claim =
    `Stride ${S}: a shift by ${by} pixels is no whole number of steps. Against the output shifted by (${i}, ${j}) ` +
    `the largest difference is ${largest}, and no shift of the output leaves less than ${state.best}.`;
  if (S === 1) claim = `Stride 1: ${difference} is ${largest} everywhere.`;
  else if (state.whole)
    claim = `Stride ${S}: a shift by ${by} pixels is (${i}, ${j}) whole steps, and ${difference} is ${largest} everywhere.`;
  const lines = [claim];
  for (const [name, what] of [["conv", "convolution"], ["pool", "max pooling after it"]]) {
    const [[same, size], [change, sum]] = [state[`${name}_same`], state[`${name}_change`]];
    lines.push(
      `Outputs of the ${what} that stay the same: ${same} of ${size} (${percent(same, size)}); ` +
        `sum of changes ${change} / ${sum} = ${percent(change, sum)}.`,
    );
  }
  return { sections: [["", lines]], words: `Shift by ${by}. ${view === "convolution" ? lines[0] : lines[2]}` };
}
