"""The drawings of lecture 05 say what NumPy computes."""

import itertools
import re

import numpy as np
import pytest

from course_utils import optim
from course_utils.show import activations, charts, clouds, ensemble, folds, learning_curves, paths
from course_utils.training import diagnose, is_clear

pytestmark = pytest.mark.unit


def words_of(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def numbers_in(words):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", words.replace("−", "-"))]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.578, "0.58"),
        (-12.3, "−12.30"),
        (0, "0"),
        (0.005, "0.01"),
        (0.0049, "5·10⁻³"),
        (-3.2e-10, "−3·10⁻¹⁰"),
        (999.4, "999.40"),
        (2e6, "2·10⁶"),
    ],
)
def test_numbers_are_written_short(number, words):
    assert charts.short(number) == words


# Clouds


def test_the_numbers_and_the_ellipse_of_a_cloud_are_its_own():
    points = np.random.default_rng(1).normal(size=(40, 2)) @ [[2, -1], [0.5, 0.3]] + [1, -3]
    figure = clouds.draw_clouds({"a": points})
    written = [numbers_in(words) for words in words_of(figure)[-3:]]
    spread, correlation = points.std(axis=0), np.corrcoef(points.T)[0, 1]
    expected = [*points.mean(axis=0), *spread, correlation]
    np.testing.assert_allclose(sum(written, []), expected, atol=0.0051)
    ellipse, circle = figure.axes[0].patches[1:3]
    outline = ellipse.get_path().vertices @ np.diag([ellipse.width, ellipse.height]) / 2
    turn = np.radians(ellipse.angle)
    turned = outline @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    away = np.einsum("ni,ij,nj->n", turned, np.linalg.inv(np.cov(points.T, bias=True)), turned)
    on_the_curve = np.linalg.norm(ellipse.get_path().vertices, axis=1) < 1 + 1e-6
    assert on_the_curve.sum() > 8
    np.testing.assert_allclose(away[on_the_curve & (away > 0)], 1, atol=1e-6)
    np.testing.assert_allclose(ellipse.center, points.mean(axis=0))
    assert (circle.width, circle.height, circle.center) == (2, 2, (0, 0))
    assert figure.axes[0].get_aspect() == "auto" and _equal_units(figure.axes[0])


def _equal_units(axes):
    """Whether a unit is as long upwards as sideways."""
    box = axes.get_window_extent()
    across, up = (np.ptp(limits) for limits in (axes.get_xlim(), axes.get_ylim()))
    return box.width / across == pytest.approx(box.height / up)


def test_a_cloud_of_three_features_is_refused():
    with pytest.raises(ValueError, match=re.escape("b: a cloud has shape (N, 2), got (5, 3)")):
        clouds.draw_clouds({"b": np.zeros((5, 3))})


# Activations


def test_histograms_have_the_values_of_their_layers():
    rng = np.random.default_rng(0)
    layers = [rng.normal(1, 2, 500), np.maximum(rng.normal(size=(20, 9)), 0)]
    figure = activations.draw_histograms(layers)
    words = [words_of_axes(axes)[-2:] for axes in figure.axes]
    for said, values in zip(words, layers, strict=True):
        written = numbers_in(" ".join(said))
        np.testing.assert_allclose(written, [values.mean(), values.std()], atol=0.0051)
    for axes, values in zip(figure.axes, layers, strict=True):
        shares, edges, _ = axes.patches[0].get_data()
        expected = np.histogram(values, activations.BINS, (edges[0], edges[-1]))[0] / values.size
        np.testing.assert_allclose(shares, np.minimum(expected, activations.TALLEST))
        assert (edges[0], edges[-1]) == (layers[0].min(), layers[0].max())
    with pytest.raises(ValueError, match="a layer needs values"):
        activations.draw_histograms({"one": [np.ones(3), np.ones(0)]})
    with pytest.raises(ValueError, match="needs layers"):
        activations.draw_histograms([])


def words_of_axes(axes):
    return [text.get_text() for text in axes.texts]


# Update rules

CURVATURE = np.array([1.0, 40.0])
RULES = {name: (rule, {"learning_rate": 0.02}) for name, rule in optim.UPDATES.items()}


def valley(w):
    return 0.5 * (w[0] ** 2 * CURVATURE[0] + w[1] ** 2 * CURVATURE[1])


def slope(w):
    return CURVATURE * w


def test_a_path_is_the_rule_applied_step_by_step():
    found = paths.path(slope, (-7.2, 1.5), optim.momentum, {"learning_rate": 0.02}, 6)
    w, v = np.array([-7.2, 1.5]), 0
    for point in found:
        np.testing.assert_allclose(point, w)
        v = 0.9 * v + w * CURVATURE
        w = w - 0.02 * v
    assert len(found) == 7


def test_every_rule_is_drawn_with_as_many_steps_and_its_losses():
    figure = paths.draw_paths(slope, (-7.2, 1.5), RULES, 12, valley)
    *maps, chart = figure.axes
    assert len(maps) == len(RULES) == len(optim.UPDATES)
    last = dict(re.findall(r"(\w+) (\S+?)(?:, |\.$)", figure.alt.partition("Last losses: ")[2]))
    for axes, line, (name, rule) in zip(maps, chart.lines, RULES.items(), strict=True):
        points = paths.path(slope, (-7.2, 1.5), *rule, 12)
        drawn = axes.patches[0].get_path().vertices[::2]
        np.testing.assert_allclose(drawn, points)
        np.testing.assert_allclose(line.get_ydata(), np.log10(valley(points.T)))
        assert last[name] == charts.short(valley(points[-1]))
        assert axes.texts[0].get_text() == f"{name}, η = {rule[1]['learning_rate']:g}"


def test_paths_need_no_loss_and_at_most_as_many_rules_as_colours():
    figure = paths.draw_paths(slope, (1, 1), {"SGD": RULES["sgd"]}, 3)
    assert len(figure.axes) == 1 and not figure.axes[0].collections
    with pytest.raises(ValueError, match="6 rules are more than the 5"):
        paths.draw_paths(slope, (1, 1), dict.fromkeys("abcdef", RULES["sgd"]), 3)


# Split and folds


@pytest.mark.parametrize(("n", "k"), [(40_000, 5), (11, 3), (7, 7)])
def test_folds_are_complete_and_differ_by_one_at_most(n, k):
    sizes = folds.shares(n, [1 / k] * k)
    assert sum(sizes) == n and max(sizes) - min(sizes) <= 1


def test_each_fold_validates_once_and_the_test_set_never():
    figure = folds.draw_split(1000, (0.6, 0.2, 0.2), folds=4)
    words = words_of(figure)
    assert [w for w in words if ":" in w] == ["training: 600", "validation: 200", "test: 200"]
    boxes = [(p.get_x(), p.get_y(), p.get_width()) for p in figure.axes[0].patches if p.get_hatch()]
    striped = [p for p in figure.axes[0].patches if p.get_hatch() == folds.PARTS["validation"][1]]
    assert len(striped) == 1 + 4 and len(boxes) == len(striped) + 2
    once = sorted((p.get_y(), p.get_x(), p.get_width()) for p in striped[1:])
    for (y, x, width), (below, right, _) in itertools.pairwise(once):
        assert below > y and right == pytest.approx(x + width)
    test = [p for p in figure.axes[0].patches if p.get_hatch() == folds.PARTS["test"][1]]
    whole = sum(p.get_width() for p in striped[1:])
    assert [p.get_width() / whole for p in test] == pytest.approx([0.25, 0.25])  # 200 of 800
    assert all(p.get_x() > once[-1][1] + once[-1][2] for p in test)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"fractions": (0.7, 0.2, 0.2)}, "must sum to 1, got (0.7, 0.2, 0.2), which sum to 1.1"),
        ({"folds": 1}, "at least 2 folds, got 1"),
    ],
    ids=["fractions", "folds"],
)
def test_a_split_that_cannot_be_says_why(change, part):
    with pytest.raises(ValueError, match=re.escape(part)):
        folds.draw_split(**change)


# Dropout


def test_sub_nets_differ_keep_inputs_and_outputs_and_have_a_path():
    nets = ensemble.masks(0.5, 30, np.random.default_rng(0))
    assert len({tuple(map(tuple, net)) for net in nets}) == 30
    for net in nets:
        assert [len(layer) for layer in net] == list(ensemble.SIZES)
        assert net[0].all() and net[-1].all() and all(layer.any() for layer in net)
    few = ensemble.masks(0.9, 30, np.random.default_rng(0))
    kept = [sum(layer.sum() for net in n for layer in net[1:-1]) for n in (few, nets)]
    assert kept[0] < kept[1]
    with pytest.raises(ValueError, match="of 9 sub-nets"):
        ensemble.masks(0.5, 10, np.random.default_rng(0), (1, 2, 2, 1))


def test_what_is_dropped_is_crossed_out_with_its_lines():
    figure = ensemble.draw_ensemble(p=0.25, count=3, seed=5)
    kept = ensemble.masks(0.25, 3, np.random.default_rng(5))
    captions = [words for words in words_of(figure) if "hidden units" in words]
    counts = [sum(int(layer.sum()) for layer in net[1:-1]) for net in kept]
    assert captions == [f"{count} of 8 hidden units, × 1.33" for count in counts]
    whole = [np.ones(n, bool) for n in ensemble.SIZES]
    joined = sum(
        one.sum() * other.sum() for net in (*kept, whole) for one, other in itertools.pairwise(net)
    )
    crosses = 2 * sum(8 - count for count in counts)
    assert len(figure.axes[0].lines) == joined + crosses + 1  # and the line before the whole net
    assert "256, sub-nets" in figure.alt


# Learning curves


@pytest.fixture(scope="module")
def cases():
    return learning_curves.runs()


@pytest.mark.parametrize("name", learning_curves.CASES)
def test_each_run_is_what_it_is_called_beyond_doubt(cases, name):
    history, _ = cases[name]
    assert diagnose(history, learning_curves.TARGET) == name
    assert is_clear(history, learning_curves.TARGET)


def test_curves_are_those_of_the_runs_and_a_cross_marks_what_left(cases):
    figure = learning_curves.draw_learning_curves(cases)
    *charts_, legend = figure.axes
    for k, (history, _) in enumerate(cases.values()):
        loss, accuracy = charts_[2 * k : 2 * k + 2]
        np.testing.assert_array_equal(loss.lines[0].get_ydata(), history["loss"])
        for line, key in zip(accuracy.lines, ("train_accuracy", "val_accuracy"), strict=True):
            np.testing.assert_array_equal(line.get_ydata(), history[key])
        assert len(loss.lines) == 1 + (history["stopped"] == "exploded")
    diverged = cases["diverged"][0]
    assert f"loss {diverged['loss'][-1]:.3g} at step {len(diverged['loss'])}" in words_of(figure)
    assert words_of_axes(legend) == ["training", "validation"]


def test_a_loss_that_is_not_finite_ends_its_curve():
    history = {
        "loss": [1.0, 2.0, np.nan],
        "train_accuracy": [],
        "val_accuracy": [],
        "stopped": "nan",
    }
    figure = learning_curves.draw_learning_curves({"one": (history, "")})
    curve, cross = figure.axes[0].lines
    assert curve.get_ydata().tolist() == [1, 2] and cross.get_xdata() == [3]
    assert "not finite at step 3" in words_of(figure)
    with pytest.raises(ValueError, match="at least one step"):
        learning_curves.draw_learning_curves({"one": ({"loss": []}, "")})
