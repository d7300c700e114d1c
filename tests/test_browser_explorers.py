"""JupyterLab in headless Chromium: every explorer by keyboard and mouse, with its kernel, light and dark."""

import json

import nbformat
import pytest
from browser import Browser, Notebook, Server, failed
from conftest import need
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from course_utils import explorers

pytestmark = pytest.mark.browser

NAMES = explorers.__all__
HIGH = 650  # pixels that an explorer may be high
TELL = "print(json.dumps({{name: getattr({0}, name) for name in {0}._shown}}))"
CHANGE_THEME = """
const [theme, done] = arguments;
window.jupyterapp.commands.execute("apputils:change-theme", { theme }).then(() => done());
"""


class Shown:
    """An explorer that a notebook shows below a cell."""

    def __init__(self, notebook, name):
        self.browser = notebook.browser
        cell = notebook.go_to(name)

        def drawn():
            found = cell.find_elements("css selector", ".explorer[data-update-ms]")
            return [root for root in found if root.size["height"] > 100]

        [self.root] = self.browser.wait(drawn, f"the explorer of {name}")

    def ask(self, code):
        return self.browser.js(f"const root = arguments[0]; return {code}", self.root)

    def values(self):
        """Return the traits that the page has."""
        data = self.ask("({ ...root.dataset })")
        return {name: json.loads(value) for name, value in data.items() if name != "updateMs"}

    def picture(self):
        return self.ask("root.querySelector('canvas').toDataURL()")

    def sentence(self):
        return self.ask("root.querySelector('[aria-live]').textContent")

    def focus(self):
        self.ask("root.querySelector('.ex-figure').focus()")

    def focused(self):
        return self.ask("root.querySelector('.ex-figure') === document.activeElement")


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """One notebook with all of them, run from top to bottom."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    folder, home = tmp_path_factory.mktemp("lecture"), tmp_path_factory.mktemp("home")
    cells = {"imports": "import json\n\nfrom course_utils import explorers"}
    for name in NAMES:
        cells[name] = f"{name.lower()} = explorers.{name}()\n{name.lower()}"
        cells[f"read-{name}"] = TELL.format(name.lower())
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell(code, id=name) for name, code in cells.items()]
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, folder / "explorers.ipynb")
    server = Server(folder, home)
    try:
        browser = Browser(server, home / "profile")
        try:
            opened = Notebook(browser, "explorers.ipynb")
            opened.run_all()
            yield opened
            opened.close()
        finally:
            browser.close()
    finally:
        server.stop()


@pytest.fixture
def browser(notebook, request):
    """The window; a picture of it is kept if the test fails."""
    before = request.session.testsfailed
    yield notebook.browser
    if request.session.testsfailed > before:
        print("see", notebook.browser.shot(f"failed-{request.node.name}"))


def test_no_cell_ends_in_an_error(browser, notebook):
    assert failed(notebook.cells()) == {}
    assert sorted(notebook.widgets()) == NAMES
    for name in NAMES:
        Shown(notebook, name)
    said = [e["message"] for e in browser.driver.get_log("browser") if e["level"] == "SEVERE"]
    # anywidget complains after two seconds, as a busy machine may take; that all are there was looked at.
    assert [words for words in said if "Failed to initialize model" not in words] == []


@pytest.mark.parametrize("name", NAMES)
def test_keys_change_the_picture_and_python_knows(browser, notebook, name):
    shown = Shown(notebook, name)
    shown.focus()
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.END):
        picture, sentence, values = shown.picture(), shown.sentence(), shown.values()
        browser.press(key)
        if shown.values() != values:
            assert shown.picture() != picture and shown.sentence() != sentence
    assert shown.focused(), "JupyterLab took a key as well"
    values = shown.values()
    notebook.run(f"read-{name}")
    told = json.loads(notebook.shown(f"read-{name}"))
    assert {n.replace("_", "").lower(): v for n, v in told.items()} == {
        n.lower(): v for n, v in values.items()
    }
    assert told != {n: t.default_value for n, t in getattr(explorers, name)._shown.items()}


def test_the_mouse_drags_the_image_of_the_shift_test(browser, notebook):
    shown = Shown(notebook, "ShiftTest")
    corner = shown.ask("root.querySelector('canvas').getBoundingClientRect().toJSON()")
    mouse = ActionChains(browser.driver)
    mouse.w3c_actions.pointer_action.move_to_location(int(corner["x"] + 80), int(corner["y"] + 100))
    mouse.click_and_hold().perform()
    before = shown.values()["dx"]
    mouse = ActionChains(browser.driver)
    mouse.move_by_offset(-20, 0).move_by_offset(-20, 0).release().perform()
    browser.wait(lambda: shown.values()["dx"] < before, "the image to follow the mouse")
    assert shown.focused(), "the arrow keys go on from here"


@pytest.mark.parametrize("width", [1280, 800])
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_explorer_fits_and_has_the_colours_of_the_theme(browser, notebook, theme, width):
    browser.driver.set_window_size(width, 1000)
    browser.driver.execute_async_script(CHANGE_THEME, theme)
    try:
        dark = theme.endswith("Dark")
        look = f"""root.classList.contains("ex-dark") === {str(dark).lower()}
            && root.scrollWidth <= root.parentNode.clientWidth
            && (innerWidth < 1280 || root.offsetHeight <= {HIGH})"""
        for name in NAMES:
            # Where others above it change their height, it may leave the window, and the page.
            browser.wait(lambda: Shown(notebook, name).ask(look), f"{name} to fit {theme}")  # noqa: B023
            browser.shot(f"{name}-{width}-{'dark' if dark else 'light'}")
    finally:
        browser.driver.execute_async_script(CHANGE_THEME, "JupyterLab Light")
        browser.driver.set_window_size(1280, 1000)
