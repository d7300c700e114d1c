"""Panels of numbers for the drawings of lecture 02: where they go, and how their cells look."""

import re
import textwrap
from typing import NamedTuple

from matplotlib.patches import Circle, Rectangle

from course_utils.show import style

HEAD = 1.25
"""Room above a panel for its title and the numbers of its columns, in cells of size 1."""


def signed(number):
    """Write a whole number with a true minus sign."""
    return f"−{-number}" if number < 0 else str(number)


def sum_of(terms):
    """Write a sum of whole numbers: ``3 − 1 + 2``."""
    words = signed(terms[0])
    for term in terms[1:]:
        words += f" − {-term}" if term < 0 else f" + {term}"
    return words


class Panel(NamedTuple):
    """A table of cells; ``below`` is room under it, ``numbered`` None without row numbers."""

    title: str
    rows: int
    columns: int
    side: float = 1.0
    below: float = 0.0
    numbered: int | None = 0
    x: float = 0.0
    y: float = 0.0

    @property
    def right(self):
        return self.x + self.columns * self.side

    @property
    def bottom(self):
        return self.y + self.rows * self.side


def arrange(groups, gap=1.3, letter=0.235):
    """Put groups side by side and the panels of each below each other.

    Parameters
    ----------
    groups : list of dict
        Name and :class:`Panel` each.
    gap : float
        Between groups, in cells of size 1.
    letter : float
        Width of a letter of a title.

    Returns
    -------
    dict, float, float
        The panels with their places; width and height of all.
    """
    placed, x, deepest = {}, 0.0, 0.0
    for group in groups:
        y, widest = 0.0, 0.0
        for name, panel in group.items():
            placed[name] = panel = panel._replace(x=x, y=y + HEAD)
            widest = max(widest, panel.right - x, len(panel.title) * letter)
            y = panel.bottom + panel.below + 0.15
        x += widest + gap
        deepest = max(deepest, y)
    return placed, x - gap, deepest


def canvas(width, height, sentences=(), most=9.6, largest=0.56, size=11):
    """Return a picture and axes for panels of this extent, and the points in a cell of size 1.

    Below the panels stand the sentences, in lines as long as the picture is wide.
    """
    scale = min(largest, most / (width + 1.1))
    points = 72 * scale
    letters = int(width * points / (0.51 * size))
    whole = [_held_together(sentence) for sentence in sentences]
    written = [line for sentence in whole for line in textwrap.wrap(sentence, letters)]
    step = 1.6 * size / points
    deep = height + (0.3 + step * len(written) if written else 0)
    figure, axes = style.picture((width + 1.1) * scale, (deep + 0.2) * scale)
    style.frame(axes, -0.75, width + 0.35, 0.05, deep + 0.25)
    for k, line in enumerate(written):
        style.label(axes, 0, height + 0.3 + step * (k + 0.5), line, ha="left", size=size)
    return figure, axes, points


def _held_together(sentence):
    """Put spaces that do not break into ``[1, 2]`` and before the last number."""
    sentence = re.sub(r"(?<=\d), (?=\d+[])])", ",\u00a0", sentence)
    return re.sub(r" = (\S+)$", "\u00a0=\u00a0\\1", sentence)


def heading(axes, panel, size=11):
    """Write the title of a panel and the numbers of its rows and columns."""
    x, y = panel.x, panel.y
    numbered = panel.numbered is not None
    rise = 0.72 if numbered else 0.32
    style.label(axes, x, y - rise, panel.title, ha="left", size=size, weight="bold")
    if not numbered:
        return
    first, small = panel.numbered, {"size": 8.5, "color": style.FAINT}
    for k in range(panel.columns - 2 * first):
        style.label(axes, x + (k + first + 0.5) * panel.side, y - 0.22, k, **small)
    for k in range(panel.rows - 2 * first):
        style.label(axes, x - 0.24, y + (k + first + 0.5) * panel.side, k, **small)


def cells(axes, panel, values, points, look=lambda value, r, c: {}):
    """Draw the cells of a panel.

    ``look`` returns what differs from a plain number for each: ``text``, ``small`` (a line above),
    ``fill``, ``ink``, ``weight`` and options of the rectangle.
    """
    unit = points * panel.side
    for r, line in enumerate(values):
        for c, value in enumerate(line):
            options = {"ink": style.INK, "small": "", "weight": "normal", "fill": style.PAPER}
            options |= look(value, r, c)
            text = str(options.pop("text", signed(value) if isinstance(value, int) else value))
            small, ink, weight = (options.pop(name) for name in ("small", "ink", "weight"))
            x, y = panel.x + c * panel.side, panel.y + r * panel.side
            style.cell(axes, x, y, panel.side, "", options.pop("fill"), **options)
            middle, low = x + panel.side / 2, y + panel.side * (0.66 if small else 0.52)
            size = min(13, unit * (0.3 if len(text) > 3 else 0.38 if len(text) > 2 else 0.5))
            if text:
                style.label(axes, middle, low, text, size=size, color=ink, weight=weight)
            if small:
                size = min(9, unit * (0.26 if len(small) < 6 else 0.21 if len(small) < 8 else 0.17))
                style.label(axes, middle, y + panel.side * 0.26, small, size=size, color=style.INK)


def frame(axes, panel, row, column, rows, columns, colour=style.VERMILION, **options):
    """Draw a frame around some cells of a panel."""
    corner = panel.x + column * panel.side, panel.y + row * panel.side
    extent = columns * panel.side, rows * panel.side
    if "linestyle" not in options:
        halo = Rectangle(corner, *extent, fill=False, linewidth=5, edgecolor=style.PAPER, zorder=4)
        axes.add_patch(halo)
    options = {"linewidth": 3, "zorder": 5} | options
    axes.add_patch(Rectangle(corner, *extent, fill=False, edgecolor=colour, **options))


def ring(axes, panel, row, column, colour=style.VERMILION, linestyle="-"):
    """Draw a ring around the number in a cell."""
    middle = panel.x + (column + 0.5) * panel.side, panel.y + (row + 0.52) * panel.side
    for line, ink, dash in ((4, style.PAPER, "-"), (2, colour, linestyle)):
        circle = Circle(middle, 0.34 * panel.side, fill=False, linewidth=line, edgecolor=ink)
        circle.set(zorder=4, linestyle=dash)
        axes.add_patch(circle)


def under(axes, panel, words, size=10.5):
    """Write a line under a panel."""
    style.label(axes, panel.x, panel.bottom + 0.42, words, ha="left", size=size, weight="bold")


def rays(axes, panel, row, column, size, target, colour=style.VERMILION):
    """Draw two lines from the right edge of a window to the left edge of what it becomes."""
    x = panel.x + (column + size) * panel.side
    for k, end in ((0, target.y), (size, target.bottom)):
        y = panel.y + (row + k) * panel.side
        axes.plot([x, target.x], [y, end], color=colour, linewidth=1, alpha=0.6, zorder=3)
