// The bill of a network, layer by layer: the picture.

const HIGH = 356; // of the rows and what stands above and below them

/** Columns and rows; of many rows only those around the chosen one have room. */
function layout(width, { values: { network, layer, quantity }, state }) {
  const many = network.length + 1;
  const room = HIGH - 26;
  const fit = Math.floor(room / 13);
  const shown = Math.min(many, fit - 2);
  const all = many <= fit;
  const from = all ? 0 : clamp(layer - Math.floor(shown / 2), 0, many - shown);
  const to = all ? many : from + shown;
  const row = Math.min(21, room / (all ? many : fit));
  const w = Math.min(width, 1080);
  const brief = w >= 620 ? 84 : null;
  const shape = w >= 480 ? (brief === null ? 70 : 228) : null;
  const bars = (shape ?? (brief ?? 0)) + (shape === null ? 70 : 124);
  const count = quantity === "memory" ? 2 : 1;
  const each = (w - bars) / count;
  const texts = 14 + 7.2 * Math.max(...state.texts.flat().map((text) => text.length));
  return {
    from, to, many, row, brief, shape, w, each,
    top: 26 + (from ? row : 0),
    height: 26 + row * (to - from + (from > 0) + (to < many)) + 4,
    bars: range(count).map((k) => ({ x: bars + k * each, longest: Math.max(each - texts, 20) })),
  };
}

/** Place of a row, or null if it has none. */
function rowAt({ from, to, top, row, w }, n) {
  return n < from || n >= to ? null : [0, top + (n - from) * row, w, row];
}

/** The chosen row. */
const spotOf = (plan, { values }) => rowAt(plan, values.layer);

/** Draw one state. */
function draw(pen, plan, { values, state, look }) {
  const text = writer(pen, look.ink);
  const { row, from, to, many } = plan;
  const size = Math.min(13, row * 0.78);
  text("layer", 6, 12, 13, look.ink, "left", "600");
  if (plan.shape !== null) text("output", plan.shape, 12, 13, look.ink, "left", "600");
  const heads = plan.each < 8 * Math.max(...state.heads.map((head) => head.length)) ? state.heads.map((head) => head.split(",")[0]) : state.heads;
  plan.bars.forEach(({ x }, k) => text(heads[k], x, 12, 13, look.ink, "left", "600"));
  const [, top, , height] = rowAt(plan, values.layer);
  pen.fillStyle = "rgba(86,180,233,0.24)";
  pen.fillRect(0, top, plan.w, height);
  pen.fillStyle = look.blue;
  pen.fillRect(0, top, 3, height);
  const shown = range(to - from).map((k) => k + from);
  drawBars(pen, plan, shown, state, values.quantity, look);
  for (const n of shown) drawRow(text, plan, n, values, state, look, size);
  const unfit = shown.filter((n) => n >= state.rows.length).map((n) => rowAt(plan, n));
  strokes(pen, unfit.map(([, y, , height]) => [[6, y + height / 2], [(plan.shape ?? 70) - 10, y + height / 2]]), look.frame, 1.2);
  if (from) text(`${from} more above`, 6, plan.top - row / 2, size, look.faint, "left", "italic");
  if (to < many) text(`${many - to} more below`, 6, plan.top + (to - from + 0.5) * row, size, look.faint, "left", "italic");
}

/** Solid bars; those of the parameters are hatched. */
function drawBars(pen, plan, shown, { bars }, quantity, look) {
  plan.bars.forEach(({ x, longest }, k) => {
    const hatched = k === 1 || quantity === "parameters";
    const colour = hatched ? look.frame : look.blue;
    const thick = plan.row * 0.66;
    const boxes = shown.filter((n) => bars[n]).map((n) => [x, rowAt(plan, n)[1] + (plan.row - thick) / 2, longest * bars[n][k], thick]);
    pen.fillStyle = hatched ? tintOf(look, 1, 1, 0.4) : colour;
    for (const place of boxes) pen.fillRect(...place);
    if (!hatched) return;
    const lines = boxes.flatMap(([left, y, wide, high]) =>
      range(Math.ceil(wide / 6)).map((n) => {
        const far = Math.min(high, wide - 6 * n);
        return [[left + 6 * n, y + high], [left + 6 * n + far, y + high - far]];
      }),
    );
    strokes(pen, lines, colour, 1.2);
    for (const [left, y, wide, high] of boxes.filter(([, , wide]) => wide >= 2)) box(pen, left, y, wide, high, colour);
  });
}

/** The words of one row. */
function drawRow(text, plan, n, { network, layer: chosen }, state, look, size) {
  const [, y, , height] = rowAt(plan, n);
  const middle = y + height / 2 + 0.5;
  const layer = network[n - 1];
  const row = state.rows[n];
  const next = plan.brief ?? plan.shape ?? plan.bars[0].x;
  text(layer?.name ?? "input", 6, middle, size, look.ink, "left", n === chosen ? "600" : row ? "" : "italic", next - 10);
  if (layer && plan.brief !== null) text(inBrief(layer), plan.brief, middle, size, look.faint, "left", "", plan.shape - plan.brief - 4);
  if (plan.shape !== null) text(row ? row[1] : n === state.rows.length ? "does not fit" : "–", plan.shape, middle, size, row ? look.ink : look.faint, "left");
  if (row) plan.bars.forEach(({ x, longest }, k) => text(state.texts[n][k], x + longest * state.bars[n][k] + 6, middle, size - 1, look.ink, "left"));
}
