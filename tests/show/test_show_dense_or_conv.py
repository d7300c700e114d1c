"""`course_utils.show`: the explorer of the growing image, its twin in JavaScript, its picture."""

import itertools
import re

import pytest
import traitlets
from frame import frames
from pages import opened

from course_utils import show
from course_utils.arithmetic import conv_multiply_adds, conv_parameters, linear_parameters
from course_utils.show.growth import KNOBS, QUANTITIES, describe

pytestmark = pytest.mark.unit

SETTINGS = list(itertools.product((16, 32, 77, 256), (1, 3, 64), (1, 10, 128), (1, 5, 11)))


@pytest.mark.parametrize("setting", SETTINGS[::7], ids=str)
def test_describe_agrees_with_the_arithmetic(setting):
    side, channels, filters, kernel_size = setting
    pixels = side * side
    state = describe(*setting)
    assert state["counts"] == [
        linear_parameters(channels * pixels, filters * pixels),
        pixels * conv_parameters(channels, filters, kernel_size),
        conv_parameters(channels, filters, kernel_size),
    ]
    work = describe(*setting, "multiply_adds")["counts"]
    assert work[0] == linear_parameters(channels * pixels, filters * pixels, bias=False)
    assert work[1] == work[2] == conv_multiply_adds(channels, filters, kernel_size, side)
    assert describe(*setting, "memory")["counts"] == [4 * count for count in state["counts"]]


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("setting", SETTINGS[::11], ids=str)
def test_the_formulas_give_the_counts(setting, quantity):
    state = describe(*setting, quantity)
    for formula, count in zip(state["formulas"], state["counts"], strict=True):
        assert eval(formula.replace("²", "**2").replace("·", "*")) == count


def test_the_words_give_the_ratio():
    words = describe(32, 3, 10, 5)["words"].replace("\u00a0", " ")
    assert words == (
        "At 32 × 32: fully connected 31 467 520 parameters, convolution 760, 41 405 times fewer."
    )


BAD = [
    ({"side": 15}, "side=15 is outside 16 to 256"),
    ({"kernel_size": 4}, "kernel_size=4 is even: same padding needs an odd kernel"),
    ({"filters": 2.5}, "filters must be an int, got 2.5"),
    ({"quantity": "cost"}, "quantity='cost' is not one of parameters, memory, multiply_adds"),
    ({"scale": "square"}, "scale='square' is not one of log, linear"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:24] for _, part in BAD])
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.DenseOrConv(**change)
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_dense_or_conv(**change)


@pytest.mark.parametrize("scale", ["log", "linear"])
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_picture_shows_the_counts(quantity, scale):
    figure = show.draw_dense_or_conv(64, 3, 96, 11, quantity, scale)
    words = [text.get_text() for text in figure.texts]
    state = describe(64, 3, 96, 11, quantity)
    assert {text.replace("\u00a0", " ") for text in state["texts"]} <= set(words)
    assert figure.axes[0].get_yscale() == scale and figure.alt == state["words"]


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(show.DenseOrConv(), tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    cases = [(*setting, quantity) for setting in SETTINGS for quantity in QUANTITIES]
    script = """return arguments[0].map((values) =>
        twin.describe(Object.fromEntries(arguments[1].map((name, k) => [name, values[k]]))))"""
    answers = explorer.js(script, cases, [*KNOBS, "quantity"])
    for case, state in zip(cases, answers, strict=True):
        assert state == describe(*case), case


@pytest.mark.browser
def test_keys_change_the_side_and_the_kernel(explorer):
    from selenium.webdriver.common.keys import Keys

    steps = [
        (Keys.ARROW_RIGHT, 33, 5),
        (Keys.PAGE_UP, 49, 5),
        (Keys.ARROW_UP, 49, 7),
        (Keys.ARROW_LEFT, 48, 7),
        (Keys.PAGE_DOWN, 32, 7),
        (Keys.ARROW_DOWN, 32, 5),
        (Keys.END, 256, 5),
        (Keys.ARROW_RIGHT, 256, 5),
        (Keys.HOME, 16, 5),
    ]
    for key, side, kernel_size in steps:
        explorer.press(key)
        assert (explorer.trait("side"), explorer.trait("kernel_size")) == (side, kernel_size)
        assert explorer.text(".ex-live") == describe(side, 3, 10, kernel_size)["words"]
    assert explorer.js("return escaped") == []


@pytest.mark.browser
def test_choices_work_by_keyboard(explorer):
    from selenium.webdriver.common.keys import Keys

    explorer.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, at="[data-choice=quantity] input:checked")
    assert explorer.trait("quantity") in ("memory", "multiply_adds")
    explorer.find("[data-choice=scale] input[value=linear]").click()
    assert explorer.trait("scale") == "linear"


@pytest.mark.browser
def test_a_click_chooses_a_side(explorer):
    explorer.click("canvas", 300, 200)
    assert 100 < explorer.trait("side") < 200


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(7)
    assert reached[:4] == [f"{label} {symbol}" for label, symbol, *_ in KNOBS.values()]
    assert reached[4:6] == ["Parameters", "Logarithmic"]
    assert "Page Up and Page Down" in reached[6]


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer):
    assert 0 < frames(explorer, "side", [16 + 3 * k for k in range(60)]) < 1
    assert 0 < frames(explorer, "filters", [1 + 2 * k for k in range(60)]) < 1


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('side', 100)")
    assert explorer.data("side") == "32"
