"""`course_utils.checks.picture`: what is drawn of two arrays."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.collections import LineCollection

from course_utils.checks.picture import comparison_png, draw_comparison

pytestmark = pytest.mark.unit

RNG = np.random.default_rng(0)
EXPECTED = RNG.standard_normal((2, 3, 4, 5))


def panels(figure):
    """Return the axes that have a title, by that title; colour bars have none."""
    return {axis.get_title(): axis for axis in figure.axes if axis.get_title()}


def numbers(axis):
    return [text.get_text() for text in axis.texts]


def outlines(axis):
    return [c for c in axis.collections if isinstance(c, LineCollection)]


def said(figure):
    return figure.get_suptitle(), figure.get_supxlabel()


def test_three_panels_of_the_first_slice_that_differs():
    got = EXPECTED.copy()
    got[1, 2, 3, 4] = 9
    figure = draw_comparison(EXPECTED, got, "conv2d_forward(x, w, b)")
    drawn = panels(figure)
    assert list(drawn) == ["expected", "yours", "difference"]
    assert said(figure) == (
        "conv2d_forward(x, w, b)\nslice [1, 2, :, :] of shape (2, 3, 4, 5)",
        f"1 of 120 elements differs, at (1, 2, 3, 4): expected {EXPECTED[1, 2, 3, 4]:.4}, got 9.0",
    )
    image = drawn["yours"].images[0].get_array()
    assert np.array_equal(image, got[1, 2])


def test_values_share_a_scale_and_the_difference_is_centred():
    drawn = panels(draw_comparison([[1.0, 2.0]], [[1.0, 7.0]]))
    values = [drawn[name].images[0] for name in ("expected", "yours")]
    assert [image.get_clim() for image in values] == [(1, 7), (1, 7)]
    assert {image.get_cmap().name for image in values} == {"viridis"}
    difference = drawn["difference"].images[0]
    assert difference.norm.vmin == -difference.norm.vmax == -5


def test_a_line_runs_round_what_differs_in_every_panel():
    got = EXPECTED.copy()
    got[0, 0, 1:3, 2] += 1  # two cells, one below the other
    for axis in panels(draw_comparison(EXPECTED, got)).values():
        (lines,) = outlines(axis)
        segments = {tuple(map(tuple, segment)) for segment in lines.get_segments()}
        sides = {((1.5, 0.5), (1.5, 2.5)), ((2.5, 0.5), (2.5, 2.5))}
        ends = {((1.5, 0.5), (2.5, 0.5)), ((1.5, 2.5), (2.5, 2.5))}
        assert segments == sides | ends
        assert sum(text.get_weight() == "bold" for text in axis.texts) == 2
    assert not any(map(outlines, panels(draw_comparison(EXPECTED, EXPECTED)).values()))


def test_numbers_stand_in_small_slices_only():
    drawn = panels(draw_comparison([[1, 2], [3, 4]], [[1, 2], [3, -0.12345]]))
    assert numbers(drawn["yours"]) == ["1", "2", "3", "-0.12"]
    drawn = panels(draw_comparison(np.zeros((20, 30)), np.ones((20, 30))))
    assert numbers(drawn["yours"]) == []


def test_two_panels_and_a_sentence_where_shapes_differ():
    figure = draw_comparison(EXPECTED, EXPECTED[..., 1:])
    assert list(panels(figure)) == ["expected", "yours"]
    heading, sentence = said(figure)
    assert heading == "first slice of each"
    assert sentence.startswith("shape differs: expected (2, 3, 4, 5), got (2, 3, 4, 4)\n")


PAIRS = {
    "number": (3.0, 4.0),
    "1-d": (np.arange(9.0), np.arange(9.0) + 1),
    "long": (RNG.standard_normal(500), RNG.standard_normal(500)),
    "tall": (np.ones((3000, 2)), np.zeros((3000, 2))),
    "large": (RNG.standard_normal((200, 200)), RNG.standard_normal((200, 200))),
    "5-d": (RNG.standard_normal((2, 1, 2, 2, 3)), RNG.standard_normal((2, 1, 2, 2, 3))),
    "bool": ([True, False], [True, True]),
    "complex": ([[1 + 2j, 3]], [[1, 3]]),
    "nan": ([np.nan, np.inf, 1.0], [0.0, 0.0, np.nan]),
    "nothing finite": (np.full((2, 2), np.nan), np.full((2, 2), np.inf)),
    "overflow": ([1e308, -1e308], [-1e308, 1e308]),
    "tiny": ([5e-324, 0.0], [0.0, 0.0]),
    "equal": (EXPECTED, EXPECTED),
    "empty": (EXPECTED, EXPECTED[..., 1:0]),
    "both empty": (np.zeros((0, 3)), np.zeros((0, 3))),
    "other dimensions": (EXPECTED, 1.0),
}


@pytest.mark.parametrize(("expected", "got"), PAIRS.values(), ids=PAIRS.keys())
def test_a_picture_of_anything(expected, got):
    png = comparison_png(expected, got, "f(x)")
    assert png.startswith(b"\x89PNG")


def test_infinities_and_nan_stand_as_words_and_stretch_no_scale():
    yours = panels(draw_comparison([1.0, 2.0, 3.0], [1.0, np.nan, np.inf]))["yours"]
    assert numbers(yours) == ["1", "nan", "inf"]
    assert yours.images[0].get_clim() == (1, 3)


def test_inputs_stay_as_they_are():
    expected, got = EXPECTED.copy(), EXPECTED + 1
    draw_comparison(expected, got)
    assert np.array_equal(expected, EXPECTED) and np.array_equal(got, EXPECTED + 1)


def test_what_is_not_numbers_is_refused():
    with pytest.raises(TypeError, match="got must be an array of numbers, not NoneType"):
        draw_comparison([1.0], None)


def test_pyplot_stays_out_of_it():
    code = (
        "import sys; from course_utils.checks.picture import comparison_png;"
        "comparison_png([1, 2], [1, 3], ''); sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
