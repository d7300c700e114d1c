"""Winograd's tiles: outputs against plain sums in every state, counts, and the explorer's keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from numpy.lib.stride_tricks import sliding_window_view

from course_utils.explorers import WinogradTiles
from course_utils.explorers.engine import Engine
from course_utils.explorers.winograd_tiles import KERNELS, LARGEST, TRANSFORMS, X

pytestmark = pytest.mark.unit

EVERY = list(itertools.product((1, 2, 4), range(4, LARGEST + 1), (0, 1), KERNELS))


@pytest.fixture(scope="module")
def engine():
    return Engine(WinogradTiles)


def plain(size, padding, kernel):
    x = np.pad(np.array(X)[:size, :size], padding)
    return np.einsum("ijab,ab->ij", sliding_window_view(x, (3, 3)), np.array(KERNELS[kernel]))


@pytest.mark.parametrize(("outputs", "size", "padding", "kernel"), EVERY[::3], ids=str)
def test_outputs_are_plain_sums_and_hanging_ones_are_cut_off(
    engine, outputs, size, padding, kernel
):
    y = plain(size, padding, kernel)
    state = engine.describe(outputs, size, padding, kernel)
    out = np.array(state["out"], float)  # None becomes NaN
    n = len(y)
    np.testing.assert_allclose(out[:n, :n], y, atol=1e-9)
    assert np.isnan(out[n:]).all() and np.isnan(out[:, n:]).all()
    tiles = -(-n // outputs)
    assert (state["tiles"], state["number"]) == (tiles, tiles**2)
    assert state["total"] == tiles**2 * (outputs + 2) ** 2
    assert state["direct"] == 9 * n * n
    assert state["hanging"] == (tiles * outputs) ** 2 - n * n


@pytest.mark.parametrize("outputs", TRANSFORMS)
def test_a_tile_is_transformed_multiplied_and_transformed_back(engine, outputs):
    BT, G, AT = (np.array(TRANSFORMS[outputs][k], float) for k in ("input", "filter", "output"))
    last = engine.describe(outputs, 12)["tiles"] - 1
    for tile in ((0, 0), (last, last), (0, last)):
        state = engine.describe(outputs, 12, 0, "edge", tile)
        d = np.zeros((outputs + 2,) * 2)
        part = np.array(X)[tile[0] * outputs :, tile[1] * outputs :][: outputs + 2, : outputs + 2]
        d[: part.shape[0], : part.shape[1]] = part
        np.testing.assert_array_equal(state["d"], d)
        np.testing.assert_allclose(state["v"], BT @ d @ BT.T)
        np.testing.assert_allclose(state["u"], G @ np.array(KERNELS["edge"]) @ G.T, atol=1e-12)
        product = np.array(state["v"]) * state["u"]
        np.testing.assert_allclose(state["product"], product, atol=1e-9)
        np.testing.assert_allclose(state["y"], AT @ product @ AT.T, atol=1e-9)


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({}, ["take 9 · 4² = 144 multiplications; direct: 9 · 6² = 324", "2.25 times fewer than"]),
        ({"size": 10}, ["nothing is cut off"]),
        ({"outputs": 4, "size": 4}, ["1 tile of 4 × 4", "= 36", "as many as the plain sum", "12 outputs hang"]),
        ({"outputs": 1}, ["that is the plain sum"]),
        ({"outputs": 4}, ["4² = 2.25, and not 9", "Numbers are shown rounded"]),
    ],
    ids=str,
)  # fmt: skip
def test_the_lines_say_the_counts(engine, values, parts):
    [[_, lines]] = engine.describe(**values)["sections"]
    text = "\n".join(
        "".join(str(p[0]) if isinstance(p, list) else p for p in line) for line in lines
    )
    assert all(part in text for part in parts), text


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (-0.001, "0"), (-0.083, "−.08"), (0.25, ".25"), (0.999, "1"), (-21.67, "−21.7"), (116, "116")],
    ids=str,
)  # fmt: skip
def test_numbers_in_cells_are_short(engine, value, words):
    assert engine.run("brief(value)", value=value) == words


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"outputs": 3}, "outputs=3 is not one of 1, 2, 4"),
        ({"size": 13}, "size=13 is outside 4 to 12"),
        ({"tile": (3, 0)}, "tile=(3, 0) is outside 3 × 3"),
        ({"kernel": "spot"}, "kernel='spot' is not one of edge, blur, ones"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        WinogradTiles(**change)


@pytest.mark.browser
def test_keys_clicks_and_play_go_over_the_tiles(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(WinogradTiles())
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert page.trait("tile") == [2, 1]
    assert page.said() == engine.describe(tile=(2, 1))["words"]
    page.press(Keys.END, Keys.ARROW_RIGHT)
    assert page.trait("tile") == [2, 2]
    page.press(Keys.HOME)
    page.click(25, 48)
    assert page.trait("tile") == [0, 0]
    page.press(" ")
    # It goes on meanwhile, so that a trait and the page's copy of it, asked one after the other, may differ.
    page.until(lambda: page.js("return model.get('tile')") != [0, 0])
    page.press(" ")
