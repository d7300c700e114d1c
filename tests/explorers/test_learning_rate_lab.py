"""The learning-rate lab: its runs against the library's own training, and its keys, buttons and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from course_utils.explorers import LearningRateLab
from course_utils.explorers.engine import Engine
from course_utils.optim import UPDATES
from course_utils.training import Net, train

pytestmark = pytest.mark.unit

TABLES = LearningRateLab.tables
SIZES, DRAW = TABLES["sizes"], TABLES["draw"]
X, Y = (np.array(TABLES["train"])[:, k] for k in ([0, 1], 2))
X_HELD, Y_HELD = (np.array(TABLES["held_out"])[:, k] for k in ([0, 1], 2))
Y, Y_HELD = Y.astype(int), Y_HELD.astype(int)
DATA = X, Y, X_HELD, Y_HELD
STD = {
    "zero": lambda n: 0,
    "small": lambda n: 0.01,
    "xavier": lambda n: n**-0.5,
    "he": lambda n: (2 / n) ** 0.5,
    "large": lambda n: 3 * (2 / n) ** 0.5,
}
RATES = {"sgd": 0.2, "momentum": 0.05, "nesterov": 0.05, "rmsprop": 0.01, "adam": 0.02}
RUN = {
    **{"learning_rate": 0.5, "reg": 0.0, "batch_size": 32},
    **{"scheme": "he", "update": "sgd", "step": 20},
}
DIVERGES = {"learning_rate": 0.5, "reg": 10}


@pytest.fixture(scope="module")
def engine():
    return Engine(LearningRateLab)


class Orders:
    """A generator whose permutations are those of the explorer."""

    def __init__(self):
        self.orders = itertools.cycle(TABLES["orders"])

    def permutation(self, n):
        return np.array(next(self.orders))


def net_of(scheme="he"):
    """The library's network with the weights that the explorer starts from."""
    net = Net(SIZES, np.random.default_rng(0))
    for k, (n, draw) in enumerate(zip(SIZES, DRAW, strict=False), start=1):
        shape = net.params[f"W{k}"].shape
        net.params[f"W{k}"] = np.reshape(draw, shape) * STD[scheme](n)
    return net


def trained(scheme, steps, learning_rate, reg, batch_size, update):
    """The network after some whole epochs, and the history."""
    net = net_of(scheme)
    epochs, rest = divmod(steps * batch_size, len(X))
    assert not rest
    settings = {"batch_size": batch_size, "update": update, "stop": False}
    return net, train(net, *DATA, learning_rate, reg, epochs, rng=Orders(), **settings)


# Numbers
CASES = [
    *[(update, batch, 0, "he") for update in UPDATES for batch in (1, 8, 32, 96)],
    *[("sgd", 32, 0.01, "he"), ("adam", 96, 0.1, "he")],
    *[("momentum", 32, 0, scheme) for scheme in ("small", "xavier", "large")],
]


@pytest.mark.parametrize(("update", "batch", "reg", "scheme"), CASES, ids=str)
def test_every_step_is_that_of_the_library(engine, update, batch, reg, scheme):
    steps, rate = 96, RATES[update]
    net, history = trained(scheme, steps, rate, reg, batch, update)
    state = engine.describe(rate, reg, batch, scheme, update, steps)
    assert np.allclose(state["losses"][:-1], history["loss"], rtol=1e-7, atol=0)
    assert np.allclose(state["ratios"][1:], history["update_ratio"], rtol=1e-7, atol=0)
    at, loss, accuracy, held_out = state["measured"][-1]
    assert (at, accuracy, held_out) == (
        *(steps, history["train_accuracy"][-1], history["val_accuracy"][-1]),
    )
    assert np.isclose(loss, net.loss(X, Y, reg)[0], rtol=1e-7)
    assert state["epoch"] == len(history["val_accuracy"])


def test_what_is_measured_on_the_way_is_what_the_library_measures(engine):
    _, history = trained("he", 96, 0.2, 0, 32, "sgd")
    measured = engine.describe(0.2, step=96)["measured"]
    assert [at for at, *_ in measured[:22]] == list(range(22)), "at first, every step"
    ends = [(at // 3 - 1, shares) for at, _, *shares in measured if at and at % 3 == 0]
    assert len(ends) > 10
    for epoch, shares in ends:
        assert shares == [history["train_accuracy"][epoch], history["val_accuracy"][epoch]]


@pytest.mark.parametrize("scheme", STD)
def test_the_first_loss_is_log_3_unless_the_weights_are_large(engine, scheme):
    state = engine.describe(scheme=scheme)
    [[at, loss, *_]] = state["measured"]
    assert at == 0 and np.isclose(loss, net_of(scheme).loss(X, Y)[0])
    assert (abs(loss - np.log(3)) < 0.15) == (scheme != "large")


@pytest.mark.parametrize("scheme", STD)
def test_histograms_are_those_of_the_activations(engine, scheme):
    net, _ = trained(scheme, 30, 0.5, 0, 32, "sgd")
    for layer, values in zip(
        engine.describe(scheme=scheme, step=30)["layers"], net.activations(X), strict=True
    ):
        zeros, *bins = layer["shares"]
        assert np.isclose(zeros + sum(bins), 1) and np.isclose(zeros, np.mean(values == 0))
        counts, _ = np.histogram(values[values > 0], len(bins), (0, values.max() or 1))
        assert np.abs(np.array(bins) - counts / values.size).max() <= 1.01 / values.size
        assert np.isclose(layer["std"], values.std()) and np.isclose(layer["top"], values.max())
        assert layer["dead"] == (values == 0).all(axis=0).sum() and layer["units"] == 10


def test_the_map_is_what_the_network_sees_row_by_row_from_above(engine):
    net, _ = trained("he", 60, 0.5, 0, 32, "sgd")
    seen = np.array(engine.describe(step=60)["map"])
    cells, reach = (engine.run(f"MAP.{name}") for name in ("cells", "reach"))
    places = (np.arange(cells) + 0.5) / cells * 2 * reach - reach
    points = np.stack(np.meshgrid(places, -places), axis=-1).reshape(-1, 2)
    scores = np.exp(net.scores(points))
    shares = (scores / scores.sum(axis=1, keepdims=True)).max(axis=1)
    assert (seen[..., 0].ravel() == net.predict(points)).all() and len(np.unique(seen[..., 0])) == 3
    assert np.allclose(seen[..., 1].ravel(), shares)


def test_a_state_does_not_hang_on_what_was_asked_before(engine):
    steps = (90, 7, 300, 25, 26, 24, 120, 0, 299)
    questions = list(zip(itertools.cycle((0.1, 0.5, 2.0)), steps, strict=False))
    fresh = [Engine(LearningRateLab).describe(rate, step=step) for rate, step in questions]
    for rate in LearningRateLab._shown["learning_rate"].slider[-1]:  # more runs than are remembered
        engine.describe(rate, update="adam", step=5)
    assert [engine.describe(rate, step=step) for rate, step in questions] == fresh
    assert [engine.describe(rate, step=step) for rate, step in questions[::-1]] == fresh[::-1]


# What goes wrong
def test_a_run_that_diverges_stops_and_the_map_stays(engine):
    with np.errstate(all="ignore"):
        history = trained("he", 30, 0.5, 10, 32, "sgd")[1]
    first = int(np.argmin(np.isfinite(history["loss"])))
    before, at, later = (engine.describe(**DIVERGES, step=step) for step in (first - 1, first, 300))
    assert before["end"] is None and at["end"] == at["step"] == first == 14
    assert at["losses"][-1] is None and None not in at["losses"][:-1]
    assert at["map"] == before["map"] and at["layers"] == before["layers"]
    assert later == at
    assert engine.describe(**DIVERGES, step=first - 1) == before, "taken up again before the end"
    assert "Diverged at step 14: the loss is NaN. The map stays as it was before." in at["words"]
    assert at["sections"][0][2] == "ex-problem" and "Exploded at step 1: " in before["words"]


def test_an_explosion_and_silent_units_are_said(engine):
    for rate in LearningRateLab._shown["learning_rate"].slider[-1]:
        state = engine.describe(rate, step=60)
        [_, first, *_] = state["measured"][0]
        beyond = [at for at, loss, *_ in state["measured"] if loss > 3 * first]
        assert state["exploded"] == (beyond[0] if beyond else None)
    state = engine.describe(20, step=60)
    assert state["exploded"] == 1 and state["end"] is None
    assert "Exploded at step 1: the loss is over 3 times the first, 1.18." in state["words"]
    assert "Hidden layer 2 gives only zeros: no gradient comes through it." in state["words"]
    assert state["layers"][1]["dead"] == 10
    svg = engine.svg(LearningRateLab(20, step=60))
    assert "▲" in svg and "NaN" not in svg


def test_weights_of_zero_learn_nothing(engine):
    state = engine.describe(scheme="zero", step=60)
    assert abs(state["measured"][-1][1] - np.log(3)) < 0.01
    assert set(state["ratios"]) == {None}, "nothing to compare with"
    for step in (0, 60):
        words = engine.describe(scheme="zero", step=step)["words"]
        assert "Hidden layer 1 gives only zeros" in words


# Words
def test_the_words_say_the_state_and_what_differs_in_kept_runs(engine):
    kept = [RUN, RUN | {"learning_rate": 0.01, "update": "adam", "step": 0}]
    state = engine.describe(step=20, kept=kept)
    at, loss, accuracy, held_out = state["measured"][-1]
    said = f"loss {loss:.3g}, accuracy {100 * accuracy:.0f} %, held out {100 * held_out:.0f} %."
    moved = f"The last step moved the weights by {100 * state['ratios'][20]:.3g} % of their length."
    alone = engine.describe(step=20)
    assert alone["words"] == f"Step 20: {said} {moved}"
    assert state["words"].startswith(alone["words"])
    assert f"Kept run 1: the same settings: loss {loss:.3g}, held out" in state["words"]
    assert "Kept run 2: η 0.01, Adam, step 0: loss 1.18" in state["words"]
    assert state["sections"][1][1][1].startswith("2 · · · η 0.01, Adam, ")
    assert state["news"] == "η 0.5, λ 0, batch 32, He, SGD. "
    assert "expect log 3 = 1.1." in engine.describe()["words"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *[(0, "0"), (0.25, "0.25"), (0.00123, "0.00123"), (0.000123, "1.2·10⁻⁴")],
        *[(9.96e-6, "1.0·10⁻⁵"), (1234.5, "1230"), (1e5, "1.0·10⁵"), (3.21e123, "3.2·10¹²³")],
    ],
    ids=str,
)
def test_numbers_are_brief(engine, number, words):
    assert engine.run("brief(number)", number=number) == words


# Kept runs
def test_a_kept_run_is_drawn_as_it_was(engine):
    runs = [RUN, RUN | {"learning_rate": 0.01}, RUN | {"update": "adam", "step": 50}]
    own = [engine.describe(**run) for run in runs]
    for step in (5, 70):  # before and after that of the kept run with the same settings
        alone, state = engine.describe(step=step), engine.describe(step=step, kept=runs)
        shown = alone.keys() - {"kept", "sections", "words"}
        assert all(state[name] == alone[name] for name in shown) and "map" in shown
        for kept, other in zip(state["kept"], own, strict=True):
            assert kept == {name: other[name] for name in kept} and len(kept["losses"]) > 20
    many = [RUN | {"step": step} for step in range(5)]
    mended = engine.run("mend(values, TABLES)", values=RUN | {"kept": many, "step": 1000})
    assert mended["kept"] == many[2:] and mended["step"] == 300


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"learning_rate": 0.3}, "learning_rate=0.3 is not one of 0.0001, 0.0002, 0.0005, 0.001"),
        ({"learning_rate": "fast"}, "learning_rate='fast' is not one of"),
        ({"batch_size": True}, "batch_size=True is not one of 1, 8, 32, 96"),
        ({"reg": -1}, "reg=-1 is not one of 0.0, 0.0001, 0.0003"),
        ({"scheme": "glorot"}, "scheme='glorot' is not one of zero, small, xavier, he, large"),
        ({"update": "lion"}, "update='lion' is not one of sgd, momentum, nesterov"),
        ({"step": 301}, "step=301 is outside 0 to 300"),
        ({"kept": RUN}, "kept must be a list of runs"),
        ({"kept": [RUN] * 4}, "the number of kept runs=4 is outside 0 to 3"),
        ({"kept": [{"step": 1}]}, "a run must be a dict with learning_rate, reg, batch_size"),
        ({"kept": [RUN | {"step": -1}]}, "step=-1 is outside 0 to 300"),
        ({"kept": [RUN | {"update": "lion"}]}, "update='lion' is not one of"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        LearningRateLab(**change)


def test_numbers_of_any_kind_become_those_of_the_scale():
    lab = LearningRateLab(np.float64(1), 0, np.int64(8))
    assert repr(lab).startswith("LearningRateLab(learning_rate=1.0, reg=0.0, batch_size=8, ")


# In a browser
@pytest.fixture
def lab(page):
    return page.open(LearningRateLab())


def the_rate(lab, stop):
    """Move the slider of the learning rate to a stop."""
    lab.js(
        """const slider = el.querySelector("[data-knob=learning_rate] input");
        slider.value = arguments[0];
        slider.dispatchEvent(new Event("input"));""",
        stop,
    )


@pytest.mark.browser
def test_keys_step_and_change_the_rate(lab, engine):
    from selenium.webdriver.common.keys import Keys

    moves = [
        *((Keys.ARROW_RIGHT, 1), (Keys.ARROW_UP, 11), (Keys.ARROW_LEFT, 10), (Keys.ARROW_DOWN, 0)),
        *((Keys.ARROW_LEFT, 0), (Keys.END, 300), (Keys.ARROW_RIGHT, 300), (Keys.HOME, 0)),
    ]
    for key, step in moves:
        lab.press(key)
        assert lab.trait("step") == step
    for key, rate in [("+", 1), ("+", 2), ("-", 1), ("=", 2)]:
        lab.press(key)
        assert lab.trait("learning_rate") == rate
    assert lab.said() == "η 2, λ 0, batch 32, He, SGD. " + engine.describe(2)["words"]


@pytest.mark.browser
def test_a_slider_of_the_scale_says_its_number_and_the_step_stays(lab, engine):
    lab.set(step=40)
    the_rate(lab, 0)
    assert (lab.trait("learning_rate"), lab.trait("step")) == (0.0001, 40)
    slider = lab.find("[data-knob=learning_rate] input")
    assert slider.get_attribute("aria-valuetext") == "0.0001" == lab.text("output")
    assert lab.said().endswith(engine.describe(0.0001, step=40)["words"])
    the_rate(lab, 18)
    assert lab.trait("learning_rate") == 100


@pytest.mark.browser
def test_it_plays_while_the_rate_changes_and_stops_where_the_loss_is_nan(lab):
    def step():
        return lab.js("return model.get('step')")

    play = lab.find(".ex-play")
    play.click()
    lab.until(lambda: step() > 4)
    the_rate(lab, 10)
    before = step()
    lab.until(lambda: step() > before + 2)
    assert play.text == "⏸ Pause"
    lab.set(reg=10.0, learning_rate=0.5, step=3)
    lab.until(lambda: play.text == "▶ Play")
    assert lab.trait("step") == 14
    assert "Diverged at step 14" in lab.said()
    assert lab.find("[aria-label='One step on']").get_attribute("disabled")
    play.click()
    lab.until(lambda: step() < 14)


@pytest.mark.browser
def test_runs_are_kept_and_forgotten(lab):
    keep, forget = (lab.find(f"[aria-label^='{word}']") for word in ("Keep this run", "Forget"))
    assert not forget.is_enabled()
    lab.set(step=30)
    keep.click()
    keep.click()  # the same run once more
    assert lab.trait("kept") == [RUN | {"step": 30}]
    assert forget.is_enabled()
    for rate in (5, 6, 7):
        the_rate(lab, rate)
        lab.press("k")
    assert [run["learning_rate"] for run in lab.trait("kept")] == [0.005, 0.01, 0.02]
    assert len(lab.lines()) == 5 and lab.lines()[2].startswith("1 – – η 0.005: loss ")
    forget.click()
    assert lab.trait("kept") == [] and len(lab.lines()) == 2


@pytest.mark.browser
def test_a_click_on_a_curve_goes_to_its_step(lab):
    lab.set(step=100)
    plan = lab.js("return el.querySelector('canvas').clientWidth")
    left = 14 * 24 + 2  # about where the plots begin: between map and loss nothing is hit
    lab.click(left + 10, 200)
    assert lab.trait("step") == 100
    lab.click(0.56 * plan, 100)
    assert 20 < lab.trait("step") < 80
