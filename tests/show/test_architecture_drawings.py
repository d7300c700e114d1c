"""The drawings of lecture 06: losses and gradients of deep networks, and its committed figures."""

import math
import re

import numpy as np
import pytest

from course_utils.data import DRAWN_CLASSES
from course_utils.networks import ALEXNET
from course_utils.show import blocks, curves, flow, style

pytestmark = pytest.mark.unit


def words_of(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def run(losses, layers=3):
    norms = [[10.0 ** (layer - step) for layer in range(layers)] for step in range(len(losses))]
    return {"loss": list(losses), "norms": norms, "steps": len(losses)}


# Losses and gradients


def test_a_loss_is_the_mean_of_ten_steps():
    losses = np.random.default_rng(0).uniform(1, 2, 25)
    expected = [losses[max(0, k - 9) : k + 1].mean() for k in range(25)]
    np.testing.assert_allclose(flow.smooth(losses), expected)
    assert len(flow.smooth([])) == 0


def test_gradients_are_those_of_the_first_step_and_the_geometric_mean_of_the_last_ten():
    first, last = flow.norms_of(run([1.0] * 12))
    np.testing.assert_allclose(first, [1, 10, 100])
    np.testing.assert_allclose(last, [10**-6.5, 10**-5.5, 10**-4.5])  # steps 2 to 11


@pytest.mark.parametrize("bad", [0.0, math.nan, math.inf])
def test_norms_that_have_no_logarithm_are_left_out(bad):
    first, last = flow.norms_of({"loss": [1.0], "norms": [[bad, 2.0]], "steps": 1})
    np.testing.assert_array_equal(first, [math.nan, 2])
    np.testing.assert_allclose(last, [math.nan, 2])


def test_networks_share_two_panels_and_differ_in_colour_and_mark():
    figure = flow.draw_flow({"plain": run([3.0, 2.0]), "residual": run([2.5, 1.5, 1.0], layers=5)})
    left, right = figure.axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), [3, 2.5])
    assert [len(line.get_xdata()) for line in right.lines] == [3, 3, 5, 5]
    assert [line.get_linestyle() for line in right.lines] == ["--", "-"] * 2
    assert right.get_yscale() == "log" and left.get_yscale() == "linear"
    looks = {(line.get_color(), line.get_marker()) for line in left.lines}
    assert len(looks) == len({mark for _, mark in looks}) == 2
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["plain", "residual"]
    assert (
        "plain: 2 steps, loss 2.5, gradient 1 at the first layer and 1e+02 at the last"
        in figure.alt
    )
    assert style.svg_text(figure)


def test_a_network_that_diverged_can_be_drawn():
    lost = {"loss": [2e3, math.nan], "norms": [[1e3, 1e4], [math.nan] * 2], "steps": 90}
    figure = flow.draw_flow({"residual": lost | {"stopped": "nan"}, "plain": run([2.3, 2.2])})
    assert style.svg_text(figure) and "residual: 2 steps, loss nan" in figure.alt


def test_there_must_be_a_network():
    with pytest.raises(ValueError, match="there is no run to draw"):
        flow.draw_flow({})


def test_live_shows_the_last_step_and_keeps_earlier_networks(capsys, monkeypatch):
    drawn = []
    monkeypatch.setattr(curves, "_in_notebook", lambda: True)
    monkeypatch.setattr(flow, "draw_flow", lambda runs: drawn.append([*runs]) or style.Picture())
    monkeypatch.setattr(curves._Screen, "show", lambda self, *said: print(id(self), said[3]))
    live = flow.LiveFlow()
    for name, losses in (("plain", [2.0]), ("residual", [3.0])):
        live.run(name)(run(losses))
    assert drawn == [["plain"], ["plain", "residual"]]
    said = [line.split(" ", 1) for line in capsys.readouterr().out.splitlines()]
    assert [words for _, words in said] == [
        "plain: step 1 of 1, 0 s; loss 2.000",
        "residual: step 1 of 1, 0 s; loss 3.000",
    ]
    assert len({screen for screen, _ in said}) == 1


def test_live_draws_a_few_times_a_second_at_most_and_where_a_network_stops(capsys):
    history, watch = run([1.0]) | {"steps": 1000}, flow.LiveFlow(every=60).run("plain")
    for step in range(20):
        history["loss"].append(1.0)
        history["norms"].append([1.0, 1.0, 1.0])
        history["stopped"] = "nan" if step == 19 else None
        watch(history)
    assert capsys.readouterr().out.startswith("plain: step 21 of 1000")


# Figures


def test_the_halves_of_alexnet_are_those_of_its_layers():
    widths = [3] + [
        layer.get("out_channels", layer.get("out_features"))
        for layer in ALEXNET
        if layer["kind"] in ("conv", "linear")
    ]
    whole = [widths[0], widths[-1]]
    halves = [width // 2 for width in widths[1:-1] for _ in range(2)]
    numbers = [int(word) for word in words_of(blocks.draw_two_gpus()) if word.isdigit()]
    assert sorted(numbers) == sorted(whole + halves)


def test_only_conv3_fc6_and_fc7_read_the_other_half():
    axes = blocks.draw_two_gpus().axes[0]
    crossing = [line for line in axes.lines if line.get_linestyle() == "--"]
    starts = sorted({round(float(line.get_xdata()[1]) / 1.66) for line in crossing[:-1]})
    assert starts == [3, 6, 7] and len(crossing) == 3 * 2 + 1  # and the key


def test_guesses_are_sorted_and_the_label_stands_where_the_title_says():
    places = []
    for _, *guesses in blocks.GUESSES:
        names, scores = zip(*guesses, strict=True)
        assert list(scores) == sorted(scores, reverse=True) and len(set(names)) == 5
        assert set(names) <= set(DRAWN_CLASSES)
        places.append(names.index("cross") if "cross" in names else None)
    assert places == [0, 3, None]


def test_factorised_filters_are_counted():
    words = words_of(blocks.draw_factorised())
    sums = [re.findall(r"\d+", word) for word in words if "=" in word]
    assert [[int(n) for n in numbers] for numbers in sums] == [[9, 9, 18], [3, 3, 6], [7, 7, 14]]


def test_a_residual_block_has_a_sum_and_a_plain_one_none():
    words = words_of(blocks.draw_residual_blocks())
    assert words.count("+") == 3 and words.count("ReLU") == 4
