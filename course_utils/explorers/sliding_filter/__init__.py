"""The explorer of lecture 01: a filter that slides over an input."""

import numpy as np
import traitlets

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Knob, Place


def _image(size):
    """Bright discs (7 to 9) on a dark ground (0 to 2), seven pixels apart; a smaller one is its corner."""
    r, c = np.indices((size, size))
    disc = (r % 7 - 3) ** 2 + (c % 7 - 3) ** 2 <= 5
    return np.where(disc, 7 + (r + 2 * c) % 3, (2 * r + c) % 3).tolist()


def _kernel(size):
    """Right minus left, the middle row counted twice: large where the image gets brighter to the right."""
    if size == 1:
        return [[1]]
    offset = 2 * np.arange(size) - (size - 1)
    return (np.where(offset == 0, 2, 1)[:, None] * np.sign(offset)).tolist()


def _output(explorer):
    """Output size along one axis, 0 when the kernel does not fit."""
    W, K, S = explorer.size, explorer.kernel_size, explorer.stride
    P, D = explorer.padding, explorer.dilation
    return conv_output_size(W, K, S, P, D) if D * (K - 1) + 1 <= W + 2 * P else 0


class _OutputPlace(Place):
    """A place of the output, and (0, 0) when there is none."""

    def __init__(self, default):
        super().__init__(default, lambda explorer: (max(_output(explorer), 1),) * 2)

    def inside(self, explorer, value):
        if value != (0, 0) and not _output(explorer):
            raise traitlets.TraitError(
                f"{self.name}={value} is outside the output, which is empty, as the kernel does not "
                "fit: only (0, 0) is allowed"
            )
        return super().inside(explorer, value)


class SlidingFilter(Explorer):
    """Explorer: five knobs and a window that moves over an input, with the arithmetic written out.

    It works by mouse (click or drag) and by keyboard (Tab to a knob or to the picture, arrow keys,
    Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        Images and kernels are square.
    position : (int, int)
        Row and column of the output, from 0. When a knob makes the output smaller, it moves to the
        nearest position that is left.

    Examples
    --------
    >>> explorer = SlidingFilter(size=7, kernel_size=3, position=(4, 1))
    >>> explorer.stride = 3
    >>> explorer.position
    (1, 1)
    """

    size = Knob(7, "Input size", "W", 1, 14)
    kernel_size = Knob(3, "Kernel size", "K", 1, 7)
    stride = Knob(1, "Stride", "S", 1, 5)
    padding = Knob(0, "Padding", "P", 0, 3)
    dilation = Knob(1, "Dilation", "D", 1, 3)
    position = _OutputPlace((0, 0))

    tables = {"image": _image(14), "kernels": {size: _kernel(size) for size in range(1, 8)}}
    figures = {"sliding_filter": {"stride": 2, "padding": 1, "position": (1, 2)}}
