// The pen of a canvas, as far as the pictures use it, that writes SVG; and the snapshot of an explorer,
// which is the same picture in light and in dark.

const PLATES = { light: "#efeee9", dark: "#1b1b1b" };
const short = (x) => `${+x.toFixed(1)}`.replace(/^(-?)0\./, "$1.");

class SvgPen {
  constructor() {
    Object.assign(this, { lineWidth: 1, globalAlpha: 1, textAlign: "left", font: "", dash: [], parts: [], path: "", clips: [] });
  }

  /** Keep a shape and its style. */
  part(d, style) {
    if (this.globalAlpha < 1) style += `;opacity:${this.globalAlpha}`;
    this.parts.push({ d, style, clip: this.clips.at(-1) });
  }
  line() {
    const dash = this.dash.length ? `;stroke-dasharray:${this.dash}` : "";
    return `stroke:${this.strokeStyle};stroke-width:${+this.lineWidth.toFixed(2)}${dash}`;
  }
  setLineDash(dash) {
    this.dash = dash;
  }
  beginPath() {
    this.path = "";
  }
  moveTo(x, y) {
    this.path += `M${short(x)} ${short(y)}`;
  }
  lineTo(x, y) {
    this.path += `${this.path ? "L" : "M"}${short(x)} ${short(y)}`;
  }
  bezierCurveTo(...points) {
    this.path += `C${points.map(short).join(" ")}`;
  }
  closePath() {
    this.path += "z";
  }
  rect(x, y, width, height) {
    this.path += `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
  }
  /** A whole circle: no picture draws less. Its width is twice the rounded radius, or the halves would not meet. */
  arc(x, y, radius) {
    const r = +radius.toFixed(1);
    this.path += `M${short(x - r)} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${short(2 * r)} 0a${short(r)} ${short(r)} 0 1 0 ${short(-2 * r)} 0z`;
  }
  fill() {
    this.part(this.path, `fill:${this.fillStyle}`);
  }
  stroke() {
    const last = this.parts.at(-1);
    const filled = last?.d === this.path && last.style === `fill:${this.fillStyle}` && this.globalAlpha === 1;
    if (filled) last.style += `;${this.line()}`; // one shape, filled and then stroked
    else this.part(this.path, `fill:none;${this.line()}`);
  }
  fillRect(...place) {
    this.beginPath();
    this.rect(...place);
    this.fill();
  }
  strokeRect(...place) {
    this.beginPath();
    this.rect(...place);
    this.stroke();
  }
  save() {
    this.clips.push(this.clips.at(-1));
  }
  restore() {
    this.clips.pop();
  }
  clip() {
    this.clips[this.clips.length - 1] = this.path;
  }
  fillText(words, x, y) {
    this.text(words, x, y, `fill:${this.fillStyle}`);
  }
  strokeText(words, x, y) {
    this.text(words, x, y, `fill:none;${this.line()};stroke-linejoin:round`);
  }
  text(words, x, y, style) {
    const [, weight, size] = this.font.match(/^(.*?) ?(\d+)px/);
    const anchor = { center: "middle", right: "end" }[this.textAlign];
    if (anchor) style += `;text-anchor:${anchor}`;
    if (weight) style += weight === "italic" ? ";font-style:italic" : `;font-weight:${weight}`;
    style += `;font-size:${size}px`;
    // A canvas writes around the middle of a line; SVG on its base, about a third of the size below.
    this.parts.push({ words: `${words}`, at: [short(x), short(y + 0.35 * size)], style, clip: this.clips.at(-1) });
  }
  /** Width of a text: about, as nobody knows the fonts. */
  measureText(words) {
    return { width: 0.56 * Number(this.font.match(/(\d+)px/)[1]) * `${words}`.length };
  }
}

const escaped = (words) => words.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

/** A line of words without the marks of its parts. */
const plain = (line) => [line].flat().map((part) => (Array.isArray(part) ? part[0] : part)).join("");

/** A sentence in lines of so many letters. */
function wrapped(words, letters) {
  const lines = [""];
  for (const word of words.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= letters) lines.push("");
    lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word;
  }
  return lines;
}

/** The picture of an explorer with its lines below it, as SVG that is light or dark as the page is. */
function snapshot(values, tables, width) {
  const state = describe(values, tables);
  const margin = 14;
  let height;
  const drawn = [{ ...LIGHT, paper: PLATES.light }, { ...DARK, paper: PLATES.dark }].map((look) => {
    const pen = new SvgPen();
    const scene = { values, tables, state, look };
    const plan = layout(width - 2 * margin, scene);
    draw(pen, plan, scene);
    const text = writer(pen, look.ink);
    height = plan.height + 12;
    for (const [title, lines] of state.sections ?? []) {
      if (title) text(title, 4, (height += 10), 14, look.ink, "left", "600");
      height += title ? 12 : 0;
      for (const line of lines)
        for (const part of wrapped(plain(line), (width - 2 * margin) / 7.6)) {
          text(part, 4, (height += 10), 14, look.ink, "left");
          height += 10;
        }
    }
    return pen.parts;
  });
  return svgOf(drawn, width, height + 2 * margin, margin, state.words);
}

/** Shapes that were drawn twice, light and dark, as one SVG; styles are classes, and equal neighbours one path. */
function svgOf([light, dark], width, height, margin, alt) {
  const classes = new Map();
  const clips = [];
  const body = [];
  let last = null;
  light.forEach((part, k) => {
    const pair = `${part.style}|${dark[k].style}`;
    if (!classes.has(pair)) classes.set(pair, classes.size.toString(36).replace(/^\d/, "_$&"));
    const name = classes.get(pair);
    if (part.words !== undefined) {
      const [x, y] = part.at;
      if (!part.words.trim()) return;
      // Single letters of one row are one text, with a place for each.
      if (last?.y === y && last.name === name && part.words.length === 1 && last.places.length === last.words.length) {
        last.words += part.words;
        last.places.push(x);
      } else body.push((last = { name, y, words: part.words, places: [x] }));
      return;
    }
    if (last?.d && last.name === name && last.clip === part.clip && !part.style.includes("opacity")) last.d += part.d;
    else body.push((last = { name, clip: part.clip, d: part.d }));
  });
  const shape = ({ name, clip, d, words, places, y }) => {
    if (words) return `<text class="${name}" x="${places.join(" ")}" y="${y}">${escaped(words)}</text>`;
    if (clip && !clips.includes(clip)) clips.push(clip);
    return `<path class="${name}"${clip ? ` clip-path="url(#c${clips.indexOf(clip)})"` : ""} d="${d}"/>`;
  };
  const shapes = body.map(shape);
  const rules = [...classes].map(([pair, name]) => [name, ...pair.split("|")]);
  const night = rules.filter(([, day, night]) => day !== night).map(([name, , style]) => `.${name}{${style}}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${short(height)}" viewBox="0 0 ${width} ${short(height)}" role="img" font-family="${FONT}">`,
    `<title>${escaped(alt)}</title>`,
    `<style>.plate{fill:${PLATES.light}}${rules.map(([name, day]) => `.${name}{${day}}`).join("")}`,
    `@media(prefers-color-scheme:dark){.plate{fill:${PLATES.dark}}${night.join("")}}</style>`,
    ...(clips.length ? [`<defs>${clips.map((d, k) => `<clipPath id="c${k}"><path d="${d}"/></clipPath>`).join("")}</defs>`] : []),
    `<rect class="plate" width="100%" height="100%" rx="8"/><g transform="translate(${margin} ${margin})">`,
    ...shapes,
    "</g></svg>\n",
  ].join("\n");
}
