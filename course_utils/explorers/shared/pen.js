// Colours and the writing of the pictures. A pen is what `canvas.getContext("2d")` gives, or an SvgPen (svg.js).

const FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif";
const ORANGE = "#e69f00";
const LIGHT = {
  dark: false, ink: "#1a1a1a", paper: "#ffffff", frame: "#d55e00", blue: "#0072b2", green: "#007a5a",
  faint: "rgba(0,0,0,0.62)", thin: "rgba(0,0,0,0.25)", wash: "rgba(230,159,0,0.16)", rgb: { up: "213,94,0", down: "0,114,178" },
};
const DARK = {
  dark: true, ink: "#e8e8e8", paper: "#111111", frame: "#ff8c3a", blue: "#56b4e9", green: "#2fc79a",
  faint: "rgba(255,255,255,0.64)", thin: "rgba(255,255,255,0.28)", wash: "rgba(230,159,0,0.28)", rgb: { up: "230,120,40", down: "60,150,215" },
};

/** The tint of a signed number, `most` the largest there is. */
const tintOf = (look, value, most, strongest = 0.5) =>
  value ? `rgba(${value > 0 ? look.rgb.up : look.rgb.down},${+((strongest * Math.abs(value)) / most).toFixed(3)})` : null;

/** Grey of a pixel from 0 to `most`, and an ink for it: the same in both themes. */
function greyOf(value, most) {
  const level = Math.round(60 + (195 * value) / most);
  return [`rgb(${level},${level},${level})`, level > 140 ? "#1b1b1b" : "#fefefe"];
}

/** Writing, in so much room; the font is set only when it changes, and in few sizes: each costs its first use. */
function writer(pen, ink) {
  let font = "";
  return (words, x, y, size, colour = ink, align = "center", weight = "", room = Infinity) => {
    const wanted = `${weight} ${Math.round(size)}px ${FONT}`;
    if (wanted !== font) pen.font = font = wanted;
    pen.textAlign = align;
    pen.fillStyle = colour;
    while (room < Infinity && words.length > 1 && pen.measureText(words).width > room) words = `${words.replace(/.…?$/, "")}…`;
    pen.fillText(words, x, y);
  };
}

/** Stroke a rectangle. */
function box(pen, x, y, width, height, colour, line = 1, dash = []) {
  pen.setLineDash(dash);
  pen.lineWidth = line;
  pen.strokeStyle = colour;
  pen.strokeRect(x, y, width, height);
  pen.setLineDash([]);
}

/** Stroke lines, each a list of points. */
function strokes(pen, lines, colour, width = 1, dash = []) {
  pen.setLineDash(dash);
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.beginPath();
  for (const [[x, y], ...rest] of lines) {
    pen.moveTo(x, y);
    for (const point of rest) pen.lineTo(...point);
  }
  pen.stroke();
  pen.setLineDash([]);
}

/** A small image: `colours` are rows of CSS colours. Equal neighbours are one rectangle, without seams. */
function pixels(pen, colours, x, y, side) {
  const a = side / colours.length;
  colours.forEach((line, r) => {
    for (let c = 0, next; c < line.length; c = next) {
      for (next = c + 1; next < line.length && line[next] === line[c]; next++);
      const deep = r === colours.length - 1 ? a : a + 1;
      pen.fillStyle = line[c];
      pen.fillRect(x + c * a, y + r * a, (next - c) * a + (next === line.length ? 0 : 1), deep);
    }
  });
}
