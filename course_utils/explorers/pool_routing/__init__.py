"""The explorer of lecture 02: where max and average pooling send the gradient."""

import numpy as np
import traitlets

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Knob, Place, check_int

X = [
    [1, 3, 2, 2, 0, 5],
    [3, 0, 2, 4, 5, 1],
    [0, 6, 6, 1, 2, 2],
    [4, 1, 6, 0, 7, 3],
    [2, 2, 1, 7, 0, 1],
]
"""The input to start from; several windows have their largest value twice."""
MOST = 9
"""Values of the input run from 0 to this."""

UPSTREAM = [
    [1, 2, -1, 3, 1],
    [2, -1, 3, 1, 2],
    [1, 3, -2, 2, 1],
    [-1, 1, 2, 1, 3],
]
"""``dout`` of every output; a smaller output takes the upper left corner."""


class _Values(traitlets.TraitType):
    """An array of the size of X, as lists of ints."""

    def validate(self, explorer, value):
        rows, columns = np.shape(X)
        try:
            shape = np.shape(value)
        except ValueError:
            shape = "rows of different lengths"
        if shape != (rows, columns):
            raise traitlets.TraitError(
                f"{self.name} must be {rows} rows of {columns} values, got {shape}"
            )
        return [
            [check_int(f"{self.name}[{r}][{c}]", number, 0, MOST) for c, number in enumerate(line)]
            for r, line in enumerate(value)
        ]


def _outputs(explorer):
    """Rows and columns of the output; windows that do not fit are dropped."""
    K, S = explorer.kernel_size, explorer.stride
    return tuple(conv_output_size(n, K, S) for n in np.shape(X))


class PoolRouting(Explorer):
    """Explorer: max pooling beside average pooling, forward and backward, on values of your own.

    Max pooling sends ``dout`` to the first maximum of a window in row order, average pooling sends
    an equal part to each of its pixels; overlapping windows add up.

    It works by mouse (click a pixel, then its plus or minus; click an output) and by keyboard (Tab
    to a knob or to the picture, arrow keys, plus, minus, digits, Space, Home, End). What it shows
    can be read and set here, too.

    Parameters
    ----------
    x : 5 rows of 6 ints
        From 0 to 9.
    kernel_size, stride : int
    position : (int, int)
        Row and column of the chosen output, from 0. When a knob makes the output smaller, it moves
        to the nearest one that is left.
    pixel : (int, int)
        Row and column of the chosen input pixel, from 0.

    Examples
    --------
    >>> explorer = PoolRouting(kernel_size=2, stride=2, position=(1, 2))
    >>> explorer.kernel_size = 3
    >>> explorer.position
    (1, 1)
    """

    x = _Values(X)
    kernel_size = Knob(2, "Kernel size", "K", 2, 3)
    stride = Knob(2, "Stride", "S", 1, 3)
    position = Place((0, 0), _outputs)
    pixel = Place((0, 1), lambda explorer: np.shape(X))

    tables = {"start": X, "most": MOST, "upstream": UPSTREAM}
