// A square over an image and what it does to the probabilities: keys and mouse.

export default explorer({
  label: "Occluder: a square over an image, and what becomes of the probabilities",
  help: "Arrow keys move the square, 1 to 9 choose an image; Home and End the first and the last place; Space plays.",
  clicks: "Drag in the image or in the map; click a small image.",
  pace: 150,
  next: nextPlace,
  first: () => ({ place: [0, 0] }),

  keys({ values, set }) {
    const by = (down, right) => () => set({ place: [values().place[0] + down, values().place[1] + right] });
    return {
      ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
      Home: () => set({ place: [0, 0] }), End: () => set({ place: [99, 99] }),
      ...Object.fromEntries(range(9).map((image) => [image + 1, () => set({ image })])),
    };
  },

  /** The middle of the square comes under the pointer, as far as it may. */
  hit(x, y, { thumbs, image, map }, { values: { size }, tables }) {
    const small = thumbs.findIndex((one) => x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height);
    if (small >= 0) return { image: small };
    const under = [image, map].find((one) => x >= one.x && y >= one.y && x < one.x + one.side && y < one.y + one.side);
    if (!under) return null;
    const last = placesOf(size, tables) - 1;
    const place = [y - under.y, x - under.x].map((far) => clamp(Math.round((far / under.pixel - size / 2) / tables.stride), 0, last));
    return { place };
  },
});
