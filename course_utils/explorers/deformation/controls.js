// One output of a deformable convolution: keys and mouse.

const OWN = "your own";
const NEAR = 11; // pixels from a tap that still mean it

/** The changes that put the chosen tap's offset somewhere else. */
const moved = ({ tap, offsets }, pair) => ({ offsets: offsets.with(tap, pair) });

export default explorer({
  label: "Deformation: taps with offsets that are dragged and learn",
  help: "Arrow keys move the chosen tap by a tenth of a pixel, 1 to 9 choose a tap, Home takes it back, 0 all of them; Space plays: all offsets follow their gradients.",
  clicks: "Drag a tap. Small squares: no offset; solid arrows: offsets; dashed arrows: gradients of y.",
  pace: 120,
  next: uphill,
  first: (values, tables) => ({ offsets: tables.presets.none }),

  keys({ values, set, tables }) {
    const by = (down, right) => () => {
      const now = values();
      const [row, column] = now.offsets[now.tap];
      set(moved(now, [row + down, column + right]));
    };
    return {
      ArrowUp: by(-0.1, 0), ArrowDown: by(0.1, 0), ArrowLeft: by(0, -0.1), ArrowRight: by(0, 0.1),
      Home: () => set(moved(values(), [0, 0])),
      0: () => set({ offsets: tables.presets.none }),
      ...Object.fromEntries(range(9).map((tap) => [tap + 1, () => set({ tap })])),
    };
  },

  /** A press near a tap chooses it; anything else in the input takes the chosen tap there. */
  hit(x, y, { panels, at }, { values, state, tables }, type) {
    const tap = ["samples", "kernel", "products"].map((name) => cellAt(panels[name], x, y)).find(Boolean);
    if (tap) return { tap: 3 * tap[0] + tap[1] };
    if (!cellAt(panels.x, x, y)) return null;
    const away = state.taps.map(({ point }) => Math.hypot(...at(point).map((k, axis) => k - [x, y][axis])));
    const nearest = away.indexOf(Math.min(...away));
    if (type === "pointerdown" && away[nearest] < NEAR) return away[values.tap] < NEAR ? { tap: values.tap } : { tap: nearest };
    const { cell } = panels.x;
    const [row, column] = [(y - panels.x.y) / cell - RIM - 0.5, (x - panels.x.x) / cell - RIM - 0.5];
    const [down, right] = state.taps[values.tap].regular;
    const tidy = (value) => Math.round(20 * value) / 20;
    const { offsets } = mend({ ...values, ...moved(values, [tidy(row - down), tidy(column - right)]) }, tables);
    return { offsets };
  },

  own({ id, values, set, tables }) {
    const { presets } = tables;
    const names = Object.fromEntries([...Object.keys(presets), OWN].map((name) => [name, name]));
    const nameOf = ({ offsets }) => Object.keys(presets).find((name) => same(presets[name], offsets)) ?? OWN;
    const list = dropDown(id, "preset", "Offsets", names, (name) => (presets[name] ? set({ offsets: presets[name] }) : list.show(nameOf(values()))));
    const step = button("Step uphill", "Move all offsets one step along their gradients", () => set(uphill(values(), tables) ?? {}));
    function show({ values, tables }) {
      list.show(nameOf(values));
      step.disabled = !uphill(values, tables);
    }
    return { nodes: [element("div", { class: "ex-choices" }, list.node)], buttons: [step], show };
  },
});
