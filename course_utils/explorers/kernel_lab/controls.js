// A kernel and what it makes of a picture: keys and mouse, and kernels to start from.

const OWN = "your own";

/** The changes that give the chosen weight another value. */
function put({ kernel, weight: [row, column] }, value, { most }) {
  return { kernel: kernel.map((line, r) => (r === row ? line.with(column, clamp(value, -most, most)) : line)) };
}
const chosen = ({ kernel, weight: [row, column] }) => kernel[row][column];

export default explorer({
  label: "A kernel to edit, and what it makes of a picture",
  help: "Arrow keys, Home and End choose a weight; plus, minus, digits change it.",
  clicks: "Click a weight; click it again, above its middle to raise it and below to lower it.",

  keys({ values, set, tables }) {
    const move = (rows, columns) => () => {
      const [row, column] = values().weight;
      set({ weight: [row + rows, column + columns] });
    };
    const change = (by) => () => set(put(values(), chosen(values()) + by, tables));
    return {
      ArrowUp: move(-1, 0), ArrowDown: move(1, 0), ArrowLeft: move(0, -1), ArrowRight: move(0, 1),
      Home: () => set({ weight: [0, 0] }), End: () => set({ weight: [2, 2] }),
      "+": change(1),
      "=": change(1), // the key of plus, without Shift, on many keyboards
      "-": change(-1),
      "−": change(-1),
      ...Object.fromEntries(range(10).map((digit) => [digit, () => set(put(values(), digit, tables))])),
    };
  },

  hit(x, y, { kernel }, { values, tables }, type) {
    const weight = cellAt(kernel, x, y);
    if (type !== "pointerdown" || !weight || !same(weight, values.weight)) return weight && { weight };
    const upper = y < kernel.y + (weight[0] + 0.5) * kernel.cell;
    return put(values, chosen(values) + (upper ? 1 : -1), tables);
  },

  own({ id, values, set, tables }) {
    const { kernels, most } = tables;
    const names = Object.fromEntries([...Object.keys(kernels), OWN].map((name) => [name, name]));
    const list = dropDown(id, "start", "Kernel", names, (name) => {
      if (kernels[name]) set(kernels[name]);
      else show({ values: values() });
    });
    const change = (by) => () => set(put(values(), chosen(values()) + by, tables));
    const less = button("− 1", "Lower the chosen weight by 1", change(-1));
    const more = button("+ 1", "Raise the chosen weight by 1", change(1));
    const turn = button("Negate", "Change the sign of all weights", () => {
      set({ kernel: map2(values().kernel, (weight) => -weight || 0) });
    });
    function show({ values: { kernel, divisor, weight: [row, column] } }) {
      list.show(Object.keys(kernels).find((name) => same(kernels[name], { kernel, divisor })) ?? OWN);
      less.disabled = kernel[row][column] === -most;
      more.disabled = kernel[row][column] === most;
    }
    return { nodes: [element("div", { class: "ex-choices" }, list.node)], buttons: [less, more, turn], show };
  },
});
