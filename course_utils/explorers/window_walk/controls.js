// Convolution forward and backward, window by window: keys and mouse.

/** What the walk goes over, as rows and columns, and where it stands. */
function walked(values, tables) {
  if (values.mode !== "pixel") return [shapeOf(values, tables), values.step];
  const columns = tables.x[0].length;
  return [[tables.x.length, columns], values.pixel[0] * columns + values.pixel[1]];
}

/** The changes that go to another number of the walk, or null where it ends. */
function goTo(number, values, tables) {
  const [[rows, columns]] = walked(values, tables);
  if (number < 0 || number >= rows * columns) return null;
  return values.mode === "pixel" ? { pixel: [Math.floor(number / columns), number % columns] } : { step: number };
}

export default explorer({
  label: "Window walk: convolution forward and backward",
  help: "Left and right step, up and down go by rows, Space plays and pauses, Home and End go to the first and the last step.",
  clicks: "Click an output to see its window, an input pixel to see what it feeds.",
  next: (values, tables) => goTo(walked(values, tables)[1] + 1, values, tables),
  first: (values, tables) => goTo(0, values, tables),

  keys({ values, set, tables }) {
    const by = (rows, steps) => () => {
      const [[, columns], k] = walked(values(), tables);
      set(goTo(k + rows * columns + steps, values(), tables) ?? {});
    };
    const last = () => {
      const [[rows, columns]] = walked(values(), tables);
      set(goTo(rows * columns - 1, values(), tables));
    };
    return {
      ArrowLeft: by(0, -1), ArrowRight: by(0, 1), ArrowUp: by(-1, 0), ArrowDown: by(1, 0),
      Home: () => set(goTo(0, values(), tables)), End: last,
    };
  },

  hit(x, y, { panels }, { values, state, tables }) {
    const output = cellAt(panels.y, x, y) ?? cellAt(panels.dout, x, y);
    if (output) {
      const step = output[0] * state.output[1] + output[1];
      return values.mode === "pixel" ? { mode: "backward", step } : { step };
    }
    const cell = cellAt(panels.x, x, y) ?? cellAt(panels.dx, x, y);
    const pixel = cell?.map((k) => (values.mode === "pixel" ? k : k - values.padding));
    return tables.x[pixel?.[0]]?.[pixel?.[1]] === undefined ? null : { mode: "pixel", pixel };
  },

  own({ values, set, tables, stop }) {
    const step = (by) => () => {
      stop();
      set(goTo(walked(values(), tables)[1] + by, values(), tables) ?? {});
    };
    const back = button("‹ Back", "One step back", step(-1));
    const on = button("Step ›", "One step on", step(1));
    const count = element("b", { class: "ex-count" });
    function show({ values, tables }) {
      const [[rows, columns], k] = walked(values, tables);
      back.disabled = k === 0;
      on.disabled = k === rows * columns - 1;
      count.textContent = `${values.mode === "pixel" ? "Pixel" : "Step"} ${k + 1} of ${rows * columns}`;
    }
    return { buttons: [back, on, count], show };
  },
});
