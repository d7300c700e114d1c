// Panels of numbers on a canvas: where they go, and how their cells look. For the explorers of lecture 02.

const PANEL_EDGE = 20; // left of a panel, for the numbers of its rows
const PANEL_HEAD = 46; // above it, for its title and the numbers of its columns

/**
 * Put groups of panels side by side, each group's panels below each other, in as few rows as their cells
 * can shrink for; sets x, y and cell of each panel, and returns the height and the rows.
 *
 * A panel is {rows, columns, cell, title, below: pixels under it,
 * deep: least height of its cells when all groups stand in one row}.
 */
function arrange(width, groups, gap = 26) {
  const wide = (panel, scale) => PANEL_EDGE + Math.max(panel.columns * panel.cell * scale, panel.title.length * 7.6);
  const groupWide = (group, scale) => Math.max(...group.map((panel) => wide(panel, scale)));
  const rowsAt = (scale) => {
    const rows = [[]];
    let left = width;
    for (const group of groups) {
      const needed = groupWide(group, scale) + gap;
      if (rows.at(-1).length && needed - gap > left) {
        rows.push([]);
        left = width;
      }
      rows.at(-1).push(group);
      left -= needed;
    }
    return rows;
  };
  const scales = range(13).map((k) => 1 - 0.02 * k);
  let [scale, rows] = [1, null];
  for (let most = 1; !rows && most < groups.length; most++) {
    const found = scales.find((s) => rowsAt(s).length <= most);
    if (found) [scale, rows] = [found, rowsAt(found)];
  }
  if (!rows) {
    const widest = Math.max(...groups.flat().map((panel) => panel.columns * panel.cell));
    scale = Math.min(0.9, (width - PANEL_EDGE) / widest);
    rows = rowsAt(scale);
  }
  let y = 0;
  for (const row of rows) {
    let x = 0;
    let deepest = y;
    for (const group of row) {
      let top = y;
      for (const panel of group) {
        panel.cell *= scale;
        Object.assign(panel, { x: x + PANEL_EDGE, y: top + PANEL_HEAD });
        const deep = rows.length === 1 ? (panel.deep ?? 0) * scale : 0;
        top = panel.y + Math.max(panel.rows * panel.cell, deep) + (panel.below ?? 0) + 8;
      }
      deepest = Math.max(deepest, top);
      x += groupWide(group, 1) + gap; // the cells have shrunk already
    }
    y = deepest;
  }
  return { height: y, oneRow: rows.length === 1 };
}

/** Row and column of a panel under a point of the canvas, or null. */
function cellAt(panel, x, y) {
  const [row, column] = [y - panel.y, x - panel.x].map((d) => Math.floor(d / panel.cell));
  return row >= 0 && column >= 0 && row < panel.rows && column < panel.columns ? [row, column] : null;
}

/** What draws titles, numbers, cells and frames of panels. */
function panelTools(pen, look) {
  const { ink, faint, thin } = look;
  const text = writer(pen, ink);
  const box = (x, y, width, height, colour, line = 1, dash = []) => {
    pen.setLineDash(dash);
    pen.lineWidth = line;
    pen.strokeStyle = colour;
    pen.strokeRect(x, y, width, height);
    pen.setLineDash([]);
  };
  return {
    text,
    box,
    title: (panel) => text(panel.title, panel.x, panel.y - 30, 14, ink, "left", "600"),
    /** Numbers of rows and columns; `first` is how many rows and columns of padding come before 0. */
    numerals(panel, first = 0) {
      if (panel.cell < 15) return;
      for (const k of range(panel.columns - 2 * first))
        text(k, panel.x + (k + first + 0.5) * panel.cell, panel.y - 10, Math.min(11, panel.cell * 0.5), faint);
      for (const k of range(panel.rows - 2 * first))
        text(k, panel.x - 10, panel.y + (k + first + 0.5) * panel.cell, Math.min(11, panel.cell * 0.5), faint);
    },
    /** A cell; `words` in its middle, or lower when something `small` stands above them. */
    cell(panel, r, c, words, { fill = null, colour = ink, dash = [], line = thin, small = "", weight = "" } = {}) {
      const { cell: a } = panel;
      const [x, y] = [panel.x + c * a, panel.y + r * a];
      if (fill) {
        pen.fillStyle = fill;
        pen.fillRect(x, y, a, a);
      }
      box(x, y, a, a, line, 1, dash);
      const said = `${words}`;
      const size = Math.min(16, a * [0.5, 0.42, 0.32, 0.28][clamp(said.length - 2, 0, 3)]);
      if (said) text(said, x + a / 2, y + a * (small ? 0.67 : 0.53), size, colour, "center", weight);
      const room = small.length > 7 ? 0.19 : small.length > 5 ? 0.215 : 0.25;
      if (small) text(small, x + a / 2, y + a * 0.27, Math.min(11, a * room), colour === ink ? faint : colour);
    },
    /** A frame around some cells, with a halo so that it is seen on every ground. */
    frame(panel, r, c, rows, columns, colour, line = 3.5, dash = []) {
      const { cell: a } = panel;
      const place = [panel.x + c * a, panel.y + r * a, columns * a, rows * a];
      if (!dash.length) box(...place, look.paper, line + 1.5);
      box(...place, colour, line, dash);
    },
    /** The tint of a signed number, `most` the largest there is. */
    tint: (value, most) =>
      value ? `rgba(${value > 0 ? look.rgb.up : look.rgb.down},${(0.5 * Math.abs(value)) / most})` : null,
    /** Grey of a pixel from 0 to `most`, and an ink for it. */
    grey(value, most) {
      const level = Math.round(60 + (195 * value) / most);
      return [`rgb(${level},${level},${level})`, level > 140 ? "#1a1a1a" : "#ffffff"];
    },
  };
}
