"""Drawings of lecture 03: kernels on a face, dilated stacks, channels, a day and a film, taps that moved."""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from course_utils.arithmetic import conv_parameters
from course_utils.data.small import drawn_faces
from course_utils.show import style


def draw_unshared():
    """Draw one kernel for all places of a face, and a kernel for each place.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(8.6, 4.3)
    style.frame(axes, -0.6, 38.6, -3.2, 18.6)
    faces, labels = drawn_faces(400)
    face = faces[labels == 0].mean(axis=0)  # the noise has gone
    for left, words, below in (
        (0, "shared", "one kernel w, moved from place to place"),
        (22, "unshared", "a kernel of its own at each of 16 places"),
    ):
        style.label(axes, left + 8, -1.7, words, size=12, weight="bold")
        style.label(axes, left + 8, 17.6, below, size=10)
        axes.add_patch(Rectangle((left, 0), 16, 16, facecolor=style.grey(0)[0], linewidth=0))
        for r, c in np.argwhere(face > 0.25):
            fill, _ = style.grey(9 if face[r, c] > 0.75 else 4.5)
            style.cell(axes, left + c, r, 1, "", fill, linewidth=0)
        for i, j in np.ndindex(4, 4):
            corner = left + 4 * j, 4 * i
            edge = {"fill": False, "edgecolor": style.VERMILION, "linewidth": 1.4}
            axes.add_patch(Rectangle(corner, 4, 4, **edge))
            text = "w" if words == "shared" else f"w[{i},{j}]"
            wide = 0.6 + 0.42 * len(text)
            plate = {"facecolor": style.PAPER, "linewidth": 0}
            axes.add_patch(Rectangle((left + 4 * j, 4 * i), wide, 1, **plate))
            style.label(axes, left + 4 * j + wide / 2, 4 * i + 0.5, text, size=8)
    return figure


def draw_dilated_stack(dilations=((1, 1, 1), (1, 2, 4), (2, 2, 2)), kernel_size=3):
    """Draw stacks of dilated layers along one axis, and which inputs one unit at the top reads.

    Returns
    -------
    matplotlib.figure.Figure
    """
    size = max(sum(d * (kernel_size - 1) for d in stack) + 1 for stack in dilations)
    figure, axes = style.picture(10.4, 2.35)
    wide = size + 2.5
    style.frame(axes, -1.2, len(dilations) * wide - 1.3, -2.1, 8.6)
    for panel, stack in enumerate(dilations):
        left, read = panel * wide, {size // 2}
        title = f"dilations {', '.join(map(str, stack))}"
        style.label(axes, left + size / 2 - 0.5, -1.3, title, size=11, weight="bold")
        levels = [read]
        for level, dilation in enumerate(reversed(stack)):
            taps = dilation * (np.arange(kernel_size) - kernel_size // 2)
            below = {unit + tap for unit in levels[-1] for tap in taps}
            for unit in levels[-1]:
                for tap in taps:
                    ends = [left + unit, left + unit + tap], [2.2 * level, 2.2 * level + 2.2]
                    axes.plot(*ends, color=style.VERMILION, linewidth=0.9, zorder=0)
            levels.append(below)
        for level, used in enumerate(levels):
            for unit in range(size):
                look = {"facecolor": style.VERMILION if unit in used else style.PAPER}
                mark = Circle((left + unit, 2.2 * level), 0.3, edgecolor=style.FAINT, **look)
                mark.set_linewidth(0.7)
                axes.add_patch(mark)
        inputs = levels[-1]
        span = max(inputs) - min(inputs) + 1
        words = f"reads {len(inputs)} of {span} inputs"
        style.label(axes, left + size / 2 - 0.5, 7.9, words, size=10)
    return figure


def draw_channels_of_variants(channels=3, filters=4):
    """Draw which channels a standard, a depthwise and a pointwise convolution connect, and with what.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.2, 3.3)
    style.frame(axes, -1.4, 18.4, -1.6, 4.9)
    count = conv_parameters
    panels = (
        ("standard 3 × 3", filters, "all", style.BLUE, count(channels, filters, 3, bias=False)),
        ("depthwise 3 × 3", channels, "own", style.VERMILION, count(channels, channels, 3, False, channels)),
        ("pointwise 1 × 1", filters, "all", style.GREEN, count(channels, filters, 1, bias=False)),
    )  # fmt: skip
    for panel, (title, outputs, connected, colour, weights) in enumerate(panels):
        left = panel * 6.4
        dash = (0, (4, 2)) if title.startswith("pointwise") else "-"
        style.label(axes, left + 1.5, -1.15, title, size=11, weight="bold")
        shift = [(filters - many) / 2 for many in (channels, outputs)]
        for out in range(outputs):
            for k in range(channels) if connected == "all" else [out]:
                ends = [left + k + shift[0], left + out + shift[1]], [2.8, 0.6]
                axes.plot(*ends, color=colour, linewidth=1.5, linestyle=dash, zorder=0)
        for y, many, moved in ((2.8, channels, shift[0]), (-0.1, outputs, shift[1])):
            for k in range(many):
                fill = style.blend(colour, 0.25)
                style.cell(axes, left + k + moved - 0.35, y, 0.7, "", fill, edgecolor=style.INK)
        kernel = "one weight" if title.startswith("pointwise") else "3 × 3 weights"
        style.label(axes, left + 1.5, 3.95, f"a line: {kernel}", size=10)
        style.label(axes, left + 1.5, 4.5, f"{weights} weights", size=10)
        style.label(axes, left - 0.75, 3.15, "in", ha="right", size=9.5)
        style.label(axes, left - 0.75, 0.25, "out", ha="right", size=9.5)
    return figure


def draw_axes_of_variants():
    """Draw along which axes the kernel of a 1-D, a 2-D and a 3-D convolution moves, and over which it sums.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.4, 3.2)
    style.frame(axes, -0.8, 33.5, -2.7, 7.9)
    window = {"fill": False, "edgecolor": style.VERMILION, "linewidth": 2.4}
    hue = (style.VERMILION, style.GREEN, style.BLUE)

    def sheet(x, y, rows, columns, colour, side=1.0):
        ground = {"facecolor": style.PAPER, "linewidth": 0}
        axes.add_patch(Rectangle((x, y), columns * side, rows * side, **ground))
        for r, c in np.ndindex(rows, columns):
            style.cell(axes, x + c * side, y + r * side, side, "", style.blend(colour, 0.22))

    style.label(axes, 4, -2.0, "1-D: 3 channels, time", size=11, weight="bold")
    for k in range(3):
        sheet(0, 1.5 * k, 1, 8, hue[k])
    axes.add_patch(Rectangle((2, -0.2), 3, 4.4, **window))
    style.arrow(axes, (5.2, 5.0), (7.6, 5.0), color=style.VERMILION)
    style.label(axes, 4, 6.2, "moves along time,", size=10)
    style.label(axes, 4, 7.1, "sums over channels", size=10)

    left = 11
    style.label(axes, left + 3, -2.0, "2-D: 3 channels, rows, columns", size=11, weight="bold")
    for k in (2, 1, 0):
        sheet(left + 0.7 * k, 0.7 * (2 - k), 4, 5, hue[k])
    axes.add_patch(Rectangle((left + 1, 2.4), 2, 2, **window))
    axes.add_patch(Rectangle((left + 2.4, 1.0), 2, 2, **window | {"linestyle": (0, (2, 2))}))
    style.label(axes, left + 3, 6.4, "moves along rows and columns,", size=10)
    style.label(axes, left + 3, 7.3, "sums over channels", size=10)

    left = 20.5
    style.label(
        axes, left + 6, -2.0, "3-D: 3 channels, time, rows, columns", size=11, weight="bold"
    )
    for t in range(4):
        for k in (2, 1, 0):
            sheet(left + 3.3 * t + 0.35 * k, 0.35 * (2 - k) + 0.4, 4, 3, hue[k], 0.7)
            if t:
                corner = left + 3.3 * t + 0.35 * k, 0.35 * (2 - k) + 1.1
                look = {} if k == 0 else {"linestyle": (0, (2, 2)), "linewidth": 1.4}
                axes.add_patch(Rectangle(corner, 1.4, 1.4, **window | look))
        style.label(axes, left + 3.3 * t + 1.1, 4.9, f"t = {t}", size=9)
    style.label(axes, left + 6, 6.4, "moves along time, rows and columns,", size=10)
    style.label(axes, left + 6, 7.3, "sums over channels: time stays an axis", size=10)
    return figure


def draw_maps(maps, alt, high=2.6, **options):
    """Draw arrays side by side; a dict of title: array.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, high), facecolor="white", layout="constrained")
    figure.alt = alt
    for axes, (title, values) in zip(figure.subplots(1, len(maps)), maps.items(), strict=True):
        axes.imshow(values, **{"cmap": "cividis"} | options)
        axes.set_title(title, fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def draw_day(x, names, opened, score, found):
    """Draw the sensors of a day, below each other, and the answer of a kernel to them.

    Parameters
    ----------
    x : ndarray of shape (channels, minutes)
    names : sequence of str
    opened, found : sequence of int
        Minutes at which a window was opened, and at which the kernel says so.
    score : ndarray of shape (places,)

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, 4.4), facecolor="white", layout="constrained")
    figure.alt = (
        f"{', '.join(names)} over a day, and the answer of one kernel, with {len(found)} peaks."
    )
    rows = figure.subplots(len(x) + 1, 1, sharex=True)
    for axes, name, values in zip(rows, (*names, "answer"), (*x, score), strict=True):
        last = name == "answer"
        colour = style.VERMILION if last else style.BLUE
        axes.plot(np.arange(len(values)) / 60, values, color=colour, linewidth=0.8)
        for minute in opened:
            axes.axvline(minute / 60, color=style.FAINT, linewidth=0.9, linestyle=":")
        axes.set_ylabel(name, fontsize=8)
        axes.set_yticks([])
        axes.spines[["top", "right", "left"]].set_visible(False)
    at = np.array(found)
    rows[-1].plot(at / 60, score[at], "v", color=style.INK, markersize=6)
    rows[-1].set_xlabel("hour; dotted: a window is opened; triangles: the largest answers")
    return figure


def draw_taps(image, panels):
    """Draw taps on an image: where they stand without offsets, and arrows to where they stand with them.

    Parameters
    ----------
    image : ndarray of shape (H, W)
    panels : dict
        Title → (regular, moved), two arrays of shape (taps, 2) of (row, column).

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = style.Picture(figsize=(9.6, 3.2), facecolor="white", layout="constrained")
    figure.alt = f"Taps on an image, with arrows for their offsets: {', '.join(panels)}."
    every = zip(figure.subplots(1, len(panels)), panels.items(), strict=True)
    for axes, (title, (regular, moved)) in every:
        axes.imshow(image, cmap="cividis")
        for start, end in zip(regular, moved, strict=True):
            if np.abs(end - start).max() > 0.05:
                style.arrow(axes, start[::-1], end[::-1], color="white", linewidth=1.4)
        axes.plot(*regular.T[::-1], "s", color="white", markersize=3, fillstyle="none")
        axes.plot(*moved.T[::-1], "o", color=style.VERMILION, markersize=6, markeredgecolor="white")
        axes.set_title(title, fontsize=10)
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


FIGURES = {
    "unshared": draw_unshared,
    "dilated_stack": draw_dilated_stack,
    "separable_channels": draw_channels_of_variants,
    "axes_of_variants": draw_axes_of_variants,
}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
