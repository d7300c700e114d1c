"""An explorer on an empty page in headless Chromium, its traits held by a small object."""

import contextlib
import json
import re
import shutil

from conftest import need

PAGE = """<!doctype html><meta charset="utf-8"><style>%s</style>
<body style="color: #1a1a1a"><div id="here" style="width: 900px"></div>
<script type="module">
%s
window.twin = { describe, outputs: typeof outputs === "undefined" ? null : outputs };
const values = %s;
const listeners = {};
window.model = {
  get: (name) => values[name],
  set(name, value) {
    if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
    values[name] = value;
    for (const heard of listeners[name] ?? []) heard();
  },
  save_changes() { window.saved = (window.saved ?? 0) + 1; },
  on(name, heard) { (listeners[name.slice(7)] ??= []).push(heard); },
  off(name, heard) { listeners[name.slice(7)] = listeners[name.slice(7)].filter((f) => f !== heard); },
};
window.escaped = [];
document.addEventListener("keydown", (event) => escaped.push(event.key));
window.remove = render({ model: window.model, el: document.getElementById("here") });
</script>"""
FLAGS = (
    "headless no-sandbox disable-gpu disable-quic no-first-run disable-sync "
    "disable-background-networking disable-component-update window-size=1000,1000"
)


class Page:
    """The explorer on the page."""

    def __init__(self, driver):
        from selenium.webdriver.common.by import By

        self.driver, self.by = driver, By.CSS_SELECTOR

    def fresh(self):
        """Bring it back to its first state."""
        from selenium.webdriver.support.wait import WebDriverWait

        self.driver.refresh()
        WebDriverWait(self.driver, 20).until(lambda _: self.data("update-ms"))
        return self

    def js(self, script, *values):
        return self.driver.execute_script(script, *values)

    def find(self, selector):
        return self.driver.find_element(self.by, selector)

    def data(self, name):
        return self.find(".explorer").get_attribute(f"data-{name}")

    def trait(self, name):
        return self.js("return model.get(arguments[0])", name)

    def press(self, *keys, at=".ex-figure"):
        for key in keys:
            self.find(at).send_keys(key)

    def text(self, selector):
        return self.find(selector).get_attribute("textContent")

    def reached(self, count):
        """Press Tab from the top of the page and return the names of what has the focus."""
        from selenium.webdriver.common.keys import Keys

        names = []
        self.find("body").send_keys(Keys.TAB)
        for _ in range(count):
            active = self.driver.switch_to.active_element
            names.append(active.accessible_name)
            active.send_keys(Keys.TAB)
        return names

    def click(self, selector, x, y):
        """Click a point of an element, from its upper left corner."""
        from selenium.webdriver import ActionChains

        node = self.find(selector)
        middle = node.size["width"] / 2, node.size["height"] / 2
        actions = ActionChains(self.driver)
        actions.move_to_element_with_offset(node, int(x - middle[0]), int(y - middle[1]))
        actions.click().perform()


@contextlib.contextmanager
def opened(explorer, tmp_path_factory):
    """Show an explorer on a page of its own."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    from selenium import webdriver

    hidden = {"_esm", "_css", "_anywidget_id"}
    traits = {k: v for k, v in explorer.get_state().items() if k not in hidden}
    code = re.sub(r"^export default .*", "", explorer._esm, flags=re.MULTILINE)
    page = tmp_path_factory.mktemp("page") / "page.html"
    page.write_text(PAGE % (explorer._css, code, json.dumps(traits)), encoding="utf-8")
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (*FLAGS.split(), f"user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(f"--{flag}")
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
    try:
        driver.get(page.as_uri())
        yield Page(driver)
    finally:
        driver.quit()
