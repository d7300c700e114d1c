"""Max and average pooling, forward and backward: the numbers and words of its pictures.

The explorer works out the same in the browser: ``describe`` in ``pool_routing_numbers.js`` is the
twin of :func:`describe`.
"""

import numpy as np

from course_utils.arithmetic import conv_output_size
from course_utils.show.values import check_int
from course_utils.show.window import signed
from course_utils.show.window_walk_numbers import sum_of

X = (
    (1, 3, 2, 2, 0, 5),
    (3, 0, 2, 4, 5, 1),
    (0, 6, 6, 1, 2, 2),
    (4, 1, 6, 0, 7, 3),
    (2, 2, 1, 7, 0, 1),
)
"""The input to start from: 5 rows, 6 columns, with several largest values that stand twice."""
HEIGHT, WIDTH = 5, 6
MOST = 9
"""Values of the input run from 0 to this."""

UPSTREAM = (
    (1, 2, -1, 3, 1),
    (2, -1, 3, 1, 2),
    (1, 3, -2, 2, 1),
    (-1, 1, 2, 1, 3),
)
"""``dout`` of every output; a smaller output takes the upper left corner."""

KNOBS = {
    "kernel_size": ("Kernel size", "F", 2, 3),
    "stride": ("Stride", "S", 1, 3),
}
"""Label, symbol, least and greatest value of each knob."""


def output_shape(kernel_size, stride):
    """Return rows and columns of the output; windows that do not fit are dropped."""
    return tuple(conv_output_size(n, kernel_size, stride) for n in (HEIGHT, WIDTH))


def check_knob(name, value):
    """Return ``value`` as an int, or raise ValueError that says what the knob takes."""
    return check_int(name, value, *KNOBS[name][2:])


def check_values(x):
    """Return ``x`` as lists of ints, or raise ValueError that says what is wrong with it."""
    try:
        shape = np.shape(x)
    except ValueError:
        shape = "rows of different lengths"
    if shape != (HEIGHT, WIDTH):
        raise ValueError(f"x must be {HEIGHT} rows of {WIDTH} values, got {shape}")
    return [
        [check_int(f"x[{r}][{c}]", value, 0, MOST) for c, value in enumerate(line)]
        for r, line in enumerate(x)
    ]


def check_place(name, place, rows, columns):
    """Return ``place`` as (row, column), or raise ValueError when it is outside."""
    try:
        row, column = place
        row, column = row.__index__(), column.__index__()
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"{name} must be (row, column), two ints, got {place!r}") from None
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(
            f"{name}=({row}, {column}) is outside {rows} × {columns}: rows run from 0 to "
            f"{rows - 1}, columns from 0 to {columns - 1}"
        )
    return row, column


def describe(x=X, kernel_size=2, stride=2, position=(0, 0), pixel=(0, 1)):
    """Work out one state of the picture.

    Parameters
    ----------
    x : 5 rows of 6 ints
        From 0 to 9.
    kernel_size, stride : int
        The knobs, within :data:`KNOBS`.
    position : (int, int)
        Row and column of the chosen output, from 0.
    pixel : (int, int)
        Row and column of the chosen input pixel, from 0.

    Returns
    -------
    dict
        Arrays are lists of lists. ``output`` (rows, columns), ``left_over`` (rows, columns that no
        window reaches), ``count`` (pixels in a window); ``max``, ``argmax`` (places, the first in
        row order), ``sums`` (the averages are ``sums / count``), ``dout``; ``dx_max``, ``dx_sums``
        (the gradients of average pooling are ``dx_sums / count``), ``won`` and ``covered`` (lists
        of outputs for each pixel). The chosen window: ``corner``, ``tied`` (pixels as large as the
        largest, after the first). In words: ``window_lines``, ``pixel_lines``, ``window_words``,
        ``pixel_words``.

    Raises
    ------
    ValueError
        If a value is out of range.
    """
    F, S = (check_knob(*knob) for knob in zip(KNOBS, (kernel_size, stride), strict=True))
    x = np.array(check_values(x))
    rows, columns = output_shape(F, S)
    i, j = check_place("position", position, rows, columns)
    row, column = check_place("pixel", pixel, HEIGHT, WIDTH)

    dout = np.array(UPSTREAM)[:rows, :columns]
    largest, sums = np.zeros_like(dout), np.zeros_like(dout)
    argmax = [[[0, 0] for _ in range(columns)] for _ in range(rows)]
    dx_max, dx_sums = np.zeros_like(x), np.zeros_like(x)
    won, covered = ([[[] for _ in range(WIDTH)] for _ in range(HEIGHT)] for _ in range(2))
    for (r, c), d in np.ndenumerate(dout):
        window = x[r * S : r * S + F, c * S : c * S + F]
        first = divmod(int(window.argmax()), F)  # the first in row order
        top, left = first[0] + r * S, first[1] + c * S
        argmax[r][c] = [top, left]
        largest[r, c], sums[r, c] = window.max(), window.sum()
        dx_max[top, left] += d
        dx_sums[r * S : r * S + F, c * S : c * S + F] += d
        won[top][left].append([r, c])
        for a in range(F):
            for b in range(F):
                covered[r * S + a][c * S + b].append([r, c])
    corner = [i * S, j * S]
    tied = [
        [i * S + a, j * S + b]
        for a in range(F)
        for b in range(F)
        if x[i * S + a, j * S + b] == largest[i, j] and [i * S + a, j * S + b] != argmax[i][j]
    ]
    state = {
        "output": [rows, columns],
        "left_over": [n - (many - 1) * S - F for n, many in ((HEIGHT, rows), (WIDTH, columns))],
        "count": F * F,
        "max": largest.tolist(),
        "argmax": argmax,
        "sums": sums.tolist(),
        "dout": dout.tolist(),
        "dx_max": dx_max.tolist(),
        "dx_sums": dx_sums.tolist(),
        "won": won,
        "covered": covered,
        "corner": corner,
        "tied": tied,
    }
    return state | _window(state, i, j) | _pixel(state, row, column, int(x[row, column]))


def _window(state, i, j):
    count, d = state["count"], state["dout"][i][j]
    top, left = state["argmax"][i][j]
    value, total, tied = state["max"][i][j], state["sums"][i][j], len(state["tied"])
    alone = f"the largest is {value}, at ({top}, {left})"
    times = f"{tied + 1} times" if tied > 1 else "twice"
    tie = f"the largest is {value}, {times}; the first in row order, ({top}, {left}), counts"
    found = tie if tied else alone
    lines = [
        f"Max: {found}. dout = {signed(d)} goes there, whole.",
        f"Average: {total} / {count} = {share(total, count)}. Each of the {count} pixels gets "
        f"{signed(d)} / {count} = {share(d, count)}.",
    ]
    words = f"Window of output row {i}, column {j}. {lines[0]} {lines[1]}"
    return {"window_lines": lines, "window_words": words}


def _pixel(state, row, column, value):
    won, covered = state["won"][row][column], state["covered"][row][column]
    if not covered:
        line = "No window reaches it: both gradients are 0."
        words = f"Pixel ({row}, {column}) is {value}. {line}"
        return {"pixel_lines": [line], "pixel_words": words}
    dout, count = state["dout"], state["count"]
    windows = f"in {len(covered)} window{'s' if len(covered) > 1 else ''}"
    wins = f"the first maximum of {len(won)}" if won else "the first maximum of none"
    gets = " = ".join(_sum([dout[r][c] for r, c in won])) if won else "0"
    terms = _sum([dout[r][c] for r, c in covered])
    inside = f"({terms[0]})" if len(covered) > 1 else terms[0]
    average = f"{inside} / {count} = {share(sum(dout[r][c] for r, c in covered), count)}"
    lines = [
        f"It lies {windows} and is {wins}.",
        f"dx with max: {gets}",
        f"dx with average: {average}",
    ]
    words = f"Pixel ({row}, {column}) is {value}. {lines[0]} {lines[1]}; {lines[2]}."
    return {"pixel_lines": lines, "pixel_words": words}


def _sum(terms):
    return [sum_of(terms)] + ([signed(sum(terms))] if len(terms) > 1 else [])


def share(total, count):
    """Write ``total / count`` with at most two decimals: ``0.75``, ``−1.5``, ``3``."""
    words = f"{abs(total) / count:.2f}".rstrip("0").rstrip(".")
    return f"−{words}" if total < 0 else words
