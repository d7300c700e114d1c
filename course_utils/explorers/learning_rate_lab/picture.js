// A small network in training: the picture.

const CLASSES = { light: ["#d55e00", "#0072b2", "#009e73"], dark: ["#ff8c3a", "#56b4e9", "#2fc79a"] };
const DASHES = [[7, 3], [2, 3], [9, 3, 2, 3]]; // of the kept runs
const EDGE = 38; // left of a plot, for the numbers of its axis
const HEAD = 26; // above it, for its title

/** Map on the left, two columns of plots beside it or, on a narrow page, below it. */
function layout(width) {
  const w = Math.min(width, 1080);
  const narrow = w < 700;
  const side = MAP.cells * Math.floor(Math.min(312, narrow ? w - 4 : 0.39 * w) / MAP.cells);
  const [begin, down] = narrow ? [0, side + 60] : [side + 24, 0];
  const each = (w - begin - 18) / 2;
  const plot = (column, top, high, title) => ({ left: begin + column * (each + 18) + EDGE, top: down + top + HEAD, wide: each - EDGE - 10, high, title });
  return {
    height: down + 366,
    map: { x: 2, y: HEAD, side },
    plots: { loss: plot(0, 0, 142, "Loss"), accuracy: plot(0, 194, 126, "Accuracy"), ratio: plot(1, 0, 112, "‖Δw‖ / ‖w‖") },
    histograms: [plot(1, 162, 60, "Layer 1"), plot(1, 266, 60, "Layer 2")],
  };
}

/** End of the axis of steps: a round number that holds all runs. */
function lastStepShown({ step, kept }) {
  const most = Math.max(step, ...kept.map((run) => run.step));
  return [20, 50, 100, 200].find((end) => end >= most) ?? 300;
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { state, look } = scene;
  const text = writer(pen, look.ink);
  const { loss, accuracy, ratio } = plan.plots;
  const end = lastStepShown(state);
  const runs = state.kept.map((run, k) => ({ run, colour: look.ink, width: 1.3, dash: DASHES[k], mark: k + 1 }));
  runs.push({ run: state, colour: look.blue, width: 2.4, dash: [], mark: "" });

  drawMap(pen, text, plan.map, scene);
  drawLoss(pen, text, loss, runs, end, scene);
  legend(pen, text, accuracy, [["training", look.blue], ["held out", look.frame]]);
  const share = axes(pen, text, accuracy, end, null, look);
  curve(pen, share, state.measured.map(([k, , right]) => [k, right]), look.blue, 2.4);
  for (const { run, colour, ...line } of runs) curve(pen, share, run.measured.map(([k, , , right]) => [k, right]), run === state ? look.frame : colour, line.width, line);
  const moved = axes(pen, text, ratio, end, [-6, 1], look);
  pen.fillStyle = look.wash;
  pen.fillRect(ratio.left, moved.y(3e-3), ratio.wide, moved.y(3e-4) - moved.y(3e-3));
  text("band: about 1/1000", ratio.left + ratio.wide, ratio.top - 14, 12, look.ink, "right");
  inside(pen, ratio, () => {
    for (const { run, dash, mark } of runs) curve(pen, moved, [...run.ratios.entries()], mark ? look.faint : look.blue, mark ? 1 : 1.5, { dash, mark });
  });
  plan.histograms.forEach((plot, k) => drawHistogram(pen, text, plot, state.layers[k], look));
}

/** The loss of all training points, that of the batches thin behind it; what leaves the plot is said at its edge. */
function drawLoss(pen, text, plot, runs, end, { state, look }) {
  const { left, top, wide } = plot;
  legend(pen, text, plot, [["all points", look.blue], ["batch", look.blue, 0.7]]);
  const values = runs.flatMap(({ run }) => run.measured.map(([, value]) => value)).filter((value) => value > 0);
  const least = clamp(Math.floor(Math.log10(Math.min(...values))), -4, -1);
  const most = Math.ceil(Math.log10(3 * Math.max(...runs.map(({ run }) => run.measured[0][1]))));
  const at = axes(pen, text, plot, end, [least, most], look);
  const chance = at.y(Math.log(3));
  strokes(pen, [[[left, chance], [left + wide, chance]]], look.faint, 1, [1, 3]);
  text("log 3", left + wide, chance - 8, 11, look.faint, "right");
  inside(pen, plot, () => {
    curve(pen, at, [...state.losses.entries()], look.blue, 0.7);
    for (const { run, colour, width, ...line } of runs) curve(pen, at, run.measured, colour, width, line);
  });
  const peak = state.measured.reduce((one, other) => (other[1] > one[1] ? other : one));
  const said = state.end !== null ? brief(state.losses[state.end]) : peak[1] > 10 ** most ? `▲ ${brief(peak[1])}` : "";
  const x = at.x(state.end ?? peak[0]);
  if (state.end !== null) strokes(pen, [[[x, top], [x, top + plot.high]]], look.frame, 1.5, [4, 3]);
  if (!said) return;
  pen.fillStyle = look.paper;
  pen.fillRect(x + 3, top + 1, 8 * said.length + 4, 18);
  text(said, x + 6, top + 10, 13, look.frame, "left", "600");
}

/** Draw inside a plot only. */
function inside(pen, { left, top, wide, high }, drawing) {
  pen.save();
  pen.beginPath();
  pen.rect(left, top, wide, high);
  pen.clip();
  drawing();
  pen.restore();
}

/** Which line is what, beside the title. */
function legend(pen, text, { left, top, wide }, lines) {
  let x = left + wide;
  for (const [words, colour, width = 2.4] of lines.toReversed()) {
    text(words, x, top - 14, 12, colour, "right");
    x -= 6.6 * words.length + 4;
    strokes(pen, [[[x - 10, top - 14], [x, top - 14]]], colour, width);
    x -= 16;
  }
}

/** Axes of a plot, logarithmic between two powers of ten or from 0 to 1; returns where a step and a value are. */
function axes(pen, text, { left, top, wide, high, title }, end, powers, look) {
  text(title, left - EDGE, top - 14, 14, look.ink, "left", "600");
  const [least, most] = powers ?? [0, 1];
  const y = (value) => top + high * (1 - ((powers ? Math.log10(value) : value) - least) / (most - least));
  const every = Math.ceil((most - least) / 5);
  const ticks = powers ? range(most - least + 1).filter((k) => k % every === 0).map((k) => [10 ** (least + k), powerOfTen(least + k)]) : [0, 0.5, 1].map((share) => [share, hundredths(share)]);
  strokes(pen, ticks.map(([value]) => [[left, y(value)], [left + wide, y(value)]]), look.thin);
  for (const [value, words] of ticks) text(words, left - 4, y(value), 11, look.faint, "right");
  for (const tick of [0, end / 2, end]) text(tick, left + (wide * tick) / end, top + high + 10, 11, look.faint);
  return { x: (step) => left + (wide * step) / end, y };
}

/** A line through [step, value], with a dot at its end or a mark before it; values that have no place are left out. */
function curve(pen, at, points, colour, width, { dash = [], mark = "" } = {}) {
  const placed = points.filter(([, value]) => value !== null && value >= 0).map(([k, value]) => [at.x(k), clamp(at.y(value), -1e4, 1e4)]);
  if (placed.length > 1) strokes(pen, [placed], colour, width, dash);
  if (!placed.length || (!mark && width < 2)) return;
  const [x, y] = placed.at(mark ? -1 - Math.floor(0.1 * mark * placed.length) : -1); // marks that do not meet
  pen.fillStyle = colour;
  if (mark) writer(pen, colour)(`${mark}`, x, y - 8, 12, colour, "center", "600");
  else {
    pen.beginPath();
    pen.arc(x, y, 3, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Two colours, #rrggbb, mixed. */
function mixed(one, other, share) {
  const parts = (colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  const [a, b] = [parts(one), parts(other)];
  return `rgb(${a.map((part, k) => Math.round(part + share * (b[k] - part))).join(",")})`;
}

/** The class that the network sees everywhere, stronger where it is surer, and the points. */
function drawMap(pen, text, { x, y, side }, { state, tables, look }) {
  const { end, step, epoch } = state;
  const title = end === null ? `Step ${step}, epoch ${epoch}` : `Diverged at step ${end}: the loss is ${brief(state.losses[end])}`;
  text(title, x, y - 14, 14, end === null ? look.ink : look.frame, "left", "600");
  const colours = CLASSES[look.dark ? "dark" : "light"];
  const tints = colours.map((colour) => range(6).map((level) => mixed(look.paper, colour, 0.06 + 0.09 * level)));
  const cells = map2(state.map, ([k, p]) => tints[k][clamp(Math.round((p - 1 / 3) * 7.5), 0, 5)]);
  for (const tint of tints.flat()) fillCells(pen, cells, tint, x, y, side / MAP.cells);
  const along = (far) => Math.round((side * far) / (2 * MAP.reach));
  const place = ([left, up]) => [x + along(MAP.reach + left), y + along(MAP.reach - up)];
  const shapes = (k, places, filled) => {
    pen.beginPath();
    for (const [left, top] of places) shape(pen, k, left, top);
    pen.fillStyle = filled ? colours[k] : look.paper;
    pen.strokeStyle = filled ? look.paper : colours[k];
    pen.lineWidth = filled ? 0.8 : 1.2;
    pen.fill();
    pen.stroke();
  };
  for (const points of [tables.held_out, tables.train])
    for (const k of range(colours.length)) shapes(k, points.filter((point) => point[2] === k).map(place), points === tables.train);
  if (end !== null) box(pen, x + 2, y + 2, side - 4, side - 4, look.frame, 4, [10, 6]);
  const below = y + side + 15;
  for (const k of range(colours.length)) {
    shapes(k, [[x + 6 + 12 * k, below]], true);
    shapes(k, [[x + 122 + 12 * k, below]], false);
  }
  text("training", x + 42, below, 12, look.ink, "left");
  text("held out", x + 158, below, 12, look.ink, "left");
}

/** The cells of one colour, neighbours in a row as one: of a whole number of pixels each, so that no seams are seen. */
function fillCells(pen, cells, colour, x, y, a) {
  pen.fillStyle = colour;
  cells.forEach((line, r) => {
    for (let c = 0, next; c < line.length; c = next) {
      for (next = c + 1; line[c] === colour && line[next] === colour; next++);
      if (line[c] === colour) pen.fillRect(x + c * a, y + r * a, (next - c) * a, a);
    }
  });
}

/** A circle, a square or a triangle, by class. */
function shape(pen, k, x, y) {
  if (k === 0) {
    pen.moveTo(x + 4, y);
    pen.arc(x, y, 4, 0, 2 * Math.PI);
  } else if (k === 1) pen.rect(x - 3, y - 3, 6, 6);
  else {
    pen.moveTo(x, y - 4);
    pen.lineTo(x + 4, y + 3);
    pen.lineTo(x - 4, y + 3);
    pen.closePath();
  }
}

/** A gauge of the share of zeros, and bars of what is not 0, the largest as high as the plot. */
function drawHistogram(pen, text, plot, { shares, top: last, dead, units, std }, look) {
  const { left, top, wide, high } = plot;
  text(plot.title, left - EDGE, top - 14, 14, look.ink, "left", "600");
  text(`std ${brief(std)}, ${dead} of ${units} dead`, left + wide, top - 14, 12, dead === units ? look.frame : look.ink, "right");
  const [zeros, ...bars] = shares;
  pen.fillStyle = look.faint;
  pen.fillRect(left, top + high * (1 - zeros), 14, high * zeros);
  box(pen, left, top, 14, high, look.faint);
  text(hundredths(zeros), left - 4, top + high * clamp(1 - zeros, 0.08, 0.92), 11, look.faint, "right");
  text("0", left + 7, top + high + 10, 11, look.faint);
  const each = (wide - 24) / bars.length;
  const most = Math.max(...bars) || 1;
  pen.fillStyle = look.blue;
  bars.forEach((share, k) => share && pen.fillRect(left + 24 + k * each, top + high * (1 - share / most), each - 1, (high * share) / most));
  strokes(pen, [[[left + 24, top + high], [left + wide, top + high]]], look.thin);
  text(brief(last), left + wide, top + high + 10, 11, look.faint, "right");
}
