// Explorer: a filter slides over an input. Plain JavaScript for anywidget, no build step, no network.
//
// First the numbers and words (`describe`, the twin of `describe` in window.py), then the picture
// (`draw`, on a canvas), then the widget: knobs, keys, mouse, and the traits it shares with Python.

const minus = (n) => (n < 0 ? `−${-n}` : `${n}`);
const listed = (numbers) => numbers.map(minus).join(", ");
const sumOf = (terms) =>
  minus(terms[0]) + terms.slice(1).map((t) => (t < 0 ? ` − ${-t}` : ` + ${t}`)).join("");
const range = (n) => Array.from({ length: n }, (_, k) => k);

/** Output size along one axis, 0 when the kernel does not fit. */
export function outputSize({ size, kernel_size, stride, padding, dilation }) {
  const room = size + 2 * padding - dilation * (kernel_size - 1) - 1;
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** The second line of the formula in parts: [text] or [number, knob]. */
export function substituted(knobs) {
  const { size, kernel_size, stride, padding, dilation } = knobs;
  return [
    ["⌊("], [size, "size"], [" + 2·"], [padding, "padding"], [" − "], [dilation, "dilation"],
    ["·("], [kernel_size, "kernel_size"], [" − 1) − 1) / "], [stride, "stride"], ["⌋ + 1"],
  ];
}

/** Everything that the picture shows in one state. `table` holds the pixels, `kernels` the weights. */
export function describe(knobs, [row, column], table, kernels) {
  const { size: W, kernel_size: F, stride: S, padding: P, dilation: D } = knobs;
  const output = outputSize(knobs);
  const span = D * (F - 1) + 1;
  const padded = W + 2 * P;
  const room = padded - span;
  const state = { span, padded, output, left_over: 0 };
  state.formula = [
    "⌊(W + 2P − D(F − 1) − 1) / S⌋ + 1",
    substituted(knobs).map((part) => part[0]).join(""),
  ];
  if (!output) {
    state.fit =
      `The kernel does not fit: it spans D(F − 1) + 1 = ${span} pixels and the padded input ` +
      `has ${padded}. There is no output.`;
    return state;
  }
  state.left_over = room % S;
  const steps = Math.floor(room / S);
  state.formula.push(`⌊${room} / ${S}⌋ + 1 = ${steps} + 1 = ${output}`);
  state.fit = fit(knobs, room, output);

  const taps = range(F);
  const rows = taps.map((k) => row * S - P + D * k);
  const columns = taps.map((k) => column * S - P + D * k);
  const inside = (k) => k >= 0 && k < W;
  state.rows = rows;
  state.columns = columns;
  state.pixels = rows.map((r) => columns.map((c) => (inside(r) && inside(c) ? table[r][c] : 0)));
  state.products = state.pixels.map((line, i) => line.map((p, j) => p * kernels[F - 1][i][j] || 0));
  state.row_sums = state.products.map((line) => line.reduce((a, b) => a + b, 0));
  state.total = state.row_sums.reduce((a, b) => a + b, 0);
  const s = F > 1 ? "s" : "";
  const reads = `input row${s} ${listed(rows)} and column${s} ${listed(columns)}`;
  const outside = [...rows, ...columns].every(inside)
    ? ""
    : ` Outside 0 to ${W - 1} lies the padding, which is 0.`;
  state.place = [
    `first row: ${row}·S − P = ${row}·${S} − ${P} = ${minus(rows[0])}`,
    `first column: ${column}·S − P = ${column}·${S} − ${P} = ${minus(columns[0])}`,
    `reads ${reads}.${outside}`,
  ];
  const terms = F > 1 ? sumOf(state.row_sums) : `${state.pixels[0][0]}·1`;
  state.sum = `y[${row}, ${column}] = ${terms} = ${minus(state.total)}`;
  const adds = F > 1 ? `its ${F * F} products add up to` : "its only product is";
  state.words = `Output row ${row}, column ${column}, reads ${reads}; ${adds} ${minus(state.total)}.`;
  return state;
}

function fit({ size: W, kernel_size: F, stride: S, padding: P, dilation: D }, room, output) {
  const over = room % S;
  let words = `Stride ${S} fits: ${room} / ${S} + 1 = ${output}, and the last window ends at the edge.`;
  if (over) {
    const last = (kind) => (over > 1 ? `last ${over} ${kind}s` : `last ${kind}`);
    const lost = over <= P ? "; only padding is lost" : P ? ", padding included" : "";
    words =
      `Stride ${S} does not fit: ${room} / ${S} + 1 = ${(room / S + 1).toFixed(2)} is not a whole number. ` +
      `The ${last("row")} and the ${last("column")} (hatched) are left over${lost}.`;
  }
  const read = new Set(range(output).flatMap((i) => range(F).map((k) => i * S + D * k)));
  const skipped = W + 2 * P - over - read.size;
  if (skipped)
    words += ` Gaps: ${skipped} of ${W + 2 * P} padded rows and columns are in no window's sum.`;
  return words;
}

/** All output values, row by row: computed once for each setting of the knobs. */
export function outputs(knobs, table, kernels) {
  const { size: W, kernel_size: F, stride: S, padding: P, dilation: D } = knobs;
  const weights = kernels[F - 1];
  const places = range(outputSize(knobs));
  const at = (row, column) => {
    let total = 0;
    for (let i = 0; i < F; i++) {
      const line = table[row * S - P + D * i];
      if (row * S - P + D * i >= W || !line) continue;
      for (let j = 0; j < F; j++) {
        const c = column * S - P + D * j;
        if (c >= 0 && c < W) total += line[c] * weights[i][j];
      }
    }
    return total;
  };
  return places.map((row) => places.map((column) => at(row, column)));
}

// ---------------------------------------------------------------------------------------------
// The picture

const ORANGE = "#e69f00";
const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const LIGHT = { dark: false, frame: "#d55e00", rgb: { up: "213,94,0", down: "0,114,178" } };
const DARK = { dark: true, frame: "#ff8c3a", rgb: { up: "230,120,40", down: "60,150,215" } };

/** Where the panels go: side by side, the products below, or all below each other. */
export function layout(width, { padded, span, output }, F) {
  const gap = 40;
  const edge = 20;
  const top = 44;
  const w = Math.min(width, 1080) - edge - 16;
  const shape = width >= 700 ? "wide" : width >= 460 ? "medium" : "narrow";
  const shares = { wide: [(w - 2 * gap) * 0.42, (w - 2 * gap) * 0.3], medium: [(w - gap) * 0.57, (w - gap) * 0.43] };
  const [inputSide, outputSide] = shares[shape] ?? [w, Math.min(w, 300)];
  const largest = (side, n) => Math.min(50, side / Math.max(n, 1));
  const input = { x: edge, y: top, cell: largest(inputSide, Math.max(padded, span)) };
  const out = { x: edge + inputSide + gap, y: top, cell: largest(outputSide, output) };
  const kernel = { x: edge, cell: Math.min(28, 108 / F) };
  const products = {};
  let height;
  if (shape === "wide") {
    const middle = (w - 2 * gap) * 0.28;
    const deep = Math.max(inputSide, 330);
    const above = top + F * kernel.cell + 40;
    products.x = kernel.x = edge + inputSide + gap;
    products.cell = Math.min(54, (middle - 46) / F, (deep + top - above - 34) / F);
    // Not higher than the output's last row: the arrow to the output comes from below.
    products.y = Math.max(above, top + output * out.cell - F * products.cell);
    kernel.y = top;
    out.x = products.x + middle + gap;
    height = top + deep + 24;
  } else {
    const apart = shape === "medium" ? gap : 24;
    const y = top + inputSide + 62;
    products.x = edge + 108 + apart;
    products.cell = Math.min(46, 190 / F, (w - 108 - apart - 46) / F);
    products.y = kernel.y = y;
    height = y + Math.max(F * products.cell, 108) + 40;
    if (shape === "narrow") {
      Object.assign(out, { x: edge, y: height + 44 });
      height = out.y + outputSide + 8;
    }
  }
  return { input, out, kernel, products, height, shape };
}

/** Draw one state. `at` is the output position, with fractions while the window glides. */
function draw(pen, plan, scene, at) {
  const { knobs, state, position, totals, table, kernels, look, ink, paper } = scene;
  const { size: W, kernel_size: F, stride: S, padding: P, dilation: D } = knobs;
  const { input, out, kernel, products, shape } = plan;
  const faint = look.dark ? "rgba(255,255,255,0.6)" : "rgba(0,0,0,0.58)";
  const thin = look.dark ? "rgba(255,255,255,0.28)" : "rgba(0,0,0,0.25)";

  let font = "";
  const text = (words, x, y, size, colour = ink, align = "center", weight = "") => {
    const wanted = `${weight} ${Math.round(size)}px ${FONT}`; // few sizes: each costs its first use
    if (wanted !== font) pen.font = font = wanted;
    pen.textAlign = align;
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  };
  const box = (x, y, side, colour, line = 1, dash = []) => {
    pen.setLineDash(dash);
    pen.lineWidth = line;
    pen.strokeStyle = colour;
    pen.strokeRect(x, y, side, side);
    pen.setLineDash([]);
  };
  const title = (words, x, y) => text(words, x, y, shape === "wide" ? 14 : 13, ink, "left", "600");
  const numerals = (panel, n, first = 0) => {
    if (panel.cell < 15) return;
    for (let k = 0; k < n; k++) {
      const middle = (k + first + 0.5) * panel.cell;
      text(k, panel.x + middle, panel.y - 9, 10, faint);
      text(k, panel.x - 10, panel.y + middle, 10, faint);
    }
  };
  pen.textBaseline = "middle";

  // Input: grey pixels, dashed padding, numbers of rows and columns
  const a = input.cell;
  const padded = state.padded;
  title(`Input ${W} × ${W}` + (P ? `, padded to ${padded} × ${padded}` : ""), input.x, input.y - 28);
  const numeral = Math.min(16, a * 0.5);
  for (let r = 0; r < padded; r++) {
    for (let c = 0; c < padded; c++) {
      const x = input.x + c * a;
      const y = input.y + r * a;
      const pixel = table[r - P]?.[c - P];
      if (r - P < W && c - P < W && pixel !== undefined) {
        const level = Math.round(60 + (195 * pixel) / 9);
        pen.fillStyle = `rgb(${level},${level},${level})`;
        pen.fillRect(x, y, a, a);
        text(pixel, x + a / 2, y + a / 2 + 1, numeral, level > 140 ? "#1a1a1a" : "#ffffff");
        box(x, y, a, "rgba(120,120,120,0.6)");
      } else {
        box(x, y, a, thin, 1, [2, 2]);
        text("0", x + a / 2, y + a / 2 + 1, numeral, faint);
      }
    }
  }
  numerals(input, W, P);

  // What no window reaches
  if (state.left_over) {
    const used = (padded - state.left_over) * a;
    const whole = padded * a;
    const area = new Path2D();
    area.rect(input.x + used, input.y, whole - used, whole);
    area.rect(input.x, input.y + used, used, whole - used);
    pen.save();
    pen.clip(area);
    pen.fillStyle = look.dark ? "rgba(17,17,17,0.62)" : "rgba(255,255,255,0.62)";
    pen.fill(area);
    pen.strokeStyle = look.dark ? "#ffffff" : "#1a1a1a";
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (let k = -whole; k < whole; k += 8) {
      pen.moveTo(input.x + k, input.y + whole);
      pen.lineTo(input.x + k + whole, input.y);
    }
    pen.stroke();
    pen.restore();
    pen.lineWidth = 1.2;
    pen.strokeStyle = ink;
    pen.stroke(area);
    text("left over", input.x + whole, input.y + whole + 13, 12, ink, "right", "italic");
  }
  title(`Kernel ${F} × ${F}`, kernel.x, kernel.y - (shape === "wide" ? 28 : 16));
  title(state.output ? `Output ${state.output} × ${state.output}` : "No output", out.x, out.y - 28);
  const weights = kernels[F - 1];
  const k = kernel.cell;
  for (let i = 0; i < F; i++)
    for (let j = 0; j < F; j++) {
      box(kernel.x + j * k, kernel.y + i * k, k, faint);
      const size = Math.min(13, k * 0.58);
      text(minus(weights[i][j]), kernel.x + (j + 0.5) * k, kernel.y + (i + 0.5) * k + 1, size);
    }
  if (!state.output) {
    box(input.x, input.y, state.span * a, look.frame, 3.5, [8, 5]);
    return;
  }

  // The window, its taps, and the lines to the products
  const wx = input.x + at[1] * S * a;
  const wy = input.y + at[0] * S * a;
  const side = state.span * a;
  for (let i = 0; i < F; i++)
    for (let j = 0; j < F; j++) {
      pen.fillStyle = "rgba(230,159,0,0.12)";
      pen.fillRect(wx + j * D * a, wy + i * D * a, a, a);
      if (F > 1) box(wx + j * D * a + 1, wy + i * D * a + 1, a - 2, ORANGE, 2);
    }
  box(wx, wy, side, look.frame, 3.5);
  const b = products.cell;
  const whole = F * b;
  const rays = shape === "wide"
    ? [[wx + side, wy, products.x, products.y], [wx + side, wy + side, products.x, products.y + whole]]
    : [[wx, wy + side, products.x, products.y], [wx + side, wy + side, products.x + whole, products.y]];
  pen.globalAlpha = 0.6;
  pen.lineWidth = 1.2;
  pen.strokeStyle = look.frame;
  pen.beginPath();
  for (const [x0, y0, x1, y1] of rays) {
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
  }
  pen.stroke();
  pen.globalAlpha = 1;

  // Products
  title("Pixel × weight", products.x, products.y - 16);
  for (let i = 0; i < F; i++) {
    for (let j = 0; j < F; j++) {
      const weight = weights[i][j];
      const x = products.x + j * b;
      const y = products.y + i * b;
      pen.fillStyle = look.dark ? "rgba(230,159,0,0.28)" : "rgba(230,159,0,0.16)";
      pen.fillRect(x, y, b, b);
      box(x, y, b, faint);
      const two = b >= 40;
      text(minus(state.products[i][j]), x + b / 2, y + b * (two ? 0.66 : 0.53), Math.min(15, b * 0.42));
      const factor = weight < 0 ? `(${minus(weight)})` : weight;
      if (two) text(`${state.pixels[i][j]}·${factor}`, x + b / 2, y + b * 0.27, 10.5, faint);
    }
    text(`→ ${minus(state.row_sums[i])}`, products.x + whole + 6, products.y + (i + 0.5) * b, 13, ink, "left");
  }
  const sumY = products.y + whole + 22;
  const words = `sum = ${minus(state.total)}`;
  text(words, products.x, sumY, 17, ink, "left", "600");
  const sumEnd = products.x + pen.measureText(words).width + 8;

  // Output: filled in reading order as far as this position
  const o = out.cell;
  numerals(out, state.output);
  const largest = Math.max(1, ...totals.flat().map(Math.abs));
  totals.forEach((line, r) =>
    line.forEach((total, c) => {
      const x = out.x + c * o;
      const y = out.y + r * o;
      if (r > position[0] || (r === position[0] && c > position[1])) {
        box(x, y, o, thin, 1, [1, 3]);
        return;
      }
      const share = (0.62 * Math.abs(total)) / largest;
      pen.fillStyle = `rgba(${total > 0 ? look.rgb.up : look.rgb.down},${share})`;
      pen.fillRect(x, y, o, o);
      box(x, y, o, thin);
      const words = minus(total);
      const room = words.length > 3 ? 0.34 : 0.42;
      if (o >= 13) text(words, x + o / 2, y + o / 2 + 1, Math.min(15, o * room));
    }),
  );
  const ox = out.x + at[1] * o;
  const oy = out.y + at[0] * o;

  // From the sum to its place in the output, over cells that are still empty
  if (shape !== "narrow") {
    const end = [ox + o / 2, oy + o + 3];
    pen.lineWidth = 1.6;
    pen.strokeStyle = faint;
    pen.beginPath();
    pen.moveTo(sumEnd, sumY);
    pen.bezierCurveTo(end[0], sumY, end[0], sumY, end[0], end[1] + 6);
    pen.stroke();
    pen.fillStyle = faint;
    pen.beginPath();
    pen.moveTo(...end);
    pen.lineTo(end[0] - 4, end[1] + 8);
    pen.lineTo(end[0] + 4, end[1] + 8);
    pen.fill();
  }
  pen.lineWidth = 5;
  pen.strokeStyle = paper;
  pen.strokeRect(ox, oy, o, o);
  box(ox, oy, o, look.frame, 3.5);
}

// ---------------------------------------------------------------------------------------------
// The widget

const HELP =
  "Arrow keys move the window, Space plays and pauses, Home and End jump to the first and the last position.";

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

let instances = 0;

function render({ model, el }) {
  const names = Object.keys(model.get("_knobs"));
  const id = `sliding-filter-${++instances}`;
  const inputs = {};
  const values = {};
  const knobList = element("div", { class: "sf-knobs" });
  for (const [name, [label, symbol, least, greatest]] of Object.entries(model.get("_knobs"))) {
    const symbolNode = element("i", {}, symbol);
    values[name] = element("output", { for: `${id}-${name}` });
    inputs[name] = element("input", { type: "range", id: `${id}-${name}`, min: least, max: greatest, step: 1 });
    const caption = element("label", { for: `${id}-${name}` }, `${label} `, symbolNode);
    const knob = element("div", { class: "sf-knob", "data-knob": name });
    knob.append(element("div", { class: "sf-caption" }, caption, values[name]), inputs[name]);
    knobList.append(knob);
  }
  const canvas = element("canvas", { "aria-hidden": "true" });
  const figure = element(
    "div",
    { class: "sf-figure", tabindex: 0, role: "application", "aria-label": `Filter over its input. ${HELP}` },
    canvas,
  );
  figure.setAttribute("aria-describedby", `${id}-live`);
  const play = element("button", { type: "button", class: "sf-play" });
  const hint = element("span", { class: "sf-hint" }, `Click or drag in the picture. ${HELP}`);
  const formula = element("div", { class: "sf-lines" });
  const fitWords = element("p", { class: "sf-fit" });
  const place = element("div", { class: "sf-lines" });
  const size = element("section", {}, element("h4", {}, "Output size"), formula, fitWords);
  const here = element("section", {}, element("h4", {}, "At this position"), place);
  const live = element("p", { class: "sf-live", id: `${id}-live`, "aria-live": "polite" });
  const root = element("div", { class: "sliding-filter", role: "group", "aria-label": "Sliding filter explorer" });
  const bar = element("div", { class: "sf-bar" }, play, hint);
  const words = element("div", { class: "sf-words" }, size, here);
  root.append(knobList, figure, bar, words, live);
  el.append(root);

  const pen = canvas.getContext("2d");
  const reduced = window.matchMedia("(prefers-reduced-motion: reduce)");
  let scene, plan, timer, gliding, pending;
  let setting = false;
  let shown = null; // the position as drawn, with fractions while the window glides
  let settings = ""; // the knobs as last drawn

  const knobsNow = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const clamp = (k, output) => Math.max(0, Math.min(output - 1, k));

  function set(changes) {
    const knobs = { ...knobsNow(), ...changes };
    const output = outputSize(knobs);
    const position = (changes.position ?? model.get("position")).map((k) => clamp(k, output || 1));
    setting = true;
    for (const [name, value] of Object.entries({ ...changes, position })) model.set(name, value);
    setting = false;
    model.save_changes();
    update();
  }

  function paint() {
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    draw(pen, plan, scene, shown ?? scene.position);
  }

  function glide(from, to) {
    cancelAnimationFrame(gliding);
    const begin = performance.now();
    const step = (now) => {
      const t = Math.min(1, Math.max(0, (now - begin) / 160));
      const eased = 1 - (1 - t) ** 3;
      shown = from.map((start, axis) => start + (to[axis] - start) * eased);
      paint();
      if (t < 1) gliding = requestAnimationFrame(step);
    };
    gliding = requestAnimationFrame(step);
  }

  function update() {
    const begin = performance.now();
    const knobs = knobsNow();
    const table = model.get("_image");
    const kernels = model.get("_kernels");
    const output = outputSize(knobs);
    const position = model.get("position").map((k) => clamp(k, output || 1));
    const state = describe(knobs, position, table, kernels);
    const key = JSON.stringify(knobs);
    const sameKnobs = key === settings;
    const totals = sameKnobs ? scene.totals : outputs(knobs, table, kernels);
    const style = getComputedStyle(root);
    const look = isDark(style.color) ? DARK : LIGHT;
    const paper = look.dark ? "#111111" : "#ffffff";
    scene = { knobs, state, position, totals, table, kernels, look, ink: style.color, paper };
    root.classList.toggle("sf-dark", look.dark);

    for (const name of names) {
      inputs[name].value = knobs[name];
      values[name].textContent = knobs[name];
    }
    write(state, knobs, sameKnobs);
    resize();
    const from = shown;
    shown = position;
    if (sameKnobs && from && !reduced.matches && document.visibilityState === "visible") {
      shown = from;
      glide(from, position);
    } else cancelAnimationFrame(gliding);
    paint();
    settings = key;
    root.getBoundingClientRect(); // the layout of the new words belongs to the time measured
    Object.assign(root.dataset, {
      output: state.output,
      leftOver: state.left_over,
      total: state.total ?? "",
      position: position.join(","),
      updateMs: (performance.now() - begin).toFixed(2),
    });
  }

  function write(state, knobs, sameKnobs) {
    if (!sameKnobs) {
      const numbers = substituted(knobs).map(([words, knob]) =>
        knob ? element("b", { "data-knob": knob }, `${words}`) : `${words}`,
      );
      const lines = [[`output = ${state.formula[0]}`], ["= ", ...numbers]];
      if (state.output) lines.push([`= ${state.formula[2]}`]);
      formula.replaceChildren(...lines.map((line) => element("div", {}, ...line)));
      fitWords.textContent = state.fit;
      fitWords.classList.toggle("sf-problem", !state.output || state.left_over > 0);
    }
    const lines = state.output ? [state.sum, ...state.place] : ["No position: the kernel does not fit."];
    place.replaceChildren(...lines.map((line) => element("div", {}, line)));
    const sizes = `Output ${state.output} by ${state.output}. ${state.fit} `;
    live.textContent = (sameKnobs ? "" : sizes) + (state.words ?? "");
  }

  function resize() {
    const width = figure.clientWidth - 12;
    if (width <= 0) return;
    plan = layout(width, scene.state, scene.knobs.kernel_size);
    const ratio = window.devicePixelRatio || 1;
    const pixels = [Math.round(width * ratio), Math.round(plan.height * ratio)];
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
      [canvas.width, canvas.height] = pixels;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${plan.height}px`;
    }
  }

  function move(rows, columns) {
    const [row, column] = model.get("position");
    set({ position: [row + rows, column + columns] });
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "▶ Play";
    live.setAttribute("aria-live", "polite");
  }

  function start() {
    const output = outputSize(knobsNow());
    const index = () => model.get("position")[0] * output + model.get("position")[1];
    if (!output) return;
    if (index() >= output * output - 1) set({ position: [0, 0] });
    play.textContent = "⏸ Pause";
    live.setAttribute("aria-live", "off"); // a sentence at each step would talk without end
    timer = setInterval(() => {
      const side = outputSize(knobsNow());
      const [row, column] = model.get("position");
      const next = row * side + column + 1;
      if (next >= side * side) stop();
      else set({ position: [Math.floor(next / side), next % side] });
    }, 650);
  }

  const toggle = () => (timer === undefined ? start() : stop());

  figure.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = outputSize(knobsNow()) - 1;
    const actions = {
      ArrowUp: () => move(-1, 0),
      ArrowDown: () => move(1, 0),
      ArrowLeft: () => move(0, -1),
      ArrowRight: () => move(0, 1),
      Home: () => set({ position: [0, 0] }),
      End: () => set({ position: [last, last] }),
      " ": toggle,
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    if (event.key !== " ") stop();
    actions[event.key]();
  });
  // Plain keys stay in here: JupyterLab would take arrows (next cell), Enter (edit) and X (cut the cell).
  // Chords such as Ctrl+S and Shift+Enter go on to it.
  root.addEventListener("keydown", (event) => {
    const chord = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!chord && event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
  });
  play.addEventListener("click", toggle);
  for (const name of names) {
    inputs[name].addEventListener("input", () => set({ [name]: Number(inputs[name].value) }));
    const mark = (on) => () => {
      for (const node of root.querySelectorAll(`[data-knob="${name}"]`)) node.classList.toggle("sf-active", on);
    };
    inputs[name].addEventListener("focus", mark(true));
    inputs[name].addEventListener("blur", mark(false));
  }

  /** The output position that a point of the canvas means, or null. */
  function hit(event) {
    const { input, out } = plan;
    const { state, knobs } = scene;
    const frame = canvas.getBoundingClientRect();
    const x = event.clientX - frame.left;
    const y = event.clientY - frame.top;
    const within = (panel, n) =>
      x >= panel.x && y >= panel.y && x < panel.x + n * panel.cell && y < panel.y + n * panel.cell;
    if (!state.output) return null;
    if (within(out, state.output)) return [y - out.y, x - out.x].map((d) => Math.floor(d / out.cell));
    if (!within(input, state.padded)) return null;
    const steps = (d) => Math.round((d / input.cell - state.span / 2) / knobs.stride);
    return [y - input.y, x - input.x].map((d) => clamp(steps(d), state.output));
  }

  let dragging = false;
  const go = (event) => {
    const position = hit(event);
    canvas.style.cursor = position ? "pointer" : "";
    if (!dragging || !position || `${position}` === `${model.get("position")}`) return;
    stop();
    set({ position });
  };
  canvas.addEventListener("pointerdown", (event) => {
    dragging = true;
    figure.focus({ preventScroll: true });
    go(event);
  });
  canvas.addEventListener("pointermove", go);
  const release = () => (dragging = false);
  window.addEventListener("pointerup", release);

  const schedule = () => {
    if (pending || setting) return;
    pending = true;
    queueMicrotask(() => {
      pending = false;
      update();
    });
  };
  const changed = () => {
    const same = JSON.stringify(knobsNow()) === settings && `${model.get("position")}` === root.dataset.position;
    if (!same) schedule();
  };
  for (const name of [...names, "position"]) model.on(`change:${name}`, changed);
  const redraw = () => {
    shown = null;
    update();
  };
  let lastWidth = 0;
  const sizes = new ResizeObserver(() => {
    if (figure.clientWidth !== lastWidth) redraw();
    lastWidth = figure.clientWidth;
  });
  sizes.observe(figure);
  const themes = new MutationObserver(redraw);
  themes.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });

  stop();
  return () => {
    clearInterval(timer);
    cancelAnimationFrame(gliding);
    sizes.disconnect();
    themes.disconnect();
    window.removeEventListener("pointerup", release);
    for (const name of [...names, "position"]) model.off(`change:${name}`, changed);
  };
}

function isDark(ink) {
  const [red, green, blue] = ink.match(/[\d.]+/g).map(Number);
  return red + green + blue > 384;
}

export default { render };
