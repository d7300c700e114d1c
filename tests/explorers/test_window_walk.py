"""The walk over windows: its numbers in every state, and its keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from oracle import functional, torch

from course_utils.arithmetic import conv_output_size
from course_utils.explorers import WindowWalk
from course_utils.explorers.engine import Engine
from course_utils.explorers.window_walk import KERNELS, UPSTREAM, X

pytestmark = pytest.mark.unit

SETTINGS = list(itertools.product((2, 3), (1, 2, 3), (0, 1)))
IDS = ["-".join(map(str, setting)) for setting in SETTINGS]


@pytest.fixture(scope="module")
def engine():
    return Engine(WindowWalk)


def shape(kernel_size, stride, padding):
    return tuple(conv_output_size(n, kernel_size, stride, padding) for n in np.shape(X))


@pytest.mark.torch
@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_the_layer_and_its_gradients_agree_with_torch(engine, setting):
    kernel_size, stride, padding = setting
    rows, columns = shape(*setting)
    x = torch.tensor(X, dtype=torch.float64)[None, None].requires_grad_()
    w = torch.tensor(KERNELS[kernel_size], dtype=torch.float64)[None, None].requires_grad_()
    b = torch.ones(1, dtype=torch.float64, requires_grad=True)
    y = functional.conv2d(x, w, b, stride, padding)
    dout = np.array(UPSTREAM)[:rows, :columns]
    y.backward(torch.tensor(dout, dtype=torch.float64)[None, None])
    state = engine.describe(*setting)
    assert state["output"] == [rows, columns] and state["dout"] == dout.tolist()
    assert state["y"] == y[0, 0].tolist() and state["dx"] == x.grad[0, 0].tolist()
    assert state["dw"] == w.grad[0, 0].tolist() and state["db"] == b.grad.item()


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_every_step_of_the_walk_adds_its_share(engine, setting):
    K, S, P = setting
    rows, columns = shape(*setting)
    x, w = np.pad(X, P), np.array(KERNELS[K])
    dx, dw, db, times = np.zeros_like(x), np.zeros_like(w), 0, np.zeros_like(x)
    for step, (i, j) in enumerate(np.ndindex(rows, columns)):
        state = engine.describe(*setting, "backward", step)
        window, d = np.s_[i * S : i * S + K, j * S : j * S + K], UPSTREAM[i][j]
        assert (state["dx_before"], state["dw_before"]) == (dx.tolist(), dw.tolist())
        assert (state["db_before"], state["overlap"]) == (db, (times[window] > 0).sum())
        dx[window] += d * w
        dw += d * x[window]
        db += d
        times[window] += 1
        assert (state["dx_now"], state["dw_now"]) == (dx.tolist(), dw.tolist())
        assert (state["db_now"], state["times"], state["d"]) == (db, times.tolist(), d)
        assert state["corner"] == [i * S - P, j * S - P]
        assert state["products"] == (x[window] * w).tolist()
        assert (x[window] * w).sum() + 1 == state["y"][i][j]


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_every_pixel_collects_what_the_walk_added(engine, setting):
    K, S, P = setting
    for pixel in np.ndindex(np.shape(X)):
        state = engine.describe(*setting, "pixel", 0, pixel)
        assert state["collected"] == state["dx"][pixel[0]][pixel[1]]
        assert state["collected"] == sum(d * weight for d, weight in state["terms"])
        row, column = (k + P for k in pixel)
        fed = [
            [i, j]
            for i, j in np.ndindex(shape(*setting))
            if 0 <= row - i * S < K and 0 <= column - j * S < K
        ]
        assert state["feeds"] == fed and ("feeds no output" in state["words"]) == (not fed)


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (
            (3, 2, 1, "forward", 3),
            [
                "y[1, 0] = 3 + 3 + 1 + b = 7 + 1 = 8",
                "It reads input rows 1, 2, 3 and columns −1, 0, 1, 0 in the padding.",
            ],
        ),
        (
            (3, 1, 0, "backward", 6),
            [
                "dout[1, 2] = 3",
                "dx += 3 · w, at input rows 1, 2, 3 and columns 2, 3, 4: 8 of these 9 pixels had been "
                "added to before.",
                "dw += 3 · the window of x; db = 6 + 3 = 9",
            ],
        ),
        (
            (2, 1, 0, "pixel", 0, (1, 2)),
            [
                "Input pixel (1, 2) feeds 4 outputs: y[0, 1], y[0, 2], y[1, 1], y[1, 2]",
                "dx[1, 2] = sum of dout · weight = 2·(−1) + (−1)·3 + (−1)·2 + 3·1 = −4",
                "As a full correlation, 2 × 2 products: 2·(−1) + (−1)·3 + (−1)·2 + 3·1 = −4",
            ],
        ),
    ],
    ids=["forward", "backward", "pixel"],
)
def test_the_lines_write_the_numbers_out(engine, values, lines):
    assert engine.describe(*values)["sections"] == [["", lines]]


def test_no_kernel_looks_the_same_when_it_is_flipped():
    assert not any((np.flip(kernel) == kernel).all() for kernel in KERNELS.values())


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"kernel_size": 4}, "kernel_size=4 is outside 2 to 3"),
        ({"padding": 1.0}, "padding must be an int, got 1.0"),
        ({"mode": "sideways"}, "mode='sideways' is not one of forward, backward, pixel"),
        ({"step": 12}, "step=12 is outside 0 to 11"),
        ({"step": "1"}, "step must be an int, got '1'"),
        ({"pixel": (5, 0)}, "pixel=(5, 0) is outside 5 × 6: rows run from 0 to 4"),
        ({"pixel": 2}, "pixel must be (row, column), two ints, got 2"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        WindowWalk(**change)


def test_the_browser_may_send_knobs_and_step_together():
    explorer = WindowWalk(3, 3)
    explorer.set_state({"step": 41, "padding": 1, "stride": 1, "kernel_size": 2})
    assert (explorer.step, explorer.kernel_size) == (41, 2)


@pytest.mark.browser
def test_keys_and_clicks_walk_over_outputs_and_over_pixels(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(WindowWalk())
    moves = [
        *((Keys.ARROW_RIGHT, 1), (Keys.ARROW_DOWN, 5), (Keys.ARROW_LEFT, 4)),
        (Keys.ARROW_LEFT, 3),  # back to the row before
        *((Keys.ARROW_UP, 3), (Keys.END, 11), (Keys.ARROW_RIGHT, 11), (Keys.HOME, 0)),
    ]
    for key, step in moves:
        page.press(key)
        assert page.trait("step") == step
        assert page.said() == engine.describe(3, 1, 0, "forward", step)["words"]
    page.find("[aria-label='One step on']").click()
    assert page.text(".ex-count") == "Step 2 of 12"
    page.click(20 + 46 * 3.5, 42 + 46 * 2.5)  # pixel (2, 3) of the input
    assert (page.trait("mode"), page.trait("pixel")) == ("pixel", [2, 3])
    assert page.lines() == engine.describe(3, 1, 0, "pixel", 0, (2, 3))["sections"][0][1]
    page.press(Keys.END)
    assert page.trait("pixel") == [4, 5]


@pytest.mark.browser
def test_space_plays_and_pauses(page):
    page.open(WindowWalk())
    page.press(" ")
    assert "Pause" in page.text(".ex-play")
    page.press(" ")
    assert "Play" in page.text(".ex-play")
