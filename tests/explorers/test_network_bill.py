"""The bill of a network: its costs against arithmetic, and its keys, mouse and editor."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from course_utils.arithmetic import BITS, memory_bytes, totals, trace
from course_utils.explorers import NetworkBill
from course_utils.explorers.engine import Engine
from course_utils.explorers.network_bill import KINDS, NETWORKS
from course_utils.networks import LENET5

pytestmark = pytest.mark.unit

CONV = {"kind": "conv", "name": "a", "out_channels": 6, "kernel_size": 5}
POOL = {"kind": "maxpool", "name": "p", "kernel_size": 2, "stride": 2}
LINEAR = {"kind": "linear", "name": "f", "out_features": 10}
COLUMNS = {"activations": [2], "parameters": [3], "multiply_adds": [4], "memory": [5, 6]}


@pytest.fixture(scope="module")
def engine():
    return Engine(NetworkBill)


def at_random(rng):
    """A network and its input that may or may not fit."""
    layers = []
    for number in range(rng.integers(1, 8)):
        kind = str(rng.choice(list(KINDS), p=[0.5, 0.2, 0.1, 0.1, 0.1]))
        few = {"out_channels": 12, "kernel_size": 5, "stride": 3, "padding": 2, "groups": 3}
        sizes = few | {"out_features": 9}
        least = {"padding": 0}
        layer = {k: int(rng.integers(least.get(k, 1), sizes[k] + 1)) for k in KINDS[kind]}
        if kind in ("conv", "linear"):
            layer["bias"] = bool(rng.integers(2))
        layers.append({"kind": kind, "name": f"l{number}"} | layer)
    return layers, tuple(int(n) for n in rng.integers(1, 25, 3))


RANDOM = [at_random(np.random.default_rng(seed)) for seed in range(400)]
KNOWN = [(network, shape) for shape, network in NETWORKS.values()]
ASKED = """
cases.flatMap(([network, input_shape]) =>
  choices.map(([quantity, number_format, scale]) =>
    describe({ network, input_shape, quantity, number_format, scale, layer: 1 }, TABLES)))
"""


def test_every_row_agrees_with_the_arithmetic(engine):
    choices = list(itertools.product(COLUMNS, ["fixed10"], ["linear", "log"]))
    choices += [("memory", number_format, "linear") for number_format in BITS]
    cases = [(_checked(network), shape) for network, shape in KNOWN + RANDOM]
    answers = iter(engine.run(ASKED, cases=cases, choices=choices))
    fitted = 0
    for network, shape in cases:
        rows, problem = _traced(network, shape)
        fitted += not problem
        for quantity, number_format, scale in choices:
            state = next(answers)
            expected = [
                [name, words, *counts, *(memory_bytes(n, number_format) for n in counts[:2])]
                for name, words, *counts in rows
            ]
            assert state["rows"] == expected and state["problem"] == problem
            columns = np.array([[row[k] for k in COLUMNS[quantity]] for row in expected], float)
            most = np.maximum(columns.max(axis=0), 1)
            bars = columns / most
            if scale == "log":
                logs = np.log(np.maximum(columns, 1)), np.log(np.maximum(most, 2))
                bars = logs[0] / logs[1]
            assert np.allclose(state["bars"], bars) and state["most"] == most.tolist()
            assert state["totals"] == [sum(row[k] for row in expected) for k in range(2, 7)]
    assert 40 < fitted < len(cases) - 100, "both kinds are there"


def _checked(network):
    return NetworkBill._shown["network"].validate(None, network)


def _traced(network, shape):
    """Rows of `trace` as far as it comes, and why it stops."""
    for end in range(len(network), -1, -1):
        try:
            rows = trace(network[:end], shape)
        except (TypeError, ValueError) as error:
            problem = str(error)
            continue
        written = [
            [row[0], " × ".join(map(str, row[1])), row[2], row[3] + row[4], row[5]] for row in rows
        ]
        return written, "" if end == len(network) else problem


def test_the_words_say_where_half_of_it_is(engine):
    assert engine.describe()["words"].replace("\u00a0", " ") == (
        "In all 15 237 608 activations, 138 357 544 parameters, 15 470 264 320 multiply-adds; as "
        "float32 61.0 MB and 553.4 MB. Half of the activations are reached at conv2_1, row 4 of 21; "
        "half of the parameters at fc6, row 19."
    )


VALUES = {"quantity": "memory", "number_format": "float64", "scale": "linear", "layer": 1}


def test_the_words_about_a_row_that_does_not_fit_say_what_does_not(engine):
    network = _checked([LINEAR | {"name": "a"}, POOL, LINEAR])
    said = engine.run(
        """[1, 2, 3].map((layer) => {
          const before = { ...values, layer: 0 };
          return describe({ ...before, layer }, TABLES, before).words;
        })""",
        values=VALUES | {"network": network, "input_shape": (1, 4, 4)},
    )
    assert said == [
        "a, 10: 10 activations, 170 parameters, 160 multiply-adds.",
        "layer 'p': the input must be of shape (C, H, W), got (10,)",
        "f has no output: the layers before it do not fit.",
    ]


WIDE = CONV | {"name": "bottleneck_3x3_a", "kernel_size": 99, "padding": 49, "out_channels": 9000}
WRITTEN = """
(() => {
  const pen = new SvgPen();
  const scene = { values, tables: TABLES, state: describe(values, TABLES), look: LIGHT };
  draw(pen, layout(width, scene), scene);
  return pen.parts.filter(({ words }) => words).map(({ words, at: [x, y], style }) => {
    const size = Number(style.match(/font-size:(\\d+)/)[1]);
    return [Math.round(y - 0.35 * size), +x, +x + 0.56 * size * words.length];
  });
})()
"""


@pytest.mark.parametrize("width", [870, 540, 400])
@pytest.mark.parametrize("quantity", COLUMNS)
def test_no_words_run_into_the_next_column_or_out_of_the_picture(engine, quantity, width):
    network = _checked([WIDE, WIDE | {"groups": 9, "stride": 10}])
    given = {"network": network, "input_shape": (9, 224, 224), "quantity": quantity}
    lines = {}
    for y, left, right in engine.run(WRITTEN, values=VALUES | given, width=width):
        lines.setdefault(y, []).append((left, right))
    assert len(lines) == 4, "the heads, the input and two layers"
    for words in map(sorted, lines.values()):
        ends = [left for left, _ in words[1:]] + [width]
        assert all(right <= end for (_, right), end in zip(words, ends, strict=True))


def test_of_many_rows_a_window_around_the_chosen_one_is_drawn(engine):
    network = [POOL | {"name": f"p{k}", "kernel_size": 1, "stride": 1} for k in range(1, 41)]
    for layer, above, below in [(0, 0, 18), (20, 9, 9), (40, 18, 0)]:
        svg = engine.svg(NetworkBill(network, layer=layer))
        assert [int(n) for n in re.findall(r">(\d+) more", svg)] == [n for n in (above, below) if n]
        names = re.findall(r">(input|p\d+)</text>", svg)
        assert len(names) == 23 and (f"p{layer}" if layer else "input") in names


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"network": "VGG"}, "network='VGG' is not one of [conv conv pool] × 3, LeNet-5"),
        ({"network": []}, "the number of layers=0 is outside 1 to 40"),
        ({"network": {"kind": "conv"}}, "network must be a list of layers"),
        ({"network": [{"kind": "conv"}]}, "layer 1 must be a dict with a kind and a name"),
        ({"network": [LINEAR | {"kind": "dense"}]}, "kind='dense' is not one of conv, maxpool"),
        ({"network": [LINEAR | {"stride": 2}]}, "layer 'f': linear has no stride"),
        ({"network": [CONV | {"stride": 0}]}, "layer 'a': stride=0 is outside 1 to 99"),
        ({"network": [CONV | {"kernel_size": (3, 1)}]}, "kernel_size must be an int, got (3, 1)"),
        ({"network": [{"kind": "conv", "name": "a", "kernel_size": 3}]}, "out_channels is missing"),
        ({"network": [CONV | {"name": "<b>"}]}, "name must be up to 16 letters and digits"),
        ({"input_shape": (3, 0, 5)}, "input height=0 is outside 1 to 999"),
        ({"input_shape": (3, 32)}, "input_shape must be (C, H, W), got (3, 32)"),
        ({"quantity": "price"}, "quantity='price' is not one of memory"),
        ({"number_format": "int4"}, "number_format='int4' is not one of float64"),
        ({"network": [LINEAR], "layer": 2}, "layer=2 is outside 0 to 1"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        NetworkBill(**change)


def test_it_takes_a_name_and_gives_a_network():
    explorer = NetworkBill("LeNet-5")
    assert explorer.input_shape == (1, 32, 32) and len(explorer.network) == len(LENET5)
    explorer.network = "VGG-16"
    assert repr(explorer).startswith("NetworkBill(<21 layers>, input_shape=(3, 224, 224), ")
    # What it gives is what trace takes.
    assert totals(trace(explorer.network, explorer.input_shape)).parameters == 138_357_544
    assert NetworkBill([POOL]).input_shape == (3, 32, 32)


@pytest.fixture
def bill(page):
    return page.open(NetworkBill("AlexNet"))


@pytest.mark.browser
def test_keys_and_clicks_choose_a_layer_and_its_costs_are_said(bill):
    from selenium.webdriver.common.keys import Keys

    keys = [(Keys.ARROW_DOWN, 2), (Keys.END, 13), (Keys.ARROW_UP, 12), (Keys.HOME, 0)]
    for key, layer in keys:
        bill.press(key)
        assert bill.trait("layer") == layer
    bill.press(Keys.ARROW_DOWN)
    assert bill.said().replace("\u00a0", " ") == (
        "conv1, 96 × 55 × 55: 290 400 activations, 34 944 parameters, 105 415 200 multiply-adds."
    )
    bill.click(200, 26 + 4.5 * 21)
    assert bill.trait("layer") == 4 and bill.text(".nb-title").startswith("conv2 → 256")
    bill.press(Keys.ARROW_UP)  # the click has brought the focus
    assert bill.trait("layer") == 3


@pytest.mark.browser
def test_layers_are_removed_added_moved_and_changed(bill):
    from selenium.webdriver.common.keys import Keys

    bill.press(Keys.DELETE)
    assert len(bill.trait("network")) == 12 and bill.text(".nb-title").startswith("norm1")
    bill.press(Keys.INSERT)
    new = {"kind": "conv", "name": "conv1", "bias": True} | KINDS["conv"]
    assert bill.trait("network")[1] == new
    assert bill.find("[data-choice=network] select").get_attribute("value") == "your own"
    bill.find("[aria-label='Move the chosen layer down']").click()
    names = [layer["name"] for layer in bill.trait("network")[:3]]
    assert names == ["norm1", "pool1", "conv1"] and bill.trait("layer") == 3
    bill.press("fully", at="[data-choice=kind] select")
    linear = {"kind": "linear", "name": "fc1", "out_features": 10, "bias": True}
    assert bill.trait("network")[2] == linear
    assert "does not fit" not in bill.said() and "conv2" in bill.said(), "the next one has no image"


@pytest.mark.browser
def test_a_number_is_typed_and_a_bad_one_is_not_taken(bill):
    from selenium.webdriver.common.keys import Keys

    field = "[data-field=stride] input"
    bill.press(Keys.BACKSPACE, at=field)
    assert bill.text(".nb-problem") == "Stride must be a whole number from 1 to 99." == bill.said()
    assert bill.find(field).get_attribute("aria-invalid") == "true"
    assert bill.trait("network")[0]["stride"] == 4
    bill.press("2", at=field)
    assert bill.trait("network")[0]["stride"] == 2
    assert not bill.find(".nb-problem").is_displayed()
    bill.press(Keys.HOME)
    bill.press(Keys.BACKSPACE, at="[data-field=height] input")
    assert bill.trait("input_shape") == [3, 22, 227]
    assert bill.text(".ex-problem:not(.nb-problem)").startswith("Does not fit. layer 'pool2'")


@pytest.mark.browser
def test_a_known_network_and_other_quantities_are_chosen(bill, engine):
    bill.find("[data-choice=quantity] input[value=parameters]").click()
    bill.find("[data-choice=scale] input[value=log]").click()
    bill.press("bin", at="[data-choice=number_format] select")
    bill.press("VGG-19", at="[data-choice=network] select")
    assert (bill.trait("scale"), bill.trait("number_format")) == ("log", "binary")
    assert bill.said() == engine.describe("VGG-19", number_format="binary")["words"]
    assert "143\u00a0667\u00a0240 parameters" in bill.said()


@pytest.mark.browser
def test_a_press_chooses_one_row_of_a_window_that_moves_with_the_choice(page):
    from selenium.webdriver import ActionChains

    network = [POOL | {"name": f"p{k}", "kernel_size": 1, "stride": 1} for k in range(1, 41)]
    bill = page.open(NetworkBill(network, layer=20))
    corner = bill.js("return el.querySelector('canvas').getBoundingClientRect().toJSON()")
    x, y = int(corner["x"] + 200), int(corner["y"] + 280)
    mouse = ActionChains(bill.driver)
    mouse.w3c_actions.pointer_action.move_to_location(x, y)
    mouse.click_and_hold()
    mouse.w3c_actions.pointer_action.move_to_location(x, y + 1)
    mouse.release().perform()
    assert bill.trait("layer") == 27


@pytest.mark.browser
def test_the_highest_state_is_not_higher_than_a_window(page):
    from selenium.webdriver.common.keys import Keys

    shape, network = NETWORKS["VGG-19"]
    bill = page.open(NetworkBill([layer | {"name": "m" * 16} for layer in network], shape))
    bill.press(Keys.BACKSPACE, at="[data-field=stride] input")
    assert bill.find(".nb-problem").is_displayed()
    assert bill.find(".explorer").size["height"] <= 650
