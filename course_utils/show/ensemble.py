"""Drawings of dropout: the nets that it trains, and the one that is used."""

import itertools

import numpy as np
from matplotlib.patches import Circle

from course_utils.show import style

SIZES = (3, 4, 4, 2)
"""Units of the small net: inputs, two hidden layers, outputs."""


def masks(p, count, rng, sizes=SIZES):
    """Return which units are kept in some sub-nets, all different and none without a path.

    Parameters
    ----------
    p : float
        Probability of dropping a hidden unit; inputs and outputs stay.
    count : int
    rng : numpy.random.Generator

    Returns
    -------
    list of (list of ndarray of bool)
        For each sub-net and layer, which of its units are kept.

    Raises
    ------
    ValueError
        If there are not so many different sub-nets.
    """
    most = int(np.prod([2**n - 1 for n in sizes[1:-1]]))
    if not 0 < p < 1 or count > most:
        raise ValueError(f"of {most} sub-nets with 0 < p < 1, {count} are wanted with p={p}")
    found = {}
    while len(found) < count:
        kept = [np.ones(n, bool) for n in sizes]
        kept[1:-1] = [rng.random(n) >= p for n in sizes[1:-1]]
        if all(layer.any() for layer in kept):
            found.setdefault(tuple(map(tuple, kept)), kept)
    return list(found.values())


def draw_ensemble(p=0.5, count=4, seed=2):
    """Draw sub-nets that dropout trains, one a step, and the whole net at test time.

    Parameters
    ----------
    p : float
        Probability of dropping a hidden unit.
    count : int
        Number of sub-nets.
    seed : int

    Returns
    -------
    Picture
    """
    kept = masks(p, count, np.random.default_rng(seed))
    whole = [np.ones(n, bool) for n in SIZES]
    hidden = sum(SIZES[1:-1])
    step, left = 5.6, 0.6
    width = (count + 1) * step + 0.9
    figure, axes = style.picture(9.8, 9.8 * 6.5 / width)
    style.frame(axes, -0.6, width - 0.6, -1.6, 4.9)
    for k, mask in enumerate(kept):
        x = left + k * step
        style.label(axes, x + 1.8, -1.0, f"step {k + 1}", size=10, weight="bold")
        many = sum(layer.sum() for layer in mask[1:-1])
        words = f"{many} of {hidden} hidden units, × {1 / (1 - p):.3g}"
        style.label(axes, x + 1.8, 4.3, words, size=8.5)
        _draw_net(axes, x, mask)
    x = left + count * step + 0.5
    axes.plot([x - 1.1, x - 1.1], [-1.2, 4.6], color=style.FAINT, linewidth=0.8)
    style.label(axes, x + 1.8, -1.0, "test: all of them", size=10, weight="bold")
    style.label(axes, x + 1.8, 4.3, "every unit, nothing scaled", size=8.5)
    _draw_net(axes, x, whole)
    counts = [sum(int(layer.sum()) for layer in mask[1:-1]) for mask in kept]
    figure.alt = (
        f"A net with {hidden} hidden units. Dropout with p = {p:g} keeps {', '.join(map(str, counts))} "
        f"of them in {count} steps; what is dropped is crossed out, with its lines. At test time all "
        f"are there. 2 to the power of {hidden}, {2**hidden}, sub-nets share one set of weights; in "
        f"training, kept units are multiplied by 1/(1 − p) = {1 / (1 - p):.3g}."
    )
    return figure


def _draw_net(axes, left, kept, wide=3.6, high=3.6):
    """Draw the units in columns, what is kept joined by lines, what is dropped crossed out."""
    spots = [
        [(left + wide * k / (len(SIZES) - 1), high * (i + 0.5) / n) for i in range(n)]
        for k, n in enumerate(SIZES)
    ]
    for k, (ins, outs) in enumerate(itertools.pairwise(spots)):
        for i, j in np.argwhere(np.outer(kept[k], kept[k + 1])):
            axes.plot(
                *zip(ins[i], outs[j], strict=True), color=style.FAINT, linewidth=0.7, zorder=1
            )
    for k, layer in enumerate(spots):
        for i, (x, y) in enumerate(layer):
            radius = 0.32
            unit = Circle((x, y), radius, zorder=2, linewidth=1.0)
            if kept[k][i]:
                style.paint(axes, unit, style.BLUE, 0.5, edgecolor=style.INK)
                continue
            style.paint(axes, unit, style.PAPER, 1, edgecolor=style.FAINT, linestyle=(0, (2, 2)))
            a = 0.8 * radius
            for ends in ((-a, a), (a, -a)):
                line = [x - a, x + a], [y + end for end in ends]
                axes.plot(*line, color=style.VERMILION, linewidth=1.8, zorder=3)


FIGURES = {"dropout": draw_ensemble}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
