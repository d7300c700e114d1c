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

from course_utils.checks.differences import Pair, as_numbers, where

WRITTEN = 12  # numbers stand in the cells of a slice of at most this many rows and columns
TINY, HUGE = 1e-100, 1e100  # colour scales stay between, far from what overflows
OUTLINED = 20_000  # elements; in a larger slice the lines would hide what they go round


@np.errstate(all="ignore")  # what a student returns may overflow, and a warning costs points
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
        As in `course_utils.checks.differences.equal`.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels, two where the shapes differ. A line runs round the elements that differ,
        and below stands what `course_utils.checks.differences.where` says. The figure is no pyplot
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
    which, panels, wrong = _planes(pair)
    if not pair.real:
        which = f"{which}, absolute values".removeprefix(", ")
    panels = {name: _real(panel) for name, panel in panels.items()}
    figure, axes, side = _layout(panels)
    values = [axes["expected"], axes["yours"]]
    norm = _shared_scale(panels["expected"], panels["yours"])
    for name, axis in zip(panels, values, strict=False):
        image = _draw_panel(axis, panels[name], "viridis", norm, wrong)
        axis.set_title(name, fontsize=10)
    figure.colorbar(image, ax=values, location=side, fraction=0.05)
    if "difference" in panels:
        axis, change = axes["difference"], panels["difference"]
        scale = _shared_scale(change, -change)
        image = _draw_panel(axis, change, "RdBu_r", CenteredNorm(0, scale.vmax), wrong)
        axis.set_title("difference", fontsize=10)
        figure.colorbar(image, ax=axis, location=side, fraction=0.05, label="yours - expected")
    for axis, array in zip(axes.values(), (a, b, a), strict=False):
        _number_axes(axis, array)
    figure.suptitle("\n".join(filter(None, (title, which))), fontsize=11)
    lines = where(expected, got, rtol, atol) or ["equal within the tolerances"]
    figure.supxlabel("\n".join(lines), fontsize=9)
    return figure


@np.errstate(all="ignore")
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
    cell = min(0.55, (7 if stacked else 4) / max(columns, 1), 5 / max(rows, 1))  # inches
    down, across = (len(panels), 1) if stacked else (1, len(panels))
    width, height = max(1.2, cell * columns) + 0.6, max(0.4, cell * rows) + 0.5
    size = max(6.5, across * width), down * height + 2
    figure = Figure(figsize=size, layout="compressed")
    figure.get_layout_engine().set(h_pad=0.1)  # the default lets heading and panel titles touch
    FigureCanvasAgg(figure)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    return figure, dict(zip(panels, axes, strict=True)), "right" if stacked else "bottom"


def _shared_scale(*panels):
    """Return one colour scale for several panels; infinities and NaN do not stretch it."""
    colours = np.concatenate([_colours(panel).ravel() for panel in panels])
    finite = colours[np.isfinite(colours)]
    low, high = (finite.min(), finite.max()) if finite.size else (0, 1)
    return Normalize(low, high) if high - low > TINY else Normalize(low - 0.5, high + 0.5)


def _colours(panel):
    """Return values that matplotlib can scale without overflow; NaN stands for no colour."""
    return np.where(np.isfinite(panel), np.clip(panel, -HUGE, HUGE), np.nan)


def _draw_panel(axis, panel, colours, norm, wrong):
    """Draw one array: its cells in colour, its numbers if few, a line round the wrong ones."""
    rows, columns = panel.shape
    shown = panel if panel.size else np.full((1, 1), np.nan)
    colours = colormaps[colours].with_extremes(bad="0.85")
    strip = max(rows, columns) > 10 * min(rows, columns)  # with square cells it would be a hairline
    image = axis.imshow(
        _colours(shown), cmap=colours, norm=norm, aspect="auto" if strip else "equal"
    )
    if not panel.size:
        axis.text(0, 0, "empty", ha="center", va="center")
    elif max(panel.shape) <= WRITTEN:
        for row, column in np.ndindex(rows, columns):
            number, bad = panel[row, column], wrong is not None and wrong[row, column]
            red, green, blue, _ = image.to_rgba(_colours(number))
            light = 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 or not np.isfinite(number)
            style = {"color": "black" if light else "white", "weight": "bold" if bad else None}
            axis.text(column, row, _short(number), ha="center", va="center", fontsize=8, **style)
    if wrong is not None and wrong.any() and wrong.size <= OUTLINED:
        axis.add_collection(_outline(wrong))
    return image


def _short(number):
    """Return a number with up to three digits that fits in a cell."""
    texts = [f"{number:.{digits}g}" for digits in (3, 2, 1)]
    return next((text for text in texts if len(text) <= 5), texts[-1])


def _outline(wrong):
    """Return lines between the elements that differ and those that do not."""
    padded = np.pad(wrong, 1)
    level = _runs(padded[1:, 1:-1] != padded[:-1, 1:-1])
    steep = _runs((padded[1:-1, 1:] != padded[1:-1, :-1]).T)
    across = [[(start, row), (stop, row)] for row, start, stop in level - 0.5]
    down = [[(column, start), (column, stop)] for column, start, stop in steep - 0.5]
    thick = 2 if max(wrong.shape) <= WRITTEN else 1
    lines = LineCollection(across + down, colors="black", linewidths=thick, capstyle="round")
    # Black with a white rim is seen on every colour.
    lines.set_path_effects([Stroke(linewidth=2 * thick, foreground="white"), Normal()])
    lines.set_clip_on(False)
    return lines


def _runs(edges):
    """Return (row, start, stop) of each run of True in the rows of a mask."""
    rows, ends = np.nonzero(np.diff(np.pad(edges, [(0, 0), (1, 1)]).astype(int), axis=1))
    return np.stack([rows[::2], ends[::2], ends[1::2]], axis=1)


def _number_axes(axis, array):
    """Number the rows and columns that the array has."""
    for ticks, back in ((axis.xaxis, 1), (axis.yaxis, 2)):
        length = array.shape[-back] if array.ndim >= back and array.size else 0
        ticks.set_major_locator(MaxNLocator(integer=True))
        if length <= WRITTEN:
            ticks.set_ticks(range(length))
    axis.tick_params(labelsize=8)


@np.errstate(all="ignore")
def _planes(pair):
    """Choose what to draw of a `Pair`: the last two axes of the first slice that differs.

    Returns
    -------
    title : str
        Which slice it is; empty when all is drawn.
    panels : dict of str to ndarray of shape (H, W)
        "expected", "yours" and, where the shapes are equal, "difference".
    wrong : ndarray of bool of shape (H, W), or None
        Where they differ; None where the shapes do.
    """
    arrays = {"expected": pair.expected, "yours": pair.got}
    if not pair.same_shape:
        title = "first slice of each" if max(pair.a.ndim, pair.b.ndim) > 2 else ""
        return title, {k: _plane(v, (0,) * (v.ndim - 2)) for k, v in arrays.items()}, None
    first = np.unravel_index(pair.wrong.argmax(), pair.wrong.shape) if pair.wrong.size else ()
    index = tuple(map(int, first[:-2]))
    title = f"slice [{', '.join(map(str, index))}, :, :] of shape {pair.a.shape}" if index else ""
    arrays["difference"] = np.where(pair.wrong, pair.b - pair.a, 0)  # without what is tolerated
    panels = {name: _plane(array, index) for name, array in arrays.items()}
    return title, panels, _plane(pair.wrong, index)


def _plane(array, index):
    return np.atleast_2d(array[index]) if array.size else np.zeros((0, 0), array.dtype)
