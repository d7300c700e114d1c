// An inception module, with its 1×1 reductions and without: the picture.

const TOP = 32; // of the rows of the branches, below the titles
const ROOM = 286; // of the rows
const LEAST = 56; // height of a row
const BAR = 12; // width of a bar that stands for maps

/** Pixels a map: one scale for both versions, and all of them have room. */
function scaleOf({ versions }) {
  const whole = versions.flatMap(({ branches, out_channels }) => [out_channels, branches[0][0].from]);
  const single = versions.flatMap(({ branches }) => branches.flat().map(({ to }) => to));
  return Math.min(196 / Math.max(...whole), (ROOM - 3 * LEAST - 8) / Math.max(...single));
}

/** Where the branches, their layers, the maps between them and the bill go. */
function layout(width, { state }) {
  const w = Math.min(width, 1080);
  const wide = w >= 780;
  const flow = wide ? w - 246 : w;
  const op = clamp((flow - 196) / 2, 100, 158);
  const gap = (flow - 2 * op - 4 * BAR - 12) / 6; // between layers and bars; two of them fan out and in
  const input = 6;
  const first = input + BAR + 1.7 * gap;
  const narrow = first + op + 0.4 * gap;
  const second = narrow + BAR + 0.9 * gap;
  const given = second + op + 0.4 * gap;
  const output = flow - BAR - 6;
  const scale = scaleOf(state);
  const deep = state.shown.branches.map((layers) => Math.max(LEAST, ...layers.map(({ to }) => to * scale + 8)));
  const spare = (ROOM - added(deep)) / 4;
  let y = TOP;
  const rows = deep.map((high) => {
    const row = { y, height: high + spare, middle: y + (high + spare) / 2 };
    y += row.height;
    return row;
  });
  const columns = wide ? 1 : 3;
  const each = wide ? { width: 214, height: ROOM / 3 } : { width: (w - 32) / 3, height: 78 };
  const bill = range(3).map((k) => ({
    x: wide ? flow + 32 : k * (each.width + 16),
    y: wide ? TOP + k * each.height : TOP + ROOM + 16,
    ...each,
  }));
  return { flow, op, input, first, narrow, second, given, output, scale, rows, bill, height: TOP + ROOM + (columns > 1 ? 100 : 6) };
}

/** The row of the chosen branch. */
function spotOf({ rows, flow }, { values: { branch } }) {
  const { y, height } = rows[branch - 1];
  return [0, y, flow, height];
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { state, values, look } = scene;
  const text = writer(pen, look.ink);
  const { shown } = state;
  const [, y, , height] = spotOf(plan, scene);
  pen.fillStyle = "rgba(86,180,233,0.2)";
  pen.fillRect(plan.input + BAR + 4, y, plan.output - plan.input - BAR - 8, height);
  const side = `${values.size}×${values.size}×`;
  text(`Input ${side}${values.module[0]}`, plan.input, 12, 14, look.ink, "left", "600");
  text(`Output ${side}${shown.out_channels}`, plan.output + BAR, 12, 14, look.ink, "right", "600");
  const colours = [look.blue, look.green, look.frame, look.faint];
  drawMaps(pen, plan, scene, colours);
  const most = Math.max(...state.versions.flatMap(({ branches }) => branches.flat().map(({ work }) => work)));
  shown.branches.forEach((layers, k) => {
    layers.forEach((layer, n) => {
      const x = layers.length === 1 || n ? plan.second : plan.first;
      drawLayer(pen, text, [x, plan.rows[k].middle, plan.op], layer, most, k === values.branch - 1, look);
    });
  });
  drawBill(pen, text, plan, scene);
}

/** Input, maps between the layers and output, to scale, and what joins them. */
function drawMaps(pen, { input, first, narrow, second, given, output, op, scale, rows }, { state: { shown }, look }, colours) {
  const middle = TOP + ROOM / 2;
  const high = shown.branches[0][0].from * scale;
  const total = shown.out_channels * scale;
  const bar = (x, y, tall, colour) => {
    pen.fillStyle = colour;
    pen.fillRect(x, y - Math.max(tall, 1) / 2, BAR, Math.max(tall, 1));
  };
  let top = middle - total / 2;
  shown.branches.forEach((layers, k) => {
    const y = rows[k].middle;
    const start = layers.length === 1 ? second : first;
    // Every branch reads all of the input: a line each, and the bars say how much it is.
    const from = middle + ((k - 1.5) / 4) * high;
    strokes(pen, [[[input + BAR, from], [first - 22, y], [start, y]]], look.faint, 1.5);
    if (layers.length > 1) {
      strokes(pen, [[[first + op, y], [second, y]]], look.faint, 1.5);
      bar(narrow, y, layers[0].to * scale, colours[k]);
    }
    const tall = layers.at(-1).to * scale;
    strokes(pen, [[[second + op, y], [given, y]]], look.faint, 1.5);
    bar(given, y, tall, colours[k]);
    drawBand(pen, [given + BAR, y - tall / 2], [output, top], tall, colours[k]);
    bar(output, top + tall / 2, tall, colours[k]);
    top += tall;
  });
  bar(input, middle, high, look.ink);
  const seams = [0, 1, 2].map((k) => middle - total / 2 + added(shown.outputs.slice(0, k + 1)) * scale);
  strokes(pen, seams.map((y) => [[output, y], [output + BAR, y]]), look.paper, 1.5);
}

/** What a branch gives, on its way into the output. */
function drawBand(pen, [left, from], [right, to], tall, colour) {
  const bend = (right - left) / 2;
  pen.globalAlpha = 0.22;
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(left, from);
  pen.bezierCurveTo(left + bend, from, right - bend, to, right, to);
  pen.lineTo(right, to + tall);
  pen.bezierCurveTo(right - bend, to + tall, left + bend, from + tall, left, from + tall);
  pen.closePath();
  pen.fill();
  pen.globalAlpha = 1;
}

/** A layer and its costs; the more it multiplies, the darker it is. */
function drawLayer(pen, text, [x, middle, width], { pool, kernel, from, to, parameters, work }, most, chosen, look) {
  const y = middle - 24;
  pen.fillStyle = look.paper;
  pen.fillRect(x, y, width, 48);
  const tint = tintOf(look, work, most, 0.55);
  if (tint) {
    pen.fillStyle = tint;
    pen.fillRect(x, y, width, 48);
  }
  box(pen, x, y, width, 48, chosen ? look.frame : look.faint, chosen ? 2.5 : 1, pool ? [4, 3] : []);
  const roomy = width >= 140;
  const size = width >= 120 ? 12 : 11;
  const write = (words, line, weight) => text(words, x + width / 2, middle + line * 15, size, look.ink, "center", weight, width - 6);
  write(pool ? `3×3 max pool, ${to}` : `${kernel}×${kernel}, ${from} → ${to}`, -1, "600");
  write(pool ? "no parameters" : roomy ? `${thousands(parameters)} parameters` : `${brief(parameters)} param.`, 0);
  write(pool ? "no multiply-adds" : `${brief(work)} ${roomy ? "multiply-adds" : "mult-adds"}`, 1);
}

const BILL = [["work", "Multiply-adds"], ["parameters", "Parameters"], ["out_channels", "Maps out"]];
const VERSIONS = ["with", "without"];

/** Both versions, one below the other, and their ratio. */
function drawBill(pen, text, { bill }, { state: { versions }, values: { reductions }, look }) {
  BILL.forEach(([name, title], k) => {
    const { x, y, width } = bill[k];
    const counts = versions.map((version) => version[name]);
    const longest = width - 58 - 58;
    text(title, x, y + 12, 13, look.ink, "left", "600");
    text(ratioOf(...counts), x + width, y + 12, 13, look.ink, "right", "600");
    counts.forEach((count, n) => {
      const line = y + 34 + 24 * n;
      const shown = reductions === (n === 0);
      const long = Math.max(1, (longest * count) / Math.max(...counts));
      text(VERSIONS[n], x, line, 12, shown ? look.ink : look.faint, "left", shown ? "600" : "");
      pen.fillStyle = look.blue;
      pen.globalAlpha = shown ? 1 : 0.4;
      pen.fillRect(x + 56, line - 7, long, 14);
      pen.globalAlpha = 1;
      text(name === "out_channels" ? `${count}` : brief(count), x + 56 + long + 5, line, 12, look.ink, "left", shown ? "600" : "");
    });
  });
}
