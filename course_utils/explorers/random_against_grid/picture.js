// The same number of trials as a grid and at random: the picture.

const LEVELS = [0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95];
const STRIP = 58; // height of the curve above a square

/** Where the two squares, the chart of the best so far and the histogram go. */
function layout(width) {
  const w = Math.min(width, 1060);
  const wide = w >= 780;
  const side = wide ? Math.min(250, (w - 410) / 2) : Math.min(250, (w - 110) / 2);
  const top = 34 + STRIP + 6;
  const squares = [44, 44 + side + 44].map((x) => ({ x, y: top }));
  const bottom = top + side;
  const left = wide ? squares[1].x + side + 64 : 44;
  const above = wide ? 34 : bottom + 76;
  const room = (wide ? w : squares[1].x + side) - left - 10;
  const chart = { x: left, y: above, width: room, height: 128 };
  const histogram = { x: left, y: above + 128 + 74, width: room, height: wide ? bottom - above - 202 : 100 };
  return { squares, side, chart, histogram, height: (wide ? bottom : histogram.y + 100) + 44 };
}

/** The newest trial at random. */
function spotOf({ squares, side }, { state }) {
  const [x, y] = placeOf(squares[1], side, state.searches[1].trials.at(-1));
  return [x - 7, y - 7, 14, 14];
}

const placeOf = (square, side, [x, y]) => [square.x + x * side, square.y + (1 - y) * side];

/** Draw one state. */
function draw(pen, plan, scene) {
  const { look, state } = scene;
  const text = writer(pen, look.ink);
  const colours = [look.blue, look.frame];
  state.searches.forEach((search, k) => {
    const { distinct } = search;
    const square = plan.squares[k];
    const rates = `${distinct} learning rate${distinct > 1 ? "s" : ""}`;
    text(`${["Grid", "Random"][k]}: ${rates}`, square.x, 12, 14, look.ink, "left", "600");
    drawSurface(pen, square, plan.side, scene);
    drawAxes(pen, text, square, plan.side, scene);
    drawCurve(pen, square, plan.side, search, scene, colours[k]);
    const best = search.scores.indexOf(search.best.at(-1));
    const mark = (trial, edge, r) => drawMark(pen, ...placeOf(square, plan.side, trial), k, colours[k], edge, r);
    for (const trial of search.trials) mark(trial, look.paper, 4.5);
    mark(search.trials[best], look.ink, 6.5);
  });
  drawChart(pen, text, plan.chart, scene, colours);
  drawHistogram(pen, text, plan.histogram, scene, colours);
}

/** A square for the grid, a disc for random. */
function drawMark(pen, x, y, kind, colour, paper, r) {
  pen.fillStyle = colour;
  pen.strokeStyle = paper;
  pen.lineWidth = 1.5;
  pen.beginPath();
  if (kind === 0) pen.rect(x - r, y - r, 2 * r, 2 * r);
  else pen.arc(x, y, r, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

/**
 * Where the score is at least `level`: for each x, y is at most so far from the peak. The outline of it, or null.
 * Of g(x) + w·g(y) >= level·(1 + w), g(x) alone says how far x may be, and what it leaves how far y may.
 */
function outlineOf(level, w, [px, py], width) {
  const needed = level * (1 + w);
  const reach = (height) => (height <= 0 ? Infinity : height > 1 ? -1 : width * Math.sqrt(-2 * Math.log(height)));
  const far = reach(needed - w);
  const [from, to] = [clamp(px - far, 0, 1), clamp(px + far, 0, 1)];
  if (far < 0 || from === to) return null;
  const points = range(33).map((n) => {
    const x = from + ((to - from) * n) / 32;
    const left = needed - bell(x - px, width);
    // At its end the outline closes: what is left there is w, up to rounding.
    return [x, w ? Math.max(0, reach(Math.min(left / w, 1))) : Infinity];
  });
  const inside = (y) => clamp(y, 0, 1);
  return [...points.map(([x, r]) => [x, inside(py + r)]), ...points.reverse().map(([x, r]) => [x, inside(py - r)])];
}

/** The scores, one tint above the other; the highest are the strongest. */
function drawSurface(pen, square, side, { values, tables, look }) {
  const peak = [values.peak_x / 100, values.peak_y / 100];
  pen.fillStyle = ORANGE;
  pen.globalAlpha = 0.13;
  for (const level of LEVELS) {
    const outline = outlineOf(level, values.weight / 100, peak, tables.width);
    if (!outline) continue;
    pen.beginPath();
    outline.forEach((point, n) => pen[n ? "lineTo" : "moveTo"](...placeOf(square, side, point)));
    pen.closePath();
    pen.fill();
  }
  pen.globalAlpha = 1;
}

function drawAxes(pen, text, square, side, { tables: { axes: [across, up] }, values, look }) {
  const { x, y } = square;
  box(pen, x, y, side, side, look.thin);
  text(`10${raised(across[1])}`, x, y + side + 13, 11, look.faint);
  text(`10${raised(across[2])}`, x + side, y + side + 13, 11, look.faint);
  text(across[0], x + side / 2, y + side + 14, 12);
  text(`10${raised(up[1])}`, x - 5, y + side - 5, 11, look.faint, "right");
  text(`10${raised(up[2])}`, x - 5, y + 5, 11, look.faint, "right");
  text(`upwards: ${up[0]}, counts ${values.weight} %`, x + side / 2, y + side + 32, 12, look.faint);
}

/** Above a square: g(x), the mean score over the second axis up to scale and a constant, and the values that were tried. */
function drawCurve(pen, square, side, { trials }, { values, tables, look }, colour) {
  const { x, y } = square;
  const base = y - 6;
  const high = (along) => base - STRIP * bell(along - values.peak_x / 100, tables.width);
  const tried = [...new Set(trials.map(([along]) => along))];
  strokes(pen, tried.map((along) => [[x + along * side, base], [x + along * side, high(along)]]), colour, 1.5);
  strokes(pen, [[[x, base], [x + side, base]]], look.thin);
  strokes(pen, [range(61).map((n) => [x + (n / 60) * side, high(n / 60)])], look.ink, 1.6);
  pen.fillStyle = colour;
  for (const along of tried) {
    pen.beginPath();
    pen.arc(x + along * side, high(along), 3, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** The best score so far, trial after trial. */
function drawChart(pen, text, { x, y, width, height }, { state, look }, colours) {
  text("Best so far", x, 12 + y - 34, 14, look.ink, "left", "600");
  const across = (trial) => x + ((trial - 1) / (state.budget - 1)) * width;
  const up = (score) => y + height - score * height;
  for (const score of [0, 0.5, 1]) text(score, x - 7, up(score), 11, look.faint, "right");
  strokes(pen, [0, 0.5, 1].map((score) => [[x, up(score)], [x + width, up(score)]]), look.thin);
  for (const trial of [1, state.budget]) text(trial, across(trial), y + height + 13, 11, look.faint);
  text("trials", x + width / 2, y + height + 13, 12);
  state.searches.forEach(({ best }, k) => {
    const points = best.map((score, n) => [across(n + 1), up(score)]);
    const stairs = points.flatMap((point, n) => (n ? [[point[0], points[n - 1][1]], point] : [point]));
    strokes(pen, [stairs], colours[k], 2.2, k ? [] : [7, 4]);
    drawMark(pen, ...points.at(-1), k, colours[k], look.paper, 5);
  });
}

/** How good the best of all trials is in each draw, and where the grid's stands. */
function drawHistogram(pen, text, { x, y, width, height }, { values, tables, state, look }, colours) {
  text(`Best of ${state.budget}, ${tables.draws} draws`, x, y - 22, 14, look.ink, "left", "600");
  const most = Math.max(...state.histogram);
  const bin = width / state.histogram.length;
  pen.fillStyle = tintOf(look, 1, 1, 0.55);
  state.histogram.forEach((count, k) => {
    const high = (count / most) * height;
    if (count) pen.fillRect(x + k * bin + 0.5, y + height - high, bin - 1, high);
  });
  strokes(pen, [[[x, y + height], [x + width, y + height]]], look.faint);
  for (const score of [0, 0.5, 1]) text(score, x + score * width, y + height + 13, 11, look.faint);
  const grid = x + state.here.means[0] * width;
  strokes(pen, [[[grid, y - 4], [grid, y + height]]], colours[0], 2.2, [7, 4]);
  drawMark(pen, grid, y - 4, 0, colours[0], look.paper, 5);
  text("best score", x + width / 2, y + height + 30, 12);
}
