// Two filters on three channels: keys and mouse.

/** The position that comes `steps` later in reading order, one map after the other, or null where the output ends. */
function later(values, tables, steps) {
  const n = outputOf(values, tables);
  const [row, column] = values.position;
  const k = Number(values.filter) * n * n + row * n + column + steps;
  if (k < 0 || k >= tables.filters.length * n * n) return null;
  return { filter: `${Math.floor(k / (n * n))}`, position: [Math.floor((k % (n * n)) / n), k % n] };
}

export default explorer({
  label: "Depth: a filter of three slices on three channels, and its arithmetic",
  help: "Arrow keys move the window, Space plays and pauses, Home and End: first position of filter 0, last of filter 1.",
  clicks: "Click an output, or drag in a channel.",
  next: (values, tables) => later(values, tables, 1),
  first: () => ({ filter: "0", position: [0, 0] }),

  keys({ values, set, tables }) {
    const by = (rows, columns) => () => {
      const [row, column] = values().position;
      set({ position: [row + rows, column + columns] });
    };
    return {
      ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
      Home: () => set({ filter: "0", position: [0, 0] }),
      End: () => set({ filter: `${tables.filters.length - 1}`, position: [Infinity, Infinity] }),
    };
  },

  hit(x, y, { channels, maps }, { values, state }) {
    for (const [f, panel] of maps.entries()) {
      const position = cellAt(panel, x, y);
      if (position) return { filter: `${f}`, position };
    }
    const panel = channels.find((channel) => cellAt(channel, x, y));
    if (!panel) return null;
    const K = state.w[0].length;
    const nearest = (d) => clamp(Math.round((d / panel.cell - K / 2) / values.stride), 0, state.output - 1);
    return { position: [nearest(y - panel.y), nearest(x - panel.x)] };
  },
});
