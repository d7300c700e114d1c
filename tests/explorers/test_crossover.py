"""Where each method wins: ranks of the table, counts of multiplications, and the explorer's keys and mouse."""

import copy
import math
import re

import pytest
import traitlets

from course_utils.explorers import Crossover
from course_utils.explorers.crossover import NAMES
from course_utils.explorers.crossover.measured import MEASURED
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

SIDES, KERNELS = MEASURED["sides"], MEASURED["kernels"]


@pytest.fixture(scope="module")
def engine():
    return Engine(Crossover)


def changed(**parts):
    return copy.deepcopy(MEASURED) | parts


def counted(method, n, c, f, side, k):
    out, pixels = side - k + 1, side * side
    if method == "winograd":  # tiles of 6 × 6 inputs
        outputs = {3: 4, 5: 2}.get(k)
        return n * f * c * 36 * (-(-out // outputs)) ** 2 if outputs else None
    if method == "fft":
        one = math.ceil(2 * pixels * math.log2(pixels))
        return (n * c + f * c + n * f) * one + 4 * n * f * c * pixels
    return n * f * c * k * k * out * out


def test_multiplications_are_counted(engine):
    values = engine.describe("count")["values"]
    sizes = [MEASURED[k] for k in ("images", "channels", "filters")]
    for method in NAMES:
        for row, side in zip(values[method], SIDES, strict=True):
            assert row == [counted(method, *sizes, side, k) for k in KERNELS], (method, side)


def test_the_fastest_is_the_least_of_each_place(engine):
    state = engine.describe()
    assert state["values"] == MEASURED["ms"]
    for i in range(len(SIDES)):
        for j in range(len(KERNELS)):
            known = {m: rows[i][j] for m, rows in MEASURED["ms"].items() if rows[i][j] is not None}
            least = min(known.values())
            assert set(state["best"][i][j]) == {m for m, ms in known.items() if ms == least}
            ranked = engine.describe("time", (i, j))["ranked"]
            assert [known[m] for m in ranked] == sorted(known.values())


def test_it_shows_what_it_is_given(engine):
    times = changed(kernels=(3, 9), sides=(8,), ms={"fft": [[2, 1.5]], "taps": [[1, None]]})
    state = engine.describe("time", (0, 0), times)
    assert state["methods"] == ["taps", "fft"] and state["best"] == [[["taps"], ["fft"]]]
    assert (
        state["words"] == "Kernel 3 × 3, image 8 × 8. Fastest: tap by tap, 2.00 times ahead of FFT."
    )
    nothing = engine.describe("time", (0, 1), times | {"ms": {"taps": [[1, None]]}})
    assert nothing["words"] == "Kernel 9 × 9, image 8 × 8: the kernel is too large."


def test_a_smaller_table_keeps_the_place_inside():
    explorer = Crossover(place=(3, 5))
    explorer.times = changed(kernels=[3], sides=[8, 16], ms={"fft": [[1], [2]]})
    assert explorer.place == (1, 0)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"measure": "bytes"}, "measure='bytes' is not one of time, count"),
        ({"place": (4, 0)}, "place=(4, 0) is outside 4 × 6"),
        ({"times": {}}, "times must have machine, images"),
        ({"times": changed(ms={"gemm": []})}, "times: 'gemm' is not one of taps, im2col"),
        ({"times": changed(ms={"fft": [[1]]})}, "times of fft must be 4 rows of 6"),
        ({"times": changed(kernels=[3], sides=[8], ms={"fft": [[-1]]})}, "-1 is no number of ms"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_reason(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        Crossover(**change)


@pytest.mark.browser
def test_keys_and_clicks_choose_a_place(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(Crossover())
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert page.trait("place") == [3, 1]
    assert page.said() == engine.describe(place=(3, 1))["words"]
    page.press(Keys.HOME)
    assert page.trait("place") == [0, 0]
    page.click(58 + 14, 150)
    assert page.trait("place") == [0, 0]
    page.press(Keys.END)
    assert page.trait("place") == [3, 5]
    page.click(58 + 14, 150)
    assert page.trait("place") == [3, 0]
