// Panels of numbers: where they go, and how their cells look.

const PANEL_EDGE = 20; // left of a panel, for the numbers of its rows
const PANEL_HEAD = 42; // above it, for its title and the numbers of its columns

/**
 * Put panels side by side, those of a group below each other, so that their cells stay as large as they can: in a
 * picture that is `high` at most, with groups taken `apart` if that may be and helps, or on a narrow page as high as it needs.
 * Sets x, y and cell of each panel; returns the height, and whether all groups stand in one row.
 *
 * A panel is {rows, columns, cell, title, note: words below it, deep: least height of its cells}.
 */
function arrange(width, groups, high = 390, gap = 26, apart = true) {
  const ways = apart ? [groups, groups.flat().map((panel) => [panel])] : [groups];
  let best;
  for (const limit of [high, Infinity])
    for (let scale = 1; scale > 0.5; scale -= 0.02)
      for (const way of ways) {
        best = placed(way, scale, width, gap);
        if (best.width > width || best.height > limit) continue;
        for (const [panel, place] of best.places) Object.assign(panel, place);
        return best;
      }
  for (const [panel, place] of best.places) Object.assign(panel, place);
  return best;
}

/** Places of groups in rows, as many in each as are wide enough. */
function placed(groups, scale, width, gap) {
  const wide = (panel) => PANEL_EDGE + Math.max(panel.columns * panel.cell * scale, 7.6 * Math.max(panel.title.length, panel.note?.length ?? 0));
  const places = new Map();
  let [x, top, bottom, widest, rows] = [0, 0, 0, 0, 1];
  for (const group of groups) {
    const needed = Math.max(...group.map(wide));
    if (x && x + needed > width) [x, top, rows] = [0, bottom, rows + 1];
    let y = top;
    for (const panel of group) {
      const cell = panel.cell * scale;
      places.set(panel, { x: x + PANEL_EDGE, y: y + PANEL_HEAD, cell });
      y += PANEL_HEAD + Math.max(panel.rows * cell, (panel.deep ?? 0) * scale) + (panel.note ? 34 : 8);
    }
    bottom = Math.max(bottom, y);
    widest = Math.max(widest, x + needed);
    x += needed + gap;
  }
  return { places, width: widest, height: bottom, oneRow: rows === 1 };
}

/** Row and column of a panel under a point of the canvas, or null. */
function cellAt(panel, x, y) {
  if (!panel) return null;
  const [row, column] = [y - panel.y, x - panel.x].map((d) => Math.floor(d / panel.cell));
  return row >= 0 && column >= 0 && row < panel.rows && column < panel.columns ? [row, column] : null;
}

/** Place and size of some cells of a panel. */
const cellsOf = ({ x, y, cell }, r, c, rows = 1, columns = 1) => [x + c * cell, y + r * cell, columns * cell, rows * cell];

/** The lines between the cells of a panel. */
function grid(pen, { x, y, rows, columns, cell: a }, colour) {
  const across = range(rows + 1).map((r) => [[x, y + r * a], [x + columns * a, y + r * a]]);
  const down = range(columns + 1).map((c) => [[x + c * a, y], [x + c * a, y + rows * a]]);
  strokes(pen, [...across, ...down], colour);
}

/** What draws titles, numbers, cells and frames of panels. */
function panelTools(pen, look) {
  const { ink, faint, thin } = look;
  const text = writer(pen, ink);
  return {
    text,
    title: (panel) => text(panel.title, panel.x, panel.y - 28, 14, ink, "left", "600"),
    note: (panel) => text(panel.note, panel.x, panel.y + panel.rows * panel.cell + 15, 14, ink, "left", "600"),
    /** Numbers of rows and columns; `first` is how many rows and columns of padding come before 0. */
    numerals(panel, first = 0) {
      if (panel.cell < 15) return;
      const size = Math.min(11, panel.cell * 0.5);
      for (const k of range(panel.columns - 2 * first)) text(k, panel.x + (k + first + 0.5) * panel.cell, panel.y - 10, size, faint);
      for (const k of range(panel.rows - 2 * first)) text(k, panel.x - 10, panel.y + (k + first + 0.5) * panel.cell, size, faint);
    },
    /**
     * The cells of a panel. `look` says what is special about each: words (its value, if not given), a `small` line above
     * them, fill, colour, weight, and the line around it with its dashes. Fills first, then lines, then words.
     */
    table(panel, values, look = () => ({})) {
      const { cell: a } = panel;
      const cells = map2(values, (value, r, c) => {
        const plain = { words: typeof value === "number" ? minus(value) : value, colour: ink, line: thin, dash: [], small: "", weight: "" };
        return { x: panel.x + c * a, y: panel.y + r * a, ...plain, ...look(value, r, c) };
      }).flat();
      for (const { x, y, fill } of cells) {
        if (!fill) continue;
        pen.fillStyle = fill;
        pen.fillRect(x, y, a, a);
      }
      if (cells.every(({ line, dash }) => line === cells[0].line && !dash.length)) grid(pen, panel, cells[0].line);
      else for (const { x, y, line, dash } of cells) box(pen, x, y, a, a, line, 1, dash);
      for (const { x, y, words, small, colour, weight } of cells) {
        const said = `${words}`;
        const size = Math.min(16, a * Math.min(small ? 0.42 : 1, [0.56, 0.43, 0.34, 0.28][clamp(said.length - 2, 0, 3)]));
        if (said) text(said, x + a / 2, y + a * (small ? 0.67 : 0.53), size, colour, "center", weight);
        const room = small.length > 7 ? 0.19 : small.length > 5 ? 0.215 : 0.25;
        if (small) text(small, x + a / 2, y + a * 0.27, Math.min(11, a * room), colour === ink ? faint : colour);
      }
    },
    /** Values in reading order as far as this place; the later ones are empty. */
    soFar(panel, values, [row, column]) {
      const most = Math.max(1, largest(values));
      const readable = panel.cell >= 13 ? {} : { words: "" };
      this.table(panel, values, (value, r, c) => {
        const later = r > row || (r === row && c > column);
        return later ? { words: "", dash: [1, 3] } : { fill: tintOf(look, value, most), ...readable };
      });
    },
    /** Products and what stands below them: small the two factors, large the product. */
    products(panel, lefts, rights, products) {
      const small = (r, c) => (panel.cell >= 32 ? `${factor(lefts[r][c])}·${factor(rights[r][c])}` : "");
      this.table(panel, products, (value, r, c) => ({ fill: look.wash, line: faint, small: small(r, c) }));
      this.note(panel);
    },
    /** A frame around some cells, with a halo so that it is seen on every ground. */
    frame(panel, r, c, rows, columns, colour, line = 3.5, dash = []) {
      const place = cellsOf(panel, r, c, rows, columns);
      if (!dash.length) box(pen, ...place, look.paper, line + 1.5);
      box(pen, ...place, colour, line, dash);
    },
  };
}

/** Two lines from a window to what becomes of it. */
function rays(pen, look, [x, y, width, height], target) {
  const [left, top, , deep] = cellsOf(target, 0, 0, target.rows, target.columns);
  pen.globalAlpha = 0.6;
  strokes(pen, [[[x + width, y], [left, top]], [[x + width, y + height], [left, top + deep]]], look.frame, 1.2);
  pen.globalAlpha = 1;
}
