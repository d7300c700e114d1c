// A square over an image and what it does to the probabilities: the picture.

const THUMB = 44; // side of the small images
const HEAD = 24; // above a picture, for its title

/** Small images to choose from, the image, its map, and the bars of the classes, beside them or below. */
function layout(width, { tables, state, values }) {
  const w = Math.min(width, 1080);
  const thumbs = range(tables.images.length).map((k) => ({ x: 2 + k * (THUMB + 10), y: 2, width: THUMB, height: THUMB }));
  const top = THUMB + 16 + HEAD;
  const wide = w >= 780;
  const side = wide ? 256 : Math.min(256, (w - 22) / 2);
  const image = { x: 2, y: top, side, pixel: side / tables.side };
  const map = { x: side + 24, y: top, side, pixel: image.pixel };
  const left = wide ? map.x + side + 92 : 92;
  const bars = { x: left, y: wide ? top : top + side + 34, width: w - left - 58, each: wide ? side / tables.classes.length : 20 };
  const height = wide ? top + side + 22 : bars.y + bars.each * tables.classes.length + 6;
  return { thumbs, image, map, bars, height, box: state.box, stride: tables.stride, size: values.size };
}

/** Where the square stands, for the trail. */
function spotOf({ image: { x, y, pixel } }, { state: { box: [top, left, bottom, right] } }) {
  return [x + left * pixel, y + top * pixel, (right - left) * pixel, (bottom - top) * pixel];
}

/** Colours of an image from the table, worked out once. */
const seen = new Map();
function coloursOfImage({ pixels: text }, side) {
  if (!seen.has(text)) {
    const colours = numbersOf(text).map((number) => `#${number.toString(16).padStart(3, "0")}`);
    seen.set(text, range(side).map((r) => colours.slice(r * side, (r + 1) * side)));
  }
  return seen.get(text);
}

/** Every second pixel of what is drawn small: thousands of rectangles would take longer than a frame. */
const thinned = (colours) => colours.filter((_, r) => r % 2 === 0).map((line) => line.filter((_, c) => c % 2 === 0));

/** Draw one state. */
function draw(pen, plan, scene) {
  const { tables, values, state, look } = scene;
  const { thumbs, image, map, bars } = plan;
  const text = writer(pen, look.ink);
  tables.images.forEach((one, k) => {
    const { x, y, width } = thumbs[k];
    pixels(pen, thinned(coloursOfImage(one, tables.side)), x, y, width);
    if (k === values.image) box(pen, x - 1, y - 1, width + 2, width + 2, look.frame, 3);
    text(k + 1, x + width / 2, y + width + 9, 11, k === values.image ? look.ink : look.faint, "center", k === values.image ? "600" : "");
  });
  const title = (words, at) => text(words, at.x, at.y - 13, 14, look.ink, "left", "600", at.side);
  title(`Image ${values.image + 1}: ${tables.images[values.image].label}`, image);
  pixels(pen, coloursOfImage(tables.images[values.image], tables.side), image.x, image.y, image.side);
  const square = spotOf(plan, scene);
  pen.fillStyle = "#808080";
  pen.fillRect(...square);
  box(pen, ...square, "#000000", 4);
  box(pen, ...square, "#ffffff", 2);
  drawMap(pen, plan, scene, text, title);
  drawBars(pen, bars, scene, text);
}

/** For each place of the square, at its middle, how far the right class falls or rises. */
function drawMap(pen, { map, size, stride, box: [top, left] }, { state, look }, text, title) {
  title("Fall (+) of the right class", map);
  box(pen, map.x, map.y, map.side, map.side, look.thin);
  const cell = stride * map.pixel;
  const corner = ((size - stride) / 2) * map.pixel;
  const most = Math.max(0.05, ...state.drops.flat().map(Math.abs));
  map2(state.drops, (drop, r, c) => {
    const fill = tintOf(look, drop, most, 0.95);
    if (!fill) return;
    pen.fillStyle = fill;
    pen.fillRect(map.x + corner + c * cell, map.y + corner + r * cell, cell, cell);
  });
  const [row, column] = [top / stride, left / stride];
  const here = [map.x + corner + column * cell, map.y + corner + row * cell, cell, cell];
  box(pen, ...here, look.paper, 5);
  box(pen, ...here, look.ink, 2);
  const points = Math.round(100 * state.drops[row][column]);
  text(`here ${points > 0 ? "+" : ""}${minus(points)} points; strongest tint: ${Math.round(100 * most)}`, map.x, map.y + map.side + 13, 12, look.faint, "left", "", map.side);
}

/** The probabilities with the square, filled, and without it, as outlines. */
function drawBars(pen, { x, y, width, each }, { tables, state, look }, text) {
  text("Probabilities (outline: uncovered)", x - 90, y - 13, 13, look.ink, "left", "600", width + 146);
  tables.classes.forEach((name, k) => {
    const [row, high] = [y + k * each, Math.min(16, each - 5)];
    const right = k === state.label;
    text(name, x - 8, row + each / 2, 13, look.ink, "right", right ? "600" : "");
    const top = row + (each - high) / 2;
    pen.fillStyle = right ? look.frame : look.blue;
    pen.fillRect(x, top, Math.max(1, width * state.now[k]), high);
    box(pen, x, top, Math.max(1, width * state.before[k]), high, look.ink, 1.2);
    text(`${Math.round(100 * state.now[k])} %`, x + width + 50, row + each / 2, 12, look.ink, "right", right ? "600" : "");
  });
}
