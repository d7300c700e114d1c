"""The sliding filter: its numbers for every setting, and its keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from course_utils.arithmetic import conv_output_size
from course_utils.explorers import SlidingFilter
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

KNOBS = ["size", "kernel_size", "stride", "padding", "dilation"]
REST = list(itertools.product(range(1, 8), range(1, 6), range(4), range(1, 4)))
IMAGE, KERNELS = SlidingFilter.tables["image"], SlidingFilter.tables["kernels"]
# The whole output, and what is said of some places.
ASKED = """
settings.map((numbers) => {
  const knobs = Object.fromEntries(names.map((name, k) => [name, numbers[k]]));
  const whole = describe({ ...knobs, position: [0, 0] }, TABLES);
  const last = whole.output - 1;
  const places = last < 0 ? [] : [[0, 0], [0, last], [last >> 1, Math.floor(last / 3)], [last, last]];
  const at = places.map((position) => ({ ...describe({ ...knobs, position }, TABLES), position }));
  return [whole.output, whole.left_over, whole.y, whole.sections[0][1].at(-1), at];
})
"""


@pytest.fixture(scope="module")
def engine():
    return Engine(SlidingFilter)


@pytest.mark.parametrize("size", range(1, 15))
def test_every_output_is_the_sum_of_its_products(engine, size):
    settings = [(size, *rest) for rest in REST]
    answers = engine.run(ASKED, settings=settings, names=KNOBS)
    for setting, (output, left_over, y, fit, at) in zip(settings, answers, strict=True):
        _, K, S, P, D = setting
        span, x = D * (K - 1) + 1, np.pad(np.array(IMAGE)[:size, :size], P)
        if span > len(x):
            assert (output, left_over, y, at) == (0, 0, [], []) and "There is no output" in fit
            continue
        windows = np.lib.stride_tricks.sliding_window_view(x, (span, span))[::S, ::S, ::D, ::D]
        products = windows * np.array(KERNELS[K])
        assert y == products.sum(axis=(2, 3)).tolist(), setting
        assert output == conv_output_size(*setting)
        assert left_over == len(x) - ((output - 1) * S + span)
        assert ("does not fit" in fit) == (left_over > 0)
        read = {i * S + D * k for i in range(output) for k in range(K)}
        skipped = len(x) - left_over - len(read)
        assert ("Gaps" in fit) == (skipped > 0) and (f"Gaps: {skipped} of" in fit or not skipped)
        for here in at:
            i, j = here["position"]
            assert here["rows"] == [i * S - P + D * k for k in range(K)]
            assert here["columns"] == [j * S - P + D * k for k in range(K)]
            assert here["pixels"] == windows[i, j].tolist()
            assert here["products"] == products[i, j].tolist()
            assert here["row_sums"] == products[i, j].sum(axis=1).tolist()
            assert here["total"] == y[i][j]
            outside = any(not 0 <= k < size for k in here["rows"] + here["columns"])
            assert ("lies the padding" in here["sections"][1][1][-1]) == outside
            assert here["words"].endswith(f" {y[i][j]}.".replace("-", "−"))


def test_image_and_kernels_are_the_ones_that_the_lecture_describes():
    assert np.array(IMAGE)[:7, :7].tolist() == [
        [0, 1, 2, 0, 1, 2, 0],
        [2, 0, 9, 8, 7, 1, 2],
        [1, 8, 7, 9, 8, 7, 1],
        [0, 9, 8, 7, 9, 8, 0],
        [2, 7, 9, 8, 7, 9, 2],
        [1, 2, 7, 9, 8, 0, 1],
        [0, 1, 2, 0, 1, 2, 0],
    ]
    assert [KERNELS[1], KERNELS[2]] == [[[1]], [[-1, 1], [-1, 1]]]
    assert KERNELS[3] == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ((7, 3, 3, 0, 1), "4 / 3 + 1 = 2.33 is not a whole number. The last row and the last"),
        ((7, 3, 2, 0, 1), "Stride 2 fits: 4 / 2 + 1 = 3"),
        ((8, 5, 2, 1, 1), "are left over; only padding is lost."),
        ((9, 3, 5, 2, 1), "fits: 10 / 5 + 1 = 3"),
        ((14, 1, 3, 0, 1), "Gaps: 8 of 14"),
        ((9, 4, 4, 1, 1), "last 3 rows and the last 3 columns (hatched) are left over, padding"),
        ((5, 7, 1, 0, 1), "it spans D(K − 1) + 1 = 7 pixels and the padded input has 5"),
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_whether_the_stride_fits_is_said_in_words(engine, setting, part):
    state = engine.describe(*setting)
    assert part in state["sections"][0][1][-1] and part in state["news"] + state["words"]


def test_the_lines_write_the_numbers_out(engine):
    state = engine.describe(7, 3, 2, 1, 1, (1, 2))
    (title, [formula, numbers, worked_out, _], kind), (_, here) = state["sections"]
    assert (title, kind) == ("Output size", "")
    assert formula == "output = ⌊(W + 2P − D(K − 1) − 1) / S⌋ + 1"
    parts = [part if isinstance(part, str) else f"{part[0]}" for part in numbers]
    assert "".join(parts) == "= ⌊(7 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1"
    marked = {knob: number for number, knob in (p for p in numbers if not isinstance(p, str))}
    assert marked == dict(zip(KNOBS, (7, 3, 2, 1, 1), strict=True))
    assert worked_out == "= ⌊6 / 2⌋ + 1 = 3 + 1 = 4"
    assert here == [
        "y[1, 2] = −7 − 4 + 1 = −10",
        "first row: 1·S − P = 1·2 − 1 = 1",
        "first column: 2·S − P = 2·2 − 1 = 3",
        "reads input rows 1, 2, 3 and columns 3, 4, 5.",
    ]
    assert "= ⌊(7 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1" in engine.svg(SlidingFilter(7, 3, 2, 1))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"size": 15}, "size=15 is outside 1 to 14"),
        ({"kernel_size": 0}, "kernel_size=0 is outside 1 to 7"),
        ({"stride": 2.0}, "stride must be an int, got 2.0"),
        ({"dilation": True}, "dilation must be an int, got True"),
        ({"position": (0, 5)}, "position=(0, 5) is outside 5 × 5: rows run from 0 to 4"),
        ({"position": 3}, "position must be (row, column), two ints, got 3"),
        ({"kernel_size": 7, "dilation": 3, "position": (0, 1)}, "does not fit: only (0, 0)"),
        ({"position": (0, 9), "padding": -1}, "padding=-1 is outside 0 to 3"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        SlidingFilter(**change)


def test_the_browser_may_send_knobs_and_position_together():
    explorer = SlidingFilter(size=7, kernel_size=3, stride=3)
    explorer.set_state({"position": [4, 4], "stride": 1})
    assert (explorer.stride, explorer.position) == (1, (4, 4))


@pytest.mark.browser
def test_keys_and_clicks_move_the_window(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(SlidingFilter())
    moves = [
        *((Keys.ARROW_RIGHT, (0, 1)), (Keys.ARROW_DOWN, (1, 1)), (Keys.ARROW_LEFT, (1, 0))),
        *((Keys.ARROW_LEFT, (1, 0)), (Keys.END, (4, 4)), (Keys.ARROW_DOWN, (4, 4))),
        *((Keys.ARROW_UP, (3, 4)), (Keys.HOME, (0, 0))),
    ]
    for key, place in moves:
        page.press(key)
        assert page.trait("position") == list(place)
        assert page.said() == engine.describe(position=place)["words"]
    page.click(20 + 310 * 5.5 / 7, 42 + 310 * 3.5 / 7)  # in pixel (3, 5) of the input
    assert page.trait("position") == [2, 4]
    page.press(Keys.ARROW_UP)  # the click has brought the focus
    assert page.trait("position") == [1, 4]


@pytest.mark.browser
def test_a_knob_says_what_changed_and_marks_its_numbers(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(SlidingFilter(position=(4, 4)))
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, at="[data-knob=stride] input")
    state = engine.describe(stride=3, position=(1, 1))
    assert page.trait("position") == [1, 1]
    assert page.said() == state["news"] + state["words"]
    assert page.said().startswith("Output 2 by 2. Stride 3 does not fit: 4 / 3 + 1 = 2.33")
    assert page.text(".ex-words .ex-marked") == "3"
    assert page.text(".ex-problem div:last-child") == state["sections"][0][1][-1]
    page.set(kernel_size=7, dilation=3, position=[0, 0])  # does not fit: there is nothing to move
    page.press(Keys.END, Keys.ARROW_DOWN)
    assert page.trait("position") == [0, 0]
    assert page.lines()[-1] == "No position: the kernel does not fit."
