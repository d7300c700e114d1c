// Convolution forward and backward, window by window: the picture.

/** The panels of a mode, and where they go. */
function layout(width, { state, values }) {
  const { kernel_size: K, stride: S, padding: P, mode } = values;
  const [height, wide] = [state.x.length, state.x[0].length];
  const [rows, columns] = state.output;
  const padded = P ? ", padded" : "";
  const panel = (title, rows, columns, cell, note = "") => ({ title, rows, columns, cell, note });
  const padRows = height + 2 * P;
  const padColumns = wide + 2 * P;
  const w = panel("Kernel w", K, K, 36);
  let panels, groups;
  if (mode === "forward") {
    const sum = added(state.products.flat());
    const x = panel(`Input x${padded}`, padRows, padColumns, 46);
    const products = panel("Pixel × weight", K, K, 52, `${minus(sum)} + b = ${minus(sum)} + ${state.b} = ${minus(sum + state.b)}`);
    const y = panel("Output y", rows, columns, 44);
    panels = { x, w, products, y };
    groups = [[x], [w, products], [y]];
  } else if (mode === "backward") {
    const x = panel(`Input x${padded}`, padRows, padColumns, 30);
    const dx = panel(`dx so far${padded}`, padRows, padColumns, 48);
    const dout = panel("dout", rows, columns, 38);
    const dw = panel("dw so far", K, K, 54);
    const db = panel("db so far", 1, 1, 54);
    panels = { x, dx, w, dw, dout, db };
    groups = [[x, dout], [dx], [w, dw, db]];
  } else {
    const x = panel("Input x", height, wide, 32);
    const grid = panel(`dout, zeros ${S > 1 ? "between and " : ""}around`, height + K - 1, wide + K - 1, 37);
    const flipped = panel("w turned by 180°", K, K, 32);
    const products = panel("dout × weight", K, K, 52, `sum = ${minus(state.collected)}`);
    const dout = panel("dout", rows, columns, 32);
    const dx = panel("dx so far", height, wide, 40);
    panels = { x, grid, w, flipped, products, dout, dx };
    w.cell = 32;
    groups = [[x, dout], [grid], [products, dx], [w, flipped]];
  }
  return { ...arrange(Math.min(width, 1080), groups), panels };
}

/** Where the walk stands: the frame that moves. */
function spotOf({ panels }, { state, values: { mode, stride, kernel_size: K, pixel } }) {
  if (mode === "pixel") return cellsOf(panels.grid, ...pixel, K, K);
  return cellsOf(panels.x, ...state.place.map((k) => k * stride), K, K);
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const tools = panelTools(pen, scene.look);
  const { x, dx, products, db } = plan.panels;
  const { mode, padding } = scene.values;
  for (const panel of Object.values(plan.panels)) {
    tools.title(panel);
    if (panel !== products && panel !== db) tools.numerals(panel, mode !== "pixel" && (panel === x || panel === dx) ? padding : 0);
  }
  ({ forward: drawForward, backward: drawBackward, pixel: drawPixel })[mode](pen, tools, plan, scene);
}

/** The input with its padding. */
function drawInput(tools, panel, { tables, look }, P) {
  const values = table(panel.rows, panel.columns, (r, c) => tables.x[r - P]?.[c - P] ?? 0);
  tools.table(panel, values, (value, r, c) => {
    if (tables.x[r - P]?.[c - P] === undefined) return { colour: look.faint, dash: [2, 2] };
    const [fill, colour] = greyOf(value, 3);
    return { fill, colour, line: "rgba(120,120,120,0.6)" };
  });
}

/** The window on the padded input. */
function drawWindow(pen, tools, panel, { state, values: { kernel_size: K, stride }, look }) {
  const [r, c] = state.place.map((k) => k * stride);
  pen.fillStyle = "rgba(230,159,0,0.14)"; // over numbers that stay readable
  pen.fillRect(...cellsOf(panel, r, c, K, K));
  tools.frame(panel, r, c, K, K, look.frame);
}

function drawForward(pen, tools, plan, scene) {
  const { state, values, look } = scene;
  const { x, w, products, y } = plan.panels;
  drawInput(tools, x, scene, values.padding);
  tools.table(w, state.w, () => ({ line: look.faint }));
  drawWindow(pen, tools, x, scene);
  if (plan.oneRow) rays(pen, look, spotOf(plan, scene), products);
  tools.products(products, state.pixels, state.w, state.products);
  tools.soFar(y, state.y, state.place);
  tools.frame(y, ...state.place, 1, 1, look.frame);
}

function drawBackward(pen, tools, plan, scene) {
  const { state, values, look } = scene;
  const { x, dx, w, dw, dout, db } = plan.panels;
  const { kernel_size: K, padding: P } = values;
  const [row, column] = state.place;
  drawInput(tools, x, scene, P);
  drawWindow(pen, tools, x, scene);
  tools.table(w, state.w, () => ({ line: look.faint }));
  tools.table(dout, state.dout, (value, r, c) => {
    const later = r > row || (r === row && c > column);
    return later ? { colour: look.faint, dash: [1, 3] } : { fill: tintOf(look, value, 3) };
  });
  tools.frame(dout, ...state.place, 1, 1, look.frame);
  // dx: in the window what was there and what is added; elsewhere how often a pixel was added to
  const [top, left] = state.corner.map((k) => k + P);
  const most = Math.max(4, largest(state.dx_now));
  tools.table(dx, state.dx_now, (value, r, c) => {
    const padding = r < P || c < P || r >= dx.rows - P || c >= dx.columns - P;
    const times = state.times[r][c];
    if (!times) return { words: "", dash: [1, 3] };
    const inside = r >= top && r < top + K && c >= left && c < left + K;
    const sum = () => sumOf([state.dx_before[r][c], state.d * state.w[r - top][c - left]]);
    const small = times < 2 ? "" : inside ? sum() : `${times}×`;
    return { fill: tintOf(look, value, most), small, ...(padding ? { dash: [2, 2], colour: look.faint } : {}) };
  });
  tools.frame(dx, top, left, K, K, look.frame);
  tools.table(dw, state.dw_now, (value, r, c) => {
    const small = sumOf([state.dw_before[r][c], state.d * state.pixels[r][c]]);
    return { fill: tintOf(look, value, Math.max(4, largest(state.dw_now))), small, line: look.faint };
  });
  const small = sumOf([state.db_before, state.d]);
  tools.table(db, [[state.db_now]], (value) => ({ small, line: look.faint, fill: tintOf(look, value, 12) }));
}

function drawPixel(pen, tools, plan, scene) {
  const { state, values, look } = scene;
  const { x, grid, w, flipped, products, dout, dx } = plan.panels;
  const { kernel_size: K, stride: S, padding: P, pixel } = values;
  drawInput(tools, x, scene, 0);
  tools.frame(x, ...pixel, 1, 1, look.blue);
  for (const [panel, kernel] of [[w, state.w], [flipped, state.flipped]]) tools.table(panel, kernel, () => ({ line: look.faint }));
  const fed = new Set(state.feeds.map(String));
  const fill = look.dark ? "rgba(230,159,0,0.42)" : "rgba(230,159,0,0.38)";
  tools.table(dout, state.dout, (value, r, c) =>
    fed.has(`${r},${c}`) ? { fill, line: look.ink, weight: "600" } : { colour: look.faint, dash: [1, 3] },
  );
  const offset = K - 1 - P;
  tools.table(grid, state.grid, (value, r, c) => {
    const [i, j] = [(r - offset) / S, (c - offset) / S];
    if (state.dout[i]?.[j] === undefined) return { colour: look.faint, dash: [2, 2] };
    return { line: look.ink, fill: fed.has(`${i},${j}`) ? fill : tintOf(look, 1, 6) };
  });
  tools.frame(grid, ...pixel, K, K, look.frame);
  if (plan.oneRow) rays(pen, look, spotOf(plan, scene), products);
  tools.products(products, state.grid_window, state.flipped, state.grid_products);
  tools.soFar(dx, state.dx, pixel);
  tools.frame(dx, ...pixel, 1, 1, look.blue);
}
