// Which way to convolve is fastest: the picture.

const MARKS = { taps: "T", im2col: "M", blocks: "B", winograd: "W", fft: "F" };
const coloursOf = (look) => ({ taps: look.faint, im2col: ORANGE, blocks: look.blue, winograd: look.frame, fft: look.green });

/** Lines on the left, the table of winners on the right, below it on a narrow page. */
function layout(width, { values, state }) {
  const w = Math.min(width, 1080);
  const { sides, kernels } = values.times;
  const beside = w >= 760;
  const chart = { x: 58, y: 52, width: (beside ? w * 0.56 : w) - 78, height: 254 };
  const room = beside ? w - chart.x - chart.width - 96 : w - 80;
  const cell = Math.min(44, room / kernels.length, 250 / sides.length);
  const map = { x: beside ? chart.x + chart.width + 84 : 62, y: beside ? 52 : chart.y + chart.height + 88, rows: sides.length, columns: kernels.length, cell, title: "The winner of each size" };
  const all = state.methods.flatMap((name) => state.values[name].flat()).filter((value) => value !== null);
  const [low, high] = [Math.min(...all), Math.max(...all)].map(Math.log10);
  const span = Math.max(high - low, 0.3);
  const across = (k) => chart.x + 14 + ((chart.width - 28) * k) / Math.max(1, kernels.length - 1);
  const up = (value) => chart.y + chart.height - 8 - ((chart.height - 16) * (Math.log10(value) - low)) / span;
  const bottom = Math.max(chart.y + chart.height + 44, map.y + map.rows * cell + 44);
  return { chart, map, across, up, low, high, beside, height: bottom };
}

const spotOf = ({ map }, { values: { place } }) => cellsOf(map, ...place);

/** Draw one state. */
function draw(pen, plan, scene) {
  const tools = panelTools(pen, scene.look);
  drawLines(pen, tools.text, plan, scene);
  drawMap(pen, tools, plan, scene);
}

function drawLines(pen, text, { chart, across, up, low, high }, { values, state, tables, look }) {
  const { kernels, sides } = values.times;
  const { x, y, width, height } = chart;
  const [row, column] = values.place;
  const colours = coloursOf(look);
  const what = values.measure === "time" ? "Time in ms" : "Multiplications, millions";
  text(`${what}, image ${sides[row]} × ${sides[row]}`, 4, 12, 14, look.ink, "left", "600", x + width);
  const unit = values.measure === "time" ? 1 : 1e6;
  for (let power = Math.ceil(low); power <= high; power++) {
    const at = up(10 ** power);
    strokes(pen, [[[x, at], [x + width, at]]], look.thin, 0.6);
    text(`${+(10 ** power / unit).toPrecision(3)}`, x - 7, at, 12, look.faint, "right");
  }
  strokes(pen, [[[across(column), y], [across(column), y + height]]], look.blue, 1.5, [4, 3]);
  kernels.forEach((K, k) => text(`${K}`, across(k), y + height + 12, 12, k === column ? look.ink : look.faint, "center", k === column ? "600" : ""));
  text("Kernel size K", x + width / 2, y + height + 30, 13);
  let left = 4;
  for (const name of state.methods) {
    const points = state.values[name][row].map((value, k) => [value, k]).filter(([value]) => value !== null).map(([value, k]) => [across(k), up(value)]);
    if (points.length > 1) strokes(pen, [points], colours[name], 2);
    for (const [a, b] of points) {
      pen.beginPath();
      pen.arc(a, b, 7, 0, 2 * Math.PI);
      pen.fillStyle = look.paper;
      pen.fill();
      pen.strokeStyle = colours[name];
      pen.lineWidth = 1.4;
      pen.stroke();
      text(MARKS[name], a, b, 10, look.ink, "center", "600");
    }
    const said = `${MARKS[name]} ${tables.names[name]}`;
    text(said, left, 32, 12, look.ink, "left");
    strokes(pen, [[[left, 41], [left + 6.9 * said.length, 41]]], colours[name], 2.5);
    left += 7.2 * said.length + 16;
  }
}

function drawMap(pen, tools, { map }, { values, state, look }) {
  const { kernels, sides } = values.times;
  const rgb = { taps: "128,128,128", im2col: "230,159,0", blocks: "0,114,178", winograd: "213,94,0", fft: "0,158,115" };
  tools.text(map.title, map.x - 58, map.y - 40, 14, look.ink, "left", "600");
  tools.table(map, state.best, (names) => {
    if (!names.length) return { words: "–", colour: look.faint };
    return { words: names.map((name) => MARKS[name]).join(""), fill: `rgba(${rgb[names[0]]},0.4)`, weight: "600" };
  });
  kernels.forEach((K, k) => tools.text(`${K}`, map.x + (k + 0.5) * map.cell, map.y + map.rows * map.cell + 12, 12, look.faint));
  sides.forEach((side, k) => tools.text(`${side}`, map.x - 8, map.y + (k + 0.5) * map.cell, 12, look.faint, "right"));
  tools.text("Kernel size K", map.x + (map.columns * map.cell) / 2, map.y + map.rows * map.cell + 30, 13);
  tools.text("image W", map.x - 58, map.y - 14, 12, look.faint, "left");
  tools.frame(map, ...values.place, 1, 1, look.blue, 3);
}
