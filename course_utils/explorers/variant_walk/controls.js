// What is connected and what is shared: keys and mouse.

const OTHER = "another";

/** The changes that go to another place in reading order, or null where they end. */
function goTo(number, values, tables) {
  const [rows, columns] = placesOf(values, tables);
  return number < 0 || number >= rows * columns ? null : { place: [Math.floor(number / columns), number % columns] };
}
const numberOf = (values, tables) => values.place[0] * placesOf(values, tables)[1] + values.place[1];

export default explorer({
  label: "Variants of convolution: what is connected, what is shared",
  help: "Arrow keys move the chosen value, Page Up and Page Down change its channel, Home and End go to the first and the last place, Space plays.",
  clicks: "Click an output; of a transposed convolution an input.",
  pace: 500,
  next: (values, tables) => goTo(numberOf(values, tables) + 1, values, tables),
  first: () => ({ place: [0, 0] }),

  keys({ values, set }) {
    const move = (rows, columns) => () => {
      const [row, column] = values().place;
      set({ place: [row + rows, column + columns] });
    };
    const turn = (by) => () => set({ channel: values().channel + by });
    return {
      ArrowUp: move(-1, 0), ArrowDown: move(1, 0), ArrowLeft: move(0, -1), ArrowRight: move(0, 1),
      PageUp: turn(-1), PageDown: turn(1),
      Home: () => set({ place: [0, 0] }), End: move(Infinity, Infinity),
    };
  },

  hit(x, y, { chosen }) {
    for (const [channel, panel] of chosen.entries()) {
      const place = cellAt(panel, x, y);
      if (place) return { channel, place };
    }
    return null;
  },

  own({ id, values, set, tables }) {
    const standard = { kernel_size: 3, stride: 1, dilation: 1, groups: 1, kind: "convolution" };
    const settings = Object.fromEntries(Object.entries(tables.presets).map(([name, changes]) => [name, { ...standard, ...changes }]));
    const names = Object.fromEntries([...Object.keys(settings), OTHER].map((name) => [name, name]));
    const nameOf = (now) => Object.keys(settings).find((name) => Object.entries(settings[name]).every(([k, v]) => now[k] === v)) ?? OTHER;
    const variant = dropDown(id, "variant", "Variant", names, (name) => (settings[name] ? set(settings[name]) : variant.show(nameOf(values()))));
    const show = ({ values }) => variant.show(nameOf(values));
    return { nodes: [element("div", { class: "ex-choices" }, variant.node)], show };
  },
});
