// Convolution forward and backward, window by window: the widget.

const HELP =
  "Left and right step back and forth, up and down a row, Space plays and pauses, Home and End jump to the first " +
  "and the last step.";
const NAMES = ["kernel_size", "stride", "padding", "mode", "step", "pixel"];

function render({ model, el }) {
  const { id, root, live } = explorerRoot("window-walk", "Window walk: convolution forward and backward");
  const knobNames = Object.keys(model.get("_knobs"));
  const tables = { x: model.get("_x"), kernels: model.get("_kernels"), upstream: model.get("_upstream"), bias: model.get("_bias") };
  const extent = [tables.x.length, tables.x[0].length];
  const knobList = element("div", { class: "ex-knobs" });
  const knobs = {};
  for (const [name, knob] of Object.entries(model.get("_knobs"))) {
    knobs[name] = slider(id, name, knob, (value) => set({ [name]: value }));
    knobList.append(knobs[name].node);
  }
  const mode = radioButtons(id, "mode", "Walk", model.get("_modes"), (value) => {
    stop();
    set({ mode: value });
  });
  const { figure, canvas } = pictureFrame(id, `Panels of numbers. ${HELP}`, "ww-figure");
  const back = button("‹ Back", "One step back", () => (stop(), go(number() - 1)));
  const on = button("Step ›", "One step on", () => (stop(), go(number() + 1)));
  const play = element("button", { type: "button", class: "ex-button ww-play" });
  const count = element("b", { class: "ww-count" });
  const clicks = "Click an output to go to its window, or an input pixel to see which outputs it feeds.";
  const hint = element("p", { class: "ex-hint ww-hint" }, `${clicks} ${HELP}`);
  const lines = element("div", { class: "ex-lines ww-lines" });
  const bar = element("div", { class: "ww-bar" }, back, on, play, count);
  root.append(knobList, element("div", { class: "ex-choices" }, mode.node), figure, bar, lines, hint, live);
  el.append(root);

  let scene, plan, timer;
  const moving = glider((at) => draw(prepare(canvas, plan.width, plan.height), plan, scene, at));

  /** Values that Python would take: a step that exists. */
  function mended(values) {
    const [rows, columns] = outputShape(values, extent);
    const pixel = values.pixel.map((k, axis) => clamp(k, 0, extent[axis] - 1));
    return { ...values, step: clamp(values.step, 0, rows * columns - 1), pixel };
  }

  const shapeOf = (state) => state.output.join(" by ");

  function update(wanted, before) {
    const values = mended(wanted);
    const state = describe(values, tables);
    scene = { values, state, look: lookOf(root) };
    for (const name of knobNames) knobs[name].show(values[name]);
    mode.show(values.mode);
    const place = values.mode === "pixel" ? values.pixel : state.place;
    const [shape, k] = walked(values);
    back.disabled = k === 0;
    on.disabled = k === shape[0] * shape[1] - 1;
    const noun = values.mode === "pixel" ? "Pixel" : "Step";
    count.textContent = `${noun} ${k + 1} of ${shape[0] * shape[1]}`;
    lines.replaceChildren(...state.lines.map((line) => element("div", {}, line)));
    const sameKnobs = before !== null && knobNames.every((name) => before[name] === values[name]);
    live.textContent = (sameKnobs ? "" : `Output ${shapeOf(state)}. `) + state.words;
    const width = figure.clientWidth - 12;
    if (width > 0) {
      plan = { width, ...layout(width, state, values) };
      moving.go(place, sameKnobs && before.mode === values.mode);
    }
    Object.assign(root.dataset, {
      mode: values.mode, step: values.step, pixel: values.pixel.join(","), output: state.output.join(","),
      value: values.mode === "pixel" ? state.collected : values.mode === "forward" ? state.y[place[0]][place[1]] : state.db_now,
    });
  }

  const shared = link({ model, root, figure, names: NAMES, update });

  function set(changes) {
    const values = mended({ ...shared.values(), ...changes });
    shared.set({ ...changes, step: values.step, pixel: values.pixel });
  }

  /** What the walk goes over, its rows and columns, and where it stands. */
  function walked(values) {
    if (values.mode !== "pixel") return [outputShape(values, extent), values.step];
    return [extent, values.pixel[0] * extent[1] + values.pixel[1]];
  }
  const number = () => walked(mended(shared.values()))[1];
  function go(wanted) {
    const values = mended(shared.values());
    const [[rows, columns]] = walked(values);
    const k = clamp(wanted, 0, rows * columns - 1);
    set(values.mode === "pixel" ? { pixel: [Math.floor(k / columns), k % columns] } : { step: k });
  }
  function row(by) {
    const [[rows, columns], k] = walked(mended(shared.values()));
    const wanted = k + by * columns;
    if (wanted >= 0 && wanted < rows * columns) go(wanted);
  }

  function stop() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "▶ Play";
    live.setAttribute("aria-live", "polite");
  }
  function start() {
    const last = () => {
      const [[rows, columns], k] = walked(mended(shared.values()));
      return k === rows * columns - 1;
    };
    if (last()) go(0);
    play.textContent = "⏸ Pause";
    live.setAttribute("aria-live", "off"); // a sentence at each step would talk without end
    timer = setInterval(() => (last() ? stop() : go(number() + 1)), 900);
  }
  const toggle = () => (timer === undefined ? start() : stop());
  play.addEventListener("click", toggle);
  const actions = {
    ArrowLeft: () => go(number() - 1),
    ArrowRight: () => go(number() + 1),
    ArrowUp: () => row(-1),
    ArrowDown: () => row(1),
    Home: () => go(0),
    End: () => go(Infinity),
    " ": toggle,
  };
  listenToKeys(figure, actions, (key) => key !== " " && stop());

  /** What a point of the canvas means: an output to go to, or an input pixel. */
  function hit(x, y) {
    const { panels } = plan;
    const { values, state } = scene;
    const at = (name) => panels[name] && cellAt(panels[name], x, y);
    const output = at("y") ?? at("dout");
    if (output) {
      const step = output[0] * state.output[1] + output[1];
      return values.mode === "pixel" ? { mode: "backward", step } : { step };
    }
    const pixel = at("x") ?? at("dx");
    if (!pixel) return null;
    const inside = values.mode === "pixel" ? pixel : pixel.map((k) => k - values.padding);
    if (inside.some((k, axis) => k < 0 || k >= extent[axis])) return null;
    return { mode: "pixel", pixel: inside };
  }
  const release = listenToMouse(figure, canvas, hit, (wanted) => {
    const now = shared.values();
    if (Object.entries(wanted).every(([name, value]) => `${value}` === `${now[name]}`)) return;
    stop();
    set(wanted);
  });

  stop();
  return () => {
    clearInterval(timer);
    moving.stop();
    release();
    shared.stop();
  };
}

export default { render };
