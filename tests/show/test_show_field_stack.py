"""`course_utils.show`: the receptive field explorer, its twin in JavaScript, and its picture."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from frame import frames
from pages import opened

from course_utils import show
from course_utils.arithmetic import conv_output_size, receptive_fields
from course_utils.show.stack import INPUT, KNOBS, STACKS, describe

pytestmark = pytest.mark.unit

CASES = [
    *STACKS.values(),
    [(3, 2, 1, 1), (3, 1, 1, 0), (3, 1, 2, 1)],
    [(1, 1, 1, 0)],
    [(2, 3, 3, 3)] * 3,
    [(7, 3, 3, 3), (7, 3, 1, 3), (5, 2, 1, 2)],
    [(7, 3, 3, 0), (7, 1, 1, 0)],  # the second does not fit
    [(7, 1, 3, 3)] * 6,
]


def units_of(layers, layer):
    size = INPUT
    for kernel_size, stride, dilation, padding in layers[:layer]:
        if dilation * (kernel_size - 1) + 1 > size + 2 * padding:
            return 0
        size = conv_output_size(size, kernel_size, stride, padding, dilation)
    return size


def states():
    for layers in CASES:
        for layer in range(1, len(layers) + 1):
            units = units_of(layers, layer)
            for unit in sorted({0, units // 2, max(units - 1, 0)}):
                yield layers, layer, unit


def by_gradients(layers, layer, unit):
    """Input pixels that change one unit, found by changing each of them."""
    pixels = np.eye(INPUT)
    for kernel_size, stride, dilation, padding in layers[:layer]:
        padded = np.pad(pixels, ((0, 0), (padding, padding)))
        size = conv_output_size(pixels.shape[1], kernel_size, stride, padding, dilation)
        last = (size - 1) * stride + 1
        pixels = sum(padded[:, t * dilation :][:, :last:stride] for t in range(kernel_size))
    return np.flatnonzero(pixels[:, unit]).tolist()


@pytest.mark.parametrize("layers", CASES, ids=lambda layers: str(layers).replace(" ", ""))
def test_describe_agrees_with_the_arithmetic_and_with_every_pixel(layers):
    for stack, layer, unit in states():
        if stack is not layers:
            continue
        state = describe(layers, layer, unit)
        units = units_of(layers, layer)
        if not units:
            assert state["words"] == f"Layer {layer} has no units." and "needed" not in state
            assert "larger than the padded input" in state["problem"]
            continue
        field = receptive_fields(layers[:layer])[-1]
        assert state["fields"][layer - 1] == [field.size, field.jump, field.centre]
        assert state["first"] == field.start + unit * field.jump
        assert state["last"] - state["first"] + 1 == field.size
        assert state["needed"][0] == by_gradients(layers, layer, unit)
        assert f" sees {field.size} pixel" in state["words"]


def test_what_lies_in_the_padding_is_said():
    words = describe([(3, 1, 1, 1), (3, 1, 2, 2), (3, 1, 3, 3)], 3, 0)["words"]
    assert "sees 13 pixels, of which 7 lie in the image and 6 in its padding." in words
    assert "It reads 3." in describe([(3, 1, 3, 0)], 1, 2)["words"]


BAD = [
    ({"layers": []}, "the number of layers=0 is outside 1 to 6"),
    ({"layers": [(3, 1)] * 7}, "the number of layers=7 is outside 1 to 6"),
    ({"layers": [(3, 1), (8, 1)]}, "layer 2: kernel_size=8 is outside 1 to 7"),
    ({"layers": [(3, 1.0)]}, "layer 1: stride must be an int, got 1.0"),
    ({"layers": [(3,)]}, "layer 1 must be (kernel_size, stride)"),
    ({"layers": 3}, "layers must be a list of tuples, got 3"),
    ({"layers": [(3, 1)], "layer": 2}, "layer=2 is outside 1 to 1"),
    ({"layers": [(3, 1)], "unit": 30}, "unit=30 is outside 0 to 29"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:24] for _, part in BAD])
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.FieldStack(**change)
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_field_stack(**change)


def test_layer_and_unit_stay_inside_a_smaller_stack():
    explorer = show.FieldStack([(3, 1), (3, 1)], unit=27)
    explorer.layers = [(3, 2)]
    assert (explorer.layers, explorer.layer, explorer.unit) == ([(3, 2, 1, 0)], 1, 14)


def test_the_browser_may_send_everything_together():
    explorer = show.FieldStack([(3, 1)])
    explorer.set_state({"unit": 20, "layer": 3, "layers": [[3, 1, 1, 0]] * 3})
    assert (explorer.layer, explorer.unit, len(explorer.layers)) == (3, 20, 3)


@pytest.mark.parametrize("layers", CASES, ids=lambda layers: str(layers).replace(" ", ""))
def test_the_picture_draws_every_unit(layers):
    figure = show.draw_field_stack(layers, layer=1, unit=0)
    state = describe(layers, 1, 0)
    words = [text.get_text() for text in figure.axes[0].texts]
    assert state["words"] in words and (state["problem"] in words or not state["problem"])
    assert figure.alt.startswith(state["words"])
    assert f"sees {state['fields'][0][0]} pixels" in words


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    explorer = show.FieldStack([(3, 2, 1, 1), (3, 1), (3, 1)], unit=4)
    with opened(explorer, tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    cases = list(states())
    layer = itertools.product((1, 2, 5, 7), (1, 3), (1, 3), (0, 2))
    cases += [([one, (3, 2, 1, 0)], 2, 0) for one in layer]
    answers = explorer.js("return arguments[0].map((state) => twin.describe(...state))", cases)
    assert len(answers) == len(cases) > 90
    for case, state in zip(cases, answers, strict=True):
        assert state == describe(*case), case


@pytest.mark.browser
def test_keys_move_along_and_between_the_layers(explorer):
    from selenium.webdriver.common.keys import Keys

    steps = [
        (Keys.ARROW_RIGHT, 3, 5),
        (Keys.ARROW_LEFT, 3, 4),
        (Keys.END, 3, 11),
        (Keys.ARROW_RIGHT, 3, 11),
        (Keys.HOME, 3, 0),
        (Keys.ARROW_UP, 3, 0),
        (Keys.ARROW_DOWN, 2, 1),  # looks at the same place
        (Keys.ARROW_DOWN, 1, 2),
        (Keys.ARROW_UP, 2, 1),
    ]
    layers = [(3, 2, 1, 1), (3, 1, 1, 0), (3, 1, 1, 0)]
    for key, layer, unit in steps:
        explorer.press(key)
        assert (explorer.trait("layer"), explorer.trait("unit")) == (layer, unit)
        assert explorer.text(".ex-live") == describe(layers, layer, unit)["words"]
    assert explorer.js("return escaped") == []


@pytest.mark.browser
def test_chords_go_on_to_the_page(explorer):
    from selenium.webdriver.common.keys import Keys

    explorer.press(Keys.SHIFT + Keys.ENTER)
    assert "Enter" in explorer.js("return escaped")


@pytest.mark.browser
def test_layers_are_added_changed_and_removed(explorer):
    from selenium.webdriver.common.keys import Keys

    explorer.press(Keys.ENTER, at="[aria-label='Add a layer above the chosen one']")
    assert explorer.trait("layers")[3] == [3, 1, 1, 1] and explorer.trait("layer") == 4
    explorer.press(Keys.ARROW_RIGHT, at="[data-knob=dilation] input")
    assert explorer.trait("layers")[3] == [3, 1, 2, 1]
    explorer.find("[aria-label='Remove the chosen layer']").click()
    assert len(explorer.trait("layers")) == 3 and explorer.data("sees") == "11"


@pytest.mark.browser
def test_a_layer_that_does_not_fit_says_why(explorer):
    layers = [[7, 3, 3, 0], [7, 1, 1, 0]]
    explorer.js("model.set('layers', arguments[0]); model.set('layer', 2)", layers)
    expected = describe(layers, 2, 0)
    assert expected["problem"] in explorer.text(".fs-problem")
    assert explorer.text(".ex-live") == f"{expected['problem']}. Layer 2 has no units."


@pytest.mark.browser
def test_a_click_chooses_a_unit(explorer):
    canvas = explorer.find("canvas").size
    explorer.click("canvas", 200, canvas["height"] - 66 - 62 + 10)
    assert explorer.trait("layer") == 1
    assert "ex-figure" in explorer.driver.switch_to.active_element.get_attribute("class")


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(8)
    assert reached[:3] == ["Stack", "Add a layer above the chosen one", "Remove the chosen layer"]
    assert reached[3:7] == [f"{label} {symbol}" for label, symbol, *_ in KNOBS.values()]
    assert "Left and right choose a unit" in reached[7]


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer):
    assert 0 < frames(explorer, "unit", [k % 12 for k in range(1, 60)]) < 1
    explorer.js("model.set('layers', Array(6).fill([7, 1, 3, 3]))")
    stacks = [[[7, 1, 1 + k % 3, 3]] * (1 + k % 6) for k in range(60)]
    assert 0 < frames(explorer, "layers", stacks) < 1


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('unit', 0)")
    assert explorer.data("unit") == "4"
