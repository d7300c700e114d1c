// The bits of a number: numbers and words.

const widthOf = ({ exponent, fraction }) => 1 + exponent + fraction;
const formatOf = ({ format, fraction_bits }, { formats }) => ({ ...formats[format], name: format, f: fraction_bits });

/** Values that Python would take. */
function mend(values, tables) {
  const width = widthOf(formatOf(values, tables));
  return { ...values, bit: clamp(values.bit, 0, width - 1), flipped: values.flipped.filter((k) => k < width) };
}

/** A number to the nearest whole one, ties to even. */
function rounded(value) {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
}

/** The exponent of a positive number: the largest e with 2^e not above it. */
function exponentOf(value) {
  let e = Math.floor(Math.log2(value));
  while (2 ** e > value) e--;
  while (2 ** (e + 1) <= value) e++;
  return e;
}

/** A whole number from 0 in `width` bits, the highest first. */
const binary = (n, width) => range(width).map((k) => Math.floor(n / 2 ** (width - 1 - k)) % 2);
const whole = (bits) => bits.reduce((n, bit) => 2 * n + bit, 0);

/** The bits of the nearest number of a format; what is too large becomes infinity, or the largest fixed point number. */
function encoded(x, { exponent: E, fraction: M, f }) {
  if (!E) {
    const steps = clamp(rounded(x * 2 ** f), -(2 ** M), 2 ** M - 1);
    return binary(steps < 0 ? steps + 2 ** (M + 1) : steps, M + 1);
  }
  const [bias, size] = [2 ** (E - 1) - 1, Math.abs(x)];
  const sign = x < 0 ? 1 : 0;
  if (size === 0) return [sign, ...binary(0, E + M)];
  let e = Math.max(1 - bias, exponentOf(size));
  let steps = rounded(size / 2 ** (e - M));
  if (steps === 2 ** (M + 1)) [steps, e] = [steps / 2, e + 1];
  if (e > bias) return [sign, ...binary(2 ** E - 1, E), ...binary(0, M)];
  const normal = steps >= 2 ** M;
  return [sign, ...binary(normal ? e + bias : 0, E), ...binary(normal ? steps - 2 ** M : steps, M)];
}

/** What bits say: `value`, its `kind`, the `step` to the next number away from 0, and how the value is made. */
function decoded(bits, { exponent: E, fraction: M, f }) {
  if (!E) {
    const steps = whole(bits) - (bits[0] ? 2 ** (M + 1) : 0);
    return { value: steps / 2 ** f, kind: steps ? "fixed" : "zero", step: 2 ** -f, made: `${minus(steps)} · 2${raised(-f)}` };
  }
  const bias = 2 ** (E - 1) - 1;
  const [field, part] = [whole(bits.slice(1, E + 1)), whole(bits.slice(E + 1))];
  const sign = bits[0] ? "−" : "";
  const by = (value) => (bits[0] ? -value : value);
  if (field === 2 ** E - 1) return part ? { value: NaN, kind: "NaN", step: NaN, made: "no number: all exponent bits are 1, and the fraction is not 0" } : { value: by(Infinity), kind: "infinite", step: NaN, made: "all exponent bits are 1, and the fraction is 0" };
  const e = Math.max(field, 1) - bias;
  const step = 2 ** (e - M);
  const one = field ? 1 : 0;
  const made = `${sign}2${raised(e)} · (${one} + ${part} / 2${raised(M)})`;
  return { value: by((one + part / 2 ** M) * 2 ** e), kind: field ? "normal" : part ? "subnormal" : "zero", step, made };
}

/** A whole number as an exponent. */
const raised = (n) => [...`${n}`].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("");

/** A number as it is read: with a power of ten where it is very small or large. */
function written(x, digits = 4) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  const sign = x < 0 ? "−" : "";
  if (size >= 1e-3 && size < 1e6) return sign + +size.toPrecision(digits);
  const [front, power] = size.toExponential(digits - 1).split("e");
  return `${sign}${+front} · 10${raised(+power)}`;
}

/** The smallest number above 0, the smallest with all its digits, and the largest. */
function rangeOf({ exponent: E, fraction: M, f }) {
  if (!E) return [2 ** -f, 2 ** -f, (2 ** M - 1) / 2 ** f];
  const bias = 2 ** (E - 1) - 1;
  return [2 ** (1 - bias - M), 2 ** (1 - bias), (2 - 2 ** -M) * 2 ** bias];
}

const partOf = (k, { exponent: E, fraction: M, f }) =>
  k === 0 ? "sign" : k <= E ? "exponent" : E || k > M - f ? "fraction" : "whole";

/**
 * Everything that the picture shows in one state: the `bits`, their `value`, `kind` and `step`, the `error` (value less number),
 * what the value would be with the chosen bit `turned`, and of each format its `range` and the `nearest` value.
 */
function describe(values, tables) {
  const { number, bit, flipped, format } = values;
  const form = formatOf(values, tables);
  const bits = encoded(number, form).map((b, k) => (flipped.includes(k) ? 1 - b : b));
  const { value, kind, step, made } = decoded(bits, form);
  const turned = decoded(bits.map((b, k) => (k === bit ? 1 - b : b)), form).value;
  const every = Object.keys(tables.formats).map((name) => {
    const other = formatOf({ ...values, format: name }, tables);
    return { name, range: rangeOf(other), nearest: decoded(encoded(number, other), other).value };
  });
  const parts = bits.map((_, k) => partOf(k, form));
  const error = value - number;
  const said = written(value, 9);
  const [least, normal, most] = rangeOf(form);
  const how = flipped.length ? `${flipped.length} bit${flipped.length > 1 ? "s" : ""} away from the nearest number to` : "nearest to";
  const off = error === 0 ? "exactly" : Number.isFinite(error) ? `error ${written(error, 3)}, relative ${written(error / number, 3)}` : "out of range";
  const subnormal = least === normal ? "" : `, with all digits from ${written(normal)},`;
  const first = kind === "NaN" || kind === "infinite" ? `${said}: ${made}.` : [`${made} = ${said}`];
  const sections = [
    ["", [
      first,
      [`${flipped.length ? "It is " : "It is the number "}${how} `, [written(number, 9), "number"], `: ${off}. `, Number.isNaN(step) ? "" : `The next number is ${written(step)} away.`],
      [`${format === "fixed" ? "Fixed point" : format} goes from ${written(least)}${subnormal} to ${written(most, 6)}.`],
      [`Bit ${bit} from the left (${parts[bit]}) is ${bits[bit]}; flipped, the value is ${written(turned, 9)}.`],
    ]],
  ];
  const words = `Bit ${bit}, ${parts[bit]}, is ${bits[bit]}. The value is ${said}, ${off === "exactly" ? "exactly the number" : off}.`;
  return { bits, parts, value, kind, step, error, turned, every, sections, words, news: `${format}. ` };
}
