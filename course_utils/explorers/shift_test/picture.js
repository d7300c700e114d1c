// A shifted image before and after convolution and pooling: the picture.

/** The panels of a view, and where they go. */
function layout(width, { state, values }) {
  const panel = (title, name, most, note = "") => {
    const table = state[name];
    return { title, table, rows: table.length, columns: table.length, cell: most / table.length, note };
  };
  const by = (steps) => `shifted by (${steps.map(minus).join(", ")})`;
  const unchanged = (name) => {
    const [same, size] = state[`${name}_same`];
    return `the same: ${same} of ${size} (${percent(same, size)})`;
  };
  const panels = { x: panel("x", "x", 124), shifted_x: panel("shift(x)", "shifted_x", 124, by([values.dy, values.dx])) };
  panels.conv_shifted_x = panel("conv(shift(x))", "conv_shifted_x", 280);
  let groups;
  if (values.view === "convolution") {
    panels.shifted_conv_x = panel("shift(conv(x))", "shifted_conv_x", 280, by(state.steps));
    panels.difference = panel("conv(shift(x)) − shift(conv(x))", "difference", 280, `largest difference: ${state.largest}`);
    groups = [[panels.conv_shifted_x], [panels.shifted_conv_x], [panels.difference]];
  } else {
    panels.conv_x = panel("conv(x)", "conv_x", 280);
    panels.conv_shifted_x.note = unchanged("conv");
    panels.pool_x = panel("pool(conv(x))", "pool_x", 124);
    panels.pool_shifted_x = panel("pool(conv(shift(x)))", "pool_shifted_x", 124, unchanged("pool"));
    groups = [[panels.conv_x], [panels.conv_shifted_x], [panels.pool_x, panels.pool_shifted_x]];
  }
  return { ...arrange(Math.min(width, 1080), [[panels.x, panels.shifted_x], ...groups]), panels };
}

/** The cell of the shifted image where the middle of the drawing is. */
function spotOf({ panels }, { values: { dy, dx }, tables: { centre } }) {
  return cellsOf(panels.shifted_x, centre[0] + dy, centre[1] + dx);
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { panels } = plan;
  const tools = panelTools(pen, scene.look);
  for (const panel of Object.values(panels)) {
    tools.title(panel);
    tools.numerals(panel);
    tools.note(panel);
  }
  for (const { table, x, y, rows, cell } of [panels.x, panels.shifted_x])
    pixels(pen, map2(table, (value) => greyOf(value, 2)[0]), x, y, rows * cell);
  drawArrow(pen, plan, scene);
  for (const [name, panel] of Object.entries(panels).slice(2)) {
    const zero = name.startsWith("pool") ? "0" : "";
    tools.table(panel, panel.table, (value) => ({ words: value ? minus(value) : zero, fill: tintOf(scene.look, value, 8) }));
  }
  if (scene.values.view === "pooling")
    for (const name of ["conv", "pool"]) markChanges(pen, panels[`${name}_shifted_x`], panels[`${name}_x`].table, scene.look);
}

/** Frame every value that is not what it was. */
function markChanges(pen, panel, before, look) {
  panel.table.forEach((line, r) =>
    line.forEach((value, c) => {
      if (value === before[r][c]) return;
      const [x, y, width, height] = cellsOf(panel, r, c);
      box(pen, x + 1.5, y + 1.5, width - 3, height - 3, look.frame, 2);
    }),
  );
}

/** From where the middle of the drawing was to where it is now, as far as the panel goes. */
function drawArrow(pen, { panels: { shifted_x: panel } }, { values: { dy, dx }, tables: { centre } }) {
  const a = panel.cell;
  const [x, y] = [panel.x + (centre[1] + 0.5) * a, panel.y + (centre[0] + 0.5) * a];
  const far = Math.hypot(dx, dy);
  const point = (along, aside) => [x + ((along * dx - aside * dy) / far) * a, y + ((along * dy + aside * dx) / far) * a];
  const head = [point(far - 0.35, -0.25), point(far, 0), point(far - 0.35, 0.25)];
  pen.save();
  pen.beginPath();
  pen.rect(...cellsOf(panel, 0, 0, panel.rows, panel.columns));
  pen.clip();
  for (const [line, colour] of [[6, "#ffffff"], [3, "#0072b2"]]) {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, 2 + line / 2, 0, 2 * Math.PI);
    pen.fill();
    if (far) strokes(pen, [[[x, y], head[1]], head], colour, line);
  }
  pen.restore();
}
