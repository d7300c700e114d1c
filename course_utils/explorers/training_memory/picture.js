// What one step of training keeps in memory: the picture.

const ROW = 33;
const FOOT = 34; // below the rows, for the axis

/** What a part is called, in the legend. */
const namesOf = ({ update }) => ["weights", "gradients", update === "adam" ? "Adam's moments" : "momentum", "bf16 copies", "activations"];

/** Legend, names, bars, and the numbers beside them. */
function layout(width, { values, state }) {
  const w = Math.min(width, 1080);
  const narrow = w < 620;
  const shown = PARTS.map((_, k) => k).filter((k) => state.chosen.parts[k] > 0);
  // The legend, in as many lines as it needs.
  let [x, y] = [0, 11];
  const legend = shown.map((k) => {
    const words = `${namesOf(values)[k]} ${roundedBytes(state.chosen.parts[k])}`;
    const long = 26 + 7.6 * words.length;
    if (x && x + long > w) [x, y] = [0, y + 20];
    const place = { k, words, x, y };
    x += long + 6;
    return place;
  });
  const top = y + 34;
  const left = narrow ? 118 : 124;
  const right = narrow ? 84 : 186;
  const bars = { left, wide: w - left - right, top, high: ROW * state.rows.length };
  return { legend, bars, narrow, width: w, height: top + bars.high + FOOT };
}

/** The row of the chosen network. */
function spotOf({ bars, width }, { state: { rows, chosen } }) {
  return [0, bars.top + ROW * rows.indexOf(chosen), width, ROW];
}

/** A round number that is not more: 1, 2 or 5 times a power of ten. */
function roundBelow(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [5, 2, 1].map((k) => k * power).find((k) => k <= value * 1.000001);
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { values, state, look } = scene;
  const { legend, bars } = plan;
  const text = writer(pen, look.ink);
  const colours = [look.blue, look.green, look.frame, look.faint, ORANGE];
  const [x, y, width, height] = spotOf(plan, scene);
  pen.fillStyle = "rgba(86,180,233,0.22)";
  pen.fillRect(x, y, width, height);
  for (const { k, words, x, y } of legend) {
    segment(pen, x, y - 7, 14, 14, colours[k]);
    text(words, x + 20, y, 13, look.ink, "left");
  }
  const shares = values.bars === "shares";
  const gpu = values.gpu * GB;
  const totals = state.rows.map(({ total }) => total);
  // The card is always seen; what is much more than it leaves the picture.
  const most = shares ? 1 : Math.max(1.12 * gpu, Math.min(Math.max(...totals) * 1.02, 1.6 * gpu));
  drawAxis(pen, text, plan, most, shares, look);
  const line = shares ? Infinity : bars.left + (bars.wide * gpu) / most;
  state.rows.forEach((row, k) => drawRow(pen, text, plan, { ...row, y: bars.top + k * ROW, line }, shares ? row.total : most, colours, scene));
  if (shares) return;
  strokes(pen, [[[line, bars.top - 6], [line, bars.top + bars.high]]], look.ink, 2, [6, 4]);
  text(`${values.gpu} GB`, line, bars.top - 14, 13, look.ink, "center", "600");
}

/** A part of a bar. */
function segment(pen, x, y, width, height, colour) {
  pen.globalAlpha = 0.5;
  pen.fillStyle = colour;
  pen.fillRect(x, y, width, height);
  pen.globalAlpha = 1;
  if (width > 2) box(pen, x + 0.5, y + 0.5, width - 1, height - 1, colour, 1);
}

/** The part of a bar that is not crossed by a line, the larger one: where it begins and its length. */
function clearOf(line, x, long) {
  if (line <= x || line >= x + long) return [x, long];
  return line - x > long / 2 ? [x, line - x] : [line, x + long - line];
}

/** One network: its name, its parts, their sum and the largest batch. */
function drawRow(pen, text, { bars, narrow, width }, { name, shape, parts, total, fits, largest, y, line }, most, colours, { values, look }) {
  const { left, wide } = bars;
  const weight = name === values.network ? "600" : "";
  text(name, left - 8, y + 11, 13, look.ink, "right", weight, left - 10);
  text(shape.join(" × "), left - 8, y + 25, 11, look.faint, "right");
  let x = left;
  parts.forEach((bytes, k) => {
    const long = Math.min((wide * bytes) / most, left + wide - x);
    if (long <= 0) return;
    segment(pen, x, y + 6, long, ROW - 12, colours[k]);
    const words = roundedBytes(bytes);
    const [from, room] = clearOf(line, x, long);
    if (room > 7 * words.length + 6) text(words, from + room / 2, y + ROW / 2, 12, look.ink);
    x += long;
  });
  if (total > most * 1.0001) text("▶", left + wide - 4, y + ROW / 2, 14, look.ink, "right");
  const sum = `${roundedBytes(total)}${fits ? "" : " ✗"}`;
  if (narrow) {
    text(sum, width - 2, y + 11, 12, look.ink, "right", weight);
    text(`N ≤ ${thousands(largest)}`, width - 2, y + 25, 12, look.faint, "right");
  } else {
    text(sum, left + wide + 88, y + ROW / 2, 13, look.ink, "right", weight);
    text(`N ≤ ${thousands(largest)}`, width - 2, y + ROW / 2, 13, look.ink, "right", weight);
  }
}

/** Grid and numbers below the bars. */
function drawAxis(pen, text, { bars, narrow }, most, shares, look) {
  const { left, wide, top, high } = bars;
  const step = shares ? 0.25 : roundBelow(most / (narrow ? 3 : 5));
  const marks = range(Math.floor(most / step + 1e-6) + 1).map((k) => k * step);
  strokes(pen, marks.map((mark) => [[left + (wide * mark) / most, top], [left + (wide * mark) / most, top + high]]), look.thin, 0.6);
  for (const mark of marks) text(shares ? `${100 * mark} %` : `${+(mark / GB).toPrecision(3)}`, left + (wide * mark) / most, top + high + 11, 12, look.faint);
  text(shares ? "share of the network's own sum" : "GB", left + wide / 2, top + high + 26, 12, look.ink);
}
