// A filter slides over an input: the picture, on a canvas.

/** Where the panels go: side by side, the products below, or all below each other. */
function layout(width, { padded, span, output }, F) {
  const gap = 40;
  const edge = 20;
  const top = 44;
  const w = Math.min(width, 1080) - edge - 16;
  const shape = width >= 700 ? "wide" : width >= 460 ? "medium" : "narrow";
  const shares = { wide: [(w - 2 * gap) * 0.42, (w - 2 * gap) * 0.3], medium: [(w - gap) * 0.57, (w - gap) * 0.43] };
  const [inputSide, outputSide] = shares[shape] ?? [w, Math.min(w, 300)];
  const largest = (side, n) => Math.min(50, side / Math.max(n, 1));
  const input = { x: edge, y: top, cell: largest(inputSide, Math.max(padded, span)) };
  const out = { x: edge + inputSide + gap, y: top, cell: largest(outputSide, output) };
  const kernel = { x: edge, cell: Math.min(28, 108 / F) };
  const products = {};
  let height;
  if (shape === "wide") {
    const middle = (w - 2 * gap) * 0.28;
    const deep = Math.max(inputSide, 330);
    const above = top + F * kernel.cell + 40;
    products.x = kernel.x = edge + inputSide + gap;
    products.cell = Math.min(54, (middle - 46) / F, (deep + top - above - 34) / F);
    // Not higher than the output's last row: the arrow to the output comes from below.
    products.y = Math.max(above, top + output * out.cell - F * products.cell);
    kernel.y = top;
    out.x = products.x + middle + gap;
    height = top + deep + 24;
  } else {
    const apart = shape === "medium" ? gap : 24;
    const y = top + inputSide + 62;
    products.x = edge + 108 + apart;
    products.cell = Math.min(46, 190 / F, (w - 108 - apart - 46) / F);
    products.y = kernel.y = y;
    height = y + Math.max(F * products.cell, 108) + 40;
    if (shape === "narrow") {
      Object.assign(out, { x: edge, y: height + 44 });
      height = out.y + outputSide + 8;
    }
  }
  return { input, out, kernel, products, height, shape };
}

/** Draw one state. `at` is the output position, with fractions while the window glides. */
function draw(pen, plan, scene, at) {
  const { knobs, state, position, totals, table, kernels, look } = scene;
  const { ink, paper, faint, thin } = look;
  const { size: W, kernel_size: F, stride: S, padding: P, dilation: D } = knobs;
  const { input, out, kernel, products, shape } = plan;

  const text = writer(pen, ink);
  const box = (x, y, side, colour, line = 1, dash = []) => {
    pen.setLineDash(dash);
    pen.lineWidth = line;
    pen.strokeStyle = colour;
    pen.strokeRect(x, y, side, side);
    pen.setLineDash([]);
  };
  const title = (words, x, y) => text(words, x, y, shape === "wide" ? 14 : 13, ink, "left", "600");
  const numerals = (panel, n, first = 0) => {
    if (panel.cell < 15) return;
    for (let k = 0; k < n; k++) {
      const middle = (k + first + 0.5) * panel.cell;
      text(k, panel.x + middle, panel.y - 9, 10, faint);
      text(k, panel.x - 10, panel.y + middle, 10, faint);
    }
  };

  // Input: grey pixels, dashed padding, numbers of rows and columns
  const a = input.cell;
  const padded = state.padded;
  title(`Input ${W} × ${W}` + (P ? `, padded to ${padded} × ${padded}` : ""), input.x, input.y - 28);
  const numeral = Math.min(16, a * 0.5);
  for (let r = 0; r < padded; r++) {
    for (let c = 0; c < padded; c++) {
      const x = input.x + c * a;
      const y = input.y + r * a;
      const pixel = table[r - P]?.[c - P];
      if (r - P < W && c - P < W && pixel !== undefined) {
        const level = Math.round(60 + (195 * pixel) / 9);
        pen.fillStyle = `rgb(${level},${level},${level})`;
        pen.fillRect(x, y, a, a);
        text(pixel, x + a / 2, y + a / 2 + 1, numeral, level > 140 ? "#1a1a1a" : "#ffffff");
        box(x, y, a, "rgba(120,120,120,0.6)");
      } else {
        box(x, y, a, thin, 1, [2, 2]);
        text("0", x + a / 2, y + a / 2 + 1, numeral, faint);
      }
    }
  }
  numerals(input, W, P);

  // What no window reaches
  if (state.left_over) {
    const used = (padded - state.left_over) * a;
    const whole = padded * a;
    const area = new Path2D();
    area.rect(input.x + used, input.y, whole - used, whole);
    area.rect(input.x, input.y + used, used, whole - used);
    pen.save();
    pen.clip(area);
    pen.fillStyle = look.dark ? "rgba(17,17,17,0.62)" : "rgba(255,255,255,0.62)";
    pen.fill(area);
    pen.strokeStyle = look.dark ? "#ffffff" : "#1a1a1a";
    pen.lineWidth = 1.2;
    pen.beginPath();
    for (let k = -whole; k < whole; k += 8) {
      pen.moveTo(input.x + k, input.y + whole);
      pen.lineTo(input.x + k + whole, input.y);
    }
    pen.stroke();
    pen.restore();
    pen.lineWidth = 1.2;
    pen.strokeStyle = ink;
    pen.stroke(area);
    text("left over", input.x + whole, input.y + whole + 13, 12, ink, "right", "italic");
  }
  title(`Kernel ${F} × ${F}`, kernel.x, kernel.y - (shape === "wide" ? 28 : 16));
  title(state.output ? `Output ${state.output} × ${state.output}` : "No output", out.x, out.y - 28);
  const weights = kernels[F - 1];
  const k = kernel.cell;
  for (let i = 0; i < F; i++)
    for (let j = 0; j < F; j++) {
      box(kernel.x + j * k, kernel.y + i * k, k, faint);
      const size = Math.min(13, k * 0.58);
      text(minus(weights[i][j]), kernel.x + (j + 0.5) * k, kernel.y + (i + 0.5) * k + 1, size);
    }
  if (!state.output) {
    box(input.x, input.y, state.span * a, look.frame, 3.5, [8, 5]);
    return;
  }

  // The window, its taps, and the lines to the products
  const wx = input.x + at[1] * S * a;
  const wy = input.y + at[0] * S * a;
  const side = state.span * a;
  for (let i = 0; i < F; i++)
    for (let j = 0; j < F; j++) {
      pen.fillStyle = "rgba(230,159,0,0.12)";
      pen.fillRect(wx + j * D * a, wy + i * D * a, a, a);
      if (F > 1) box(wx + j * D * a + 1, wy + i * D * a + 1, a - 2, ORANGE, 2);
    }
  box(wx, wy, side, look.frame, 3.5);
  const b = products.cell;
  const whole = F * b;
  const rays = shape === "wide"
    ? [[wx + side, wy, products.x, products.y], [wx + side, wy + side, products.x, products.y + whole]]
    : [[wx, wy + side, products.x, products.y], [wx + side, wy + side, products.x + whole, products.y]];
  pen.globalAlpha = 0.6;
  pen.lineWidth = 1.2;
  pen.strokeStyle = look.frame;
  pen.beginPath();
  for (const [x0, y0, x1, y1] of rays) {
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
  }
  pen.stroke();
  pen.globalAlpha = 1;

  // Products
  title("Pixel × weight", products.x, products.y - 16);
  for (let i = 0; i < F; i++) {
    for (let j = 0; j < F; j++) {
      const weight = weights[i][j];
      const x = products.x + j * b;
      const y = products.y + i * b;
      pen.fillStyle = look.dark ? "rgba(230,159,0,0.28)" : "rgba(230,159,0,0.16)";
      pen.fillRect(x, y, b, b);
      box(x, y, b, faint);
      const two = b >= 40;
      text(minus(state.products[i][j]), x + b / 2, y + b * (two ? 0.66 : 0.53), Math.min(15, b * 0.42));
      const factor = weight < 0 ? `(${minus(weight)})` : weight;
      if (two) text(`${state.pixels[i][j]}·${factor}`, x + b / 2, y + b * 0.27, 10.5, faint);
    }
    text(`→ ${minus(state.row_sums[i])}`, products.x + whole + 6, products.y + (i + 0.5) * b, 13, ink, "left");
  }
  const sumY = products.y + whole + 22;
  const words = `sum = ${minus(state.total)}`;
  text(words, products.x, sumY, 17, ink, "left", "600");
  const sumEnd = products.x + pen.measureText(words).width + 8;

  // Output: filled in reading order as far as this position
  const o = out.cell;
  numerals(out, state.output);
  const largest = Math.max(1, ...totals.flat().map(Math.abs));
  totals.forEach((line, r) =>
    line.forEach((total, c) => {
      const x = out.x + c * o;
      const y = out.y + r * o;
      if (r > position[0] || (r === position[0] && c > position[1])) {
        box(x, y, o, thin, 1, [1, 3]);
        return;
      }
      const share = (0.62 * Math.abs(total)) / largest;
      pen.fillStyle = `rgba(${total > 0 ? look.rgb.up : look.rgb.down},${share})`;
      pen.fillRect(x, y, o, o);
      box(x, y, o, thin);
      const words = minus(total);
      const room = words.length > 3 ? 0.34 : 0.42;
      if (o >= 13) text(words, x + o / 2, y + o / 2 + 1, Math.min(15, o * room));
    }),
  );
  const ox = out.x + at[1] * o;
  const oy = out.y + at[0] * o;

  // From the sum to its place in the output, over cells that are still empty
  if (shape !== "narrow") {
    const end = [ox + o / 2, oy + o + 3];
    pen.lineWidth = 1.6;
    pen.strokeStyle = faint;
    pen.beginPath();
    pen.moveTo(sumEnd, sumY);
    pen.bezierCurveTo(end[0], sumY, end[0], sumY, end[0], end[1] + 6);
    pen.stroke();
    pen.fillStyle = faint;
    pen.beginPath();
    pen.moveTo(...end);
    pen.lineTo(end[0] - 4, end[1] + 8);
    pen.lineTo(end[0] + 4, end[1] + 8);
    pen.fill();
  }
  pen.lineWidth = 5;
  pen.strokeStyle = paper;
  pen.strokeRect(ox, oy, o, o);
  box(ox, oy, o, look.frame, 3.5);
}
