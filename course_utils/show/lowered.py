"""The windows of an image laid side by side as the columns of a matrix."""

import numpy as np

from course_utils.show import panels, style
from course_utils.show.panels import Panel

TINY = np.arange(1, 19).reshape(2, 3, 3)
"""Two channels of 3 × 3."""
FILTERS = np.array([[1, 0, 0, -1, 0, 2, 1, 0], [0, 1, 1, 0, -1, 0, 0, 1]])
"""Two filters of 2 × 2 on two channels, each unrolled."""
CHANNELS = (style.SKY, style.ORANGE)


def columns_of(x, size=2):
    """Return the windows of one image, stride 1, as columns in reading order."""
    rows, columns = (n - size + 1 for n in x.shape[1:])
    places = np.ndindex(rows, columns)
    return np.stack([x[:, i : i + size, j : j + size].ravel() for i, j in places], axis=1)


def draw_lowered(x=TINY, filters=FILTERS, window=1):
    """Draw an image, the matrix of its windows, the filters as rows, and their product.

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns = columns_of(x)
    product = filters @ columns
    groups = [
        {"x0": Panel("Channel 0", 3, 3), "x1": Panel("Channel 1", 3, 3)},
        {"w": Panel("Filters, as rows", 2, 8, 0.85, numbered=None)},
        {"m": Panel("Windows, as columns", 8, 4, 0.85, numbered=None)},
        {"y": Panel("Product: outputs", 2, 4, numbered=None)},
    ]
    placed, width, height = panels.arrange(groups, gap=1.0)
    middle = placed["m"].y + 4 * 0.85
    for name in "wy":
        panel = placed[name]
        placed[name] = panel._replace(y=middle - panel.rows * panel.side / 2)
    i, j = divmod(window, 2)
    sentences = [
        f"The framed window, at row {i} and column {j}, is column {window}: first its pixels of channel 0, "
        f"then those of channel 1. Row f times this column is output {window} of filter f."
    ]
    figure, axes, points = panels.canvas(width, height, sentences, size=11)
    figure.alt = f"{sentences[0]} The product is {product.tolist()}."
    for panel in placed.values():
        panels.heading(axes, panel)
    for c, values in enumerate(x):
        tint = {"fill": style.blend(CHANNELS[c], 0.3)}
        panels.cells(
            axes, placed[f"x{c}"], values.tolist(), points, lambda *_, tint=tint: dict(tint)
        )
        panels.frame(axes, placed[f"x{c}"], i, j, 2, 2)

    def tinted(axis):
        return lambda _, r, c: {"fill": style.blend(CHANNELS[(r, c)[axis] // 4], 0.3)}

    panels.cells(axes, placed["w"], filters.tolist(), points, tinted(1))
    panels.cells(axes, placed["m"], columns.tolist(), points, tinted(0))
    panels.frame(axes, placed["m"], 0, window, 8, 1)
    panels.cells(axes, placed["y"], product.tolist(), points)
    panels.frame(axes, placed["y"], 0, window, 2, 1)
    for left, right, sign in (("w", "m", "·"), ("m", "y", "=")):
        x_between = (placed[left].right + placed[right].x) / 2
        style.label(axes, x_between, middle, sign, size=15)
    return figure


FIGURES = {"im2col": draw_lowered}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
