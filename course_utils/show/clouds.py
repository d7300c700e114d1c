"""Drawings of clouds of points: what preprocessing does to data of two features."""

import numpy as np
from matplotlib.patches import Ellipse

from course_utils.show import charts, style

LETTERS = "ABC"
"""The first points, which can be followed from cloud to cloud."""


def preprocessed(x, eps=1e-5):
    """Return data of two features, step by step, with the statistics of the data itself.

    Parameters
    ----------
    x : ndarray of shape (N, 2)
    eps : float
        Added to variances under the root.

    Returns
    -------
    dict of str to ndarray
        ``original``, ``centred``, ``normalised`` (by its standard deviations), ``decorrelated`` (the
        centred data on its principal axes) and ``whitened``.
    """
    centred = x - x.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(x))
    variances, axes = variances[::-1], axes[:, ::-1]
    # An axis may point either way: its larger part is made positive.
    axes = axes * np.sign(axes[abs(axes).argmax(axis=0), [0, 1]])
    decorrelated = centred @ axes
    return {
        "original": x,
        "centred": centred,
        "normalised": centred / np.sqrt(x.var(axis=0) + eps),
        "decorrelated": decorrelated,
        "whitened": decorrelated / np.sqrt(variances + eps),
    }


def cloud(n=110, seed=3):
    """Return points of two features that are correlated, far from 0 and of different spread."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 2)) @ [[1.9, 0.75], [0, 0.45]] + [3.4, 1.9]


def draw_clouds(clouds):
    """Draw clouds of points side by side, each with the ellipse of its covariance and the unit circle.

    The ellipse is one standard deviation away from the mean in every direction. Where the data is
    whitened it is the unit circle.

    Parameters
    ----------
    clouds : dict of str to ndarray of shape (N, 2)
        What is written above each, and its points. All have as many, and the first three are lettered.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If a cloud has not two features.
    """
    side, gap = 1.72, 0.16
    figure = style.Picture(figsize=(len(clouds) * (side + gap) + gap, side + 0.98))
    said = []
    for k, (title, points) in enumerate(clouds.items()):
        points = np.asarray(points, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ValueError(f"{title}: a cloud has shape (N, 2), got {points.shape}")
        place = (gap + k * (side + gap), 0.36, side, side)
        numbers = _draw_cloud(figure, place, title, points)
        said.append(f"{title}: {', '.join(numbers)}")
    figure.alt = "Clouds of points. " + "; ".join(said) + "."
    return figure


def _draw_cloud(figure, place, title, points):
    """Draw one cloud and return its numbers in words."""
    low, high = np.minimum(points.min(axis=0), -1), np.maximum(points.max(axis=0), 1)
    middle, half = (low + high) / 2, 0.56 * (high - low).max()
    limits = [(m - half, m + half) for m in middle]
    axes = charts.chart(figure, place, *limits, title=title, frame=())
    axes.axhline(0, color=style.FAINT, linewidth=0.7)
    axes.axvline(0, color=style.FAINT, linewidth=0.7)
    charts.dots(axes, points, 2.6, style.BLUE)
    mean, covariance = points.mean(axis=0), np.cov(points.T, bias=True)
    variances, directions = np.linalg.eigh(covariance)
    angle = np.degrees(np.arctan2(*directions[::-1, 1]))
    radii = np.sqrt(variances[::-1])
    ellipse = Ellipse(mean, *(2 * radii), angle=angle, fill=False)
    circle = Ellipse((0, 0), 2, 2, fill=False)
    ellipse.set(edgecolor=style.VERMILION, linewidth=2)
    circle.set(edgecolor=style.INK, linewidth=1.3, linestyle=(0, (3, 2)))
    axes.add_patch(ellipse)
    axes.add_patch(circle)
    for letter, point in zip(LETTERS, points, strict=False):
        charts.dots(axes, [point], 9, style.PAPER, zorder=3)
        style.label(axes, *point, letter, size=8, weight="bold", zorder=4)
    spread = points.std(axis=0)
    correlation = covariance[0, 1] / (spread.prod() or 1)
    numbers = [
        f"mean {_pair(mean)}",
        f"std {_pair(spread)}",
        f"correlation {_rounded(correlation)}",
    ]
    for line, words in enumerate(numbers):
        charts.under(axes, words, line - 1.0, size=8.5)
    return numbers


def _pair(values):
    return ", ".join(_rounded(value) for value in values)


def _rounded(value):
    """Write a number with two decimals; what is 0 but for rounding errors has no sign."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def draw_preprocessing():
    """Draw what centring, normalising, decorrelating and whitening do to a cloud."""
    return draw_clouds(preprocessed(cloud()))


FIGURES = {"preprocessing": draw_preprocessing}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
