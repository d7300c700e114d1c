"""What lecture 02 draws of its training, its graph, its matrix of windows, and learned filters."""

import re

import numpy as np
import pytest

from course_utils import layers
from course_utils.show import graph, images, learned, lowered, watching

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("x", [5, -2, 0])
def test_the_gradients_of_the_graph_are_slopes(x):
    edges = {(start, end): (value, gradient) for start, end, value, gradient in graph.edges(x)}
    total = edges["x", "· 3"][1] + edges["x", "square"][1]
    assert total == 6 - 2 * x and edges["+", "L"] == (6 * x - x * x, 1)
    for start, end, value, gradient in graph.edges(x):
        moved = {edge[:2]: edge[2] for edge in graph.edges(x)}
        if end == "+":
            assert gradient == 1
        elif end == "· 2":
            assert (gradient, value) == (2, 3 * x)
        elif end == "· (−1)":
            assert (gradient, value) == (-1, x * x)
        assert moved[start, end] == value
    assert f"dx = {3 * 2} + (" in graph.draw_graph(x).alt


def test_the_matrix_of_windows_times_the_filters_is_the_convolution():
    out, _ = layers.conv2d_forward(
        lowered.TINY[None].astype(float), lowered.FILTERS.reshape(2, 2, 2, 2).astype(float)
    )
    product = lowered.FILTERS @ lowered.columns_of(lowered.TINY)
    assert (product == out[0].reshape(2, 4)).all()
    figure = lowered.draw_lowered()
    assert f"The product is {product.tolist()}." in figure.alt
    assert "row 0 and column 1, is column 1" in figure.alt
    words = [text.get_text() for text in figure.axes[0].texts]
    assert words.count("5") >= 5, "the image's 5 and its four places in the matrix"


def test_progress_shows_both_curves_and_every_filter():
    kernels = np.random.default_rng(0).normal(size=(8, 1, 3, 3))
    figure = watching.draw_progress([2.3, 1.5], [(1, 0.1, 0.12), (2, 0.4, 0.35)], kernels)
    assert len(figure.axes) == 10
    assert figure.alt.startswith("After 2 steps: loss 1.50, validation accuracy 35%.")
    shown = figure.axes[2].images[0].get_array()
    assert shown.shape[:2] == (3, 3) and shown.min() >= 0 and shown.max() <= 1
    colour = watching.draw_progress([2.3], [(1, 0.1, 0.1)], np.zeros((2, 3, 3, 3)))
    assert colour.axes[2].images[0].get_array().shape == (3, 3, 3)
    assert (colour.axes[3].images[0].get_array() == 0.5).all(), "nothing learned is grey"


@pytest.mark.parametrize("channels", [1, 3])
def test_verdicts_name_what_is_wrong(channels):
    x = np.zeros((9, channels, 8, 8), np.uint8)
    said = np.array([0, 1, 1, 1, 1, 1, 1, 1, 1])
    figure = watching.draw_verdicts(x, np.ones(9, int), said, ("disc", "ring"))
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:2] == ["✗ disc\nis ring", "✓ ring"] and titles[9:] == [""] * 7
    assert figure.alt == "9 test images with what the network says; 1 of them wrong, framed."


def test_arrays_stand_side_by_side():
    figure = images.draw_arrays({"one": np.eye(3), "two": np.eye(2)}, "Two arrays.")
    assert [axes.get_title() for axes in figure.axes] == ["one", "two"]
    assert figure.alt == "Two arrays." and len(images.draw_arrays({"a": np.eye(2)}, "A").axes) == 1


def test_learned_filters_are_six_layers_that_are_no_noise():
    found = learned.learned_filters()
    assert [w.shape for w, _ in found] == [(10, 3, 3, 3), *[(10, 10, 3, 3)] * 5]
    assert all(b.shape == (10,) and abs(w).max() > 0.1 for w, b in found)


def test_the_filters_learn_and_are_stored_as_they_are_read(monkeypatch):
    params, right = learned.train(count=100, epochs=1)
    assert 0 <= right <= 1
    stored = re.sub(r"^STORED = ", "", learned._stored(params))
    monkeypatch.setattr(learned, "STORED", eval(stored))
    for number, (w, b) in enumerate(learned.learned_filters(), start=1):
        most = max(abs(params[f"W{number}"]).max(), abs(params[f"b{number}"]).max())
        assert abs(w - params[f"W{number}"]).max() <= most / 127
        assert abs(b - params[f"b{number}"]).max() <= most / 127
