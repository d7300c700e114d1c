// A kernel and what it makes of a picture: numbers and words.

/** Values that Python would take. */
function mend(values, { most }) {
  const kernel = map2(values.kernel, (weight) => clamp(weight, -most, most));
  return { ...values, kernel, weight: values.weight.map((k) => clamp(k, 0, 2)) };
}

/**
 * Everything that the picture shows in one state: y (the sums, divided; the border takes its nearest pixels again), `shown`
 * (greys 0 to 255), `signed` (whether grey stands for 0), `sum` (of the weights).
 */
function describe({ kernel, divisor, weight: [row, column] }, { picture }) {
  const n = picture.length;
  const at = (r, c) => picture[clamp(r, 0, n - 1)][clamp(c, 0, n - 1)];
  const y = table(n, n, (r, c) => {
    let sum = 0;
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) sum += kernel[a][b] * at(r + a - 1, c + b - 1);
    return sum / divisor;
  });
  const sum = added(kernel.flat());
  const signed = sum <= 0;
  const shown = map2(y, (value) => clamp(Math.round(signed ? 128 + value / 2 : value), 0, 255));
  const share = sum % divisor ? `${minus(sum)}/${divisor}` : minus(sum / divisor);
  const flat = signed
    ? sum
      ? `Flat areas become ${share} of what they were: below zero, darker than the grey that stands for 0.`
      : "Flat areas become 0, which is shown as grey: only changes are left, up is light and down is dark."
    : share === "1"
      ? "Flat areas keep their grey."
      : `Flat areas become ${share} of what they were.`;
  const lines = kernel.map((line) => listed(line)).join("; ");
  const over = divisor > 1 ? `, divided by ${divisor}` : "";
  const total = `the weights add up to ${minus(sum)}${over}`;
  return {
    y, shown, signed, sum,
    sections: [["", [[`${total[0].toUpperCase()}${total.slice(1)}. `, flat].join("")]]],
    words: `Weight in row ${row}, column ${column} is ${minus(kernel[row][column])}. Kernel ${lines}: ${total}. ${flat}`,
  };
}
