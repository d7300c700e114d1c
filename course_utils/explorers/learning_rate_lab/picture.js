// A small network in training: the picture.

const CLASSES = { light: ["#d55e00", "#0072b2", "#009e73"], dark: ["#ff8c3a", "#56b4e9", "#2fc79a"] };
const DASHES = [[7, 3], [2, 3], [9, 3, 2, 3]]; // of the kept runs

/** End of the axis of steps: a round number that holds all runs. */
function stepsShown({ step, kept }) {
  const most = Math.max(step, ...kept.map((run) => run.step));
  return [20, 50, 100, 200, 400].find((end) => end >= most) ?? most;
}

/** Map on the left, two columns of plots; on a narrow page, the columns below the map. */
function layout(width) {
  const w = Math.min(width, 1080);
  const narrow = w < 700;
  const side = narrow ? Math.min(w - 4, 340) : Math.min(330, 0.39 * w);
  const begin = narrow ? 0 : side + 26;
  const wide = (w - begin - 20) / 2;
  const top = narrow ? side + 60 : 0;
  const plot = (column, y, high, title) => {
    const left = begin + column * (wide + 20) + 38;
    return { left, top: top + y + 22, wide: wide - 38, high, title };
  };
  return {
    height: top + 386,
    map: { x: 2, y: 24, side },
    plots: { loss: plot(0, 0, 158, "Loss"), accuracy: plot(0, 210, 136, "Accuracy"), ratio: plot(1, 0, 120, "‖Δw‖ / ‖w‖ of each step") },
    histograms: [plot(1, 172, 62, "Hidden layer 1"), plot(1, 282, 62, "Hidden layer 2")],
  };
}

/** Two colours, #rrggbb, mixed. */
function mixed(one, other, share) {
  const parts = (colour) => [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  const [a, b] = [parts(one), parts(other)];
  return `rgb(${a.map((part, k) => Math.round(part + share * (b[k] - part))).join(",")})`;
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { state, look } = scene;
  const text = writer(pen, look.ink);
  drawMap(pen, text, plan.map, scene);
  const { loss, accuracy, ratio } = plan.plots;
  const end = stepsShown(state);
  const runs = [...state.kept.map((run, k) => ({ run, dash: DASHES[k], colour: look.ink, mark: k + 1, width: 1.4 })), { run: state, dash: [], colour: look.blue, width: 2.2 }];
  const finite = runs.flatMap(({ run }) => run.measured.map(([, value]) => value)).filter((value) => value > 0 && value < Infinity);
  const first = runs.map(({ run }) => run.measured[0][1]);
  const powers = [Math.min(-1, ...finite.map((value) => Math.floor(Math.log10(value)))), Math.ceil(Math.log10(3 * Math.max(...first)))];
  const at = axes(pen, text, loss, end, [Math.max(powers[0], -4), powers[1]], look);
  strokes(pen, [[[loss.left, at.y(Math.log(3))], [loss.left + loss.wide, at.y(Math.log(3))]]], look.faint, 1, [1, 3]);
  text("log 3", loss.left + loss.wide, at.y(Math.log(3)) - 8, 11, look.faint, "right");
  inside(pen, loss, () => {
    curve(pen, at, state.losses.map((value, k) => [k, value]), look.blue, 0.7);
    for (const { run, dash, colour, width } of runs) curve(pen, at, run.measured.map(([k, value]) => [k, value]), colour, width, dash);
  });
  const share = axes(pen, text, accuracy, end, null, look);
  for (const { run, dash, colour, width } of runs) {
    if (run === state) curve(pen, share, run.measured.map(([k, , right]) => [k, right]), look.blue, width);
    curve(pen, share, run.measured.map(([k, , , right]) => [k, right]), run === state ? look.frame : colour, run === state ? 2.2 : width, dash);
  }
  const moved = axes(pen, text, ratio, end, [-6, 1], look);
  pen.fillStyle = look.wash;
  pen.fillRect(ratio.left, moved.y(3e-3), ratio.wide, moved.y(3e-4) - moved.y(3e-3));
  inside(pen, ratio, () => {
    for (const { run, dash, colour, width } of runs) curve(pen, moved, run.ratios.map((value, k) => [k, value]), colour, Math.min(width, 1.4), dash);
  });
  plan.histograms.forEach((plot, k) => drawHistogram(pen, text, plot, state.layers[k], look));
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

/** Axes of a plot, logarithmic between two powers of ten or from 0 to 1; returns where a step and a value are. */
function axes(pen, text, { left, top, wide, high, title }, end, powers, look) {
  text(title, left - 38, top - 13, 14, look.ink, "left", "600");
  const y = powers
    ? (value) => top + high * (1 - (Math.log10(value) - powers[0]) / (powers[1] - powers[0]))
    : (value) => top + high * (1 - value);
  const ticks = powers ? range(powers[1] - powers[0] + 1).map((k) => 10 ** (powers[0] + k)) : [0, 0.5, 1];
  const each = Math.ceil(ticks.length / 6);
  for (const tick of ticks.filter((_, k) => k % each === 0)) {
    strokes(pen, [[[left, y(tick)], [left + wide, y(tick)]]], look.thin);
    text(powers ? brief(tick) : hundredths(tick), left - 4, y(tick), 11, look.faint, "right");
  }
  for (const tick of [0, end / 2, end]) text(tick, left + (wide * tick) / end, top + high + 10, 11, look.faint);
  return { x: (step) => left + (wide * step) / end, y };
}

/** A line through points; it breaks where a value has no place. */
function curve(pen, at, points, colour, width, dash = []) {
  const placed = points.filter(([, value]) => value !== null && value >= 0).map(([k, value]) => [at.x(k), clamp(at.y(value), -1e4, 1e4)]);
  if (placed.length > 1) strokes(pen, [placed], colour, width, dash);
}

function drawMap(pen, text, { x, y, side }, { state, tables, look }) {
  text(state.end === null ? `Step ${state.step}` : `Diverged at step ${state.end}`, x, y - 13, 14, look.ink, "left", "600");
  const colours = CLASSES[look.dark ? "dark" : "light"];
  pixels(pen, map2(state.map, ([k, p]) => mixed(look.paper, colours[k], 0.1 + 0.12 * Math.round((p - 0.34) * 6))), x, y, side);
  const spot = ([px, py]) => [x + (side * (px + MAP.reach)) / (2 * MAP.reach), y + (side * (MAP.reach - py)) / (2 * MAP.reach)];
  for (const points of [tables.held_out, tables.train])
    colours.forEach((colour, k) => {
      pen.beginPath();
      for (const point of points.filter((point) => point[2] === k)) shape(pen, k, ...spot(point));
      pen.fillStyle = points === tables.train ? colour : look.paper;
      pen.fill();
      pen.lineWidth = 1;
      pen.strokeStyle = points === tables.train ? look.paper : colour;
      pen.stroke();
    });
}

/** A circle, a square or a triangle, by class. */
function shape(pen, k, x, y) {
  if (k === 0) {
    pen.moveTo(x + 3.6, y);
    pen.arc(x, y, 3.6, 0, 2 * Math.PI);
  } else if (k === 1) pen.rect(x - 3.2, y - 3.2, 6.4, 6.4);
  else {
    pen.moveTo(x, y - 4.2);
    pen.lineTo(x + 4, y + 3);
    pen.lineTo(x - 4, y + 3);
    pen.closePath();
  }
}

function drawHistogram(pen, text, { left, top, wide, high, title }, { shares, top: most, dead, units, std }, look) {
  text(`${title}: ${dead} of ${units} units dead`, left - 38, top - 13, 14, look.ink, "left", "600");
  const bar = wide / shares.length;
  pen.fillStyle = look.faint;
  pen.fillRect(left, top + high * (1 - shares[0]), bar - 2, high * shares[0]);
  pen.fillStyle = look.blue;
  shares.slice(1).forEach((share, k) => pen.fillRect(left + (k + 1) * bar, top + high * (1 - share), bar - 1, high * share));
  strokes(pen, [[[left, top + high], [left + wide, top + high]]], look.thin);
  text("0", left + bar / 2, top + high + 10, 11, look.faint);
  text(brief(most), left + wide, top + high + 10, 11, look.faint, "right");
  text(hundredths(shares[0]), left - 4, top + high * (1 - shares[0]), 11, look.faint, "right");
}
