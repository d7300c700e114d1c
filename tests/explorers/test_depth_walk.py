"""Depth: the numbers of every position against NumPy, and the keys and mouse."""

import re

import numpy as np
import pytest
import traitlets

from course_utils import layers
from course_utils.explorers import DepthWalk
from course_utils.explorers.depth_walk import BIASES, FILTERS, X
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def engine():
    return Engine(DepthWalk)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (2, 1)])
def test_every_output_is_that_of_the_layer(engine, stride, padding):
    x, w, b = (np.array(a, dtype=float) for a in ([X], FILTERS, BIASES))
    out, _ = layers.conv2d_forward(x, w, b, stride, padding)
    padded = np.pad(x[0], ((0, 0), (padding, padding), (padding, padding)))
    for f, i, j in np.ndindex(out.shape[1:]):
        state = engine.describe(stride, padding, str(f), (i, j))
        assert state["y"] == out[0].tolist() and state["total"] == out[0, f, i, j]
        window = padded[:, i * stride : i * stride + 3, j * stride : j * stride + 3]
        assert state["pixels"] == window.tolist()
        assert state["products"] == (window * w[f]).tolist()
        assert state["sums"] == (window * w[f]).sum(axis=(1, 2)).tolist()
        assert state["words"].endswith(f" {out[0, f, i, j]:.0f}.".replace("-", "−"))


def test_the_lines_write_the_numbers_out(engine):
    (_, [line, count]), (_, [layer]) = engine.describe(position=(1, 2))["sections"]
    assert line == "y[0, 1, 2] = 2 − 1 + 0 + b = 1 + 1 = 2"
    assert count.startswith("3 · 3 · 3 = 27 products")
    assert layer == "input (3, 5, 5), 2 filters of (3, 3, 3), output (2, 3, 3)"


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"stride": 3}, "stride=3 is outside 1 to 2"),
        ({"filter": "2"}, "filter='2' is not one of 0, 1"),
        ({"position": (0, 3)}, "position=(0, 3) is outside 3 × 3"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        DepthWalk(**change)


@pytest.mark.browser
def test_keys_clicks_and_the_end_of_a_map(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(DepthWalk())
    moves = [
        *((Keys.ARROW_RIGHT, "0", [0, 1]), (Keys.ARROW_DOWN, "0", [1, 1])),
        *((Keys.END, "1", [2, 2]), (Keys.ARROW_RIGHT, "1", [2, 2]), (Keys.ARROW_UP, "1", [1, 2])),
        *((Keys.HOME, "0", [0, 0]), (Keys.ARROW_LEFT, "0", [0, 0])),
    ]
    for key, chosen, place in moves:
        page.press(key)
        assert (page.trait("filter"), page.trait("position")) == (chosen, place)
    page.click(20 + 3.5 * 160 / 7, 42 + 0.5 * 160 / 7)  # in the first row of channel 0
    assert page.trait("position") == [0, 1]


def test_the_walk_goes_from_one_map_to_the_next_and_ends(engine):
    from course_utils.explorers.engine import SHARED

    code = (SHARED.parent / "depth_walk" / "controls.js").read_text(encoding="utf-8")
    engine._engine.eval(code.partition("export default")[0])
    ask = "later({ stride: 2, padding: 1, filter, position: [2, 2] }, TABLES, 1)"
    assert engine.run(ask, filter="0") == {"filter": "1", "position": [0, 0]}
    assert engine.run(ask, filter="1") is None
