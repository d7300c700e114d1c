// Max and average pooling, forward and backward: keys and mouse.

/** The changes that give the chosen pixel another value; none where it has it already. */
function put(values, value, { most }) {
  const { x, pixel: [row, column] } = values;
  return { x: x.map((line, r) => (r === row ? line.with(column, clamp(value, 0, most)) : line)) };
}
const chosen = ({ x, pixel: [row, column] }) => x[row][column];

/** The window after this one, and the first after the last. */
function nextWindow(values) {
  const [rows, columns] = shapeOf(values);
  const k = (values.position[0] * columns + values.position[1] + 1) % (rows * columns);
  return { position: [Math.floor(k / columns), k % columns] };
}

export default explorer({
  label: "Max and average pooling, forward and backward",
  help: "Arrow keys, Home and End choose a pixel; plus, minus, digits change it; Space goes to the next window.",
  clicks:
    "Full ring: first maximum of a window. Dashed: as large, but later in the chosen window. " +
    "Click a pixel, then its + or −; click an output for its window.",

  keys({ values, set, tables }) {
    const move = (rows, columns) => () => {
      const [row, column] = values().pixel;
      set({ pixel: [row + rows, column + columns] });
    };
    const change = (by) => () => set(put(values(), chosen(values()) + by, tables));
    return {
      ArrowUp: move(-1, 0), ArrowDown: move(1, 0), ArrowLeft: move(0, -1), ArrowRight: move(0, 1),
      Home: () => set({ pixel: [0, 0] }), End: move(Infinity, Infinity),
      " ": () => set(nextWindow(values())),
      "+": change(1),
      "=": change(1), // the key of plus, without Shift, on many keyboards
      "-": change(-1),
      "−": change(-1),
      ...Object.fromEntries(range(10).map((digit) => [digit, () => set(put(values(), digit, tables))])),
    };
  },

  /** A window, a pixel, or another value: a press on the chosen pixel raises it in its upper half and lowers it below. */
  hit(x, y, { panels }, { values, tables }, type) {
    const at = (name) => cellAt(panels[name], x, y);
    const position = at("max") ?? at("average") ?? at("dout");
    if (position) return { position };
    const pixel = at("x");
    if (type === "pointerdown" && pixel && same(pixel, values.pixel)) {
      const upper = y < panels.x.y + (pixel[0] + 0.5) * panels.x.cell;
      return put(values, chosen(values) + (upper ? 1 : -1), tables);
    }
    const meant = pixel ?? at("dx_max") ?? at("dx_average");
    return meant && { pixel: meant };
  },

  own({ values, set, tables }) {
    const change = (by) => () => set(put(values(), chosen(values()) + by, tables));
    const less = button("− 1", "Lower the chosen pixel by 1", change(-1));
    const more = button("+ 1", "Raise the chosen pixel by 1", change(1));
    const next = button("Next window", "Choose the next window", () => set(nextWindow(values())));
    const reset = button("Values as at first", "Put the values back as they were at first", () => set({ x: tables.start }));
    function show({ values, tables: { most } }) {
      less.disabled = chosen(values) === 0;
      more.disabled = chosen(values) === most;
    }
    return { buttons: [less, more, next, reset], show };
  },
});
