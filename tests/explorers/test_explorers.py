"""What holds for every explorer: keys, names, size, themes, speed, and the figures that are snapshots."""

import itertools

import pytest
from pages import frames

from course_utils import explorers
from course_utils.explorers.engine import Engine
from course_utils.explorers.traits import Choice, Knob

pytestmark = pytest.mark.unit

CLASSES = {name: getattr(explorers, name) for name in explorers.__all__}
ALL = pytest.mark.parametrize("explorer", CLASSES.values(), ids=CLASSES)
HIGH = 650  # pixels of a notebook's window
SNAPSHOTS = explorers.snapshots()


def extremes(explorer):
    """Every choice, with the knobs as at first, at their least, and at their greatest."""
    traits = explorer._shown.items()
    knobs = {name: trait.slider[2:4] for name, trait in traits if isinstance(trait, Knob)}
    choices = {name: list(trait.words) for name, trait in traits if isinstance(trait, Choice)}
    chosen_at_once = list(itertools.product(*choices.values()))
    # Of hundreds every seventh: all values of each choice are still among them.
    for chosen in chosen_at_once[:: 7 if len(chosen_at_once) > 100 else 1]:
        ends = [{k: v[end] for k, v in knobs.items()} for end in (0, 1)]
        for values in [{}, *ends] if knobs else [{}]:
            yield values | dict(zip(choices, chosen, strict=True))


@ALL
def test_what_is_set_is_read(explorer):
    made = explorer()
    assert list(explorer.__signature__.parameters) == list(explorer._shown)
    assert repr(made).startswith(f"{explorer.__name__}(")
    seen = []
    name, knob = next((n, t) for n, t in explorer._shown.items() if n != "network")
    made.observe(seen.append, name)
    setattr(made, name, getattr(made, name))
    assert seen == []
    with pytest.raises(TypeError, match="nothing_like_it"):
        explorer(nothing_like_it=1)


@ALL
def test_python_and_the_scripts_keep_the_same_values_inside(explorer):
    engine = Engine(explorer)
    for values in extremes(explorer):
        made = explorer()
        before = {name: getattr(made, name) for name in explorer._shown}
        for name, value in values.items():
            setattr(made, name, value)
        after = {name: getattr(made, name) for name in explorer._shown}
        mended = engine.run("mend(values, TABLES)", values=before | values)
        assert mended == engine.run("values", values=after), values


# Figures
@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_snapshot_is_small_and_has_words_and_both_themes(name):
    text = SNAPSHOTS[name]()
    assert len(text.encode()) < 25_000
    assert "<text" in text and "<title>" in text and "prefers-color-scheme:dark" in text
    assert "NaN" not in text and "undefined" not in text


# In a browser
@pytest.mark.browser
@ALL
def test_tab_reaches_everything_and_everything_has_a_name(page, explorer):
    names = page.open(explorer()).reached()
    knobs = [t.slider for t in explorer._shown.values() if isinstance(t, Knob)]
    assert names[: len(knobs)] == [f"{label} {symbol}" for label, symbol, *_ in knobs]
    assert all(names) and len(names) > len(knobs)
    figure = page.find(".ex-figure")
    assert figure.accessible_name in names and len(figure.accessible_name) > 60


@pytest.mark.browser
@ALL
def test_plain_keys_stay_inside_chords_go_on_and_nothing_scrolls(page, explorer):
    from selenium.webdriver.common.keys import Keys

    page.open(explorer())
    pictures = set()
    for key in (*"x ", Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.END, Keys.HOME):
        page.press(key)
        pictures.add(page.picture())
    assert len(pictures) > 1
    assert page.js("return escaped") == []
    assert page.js("return window.scrollY") == 0
    for slider in page.driver.find_elements(page.by, "input[type=range], .ex-figure"):
        # The driver scrolls to what it types into: in the middle already, only a key can move the page.
        begin = page.js(
            "arguments[0].scrollIntoView({ block: 'center' }); return window.scrollY", slider
        )
        slider.send_keys(" ")
        slider.send_keys(Keys.SHIFT + " ")
        assert page.js("return window.scrollY") == begin
    page.press(Keys.SHIFT + Keys.ENTER)
    assert "Enter" in page.js("return escaped")


@pytest.mark.browser
@ALL
def test_the_first_picture_after_a_key_is_the_last(page, explorer):
    """It is drawn within the key's own event; never new numbers with the window at the old place."""
    page.open(explorer())
    before = page.picture()
    script = """
        const done = [...arguments].at(-1);
        const { el } = explorers.shown[0];
        const canvas = el.querySelector("canvas");
        const event = new KeyboardEvent("keydown", { key: arguments[0], bubbles: true, cancelable: true });
        el.querySelector(".ex-figure").dispatchEvent(event);
        const now = () => [canvas.toDataURL(), el.querySelector(".ex-live").textContent];
        const first = now();
        setTimeout(() => done([...first, ...now()]), 300);
    """
    for key in ("ArrowRight", "ArrowDown", "End"):
        picture, words, later, said = page.driver.execute_async_script(script, key)
        assert (picture, words) == (later, said)
    assert picture != before


@pytest.mark.browser
@ALL
def test_it_fits_a_notebook_and_a_narrow_page(page, explorer):
    page.open(explorer())
    for values in extremes(explorer):
        page.set(**values)
        for width in (900, 560):
            page.js("el.style.width = `${arguments[0]}px`", width)
            page.driver.execute_async_script(
                "requestAnimationFrame(() => setTimeout(arguments[0]))"
            )
            box = page.js(
                "const e = el.querySelector('.explorer'); return [e.offsetHeight, e.scrollWidth]"
            )
            assert box[1] <= width, (values, width)
            assert width < 900 or box[0] <= HIGH, (values, box[0])
    assert page.complaints() == []


@pytest.mark.browser
@ALL
def test_it_is_drawn_in_the_colours_of_the_page(page, explorer):
    light = page.open(explorer()).picture()
    page.js("document.body.style.setProperty('--jp-content-font-color1', '#e0e0e0')")
    page.until(lambda: "ex-dark" in page.find(".explorer").get_attribute("class"))
    assert page.picture() != light
    assert page.open(explorer(), "dark").complaints() == []


@pytest.mark.browser
@ALL
def test_an_update_takes_less_than_a_frame(page, explorer):
    ratio = frames(page.open(explorer()), ["ArrowRight", "ArrowDown", "End", "Home"])
    assert 0 < ratio < 1


@pytest.mark.browser
@ALL
def test_an_explorer_that_is_closed_hears_nothing_more(page, explorer):
    page.open(explorer())
    before = page.picture()
    changes = list(extremes(explorer))[-1] or {"unit": 1}
    page.js("close()")
    page.set(**changes)
    page.driver.execute_async_script("setTimeout(arguments[0])")
    assert page.picture() == before
