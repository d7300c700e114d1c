// Which way to convolve is fastest: numbers and words.

/** Values that Python would take. */
const mend = (values) => ({
  ...values,
  place: [clamp(values.place[0], 0, values.times.sides.length - 1), clamp(values.place[1], 0, values.times.kernels.length - 1)],
});

/** Multiplications of a method, or null where it has none: no padding, stride 1. */
function counted(method, { images: N, channels: C, filters: F }, side, K) {
  const out = side - K + 1;
  if (out < 1) return null;
  if (method === "winograd") {
    const m = 7 - K;
    return K === 3 || K === 5 ? 36 * N * F * C * Math.ceil(out / m) ** 2 : null;
  }
  if (method === "fft") {
    const n = side * side;
    return (N * C + F * C + N * F) * Math.ceil(2 * n * Math.log2(n)) + 4 * N * F * C * n;
  }
  return N * F * C * K * K * out * out;
}

/** A number with three digits. */
const three = (value) => (value >= 1000 ? thousands(Math.round(value)) : `${+value.toPrecision(3)}`);

/**
 * Everything that the picture shows in one state: the `methods` that were measured; `values`, of each method rows for the sides of
 * a number for each kernel, or null; the `best` of each place, one name or more; and `ranked`, those of the chosen place.
 */
function describe({ measure, place: [row, column], times }, { names }) {
  const methods = Object.keys(names).filter((name) => times.ms[name]);
  const { sides, kernels } = times;
  const values = Object.fromEntries(
    methods.map((name) => [name, measure === "time" ? times.ms[name] : sides.map((side) => kernels.map((K) => counted(name, times, side, K)))]),
  );
  const known = (r, c) => methods.filter((name) => values[name][r][c] !== null).sort((a, b) => values[a][r][c] - values[b][r][c]);
  const best = table(sides.length, kernels.length, (r, c) => known(r, c).filter((name, _, [first]) => values[name][r][c] === values[first][r][c]));
  const ranked = known(row, column);
  const [side, K] = [sides[row], kernels[column]];
  const unit = measure === "time" ? " ms" : " million";
  const of = (name) => values[name][row][column] / (measure === "time" ? 1 : 1e6);
  const ranks = ranked.map((name) => `${names[name]} ${three(of(name))}`).join(", ");
  const front = best[row][column] ?? [];
  const winner = front.map((name) => names[name]).join(" and ");
  const next = ranked.find((name) => !front.includes(name));
  const lead = next ? `, ${(of(next) / of(front[0])).toFixed(2)} times ahead of ${names[next]}` : "";
  const least = measure === "time" ? "Fastest" : "Fewest multiplications";
  const where = `Kernel ${K} × ${K}, image ${side} × ${side}`;
  const words = ranked.length ? `${where}. ${least}: ${winner}${lead}.` : `${where}: the kernel is too large.`;
  const layer = `${times.images} images, ${times.channels} channels, ${times.filters} filters, no padding, stride 1.`;
  const source = measure === "time" ? `Measured on ${times.machine}.` : "Counted; Winograd's transforms are left out, those of the FFT are counted.";
  const sections = [["", [words, ranked.length ? `In${unit === " ms" ? " ms" : " million multiplications"}: ${ranks}.` : "", `${layer} ${source}`]]];
  return { methods, values, best, ranked, sections, words };
}
