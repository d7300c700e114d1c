"""Drawings of the pieces of a network: pooling, a whole pattern, saturation, separation."""

import numpy as np
from matplotlib.patches import Rectangle
from numpy.lib.stride_tricks import sliding_window_view

from course_utils.show import style
from course_utils.show.learned import learned_filters

NUMBERS = ((1, 0, 2, 3), (4, 6, 6, 8), (3, 1, 1, 0), (1, 2, 2, 5))
"""The input of the pooling picture."""
TINTS = (style.SKY, style.ORANGE, style.GREEN, style.PURPLE)


def draw_pooling(numbers=NUMBERS):
    """Draw max and average pooling, 2 × 2 with stride 2, on a 4 × 4 input.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(9.6, 3.1)
    style.frame(axes, -0.8, 18.6, -1.2, 5.0)
    x = np.array(numbers)
    blocks = x.reshape(2, 2, 2, 2).swapaxes(1, 2)
    style.label(axes, 2, -0.7, "input 4 × 4", size=11, weight="bold")
    for r in range(4):
        for c in range(4):
            fill = style.blend(TINTS[2 * (r // 2) + c // 2], 0.4)
            style.cell(axes, c, r, 1, int(x[r, c]), fill, size=13)
    for r in (0, 2):
        for c in (0, 2):
            axes.add_patch(Rectangle((c, r), 2, 2, fill=False, edgecolor=style.INK, linewidth=2))
    pools = (("max: the largest", blocks.max((2, 3))), ("average: the mean", blocks.mean((2, 3))))
    for k, (words, values) in enumerate(pools):
        left = 7.0 + 6.6 * k
        style.label(axes, left + 1.5, -0.7, words, size=11, weight="bold")
        for r in range(2):
            for c in range(2):
                fill = style.blend(TINTS[2 * r + c], 0.4)
                corner = left + 1.5 * c, 0.5 + 1.5 * r
                text = f"{values[r, c]:g}"
                style.cell(axes, *corner, 1.5, text, fill, size=14, edgecolor=style.INK)
        style.label(axes, left + 1.5, 4.2, "2 × 2, no parameters", size=10)
    style.arrow(axes, (4.4, 2), (6.6, 2))
    return figure


def convolve(x, w, padding=1):
    """Convolve one array (C, H, W) with filters (K, C, F, F), stride 1, without biases.

    Returns
    -------
    ndarray of shape (K, H', W')
    """
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, w.shape[2:], axis=(1, 2))
    return np.einsum("chwij,kcij->khw", windows, w)


def pattern_activations(image, filters=None):
    """Send an image through [conv conv pool] × 3 with 3 × 3 filters.

    Parameters
    ----------
    image : ndarray of shape (3, H, W), uint8
    filters : list of (ndarray, ndarray), optional
        Weights and biases of the six convolutions; learned ones if not given.

    Returns
    -------
    list of (str, ndarray)
        Name and activations after the ReLU of each layer, the input first.
    """
    x = image / 255 - 0.5
    maps = [("input", image / 255)]
    for number, (w, b) in enumerate(filters or learned_filters(), start=1):
        x = np.maximum(convolve(x, w) + b[:, None, None], 0)
        maps.append((f"conv{number}", x))
        if number % 2 == 0:
            k, h, wide = x.shape
            x = x[:, : h // 2 * 2, : wide // 2 * 2].reshape(k, h // 2, 2, wide // 2, 2).max((2, 4))
            maps.append((f"pool{number // 2}", x))
    return maps


def draw_pattern(image, filters=None):
    """Draw the activations of [conv conv pool] × 3 on an image, one column for each layer.

    Parameters
    ----------
    image : ndarray of shape (3, H, W), uint8
    filters : list of (ndarray, ndarray), optional
        As for :func:`pattern_activations`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    maps = pattern_activations(image, filters)
    side, count = image.shape[1], len(maps[-1][1])
    figure = style.Picture(figsize=(10.2, 9.4))
    names = ", ".join(name for name, _ in maps)
    figure.alt = f"Activations, one column for each of: {names}. White is large."
    columns = figure.subplots(1, len(maps), width_ratios=[1] * len(maps))
    figure.subplots_adjust(0.01, 0.01, 0.99, 0.92, wspace=0.12)
    for axes, (name, values) in zip(columns, maps, strict=True):
        shape = " × ".join(map(str, values.shape))
        axes.set_title(f"{name}\n{shape}", fontsize=9)
        axes.set_axis_off()
        if name == "input":
            picture = np.moveaxis(values, 0, -1)
            axes.imshow(picture, extent=(0, side, side, 0))
        else:
            for k, one in enumerate(values):
                top = k * (side + 4)
                top_value = one.max() or 1
                extent = (0, side, top + side, top)
                axes.imshow(one, "gray", extent=extent, vmin=0, vmax=top_value)
        axes.set_xlim(0, side)
        axes.set_ylim(count * (side + 4), 0)
    return figure


def sigmoid(x):
    """Return 1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def draw_saturation():
    """Draw the sigmoid and the ReLU, and their slopes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, 3.0), layout="constrained")
    figure.alt = "Sigmoid and ReLU with their slopes: the sigmoid's slope is at most 0.25."
    x = np.linspace(-6, 6, 241)
    s = sigmoid(x)
    panels = (("sigmoid", s, s * (1 - s)), ("ReLU", np.maximum(x, 0), (x > 0).astype(float)))
    for axes, (name, y, slope) in zip(figure.subplots(1, 2), panels, strict=True):
        axes.plot(x, y, color=style.BLUE, linewidth=2, label=name)
        axes.plot(x, slope, color=style.VERMILION, linewidth=2, linestyle="--", label="its slope")
        axes.axhline(0.25, color=style.FAINT, linewidth=0.8, linestyle=":")
        axes.set_ylim(-0.08, 1.35)
        axes.set_yticks([0, 0.25, 1])
        axes.legend(loc="upper left", frameon=False)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_separation(images, points, labels, line):
    """Draw images of two classes, and their two features with the line that separates them.

    Parameters
    ----------
    images : ndarray of shape (N, H, W)
    points : ndarray of shape (N, 2)
        Features of the images.
    labels : ndarray of shape (N,)
        1 or -1.
    line : sequence of 3 numbers
        The line is where ``line[0] * x + line[1] * y + line[2]`` is 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, 3.7))
    figure.alt = "Left six images of bars; right their features, two groups apart from each other."
    grid = figure.add_gridspec(2, 6, width_ratios=(1, 1, 1, 0.5, 1.8, 1.8), top=0.88, bottom=0.13)
    for row, label in enumerate((1, -1)):
        for column, k in enumerate(np.flatnonzero(labels == label)[:3]):
            axes = figure.add_subplot(grid[row, column])
            axes.imshow(images[k], cmap="gray")
            axes.set_xticks([])
            axes.set_yticks([])
            if column == 1:
                axes.set_title("upright" if label > 0 else "lying", fontsize=10)
    axes = figure.add_subplot(grid[:, 4:])
    for label, colour, mark in ((1, style.VERMILION, "o"), (-1, style.BLUE, "x")):
        name = "upright" if label > 0 else "lying"
        chosen = points[labels == label][:200]
        axes.plot(*chosen.T, mark, color=colour, markersize=4, label=name)
    ends = np.array([points.min() - 0.3, points.max() + 0.3])
    axes.plot(ends, -(line[0] * ends + line[2]) / line[1], color=style.INK, label="separating line")
    axes.set_xlim(*ends)
    axes.set_ylim(*ends)
    axes.set_xlabel("largest answer to an upright line")
    axes.set_ylabel("largest answer to a lying line")
    axes.legend(fontsize=8.5, loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


FIGURES = {"pooling": draw_pooling}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
