"""`course_utils.show`: the sliding filter, its twin in JavaScript, and its picture."""

import base64
import itertools
import re

import numpy as np
import pytest
import traitlets
from frame import frames
from pages import opened

from course_utils import show
from course_utils.arithmetic import conv_output_size
from course_utils.show.window import KNOBS, describe, image, kernel, signed

pytestmark = pytest.mark.unit

SETTINGS = [
    (7, 3, 1, 0, 1),
    (7, 3, 2, 0, 1),
    (7, 3, 3, 0, 1),
    (7, 3, 2, 1, 1),
    (8, 5, 2, 1, 1),  # only padding is left over
    (9, 4, 4, 1, 1),
    (9, 3, 1, 2, 2),
    (10, 3, 2, 0, 2),  # gaps: odd rows are in no window
    (13, 2, 5, 3, 3),
    (14, 7, 1, 3, 1),
    (14, 1, 3, 0, 1),
    (1, 1, 1, 0, 1),
    (5, 7, 1, 0, 1),  # does not fit
    (5, 7, 1, 1, 1),
    (4, 3, 5, 3, 3),
]
IDS = ["-".join(map(str, setting)) for setting in SETTINGS]


def span_fits(setting):
    size, kernel_size, _, padding, dilation = setting
    return dilation * (kernel_size - 1) + 1 <= size + 2 * padding


def positions(setting):
    """Return the corners and the middle of the output, or (0, 0) where there is none."""
    if not span_fits(setting):
        return [(0, 0)]
    last = conv_output_size(*setting) - 1
    return sorted({(0, 0), (0, last), (last // 2, last // 3), (last, 0), (last, last)})


def by_loops(setting, position):
    """The sum of products, written as loops over a padded copy."""
    size, kernel_size, stride, padding, dilation = setting
    padded = np.zeros((size + 2 * padding,) * 2, dtype=int)
    padded[padding : padding + size, padding : padding + size] = image(size)
    weights, total = kernel(kernel_size), 0
    for i in range(kernel_size):
        for j in range(kernel_size):
            row, column = (
                stride * k + dilation * tap for k, tap in zip(position, (i, j), strict=True)
            )
            total += padded[row, column] * weights[i, j]
    return int(total)


def words_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


# The numbers


def test_image_and_kernel_are_the_ones_that_the_lecture_describes():
    assert image(7).tolist() == [
        [0, 1, 2, 0, 1, 2, 0],
        [2, 0, 9, 8, 7, 1, 2],
        [1, 8, 7, 9, 8, 7, 1],
        [0, 9, 8, 7, 9, 8, 0],
        [2, 7, 9, 8, 7, 9, 2],
        [1, 2, 7, 9, 8, 0, 1],
        [0, 1, 2, 0, 1, 2, 0],
    ]
    assert kernel(3).tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert kernel(2).tolist() == [[-1, 1], [-1, 1]]
    assert kernel(1).tolist() == [[1]]


def test_a_larger_image_continues_a_smaller_one():
    assert (image(14)[:9, :9] == image(9)).all()
    assert set(np.unique(image(14))) <= set(range(10))


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_describe_agrees_with_the_arithmetic(setting):
    for position in positions(setting):
        state = describe(*setting, position)
        if not span_fits(setting):
            assert state["output"] == 0 and "total" not in state
            assert "does not fit" in state["fit"]
            continue
        assert state["output"] == conv_output_size(*setting)
        size, _, stride, padding, _ = setting
        used = (state["output"] - 1) * stride + state["span"]
        assert state["left_over"] == size + 2 * padding - used
        assert ("does not fit" in state["fit"]) == bool(state["left_over"])
        assert state["total"] == sum(state["row_sums"]) == by_loops(setting, position)
        assert state["sum"].endswith(f"= {signed(state['total'])}")
        assert state["formula"][-1].endswith(f"= {state['output']}")


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        (
            (7, 3, 3, 0, 1),
            "4 / 3 + 1 = 2.33 is not a whole number. The last row and the last column",
        ),
        ((7, 3, 2, 0, 1), "Stride 2 fits: 4 / 2 + 1 = 3"),
        ((8, 5, 2, 1, 1), "are left over; only padding is lost."),
        ((9, 3, 5, 2, 1), "fits: 10 / 5 + 1 = 3"),
        ((14, 1, 3, 0, 1), "Gaps: 8 of 14"),
        (
            (9, 4, 4, 1, 1),
            "The last 3 rows and the last 3 columns (hatched) are left over, padding",
        ),
        ((5, 7, 1, 0, 1), "it spans D(F − 1) + 1 = 7 pixels and the padded input has 5"),
    ],
)
def test_whether_the_stride_fits_is_said_in_words(setting, part):
    assert part in describe(*setting, (0, 0))["fit"]


def test_the_formula_shows_the_numbers_put_in():
    state = describe(7, 3, 2, 1, 1, (1, 2))
    assert state["formula"] == [
        "⌊(W + 2P − D(F − 1) − 1) / S⌋ + 1",
        "⌊(7 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1",
        "⌊6 / 2⌋ + 1 = 3 + 1 = 4",
    ]
    assert state["sum"] == "y[1, 2] = −7 − 4 + 1 = −10"


BAD = [
    ({"size": 15}, "size=15 is outside 1 to 14"),
    ({"kernel_size": 0}, "kernel_size=0 is outside 1 to 7"),
    ({"stride": 2.0}, "stride must be an int, got 2.0"),
    ({"padding": -1}, "padding=-1 is outside 0 to 3"),
    ({"dilation": True}, "dilation must be an int, got True"),
    ({"position": (0, 5)}, "position=(0, 5) is outside the output, which is 5 × 5: its rows and"),
    ({"position": 3}, "position must be (row, column), two ints, got 3"),
    ({"kernel_size": 7, "dilation": 3, "position": (0, 1)}, "the kernel does not fit: only (0, 0)"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:20] for _, part in BAD])
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_sliding_filter(**change)
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.SlidingFilter(**change)


# The widget


def test_traits_are_set_and_read():
    explorer = show.SlidingFilter(size=7, kernel_size=3, stride=2, padding=1, position=(1, 2))
    assert explorer.state == describe(7, 3, 2, 1, 1, (1, 2))
    assert repr(explorer) == (
        "SlidingFilter(size=7, kernel_size=3, stride=2, padding=1, dilation=1, position=(1, 2))"
    )
    seen = []
    explorer.observe(seen.append, "position")
    explorer.position = [3, 0]
    assert [change["new"] for change in seen] == [(3, 0)]


def test_an_unknown_knob_is_refused():
    with pytest.raises(TypeError, match="kernel"):
        show.SlidingFilter(kernel=3)


def test_a_refused_value_leaves_the_old_one():
    explorer = show.SlidingFilter(stride=2)
    with pytest.raises(traitlets.TraitError):
        explorer.stride = 9
    assert explorer.stride == 2


def test_the_position_stays_inside_a_smaller_output():
    explorer = show.SlidingFilter(size=7, kernel_size=3, position=(4, 1))
    explorer.stride = 3
    assert explorer.position == (1, 1)
    explorer.dilation = 3  # fits exactly once
    assert explorer.position == (0, 0)


def test_the_browser_may_send_knobs_and_position_together():
    explorer = show.SlidingFilter(size=7, kernel_size=3, stride=3)
    explorer.set_state({"stride": 1, "position": [4, 4]})
    assert (explorer.stride, explorer.position) == (1, (4, 4))


# The pictures


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_the_picture_shows_the_same_arithmetic(setting):
    position = positions(setting)[-1]
    figure = show.draw_sliding_filter(*setting, position)
    state, words = describe(*setting, position), words_of(figure)
    assert "output = " + " = ".join(state["formula"]) in words
    assert state["fit"] in " ".join(words)
    assert ("left over" in words) == bool(state["left_over"])
    if state["output"]:
        assert {state["words"], f"sum = {signed(state['total'])}"} <= set(words)
    else:
        assert "No output" in words


def test_the_output_is_filled_as_far_as_the_position():
    words = words_of(show.draw_sliding_filter(7, 3, stride=2, position=(1, 0)))
    first, later = ([by_loops((7, 3, 2, 0, 1), p) for p in ps] for ps in ([(1, 0)], [(2, 0)]))
    assert signed(first[0]) in words and signed(later[0]) not in words


def test_a_picture_shows_itself_in_a_notebook_with_alt_text():
    shown = show.draw_sliding_filter(7, 3, stride=3)._repr_html_()
    source, alt = re.search(r'src="data:image/svg\+xml;base64,(\S+)" alt="([^"]+)"', shown).groups()
    assert "<svg" in base64.b64decode(source).decode()
    assert alt.startswith("Output 2 by 2. Stride 3 does not fit: 4 / 3 + 1 = 2.33")
    for figure in (show.draw_receptive_field([(3, 2)]), show.draw_channels(show.drawn_image(8))):
        assert len(figure.alt) > 30


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(show.SlidingFilter(size=7, kernel_size=3, stride=1), tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    everything = list(itertools.product((3, 8), (1, 2, 3, 5), (1, 2, 3), (0, 1, 3), (1, 2)))
    cases = [(s, p) for s in SETTINGS + everything for p in positions(s)]
    script = """return arguments[0].map(([setting, position]) => {
        const knobs = Object.fromEntries(arguments[1].map((name, k) => [name, setting[k]]));
        const [table, kernels] = [model.get("_image"), model.get("_kernels")];
        const state = twin.describe(knobs, position, table, kernels);
        const value = twin.outputs(knobs, table, kernels)[position[0]]?.[position[1]];
        return [state, value ?? null];
    })"""
    answers = explorer.js(script, cases, list(KNOBS))
    assert len(answers) == len(cases) > 400
    for (setting, position), (state, value) in zip(cases, answers, strict=True):
        expected = describe(*setting, position)
        assert state == expected, (setting, position)
        assert value == expected.get("total"), (setting, position)


@pytest.mark.browser
def test_keys_move_the_window(explorer):
    from selenium.webdriver.common.keys import Keys

    steps = [
        (Keys.ARROW_RIGHT, "0,1"),
        (Keys.ARROW_DOWN, "1,1"),
        (Keys.ARROW_LEFT, "1,0"),
        (Keys.ARROW_LEFT, "1,0"),
        (Keys.END, "4,4"),
        (Keys.ARROW_DOWN, "4,4"),
        (Keys.ARROW_UP, "3,4"),
        (Keys.HOME, "0,0"),
    ]
    for key, position in steps:
        explorer.press(key)
        assert explorer.data("position") == position
        place = tuple(map(int, position.split(",")))
        assert int(explorer.data("total")) == describe(7, 3, 1, 0, 1, place)["total"]


@pytest.mark.browser
def test_space_plays_and_pauses(explorer):
    explorer.press(" ")
    assert "Pause" in explorer.text(".sf-play")
    explorer.press(" ")
    assert "Play" in explorer.text(".sf-play")


@pytest.mark.browser
def test_knobs_work_by_keyboard_and_say_what_changed(explorer):
    from selenium.webdriver.common.keys import Keys

    explorer.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, at="[data-knob=stride] input")
    assert (explorer.data("output"), explorer.data("left-over")) == ("2", "1")
    expected = describe(7, 3, 3, 0, 1, (0, 0))
    assert explorer.text(".sf-fit") == expected["fit"]
    assert explorer.text(".ex-live") == f"Output 2 by 2. {expected['fit']} {expected['words']}"
    lines = explorer.driver.find_elements(explorer.by, ".ex-lines div")
    assert [line.text for line in lines[:3]] == [
        f"output = {expected['formula'][0]}",
        f"= {expected['formula'][1]}",
        f"= {expected['formula'][2]}",
    ]
    explorer.press(Keys.ARROW_RIGHT)
    assert explorer.text(".ex-live") == describe(7, 3, 3, 0, 1, (0, 1))["words"]


@pytest.mark.browser
def test_a_click_moves_the_window(explorer):
    explorer.click("canvas", 20 + 300 * 5.5 / 7, 44 + 300 * 3.5 / 7)  # in pixel (3, 5) of the input
    assert explorer.data("position") == "2,4"
    focused = explorer.driver.switch_to.active_element
    assert "sf-figure" in focused.get_attribute("class")


@pytest.mark.browser
def test_python_moves_the_picture(explorer):
    explorer.js("model.set('stride', 2); model.set('position', [1, 2])")
    assert (explorer.data("output"), explorer.data("position")) == ("3", "1,2")


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(7)
    assert reached[:5] == [f"{label} {symbol}" for label, symbol, *_ in KNOBS.values()]
    assert "Arrow keys move the window" in reached[5]
    assert "Play" in reached[6]


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer):
    places = [[k % 3, (k * 7) % 5] for k in range(60)]
    for knobs in ({}, {"size": 14, "padding": 3}, {"kernel_size": 7}):
        for name, value in knobs.items():
            explorer.js(f"model.set('{name}', {value})")
        assert 0 < frames(explorer, "position", places) < 1


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('stride', 2)")
    assert explorer.data("output") == "5"
