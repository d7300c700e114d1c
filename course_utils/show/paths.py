"""Drawings of the paths that update rules take on one surface."""

import numpy as np

from course_utils.show import charts, style

COLOURS = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE, style.ORANGE)
MARKS = "os^Dv"


def path(gradient, start, rule, state, steps):
    """Return the points that an update rule comes to.

    Parameters
    ----------
    gradient : callable
        Point of shape (2,) → gradient.
    start : sequence of 2 floats
    rule : callable
        ``(w, dw, state) -> (w, state)``, as in :mod:`course_utils.optim`.
    state : dict
        Hyperparameters.
    steps : int

    Returns
    -------
    ndarray of shape (steps + 1, 2)
        The start first.
    """
    w = np.array(start, dtype=float)
    points = [w]
    for _ in range(steps):
        w, state = rule(w, gradient(w), state)
        points.append(w)
    return np.array(points)


def draw_paths(gradient, start, rules, steps, loss=None):
    """Draw the path of each update rule on its own map, and the losses of all in one chart.

    Parameters
    ----------
    gradient : callable
        Point of shape (2,) → gradient.
    start : sequence of 2 floats
    rules : dict of str to (callable, dict)
        Name → the rule and its hyperparameters.
    steps : int
        The same for every rule.
    loss : callable, optional
        Points of shape (2, …) → losses, for the contour lines and the chart.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If there are more rules than colours.
    """
    if len(rules) > len(COLOURS):
        raise ValueError(
            f"{len(rules)} rules are more than the {len(COLOURS)} that can be told apart"
        )
    paths = {name: path(gradient, start, *rule, steps) for name, rule in rules.items()}
    panels = len(paths) + (loss is not None)
    columns = min(3, panels)
    width, height, gap, head = 2.95, 1.3, 0.22, 0.52
    rows = -(-panels // columns)
    figure = style.Picture(figsize=(columns * (width + gap) + gap, rows * (height + head) + 0.22))
    places = [
        (gap + (k % columns) * (width + gap), 0.4 + (k // columns) * (height + head), width, height)
        for k in range(panels)
    ]
    low, high = _extent(np.concatenate(list(paths.values())))
    for k, (name, points) in enumerate(paths.items()):
        rate = rules[name][1]["learning_rate"]
        title = f"{name}, η = {rate:g}"
        axes = charts.chart(
            figure, places[k], (low[0], high[0]), (low[1], high[1]), title=title, frame=()
        )
        if loss is not None:
            _contours(axes, loss, low, high, loss(np.array(start, dtype=float)))
        axes.plot(*points.T, color=COLOURS[k], linewidth=1.1)
        charts.dots(axes, points, 3.4, COLOURS[k], zorder=3)
        axes.plot(*points[0], "o", color=style.INK, markersize=5, zorder=4)
        look = {"markersize": 7, "markeredgecolor": style.INK, "markeredgewidth": 1.2, "zorder": 4}
        axes.plot(*points[-1], MARKS[k], color=COLOURS[k], **look)
    said = ""
    if loss is not None:
        losses = {name: loss(points.T) for name, points in paths.items()}
        _draw_losses(figure, places[-1], losses, steps)
        said = " Last losses: " + ", ".join(
            f"{name} {charts.short(values[-1])}" for name, values in losses.items()
        )
        said += "."
    figure.alt = f"Paths of {', '.join(paths)}: {steps} steps each from the same start.{said}"
    return figure


def _extent(points):
    """Return the corners of a map with all points and the origin, and some room."""
    low, high = np.minimum(points.min(axis=0), 0), np.maximum(points.max(axis=0), 0)
    room = 0.06 * (high - low)
    return low - room, high + room


def _contours(axes, loss, low, high, top):
    """Draw lines of equal loss: four, from the start's down."""
    grid = np.meshgrid(np.linspace(low[0], high[0], 33), np.linspace(low[1], high[1], 25))
    levels = top * np.array([0.02, 0.15, 0.45, 1.0])
    look = {"colors": style.FAINT, "linewidths": 0.7}
    axes.contour(*grid, loss(np.array(grid)), levels=levels, **look)


def _draw_losses(figure, place, losses, steps):
    """Draw the losses of all rules, on a log axis."""
    left, top, width, height = place
    place = (left + 0.5, top, width - 0.5, height)
    every = np.concatenate(list(losses.values()))
    every = np.log10(every[every > 0])
    low, high = np.floor(every.min()), np.ceil(every.max())
    ticks = {
        k: f"10{charts.raised(k)}" for k in np.arange(low, high + 1, max(1, (high - low) // 3))
    }
    axes = charts.chart(
        figure, place, (0, steps), (low, high), (0, steps), ticks, "loss at each step"
    )
    for k, (name, values) in enumerate(losses.items()):
        y = np.log10(np.maximum(values, 1e-300))
        look = {"color": COLOURS[k], "markersize": 4.5, "markevery": (2 * k, 10)}
        axes.plot(y, MARKS[k] + "-", linewidth=1.3, label=name, **look)
