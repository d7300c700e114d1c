"""Drawings of lecture 02: why the backward passes of convolution and pooling are what they are.

All of them compute what they show from small arrays, so that every number can be followed by hand.
"""

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.show import panels, style
from course_utils.show.panels import Panel, signed, sum_of

X = np.array([[1, 2, 0, 1], [3, 1, 2, 0], [0, 1, 3, 2], [2, 0, 1, 1]])
W = np.array([[1, 2], [3, -1]])
DOUT = np.array([[1, -1, 2], [2, 1, 3], [-2, 1, 1]])
"""Input 4 × 4, kernel 2 × 2, upstream gradient 3 × 3: stride 1, no padding."""
PIXEL = (1, 2)
"""The input pixel that the first two drawings follow."""

TAP = style.blend(style.ORANGE, 0.18)
STRONG = style.blend(style.ORANGE, 0.5)
BOLD = {"fill": STRONG, "weight": "bold", "edgecolor": style.INK, "linewidth": 1.1, "zorder": 2}
DASHED = {"ink": style.FAINT, "linestyle": (0, (2, 2))}


def draw_feeds(pixel=PIXEL):
    """Draw the outputs that one input pixel feeds, each with its window and its weight.

    Parameters
    ----------
    pixel : (int, int)
        Row and column of the 4 × 4 input, from 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    row, column = pixel
    fed = _fed(row, column)
    groups = [{"x": Panel("Input x", 4, 4)}, {"y": Panel("Output y = conv(x, w)", 3, 3)}]
    groups.insert(1, {"w": Panel("Kernel w", 2, 2)})
    placed, width, top = panels.arrange(groups, gap=2.0)
    small = [Panel("", 4, 4, 0.62, 0, None, x=4.1 * k, y=top + 0.85) for k in range(len(fed))]
    width = max(width, small[-1].right) if small else width
    name = f"dx[{row}, {column}]"
    terms = " + ".join(f"dout[{i}, {j}]·w[{a}, {b}]" for (i, j), (a, b) in fed)
    sentences = [f"{name} = {terms}" if fed else f"{name} = 0"]
    figure, axes, points = panels.canvas(width, top + 4.3, sentences, size=11.5)
    outputs = ", ".join(f"y[{i}, {j}] by w[{a}, {b}]" for (i, j), (a, b) in fed)
    figure.alt = f"Input pixel ({row}, {column}) feeds {len(fed)} outputs: {outputs}."
    for panel in placed.values():
        panels.heading(axes, panel)
    panels.cells(axes, placed["x"], _names("x", 4, 4), points)
    panels.frame(axes, placed["x"], row, column, 1, 1, style.BLUE)
    panels.cells(axes, placed["w"], _names("w", 2, 2), points)
    outputs = [place for place, _ in fed]
    panels.cells(
        axes,
        placed["y"],
        _names("y", 3, 3),
        points,
        lambda _, r, c: BOLD if (r, c) in outputs else {"ink": style.FAINT},
    )
    _between(axes, placed["x"], placed["w"], "∗", points)
    _between(axes, placed["w"], placed["y"], "=", points, placed["x"])
    for panel, ((i, j), (a, b)) in zip(small, fed, strict=True):
        taps = {(i + p, j + q): f"w{p}{q}" for p in range(2) for q in range(2)}
        panels.cells(
            axes,
            panel,
            [[taps.get((r, c), "") for c in range(4)] for r in range(4)],
            points,
            lambda text, r, c, taps=taps: {"fill": TAP if (r, c) in taps else style.PAPER},
        )
        panels.frame(axes, panel, i, j, 2, 2)
        panels.frame(axes, panel, row, column, 1, 1, style.BLUE, linestyle="-")
        words = f"y[{i}, {j}] sees it\nthrough w[{a}, {b}]"
        style.label(axes, panel.x, panel.bottom + 0.55, words, ha="left", size=10.5)
    return figure


def draw_full_correlation(pixel=PIXEL):
    """Draw the gradient of the input as a full correlation of dout with the kernel turned by 180°.

    Parameters
    ----------
    pixel : (int, int)
        Row and column of the 4 × 4 input, from 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    row, column = pixel
    grid, flipped = np.pad(DOUT, 1), W[::-1, ::-1]
    dx = _correlate(grid, flipped)
    window = grid[row : row + 2, column : column + 2]
    groups = [
        {"grid": Panel("dout, zeros around", 5, 5)},
        {"w": Panel("Kernel w", 2, 2), "flipped": Panel("turned by 180°", 2, 2, numbered=None)},
        {"products": Panel("dout × weight", 2, 2, 1.25, 0.7, None)},
        {"dx": Panel("dx", 4, 4)},
    ]
    placed, width, height = panels.arrange(groups)
    total = int(dx[row, column])
    pairs = zip(window.flat, flipped.flat, strict=True)
    full = " + ".join(f"{_factor(d)}·{_factor(weight)}" for d, weight in pairs)
    one = " + ".join(
        f"{_factor(DOUT[place])}·{_factor(W[weight])}" for place, weight in _fed(row, column)
    )
    name = f"dx[{row}, {column}]"
    sentences = [
        f"By the window: {name} = {full} = {signed(total)}",
        f"By the outputs it feeds: {name} = {one or 0} = {signed(total)}",
    ]
    figure, axes, points = panels.canvas(width, height, sentences)
    figure.alt = f"A window of dout times the kernel turned by 180°: {name} = {full} = {total}."
    for panel in placed.values():
        panels.heading(axes, panel)

    def border(_, r, c):
        return {} if 0 < r < 4 and 0 < c < 4 else DASHED

    panels.cells(axes, placed["grid"], grid.tolist(), points, border)
    panels.frame(axes, placed["grid"], row, column, 2, 2)
    panels.cells(axes, placed["w"], W.tolist(), points)
    panels.cells(axes, placed["flipped"], flipped.tolist(), points)
    _products(axes, placed["products"], window, flipped, points)
    panels.under(axes, placed["products"], f"sum = {signed(total)}", 11.5)
    panels.rays(axes, placed["grid"], row, column, 2, placed["flipped"])
    panels.cells(axes, placed["dx"], dx.tolist(), points, _found(row, column))
    panels.frame(axes, placed["dx"], row, column, 1, 1, style.BLUE)
    return figure


def draw_weight_gradient(weight=(0, 1)):
    """Draw the gradient of the kernel: the input, correlated with dout.

    Parameters
    ----------
    weight : (int, int)
        Row and column of the 2 × 2 kernel, from 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    a, b = weight
    dw = _correlate(X, DOUT)
    window = X[a : a + 3, b : b + 3]
    groups = [
        {"x": Panel("Input x", 4, 4)},
        {"dout": Panel("dout", 3, 3)},
        {"products": Panel("x × dout", 3, 3, 1.15, 0.7, None)},
        {"dw": Panel("dw", 2, 2, 1.15)},
    ]
    placed, width, height = panels.arrange(groups)
    total, db = int(dw[a, b]), int(DOUT.sum())
    pairs = zip(window.flat, DOUT.flat, strict=True)
    terms = " + ".join(f"{_factor(pixel)}·{_factor(d)}" for pixel, d in pairs)
    sentences = [
        f"dw[{a}, {b}] = {terms} = {signed(total)}",
        f"Weight w[{a}, {b}] meets pixel x[i + {a}, j + {b}] in output y[i, j], once in each of "
        f"the 9 outputs. db adds up dout: {signed(db)}.",
    ]
    figure, axes, points = panels.canvas(width, height, sentences)
    figure.alt = f"dout, 3 by 3, lies on the input as a kernel would: dw[{a}, {b}] = {total}."
    for panel in placed.values():
        panels.heading(axes, panel)

    def taken(_, r, c):
        inside = a <= r < a + 3 and b <= c < b + 3
        return {"fill": TAP} if inside else {"ink": style.FAINT}

    panels.cells(axes, placed["x"], X.tolist(), points, taken)
    panels.frame(axes, placed["x"], a, b, 3, 3)
    panels.cells(axes, placed["dout"], DOUT.tolist(), points)
    _products(axes, placed["products"], window, DOUT, points)
    panels.under(axes, placed["products"], f"sum = {signed(total)}", 11.5)
    panels.cells(axes, placed["dw"], dw.tolist(), points, _found(a, b))
    panels.frame(axes, placed["dw"], a, b, 1, 1, style.BLUE)
    return figure


POOLED = np.array(
    [[1, 3, 0, 2, 1], [0, 2, 5, 4, 0], [4, 1, 7, 0, 2], [7, 3, 2, 1, 8], [2, 0, 1, 8, 3]]
)
"""Input of the drawing of max pooling, 3 × 3 with stride 2."""
POOL_DOUT = np.array([[1, 2], [3, -1]])
WINDOWS = (
    ("A", style.BLUE, "-"),
    ("B", style.VERMILION, (0, (5, 1.5))),
    ("C", style.GREEN, (0, (1, 1))),
    ("D", style.PURPLE, (0, (5, 1, 1, 1))),
)
"""Letter, colour and dash of the four windows."""


def draw_max_routing():
    """Draw where max pooling, 3 × 3 with stride 2, sends dout: overlapping windows and ties.

    Returns
    -------
    matplotlib.figure.Figure
    """
    dx, firsts, tied = np.zeros_like(POOLED), {}, {}
    y = np.zeros_like(POOL_DOUT)
    for (i, j), d in np.ndenumerate(POOL_DOUT):
        window = POOLED[2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
        places = [(2 * i + r, 2 * j + c) for r, c in np.argwhere(window == window.max()).tolist()]
        y[i, j], letter = window.max(), WINDOWS[2 * i + j][0]
        firsts.setdefault(places[0], []).append((letter, int(d)))
        tied |= dict.fromkeys(places[1:], letter)
        dx[places[0]] += d
    groups = [
        {"x": Panel("Input x, four windows", 5, 5)},
        {"y": Panel("y, the largest", 2, 2, 1.2), "dout": Panel("dout", 2, 2, 1.2)},
        {"dx": Panel("dx", 5, 5, 1.1)},
    ]
    placed, width, height = panels.arrange(groups, gap=1.6)
    sentences = []
    for (r, c), shares in firsts.items():
        letters = " and ".join(", ".join(letter for letter, _ in shares).rsplit(", ", 1))
        total = sum_of([d for _, d in shares])
        total += f" = {signed(int(dx[r, c]))}" if len(shares) > 1 else ""
        s = "s" if len(shares) > 1 else ""
        sentences.append(f"({r}, {c}) is the first maximum of window{s} {letters}: dx = {total}.")
    losers = " and ".join(f"({r}, {c}) in {letter}" for (r, c), letter in sorted(tied.items()))
    sentences.append(f"As large, but later in row order: {losers}. They get nothing.")
    figure, axes, points = panels.canvas(width, height, sentences)
    figure.alt = " ".join(sentences)
    for panel in placed.values():
        panels.heading(axes, panel)
    panels.cells(axes, placed["x"], POOLED.tolist(), points)
    letters = np.array([letter for letter, *_ in WINDOWS]).reshape(2, 2)

    def named(_, r, c):
        return {"small": letters[r, c]}

    panels.cells(axes, placed["y"], y.tolist(), points, named)
    panels.cells(axes, placed["dout"], POOL_DOUT.tolist(), points, named)

    def routed(value, r, c):
        shares = firsts.get((r, c))
        if not shares:
            return {"ink": style.FAINT}
        small = sum_of([d for _, d in shares]) if len(shares) > 1 else shares[0][0]
        return BOLD | {"small": small}

    panels.cells(axes, placed["dx"], dx.tolist(), points, routed)
    for (letter, colour, dash), (i, j) in zip(WINDOWS, np.ndindex(2, 2), strict=True):
        inset = 0.07 if (i + j) % 2 else 0.14
        corner = placed["x"].x + 2 * j + inset, placed["x"].y + 2 * i + inset
        side = 3 - 2 * inset
        box = Rectangle(corner, side, side, fill=False, edgecolor=colour, linewidth=2.4, zorder=5)
        box.set_linestyle(dash)
        axes.add_patch(box)
        x = corner[0] + (0.17 if j == 0 else side - 0.17)
        y_ = corner[1] + (0.18 if i == 0 else side - 0.18)
        style.label(axes, x, y_, letter, size=8.5, weight="bold")
        for place in (placed["y"], placed["dout"]):
            side = place.side
            box = Rectangle(
                (place.x + j * side + 0.07, place.y + i * side + 0.07), side - 0.14, side - 0.14
            )
            box.set(fill=False, edgecolor=colour, linewidth=2.2, linestyle=dash, zorder=3)
            axes.add_patch(box)
    for r, c in firsts:
        panels.ring(axes, placed["x"], r, c, style.INK)
    for r, c in tied:
        panels.ring(axes, placed["x"], r, c, style.FAINT, (0, (2, 1.5)))
    return figure


def draw_flip():
    """Draw cross-correlation beside convolution, once: one bright pixel shows the flip.

    Returns
    -------
    matplotlib.figure.Figure
    """
    x, w = np.zeros((5, 5), dtype=int), np.arange(1, 10).reshape(3, 3)
    x[2, 2] = 1
    across, along = _correlate(x, w), _correlate(x, w[::-1, ::-1])
    groups = [
        {"x": Panel("Input: one pixel is 1", 5, 5)},
        {"w": Panel("Kernel w", 3, 3)},
        {"across": Panel("Cross-correlation", 3, 3)},
        {"along": Panel("Convolution", 3, 3)},
    ]
    placed, width, height = panels.arrange(groups)
    sentences = [
        "Cross-correlation: y[i, j] = sum of x[i + a, j + b] · w[a, b]. "
        "The picture of the pixel is w turned by 180°.",
        "Convolution turns w first: y[i, j] = sum of x[i + a, j + b] · w[2 − a, 2 − b]. "
        "The picture of the pixel is w.",
    ]
    figure, axes, points = panels.canvas(width, height, sentences)
    figure.alt = " ".join(sentences)
    for panel in placed.values():
        panels.heading(axes, panel)

    def bright(value, r, c):
        return BOLD if value else {"ink": style.FAINT}

    def tinted(value, r, c):
        return {"fill": style.blend(style.SKY, 0.055 * value)}

    panels.cells(axes, placed["x"], x.tolist(), points, bright)
    for name, values in (("w", w), ("across", across), ("along", along)):
        panels.cells(axes, placed[name], values.tolist(), points, tinted)
    return figure


def _fed(row, column):
    """Return the outputs that an input pixel feeds, each with the weight that does it."""
    places = [((i, j), (row - i, column - j)) for i, j in np.ndindex(DOUT.shape)]
    return [(place, (a, b)) for place, (a, b) in places if 0 <= a < 2 and 0 <= b < 2]


def _correlate(x, w):
    """Cross-correlation, stride 1, no padding."""
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    windows = [(i, j, x[i:, j:][: w.shape[0], : w.shape[1]]) for i, j in np.ndindex(rows, columns)]
    return np.array([(window * w).sum() for *_, window in windows]).reshape(rows, columns)


def _products(axes, panel, lefts, rights, points):
    def look(value, r, c):
        return {"fill": TAP, "small": f"{_factor(lefts[r, c])}·{_factor(rights[r, c])}"}

    panels.cells(axes, panel, (lefts * rights).tolist(), points, look)


def _found(row, column):
    return lambda _, r, c: BOLD if (r, c) == (row, column) else {}


def _names(letter, rows, columns):
    return [[f"{letter}{r}{c}" for c in range(columns)] for r in range(rows)]


def _factor(number):
    return f"({signed(int(number))})" if number < 0 else str(int(number))


def _between(axes, left, right, sign, points, high=None):
    """Write a sign between two panels, at half the height of the higher one."""
    high = high or left
    style.label(axes, (left.right + right.x - 0.45) / 2, high.y + 1, sign, size=0.5 * points)


FIGURES = {
    "feeds": draw_feeds,
    "flip": draw_flip,
    "full_correlation": draw_full_correlation,
    "max_routing": draw_max_routing,
    "weight_gradient": draw_weight_gradient,
}
"""The committed figures: name, without ``.svg``, and the function that draws it."""
