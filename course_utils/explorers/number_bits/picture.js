// The bits of a number: the picture.

const DECADES = [-46, 40]; // of the ranges

/** A row of bits, and below it a bar for each format on a logarithmic axis. */
function layout(width, { state, values }) {
  const w = Math.min(width, 1080);
  const n = state.bits.length;
  const cell = Math.min(34, (w - 12) / n);
  const bits = { x: 4, y: 56, rows: 1, columns: n, cell };
  const axis = { x: 62, width: w - 62 - 150, y: bits.y + cell + 66, deep: 32 };
  const at = (size) => axis.x + (axis.width * (clamp(Math.log10(size), ...DECADES) - DECADES[0])) / (DECADES[1] - DECADES[0]);
  return { bits, axis, at, width: w, height: axis.y + 4 * axis.deep + 34 };
}

const spotOf = ({ bits }, { values: { bit } }) => cellsOf(bits, 0, bit);

/** Draw one state. */
function draw(pen, plan, scene) {
  const { values, state, look } = scene;
  const tools = panelTools(pen, look);
  drawBits(pen, tools, plan, scene);
  drawRanges(pen, tools.text, plan, values, state, look);
}

function drawBits(pen, tools, { bits, width }, { values, state, look }) {
  const tints = { sign: look.rgb.up, exponent: look.rgb.down, whole: look.rgb.down, fraction: "0,158,115" };
  const name = values.format === "fixed" ? "16-bit fixed point" : values.format;
  tools.text(`${name}: ${written(state.value, 9)}`, bits.x, 14, 15, look.ink, "left", "600", width);
  tools.table(bits, [state.bits], (bit, _, k) => ({
    words: `${bit}`, fill: `rgba(${tints[state.parts[k]]},${bit ? 0.62 : 0.2})`, weight: values.flipped.includes(k) ? "700" : "",
  }));
  // Each part has its name above its first bit.
  state.parts.forEach((part, k) => {
    if (k && state.parts[k - 1] === part) return;
    const count = state.parts.filter((other) => other === part).length;
    const said = count * bits.cell < 7.4 * part.length ? part[0] : count > 3 ? `${part}, ${count} bits` : part;
    tools.text(said, bits.x + k * bits.cell + 1, bits.y - 12, 12, look.faint, "left");
  });
  for (const k of values.flipped) strokes(pen, [[[bits.x + (k + 0.2) * bits.cell, bits.y + bits.cell + 5], [bits.x + (k + 0.8) * bits.cell, bits.y + bits.cell + 5]]], look.frame, 3);
  tools.frame(bits, 0, values.bit, 1, 1, look.blue, 3);
}

/** Of each format the numbers above 0, those with all digits darker; the value as a line; and the error of the nearest number. */
function drawRanges(pen, text, { axis, at, width }, values, state, look) {
  const { x, y, deep } = axis;
  text("Range of each format, and the error of its nearest to x", 4, y - 26, 14, look.ink, "left", "600", width - 8);
  const bottom = y + state.every.length * deep;
  const powers = [-40, -30, -20, -10, 0, 10, 20, 30];
  strokes(pen, powers.map((power) => [[at(10 ** power), y - 6], [at(10 ** power), bottom]]), look.thin, 0.6);
  for (const power of powers) text(`10${raised(power)}`, at(10 ** power), bottom + 13, 12, look.faint);
  state.every.forEach(({ name, range: [least, normal, most], nearest }, k) => {
    const [top, high] = [y + k * deep + 4, deep - 12];
    const chosen = name === values.format;
    text(name, 4, top + high / 2, 14, look.ink, "left", chosen ? "600" : "");
    pen.fillStyle = `rgba(${look.rgb.down},0.22)`;
    pen.fillRect(at(least), top, at(most) - at(least), high);
    pen.fillStyle = `rgba(${look.rgb.down},${chosen ? 0.7 : 0.45})`;
    pen.fillRect(at(normal), top, Math.max(2, at(most) - at(normal)), high);
    const off = nearest - values.number;
    const relative = Number.isFinite(off) ? (off === 0 ? "exact" : `off by ${written(off, 2)}`) : "too large";
    text(relative, width - 144, top + high / 2, 13, chosen ? look.ink : look.faint, "left", chosen ? "600" : "", 140);
  });
  const size = Math.abs(state.value);
  if (!Number.isFinite(size) || !size) return;
  strokes(pen, [[[at(size), y - 8], [at(size), bottom]]], look.paper, 4);
  strokes(pen, [[[at(size), y - 8], [at(size), bottom]]], look.frame, 2);
}
