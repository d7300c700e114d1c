// What is connected and what is shared: the picture.

/** Maps of the input, kernels, maps of the output, and where they go. */
function layout(width, { state, values }) {
  const { groups: G, kind, kernel_size: F } = values;
  const channels = range(state.x.length);
  const back = kind === "transposed";
  const letter = (k) => (G > 1 ? ` ${"ABCD"[Math.floor((k * G) / channels.length)]}` : "");
  const panel = (title, n, cell) => ({ title, rows: n, columns: n, cell });
  const cellOf = (n) => Math.min(22, 140 / n);
  const x = channels.map((k) => panel(`in ${k}${letter(k)}`, state.x[0].length, cellOf(state.x[0].length)));
  const y = channels.map((k) => panel(`out ${k}${letter(k)}`, state.n, cellOf(state.n)));
  const kernels = state.partners.map((k) => panel(back ? `w → out ${k}` : `w of in ${k}`, F, 23));
  const pairs = (panels) => range(Math.ceil(panels.length / 2)).map((k) => panels.slice(2 * k, 2 * k + 2));
  const plan = arrange(Math.min(width, 1080), [...pairs(x), ...pairs(kernels), ...pairs(y)], 374, 14, false);
  return { ...plan, x, y, kernels, chosen: back ? x : y, others: back ? y : x };
}

/** The chosen value. */
const spotOf = ({ chosen }, { values: { channel, place } }) => cellsOf(chosen[channel], ...place, 1, 1);

/** Draw one state. */
function draw(pen, plan, { state, values, look }) {
  const tools = panelTools(pen, look);
  const { channel, place, kind, kernel_size: F, dilation: D, stride: S } = values;
  const back = kind === "transposed";
  const most = Math.max(...state.times.flat(), 2);
  const show = (panels, maps, own) =>
    panels.forEach((panel, k) => {
      const connected = own ? k === channel : state.partners.includes(k);
      tools.text(panel.title, panel.x, panel.y - 28, 14, connected ? look.ink : look.faint, "left", connected ? "600" : "");
      tools.numerals(panel);
      const weights = new Map(connected && !own ? state.lit[state.partners.indexOf(k)].map(([r, c, w]) => [`${r},${c}`, w]) : []);
      const readable = panel.cell >= 13 ? {} : { words: "" };
      tools.table(panel, maps[k], (value, r, c) => {
        const weight = weights.get(`${r},${c}`);
        const ground = back && connected && panels === plan.y ? tintOf({ rgb: { up: "230,159,0" } }, state.times[r][c], most, 0.4) : null;
        if (weight === undefined) return { fill: ground, colour: connected ? look.ink : look.faint, ...readable };
        return { fill: tintOf(look, weight, 4, 0.75), weight: "600", ...readable };
      });
      if (!weights.size) return;
      const span = D * (F - 1) + 1;
      if (D > 1) for (const [r, c] of state.lit[0]) box(pen, ...inset(cellsOf(panel, r, c), 1), look.frame, 1.6);
      tools.frame(panel, place[0] * S, place[1] * S, span, span, look.frame, 2, D > 1 ? [5, 3] : []);
    });
  show(plan.x, state.x, back);
  show(plan.y, state.y, !back);
  plan.kernels.forEach((panel, k) => {
    tools.title(panel);
    tools.table(panel, state.kernels[k], (value) => ({ fill: tintOf(look, value, 4, 0.75), line: look.faint }));
  });
  if (kind === "unshared") tools.text(`at (${place.join(", ")})`, plan.kernels[0].x, plan.kernels[0].y - 11, 12, look.frame, "left", "600");
  tools.frame(plan.chosen[channel], ...place, 1, 1, look.frame);
}

/** A rectangle made smaller on all sides. */
const inset = ([x, y, width, height], by) => [x + by, y + by, width - 2 * by, height - 2 * by];
