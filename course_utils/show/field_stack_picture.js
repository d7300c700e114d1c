// What one unit deep in a stack of layers sees: numbers, words and picture. `describe` is the twin of
// `describe` in stack.py. A layer is [kernel_size, stride, dilation, padding].

const INPUT = 32;

/** Units of each level, the input first, and why the next layer does not fit. */
function sizesOf(layers) {
  const sizes = [INPUT];
  for (const [index, [F, S, D, P]] of layers.entries()) {
    const size = sizes.at(-1);
    const span = D * (F - 1) + 1;
    const padded = size + 2 * P;
    if (span > padded) {
      const input = `the padded input size=${size} + 2*padding=${P} = ${padded}`;
      const problem = `layer ${index + 1}: kernel_size=${F} with dilation=${D} spans ${span}, larger than ${input}`;
      return [sizes, problem];
    }
    sizes.push(Math.floor((padded - span) / S) + 1);
  }
  return [sizes, ""];
}

/** Everything that the picture shows in one state. */
function describe(layers, layer, unit) {
  const [sizes, problem] = sizesOf(layers);
  const state = { sizes, problem, fields: [], steps: [] };
  let [size, jump, start] = [1, 1, 0];
  const starts = [];
  for (const [F, S, D, P] of layers.slice(0, sizes.length - 1)) {
    const [r, j] = [size, jump];
    size += D * (F - 1) * jump;
    start -= P * jump;
    jump *= S;
    starts.push(start);
    state.fields.push([size, jump, start + (size - 1) / 2]);
    state.steps.push(`r = ${r} + ${D}·(${F} − 1)·${j} = ${size}, j = ${j}·${S} = ${jump}`);
  }
  if (layer >= sizes.length) {
    state.words = `Layer ${layer} has no units.`;
    return state;
  }
  [size, jump] = state.fields[layer - 1];
  const first = starts[layer - 1] + unit * jump;
  const last = first + size - 1;
  const needed = range(layer + 1).map(() => []);
  const outside = range(layer + 1).map(() => []);
  needed[layer] = [unit];
  for (let level = layer; level > 0; level--) {
    const [F, S, D, P] = layers[level - 1];
    const taps = [...new Set(needed[level].flatMap((k) => range(F).map((tap) => k * S - P + D * tap)))];
    taps.sort((a, b) => a - b);
    const exists = (k) => k >= 0 && k < sizes[level - 1];
    needed[level - 1] = taps.filter(exists);
    outside[level - 1] = taps.filter((k) => !exists(k));
  }
  const inside = Math.min(last, INPUT - 1) - Math.max(first, 0) + 1;
  let words = `Unit ${unit} of layer ${layer} sees ${size} pixels`;
  if (size === inside) words += size > 1 ? `, ${first} to ${last}.` : `, number ${first}.`;
  else words += `, of which ${inside} lie in the image and ${size - inside} in its padding.`;
  const read = needed[0].length;
  if (read < inside) words += size > inside ? ` It reads ${read} of those ${inside}.` : ` It reads ${read}.`;
  words += ` Its neighbours look ${jump} pixel${jump > 1 ? "s" : ""} further.`;
  return Object.assign(state, { first, last, needed, outside, words });
}

/** Where rows and picture go. Level 0, the input, is the lowest row. */
function layout(width, levels) {
  const wide = width >= 720;
  const side = wide ? Math.min(236, width * 0.25) : 0;
  const room = Math.min(width, 1080) - 12 - (wide ? side + 36 : 0);
  const left = 14;
  const cell = (room - 2 * left) / (INPUT + 2);
  const gap = 62;
  const top = 30;
  const height = Math.max(top + levels * gap + 66, wide ? side + 66 : 0);
  const y = (level) => top + (levels - level) * gap + 10;
  return { width, height, cell, left: left + cell, y, image: wide ? { x: room + 36, y: 34, side } : null, right: room };
}

/** Middle of a unit along the axis, in pixels of the canvas. */
function middleOf(plan, state, level, unit) {
  const [, jump, centre] = level ? state.fields[level - 1] : [1, 1, 0];
  return plan.left + (centre + unit * jump + 0.5) * plan.cell;
}

const unitSide = (plan, state, level) =>
  Math.min(22, 0.84 * plan.cell * Math.min(level ? state.fields[level - 1][1] : 1, 2));

/** Draw one state; `at` is [x of the unit, first pixel, pixel after the last], on its way while it glides. */
function draw(pen, plan, scene, at) {
  const { layers, layer, unit, state, look, picture } = scene;
  const { ink, faint, thin } = look;
  const text = writer(pen, ink);
  const seen = look.dark ? "rgba(86,180,233,0.30)" : "rgba(86,180,233,0.34)";
  const [unitX, from, to] = at;
  const limit = (pixel) => clamp(plan.left + pixel * plan.cell, 4, plan.left + (INPUT + 1) * plan.cell);
  const { y } = plan;
  const units = "needed" in state;

  if (units) {
    pen.fillStyle = look.dark ? "rgba(255,140,58,0.10)" : "rgba(213,94,0,0.07)";
    pen.beginPath();
    pen.moveTo(unitX, y(layer));
    pen.lineTo(limit(from), y(0) - 8);
    pen.lineTo(limit(to), y(0) - 8);
    pen.fill();
    for (let level = layer; level > 0; level--) drawTaps(pen, plan, scene, level);
  }
  for (let level = layers.length; level >= 0; level--) {
    const chosen = level === layer;
    const name = level ? `layer ${level}` : "input";
    const [F, S, D, P] = level ? layers[level - 1] : [];
    const wide = plan.width >= 560;
    let words = level ? `${name}: ${wide ? "kernel " : ""}${F}, stride ${S}` : "input: 32 pixels";
    if (level && D > 1) words += `, dilation ${D}`;
    if (level && P) words += `, padding ${P}`;
    const exists = level < state.sizes.length;
    if (level && exists) {
      const units = state.sizes[level];
      words += ` → ${units}`;
      if (wide) words += ` unit${units > 1 ? "s" : ""}, each sees ${state.fields[level - 1][0]}`;
    }
    if (level === state.sizes.length) words += " does not fit";
    const label = (chosen ? "▸ " : "") + words;
    text("", 0, 0, 12.5, ink, "left", chosen ? "600" : "");
    pen.lineWidth = 5; // a halo, as lines pass behind the label
    pen.strokeStyle = look.paper;
    pen.strokeText(label, 4, y(level) - 23);
    text(label, 4, y(level) - 23, 12.5, chosen ? ink : faint, "left", chosen ? "600" : "");
    if (!exists) {
      pen.setLineDash([4, 4]);
      pen.strokeStyle = thin;
      pen.lineWidth = 1;
      pen.strokeRect(plan.left, y(level) - 8, INPUT * plan.cell, 16);
      pen.setLineDash([]);
      continue;
    }
    const a = unitSide(plan, state, level);
    const needed = new Set(units && level <= layer ? state.needed[level] : []);
    for (let k = 0; k < state.sizes[level]; k++) {
      const x = middleOf(plan, state, level, k) - a / 2;
      const isUnit = chosen && k === unit;
      pen.fillStyle = isUnit ? look.frame : needed.has(k) ? (level ? "rgba(230,159,0,0.45)" : look.blue) : look.paper;
      pen.lineWidth = needed.has(k) ? 1.6 : 1;
      pen.strokeStyle = needed.has(k) ? ink : thin;
      pen.fillRect(x, y(level) - a / 2, a, a);
      pen.strokeRect(x, y(level) - a / 2, a, a);
    }
    if (units && level < layer) {
      pen.setLineDash([2, 2]);
      pen.strokeStyle = faint;
      for (const k of state.outside[level]) {
        const x = middleOf(plan, state, level, k);
        if (x > 3 && x < plan.right) pen.strokeRect(x - a / 2, y(level) - a / 2, a, a);
      }
      pen.setLineDash([]);
    }
  }
  if (!units) return;

  // The span under the input, and the same square on the image
  const base = y(0) + 16;
  pen.strokeStyle = look.frame;
  pen.lineWidth = 3;
  pen.beginPath();
  pen.moveTo(limit(from) + 1, base - 4);
  pen.lineTo(limit(from) + 1, base);
  pen.lineTo(limit(to) - 1, base);
  pen.lineTo(limit(to) - 1, base - 4);
  pen.stroke();
  const [size] = state.fields[layer - 1];
  text(`sees ${size} pixel${size > 1 ? "s" : ""}`, clamp((limit(from) + limit(to)) / 2, 40, plan.right - 40), base + 14, 13, ink, "center", "600");
  if (!plan.image) return;
  const { x: left, y: top, side } = plan.image;
  const scale = side / INPUT;
  text("The same in two dimensions", left, top - 16, 13, ink, "left", "600");
  pen.imageSmoothingEnabled = false;
  pen.drawImage(picture, left, top, side, side);
  pen.save();
  pen.beginPath();
  pen.rect(left - 12, top - 12, side + 24, side + 24);
  pen.clip();
  const corner = [left + from * scale, top + from * scale];
  const whole = (to - from) * scale;
  pen.fillStyle = seen;
  pen.fillRect(...corner, whole, whole);
  pen.lineWidth = 5;
  pen.strokeStyle = "#ffffff";
  pen.strokeRect(...corner, whole, whole);
  pen.lineWidth = 2.5;
  pen.strokeStyle = "#d55e00";
  pen.strokeRect(...corner, whole, whole);
  pen.restore();
  text(`${size} × ${size} of 32 × 32 pixels`, left, top + side + 16, 12.5, ink, "left");
}

/** Lines from the units that are needed at one level to those that they read below. */
function drawTaps(pen, plan, { layers, state, look }, level) {
  const [F, S, D, P] = layers[level - 1];
  const { y } = plan;
  const upper = unitSide(plan, state, level) / 2;
  const lower = unitSide(plan, state, level - 1) / 2;
  pen.strokeStyle = look.faint;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const k of state.needed[level])
    for (let tap = 0; tap < F; tap++) {
      pen.moveTo(middleOf(plan, state, level, k), y(level) + upper);
      pen.lineTo(middleOf(plan, state, level - 1, k * S - P + D * tap), y(level - 1) - lower);
    }
  pen.stroke();
}
