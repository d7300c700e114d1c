"""Max and average pooling: their numbers for many inputs, and their keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from oracle import functional, torch

from course_utils.arithmetic import conv_output_size
from course_utils.explorers import PoolRouting
from course_utils.explorers.engine import Engine
from course_utils.explorers.pool_routing import X

pytestmark = pytest.mark.unit

HEIGHT, WIDTH = np.shape(X)
RANDOM = np.random.default_rng(0).integers(0, 10, (3, HEIGHT, WIDTH)).tolist()
TIES = np.random.default_rng(1).integers(0, 2, (HEIGHT, WIDTH)).tolist()
INPUTS = {"X": X, "random": RANDOM[0], "ties": TIES, "equal": [[4] * WIDTH] * HEIGHT}
SETTINGS = list(itertools.product((2, 3), (1, 2, 3)))
CASES = list(itertools.product(INPUTS, SETTINGS))
IDS = [f"{name}-{size}-{stride}" for name, (size, stride) in CASES]


@pytest.fixture(scope="module")
def engine():
    return Engine(PoolRouting)


@pytest.mark.torch
@pytest.mark.parametrize(("name", "setting"), CASES, ids=IDS)
def test_both_layers_and_their_gradients_agree_with_torch(engine, name, setting):
    state = engine.describe(INPUTS[name], *setting)
    dout = torch.tensor(state["dout"], dtype=torch.float64)[None]
    x = torch.tensor(INPUTS[name], dtype=torch.float64)[None].requires_grad_()
    y, places = functional.max_pool2d(x, *setting, return_indices=True)
    y.backward(dout)
    assert state["max"] == y[0].tolist() and state["dx_max"] == x.grad[0].tolist()
    assert state["argmax"] == [[list(divmod(k, WIDTH)) for k in row] for row in places[0].tolist()]
    x.grad = None
    y = functional.avg_pool2d(x, *setting)
    y.backward(dout)
    assert np.allclose(np.array(state["sums"]) / state["count"], y[0].tolist())
    assert np.allclose(np.array(state["dx_sums"]) / state["count"], x.grad[0].tolist())
    assert state["output"] == [conv_output_size(n, *setting) for n in (HEIGHT, WIDTH)]


@pytest.mark.parametrize(("name", "setting"), CASES, ids=IDS)
def test_every_window_and_every_pixel_says_what_the_arrays_hold(engine, name, setting):
    x, (K, S) = np.array(INPUTS[name]), setting
    whole = engine.describe(INPUTS[name], *setting)
    dout, outputs = np.array(whole["dout"]), list(np.ndindex(*whole["output"]))
    for i, j in outputs:
        state = engine.describe(INPUTS[name], *setting, (i, j))
        rows, columns = np.s_[i * S : i * S + K], np.s_[j * S : j * S + K]
        window = x[rows, columns]
        equal = (np.argwhere(window == window.max()) + (i * S, j * S)).tolist()
        assert [state["argmax"][i][j], *state["tied"]] == equal  # the first in row order
        assert state["max"][i][j] == window.max() and state["sums"][i][j] == window.sum()
        first, average = state["sections"][0][1]
        assert ("the first in row order" in first) == (len(equal) > 1)
        assert f"Average: {window.sum()} / {K * K} = " in average
    for pixel in np.ndindex(HEIGHT, WIDTH):
        state = engine.describe(INPUTS[name], *setting, (0, 0), pixel)
        (r, c), (_, lines) = pixel, state["sections"][1]
        covers = [(i, j) for i, j in outputs if 0 <= r - i * S < K and 0 <= c - j * S < K]
        wins = [(i, j) for i, j in covers if state["argmax"][i][j] == [r, c]]
        assert state["covered"][r][c] == [list(k) for k in covers]
        assert state["won"][r][c] == [list(k) for k in wins]
        assert state["dx_sums"][r][c] == sum(dout[k] for k in covers)
        assert state["dx_max"][r][c] == sum(dout[k] for k in wins)
        if covers:
            assert lines[0].endswith(f"the first maximum of {len(wins) or 'none'}.")
            assert lines[1].endswith(f" {state['dx_max'][r][c]}".replace("-", "−"))
        else:
            assert lines == ["No window reaches it: both gradients are 0."]


def test_the_start_has_ties_and_overlapping_windows_add_up(engine):
    state = engine.describe(X, 3, 2, (1, 0), (2, 1))
    (window, of_window), (pixel, of_pixel) = state["sections"]
    assert (
        window == "Window of y[1, 0]: rows 2 to 4, columns 0 to 2" and pixel == "Pixel (2, 1) = 6"
    )
    assert of_window == [
        "Max: the largest is 6, 3 times; the first in row order, (2, 1), counts. dout = 2 goes there, whole.",
        "Average: 28 / 9 = 3.11. Each of the 9 pixels gets 2 / 9 = 0.22.",
    ]
    assert of_pixel == [
        "It lies in 2 windows and is the first maximum of 2.",
        "dx with max: 1 + 2 = 3",
        "dx with average: (1 + 2) / 9 = 0.33",
    ]
    assert state["words"].startswith("Window of output row 1, column 0. Max: the largest is 6, 3")
    assert "Pixel (2, 1) is 6. It lies in 2 windows" in state["words"]
    assert engine.describe(X, 2, 2)["tied"] == [[1, 0]]


@pytest.mark.parametrize(
    ("total", "count", "words"),
    [(3, 4, "0.75"), (-6, 4, "−1.5"), (12, 4, "3"), (7, 9, "0.78"), (0, 9, "0"), (90, 9, "10")],
)
def test_a_share_has_at_most_two_decimals(engine, total, count, words):
    assert engine.run("share(total, count)", total=total, count=count) == words


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"x": [[1, 2], [3]]}, "x must be 5 rows of 6 values, got rows of different lengths"),
        ({"x": [[1, 2]]}, "x must be 5 rows of 6 values, got (1, 2)"),
        ({"x": [[10] * 6] * 5}, "x[0][0]=10 is outside 0 to 9"),
        ({"x": [[0.5] * 6] * 5}, "x[0][0] must be an int, got 0.5"),
        ({"kernel_size": 1}, "kernel_size=1 is outside 2 to 3"),
        ({"stride": 4}, "stride=4 is outside 1 to 3"),
        ({"position": (0, 3)}, "position=(0, 3) is outside 2 × 3"),
        ({"position": None}, "position must be (row, column), two ints, got None"),
        ({"pixel": (5, 0)}, "pixel=(5, 0) is outside 5 × 6"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        PoolRouting(**change)


def test_values_are_copied_and_everything_may_come_together():
    explorer = PoolRouting(np.array(TIES), kernel_size=3, stride=3)
    assert explorer.x == TIES
    explorer.set_state({"position": [3, 4], "stride": 1, "kernel_size": 2, "x": RANDOM[1]})
    assert (explorer.position, explorer.x) == ((3, 4), RANDOM[1])
    PoolRouting().x[0][0] = 9
    assert PoolRouting().x == X and X[0][0] == 1


def test_the_rings_of_the_figure_are_round(engine):
    rings = re.findall(
        r"a([\d.]+) \1 0 1 0 ([\d.]+) 0a", engine.svg(PoolRouting(kernel_size=3, stride=2))
    )
    assert len(rings) > 4 and all(float(wide) == 2 * float(r) for r, wide in rings)


@pytest.mark.browser
def test_keys_choose_a_pixel_change_its_value_and_go_to_the_next_window(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(PoolRouting())
    page.press(Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert page.trait("pixel") == [1, 2]
    keys = [*(("=", 3), ("-", 2), (Keys.NUMPAD0, 0), ("-", 0)), ("8", 8), (Keys.SHIFT + "+", 9)]
    for key, value in [*keys, ("+", 9)]:
        page.press(key)
        assert page.trait("x")[1][2] == value
    assert page.trait("x") == [X[0], [*X[1][:2], 9, *X[1][3:]], *X[2:]]
    words = engine.describe(page.trait("x"), pixel=(1, 2))["words"]
    assert page.said() == words[words.index("Pixel") :]  # a value has changed
    page.press(" ")
    assert page.trait("position") == [0, 1]
    words = engine.describe(page.trait("x"), position=(0, 1), pixel=(1, 2))["words"]
    assert page.said() == words[: words.index(" Pixel")]  # another window, and nothing else
    page.press(*"     ")
    assert page.trait("position") == [0, 0]
    page.press(Keys.END, Keys.ARROW_DOWN)
    assert page.trait("pixel") == [4, 5]
    page.press(Keys.HOME)
    assert page.trait("pixel") == [0, 0]
    page.press(Keys.ARROW_RIGHT, at="[data-knob=stride] input")
    assert page.said().startswith("Output 2 by 2. Pixel (0, 0) is 1.")


@pytest.mark.browser
def test_a_press_chooses_a_pixel_and_another_changes_it(page):
    from selenium.webdriver import ActionChains

    page.open(PoolRouting())
    cell = page.js("return el.querySelector('canvas').offsetHeight - 100") / (5 + 2 * 42 / 46)

    def value_after_click(row, column):
        page.click(20 + column * cell, 42 + row * cell)
        return page.trait("x")[2][3]

    assert value_after_click(2.2, 3.3) == 1 and page.trait("pixel") == [2, 3]
    assert value_after_click(2.2, 3.5) == 2
    assert [value_after_click(2.8, 3.5) for _ in range(3)] == [1, 0, 0]
    mouse = ActionChains(page.driver).move_by_offset(0, -int(0.5 * cell)).click_and_hold()
    mouse.move_by_offset(2, 0).move_by_offset(2, 0).release().perform()
    assert page.trait("x")[2][3] == 1  # a press counts once, however the hand shakes
    page.press("-")
    for label, value in (("Raise", 1), ("Lower", 0)):
        page.find(f"[aria-label='{label} the chosen pixel by 1']").click()
        assert page.trait("x")[2][3] == value
    assert not page.find("[aria-label='Lower the chosen pixel by 1']").is_enabled()
    page.find("[aria-label='Put the values back as they were at first']").click()
    assert page.trait("x") == X
    output = cell * 42 / 46
    page.click(20 + 2.5 * output, 42 + 5 * cell + 8 + 42 + 1.5 * output)  # in dout
    assert page.trait("position") == [1, 2] and page.trait("pixel") == [2, 3]
