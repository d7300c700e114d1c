"""`course_utils.show`: the walk over windows, its twin in JavaScript, and its pictures."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from frame import frames
from oracle import functional, torch
from pages import opened

from course_utils import show
from course_utils.show import backward
from course_utils.show.window_walk_numbers import (
    BIAS,
    HEIGHT,
    KERNELS,
    KNOBS,
    MODES,
    WIDTH,
    X,
    describe,
    output_shape,
)

pytestmark = pytest.mark.unit

SETTINGS = list(itertools.product((2, 3), (1, 2, 3), (0, 1)))
IDS = ["-".join(map(str, setting)) for setting in SETTINGS]


def steps(setting):
    rows, columns = output_shape(*setting)
    return range(rows * columns)


def by_torch(setting):
    """The layer and its gradients by torch, from the same dout."""
    kernel_size, stride, padding = setting
    x = torch.tensor(X, dtype=torch.float64)[None, None].requires_grad_()
    w = torch.tensor(KERNELS[kernel_size], dtype=torch.float64)[None, None].requires_grad_()
    b = torch.tensor([BIAS], dtype=torch.float64).requires_grad_()
    y = functional.conv2d(x, w, b, stride, padding)
    y.backward(torch.tensor(describe(*setting)["dout"], dtype=torch.float64)[None, None])
    return y[0, 0].tolist(), x.grad[0, 0].tolist(), w.grad[0, 0].tolist(), b.grad.item()


def words_of(figure):
    """All that is written in a picture, lines and spaces aside."""
    return re.sub(r"\s+", " ", " ".join(text.get_text() for text in figure.axes[0].texts))


# The numbers


@pytest.mark.torch
@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_describe_agrees_with_torch(setting):
    state = describe(*setting)
    assert (state["y"], state["dx"], state["dw"], state["db"]) == by_torch(setting)
    assert state["output"] == list(np.shape(state["y"])) == list(output_shape(*setting))


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_the_walk_adds_up_to_the_gradients(setting):
    kernel_size, stride, padding = setting
    before = None
    for step in steps(setting):
        state = describe(*setting, "backward", step)
        row, column = state["place"]
        assert sum(map(sum, state["products"])) + BIAS == state["y"][row][column]
        if before:
            assert state["dx_before"] == before["dx_now"]
            assert state["dw_before"] == before["dw_now"]
            assert state["db_before"] == before["db_now"]
        added = np.array(state["dx_now"]) - state["dx_before"]
        top, left = (k + padding for k in state["corner"])
        assert (top, left) == (row * stride, column * stride)
        window = np.s_[top : top + kernel_size, left : left + kernel_size]
        assert (added[window] == state["d"] * np.array(state["w"])).all()
        assert np.count_nonzero(added) == np.count_nonzero(added[window])
        assert state["overlap"] == (np.array(state["times"])[window] > 1).sum()
        before = state
    cropped = np.array(state["dx_now"])[padding : padding + HEIGHT, padding : padding + WIDTH]
    assert cropped.tolist() == state["dx"]
    assert (state["dw_now"], state["db_now"]) == (state["dw"], state["db"])


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
def test_a_pixel_collects_what_the_walk_added(setting):
    kernel_size, stride, padding = setting
    rows, columns = output_shape(*setting)
    for pixel in np.ndindex(HEIGHT, WIDTH):
        state = describe(*setting, "pixel", 0, pixel)
        assert state["collected"] == state["dx"][pixel[0]][pixel[1]]
        assert state["collected"] == sum(d * weight for d, weight in state["terms"])
        fed = []
        for i, j in np.ndindex(rows, columns):
            offsets = pixel[0] + padding - i * stride, pixel[1] + padding - j * stride
            if all(0 <= offset < kernel_size for offset in offsets):
                fed.append([i, j])
        assert state["feeds"] == fed
        assert ("feeds no output" in state["words"]) == (not fed)


def test_the_lines_write_the_numbers_out():
    assert describe(3, 2, 1, "forward", 3)["lines"] == [
        "y[1, 0] = 3 + 3 + 1 + b = 7 + 1 = 8",
        "It reads input rows 1, 2, 3 and columns −1, 0, 1, 0 in the padding.",
    ]
    assert describe(3, 1, 0, "backward", 6)["lines"] == [
        "dout[1, 2] = 3",
        "dx += 3 · w, at input rows 1, 2, 3 and columns 2, 3, 4: 8 of these 9 pixels had been "
        "added to before.",
        "dw += 3 · the window of x",
        "db = 6 + 3 = 9",
    ]
    assert describe(2, 1, 0, "pixel", 0, (1, 2))["lines"] == [
        "Input pixel (1, 2) feeds 4 outputs: y[0, 1], y[0, 2], y[1, 1], y[1, 2]",
        "dx[1, 2] = sum of dout · weight = 2·(−1) + (−1)·3 + (−1)·2 + 3·1 = −4",
        "As a full correlation, 2 × 2 products: 2·(−1) + (−1)·3 + (−1)·2 + 3·1 = −4",
    ]


def test_no_kernel_looks_the_same_when_it_is_flipped():
    for kernel in KERNELS.values():
        assert not (np.flip(kernel) == kernel).all()


BAD = [
    ({"kernel_size": 4}, "kernel_size=4 is outside 2 to 3"),
    ({"stride": 0}, "stride=0 is outside 1 to 3"),
    ({"padding": 1.0}, "padding must be an int, got 1.0"),
    ({"mode": "sideways"}, "mode='sideways' is not one of forward, backward, pixel"),
    ({"step": 12}, "step=12 is outside 0 to 11: the output has 3 × 4 places"),
    ({"step": "1"}, "step must be an int, got '1'"),
    ({"pixel": (5, 0)}, "pixel=(5, 0) is outside the input: its rows run from 0 to 4"),
    ({"pixel": 2}, "pixel must be (row, column), two ints, got 2"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:20] for _, part in BAD])
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_window_walk(**change)
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.WindowWalk(**change)


# The widget


def test_traits_are_set_and_read():
    explorer = show.WindowWalk(2, 1, 1, mode="pixel", step=40, pixel=[4, 5])
    assert explorer.state == describe(2, 1, 1, "pixel", 40, (4, 5))
    assert repr(explorer) == (
        "WindowWalk(kernel_size=2, stride=1, padding=1, mode='pixel', step=40, pixel=(4, 5))"
    )
    with pytest.raises(traitlets.TraitError):
        explorer.stride = 9
    explorer.stride = 3
    assert explorer.step == 5


def test_the_browser_may_send_knobs_and_step_together():
    explorer = show.WindowWalk(3, 3)
    explorer.set_state({"step": 41, "padding": 1, "stride": 1, "kernel_size": 2})
    assert (explorer.step, explorer.kernel_size) == (41, 2)


# The pictures


@pytest.mark.parametrize("setting", SETTINGS, ids=IDS)
@pytest.mark.parametrize("mode", MODES)
def test_the_picture_shows_the_same_arithmetic(setting, mode):
    figure = show.draw_window_walk(*setting, mode, steps(setting)[-1], (2, 3))
    state = describe(*setting, mode, steps(setting)[-1], (2, 3))
    assert figure.alt == state["words"]
    assert all(line in words_of(figure) for line in state["lines"])


def test_a_gradient_that_grows_is_drawn_as_a_sum():
    words = words_of(show.draw_window_walk(3, 1, 0, "backward", 1))
    assert "2 + 2" in words and "1 + 2" in words  # what was there, and twice the kernel


@pytest.mark.torch
def test_the_drawings_of_the_backward_pass_agree_with_torch():
    x = torch.tensor(backward.X, dtype=torch.float64)[None, None].requires_grad_()
    w = torch.tensor(backward.W, dtype=torch.float64)[None, None].requires_grad_()
    dout = torch.tensor(backward.DOUT, dtype=torch.float64)[None, None]
    functional.conv2d(x, w).backward(dout)
    for row, column in np.ndindex(4, 4):
        words = words_of(show.draw_full_correlation((row, column))).replace("−", "-")
        found = re.findall(rf"dx\[{row}, {column}\] = [^=]+ = (-?\d+)", words)
        assert found == [f"{x.grad[0, 0, row, column]:.0f}"] * 2
        fed = show.draw_feeds((row, column)).alt
        assert int(re.search(r"feeds (\d)", fed)[1]) == (1 + (0 < row < 3)) * (1 + (0 < column < 3))
    for a, b in np.ndindex(2, 2):
        alt = show.draw_weight_gradient((a, b)).alt
        assert alt.endswith(f"dw[{a}, {b}] = {w.grad[0, 0, a, b]:.0f}.")


def test_the_drawing_of_the_flip_turns_the_kernel():
    cells = [text.get_text() for text in show.draw_flip().axes[0].texts][-27:]
    assert "".join(cells) == "123456789" + "987654321" + "123456789"


@pytest.mark.torch
def test_the_drawing_of_max_routing_agrees_with_torch():
    x = torch.tensor(backward.POOLED, dtype=torch.float64)[None, None].requires_grad_()
    dout = torch.tensor(backward.POOL_DOUT, dtype=torch.float64)[None, None]
    functional.max_pool2d(x, 3, 2).backward(dout)
    alt = show.draw_max_routing().alt
    assert x.grad[0, 0, 2, 2] == 6 and "(2, 2) is the first maximum of windows A, B and C" in alt
    assert x.grad[0, 0, 3, 4] == -1 and "(3, 4) is the first maximum of window D: dx = −1" in alt
    assert x.grad.count_nonzero() == 2
    assert alt.endswith("later in row order: (3, 0) in C and (4, 3) in D. They get nothing.")


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(show.WindowWalk(), tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    cases = [
        (*setting, mode, step, (step % HEIGHT, (2 * step + 1) % WIDTH))
        for setting in SETTINGS
        for mode in MODES
        for step in steps(setting)
    ]
    cases += [(3, 2, 0, "pixel", 0, pixel) for pixel in np.ndindex(HEIGHT, WIDTH)]
    script = """
        const tables = { x: model.get("_x"), kernels: model.get("_kernels"),
                         upstream: model.get("_upstream"), bias: model.get("_bias") };
        const names = ["kernel_size", "stride", "padding", "mode", "step", "pixel"];
        return arguments[0].map((values) =>
          twin.describe(Object.fromEntries(names.map((name, k) => [name, values[k]])), tables));"""
    answers = explorer.js(script, cases)
    assert len(answers) == len(cases) > 300
    for case, state in zip(cases, answers, strict=True):
        assert state == describe(*case), case


@pytest.mark.browser
def test_keys_walk_over_outputs_and_over_pixels(explorer):
    from selenium.webdriver.common.keys import Keys

    walk = [
        (Keys.ARROW_RIGHT, 1),
        (Keys.ARROW_DOWN, 5),
        (Keys.ARROW_LEFT, 4),
        (Keys.ARROW_LEFT, 3),  # back to the row before
        (Keys.ARROW_UP, 3),
        (Keys.END, 11),
        (Keys.ARROW_RIGHT, 11),
        (Keys.HOME, 0),
    ]
    for mode in ("forward", "backward"):
        explorer.js("model.set('mode', arguments[0])", mode)
        for key, step in walk:
            explorer.press(key)
            assert explorer.trait("step") == step
            assert explorer.text(".ex-live") == describe(3, 1, 0, mode, step)["words"]
    explorer.js("model.set('mode', 'pixel')")
    explorer.press(Keys.ARROW_DOWN, Keys.ARROW_RIGHT)
    assert explorer.trait("pixel") == [2, 3] and explorer.data("value") == "16"
    explorer.press(Keys.END)
    assert explorer.trait("pixel") == [4, 5]
    assert explorer.js("return escaped") == []


@pytest.mark.browser
def test_space_plays_and_pauses_and_buttons_step(explorer):
    explorer.press(" ")
    assert "Pause" in explorer.text(".ww-play")
    explorer.press(" ")
    assert "Play" in explorer.text(".ww-play")
    before = explorer.trait("step")
    explorer.find("[aria-label='One step on']").click()
    assert explorer.trait("step") == before + 1
    explorer.find("[aria-label='One step back']").click()
    assert explorer.text(".ww-count") == f"Step {before + 1} of 12"


@pytest.mark.browser
def test_a_click_on_a_pixel_shows_which_outputs_it_feeds(explorer):
    explorer.click("canvas", 20 + 46 * 3.5, 46 + 46 * 2.5)  # pixel (2, 3) of the input
    assert (explorer.trait("mode"), explorer.trait("pixel")) == ("pixel", [2, 3])
    lines = describe(3, 1, 0, "pixel", 0, (2, 3))["lines"]
    assert [
        line.text for line in explorer.driver.find_elements(explorer.by, ".ww-lines div")
    ] == lines
    assert "ww-figure" in explorer.driver.switch_to.active_element.get_attribute("class")


@pytest.mark.browser
def test_a_click_on_an_output_goes_to_its_window(explorer):
    x = 20 + 6 * 46 + 26 + 20 + 3 * 52 + 26 + 20 + 44 * 2.5
    explorer.click("canvas", x, 46 + 44 * 1.5)
    assert (explorer.trait("mode"), explorer.trait("step")) == ("forward", 6)


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(7)
    assert reached[:3] == [f"{label} {symbol}" for label, symbol, *_ in KNOBS.values()]
    assert reached[3] == "forward"
    assert "Left and right step back and forth" in reached[4]
    assert reached[5] == "One step on"  # one step back is not possible at first
    assert "Play" in reached[6]


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer, capsys):
    took = []
    for mode in MODES:
        explorer.js("model.set('mode', arguments[0])", mode)
        took.append(frames(explorer, "step", [k % 12 for k in range(1, 40)]))
    took.append(frames(explorer, "pixel", [[k % 5, k % 6] for k in range(1, 40)]))
    explorer.js("model.set('kernel_size', 2); model.set('padding', 1)")
    took.append(frames(explorer, "pixel", [[k % 5, k % 6] for k in range(1, 40)]))
    with capsys.disabled():
        print(" WindowWalk:", *took, "frames", end="")
    assert all(0 < part < 1 for part in took[:2] + took[3:])


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('step', 2)")
    assert explorer.data("step") == "0"
