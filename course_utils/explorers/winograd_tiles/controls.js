// An image in Winograd's tiles: keys and mouse.

/** The changes that go to another tile in reading order, or null where they end. */
function goTo(number, values) {
  const [, tiles] = tilesOf(values);
  return number < 0 || number >= tiles * tiles ? null : { tile: [Math.floor(number / tiles), number % tiles] };
}
const numberOf = (values) => values.tile[0] * tilesOf(values)[1] + values.tile[1];

export default explorer({
  label: "Winograd's tiles over an image",
  help: "Arrow keys move to another tile, Home and End go to the first and the last one, Space plays.",
  clicks: "Click into the input or the output to choose a tile.",
  pace: 700,
  next: (values) => goTo(numberOf(values) + 1, values),
  first: () => ({ tile: [0, 0] }),

  keys({ values, set }) {
    const move = (rows, columns) => () => {
      const [row, column] = values().tile;
      set({ tile: [row + rows, column + columns] });
    };
    return {
      ArrowUp: move(-1, 0), ArrowDown: move(1, 0), ArrowLeft: move(0, -1), ArrowRight: move(0, 1),
      Home: () => set({ tile: [0, 0] }), End: move(Infinity, Infinity),
    };
  },

  hit(x, y, { panels }, { values, state }) {
    const place = cellAt(panels.out, x, y) ?? cellAt(panels.x, x, y);
    return place && { tile: place.map((k) => Math.min(state.tiles - 1, Math.floor(k / values.outputs))) };
  },
});
