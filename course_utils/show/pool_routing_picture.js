// Max and average pooling, forward and backward: the picture, on a canvas.

/** The panels, and where they go. */
function layout(width, { x, values, state }) {
  const [rows, columns] = state.output;
  const panel = (title, rows, columns, cell) => ({ title, rows, columns, cell });
  const panels = {
    x: panel("Input x", x.length, x[0].length, 46),
    dout: panel("dout", rows, columns, 42),
    max: panel("Max pooling: y", rows, columns, 42),
    dx_max: panel("Max pooling: dx", x.length, x[0].length, 46),
    average: panel("Average pooling: y", rows, columns, 42),
    dx_average: panel("Average pooling: dx", x.length, x[0].length, 46),
  };
  panels.max.deep = panels.average.deep = x.length * 46; // the lower panels begin in one line
  const groups = [[panels.x, panels.dout], [panels.max, panels.dx_max], [panels.average, panels.dx_average]];
  return { ...arrange(Math.min(width, 1080), groups), panels };
}

/** Draw one state. `at` is the chosen output, with fractions while its window glides. */
function draw(pen, plan, scene, at) {
  const { x, state, values, look } = scene;
  const { panels } = plan;
  const { kernel_size: F, stride: S, pixel: [row, column], position: [i, j] } = values;
  const tools = panelTools(pen, look);
  for (const panel of Object.values(panels)) {
    tools.title(panel);
    tools.numerals(panel);
  }
  const each = (panel, values, options) =>
    values.forEach((line, r) => line.forEach((value, c) => tools.cell(panel, r, c, ...options(value, r, c))));
  const ring = (panel, [r, c], colour, dash = []) => {
    const a = panel.cell;
    for (const [line, stroke] of [[4.5, look.dark ? "#000000" : "#ffffff"], [2.2, colour]]) {
      pen.lineWidth = line;
      pen.strokeStyle = stroke;
      pen.setLineDash(dash);
      pen.beginPath();
      pen.arc(panel.x + (c + 0.5) * a, panel.y + (r + 0.53) * a, a * 0.33, 0, 2 * Math.PI);
      pen.stroke();
    }
    pen.setLineDash([]);
  };
  const top = Math.max(4, ...state.dout.flat().map(Math.abs));
  const inWindow = (r, c) => r >= i * S && r < i * S + F && c >= j * S && c < j * S + F;

  each(panels.x, x, (value, r, c) => {
    const [fill, colour] = tools.grey(value, 9);
    return [value, { fill, colour, line: "rgba(120,120,120,0.6)" }];
  });
  for (const [r, line] of state.won.entries())
    for (const [c, won] of line.entries()) if (won.length) ring(panels.x, [r, c], look.frame);
  for (const place of state.tied)
    if (!state.won[place[0]][place[1]].length) ring(panels.x, place, look.blue, [3, 3]);
  const largest = Math.max(...state.max.flat(), 1);
  each(panels.dout, state.dout, (value) => [minus(value), { fill: tools.tint(value, top) }]);
  each(panels.max, state.max, (value, r, c) => [value, { fill: tools.tint(value, 2 * largest), small: `(${state.argmax[r][c]})` }]);
  each(panels.average, state.sums, (value) => {
    const small = `${value}/${state.count}`;
    return [share(value, state.count), { fill: tools.tint(value / state.count, 2 * largest), small }];
  });
  each(panels.dx_max, state.dx_max, (value, r, c) => {
    const won = state.won[r][c].map(([a, b]) => state.dout[a][b]);
    if (!won.length) return ["0", { colour: look.faint }];
    const here = r === state.argmax[i][j][0] && c === state.argmax[i][j][1];
    const small = won.length > 2 ? `${won.length}×` : won.length > 1 ? sumOf(won) : "";
    return [minus(value), { fill: tools.tint(value || 0.4, top), small, weight: here ? "600" : "" }];
  });
  each(panels.dx_average, state.dx_sums, (value, r, c) => {
    const many = state.covered[r][c].length;
    if (!many) return ["0", { colour: look.faint, dash: [2, 2] }];
    return [share(value, state.count), { fill: tools.tint(value / state.count, top / 2), small: `${minus(value)}/${state.count}` }];
  });

  // The chosen window, where it lands, and the chosen pixel
  const { frame } = look;
  const [r, c] = at;
  for (const panel of [panels.x, panels.dx_max, panels.dx_average]) tools.frame(panel, r * S, c * S, F, F, frame);
  for (const panel of [panels.dout, panels.max, panels.average]) tools.frame(panel, r, c, 1, 1, frame);
  for (const panel of [panels.dx_max, panels.dx_average]) tools.frame(panel, row, column, 1, 1, look.blue, 2, [4, 3]);
  tools.frame(panels.x, row, column, 1, 1, look.blue, 3);
  const a = panels.x.cell;
  const colour = tools.grey(x[row][column], 9)[1];
  const corner = panels.x.x + (column + 1) * a - 8;
  if (x[row][column] < 9) tools.text("+", corner, panels.x.y + row * a + 9, 13, colour, "center", "600");
  if (x[row][column] > 0) tools.text("−", corner, panels.x.y + (row + 1) * a - 8, 13, colour, "center", "600");
}
