"""Drawings of lecture 06: two GPUs, five guesses, residual blocks, and filters taken apart."""

from matplotlib.patches import Rectangle

from course_utils.arithmetic import conv_parameters
from course_utils.show import style


def draw_two_gpus():
    """Draw AlexNet's layers as two halves, and which half reads which.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(9.8, 3.5)
    style.frame(axes, -1.5, 15.0, -1.35, 4.4)
    figure.alt = "AlexNet on two GPUs: which half of a layer reads which half of the one before."
    # Name, maps or units in all, whether each half reads both halves of the layer before.
    layers = (
        ("image", 3, None),
        ("conv1", 96, True),
        ("conv2", 256, False),
        ("conv3", 384, True),
        ("conv4", 384, False),
        ("conv5", 256, False),
        ("fc6", 4096, True),
        ("fc7", 4096, True),
        ("fc8", 1000, True),
    )
    step, wide, high = 1.66, 0.92, 0.9
    middles = {True: [1.7], False: [0.75, 2.65]}
    for k, (name, count, both) in enumerate(layers):
        x, whole = k * step, name in ("image", "fc8")
        for target, y in enumerate(middles[whole]):
            for source, before in enumerate(middles[k in (1, 9)] if k else []):
                if both or source == target or whole:
                    crossing = not whole and k > 1 and source != target
                    ink = style.VERMILION if crossing else style.FAINT
                    dashes = (0, (4, 2)) if crossing else "solid"
                    ends = [x - step + wide, x], [before, y]
                    axes.plot(*ends, color=ink, linewidth=1.4, linestyle=dashes, zorder=0)
            colour = style.FAINT if whole else (style.BLUE, style.ORANGE)[target]
            box = Rectangle((x, y - high / 2), wide, high)
            style.paint(axes, box, colour, 0.3, edgecolor=style.INK, linewidth=0.9)
            words = str(count if whole else count // 2)
            style.label(axes, x + wide / 2, y, words, size=10)
        style.label(axes, x + wide / 2, -0.35, name, size=10, weight="bold")
    for y, number in ((0.75, 1), (2.65, 2)):
        style.label(axes, -0.2, y, f"GPU {number}", ha="right", size=10, weight="bold")
    key = (
        (-0.9, style.FAINT, "solid", "reads its own half"),
        (6.0, style.VERMILION, (0, (4, 2)), "reads the other half, too"),
    )
    for x, ink, dashes, words in key:
        axes.plot([x, x + 0.9], [3.95, 3.95], color=ink, linewidth=1.4, linestyle=dashes)
        style.label(axes, x + 1.1, 3.95, words, ha="left", size=9.5)
    return figure


GUESSES = (
    ("right at once", ("cross", 5.1), ("star", 3.9), ("arrow", 2.2), ("ring", 2.0), ("bars", 1.2)),
    ("right among five", ("disc", 4.4), ("ring", 4.1), ("star", 3.0), ("cross", 2.1), ("crescent", 1.9)),
    ("wrong", ("bars", 3.6), ("crescent", 3.3), ("arrow", 3.1), ("disc", 2.9), ("star", 2.6)),
)  # fmt: skip
"""Made-up scores of the best five classes for three images of a cross; the third has it in sixth place."""


def draw_top_five():
    """Draw the five best guesses for three images of one class.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(9.6, 3.3)
    style.frame(axes, -0.6, 19.6, -1.5, 5.4)
    figure.alt = "The five best guesses for three images of a cross."
    for panel, (verdict, *guesses) in enumerate(GUESSES):
        left = 6.6 * panel
        words = f"image {panel + 1}: {verdict}"
        style.label(axes, left + 1.5, -0.75, words, ha="left", weight="bold")
        for row, (name, score) in enumerate(guesses):
            right = name == "cross"
            style.label(axes, left + 1.35, row + 0.4, name, ha="right", size=10)
            colour, hatch = (style.VERMILION, "////") if right else (style.SKY, "")
            bar = Rectangle((left + 1.5, row + 0.05), 0.62 * score, 0.7)
            style.paint(axes, bar, colour, 0.45, hatch, edgecolor=style.INK, linewidth=0.7)
            words = f"{score}" + (" ✓" if right else "")
            place = {"ha": "left", "size": 9.5}
            style.label(axes, left + 1.65 + 0.62 * score, row + 0.4, words, **place)
    return figure


def _path(axes, x, top, words):
    """Draw what is given and layers one below the other; return how far down they reach."""
    step, wide, high = 1.05, 3.4, 0.62
    style.label(axes, x, top - 0.42, words[0], size=9.5)
    y = top
    for k, layer in enumerate(words[1:]):
        style.arrow(axes, (x, y - 0.2 if k else top - 0.2), (x, y + 0.22))
        colour = style.VERMILION if "conv" in layer else style.SKY
        box = Rectangle((x - wide / 2, y + 0.22), wide, high)
        style.paint(axes, box, colour, 0.35, edgecolor=style.INK, linewidth=0.8)
        style.label(axes, x, y + 0.22 + high / 2, layer, size=9.5)
        y += step
    return y


def draw_residual_blocks():
    """Draw a plain block, a residual block, one with a projection, and a bottleneck.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.4, 4.75)
    style.frame(axes, -2.2, 21.4, -1.95, 8.8)
    figure.alt = "A plain block, a residual block, one with a projection, and a bottleneck."
    norm = "batch norm"
    two = ("conv 3×3, 64", f"{norm}, ReLU", "conv 3×3, 64", norm)
    wider = ("conv 3×3, 128, /2", f"{norm}, ReLU", "conv 3×3, 128", norm)
    three = (
        "conv 1×1, 64",
        f"{norm}, ReLU",
        "conv 3×3, 64",
        f"{norm}, ReLU",
        "conv 1×1, 256",
        norm,
    )
    blocks = (
        ("plain", "x, 64 maps", two, None),
        ("residual", "x, 64 maps", two, ""),
        ("with a projection", "x, 64 maps", wider, "conv 1×1, 128,\n/2, batch norm"),
        ("bottleneck", "x, 256 maps", three, ""),
    )
    for k, (title, given, layers, shortcut) in enumerate(blocks):
        x = (0.0, 5.2, 10.8, 18.2)[k]
        style.label(axes, x, -1.5, title, size=11, weight="bold")
        end = _path(axes, x, 0.0, (given, *layers))
        style.arrow(axes, (x, end - 0.2), (x, end + 0.3))
        low = end + 0.62
        if shortcut is not None:
            style.label(axes, x, low, "+", size=15, weight="bold")
            side = x + 2.2
            look = {"color": style.GREEN, "linewidth": 2.2, "zorder": 0.5}
            axes.plot([x, side, side], [0.0, 0.0, low], **look)
            style.arrow(axes, (side, low), (x + 0.35, low), color=style.GREEN, linewidth=2.2)
            if shortcut:
                box = Rectangle((side - 0.3, 1.7), 2.75, 1.1)
                style.paint(axes, box, style.GREEN, 0.3, edgecolor=style.INK, linewidth=0.8)
                for line, word in enumerate(shortcut.split("\n")):
                    style.label(axes, side + 1.07, 2.04 + 0.43 * line, word, size=8.5)
            else:
                style.label(axes, side + 0.2, 2.5, "x", size=11, ha="left")
            style.arrow(axes, (x, low + 0.3), (x, low + 0.75))
            low += 1.05
        style.label(axes, x, low, "ReLU", size=9.5)
    return figure


def draw_factorised():
    """Draw filters taken apart into smaller ones that see as much together.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(10.4, 2.15)
    style.frame(axes, -0.6, 52.0, -2.6, 8.2)
    figure.alt = "A 5 × 5, a 3 × 3 and a 7 × 7 filter, each beside two smaller ones."
    pairs = (((5, 5), (3, 3), (3, 3)), ((3, 3), (1, 3), (3, 1)), ((7, 7), (1, 7), (7, 1)))
    x = 0.0
    for sizes in pairs:
        start, counts = x, []
        for k, (rows, columns) in enumerate(sizes):
            if k:
                style.label(axes, x + 0.55, 3.5, ("→", "then")[k - 1], size=(14, 9)[k - 1])
                x += 1.6
            colour = style.SKY if k == 0 else style.VERMILION
            top = 3.5 - rows / 2
            for r in range(rows):
                for c in range(columns):
                    style.cell(axes, x + c, top + r, 1, fill=style.blend(colour, 0.4))
            counts.append(conv_parameters(1, 1, (rows, columns), bias=False))
            x += columns + 0.5
        whole, *parts = counts
        words = f"{sizes[0][0]} × {sizes[0][1]}: {whole} weights"
        style.label(axes, start, -1.9, words, ha="left", size=10, weight="bold")
        words = f"{parts[0]} + {parts[1]} = {sum(parts)}"
        style.label(axes, start, -1.0, words, ha="left", size=10)
        x += 1.8
    return figure


FIGURES = {
    "factorised": draw_factorised,
    "residual_blocks": draw_residual_blocks,
    "top_five": draw_top_five,
    "two_gpus": draw_two_gpus,
}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
