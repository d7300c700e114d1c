// The same number of trials as a grid and at random: keys and mouse.

const budgetOf = ({ per_axis }) => per_axis ** 2;

export default explorer({
  label: "Random search against a grid",
  help: "Left and right take a trial back and make one, Home and End go to the first and the last, up and down change the grid, N draws anew.",
  clicks: "Click or drag in a square to move the peak.",
  pace: 500,

  keys({ values, set, tables }) {
    const trials = (by) => () => set({ remaining: values().remaining - by });
    const side = (by) => () => set({ per_axis: values().per_axis + by });
    const again = () => set(newDraw(values(), tables));
    return {
      ArrowLeft: trials(-1), ArrowRight: trials(1), Home: trials(-Infinity), End: trials(Infinity),
      ArrowUp: side(1), ArrowDown: side(-1), n: again, N: again,
    };
  },

  hit(x, y, { squares, side }) {
    const square = squares.find((s) => x >= s.x && x <= s.x + side && y >= s.y && y <= s.y + side);
    if (!square) return null;
    return { peak_x: Math.round((100 * (x - square.x)) / side), peak_y: Math.round((100 * (square.y + side - y)) / side) };
  },

  own: ({ values, set, tables }) => ({ buttons: [button("New draw", "Draw other random trials", () => set(newDraw(values(), tables)))] }),
  next: ({ remaining }) => (remaining ? { remaining: remaining - 1 } : null),
  first: (values) => ({ remaining: budgetOf(values) - 1 }),
});

/** The next draw, and the first after the last. */
function newDraw({ seed }, { draws }) {
  return { seed: (seed + 1) % draws };
}
