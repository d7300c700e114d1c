"""JupyterLab in headless Chromium: the explorers of lecture 02, by keyboard and by mouse."""

import statistics

import nbformat
import pytest
from browser import Browser, Notebook, Server, failed
from conftest import need
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from test_browser import FRAME, WIDTHS, Explorer

from course_utils import show

pytestmark = pytest.mark.browser

CELLS = {
    "window-walk": "walk = show.WindowWalk(mode='backward')\nwalk",
    "pool-routing": "pools = show.PoolRouting(kernel_size=3, stride=2)\npools",
    "shift-test": "shifts = show.ShiftTest()\nshifts",
}
EXPLORERS = list(CELLS)
READ = {
    "read-window-walk": "print(walk)",
    "read-pool-routing": "print(pools.position, pools.pixel, pools.x[0])",
    "read-shift-test": "print(shifts)",
}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """One notebook with all three, run from top to bottom."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    folder, home = tmp_path_factory.mktemp("lecture"), tmp_path_factory.mktemp("home")
    cells = {"imports": "from course_utils import show"} | CELLS | READ
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


@pytest.fixture
def fresh(browser, notebook):
    """Run the cell of an explorer again and return it as it is at first."""

    def fresh(name):
        notebook.run(name)
        return Explorer(notebook, name)

    return fresh


def mouse_at(explorer, x, y):
    """Return a mouse at a point of the picture, from its upper left corner.

    Not by an offset from its middle: WebDriver means the middle of what is in sight.
    """
    corner = explorer._ask(".querySelector('canvas').getBoundingClientRect().toJSON()")
    mouse = ActionChains(explorer.browser.driver)
    mouse.w3c_actions.pointer_action.move_to_location(int(corner["x"] + x), int(corner["y"] + y))
    return mouse


def test_no_cell_ends_in_an_error(browser, notebook):
    assert failed(notebook.cells()) == {}
    assert sorted(notebook.widgets()) == sorted(EXPLORERS)


@pytest.mark.parametrize(
    ("name", "keys", "data", "said"),
    [
        (
            "window-walk",
            [Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_RIGHT],
            {"step": "6", "value": "9"},
            "mode='backward', step=6,",
        ),
        (
            "pool-routing",
            [Keys.ARROW_LEFT, "7", " ", " "],
            {"position": "1,0", "pixel": "0,0", "value": "7", "dx-max": "1"},
            "(1, 0) (0, 0) [7, 3, 2, 2, 0, 5]",
        ),
        (
            "shift-test",
            [Keys.ARROW_DOWN, " "],
            {"dy": "1", "dx": "1", "stride": "2", "largest": "7"},
            "ShiftTest(dy=1, dx=1, stride=2, view='convolution')",
        ),
    ],
    ids=EXPLORERS,
)
def test_keys_change_the_picture_and_python_knows(browser, notebook, fresh, name, keys, data, said):
    explorer = fresh(name)
    explorer.focus()
    picture, sentence = explorer.picture(), explorer.sentence()
    browser.press(*keys)
    for key, value in data.items():
        browser.wait(lambda key=key, value=value: explorer.data(key) == value, f"{key} {value}")
    browser.wait(lambda: explorer.picture() != picture, "another picture")
    assert explorer.sentence() != sentence
    assert explorer.focused(), "JupyterLab took a key as well"
    notebook.run(f"read-{name}")
    assert said in notebook.shown(f"read-{name}")


def test_a_click_on_a_pixel_collects_its_gradient(browser, fresh):
    explorer = fresh("window-walk")
    mouse_at(explorer, 20 + 40, 46 + 40).click().perform()  # pixel (1, 1) of the input
    browser.wait(lambda: explorer.data("mode") == "pixel", "the walk over pixels")
    expected = show.WindowWalk(mode="pixel", pixel=(1, 1)).state
    assert explorer.data("pixel") == "1,1"
    assert explorer.sentence() == expected["words"]
    assert explorer.focused(), "the arrow keys go on from here"


def test_clicks_choose_a_pixel_and_raise_it(browser, fresh):
    explorer = fresh("pool-routing")
    mouse_at(explorer, 20 + 20, 46 + 10).click().perform()
    browser.wait(lambda: explorer.data("pixel") == "0,0", "the pixel (0, 0)")
    assert explorer.data("value") == "1"
    mouse_at(explorer, 20 + 20, 46 + 10).click().perform()  # its upper half
    browser.wait(lambda: explorer.data("value") == "2", "a value of 2")
    mouse_at(explorer, 20 + 20, 46 + 34).click().perform()  # its lower half
    browser.wait(lambda: explorer.data("value") == "1", "a value of 1")


def test_the_mouse_drags_the_image(browser, fresh):
    explorer = fresh("shift-test")
    mouse = mouse_at(explorer, 130, 200).click_and_hold()
    mouse.move_by_offset(-60, 0).move_by_offset(-45, 0).release().perform()
    browser.wait(lambda: explorer.data("dx") == "-5", "the image to follow the mouse")
    assert explorer.data("largest") == "0"


def test_every_explorer_answers_to_keys_within_a_frame(browser, notebook, record_property, capsys):
    arrows = (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ARROW_LEFT)
    controls = {FRAME: (*arrows, Keys.END, Keys.HOME), "root.querySelector('input')": arrows}
    for name in EXPLORERS:
        explorer = Explorer(notebook, name)
        took = []
        for control, keys in controls.items():
            explorer.focus(control)
            pictures, sentences = {explorer.picture()}, {explorer.sentence()}
            for key in keys * 2:
                explorer.forget("update-ms")
                browser.press(key)
                took += [float(ms) for ms in [explorer.data("update-ms")] if ms]
                pictures.add(explorer.picture())
                sentences.add(explorer.sentence())
            assert explorer.within(), f"{name}: JupyterLab took a key as well"
            assert len(pictures) > 1 and len(sentences) > 1, f"{name}: {control} does nothing"
        median = statistics.median(took)
        record_property(f"{name}_update_ms", median)
        with capsys.disabled():
            print(f" {name}: {median:.1f} ms, largest {max(took):.1f} of {len(took)};", end="")
        # The goal is 16 ms, a frame; a machine that is busy with other work gets three.
        assert median < 50, name


@pytest.mark.parametrize("width", WIDTHS)
def test_every_explorer_fits_the_window(browser, notebook, width):
    browser.driver.set_window_size(width, 1000)
    try:
        for name in EXPLORERS:
            browser.wait(Explorer(notebook, name).fits, f"{name} to fit into {width} pixels")
            browser.shot(f"{name}-{width}")
    finally:
        browser.driver.set_window_size(1280, 1000)
