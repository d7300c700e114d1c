// The bits of a number: keys and mouse.

/** The changes that turn one bit over, and go there. */
const turnOver = ({ flipped }, bit) => ({
  bit,
  flipped: flipped.includes(bit) ? flipped.filter((k) => k !== bit) : [...flipped, bit].sort((a, b) => a - b),
});

export default explorer({
  label: "Bits of a number in four formats",
  help: "Left and right choose a bit, Enter flips it, up and down go to the next larger and smaller pattern of bits, Home and End to the first and the last bit, 0 back to the nearest number.",
  clicks: "Click a bit to flip it.",

  keys({ values, set, scene, tables }) {
    const by = (steps) => () => set({ bit: values().bit + steps });
    const count = (steps) => () => {
      const { bits } = scene().state;
      const width = bits.length;
      const next = binary((whole(bits) + steps + 2 ** width) % 2 ** width, width);
      const nearest = encoded(values().number, formatOf(values(), tables));
      set({ flipped: range(width).filter((k) => next[k] !== nearest[k]) });
    };
    return {
      ArrowLeft: by(-1), ArrowRight: by(1), ArrowUp: count(1), ArrowDown: count(-1),
      Enter: () => set(turnOver(values(), values().bit)),
      Home: () => set({ bit: 0 }), End: by(Infinity), 0: () => set({ flipped: [] }),
    };
  },

  /** A press flips; a drag does not flip back. */
  hit(x, y, { bits }, { values }, type) {
    const cell = cellAt(bits, x, y);
    if (!cell) return null;
    return type === "pointerdown" ? turnOver(values, cell[1]) : { bit: cell[1] };
  },

  own({ set }) {
    const nearest = button("Nearest", "Go back to the nearest number", () => set({ flipped: [] }));
    const show = ({ values }) => (nearest.disabled = !values.flipped.length);
    return { buttons: [nearest], show };
  },
});
