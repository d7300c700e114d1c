"""`course_utils.show`: max and average pooling, their twin in JavaScript, and their picture."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from frame import frames
from oracle import functional, torch
from pages import opened

from course_utils import show
from course_utils.show.pool_routing_numbers import (
    HEIGHT,
    KNOBS,
    WIDTH,
    X,
    describe,
    output_shape,
    share,
)

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(0).integers(0, 10, (3, HEIGHT, WIDTH)).tolist()
TIES = np.random.default_rng(1).integers(0, 2, (HEIGHT, WIDTH)).tolist()
INPUTS = {"X": X, "random": RANDOM[0], "ties": TIES, "equal": [[4] * WIDTH] * HEIGHT}
SETTINGS = list(itertools.product((2, 3), (1, 2, 3)))
CASES = list(itertools.product(INPUTS, SETTINGS))
IDS = [f"{name}-{size}-{stride}" for name, (size, stride) in CASES]


def by_loops(x, kernel_size, stride, dout):
    """Gradients of max and of average pooling; a tie goes to the first in row order."""
    dx_max, dx_average = np.zeros((HEIGHT, WIDTH)), np.zeros((HEIGHT, WIDTH))
    for i, line in enumerate(dout):
        for j, d in enumerate(line):
            best = None
            for r in range(i * stride, i * stride + kernel_size):
                for c in range(j * stride, j * stride + kernel_size):
                    dx_average[r, c] += d / kernel_size**2
                    if best is None or x[r][c] > x[best[0]][best[1]]:
                        best = r, c
            dx_max[best] += d
    return dx_max, dx_average


# The numbers


@pytest.mark.torch
@pytest.mark.parametrize(("name", "setting"), CASES, ids=IDS)
def test_describe_agrees_with_torch_and_with_loops(name, setting):
    x, (kernel_size, stride) = INPUTS[name], setting
    state = describe(x, *setting)
    tensor = torch.tensor(x, dtype=torch.float64)[None].requires_grad_()
    dout = torch.tensor(state["dout"], dtype=torch.float64)[None]
    largest = functional.max_pool2d(tensor, kernel_size, stride)
    assert state["max"] == largest[0].tolist()
    average = functional.avg_pool2d(tensor, kernel_size, stride)
    assert np.allclose(np.array(state["sums"]) / state["count"], average[0].tolist())
    average.backward(dout)
    assert np.allclose(np.array(state["dx_sums"]) / state["count"], tensor.grad[0].tolist())
    dx_max, dx_average = by_loops(x, *setting, state["dout"])
    assert (np.array(state["dx_max"]) == dx_max).all()
    assert np.allclose(np.array(state["dx_sums"]) / state["count"], dx_average)
    assert list(np.shape(state["max"])) == state["output"] == list(output_shape(*setting))


@pytest.mark.parametrize(("name", "setting"), CASES, ids=IDS)
def test_what_is_written_adds_up(name, setting):
    x, (kernel_size, stride) = INPUTS[name], setting
    rows, columns = output_shape(*setting)
    for position in np.ndindex(rows, columns):
        state = describe(x, *setting, position)
        first = tuple(state["argmax"][position[0]][position[1]])
        window = [
            (position[0] * stride + r, position[1] * stride + c)
            for r in range(kernel_size)
            for c in range(kernel_size)
        ]
        most = max(x[r][c] for r, c in window)
        equal = [(r, c) for r, c in window if x[r][c] == most]
        assert [first, *map(tuple, state["tied"])] == equal
        assert ("the first in row order" in state["window_lines"][0]) == (len(equal) > 1)
    for r, c in np.ndindex(HEIGHT, WIDTH):
        state = describe(x, *setting, (0, 0), (r, c))
        dout = np.array(state["dout"])
        assert state["dx_max"][r][c] == sum(dout[i, j] for i, j in state["won"][r][c])
        assert state["dx_sums"][r][c] == sum(dout[i, j] for i, j in state["covered"][r][c])
        assert (state["pixel_lines"][0].startswith("No window")) == (not state["covered"][r][c])


def test_the_start_has_ties_and_overlapping_windows_add_up():
    state = describe(X, 3, 2, (1, 0), (2, 1))
    assert state["window_lines"] == [
        "Max: the largest is 6, 3 times; the first in row order, (2, 1), counts. "
        "dout = 2 goes there, whole.",
        "Average: 28 / 9 = 3.11. Each of the 9 pixels gets 2 / 9 = 0.22.",
    ]
    assert state["pixel_lines"] == [
        "It lies in 2 windows and is the first maximum of 2.",
        "dx with max: 1 + 2 = 3",
        "dx with average: (1 + 2) / 9 = 0.33",
    ]
    assert describe(X, 2, 2)["tied"] == [[1, 0]]


@pytest.mark.parametrize(
    ("total", "count", "words"),
    [(3, 4, "0.75"), (-6, 4, "−1.5"), (12, 4, "3"), (7, 9, "0.78"), (0, 9, "0"), (90, 9, "10")],
)
def test_a_share_has_at_most_two_decimals(total, count, words):
    assert share(total, count) == words


BAD = [
    ({"x": [[1, 2], [3]]}, "x must be 5 rows of 6 values, got rows of different lengths"),
    ({"x": [[1, 2]]}, "x must be 5 rows of 6 values, got (1, 2)"),
    ({"x": [[10] * 6] * 5}, "x[0][0]=10 is outside 0 to 9"),
    ({"x": [[0.5] * 6] * 5}, "x[0][0] must be an int, got 0.5"),
    ({"kernel_size": 1}, "kernel_size=1 is outside 2 to 3"),
    ({"stride": 4}, "stride=4 is outside 1 to 3"),
    ({"position": (0, 3)}, "position=(0, 3) is outside 2 × 3"),
    ({"position": None}, "position must be (row, column), two ints, got None"),
    ({"pixel": (5, 0)}, "pixel=(5, 0) is outside 5 × 6"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:22] for _, part in BAD])
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_pool_routing(**change)
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.PoolRouting(**change)


# The widget


def test_traits_are_set_and_read():
    explorer = show.PoolRouting(np.array(TIES), 3, 1, position=[2, 3], pixel=(4, 5))
    assert explorer.state == describe(TIES, 3, 1, (2, 3), (4, 5))
    assert repr(explorer).endswith("kernel_size=3, stride=1, position=(2, 3), pixel=(4, 5))")
    explorer.stride = 3
    assert explorer.position == (0, 1)
    explorer.x = RANDOM[1]
    with pytest.raises(traitlets.TraitError):
        explorer.x = [[-1] * WIDTH] * HEIGHT
    assert explorer.x == RANDOM[1]


def test_the_browser_may_send_everything_together():
    explorer = show.PoolRouting(kernel_size=3, stride=3)
    explorer.set_state({"position": [3, 4], "stride": 1, "kernel_size": 2, "x": TIES})
    assert (explorer.position, explorer.x) == ((3, 4), TIES)


# The picture


@pytest.mark.parametrize(("name", "setting"), CASES, ids=IDS)
def test_the_picture_shows_the_same_arithmetic(name, setting):
    figure = show.draw_pool_routing(INPUTS[name], *setting, pixel=(2, 1))
    state = describe(INPUTS[name], *setting, pixel=(2, 1))
    texts = [text.get_text() for text in figure.axes[0].texts]
    words = re.sub(r"\s+", " ", " ".join(texts))
    assert state["window_lines"][1] in words and state["pixel_words"] in words
    assert figure.alt == f"{state['window_words']} {state['pixel_words']}"
    fractions = [f"{total}/{state['count']}" for line in state["sums"] for total in line]
    assert set(fractions) <= set(texts)


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(show.PoolRouting(), tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    cases = []
    for x in [*INPUTS.values(), *RANDOM]:
        for setting in SETTINGS:
            rows, columns = output_shape(*setting)
            places = zip(
                itertools.cycle(np.ndindex(rows, columns)),
                np.ndindex(HEIGHT, WIDTH),
                strict=False,
            )
            cases += [(x, *setting, position, pixel) for position, pixel in places]
    script = """const names = ["x", "kernel_size", "stride", "position", "pixel"];
        return arguments[0].map((values) => twin.describe(
          Object.fromEntries(names.map((name, k) => [name, values[k]])), model.get("_upstream")));"""
    answers = explorer.js(script, cases)
    assert len(answers) == len(cases) > 1000
    for case, state in zip(cases, answers, strict=True):
        assert state == describe(*case), case


@pytest.mark.browser
def test_keys_choose_a_pixel_and_change_its_value(explorer):
    from selenium.webdriver.common.keys import Keys

    explorer.press(Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert explorer.trait("pixel") == [1, 2] and explorer.data("value") == "2"
    explorer.press("=", "=", "-", Keys.NUMPAD0)
    assert explorer.data("value") == "0"
    explorer.press("-")  # stays at 0
    explorer.press("9", Keys.SHIFT + "+")
    assert explorer.trait("x")[1][2] == 9
    assert explorer.trait("x")[0] == list(X[0])
    state = describe(explorer.trait("x"), 2, 2, (0, 0), (1, 2))
    assert explorer.text(".ex-live") == state["pixel_words"]
    explorer.press(Keys.HOME)
    assert explorer.trait("pixel") == [0, 0]
    explorer.press(Keys.END, Keys.ARROW_DOWN)
    assert explorer.trait("pixel") == [4, 5]
    assert [key for key in explorer.js("return escaped") if key != "Shift"] == []


@pytest.mark.browser
def test_space_goes_to_the_next_window(explorer):
    explorer.press(" ")
    assert explorer.trait("position") == [0, 1]
    assert explorer.text(".ex-live") == describe(X, 2, 2, (0, 1))["window_words"]
    for _ in range(5):
        explorer.press(" ")
    assert explorer.trait("position") == [0, 0]


@pytest.mark.browser
def test_a_tie_goes_to_the_first_when_a_value_is_raised(explorer):
    explorer.js("model.set('pixel', [0, 0])")
    explorer.press("3")
    state = describe(explorer.trait("x"), 2, 2, (0, 0), (0, 0))
    assert state["argmax"][0][0] == [0, 0] and state["tied"] == [[0, 1], [1, 0]]
    assert explorer.data("dx-max") == "1"


@pytest.mark.browser
def test_clicks_choose_and_change(explorer):
    # The picture has shrunk a little: find out how large a cell is.
    cell = explorer.js("return document.querySelector('canvas').getBoundingClientRect().height")
    assert cell > 0
    side = 42.32  # 46 pixels, at 92 %
    left, top = 20, 46
    explorer.click("canvas", left + 3.3 * side, top + 2.5 * side)
    assert explorer.trait("pixel") == [2, 3] and explorer.data("value") == "1"
    explorer.click("canvas", left + 3.5 * side, top + 2.2 * side)
    assert explorer.data("value") == "2"
    explorer.click("canvas", left + 3.5 * side, top + 2.8 * side)
    assert explorer.data("value") == "1"
    explorer.find("[aria-label='Raise the chosen pixel by 1']").click()
    assert explorer.data("value") == "2"
    explorer.find("[aria-label='Put the values back as they were at first']").click()
    assert explorer.trait("x") == [list(line) for line in X]
    explorer.click("canvas", left + 1.5 * 38, top + 5 * side + 54 + 1.5 * 38)  # in dout
    assert explorer.trait("position") == [1, 1]


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(7)
    assert reached[:2] == [f"{label} {symbol}" for label, symbol, *_ in KNOBS.values()]
    assert "Arrow keys choose a pixel" in reached[2]
    assert reached[3:] == [
        "Lower the chosen pixel by 1",
        "Raise the chosen pixel by 1",
        "Choose the next window",
        "Put the values back as they were at first",
    ]


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer, capsys):
    took = [frames(explorer, "x", RANDOM * 13)]
    explorer.js("model.set('stride', 1)")
    took.append(frames(explorer, "position", [[k % 4, k % 5] for k in range(1, 40)]))
    with capsys.disabled():
        print(" PoolRouting:", *took, "frames", end="")
    assert all(0 < part < 1 for part in took)


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('stride', 1)")
    assert explorer.data("output") == "2,3"
