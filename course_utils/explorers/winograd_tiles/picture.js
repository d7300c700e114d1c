// An image in Winograd's tiles: the picture.

/** The input, a tile and the kernel with what becomes of them, their product, and the output. */
function layout(width, { values, state }) {
  const panel = (title, n, cell) => ({ title, rows: n, columns: n, cell });
  const side = state.d.length;
  const large = side > 4;
  const cell = large ? 28 : Math.min(34, 174 / side);
  const plain = values.outputs === 1;
  const x = panel("Input, in tiles", state.x.length, Math.min(26, (large ? 240 : 270) / state.x.length));
  const d = panel("Tile d", side, cell);
  const v = panel(plain ? "d as it is" : "Bᵀ d B", side, cell);
  const g = panel("Kernel g", TAPS, Math.min(cell, 34));
  const u = panel(plain ? "g as it is" : "G g Gᵀ", side, cell);
  const product = panel("Entry × entry", side, cell);
  const y = panel(plain ? "Their sum" : "Aᵀ (…) A", values.outputs, Math.min(cell, 34));
  const out = panel("Output", state.out.length, Math.min(26, (large ? 120 : 190) / state.out.length));
  // A large tile has no panel of its own: it stands framed in the input.
  const groups = large ? [[x], [v, out], [u, g], [product, y]] : [[x], [d, g], [v, u], [product, y], [out]];
  const plan = arrange(Math.min(width, 1080), groups, 384, 16, false);
  return { ...plan, panels: { x, v, g, u, product, y, out, ...(large ? {} : { d }) } };
}

function spotOf({ panels: { x } }, { values: { tile, outputs }, state }) {
  return cellsOf(x, tile[0] * outputs, tile[1] * outputs, state.d.length, state.d.length);
}

/** Draw one state. */
function draw(pen, plan, { values, state, look }) {
  const tools = panelTools(pen, look);
  const { x, d, v, g, u, product, y, out } = plan.panels;
  const { outputs: m, tile, padding } = values;
  for (const panel of Object.values(plan.panels)) tools.title(panel);
  const inside = (r, c) => r >= padding && c >= padding && r < padding + values.size && c < padding + values.size;
  tools.table(x, state.x, (value, r, c) => {
    if (value === null) return { words: "", dash: [1, 3], line: look.faint };
    const readable = x.cell >= 13 ? {} : { words: "" };
    return inside(r, c) ? { fill: tintOf(look, value, 9, 0.35), ...readable } : { colour: look.faint, dash: [2, 2], ...readable };
  });
  // The lines at which tiles begin, so that the overlap shows.
  const edge = x.cell * state.x.length;
  const begins = range(state.tiles).map((k) => k * m * x.cell);
  strokes(pen, begins.flatMap((a) => [[[x.x, x.y + a], [x.x + edge, x.y + a]], [[x.x + a, x.y], [x.x + a, x.y + edge]]]), look.blue, 1.2);
  const side = state.d.length;
  tools.frame(x, tile[0] * m, tile[1] * m, side, side, look.frame);
  const numbers = (panel, rows) => tools.table(panel, rows, (value) => ({ words: brief(value), fill: tintOf(look, value, Math.max(1, largest(rows))) }));
  if (d) numbers(d, state.d);
  numbers(v, state.v);
  numbers(g, state.g);
  numbers(u, state.u);
  numbers(product, state.product);
  numbers(y, state.y);
  const most = Math.max(1, largest(state.out.map((line) => line.map((value) => value ?? 0))));
  tools.table(out, state.out, (value) => (value === null ? { words: "", dash: [1, 3], line: look.faint } : { words: out.cell >= 13 ? brief(value) : "", fill: tintOf(look, value, most) }));
  tools.frame(out, tile[0] * m, tile[1] * m, m, m, look.frame);
}
