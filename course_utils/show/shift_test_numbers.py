"""A shifted image before and after convolution and pooling: the numbers and words of its pictures.

The border wraps around: what leaves at one side comes in at the other, in the shift and in the
convolution. So every pixel is inside, and the claim is exact: with stride S, conv(shift(x)) equals
shift(conv(x)) everywhere when the shift is a multiple of S, always when S is 1.

The explorer works out the same in the browser: ``describe`` in ``shift_test_numbers.js`` is the
twin of :func:`describe`.
"""

import numpy as np

from course_utils.show.values import check_choice, check_int
from course_utils.show.window import signed

SIDE = 12
"""Rows and columns of the image."""
DRAWING = """\
............
............
............
.....1......
....111.....
...11111....
..1111111...
...22222....
...20222....
...20202....
...22202....
............"""
CENTRE = (7, 5)
"""The pixel of the drawing that follows the mouse."""
KERNEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
"""Right minus left: it answers to vertical edges."""
POOL = 2

KNOBS = {
    "dy": ("Shift down", "dy", -6, 6),
    "dx": ("Shift right", "dx", -6, 6),
    "stride": ("Stride", "S", 1, 2),
}
"""Label, symbol, least and greatest value of each knob."""
VIEWS = {"convolution": "convolution", "pooling": "max pooling after it"}
"""What the picture compares, and its words."""


def image():
    """Return the drawn house.

    Returns
    -------
    ndarray of shape (12, 12), int
        Values from 0 to 2.
    """
    rows = DRAWING.splitlines()
    return np.array([[int(mark.replace(".", "0")) for mark in row] for row in rows])


def shift(x, dy, dx):
    """Move an array down and to the right; what leaves it comes in at the other side."""
    return np.roll(x, (dy, dx), axis=(0, 1))


def convolve(x, stride):
    """Convolve with :data:`KERNEL`, border wrapped around, so that stride 1 keeps the size.

    Output (i, j) has its middle at input pixel (i · stride, j · stride).
    """
    padded = np.pad(x, 1, mode="wrap")
    n = len(x)
    taps = [(a, b, weight) for a, line in enumerate(KERNEL) for b, weight in enumerate(line)]
    return sum(w * padded[a : a + n, b : b + n] for a, b, w in taps)[::stride, ::stride]


def pool(y):
    """Max pooling, 2 × 2 with stride 2."""
    n = len(y) // POOL
    return y.reshape(n, POOL, n, POOL).max((1, 3))


def check_knob(name, value):
    """Return ``value`` as an int, or raise ValueError that says what the knob takes."""
    return check_int(name, value, *KNOBS[name][2:])


def describe(dy=0, dx=1, stride=1, view="convolution"):
    """Work out one state of the picture.

    Parameters
    ----------
    dy, dx : int
        Pixels that the image is shifted down and to the right.
    stride : int
        Of the convolution, 1 or 2.
    view : str
        One of :data:`VIEWS`; it chooses ``words``, nothing else.

    Returns
    -------
    dict
        Arrays are lists of lists. ``x``, ``shifted_x``; ``conv_x``, ``conv_shifted_x``,
        ``shifted_conv_x``, ``difference``; ``largest`` (of its absolute values); ``steps`` (outputs
        that the output is shifted by: ⌊dy / S⌋, ⌊dx / S⌋); ``whole`` (whether that is exact);
        ``best`` (the smallest of the largest differences, over all shifts of the output);
        ``pool_x``, ``pool_shifted_x``; ``conv_same``, ``pool_same`` ([how many values a shift of
        the image leaves as they are, of how many]); ``conv_change``, ``pool_change`` ([sum of
        absolute changes, sum of absolute values]). In words: ``lines``, ``words``.

    Raises
    ------
    ValueError
        If a value is not known or out of range.
    """
    knobs = zip(KNOBS, (dy, dx, stride), strict=True)
    dy, dx, S = (check_knob(name, value) for name, value in knobs)
    check_choice("view", view, VIEWS)
    x = image()
    shifted = shift(x, dy, dx)
    y, y_shifted = convolve(x, S), convolve(shifted, S)
    steps = [dy // S, dx // S]
    expected = shift(y, *steps)
    n = len(y)
    best = min(int(abs(y_shifted - shift(y, i, j)).max()) for i in range(n) for j in range(n))
    p, p_shifted = pool(y), pool(y_shifted)
    state = {
        "x": x.tolist(),
        "shifted_x": shifted.tolist(),
        "conv_x": y.tolist(),
        "conv_shifted_x": y_shifted.tolist(),
        "shifted_conv_x": expected.tolist(),
        "difference": (y_shifted - expected).tolist(),
        "largest": int(abs(y_shifted - expected).max()),
        "steps": steps,
        "whole": dy % S == 0 and dx % S == 0,
        "best": best,
        "pool_x": p.tolist(),
        "pool_shifted_x": p_shifted.tolist(),
    }
    for name, before, after in (("conv", y, y_shifted), ("pool", p, p_shifted)):
        state[f"{name}_same"] = [int((before == after).sum()), before.size]
        state[f"{name}_change"] = [int(abs(after - before).sum()), int(abs(before).sum())]
    return state | _write(state, dy, dx, S, view)


def _write(state, dy, dx, S, view):
    by = f"({signed(dy)}, {signed(dx)})"
    i, j = (signed(k) for k in state["steps"])
    largest = state["largest"]
    if S == 1:
        claim = f"Stride 1: conv(shift(x)) − shift(conv(x)) is {largest} everywhere."
    elif state["whole"]:
        claim = (
            f"Stride {S}: a shift by {by} pixels is ({i}, {j}) whole steps, and "
            f"conv(shift(x)) − shift(conv(x)) is {largest} everywhere."
        )
    else:
        claim = (
            f"Stride {S}: a shift by {by} pixels is no whole number of steps. Against the output "
            f"shifted by ({i}, {j}) the largest difference is {largest}, and no shift of the "
            f"output leaves less than {state['best']}."
        )
    lines = [claim]
    for name, what in (("conv", "convolution"), ("pool", "max pooling after it")):
        (same, size), (change, total) = state[f"{name}_same"], state[f"{name}_change"]
        lines.append(
            f"Outputs of the {what} that stay the same: {same} of {size} "
            f"({percent(same, size)}); sum of changes {change} / {total} = "
            f"{percent(change, total)}."
        )
    words = f"Shift by {by}. {lines[0] if view == 'convolution' else lines[2]}"
    return {"lines": lines, "words": words}


def percent(part, whole):
    """Write a share in whole per cent, halves rounded up."""
    return f"{(200 * part + whole) // (2 * whole)} %"
