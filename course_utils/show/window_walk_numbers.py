"""Convolution forward and backward, window by window: the numbers and words of its pictures.

The explorer works out the same in the browser: ``describe`` in ``window_walk_numbers.js`` is the
twin of :func:`describe`.
"""

import numpy as np

from course_utils.arithmetic import conv_output_size
from course_utils.show.values import check_choice, check_int
from course_utils.show.window import signed

X = (
    (1, 0, 2, 1, 3, 0),
    (2, 1, 0, 3, 1, 2),
    (0, 3, 1, 2, 0, 1),
    (1, 2, 3, 0, 2, 1),
    (3, 0, 1, 1, 2, 0),
)
"""The input: 5 rows, 6 columns."""
HEIGHT, WIDTH = 5, 6

KERNELS = {2: ((1, 2), (3, -1)), 3: ((1, 2, -1), (-2, 3, 1), (2, -1, 1))}
"""The kernel of each size. Neither looks the same when it is flipped."""
BIAS = 1

UPSTREAM = (
    (1, 2, -1, 3, 1, -2, 1),
    (2, -1, 3, 1, -2, 1, 2),
    (-1, 1, 2, -2, 1, 3, -1),
    (3, -2, 1, 1, 2, -1, 1),
    (1, 1, -1, 2, -2, 1, 3),
    (-2, 3, 1, -1, 1, 2, -1),
)
"""``dout`` of every output; a smaller output takes the upper left corner."""

KNOBS = {
    "kernel_size": ("Kernel size", "F", 2, 3),
    "stride": ("Stride", "S", 1, 3),
    "padding": ("Padding", "P", 0, 1),
}
"""Label, symbol, least and greatest value of each knob."""

MODES = {
    "forward": "forward",
    "backward": "backward, output by output",
    "pixel": "backward, pixel by pixel",
}
"""What is walked over, and its words."""


def output_shape(kernel_size, stride, padding):
    """Return rows and columns of the output."""
    return tuple(conv_output_size(n, kernel_size, stride, padding) for n in (HEIGHT, WIDTH))


def check_knob(name, value):
    """Return ``value`` as an int, or raise ValueError that says what the knob takes."""
    return check_int(name, value, *KNOBS[name][2:])


def check_step(step, rows, columns):
    """Return ``step`` as an int, or raise ValueError when there is no such output."""
    if isinstance(step, bool) or not hasattr(step, "__index__"):
        raise ValueError(f"step must be an int, got {step!r}")
    last = rows * columns - 1
    if not 0 <= step <= last:
        raise ValueError(
            f"step={step} is outside 0 to {last}: the output has {rows} × {columns} places"
        )
    return step.__index__()


def check_pixel(pixel, rows=HEIGHT, columns=WIDTH):
    """Return ``pixel`` as (row, column), or raise ValueError when it is outside the input."""
    try:
        row, column = pixel
        row, column = row.__index__(), column.__index__()
    except (AttributeError, TypeError, ValueError):
        raise ValueError(f"pixel must be (row, column), two ints, got {pixel!r}") from None
    if not (0 <= row < rows and 0 <= column < columns):
        raise ValueError(
            f"pixel=({row}, {column}) is outside the input: its rows run from 0 to {rows - 1} "
            f"and its columns from 0 to {columns - 1}"
        )
    return row, column


def describe(kernel_size=3, stride=1, padding=0, mode="forward", step=0, pixel=(1, 2)):
    """Work out one state of the walk.

    Parameters
    ----------
    kernel_size, stride, padding : int
        The knobs, within :data:`KNOBS`.
    mode : str
        One of :data:`MODES`; it chooses ``lines`` and ``words``, nothing else.
    step : int
        Number of the output in reading order, from 0.
    pixel : (int, int)
        Row and column of the input, from 0.

    Returns
    -------
    dict
        Arrays are lists of lists. The whole layer: ``x`` (H, W), ``w`` (F, F), ``b``, ``y`` and
        ``dout`` (``output`` = rows, columns), ``dx``, ``dw``, ``db``, ``left_over`` (rows, columns
        that no window reaches). This step: ``place``, ``corner`` (of the window in the input,
        negative in the padding), ``pixels``, ``products``, ``d`` (its ``dout``), ``dx_before``,
        ``dx_now`` and ``times`` (H + 2P, W + 2P: gradient before, gradient after, how often added
        to), ``dw_before``, ``dw_now``, ``db_before``, ``db_now``, ``overlap``. This pixel:
        ``feeds`` (outputs), ``terms`` (dout, weight), ``grid`` (H + F − 1, W + F − 1: dout with
        zeros between and around), ``flipped`` (F, F), ``grid_window``, ``grid_products``,
        ``collected``. In words: ``lines``, ``words``.

    Raises
    ------
    ValueError
        If a value is not known or out of range.
    """
    knobs = zip(KNOBS, (kernel_size, stride, padding), strict=True)
    F, S, P = (check_knob(name, value) for name, value in knobs)
    check_choice("mode", mode, MODES)
    rows, columns = output_shape(F, S, P)
    step = check_step(step, rows, columns)
    row, column = check_pixel(pixel)

    x, w = np.pad(np.array(X), P), np.array(KERNELS[F])
    dout = np.array(UPSTREAM)[:rows, :columns]
    y = np.zeros_like(dout)
    dx, times, dw, db = np.zeros_like(x), np.zeros_like(x), np.zeros_like(w), 0
    for k in range(rows * columns):
        i, j = divmod(k, columns)
        window = np.s_[i * S : i * S + F, j * S : j * S + F]
        d = int(dout[i, j])
        if k == step:
            before = {"dx_before": dx.tolist(), "dw_before": dw.tolist(), "db_before": db}
            overlap = int((times[window] > 0).sum())
        y[i, j] = (x[window] * w).sum() + BIAS
        dx[window] += d * w
        times[window] += 1
        dw += d * x[window]
        db += d
        if k == step:
            now = {"dx_now": dx.tolist(), "times": times.tolist(), "dw_now": dw.tolist()}
            now |= {"db_now": db, "overlap": overlap, "d": d}
            now |= {"pixels": x[window].tolist(), "products": (x[window] * w).tolist()}
    place = list(divmod(step, columns))
    state = {
        "x": [list(line) for line in X],
        "w": w.tolist(),
        "b": BIAS,
        "output": [rows, columns],
        "left_over": [
            n + 2 * P - (many - 1) * S - F for n, many in ((HEIGHT, rows), (WIDTH, columns))
        ],
        "y": y.tolist(),
        "dout": dout.tolist(),
        "dx": dx[P : P + HEIGHT, P : P + WIDTH].tolist(),
        "dw": dw.tolist(),
        "db": db,
        "place": place,
        "corner": [k * S - P for k in place],
    }
    state |= before | now | _collect(dout, w, S, P, row, column)
    state |= {"forward": _forward, "backward": _backward, "pixel": _pixel}[mode](state, row, column)
    return state


def _collect(dout, w, S, P, row, column):
    """Collect the gradient of one input pixel: by its outputs, and as a full correlation."""
    F = len(w)
    feeds, terms = [], []
    grid = np.zeros((HEIGHT + F - 1, WIDTH + F - 1), dtype=int)
    for (i, j), d in np.ndenumerate(dout):
        grid[i * S + F - 1 - P, j * S + F - 1 - P] = d
        a, c = row + P - i * S, column + P - j * S
        if 0 <= a < F and 0 <= c < F:
            feeds.append([i, j])
            terms.append([int(d), int(w[a, c])])
    window, flipped = grid[row : row + F, column : column + F], w[::-1, ::-1]
    return {
        "feeds": feeds,
        "terms": terms,
        "grid": grid.tolist(),
        "flipped": flipped.tolist(),
        "grid_window": window.tolist(),
        "grid_products": (window * flipped).tolist(),
        "collected": int((window * flipped).sum()),
    }


def _reads(state):
    """Say which rows and columns of the input the window has, and its padding."""
    F = len(state["w"])
    rows, columns = ([start + k for k in range(F)] for start in state["corner"])
    words = f"input rows {_listed(rows)} and columns {_listed(columns)}"
    outside = min(rows + columns) < 0 or rows[-1] >= HEIGHT or columns[-1] >= WIDTH
    return words, outside


def _forward(state, row, column):
    (i, j), total = state["place"], state["y"][state["place"][0]][state["place"][1]]
    sums = [sum(line) for line in state["products"]]
    reads, outside = _reads(state)
    lines = [
        f"y[{i}, {j}] = {sum_of(sums)} + b = {signed(sum(sums))} + {BIAS} = {signed(total)}",
        f"It reads {reads}{', 0 in the padding' if outside else ''}.",
    ]
    words = (
        f"Output row {i}, column {j}, reads {reads}: {len(sums) ** 2} products add up to "
        f"{signed(sum(sums))}, with the bias {signed(total)}."
    )
    return {"lines": lines, "words": words}


def _backward(state, row, column):
    (i, j), d = state["place"], signed(state["d"])
    reads, outside = _reads(state)
    factor = f"({d})" if state["d"] < 0 else d
    cut = " What falls into the padding is cut off at the end." if outside else ""
    many, overlap = len(state["w"]) ** 2, state["overlap"]
    met = f"{overlap} of these {many} pixels had been added to before"
    if not overlap:
        met = "no pixel of this window had been added to before"
    lines = [
        f"dout[{i}, {j}] = {d}",
        f"dx += {factor} · w, at {reads}: {met}.{cut}",
        f"dw += {factor} · the window of x",
        f"db = {sum_of([state['db_before'], state['d']])} = {signed(state['db_now'])}",
    ]
    words = (
        f"Output row {i}, column {j}, has dout {d}. It adds {d} times the kernel to dx at {reads}, "
        f"and {d} times the window to dw; {met}. db is now {signed(state['db_now'])}."
    )
    return {"lines": lines, "words": words}


def _pixel(state, row, column):
    name, total = f"dx[{row}, {column}]", signed(state["collected"])
    feeds = ", ".join(f"y[{i}, {j}]" for i, j in state["feeds"])
    many, F = len(state["feeds"]), len(state["w"])
    if not many:
        words = f"Input pixel ({row}, {column}) feeds no output: its gradient is 0."
        return {"lines": [f"No window reaches this pixel: {name} = 0"], "words": words}
    outputs = f"{many} output{'s' if many > 1 else ''}"
    terms = " + ".join(f"{_factor(d)}·{_factor(weight)}" for d, weight in state["terms"])
    kept = [
        (value, weight)
        for values, weights in zip(state["grid_window"], state["flipped"], strict=True)
        for value, weight in zip(values, weights, strict=True)
    ]
    full = " + ".join(f"{_factor(value)}·{_factor(weight)}" for value, weight in kept)
    lines = [
        f"Input pixel ({row}, {column}) feeds {outputs}: {feeds}",
        f"{name} = sum of dout · weight = {terms} = {total}",
        f"As a full correlation, {F} × {F} products: {full} = {total}",
    ]
    words = f"Input pixel ({row}, {column}) feeds {outputs}: {feeds}. {name} = {terms} = {total}."
    return {"lines": lines, "words": words}


def sum_of(terms):
    """Write a sum of whole numbers: ``3 − 1 + 2``."""
    words = signed(terms[0])
    for term in terms[1:]:
        words += f" − {-term}" if term < 0 else f" + {term}"
    return words


def _factor(number):
    return f"({signed(number)})" if number < 0 else str(number)


def _listed(numbers):
    return ", ".join(signed(number) for number in numbers)
