"""Drawings of how convolutional networks came about."""

import math

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.arithmetic import trace
from course_utils.networks import ALEXNET, LENET5, VGG
from course_utils.show import style

SIDE = 11
"""Pixels of the little pictures shown to the cells."""


def _bar(angle, shift=0.0):
    """Return a light bar at an angle (degrees from upright), shifted sideways, in a dark field."""
    y, x = np.indices((SIDE, SIDE)) - (SIDE - 1) / 2
    turn = math.radians(angle)
    across = x * math.cos(turn) + y * math.sin(turn) - shift
    along = y * math.cos(turn) - x * math.sin(turn)
    return ((abs(across) < 0.75) & (abs(along) < 4)).astype(float)


def _simple(picture, shift=0):
    """Answer of a simple cell: light wanted along an upright line, dark on both sides of it."""
    middle = (SIDE - 1) // 2 + shift
    rows = picture[2:-2]
    wanted = rows[:, middle].sum() - (rows[:, middle - 1] + rows[:, middle + 1]).sum() / 2
    return max(wanted, 0.0)


def _complex(picture):
    """Answer of a complex cell: the largest of simple cells side by side."""
    return max(_simple(picture, shift) for shift in range(-3, 4))


def _pixels(axes, left, width, picture):
    """Draw light pixels in a dark field."""
    scale = width / SIDE
    style.cell(axes, left, 0, width, fill=style.grey(0)[0], linewidth=0)
    for r, c in np.argwhere(picture):
        style.cell(axes, left + c * scale, r * scale, scale, fill=style.grey(9)[0], linewidth=0)
    for at in np.arange(1, SIDE) * scale:
        axes.plot([left + at, left + at], [0, width], color="#808080", linewidth=0.2)
        axes.plot([left, left + width], [at, at], color="#808080", linewidth=0.2)


def draw_simple_and_complex():
    """Draw four bars of light and how a simple and a complex cell answer them, computed.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.2, 4.3)
    style.frame(axes, -6.4, 20.0, -1.5, 9.6)
    figure.alt = "Answers of a simple and a complex cell to four bars of light."
    bars = (
        ("upright, in the middle", _bar(0)),
        ("upright, moved", _bar(0, 3)),
        ("tilted", _bar(35)),
        ("lying", _bar(90)),
    )
    rows = (
        ("simple cell", "one oriented filter", _simple),
        ("complex cell", "the largest of several", _complex),
    )
    best = _simple(bars[0][1])
    for k, (words, picture) in enumerate(bars):
        x = 5.1 * k
        _pixels(axes, x, 3.2, picture)
        style.label(axes, x + 1.6, -0.6, words, size=9.5)
        for n, (_, _, answer) in enumerate(rows):
            y = 4.9 + 2.4 * n
            axes.plot([x - 0.2, x + 3.6], [y + 0.8, y + 0.8], color=style.FAINT, linewidth=0.8)
            spikes = round(12 * answer(picture) / best)
            for spike in range(spikes):
                at = x + 0.1 + 3.2 * (spike + 0.5) / max(spikes, 1)
                axes.plot([at, at], [y - 0.1, y + 0.8], color=style.VERMILION, linewidth=1.8)
            text = f"{spikes} spike{'s' * (spikes > 1)}" if spikes else "silent"
            style.label(axes, x + 1.7, y + 1.25, text, size=9)
    style.label(axes, -6.2, 1.6, "what the eye sees", ha="left", size=10, weight="bold")
    for n, (name, rule, _) in enumerate(rows):
        style.label(axes, -6.2, 5.2 + 2.4 * n, name, ha="left", size=10, weight="bold")
        style.label(axes, -6.2, 5.8 + 2.4 * n, rule, ha="left", size=9.5)
    return figure


NEOCOGNITRON = [
    ("input", (1, 16, 16)),
    ("S1", (24, 16, 16)),
    ("C1", (24, 10, 10)),
    ("S2", (24, 8, 8)),
    ("C2", (24, 6, 6)),
    ("S3", (24, 2, 2)),
    ("C3", (24, 1, 1)),
]
"""Layers and shapes of Fukushima's network of 1980: simple and complex cells take turns."""

COLOURS = {"extract": style.VERMILION, "pool": style.SKY, "dense": style.ORANGE, "input": "#bbbbbb"}


def _traced(network, shape):
    """Return the layers to draw: names, shapes and what each does, without the normalisations."""
    kinds = {layer["name"]: layer["kind"] for layer in network}
    roles = {"conv": "extract", "maxpool": "pool", "avgpool": "pool", "linear": "dense"}
    return [
        (name, size, roles.get(kinds.get(name), "input"))
        for name, size, *_ in trace(network, shape)
        if kinds.get(name) != "lrn"
    ]


def draw_history():
    """Draw four networks to one scale: Neocognitron, LeNet-5, AlexNet and VGG-16.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.4, 6.4)
    style.frame(axes, -0.3, 32.2, -1.9, 18.1)
    figure.alt = "Neocognitron, LeNet-5, AlexNet and VGG-16, layer by layer."
    roles = {"S": "extract", "C": "pool", "i": "input"}
    old = [(name, shape, roles[name[0]]) for name, shape in NEOCOGNITRON]
    rows = (
        ("1980", "Neocognitron", old),
        ("1998", "LeNet-5", _traced(LENET5, (1, 32, 32))),
        ("2012", "AlexNet", _traced(ALEXNET, (3, 227, 227))),
        ("2014", "VGG-16", _traced(VGG["D"], (3, 224, 224))),
    )
    for n, (year, name, layers) in enumerate(rows):
        y = 1.2 + 4.6 * n + 0.8 * (n > 2)  # below AlexNet stand two lines of shapes
        style.label(axes, 0, y - 0.5, year, ha="left", size=12, weight="bold")
        style.label(axes, 0, y + 0.4, name, ha="left", size=10.5)
        lowest = 0.2 + 0.2 * math.log2(layers[0][1][1])
        x, gap = 4.9, 0.22 if len(layers) > 18 else 0.62
        for k, (layer, shape, role) in enumerate(layers):
            channels, side = shape[0], shape[1] if len(shape) == 3 else 1
            height = 0.4 + 0.4 * math.log2(side)
            if len(shape) == 1:
                height = 0.13 * math.log2(channels)
            width = 0.16 + 0.085 * math.log2(channels)
            _layer(axes, Rectangle((x, y - height / 2), width, height), role)
            if len(layers) <= 18:
                style.label(axes, x + width / 2, y - height / 2 - 0.33, layer, size=7.5)
                words = f"{channels}×{side}×{side}" if len(shape) == 3 else f"{channels}"
                below = y + lowest + 0.36 + 0.5 * (k % 2)
                style.label(axes, x + width / 2, below, words, size=7)
            x += width + gap + (0.45 if len(layers) <= 18 else 0)
    for k, (role, words) in enumerate(
        (
            ("extract", "extracts features: simple cells, convolution"),
            ("pool", "tolerates shifts: complex cells, pooling"),
            ("dense", "fully connected"),
        )
    ):
        x = 4.9 + (0, 10.6, 20.2)[k]
        _layer(axes, Rectangle((x, -1.55), 0.7, 0.7), role)
        style.label(axes, x + 1.0, -1.2, words, ha="left", size=9)
    return figure


def _layer(axes, box, role):
    hatch = {"pool": "////", "dense": "--"}.get(role, "")
    style.paint(axes, box, COLOURS[role], 0.5, hatch, edgecolor=style.INK, linewidth=0.8)


FIGURES = {"history": draw_history, "simple_and_complex": draw_simple_and_complex}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
