"""Plain loops, one window and one filter at a time: what `faster` compares an answer with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def conv2d_forward(x, w, b):
    """Convolve with stride 1 and no padding; return the output, and ``...`` for the cache."""
    images, filters, (kh, kw) = len(x), len(w), w.shape[2:]
    out = np.empty((images, filters, x.shape[2] - kh + 1, x.shape[3] - kw + 1), x.dtype)
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = np.sum(x[n, :, i : i + kh, j : j + kw] * w[f]) + b[f]
    return out, ...


def conv2d_backward(x, w) -> Callable:
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

    return backward
