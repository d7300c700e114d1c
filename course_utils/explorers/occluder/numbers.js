// A square over an image and what it does to the probabilities: numbers and words.

const DIGITS = Object.fromEntries([..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((letter, k) => [letter, k]));

/** Whole numbers below 4096, two letters each. */
const numbersOf = (text) => range(text.length / 2).map((k) => 64 * DIGITS[text[2 * k]] + DIGITS[text[2 * k + 1]]);

/** How many places the square has along an axis. */
const placesOf = (size, { side, stride }) => Math.floor((side - size) / stride) + 1;

/** Values that Python would take. */
function mend({ size, image, place }, tables) {
  const last = placesOf(size, tables) - 1;
  return { size, image: clamp(image, 0, tables.images.length - 1), place: place.map((k) => clamp(k, 0, last)) };
}

/** Read from the table, once for each map: rows of places, each with the probabilities of all classes. */
const known = new Map();
function mapOf({ maps }, size, tables) {
  const text = maps[size];
  if (!known.has(text)) {
    const [count, classes] = [placesOf(size, tables), tables.classes.length];
    const numbers = numbersOf(text).map((number) => number / 4095);
    known.set(text, table(count, count, (r, c) => numbers.slice((r * count + c) * classes, (r * count + c + 1) * classes)));
  }
  return known.get(text);
}

/** A probability in whole percents; what is not quite all or nothing is not said to be. */
const percent = (p) => (p > 0 && p < 0.005 ? "below 1 %" : p < 1 && p > 0.995 ? "over 99 %" : `${Math.round(100 * p)} %`);

const bestOf = (probabilities) => probabilities.indexOf(Math.max(...probabilities));

/**
 * Everything that the picture shows in one state. `map`: probabilities for each place; `now`, `before`: those of all classes with the square
 * and without; `label`: the right class; `drops`: how far its probability falls at each place; `box`: top, left, bottom, right of the square.
 */
function describe(values, tables) {
  const { size, place: [row, column] } = values;
  const { stride, classes, images } = tables;
  const image = images[values.image];
  const map = mapOf(image, size, tables);
  const [now, before] = [map[row][column], image.before];
  const label = classes.indexOf(image.label);
  const box = [row * stride, column * stride, row * stride + size, column * stride + size];
  const drops = map2(map, (probabilities) => before[label] - probabilities[label]);
  const [worst, where] = drops.flatMap((line, r) => line.map((drop, c) => [drop, [r, c]])).reduce((a, b) => (b[0] > a[0] ? b : a));
  const said = classes[bestOf(now)];
  const square = `rows ${box[0]} to ${box[2] - 1}, columns ${box[1]} to ${box[3] - 1}`;
  const moved = `${image.label} ${percent(now[label])}, without the square ${percent(before[label])}`;
  const answer = said === image.label ? "The answer is right" : `The answer is ${said}, ${percent(now[bestOf(now)])}`;
  const worstSquare = `rows ${where[0] * stride} to ${where[0] * stride + size - 1}, columns ${where[1] * stride} to ${where[1] * stride + size - 1}`;
  return {
    map, now, before, label, box, drops, worst, where,
    sections: [
      [`${image.title}: ${image.label}`, [`Square of ${size} × ${size} on ${square}: ${moved}. ${answer}.`]],
      ["", [`It falls most, by ${Math.round(100 * worst)} points, on ${worstSquare}.`, `Network: ${image.network}.`]],
    ],
    news: `${image.title}: ${image.label}, square of ${size} × ${size}. `,
    words: `Square on ${square}: ${moved}. ${answer}.`,
  };
}

/** The next place in the order of reading; null after the last. */
function nextPlace({ size, place: [row, column] }, tables) {
  const count = placesOf(size, tables);
  if (column + 1 < count) return { place: [row, column + 1] };
  return row + 1 < count ? { place: [row + 1, 0] } : null;
}
