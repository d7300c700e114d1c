// The same number of trials as a grid and at random: numbers and words.

/** Values that Python would take. */
function mend(values, { draws }) {
  const { per_axis, weight, peak_x, peak_y, seed, remaining } = values;
  const [k, percent] = [clamp(per_axis, 2, 6), (n) => clamp(n, 0, 100)];
  return {
    per_axis: k, weight: percent(weight), peak_x: percent(peak_x), peak_y: percent(peak_y),
    seed: clamp(seed, 0, draws - 1), remaining: clamp(remaining, 0, k * k - 1),
  };
}

/** Numbers from 0 to 1 from a seed: mulberry32, a counter whose bits are mixed. */
function generator(seed) {
  let counter = seed;
  return () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Trials of a grid, one axis in an outer loop and one in an inner; each stands in the middle of its cell. */
const gridOf = (k) => range(k * k).map((n) => [(Math.floor(n / k) + 0.5) / k, ((n % k) + 0.5) / k]);

/** Trials at random, uniform on both axes, that is log-uniform in what the axes show. */
function drawn(seed, count) {
  const next = generator(seed);
  return range(count).map(() => [next(), next()]);
}

/** The score of a trial: 1 at the peak. */
const bell = (far, width) => Math.exp((-far * far) / (2 * width * width));
const scorer = (w, [px, py], width) => ([x, y]) => (bell(x - px, width) + w * bell(y - py, width)) / (1 + w);

/** The best score so far, after each trial. */
function bestSoFar(scores) {
  let best = -Infinity;
  return scores.map((score) => (best = Math.max(best, score)));
}

/** The places of all draws: those of the largest budget, and one more for a peak. Made once, as every change of a knob wants them. */
const LARGEST = 36;
let places = [];
function placesOf(draws) {
  if (places.length !== draws) places = range(draws).map((seed) => drawn(seed, LARGEST + 1).flat());
  return places;
}

/** The two searches over many draws: how often random is better, the mean best of each, and each draw's best at random. */
function compared(draws, peakOf, { per_axis: k, weight }, width) {
  const w = weight / 100;
  const axis = range(k).map((n) => (n + 0.5) / k);
  const [bests, sums] = [[], [0, 0]];
  let wins = 0;
  for (const drawn of placesOf(draws)) {
    const [px, py] = peakOf(drawn);
    // A sum is largest on a grid where each of its terms is.
    const [across, up] = [px, py].map((peak) => Math.max(...axis.map((place) => bell(place - peak, width))));
    const of_grid = (across + w * up) / (1 + w);
    let at_random = 0;
    for (let n = 0; n < 2 * k * k; n += 2)
      at_random = Math.max(at_random, (bell(drawn[n] - px, width) + w * bell(drawn[n + 1] - py, width)) / (1 + w));
    wins += at_random > of_grid;
    sums[0] += of_grid;
    sums[1] += at_random;
    bests.push(at_random);
  }
  return { wins, means: sums.map((sum) => sum / draws), bests };
}

const BINS = 20;
const rounded = (score) => score.toFixed(2);
const share = (part, whole) => `${Math.round((100 * part) / whole)} %`;

/** A value of an axis, in powers of ten: 2.5·10⁻⁴. */
function valueOf(along, [, low, high]) {
  const [digits, exponent] = (10 ** (low + along * (high - low))).toExponential(1).split("e");
  return `${digits}·10${raised(Number(exponent))}`;
}
const raised = (n) => (n < 0 ? "⁻" : "") + [...`${Math.abs(n)}`].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");

/**
 * Everything that the picture shows in one state. Of each search, the grid first: `trials` (places from 0 to 1), `scores`,
 * `best` (so far), `distinct` (different values on the first axis), all of the trials that are made. `here`: both searches
 * over all draws with the peak where it is, `anywhere`: with a peak that is drawn too; `histogram`: how many of the draws
 * have a best in each of 20 parts of the scores.
 */
function describe(values, { axes, width, draws }) {
  const { per_axis: k, weight, peak_x, peak_y, seed, remaining } = values;
  const peak = [peak_x / 100, peak_y / 100];
  const [budget, made] = [k * k, k * k - remaining];
  const score = scorer(weight / 100, peak, width);
  const searches = [gridOf(k), drawn(seed, budget)].map((all) => {
    const trials = all.slice(0, made);
    const scores = trials.map(score);
    return { trials, scores, best: bestSoFar(scores), distinct: new Set(trials.map(([x]) => x)).size };
  });
  const here = compared(draws, () => peak, values, width);
  const anywhere = compared(draws, (drawn) => drawn.slice(2 * LARGEST), values, width);
  const histogram = range(BINS).map(() => 0);
  for (const best of here.bests) histogram[Math.min(BINS - 1, Math.floor(best * BINS))]++;

  const bests = searches.map(({ best }) => best.at(-1));
  const tries = ({ trials, distinct, scores }, k) => {
    const first = scores.indexOf(bests[k]);
    const [at] = trials[first];
    const different = `${distinct} different learning rate${distinct > 1 ? "s" : ""}`;
    return `${trials.length} trial${trials.length > 1 ? "s" : ""}, ${different}; best ${rounded(bests[k])}, trial ${first + 1}, at ${valueOf(at, axes[0])}.`;
  };
  const over = ({ wins, means: [grid, random] }) =>
    `random is better in ${share(wins, draws)}; mean best: grid ${rounded(grid)}, random ${rounded(random)}.`;
  const [grid, random] = searches.map(tries);
  const lines = [
    ["Grid: ", grid],
    ["Random, draw ", [seed, "seed"], `: ${random}`],
    [`This peak, ${draws} draws of ${budget} trials: ${over(here)}`],
    [`Peak anywhere, ${draws} draws: ${over(anywhere)}`],
  ];
  return {
    searches, made, budget, here, anywhere, histogram,
    sections: [["", lines.slice(0, 2)], ["", lines.slice(2)]],
    words: `After ${made} of ${budget} trials: grid ${grid} Random ${random} Over ${draws} draws, ${over(here)}`,
  };
}
