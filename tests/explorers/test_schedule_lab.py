"""The schedule lab: its rates against the trainer's schedules, its words, and its keys and mouse."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from course_utils.explorers import ScheduleLab
from course_utils.explorers.engine import Engine

pytestmark = pytest.mark.unit

DRAW = np.array(ScheduleLab.tables["draw"])
VALUES = {name: trait.default_value for name, trait in ScheduleLab._shown.items()}
LEAST = {"base_lr": 1e-4, "epochs": 30, "warmup": 20, "patience": 0, "step_size": 1, "noise": 0.2}


@pytest.fixture(scope="module")
def engine():
    return Engine(ScheduleLab)


def grid(**axes):
    """All combinations of some values, the others as at first."""
    return [
        VALUES | dict(zip(axes, values, strict=True))
        for values in itertools.product(*axes.values())
    ]


ASKED = "cases.map((values) => describe(values, TABLES))"


# Numbers
@pytest.mark.torch
def test_the_step_schedule_is_the_trainer_s(engine):
    from course_utils.trainer.schedules import step_lr

    cases = grid(
        base_lr=[1e-4, 0.1, 1.0], step_size=[1, 7, 30, 60], gamma=[0.1, 0.3, 0.9], epochs=[30, 120]
    )
    for values, state in zip(cases, engine.run(ASKED, cases=cases), strict=True):
        settings = [values[name] for name in ("base_lr", "step_size", "gamma")]
        expected = [step_lr(epoch, *settings) for epoch in range(values["epochs"])]
        assert np.allclose(state["rates"][0], expected, rtol=1e-12, atol=0)


@pytest.mark.torch
def test_the_cosine_schedule_is_the_trainer_s(engine):
    from course_utils.trainer.schedules import cosine_lr

    cases = grid(
        base_lr=[1e-4, 0.1, 1.0],
        warmup=[0, 1, 5, 20],
        final_lr=[0.0, 1e-4, 1e-2],
        epochs=[30, 60, 120],
    )
    for values, state in zip(cases, engine.run(ASKED, cases=cases), strict=True):
        settings = [values[name] for name in ("epochs", "base_lr", "warmup", "final_lr")]
        expected = [cosine_lr(epoch, *settings) for epoch in range(values["epochs"])]
        assert np.allclose(state["rates"][1], expected, rtol=1e-12, atol=1e-17)
        assert len(expected) == len(state["rates"][1])
        assert np.isclose(state["rates"][1][-1], values["final_lr"], atol=1e-17)


@pytest.mark.torch
def test_the_plateau_schedule_is_the_trainer_s_on_the_losses_that_are_shown(engine):
    from course_utils.trainer.schedules import Plateau

    axes = {"factor": [0.1, 0.5], "patience": [0, 1, 5, 20], "falls_until": [1, 18, 120]}
    cases = grid(**axes, noise=[0.0, 0.05, 0.2], epochs=[30, 120])
    fell = 0
    for values, state in zip(cases, engine.run(ASKED, cases=cases), strict=True):
        plateau = Plateau(values["base_lr"], values["factor"], values["patience"])
        expected, bests, falls = [], [], []
        for epoch, loss in enumerate(state["losses"]):
            expected.append(plateau.lr)  # an epoch's rate hangs on the losses before it
            best = plateau.best
            if plateau.step(loss) < expected[-1] and epoch + 1 < values["epochs"]:
                falls.append(epoch + 1)
            bests += [epoch] if plateau.best < best else []
        assert state["rates"][2] == expected
        assert (state["bests"], state["falls"]) == (bests, falls)
        fell += bool(falls)
    assert 20 < fell < len(cases)


@pytest.mark.torch
def test_what_the_plateau_knows_in_an_epoch_is_its_state_there(engine):
    from course_utils.trainer.schedules import Plateau

    cases = grid(epoch=list(range(60)), noise=[0.05], patience=[3])
    plateau = Plateau(0.1, 0.1, 3)
    for epoch, state in enumerate(engine.run(ASKED, cases=cases)):
        known = {name: state["plateau"][name] for name in ("lr", "best", "waited")}
        best = plateau.best if epoch else None
        assert known == {"lr": plateau.lr, "best": best, "waited": plateau.waited}
        assert state["now"] == [line[epoch] for line in state["rates"]]
        plateau.step(state["losses"][epoch])


@pytest.mark.parametrize("noise", [0.0, 0.1])
@pytest.mark.parametrize("until", [1, 18, 59, 120])
def test_the_loss_falls_until_the_chosen_epoch_and_noise_is_added(engine, until, noise):
    state = engine.describe(falls_until=until, noise=noise)
    losses = np.array(state["losses"]) - noise * DRAW[:60]
    last = min(until, 59)
    assert (np.diff(losses[: last + 1]) < 0).all()
    assert np.allclose(losses[last:], losses[last])
    if not noise:
        assert state["bests"] == list(range(last + 1)), "an equal loss is no new best"


# Words
def lines(engine, **values):
    [(_, said)] = engine.describe(**values)["sections"]
    parts = [[line] if isinstance(line, str) else line for line in said]
    return ["".join(str(p[0] if isinstance(p, list) else p) for p in line) for line in parts]


def test_the_arithmetic_is_written_out(engine):
    assert lines(engine, epoch=47, final_lr=1e-3) == [
        "Step: 0.1·0.1^⌊47 / 20⌋ = 0.1·0.1² = 0.001",
        "Cosine: 0.001 + ½·(0.1 − 0.001)·(1 + cos πt) = 0.0126, t = (47 − 5) / (59 − 5) = 0.778",
        "Plateau: 0.1·0.1⁴ = 10⁻⁵: best loss 0.533 in epoch 18, waited 4 of 5 epochs",
        "The plateau's rate falls in epoch 25, 31, 37, 43, 49, 55.",
    ]
    first = lines(engine, falls_until=120)
    assert first[1] == "Cosine: 0.1·(0 + 1) / 5 = 0.02, in the warm-up"
    assert first[2:] == ["Plateau: 0.1·0.1⁰ = 0.1: no loss yet", "The plateau's rate never falls."]
    assert lines(engine, warmup=0, epoch=0)[1].endswith("= 0.1, t = (0 − 0) / (59 − 0) = 0")


def test_many_falls_are_not_all_listed(engine):
    said = lines(engine, patience=0, falls_until=1, epochs=120)[-1]
    assert said.endswith(" falls in epoch 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 105 more.")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        *[(0, "0"), (0.1, "0.1"), (0.09585, "0.0959"), (1e-3, "0.001")],
        *[(1e-6, "10⁻⁶"), (2.34e-5, "2.34·10⁻⁵"), (1e-17, "10⁻¹⁷")],
    ],
    ids=str,
)
def test_rates_are_brief(engine, number, words):
    assert engine.run("brief(number)", number=number) == words


def test_the_words_say_all_three_rates(engine):
    state = engine.describe(epoch=30)
    assert state["words"].startswith(
        "Epoch 30 of 60. Step: 0.1·0.1^⌊30 / 20⌋ = 0.1·0.1¹ = 0.01. Cosine: "
    )
    assert "Plateau: 0.1·0.1¹ = 0.01: best loss" in state["words"]
    assert state["news"] == "The plateau's rate falls in epoch 25, 31, 37, 43, 49, 55. "


# Values
@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"base_lr": 0.3}, "base_lr=0.3 is not one of 0.0001, 0.0002"),
        ({"epochs": 45}, "epochs=45 is not 30, 40 and so on to 120"),
        ({"step_size": 0}, "step_size=0 is outside 1 to 60"),
        ({"gamma": 1.0}, "gamma=1.0 is not one of 0.1"),
        ({"warmup": 21}, "warmup=21 is outside 0 to 20"),
        ({"patience": 2.5}, "patience must be an int, got 2.5"),
        ({"noise": -1}, "noise=-1 is not one of 0.0"),
        ({"scale": "power"}, "scale='power' is not one of linear, log"),
        ({"epoch": 60}, "epoch=60 is outside 0 to 59"),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_with_what_is_allowed(change, part):
    with pytest.raises(traitlets.TraitError, match=re.escape(part)):
        ScheduleLab(**change)


def test_the_epoch_stays_within_fewer_epochs(engine):
    lab = ScheduleLab(epochs=120, epoch=100)
    lab.epochs = 50
    assert lab.epoch == 49
    assert engine.run("mend(values, TABLES).epoch", values=VALUES | {"epoch": 99}) == 59


# Pictures
@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("given", [{}, LEAST, {"epochs": 120, "base_lr": 1.0}], ids=str)
def test_it_can_be_drawn_without_a_browser(engine, scale, given):
    svg = engine.svg(ScheduleLab(scale=scale, **given))
    assert "NaN" not in svg and "undefined" not in svg and "Infinity" not in svg
    assert all(f">{name} " in svg for name in ("step", "cosine", "plateau"))
    assert len(svg.encode()) < 25_000


# In a browser
@pytest.fixture
def lab(page):
    page.open(ScheduleLab())
    page.js("el.style.width = '900px'")
    return page


@pytest.mark.browser
def test_keys_choose_an_epoch_and_the_axis(lab, engine):
    from selenium.webdriver.common.keys import Keys

    moves = [
        *((Keys.ARROW_RIGHT, 1), (Keys.ARROW_UP, 11), (Keys.ARROW_LEFT, 10), (Keys.ARROW_DOWN, 0)),
        *((Keys.ARROW_LEFT, 0), (Keys.END, 59), (Keys.ARROW_RIGHT, 59), (Keys.HOME, 0)),
    ]
    for key, epoch in moves:
        lab.press(key)
        assert lab.trait("epoch") == epoch
    assert lab.said() == engine.describe(epoch=0)["words"]
    lab.press(" ")
    assert lab.trait("scale") == "log"
    lab.press(" ")
    assert lab.trait("scale") == "linear"


@pytest.mark.browser
def test_a_slider_changes_a_schedule_and_what_falls_is_said(lab, engine):
    from selenium.webdriver.common.keys import Keys

    lab.press(Keys.ARROW_RIGHT, at="[data-knob=falls_until] input")
    assert lab.trait("falls_until") == 19
    state = engine.describe(falls_until=19)
    assert lab.said() == state["news"] + state["words"]
    lab.set(epoch=30)
    for knob, numbers in {"warmup": ["6", "6"], "patience": ["6"], "base_lr": ["0.2"] * 3}.items():
        lab.press(Keys.ARROW_RIGHT, at=f"[data-knob={knob}] input")
        marked = lab.driver.find_elements(lab.by, ".ex-words .ex-marked")
        assert [node.text for node in marked] == numbers


@pytest.mark.browser
def test_a_click_in_either_plot_chooses_an_epoch(lab):
    wide = lab.js("return el.querySelector('canvas').clientWidth") - 66
    lab.click(52 + wide * 20.5 / 60, 100)
    assert lab.trait("epoch") == 20
    lab.click(52 + wide * 40.5 / 60, 260)
    assert lab.trait("epoch") == 40
    lab.click(20, 222)  # between the plots
    assert lab.trait("epoch") == 40
