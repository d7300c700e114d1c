"""The walk over the variants of convolution: its numbers in every state, and its keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets
from oracle import functional, torch

from course_utils.arithmetic import conv_multiply_adds, conv_parameters, transposed_output_size
from course_utils.explorers import VariantWalk
from course_utils.explorers.engine import Engine
from course_utils.explorers.variant_walk import INDICES, PRESETS, SIDE, SMALL, WEIGHTS, X

pytestmark = pytest.mark.unit

SETTINGS = list(itertools.product((1, 2, 3), (1, 2, 3), (1, 2, 3), (1, 2, 4)))
IDS = ["-".join(map(str, setting)) for setting in SETTINGS]
each_setting = pytest.mark.parametrize("setting", SETTINGS, ids=IDS)


@pytest.fixture(scope="module")
def engine():
    return Engine(VariantWalk)


def shared_weights(kernel_size, groups):
    return np.array(WEIGHTS)[INDICES][:, : 4 // groups, :kernel_size, :kernel_size]


def own_weights(kernel_size, groups, i, j):
    a, b = np.indices((kernel_size, kernel_size))
    numbers = np.array(INDICES)[:, : 4 // groups, :kernel_size, :kernel_size]
    return np.array(WEIGHTS)[(numbers + i * (1 + a) + 2 * j * (1 + b)) % len(WEIGHTS)]


def tensor(values):
    return torch.tensor(np.array(values), dtype=torch.float64)


@pytest.mark.torch
@each_setting
def test_a_convolution_agrees_with_torch(engine, setting):
    F, S, D, G = setting
    y = functional.conv2d(
        tensor(X)[None], tensor(shared_weights(F, G)), stride=S, dilation=D, groups=G
    )
    state = engine.describe(*setting)
    assert state["y"] == y[0].tolist()
    assert state["weights"] == conv_parameters(4, 4, F, bias=False, groups=G)
    assert state["multiply_adds"] == conv_multiply_adds(4, 4, F, y.shape[-1], groups=G)


@pytest.mark.torch
@each_setting
def test_a_transposed_convolution_agrees_with_torch(engine, setting):
    F, S, D, G = setting
    options = dict(stride=S, dilation=D, groups=G)
    x, w = tensor(X)[None, :, :SMALL, :SMALL], tensor(shared_weights(F, G))
    state = engine.describe(*setting, "transposed")
    assert state["y"] == functional.conv_transpose2d(x, w, **options)[0].tolist()
    assert state["n"] == transposed_output_size(SMALL, F, S, dilation=D)
    ones = torch.ones(1, 1, SMALL, SMALL), torch.ones(1, 1, F, F)
    assert state["times"] == functional.conv_transpose2d(*ones, stride=S, dilation=D)[0, 0].tolist()
    assert state["multiply_adds"] == SMALL * SMALL * conv_parameters(4, 4, F, bias=False, groups=G)


@pytest.mark.torch
@each_setting
def test_an_unshared_one_has_the_kernel_of_each_place(engine, setting):
    F, S, D, G = setting
    state = engine.describe(*setting, "unshared")
    options = dict(stride=S, dilation=D, groups=G)
    for i, j in np.ndindex(state["n"], state["n"]):
        y = functional.conv2d(tensor(X)[None], tensor(own_weights(F, G, i, j)), **options)
        assert [state["y"][k][i][j] for k in range(4)] == y[0, :, i, j].tolist()
    places = state["n"] ** 2
    assert state["weights"] == places * conv_parameters(4, 4, F, bias=False, groups=G)
    kernels = [own_weights(F, G, i, j).tolist() for i, j in np.ndindex(state["n"], state["n"])]
    assert F == 1 or sum(kernel == kernels[0] for kernel in kernels) == 1


@pytest.mark.parametrize("kind", ["convolution", "unshared"])
@pytest.mark.parametrize("setting", SETTINGS[::5], ids=IDS[::5])
def test_what_lights_up_is_what_the_output_depends_on(engine, setting, kind):
    F, S, D, G = setting
    for channel, place in ((0, (0, 0)), (1, (0, 1)), (2, (1, 0)), (3, (9, 9))):
        n = engine.describe(*setting, kind)["n"]
        place = tuple(min(k, n - 1) for k in place)
        state = engine.describe(*setting, kind, channel, place)
        group = channel * G // 4
        assert state["partners"] == list(range(group * 4 // G, (group + 1) * 4 // G))
        total = 0
        for partner, lit in zip(state["partners"], state["lit"], strict=True):
            rows, columns, weights, products = np.array(lit).T
            assert (products == weights * np.array(X)[partner, rows, columns]).all()
            total += products.sum()
        corner = np.array(place) * S
        taps = {tuple(corner + np.array(tap) * D) for tap in np.ndindex(F, F)}
        assert {(r, c) for r, c, *_ in lit} == taps
        assert total == state["sum"] == state["y"][channel][place[0]][place[1]]


@pytest.mark.parametrize("setting", SETTINGS[::5], ids=IDS[::5])
def test_what_an_input_feeds_adds_up_to_the_transposed_output(engine, setting):
    total = np.zeros(np.shape(engine.describe(*setting, "transposed")["y"]))
    for channel, i, j in np.ndindex(4, SMALL, SMALL):
        state = engine.describe(*setting, "transposed", channel, (i, j))
        for partner, lit in zip(state["partners"], state["lit"], strict=True):
            for r, c, _, product in lit:
                total[partner, r, c] += product
    assert total.tolist() == state["y"]


def test_the_variants_have_the_counts_that_the_lecture_says(engine):
    counts = {name: engine.describe(**changes)["weights"] for name, changes in PRESETS.items()}
    assert counts == {
        "standard": 144, "unshared": 3600, "dilated": 144, "grouped": 72, "depthwise": 36,
        "pointwise": 16, "transposed": 144,
    }  # fmt: skip
    pairs = {name: engine.describe(**changes)["pairs"] for name, changes in PRESETS.items()}
    assert (pairs["standard"], pairs["grouped"], pairs["depthwise"]) == (16, 8, 4)


def test_the_lines_write_the_numbers_out(engine):
    [[_, lines]] = engine.describe(groups=2, dilation=2, channel=3, place=(1, 2))["sections"]
    plain = ["".join(str(p[0]) if isinstance(p, list) else p for p in line) for line in lines]
    assert plain == [
        "Output channel 3, row 1, column 2, reads input channels 2, 3: 18 products with the same kernels as "
        "every other place of its channel add up to 14.",
        "Weights: 4 · 4 / 2 · 3² = 72; multiply-adds: 648, for 9 output places.",
        "Of 16 pairs of channels 8 are connected; a kernel spans 5 × 5 = (2 · (3 − 1) + 1)² pixels.",
    ]
    [[_, lines]] = engine.describe(kind="transposed", stride=2, place=(1, 0))["sections"]
    assert "covered by 1 to 4 each" in lines[-1][0]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"kernel_size": 4}, "kernel_size=4 is outside 1 to 3"),
        ({"groups": 3}, "groups=3 is not one of 1, 2, 4"),
        ({"kind": "local"}, "kind='local' is not one of convolution, unshared, transposed"),
        ({"channel": 4}, "channel=4 is outside 0 to 3"),
        ({"place": (5, 0)}, "place=(5, 0) is outside 5 × 5"),
        ({"kind": "transposed", "place": (3, 0)}, "place=(3, 0) is outside 3 × 3"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_its_range(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        VariantWalk(**change)


def test_a_place_stays_inside_when_the_kind_changes():
    walk = VariantWalk(place=(4, 4))
    walk.kind = "transposed"
    assert walk.place == (SMALL - 1, SMALL - 1)
    walk.kind, walk.dilation = "convolution", 3
    assert walk.place == (SIDE - 7, SIDE - 7)


@pytest.mark.browser
def test_keys_clicks_and_the_list_of_variants(page, engine):
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.select import Select

    page.open(VariantWalk())
    moves = [
        *((Keys.ARROW_RIGHT, [0, 1]), (Keys.ARROW_DOWN, [1, 1]), (Keys.ARROW_LEFT, [1, 0])),
        *((Keys.ARROW_UP, [0, 0]), (Keys.END, [4, 4]), (Keys.HOME, [0, 0])),
    ]
    for key, place in moves:
        page.press(key)
        assert page.trait("place") == place
        assert page.said() == engine.describe(place=place)["words"]
    page.press(Keys.PAGE_DOWN, Keys.PAGE_DOWN, Keys.PAGE_UP)
    assert page.trait("channel") == 1
    variant = Select(page.find("[data-choice=variant] select"))
    for name, changes in PRESETS.items():
        variant.select_by_visible_text(name)
        assert all(page.trait(trait) == value for trait, value in changes.items())
        assert variant.first_selected_option.text == name
    page.click(20 + 22 * 0.5, 42 + 22 * 1.5)  # row 1, column 0 of input channel 0
    assert (page.trait("channel"), page.trait("place")) == (0, [1, 0])
    page.set(stride=3)
    assert variant.first_selected_option.text == "another"


@pytest.mark.browser
def test_space_plays_and_pauses(page):
    page.open(VariantWalk())
    page.press(" ")
    assert "Pause" in page.text(".ex-play")
    page.press(" ")
    assert "Play" in page.text(".ex-play")
