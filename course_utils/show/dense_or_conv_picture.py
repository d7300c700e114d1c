"""Fully connected, local and convolutional layers as the image grows, drawn with matplotlib."""

from course_utils.show import growth, style
from course_utils.show.values import check_choice

LOOKS = ((style.VERMILION, "-", "s"), (style.GREEN, "--", "^"), (style.BLUE, ":", "o"))
"""Colour, dash and mark of the three layers."""


def draw_dense_or_conv(
    side=32, channels=3, filters=10, kernel_size=5, quantity="parameters", scale="log"
):
    """Draw what three layers cost that make K maps from an image, against the image's side.

    Parameters
    ----------
    side, channels, filters, kernel_size : int
        In the ranges of :data:`course_utils.show.growth.KNOBS`.
    quantity, scale : str
        ``"parameters"``, ``"memory"`` or ``"multiply_adds"``; ``"log"`` or ``"linear"``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a value is not known or out of range.

    Examples
    --------
    >>> figure = draw_dense_or_conv(side=227, filters=96, kernel_size=11)
    """
    check_choice("scale", scale, growth.SCALES)
    state = growth.describe(side, channels, filters, kernel_size, quantity)
    figure = style.Picture(figsize=(9.6, 4.2), facecolor=style.PAPER)
    figure.alt = state["words"]
    axes = figure.add_axes((0.08, 0.13, 0.5, 0.77))
    _, _, least, greatest, _ = growth.KNOBS["side"]
    sides = range(least, greatest + 1)
    rest = channels, filters, kernel_size, quantity
    lines = zip(*(growth.counts(s, *rest) for s in sides), strict=True)
    for line, (colour, dash, mark), here in zip(lines, LOOKS, state["counts"], strict=True):
        axes.plot(sides, line, color=colour, linestyle=dash, linewidth=2)
        look = {"markeredgecolor": style.PAPER, "markersize": 9, "linestyle": "none"}
        axes.plot([side], [here], marker=mark, color=colour, zorder=3, **look)
    axes.axvline(side, color=style.FAINT, linestyle=(0, (4, 4)), linewidth=0.9)
    axes.set_yscale(scale)
    axes.set_ylim(bottom=1 if scale == "log" else 0)
    axes.set_xlim(least, greatest)
    axes.set_xticks([16, 64, 128, 192, 256])
    axes.set_xlabel("image side S")
    axes.set_title(growth.QUANTITIES[quantity], loc="left", fontsize=11, fontweight="bold")
    axes.grid(axis="y", color="#cccccc", linewidth=0.7)
    for spine in ("top", "right"):
        axes.spines[spine].set_visible(False)
    for k, (name, text, formula) in enumerate(
        zip(growth.LAYERS, state["texts"], state["formulas"], strict=True)
    ):
        y, (colour, _, mark) = 0.84 - 0.2 * k, LOOKS[k]
        look = {"transform": figure.transFigure, "markersize": 9, "linestyle": "none"}
        axes.plot([0.63], [y], marker=mark, color=colour, clip_on=False, **look)
        figure.text(0.65, y, name, va="center", weight="bold", color=style.INK)
        figure.text(0.65, y - 0.06, text.replace("\u00a0", " "), va="center", size=12)
        figure.text(0.65, y - 0.11, f"= {formula}", va="center", size=8.5, color=style.FAINT)
    words = state["words"].replace("\u00a0", " ").replace(": ", ":\n").replace(", conv", ",\nconv")
    figure.text(0.63, 0.22, words, va="center", size=9.5, color=style.INK)
    return figure
