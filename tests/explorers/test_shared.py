"""What the explorers share: how they write numbers, and the pen that writes SVG."""

import re

import pytest

from course_utils import explorers
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def engine():
    return Engine(explorers.ShiftTest)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (1049, "1.0 kB"),
        (1050, "1.1 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (60_950_432, "61.0 MB"),
        (3 * 10**15, "3.0 PB"),
    ],
)
def test_bytes_are_written_with_one_decimal(engine, count, words):
    assert engine.run("roundedBytes(count)", count=count) == words.replace(" ", "\u00a0")


def test_numbers_are_written_with_true_minus_signs_and_in_groups(engine):
    written = engine.run("[thousands(1234567), minus(-3), factor(-3), factor(3), listed([1, -2])]")
    assert written == ["1\u00a0234\u00a0567", "−3", "(−3)", "3", "1, −2"]
    assert engine.run("sumOf([-1, -2, 3])") == "−1 − 2 + 3"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"a": 1, "b": [2, {}]}, {"b": [2, {}], "a": 1}, True),
        ([1, 2], [2, 1], False),
        ([1], [1, 2], False),
        ({"a": None}, {"a": {}}, False),
        (None, None, True),
        ("a", ["a"], False),
    ],
    ids=str,
)
def test_equal_values_are_the_same_whatever_the_order_of_names(engine, one, other, equal):
    assert engine.run("[same(a, b), same(b, a)]", a=one, b=other) == [equal, equal]


def test_a_drawing_in_two_themes_is_one_svg(engine):
    code = """(() => {
        const pens = ["#111111", "#eeeeee"].map((ink) => {
            const pen = new SvgPen();
            const text = writer(pen, ink);
            text("1", 10, 20, 12);
            text("2", 30, 20, 12);
            box(pen, 0, 0, 5.04, 5, ink, 1, [2, 2]);
            box(pen, 9, 0, 5, 5, ink, 1, [2, 2]);
            pen.save(); pen.beginPath(); pen.rect(0, 0, 9, 9); pen.clip();
            pen.fillStyle = "red"; pen.fillRect(1, 1, 2, 2);
            pen.restore();
            return pen.parts;
        });
        return svgOf(pens, 100, 50, 0, "a < b");
    })()"""
    svg = engine.run(code)
    assert "<title>a &lt; b</title>" in svg
    assert re.search(r'<text class="\w+" x="10 30" y="24.2">12</text>', svg), "letters of one row"
    assert re.search(r'<path class="\w+" d="M0 0h5v5h-5zM9 0h5v5h-5z"/>', svg), "boxes of one style"
    assert 'clip-path="url(#c0)" d="M1 1h2v2h-2z"' in svg and '<clipPath id="c0">' in svg
    light, dark = svg.split("@media")
    assert light.count("#111111") == 2 and dark.count("#eeeeee") == 2 and "red" not in dark


def test_a_shape_that_is_filled_and_stroked_is_drawn_once(engine):
    code = """(() => {
        const pen = new SvgPen();
        Object.assign(pen, { fillStyle: "red", strokeStyle: "blue" });
        const shape = () => { pen.beginPath(); pen.rect(0, 0, 4, 5); };
        shape(); pen.fill(); pen.stroke();
        shape(); pen.stroke(); pen.fill();
        shape(); pen.globalAlpha = 0.5; pen.fill(); pen.stroke();
        return pen.parts.map(({ style }) => style);
    })()"""
    line = "stroke:blue;stroke-width:1"
    both, *apart = engine.run(code)
    assert both == f"fill:red;{line}"
    see_through = ["fill:red;opacity:0.5", f"fill:none;{line};opacity:0.5"]
    assert apart == [f"fill:none;{line}", "fill:red", *see_through], (
        "the order, or what is below, is seen"
    )


@pytest.mark.browser
def test_a_theme_that_changes_behind_a_curtain_is_drawn(page):
    """As in JupyterLab: hidden and shown again before the next frame."""
    light = page.open(explorers.ShiftTest()).picture()
    script = """
        const [{ el }] = explorers.shown;
        const [done] = arguments;
        requestAnimationFrame(() => setTimeout(() => {
            el.style.display = "none";
            document.body.style.setProperty("--jp-content-font-color1", "#e0e0e0");
            document.body.dataset.jpThemeLight = "false";
            queueMicrotask(() => (el.style.display = ""));
            requestAnimationFrame(() => setTimeout(done));
        }));
    """
    page.driver.execute_async_script(script)
    assert "ex-dark" in page.find(".explorer").get_attribute("class")
    assert page.picture() != light


def test_only_what_is_there_can_be_imported():
    assert {"ShiftTest", "WindowWalk"} <= set(dir(explorers))
    with pytest.raises(AttributeError, match="NothingLikeIt"):
        explorers.NothingLikeIt  # noqa: B018


def test_without_mini_racer_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "py_mini_racer", None)
    with pytest.raises(ModuleNotFoundError, match=re.escape("pip install -e '.[test]'")):
        Engine(explorers.ShiftTest)
