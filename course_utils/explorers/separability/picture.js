// A kernel as a sum of columns times rows: the picture.

/** The kernel; column, row and their product; what is left; and a bar for each singular value. */
function layout(width, { values: { terms } }) {
  const panel = (title, rows, columns, cell) => ({ title, rows, columns, cell });
  const kernel = panel("Kernel (draw here)", 5, 5, 46);
  const column = panel("Column", 5, 1, 46);
  const near = panel(terms > 1 ? `Sum of ${terms} terms` : "Column × row", 5, 5, 46);
  const row = { ...panel("Row", 1, 5, 46), deep: 46 };
  const left = panel("What is left", 5, 5, 46);
  const plan = arrange(Math.min(width, 1080), [[kernel], [column], [near, row], [left]], 366, 22);
  if (plan.oneRow) {
    // The row stands above its product, the column beside it.
    const shift = row.cell + 40;
    [row.y, near.y] = [near.y, near.y + shift];
    kernel.y += shift;
    column.y += shift;
    left.y += shift;
    plan.height = near.y + 5 * near.cell + 12;
  }
  const bars = plan.oneRow ? { x: left.x, y: 34, width: 5 * left.cell, height: row.cell } : null;
  return { ...plan, panels: { kernel, column, near, row, left }, bars };
}

const spotOf = ({ panels }, { values: { cell } }) => cellsOf(panels.kernel, ...cell);

/** Draw one state. */
function draw(pen, plan, { state, values, look }) {
  const tools = panelTools(pen, look);
  const { kernel, column, near, row, left } = plan.panels;
  const last = values.terms - 1;
  const most = Math.max(1, largest(values.kernel));
  const term = values.terms > 1 ? ` ${values.terms}` : "";
  for (const panel of [kernel, near, left]) tools.title(panel);
  tools.text(`Column${term}`, column.x, column.y - 28, 14, look.ink, "left", "600");
  tools.text(`Row${term}`, row.x, row.y - 28, 14, look.ink, "left", "600");
  const numbers = (panel, rows, top) => tools.table(panel, rows, (value) => ({ words: brief(value), fill: tintOf(look, Math.abs(value) < 1e-9 ? 0 : value, top, 0.75) }));
  numbers(kernel, values.kernel, most);
  numbers(near, state.near, most);
  numbers(left, state.left, most);
  numbers(column, state.columns[last].map((value) => [value]), Math.max(1e-9, most, largest(state.columns[last])));
  numbers(row, [state.rows[last]], 1);
  tools.frame(kernel, ...values.cell, 1, 1, look.blue, 3);
  if (plan.bars) drawBars(pen, tools.text, plan.bars, state.values, values.terms, look);
}

/** Singular values: full where they are used, empty where they are left out. */
function drawBars(pen, text, { x, y, width, height }, numbers, terms, look) {
  text("Singular values", x, y - 20, 14, look.ink, "left", "600");
  const step = width / numbers.length;
  const top = Math.max(1e-9, numbers[0]);
  numbers.forEach((value, k) => {
    const high = (height * value) / top;
    const place = [x + k * step + 4, y + height - high, step - 8, high];
    if (k < terms) {
      pen.fillStyle = look.blue;
      pen.fillRect(...place);
    } else if (value) box(pen, ...place, look.blue, 1.5, [4, 3]);
  });
  strokes(pen, [[[x, y + height], [x + width, y + height]]], look.faint);
}
