// Convolution forward and backward, window by window: the picture, on a canvas.

/** The panels of a mode, and where they go. */
function layout(width, state, { kernel_size: F, stride: S, padding: P, mode }) {
  const [height, wide] = [state.x.length, state.x[0].length];
  const [rows, columns] = state.output;
  const padded = P ? ", padded" : "";
  const panel = (title, rows, columns, cell, below = 0) => ({ title, rows, columns, cell, below });
  const padRows = height + 2 * P;
  const padColumns = wide + 2 * P;
  const w = panel("Kernel w", F, F, 36);
  let panels, groups;
  if (mode === "forward") {
    const x = panel(`Input x${padded}`, padRows, padColumns, 46);
    const products = panel("Pixel × weight", F, F, 52, 30);
    const y = panel("Output y", rows, columns, 44);
    panels = { x, w, products, y };
    groups = [[x], [w, products], [y]];
  } else if (mode === "backward") {
    const x = panel(`Input x${padded}`, padRows, padColumns, 32);
    const dx = panel(`dx so far${padded}`, padRows, padColumns, 48);
    const dout = panel("dout", rows, columns, 38);
    const dw = panel("dw so far", F, F, 54);
    const db = panel("db so far", 1, 1, 54);
    panels = { x, dx, w, dw, dout, db };
    groups = [[x, dx], [w, dw], [dout, db]];
  } else {
    const x = panel("Input x", height, wide, 32);
    const grid = panel(`dout, zeros ${S > 1 ? "between and " : ""}around`, height + F - 1, wide + F - 1, 37);
    const flipped = panel("w turned by 180°", F, F, 32);
    const products = panel("dout × weight", F, F, 52, 30);
    const dout = panel("dout", rows, columns, 32);
    const dx = panel("dx so far", height, wide, 40);
    panels = { x, grid, w, flipped, products, dout, dx };
    w.cell = 32;
    groups = [[x, grid], [w, flipped, products], [dout, dx]];
  }
  return { ...arrange(Math.min(width, 1080), groups), panels };
}

/** Draw one state. `at` is the place of the walk, with fractions while the window glides. */
function draw(pen, plan, scene, at) {
  const tools = panelTools(pen, scene.look);
  for (const panel of Object.values(plan.panels)) {
    tools.title(panel);
    const { x, dx } = plan.panels;
    const padded = scene.values.mode !== "pixel" && (panel === x || panel === dx);
    if (!["products", "db"].some((name) => plan.panels[name] === panel))
      tools.numerals(panel, padded ? scene.values.padding : 0);
  }
  ({ forward: drawForward, backward: drawBackward, pixel: drawPixel })[scene.values.mode](pen, tools, plan, scene, at);
}

/** The input with its padding. */
function drawInput(tools, panel, { state, values, look }, P) {
  for (const r of range(panel.rows))
    for (const c of range(panel.columns)) {
      const value = state.x[r - P]?.[c - P];
      const [fill, colour] = value === undefined ? [null, look.faint] : tools.grey(value, 3);
      const line = fill ? "rgba(120,120,120,0.6)" : look.thin;
      tools.cell(panel, r, c, value ?? 0, { fill, colour, line, dash: fill ? [] : [2, 2] });
    }
}

const drawTable = (tools, panel, table, options = () => ({})) =>
  table.forEach((line, r) => line.forEach((value, c) => tools.cell(panel, r, c, minus(value), options(value, r, c))));

/** The window on a panel of the padded input. */
function drawWindow(pen, tools, panel, { state, values, look }, at) {
  const F = values.kernel_size;
  const [r, c] = at.map((k) => k * values.stride);
  pen.fillStyle = "rgba(230,159,0,0.16)";
  pen.fillRect(panel.x + c * panel.cell, panel.y + r * panel.cell, F * panel.cell, F * panel.cell);
  tools.frame(panel, r, c, F, F, look.frame);
}

/** Values in reading order as far as this place; the later ones are empty. */
function drawSoFar(tools, panel, table, [row, column], look) {
  const most = Math.max(1, ...table.flat().map(Math.abs));
  drawTable(tools, panel, table, (value, r, c) => {
    const later = r > row || (r === row && c > column);
    return later ? { colour: "rgba(0,0,0,0)", dash: [1, 3] } : { fill: tools.tint(value, most) };
  });
}

/** Products and their sum: small the two factors, large the product. */
function drawProducts(tools, panel, lefts, rights, products, words, look) {
  const fill = look.dark ? "rgba(230,159,0,0.28)" : "rgba(230,159,0,0.16)";
  const line = look.faint;
  const of = (r, c) => `${factor(lefts[r][c])}·${factor(rights[r][c])}`;
  drawTable(tools, panel, products, (value, r, c) => ({ fill, line, small: panel.cell >= 32 ? of(r, c) : "" }));
  tools.text(words, panel.x, panel.y + panel.rows * panel.cell + 18, 15, look.ink, "left", "600");
}

/** Two lines from the window to what it becomes. */
function drawRays(pen, look, panel, r, c, F, target) {
  const x = panel.x + (c + F) * panel.cell;
  const top = panel.y + r * panel.cell;
  pen.globalAlpha = 0.6;
  pen.lineWidth = 1.2;
  pen.strokeStyle = look.frame;
  pen.beginPath();
  pen.moveTo(x, top);
  pen.lineTo(target.x, target.y);
  pen.moveTo(x, top + F * panel.cell);
  pen.lineTo(target.x, target.y + F * target.cell);
  pen.stroke();
  pen.globalAlpha = 1;
}

function drawForward(pen, tools, plan, scene, at) {
  const { state, values, look } = scene;
  const { x, w, products, y } = plan.panels;
  const F = values.kernel_size;
  drawInput(tools, x, scene, values.padding);
  drawTable(tools, w, state.w, () => ({ line: look.faint }));
  drawWindow(pen, tools, x, scene, at);
  if (plan.oneRow) drawRays(pen, look, x, at[0] * values.stride, at[1] * values.stride, F, products);
  const sum = total(state.products);
  const words = `${minus(sum)} + b = ${minus(sum)} + ${state.b} = ${minus(sum + state.b)}`;
  drawProducts(tools, products, state.pixels, state.w, state.products, words, look);
  drawSoFar(tools, y, state.y, state.place, look);
  tools.frame(y, ...at, 1, 1, look.frame);
}

function drawBackward(pen, tools, plan, scene, at) {
  const { state, values, look } = scene;
  const { x, dx, w, dw, dout, db } = plan.panels;
  const { kernel_size: F, padding: P } = values;
  const [row, column] = state.place;
  drawInput(tools, x, scene, P);
  drawWindow(pen, tools, x, scene, at);
  drawTable(tools, w, state.w, () => ({ line: look.faint }));
  drawTable(tools, dout, state.dout, (value, r, c) => {
    const later = r > row || (r === row && c > column);
    return later ? { colour: look.faint, dash: [1, 3] } : { fill: tools.tint(value, 3) };
  });
  tools.frame(dout, ...at, 1, 1, look.frame);
  // dx: in the window what was there and what is added; elsewhere how often a pixel was added to
  const [top, left] = state.corner.map((k) => k + P);
  const most = Math.max(4, ...state.dx_now.flat().map(Math.abs));
  drawTable(tools, dx, state.dx_now, (value, r, c) => {
    const padding = r < P || c < P || r >= dx.rows - P || c >= dx.columns - P;
    const dash = padding ? [2, 2] : [];
    const times = state.times[r][c];
    if (!times) return { colour: "rgba(0,0,0,0)", dash: [1, 3] };
    const inside = r >= top && r < top + F && c >= left && c < left + F;
    const before = state.dx_before[r][c];
    const added = state.d * state.w[r - top]?.[c - left];
    const small = inside && times > 1 ? sumOf([before, added]) : times > 1 ? `${times}×` : "";
    return { fill: tools.tint(value, most), dash, small, colour: padding ? look.faint : look.ink };
  });
  tools.frame(dx, ...at.map((k) => k * values.stride), F, F, look.frame);
  const largest = Math.max(4, ...state.dw_now.flat().map(Math.abs));
  drawTable(tools, dw, state.dw_now, (value, r, c) => {
    const small = sumOf([state.dw_before[r][c], state.d * state.pixels[r][c]]);
    return { fill: tools.tint(value, largest), small, line: look.faint };
  });
  const small = sumOf([state.db_before, state.d]);
  tools.cell(db, 0, 0, minus(state.db_now), { small, line: look.faint, fill: tools.tint(state.db_now, 12) });
}

function drawPixel(pen, tools, plan, scene, at) {
  const { state, values, look } = scene;
  const { x, grid, w, flipped, products, dout, dx } = plan.panels;
  const { kernel_size: F, stride: S, padding: P, pixel: [row, column] } = values;
  drawInput(tools, x, scene, 0);
  tools.frame(x, ...at, 1, 1, look.blue);
  drawTable(tools, w, state.w, () => ({ line: look.faint }));
  drawTable(tools, flipped, state.flipped, () => ({ line: look.faint }));
  const fed = new Set(state.feeds.map(String));
  const orange = look.dark ? "rgba(230,159,0,0.42)" : "rgba(230,159,0,0.38)";
  drawTable(tools, dout, state.dout, (value, r, c) =>
    fed.has(`${r},${c}`) ? { fill: orange, line: look.ink, weight: "600" } : { colour: look.faint, dash: [1, 3] },
  );
  const offset = F - 1 - P;
  drawTable(tools, grid, state.grid, (value, r, c) => {
    const [i, j] = [(r - offset) / S, (c - offset) / S];
    if (state.dout[i]?.[j] === undefined) return { colour: look.faint, dash: [2, 2] };
    return { line: look.ink, fill: fed.has(`${i},${j}`) ? orange : tools.tint(1, 6) };
  });
  tools.frame(grid, ...at, F, F, look.frame);
  if (plan.oneRow) drawRays(pen, look, grid, ...at, F, products);
  const words = `sum = ${minus(state.collected)}`;
  drawProducts(tools, products, state.grid_window, state.flipped, state.grid_products, words, look);
  drawSoFar(tools, dx, state.dx, [row, column], look);
  tools.frame(dx, ...at, 1, 1, look.blue);
}
