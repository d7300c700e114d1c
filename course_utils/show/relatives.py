"""Drawings of three relatives of the plain convolution: dilated, grouped and transposed."""

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.arithmetic import conv_parameters, transposed_output_size
from course_utils.show import style


def draw_dilation(kernel_size=3, dilations=(1, 2, 3)):
    """Draw the same number of weights spread over more and more pixels.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.2, 3.1)
    widest = max(dilations) * (kernel_size - 1) + 1
    style.frame(axes, -1.4, 3 * (widest + 3) - 1.6, -1.7, widest + 0.5)
    for panel, dilation in enumerate(dilations):
        left = panel * (widest + 3)
        span = dilation * (kernel_size - 1) + 1
        first = (widest - span) // 2
        words = f"dilation {dilation}: {kernel_size**2} weights, {span} × {span}"
        style.label(axes, left + widest / 2, -1.0, words, size=10, weight="bold")
        taps = {first + dilation * k for k in range(kernel_size)}
        for r in range(widest):
            for c in range(widest):
                tap = r in taps and c in taps
                fill = style.blend(style.VERMILION, 0.45) if tap else style.PAPER
                style.cell(axes, left + c, r, 1, "w" if tap else "", fill, size=10)
        corner = left + first
        box = {"facecolor": "none", "edgecolor": style.VERMILION, "linewidth": 2.5}
        axes.add_patch(Rectangle((corner, first), span, span, **box))
    return figure


def draw_groups(in_channels=4, out_channels=4, groups=(1, 2, 4)):
    """Draw which input channels each output channel reads, for several numbers of groups.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(9.6, 3.2)
    style.frame(axes, -1.0, 3 * 6.4 - 2.2, -1.5, 4.65)
    colours = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE)
    for panel, count in enumerate(groups):
        left = panel * 6.4
        weights = conv_parameters(in_channels, out_channels, 1, bias=False, groups=count)
        style.label(axes, left + 1.5, -1.1, f"groups = {count}", size=11, weight="bold")
        words = f"{weights} pairs of channels"
        style.label(axes, left + 1.5, 4.25, words, size=10)
        for out in range(out_channels):
            group = out * count // out_channels
            members = range(in_channels * group // count, in_channels * (group + 1) // count)
            for k in members:
                ends = [left + k, left + out], [2.8, 0.6]
                axes.plot(*ends, color=colours[group], linewidth=1.5, zorder=0)
        for k in range(max(in_channels, out_channels)):
            for y, many in ((2.8, in_channels), (-0.1, out_channels)):
                if k < many:
                    letter = "ABCD"[k * count // many] if count > 1 else ""
                    fill = style.blend(colours[k * count // many], 0.3)
                    style.cell(axes, left + k - 0.35, y, 0.7, letter, fill, edgecolor=style.INK)
        style.label(axes, left - 0.55, 3.15, "in", ha="right", size=9.5)
        style.label(axes, left - 0.55, 0.25, "out", ha="right", size=9.5)
    return figure


def draw_transposed(values=(2, 1, 3), weights=(1, 2, 1), stride=2):
    """Draw a transposed convolution along one axis: copies of the kernel, shifted, scaled, added.

    Returns
    -------
    matplotlib.figure.Figure
    """
    size = transposed_output_size(len(values), kernel_size=len(weights), stride=stride)
    figure, axes = style.picture(8.6, 3.5)
    style.frame(axes, -8.2, size + 0.6, -0.7, len(values) * 1.25 + 2.0)
    total = np.zeros(size, dtype=int)
    for k, value in enumerate(values):
        y = 1.25 * k
        copy = value * np.array(weights)
        total[k * stride : k * stride + len(weights)] += copy
        words = f"input[{k}] = {value}, times the kernel {list(weights)}"
        style.label(axes, -0.5, y + 0.5, words, ha="right", size=10)
        for c in range(size):
            inside = 0 <= c - k * stride < len(weights)
            fill = style.blend(style.ORANGE, 0.3) if inside else style.PAPER
            text = int(copy[c - k * stride]) if inside else ""
            line = {} if inside else {"linestyle": (0, (1, 2))}
            style.cell(axes, c, y, 1, text, fill, size=11, **line)
    y = 1.25 * len(values) + 0.35
    axes.plot([0, size], [y - 0.3, y - 0.3], color=style.INK, linewidth=1.2)
    style.label(axes, -0.5, y + 0.5, f"output: {size} sums, column by column", ha="right", size=10)
    for c in range(size):
        style.cell(axes, c, y, 1, int(total[c]), style.blend(style.SKY, 0.35), size=11)
    return figure


FIGURES = {"dilation": draw_dilation, "groups": draw_groups, "transposed": draw_transposed}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
