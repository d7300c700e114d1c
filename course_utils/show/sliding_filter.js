// A filter slides over an input: the widget, that is knobs, keys, mouse, and the traits shared with Python.

const HELP =
  "Arrow keys move the window, Space plays and pauses, Home and End jump to the first and the last position.";

function render({ model, el }) {
  const { id, root, live } = explorerRoot("sliding-filter", "Sliding filter explorer");
  const names = Object.keys(model.get("_knobs"));
  const knobList = element("div", { class: "ex-knobs" });
  const knobs = {};
  for (const [name, knob] of Object.entries(model.get("_knobs"))) {
    knobs[name] = slider(id, name, knob, (value) => set({ [name]: value }));
    knobList.append(knobs[name].node);
    const mark = (on) => () => {
      for (const node of root.querySelectorAll(`[data-knob="${name}"]`)) node.classList.toggle("sf-active", on);
    };
    knobs[name].input.addEventListener("focus", mark(true));
    knobs[name].input.addEventListener("blur", mark(false));
  }
  const { figure, canvas } = pictureFrame(id, `Filter over its input. ${HELP}`, "sf-figure");
  const play = element("button", { type: "button", class: "ex-button sf-play" });
  const hint = element("span", { class: "ex-hint" }, `Click or drag in the picture. ${HELP}`);
  const formula = element("div", { class: "ex-lines" });
  const fitWords = element("p", { class: "sf-fit" });
  const place = element("div", { class: "ex-lines" });
  const size = element("section", {}, element("h4", {}, "Output size"), formula, fitWords);
  const here = element("section", {}, element("h4", {}, "At this position"), place);
  const bar = element("div", { class: "sf-bar" }, play, hint);
  root.append(knobList, figure, bar, element("div", { class: "ex-words sf-words" }, size, here), live);
  el.append(root);

  let scene, plan, timer;
  const inside = (place, output) => place.map((k) => clamp(k, 0, Math.max(output - 1, 0)));
  const moving = glider((at) => draw(prepare(canvas, plan.width, plan.height), plan, scene, at));

  function update(values, before) {
    const { position: wanted, ...setting } = values;
    const table = model.get("_image");
    const kernels = model.get("_kernels");
    const position = inside(wanted, outputSize(setting));
    const state = describe(setting, position, table, kernels);
    const sameKnobs = before !== null && names.every((name) => before[name] === setting[name]);
    const totals = sameKnobs ? scene.totals : outputs(setting, table, kernels);
    scene = { knobs: setting, state, position, totals, table, kernels, look: lookOf(root) };
    for (const name of names) knobs[name].show(setting[name]);
    write(state, setting, sameKnobs);
    const width = figure.clientWidth - 12;
    if (width > 0) {
      plan = { width, ...layout(width, state, setting.kernel_size) };
      moving.go(position, sameKnobs);
    }
    Object.assign(root.dataset, {
      output: state.output,
      leftOver: state.left_over,
      total: state.total ?? "",
      position: position.join(","),
    });
  }

  const shared = link({ model, root, figure, names: [...names, "position"], update });

  function set(changes) {
    const values = { ...shared.values(), ...changes };
    shared.set({ ...changes, position: inside(values.position, outputSize(values)) });
  }

  function write(state, setting, sameKnobs) {
    if (!sameKnobs) {
      const numbers = substituted(setting).map(([words, knob]) =>
        knob ? element("b", { "data-knob": knob }, `${words}`) : `${words}`,
      );
      const lines = [[`output = ${state.formula[0]}`], ["= ", ...numbers]];
      if (state.output) lines.push([`= ${state.formula[2]}`]);
      formula.replaceChildren(...lines.map((line) => element("div", {}, ...line)));
      fitWords.textContent = state.fit;
      fitWords.classList.toggle("ex-problem", !state.output || state.left_over > 0);
    }
    const lines = state.output ? [state.sum, ...state.place] : ["No position: the kernel does not fit."];
    place.replaceChildren(...lines.map((line) => element("div", {}, line)));
    const sizes = `Output ${state.output} by ${state.output}. ${state.fit} `;
    live.textContent = (sameKnobs ? "" : sizes) + (state.words ?? "");
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
    const side = () => outputSize(shared.values());
    const index = () => model.get("position")[0] * side() + model.get("position")[1];
    if (!side()) return;
    if (index() >= side() ** 2 - 1) set({ position: [0, 0] });
    play.textContent = "⏸ Pause";
    live.setAttribute("aria-live", "off"); // a sentence at each step would talk without end
    timer = setInterval(() => {
      const next = index() + 1;
      if (next >= side() ** 2) stop();
      else set({ position: [Math.floor(next / side()), next % side()] });
    }, 650);
  }

  const toggle = () => (timer === undefined ? start() : stop());
  const actions = {
    ArrowUp: () => move(-1, 0),
    ArrowDown: () => move(1, 0),
    ArrowLeft: () => move(0, -1),
    ArrowRight: () => move(0, 1),
    Home: () => set({ position: [0, 0] }),
    End: () => set({ position: [scene.state.output - 1, scene.state.output - 1] }),
    " ": toggle,
  };
  listenToKeys(figure, actions, (key) => key !== " " && stop());
  play.addEventListener("click", toggle);

  /** The output position that a point of the canvas means, or null. */
  function hit(x, y) {
    const { input, out } = plan;
    const { state, knobs: setting } = scene;
    const within = (panel, n) =>
      x >= panel.x && y >= panel.y && x < panel.x + n * panel.cell && y < panel.y + n * panel.cell;
    if (!state.output) return null;
    if (within(out, state.output)) return [y - out.y, x - out.x].map((d) => Math.floor(d / out.cell));
    if (!within(input, state.padded)) return null;
    const steps = (d) => Math.round((d / input.cell - state.span / 2) / setting.stride);
    return inside([y - input.y, x - input.x].map(steps), state.output);
  }

  const release = listenToMouse(figure, canvas, hit, (position) => {
    if (`${position}` === `${model.get("position")}`) return;
    stop();
    set({ position });
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
