"""Drawings of lecture 01: connections, depth and receptive fields."""

import numpy as np
from matplotlib.patches import Circle, Polygon

from course_utils.arithmetic import conv_output_size, linear_parameters, receptive_fields
from course_utils.show import style

WEIGHTS = (("a", style.BLUE, "-"), ("b", style.VERMILION, "--"), ("c", style.GREEN, ":"))
"""Letter, colour and dash of the three shared weights."""


def draw_connections(size=5):
    """Draw the same five inputs and outputs fully, locally, and locally with shared weights.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.2, 3.3)
    style.frame(axes, -1.0, 3 * 7.6 - 1.4, -1.55, 4.6)
    dense = linear_parameters(size, size, bias=False)
    titles = ("Fully connected", "Restricted to three neighbours", "Restricted and shared")
    counts = (f"{dense} weights", f"{3 * size} weights", "3 weights: a, b, c")
    for panel, (title, count) in enumerate(zip(titles, counts, strict=True)):
        left, shared = 7.6 * panel, panel == 2
        style.label(axes, left + 2, -1.2, title, size=11, weight="bold")
        style.label(axes, left + 2, 4.25, count, size=11)
        for out in range(size):
            for k in range(size) if panel == 0 else range(out - 1, out + 2):
                letter, colour, dash = WEIGHTS[k - out + 1] if shared else ("", style.FAINT, "-")
                line = {"color": colour, "linestyle": dash, "linewidth": 1.9 if shared else 0.9}
                axes.plot([left + k, left + out], [2.9, 0], zorder=1, **line)
                if out == 2:
                    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1}
                    words = {"size": 11, "weight": "bold", "bbox": box}
                    style.label(axes, left + k + (out - k) * 0.45, 1.6, letter, **words)
        for at in range(size) if panel == 0 else range(-1, size + 1):
            padding = not 0 <= at < size
            _unit(axes, left + at, 2.9, "0" if padding else _named("x", at), padding)
        for k in range(size):
            _unit(axes, left + k, 0, _named("y", k))
    return figure


def _named(letter, index):
    """Return a letter with an index below it."""
    return letter + str(index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _unit(axes, x, y, text, padding=False):
    circle = Circle((x, y), 0.38, facecolor=style.PAPER, edgecolor=style.INK, zorder=2)
    circle.set(linestyle="--" if padding else "-", linewidth=0.8 if padding else 1.3)
    axes.add_patch(circle)
    style.label(axes, x, y, text, size=10, color=style.FAINT if padding else style.INK)


SLANT = np.array([0.42, -0.3])
"""How one unit of depth is drawn: to the right and up."""


def _box(axes, corner, width, height, depth, colour, **options):
    """Draw a box, its front's upper left corner at ``corner``, its depth going right and up."""
    x, y = corner
    front = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    back = front + depth * SLANT
    faces = (
        (front, 0.16),
        (np.array([front[0], front[1], back[1], back[0]]), 0.26),
        (np.array([front[1], back[1], back[2], front[2]]), 0.36),
    )
    for face, share in faces:
        look = {"edgecolor": style.INK, "linewidth": 0.9} | options
        style.paint(axes, Polygon(face, **options), colour, share, **look)


def draw_depth(size=32, channels=3, kernel_size=5, filters=6):
    """Draw a filter that spans the full depth of its input, and the maps that several filters give.

    Returns
    -------
    matplotlib.figure.Figure
    """
    output = conv_output_size(size, kernel_size)
    figure, axes = style.picture(10.2, 3.9)
    style.frame(axes, -1.9, 18.6, -2.1, 5.75)
    scale = 4.2 / size
    _box(axes, (0, 0), 4.2, 4.2, 3, style.SKY)
    side = kernel_size * scale * 1.25
    at = np.array([1.0, 1.3])
    _box(axes, at, side, side, 3, style.VERMILION, zorder=3)
    style.label(axes, 2.7, 4.75, f"input {size} × {size} × {channels}", size=11, weight="bold")
    words = f"filter {kernel_size} × {kernel_size} × {channels}"
    style.label(axes, 2.7, 5.3, f"{words}: as deep as the input", size=10)
    style.label(axes, -0.5, 2.1, size, size=10)
    style.label(axes, 2.1, 4.0, size, size=10)
    style.label(axes, 0.35, -0.75, channels, size=10)

    x = 7.6
    flat = output * scale
    axes.add_patch(
        Polygon(
            [(x, 0.2), (x + flat, 0.2), (x + flat, 0.2 + flat), (x, 0.2 + flat)],
            facecolor=style.blend(style.VERMILION, 0.16),
            edgecolor=style.INK,
        )
    )
    spot = np.array([x + 1.0, 0.2 + 1.15])
    dot = Circle(spot, 0.13, facecolor=style.VERMILION, edgecolor=style.INK, zorder=4)
    axes.add_patch(dot)
    for corner in (at + (side, 0) + 3 * SLANT, at + (side, side) + 3 * SLANT):
        axes.plot(*zip(corner, spot, strict=True), color=style.VERMILION, linewidth=1.1, zorder=3)
    middle, words = x + flat / 2, f"one filter: one map {output} × {output}"
    style.label(axes, middle, 4.75, words, size=11, weight="bold")
    words = f"{kernel_size**2 * channels} products and a bias per number"
    style.label(axes, middle, 5.3, words, size=10)

    x = 13.1
    for k in reversed(range(filters)):
        _map(axes, (x + 0.32 * k, 0.55 - 0.24 * k), flat * 0.95, f"{k + 1}")
    middle, words = x + flat / 2 + 0.7, f"{filters} filters: {output} × {output} × {filters}"
    style.label(axes, middle, 4.75, words, size=11, weight="bold")
    style.label(axes, middle, 5.3, "as deep as there are filters", size=10)
    return figure


def _map(axes, corner, side, text):
    x, y = corner
    square = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    look = {"edgecolor": style.INK, "linewidth": 0.9}
    style.paint(axes, Polygon(square), style.VERMILION, 0.16, **look)
    style.label(axes, x + 0.2, y + 0.22, text, size=8, color=style.INK)


def draw_receptive_field(layers):
    """Draw, along one axis, every unit that one unit of the last layer depends on.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride)`` or ``(kernel_size, stride, dilation)``, first layer first; they
        may see up to 40 input pixels.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no layer, or if the receptive field is larger than 40.

    Examples
    --------
    >>> figure = draw_receptive_field([(3, 1), (3, 1), (3, 1)])
    """
    fields = receptive_fields(layers)
    if not fields:
        raise ValueError("layers is empty: there is nothing to draw")
    width = fields[-1].size
    if width > 40:
        raise ValueError(f"the receptive field of {width} pixels is wider than the 40 that fit")
    figure, axes = style.picture(10.2, 1.0 + 0.82 * len(layers))
    figure.alt = f"What one unit of layer {len(layers)} depends on: {width} input pixels."
    style.frame(axes, -5.4, 16.6, -1.7 * len(layers) - 0.75, 0.75)
    unit = min(1.0, 16 / width)
    half = min(0.36, 0.44 * unit)
    rows = [(0.0, 1), *((field.centre, field.jump) for field in fields)]

    def place(level, k):
        """Where unit k of a layer stands: above the middle of what it sees."""
        centre, jump = rows[level]
        return 8 + (centre + k * jump - (width - 1) / 2) * unit, -1.7 * level

    needed = {0}
    for level in range(len(layers), -1, -1):
        kernel_size, stride, dilation = (*layers[level - 1], 1)[:3] if level else (0, 1, 1)
        fill = {0: style.blend(style.SKY, 0.45), len(layers): style.blend(style.VERMILION, 0.45)}
        for k in needed:
            x, y = place(level, k)
            options = {"fill": fill.get(level, style.PAPER), "edgecolor": style.INK, "linewidth": 1}
            style.cell(axes, x - half, y - half, 2 * half, **options)
            for tap in range(kernel_size):
                below = place(level - 1, k * stride + dilation * tap)
                ends = [x, below[0]], [y + half, below[1] - half]
                axes.plot(*ends, color=style.FAINT, linewidth=0.9, zorder=0)
        needed = {k * stride + dilation * tap for k in needed for tap in range(kernel_size)}
        y = -1.7 * level
        if not level:
            style.label(axes, -5.2, y, f"input: {width} pixels", ha="left", size=10)
            continue
        words = f"layer {level}: kernel {kernel_size}, stride {stride}"
        words += f", dilation {dilation}" if dilation > 1 else ""
        style.label(axes, -5.2, y - 0.24, words, ha="left", size=10)
        words = f"one unit sees {fields[level - 1].size} input pixels"
        style.label(axes, -5.2, y + 0.26, words, ha="left", size=10)
    return figure


FIGURES = {
    "connections": draw_connections,
    "depth": draw_depth,
    "receptive_field": lambda: draw_receptive_field([(3, 1), (3, 1), (3, 1)]),
}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
