// Numbers and words that the explorers share. Plain scripts, no import and no export: a browser gets them
// in one module (explorer.py), a test in a JavaScript engine (engine.py).

const range = (n) => Array.from({ length: n }, (_, k) => k);
const clamp = (k, least, greatest) => Math.max(least, Math.min(greatest, k));

/** Whether two values that JSON can hold are equal, whatever the order of names. */
function same(a, b) {
  if (a === b || typeof a !== "object" || typeof b !== "object" || !a || !b) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => same(a[name], b[name]));
}

/** A table of rows and columns, each value from its place. */
const table = (rows, columns, make = () => 0) => range(rows).map((r) => range(columns).map((c) => make(r, c)));
const map2 = (x, make) => x.map((line, r) => line.map((value, c) => make(value, r, c)));
const added = (numbers) => numbers.reduce((a, b) => a + b, 0);
const largest = (x) => Math.max(...x.flat().map(Math.abs));

/** Output size along one axis, 0 when the kernel does not fit. */
function outputSize(size, kernel_size, stride, padding = 0, dilation = 1) {
  const room = size + 2 * padding - dilation * (kernel_size - 1) - 1;
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** A whole number with a true minus sign; `factor` puts a negative one in brackets. */
const minus = (n) => (n < 0 ? `−${-n}` : `${n}`);
const factor = (n) => (n < 0 ? `(${minus(n)})` : `${n}`);
const listed = (numbers) => numbers.map(minus).join(", ");

/** A sum of whole numbers, written out: 3 − 1 + 2. */
const sumOf = (terms) => minus(terms[0]) + terms.slice(1).map((t) => (t < 0 ? ` − ${-t}` : ` + ${t}`)).join("");

/** A whole number in groups of three digits, with spaces that do not break. */
const thousands = (n) => `${n}`.replace(/\B(?=(\d{3})+$)/g, "\u00a0");

/** A number of bytes with one decimal, in units of 1000. */
function roundedBytes(count) {
  if (count < 1000) return `${count}\u00a0B`;
  let tenths, unit;
  for (const [power, name] of ["kB", "MB", "GB", "TB", "PB"].entries()) {
    const one = 1000 ** (power + 1);
    [tenths, unit] = [Math.floor((10 * count + one / 2) / one), name];
    if (tenths < 10000) break;
  }
  return `${Math.floor(tenths / 10)}.${tenths % 10}\u00a0${unit}`;
}
