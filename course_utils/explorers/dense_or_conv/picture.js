// Fully connected, local and convolutional layers as the image grows: the picture.

const TITLES = { parameters: "Parameters", memory: "Parameters in bytes", multiply_adds: "Multiply-adds" };
const power = (n) => [...`${n}`].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");

/** Where the chart, the legend and the little picture go, and how a count becomes a height. */
function layout(width, { values, state }) {
  const w = Math.min(width, 1080) - 14;
  const wide = w >= 660;
  const right = wide ? w * 0.6 : w - 8;
  const chart = { left: 66, top: 44, right, bottom: wide ? 330 : 264 };
  const legend = wide ? { x: right + 34, y: 40 } : { x: 10, y: chart.bottom + 66 };
  const picture = { x: legend.x, y: legend.y + 184, side: 96 };
  const [[least], [greatest, most]] = [state.curves[0], state.curves.at(-1)];
  const { share, ticks } = axisOf(values.scale, most);
  return {
    ...chart, legend, picture, ticks,
    height: wide ? 374 : picture.y + 112,
    x: (side) => chart.left + ((side - least) / (greatest - least)) * (chart.right - chart.left),
    y: (count) => chart.bottom - share(count) * (chart.bottom - chart.top),
    sideAt: (x) => Math.round(least + ((x - chart.left) / (chart.right - chart.left)) * (greatest - least)),
  };
}

/** How high a count stands, and the counts at the lines across the chart, with their words. */
function axisOf(scale, most) {
  if (scale === "linear") {
    const step = 10 ** Math.floor(Math.log10(most));
    const unit = [step, step / 2].find((s) => most / s >= 3.5) ?? step / 4;
    return { share: (count) => count / most, ticks: range(Math.floor(most / unit) + 1).map((k) => [k * unit, spelled(k * unit)]) };
  }
  const decades = Math.ceil(Math.log10(most));
  const every = decades > 9 ? 2 : 1;
  const ticks = range(Math.floor(decades / every) + 1).map((k) => [10 ** (k * every), `10${power(k * every)}`]);
  return { share: (count) => Math.log10(Math.max(count, 1)) / decades, ticks };
}

function spelled(count) {
  const k = Math.floor(Math.log10(Math.max(count, 1)) / 3);
  return k < 1 ? `${count}` : `${count / 1000 ** k} ${["", "thousand", "million", "billion", "·10¹²", "·10¹⁵"][k]}`;
}

/** The upright line at the chosen side. */
const spotOf = (plan, { values }) => [plan.x(values.side) - 8, plan.top, 16, plan.bottom - plan.top];

/** Draw one state. */
function draw(pen, plan, { values, state, look }) {
  const { left, top, right, bottom, x, y } = plan;
  const text = writer(pen, look.ink);
  text(TITLES[values.quantity], left, top - 18, 14, look.ink, "left", "600");
  for (const [count, words] of plan.ticks) text(words, left - 7, y(count), 11, look.faint, "right");
  const sides = [16, 64, 128, 192, 256];
  for (const side of sides) text(side, x(side), bottom + 14, 11, look.faint);
  text("image side W", (left + right) / 2, bottom + 32, 12);
  const across = plan.ticks.map(([count]) => [[left, y(count)], [right, y(count)]]);
  strokes(pen, [...across, ...sides.map((side) => [[x(side), bottom], [x(side), bottom + 5]])], look.thin);

  // Curves, told apart by dashes and by what stands beside their marks
  const colours = [look.frame, look.green, look.blue];
  const points = state.curves.filter(([side], k) => k % 4 === 0 || side === values.side);
  [[], [9, 4], [2, 3]].forEach((dash, k) => strokes(pen, [points.map(([side, ...counts]) => [x(side), y(counts[k])])], colours[k], 2.4, dash));
  strokes(pen, [[[x(values.side), top], [x(values.side), bottom]]], look.faint, 1, [4, 4]);
  state.counts.forEach((count, k) => drawMark(pen, x(values.side), y(count), k, colours[k], look.paper));
  drawLegend(pen, text, plan.legend, state, look, colours);
  drawReach(pen, text, plan.picture, values, look);
}

/** A square, a triangle or a disc. */
function drawMark(pen, x, y, kind, colour, paper) {
  pen.fillStyle = colour;
  pen.strokeStyle = paper;
  pen.lineWidth = 2;
  pen.beginPath();
  if (kind === 0) pen.rect(x - 6, y - 6, 12, 12);
  else if (kind === 1) {
    pen.moveTo(x, y - 8);
    pen.lineTo(x + 8, y + 6);
    pen.lineTo(x - 8, y + 6);
    pen.closePath();
  } else pen.arc(x, y, 6, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

/** Mark, name, number and formula of each layer. */
function drawLegend(pen, text, { x, y }, { texts, formulas }, look, colours) {
  LAYERS.forEach((name, k) => {
    const row = y + k * 62;
    drawMark(pen, x + 6, row, k, colours[k], look.paper);
    text(name, x + 20, row, 13, look.ink, "left", "600");
    text(texts[k], x + 20, row + 18, 15, look.ink, "left");
    text(`= ${formulas[k]}`, x + 20, row + 36, 11, look.faint, "left");
  });
}

/** The kernel on the image, to scale. */
function drawReach(pen, text, { x, y, side }, { side: W, kernel_size: K }, look) {
  const a = side / W;
  const first = Math.floor((W - K) / 2) * a;
  pen.fillStyle = tintOf(look, 1, 1, look.dark ? 0.25 : 0.14);
  pen.fillRect(x, y, side, side);
  box(pen, x, y, side, side, look.frame, 1.5);
  pen.fillStyle = look.blue;
  pen.fillRect(x + first, y + first, Math.max(K * a, 1.5), Math.max(K * a, 1.5));
  text("One unit reads", x + side + 14, y + 12, 13, look.ink, "left", "600");
  [`all ${W} × ${W}, or`, `only ${K} × ${K} (drawn`, "to scale)"].forEach((words, k) => text(words, x + side + 14, y + 33 + 19 * k, 12, look.ink, "left"));
}
