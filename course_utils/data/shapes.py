"""The outlines of the drawn set's ten classes.

A shape is a function of the coordinates `u` (right) and `v` (down), in which its radius is 1, and of
its `form` from −1 to 1, which makes it thicker, longer or deeper within its class. The result is
below 0 inside and above 0 outside, about as the distance from the edge.
"""

import numpy as np


def _from_middle(u, v):
    return np.sqrt(u * u + v * v)


def _disc(u, v, form):
    return _from_middle(u, v) - 1


def _ring(u, v, form):
    r = _from_middle(u, v)
    return np.maximum(r - 1, 0.52 + 0.16 * form - r)


def _square(u, v, form):
    return np.maximum(abs(u), abs(v)) - 0.87


def _frame(u, v, form):
    r = np.maximum(abs(u), abs(v))
    return np.maximum(r - 0.87, 0.44 + 0.14 * form - r)


def _triangle(u, v, form):
    return np.maximum(v - 0.7, 0.87 * abs(u) - 0.5 * v - 0.6)


def _star(u, v, form):
    """Five points: mirrored at its axes, the outline is one edge, from a tip to an inner corner."""
    u = abs(u)
    for x in (0.809017, -0.809017):
        beyond = 2 * np.maximum(x * u - 0.587785 * v, 0)
        u, v = u - beyond * x, v + beyond * 0.587785
    inner = 0.46 + 0.08 * form
    right, down = 0.587785 * inner, 0.809017 * inner - 1
    return ((v - 1) * right - abs(u) * down) / np.sqrt(right * right + down * down)


def _cross(u, v, form):
    a, b, half = abs(u), abs(v), 0.28 + 0.08 * form
    return np.minimum(np.maximum(a - half, b - 1), np.maximum(a - 1, b - half))


def _crescent(u, v, form):
    return np.maximum(_from_middle(u, v) - 1, 0.78 - _from_middle(u - 0.52 - 0.12 * form, v))


def _arrow(u, v, form):
    head = np.maximum(-u - 0.1 * form, 0.707 * (u + abs(v)) - 0.65)
    shaft = np.maximum(abs(v) - 0.24 + 0.06 * form, np.maximum(u - 0.1, -u - 1))
    return np.minimum(head, shaft)


def _bars(u, v, form):
    half = 0.26 + 0.06 * form
    return np.maximum(abs(abs(v) - 0.6) - half, abs(u) - 0.95)


SHAPES = {
    "disc": _disc,
    "ring": _ring,
    "square": _square,
    "frame": _frame,
    "triangle": _triangle,
    "star": _star,
    "cross": _cross,
    "crescent": _crescent,
    "arrow": _arrow,
    "bars": _bars,
}
