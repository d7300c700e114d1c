"""Explorers on a page opened from a file, in headless Chromium."""

import contextlib
import json
import shutil

from conftest import need

from course_utils.explorers.page import page as page_of

FLAGS = (
    "headless no-sandbox disable-gpu disable-quic no-first-run disable-sync hide-scrollbars "
    "disable-background-networking disable-component-update window-size=1000,1000"
)
# A page to scroll, in the theme asked for, that notes which keys an explorer lets through.
HEAD = """
<style>body {{ margin: 8px; height: 3000px; background: {ground}; --jp-content-font-color1: {ink} }}</style>
<script>const escaped = []; document.addEventListener("keydown", (event) => escaped.push(event.key))</script>
"""
THEMES = {"light": ("#ffffff", "#1a1a1a"), "dark": ("#111111", "#e0e0e0")}


class Page:
    """One explorer on a page."""

    def __init__(self, driver, path):
        from selenium.webdriver.common.by import By

        self.driver, self.path, self.by = driver, path, By.CSS_SELECTOR

    def open(self, explorer, theme="light"):
        """Show an explorer as it is now."""
        ground, ink = THEMES[theme]
        head = HEAD.format(ground=ground, ink=ink)
        # As a notebook keeps it: with the names of dicts sorted.
        state = json.loads(json.dumps(explorer.get_state(), sort_keys=True))
        self.path.write_text(page_of(state, head=head), encoding="utf-8")
        self.driver.get(self.path.as_uri())
        return self

    def js(self, script, *values):
        return self.driver.execute_script(
            f"const [{{ model, close, el }}] = explorers.shown; {script}", *values
        )

    def find(self, selector):
        return self.driver.find_element(self.by, selector)

    def trait(self, name):
        """Return a trait as Python would get it; the page's own copy of it says the same."""
        value = self.js("return model.get(arguments[0])", name)
        words = name.split("_")
        shown = self.find(".explorer").get_attribute(f"data-{'-'.join(words)}")
        assert json.loads(shown) == value
        return value

    def set(self, **values):
        """Set traits as Python does."""
        self.js(
            "for (const [name, value] of Object.entries(arguments[0])) model.set(name, value);",
            values,
        )

    def press(self, *keys, at=".ex-figure"):
        for key in keys:
            self.find(at).send_keys(key)

    def text(self, selector):
        return self.find(selector).get_attribute("textContent")

    def said(self):
        """Return what a screen reader says."""
        return self.text(".ex-live")

    def lines(self):
        """Return the lines of words below the picture."""
        nodes = self.driver.find_elements(self.by, ".ex-words section > div")
        return [node.get_attribute("textContent") for node in nodes]

    def picture(self):
        return self.js("return el.querySelector('canvas').toDataURL()")

    def click(self, x, y):
        """Click a point of the picture, from its upper left corner."""
        from selenium.webdriver import ActionChains

        corner = self.js("return el.querySelector('canvas').getBoundingClientRect().toJSON()")
        mouse = ActionChains(self.driver)
        mouse.w3c_actions.pointer_action.move_to_location(
            int(corner["x"] + x), int(corner["y"] + y)
        )
        mouse.click().perform()

    def reached(self):
        """Press Tab until nothing more has the focus; return the names of what had it."""
        from selenium.webdriver.common.keys import Keys

        names = []
        self.find("body").send_keys(Keys.TAB)
        while self.js("return el.contains(document.activeElement)") and len(names) < 30:
            active = self.driver.switch_to.active_element
            names.append(active.accessible_name)
            active.send_keys(Keys.TAB)
        return names

    def until(self, condition):
        """Wait until something holds, as long as a busy machine may take."""
        from selenium.webdriver.support.wait import WebDriverWait

        WebDriverWait(self.driver, 60, poll_frequency=0.05).until(lambda _: condition())

    def complaints(self):
        """Return what the console says."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@contextlib.contextmanager
def browser(profile, path):
    """Chromium for explorers that are written to `path`, one after the other."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS.split(), f"user-data-dir={profile}"):
        options.add_argument(f"--{flag}")
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
    try:
        yield Page(driver, path)
    finally:
        driver.quit()


# How long an update takes, in frames: work that takes about one is timed in turn with it, since a time alone
# says how busy the machine is. 6000 shapes take 13 to 15 ms on an idle core of an ordinary server, a frame 16.
FRAMES = """
const done = [...arguments].at(-1);
const { el } = explorers.shown[0];
const shapes = () => {
    const figure = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (let i = 0; i < 6000; i++) {
        const shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const name of ["x", "y", "width", "height"]) shape.setAttribute(name, `${i % 97}`);
        figure.append(shape);
    }
};
const ratios = [];
for (let k = 0; k < 40; k++) {
    const begin = performance.now();
    shapes();
    const frame = performance.now() - begin;
    const root = el.querySelector(".explorer");
    root.dataset.updateMs = "";
    const key = arguments[0][k % arguments[0].length];
    el.querySelector(".ex-figure").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    if (root.dataset.updateMs) ratios.push(Number(root.dataset.updateMs) / frame);
}
done(ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)]);
"""


def frames(page, keys):
    """Press keys in turn and return the median time of an update, in frames."""
    return page.driver.execute_async_script(FRAMES, keys)
