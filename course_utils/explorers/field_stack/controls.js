// What one unit deep in a stack of layers sees: keys and mouse, and the controls of the chosen layer.

const OWN = "your own";

export default explorer({
  label: "Receptive field of a unit in a stack of layers",
  help: "Left and right choose a unit, up and down a layer, Home and End the first and the last unit.",
  clicks: "Click or drag in the picture.",

  keys({ values, set, scene, tables }) {
    const step = (units) => () => set({ unit: values().unit + units });
    /** To another layer, to the unit there that looks at the same place. */
    const climb = (levels) => () => {
      const { layers, layer, unit } = values();
      const to = clamp(layer + levels, 1, layers.length);
      const { fields } = scene().state;
      const [here, there] = [fields[layer - 1], fields[to - 1]];
      const place = here ? here[2] + unit * here[1] : tables.input / 2;
      set({ layer: to, unit: there ? Math.round((place - there[2]) / there[1]) : 0 });
    };
    return {
      ArrowLeft: step(-1), ArrowRight: step(1), ArrowUp: climb(1), ArrowDown: climb(-1),
      Home: step(-tables.input), End: step(tables.input),
    };
  },

  hit(x, y, plan, { values, state, tables }) {
    const level = range(values.layers.length + 1).find((k) => Math.abs(y - plan.y(k)) <= plan.gap / 2);
    if (!level || x > plan.right) return null;
    const [, jump, centre] = state.fields[level - 1] ?? [0, 1, 0];
    const unit = Math.round(((x - plan.left) / plan.cell - 0.5 - centre) / jump);
    const { layer, unit: at } = mend({ ...values, layer: level, unit }, tables);
    return { layer, unit: at };
  },

  own({ id, values, set, tables }) {
    const { stacks, most } = tables;
    const names = Object.fromEntries([...Object.keys(stacks), OWN].map((name) => [name, name]));
    const stack = dropDown(id, "stack", "Stack", names, (name) => {
      if (stacks[name]) set({ layers: stacks[name], layer: stacks[name].length, unit: 0 });
      else stack.show(OWN);
    });
    const add = button("+ Layer", "Add a layer above the chosen one", () => {
      const { layers, layer } = values();
      set({ layers: layers.toSpliced(layer, 0, [3, 1, 1, 1]), layer: layer + 1 });
    });
    const drop = button("− Layer", "Remove the chosen layer", () => {
      const { layers, layer } = values();
      set({ layers: layers.toSpliced(layer - 1, 1), layer: Math.max(1, layer - 1) });
    });
    const chosen = element("b", { class: "ex-count" });
    const knobs = Object.entries(tables.knobs).map(([name, knob], index) =>
      slider(id, name, knob, (value) => {
        const { layers, layer } = values();
        set({ layers: layers.map((old, k) => (k === layer - 1 ? old.with(index, value) : old)) });
      }),
    );
    function show({ values: { layers, layer } }) {
      knobs.forEach((knob, k) => knob.show(layers[layer - 1][k]));
      stack.show(Object.keys(stacks).find((name) => same(stacks[name], layers)) ?? OWN);
      add.disabled = layers.length >= most;
      drop.disabled = layers.length < 2;
      chosen.textContent = `Layer ${layer} of ${layers.length}:`;
    }
    const bar = element("div", { class: "ex-choices" }, stack.node, add, drop, chosen);
    return { nodes: [bar, element("div", { class: "ex-knobs" }, ...knobs.map(({ node }) => node))], show };
  },
});
