// A kernel and what it makes of a picture: the picture.

const LEVELS = range(256).map((level) => `rgb(${level},${level},${level})`);

function layout(width, { state, tables }) {
  const n = tables.picture.length;
  const image = (title, note) => ({ title, rows: n, columns: n, cell: 300 / n, note });
  const input = image("Picture", "greys from 0 to 255");
  const kernel = { title: "Kernel", rows: 3, columns: 3, cell: 52, note: "" };
  const output = image("After the kernel", state.signed ? "grey is 0, light above, dark below" : "greys from 0 to 255");
  return { ...arrange(Math.min(width, 1080), [[input], [kernel], [output]]), input, kernel, output };
}

/** The chosen weight. */
const spotOf = ({ kernel }, { values: { weight } }) => cellsOf(kernel, ...weight);

function draw(pen, { input, kernel, output }, { state, values, tables, look }) {
  const tools = panelTools(pen, look);
  for (const [panel, greys] of [[input, tables.picture], [output, state.shown]]) {
    tools.title(panel);
    tools.note(panel);
    pixels(pen, map2(greys, (level) => LEVELS[level]), panel.x, panel.y, panel.rows * panel.cell);
    box(pen, panel.x, panel.y, panel.columns * panel.cell, panel.rows * panel.cell, look.thin);
  }
  tools.title(kernel);
  tools.table(kernel, values.kernel, (value) => ({ fill: tintOf(look, value, Math.max(4, largest(values.kernel))), line: look.faint }));
  tools.frame(kernel, ...values.weight, 1, 1, look.frame);
}
