// Fully connected, local and convolutional layers as the image grows: numbers, words, picture and widget.
// `describe` is the twin of `describe` in growth.py.

/** What the three layers cost. */
function counts({ side: S, channels: C, filters: K, kernel_size: F, quantity }) {
  const units = K * S * S;
  if (quantity === "multiply_adds") return [C * S * S * units, units * C * F * F, units * C * F * F];
  const parameters = [C * S * S * units + units, units * (C * F * F + 1), K * (C * F * F + 1)];
  return quantity === "memory" ? parameters.map((count) => 4 * count) : parameters;
}

/** The numbers and words of one state. */
function describe(values) {
  const { side: S, channels: C, filters: K, kernel_size: F, quantity } = values;
  const three = counts(values);
  const texts = three.map(quantity === "memory" ? roundedBytes : thousands);
  let formulas;
  if (quantity === "multiply_adds") {
    const work = `${S}²·${K}·${C}·${F}²`;
    formulas = [`${C}·${S}² · ${K}·${S}²`, work, work];
  } else {
    formulas = [`${C}·${S}² · ${K}·${S}² + ${K}·${S}²`, `${S}²·${K}·(${C}·${F}² + 1)`, `${K}·(${C}·${F}² + 1)`];
    if (quantity === "memory") formulas = formulas.map((formula) => `4 · (${formula})`);
  }
  const ratio = Math.floor((2 * three[0] + three[2]) / (2 * three[2]));
  const what = { parameters: "parameters", memory: "for parameters", multiply_adds: "multiply-adds" }[quantity];
  let words = `At ${S} × ${S}: fully connected ${texts[0]} ${what}, convolution ${texts[2]}`;
  words += ratio > 1 ? `, ${thousands(ratio)} times fewer.` : ".";
  return { counts: three, texts, formulas, ratio, words };
}

const LAYERS = ["fully connected", "local, not shared", "convolution"];
const HELP =
  "Left and right change the image side by 1, Page Up and Page Down by 16, up and down the kernel, Home and End go to the smallest and the largest image.";
const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const power = (n) => [...`${n}`].map((digit) => POWERS[digit]).join("");

/** The sides of the image from the least to the greatest, and the three counts at each. */
function curves(values, [, , least, greatest]) {
  const sides = range(greatest - least + 1).map((k) => k + least);
  return { sides, lines: sides.map((side) => counts({ ...values, side })) };
}

/** Draw one state; `at` is [side, position of each of the three marks], on its way while it glides. */
function draw(pen, plan, scene, at) {
  const { values, state, look, sides, lines } = scene;
  const { ink, faint, thin } = look;
  const text = writer(pen, ink);
  const { left, top, right, bottom } = plan;
  const [side, ...marks] = at;
  const x = (s) => left + ((s - sides[0]) / (sides.at(-1) - sides[0])) * (right - left);
  const y = (share) => bottom - share * (bottom - top);

  // Axes
  pen.strokeStyle = thin;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const [share, words] of scene.ticks) {
    pen.moveTo(left, y(share));
    pen.lineTo(right, y(share));
    text(words, left - 7, y(share), 11, faint, "right");
  }
  for (const s of [16, 64, 128, 192, 256]) {
    pen.moveTo(x(s), bottom);
    pen.lineTo(x(s), bottom + 5);
    text(s, x(s), bottom + 14, 11, faint);
  }
  pen.stroke();
  text("image side S", (left + right) / 2, bottom + 32, 12.5);
  text(scene.title, left, top - 18, 14, ink, "left", "600");

  // Curves, told apart by dashes and by what stands beside their marks
  const colours = [look.frame, look.green, look.blue];
  [[], [9, 4], [2, 3]].forEach((dash, k) => {
    pen.strokeStyle = colours[k];
    pen.lineWidth = 2.4;
    pen.setLineDash(dash);
    pen.beginPath();
    lines.forEach((three, n) => pen.lineTo(x(sides[n]), y(scene.share(three[k]))));
    pen.stroke();
  });
  pen.setLineDash([4, 4]);
  pen.strokeStyle = faint;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x(side), top);
  pen.lineTo(x(side), bottom);
  pen.stroke();
  pen.setLineDash([]);
  marks.forEach((share, k) => {
    pen.fillStyle = colours[k];
    pen.strokeStyle = look.paper;
    pen.lineWidth = 2;
    pen.beginPath();
    if (k === 0) pen.rect(x(side) - 6, y(share) - 6, 12, 12);
    else if (k === 1) {
      pen.moveTo(x(side), y(share) - 8);
      pen.lineTo(x(side) + 8, y(share) + 6);
      pen.lineTo(x(side) - 8, y(share) + 6);
      pen.closePath();
    } else pen.arc(x(side), y(share), 6, 0, 7);
    pen.fill();
    pen.stroke();
  });

  drawLegend(pen, plan, { state, values, look, colours, text });
}

/** Mark, name, number and formula of each layer, and the kernel on the image, to scale. */
function drawLegend(pen, plan, { state, values, look, colours, text }) {
  const { legend } = plan;
  LAYERS.forEach((name, k) => {
    const y = legend.y + k * 62;
    text(["■", "▲", "●"][k], legend.x, y, 14, colours[k], "left");
    text(name, legend.x + 20, y, 13, look.ink, "left", "600");
    text(state.texts[k], legend.x + 20, y + 18, 15, look.ink, "left");
    text(`= ${state.formulas[k]}`, legend.x + 20, y + 36, 11, look.faint, "left");
  });
  const { x, y, side } = plan.picture;
  const { side: S, kernel_size: F } = values;
  const a = side / S;
  const first = Math.floor((S - F) / 2) * a;
  pen.fillStyle = look.dark ? "rgba(255,140,58,0.25)" : "rgba(213,94,0,0.14)";
  pen.fillRect(x, y, side, side);
  pen.strokeStyle = look.frame;
  pen.lineWidth = 1.5;
  pen.strokeRect(x, y, side, side);
  pen.fillStyle = look.blue;
  pen.fillRect(x + first, y + first, Math.max(F * a, 1.5), Math.max(F * a, 1.5));
  text("One unit reads", x + side + 14, y + 12, 13, look.ink, "left", "600");
  text(`all ${S} × ${S}, or`, x + side + 14, y + 33, 12.5, look.ink, "left");
  text(`only ${F} × ${F} (drawn`, x + side + 14, y + 52, 12.5, look.ink, "left");
  text("to scale)", x + side + 14, y + 71, 12.5, look.ink, "left");
}

/** Where the chart, the legend and the little picture go. */
function layout(width) {
  const w = Math.min(width, 1080) - 14;
  const wide = w >= 660;
  const right = wide ? w * 0.6 : w - 8;
  const chart = { left: 66, top: 44, right, bottom: wide ? 330 : 264 };
  const legend = wide ? { x: right + 34, y: 40 } : { x: 10, y: chart.bottom + 66 };
  const picture = { x: legend.x, y: legend.y + 184, side: 96 };
  return { width, height: wide ? 374 : picture.y + 112, ...chart, legend, picture };
}

/** How high a count stands, and the lines across the chart, on one of the scales. */
function axis({ scale }, most) {
  if (scale === "linear") {
    const step = 10 ** Math.floor(Math.log10(most));
    const [unit] = [step, step / 2, step / 4].filter((s) => most / s >= 3.5 || s === step / 4);
    const ticks = range(Math.floor(most / unit) + 1).map((k) => [(k * unit) / most, short(k * unit)]);
    return { share: (count) => count / most, ticks };
  }
  const decades = Math.ceil(Math.log10(most));
  const every = decades > 9 ? 2 : 1;
  const ticks = range(Math.floor(decades / every) + 1).map((k) => [(k * every) / decades, `10${power(k * every)}`]);
  return { share: (count) => Math.log10(Math.max(count, 1)) / decades, ticks };
}

function short(count) {
  const k = Math.floor(Math.log10(Math.max(count, 1)) / 3);
  return k < 1 ? `${count}` : `${count / 1000 ** k} ${["", "thousand", "million", "billion", "·10¹²", "·10¹⁵"][k]}`;
}

function render({ model, el }) {
  const { id, root, live } = explorerRoot("dense-or-conv", "Fully connected against convolution explorer");
  const ranges = model.get("_knobs");
  const knobNames = Object.keys(ranges);
  const knobs = {};
  const knobList = element("div", { class: "ex-knobs" });
  for (const name of knobNames) {
    knobs[name] = slider(id, name, ranges[name], (value) => set({ [name]: value }));
    knobList.append(knobs[name].node);
  }
  const quantity = radioButtons(id, "quantity", "Count", model.get("_quantities"), (value) => set({ quantity: value }));
  const scale = radioButtons(id, "scale", "Scale", model.get("_scales"), (value) => set({ scale: value }));
  const { figure, canvas } = pictureFrame(id, `What three layers cost against the side of the image. ${HELP}`);
  const hint = element("p", { class: "ex-hint" }, `Click or drag in the picture. ${HELP}`);
  const words = element("p", { class: "dc-words" });
  root.append(knobList, element("div", { class: "ex-choices" }, quantity.node, scale.node), figure, words, hint, live);
  el.append(root);

  let scene, plan;
  const moving = glider((at) => draw(prepare(canvas, plan.width, plan.height), plan, scene, at));

  function update(values, before) {
    const state = describe(values);
    const same = before !== null && Object.keys(values).every((name) => name === "side" || before[name] === values[name]);
    if (!same) {
      const { sides, lines } = curves(values, ranges.side);
      scene = { sides, lines, ...axis(values, lines.at(-1)[0]) };
      scene.title = model.get("_quantities")[values.quantity];
    }
    Object.assign(scene, { values, state, look: lookOf(root) });
    for (const name of knobNames) knobs[name].show(values[name]);
    quantity.show(values.quantity);
    scale.show(values.scale);
    words.textContent = state.words;
    live.textContent = state.words;
    const width = figure.clientWidth - 12;
    if (width > 0) {
      plan = layout(width);
      moving.go([values.side, ...state.counts.map(scene.share)], before !== null);
    }
    Object.assign(root.dataset, { side: values.side, kernelSize: values.kernel_size, ratio: state.ratio });
  }

  const names = [...knobNames, "quantity", "scale"];
  const shared = link({ model, root, figure, names, update });
  const set = (changes) => shared.set(changes);
  const [, , least, greatest] = ranges.side;
  const to = (side) => set({ side: clamp(side, least, greatest) });
  const by = (pixels) => () => to(model.get("side") + pixels);
  const kernel = (change) => () => {
    const [, , small, large] = ranges.kernel_size;
    set({ kernel_size: clamp(model.get("kernel_size") + change, small, large) });
  };
  listenToKeys(figure, {
    ArrowLeft: by(-1),
    ArrowRight: by(1),
    ArrowUp: kernel(2),
    ArrowDown: kernel(-2),
    PageUp: by(16),
    PageDown: by(-16),
    Home: by(-greatest),
    End: by(greatest),
  });
  const hit = (x, y) => {
    const { left, right, top, bottom } = plan;
    if (x < left - 8 || x > right + 8 || y < top || y > bottom + 8) return null;
    return { side: Math.round(least + ((x - left) / (right - left)) * (greatest - least)) };
  };
  const release = listenToMouse(figure, canvas, hit, ({ side }) => side !== model.get("side") && to(side));

  return () => {
    moving.stop();
    release();
    shared.stop();
  };
}

export default { render };
