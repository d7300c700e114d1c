// A kernel as a sum of columns times rows: numbers and words.

/** Values that Python would take. */
const mend = (values, { most }) => ({
  ...values,
  kernel: values.kernel.map((line) => line.map((weight) => clamp(weight, -most, most))),
  cell: values.cell.map((k, axis) => clamp(k, 0, [values.kernel.length, values.kernel[0].length][axis] - 1)),
});

const dot = (a, b) => added(a.map((value, k) => value * b[k]));

/**
 * The singular value decomposition of a square matrix, largest value first: a list of [value, column, row], the last two of
 * length 1. Jacobi's way: pairs of columns are turned until each stands upright on every other.
 */
function decomposed(matrix) {
  const n = matrix.length;
  const columns = range(n).map((c) => matrix.map((line) => line[c]));
  const turned = table(n, n, (r, c) => +(r === c)); // columns of the rotation
  for (let sweep = 0; sweep < 60; sweep++) {
    let largest = 0;
    for (const p of range(n))
      for (let q = p + 1; q < n; q++) {
        const [a, b, both] = [dot(columns[p], columns[p]), dot(columns[q], columns[q]), dot(columns[p], columns[q])];
        if (Math.abs(both) <= 1e-15 * Math.sqrt(a * b) || a * b === 0) continue;
        largest = Math.max(largest, Math.abs(both) / Math.sqrt(a * b));
        const zeta = (b - a) / (2 * both);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const [c, s] = [1 / Math.sqrt(1 + t * t), t / Math.sqrt(1 + t * t)];
        for (const side of [columns, turned])
          [side[p], side[q]] = [side[p].map((value, k) => c * value - s * side[q][k]), side[p].map((value, k) => s * value + c * side[q][k])];
      }
    if (largest < 1e-14) break;
  }
  const whole = Math.sqrt(added(matrix.flat().map((value) => value * value)));
  const terms = columns.map((column, k) => {
    const value = Math.sqrt(dot(column, column));
    const none = value <= 1e-12 * whole || whole === 0;
    return [none ? 0 : value, column.map((part) => (none ? 0 : part / value)), none ? column.map(() => 0) : turned[k]];
  });
  return terms.sort((a, b) => b[0] - a[0]);
}

/** The same product with the scale in the column: the row's largest weight is 1. */
function shared([value, column, row]) {
  const top = row.reduce((best, part) => (Math.abs(part) > Math.abs(best) + 1e-9 ? part : best), 0);
  return top ? [column.map((part) => value * part * top), row.map((part) => part / top)] : [column, row];
}

/** A number with at most two decimals and a true minus sign. */
function brief(value) {
  const rounded = +value.toFixed(Math.abs(value) < 9.95 ? 2 : 1);
  return rounded < 0 ? `−${-rounded}` : `${rounded === 0 ? 0 : rounded}`;
}

/**
 * Everything that the picture shows in one state: `values` (singular values), `columns` and `rows` of the terms, `near` (the sum
 * of the first terms), `left` (the kernel less this sum), `error` (norm of what is left over that of the kernel), `rank`.
 */
function describe({ kernel, terms, cell: [r, c] }) {
  const n = kernel.length;
  const parts = decomposed(kernel);
  const values = parts.map(([value]) => value);
  const pairs = parts.map(shared);
  const near = table(n, n, (r, c) => added(pairs.slice(0, terms).map(([column, row]) => column[r] * row[c])));
  const left = map2(kernel, (weight, r, c) => weight - near[r][c]);
  const norm = (matrix) => Math.sqrt(added(matrix.flat().map((value) => value * value)));
  const rank = values.filter((value) => value > 0).length;
  const error = norm(kernel) ? norm(left) / norm(kernel) : 0;
  const exact = terms >= rank;
  const many = terms === 1 ? "One column times one row" : `${terms} columns times rows`;
  const percent = `${(100 * error).toFixed(1)}\u00a0%`;
  const misses = exact ? "this kernel exactly" : `all of this kernel but ${percent} of its norm`;
  const sentence = rank ? `${many} ${terms === 1 ? "gives" : "give"} ${misses}; its rank is ${rank}.` : "A kernel of zeros: its rank is 0.";
  const work = [`Multiplications a pixel: 5 · 5 = ${n * n} at once, `, [terms, "terms"], ` · (5 + 5) = ${2 * n * terms} as columns and rows, `];
  work.push(2 * n * terms < n * n ? "which is fewer." : "which is no fewer.");
  const shown = values.map((value) => value.toFixed(2)).join(", ");
  const chosen = `Row ${r}, column ${c}: weight ${minus(kernel[r][c])}, of which ${brief(near[r][c])} is given.`;
  const words = `${chosen} ${sentence}`;
  const sections = [["", [sentence, chosen, work, `Singular values: ${shown}; the error is √(sum of the squares of those left out / sum of all squares).`]]];
  return { values, columns: pairs.map(([column]) => column), rows: pairs.map(([, row]) => row), near, left, error: exact ? 0 : error, rank, sections, words };
}
