// Two networks as blocks to scale: the picture.

const RULER = 54; // left of the blocks, for sides and the largest bar
const HEAD = 20; // above the blocks of a network, for its name
const LABELS = 17; // below them, for the stages
const COLUMN = 7; // width of a bar

/** Places of the blocks of one network along the line: [left, width] of each, its slot at least as wide as a bar. */
function along({ blocks }, unit, gap, least) {
  let x = RULER;
  return blocks.map(({ shape: [channels] }) => {
    const width = Math.max(1.5, unit * Math.sqrt(channels));
    const slot = Math.max(width, least);
    const place = { x: x + (slot - width) / 2, width, slot: [x - gap / 2, x + slot + gap / 2] };
    x += slot + gap;
    return place;
  });
}

/** Where all blocks go: one scale for both networks, as large as the width allows. */
function layout(width, scene) {
  const { state: { networks } } = scene;
  const w = Math.min(width, 1080);
  const [gap, least] = w >= 700 ? [3, COLUMN + 1] : [1.5, 5];
  let unit = 5;
  let lines;
  do {
    unit *= 0.98;
    lines = networks.map((network) => along(network, unit, gap, least));
  } while (lines.some((line) => line.at(-1).slot[1] > w) && unit > 0.2);
  const [band, bars] = networks.length === 2 ? [72, 32] : [196, 84];
  const sides = networks.flatMap(({ blocks }) => blocks.map(({ shape }) => shape[1] ?? 1));
  const tall = band / Math.sqrt(Math.max(...sides));
  const each = HEAD + band + LABELS + bars + 12;
  const rows = networks.map(({ blocks }, k) => {
    const top = k * each;
    const floor = top + HEAD + band;
    const heights = blocks.map(({ shape }) => tall * Math.sqrt(shape[1] ?? 1));
    const places = lines[k].map(({ x, width }, n) => [x, floor - heights[n], width, heights[n]]);
    return { top, bottom: top + each, floor, base: floor + LABELS + bars, places, slots: lines[k].map(({ slot }) => slot) };
  });
  const key = keyOf(networks, w, each * networks.length + 8);
  return { w, tall, bars, rows, key, height: key.at(-1).y + 12 };
}

/** What the key explains, and where: only what there is. */
function keyOf(networks, width, top) {
  const kinds = new Set(networks.flatMap(({ blocks }) => blocks.flatMap(({ kind, shortcut }) => [kind, shortcut])));
  const known = [
    ["conv", "convolution"], ["pool", "pooling"], ["linear", "fully connected"], ["inception", "inception"],
    ["identity", "shortcut: identity"], ["projection", "projection"],
  ];
  const items = known.filter(([kind]) => kinds.has(kind)).map(([kind, words]) => ({ kind, words, wide: 24 + 6.4 * words.length + 10 }));
  const scale = "Height √side, width √channels";
  let [x, y] = [0, top];
  return [{ words: scale, wide: 6.4 * scale.length + 16 }, ...items].map((item) => {
    if (x && x + item.wide > width) [x, y] = [0, y + 18];
    const place = { ...item, x, y };
    x += item.wide;
    return place;
  });
}

/** The chosen block of the network in which keys choose. */
function spotOf({ rows }, { values: { active }, state: { chosen } }) {
  const [x, y, width, height] = rows[active - 1].places[chosen[active - 1]];
  return [x - 3, y - 3, width + 6, height + 6];
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { state: { networks }, look } = scene;
  const text = writer(pen, look.ink);
  networks.forEach((network, k) => {
    const row = plan.rows[k];
    drawChosen(pen, row, k, scene);
    drawBars(pen, plan, row, network, k, scene);
    network.blocks.forEach((block, n) => {
      drawBlock(pen, row.places[n], block, look);
      if (block.shortcut) drawArc(pen, row.places[n], block.shortcut, look);
    });
    drawFrame(pen, row, k, scene);
    drawWords(text, pen, plan, row, network, k, scene);
  });
  for (const { kind, words, x, y } of plan.key) {
    if (kind) drawSample(pen, x, y, kind, look);
    text(words, x + (kind ? 24 : 0), y, 12, look.faint, "left");
  }
}

/** The ground of the chosen block, from top to bottom of its network. */
function drawChosen(pen, { top, base, slots }, k, { state: { chosen, networks }, values: { active }, look }) {
  const [left, right] = slots[chosen[k]];
  pen.fillStyle = "rgba(86,180,233,0.24)";
  pen.fillRect(left, top + HEAD - 4, right - left, base - top - HEAD + 4);
  if (networks.length < 2 || active !== k + 1) return;
  pen.fillStyle = look.blue;
  pen.fillRect(0, top, 3, base - top);
}

/** A frame around it; dashed in the network that keys do not move in. */
function drawFrame(pen, { places }, k, { state: { chosen }, values: { active }, look }) {
  const [x, y, width, height] = places[chosen[k]];
  const place = [x - 2, y - 2, width + 4, height + 4];
  if (active === k + 1) box(pen, ...place, look.paper, 4.5);
  box(pen, ...place, look.frame, active === k + 1 ? 3 : 1.5, active === k + 1 ? [] : [4, 2]);
}

/** Fill and outline of a block by its kind. */
function drawBlock(pen, [x, y, width, height], { kind, parts }, look) {
  const fills = { linear: tintOf(look, 1, 1, 0.4), inception: look.wash, pool: look.paper, input: look.paper };
  pen.fillStyle = fills[kind] ?? tintOf(look, -1, 1, 0.4);
  pen.fillRect(x, y, width, height);
  const lines = { linear: look.frame, inception: look.ink, pool: look.faint, input: look.faint };
  const colour = lines[kind] ?? look.blue;
  box(pen, x, y, width, height, colour, 1, kind === "pool" ? [2, 2] : []);
  const whole = added(parts);
  const seams = parts.slice(1).map((_, k) => x + (width * added(parts.slice(0, k + 1))) / whole);
  if (seams.length) strokes(pen, seams.map((at) => [[at, y], [at, y + height]]), colour, 1);
}

/** A shortcut over a block: a line for the identity, a dashed one with a box for a projection. */
function drawArc(pen, [x, y, width], shortcut, look) {
  const [left, right, middle, top] = [x - 1, x + width + 1, x + width / 2, y - 9];
  const projected = shortcut === "projection";
  pen.setLineDash(projected ? [2, 1.5] : []);
  pen.lineWidth = 1.3;
  pen.strokeStyle = look.ink;
  pen.beginPath();
  pen.moveTo(left, y + 3);
  pen.bezierCurveTo(left, top - 2, right, top - 2, right, y + 3);
  pen.stroke();
  pen.setLineDash([]);
  if (!projected) return;
  pen.fillStyle = look.ink;
  pen.fillRect(middle - 3, top - 1, 6, 6);
}

/** The bars of the chosen quantity, on one scale. */
function drawBars(pen, { bars, w }, { base, slots }, { blocks }, k, { state: { most, chosen }, values: { quantity }, look }) {
  strokes(pen, [[[RULER - 4, base], [Math.min(w, slots.at(-1)[1]), base]]], look.thin);
  const shown = blocks.map((block, n) => [n, (bars * block[quantity]) / most]).filter(([, high]) => high > 0);
  const wide = (n) => Math.min(COLUMN, slots[n][1] - slots[n][0] - 1);
  const place = ([n, high]) => [(slots[n][0] + slots[n][1] - wide(n)) / 2, base - Math.max(high, 0.5), wide(n), Math.max(high, 0.5)];
  for (const here of [false, true]) {
    pen.fillStyle = here ? look.frame : look.blue;
    for (const bar of shown.filter(([n]) => (n === chosen[k]) === here)) pen.fillRect(...place(bar));
  }
}

/** Name, total, sides, stages, and what the longest bar stands for. */
function drawWords(text, pen, { bars, tall, w }, { top, floor, base, slots }, network, k, { state, values: { quantity }, look }) {
  const { name, blocks, totals } = network;
  text(name, RULER, top + 9, 14, look.ink, "left", "600");
  const left = RULER + 1.08 * pen.measureText(name).width + 16;
  const times = k ? `, ${timesOf(state.networks[0].totals[quantity], totals[quantity])} times ${state.networks[0].name}'s` : "";
  const what = `${capital(QUANTITIES[quantity])} (bars): `;
  const counts = [thousands, brief].map((write) => what + write(totals[quantity]) + times);
  const most = `; most in ${mostOf(network, quantity)}`;
  text("", 0, 0, 13); // measured in the size in which it is written
  const said = [...counts.map((words) => words + most), ...counts].find((words) => left + pen.measureText(words).width <= w);
  text(said ?? counts[1], left, top + 9, 13, look.ink, "left", "", w - left);
  const sides = [...new Set(blocks.map(({ shape }) => shape[1] ?? 1))].sort((a, b) => b - a);
  const ticks = [];
  for (const side of sides) {
    const y = floor - tall * Math.sqrt(side);
    if (!ticks.length || y - ticks.at(-1)[1] >= 12) ticks.push([side, y]);
  }
  strokes(pen, ticks.map(([, y]) => [[RULER - 8, y], [RULER - 3, y]]), look.faint);
  for (const [side, y] of ticks) text(side, RULER - 11, y, 11, look.faint, "right");
  text(brief(state.most), RULER - 6, base - bars + 4, 11, look.faint, "right");
  let free = RULER;
  for (const stage of new Set(blocks.map((block) => block.stage).filter(Boolean))) {
    const held = slots.filter((_, n) => blocks[n].stage === stage);
    const [left, right] = [held[0][0], held.at(-1)[1]];
    const middle = (left + right) / 2;
    const half = 3 * stage.length;
    strokes(pen, [[[left + 2, floor + 3], [right - 2, floor + 3]]], look.faint);
    if (middle - half < free || middle + half > w) continue;
    text(stage, middle, floor + 11, 10, look.faint);
    free = middle + half + 2;
  }
}

/** A small block of a kind for the key. */
function drawSample(pen, x, y, kind, look) {
  const residual = kind === "identity" || kind === "projection";
  const place = residual ? [x + 3, y - 1, 12, 8] : [x + 3, y - 6, 12, 12];
  drawBlock(pen, place, { kind: residual ? "residual" : kind, parts: kind === "inception" ? [2, 4, 1, 1] : [] }, look);
  if (residual) drawArc(pen, place, kind, look);
}
