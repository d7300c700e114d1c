"""A computational graph with numbers on its edges: values forward, gradients backward."""

from matplotlib.patches import FancyBboxPatch

from course_utils.show import style
from course_utils.show.panels import signed

X = 5
"""The only input."""
PLACES = {
    "x": (0.0, 0.0),
    "· 3": (3.6, -1.25),
    "square": (3.6, 1.25),
    "· 2": (7.4, -1.25),
    "· (−1)": (7.4, 1.25),
    "+": (11.0, 0.0),
    "L": (14.0, 0.0),
}


def edges(x=X):
    """Return the edges of L = 2 · 3x − x²: from, to, the value that passes, and the gradient that comes back.

    Every gradient is the one behind it times the slope of the box between them.
    """
    loss = 1
    above, below = loss * 1, loss * 1  # a sum hands on what it gets
    into_double, into_minus = above * 2, below * -1
    into_triple, into_square = into_double * 3, into_minus * 2 * x
    return [
        ("x", "· 3", x, into_triple),
        ("x", "square", x, into_square),
        ("· 3", "· 2", 3 * x, into_double),
        ("square", "· (−1)", x**2, into_minus),
        ("· 2", "+", 6 * x, above),
        ("· (−1)", "+", -(x**2), below),
        ("+", "L", 6 * x - x**2, loss),
    ]


def draw_graph(x=X):
    """Draw the graph of L = 2 · 3x − x², values above its edges and gradients below.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = style.picture(9.6, 3.2)
    style.frame(axes, -1.6, 15.2, -2.45, 3.15)
    drawn = edges(x)
    for start, end, value, gradient in drawn:
        (x0, y0), (x1, y1) = PLACES[start], PLACES[end]
        first, last = (x0 + 0.62, y0), (x1 - (0.5 if end in "+L" else 0.95), y1)
        if start not in "x+":
            first = (x0 + 0.95, y0)
        style.arrow(axes, first, last, color=style.INK)
        middle = ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
        box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6}
        words = {"size": 11, "weight": "bold", "bbox": box}
        style.label(axes, middle[0], middle[1] - 0.36, signed(value), **words)
        words = {"size": 11, "bbox": box}
        style.label(
            axes,
            middle[0],
            middle[1] + 0.4,
            f"← {signed(gradient)}",
            color=style.FAINT,
            **words,
        )
    for name, (left, top) in PLACES.items():
        half = 0.5 if name in "x+L" else 0.95
        look = {"facecolor": style.PAPER, "edgecolor": style.INK, "linewidth": 1.2}
        shape = "circle" if name in "xL" else "round"
        style_of = (
            "round,pad=0,rounding_size=0.5"
            if shape == "circle"
            else "round,pad=0,rounding_size=0.15"
        )
        axes.add_patch(
            FancyBboxPatch((left - half, top - 0.42), 2 * half, 0.84, boxstyle=style_of, **look)
        )
        style.label(axes, left, top, name, size=12)
    total = drawn[0][3] + drawn[1][3]
    back = f"{signed(drawn[0][3])} + ({signed(drawn[1][3])}) = {signed(total)}"
    sentence = f"dx = {back}: x has two edges, and what comes back on them adds up."
    style.label(axes, -1.3, 2.75, sentence, ha="left", size=11)
    style.label(axes, -1.3, -2.1, "bold: value, forward", ha="left", size=10, weight="bold")
    words = "← gradient of L, backward"
    style.label(axes, 3.6, -2.1, words, ha="left", size=10, color=style.FAINT)
    figure.alt = f"The graph of L = 2 · 3x − x² at x = {x}. {sentence}"
    return figure


FIGURES = {"graph": draw_graph}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
