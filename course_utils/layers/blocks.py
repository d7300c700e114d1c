"""What the formulations of a convolution share: its sizes, pieces of padded images, scratch memory."""

import math
import threading
from typing import NamedTuple

import numpy as np

KEPT_BYTES = 1 << 24
"""Largest piece of scratch memory that is kept."""

_kept = threading.local()


class Plan(NamedTuple):
    """Sizes of a convolution: (height, width) pairs, and the number of groups."""

    kernel: tuple
    stride: tuple
    padding: tuple
    dilation: tuple
    groups: int
    out_size: tuple

    def transposed(self, height, width):
        """The convolution, of the upstream gradient with rotated weights, that gives dx of this size.

        Only for stride 1. Padding may become negative, which crops: a gradient of border pixels
        that nobody asks for.
        """
        padding = tuple(
            d * (k - 1) - p
            for k, p, d in zip(self.kernel, self.padding, self.dilation, strict=True)
        )
        return self._replace(padding=padding, out_size=(height, width))


def scratch(name, shape, dtype):
    """Return an array of arbitrary contents in memory that the next call for this name uses again.

    New memory is slow: the system hands it out in pages of 4 KiB at one or two microseconds each, which
    is several times what filling them takes. A piece is valid until the next call with its name in
    the same thread, so it must not leave the function that asked for it.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    pieces = _kept.__dict__
    if name not in pieces or len(pieces[name]) < size:
        if size > KEPT_BYTES:
            return np.empty(shape, dtype)
        pieces[name] = np.empty(size, np.uint8)
    return pieces[name][:size].view(dtype).reshape(shape)


def cut(x, images, channels, rows, columns):
    """Return a copy of part of x, (N, C, H, W), in scratch memory, with zeros outside of x.

    ``images`` and ``channels`` are slices; ``rows`` and ``columns`` are (first, last + 1) in pixels of
    x, from below 0 to beyond its size where the padding is.

    >>> cut(np.ones((1, 1, 2, 3)), slice(1), slice(1), rows=(-1, 3), columns=(1, 4))[0, 0]
    array([[0., 0., 0.],
           [1., 1., 0.],
           [1., 1., 0.],
           [0., 0., 0.]])
    """
    inside, target = [], []
    for (first, last), size in zip((rows, columns), x.shape[2:], strict=True):
        start = min(max(first, 0), size)
        stop = max(start, min(last, size))
        inside.append(slice(start, stop))
        target.append(slice(start - first, stop - first))
    part = x[images, channels, *inside]
    shape = (*part.shape[:2], rows[1] - rows[0], columns[1] - columns[0])
    block = scratch("cut", shape, x.dtype)
    if part.shape != shape:
        block.fill(0)
    block[:, :, *target] = part
    return block
