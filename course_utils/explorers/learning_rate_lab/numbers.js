// A small network in training: its runs, and what the picture shows of them.
// Weights of all layers stand in one array, W1 b1 W2 b2 W3 b3; so do gradients and the buffers of an update rule.

const EVERY = 25; // steps between two places from which a run can be taken up again
const BINS = 12; // of a histogram, beside the bar of zeros
const MAP = { cells: 24, reach: 1.3 }; // the decision map goes from −reach to reach

const SPREAD = {
  zero: () => 0, small: () => 0.01, xavier: (n) => Math.sqrt(1 / n), he: (n) => Math.sqrt(2 / n), large: (n) => 3 * Math.sqrt(2 / n),
}; // standard deviation of weights that have n inputs

/** The update rules of course_utils.optim: w is changed by its gradient g; m and v are what a rule remembers, t counts from 1. */
const RULES = {
  sgd(w, g, rate) {
    for (let i = 0; i < w.length; i++) w[i] -= rate * g[i];
  },
  momentum(w, g, rate, m) {
    for (let i = 0; i < w.length; i++) w[i] -= rate * (m[i] = 0.9 * m[i] + g[i]);
  },
  nesterov(w, g, rate, m) {
    for (let i = 0; i < w.length; i++) w[i] -= rate * (g[i] + 0.9 * (m[i] = 0.9 * m[i] + g[i]));
  },
  rmsprop(w, g, rate, m, v) {
    for (let i = 0; i < w.length; i++) {
      v[i] = 0.99 * v[i] + 0.01 * g[i] * g[i];
      w[i] -= (rate * g[i]) / (Math.sqrt(v[i]) + 1e-8);
    }
  },
  adam(w, g, rate, m, v, t) {
    const [ofM, ofV] = [1 - 0.9 ** t, 1 - 0.999 ** t];
    for (let i = 0; i < w.length; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      w[i] -= (rate * (m[i] / ofM)) / (Math.sqrt(v[i] / ofV) + 1e-8);
    }
  },
};

const settingsOf = ({ learning_rate, reg, batch_size, scheme, update }) => ({ learning_rate, reg, batch_size, scheme, update });

/** Values that Python would take. */
const mend = (values, { most, room }) => ({ ...values, step: clamp(values.step, 0, most), kept: values.kept.slice(-room) });

/** The steps at which a run that plays stops for a picture: each one at first, then 5 % on. */
const nextMark = (step) => step + Math.max(1, Math.round(0.05 * step));

/** What all runs share: layers as {rows, columns, w, b: where its weights and biases begin}, points, marks, the runs so far. */
const LABS = new WeakMap();
function labOf(tables) {
  if (LABS.has(tables)) return LABS.get(tables);
  const { sizes, train, held_out, most } = tables;
  let at = 0;
  const layers = sizes.slice(1).map((columns, k) => {
    const [rows, w] = [sizes[k], at];
    at += (rows + 1) * columns;
    return { rows, columns, w, b: w + rows * columns, last: k === sizes.length - 2 };
  });
  const marks = new Set();
  for (let mark = 0; mark <= most; mark = nextMark(mark)) marks.add(mark);
  const room = () => sizes.map((n) => new Float64Array(n));
  const all = { layers, numbers: at, train, held_out, marks, tables, a: room(), d: room(), runs: new Map() };
  LABS.set(tables, all);
  return all;
}

/** What a layer gives for x: y = x·W + b, and no negative numbers below the last layer. */
function layerForward(w, { rows, columns, w: weights, b: biases, last }, x, y) {
  for (let j = 0; j < columns; j++) y[j] = w[biases + j];
  for (let i = 0, from = weights; i < rows; i++, from += columns) {
    const value = x[i];
    if (value !== 0) for (let j = 0; j < columns; j++) y[j] += value * w[from + j];
  }
  if (!last) for (let j = 0; j < columns; j++) if (y[j] < 0) y[j] = 0;
}

/** From the gradient at y to that of the weights, added up in g, and to dx, which is 0 where the ReLU below gives 0. */
function layerBackward(w, g, { rows, columns, w: weights, b: biases }, x, dout, dx) {
  for (let j = 0; j < columns; j++) g[biases + j] += dout[j];
  for (let i = 0, from = weights; i < rows; i++, from += columns) {
    const value = x[i];
    dx[i] = 0;
    if (value === 0) continue;
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      g[from + j] += value * dout[j];
      sum += w[from + j] * dout[j];
    }
    dx[i] = sum;
  }
}

/** Scores of a point; what each layer gives is left in a. */
function forward(w, point, { layers, a }) {
  a[0][0] = point[0];
  a[0][1] = point[1];
  for (let k = 0; k < layers.length; k++) layerForward(w, layers[k], a[k], a[k + 1]);
  return a[layers.length];
}

/** The class with the largest score, the first of equals. */
function winner(scores) {
  let best = 0;
  for (let j = 1; j < scores.length; j++) if (scores[j] > scores[best]) best = j;
  return best;
}

/** Softmax cross-entropy of scores; `p` becomes the probabilities. The largest score is taken off, so that no exponential overflows. */
function crossEntropy(scores, y, p) {
  const most = scores[winner(scores)];
  let sum = 0;
  for (let j = 0; j < scores.length; j++) sum += p[j] = Math.exp(scores[j] - most);
  for (let j = 0; j < scores.length; j++) p[j] /= sum;
  return Math.log(sum) + most - scores[y];
}

/** The penalty ½·reg·ΣW². */
function penalty(w, reg, { layers }) {
  let sum = 0;
  if (reg) for (const { w: from, b: to } of layers) for (let i = from; i < to; i++) sum += w[i] * w[i];
  return 0.5 * reg * sum;
}

/** Loss of a batch of points; g becomes its gradient. */
function lossAndGradient(w, g, batch, reg, lab) {
  const { layers, a, d } = lab;
  const p = d[layers.length];
  let loss = 0;
  g.fill(0);
  for (const point of batch) {
    loss += crossEntropy(forward(w, point, lab), point[2], p);
    p[point[2]] -= 1;
    for (let j = 0; j < p.length; j++) p[j] /= batch.length;
    for (let k = layers.length - 1; k >= 0; k--) layerBackward(w, g, layers[k], a[k], d[k + 1], d[k]);
  }
  if (reg) for (const { w: from, b: to } of layers) for (let i = from; i < to; i++) g[i] += reg * w[i];
  return loss / batch.length + penalty(w, reg, lab);
}

/** Mean loss without penalty and accuracy on some points; `see` is shown what each layer gives. */
function measure(w, points, lab, see = () => {}) {
  const p = lab.d[lab.layers.length];
  let [loss, right] = [0, 0];
  for (const point of points) {
    const scores = forward(w, point, lab);
    loss += crossEntropy(scores, point[2], p);
    right += winner(scores) === point[2];
    see(lab.a);
  }
  return [loss / points.length, right / points.length];
}

/**
 * A run under some settings, as far as somebody asked. Of each step: losses[k] (of the batch that comes next), ratios[k] (how far
 * the last update went, ‖Δw‖ / ‖w‖, mean over the layers); of each mark, and others that were shown: measured[k], [k, loss, accuracy,
 * accuracy held out].
 * `end` is the step whose loss is not finite, where it stops.
 */
class Run {
  constructor(settings, lab) {
    const { tables, layers, numbers } = lab;
    Object.assign(this, { settings, lab, at: 0, losses: [], ratios: [], measured: [], end: Infinity, places: [] });
    for (const name of ["w", "g", "m", "v", "before"]) this[name] = new Float64Array(numbers);
    layers.forEach(({ rows, w }, k) => tables.draw[k].forEach((z, i) => (this.w[w + i] = z * SPREAD[settings.scheme](rows))));
    this.before.set(this.w);
    this.arrive(null);
  }

  /** Points of the batch that comes next. */
  batch() {
    const { orders, train } = this.lab.tables;
    const B = this.settings.batch_size;
    const epoch = Math.floor((this.at * B) / train.length);
    const from = (this.at * B) % train.length;
    return orders[epoch % orders.length].slice(from, from + B).map((k) => train[k]);
  }

  /** What is kept of a step, once. */
  arrive(ratio) {
    const { at, w, m, v, lab, settings } = this;
    const loss = lossAndGradient(w, this.g, this.batch(), settings.reg, lab);
    if (at < this.losses.length) return;
    this.losses.push(loss);
    this.ratios.push(ratio);
    if (!Number.isFinite(loss)) this.end = at;
    else if (at % EVERY === 0) this.places.push([w, m, v].map((numbers) => numbers.slice()));
    if (lab.marks.has(at)) this.measure();
  }

  measure() {
    const { at, w, lab, settings } = this;
    const [loss, accuracy] = measure(w, lab.train, lab);
    this.measured[at] = [at, loss + penalty(w, settings.reg, lab), accuracy, measure(w, lab.held_out, lab)[1]];
  }

  /** One update. */
  advance() {
    const { w, g, m, v, before, lab, settings } = this;
    this.at++;
    before.set(w);
    RULES[settings.update](w, g, settings.learning_rate, m, v, this.at);
    const ratios = lab.layers.map(({ w: from, b: to }) => {
      let [moved, length] = [0, 0];
      for (let i = from; i < to; i++) {
        moved += (w[i] - before[i]) ** 2;
        length += before[i] ** 2;
      }
      return Math.sqrt(moved / length);
    });
    this.arrive(added(ratios) / ratios.length);
  }

  /** Train as far as this step, or take the run up before it. */
  to(step) {
    if (step < this.at) {
      const place = Math.floor(step / EVERY);
      [this.w, this.m, this.v].forEach((numbers, k) => numbers.set(this.places[place][k]));
      this.at = place * EVERY;
      this.arrive();
    }
    while (this.at < Math.min(step, this.end)) this.advance();
    return this;
  }
}

/** The run under these settings. The last ones asked for are remembered. */
function runOf(values, lab) {
  const settings = settingsOf(values);
  const name = JSON.stringify(settings);
  const run = lab.runs.get(name) ?? new Run(settings, lab);
  lab.runs.delete(name);
  lab.runs.set(name, run);
  if (lab.runs.size > 20) lab.runs.delete(lab.runs.keys().next().value);
  return run;
}

/** The curves of a run as far as a step: losses and ratios of each step, and what was measured at marks and at the step. */
function curvesOf(run, wanted) {
  // A run that was there before stays where it is: a kept one may be the one that plays.
  if (!run.measured[Math.min(wanted, run.end)]) run.to(wanted).measure();
  const step = Math.min(wanted, run.end);
  const measured = run.measured.filter(([at]) => at === step || (at < step && run.lab.marks.has(at)));
  return { step, losses: run.losses.slice(0, step + 1), ratios: run.ratios.slice(0, step + 1), measured };
}

/** Which class the network sees in each cell, and with what probability. */
function mapOf(w, lab) {
  const { cells, reach } = MAP;
  const p = lab.d[lab.layers.length];
  const place = (k) => ((k + 0.5) / cells) * 2 * reach - reach;
  return table(cells, cells, (r, c) => {
    crossEntropy(forward(w, [place(c), -place(r)], lab), 0, p);
    const k = winner(p);
    return [k, p[k]];
  });
}

/** Of each hidden layer, over the training points: share of zeros and of each bin up to `top`, dead units, standard deviation. */
function activationsOf(w, lab) {
  const hidden = lab.layers.slice(1).map(({ rows }) => ({ values: [], alive: new Set(), units: rows }));
  measure(w, lab.train, lab, (a) =>
    hidden.forEach(({ values, alive }, k) =>
      a[k + 1].forEach((value, unit) => {
        values.push(value);
        if (value > 0) alive.add(unit);
      }),
    ),
  );
  return hidden.map(({ values, alive, units }) => {
    const top = values.reduce((most, value) => Math.max(most, value), 0);
    const counts = Array(BINS + 1).fill(0); // zeros first
    for (const value of values) counts[value > 0 ? 1 + Math.min(BINS - 1, Math.floor((BINS * value) / top)) : 0]++;
    const mean = added(values) / values.length;
    const std = Math.sqrt(added(values.map((value) => (value - mean) ** 2)) / values.length);
    return { shares: counts.map((count) => count / values.length), top, std, dead: units - alive.size, units };
  });
}

/**
 * Everything that the picture shows in one state: the curves of the run, its `map` and `layers` (activations), where it `end`ed or
 * null, the step since which its loss was over three times the first (`exploded`, or null), and the curves of the `kept` runs.
 */
function describe(values, tables) {
  const lab = labOf(tables);
  const kept = values.kept.map((old) => curvesOf(runOf(old, lab), old.step));
  const run = runOf(values, lab).to(values.step);
  const curves = curvesOf(run, values.step);
  const [first, last] = [curves.measured[0], curves.measured.at(-1)].map(([, loss]) => loss);
  const w = Number.isFinite(last) ? run.w : run.before; // where the loss is not finite, the picture stays as it was before
  const state = {
    ...curves, kept,
    epoch: +((curves.step * values.batch_size) / tables.train.length).toFixed(1),
    map: mapOf(w, lab),
    layers: activationsOf(w, lab),
    end: run.end <= values.step ? run.end : null,
    exploded: (curves.measured.find(([, loss]) => !(loss <= 3 * first)) ?? [null])[0],
  };
  return Object.assign(state, written(values, state, tables));
}

/** A power of ten, written out where it is short. */
function powerOfTen(power) {
  if (power >= -2 && power <= 3) return `${+(10 ** power).toFixed(2)}`;
  return `10${[...`${power}`].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`;
}

/** A number in three digits, or in two and a power of ten where it is very small or large. */
function brief(x) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "NaN" : "infinite";
  const [digits, power] = x.toExponential(1).split("e").map(Number);
  return x && (power < -3 || power > 3) ? `${digits.toFixed(1)}·${powerOfTen(power)}` : `${+x.toPrecision(3)}`;
}
const hundredths = (share) => `${Math.round(100 * share)} %`;

const LINES = ["– –", "· · ·", "– ·"]; // of the kept runs

/** Settings in words, or only those that differ from others. */
function inWords(settings, names, others = {}) {
  const { learning_rate, reg, batch_size, scheme, update } = settings;
  const words = { learning_rate: `η ${learning_rate}`, reg: `λ ${reg}`, batch_size: `batch ${batch_size}`, scheme: names[scheme], update: names[update] };
  return Object.keys(words).filter((name) => settings[name] !== others[name]).map((name) => words[name]).join(", ") || "the same settings";
}

/** What is wrong with the run, if something is. */
function problemOf({ end, exploded, losses, measured, layers }) {
  const said = [];
  const [[, first], [, loss]] = [measured[0], measured.at(-1)];
  const silent = layers.findIndex(({ dead, units }) => dead === units);
  if (end !== null) said.push(`Diverged at step ${end}: the loss is ${brief(losses[end])}. The map stays as it was before.`);
  else if (loss > 3 * first) said.push(`Exploded at step ${exploded}: the loss is over 3 times the first, ${brief(first)}.`);
  if (end === null && silent >= 0) said.push(`Hidden layer ${silent + 1} gives only zeros: no gradient comes through it.`);
  return said;
}

function written(values, state, { sizes, names }) {
  const { measured, step, ratios, kept } = state;
  const [, loss, accuracy, heldOut] = measured.at(-1);
  const lines = [`Step ${step}: loss ${brief(loss)}, accuracy ${hundredths(accuracy)}, held out ${hundredths(heldOut)}.`];
  const classes = sizes.at(-1);
  const problems = problemOf(state);
  if (problems.length) lines.push(...problems);
  else if (step) lines.push(`The last step moved the weights by ${brief(100 * ratios[step])} % of their length.`);
  else lines.push(`Before the first step, without penalty, expect log ${classes} = ${brief(Math.log(classes))}.`);
  const kepts = kept.map((run, k) => {
    const [at, loss, , heldOut] = run.measured.at(-1);
    return `${inWords(values.kept[k], names, values)}${at === step ? "" : `, step ${at}`}: loss ${brief(loss)}, held out ${hundredths(heldOut)}.`;
  });
  return {
    sections: [["", lines, problems.length ? "ex-problem" : ""], ["", kepts.map((line, k) => `${k + 1} ${LINES[k]} ${line}`)]].filter(([, lines]) => lines.length),
    words: [...lines, ...kepts.map((line, k) => `Kept run ${k + 1}: ${line}`)].join(" "),
    news: `${inWords(values, names)}. `,
  };
}
