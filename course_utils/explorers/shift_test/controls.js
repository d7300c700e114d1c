// A shifted image before and after convolution and pooling: keys and mouse.

export default explorer({
  label: "What a shift of the image does to convolution and pooling",
  help: "Arrow keys shift the image by one pixel, Home puts it back, End shifts it farthest, Space changes the stride.",
  clicks:
    "The border wraps around. Kernel: right minus left. Empty cells of a convolution are 0. Framed: other than without the shift. " +
    "Click or drag in the image.",

  keys({ values, set }) {
    const by = (down, right) => () => set({ dy: values().dy + down, dx: values().dx + right });
    return {
      ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
      Home: () => set({ dy: 0, dx: 0 }), End: () => set({ dy: 6, dx: 6 }),
      " ": () => set({ stride: 3 - values().stride }),
    };
  },

  /** The shift that brings the middle of the drawing here. */
  hit(x, y, { panels }, { values, tables: { centre } }) {
    const pixel = cellAt(panels.shifted_x, x, y) ?? cellAt(panels.x, x, y);
    if (!pixel) return null;
    const { dy, dx } = mend({ ...values, dy: pixel[0] - centre[0], dx: pixel[1] - centre[1] });
    return { dy, dx };
  },
});
