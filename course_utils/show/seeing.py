"""Drawings of lecture 08: planes of features, and images beside the maps of what a network looks at."""

from __future__ import annotations

from course_utils.show import style

MARKS = (("o", style.BLUE), ("^", style.ORANGE))
"""Shape and colour of the two classes."""


def draw_planes(planes, labels, names):
    """Draw points of two classes in one plane after another, each with the line that separates them.

    Parameters
    ----------
    planes : dict of str to ndarray of shape (N, 2)
        Title → points; the line is at 0 across.
    labels : ndarray of shape (N,)
        0 or 1.
    names : (str, str)
        Of the classes.

    Returns
    -------
    Picture
    """
    figure = style.Picture(figsize=(2.05 * len(planes), 2.7), layout="constrained")
    figure.alt = (
        f"Points of {names[0]} and {names[1]} in {len(planes)} planes: {', '.join(planes)}."
    )
    for axes, (title, points) in zip(figure.subplots(1, len(planes)), planes.items(), strict=True):
        for label, (mark, colour) in enumerate(MARKS):
            mine = points[labels == label]
            look = {"s": 13, "alpha": 0.8, "edgecolor": "none", "label": names[label]}
            axes.scatter(*mine.T, marker=mark, color=colour, **look)
        axes.axvline(0, color=style.INK, linewidth=1.2, linestyle=(0, (4, 2)))
        axes.set_title(title, fontsize=9)
        axes.set(xticks=[], yticks=[])
    figure.axes[0].legend(fontsize=8, loc="upper left", frameon=True)
    return figure


def draw_maps(rows, columns, alt):
    """Draw rows of pictures: images as they are, and maps of numbers in cividis, the darkest the least.

    Parameters
    ----------
    rows : dict of str to list
        What stands before a row → its pictures, each an array (H, W, 3) in [0, 1], an array (H, W), or a
        pair of such an array and its (least, greatest) value.
    columns : sequence of str
    alt : str

    Returns
    -------
    Picture
    """
    figure = style.Picture(
        figsize=(1.6 + 1.75 * len(columns), 1.72 * len(rows) + 0.3), layout="constrained"
    )
    figure.alt = alt
    panels = figure.subplots(len(rows), len(columns), squeeze=False)
    for line, (words, pictures) in zip(panels, rows.items(), strict=True):
        for axes, picture in zip(line, pictures, strict=True):
            array, ends = picture if isinstance(picture, tuple) else (picture, (None, None))
            axes.imshow(array, cmap="cividis", vmin=ends[0], vmax=ends[1])
            axes.set(xticks=[], yticks=[])
        line[0].set_ylabel(words, rotation=0, ha="right", va="center", fontsize=10)
    for axes, words in zip(panels[0], columns, strict=True):
        axes.set_title(words, fontsize=10)
    return figure
