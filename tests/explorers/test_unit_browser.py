"""The unit browser: what the tables say is what is shown; its tables against the network; keys and mouse."""

import re

import numpy as np
import pytest
import traitlets
from oracle import torch

from course_utils.explorers import UnitBrowser
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

LAYERS = UnitBrowser.tables["layers"]
EVERY = [
    (layer, unit, patch)
    for layer, found in enumerate(LAYERS)
    for unit, one in enumerate(found["units"])
    for patch in range(len(one["patches"]))
]


@pytest.fixture(scope="module")
def engine():
    return Engine(UnitBrowser)


@pytest.mark.parametrize(("layer", "unit", "patch"), EVERY[::5], ids=str)
def test_a_state_shows_the_layer_the_unit_and_the_patch_that_were_chosen(
    engine, layer, unit, patch
):
    state = engine.describe(layer, unit, patch)
    one = LAYERS[layer]["units"][unit]
    assert state["layer"]["name"] == LAYERS[layer]["name"]
    assert state["unit"]["number"] == one["number"]
    assert state["patch"] == one["patches"][patch]
    labels = [p["label"] for p in one["patches"]]
    counts = dict((word, int(n)) for n, word in re.findall(r"(\d+) (\w+)", state["labels"]))
    assert counts == {word: labels.count(word) for word in labels}
    top, left, bottom, right = one["patches"][patch]["box"]
    assert f"rows {top} to {bottom - 1}, columns {left} to {right - 1}" in state["words"]


def test_patches_come_in_order_and_are_as_large_as_their_boxes():
    for layer in LAYERS:
        for unit in layer["units"]:
            answers = [p["activation"] for p in unit["patches"]]
            assert answers == sorted(answers, reverse=True)
            assert len({p["image"] for p in unit["patches"]}) == 9
            for patch in unit["patches"]:
                top, left, bottom, right = patch["box"]
                assert 0 <= top < bottom <= 32 and 0 <= left < right <= 32
                assert bottom - top <= layer["field"] and right - left <= layer["field"]
                assert len(patch["pixels"]) == 2 * (bottom - top) * (right - left)


def test_the_code_of_the_pixels_is_read_back(engine):
    assert engine.run("coloursOf(text, 2)", text="AAP/BAAP") == [["#000", "#3ff"], ["#040", "#00f"]]


@pytest.mark.torch
def test_the_tables_are_those_of_the_network_that_comes_with_the_course():
    if torch is None:
        pytest.skip("needs PyTorch")
    from course_utils.authoring.seeing_tables import units

    for old, new in zip(LAYERS, units()["layers"], strict=True):
        assert {k: v for k, v in old.items() if k != "units"} == {
            k: v for k, v in new.items() if k != "units"
        }
        for one, other in zip(old["units"], new["units"], strict=True):
            assert one["filter"] == other["filter"]
            answers = ([p["activation"] for p in u["patches"]] for u in (one, other))
            np.testing.assert_allclose(*answers, atol=0.02)


def test_tables_of_another_network_are_shown_instead(engine):
    tables = {**UnitBrowser.tables, "layers": LAYERS[1:2]}
    browser = UnitBrowser.of(tables, unit=2)
    assert browser.unit == 2 and UnitBrowser.tables["layers"] is LAYERS
    assert '"name":"conv2"' in browser._setup and '"name":"conv1"' not in browser._setup
    with pytest.raises(traitlets.TraitError, match="layer=1 is outside 0 to 0"):
        browser.layer = 1


def test_a_unit_stays_within_a_layer_that_has_fewer():
    browser = UnitBrowser(layer=0, unit=3)
    browser.layer = 2
    assert browser.unit == len(LAYERS[2]["units"]) - 1
    with pytest.raises(traitlets.TraitError, match="unit=9"):
        browser.unit = 9


# In a browser
@pytest.mark.browser
def test_keys_and_mouse_choose_layer_unit_and_patch(page):
    from selenium.webdriver.common.keys import Keys

    page.open(UnitBrowser())
    page.js("el.style.width = '900px'")
    page.press(Keys.ARROW_RIGHT, Keys.ARROW_DOWN, "5")
    assert [page.trait(n) for n in ("layer", "unit", "patch")] == [1, 1, 4]
    page.press(Keys.END)
    assert page.trait("unit") == len(LAYERS[1]["units"]) - 1
    page.press(Keys.HOME, Keys.ARROW_UP, Keys.ARROW_UP)
    assert [page.trait(n) for n in ("layer", "unit")] == [0, 0]
    page.click(98 * 2 + 40, 12)  # the tab of the third layer
    assert page.trait("layer") == 2
    page.click(44 + 10, 36 + 10)  # the tile of the second unit
    assert page.trait("unit") == 1
    assert page.complaints() == []
