"""The occluder: probabilities of every place against the table and the network; keys and mouse."""

import itertools

import numpy as np
import pytest
import traitlets
from oracle import torch

from course_utils.explorers import Occluder
from course_utils.explorers.engine import Engine
from course_utils.explorers.occluder import SIZES

pytestmark = pytest.mark.unit

TABLES = Occluder.tables
IMAGES = TABLES["images"]
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@pytest.fixture(scope="module")
def engine():
    return Engine(Occluder)


def read(text, size):
    """A map of the table: (rows, columns, classes)."""
    numbers = [
        64 * DIGITS.index(a) + DIGITS.index(b) for a, b in zip(text[::2], text[1::2], strict=True)
    ]
    count = (TABLES["side"] - size) // TABLES["stride"] + 1
    return np.reshape(numbers, (count, count, -1)) / 4095


@pytest.mark.parametrize(
    ("size", "image"), list(itertools.product(SIZES, range(len(IMAGES)))), ids=str
)
def test_what_is_shown_is_what_the_table_has(engine, size, image):
    table = read(IMAGES[image]["maps"][str(size)], size)
    np.testing.assert_allclose(table.sum(2), 1, atol=0.002)
    label = TABLES["classes"].index(IMAGES[image]["label"])
    last = len(table) - 1
    for place in ((0, 0), (last, 0), (last // 2, last)):
        state = engine.describe(size, image, place)
        np.testing.assert_allclose(state["now"], table[place], atol=1e-9)
        np.testing.assert_allclose(state["before"], IMAGES[image]["before"])
        np.testing.assert_allclose(
            state["drops"], state["before"][label] - table[..., label], atol=1e-9
        )
        top, left = (2 * k for k in place)
        assert state["box"] == [top, left, top + size, left + size]
        assert (
            f"rows {top} to {top + size - 1}, columns {left} to {left + size - 1}" in state["words"]
        )
    assert state["worst"] == pytest.approx(np.max(state["drops"]))
    assert state["drops"][state["where"][0]][state["where"][1]] == state["worst"]


def test_the_answer_is_said_when_it_changes(engine):
    """The second image is right by its mark: in the corner everything changes, in the middle nothing."""
    count = (32 - 8) // 2 + 1
    corner, middle = (engine.describe(8, 1, place) for place in ((count - 1, 0), (4, 4)))
    label = IMAGES[1]["label"]
    assert corner["drops"][-1][0] > 0.9 and abs(middle["drops"][4][4]) < 0.1
    assert "The answer is right." in middle["words"] and label in middle["words"]
    assert "The answer is right." not in corner["words"]


@pytest.mark.torch
def test_the_tables_are_those_of_the_networks_that_come_with_the_course():
    if torch is None:
        pytest.skip("needs PyTorch")
    from course_utils.authoring.seeing_tables import occluder

    for old, new in zip(IMAGES, occluder()["images"], strict=True):
        assert old["pixels"] == new["pixels"] and old["label"] == new["label"]
        np.testing.assert_allclose(old["before"], new["before"], atol=0.002)
        for size in SIZES:
            maps = (read(one["maps"][str(size)], size) for one in (old, new))
            np.testing.assert_allclose(*maps, atol=0.003)


def test_a_place_stays_inside_when_the_square_grows():
    occluder = Occluder(4, 0, (14, 13))
    occluder.size = 12
    assert occluder.place == (10, 10)
    with pytest.raises(traitlets.TraitError, match="outside 11 × 11"):
        occluder.place = (11, 0)
    with pytest.raises(traitlets.TraitError, match="size=5 is not one of 4, 8, 12"):
        Occluder(size=5)


def test_playing_goes_through_all_places_once(engine):
    places, values = [], {"size": 12, "image": 0, "place": [0, 0]}
    while values["place"] is not None:
        places.append(tuple(values["place"]))
        found = engine.run("nextPlace(values, TABLES)", values=values)
        values["place"] = found and found["place"]
    assert places == list(itertools.product(range(11), repeat=2))


# In a browser
@pytest.mark.browser
def test_keys_and_mouse_move_the_square(page):
    from selenium.webdriver.common.keys import Keys

    page.open(Occluder())
    page.js("el.style.width = '900px'")
    page.press(Keys.ARROW_DOWN, Keys.ARROW_LEFT, "2")
    assert (page.trait("place"), page.trait("image")) == ([7, 5], 1)
    page.press(Keys.END)
    assert page.trait("place") == [12, 12]
    page.press(Keys.HOME)
    assert page.trait("place") == [0, 0]
    top = 44 + 16 + 24
    page.click(2 + 8 * 16, top + 8 * 20)  # the middle of the square comes to column 16, row 20
    assert page.trait("place") == [8, 6]
    page.click(2 + 256 + 22 + 8 * 30, top + 8 * 2)  # in the map
    assert page.trait("place") == [0, 12]
    page.click(20, 20)  # the first small image
    assert page.trait("image") == 0
    assert page.complaints() == []
