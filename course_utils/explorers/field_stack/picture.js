// What one unit deep in a stack of layers sees: the picture.

/** Where rows and image go. Level 0, the input, is the lowest row. */
function layout(width, { values: { layers }, tables: { input }, state }) {
  const wide = width >= 720;
  const side = wide ? Math.min(200, width * 0.24) : 0;
  const room = Math.min(width, 1080) - 12 - (wide ? side + 36 : 0);
  const cell = (room - 28) / (input + 2 * state.margin);
  const gap = Math.min(56, 264 / layers.length);
  const y = (level) => 36 + (layers.length - level) * gap;
  const left = 14 + state.margin * cell;
  return {
    cell, gap, left, y,
    height: Math.max(y(0) + 50, wide ? side + 66 : 0),
    right: room,
    image: wide ? { x: room + 36, y: 34, side } : null,
    /** Middle of a unit along the axis. */
    middle(level, unit) {
      const [, jump, centre] = level ? state.fields[level - 1] : [1, 1, 0];
      return left + (centre + unit * jump + 0.5) * cell;
    },
    /** Side of the square of a unit. */
    unit: (level) => Math.min(20, 0.34 * gap, 0.84 * cell * Math.min(level ? state.fields[level - 1][1] : 1, 2)),
  };
}

/** The pixels that the unit sees, in the padding too, as far as they are in the picture: from, to. */
function seenIn({ left, cell }, { state, tables }) {
  const most = tables.input + state.margin;
  return [state.first, state.last + 1].map((pixel) => left + clamp(pixel, -state.margin, most) * cell);
}

/** The chosen unit. */
function spotOf(plan, { state, values: { layer, unit } }) {
  if (!state.needed) return null;
  const a = plan.unit(layer);
  return [plan.middle(layer, unit) - a / 2, plan.y(layer) - a / 2, a, a];
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { state, values, look } = scene;
  const text = writer(pen, look.ink);
  if (state.needed) {
    const [from, to] = seenIn(plan, scene);
    pen.fillStyle = tintOf(look, 1, 1, look.dark ? 0.1 : 0.07);
    pen.beginPath();
    pen.moveTo(plan.middle(values.layer, values.unit), plan.y(values.layer));
    pen.lineTo(from, plan.y(0) - 8);
    pen.lineTo(to, plan.y(0) - 8);
    pen.closePath();
    pen.fill();
    for (let level = values.layer; level > 0; level--) drawTaps(pen, plan, scene, level);
  }
  for (let level = values.layers.length; level >= 0; level--) {
    drawLabel(pen, text, plan, scene, level);
    drawLevel(pen, plan, scene, level);
  }
  if (!state.needed) return;
  drawSpan(pen, text, plan, scene);
  if (plan.image) drawImage(pen, text, plan.image, scene);
}

/** Lines from the units that are needed at one level to those that they read below. */
function drawTaps(pen, plan, { values: { layers }, state, look }, level) {
  const [K, S, D, P] = layers[level - 1];
  const [top, bottom] = [plan.y(level) + plan.unit(level) / 2, plan.y(level - 1) - plan.unit(level - 1) / 2];
  const lines = state.needed[level].flatMap((k) =>
    range(K).map((tap) => [[plan.middle(level, k), top], [plan.middle(level - 1, k * S - P + D * tap), bottom]]),
  );
  strokes(pen, lines, look.faint);
}

/** What a level is, above its units; the chosen one is marked. */
function drawLabel(pen, text, plan, { values: { layers, layer }, state, look }, level) {
  const wide = plan.right >= 500;
  const exists = level < state.sizes.length;
  const [K, S, D, P] = level ? layers[level - 1] : [];
  let words = level ? `layer ${level}: ${wide ? "kernel " : ""}${K}, stride ${S}` : `input: ${state.sizes[0]} pixels`;
  if (D > 1) words += `, dilation ${D}`;
  if (P) words += `, padding ${P}`;
  if (level && exists) {
    const units = state.sizes[level];
    words += ` → ${units}`;
    if (wide) words += ` unit${units > 1 ? "s" : ""}, each sees ${state.fields[level - 1][0]}`;
  } else if (level === state.sizes.length) words += " does not fit";
  const chosen = level === layer;
  const y = plan.y(level) - Math.min(23, 0.42 * plan.gap);
  const label = `${chosen ? "▸ " : ""}${words}`;
  text("", 0, 0, 12, look.ink, "left", chosen ? "600" : ""); // the font of the halo
  pen.lineWidth = 5; // a halo, as lines pass behind the label
  pen.strokeStyle = look.paper;
  pen.strokeText(label, 4, y);
  text(label, 4, y, 12, chosen ? look.ink : look.faint, "left", chosen ? "600" : "");
}

/** The units of a level, those that are needed apart from the others; dashed, what is read in the padding. */
function drawLevel(pen, plan, { values: { layers, layer, unit }, state, tables, look }, level) {
  const y = plan.y(level);
  if (level >= state.sizes.length) {
    box(pen, plan.left, y - 8, tables.input * plan.cell, 16, look.thin, 1, [4, 4]);
    return;
  }
  const a = plan.unit(level);
  const needed = new Set(state.needed && level <= layer ? state.needed[level] : []);
  const square = (k) => [plan.middle(level, k) - a / 2, y - a / 2, a, a];
  const units = range(state.sizes[level]);
  const chosen = level === layer && state.needed ? [unit] : [];
  const read = units.filter((k) => needed.has(k) && !chosen.includes(k));
  const fills = [
    [units, look.paper], [read, level ? "rgba(230,159,0,0.45)" : look.blue], [chosen, look.frame],
  ];
  for (const [which, colour] of fills) {
    pen.fillStyle = colour;
    for (const k of which) pen.fillRect(...square(k));
  }
  for (const k of units.filter((k) => !needed.has(k))) box(pen, ...square(k), look.thin);
  for (const k of [...read, ...chosen]) box(pen, ...square(k), look.ink, 1.6);
  if (!state.needed || level >= layer) return;
  const outside = state.outside[level].filter((k) => plan.middle(level, k) > 3 && plan.middle(level, k) < plan.right);
  for (const k of outside) box(pen, ...square(k), look.faint, 1, [2, 2]);
}

/** The span that the unit sees, under the input. */
function drawSpan(pen, text, plan, scene) {
  const { state, values: { layer }, tables, look } = scene;
  const [from, to] = seenIn(plan, scene);
  const base = plan.y(0) + 17;
  // An end that is not in the picture stays open.
  const start = state.first >= -state.margin ? [[from + 1, base - 4]] : [];
  const end = state.last < tables.input + state.margin ? [[to - 1, base - 4]] : [];
  strokes(pen, [[...start, [from + 1, base], [to - 1, base], ...end]], look.frame, 3);
  const [size] = state.fields[layer - 1];
  const middle = clamp((from + to) / 2, 110, plan.right - 110);
  const within = state.inside < size ? `, ${state.inside} in the image` : "";
  text(`sees ${size} pixel${size > 1 ? "s" : ""}${within}`, middle, base + 14, 13, look.ink, "center", "600");
}

/** The same square on an image. */
function drawImage(pen, text, { x, y, side }, { state, values: { layer }, tables, look }) {
  const [size] = state.fields[layer - 1];
  const scale = side / (tables.input + 2 * state.margin);
  const inner = state.margin * scale;
  text("The same in two dimensions", x, y - 20, 13, look.ink, "left", "600");
  pixels(pen, tables.image, x + inner, y + inner, tables.input * scale);
  box(pen, x, y, side, side, look.faint, 1, [2, 3]); // the padding ends here, or goes on
  pen.save();
  pen.beginPath();
  pen.rect(x - 3, y - 3, side + 6, side + 6);
  pen.clip();
  const corner = inner + state.first * scale;
  const place = [x + corner, y + corner, size * scale, size * scale];
  pen.fillStyle = "rgba(86,180,233,0.34)";
  pen.fillRect(...place);
  box(pen, ...place, "#ffffff", 5);
  box(pen, ...place, "#d55e00", 2.5);
  pen.restore();
  text(`${size} × ${size} of ${tables.input} × ${tables.input} pixels`, x, y + side + 16, 12, look.ink, "left");
}
