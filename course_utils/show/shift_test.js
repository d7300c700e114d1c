// A shifted image before and after convolution and pooling: the widget.

const HELP = "Arrow keys shift the image by one pixel, Home puts it back, End shifts it farthest, Space changes the stride.";
const NAMES = ["dy", "dx", "stride", "view"];

function render({ model, el }) {
  const { id, root, live } = explorerRoot("shift-test", "What a shift of the image does to convolution and pooling");
  const tables = { x: model.get("_x"), kernel: model.get("_kernel") };
  const centre = model.get("_centre");
  const known = model.get("_knobs");
  const knobList = element("div", { class: "ex-knobs" });
  const knobs = {};
  for (const [name, knob] of Object.entries(known)) {
    knobs[name] = slider(id, name, knob, (value) => set({ [name]: value }));
    knobList.append(knobs[name].node);
  }
  const view = radioButtons(id, "view", "Compare", model.get("_views"), (value) => set({ view: value }));
  const { figure, canvas } = pictureFrame(id, `An image, shifted, and what the layers make of it. ${HELP}`, "st-figure");
  const lines = element("div", { class: "ex-lines st-lines" });
  const note = element(
    "p", { class: "ex-hint st-hint" },
    "The border wraps around: what leaves at one side comes in at the other. Kernel: right minus left. Empty cells of a " +
      "convolution are 0. Framed: other than without the shift.",
  );
  const hint = element("p", { class: "ex-hint st-hint" }, `Click or drag in the image. ${HELP}`);
  root.append(knobList, element("div", { class: "ex-choices" }, view.node), figure, lines, note, hint, live);
  el.append(root);

  let scene, plan;
  const moving = glider((at) => draw(prepare(canvas, plan.width, plan.height), plan, scene, at));
  const within = (name, value) => clamp(value, known[name][2], known[name][3]);

  function update(values, before) {
    const state = describe(values, tables);
    scene = { values, state, centre, look: lookOf(root) };
    for (const name of Object.keys(knobs)) knobs[name].show(values[name]);
    view.show(values.view);
    lines.replaceChildren(...state.lines.map((line) => element("div", {}, line)));
    live.textContent = state.words;
    const width = figure.clientWidth - 12;
    if (width > 0) {
      plan = { width, ...layout(width, scene) };
      const same = before !== null && before.stride === values.stride && before.view === values.view;
      moving.go([values.dy, values.dx], same);
    }
    Object.assign(root.dataset, {
      dy: values.dy, dx: values.dx, stride: values.stride, view: values.view, largest: state.largest,
      poolSame: state.pool_same[0],
    });
  }

  const shared = link({ model, root, figure, names: NAMES, update });

  function set(changes) {
    for (const name of Object.keys(known)) if (name in changes) changes[name] = within(name, changes[name]);
    shared.set(changes);
  }

  const by = (dy, dx) => () => set({ dy: model.get("dy") + dy, dx: model.get("dx") + dx });
  listenToKeys(figure, {
    ArrowUp: by(-1, 0),
    ArrowDown: by(1, 0),
    ArrowLeft: by(0, -1),
    ArrowRight: by(0, 1),
    Home: () => set({ dy: 0, dx: 0 }),
    End: () => set({ dy: Infinity, dx: Infinity }),
    " ": () => set({ stride: 3 - model.get("stride") }),
  });

  /** The shift that brings the middle of the drawing to a point of an image, or null. */
  function hit(x, y) {
    const pixel = cellAt(plan.panels.shifted_x, x, y) ?? cellAt(plan.panels.x, x, y);
    return pixel && { dy: within("dy", pixel[0] - centre[0]), dx: within("dx", pixel[1] - centre[1]) };
  }
  const release = listenToMouse(figure, canvas, hit, (wanted) => {
    if (wanted.dy !== model.get("dy") || wanted.dx !== model.get("dx")) set(wanted);
  });

  return () => {
    moving.stop();
    release();
    shared.stop();
  };
}

export default { render };
