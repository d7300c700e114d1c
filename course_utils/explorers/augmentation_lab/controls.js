// One image and its augmentations: keys and mouse, and the settings that are not on a scale.

export default explorer({
  label: "Augmentation lab: one image and what augmentation makes of it",
  help: "Arrow keys choose a pixel, Home and End the first and the last; Space flips, D draws anew, R resets.",
  clicks: "Click or drag in the augmented image to choose a pixel, in the original to move the crop.",

  keys({ values, set, tables }) {
    const by = (down, right) => () => set({ pixel: [values().pixel[0] + down, values().pixel[1] + right] });
    return {
      ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1),
      Home: () => set({ pixel: [0, 0] }), End: () => set({ pixel: [tables.side - 1, tables.side - 1] }),
      " ": () => set({ flip: !values().flip }),
      d: () => set(anew(values(), tables)), r: () => set(NEUTRAL),
    };
  },

  hit(x, y, { original, result, room }, { values, tables: { side, widest } }) {
    const pixel = cellAt({ ...result, rows: side, columns: side }, x, y);
    if (pixel) return { pixel };
    const whole = { x: original.x - widest * original.cell, y: original.y - widest * original.cell, cell: original.cell };
    const place = cellAt({ ...whole, rows: room / original.cell, columns: room / original.cell }, x, y);
    if (!place) return null;
    // The middle of the crop comes here, as far as it may.
    const [down, right] = place.map((k) => clamp(k - widest - side / 2, -values.padding, values.padding));
    return { dy: down, dx: values.flip && right ? -right : right };
  },

  own({ id, values, set, tables }) {
    const { widest } = tables;
    const mirrored = radioButtons(id, "flip", "Flip", { off: "no", on: "yes" }, (chosen) => set({ flip: chosen === "on" }));
    const padding = slider(id, "padding", ["Padding", "P", 0, widest], (value) => set({ padding: value }));
    const shifts = { dy: "Crop down", dx: "Crop right" };
    const crop = Object.entries(shifts).map(([name, words]) => slider(id, name, [words, name, -widest, widest], (value) => set({ [name]: value })));
    const again = button("Draw anew", "Draw eight other random versions", () => set(anew(values(), tables)));
    const reset = button("Reset", "Take all changes back", () => set(NEUTRAL));
    function show({ values: now }) {
      mirrored.show(now.flip ? "on" : "off");
      padding.show(now.padding);
      crop.forEach((one, k) => {
        // No farther than the padding: set before the value, which a range would cut.
        [one.input.min, one.input.max] = [-now.padding, now.padding];
        one.input.disabled = !now.padding;
        one.show(now[Object.keys(shifts)[k]]);
      });
      reset.disabled = Object.entries(NEUTRAL).every(([name, value]) => now[name] === value);
    }
    const row = element("div", { class: "ex-knobs al-crop" }, mirrored.node, padding.node, ...crop.map(({ node }) => node));
    return { nodes: [row], buttons: [again, reset], show };
  },
});

/** The next seed. */
function anew({ seed }, { draws }) {
  return { seed: (seed + 1) % draws };
}
