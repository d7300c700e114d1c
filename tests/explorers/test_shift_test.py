"""The shifted image: its numbers for every shift, and its keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from oracle import functional, torch

from course_utils.explorers import ShiftTest
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

SHIFTS = list(itertools.product(range(-6, 7), repeat=2))
X, KERNEL = np.array(ShiftTest.tables["x"]), np.array(ShiftTest.tables["kernel"])


@pytest.fixture(scope="module")
def engine():
    return Engine(ShiftTest)


@pytest.fixture(scope="module")
def states(engine):
    """The state of every shift, for each stride."""
    return {(s, *by): engine.describe(*by, s) for s in (1, 2) for by in SHIFTS}


@pytest.mark.torch
def test_the_layers_agree_with_torch(states):
    kernel = torch.tensor(KERNEL, dtype=torch.float64)[None, None]
    for (stride, *by), state in states.items():
        shifted = torch.roll(torch.tensor(X, dtype=torch.float64), by, (0, 1))
        assert state["shifted_x"] == shifted.tolist()
        padded = functional.pad(shifted[None, None], (1, 1, 1, 1), mode="circular")
        y = functional.conv2d(padded, kernel, stride=stride)
        assert state["conv_shifted_x"] == y[0, 0].tolist()
        assert state["pool_shifted_x"] == functional.max_pool2d(y, 2)[0, 0].tolist()


def test_differences_and_counts_are_those_of_the_arrays(states):
    for (stride, dy, dx), state in states.items():
        conv, shifted = np.array(state["conv_x"]), np.array(state["conv_shifted_x"])
        expected = np.roll(conv, (dy // stride, dx // stride), axis=(0, 1))
        assert state["shifted_conv_x"] == expected.tolist()
        assert state["difference"] == (shifted - expected).tolist()
        assert state["largest"] == abs(shifted - expected).max()
        leaves = [abs(shifted - np.roll(conv, by, (0, 1))).max() for by in np.ndindex(conv.shape)]
        assert state["best"] == min(leaves)
        for name in ("conv", "pool"):
            before, after = (np.array(state[f"{name}_{part}x"]) for part in ("", "shifted_"))
            assert state[f"{name}_same"] == [(before == after).sum(), before.size]
            assert state[f"{name}_change"] == [abs(after - before).sum(), abs(before).sum()]


def test_equivariant_for_multiples_of_the_stride_and_for_no_other_shift(states):
    for (stride, dy, dx), state in states.items():
        assert state["whole"] == (dy % stride == dx % stride == 0)
        assert (state["largest"] == 0) == (state["best"] == 0) == state["whole"]


def test_pooling_is_nearer_to_invariance_than_convolution_for_small_shifts(states):
    for by, stride in itertools.product(((0, 1), (1, 0), (1, 1), (0, 2)), (1, 2)):
        state = states[stride, *by]
        conv, pooled = (a / b for a, b in (state["conv_change"], state["pool_change"]))
        assert 0 < pooled < conv


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0, 1, 1), "Shift by (0, 1). Stride 1: conv(shift(x)) − shift(conv(x)) is 0 everywhere."),
        (
            (-2, 4, 2),
            "Shift by (−2, 4). Stride 2: a shift by (−2, 4) pixels is (−1, 2) whole steps, and "
            "conv(shift(x)) − shift(conv(x)) is 0 everywhere.",
        ),
        (
            (0, 1, 2),
            "Shift by (0, 1). Stride 2: a shift by (0, 1) pixels is no whole number of steps. Against "
            "the output shifted by (0, 0) the largest difference is 8, and no shift of the output "
            "leaves less than 6.",
        ),
        (
            (0, 1, 1, "pooling"),
            "Shift by (0, 1). Outputs of the max pooling after it that stay the same: 24 of 36 (67 %); "
            "sum of changes 24 / 42 = 57 %.",
        ),
    ],
    ids=["stride 1", "whole steps", "no whole steps", "pooling"],
)
def test_the_words_say_what_is_measured(engine, values, words):
    assert engine.describe(*values)["words"] == words


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"dy": 7}, "dy=7 is outside -6 to 6"),
        ({"dx": 0.5}, "dx must be an int, got 0.5"),
        ({"stride": True}, "stride must be an int, got True"),
        ({"view": "both"}, "view='both' is not one of convolution, pooling"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        ShiftTest(**change)


@pytest.mark.browser
def test_keys_shift_the_image_and_a_click_brings_it(page):
    from selenium.webdriver.common.keys import Keys

    page.open(ShiftTest())
    moves = [
        *((Keys.ARROW_DOWN, (1, 1)), (Keys.ARROW_LEFT, (1, 0)), (Keys.END, (6, 6))),
        *((Keys.ARROW_RIGHT, (6, 6)), (Keys.ARROW_UP, (5, 6)), (Keys.HOME, (0, 0))),
    ]
    for key, shift in moves:
        page.press(key)
        assert (page.trait("dy"), page.trait("dx")) == shift
    page.press(" ")
    assert page.trait("stride") == 2
    page.click(20 + 6, 42 + 6)  # near the upper left corner of x
    assert (page.trait("dy"), page.trait("dx")) == (-6, -5)
