// One image and its augmentations: numbers and words. An image is three planes, red, green and blue, of side × side numbers from 0 to 1.

const GREY = [0.299, 0.587, 0.114]; // how bright red, green and blue look
const NEUTRAL = {
  share: 1, ratio: 1, down: 0.5, across: 0.5, brightness: 1, contrast: 1, saturation: 1,
  alpha1: 0, alpha2: 0, alpha3: 0, flip: false, padding: 4, dy: 0, dx: 0,
};

/** Values that Python would take. */
function mend(values, { side, widest, draws }) {
  const padding = clamp(values.padding, 0, widest);
  const [dy, dx] = [values.dy, values.dx].map((far) => clamp(far, -padding, padding));
  const pixel = values.pixel.map((k) => clamp(k, 0, side - 1));
  return { ...values, padding, dy, dx, seed: clamp(values.seed, 0, draws - 1), pixel };
}

/** What was worked out last for a key: a pixel that is chosen changes no image. */
function remembering() {
  let kept = { key: null };
  return (key, make) => {
    if (kept.key !== key) kept = { key, made: make() };
    return kept.made;
  };
}
const [originals, results, drawings] = [remembering(), remembering(), remembering()];

/** An image from its bytes in hexadecimal. */
function imageOf(hex) {
  const bytes = range(hex.length / 2).map((k) => parseInt(hex.slice(2 * k, 2 * k + 2), 16) / 255);
  return range(3).map((c) => bytes.filter((_, k) => k % 3 === c));
}

const within = (x) => clamp(x, 0, 1);
const made = (image, make) => image.map((plane, c) => plane.map((value, k) => make(value, k, c)));

/** Mirrored left to right. */
function flipped(image, side) {
  return made(image, (_, k, c) => image[c][k - (k % side) + side - 1 - (k % side)]);
}

/** A window of the image's size, moved; what is outside is 0. */
function cropped(image, [dy, dx], side) {
  return made(image, (_, k, c) => {
    const [row, column] = [Math.floor(k / side) + dy, (k % side) + dx];
    return row < 0 || column < 0 || row >= side || column >= side ? 0 : image[c][row * side + column];
  });
}

/** Place and size of a resized crop, in pixels that need not be whole; one that does not fit is narrowed. */
function windowOf({ share, ratio, down, across }, side) {
  const area = share * side * side;
  const height = Math.min(Math.sqrt(area / ratio), side);
  const width = Math.min(Math.sqrt(area * ratio), side);
  return { top: down * (side - height), left: across * (side - width), height, width };
}

/** Where a pixel of the result comes from: places between the middles of pixels, at the edge the edge. */
const sourceOf = (k, first, length, side) => clamp(first + ((k + 0.5) * length) / side - 0.5, 0, side - 1);

/** A window stretched to the whole image, bilinearly. */
function resized(image, { top, left, height, width }, side) {
  const rows = range(side).map((r) => sourceOf(r, top, height, side));
  const columns = range(side).map((c) => sourceOf(c, left, width, side));
  return image.map((plane) =>
    rows.flatMap((row) => {
      const r = Math.min(Math.floor(row), side - 2);
      return columns.map((column) => {
        const c = Math.min(Math.floor(column), side - 2);
        const [low, right] = [row - r, column - c];
        const line = (k) => plane[k] * (1 - right) + plane[k + 1] * right;
        return line(r * side + c) * (1 - low) + line((r + 1) * side + c) * low;
      });
    }),
  );
}

/** How bright each pixel looks. */
const greyOfImage = (image) => image[0].map((_, k) => added(GREY.map((weight, c) => weight * image[c][k])));
const meanGrey = (image) => added(greyOfImage(image)) / image[0].length;

const brightened = (image, factor) => made(image, (value) => within(factor * value));
function contrasted(image, factor) {
  const mean = meanGrey(image);
  return made(image, (value) => within(mean + factor * (value - mean)));
}
function saturated(image, factor) {
  const grey = greyOfImage(image);
  return made(image, (value, k) => within(grey[k] + factor * (value - grey[k])));
}

/** The colour that is added to all pixels: Σ αᵢ λᵢ pᵢ, the eigenvectors in columns. */
const shiftOf = (alphas, { eigenvalues, eigenvectors }) => eigenvectors.map((row) => added(row.map((part, i) => part * alphas[i] * eigenvalues[i])));
const tinted = (image, shift) => made(image, (value, _, c) => within(value + shift[c]));

/** The image after each step: as it was, moved, brightness, contrast, saturation, PCA colour. */
function stagesOf(image, values, tables) {
  const { side } = tables;
  let moved = values.flip ? flipped(image, side) : image;
  moved = cropped(moved, [values.dy, values.dx], side);
  const frame = windowOf(values, side);
  if (frame.height < side || frame.width < side) moved = resized(moved, frame, side);
  const bright = brightened(moved, values.brightness);
  const stretched = contrasted(bright, values.contrast);
  const colourful = saturated(stretched, values.saturation);
  const shift = shiftOf([values.alpha1, values.alpha2, values.alpha3], tables);
  return [image, moved, bright, stretched, colourful, tinted(colourful, shift)];
}

/** Numbers from 0 to 1 from a seed: mulberry32, a counter whose bits are mixed. */
function generator(seed) {
  let counter = Math.imul(seed + 1, 0x9e3779b1); // neighbours far apart
  return () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Settings drawn as a recipe says: what it leaves out changes nothing. */
function drawnFrom({ flip, crop, scale, jitter, sigma }, padding, [low, high], next) {
  const factor = () => 1 + (2 * next() - 1) * jitter;
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const offset = () => Math.floor((2 * padding + 1) * next()) - padding;
  // Every image takes as many numbers, so that a recipe's flips are those of another.
  const values = { flip: next() < flip, dy: offset(), dx: offset(), share: next(), ratio: next(), down: next(), across: next() };
  if (!crop) values.dy = values.dx = 0;
  values.share = scale ? scale[0] + (scale[1] - scale[0]) * values.share : 1;
  values.ratio = scale ? Math.exp(Math.log(low) + (Math.log(high) - Math.log(low)) * values.ratio) : 1;
  const factors = { brightness: factor(), contrast: factor(), saturation: factor() };
  return { ...values, ...factors, alpha1: sigma * normal(), alpha2: sigma * normal(), alpha3: sigma * normal() };
}

/** Some random versions: the settings that were drawn, and the image. */
function drawsOf(image, { recipe, padding, seed }, tables) {
  const next = generator(seed);
  return range(tables.shown).map(() => {
    const values = drawnFrom(tables.recipes[recipe], padding, tables.ratio, next);
    return { values, image: stagesOf(image, values, tables).at(-1) };
  });
}

/** Where in the original a pixel of the result comes from; null where that is in the padding. */
function traced([row, column], values, side) {
  const { top, left, height, width } = windowOf(values, side);
  let [r, c] = [sourceOf(row, top, height, side) + values.dy, sourceOf(column, left, width, side) + values.dx];
  if (values.flip) c = side - 1 - c;
  return [r, c].every((k) => k > -1 && k < side) ? [r, c] : null;
}

const colourAt = (image, [row, column], side) => image.map((plane) => plane[row * side + column]);
const hundredths = (x) => x.toFixed(2).replace("-", "−");
const triple = (colour) => `(${colour.map(hundredths).join(", ")})`;
const tenth = (x) => minus(Number(x.toFixed(1)));

/** What was done to a pixel, a line for each step that does something. */
function stepsOf(values, stages, source, side, shift) {
  const at = stages.map((image) => colourAt(image, values.pixel, side));
  const place = source ? `row ${tenth(source[0])}, column ${tenth(source[1])} of the original` : "the padding";
  const lines = [`Shows ${place}: ${triple(at[1])}`];
  const { brightness, contrast, saturation } = values;
  if (brightness !== 1) lines.push([[brightness, "brightness"], `·${triple(at[1])}, clamped: ${triple(at[2])}`]);
  if (contrast !== 1) {
    const mean = hundredths(meanGrey(stages[2]));
    lines.push([`${mean} + `, [contrast, "contrast"], `·(${triple(at[2])} − ${mean}): ${triple(at[3])}`]);
  }
  if (saturation !== 1) {
    const grey = hundredths(added(GREY.map((weight, c) => weight * at[3][c])));
    lines.push([`${grey} + `, [saturation, "saturation"], `·(${triple(at[3])} − ${grey}): ${triple(at[4])}`]);
  }
  if (shift.some((part) => part)) lines.push(`${triple(at[4])} + ${triple(shift)}: ${triple(at[5])}`);
  return lines;
}

/** What a recipe draws, in words. */
function recipeInWords({ flip, crop, scale, jitter, sigma }, padding) {
  const said = [];
  if (flip) said.push(`a flip with p = ${flip}`);
  if (crop) said.push(`one of ${(2 * padding + 1) ** 2} offsets`);
  if (scale) said.push(`a window of ${scale[0]} to ${scale[1]} of the area, ratio 3/4 to 4/3`);
  if (jitter) said.push(`three factors from ${+(1 - jitter).toFixed(2)} to ${1 + jitter}`);
  if (sigma) said.push(`three α with standard deviation ${sigma}`);
  return said.join(", ");
}

/**
 * Everything that the picture shows in one state. `stages`: the image after each step, the last one being the result; `draws`: the
 * random versions with their settings; `window`: the resized crop, in pixels of the cropped image; `source`: where the chosen pixel
 * comes from, or null; `before`, `after`: its colours in the original and in the result; `shift`: the colour added by PCA.
 */
function describe(values, tables, before) {
  const { side, images, recipes, shown } = tables;
  const image = originals(values.image, () => imageOf(images[values.image]));
  const { recipe, padding, seed, pixel } = values;
  const draws = drawings(`${values.image} ${recipe} ${padding} ${seed}`, () => drawsOf(image, values, tables));
  const settings = Object.keys(NEUTRAL).map((name) => values[name]);
  const stages = results(`${values.image} ${settings}`, () => stagesOf(image, values, tables));
  const shift = shiftOf([values.alpha1, values.alpha2, values.alpha3], tables);
  const source = traced(pixel, values, side);
  const [first, last] = [stages[0], stages.at(-1)].map((stage) => colourAt(stage, pixel, side));
  const lines = stepsOf(values, stages, source, side, shift);
  const label = `Label before and after: ${values.image}. The pixels change, the label does not.`;
  const random = `Each of the ${shown} draws (seed ${seed}): ${recipeInWords(recipes[recipe], padding)}.`;
  const changed = added(range(side * side).map((k) => stages.at(-1).some((plane, c) => Math.abs(plane[k] - image[c][k]) > 1e-9)));
  const frame = windowOf(values, side);
  const stretched = frame.height < side || frame.width < side;
  const share = `${changed} of ${side * side} pixels have changed. Orange frame: the crop${stretched ? "; blue: the part of it that is stretched" : ""}.`;
  const ofPixel = `Pixel (${pixel.join(", ")}): ${triple(first)} before, ${triple(last)} after.`;
  return {
    stages, draws, source, shift, changed, window: frame, before: first, after: last,
    sections: [
      [`Pixel (${pixel.join(", ")}): ${triple(first)} → ${triple(last)}`, lines],
      ["", [label, share, random]],
    ],
    words: before && same({ ...before, pixel }, values) && before.pixel !== pixel ? `${ofPixel} ${plainly(lines[0])}.` : `${label} ${share} ${ofPixel} ${random}`,
  };
}

const plainly = (line) => [line].flat().map((part) => (Array.isArray(part) ? part[0] : part)).join("");
