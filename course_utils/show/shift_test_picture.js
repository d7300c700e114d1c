// A shifted image before and after convolution and pooling: the picture, on a canvas.

/** The panels of a view, and where they go. */
function layout(width, { state, values }) {
  const n = state.x.length;
  const whole = 12 * 22;
  const panel = (title, table, most, below = 26) => {
    const side = table.length;
    return { title, table, rows: side, columns: side, cell: Math.min(most, whole / side), deep: whole, below };
  };
  const panels = {
    x: panel("x", state.x, 22),
    shifted_x: panel("shift(x)", state.shifted_x, 22),
    conv_x: panel("conv(x)", state.conv_x, 40),
    conv_shifted_x: panel("conv(shift(x))", state.conv_shifted_x, 40),
  };
  const groups = [[panels.x, panels.shifted_x], [panels.conv_x, panels.conv_shifted_x]];
  if (values.view === "convolution") {
    panels.shifted_conv_x = panel("shift(conv(x))", state.shifted_conv_x, 40);
    panels.difference = panel("conv(shift(x)) − shift(conv(x))", state.difference, 40);
    groups.push([panels.shifted_conv_x, panels.difference]);
  } else {
    panels.pool_x = panel("pool(conv(x))", state.pool_x, 40);
    panels.pool_shifted_x = panel("pool(conv(shift(x)))", state.pool_shifted_x, 40);
    groups.push([panels.pool_x, panels.pool_shifted_x]);
  }
  return { ...arrange(Math.min(width, 1080), groups), panels, n };
}

/** Draw one state. `at` is the shift, with fractions while the arrow glides. */
function draw(pen, plan, scene, at) {
  const { state, values, look, centre } = scene;
  const { panels } = plan;
  const tools = panelTools(pen, look);
  const images = [panels.x, panels.shifted_x];
  for (const panel of images) {
    tools.title(panel);
    tools.numerals(panel);
    for (const [r, line] of panel.table.entries())
      for (const [c, value] of line.entries()) {
        const a = panel.cell;
        pen.fillStyle = tools.grey(value, 2)[0];
        pen.fillRect(panel.x + c * a, panel.y + r * a, a + 0.5, a + 0.5);
      }
  }
  drawArrow(pen, panels.shifted_x, centre, at, look);
  const pooling = values.view === "pooling";
  const pairs = { conv_shifted_x: "conv_x", pool_shifted_x: "pool_x" };
  for (const [name, panel] of Object.entries(panels)) {
    if (images.includes(panel)) continue;
    tools.title(panel);
    tools.numerals(panel);
    const before = pooling && state[pairs[name]];
    panel.table.forEach((line, r) =>
      line.forEach((value, c) => {
        const words = value || name.startsWith("pool") ? minus(value) : "";
        tools.cell(panel, r, c, words, { fill: tools.tint(value, 8) });
      }),
    );
    if (before) markChanges(tools, panel, before, look);
  }
  const under = (panel, words) =>
    tools.text(words, panel.x, panel.y + panel.rows * panel.cell + 15, 13, look.ink, "left", "600");
  if (pooling)
    for (const name of ["conv", "pool"]) {
      const [same, size] = state[`${name}_same`];
      under(panels[`${name}_shifted_x`], `the same: ${same} of ${size} (${percent(same, size)})`);
    }
  else {
    under(panels.shifted_conv_x, `shifted by (${state.steps.map(minus).join(", ")}) outputs`);
    under(panels.difference, `largest difference: ${state.largest}`);
  }
  under(panels.shifted_x, `shifted by (${minus(values.dy)}, ${minus(values.dx)}) pixels`);
}

/** Frame every value that is not what it was. */
function markChanges(tools, panel, before, look) {
  panel.table.forEach((line, r) =>
    line.forEach((value, c) => {
      if (value === before[r][c]) return;
      const [x, y] = [panel.x + c * panel.cell, panel.y + r * panel.cell];
      tools.box(x + 1.5, y + 1.5, panel.cell - 3, panel.cell - 3, look.frame, 2);
    }),
  );
}

/** From where the middle of the drawing was to where it is now. */
function drawArrow(pen, panel, centre, [dy, dx], look) {
  const a = panel.cell;
  const [x, y] = [panel.x + (centre[1] + 0.5) * a, panel.y + (centre[0] + 0.5) * a];
  pen.save();
  pen.beginPath();
  pen.rect(panel.x, panel.y, panel.columns * a, panel.rows * a);
  pen.clip();
  const far = Math.hypot(dx, dy) * a;
  pen.translate(x, y);
  pen.rotate(Math.atan2(dy, dx));
  for (const [line, colour] of [[6, "#ffffff"], [3, "#0072b2"]]) {
    pen.lineWidth = line;
    pen.strokeStyle = pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(0, 0, 3.5, 0, 2 * Math.PI);
    pen.fill();
    if (far < 4) continue;
    pen.moveTo(0, 0);
    pen.lineTo(far, 0);
    pen.moveTo(far - 7, -5);
    pen.lineTo(far, 0);
    pen.lineTo(far - 7, 5);
    pen.stroke();
  }
  pen.restore();
}
