// Which way to convolve is fastest: keys and mouse.

export default explorer({
  label: "Where each way to convolve wins",
  help: "Left and right choose a kernel size, up and down an image size, Home and End the first and the last place.",
  clicks: "Click a kernel size in either picture.",

  keys({ values, set }) {
    const move = (rows, columns) => () => {
      const [row, column] = values().place;
      set({ place: [row + rows, column + columns] });
    };
    return {
      ArrowUp: move(-1, 0), ArrowDown: move(1, 0), ArrowLeft: move(0, -1), ArrowRight: move(0, 1),
      Home: () => set({ place: [0, 0] }), End: move(Infinity, Infinity),
    };
  },

  hit(x, y, { map, chart, across }, { values }) {
    const place = cellAt(map, x, y);
    if (place) return { place };
    if (x < chart.x || x > chart.x + chart.width || y < chart.y || y > chart.y + chart.height) return null;
    const away = values.times.kernels.map((_, k) => Math.abs(across(k) - x));
    return { place: [values.place[0], away.indexOf(Math.min(...away))] };
  },
});
