// What one unit deep in a stack of layers sees: the widget.

const HELP = "Left and right choose a unit, up and down a layer, Home and End the first and the last unit.";
const NAMES = ["layers", "layer", "unit"];

function render({ model, el }) {
  const { id, root, live } = explorerRoot("field-stack", "Receptive field explorer");
  const knobNames = Object.keys(model.get("_knobs"));
  const stacks = model.get("_stacks");
  const most = model.get("_most");
  const own = "your own";
  const choices = Object.fromEntries([...Object.keys(stacks), own].map((name) => [name, name]));
  const stack = dropDown(id, "stack", "Stack", choices, (name) => {
    if (stacks[name]) set({ layers: stacks[name], layer: stacks[name].length, unit: 0 });
    else stack.show(own);
  });
  const add = button("+ Layer", "Add a layer above the chosen one", () => {
    const { layers, layer } = shared.values();
    set({ layers: layers.toSpliced(layer, 0, [3, 1, 1, 1]), layer: layer + 1 });
  });
  const drop = button("− Layer", "Remove the chosen layer", () => {
    const { layers, layer } = shared.values();
    if (layers.length > 1) set({ layers: layers.toSpliced(layer - 1, 1), layer: Math.max(1, layer - 1) });
  });
  const chosen = element("b", { class: "fs-chosen" });
  const knobs = {};
  const knobList = element("div", { class: "ex-knobs" });
  for (const [index, [name, knob]] of Object.entries(model.get("_knobs")).entries()) {
    knobs[name] = slider(id, name, knob, (value) => {
      const { layers, layer } = shared.values();
      set({ layers: layers.map((old, k) => (k === layer - 1 ? old.with(index, value) : old)) });
    });
    knobList.append(knobs[name].node);
  }
  const { figure, canvas } = pictureFrame(id, `A stack of layers along one axis. ${HELP}`);
  const hint = element("p", { class: "ex-hint fs-hint" }, `Click or drag in the picture. ${HELP}`);
  const problem = element("p", { class: "fs-problem" });
  const words = element("p", { class: "fs-words" });
  const steps = element("div", { class: "ex-lines" });
  const seen = element("section", {}, element("h4", {}, "This unit"), words, problem);
  const rule = element("section", {}, element("h4", {}, "Layer by layer, from r = 1 and j = 1"), steps);
  const bar = element("div", { class: "ex-choices" }, stack.node, add, drop, chosen);
  root.append(bar, knobList, figure, hint, element("div", { class: "ex-words" }, seen, rule), live);
  el.append(root);

  const picture = imageOf(model.get("_image"));
  let scene, plan;
  const moving = glider((at) => draw(prepare(canvas, plan.width, plan.height), plan, scene, at));

  /** Values that Python would take: layer and unit that exist. */
  function mended({ layers, layer, unit }) {
    const [sizes] = sizesOf(layers);
    const at = clamp(layer, 1, layers.length);
    return { layers, layer: at, unit: at < sizes.length ? clamp(unit, 0, sizes[at] - 1) : 0 };
  }

  function update(values, before) {
    const { layers, layer, unit } = mended(values);
    const state = describe(layers, layer, unit);
    scene = { layers, layer, unit, state, look: lookOf(root), picture };
    knobNames.forEach((name, k) => knobs[name].show(layers[layer - 1][k]));
    const same = Object.keys(stacks).find((name) => `${stacks[name]}` === `${layers}`);
    stack.show(same ?? own);
    add.disabled = layers.length >= most;
    drop.disabled = layers.length < 2;
    chosen.textContent = `Layer ${layer} of ${layers.length}:`;
    words.textContent = state.words;
    problem.textContent = state.problem && `Does not fit. ${state.problem}.`;
    problem.classList.toggle("ex-problem", Boolean(state.problem));
    steps.replaceChildren(...state.steps.map((line, k) => element("div", {}, `${k + 1}. ${line}`)));
    live.textContent = [state.problem, state.words].filter(Boolean).join(". ");
    const width = figure.clientWidth - 12;
    if (width > 0) {
      plan = layout(width, layers.length);
      const sameLayers = before !== null && JSON.stringify(before.layers) === JSON.stringify(layers);
      const x = state.needed ? middleOf(plan, state, layer, unit) : 0;
      moving.go([x, state.first ?? 0, (state.last ?? 0) + 1], sameLayers && before.layer === layer);
    }
    Object.assign(root.dataset, { layer, unit, sees: state.fields[layer - 1]?.[0] ?? "", layers: layers.length });
  }

  const shared = link({ model, root, figure, names: NAMES, update });

  function set(changes) {
    shared.set(mended({ ...shared.values(), ...changes }));
  }

  const step = (units) => () => set({ unit: model.get("unit") + units });
  /** To another layer, to the unit there that looks at the same place. */
  const climb = (levels) => () => {
    const layer = clamp(model.get("layer") + levels, 1, model.get("layers").length);
    const { state } = scene;
    const here = state.fields[model.get("layer") - 1];
    const there = state.fields[layer - 1];
    const place = here ? here[2] + model.get("unit") * here[1] : INPUT / 2;
    set({ layer, unit: there ? Math.round((place - there[2]) / there[1]) : 0 });
  };
  listenToKeys(figure, {
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    ArrowUp: climb(1),
    ArrowDown: climb(-1),
    Home: step(-INPUT),
    End: step(INPUT),
  });

  function hit(x, y) {
    const { state, layers } = scene;
    const level = range(layers.length + 1).find((k) => Math.abs(y - plan.y(k)) <= 31);
    if (!level || x > plan.right) return null;
    if (level >= state.sizes.length) return { layer: level, unit: 0 };
    const [, jump, centre] = state.fields[level - 1];
    return { layer: level, unit: Math.round(((x - plan.left) / plan.cell - 0.5 - centre) / jump) };
  }
  const release = listenToMouse(figure, canvas, hit, (wanted) => {
    const { layer, unit } = mended({ ...shared.values(), ...wanted });
    if (layer !== model.get("layer") || unit !== model.get("unit")) set({ layer, unit });
  });

  return () => {
    moving.stop();
    release();
    shared.stop();
  };
}

/** The pixels of the image, on a canvas that can be drawn. */
function imageOf(pixels) {
  const canvas = element("canvas", { width: INPUT, height: INPUT });
  const data = new ImageData(INPUT, INPUT);
  pixels.forEach((rgb, k) => data.data.set([...rgb, 255], 4 * k));
  canvas.getContext("2d").putImageData(data, 0, 0);
  return canvas;
}

export default { render };
