// An inception module, with its 1×1 reductions and without: keys and mouse, and the widths of the module.

const OWN = "your own";

export default explorer({
  label: "Cost of an inception module",
  help: "Up and down choose a branch, Home and End the first and the last; left and right another module; Space: with reductions or without.",
  clicks: "Click a branch, or a bar of the bill.",

  keys({ values, set, tables: { modules } }) {
    const to = (branch) => () => set({ branch: branch(values()) });
    /** The module before or after a known one. */
    const other = (by) => () => {
      const { module, size } = values();
      const known = Object.values(modules);
      const at = known.findIndex((one) => same(one, [size, module]));
      if (known[at + by] && at >= 0) set({ size: known[at + by][0], module: known[at + by][1] });
    };
    return {
      ArrowUp: to(({ branch }) => branch - 1), ArrowDown: to(({ branch }) => branch + 1),
      Home: to(() => 1), End: to(() => 4),
      ArrowLeft: other(-1), ArrowRight: other(1),
      " ": () => set({ reductions: !values().reductions }),
    };
  },

  hit(x, y, { rows, flow, bill }) {
    const asked = bill.some((block) => x >= block.x && x <= block.x + block.width && y >= block.y + 22 && y <= block.y + 70);
    if (asked) {
      const { y: top } = bill.findLast((block) => x >= block.x && y >= block.y + 22);
      return { reductions: y < top + 46 };
    }
    const row = rows.findIndex((one) => y >= one.y && y < one.y + one.height);
    return row >= 0 && x <= flow ? { branch: row + 1 } : null;
  },

  own({ id, values, set, tables: { modules, sliders, side } }) {
    const names = Object.fromEntries([...Object.keys(modules), OWN].map((name) => [name, name]));
    const known = dropDown(id, "module", "Module", names, (name) => {
      if (modules[name]) set({ size: modules[name][0], module: modules[name][1] });
      else known.show(OWN);
    });
    const version = radioButtons(id, "reductions", "1×1 reductions", { with: "with", without: "without" }, (chosen) =>
      set({ reductions: chosen === "with" }),
    );
    const height = slider(id, "size", side, (size) => set({ size }));
    const widths = Object.entries(sliders).map(([name, numbers], k) =>
      slider(id, name, numbers, (value) => set({ module: values().module.with(k, value) })),
    );
    function show({ values: { module, size, reductions } }) {
      known.show(Object.keys(modules).find((name) => same(modules[name], [size, module])) ?? OWN);
      height.show(size);
      version.show(reductions ? "with" : "without");
      widths.forEach((width, k) => width.show(module[k]));
    }
    const bar = element("div", { class: "ex-choices ic-module" }, known.node, version.node, height.node);
    const row = element("div", { class: "ex-knobs ic-widths" }, ...widths.map(({ node }) => node));
    return { nodes: [bar, row], show };
  },
});
