"""Drawings of learning curves: six runs as a doctor sees them, each with its diagnosis."""

import numpy as np

from course_utils.show import charts, style
from course_utils.training import Net, train

TARGET = 0.75
"""The training accuracy that a run is to reach."""
CLASSES, EXAMPLES, NOISE = 3, 300, 0.5

USUAL = {"learning_rate": 0.5, "reg": 0.003, "epochs": 60, "batch_size": 100}
CASES = {
    "too low": {"learning_rate": 1e-4},
    "good": {},
    "too high": {"learning_rate": 2, "reg": 0},
    "diverged": {"learning_rate": 5, "reg": 0},
    "overfitting": {"examples": 40, "reg": 0, "epochs": 180},
    "underfitting": {"hidden": 1, "reg": 0.03},
}
"""What makes each run what it is: changes of the usual settings."""


def arms(n, rng):
    """Return n points on three arms of a spiral, with noise, and which arm each is on."""
    y = rng.integers(0, CLASSES, n)
    radius = rng.uniform(0.2, 1, n)
    angle = 2 * np.pi * (y / CLASSES + 0.75 * radius) + rng.normal(0, NOISE, n)
    return 3 * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), y


def runs(seed=0):
    """Return the history of a real training for each case, with its settings in words.

    A net of one hidden layer, 50 units where not said otherwise, learns 300 points on three noisy arms.

    Returns
    -------
    dict of str to (dict, str)
    """
    rng = np.random.default_rng(seed)
    (x, y), held = arms(EXAMPLES, rng), arms(EXAMPLES, rng)
    found = {}
    for name, changes in CASES.items():
        settings = USUAL | {"examples": EXAMPLES, "hidden": 50} | changes
        n, hidden = settings.pop("examples"), settings.pop("hidden")
        rng = np.random.default_rng(seed)
        history = train(
            Net((2, hidden, CLASSES), rng, 0.2), x[:n], y[:n], *held, **settings, rng=rng
        )
        words = f"η = {settings['learning_rate']:g}"
        words += f", {n} examples" if n < EXAMPLES else f", {hidden} unit" if hidden == 1 else ""
        found[name] = history, words
    return found


def draw_learning_curves(cases):
    """Draw runs side by side: the loss of each step, and the accuracies after each epoch.

    All have the same axes. A run that left them ends with a cross at their upper edge.

    Parameters
    ----------
    cases : dict of str to (dict, str)
        What is written above each: a history, as from :func:`course_utils.training.train`, and words
        about its settings.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there is no case, or a history without a step.
    """
    if not cases or any(not history["loss"] for history, _ in cases.values()):
        raise ValueError("a case needs a history with at least one step")
    columns = min(3, len(cases))
    rows = -(-len(cases) // columns)
    width, height, left, deep = 3.2, 1.05, 0.34, 1.78
    figure = style.Picture(figsize=(columns * width + 0.12, rows * deep + 0.3))
    highest = 1.3 * max(history["loss"][0] for history, _ in cases.values())
    steps = max(len(history["loss"]) for history, _ in cases.values())
    said = []
    for k, (name, (history, words)) in enumerate(cases.items()):
        x, y = (k % columns) * width + left, (k // columns) * deep + 0.4
        place = (x, y, 1.28, height)
        axes = charts.chart(figure, place, (0, steps), (0, highest), (0, steps), (0, 1), name)
        _draw_loss(axes, history, highest)
        charts.under(axes, "loss", -0.95, size=8.5)
        place = (x + 1.6, y, 1.12, height)
        axes = charts.chart(figure, place, (0, steps), (0, 1.02), (0, steps), (0, 1))
        style.label(axes, 1, 1 + 0.15 / height, words, 9, ha="right", transform=axes.transAxes)
        _draw_accuracies(axes, history)
        charts.under(axes, "accuracy", -0.95, size=8.5)
        said.append(_said(name, words, history))
    _legend(figure, rows * deep + 0.08)
    figure.alt = f"Learning curves. {' '.join(said)}"
    return figure


def _draw_loss(axes, history, highest):
    """Draw the losses as far as they are finite, and a cross where a run ended above the axes."""
    loss = np.asarray(history["loss"], float)
    finite = np.isfinite(loss)
    end = len(loss) if finite.all() else int(finite.argmin())
    axes.plot(np.arange(1, end + 1), loss[:end], color=style.INK, linewidth=1.1)
    if history["stopped"] or end < len(loss):
        look = {"color": style.VERMILION, "markersize": 8, "markeredgewidth": 2.2}
        axes.plot([min(end + 1, len(loss))], [highest], "x", clip_on=False, **look)
        last = f"loss {loss[-1]:.3g}" if finite[-1] else "not finite"
        words = f"{last} at step {len(loss)}"
        # Beside the cross, on the side that has the room.
        side = 1 if len(loss) < axes.get_xlim()[1] / 2 else -1
        place = {"ha": "left" if side > 0 else "right", "va": "top"}
        at = len(loss) + side * 0.07 * axes.get_xlim()[1]
        style.label(axes, at, 0.97 * highest, words, size=8.5, **place)


def _draw_accuracies(axes, history):
    for key, colour, dash in LINES.values():
        values = history[key]
        steps = np.linspace(0, len(history["loss"]), len(values) + 1)[1:]
        look = {"marker": "o", "markersize": 2.5} if len(values) < 5 else {}
        axes.plot(steps, values, color=colour, linestyle=dash, linewidth=1.4, **look)


LINES = {
    "training": ("train_accuracy", style.BLUE, (0, (4, 2))),
    "validation": ("val_accuracy", style.VERMILION, "-"),
}


def _legend(figure, top):
    axes = charts.chart(figure, (0.34, top, 4, 0.15), (0, 4), (0, 1), frame=())
    for k, (words, (_, colour, dash)) in enumerate(LINES.items()):
        axes.plot([1.5 * k, 1.5 * k + 0.4], [0.5, 0.5], color=colour, linestyle=dash, linewidth=1.6)
        style.label(axes, 1.5 * k + 0.48, 0.5, words, size=9, ha="left")


def _said(name, words, history):
    """Say in words how a run went."""
    losses = f"loss {history['loss'][0]:.3g} to {history['loss'][-1]:.3g}"
    if not history["val_accuracy"]:
        return f"{name} ({words}): {losses}."
    ends = history["train_accuracy"][-1], history["val_accuracy"][-1]
    return f"{name} ({words}): {losses}, accuracy {ends[0]:.2f} in training, {ends[1]:.2f} in validation."


def draw_six_runs():
    """Draw the six runs of :data:`CASES`."""
    return draw_learning_curves(runs())


FIGURES = {"learning_curves": draw_six_runs}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
