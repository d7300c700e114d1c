"""Drawings of clouds of points: what preprocessing does to data of two features."""

import numpy as np
from matplotlib.patches import Ellipse

from course_utils.show import charts, style

LETTERS = "ABC"
"""The first points, which can be followed from cloud to cloud."""


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
