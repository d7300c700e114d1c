"""The growing image: its counts against arithmetic, and its keys and mouse."""

import itertools
import re

import pytest
import traitlets

from course_utils.arithmetic import conv_multiply_adds, conv_parameters, linear_parameters
from course_utils.explorers import DenseOrConv
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

# Every side with all kernels; every number of channels with every number of filters.
GRID = [
    *itertools.product(range(16, 257), (1, 3, 64), (10,), (1, 3, 5, 7, 9, 11)),
    *itertools.product((16, 77, 256), range(1, 65), range(1, 129), (5,)),
]
NAMES = ["side", "channels", "filters", "kernel_size"]
ASKED = """
grid.map((numbers) => {
  const knobs = Object.fromEntries(names.map((name, k) => [name, numbers[k]]));
  return Object.keys(quantities).map((quantity) => countsOf({ ...knobs, quantity }));
})
"""


@pytest.fixture(scope="module")
def engine():
    return Engine(DenseOrConv)


def test_every_count_agrees_with_the_arithmetic(engine):
    quantities = DenseOrConv._shown["quantity"].words
    answers = engine.run(ASKED, grid=GRID, names=NAMES, quantities=quantities)
    for (W, C, F, K), (parameters, memory, work) in zip(GRID, answers, strict=True):
        local = linear_parameters(C * K * K, F * W * W)
        assert parameters == [
            linear_parameters(C * W * W, F * W * W),
            local,
            conv_parameters(C, F, K),
        ]
        assert memory == [4 * count for count in parameters]
        dense = linear_parameters(C * W * W, F * W * W, bias=False)
        assert work == [dense, *[conv_multiply_adds(C, F, K, W)] * 2]


@pytest.mark.parametrize("quantity", DenseOrConv._shown["quantity"].words)
@pytest.mark.parametrize("numbers", GRID[::2999], ids=str)
def test_what_is_written_gives_the_counts(engine, numbers, quantity):
    state = engine.describe(*numbers, quantity)
    for formula, count in zip(state["formulas"], state["counts"], strict=True):
        assert eval(formula.replace("²", "**2").replace("·", "*")) == count
    assert state["ratio"] == round(state["counts"][0] / state["counts"][2])
    here = dict((side, counts) for side, *counts in state["curves"])
    assert here[numbers[0]] == state["counts"] and list(here) == list(range(16, 257))


def test_the_words_give_the_ratio(engine):
    assert engine.describe()["words"].replace("\u00a0", " ") == (
        "At 32 × 32: fully connected 31 467 520 parameters, convolution 760, 41 405 times fewer."
    )


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"side": 15}, "side=15 is outside 16 to 256"),
        ({"kernel_size": 4}, "kernel_size=4 is not 1, 3 and so on to 11"),
        ({"filters": 2.5}, "filters must be an int, got 2.5"),
        (
            {"quantity": "cost"},
            "quantity='cost' is not one of parameters, memory, multiply_adds",
        ),
        ({"scale": "square"}, "scale='square' is not one of log, linear"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        DenseOrConv(**change)


@pytest.mark.browser
def test_keys_and_clicks_change_the_side_and_the_kernel(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(DenseOrConv())
    moves = [
        *((Keys.ARROW_RIGHT, 33, 5), (Keys.PAGE_UP, 49, 5), (Keys.ARROW_UP, 49, 7)),
        *((Keys.ARROW_LEFT, 48, 7), (Keys.PAGE_DOWN, 32, 7), (Keys.ARROW_DOWN, 32, 5)),
        *((Keys.END, 256, 5), (Keys.ARROW_RIGHT, 256, 5), (Keys.HOME, 16, 5)),
    ]
    for key, side, kernel_size in moves:
        page.press(key)
        assert (page.trait("side"), page.trait("kernel_size")) == (side, kernel_size)
        assert page.said() == engine.describe(side, kernel_size=kernel_size)["words"]
    page.click(300, 200)
    assert 100 < page.trait("side") < 200
    page.find("[data-choice=scale] input[value=linear]").click()
    assert page.trait("scale") == "linear"
