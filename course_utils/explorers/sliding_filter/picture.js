// A filter slides over an input: the picture.

/** The panels, and where they go. */
function layout(width, { state, values }) {
  const { kernel_size: K, size: W, padding: P } = values;
  const { padded, span, output, total } = state;
  const square = (title, n, cell) => ({ title, rows: n, columns: n, cell });
  const grown = P ? `, padded to ${padded} × ${padded}` : "";
  const room = Math.max(padded, span); // a kernel that does not fit is shown, too
  const input = square(`Input ${W} × ${W}${grown}`, room, Math.min(46, 314 / room));
  const kernel = square(`Kernel ${K} × ${K}`, K, Math.min(28, 90 / K));
  const products = { ...square("Pixel × weight", K, Math.min(54, 150 / K)), note: `sum = ${minus(total)}` };
  const out = square(output ? `Output ${output} × ${output}` : "No output", output, Math.min(46, 230 / Math.max(output, 1)));
  if (state.left_over) input.deep = room * input.cell + 16; // "left over" stands below
  const middle = output ? [kernel, products] : [kernel];
  const plan = arrange(Math.min(width, 1080), [[input], middle, [out]], width < 700 ? 600 : 366, 56);
  input.rows = input.columns = padded;
  if (output && plan.oneRow) {
    // Not higher than the output's last row: the arrow to the output comes from below.
    products.y = Math.max(products.y, out.y + output * out.cell - K * products.cell);
    plan.height = Math.max(plan.height, products.y + K * products.cell + 34);
  }
  return { ...plan, input, kernel, products, out };
}

/** The window on the padded input. */
function spotOf({ input }, { state, values: { position, stride } }) {
  return state.output ? cellsOf(input, ...position.map((k) => k * stride), state.span, state.span) : null;
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { state, values, look } = scene;
  const { input, kernel, out } = plan;
  const tools = panelTools(pen, look);
  for (const panel of [input, kernel, out]) tools.title(panel);
  tools.numerals(input, values.padding);
  tools.numerals(out);
  drawInput(tools, input, state.x, values, look);
  if (state.left_over) drawLeftOver(pen, tools, input, state, look);
  tools.table(kernel, state.w, () => ({ line: look.faint }));
  if (!state.output) {
    tools.frame(input, 0, 0, state.span, state.span, look.frame, 3.5, [8, 5]);
    return;
  }
  drawWindow(pen, tools, input, scene);
  if (plan.oneRow) rays(pen, look, spotOf(plan, scene), plan.products);
  const end = drawProducts(tools, plan.products, state, look);
  tools.soFar(out, state.y, values.position);
  if (plan.oneRow) drawArrow(pen, end, cellsOf(out, ...values.position), look);
  tools.frame(out, ...values.position, 1, 1, look.frame);
}

/** Grey pixels, and a border of zeros. */
function drawInput(tools, panel, x, { size: W, padding: P }, look) {
  const within = (k) => k >= P && k < P + W;
  tools.table(panel, x, (value, r, c) => {
    if (!within(r) || !within(c)) return { colour: look.faint, dash: [2, 2] };
    const [fill, colour] = greyOf(value, 9);
    return { fill, colour, line: "rgba(120,120,120,0.6)" };
  });
}

/** Hatch what no window reaches. */
function drawLeftOver(pen, tools, { x, y, cell }, { padded, left_over }, look) {
  const [whole, used] = [padded * cell, (padded - left_over) * cell];
  pen.save();
  pen.beginPath();
  pen.rect(x + used, y, whole - used, whole);
  pen.rect(x, y + used, used, whole - used);
  pen.clip();
  pen.globalAlpha = 0.62;
  pen.fillStyle = look.paper;
  pen.fill();
  pen.globalAlpha = 1;
  const lines = range(Math.ceil(whole / 4)).map((k) => [[x - whole + 8 * k, y + whole], [x + 8 * k, y]]);
  strokes(pen, lines, look.ink, 1.2);
  pen.restore();
  tools.text("left over", x + whole, y + whole + 13, 12, look.ink, "right", "italic");
}

/** The window and the pixels that it reads, over numbers that stay readable. */
function drawWindow(pen, tools, panel, { state, values: { kernel_size: K, stride, dilation, position }, look }) {
  const [top, left] = position.map((k) => k * stride);
  const taps = table(K, K, (a, b) => cellsOf(panel, top + dilation * a, left + dilation * b)).flat();
  pen.fillStyle = "rgba(230,159,0,0.14)";
  for (const tap of taps) pen.fillRect(...tap);
  if (K > 1) for (const [x, y, side] of taps) box(pen, x + 1, y + 1, side - 2, side - 2, ORANGE, 2);
  tools.frame(panel, top, left, state.span, state.span, look.frame);
}

/** Products, their sums by row and their sum; returns where the sum ends. */
function drawProducts(tools, panel, { pixels, w, products, row_sums }, { ink }) {
  const [, y, , side] = cellsOf(panel, 0, 0, panel.rows, panel.columns);
  const sums = panel.x + side + 6;
  tools.title(panel);
  row_sums.forEach((sum, a) => tools.text(`→ ${minus(sum)}`, sums, y + (a + 0.5) * panel.cell, 13, ink, "left"));
  tools.products(panel, pixels, w, products);
  return [panel.x + 10 * panel.note.length, y + side + 15]; // 10 pixels a letter, in any font
}

/** From the sum to its place in the output, over cells that are still empty. */
function drawArrow(pen, [x, y], [left, top, side], look) {
  const [endX, endY] = [left + side / 2, top + side + 3];
  pen.lineWidth = 1.6;
  pen.strokeStyle = look.faint;
  pen.beginPath();
  pen.moveTo(x, y);
  pen.bezierCurveTo(endX, y, endX, y, endX, endY + 6);
  pen.stroke();
  pen.fillStyle = look.faint;
  pen.beginPath();
  pen.moveTo(endX, endY);
  pen.lineTo(endX - 4, endY + 8);
  pen.lineTo(endX + 4, endY + 8);
  pen.fill();
}
