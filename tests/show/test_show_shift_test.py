"""`course_utils.show`: the shift test, its twin in JavaScript, and its picture."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from frame import frames
from oracle import functional, torch
from pages import opened

from course_utils import show
from course_utils.show.shift_test_numbers import (
    CENTRE,
    KERNEL,
    KNOBS,
    SIDE,
    VIEWS,
    convolve,
    describe,
    image,
    percent,
    pool,
    shift,
)

pytestmark = pytest.mark.unit

SHIFTS = list(itertools.product(range(-6, 7), repeat=2))


def by_torch(x, stride):
    """The convolution and the pooling, border wrapped around."""
    tensor = torch.tensor(x, dtype=torch.float64)[None, None]
    padded = functional.pad(tensor, (1, 1, 1, 1), mode="circular")
    kernel = torch.tensor(KERNEL, dtype=torch.float64)[None, None]
    y = functional.conv2d(padded, kernel, stride=stride)
    return y[0, 0].numpy(), functional.max_pool2d(y, 2)[0, 0].numpy()


# The numbers


@pytest.mark.torch
@pytest.mark.parametrize("stride", [1, 2])
def test_the_layers_agree_with_torch(stride):
    for dy, dx in ((0, 0), (1, -2), (5, 3)):
        x = shift(image(), dy, dx)
        assert (x == torch.roll(torch.tensor(image()), (dy, dx), (0, 1)).numpy()).all()
        y, pooled = by_torch(x, stride)
        assert (convolve(x, stride) == y).all() and (pool(convolve(x, stride)) == pooled).all()
    random = np.random.default_rng(0).integers(-9, 10, (8, 8))
    y, pooled = by_torch(random, stride)
    assert (convolve(random, stride) == y).all() and (
        pool(convolve(random, stride)) == pooled
    ).all()


def test_with_stride_1_convolution_is_equivariant_under_every_shift():
    for dy, dx in SHIFTS:
        state = describe(dy, dx, 1)
        assert state["largest"] == state["best"] == 0 and state["whole"]
        assert state["conv_shifted_x"] == state["shifted_conv_x"]


def test_with_stride_2_it_is_for_even_shifts_and_for_no_other():
    for dy, dx in SHIFTS:
        state = describe(dy, dx, 2)
        assert state["whole"] == (dy % 2 == 0 and dx % 2 == 0)
        assert (state["largest"] == 0) == (state["best"] == 0) == state["whole"]
        assert state["best"] <= state["largest"]


def test_what_pooling_leaves_as_it_is_is_counted():
    for (dy, dx), stride in itertools.product(SHIFTS, (1, 2)):
        state = describe(dy, dx, stride)
        before, after = np.array(state["pool_x"]), np.array(state["pool_shifted_x"])
        assert state["pool_same"] == [(before == after).sum(), before.size]
        assert state["pool_change"] == [abs(after - before).sum(), abs(before).sum()]
    still = describe(0, 0, 1)
    assert still["pool_same"] == [36, 36] and still["pool_change"][0] == 0


def test_pooling_is_nearer_to_invariance_than_convolution_for_small_shifts():
    for (dy, dx), stride in itertools.product(((0, 1), (1, 0), (1, 1), (0, 2)), (1, 2)):
        state = describe(dy, dx, stride)
        conv, pooled = ((a / b) for a, b in (state["conv_change"], state["pool_change"]))
        assert 0 < pooled < conv


def test_the_words_say_what_is_measured():
    assert describe(0, 1, 1)["words"] == (
        "Shift by (0, 1). Stride 1: conv(shift(x)) − shift(conv(x)) is 0 everywhere."
    )
    assert describe(-2, 4, 2)["words"] == (
        "Shift by (−2, 4). Stride 2: a shift by (−2, 4) pixels is (−1, 2) whole steps, and "
        "conv(shift(x)) − shift(conv(x)) is 0 everywhere."
    )
    assert describe(0, 1, 2)["words"].endswith(
        "Against the output shifted by (0, 0) the largest difference is 8, and no shift of the "
        "output leaves less than 6."
    )
    assert describe(0, 1, 1, "pooling")["words"] == (
        "Shift by (0, 1). Outputs of the max pooling after it that stay the same: 24 of 36 (67 %); "
        "sum of changes 24 / 42 = 57 %."
    )
    assert [percent(*pair) for pair in ((1, 2), (1, 200), (1, 3), (3, 2))] == [
        *("50 %", "1 %", "33 %", "150 %")
    ]


BAD = [
    ({"dy": 7}, "dy=7 is outside -6 to 6"),
    ({"dx": 0.5}, "dx must be an int, got 0.5"),
    ({"stride": 3}, "stride=3 is outside 1 to 2"),
    ({"view": "both"}, "view='both' is not one of convolution, pooling"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:20] for _, part in BAD])
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_shift_test(**change)
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.ShiftTest(**change)


# The widget


def test_traits_are_set_and_read():
    explorer = show.ShiftTest(dy=-2, dx=3, stride=2, view="pooling")
    assert explorer.state == describe(-2, 3, 2, "pooling")
    assert repr(explorer) == "ShiftTest(dy=-2, dx=3, stride=2, view='pooling')"
    with pytest.raises(traitlets.TraitError):
        explorer.dy = -7
    assert explorer.dy == -2


# The picture


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("stride", [1, 2])
def test_the_picture_shows_the_same_arithmetic(stride, view):
    figure = show.draw_shift_test(1, -3, stride, view)
    state = describe(1, -3, stride, view)
    words = re.sub(r"\s+", " ", " ".join(text.get_text() for text in figure.axes[0].texts))
    assert figure.alt == state["words"]
    assert state["lines"][0 if view == "convolution" else 2] in words
    same, size = state["pool_same"]
    said = (
        f"the same: {same} of {size}"
        if view == "pooling"
        else f"largest difference: {state['largest']}"
    )
    assert said in words


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(show.ShiftTest(), tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    cases = [(*shift, stride, view) for shift in SHIFTS for stride in (1, 2) for view in VIEWS]
    script = """const tables = { x: model.get("_x"), kernel: model.get("_kernel") };
        return arguments[0].map(([dy, dx, stride, view]) =>
          twin.describe({ dy, dx, stride, view }, tables));"""
    answers = explorer.js(script, cases)
    assert len(answers) == len(cases) == 676
    for case, state in zip(cases, answers, strict=True):
        assert state == describe(*case), case


@pytest.mark.browser
def test_keys_shift_the_image(explorer):
    from selenium.webdriver.common.keys import Keys

    steps = [
        (Keys.ARROW_RIGHT, 0, 2),
        (Keys.ARROW_DOWN, 1, 2),
        (Keys.ARROW_LEFT, 1, 1),
        (Keys.ARROW_UP, 0, 1),
        (Keys.END, 6, 6),
        (Keys.ARROW_DOWN, 6, 6),
        (Keys.HOME, 0, 0),
    ]
    for key, dy, dx in steps:
        explorer.press(key)
        assert (explorer.trait("dy"), explorer.trait("dx")) == (dy, dx)
        assert explorer.text(".ex-live") == describe(dy, dx, 1)["words"]
    assert explorer.js("return escaped") == []


@pytest.mark.browser
def test_space_changes_the_stride(explorer):
    explorer.press(" ")
    assert explorer.trait("stride") == 2 and explorer.data("largest") == "8"
    explorer.press(" ")
    assert explorer.trait("stride") == 1 and explorer.data("largest") == "0"


@pytest.mark.browser
def test_a_click_shifts_the_image_there(explorer):
    side = explorer.js("return document.querySelector('canvas').clientWidth")
    assert side > 800
    cell = 22 * 0.96  # as small as three panels side by side need
    explorer.click("canvas", 20 + 8.5 * cell, 46 + 9.5 * cell)
    assert [explorer.trait("dy"), explorer.trait("dx")] == [9 - CENTRE[0], 8 - CENTRE[1]]
    assert "st-figure" in explorer.driver.switch_to.active_element.get_attribute("class")


@pytest.mark.browser
def test_the_view_is_chosen_and_what_is_measured_is_written(explorer):
    explorer.find("input[value=pooling]").click()
    assert explorer.trait("view") == "pooling"
    assert explorer.text(".ex-live") == describe(0, 1, 1, "pooling")["words"]
    lines = explorer.driver.find_elements(explorer.by, ".st-lines div")
    assert [line.text for line in lines] == describe(0, 1, 1)["lines"]


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(5)
    assert reached[:3] == [f"{label} {symbol}" for label, symbol, *_ in KNOBS.values()]
    assert reached[3] == "convolution"
    assert "Arrow keys shift the image" in reached[4]


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer, capsys):
    took = []
    for view, stride in itertools.product(VIEWS, (1, 2)):
        explorer.js("model.set('view', arguments[0])", view)
        explorer.js("model.set('stride', arguments[0])", stride)
        took.append(frames(explorer, "dy", [k % 7 for k in range(1, 40)]))
    with capsys.disabled():
        print(" ShiftTest:", *took, "frames", end="")
    assert all(0 < part < 1 for part in took)


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('dy', 2)")
    assert explorer.data("dy") == "0"


def test_the_image_is_as_large_as_the_drawing():
    assert image().shape == (SIDE, SIDE) and image()[CENTRE] == 2
