// A kernel as a sum of columns times rows: keys and mouse.

const OWN = "your own";

/** The changes that put a weight into a cell, and go there. */
function put(values, weight, [row, column], { most }) {
  const kernel = values.kernel.map((line, r) => (r === row ? line.with(column, clamp(weight, -most, most)) : line));
  return { kernel, cell: [row, column] };
}

export default explorer({
  label: "Separability: a kernel as columns times rows",
  help: "Arrow keys, Home and End choose a weight; Enter puts the brush there, plus and minus change it, 0 clears it.",
  clicks: "Click or drag in the kernel to draw with the brush.",

  keys({ values, set, tables }) {
    const move = (rows, columns) => () => {
      const [row, column] = values().cell;
      set({ cell: [row + rows, column + columns] });
    };
    const paint = (weight) => () => {
      const now = values();
      const [row, column] = now.cell;
      set(put(now, weight(now.kernel[row][column], now.brush), now.cell, tables));
    };
    const [more, less] = [paint((weight) => weight + 1), paint((weight) => weight - 1)];
    return {
      ArrowUp: move(-1, 0), ArrowDown: move(1, 0), ArrowLeft: move(0, -1), ArrowRight: move(0, 1),
      Home: () => set({ cell: [0, 0] }), End: move(Infinity, Infinity),
      Enter: paint((_, brush) => brush), "+": more, "=": more, "-": less, "−": less, 0: paint(() => 0),
    };
  },

  hit(x, y, { panels }, { values, tables }) {
    const cell = cellAt(panels.kernel, x, y);
    return cell && put(values, values.brush, cell, tables);
  },

  own({ id, values, set, tables }) {
    const { kernels } = tables;
    const names = Object.fromEntries([...Object.keys(kernels), OWN].map((name) => [name, name]));
    const nameOf = ({ kernel }) => Object.keys(kernels).find((name) => same(kernels[name], kernel)) ?? OWN;
    const list = dropDown(id, "preset", "Kernel", names, (name) => (kernels[name] ? set({ kernel: kernels[name] }) : list.show(nameOf(values()))));
    const clear = button("Clear", "Set all weights to 0", () => set({ kernel: values().kernel.map((line) => line.map(() => 0)) }));
    const turn = button("Turn", "Turn the kernel by 90 degrees", () => {
      const { kernel } = values();
      set({ kernel: table(5, 5, (r, c) => kernel[4 - c][r]) });
    });
    const show = ({ values }) => list.show(nameOf(values));
    return { nodes: [element("div", { class: "ex-choices" }, list.node)], buttons: [clear, turn], show };
  },
});
