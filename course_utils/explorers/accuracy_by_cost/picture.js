// Errors on ImageNet against what the networks cost: the picture.

const LARGEST = 26; // radius of the mark with the greatest cost
const RING = 4; // between the chosen mark and the ring around it
const UNKNOWN = 6; // of a mark without one
const LETTER = 7.3; // width of a letter of a label
const LINE = 15; // height of a label
const WORST = 20; // error at the upper end, in percent

const STOPS = [1, 2, 5].flatMap((digit) => range(6).map((power) => digit * 10 ** (power + 6))).sort((a, b) => a - b);

/** The axis across: where a value stands, and its ticks as [value, words]. */
function axisOf(axis, points, left, width) {
  if (axis === "year") {
    const years = [2012, 2013, 2014, 2015, 2016];
    return { across: (year) => left + ((year - 2012.7) / (2016.3 - 2012.7)) * width, ticks: years.slice(1).map((year) => [year, `${year}`]) };
  }
  const values = points.map(({ place }) => place[0]);
  const [low, high] = [Math.log(Math.min(...values) / 1.5), Math.log(Math.max(...values) * 1.5)];
  const across = (value) => left + ((Math.log(value) - low) / (high - low)) * width;
  const inside = STOPS.filter((stop) => across(stop) >= left && across(stop) <= left + width);
  return { across, ticks: inside.map((stop) => [stop, stop >= 1e9 ? `${stop / 1e9}G` : `${stop / 1e6}M`]) };
}

/** Stairs from each of these marks to the next one, and on to the end. */
function stairsOf(marks, { x, width }) {
  const corners = marks.flatMap((mark, n) => [...(n ? [[mark.x, marks[n - 1].y]] : []), [mark.x, mark.y]]);
  return [...corners, [x + width, corners.at(-1)[1]]];
}

/** Length that two intervals share. */
const shared = (a, b, c, d) => Math.max(0, Math.min(b, d) - Math.max(a, c));
const overlap = (one, two) =>
  shared(one.x, one.x + one.width, two.x, two.x + two.width) * shared(one.y, one.y + one.height, two.y, two.y + two.height);

/** From the middle of a mark to a box. */
const gap = (box, { x, y }) => Math.hypot(x - clamp(x, box.x, box.x + box.width), y - clamp(y, box.y, box.y + box.height));

const touches = (points, box) => points.some(([x, y]) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height);

/** Points of the line from the edge of a mark to a label; none where the label is at hand. */
function lineTo(box, { x, y, radius }) {
  const end = [clamp(x, box.x, box.x + box.width), clamp(y, box.y + 2, box.y + box.height - 2)];
  const long = Math.hypot(end[0] - x, end[1] - y);
  if (long < radius + 12) return [];
  return range(7).map((n) => [end[0] + ((x - end[0]) * (1 - radius / long) * n) / 6, end[1] + ((y - end[1]) * (1 - radius / long) * n) / 6]);
}

const AROUND = range(16).map((k) => [Math.cos((k * Math.PI) / 8), Math.sin((k * Math.PI) / 8)]);

/** What was placed last: when another point is chosen, nothing moves. */
let kept = { key: "" };
function onceFor(key, make) {
  if (kept.key !== key) kept = { key, made: make() };
  return kept.made;
}

/** Places for the labels: near their marks, beside each other, in the frame, and rather not on marks or stairs. */
function labelled(marks, stairs, frame) {
  const boxes = marks.map(({ x, y, radius }) => {
    const r = radius + RING + 2;
    return { x: x - r, y: y - r, width: 2 * r, height: 2 * r };
  });
  const labels = [];
  // Those with the most company first: they have the least choice.
  const company = marks.map(({ x, y }) => added(marks.map((other) => 1 / (20 + Math.hypot(other.x - x, other.y - y)))));
  for (const k of range(marks.length).sort((a, b) => company[b] - company[a])) {
    const { x, y, radius, words } = marks[k];
    const width = words.length * LETTER;
    let best = { cost: Infinity };
    for (const far of [7, 15, 26, 38, 54, 72, 92, 114]) {
      if (4 * far > best.cost) break; // those further off cost more
      for (const [dx, dy] of AROUND) {
        const middle = [x + dx * (radius + far + width / 2), y + dy * (radius + far + LINE / 2)];
        const box = { x: middle[0] - width / 2, y: middle[1] - LINE / 2, width, height: LINE };
        const out = box.x < frame.x || box.y < frame.y || box.x + width > frame.x + frame.width || box.y + LINE > frame.y + frame.height;
        if (out) continue;
        const hidden = added(labels.map((other) => overlap(box, other.box)));
        const covered = added(boxes.map((other) => overlap(box, other)));
        const crossed = added(stairs.map((other) => overlap(box, other)));
        // Who reads a name looks for the mark that is nearest.
        const own = gap(box, marks[k]);
        const nearer = marks.filter((mark, n) => n !== k && gap(box, mark) < own).length;
        const line = lineTo(box, marks[k]);
        const passed = labels.filter((other) => touches(line, other.box) || touches(other.line, box)).length;
        const through = boxes.filter((other, n) => n !== k && !touches([[x, y]], other) && touches(line, other)).length;
        const cost = 1000 * hidden + 3 * covered + 2 * crossed + 40 * nearer + 150 * passed + 60 * through + 4 * far + 6 * Math.abs(dy) + (dx < -0.5 ? 5 : 0);
        if (cost < best.cost) best = { cost, k, box, line };
      }
    }
    labels.push(best);
  }
  return labels.sort((a, b) => a.k - b.k);
}

/** Frame, axis, marks and labels. */
function layout(width, { values, state }) {
  const w = Math.min(width, 1080);
  const frame = { x: 40, y: 46, width: w - 52, height: 282 };
  const { across, ticks } = axisOf(values.axis, state.points, frame.x, frame.width);
  const up = (error) => frame.y + frame.height - (error / WORST) * frame.height;
  const marks = state.points.map(({ place: [value, error], area, label }) => ({
    x: across(value), y: up(error), words: label,
    radius: area === null ? UNKNOWN : LARGEST * Math.sqrt(area),
  }));
  const corners = stairsOf(state.frontier.map((k) => marks[k]), frame);
  // Lines as boxes, so that labels can keep away from them.
  const stairs = corners.slice(1).map(([x, y], n) => {
    const [left, top] = corners[n];
    return { x: Math.min(x, left) - 1, y: Math.min(y, top) - 1, width: Math.abs(x - left) + 2, height: Math.abs(y - top) + 2 };
  });
  const labels = onceFor(`${values.kind} ${values.axis} ${w}`, () => labelled(marks, stairs, frame));
  return { frame, across, ticks, up, marks, corners, labels, height: frame.y + frame.height + 44 };
}

/** The chosen mark. */
function spotOf({ marks }, { values: { point } }) {
  const { x, y, radius } = marks[point];
  const r = radius + RING;
  return [x - r, y - r, 2 * r, 2 * r];
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { values, tables, state, look } = scene;
  const text = writer(pen, look.ink);
  const { frame, marks, labels } = plan;
  text(`Top-5 error in %, ${tables.kinds[values.kind]}`, 4, 12, 14, look.ink, "left", "600", frame.x + frame.width - 4);
  const least = values.axis === "year" ? "so far" : "at this cost or less";
  text(`Area: ${state.area}, the largest ${brief(state.most)}. Dashed: the lowest error ${least}.`, 4, 31, 12, look.faint, "left", "", frame.x + frame.width - 4);
  drawAxes(pen, text, plan, scene);
  strokes(pen, [plan.corners], look.faint, 1.4, [5, 4]);
  const single = values.kind !== "ensemble";
  const order = range(marks.length).sort((a, b) => marks[b].radius - marks[a].radius);
  for (const k of order) drawMark(pen, marks[k], state.points[k].area !== null, single, k === values.point, look);
  strokes(pen, labels.filter(({ line }) => line.length).map(({ line }) => [line[0], line.at(-1)]), look.ink, 1);
  for (const { k, box } of labels) drawLabel(pen, text, marks[k].words, box, k === values.point, look);
}

function drawAxes(pen, text, { frame, across, ticks, up }, { values, look }) {
  const { x, y, width, height } = frame;
  const errors = [0, 5, 10, 15, 20];
  const lines = [...errors.map((error) => [[x, up(error)], [x + width, up(error)]]), ...ticks.map(([value]) => [[across(value), y], [across(value), y + height]])];
  strokes(pen, lines, look.thin, 0.6);
  for (const error of errors) text(error, x - 7, up(error), 12, look.faint, "right");
  let last = -Infinity;
  for (const [value, words] of ticks) {
    if (across(value) - last < 34) continue;
    text(words, (last = across(value)), y + height + 13, 12, look.faint);
  }
  text(`${AXES[values.axis].title}${values.axis === "year" ? "" : ", logarithmic"}`, x + width / 2, y + height + 32, 13);
}

/** A name with a halo, so that it is read on lines and marks. */
function drawLabel(pen, text, words, { x, y, width, height }, chosen, look) {
  const at = [x + width / 2, y + height / 2];
  text("", ...at, 12, look.ink, "center", chosen ? "600" : ""); // sets the font
  pen.strokeStyle = look.paper;
  pen.lineWidth = 4;
  pen.strokeText(words, ...at);
  text(words, ...at, 12, look.ink, "center", chosen ? "600" : "");
}

/** A disc for a single model, a square for an ensemble; hollow where no cost is known. */
function drawMark(pen, { x, y, radius }, known, single, chosen, look) {
  const colour = single ? look.blue : look.frame;
  const shape = (r) => {
    pen.beginPath();
    const side = r * Math.sqrt(Math.PI); // as large as the disc
    if (single) pen.arc(x, y, r, 0, 2 * Math.PI);
    else pen.rect(x - side / 2, y - side / 2, side, side);
  };
  if (known) {
    pen.globalAlpha = 0.45;
    pen.fillStyle = colour;
    shape(radius);
    pen.fill();
    pen.globalAlpha = 1;
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  pen.setLineDash(known ? [] : [3, 2]);
  shape(radius);
  pen.stroke();
  pen.setLineDash([]);
  if (!chosen) return;
  pen.strokeStyle = look.ink;
  pen.lineWidth = 2.2;
  shape(radius + RING);
  pen.stroke();
}
