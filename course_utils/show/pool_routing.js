// Max and average pooling, forward and backward: the widget.

const HELP =
  "Arrow keys choose a pixel, Home and End the first and the last; plus, minus or a digit change its value; " +
  "Space goes to the next window.";
const NAMES = ["x", "kernel_size", "stride", "position", "pixel"];

function render({ model, el }) {
  const { id, root, live } = explorerRoot("pool-routing", "Max and average pooling, forward and backward");
  const upstream = model.get("_upstream");
  const start = model.get("_start");
  const extent = [start.length, start[0].length];
  const most = model.get("_most");
  const knobList = element("div", { class: "ex-knobs" });
  const knobs = {};
  for (const [name, knob] of Object.entries(model.get("_knobs"))) {
    knobs[name] = slider(id, name, knob, (value) => set({ [name]: value }));
    knobList.append(knobs[name].node);
  }
  const { figure, canvas } = pictureFrame(id, `Two kinds of pooling side by side. ${HELP}`, "pr-figure");
  const less = button("− 1", "Lower the chosen pixel by 1", () => change(-1));
  const more = button("+ 1", "Raise the chosen pixel by 1", () => change(1));
  const next = button("Next window", "Choose the next window", () => nextWindow());
  const reset = button("Values as at first", "Put the values back as they were at first", () => set({ x: start }));
  const clicks = "Click a pixel, then its plus or minus; click an output to see its window.";
  const hint = element("p", { class: "ex-hint pr-hint" }, `${clicks} ${HELP}`);
  const legend = element(
    "p", { class: "ex-hint pr-hint" },
    "Full rings: first maximum of at least one window. Dashed ring: as large, but later in the chosen window.",
  );
  const window_ = element("div", { class: "ex-lines" });
  const windowTitle = element("h4", {});
  const pixelLines = element("div", { class: "ex-lines" });
  const pixelTitle = element("h4", {});
  const words = element(
    "div", { class: "ex-words pr-words" },
    element("section", {}, windowTitle, window_), element("section", {}, pixelTitle, pixelLines),
  );
  const bar = element("div", { class: "pr-bar" }, less, more, next, reset);
  root.append(knobList, figure, bar, legend, words, hint, live);
  el.append(root);

  let scene, plan;
  const moving = glider((at) => draw(prepare(canvas, plan.width, plan.height), plan, scene, at));
  const inside = (place, shape) => place.map((k, axis) => clamp(k, 0, shape[axis] - 1));

  /** Values that Python would take: a window that exists. */
  const mended = (values) => ({
    ...values,
    position: inside(values.position, outputShape(values, extent)),
    pixel: inside(values.pixel, extent),
  });

  function update(wanted, before) {
    const values = mended(wanted);
    const { x, position, pixel } = values;
    const state = describe(values, upstream);
    scene = { x, values, state, look: lookOf(root) };
    for (const name of Object.keys(knobs)) knobs[name].show(values[name]);
    const value = x[pixel[0]][pixel[1]];
    less.disabled = value === 0;
    more.disabled = value === most;
    const [top, left] = state.corner;
    const last = values.kernel_size - 1;
    windowTitle.textContent = `Window of y[${position.join(", ")}]: rows ${top} to ${top + last}, columns ${left} to ${left + last}`;
    window_.replaceChildren(...state.window_lines.map((line) => element("div", {}, line)));
    pixelTitle.textContent = `Pixel (${pixel.join(", ")}) = ${value}`;
    pixelLines.replaceChildren(...state.pixel_lines.map((line) => element("div", {}, line)));
    const moved = before !== null && `${before.position}` !== `${position}` && `${before.pixel}` === `${pixel}`;
    const sameKnobs = before !== null && Object.keys(knobs).every((name) => before[name] === values[name]);
    const said = moved ? state.window_words : state.pixel_words;
    live.textContent = (sameKnobs ? "" : `Output ${state.output.join(" by ")}. `) + said;
    const width = figure.clientWidth - 12;
    if (width > 0) {
      plan = { width, ...layout(width, scene) };
      moving.go(position, sameKnobs);
    }
    Object.assign(root.dataset, {
      position: position.join(","), pixel: pixel.join(","), value, output: state.output.join(","),
      dxMax: state.dx_max[pixel[0]][pixel[1]], dxSum: state.dx_sums[pixel[0]][pixel[1]],
    });
  }

  const shared = link({ model, root, figure, names: NAMES, update });

  function set(changes) {
    const values = mended({ ...shared.values(), ...changes });
    shared.set({ ...changes, position: values.position, pixel: values.pixel });
  }

  /** Give the chosen pixel another value. */
  function put(value) {
    const { x, pixel: [row, column] } = mended(shared.values());
    const wanted = clamp(value, 0, most);
    if (wanted === x[row][column]) return;
    set({ x: x.map((line, r) => (r === row ? line.with(column, wanted) : line)) });
  }
  function change(by) {
    const { x, pixel: [row, column] } = mended(shared.values());
    put(x[row][column] + by);
  }
  function move(rows, columns) {
    const [row, column] = shared.values().pixel;
    set({ pixel: [row + rows, column + columns] });
  }
  function nextWindow() {
    const values = mended(shared.values());
    const [rows, columns] = outputShape(values, extent);
    const k = (values.position[0] * columns + values.position[1] + 1) % (rows * columns);
    set({ position: [Math.floor(k / columns), k % columns] });
  }

  const actions = {
    ArrowUp: () => move(-1, 0),
    ArrowDown: () => move(1, 0),
    ArrowLeft: () => move(0, -1),
    ArrowRight: () => move(0, 1),
    Home: () => set({ pixel: [0, 0] }),
    End: () => set({ pixel: extent }),
    " ": nextWindow,
    "+": () => change(1),
    "=": () => change(1), // the key of plus, without Shift, on many keyboards
    "-": () => change(-1),
    "−": () => change(-1),
  };
  for (const digit of range(10)) actions[digit] = () => put(digit);
  listenToKeys(figure, actions);
  figure.addEventListener("keydown", (event) => {
    if (event.key !== "+" || !event.shiftKey) return; // without Shift it is in `actions`
    event.preventDefault();
    event.stopPropagation();
    change(1);
  });

  /** What a point of the canvas means: a window or a pixel. */
  function hit(x, y) {
    const { panels } = plan;
    const at = (name) => cellAt(panels[name], x, y);
    const position = at("max") ?? at("average") ?? at("dout");
    if (position) return { position };
    const pixel = at("x") ?? at("dx_max") ?? at("dx_average");
    return pixel && { pixel };
  }
  const release = listenToMouse(figure, canvas, hit, (wanted) => {
    const now = shared.values();
    if (Object.entries(wanted).every(([name, value]) => `${value}` === `${now[name]}`)) return;
    set(wanted);
  });
  let pressed = null;
  const chosenBefore = (event) => {
    const frame = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const pixel = cellAt(plan.panels.x, x, y);
    return pixel && `${pixel}` === `${shared.values().pixel}` ? (y - plan.panels.x.y) / plan.panels.x.cell - pixel[0] : null;
  };
  // Which half of the chosen pixel is pressed, known before the press chooses another pixel.
  figure.addEventListener("pointerdown", (event) => (pressed = chosenBefore(event)), true);
  canvas.addEventListener("click", () => {
    if (pressed !== null) change(pressed < 0.5 ? 1 : -1);
    pressed = null;
  });

  return () => {
    moving.stop();
    release();
    shared.stop();
  };
}

export default { render };
