// What the explorers share. Plain JavaScript for anywidget, no build step, no network: Python puts
// this file and those of an explorer together (`joined` in explorer.py).

const minus = (n) => (n < 0 ? `−${-n}` : `${n}`);
const range = (n) => Array.from({ length: n }, (_, k) => k);
const clamp = (k, least, greatest) => Math.max(least, Math.min(greatest, k));

/** A whole number in groups of three digits, as `thousands` in explorer.py writes it. */
const thousands = (n) => `${n}`.replace(/\B(?=(\d{3})+$)/g, "\u00a0");

/** A number of bytes with one decimal, as `rounded_bytes` in explorer.py writes it. */
function roundedBytes(count) {
  if (count < 1000) return `${count}\u00a0B`;
  let tenths, unit;
  for (const [power, name] of ["kB", "MB", "GB", "TB", "PB"].entries()) {
    const one = 1000 ** (power + 1);
    [tenths, unit] = [Math.floor((10 * count + one / 2) / one), name];
    if (tenths < 10000) break;
  }
  return `${Math.floor(tenths / 10)}.${tenths % 10}\u00a0${unit}`;
}

const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const ORANGE = "#e69f00";
const LIGHT = {
  dark: false, paper: "#ffffff", frame: "#d55e00", blue: "#0072b2", green: "#007a5a",
  faint: "rgba(0,0,0,0.58)", thin: "rgba(0,0,0,0.25)", rgb: { up: "213,94,0", down: "0,114,178" },
};
const DARK = {
  dark: true, paper: "#111111", frame: "#ff8c3a", blue: "#56b4e9", green: "#2fc79a",
  faint: "rgba(255,255,255,0.6)", thin: "rgba(255,255,255,0.28)", rgb: { up: "230,120,40", down: "60,150,215" },
};

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A slider with its caption; `show` sets what it stands at. */
function slider(id, name, [label, symbol, least, greatest, step = 1], changed) {
  const value = element("output", { for: `${id}-${name}` });
  const input = element("input", { type: "range", id: `${id}-${name}`, min: least, max: greatest, step });
  const caption = element("label", { for: `${id}-${name}` }, `${label} `, element("i", {}, symbol));
  const node = element("div", { class: "ex-knob", "data-knob": name });
  node.append(element("div", { class: "ex-caption" }, caption, value), input);
  input.addEventListener("input", () => changed(Number(input.value)));
  const show = (number, disabled = false) => {
    input.value = number;
    input.disabled = disabled;
    value.textContent = disabled ? "–" : number;
  };
  return { node, input, show };
}

/** A drop-down list with its label. `choices` is {value: words}. */
function dropDown(id, name, label, choices, changed) {
  const options = Object.entries(choices).map(([value, words]) => element("option", { value }, words));
  const input = element("select", { id: `${id}-${name}` }, ...options);
  const node = element("div", { class: "ex-choice", "data-choice": name });
  node.append(element("label", { for: `${id}-${name}` }, label), input);
  input.addEventListener("change", () => changed(input.value));
  return { node, input, show: (value) => (input.value = value) };
}

/** Some radio buttons in a row. */
function radioButtons(id, name, legend, choices, changed) {
  const node = element("fieldset", { class: "ex-radio", "data-choice": name }, element("legend", {}, legend));
  const inputs = Object.entries(choices).map(([value, words]) => {
    const input = element("input", { type: "radio", name: `${id}-${name}`, value, id: `${id}-${name}-${value}` });
    node.append(element("span", {}, input, element("label", { for: input.id }, words)));
    input.addEventListener("change", () => changed(value));
    return input;
  });
  return { node, inputs, show: (chosen) => inputs.forEach((input) => (input.checked = input.value === chosen)) };
}

const button = (words, label, pressed) => {
  const node = element("button", { type: "button", class: "ex-button", "aria-label": label, title: label }, words);
  node.addEventListener("click", pressed);
  return node;
};

let instances = 0;

/** The frame of an explorer: root, a line for screen readers, keys that stay inside. */
function explorerRoot(name, label) {
  const id = `${name}-${++instances}`;
  const root = element("div", { class: `explorer ${name}`, role: "group", "aria-label": label });
  const live = element("p", { class: "ex-live", id: `${id}-live`, "aria-live": "polite" });
  // Plain keys stay in here: JupyterLab would take arrows (next cell), Enter (edit) and X (cut the cell).
  // Chords such as Ctrl+S and Shift+Enter go on to it.
  root.addEventListener("keydown", (event) => {
    const chord = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!chord && event.key !== "Tab" && event.key !== "Escape") event.stopPropagation();
  });
  return { id, root, live };
}

/** The picture of an explorer: a canvas in a frame that takes the focus. */
function pictureFrame(id, label, classes = "") {
  const canvas = element("canvas", { "aria-hidden": "true" });
  const attributes = { class: `ex-figure ${classes}`, tabindex: 0, role: "application", "aria-label": label };
  const figure = element("div", { ...attributes, "aria-describedby": `${id}-live` }, canvas);
  return { figure, canvas };
}

/** Plain keys on a picture: `actions` is {key: what to do}. */
function listenToKeys(figure, actions, before = () => {}) {
  figure.addEventListener("keydown", (event) => {
    const action = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) && actions[event.key];
    if (!action) return;
    event.preventDefault();
    before(event.key);
    action();
  });
}

/** Clicks and drags: `hit(x, y)` says what a point of the canvas means, or null; `go` takes it there. */
function listenToMouse(figure, canvas, hit, go) {
  let dragging = false;
  const follow = (event) => {
    const frame = canvas.getBoundingClientRect();
    const meant = hit(event.clientX - frame.left, event.clientY - frame.top);
    canvas.style.cursor = meant ? "pointer" : "";
    if (dragging && meant) go(meant);
  };
  canvas.addEventListener("pointerdown", (event) => {
    dragging = true;
    figure.focus({ preventScroll: true });
    follow(event);
  });
  canvas.addEventListener("pointermove", follow);
  const release = () => (dragging = false);
  window.addEventListener("pointerup", release);
  return () => window.removeEventListener("pointerup", release);
}

/** Give a canvas its size in CSS pixels, sharp on every screen; return a pen that is ready. */
function prepare(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
    [canvas.width, canvas.height] = pixels;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.textBaseline = "middle";
  return pen;
}

/** Writing on a canvas; the font is set only when it changes, and in few sizes: each costs its first use. */
function writer(pen, ink) {
  let font = "";
  return (words, x, y, size, colour = ink, align = "center", weight = "") => {
    const wanted = `${weight} ${Math.round(size)}px ${FONT}`;
    if (wanted !== font) pen.font = font = wanted;
    pen.textAlign = align;
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  };
}

/** Colours of the page as they are now; the root hears which theme it is. */
function lookOf(root) {
  const ink = getComputedStyle(root).color;
  const [red, green, blue] = ink.match(/[\d.]+/g).map(Number);
  const look = red + green + blue > 384 ? DARK : LIGHT;
  root.classList.toggle("ex-dark", look.dark);
  return { ...look, ink };
}

/** Something that glides: `paint` gets numbers on their way from where they are to where they go. */
function glider(paint) {
  const reduced = window.matchMedia("(prefers-reduced-motion: reduce)");
  let shown = null;
  let frame;
  const stop = () => cancelAnimationFrame(frame);
  return {
    stop,
    /** Paint the numbers, at once or over 160 ms. */
    go(numbers, smoothly = true) {
      stop();
      const from = shown;
      if (!smoothly || !from || from.length !== numbers.length || reduced.matches || document.hidden) {
        paint((shown = numbers));
        return;
      }
      paint(from);
      const begin = performance.now();
      const step = (now) => {
        const t = clamp((now - begin) / 160, 0, 1);
        const eased = 1 - (1 - t) ** 3;
        shown = from.map((start, k) => start + (numbers[k] - start) * eased);
        paint(shown);
        if (t < 1) frame = requestAnimationFrame(step);
      };
      frame = requestAnimationFrame(step);
    },
  };
}

/** The traits shared with Python. `update(values, before)` shows them; it is timed on `root`. */
function link({ model, root, figure, names, update, close = () => {} }) {
  let setting = false;
  let pending = false;
  let shown = null;
  const values = () => Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const show = (before = shown) => {
    const begin = performance.now();
    const now = values();
    shown = now;
    update(now, before);
    root.getBoundingClientRect(); // the layout of what was written belongs to the time measured
    root.dataset.updateMs = (performance.now() - begin).toFixed(2);
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const changed = () => {
    if (setting || pending || same(values(), shown)) return;
    pending = true;
    queueMicrotask(() => {
      pending = false;
      show();
    });
  };
  const redraw = () => show(null);
  for (const name of names) model.on(`change:${name}`, changed);
  let width = 0;
  const sizes = new ResizeObserver(() => {
    if (figure.clientWidth !== width) redraw();
    width = figure.clientWidth;
  });
  sizes.observe(figure);
  const themes = new MutationObserver(redraw);
  themes.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light"] });
  return {
    values,
    set(changes) {
      setting = true;
      for (const [name, value] of Object.entries(changes)) model.set(name, value);
      setting = false;
      model.save_changes();
      show();
    },
    stop() {
      close();
      sizes.disconnect();
      themes.disconnect();
      for (const name of names) model.off(`change:${name}`, changed);
    },
  };
}
