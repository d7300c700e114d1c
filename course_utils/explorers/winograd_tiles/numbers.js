// An image in Winograd's tiles: numbers and words.

const TAPS = 3;

/** Outputs along an axis, and how many tiles they take. */
function tilesOf({ outputs: m, size, padding }) {
  const out = outputSize(size, TAPS, 1, padding);
  return [out, Math.ceil(out / m)];
}

/** Values that Python would take. */
function mend(values) {
  const [, tiles] = tilesOf(values);
  return { ...values, tile: values.tile.map((k) => clamp(k, 0, tiles - 1)) };
}

const times = (a, b) => a.map((row) => b[0].map((_, c) => added(row.map((value, k) => value * b[k][c]))));
const turned = (a) => a[0].map((_, c) => a.map((row) => row[c]));
/** M x Mᵀ: a transform along both axes. */
const along = (matrix, x) => times(times(matrix, x), turned(matrix));

/** A number in few signs: from 1 on with one decimal, below with two and without its zero, and with a true minus sign. */
function brief(value) {
  const size = Math.abs(value);
  const near = `${+size.toFixed(size < 1 ? 2 : 1)}`.replace(/^0\./, ".");
  return value < 0 && near !== "0" ? `−${near}` : near;
}

/**
 * Everything that the picture shows in one state: the padded input `x` as far as tiles reach (null where a tile hangs over),
 * `d`, `v` (transformed), `g`, `u` (transformed), `product`, `y` (of the tile), `out` (all outputs), and the counts `tiles`, `each`,
 * `total`, `direct`.
 */
function describe(values, tables) {
  const { outputs: m, size, padding, kernel, tile } = values;
  const { input, filter, output } = tables.transforms[m];
  const [out, tiles] = tilesOf(values);
  const [side, reach] = [m + TAPS - 1, tiles * m + TAPS - 1];
  const wide = size + 2 * padding;
  const at = (r, c) => tables.x.slice(0, size)[r - padding]?.slice(0, size)[c - padding] ?? 0;
  const x = table(reach, reach, (r, c) => (r < wide && c < wide ? at(r, c) : null));
  const g = tables.kernels[kernel];
  const u = along(filter, g);
  const one = ([i, j]) => {
    const d = table(side, side, (r, c) => at(i * m + r, j * m + c));
    const v = along(input, d);
    const product = map2(v, (value, r, c) => value * u[r][c]);
    return { d, v, product, y: along(output, product) };
  };
  const all = table(tiles, tiles, (i, j) => one([i, j]).y);
  const y = table(tiles * m, tiles * m, (r, c) => (r < out && c < out ? all[Math.floor(r / m)][Math.floor(c / m)][r % m][c % m] : null));
  const [each, number] = [side * side, tiles * tiles];
  const [total, direct] = [each * number, TAPS * TAPS * out * out];
  const hanging = (tiles * m) ** 2 - out * out;
  const ratio = (direct / total).toFixed(2);
  const share = ratio === "1.00" ? "as many as" : `${ratio} times fewer than`;
  const many = (count, what) => `${thousands(count)} ${what}${count === 1 ? "" : "s"}`;
  const square = (knob, value) => [[value, knob], " × ", [value, knob]];
  const sections = [
    ["", [
      [`${many(number, "tile")} of `, ...square("outputs", m), ` outputs, from ${side} × ${side} inputs each, take ${number} · ${side}² = ${thousands(total)} multiplications; direct: 9 · ${out}² = ${thousands(direct)}. That is ${share} the plain sum takes.`],
      [`An output of a whole tile takes ${side}² / `, [m, "outputs"], `² = ${each / (m * m)}${m > 1 ? ", and not 9" : ": that is the plain sum"}. ${hanging ? `${many(hanging, "output")} hang over the edge: computed, and cut off.` : "The tiles fit, and nothing is cut off."}`],
      [`Neighbouring tiles share ${TAPS - 1} rows or columns of inputs. One image, one channel, one filter; the transforms are not counted.${m > 2 ? " Numbers are shown rounded." : ""}`],
    ]],
  ];
  const words = `Tile row ${tile[0]}, column ${tile[1]}: ${each} products give ${many(m * m, "output")}. In all ${thousands(total)} multiplications, direct ${thousands(direct)}.`;
  return { x, g, u, ...one(tile), out: y, size: out, tiles, each, number, total, direct, hanging, sections, words };
}
