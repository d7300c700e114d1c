// One image and its augmentations: the picture.

const TOP = 24; // above a picture, for its title
const LINE = 18; // below it, for its label

/** The original in its padding, the result, and the random versions beside them or, on a narrow page, below. */
function layout(width, { tables: { side, widest, shown } }) {
  const w = Math.min(width, 1080);
  const wide = w >= 780;
  const gap = 20;
  const room = wide ? 228 : Math.min(250, (w - gap) / 2);
  const cell = room / (side + 2 * widest);
  const original = { x: widest * cell, y: TOP + widest * cell, cell, side };
  const result = { x: room + gap, y: TOP, cell: room / side, side };
  const left = wide ? 2 * room + 2 * gap + 4 : 0;
  const top = wide ? TOP : TOP + room + LINE + 34;
  const across = shown / 2;
  const each = Math.min(wide ? 86 : 118, (w - left - 8 * (across - 1)) / across);
  const draws = range(shown).map((k) => ({
    x: left + (k % across) * (each + 8), y: top + Math.floor(k / across) * (each + LINE + 6), cell: each / side, side,
  }));
  const bottom = top + 2 * (each + LINE + 6);
  const swatches = wide ? { x: left, y: bottom + 2 } : { x: 0, y: bottom + 4 };
  return { original, result, draws, left, top, room, swatches, height: wide ? TOP + room + LINE + 6 : bottom + 38 };
}

/** Place and size of a pixel of the result. */
function spotOf({ result: { x, y, cell } }, { values: { pixel: [row, column] } }) {
  return [x + column * cell, y + row * cell, cell, cell];
}

/** Rows of CSS colours, made once for each image. */
const painted = new WeakMap();
function colours(image, side) {
  const part = (plane, k) => Math.round(255 * plane[k]);
  const colour = (r, c) => `rgb(${image.map((plane) => part(plane, r * side + c)).join(",")})`;
  if (!painted.has(image)) painted.set(image, table(side, side, colour));
  return painted.get(image);
}

/** Draw one state. */
function draw(pen, plan, scene) {
  const { values, tables, state, look } = scene;
  const { original, result, draws, left, top, room } = plan;
  const text = writer(pen, look.ink);
  const { side } = tables;
  const title = (words, x, y, space) => text(words, x, y, 14, look.ink, "left", "600", space);
  title("Original, padded", 0, 10, room);
  title("Augmented", result.x, 10, room);
  title(`Eight draws: ${tables.names[values.recipe]}`, left, top - 14);
  const said = `label: ${values.image}`;
  text(said, room / 2, TOP + room + 11, 13, look.ink);
  text(said, result.x + room / 2, TOP + room + 11, 13, look.ink);
  drawOriginal(pen, plan, scene);
  pixels(pen, colours(state.stages.at(-1), side), result.x, result.y, room);
  if (look.dark) box(pen, result.x, result.y, room, room, look.faint);
  draws.forEach(({ x, y, cell }, k) => {
    pixels(pen, colours(state.draws[k].image, side), x, y, side * cell);
    if (look.dark) box(pen, x, y, side * cell, side * cell, look.faint); // black padding on a dark page
    text(values.image, x + (side * cell) / 2, y + side * cell + 9, 12, look.faint);
  });
  marked(pen, spotOf(plan, scene));
  drawSwatches(pen, text, plan, scene);
}

/** A frame that is seen on every ground. */
function marked(pen, [x, y, width, height], line = 2, dash = []) {
  box(pen, x - 0.5, y - 0.5, width + 1, height + 1, "#000000", line + 2);
  box(pen, x - 0.5, y - 0.5, width + 1, height + 1, "#ffffff", line, dash);
}

/** The original with its black padding, the crop, the part of it that is resized, and where the pixel comes from. */
function drawOriginal(pen, { original: { x, y, cell } }, { values, tables: { side }, state, look }) {
  const { padding, dy, dx, flip } = values;
  pen.fillStyle = "#000000";
  pen.fillRect(x - padding * cell, y - padding * cell, (side + 2 * padding) * cell, (side + 2 * padding) * cell);
  pixels(pen, colours(state.stages[0], side), x, y, side * cell);
  if (padding) box(pen, x - padding * cell, y - padding * cell, (side + 2 * padding) * cell, (side + 2 * padding) * cell, look.faint);
  const { top, left, height, width } = state.window;
  /** A part of the cropped image, seen in the original: a flip mirrors it. */
  const placed = (r, c, high, wide) => [x + (flip ? side - c - dx - wide : c + dx) * cell, y + (r + dy) * cell, wide * cell, high * cell];
  const frame = (place, colour) => {
    box(pen, ...place, "#ffffff", 5);
    box(pen, ...place, colour, 3);
  };
  frame(placed(0, 0, side, side), "#d55e00");
  if (height < side || width < side) frame(placed(top, left, height, width), "#0072b2");
  if (state.source) marked(pen, [x + state.source[1] * cell, y + state.source[0] * cell, cell, cell]);
}

/** The colours of the chosen pixel, before and after. */
function drawSwatches(pen, text, { swatches: { x, y } }, { values: { pixel }, state: { before, after }, look }) {
  text(`Pixel (${pixel.join(", ")})`, x, y + 14, 13, look.ink, "left", "600");
  [["before", before, 112], ["after", after, 222]].forEach(([words, colour, along]) => {
    pen.fillStyle = `rgb(${colour.map((part) => Math.round(255 * part)).join(",")})`;
    pen.fillRect(x + along, y + 1, 40, 26);
    box(pen, x + along, y + 1, 40, 26, look.faint);
    text(words, x + along + 46, y + 14, 13, look.ink, "left");
  });
}
