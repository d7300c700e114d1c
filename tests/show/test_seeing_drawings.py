"""Drawings of lecture 08: planes of features, and maps beside images."""

import numpy as np
import pytest

from course_utils.show import style
from course_utils.show.seeing import draw_maps, draw_planes

pytestmark = pytest.mark.unit


def test_planes_have_both_classes_a_line_and_their_titles():
    points = np.random.default_rng(0).normal(size=(30, 2))
    labels = np.arange(30) % 2
    figure = draw_planes({"pixels": points, "relu4": points + 1}, labels, ("ring", "frame"))
    assert [axes.get_title() for axes in figure.axes] == ["pixels", "relu4"]
    for axes, shift in zip(figure.axes, (0, 1), strict=True):
        for label, drawn in enumerate(axes.collections):
            np.testing.assert_allclose(drawn.get_offsets(), points[labels == label] + shift)
        [line] = axes.lines
        assert list(line.get_xdata()) == [0, 0]
    marks = {len(drawn.get_paths()[0].vertices) for drawn in figure.axes[0].collections}
    assert len(marks) == 2, "the shape of a mark tells the class as well as its colour"
    assert "ring" in figure.alt and "relu4" in figure.alt
    assert "<svg" in style.svg_text(figure)


def test_maps_keep_their_range_and_rows_their_words():
    image, numbers = np.zeros((4, 4, 3)), np.linspace(0.2, 0.4, 16).reshape(4, 4)
    rows = {"first": [image, (numbers, (0, 1))], "second": [image, numbers]}
    figure = draw_maps(rows, ["image", "map"], "two rows")
    first, second = (figure.axes[k].images[0] for k in (1, 3))
    assert first.get_clim() == (0, 1) and second.get_clim() == pytest.approx((0.2, 0.4))
    assert [figure.axes[k].get_ylabel() for k in (0, 2)] == ["first", "second"]
    assert [axes.get_title() for axes in figure.axes] == ["image", "map", "", ""]
    assert figure.alt == "two rows"
