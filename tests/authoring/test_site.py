"""`make html`: pages that need neither a server nor a network, opened from their files."""

import contextlib
import html
import json
import re
import shutil
from collections import Counter
from urllib.parse import unquote

import nbformat
import pytest
from conftest import ROOT, need
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring.answers import mark_answers
from course_utils.authoring.site import MOVE, build
from course_utils.course.folders import Course

NOTEBOOKS = sorted([*ROOT.glob("lectures/*.ipynb"), *ROOT.glob("assignments/*/*.ipynb")])
LARGEST = 2e6  # bytes of a file
IDS = {"ids": lambda path: path.relative_to(ROOT).parts[0] + " " + path.stem[:2]}


def page_of(path):
    return path.relative_to(ROOT).with_suffix(".html").as_posix()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build(Course.find(ROOT), folder)
    return folder


# -- which cells answer a prediction ---------------------------------------------------------------
ASK, RUN = "**Predict.** How many?", "code"


@pytest.mark.parametrize(
    ("cells", "folded"),
    [
        ([ASK, RUN, "Two."], [RUN, "Two."]),
        (["Words.", RUN], []),
        ([ASK, RUN, RUN, "Two.\n\nNow on."], [RUN, RUN, "Two."]),
        ([ASK, RUN, "# Next\n\nTwo."], [RUN]),
        ([ASK, RUN, ASK, RUN], [RUN, RUN]),
        ([ASK, RUN, f"Two.\n\n{ASK}", RUN, "Three."], [RUN, "Two.", RUN, "Three."]),
        ([ASK, RUN, "It is\n\n$$2.$$\n\nNow on."], [RUN, "It is\n\n$$2.$$"]),
        ([ASK, RUN, "Two.\n\n![A](a.svg)\n\n*A.*\n\nNow on."], [RUN, "Two.\n\n![A](a.svg)\n\n*A.*"]),
        ([ASK, RUN, "Compare it."], [RUN]),
        ([f"{ASK}\n\n$$x$$", RUN], [RUN]),
        ([f"{ASK}\n\n![A](a.svg)\n\nTwo.", RUN], ["![A](a.svg)\n\nTwo.", RUN]),
        ([f"{ASK}\n\n<details>\n\nTwo.\n\n</details>", RUN, "So."], []),
        ([ASK, "explorer", "Two."], []),
        ([ASK], []),
    ],
)  # fmt: skip
@pytest.mark.unit
def test_what_answers_a_prediction_is_folded(cells, folded):
    given = [
        (new_code_cell if text in (RUN, "explorer") else new_markdown_cell)(text) for text in cells
    ]
    marked = mark_answers(given, lambda cell: cell.source == "explorer")
    inside, found = False, []
    for cell in marked:
        words = cell.metadata.get("answer", "")
        inside = inside or "begins" in words
        found += [cell.source] if inside else []
        inside = inside and "ends" not in words
    assert found == folded
    assert "\n\n".join(cell.source for cell in marked) == "\n\n".join(cells), "nothing is lost"


# -- what stands in the files ----------------------------------------------------------------------
@pytest.mark.notebooks
def test_every_lecture_and_assignment_has_a_page(site):
    index = (site / "index.html").read_text()
    for path in NOTEBOOKS:
        assert f'href="{page_of(path)}"' in index
        assert "<h1" in (site / page_of(path)).read_text()
    assert "Plan about three hours" in index and "9 exercises, 100 points" in index


@pytest.mark.notebooks
def test_pages_load_nothing_from_elsewhere_and_no_file_is_large(site):
    for path in [p for p in site.rglob("*") if p.is_file()]:
        assert path.stat().st_size < LARGEST, path
        if path.suffix in (".html", ".css", ".js"):
            text = path.read_text()
            assert not re.findall(r"<(?:link|img|script|iframe)[^>]+(?:src|href)=\"[a-z]+://", text)
            assert not re.findall(r"@import|url\(\s*['\"]?https?:|fetch\(|import\(", text), path


@pytest.mark.notebooks
def test_links_and_anchors_lead_somewhere(site):
    texts = {path: path.read_text() for path in site.rglob("*.html")}
    anchors = {
        path: Counter(map(html.unescape, re.findall(r'\bid="([^"]+)"', text)))
        for path, text in texts.items()
    }
    for path, text in texts.items():
        assert max(anchors[path].values(), default=1) == 1, anchors[path].most_common(1)
        for link, _, anchor in re.findall(r"(?:src|href)=\"([^\"#:]*)(#([^\"]*))?\"", text):
            target = (path.parent / link).resolve() if link else path
            assert target.is_file(), (path.name, link)
            # As browsers do it, and HTML says: an id that is written like the anchor, or as it decodes.
            anchor = html.unescape(anchor)
            there = not anchor or {anchor, unquote(anchor)} & anchors[target].keys()
            assert there, (path.name, link, anchor)


@pytest.mark.notebooks
def test_formulas_are_mathml_and_code_is_as_it_was(site):
    for path in site.rglob("*.html"):
        code = r"<pre.*?</pre>|<code.*?</code>|<script.*?</script>"
        assert "$" not in re.sub(code, "", path.read_text(), flags=re.DOTALL), path.name
    [lecture, *_] = sorted(site.glob("lectures/01*.html"))
    assert "602,112 bytes" in lecture.read_text()


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if "lectures" in p.parts], **IDS)
@pytest.mark.notebooks
def test_each_prediction_is_followed_by_its_answer_or_by_an_explorer(site, path):
    before, *asked = re.split(r"<strong>Predict\b", (site / page_of(path)).read_text())
    assert len(asked) == sum(c.source.count("**Predict") for c in nbformat.read(path, 4).cells)
    for text in asked:
        assert re.search(r"<details|data-explorer=", text), text[:200]


TINY = """
import anywidget, ipywidgets, traitlets

class Tiny(anywidget.AnyWidget):
    number = traitlets.Int(3).tag(sync=True)
    words = traitlets.Unicode("</script><!--").tag(sync=True)
    _css = ".tiny { color: red } /* </style> */"
    _esm = '''
const name = "</script>";
function render({ model, el }) {
  const show = () => (el.textContent = model.get("number") + model.get("words") + name);
  const any = () => (el.dataset.any = Number(el.dataset.any ?? 0) + 1);
  model.on("change:number", show);
  model.on("change", any);
  el.onclick = () => { model.set("number", model.get("number") + 1); model.save_changes(); };
  show();
  return () => { model.off("change:number", show); model.off("change", any); };
}
export default { render };
'''
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The page of a lecture with two explorers of one class, another widget, and links."""
    root = tmp_path_factory.mktemp("tiny")
    (root / "lectures").mkdir(), (root / "assignments").mkdir()
    (root / "constraints.txt").write_text("")
    links = "# Lecture 01: Tiny\n\n[out](../README.md), [in](01_tiny.ipynb), [web](https://a.org)"
    cells = [new_markdown_cell(links), new_code_cell(TINY), new_code_cell("Tiny()")]
    cells += [new_code_cell("Tiny(number=7)"), new_code_cell("ipywidgets.IntSlider()")]
    nbformat.write(new_notebook(cells=cells), root / "lectures" / "01_tiny.ipynb")
    build(Course(root), root / "site")
    return root / "site" / "lectures" / "01_tiny.html"


@pytest.mark.notebooks
def test_code_and_style_of_an_explorer_stand_once_and_another_widget_says_what_it_is(tiny):
    text = tiny.read_text()
    assert text.count("explorers.define(") == text.count("<style>") == 1
    assert text.count("data-explorer=") == text.count("<noscript>") == 2
    assert text.count(MOVE) == 1


@pytest.mark.notebooks
def test_a_link_to_what_the_site_lacks_becomes_its_words(tiny):
    words = 'out, <a href="01_tiny.html">in</a>, <a href="https://a.org">web</a>'
    assert words in tiny.read_text()


# -- what a browser makes of them ------------------------------------------------------------------
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
    driver.get("about:blank")  # what the browser opens with is over
    yield driver
    driver.quit()


STARTED = """
const places = document.querySelectorAll("[data-explorer]").length;
const shown = typeof explorers === "undefined" ? 0 : explorers.shown.length;
return document.readyState === "complete" && shown === places;
"""


@contextlib.contextmanager
def quietly(driver, path):
    """Open a page; at the end, nothing was said on the console and nothing was asked of the network."""
    from selenium.webdriver.support.wait import WebDriverWait

    driver.get_log("browser"), driver.get_log("performance")
    driver.get(path.as_uri())
    # On a busy machine `get` may come back before the scripts at the page's end have run.
    WebDriverWait(driver, 60).until(lambda page: page.execute_script(STARTED))
    yield
    assert driver.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    events = [event for event in events if event["method"] == "Network.requestWillBeSent"]
    sent = [event["params"]["request"]["url"] for event in events]
    assert path.as_uri() in sent
    assert {url.partition(":")[0] for url in sent} <= {"file", "data"}


LOOK = """
const data = { ...arguments[0].dataset, updateMs: 0 };
const canvases = [...arguments[0].querySelectorAll("canvas")].map((canvas) => canvas.toDataURL());
return JSON.stringify([data, canvases]);
"""


@pytest.mark.parametrize("path", NOTEBOOKS, **IDS)
@pytest.mark.browser
def test_every_explorer_answers_a_key(site, chromium, path):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    notebook = (site / page_of(path)).read_text()
    with quietly(chromium, site / page_of(path)):
        explorers = chromium.find_elements(By.CSS_SELECTOR, ".shown-explorer .explorer")
        assert len(explorers) == notebook.count("data-explorer=")
        assert explorers or "assignments" in path.parts
        for explorer in explorers:
            before = chromium.execute_script(LOOK, explorer)
            for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP):
                explorer.find_element(By.CSS_SELECTOR, ".ex-figure").send_keys(key)
                if chromium.execute_script(LOOK, explorer) != before:
                    break
            else:
                pytest.fail(f"{explorer.get_attribute('class')} answers no arrow key")


@pytest.mark.browser
def test_two_explorers_of_one_class_work_beside_each_other(tiny, chromium):
    with quietly(chromium, tiny):
        first, second = chromium.execute_script("return explorers.shown.map((shown) => shown.el)")
        second.click()
        assert [first.text, second.text] == [f"{n}</script><!--</script>" for n in (3, 8)]
        assert second.get_attribute("data-any") == "1"
        chromium.execute_script("explorers.shown[1].model.set('words', '</script><!--')")
        assert second.get_attribute("data-any") == "1", "an equal value is no change"
        chromium.execute_script("explorers.shown[1].close()")
        second.click()
        assert second.text.startswith("8")


@pytest.mark.browser
def test_answers_are_closed_on_the_screen_and_open_on_paper(site, chromium):
    [lecture, *_] = sorted(site.glob("lectures/01*.html"))
    visible = "return [...document.querySelectorAll('.answer .code')].map((code) => code.checkVisibility())"
    with quietly(chromium, lecture):
        seen = chromium.execute_script(visible)
        assert len(seen) > 20 and not any(seen)
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        printed = chromium.execute_script(visible)
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        assert all(printed)


@pytest.mark.browser
def test_the_button_switches_the_theme_of_text_and_explorers_and_is_remembered(site, chromium):
    # An explorer draws itself in the new colours in the next frame.
    look = """requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]([
      getComputedStyle(document.body).backgroundColor, document.body.dataset.jpThemeLight,
      document.querySelector(".explorer").classList.contains("ex-dark")])));"""
    [lecture, *_] = sorted(site.glob("lectures/01*.html"))
    with quietly(chromium, lecture):
        light = chromium.execute_async_script(look)
        assert light[1:] == ["true", False]
        chromium.find_element("css selector", ".theme").click()
        dark = chromium.execute_async_script(look)
        assert dark[0] != light[0] and dark[1:] == ["false", True]
        chromium.refresh()
        assert chromium.execute_async_script(look) == dark
        chromium.find_element("css selector", ".theme").click()
        assert chromium.execute_async_script(look) == light


@pytest.mark.parametrize("width", [800, 1280])
@pytest.mark.browser
def test_the_section_that_is_read_is_marked_and_nothing_runs_out_of_the_window(
    site, chromium, width
):
    look = """const nav = document.querySelector(".sections");
      return [nav.querySelector("details").open, nav.querySelector("[aria-current]").textContent,
        document.documentElement.scrollWidth <= innerWidth];"""
    [lecture, *_] = sorted(site.glob("lectures/01*.html"))
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    with quietly(chromium, lecture):
        chromium.execute_async_script(
            "document.getElementById('Pad-the-border').scrollIntoView(); requestAnimationFrame(() => "
            "requestAnimationFrame(arguments[0]))"
        )
        assert chromium.execute_script(look) == [width > 1000, "Pad the border", True]
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
