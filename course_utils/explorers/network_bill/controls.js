// The bill of a network, layer by layer: keys and mouse, and the editor of the chosen layer.

const OWN = "your own";
const STEMS = { conv: "conv", maxpool: "pool", avgpool: "pool", lrn: "norm", linear: "fc" };

/** A layer of a kind: what it shares with an old one stays, the rest is as for a new one. */
function fresh(kind, network, kinds, old = {}) {
  const taken = network.filter((layer) => layer !== old).map((layer) => layer.name);
  const number = 1 + range(99).findIndex((k) => !taken.includes(`${STEMS[kind]}${k + 1}`));
  const layer = { kind, name: old.kind === kind ? old.name : `${STEMS[kind]}${number}`, ...kinds[kind] };
  if (kind === "conv" || kind === "linear") layer.bias = true;
  return layer;
}

const insert = ({ values, set, scene, tables }) => () => {
  const { network, layer } = values();
  if (network.length >= tables.most) return;
  const kind = (scene().state.rows[layer]?.[1] ?? "").includes("×") ? "conv" : "linear";
  set({ network: network.toSpliced(layer, 0, fresh(kind, network, tables.kinds)), layer: layer + 1 });
};
const remove = ({ values, set }) => () => {
  const { network, layer } = values();
  if (layer && network.length > 1) set({ network: network.toSpliced(layer - 1, 1), layer: clamp(layer, 1, network.length - 1) });
};
const swap = ({ values, set }, by) => () => {
  const { network, layer } = values();
  const [from, to] = [layer - 1, layer - 1 + by];
  if (network[from] && network[to]) set({ network: network.with(from, network[to]).with(to, network[from]), layer: layer + by });
};

export default explorer({
  label: "Bill of a network: what each layer costs",
  help: "Up and down choose a layer, Home and End the first and the last; Insert adds one, Delete removes it.",
  clicks: "Click a row to choose it.",

  keys(api) {
    const to = (layer) => () => api.set({ layer: layer(api.values()) });
    return {
      ArrowUp: to(({ layer }) => layer - 1), ArrowDown: to(({ layer }) => layer + 1),
      Home: to(() => 0), End: to(({ network }) => network.length),
      Insert: insert(api), Delete: remove(api),
    };
  },

  hit(x, y, { from, to, many, top, row }, { values }, type) {
    const layer = from + Math.floor((y - top) / row);
    if (layer < from || layer >= to) return null;
    // A window of rows follows the choice: from one that followed the mouse, too, the rows would run away.
    return { layer: type === "pointermove" && to - from < many ? values.layer : layer };
  },

  own(api) {
    const { id, values, set, say, tables } = api;
    const { networks, kinds, fields, axes, most } = tables;
    const names = Object.fromEntries([...Object.keys(networks), OWN].map((name) => [name, name]));
    const preset = dropDown(id, "network", "Network", names, (name) => {
      if (!networks[name]) return preset.show(OWN);
      const [input_shape, network] = networks[name];
      set({ input_shape, network, layer: 1 });
    });
    const title = element("b", { class: "nb-title" });
    const kind = dropDown(id, "kind", "Kind", Object.fromEntries(Object.keys(kinds).map((k) => [k, KIND_NAMES[k]])), (value) => {
      const { network, layer } = values();
      set({ network: network.with(layer - 1, fresh(value, network, kinds, network[layer - 1])) });
    });
    const problem = element("p", { class: "ex-problem nb-problem", hidden: "" });
    const numbers = Object.entries({ ...axes, ...fields }).map(([name, [label, least, greatest]]) => {
      const input = element("input", { type: "number", id: `${id}-${name}`, min: least, max: greatest, step: 1 });
      const node = element("span", { class: "nb-field", "data-field": name }, element("label", { for: input.id }, label), input);
      input.addEventListener("input", () => enter(name, input, label, least, greatest));
      input.addEventListener("blur", () => show(api.scene()));
      return { name, node, input };
    });
    const add = button("+ Add below", "Add a layer below the chosen one", insert(api));
    const drop = button("Remove", "Remove the chosen layer", remove(api));
    const up = button("↑", "Move the chosen layer up", swap(api, -1));
    const down = button("↓", "Move the chosen layer down", swap(api, 1));
    const editor = element("div", { class: "nb-editor", role: "group", "aria-label": "The chosen layer" });
    editor.append(preset.node, title, kind.node, ...numbers.map(({ node }) => node), element("span", { class: "nb-buttons" }, add, drop, up, down));

    /** Take what is typed into a field if it is a number in range; say so if not. */
    function enter(name, input, label, least, greatest) {
      const value = Number(input.value);
      const wrong = !input.value || !Number.isInteger(value) || value < least || value > greatest;
      if (wrong) {
        input.setAttribute("aria-invalid", "true");
        problem.hidden = false;
        say((problem.textContent = `${label} must be a whole number from ${least} to ${greatest}.`));
        return;
      }
      const { network, input_shape, layer } = values();
      if (layer) set({ network: network.with(layer - 1, { ...network[layer - 1], [name]: value }) });
      else set({ input_shape: input_shape.with(Object.keys(axes).indexOf(name), value) });
      show(api.scene());
    }

    /** Show which layer is chosen and what can be changed about it. */
    function show({ values: { network, input_shape, layer: chosen }, state }) {
      const layer = network[chosen - 1];
      const known = Object.keys(networks).find((name) => same(networks[name], [input_shape, network]));
      preset.show(known ?? OWN);
      const row = state.rows[chosen];
      title.textContent = `${layer ? layer.name : "input"}${row ? ` → ${row[1]}` : ""}`;
      kind.node.hidden = !layer;
      if (layer) kind.show(layer.kind);
      const current = layer ?? Object.fromEntries(Object.keys(axes).map((name, k) => [name, input_shape[k]]));
      problem.hidden = true;
      for (const { name, node, input } of numbers) {
        node.hidden = !(name in current);
        input.removeAttribute("aria-invalid");
        if (!node.hidden && input.value !== `${current[name]}`) input.value = current[name];
      }
      add.disabled = network.length >= most;
      drop.disabled = !layer || network.length < 2;
      up.disabled = chosen < 2;
      down.disabled = !layer || chosen === network.length;
    }
    return { nodes: [editor, problem], show };
  },
});
