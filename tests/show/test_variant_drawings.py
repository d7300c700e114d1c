"""The drawings of lecture 03: what they say is counted, and what lectures draw while they run has words."""

import re

import numpy as np
import pytest

from course_utils.arithmetic import receptive_field
from course_utils.show import variants

pytestmark = pytest.mark.unit


def words_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize("stack", [(1, 1, 1), (1, 2, 4), (2, 2, 2), (3, 3)], ids=str)
def test_a_dilated_stack_says_how_many_inputs_it_reads(stack):
    [said] = [w for w in words_of(variants.draw_dilated_stack((stack,))) if "reads" in w]
    read, span = map(int, re.findall(r"\d+", said))
    assert span == receptive_field([(3, 1, dilation) for dilation in stack])
    reached = {0}
    for dilation in stack:
        reached = {place + dilation * tap for place in reached for tap in (-1, 0, 1)}
    assert read == len(reached)


def test_the_channels_of_variants_say_their_weights():
    words = " ".join(words_of(variants.draw_channels_of_variants(3, 4)))
    assert [int(n) for n in re.findall(r"(\d+) weights", words) if int(n) > 3] == [108, 27, 12]


def test_every_place_of_an_unshared_layer_has_a_name():
    words = words_of(variants.draw_unshared())
    assert words.count("w") == 16
    assert {f"w[{i},{j}]" for i in range(4) for j in range(4)} <= set(words)


def test_what_is_drawn_in_a_lecture_has_words_instead_of_it():
    x = np.random.default_rng(0).normal(size=(3, 100))
    score, grid = x.sum(axis=0), np.array([[1.0, 1.0], [1.0, 2.0]])
    day = variants.draw_day(x, ("a", "b", "c"), [10], score, [12, 40])
    assert "a, b, c" in day.alt and "2 peaks" in day.alt
    taps = variants.draw_taps(np.eye(4), {"before": (grid, grid), "after": (grid, grid + 0.5)})
    assert "before, after" in taps.alt and len(taps.axes) == 2
    maps = variants.draw_maps({"one": np.eye(3), "two": np.eye(2)}, "Two maps.")
    assert maps.alt == "Two maps." and [a.get_title() for a in maps.axes] == ["one", "two"]
    for figure in (day, taps, maps):
        assert "<img" in figure._repr_html_()
