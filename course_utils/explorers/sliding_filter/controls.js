// A filter slides over an input: keys and mouse.

/** The position that comes `steps` later in reading order, or null where the output ends. */
function later(values, steps) {
  const n = outputOf(values);
  const k = values.position[0] * n + values.position[1] + steps;
  return k < n * n ? { position: [Math.floor(k / n), k % n] } : null;
}

export default explorer({
  label: "Sliding filter: a window over an input, and its arithmetic",
  help: "Arrow keys move the window, Space plays and pauses, Home and End: first and last position.",
  clicks: "Click or drag in the picture.",
  next: (values) => later(values, 1),
  first: () => ({ position: [0, 0] }),
  pace: 650,

  keys({ values, set }) {
    const by = (rows, columns) => () => {
      const [row, column] = values().position;
      set({ position: [row + rows, column + columns] });
    };
    return {
      ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
      Home: () => set({ position: [0, 0] }), End: by(Infinity, Infinity),
    };
  },

  /** An output, or the one whose window has its middle nearest to this point of the input. */
  hit(x, y, { input, out }, { values, state: { output, span } }) {
    if (!output) return null;
    const position = cellAt(out, x, y);
    if (position) return { position };
    if (!cellAt(input, x, y)) return null;
    const nearest = (d) => Math.round((d / input.cell - span / 2) / values.stride);
    const { position: inside } = mend({ ...values, position: [nearest(y - input.y), nearest(x - input.x)] });
    return { position: inside };
  },
});
