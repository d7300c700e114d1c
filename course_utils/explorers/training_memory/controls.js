// What one step of training keeps in memory: keys and mouse.

export default explorer({
  label: "Training memory: what one step of training keeps",
  help: "Up and down choose a network, Home and End the first and the last; left and right: the batch; Space: fp32 or bf16.",
  clicks: "Click a row. N ≤: the largest batch that fits; ✗: more than the GPU has.",

  keys({ values, set, tables, model }) {
    const names = Object.keys(tables.networks);
    const [, , , , batches] = JSON.parse(model.get("_setup")).knobs.batch;
    const to = (list, name, place) => () => set({ [name]: list[clamp(place(list.indexOf(values()[name])), 0, list.length - 1)] });
    return {
      ArrowUp: to(names, "network", (k) => k - 1), ArrowDown: to(names, "network", (k) => k + 1),
      Home: to(names, "network", () => 0), End: to(names, "network", () => names.length),
      ArrowLeft: to(batches, "batch", (k) => k - 1), ArrowRight: to(batches, "batch", (k) => k + 1),
      " ": () => set({ precision: values().precision === "fp32" ? "bf16" : "fp32" }),
    };
  },

  hit(x, y, { bars }, { state: { rows } }) {
    const row = rows[Math.floor((y - bars.top) / ROW)];
    return row ? { network: row.name } : null;
  },
});
