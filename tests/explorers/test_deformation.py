"""The deformable output: its samples and gradients against torch, and the explorer's keys and mouse."""

import re

import numpy as np
import pytest
import traitlets
from oracle import functional, torch

from course_utils.explorers import Deformation
from course_utils.explorers.deformation import GRIDS, KERNELS, MOST, OPENED, PRESETS, SIDE, X
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

RNG = np.random.default_rng(0)
DRAWN = [RNG.uniform(-MOST, MOST, (9, 2)).round(2).tolist() for _ in range(8)]
EVERY = [*PRESETS.values(), OPENED, *DRAWN]
PLACES = [(0, 0), (3, 3), (6, 6), (0, 5), (4, 2)]


@pytest.fixture(scope="module")
def engine():
    return Engine(Deformation)


def sampled(points):
    """Values of X at (row, column) points, by torch; outside of it 0."""
    # -1 and 1 are the middles of the first and the last pixel.
    places = (2 * points / (SIDE - 1) - 1).flip(-1)[None, None]
    x = torch.tensor(X, dtype=torch.float64)[None, None]
    return functional.grid_sample(x, places, align_corners=True)[0, 0, 0]


@pytest.mark.torch
@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_samples_and_gradients_agree_with_torch(engine, kernel, place):
    for offsets in EVERY:
        moved = torch.tensor(offsets, dtype=torch.float64, requires_grad=True)
        points = torch.tensor(GRIDS) + 1 + torch.tensor(place) + moved
        values = sampled(points)
        weights = torch.tensor(KERNELS[kernel], dtype=torch.float64).ravel()
        y = (weights * values).sum()
        y.backward()
        state = engine.describe(*place, kernel, 4, offsets)
        taps = state["taps"]
        assert state["y"] == pytest.approx(y.item(), abs=1e-9)
        np.testing.assert_allclose([tap["point"] for tap in taps], points.detach())
        np.testing.assert_allclose([tap["value"] for tap in taps], values.detach(), atol=1e-9)
        smooth = ~np.array([tap["kink"] for tap in taps])
        gradients = np.array([tap["gradient"] for tap in taps])
        np.testing.assert_allclose(gradients[smooth], moved.grad.numpy()[smooth], atol=1e-9)
        for tap in taps:
            shares = [share for *_, share in tap["neighbours"]]
            assert min(shares) >= 0 and sum(shares) == pytest.approx(1)


def test_on_a_line_of_pixels_the_slope_is_the_one_below_or_to_the_right(engine):
    step = 1e-6
    for tap in range(9):
        state = engine.describe(1, 2, "edge", tap)["taps"][tap]
        assert state["kink"]
        for axis, slope in enumerate(state["slopes"]):
            (r, c), there = state["point"], [0, 0]
            there[axis] = step
            after = engine.run("sampled(TABLES.x, at).value", at=[r + there[0], c + there[1]])
            assert slope == pytest.approx((after - X[r][c]) / step, abs=1e-4)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_step_uphill_never_makes_the_output_smaller_and_it_ends(engine, kernel):
    values = {"row": 3, "column": 3, "kernel": kernel, "tap": 0, "offsets": PRESETS["none"]}
    outputs = []
    while changes := engine.run("uphill(values, TABLES)", values=values):
        values |= changes
        Deformation(**values)  # Python takes every step
        outputs.append(engine.describe(**values)["y"])
        assert len(outputs) < 300
    assert len(outputs) > 10 and outputs == sorted(outputs)


def test_the_lines_write_the_numbers_out(engine):
    [[_, lines]] = engine.describe(tap=5, offsets=OPENED)["sections"]
    assert lines == [
        "Tap 6, offset (0.35, 1.10), samples at row 4.35, column 6.10: "
        "0.59·3 + 0.06·8 + 0.31·4 + 0.03·8 = 3.81",
        "y = sum of weight × sample = 60.06",
        "∂y/∂offset = weight · slope: rows 1.00 · 0.90 = 0.90, columns 1.00 · 4.65 = 4.65",
    ]
    assert "On a line of pixels" in engine.describe()["sections"][0][1][2]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"row": 7}, "row=7 is outside 0 to 6"),
        ({"tap": 9}, "tap=9 is outside 0 to 8"),
        ({"kernel": "blur"}, "kernel='blur' is not one of sum, edge, spot"),
        ({"offsets": [(0, 0)] * 8}, "offsets must be 9 pairs of numbers"),
        ({"offsets": 1}, "offsets must be 9 pairs of numbers, got 1"),
        ({"offsets": [(0, 0)] * 8 + [(0, 1.6)]}, "offsets of tap 8: 1.6 is no number from -1.5"),
        ({"offsets": [(0, True)] * 9}, "offsets of tap 0: True is no number"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        Deformation(**change)


@pytest.mark.browser
def test_keys_and_the_mouse_move_taps(page, engine):
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.select import Select

    page.open(Deformation())
    page.press("1", Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_RIGHT, "9", Keys.ARROW_LEFT)
    offsets = [[-0.2, 0.1], *[[0, 0]] * 7, [0, -0.1]]
    assert (page.trait("tap"), page.trait("offsets")) == (8, offsets)
    assert page.said() == engine.describe(tap=8, offsets=offsets)["words"]
    page.press("1", Keys.HOME)
    assert page.trait("offsets")[0] == [0, 0]
    page.press("0")
    assert page.trait("offsets") == PRESETS["none"]
    page.find("[aria-label='Move all offsets one step along their gradients']").click()
    assert page.trait("offsets") != PRESETS["none"]
    list_of_presets = Select(page.find("[data-choice=preset] select"))
    list_of_presets.select_by_visible_text("dilation 2")
    assert page.trait("offsets") == [[a, b] for a, b in GRIDS]
    corner, cell = (20, 42), 30  # of the input, which has a rim of one cell
    at = [corner[0] + cell * 5.5, corner[1] + cell * 5.5]  # pixel (4, 4): tap 5 is there
    page.click(*at)
    assert page.trait("tap") == 4
    page.click(at[0] + 0.5 * cell, at[1] - 0.5 * cell)  # nothing near: the chosen tap goes there
    down, right = page.trait("offsets")[4]
    assert (down, right) == (pytest.approx(-0.5, abs=0.06), pytest.approx(0.5, abs=0.06))


@pytest.mark.browser
def test_space_plays_and_the_offsets_learn(page):
    page.open(Deformation())
    page.press(" ")
    page.until(lambda: page.js("return model.get('offsets')")[1][0] < -0.3)
    page.press(" ")
    assert "Play" in page.text(".ex-play")
