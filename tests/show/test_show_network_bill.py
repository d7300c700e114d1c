"""`course_utils.show`: the bill of a network, its twin in JavaScript, and its picture."""

import re

import pytest
import traitlets
from frame import frames
from pages import opened

from course_utils import show
from course_utils.arithmetic import BITS, totals, trace
from course_utils.networks import LENET5, VGG
from course_utils.show.bill import (
    AXES,
    FIELDS,
    KINDS,
    NETWORKS,
    QUANTITIES,
    SCALES,
    check_network,
    describe,
    halfway,
)

pytestmark = pytest.mark.unit

CONV = {"kind": "conv", "name": "a", "out_channels": 6, "kernel_size": 5}
POOL = {"kind": "maxpool", "name": "p", "kernel_size": 2, "stride": 2}
LINEAR = {"kind": "linear", "name": "f", "out_features": 10}
UNFIT = [
    ([CONV | {"kernel_size": 9}], (3, 8, 12), "layer 'a': kernel_size=9 with dilation=1 spans 9"),
    ([CONV, CONV | {"name": "b", "groups": 4}], (3, 12, 12), "layer 'b': groups=4 must divide"),
    ([CONV, LINEAR, POOL], (3, 12, 12), "layer 'p': the input must be of shape (C, H, W), got (10"),
    ([POOL | {"padding": 1, "kernel_size": 7}], (3, 4, 9), "the padded input size=4 + 2*padding=1"),
]
OWN = [
    ([CONV | {"bias": False}, LINEAR | {"bias": False}], (2, 9, 5)),
    (
        [CONV | {"padding": 3, "stride": 3, "groups": 3}, POOL, {"kind": "lrn", "name": "n"}],
        (3, 20, 31),
    ),
    ([LINEAR], (1, 1, 1)),
]


@pytest.mark.parametrize("name", NETWORKS)
def test_describe_agrees_with_the_arithmetic(name):
    shape, network = NETWORKS[name]
    state, traced = describe(network, shape), trace(network, shape)
    sums = totals(traced)
    assert state["totals"][:3] == [sums.activations, sums.parameters, sums.multiply_adds]
    expected = [[row[0], row[2], row[3] + row[4], row[5]] for row in traced]
    assert [[row[0], *row[2:5]] for row in state["rows"]] == expected
    assert [row[5] for row in state["rows"]] == [4 * row[2] for row in traced]
    assert state["problem"] == ""


def test_most_memory_is_early_and_most_parameters_are_late():
    shape, network = NETWORKS["VGG-16"]
    rows = describe(network, shape)["rows"]
    assert rows[halfway(rows, 2)][0] == "conv2_1" and rows[halfway(rows, 3)][0] == "fc6"
    words = describe(network, shape)["words"].replace("\u00a0", " ")
    assert words == (
        "In all 15 237 608 activations, 138 357 544 parameters, 15 470 264 320 multiply-adds; as "
        "float32 61.0 MB and 553.4 MB. Half of the activations are reached at conv2_1, row 4 of 21; "
        "half of the parameters at fc6, row 19."
    )


@pytest.mark.parametrize(("network", "shape", "part"), UNFIT, ids=[part[:30] for *_, part in UNFIT])
def test_a_network_that_does_not_fit_says_why_in_the_words_of_trace(network, shape, part):
    state = describe(network, shape)
    assert part in state["problem"] and state["words"] == state["problem"]
    with pytest.raises(ValueError, match=re.escape(state["problem"])):
        trace(network, shape)
    assert state["rows"] and len(state["rows"]) <= len(network)
    figure = show.draw_network_bill(network, shape)
    assert "does not fit" in [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("scale", SCALES)
def test_the_longest_bar_has_length_1(quantity, scale):
    shape, network = NETWORKS["AlexNet"]
    state = describe(network, shape, quantity, "float16", scale)
    for bars in zip(*state["bars"], strict=True):
        assert max(bars) == 1 and min(bars) >= 0


def test_the_format_changes_the_memory_only():
    shape, network = NETWORKS["LeNet-5"]
    double, single = (
        describe(network, shape, number_format=f)["totals"] for f in ("float64", "float32")
    )
    assert double[:3] == single[:3] and double[3:] == [2 * count for count in single[3:]]


BAD = [
    ({"network": "VGG"}, "network='VGG' is not one of [conv conv pool] × 3, LeNet-5"),
    ({"network": []}, "the number of layers=0 is outside 1 to 40"),
    ({"network": {"kind": "conv"}}, "network must be a list of layers"),
    ({"network": [{"kind": "conv"}]}, "layer 1 must be a dict with a kind and a name"),
    (
        {"network": [LINEAR | {"kind": "dense"}]},
        "layer 'f': kind='dense' is not one of conv, maxpool",
    ),
    ({"network": [LINEAR | {"stride": 2}]}, "layer 'f': linear has no stride"),
    (
        {"network": [{"kind": "conv", "name": "a", "kernel_size": 3}]},
        "layer 'a': out_channels is missing",
    ),
    (
        {"network": [CONV | {"kernel_size": (3, 1)}]},
        "layer 'a': kernel_size must be an int, got (3, 1)",
    ),
    ({"network": [CONV | {"stride": 0}]}, "layer 'a': stride=0 is outside 1 to 99"),
    ({"network": [CONV | {"name": "<b>"}]}, "name must be up to 16 letters and digits, got '<b>'"),
    ({"input_shape": (3, 0, 5)}, "input height=0 is outside 1 to 999"),
    ({"input_shape": (3, 32)}, "input_shape must be (C, H, W), got (3, 32)"),
    ({"quantity": "price"}, "quantity='price' is not one of memory"),
    ({"number_format": "int4"}, "number_format='int4' is not one of float64"),
    ({"scale": "root"}, "scale='root' is not one of linear, log"),
]


@pytest.mark.parametrize(("change", "part"), BAD, ids=[part[:30] for _, part in BAD])
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        show.NetworkBill(**change)
    with pytest.raises(ValueError, match=re.escape(part)):
        show.draw_network_bill(**change)


def test_the_widget_takes_a_name_and_gives_a_network():
    explorer = show.NetworkBill("LeNet-5")
    assert explorer.input_shape == (1, 32, 32) and explorer.network == check_network(LENET5)
    explorer.network = "VGG-16"
    assert (explorer.input_shape, len(explorer.network)) == ((3, 224, 224), len(VGG["D"]))
    assert repr(explorer).startswith("NetworkBill(<21 layers>, input_shape=(3, 224, 224), ")
    # What it gives is what trace takes.
    assert totals(trace(explorer.network, explorer.input_shape)).parameters == 138_357_544


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_the_picture_shows_every_row(quantity):
    figure = show.draw_network_bill("AlexNet", quantity=quantity, scale="log")
    words = [text.get_text() for text in figure.axes[0].texts]
    state = describe(NETWORKS["AlexNet"][1], NETWORKS["AlexNet"][0], quantity, scale="log")
    for texts in state["texts"]:
        assert {text.replace("\u00a0", " ") for text in texts} <= set(words)


# In a browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with opened(show.NetworkBill("AlexNet"), tmp_path_factory) as page:
        yield page


@pytest.fixture
def explorer(page):
    return page.fresh()


def chosen(explorer):
    return explorer.text(".nb-chosen .nb-name")


@pytest.mark.browser
def test_javascript_and_python_describe_the_same(explorer):
    cases = [
        (check_network(network), shape, quantity, number_format, scale)
        for shape, network in [
            *NETWORKS.values(),
            *((s, n) for n, s in OWN),
            *((s, n) for n, s, _ in UNFIT),
        ]
        for quantity, number_format, scale in [
            *((quantity, "float32", "linear") for quantity in QUANTITIES),
            *((quantity, "fixed10", "log") for quantity in QUANTITIES),
            *(("memory", number_format, "linear") for number_format in BITS),
        ]
    ]
    script = """return arguments[0].map((state) => twin.describe(
        Object.fromEntries(arguments[1].map((name, k) => [name, state[k]])), model.get("_bits")))"""
    names = ["network", "input_shape", "quantity", "number_format", "scale"]
    for case, state in zip(cases, explorer.js(script, cases, names), strict=True):
        expected = describe(*case)
        bars = [pytest.approx(bars) for bars in expected.pop("bars")]
        assert state.pop("bars") == bars
        assert state == expected


@pytest.mark.browser
def test_keys_choose_a_layer_and_its_costs_are_said(explorer):
    from selenium.webdriver.common.keys import Keys

    steps = [
        (Keys.ARROW_DOWN, "norm1"),
        (Keys.END, "fc8"),
        (Keys.ARROW_UP, "fc7"),
        (Keys.HOME, "input"),
    ]
    for key, name in steps:
        explorer.press(key)
        assert chosen(explorer) == name
    explorer.press(Keys.ARROW_DOWN)
    said = explorer.text(".ex-live").replace("\u00a0", " ")
    assert said == (
        "conv1, 96 × 55 × 55: 290 400 activations, 34 944 parameters, 105 415 200 multiply-adds."
    )
    assert explorer.js("return escaped") == []


@pytest.mark.browser
def test_layers_are_added_and_removed_by_keys(explorer):
    from selenium.webdriver.common.keys import Keys

    explorer.press(Keys.DELETE)
    assert len(explorer.trait("network")) == 12 and chosen(explorer) == "norm1"
    explorer.press(Keys.INSERT)
    network = explorer.trait("network")
    assert network[1] == {"kind": "conv", "name": "conv1", "bias": True} | KINDS["conv"]
    assert chosen(explorer) == "conv1"
    assert explorer.find("select").get_attribute("value") == "your own"


@pytest.mark.browser
def test_layers_are_moved_and_change_their_kind(explorer):
    explorer.find("[aria-label='Move the chosen layer down']").click()
    assert [layer["name"] for layer in explorer.trait("network")[:2]] == ["norm1", "conv1"]
    explorer.press("fully", at="[data-choice=kind] select")
    layer = explorer.trait("network")[1]
    assert layer == {"kind": "linear", "name": "fc1", "out_features": 10, "bias": True}


@pytest.mark.browser
def test_a_number_is_typed_and_a_bad_one_is_not_taken(explorer):
    from selenium.webdriver.common.keys import Keys

    field = "[data-field=stride] input"
    explorer.press(Keys.BACKSPACE, at=field)
    assert explorer.text(".nb-problem") == "Stride must be a whole number from 1 to 99."
    assert explorer.find(field).get_attribute("aria-invalid") == "true"
    assert explorer.trait("network")[0]["stride"] == 4
    explorer.press("2", at=field)
    assert explorer.trait("network")[0]["stride"] == 2 and explorer.text(".nb-problem") == ""
    explorer.press(Keys.HOME)
    explorer.press(Keys.BACKSPACE, at="[data-field=height] input")
    assert explorer.trait("input_shape") == [3, 22, 227]


@pytest.mark.browser
def test_a_network_that_does_not_fit_says_why(explorer):
    explorer.js("model.set('input_shape', [3, 60, 60])")
    shape, network = NETWORKS["AlexNet"]
    problem = describe(network, (3, 60, 60))["problem"]
    assert problem and explorer.text(".nb-problem") == f"Does not fit. {problem}."
    assert explorer.text(".ex-live") == problem
    assert "does not fit" in explorer.text(".nb-unfit")


@pytest.mark.browser
def test_choices_change_the_bars(explorer):
    explorer.find("[data-choice=quantity] input[value=parameters]").click()
    assert explorer.trait("quantity") == "parameters"
    explorer.find("[data-choice=scale] input[value=log]").click()
    explorer.press("bin", at="[data-choice=number-format] select")
    assert (explorer.trait("scale"), explorer.trait("number_format")) == ("log", "binary")
    explorer.press("VGG-19", at="[data-choice=network] select")
    assert explorer.data("parameters") == "143667240"
    widths = "return [...document.querySelectorAll('.nb-first i')].map((bar) => bar.style.width)"
    assert explorer.js(widths)[22] == "100%"


@pytest.mark.browser
def test_a_click_chooses_a_layer(explorer):
    explorer.driver.find_elements(explorer.by, ".nb-row")[5].click()
    assert chosen(explorer) == "conv2"
    assert "nb-list" in explorer.driver.switch_to.active_element.get_attribute("class")


@pytest.mark.browser
def test_tab_reaches_everything_and_everything_has_a_name(explorer):
    reached = explorer.reached(14)
    labels = [label for label, _, _ in list(FIELDS.values())[:5]]
    assert reached[:5] == ["Network", "Memory", "Linear", "Numbers", "Kind"]
    assert reached[5:10] == labels and "Up and down choose a layer" in reached[-1]
    assert reached[10:13] == [
        "Add a layer below the chosen one",
        "Remove the chosen layer",
        "Move the chosen layer down",
    ]
    assert len(AXES) == 3


@pytest.mark.browser
def test_an_update_takes_less_than_a_frame(explorer):
    explorer.press("VGG-19", at="[data-choice=network] select")
    shapes = [[3, 224, 160 + k] for k in range(60)]
    assert 0 < frames(explorer, "input_shape", shapes) < 1
    quantities = list(QUANTITIES) * 8
    assert 0 < frames(explorer, "quantity", quantities) < 1


@pytest.mark.browser
def test_an_explorer_that_is_closed_leaves_nothing_behind(explorer):
    explorer.js("remove(); model.set('input_shape', [3, 300, 300])")
    assert explorer.data("activations") == "1413347"
