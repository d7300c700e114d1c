// Max and average pooling, forward and backward: the picture.

/** The panels, and where they go. */
function layout(width, { values: { x }, state: { output } }) {
  const input = (title) => ({ title, rows: x.length, columns: x[0].length, cell: 46 });
  const outputs = (title) => ({ title, rows: output[0], columns: output[1], cell: 42 });
  const panels = {
    x: input("Input x"),
    dout: outputs("dout"),
    max: outputs("Max pooling: y"),
    dx_max: input("Max pooling: dx"),
    average: outputs("Average pooling: y"),
    dx_average: input("Average pooling: dx"),
  };
  const groups = [[panels.x, panels.dout], [panels.max, panels.dx_max], [panels.average, panels.dx_average]];
  return { ...arrange(Math.min(width, 1080), groups, width < 700 ? 800 : 390), panels };
}

/** The window on the input. */
const spotOf = ({ panels }, { state, values: { kernel_size: K } }) => cellsOf(panels.x, ...state.corner, K, K);

/** Draw one state. */
function draw(pen, { panels }, { state, values, look }) {
  const tools = panelTools(pen, look);
  for (const panel of Object.values(panels)) {
    tools.title(panel);
    tools.numerals(panel);
  }
  drawInput(pen, tools, panels.x, values.x, state, look);
  drawOutputs(tools, panels, state, look);
  drawGradients(tools, panels, state, values.position, look);
  drawChosen(tools, panels, state, values, look);
}

/** The input, with rings around the largest values. */
function drawInput(pen, tools, panel, x, { won, tied }, look) {
  tools.table(panel, x, (value) => {
    const [fill, colour] = greyOf(value, 9);
    return { fill, colour, line: "rgba(120,120,120,0.6)" };
  });
  const first = map2(won, (outputs, r, c) => [outputs.length, r, c]).flat().filter(([many]) => many);
  const later = tied.filter(([r, c]) => !won[r][c].length);
  const rings = (places, colour, dash) => {
    pen.setLineDash(dash);
    for (const [line, stroke] of [[4.5, look.dark ? "#000000" : "#ffffff"], [2.2, colour]]) {
      pen.lineWidth = line;
      pen.strokeStyle = stroke;
      for (const [r, c] of places) {
        pen.beginPath();
        pen.arc(panel.x + (c + 0.5) * panel.cell, panel.y + (r + 0.53) * panel.cell, panel.cell * 0.33, 0, 2 * Math.PI);
        pen.stroke();
      }
    }
    pen.setLineDash([]);
  };
  rings(first.map((place) => place.slice(1)), look.frame, []);
  rings(later, look.blue, [3, 3]);
}

const strongestOf = ({ dout }) => Math.max(4, largest(dout));

/** Both outputs, with what they come from, and their gradient. */
function drawOutputs(tools, panels, state, look) {
  const { max, argmax, sums, count, dout } = state;
  const most = 2 * Math.max(1, largest(max));
  tools.table(panels.dout, dout, (value) => ({ fill: tintOf(look, value, strongestOf(state)) }));
  tools.table(panels.max, max, (value, r, c) => ({ fill: tintOf(look, value, most), small: `(${argmax[r][c]})` }));
  tools.table(panels.average, sums, (value) => ({
    words: share(value, count), fill: tintOf(look, value / count, most), small: `${value}/${count}`,
  }));
}

/** Both gradients of the input, with the sums that they are. */
function drawGradients(tools, panels, state, [i, j], look) {
  const { argmax, count, dout, dx_max, dx_sums, won, covered } = state;
  const most = strongestOf(state);
  tools.table(panels.dx_max, dx_max, (value, r, c) => {
    const terms = won[r][c].map(([a, b]) => dout[a][b]);
    if (!terms.length) return { colour: look.faint };
    const small = terms.length > 2 ? `${terms.length}×` : terms.length > 1 ? sumOf(terms) : "";
    // Even a sum of 0 is tinted: something arrives here.
    return { fill: tintOf(look, value || 0.4, most), small, weight: same([r, c], argmax[i][j]) ? "600" : "" };
  });
  tools.table(panels.dx_average, dx_sums, (value, r, c) => {
    if (!covered[r][c].length) return { colour: look.faint, dash: [2, 2] };
    return { words: share(value, count), fill: tintOf(look, value / count, most / 2), small: `${minus(value)}/${count}` };
  });
}

/** The chosen window, where it lands, and the chosen pixel with its plus and minus. */
function drawChosen(tools, panels, { corner }, { x, kernel_size: K, position, pixel }, look) {
  for (const panel of [panels.x, panels.dx_max, panels.dx_average]) tools.frame(panel, ...corner, K, K, look.frame);
  for (const panel of [panels.dout, panels.max, panels.average]) tools.frame(panel, ...position, 1, 1, look.frame);
  for (const panel of [panels.dx_max, panels.dx_average]) tools.frame(panel, ...pixel, 1, 1, look.blue, 2, [4, 3]);
  tools.frame(panels.x, ...pixel, 1, 1, look.blue, 3);
  const [left, top, side] = cellsOf(panels.x, ...pixel);
  const value = x[pixel[0]][pixel[1]];
  const [, colour] = greyOf(value, 9);
  const [inset, size] = [0.16 * side, Math.min(13, 0.3 * side)];
  if (value < 9) tools.text("+", left + side - inset, top + inset, size, colour, "center", "600");
  if (value > 0) tools.text("−", left + side - inset, top + side - inset, size, colour, "center", "600");
}
