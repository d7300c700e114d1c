// Two filters on three channels: the picture.

function layout(width, { state, values: { filter }, tables }) {
  const n = state.x[0].length;
  const channels = state.x.map((_, k) => ({ title: `Input, channel ${k}`, rows: n, columns: n, cell: Math.min(32, 160 / n) }));
  const products = state.sums.map((sum, k) => {
    const K = state.w[k].length;
    return { title: `Filter ${filter}, slice ${k}`, rows: K, columns: K, cell: 44, note: `sum = ${minus(sum)}` };
  });
  const maps = state.y.map((_, f) => {
    const note = `bias ${minus(tables.biases[f])}`;
    return { title: `Output, map ${f}`, rows: state.output, columns: state.output, cell: Math.min(44, 132 / state.output), note };
  });
  const groups = [...channels.map((panel, k) => [panel, products[k]]), maps];
  return { ...arrange(Math.min(width, 1080), groups), channels, products, maps };
}

/** The window on the first channel. */
function spotOf({ channels: [first] }, { state }) {
  const K = state.w[0].length;
  return cellsOf(first, ...state.corner, K, K);
}

function draw(pen, plan, { state, values, look }) {
  const tools = panelTools(pen, look);
  const within = (k) => k >= values.padding && k < state.x[0].length - values.padding;
  for (const [k, panel] of plan.channels.entries()) {
    const K = state.w[k].length;
    tools.title(panel);
    tools.table(panel, state.x[k], (value, r, c) => {
      if (!within(r) || !within(c)) return { colour: look.faint, dash: [2, 2] };
      const [fill, colour] = greyOf(value, 3);
      return { fill, colour, line: "rgba(120,120,120,0.6)" };
    });
    tools.frame(panel, ...state.corner, K, K, look.frame);
    tools.title(plan.products[k]);
    tools.products(plan.products[k], state.pixels[k], state.w[k], state.products[k]);
  }
  const most = Math.max(...state.y.map(largest), 1);
  for (const [f, panel] of plan.maps.entries()) {
    tools.title(panel);
    tools.note(panel);
    const atWork = f === Number(values.filter);
    if (f > values.filter) tools.table(panel, state.y[f], () => ({ words: "", dash: [1, 3] }));
    else if (atWork) tools.soFar(panel, state.y[f], values.position);
    else tools.table(panel, state.y[f], (value) => ({ fill: tintOf(look, value, most) }));
    if (atWork) tools.frame(panel, ...values.position, 1, 1, look.frame);
  }
}
