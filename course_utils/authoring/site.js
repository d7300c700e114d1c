// The static site: its theme, which a button switches, and where the reader is on a page.
// It runs in the page's head, so that the first thing drawn has the right theme.

const system = window.matchMedia("(prefers-color-scheme: dark)");
let chosen = null;
try {
  chosen = localStorage.getItem("theme");
} catch {
  // Some browsers keep nothing for a page that is opened from a file; the button works all the same.
}

function theme() {
  return chosen ?? (system.matches ? "dark" : "light");
}

/** Tell the page its theme. Explorers read their colours again when the body's attribute changes. */
function paint() {
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
  if (!document.body) return;
  document.body.dataset.jpThemeLight = theme() === "light";
  const button = document.querySelector(".theme");
  button.hidden = false;
  button.textContent = theme() === "light" ? "Dark" : "Light";
  button.setAttribute("aria-label", `Switch to the ${button.textContent.toLowerCase()} theme`);
}

function switchTheme() {
  chosen = theme() === "light" ? "dark" : "light";
  try {
    localStorage.setItem("theme", chosen);
  } catch {
    // as above
  }
  paint();
}

/** Mark the section that is being read, and keep its line in sight. */
function followReader(sections) {
  const links = [...sections.querySelectorAll("a")];
  // The name of a heading may be written as in an address, "3%C3%973".
  const named = (hash) => document.getElementById(hash) ?? document.getElementById(decodeURIComponent(hash));
  const headings = links.map((link) => named(link.hash.slice(1)));
  let current = null;
  const mark = () => {
    const below = headings.findIndex((heading) => heading.getBoundingClientRect().top > 120);
    const link = links[(below < 0 ? links.length : Math.max(below, 1)) - 1];
    if (link === current) return;
    current?.removeAttribute("aria-current");
    (current = link).setAttribute("aria-current", "location");
    const [line, frame] = [link.getBoundingClientRect(), sections.getBoundingClientRect()];
    if (line.top < frame.top || line.bottom > frame.bottom) sections.scrollTop += line.top - frame.top - 80;
  };
  window.addEventListener("scroll", mark, { passive: true });
  mark();
}

/** Sections are folded in a narrow window and open beside the text in a wide one. */
function foldSections(details) {
  const wide = window.matchMedia("(min-width: 70rem)");
  const fold = () => (details.open = wide.matches);
  wide.addEventListener("change", fold);
  fold();
}

/** Paper is light. */
function beforePrint() {
  document.documentElement.dataset.theme = "light";
  document.body.dataset.jpThemeLight = true;
}

paint();
system.addEventListener("change", paint);
window.addEventListener("beforeprint", beforePrint);
window.addEventListener("afterprint", paint);
document.addEventListener("DOMContentLoaded", () => {
  paint();
  document.querySelector(".theme").addEventListener("click", switchTheme);
  const sections = document.querySelector(".sections");
  if (!sections) return;
  foldSections(sections.querySelector("details"));
  followReader(sections);
});
