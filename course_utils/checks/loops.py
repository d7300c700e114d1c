"""Plain loops, one window and one filter at a time: what `faster` compares an answer with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils import layers


class Loops:
    """Plain loops, and what they return without them.

    Attributes
    ----------
    quick : callable
        The same function, fast.
    inputs : int
        How many of the arguments are arrays of the test's: their shapes tell how long the loops take.
    about : tuple
        What else does.
    """

    def __init__(self, slow: Callable, quick: Callable, inputs: int, *about):
        self.slow, self.quick, self.inputs = slow, quick, inputs
        self.about = (slow.__qualname__, *about)
        self.__name__, self.__doc__ = slow.__name__, slow.__doc__

    def __call__(self, *args, **kwargs):
        return self.slow(*args, **kwargs)


def _forward(x, w, b):
    """Convolve with stride 1 and no padding; return the output, and ``...`` for the cache."""
    images, filters, (kh, kw) = len(x), len(w), w.shape[2:]
    out = np.empty((images, filters, x.shape[2] - kh + 1, x.shape[3] - kw + 1), x.dtype)
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = np.sum(x[n, :, i : i + kh, j : j + kw] * w[f]) + b[f]
    return out, ...


conv2d_forward = Loops(_forward, lambda x, w, b: (layers.conv2d_forward(x, w, b)[0], ...), 3)


def conv2d_backward(x, w) -> Loops:
    """Return the backward pass for these images and filters: (dx, dw, ...), a `db` may be anything."""
    kh, kw = w.shape[2:]

    def backward(dout, cache=None):
        dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(len(w), x.dtype)
        for n, f, i, j in np.ndindex(dout.shape):
            window = np.s_[n, :, i : i + kh, j : j + kw]
            dx[window] += w[f] * dout[n, f, i, j]
            dw[f] += x[window] * dout[n, f, i, j]
            db[f] += dout[n, f, i, j]
        return dx, dw, ...

    def quick(dout, cache=None):
        _, cache = layers.conv2d_forward(x, w, np.zeros(len(w), x.dtype))
        return *layers.conv2d_backward(dout, cache)[:2], ...

    return Loops(backward, quick, 1, x.shape, w.shape, x.dtype.str)
