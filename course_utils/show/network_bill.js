// The bill of a network, layer by layer: the widget.

const HELP = "Up and down choose a layer, Home and End the first and the last, Insert adds one below, Delete removes it.";
const NAMES = ["network", "input_shape", "quantity", "number_format", "scale"];
const OWN = "your own";
const KIND_NAMES = { conv: "convolution", maxpool: "max pool", avgpool: "average pool", lrn: "LRN", linear: "fully connected" };

/** A layer in few words. */
function inBrief(layer) {
  const { kind, kernel_size: F, stride, padding, groups } = layer;
  if (kind === "linear") return "fully connected";
  if (kind === "lrn") return "LRN";
  let words = kind === "conv" ? `${F}×${F}` : `${kind === "maxpool" ? "max" : "average"} ${F}×${F}`;
  if (stride > 1) words += ` /${stride}`;
  if (padding) words += ` pad ${padding}`;
  return groups > 1 ? `${words}, ${groups} groups` : words;
}

const put = (node, words) => node.textContent !== words && (node.textContent = words);

function render({ model, el }) {
  const { id, root, live } = explorerRoot("network-bill", "Bill of a network explorer");
  const [presets, kinds, fields, axes] = ["_networks", "_kinds", "_fields", "_axes"].map((name) => model.get(name));
  const [bits, most] = [model.get("_bits"), model.get("_most")];
  let chosen = 1;
  let scene;

  // Controls
  const names = Object.fromEntries([...Object.keys(presets), OWN].map((name) => [name, name]));
  const preset = dropDown(id, "network", "Network", names, (name) => {
    if (!presets[name]) return preset.show(OWN);
    chosen = 1;
    const [input_shape, network] = presets[name];
    shared.set({ input_shape, network });
  });
  const choose = (name) => (value) => shared.set({ [name]: value });
  const quantity = radioButtons(id, "quantity", "Show", model.get("_quantities"), choose("quantity"));
  const scale = radioButtons(id, "scale", "Scale", model.get("_scales"), choose("scale"));
  const formats = Object.fromEntries(Object.entries(bits).map(([name, n]) => [name, `${name}, ${n} bit${n > 1 ? "s" : ""}`]));
  const format = dropDown(id, "number-format", "Numbers", formats, choose("number_format"));

  // What can be changed about the chosen layer
  const editor = element("div", { class: "nb-editor", role: "group", "aria-label": "The chosen layer" });
  const title = element("b", { class: "nb-title" });
  const kindWords = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, KIND_NAMES[kind]]));
  const kind = dropDown(id, "kind", "Kind", kindWords, (value) => {
    const { network } = shared.values();
    change(network.with(chosen - 1, fresh(value, network, network[chosen - 1])));
  });
  const numbers = {};
  for (const [name, [label, least, greatest]] of Object.entries({ ...axes, ...fields })) {
    const input = element("input", { type: "number", id: `${id}-${name}`, min: least, max: greatest, step: 1 });
    const node = element("span", { class: "nb-field", "data-field": name });
    node.append(element("label", { for: input.id }, label), input);
    input.addEventListener("input", () => enter(name, input, [label, least, greatest]));
    input.addEventListener("blur", () => update(shared.values(), shared.values()));
    numbers[name] = { node, input };
  }
  const add = button("+ Add below", "Add a layer below the chosen one", () => insert());
  const drop = button("Remove", "Remove the chosen layer", () => remove());
  const up = button("↑", "Move the chosen layer up", () => swap(-1));
  const down = button("↓", "Move the chosen layer down", () => swap(1));
  const inputs = Object.values(numbers).map(({ node }) => node);
  const buttons = element("span", { class: "nb-buttons" }, add, drop, up, down);
  editor.append(title, kind.node, ...inputs, buttons);

  const list = element("div", { class: "ex-figure nb-list", tabindex: 0, role: "listbox" });
  list.setAttribute("aria-label", `Layers. ${HELP}`);
  list.setAttribute("aria-describedby", `${id}-live`);
  const problem = element("p", { class: "nb-problem" });
  const words = element("p", { class: "nb-words" });
  const hint = element("p", { class: "ex-hint" }, `Click a row to change its layer above. ${HELP}`);
  root.append(
    element("div", { class: "ex-choices" }, preset.node, quantity.node, scale.node, format.node),
    editor, problem, list, words, hint, live,
  );
  el.append(root);

  const heads = range(2).map(() => element("span", { class: "nb-head-bar" }));
  const head = element("div", { class: "nb-row nb-head", "aria-hidden": "true" });
  head.append(element("span", {}, "layer"), element("span", {}, "how"), element("span", {}, "output"), ...heads);
  const rows = [];

  function rowAt(n) {
    if (rows[n]) return rows[n];
    const cells = ["nb-name", "nb-brief", "nb-shape"].map((name) => element("span", { class: name }));
    const bars = ["nb-first", "nb-second"].map((name) => {
      const fill = element("i", {});
      const text = element("span", {});
      return { node: element("span", { class: `nb-bar ${name}` }, fill, text), fill, text };
    });
    const node = element("div", { class: "nb-row", role: "option", id: `${id}-row-${n}` });
    node.append(...cells, ...bars.map((bar) => bar.node));
    node.addEventListener("click", () => {
      chosen = n;
      list.focus({ preventScroll: true });
      show();
    });
    return (rows[n] = { node, cells, bars });
  }

  function update(values, before) {
    const { network, input_shape } = values;
    const state = describe(values, bits);
    scene = { state, network };
    chosen = clamp(chosen, 0, network.length);
    lookOf(root);
    const same = Object.keys(presets).find((name) => JSON.stringify(presets[name]) === JSON.stringify([input_shape, network]));
    preset.show(same ?? OWN);
    quantity.show(values.quantity);
    scale.show(values.scale);
    format.show(values.number_format);
    const both = values.quantity === "memory";
    list.classList.toggle("nb-both", both);
    list.dataset.quantity = values.quantity;
    heads.forEach((head, k) => (head.textContent = state.heads[k] ?? ""));
    for (let n = 0; n <= network.length; n++) {
      const { node, cells, bars } = rowAt(n);
      const row = state.rows[n];
      put(cells[0], n ? network[n - 1].name : "input");
      put(cells[1], n ? inBrief(network[n - 1]) : "");
      put(cells[2], row ? row[1] : n === state.rows.length ? "does not fit" : "–");
      bars.forEach(({ fill, text }, k) => {
        fill.style.width = `${(100 * (state.bars[n]?.[k] ?? 0)).toFixed(3)}%`;
        put(text, state.texts[n]?.[k] ?? "");
      });
      node.classList.toggle("nb-unfit", !row);
    }
    // Only what changes is touched: the layout of 25 rows takes most of an update.
    if (!head.parentNode) list.append(head);
    while (list.children.length > network.length + 2) list.lastChild.remove();
    for (let n = list.children.length - 1; n <= network.length; n++) list.append(rows[n].node);
    problem.textContent = state.problem && `Does not fit. ${state.problem}.`;
    problem.classList.toggle("ex-problem", Boolean(state.problem));
    words.textContent = state.problem ? "" : state.words;
    live.textContent = state.words;
    show(before === null);
    const [activations, parameters, work] = state.totals;
    Object.assign(root.dataset, { layers: network.length, activations, parameters, multiplyAdds: work });
  }

  /** Show which layer is chosen and what can be changed about it. */
  function show(silent = true) {
    const { state, network } = scene;
    rows.forEach(({ node }, n) => {
      node.classList.toggle("nb-chosen", n === chosen);
      node.setAttribute("aria-selected", n === chosen);
    });
    list.setAttribute("aria-activedescendant", `${id}-row-${chosen}`);
    const layer = network[chosen - 1];
    const row = state.rows[chosen];
    title.textContent = `${layer ? layer.name : "input"}${row ? ` → ${row[1]}` : ""}`;
    kind.node.hidden = !layer;
    if (layer) kind.show(layer.kind);
    const shape = Object.fromEntries(Object.keys(axes).map((name, k) => [name, model.get("input_shape")[k]]));
    const values = layer ?? shape;
    for (const [name, { node, input }] of Object.entries(numbers)) {
      node.hidden = !(name in values);
      if (node.hidden || (input === document.activeElement && input.value === `${values[name]}`)) continue;
      if (input.value !== `${values[name]}`) input.value = values[name];
      input.removeAttribute("aria-invalid");
    }
    add.disabled = network.length >= most;
    drop.disabled = !layer || network.length < 2;
    up.disabled = chosen < 2;
    down.disabled = !layer || chosen === network.length;
    root.dataset.chosen = chosen;
    if (!silent) live.textContent = state.words;
  }

  /** Say what the chosen row costs. */
  function tell() {
    const { state } = scene;
    const row = state.rows[chosen];
    if (!row) return;
    const [name, shape, activations, parameters, work] = row;
    const counts = [[activations, "activations"], [parameters, "parameters"], [work, "multiply-adds"]];
    live.textContent = `${name}, ${shape}: ${counts.map(([count, what]) => `${thousands(count)} ${what}`).join(", ")}.`;
  }

  const shared = link({ model, root, figure: list, names: NAMES, update });
  const change = (network) => shared.set({ network });

  /** A layer of a kind: what it shares with an old one stays, the rest is as for a new one. */
  function fresh(kind, network, old = {}) {
    const taken = network.filter((layer) => layer !== old).map((layer) => layer.name);
    const stem = { conv: "conv", maxpool: "pool", avgpool: "pool", lrn: "norm", linear: "fc" }[kind];
    const number = 1 + range(99).findIndex((k) => !taken.includes(`${stem}${k + 1}`));
    const layer = { kind, name: old.kind === kind ? old.name : `${stem}${number}` };
    for (const [name, value] of Object.entries(kinds[kind])) layer[name] = value;
    if (kind === "conv" || kind === "linear") layer.bias = true;
    return layer;
  }

  function insert() {
    const { network } = shared.values();
    if (network.length >= most) return;
    const shape = scene.state.rows[chosen]?.[1] ?? "";
    chosen += 1;
    change(network.toSpliced(chosen - 1, 0, fresh(shape.includes("×") ? "conv" : "linear", network)));
  }

  function remove() {
    const { network } = shared.values();
    if (!chosen || network.length < 2) return;
    const at = chosen;
    chosen = clamp(chosen, 1, network.length - 1);
    change(network.toSpliced(at - 1, 1));
  }

  function swap(by) {
    const { network } = shared.values();
    const [from, to] = [chosen - 1, chosen - 1 + by];
    if (!network[from] || !network[to]) return;
    chosen += by;
    change(network.with(from, network[to]).with(to, network[from]));
  }

  /** Take what is typed into a field if it is a number in range; say so if not. */
  function enter(name, input, [label, least, greatest]) {
    const value = Number(input.value);
    const { network, input_shape } = shared.values();
    if (!input.value || !Number.isInteger(value) || value < least || value > greatest) {
      input.setAttribute("aria-invalid", "true");
      problem.classList.add("ex-problem");
      live.textContent = problem.textContent = `${label} must be a whole number from ${least} to ${greatest}.`;
      return;
    }
    input.removeAttribute("aria-invalid");
    if (chosen) change(network.with(chosen - 1, { ...network[chosen - 1], [name]: value }));
    else shared.set({ input_shape: input_shape.with(Object.keys(axes).indexOf(name), value) });
  }

  const go = (n) => () => {
    chosen = clamp(n(), 0, scene.network.length);
    show();
    tell();
    rows[chosen].node.scrollIntoView({ block: "nearest" });
  };
  listenToKeys(list, {
    ArrowUp: go(() => chosen - 1),
    ArrowDown: go(() => chosen + 1),
    Home: go(() => 0),
    End: go(() => scene.network.length),
    Insert: insert,
    Delete: remove,
  });

  return () => shared.stop();
}

export default { render };
