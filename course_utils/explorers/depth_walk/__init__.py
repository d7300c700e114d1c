"""The explorer of lecture 01: two filters on an input of three channels, with a bias."""

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Place

X = [
    [[1, 0, 2, 1, 0], [2, 1, 0, 2, 1], [0, 2, 1, 0, 2], [1, 1, 0, 2, 0], [0, 2, 1, 1, 2]],
    [[0, 1, 1, 0, 2], [1, 2, 0, 1, 0], [2, 0, 2, 1, 1], [0, 1, 0, 0, 2], [1, 0, 2, 1, 0]],
    [[2, 0, 1, 2, 1], [0, 1, 2, 0, 0], [1, 0, 0, 2, 1], [2, 1, 1, 0, 0], [0, 0, 2, 1, 1]],
]
"""Three channels of 5 × 5."""

FILTERS = [
    [
        [[1, 0, -1], [1, 0, -1], [0, 1, 0]],
        [[0, 1, 0], [-1, 0, 1], [1, 0, 0]],
        [[-1, 1, 0], [0, 0, 1], [1, -1, 0]],
    ],
    [
        [[0, -1, 1], [1, 1, 0], [-1, 0, 0]],
        [[1, 0, 1], [0, -1, 0], [0, 1, -1]],
        [[0, 1, -1], [1, 0, 0], [0, -1, 1]],
    ],
]
"""Two filters, each as deep as the input."""
BIASES = [1, -2]


def _output(explorer):
    size = conv_output_size(len(X[0]), 3, explorer.stride, explorer.padding)
    return size, size


class DepthWalk(Explorer):
    """Explorer: a filter of three slices walks over three channels at once, and its sums make one number.

    It works by mouse (click an output, or drag in a channel) and by keyboard (Tab to a knob or to the
    picture, arrow keys, Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    stride, padding : int
    filter : str
        ``"0"`` or ``"1"``: which of the two is at work.
    position : (int, int)
        Row and column of the output, from 0. When a knob makes the output smaller, it moves to the
        nearest position that is left.

    Examples
    --------
    >>> explorer = DepthWalk(position=(2, 2), filter="1")
    >>> explorer.padding = 0
    >>> explorer.position
    (1, 1)
    """

    stride = Knob(2, "Stride", "S", 1, 2)
    padding = Knob(1, "Padding", "P", 0, 1)
    filter = Choice("0", "Filter", {"0": "filter 0", "1": "filter 1"})
    position = Place((0, 0), _output)

    tables = {"x": X, "filters": FILTERS, "biases": BIASES}
