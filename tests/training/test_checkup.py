"""`sanity_checks`, each with its fault; the rules of `diagnose`, at their thresholds."""

import math

import numpy as np
import pytest

from course_utils.training import Net, diagnose, is_clear, sanity_checks, train

pytestmark = pytest.mark.unit


def data(n=60):
    rng = np.random.default_rng(1)
    return rng.normal(size=(n, 30)), rng.integers(0, 10, n)


def made(scheme="small", **options):
    return Net((30, 40, 10), np.random.default_rng(0), scheme, **options)


def passed(checks):
    return {name: bool(check[2]) for name, check in checks.items()}


def test_a_sound_net_passes_and_says_what_was_expected():
    net, (x, y) = made(), data()
    checks = sanity_checks(net, (x, y), learning_rate=1.0)
    squares = sum(np.sum(net.params[name] ** 2) for name in ("W1", "W2"))
    assert passed(checks) == {"first_loss": True, "regularised_loss": True, "overfit": True}
    assert checks["first_loss"][:2] == (net.loss(x, y)[0], math.log(10))
    first = checks["first_loss"][0]
    assert checks["regularised_loss"][1] == pytest.approx(first + 500 * squares, rel=1e-12)
    assert checks["overfit"][0] < 0.1 == checks["overfit"][1]


def forgetful(net):
    """Leave the penalty out."""
    loss = net.loss
    net.loss = lambda x, y, reg=0.0: loss(x, y, 0.0)
    return net


def without_the_half(net):
    loss = net.loss
    net.loss = lambda x, y, reg=0.0: loss(x, y, 2 * reg)
    return net


def dead(net):
    """Let no gradient through to the first layer, and none to the biases."""
    loss = net.loss

    def half(x, y, reg=0.0):
        value, grads = loss(x, y, reg)
        return value, {name: np.zeros_like(dw) for name, dw in grads.items()}

    net.loss = half
    return net


@pytest.mark.parametrize(
    ("net", "rate", "failing"),
    [
        (lambda: made(1.0), 0.01, "first_loss"),
        (lambda: forgetful(made()), 1.0, "regularised_loss"),
        (lambda: without_the_half(made()), 1.0, "regularised_loss"),
        (lambda: dead(made()), 1.0, "overfit"),
        (lambda: made(), 1e-5, "overfit"),
        (lambda: made(), 1e9, "overfit"),
    ],
    ids=["large weights", "no penalty", "no half", "no gradient", "rate too low", "rate too high"],
)
def test_each_check_finds_its_fault(net, rate, failing):
    found = passed(sanity_checks(net(), data(), learning_rate=rate))
    assert [name for name, fine in found.items() if not fine] == [failing]


def test_only_the_first_twenty_are_learned_by_heart_in_as_many_steps_as_told():
    sizes, net = [], made()
    loss = net.loss
    net.loss = lambda x, y, reg=0.0: (sizes.append(len(x)), loss(x, y, reg))[1]
    sanity_checks(net, data(), epochs=7)
    assert sizes == [60, 60] + [20] * 8


@pytest.mark.parametrize(
    "options", [{}, {"batchnorm": True, "dropout": 0.3}], ids=["plain", "both"]
)
def test_the_net_is_left_as_it_was(options):
    x, y = data()

    def trained(checked):
        net = made(**options)
        if checked:
            sanity_checks(net, (x, y), learning_rate=0.1, epochs=5)
        history = train(net, x, y, x, y, 0.1, 0.0, 2, 20, np.random.default_rng(4))
        return history, net

    (one, net), (two, other) = trained(False), trained(True)
    assert one == two
    for layer, running in net.running.items():
        for name, value in running.items():
            np.testing.assert_array_equal(value, other.running[layer][name])


def test_the_net_is_left_as_it_was_after_an_error_too():
    net = made()
    kept = {name: w.copy() for name, w in net.params.items()}
    calls, loss = [], net.loss

    def failing(x, y, reg=0.0):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return loss(x, y, reg)

    net.loss = failing
    with pytest.raises(KeyboardInterrupt):
        sanity_checks(net, data(), learning_rate=1.0)
    assert all(np.array_equal(w, kept[name]) for name, w in net.params.items())


def test_there_must_be_examples():
    with pytest.raises(ValueError, match="the checks need examples, got none"):
        sanity_checks(made(), (np.zeros((0, 30)), np.zeros(0, int)))


def history(losses, train=0.9, val=0.85, epochs=2):
    return {
        "loss": losses,
        "train_accuracy": [0.1] * (epochs - 1) + [train] * (epochs > 0),
        "val_accuracy": [0.1] * (epochs - 1) + [val] * (epochs > 0),
        "stopped": None,
    }


FALLING = [2.0, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1]
ROUGH = [2.0, 1.8, 1.6, 1.4, 1.2, 1.4, 1.2, 1.4]


def with_rise(factor):
    """Return losses of which two steps of four in the second half rise by a factor."""
    return [2.0, 1.5, 1.0, 1.0, 1.0, factor, 1.0, factor]


@pytest.mark.parametrize(
    ("case", "label"),
    [
        (history([2.0, math.nan, 1.0]), "diverged"),
        (history([2.0, math.inf, 1.0]), "diverged"),
        (history([2.0, 1.0, 6.1], epochs=0), "diverged"),
        (history([2.0, 1.0, 5.9]), "too low"),
        (history([2.0, 2.0, 1.91, 1.91]), "too low"),
        (history([2.0, 2.0, 1.89, 1.89]), "good"),
        (history([2.0, 0.5, 2.0, 1.9]), "too low"),  # only the last epoch counts
        (history([2.0, 2.0, 1.99, 1.98], train=1.0, val=0.2), "too low"),  # whatever accuracy does
        (history(ROUGH), "too high"),
        (history(ROUGH, train=0.9, val=0.1), "too high"),
        (history(with_rise(1.11)), "too high"),
        (history(with_rise(1.09)), "good"),
        (history([2.0, 1.0, 1.5, 1.0, 1.5, 1.0, 0.9, 0.9, 0.9, 1.2]), "good"),  # one of five
        (history(FALLING, train=0.9, val=0.74), "overfitting"),
        (history(FALLING, train=0.9, val=0.76), "good"),
        (history(FALLING, train=0.6, val=0.4), "overfitting"),
        (history(FALLING, train=0.79, val=0.8), "underfitting"),
        (history(FALLING, train=0.8, val=0.8), "good"),
    ],
)  # fmt: skip
def test_the_label_of_a_history(case, label):
    assert diagnose(case, target=0.8) == label


@pytest.mark.parametrize(
    ("case", "clear"),
    [
        (history([2.0, math.nan, 1.0]), True),
        (history([2.0, 1.0, 7.1]), False),
        (history([2.0, 1.0, 7.3]), True),
        (history([2.0, 2.0, 1.91, 1.91]), False),
        (history([2.0, 2.0, 1.93, 1.93]), True),
        (history([2.0, 2.0, 1.89, 1.89], train=1.0, val=1.0), False),
        (history([2.0, 2.0, 1.87, 1.87], train=1.0, val=1.0), True),
        (history(with_rise(1.11)), False),
        (history(with_rise(1.13)), True),
        (history(with_rise(1.09), train=1.0, val=1.0), False),
        (history(with_rise(1.07), train=1.0, val=1.0), True),
        (history([2.0, *[1.0] * 7, 1.2, 1.0, 1.2, 1.0, 1.2, 1.0, 1.0, 1.0]), False),  # three of eight steps
        (history(FALLING, train=0.9, val=0.74), False),
        (history(FALLING, train=0.9, val=0.71), True),
        (history(FALLING, train=0.65, val=0.6), False),
        (history(FALLING, train=0.63, val=0.6), True),
        (history(FALLING, train=0.95, val=0.95), False),
        (history(FALLING, train=0.97, val=0.95), True),
    ],
)  # fmt: skip
def test_a_label_is_clear_if_it_stays_when_thresholds_move(case, clear):
    assert is_clear(case, target=0.8) is clear


def test_no_target_moves_beyond_every_accuracy():
    assert is_clear(history(FALLING, train=1.0, val=0.95), target=0.9)
    assert not is_clear(history(FALLING, train=0.99, val=0.95), target=0.9)


def test_an_epoch_that_was_broken_off_does_not_hide_the_last():
    # Two epochs of four steps and one step more: the last epoch is taken as the last four steps.
    losses = [2.0, 1.0, 1.0, 1.0, 1.95, 1.95, 1.95, 1.95, 1.95]
    assert diagnose(history(losses), target=0.8) == "too low"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (history([]), "a history without a step says nothing"),
        (history(FALLING, epochs=0), "no epoch was completed, and the costs alone do not tell"),
    ],
    ids=["no step", "no epoch"],
)
@pytest.mark.parametrize("function", [diagnose, is_clear])
def test_too_little_to_tell(case, words, function):
    with pytest.raises(ValueError, match=words):
        function(case, 0.8)


@pytest.mark.parametrize(
    ("label", "options"),
    [
        ("diverged", {"learning_rate": 100.0}),
        ("too low", {"learning_rate": 1e-5}),
        ("good", {"learning_rate": 0.3, "epochs": 60, "batch_size": 2400, "few": 2400}),
        ("underfitting", {"learning_rate": 0.02, "epochs": 60, "batch_size": 300, "reg": 0.1}),
        ("overfitting", {"learning_rate": 0.5, "epochs": 200, "batch_size": 40, "few": 40}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_real_runs_have_clear_labels(label, options):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3000, 30))
    y = (x @ rng.normal(size=(30, 4))).argmax(axis=1)
    few = options.pop("few", 300)
    given = {"reg": 0.0, "epochs": 10, "batch_size": 50, "rng": rng} | options
    net = Net((30, 50, 4), rng)
    found = train(net, x[:few], y[:few], x[2400:], y[2400:], **given)
    assert (diagnose(found, 0.7), is_clear(found, 0.7)) == (label, True)
