// Units of a trained network and what they answer to: the picture.

const TAB = { wide: 92, high: 26 }; // of a layer's name
const GAP = 6;

/** Tabs of the layers, tiles of the units, and below them the filter, the nine patches, and one of them large. */
function layout(width, { tables, values }) {
  const w = Math.min(width, 1080);
  const tabs = range(tables.layers.length).map((k) => ({ x: k * (TAB.wide + GAP), y: 0, ...TAB, width: TAB.wide, height: TAB.high }));
  const { units } = tables.layers[values.layer];
  const most = Math.max(...tables.layers.map((layer) => layer.units.length));
  const across = Math.min(most, Math.floor((w + 4) / 34));
  const rows = Math.ceil(most / across);
  const side = Math.min(40, (w + 4) / across - 4);
  const tiles = units.map((_, k) => ({ x: (k % across) * (side + 4), y: 36 + Math.floor(k / across) * (side + 4), width: side, height: side }));
  const top = 36 + rows * (side + 4) + 30;
  const wide = w >= 760;
  const each = wide ? 72 : Math.min(84, (w - 2 * GAP) / 3);
  const filter = { x: 0, y: top, side: wide ? 186 : Math.min(150, (w - 20) / 2) };
  const large = { x: wide ? 470 : filter.side + 20, y: top, side: wide ? 228 : filter.side };
  const corner = wide ? { x: 214, y: top } : { x: 0, y: top + filter.side + 44 };
  const patches = range(9).map((k) => ({
    x: corner.x + (k % 3) * (each + GAP), y: corner.y + Math.floor(k / 3) * (each + GAP), width: each, height: each,
  }));
  const frame = wide ? { x: large.x + large.side + 26, y: top, side: Math.min(120, w - large.x - large.side - 30) } : null;
  return { tabs, tiles, filter, patches, corner, large, frame, height: corner.y + 3 * each + 2 * GAP + 6 };
}

/** An image in a square: what is not square keeps its shape, in the middle. */
function fitted(colours, x, y, side) {
  const [rows, columns] = [colours.length, colours[0].length];
  const cell = side / Math.max(rows, columns);
  return { x: x + (side - columns * cell) / 2, y: y + (side - rows * cell) / 2, cell, rows, columns };
}

/** Draw colours that need not be a square; edges of cells are rounded, so that no seams are seen. */
function painted(pen, colours, x, y, side) {
  const place = fitted(colours, x, y, side);
  const at = (from, k) => Math.round(from + k * place.cell);
  colours.forEach((line, r) =>
    line.forEach((colour, c) => {
      pen.fillStyle = colour;
      pen.fillRect(at(place.x, c), at(place.y, r), at(place.x, c + 1) - at(place.x, c), at(place.y, r + 1) - at(place.y, r));
    }),
  );
  return place;
}

/** Colours of a patch, worked out once. */
const kept = new Map();
function once(text, columns) {
  if (!kept.has(text)) kept.set(text, coloursOf(text, columns));
  return kept.get(text);
}
const coloursOfPatch = ({ pixels, box: [, left, , right] }) => once(pixels, right - left);

/** Every second or third pixel of what is drawn small: thousands of rectangles would take longer than a frame. */
function thinned(colours, most) {
  const step = Math.ceil(colours.length / most);
  const kept = (line) => line.filter((_, k) => k % step === 0);
  return step > 1 ? kept(colours).map(kept) : colours;
}

/** Draw one state. */
function draw(pen, plan, { tables, values, state, look }) {
  const text = writer(pen, look.ink);
  const { tabs, tiles, filter, patches, corner, large, frame } = plan;
  tabs.forEach(({ x, y, width, height }, k) => {
    const here = k === values.layer;
    if (here) {
      pen.fillStyle = look.wash;
      pen.fillRect(x, y, width, height);
    }
    box(pen, x, y, width, height, here ? look.frame : look.thin, here ? 2 : 1);
    text(tables.layers[k].name, x + width / 2, y + height / 2, 13, look.ink, "center", here ? "600" : "");
  });
  state.layer.units.forEach((unit, k) => {
    const { x, y, width } = tiles[k];
    const colours = unit.filter.pixels ? once(unit.filter.pixels, unit.filter.side) : coloursOfPatch(unit.patches[0]);
    painted(pen, thinned(colours, 12), x, y, width);
    if (k === values.unit) chosen(pen, look, x, y, width, width);
  });
  const title = (words, x, y, room) => text(words, x, y - 13, 14, look.ink, "left", "600", room);
  title(`Filter of unit ${state.unit.number}`, filter.x, filter.y, filter.side + 20);
  drawFilter(pen, text, filter, state.unit.filter, look);
  title("Nine patches", corner.x, corner.y);
  state.unit.patches.forEach((patch, k) => {
    const { x, y, width } = patches[k];
    painted(pen, thinned(coloursOfPatch(patch), 24), x, y, width);
    if (k === values.patch) chosen(pen, look, x, y, width, width);
  });
  title(`Patch ${values.patch + 1}: ${state.patch.label}`, large.x, large.y, large.side);
  painted(pen, coloursOfPatch(state.patch), large.x, large.y, large.side);
  if (!frame) return;
  title("Its place", frame.x, frame.y);
  const cell = frame.side / tables.side;
  const [top, left, bottom, right] = state.patch.box;
  box(pen, frame.x, frame.y, frame.side, frame.side, look.faint);
  pen.fillStyle = look.wash;
  pen.fillRect(frame.x + left * cell, frame.y + top * cell, (right - left) * cell, (bottom - top) * cell);
  box(pen, frame.x + left * cell, frame.y + top * cell, (right - left) * cell, (bottom - top) * cell, look.frame, 2.5);
  text(`of ${tables.side} × ${tables.side}`, frame.x, frame.y + frame.side + 14, 12, look.faint, "left");
}

/** A frame that is seen on every ground. */
function chosen(pen, look, x, y, width, height) {
  box(pen, x - 1, y - 1, width + 2, height + 2, look.paper, 6);
  box(pen, x - 1, y - 1, width + 2, height + 2, look.frame, 3);
}

/** The filter in its colours, or the slices of it that have the largest weights, as tints. */
function drawFilter(pen, text, { x, y, side }, { pixels: own, side: columns, inputs }, look) {
  if (own) {
    painted(pen, once(own, columns), x, y, side);
    return;
  }
  const across = 3;
  const each = (side - 2 * 12) / across;
  const most = Math.max(...inputs.flatMap(([, weights]) => weights.map(Math.abs)));
  inputs.forEach(([number, weights], k) => {
    const [left, top] = [x + (k % across) * (each + 12), y + Math.floor(k / across) * (each + 18)];
    const cell = each / columns;
    weights.forEach((weight, n) => {
      pen.fillStyle = tintOf(look, weight, most, 0.95) ?? look.paper;
      pen.fillRect(left + (n % columns) * cell, top + Math.floor(n / columns) * cell, cell, cell);
    });
    box(pen, left, top, each, each, look.thin);
    text(`unit ${number}`, left + each / 2, top + each + 9, 11, look.faint);
  });
}
