"""`show.curves`: what is drawn of runs and trials, what their alternative texts say, and both live."""

import base64
import math
import re
import subprocess
import sys
import time
import warnings

import nbformat
import numpy as np
import pytest
from matplotlib.colors import to_hex
from nbclient import NotebookClient

from course_utils.search import grid_search, random_search
from course_utils.show import curves, style
from course_utils.show.curves import Bar, Live, draw_curves, draw_trials

pytestmark = pytest.mark.unit

RANGES = {"learning_rate": (1e-6, 1e-2), "reg": (1e-4, 1.0)}


def history(losses, train=(), val=(), stopped=None):
    accuracies = {"train_accuracy": list(train), "val_accuracy": list(val)}
    return {"loss": list(losses), **accuracies, "stopped": stopped}


GOOD = history(np.linspace(2.3, 1.0, 40), (0.4, 0.6), (0.35, 0.5))


def panels(figure):
    """Return the axes of the loss and of the accuracy."""
    return figure.axes[0], figure.axes[1]


def lines(axes):
    return [line for line in axes.lines if len(line.get_xdata()) > 1]


def crosses(axes):
    return [line for line in axes.lines if line.get_marker() == "x"]


def words(axes):
    return [text.get_text() for text in axes.texts]


def test_one_run_is_its_loss_by_step_and_its_accuracies_by_epoch():
    loss, accuracy = panels(draw_curves(GOOD))
    (curve,) = lines(loss)
    np.testing.assert_array_equal(curve.get_xdata(), np.arange(1, 41))
    np.testing.assert_array_equal(curve.get_ydata(), GOOD["loss"])
    drawn = {
        line.get_label(): (list(line.get_xdata()), list(line.get_ydata()))
        for line in lines(accuracy)
    }
    assert drawn == {"training": ([1, 2], [0.4, 0.6]), "validation": ([1, 2], [0.35, 0.5])}
    assert loss.get_yscale() == "linear" and loss.get_ylim()[0] == 0
    assert (loss.get_xlabel(), loss.get_ylabel()) == ("step", "loss")
    assert (accuracy.get_xlabel(), accuracy.get_ylabel()) == ("epoch", "accuracy")


def test_training_and_validation_differ_in_more_than_colour():
    train, val = lines(panels(draw_curves(GOOD))[1])
    assert train.get_linestyle() != val.get_linestyle()
    assert train.get_marker() != val.get_marker()
    assert to_hex(train.get_color()) != to_hex(val.get_color())


@pytest.mark.parametrize(("last", "scale"), [(0.08, "linear"), (0.01, "log")])
def test_a_loss_that_spans_decades_has_a_log_axis(last, scale):
    figure = draw_curves(history(np.geomspace(2.3, last, 30)))
    assert panels(figure)[0].get_yscale() == scale


def test_a_run_has_a_colour_and_a_mark_in_both_panels_and_one_legend_says_which():
    runs = {0.1: GOOD, 0.01: GOOD, "adam": GOOD}
    figure = draw_curves(runs)
    loss, accuracy = panels(figure)
    looks = [(line.get_color(), line.get_marker()) for line in lines(loss)]
    assert len(set(looks)) == len({mark for _, mark in looks}) == 3
    assert [(line.get_color(), line.get_marker()) for line in lines(accuracy)] == [
        look for look in looks for _ in range(2)
    ]
    styles = [line.get_linestyle() for line in lines(accuracy)]
    assert styles[::2] == ["--"] * 3 and styles[1::2] == ["-"] * 3
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "0.1",
        "0.01",
        "adam",
        "training",
        "validation",
    ]
    handles = [(line.get_color(), line.get_marker()) for line in legend.get_lines()][:3]
    assert handles == looks
    assert loss.get_legend() is accuracy.get_legend() is None


def test_every_colour_is_for_all_eyes_and_more_runs_than_colours_differ_in_the_mark():
    figure = draw_curves({str(k): GOOD for k in range(9)})
    looks = [(line.get_color(), line.get_marker()) for line in lines(panels(figure)[0])]
    assert len(set(looks)) == 9
    okabe_ito = {
        style.BLUE,
        style.VERMILION,
        style.GREEN,
        style.PURPLE,
        style.ORANGE,
        style.SKY,
        style.INK,
    }
    assert {colour for colour, _ in looks} == okabe_ito


@pytest.mark.parametrize(
    ("losses", "stopped", "step", "said"),
    [
        ([2.3, 4.0, math.nan], "nan", 3, "NaN at step 3"),
        ([2.3, math.inf, math.nan, math.nan], None, 2, "infinite at step 2"),
        ([2.3, 2.2, 2.4, 30.0], "exploded", 4, "30 at step 4"),
        ([math.nan], "nan", 1, "NaN at step 1"),
    ],
)
def test_where_a_run_diverged_stands_a_cross(losses, stopped, step, said):
    loss = panels(draw_curves(history(losses, stopped=stopped)))[0]
    (cross,) = crosses(loss)
    assert list(cross.get_xdata()) == [step]
    top = loss.get_ylim()[1]
    assert cross.get_ydata()[0] == (losses[step - 1] if math.isfinite(losses[step - 1]) else top)
    assert words(loss) == [said]


def test_a_run_that_ends_well_has_no_cross():
    assert crosses(panels(draw_curves({"a": GOOD, "b": GOOD}))[0]) == []


def test_beside_others_a_run_that_diverged_is_named_and_does_not_set_the_scale():
    wild = history([2.3, 1e9, math.nan], stopped="nan")
    figure = draw_curves(
        {"mild": GOOD, "wild": wild, "hot": history([2.3, 500.0], stopped="exploded")}
    )
    loss = panels(figure)[0]
    assert words(loss) == ["wild: NaN at step 3", "hot: 500 at step 2"]
    assert loss.get_yscale() == "linear" and loss.get_ylim()[1] < 4
    assert [line.get_ydata()[0] for line in crosses(loss)] == [loss.get_ylim()[1]] * 2


def test_of_a_long_curve_every_spike_is_drawn():
    losses = np.random.default_rng(0).uniform(1, 2, 50_000)
    losses[[7, 31_234]] = 5.0, 0.2
    (curve,) = lines(panels(draw_curves(history(losses)))[0])
    drawn = dict(zip(curve.get_xdata(), curve.get_ydata(), strict=True))
    assert len(drawn) <= curves.MOST
    assert drawn[8] == 5.0 and drawn[31_235] == 0.2
    assert list(drawn) == sorted(drawn)
    assert all(losses[step - 1] == loss for step, loss in drawn.items())


@pytest.mark.parametrize("losses", [[], [2.3]], ids=["no step", "one step"])
def test_a_run_that_has_only_begun_can_be_drawn(losses):
    figure = draw_curves(history(losses))
    assert words(panels(figure)[1]) == ["no epoch completed"]
    assert style.svg_text(figure)


def test_the_alternative_text_says_how_the_runs_went():
    stopped = history([2.3, 9.9], stopped="exploded")
    assert draw_curves(GOOD).alt == (
        "Loss by step and accuracy by epoch. 40 steps, loss 1; accuracy: training 60.0%, validation 50.0%."
    )
    assert draw_curves({"a": GOOD, "b": stopped}).alt.endswith(
        "b: 2 steps, loss 9.9; stopped: the loss was over 3 times the first."
    )


def test_there_must_be_a_run():
    with pytest.raises(ValueError, match="there is no run to draw"):
        draw_curves({})


# Trials


def score(learning_rate, reg=1e-2, other=1.0):
    if reg > 0.5:
        return math.nan
    return 0.5 - 0.1 * abs(math.log10(learning_rate) + 2) - 0.05 * abs(math.log10(reg) + 2)


def test_two_ranges_make_a_plane_with_the_best_in_a_ring():
    trials = random_search(score, RANGES, 30, np.random.default_rng(0))
    figure = draw_trials(trials, RANGES)
    axes = figure.axes[0]
    best = max((t for t in trials if t[1] == t[1]), key=lambda trial: trial[1])
    (dots,) = axes.collections
    known = [trial for trial in trials if trial[1] == trial[1]]
    assert 0 < len(known) < 30
    np.testing.assert_array_equal(
        dots.get_offsets(), [list(values.values()) for values, _ in known]
    )
    np.testing.assert_array_equal(dots.get_array(), [one for _, one in known])
    sizes = dots.get_sizes()  # the second cue beside the colour
    assert (
        np.array_equal(sizes.argsort(), dots.get_array().argsort())
        and sizes.min() < sizes.max() / 4
    )
    (ring,) = [line for line in axes.lines if line.get_fillstyle() == "none"]
    assert [ring.get_xdata()[0], ring.get_ydata()[0]] == list(best[0].values())
    assert sum(len(line.get_xdata()) for line in crosses(axes)) == 30 - len(known)
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("learning_rate", "reg")
    assert figure.alt.startswith(f"30 trials, best score {best[1]:.3g} at learning_rate")
    assert figure.alt.endswith("learning_rate lies near the high end of its range.")


def test_the_outer_tenths_are_marked():
    axes = draw_trials(grid_search(score, RANGES, 4), RANGES).axes[0]
    marked = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    np.testing.assert_allclose(marked, [10**-5.6, 10**-2.4, 0, 0])
    left, right = axes.get_xlim()
    assert left < 1e-6 and right > 1e-2


@pytest.mark.parametrize("names", [["learning_rate"], ["learning_rate", "reg", "other"]])
def test_other_numbers_of_ranges_have_a_panel_each(names):
    ranges = {name: (RANGES | {"other": (1.0, 10.0)})[name] for name in names}
    trials = random_search(score, ranges, 12, np.random.default_rng(0))
    figure = draw_trials(trials, ranges)
    assert [axes.get_xlabel() for axes in figure.axes] == names
    assert [axes.get_ylabel() for axes in figure.axes] == ["score"] + [""] * (len(names) - 1)
    for axes, name in zip(figure.axes, names, strict=True):
        expected = [(values[name], one) for values, one in trials if one == one]
        np.testing.assert_array_equal(axes.collections[0].get_offsets(), expected)


@pytest.mark.parametrize(
    ("value", "text"), [(1e-6, "1e-6"), (1e-3, "0.001"), (0.5, "0.5"), (1000, "1000"), (1e5, "1e5")]
)
def test_ticks_are_written_as_in_code(value, text):
    assert curves._tick(value) == text


# Live

SET_UP = """
import numpy as np
from course_utils.search import random_search
from course_utils.show.curves import Bar, Live
from course_utils.training import Net, train
rng = np.random.default_rng(0)
x, y = rng.normal(size=(400, 10)), rng.integers(0, 3, 400)
def run(rate, **options):
    return train(Net((10, 20, 3), rng), x, y, x, y, rate, 0.0, 20, 4, rng, **options)
"""
CELLS = [
    SET_UP,
    "history = run(0.01, watch=Live())",
    "history = run(1e3, watch=Live())",
    """
    def watch(history, live=Live()):
        live(history)
        if len(history["loss"]) == 70 and not history["stopped"]:
            raise KeyboardInterrupt
    history = run(0.01, watch=watch)
    """,
    """
    def evaluate(rate):
        return rate * len(x)
    def search(workers):
        return random_search(evaluate, {"rate": (1e-3, 1.0)}, 5, np.random.default_rng(0), workers, Bar())
    assert search(1) == search(2)
    """,
]


@pytest.fixture(scope="module")
def notebook():
    """Outputs of each cell, and how often each was written again."""
    import textwrap

    cells = [nbformat.v4.new_code_cell(textwrap.dedent(cell).strip()) for cell in CELLS]
    book = nbformat.v4.new_notebook(cells=cells)
    updates = []

    class Client(NotebookClient):
        def process_message(self, message, cell, index):
            if message["msg_type"] == "update_display_data":
                updates.append(index)
            return super().process_message(message, cell, index)

    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the kernel's connection
        Client(book, timeout=120, kernel_name="python3").execute()
    seconds = time.perf_counter() - start
    return [cell.outputs for cell in book.cells], updates, seconds


def shown(output):
    """Return the progress bar, the words and the picture of an output."""
    text = output["data"]["text/html"]
    bar, said, picture = re.fullmatch(r"(<progress.*?></progress>) (.*)<br>(.*)", text).groups()
    found = re.search(r"base64,([^\"]*)\"", picture)
    return bar, said, base64.b64decode(found[1]).decode() if found else ""


def test_the_last_picture_of_a_training_stays(notebook):
    (output,) = notebook[0][1]
    bar, said, picture = shown(output)
    assert bar == '<progress max="2000" value="2000" aria-label="training"></progress>'
    assert re.fullmatch(
        r"step 2000 of 2000, \d+ s; loss [\d.e-]+; accuracy: training [\d.]+%, validation [\d.]+%",
        said,
    )
    assert picture.startswith("<svg") and ">accuracy</text>" in picture


def test_a_training_that_stops_shows_why(notebook):
    for k, (steps, why) in (
        (2, (r"\d", "(the loss was over 3 times the first|the loss is not finite)")),
        (3, ("70", "interrupted")),
    ):
        (output,) = notebook[0][k]
        said = shown(output)[1]
        assert re.match(rf"step {steps} of 2000, \d+ s; loss", said)
        assert re.search(rf"stopped: {why}$", said)


def test_pictures_come_a_few_times_a_second_at_most(notebook):
    _, updates, seconds = notebook
    assert 1 <= sum(index == 1 for index in updates) <= 4 * seconds + 1


def test_a_search_has_a_bar(notebook):
    outputs = notebook[0][4]
    assert len(outputs) == 2
    for output in outputs:
        bar, said, picture = shown(output)
        assert bar == '<progress max="5" value="5" aria-label="search"></progress>'
        assert re.fullmatch(r"trial 5 of 5, \d+ s; best score 110 at rate 0.275", said)
        assert picture == ""


def test_outside_a_notebook_the_last_words_are_printed():
    code = (
        SET_UP
        + "run(0.01, watch=Live())\nrandom_search(lambda rate: rate, {'rate': (1, 2)}, 3, rng, 1, Bar())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
    assert re.fullmatch(r"step 2000 of 2000, .*%\ntrial 3 of 3, 0 s; best score .*\n", done.stdout)


def test_live_starts_anew_with_another_training(capsys):
    live = Live()
    for losses in ([2.0], [3.0]):
        live(history(losses) | {"steps": 1})
    assert capsys.readouterr().out.splitlines() == [
        "step 1 of 1, 0 s; loss 2",
        "step 1 of 1, 0 s; loss 3",
    ]


def test_runs_with_names_share_one_picture(capsys, monkeypatch):
    drawn = []
    monkeypatch.setattr(curves, "_in_notebook", lambda: True)
    monkeypatch.setattr(
        curves, "draw_curves", lambda runs: drawn.append(dict(runs)) or style.Picture()
    )
    monkeypatch.setattr(curves._Screen, "show", lambda self, *said: print(id(self), said[3]))
    live = Live()
    for name, losses in (("slow", [2.0]), ("fast", [3.0])):
        live.run(name)(history(losses) | {"steps": 1})
    assert [list(runs) for runs in drawn] == [["slow"], ["slow", "fast"]]
    said = [line.split(" ", 1) for line in capsys.readouterr().out.splitlines()]
    assert [words for _, words in said] == [
        "slow: step 1 of 1, 0 s; loss 2",
        "fast: step 1 of 1, 0 s; loss 3",
    ]
    assert len({screen for screen, _ in said}) == 1


def test_a_bar_starts_anew_with_another_search(capsys):
    bar = Bar()
    for best in (0.5, 0.7):
        bar(0, 1, None)
        bar(1, 1, ({"rate": 0.1}, best))
    assert [line[-26:] for line in capsys.readouterr().out.splitlines()] == [
        "best score 0.5 at rate 0.1",
        "best score 0.7 at rate 0.1",
    ]


def test_curves_can_be_drawn_where_there_is_no_search():
    code = (
        "import sys; sys.modules['course_utils.search'] = None; sys.modules['course_utils.training'] = None\n"
        "from course_utils.show.curves import draw_curves\n"
        "draw_curves({'loss': [1.0], 'train_accuracy': [], 'val_accuracy': []})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
