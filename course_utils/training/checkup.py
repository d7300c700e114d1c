"""Looking after a training: three checks before it, and a diagnosis of its history."""

import copy
import itertools
import math
from contextlib import contextmanager

import numpy as np

STRONG = 1e3
"""The penalty under which the first loss must rise."""
FEW = 20
"""So many examples any net learns by heart."""

THRESHOLDS = {
    "diverged": 3.0,
    "least drop": 0.05,
    "rough steps": 1 / 3,
    "rise of a rough step": 0.1,
    "gap": 0.15,
}
"""What :func:`diagnose` compares with, but for the target, which is given."""


def sanity_checks(net, data, learning_rate=1e-3, epochs=200):
    """Check a net before it is trained: its first loss, its penalty, and whether it can learn at all.

    Parameters
    ----------
    net : Net
        Or anything with ``params``, ``classes`` and ``loss(x, y, reg)``, not yet trained; it is left
        as it was.
    data : tuple
        ``(x, y)``; the first 20 examples are those to learn by heart.
    learning_rate : float
    epochs : int
        Steps of gradient descent on these 20, all in one batch.

    Returns
    -------
    dict of (measured, expected, passed)
        ``first_loss``: without a penalty, within 0.1 of log(classes): a net that knows nothing gives
        every class the same probability. ``regularised_loss``: with a penalty of 1e3, within 1 % of
        the first loss and 500 times the sum of the squared weights. ``overfit``: the cost of 20
        examples after ``epochs`` steps, below 0.1.

    Raises
    ------
    ValueError
        If there are no examples.

    Examples
    --------
    >>> from course_utils.training import Net
    >>> rng = np.random.default_rng(0)
    >>> data = rng.normal(size=(50, 30)), rng.integers(0, 10, 50)
    >>> for name, check in sanity_checks(Net((30, 40, 10), rng, "small"), data, 1.0).items():
    ...     print(f"{name}: {check[0]:.3f}, expected {check[1]:.3f}, passed: {check[2]}")
    first_loss: 2.303, expected 2.303, passed: True
    regularised_loss: 84.791, expected 84.791, passed: True
    overfit: 0.001, expected 0.100, passed: True
    """
    x, y = data
    if len(x) == 0:
        raise ValueError("the checks need examples, got none")
    with _left_as_it_was(net), np.errstate(over="ignore", invalid="ignore"):
        first = float(net.loss(x, y, 0.0)[0])
        strong = float(net.loss(x, y, STRONG)[0])
        squares = sum(float(np.vdot(w, w)) for name, w in net.params.items() if name[0] == "W")
        few = x[:FEW], y[:FEW]
        for _ in range(epochs):
            _, grads = net.loss(*few, 0.0)
            for name, gradient in grads.items():
                net.params[name] = net.params[name] - float(learning_rate) * gradient
        learned = float(net.loss(*few, 0.0)[0])
    uniform, penalised = math.log(net.classes), first + 0.5 * STRONG * squares
    return {
        "first_loss": (first, uniform, abs(first - uniform) <= 0.1),
        "regularised_loss": (strong, penalised, abs(strong - penalised) <= 0.01 * penalised),
        "overfit": (learned, 0.1, learned < 0.1),
    }


@contextmanager
def _left_as_it_was(net):
    """Put back what losses and steps change: parameters, running statistics, the next random numbers."""
    params, running = copy.deepcopy(net.params), copy.deepcopy(getattr(net, "running", None))
    rng = getattr(net, "rng", None)
    state = rng and rng.bit_generator.state
    try:
        yield
    finally:
        net.params.update(params)
        if running is not None:
            net.running = running
        if rng:
            rng.bit_generator.state = state


def diagnose(history, target):
    """Say what a history looks like, in one label; crude, as a first look is.

    In this order: ``diverged``, if a cost is not finite or the last one more than 3 times the first;
    ``too low``, if the mean cost of the last epoch is above 95 % of the first step's; ``too high``, if
    more than a third of the steps in the second half raise the cost by over 10 %; ``overfitting``, if
    the last training accuracy is more than 0.15 above the validation accuracy; ``underfitting``, if
    the last training accuracy is below the target; else ``good``. Small batches of a net that has
    nearly converged jump by 10 % too, and are taken for ``too high``.

    Parameters
    ----------
    history : dict
        As from :func:`~course_utils.training.train`.
    target : float
        The training accuracy to reach, from 0 to 1.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If the history has no steps, or if it takes an accuracy to tell and no epoch was completed.

    Examples
    --------
    >>> history = {"loss": [2.3, 1.8, 1.5, 1.4], "train_accuracy": [0.4, 0.6], "val_accuracy": [0.4, 0.5]}
    >>> diagnose(history, target=0.55), diagnose(history, target=0.9)
    ('good', 'underfitting')
    """
    return _label(history, target, *THRESHOLDS.values())


def is_clear(history, target):
    """Say whether the label of :func:`diagnose` stays when every threshold moves by 20 % either way.

    A threshold of 95 % is a drop of 5 %, which moves from 4 % to 6 %. A target is an accuracy, and moves
    no further than 1.

    Parameters
    ----------
    history, target
        As for :func:`diagnose`.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        As :func:`diagnose`.

    Examples
    --------
    >>> history = {"loss": [2.3, 1.8, 1.5, 1.4], "train_accuracy": [0.4, 0.6], "val_accuracy": [0.4, 0.5]}
    >>> is_clear(history, target=0.4), is_clear(history, target=0.55)
    (True, False)
    """
    moved = [(0.8 * value, 1.2 * value) for value in (target, *THRESHOLDS.values())]
    moved[0] = moved[0][0], min(1.0, moved[0][1])
    label = diagnose(history, target)
    # Each rule holds on one side of its thresholds, so what holds in all the corners holds between them.
    return all(_label(history, *corner) == label for corner in itertools.product(*moved))


def _label(history, target, diverged, drop, share, rise, gap):
    losses = np.asarray(history["loss"], dtype=float)
    if len(losses) == 0:
        raise ValueError("a history without a step says nothing")
    if not np.isfinite(losses).all() or losses[-1] > diverged * losses[0]:
        return "diverged"
    # An epoch that was broken off counts as part of those before it.
    epoch = len(losses) // max(1, len(history["train_accuracy"]))
    if losses[-epoch:].mean() > (1 - drop) * losses[0]:
        return "too low"
    middle = max(1, len(losses) // 2)
    rough = losses[middle:] > (1 + rise) * losses[middle - 1 : -1]
    if len(rough) and rough.mean() > share:
        return "too high"
    if len(history["train_accuracy"]) == 0:
        raise ValueError("no epoch was completed, and the costs alone do not tell")
    train, val = history["train_accuracy"][-1], history["val_accuracy"][-1]
    if train - val > gap:
        return "overfitting"
    return "underfitting" if train < target else "good"
