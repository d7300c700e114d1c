"""The receptive field: its numbers against arithmetic and against every pixel, its keys, mouse and controls."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from course_utils.arithmetic import conv_output_size, receptive_fields
from course_utils.explorers import FieldStack
from course_utils.explorers.engine import Engine
from course_utils.explorers.field_stack import INPUT, STACKS

pytestmark = pytest.mark.unit

LAYERS = list(itertools.product(range(1, 8), range(1, 4), range(1, 4), range(4)))
# Every layer alone, and many stacks: each layer with each of a few others below it, and deep ones.
CASES = [
    *([layer] for layer in LAYERS),
    *([below, layer] for below in ((3, 1, 1, 1), (3, 2, 1, 1), (2, 2, 1, 0)) for layer in LAYERS),
    *STACKS.values(),
    [(2, 3, 3, 3)] * 3,
    [(7, 3, 3, 3), (7, 3, 1, 3), (5, 2, 1, 2)],
    [(3, 1, 3, 3)] * 6,
    [(7, 1, 3, 3)] * 6,  # the third does not fit
]
ASKED = """
cases.map((layers) => {
  const layer = layers.length;
  const of = (unit) => describe(mend({ layers, layer, unit }, TABLES), TABLES);
  const { sizes } = of(0);
  return [of(0), range(sizes[layer] ?? 0).map((unit) => {
    const { first, last, needed, words } = of(unit);
    return [first, last, needed[0], words];
  })];
})
"""


@pytest.fixture(scope="module")
def engine():
    return Engine(FieldStack)


def by_pixels(layers):
    """For each unit of the last layer the input pixels that change it, found by changing each."""
    pixels = np.eye(INPUT)
    for K, S, D, P in layers:
        padded = np.pad(pixels, ((0, 0), (P, P)))
        last = (conv_output_size(pixels.shape[1], K, S, P, D) - 1) * S + 1
        pixels = sum(padded[:, t * D :][:, :last:S] for t in range(K))
    return [np.flatnonzero(column).tolist() for column in pixels.T]


def test_every_unit_agrees_with_the_arithmetic_and_with_every_pixel(engine):
    for layers, (state, units) in zip(CASES, engine.run(ASKED, cases=CASES), strict=True):
        if state["problem"]:
            assert state["words"].endswith(f"Layer {len(layers)} has no units.")
            with pytest.raises(ValueError, match=re.escape(state["problem"].partition(": ")[2])):
                by_pixels(layers)
            assert not units
            continue
        fields = receptive_fields(layers)
        assert state["fields"] == [[f.size, f.jump, f.centre] for f in fields]
        size, jump, start, _ = fields[-1]
        read = by_pixels(layers)
        assert len(units) == state["sizes"][-1] == len(read)
        for unit, (first, last, needed, words) in enumerate(units):
            assert (first, last) == (start + unit * jump, start + unit * jump + size - 1)
            assert needed == read[unit]
            assert f"Unit {unit} of layer {len(layers)} sees {size} pixel" in words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (([(3, 1, 1, 0)] * 3, 3), "sees 7 pixels, 0 to 6. Its neighbours look 1 pixel further."),
        (
            (STACKS["dilations 1, 2, 3"], 3),
            "sees 13 pixels, of which 7 lie in the image and 6 in its padding. Its neighbours",
        ),
        (([(1, 3, 1, 0)], 1, 2), "sees 1 pixel, number 6. Its neighbours look 3 pixels further."),
        (([(3, 1, 3, 0)], 1, 2), "sees 7 pixels, 2 to 8. It reads 3. Its neighbours look 1 pixel"),
        (
            ([(7, 3, 3, 0), (7, 1, 1, 0)], 2),
            "layer 2: kernel_size=7 with dilation=1 spans 7, larger than the padded input size=5 + "
            "2*padding=0 = 5. Layer 2 has no units.",
        ),
    ],
    ids=["inside", "padding", "one", "gaps", "does not fit"],
)
def test_what_a_unit_sees_is_said(engine, values, words):
    assert words in engine.describe(*values)["words"]


def test_each_layer_has_its_line(engine):
    [_, (_, lines, *_)] = engine.describe([(3, 2, 1, 1), (3, 1, 2, 0)], 2)["sections"]
    assert lines == [
        "1. r = 1 + 1·(3 − 1)·1 = 3, j = 1·2 = 2",
        "2. r = 3 + 2·(3 − 1)·2 = 11, j = 2·1 = 2",
    ]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"layers": []}, "the number of layers=0 is outside 1 to 6"),
        ({"layers": [(3, 1)] * 7}, "the number of layers=7 is outside 1 to 6"),
        ({"layers": [(3, 1), (8, 1)]}, "layer 2: kernel_size=8 is outside 1 to 7"),
        ({"layers": [(3, 1.0)]}, "layer 1: stride must be an int, got 1.0"),
        ({"layers": [(3,)]}, "layer 1 must be (kernel_size, stride)"),
        ({"layers": 3}, "layers must be a list of tuples, got 3"),
        ({"layers": [(3, 1)], "layer": 2}, "layer=2 is outside 1 to 1"),
        ({"layer": 1.5}, "layer must be an int, got 1.5"),
        ({"layers": [(3, 1)], "unit": 30}, "unit=30 is outside 0 to 29"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        FieldStack(**change)


def test_the_browser_may_send_everything_together():
    explorer = FieldStack([(3, 1)])
    explorer.set_state({"unit": 20, "layer": 3, "layers": [[3, 1, 1, 0]] * 3})
    assert (explorer.layer, explorer.unit, len(explorer.layers)) == (3, 20, 3)


@pytest.mark.parametrize(
    ("layers", "pixels", "margin"),
    [
        (STACKS["dilations 1, 2, 3"], 13, 6),
        (STACKS["three layers of 3"], 7, 1),
        ([(7, 1, 3, 3)], 19, 3),
    ],
    ids=["dilations", "no padding", "one"],
)
def test_what_lies_in_the_padding_is_drawn_too(engine, layers, pixels, margin):
    ask = """[layout(888, scene), seenIn(layout(888, scene), scene), scene.state].map((part) => part)"""
    code = f"""(() => {{
        const values = mend({{ layers, layer: layers.length, unit: 0 }}, TABLES);
        const scene = {{ values, tables: TABLES, state: describe(values, TABLES) }};
        const [plan, [from, to], state] = {ask};
        return [(to - from) / plan.cell, state.margin, from];
    }})()"""
    wide, room, first = engine.run(code, layers=[list(layer) for layer in layers])
    assert wide == pytest.approx(pixels) and room == margin and first > 0


@pytest.mark.browser
def test_keys_and_clicks_move_along_and_between_the_layers(page, engine):
    from selenium.webdriver.common.keys import Keys

    page.open(FieldStack([(3, 2, 1, 1), (3, 1), (3, 1)], unit=4))
    moves = [
        *((Keys.ARROW_RIGHT, 3, 5), (Keys.ARROW_LEFT, 3, 4), (Keys.END, 3, 11)),
        *((Keys.ARROW_RIGHT, 3, 11), (Keys.HOME, 3, 0), (Keys.ARROW_UP, 3, 0)),
        (Keys.ARROW_DOWN, 2, 1),  # looks at the same place
        *((Keys.ARROW_DOWN, 1, 2), (Keys.ARROW_UP, 2, 1)),
    ]
    for key, layer, unit in moves:
        page.press(key)
        assert (page.trait("layer"), page.trait("unit")) == (layer, unit)
        assert page.said() == engine.describe(page.trait("layers"), layer, unit)["words"]
    page.click(200, 36 + 2 * 56)
    assert page.trait("layer") == 1
    page.press(Keys.ARROW_UP)  # the click has brought the focus
    assert page.trait("layer") == 2


@pytest.mark.browser
def test_layers_are_added_changed_and_removed(page):
    from selenium.webdriver.common.keys import Keys

    page.open(FieldStack([(3, 2, 1, 1), (3, 1), (3, 1)]))
    page.press(Keys.ENTER, at="[aria-label='Add a layer above the chosen one']")
    assert page.trait("layers")[3] == [3, 1, 1, 1] and page.trait("layer") == 4
    page.press(Keys.ARROW_RIGHT, at="[data-knob=dilation] input")
    assert page.trait("layers")[3] == [3, 1, 2, 1]
    page.find("[aria-label='Remove the chosen layer']").click()
    assert len(page.trait("layers")) == 3 and page.trait("layer") == 3
    page.press("one layer of 7", at="[data-choice=stack] select")
    assert page.trait("layers") == [[7, 1, 1, 0]]


@pytest.mark.browser
def test_the_deepest_stack_fits_a_notebook(page):
    page.open(FieldStack([(3, 1, 3, 3)] * 6))
    page.js("el.style.width = '900px'")
    page.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0]))")
    box = page.js("const e = el.querySelector('.explorer'); return [e.offsetHeight, e.scrollWidth]")
    assert box[0] <= 650 and box[1] <= 900
    assert page.complaints() == []
