"""Draw the expected array, the one that came, and their difference."""

import io

import numpy as np
from matplotlib import colormaps
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import CenteredNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator

from course_utils.differences import Pair, as_numbers, planes, where

WRITTEN = 12  # numbers stand in the cells of a slice of at most this many rows and columns


def draw_comparison(expected, got, title="", rtol=1e-5, atol=1e-8):
    """Draw the expected array, the one that came, and their difference.

    Parameters
    ----------
    expected, got : array_like
        Numbers, of any number of axes. Of more than two axes the first slice that differs is
        drawn, of complex numbers the absolute value.
    title : str
        First line of the heading; which slice is drawn follows it.
    rtol, atol : float
        As in `course_utils.differences.equal`.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels, two where the shapes differ. A line runs round the elements that differ,
        and below stands what `course_utils.differences.where` says. The figure is no pyplot
        figure: nothing has to be closed.

    Raises
    ------
    TypeError
        If one of the two is not an array of numbers.
    """
    a, b = as_numbers(expected), as_numbers(got)
    if a is None or b is None:
        name, value = ("expected", expected) if a is None else ("got", got)
        raise TypeError(f"{name} must be an array of numbers, not {type(value).__name__}")
    pair = Pair(a, b, rtol, atol)
    which, panels, wrong = planes(pair)
    if not pair.real:
        which = f"{which}, absolute values".removeprefix(", ")
    panels = {name: _real(panel) for name, panel in panels.items()}
    figure, axes, side = _layout(panels)
    values = [axes["expected"], axes["yours"]]
    norm = _shared_scale(panels["expected"], panels["yours"])
    for name, axis in zip(panels, values, strict=False):
        image = _draw_panel(axis, panels[name], "viridis", norm, wrong)
        axis.set_title(name)
    figure.colorbar(image, ax=values, location=side, fraction=0.05)
    if "difference" in panels:
        axis, change = axes["difference"], panels["difference"]
        largest = np.abs(change[np.isfinite(change)]).max(initial=0)
        image = _draw_panel(axis, change, "RdBu_r", CenteredNorm(0, largest or 1), wrong)
        axis.set_title("difference: yours - expected")
        figure.colorbar(image, ax=axis, location=side, fraction=0.05)
    for axis, dimensions in zip(axes.values(), (a.ndim, b.ndim, a.ndim), strict=False):
        _label(axis, dimensions)
    figure.suptitle("\n".join(filter(None, (title, which))), fontsize=11)
    lines = where(expected, got, rtol, atol) or ["equal within the tolerances"]
    figure.supxlabel("\n".join(lines), fontsize=9)
    return figure


def comparison_png(expected, got, title="", rtol=1e-5, atol=1e-8):
    """Return the picture of `draw_comparison` as the bytes of a PNG file."""
    file = io.BytesIO()
    draw_comparison(expected, got, title, rtol, atol).savefig(file, format="png", dpi=100)
    return file.getvalue()


def _real(panel):
    """Return a panel as floats: of complex numbers the absolute value."""
    return np.abs(panel) if np.iscomplexobj(panel) else panel.astype(np.float64)


def _layout(panels):
    """Return a figure with axes for the panels and the side on which colour bars go."""
    rows, columns = np.max([panel.shape for panel in panels.values()], axis=0)
    stacked = columns > 2 * rows  # wide slices are easier to compare one below the other
    width, height = np.clip(0.55 * columns, 1.5, 7), np.clip(0.5 * rows, 0.5, 5)
    down, across = (len(panels), 1) if stacked else (1, len(panels))
    size = max(6.5, across * (width + 0.7)), down * (height + 0.6) + 1.8
    figure = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    return figure, dict(zip(panels, axes, strict=True)), "right" if stacked else "bottom"


def _shared_scale(*panels):
    """Return one colour scale for several panels; infinities and NaN do not stretch it."""
    finite = np.concatenate([panel[np.isfinite(panel)] for panel in panels])
    low, high = (finite.min(), finite.max()) if finite.size else (0, 1)
    return Normalize(low, high) if low < high else Normalize(low - 0.5, high + 0.5)


def _draw_panel(axis, panel, colours, norm, wrong):
    """Draw one array: its cells in colour, its numbers if few, a line round the wrong ones."""
    rows, columns = panel.shape
    shown = panel if panel.size else np.full((1, 1), np.nan)
    colours = colormaps[colours].with_extremes(bad="0.85")
    image = axis.imshow(shown, cmap=colours, norm=norm, aspect="auto" if rows == 1 else "equal")
    if not panel.size:
        axis.text(0, 0, "empty", ha="center", va="center")
    elif max(panel.shape) <= WRITTEN:
        for row, column in np.ndindex(rows, columns):
            number, bad = panel[row, column], wrong is not None and wrong[row, column]
            red, green, blue, _ = image.to_rgba(number)
            light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 or not np.isfinite(number)
            style = {"color": "black" if light else "white", "weight": "bold" if bad else None}
            digits = 3 if columns <= 8 else 2
            text = f"{number:.{digits}g}"
            axis.text(column, row, text, ha="center", va="center", fontsize=8, **style)
    if wrong is not None and wrong.any():
        axis.add_collection(_outline(wrong))
    return image


def _outline(wrong):
    """Return lines between the elements that differ and those that do not."""
    padded = np.pad(wrong, 1)
    rows, columns = np.nonzero(padded[1:, 1:-1] != padded[:-1, 1:-1])
    across = [[(c - 0.5, r - 0.5), (c + 0.5, r - 0.5)] for r, c in zip(rows, columns, strict=True)]
    rows, columns = np.nonzero(padded[1:-1, 1:] != padded[1:-1, :-1])
    down = [[(c - 0.5, r - 0.5), (c - 0.5, r + 0.5)] for r, c in zip(rows, columns, strict=True)]
    lines = LineCollection(across + down, colors="black", linewidths=2, capstyle="round")
    # Black with a white rim is seen on every colour.
    lines.set_path_effects([Stroke(linewidth=4, foreground="white"), Normal()])
    lines.set_clip_on(False)
    return lines


def _label(axis, dimensions):
    """Number the rows and columns that the array has."""
    for ticks, needed in ((axis.xaxis, 1), (axis.yaxis, 2)):
        ticks.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
        ticks.set_visible(dimensions >= needed)
    axis.tick_params(labelsize=8)
