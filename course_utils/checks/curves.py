"""Histories to diagnose, of real runs, and diagnoses by other rules.

>>> history = {"loss": [2.0, 1.0, 0.5], "train_accuracy": [0.9], "val_accuracy": [0.6]}
>>> diagnosis()(history, 0.5)
'overfitting'
>>> diagnosis(overfitting=lambda run: run.train < run.val)(history, 0.5)
'good'
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.checks.ask import args


class Run:
    """What the rules look at.

    Attributes
    ----------
    loss : ndarray
        The cost of each step.
    last_epoch : ndarray
        Those of the last epoch.
    rises : ndarray
        By what factor each step of the second half has changed the cost.
    train, val : float
        The last accuracies, NaN where no epoch was completed.
    history : dict
    target : float
    """

    def __init__(self, history, target):
        self.history, self.target = history, target
        self.loss = np.array(history["loss"], dtype=float)
        steps = len(self.loss) // max(len(history["train_accuracy"]), 1)
        self.last_epoch = self.loss[-steps:]
        middle = max(len(self.loss) // 2, 1)
        self.rises = self.loss[middle:] / self.loss[middle - 1 : -1]
        self.train, self.val = (
            history[name][-1] if history[name] else np.nan
            for name in ("train_accuracy", "val_accuracy")
        )


RULES = {
    "diverged": lambda run: not np.isfinite(run.loss).all() or run.loss[-1] > 3 * run.loss[0],
    "too low": lambda run: run.last_epoch.mean() > 0.95 * run.loss[0],
    "too high": lambda run: np.mean(run.rises > 1.1) > 1 / 3,
    "overfitting": lambda run: run.train - run.val > 0.15,
    "underfitting": lambda run: run.train < run.target,
    "good": lambda run: True,
}


def diagnosis(*order: str, **others: Callable[[Run], bool]) -> Callable:
    """Return a function like `diagnose`, with some of its rules replaced or in another order.

    Parameters
    ----------
    order : str
        Labels in the order in which they are tried; by default, and where some are left out, that of `RULES`.
    others : callable
        Label, with ``_`` for its space → a rule in place of its own.
    """
    rules = RULES | {label.replace("_", " "): rule for label, rule in others.items()}
    labels = [*order, *(label for label in RULES if label not in order)]

    def diagnose(history, target):
        run = Run(history, target)
        with np.errstate(all="ignore"):
            return next(label for label in labels if rules[label](run))

    return diagnose


def learns(run: Run) -> bool:
    """Whether a loss ends well below its start, has never been far above it, and is low on average."""
    level = run.loss / run.loss[0]
    return (
        level.max() < 2.4
        and max(level.mean(), level[-1], run.last_epoch.mean() / run.loss[0]) < 0.75
    )


def calm(run: Run) -> bool:
    """Whether a loss learns, and has no rise in its second half."""
    return learns(run) and bool(np.all(run.rises < 1))


def fits(run: Run) -> bool:
    """Whether the accuracies are high, and that of validation is no lower."""
    return run.val >= run.train > 0.6


def is_close(run: Run) -> bool:
    """Whether the accuracies are close together."""
    return run.train - run.val < 0.1


# Ways to train a small net: what differs from `USUAL`. A pair is drawn from, on a log scale for the rate.
USUAL = {"rate": (-1, -0.3), "reg": 1e-3, "epochs": 14, "batch": 48, "hidden": (12,), "noise": (0, 0),
         "scheme": "he", "targets": (0.1, 0.3, 0.5)}  # fmt: skip
WAYS = {
    "learns": {},
    "learns slowly": {"rate": (-2.5, -1.5), "targets": (0.05, 0.1)},
    "falls short": {"rate": (-1.5, -1), "noise": (0.3, 0.3), "targets": (0.99,)},
    "crawls": {"rate": (-6, -3), "targets": (0.0, 0.5, 0.9)},
    "crawls from small weights": {"rate": (-3, -1.5), "scheme": "small", "targets": (0.0, 0.5, 0.9)},
    "bounces": {"rate": (0, 0.7), "hidden": (), "noise": (0.3, 0.3)},
    "bounces a little": {"rate": (0, 0.3), "hidden": (), "noise": (0.15, 0.15)},
    "bounces apart": {"rate": (0, 0.6), "hidden": (), "noise": (0.6, 0.6)},
    "learns by heart": {"rate": (-1.6, -0.9), "noise": (0.3, 1), "hidden": (60,), "epochs": 40,
                        "targets": (0.3, 0.5)},
    "learns half by heart": {"rate": (-1.5, -0.7), "noise": (0.8, 1), "hidden": (40,), "epochs": 20,
                             "targets": (0.95,)},
    "explodes": {"rate": (0.5, 3), "reg": 1.0, "batch": 12},
    "overflows": {"rate": (2, 5), "reg": 1.0, "batch": 12, "epochs": 40},
}  # fmt: skip
MOST = 4000  # trainings


def real_runs(
    rng, way: str, label: str, count: int, where: Callable[[Run], bool] = lambda run: True
):
    """Train small nets until there are enough histories with a label that is beyond doubt.

    Parameters
    ----------
    rng : numpy.random.Generator
    way : str
        One of `WAYS`: how they are trained.
    label : str
        The right diagnosis, which stays when each threshold moves by 20 %.
    count : int
        How many.
    where : callable
        Another condition on a run.

    Returns
    -------
    list of Args
        History and target.

    Raises
    ------
    RuntimeError
        If that way hardly ever leads there.
    """
    from course_utils.training import (
        diagnose,
        is_clear,
    )  # what is imported here is no part of visible tests

    found = []
    for _ in range(MOST):
        if len(found) == count:
            return found
        history, target = _trained(rng, **USUAL | WAYS[way])
        fits_in = diagnose(history, target) == label and where(Run(history, target))
        if fits_in and is_clear(history, target):
            found.append(args(history, target))
    raise RuntimeError(f"only {len(found)} of {count} runs are {label!r}")


def _trained(rng, rate, reg, epochs, batch, hidden, noise, scheme, targets):
    """Train one small net on points around centres, some of them with labels drawn at random."""
    from course_utils.training import Net, train

    n, features, classes = 48, 6, int(rng.integers(2, 6))
    centres = 1.5 * rng.normal(size=(classes, features))
    y = rng.integers(0, classes, 2 * n)
    x = centres[y] + rng.normal(size=(2 * n, features))
    y = np.where(rng.random(2 * n) < rng.uniform(*noise), rng.integers(0, classes, 2 * n), y)
    net, rate = Net((features, *hidden, classes), rng, scheme), 10 ** rng.uniform(*rate)
    with np.errstate(all="ignore"):
        history = train(net, x[:n], y[:n], x[n:], y[n:], rate, reg, epochs, batch, rng,
                        stop=bool(rng.integers(2)))  # fmt: skip
    names = ("loss", "train_accuracy", "val_accuracy", "stopped")
    return {name: history[name] for name in names}, float(rng.choice(targets))
