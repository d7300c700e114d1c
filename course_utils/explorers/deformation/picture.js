// One output of a deformable convolution: the picture.

const RIM = 1; // cells of zeros drawn around the input

/** Input, the four neighbours of the chosen tap, kernel, samples and products. */
function layout(width, { tables, values, state }) {
  const side = tables.x.length + 2 * RIM;
  const panel = (title, n, cell, note = "") => ({ title, rows: n, columns: n, cell, note });
  const x = panel("Input, zeros around it", side, 30);
  const four = panel(`Tap ${values.tap + 1}: pixel × weight`, 2, 66, `sample = ${decimal(state.taps[values.tap].value)}`);
  const samples = panel("Samples", 3, 40);
  const kernel = panel("Kernel", 3, 36);
  const products = panel("Weight × sample", 3, 46, `y = ${decimal(state.y)}`);
  const plan = arrange(Math.min(width, 1080), [[x], [four, samples], [kernel, products]], 384, 24);
  const at = ([r, c]) => [x.x + (c + RIM + 0.5) * x.cell, x.y + (r + RIM + 0.5) * x.cell];
  return { ...plan, panels: { x, four, samples, kernel, products }, at };
}

/** Draw one state. */
function draw(pen, plan, { state, values, tables, look }) {
  const tools = panelTools(pen, look);
  const { x, four, samples, kernel, products } = plan.panels;
  for (const panel of Object.values(plan.panels)) tools.title(panel);
  const chosen = state.taps[values.tap];
  drawInput(pen, tools, x, chosen, tables.x, look);
  drawTaps(pen, plan, state, values, look);
  const shares = table(2, 2, (r, c) => chosen.neighbours[2 * r + c]);
  tools.table(four, shares, ([, , pixel, share]) => ({ words: decimal(pixel * share), small: `${pixel} · ${decimal(share)}`, fill: tintOf(look, share, 1, 0.7), line: look.faint }));
  tools.note(four);
  const square = (make) => table(3, 3, (r, c) => make(state.taps[3 * r + c]));
  tools.table(samples, square(({ value }) => value), (value) => ({ words: decimal(value), fill: tintOf(look, value, 9) }));
  tools.table(kernel, square(({ weight }) => weight), (value) => ({ fill: tintOf(look, value, 8), line: look.faint }));
  tools.table(products, square(({ product }) => product), (value) => ({ words: decimal(value), fill: look.wash, line: look.faint }));
  tools.note(products);
  for (const panel of [samples, kernel, products]) tools.frame(panel, Math.floor(values.tap / 3), values.tap % 3, 1, 1, look.frame, 2.5);
}

/** Grey pixels and a rim of zeros; the four neighbours of the chosen tap are framed. */
function drawInput(pen, tools, panel, chosen, x, look) {
  const wide = table(panel.rows, panel.columns, (r, c) => x[r - RIM]?.[c - RIM] ?? 0);
  tools.table(panel, wide, (value, r, c) => {
    if (x[r - RIM]?.[c - RIM] === undefined) return { colour: look.faint, dash: [2, 2] };
    const [fill, colour] = greyOf(value, 9);
    return { fill, colour, line: "rgba(120,120,120,0.6)" };
  });
  for (const k of range(x.length)) {
    tools.text(k, panel.x + (k + RIM + 0.5) * panel.cell, panel.y - 10, 11, look.faint);
    tools.text(k, panel.x - 10, panel.y + (k + RIM + 0.5) * panel.cell, 11, look.faint);
  }
  const [r, c] = chosen.neighbours[0];
  tools.frame(panel, r + RIM, c + RIM, 2, 2, look.frame, 2);
}

/** Of each tap where it stood, where it stands, and its gradient. */
function drawTaps(pen, { at }, { taps }, { tap }, look) {
  const [halo, mark] = look.dark ? ["#000000", look.blue] : ["#ffffff", look.blue];
  taps.forEach(({ regular, point }) => {
    const [from, to] = [at(regular), at(point)];
    box(pen, from[0] - 3, from[1] - 3, 6, 6, mark, 1.2);
    if (same(from, to)) return;
    arrow(pen, from, to, halo, 4);
    arrow(pen, from, to, mark, 1.8);
  });
  taps.forEach(({ point, gradient: [down, right] }) => {
    const [x, y] = at(point);
    const end = [x + 2.6 * right, y + 2.6 * down];
    if (Math.hypot(right, down) < 0.4) return;
    arrow(pen, [x, y], end, halo, 4);
    arrow(pen, [x, y], end, look.green, 2, [4, 2]);
  });
  taps.forEach(({ point }, k) => {
    const [x, y] = at(point);
    pen.beginPath();
    pen.arc(x, y, k === tap ? 7 : 5, 0, 2 * Math.PI);
    pen.fillStyle = k === tap ? look.frame : mark;
    pen.fill();
    pen.strokeStyle = halo;
    pen.lineWidth = 1.5;
    pen.stroke();
  });
}

/** A line with a head. */
function arrow(pen, from, to, colour, width, dash = []) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const long = Math.hypot(dx, dy);
  const [ux, uy] = [dx / long, dy / long];
  strokes(pen, [[from, to]], colour, width, dash);
  const wing = (side) => [to[0] - 7 * ux + side * 4 * uy, to[1] - 7 * uy - side * 4 * ux];
  strokes(pen, [[wing(1), to, wing(-1)]], colour, width);
}
