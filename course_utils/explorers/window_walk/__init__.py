"""The explorer of lecture 02: convolution forward and backward, one window after the other."""

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Place, Step

X = [
    [1, 0, 2, 1, 3, 0],
    [2, 1, 0, 3, 1, 2],
    [0, 3, 1, 2, 0, 1],
    [1, 2, 3, 0, 2, 1],
    [3, 0, 1, 1, 2, 0],
]

KERNELS = {2: [[1, 2], [3, -1]], 3: [[1, 2, -1], [-2, 3, 1], [2, -1, 1]]}
"""The kernel of each size. Neither looks the same when it is flipped."""

UPSTREAM = [
    [1, 2, -1, 3, 1, -2, 1],
    [2, -1, 3, 1, -2, 1, 2],
    [-1, 1, 2, -2, 1, 3, -1],
    [3, -2, 1, 1, 2, -1, 1],
    [1, 1, -1, 2, -2, 1, 3],
    [-2, 3, 1, -1, 1, 2, -1],
]
"""``dout`` of every output; a smaller output takes the upper left corner."""


def _outputs(explorer):
    K, S, P = explorer.kernel_size, explorer.stride, explorer.padding
    return conv_output_size(len(X), K, S, P) * conv_output_size(len(X[0]), K, S, P)


class WindowWalk(Explorer):
    """Explorer: a walk over the windows of a convolution, forward and backward.

    Forward, every step multiplies a window with the kernel and adds up. Backward, every step adds
    ``dout`` times the kernel to dx, ``dout`` times the window to dw, and ``dout`` to db. Pixel by
    pixel, every step collects the gradient of one input pixel from the outputs that it feeds, which
    is a full correlation with the flipped kernel.

    It works by mouse (buttons, a click on an output or on an input pixel) and by keyboard (Tab to a
    knob or to the picture, arrow keys, Space, Home, End). What it shows can be read and set here,
    too.

    Parameters
    ----------
    kernel_size, stride, padding : int
    mode : str
        ``"forward"``, ``"backward"`` or ``"pixel"``.
    step : int
        Number of the output in reading order, from 0. When a knob makes the output smaller, it
        moves to the last one that is left.
    pixel : (int, int)
        Row and column of the input, from 0.

    Examples
    --------
    >>> explorer = WindowWalk(kernel_size=2, stride=2, step=5)
    >>> explorer.stride = 3
    >>> explorer
    WindowWalk(kernel_size=2, stride=3, padding=0, mode='forward', step=3, pixel=(1, 2))
    """

    kernel_size = Knob(3, "Kernel size", "K", 2, 3)
    stride = Knob(1, "Stride", "S", 1, 3)
    padding = Knob(0, "Padding", "P", 0, 1)
    mode = Choice(
        "forward",
        "Walk",
        {
            "forward": "forward",
            "backward": "backward by output",
            "pixel": "backward by pixel",
        },
    )
    step = Step(0, _outputs)
    pixel = Place((1, 2), lambda explorer: (len(X), len(X[0])))

    tables = {"x": X, "kernels": KERNELS, "upstream": UPSTREAM, "bias": 1}
