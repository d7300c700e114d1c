"""The explorer of lecture 02: convolution forward and backward, one window after the other."""

import traitlets

from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.values import check_choice
from course_utils.show.window_walk_numbers import (
    BIAS,
    KERNELS,
    KNOBS,
    MODES,
    UPSTREAM,
    X,
    check_knob,
    check_pixel,
    check_step,
    describe,
    output_shape,
)


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
        The knobs, in the ranges of :data:`course_utils.show.window_walk_numbers.KNOBS`.
    mode : str
        ``"forward"``, ``"backward"`` or ``"pixel"``.
    step : int
        Number of the output in reading order, from 0. When a knob makes the output smaller, it
        moves to the last one that is left.
    pixel : (int, int)
        Row and column of the input, from 0.

    Raises
    ------
    traitlets.TraitError
        If a value is not known or out of range; the message has the value and the range.

    Examples
    --------
    >>> explorer = WindowWalk(kernel_size=2, stride=2, mode="pixel", pixel=(1, 3))
    >>> explorer.state["words"]
    'Input pixel (1, 3) feeds 1 output: y[0, 1]. dx[1, 3] = 2·(−1) = −2.'
    """

    _esm = joined(
        "common.js",
        "panels.js",
        "window_walk_numbers.js",
        "window_walk_picture.js",
        "window_walk.js",
    )
    _css = joined("common.css", "window_walk.css")
    _shown = (*KNOBS, "mode", "step", "pixel")

    kernel_size = traitlets.Any(3).tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    padding = traitlets.Any(0).tag(sync=True)
    mode = traitlets.Any("forward").tag(sync=True)
    step = traitlets.Any(0).tag(sync=True)
    pixel = traitlets.Any((1, 2)).tag(sync=True)

    _knobs = traitlets.Dict({name: list(knob) for name, knob in KNOBS.items()}).tag(sync=True)
    _modes = traitlets.Dict(MODES).tag(sync=True)
    _x = traitlets.List([list(line) for line in X]).tag(sync=True)
    _kernels = traitlets.Dict(
        {str(size): [list(line) for line in kernel] for size, kernel in KERNELS.items()}
    ).tag(sync=True)
    _upstream = traitlets.List([list(line) for line in UPSTREAM]).tag(sync=True)
    _bias = traitlets.Int(BIAS).tag(sync=True)

    def __init__(self, kernel_size=3, stride=1, padding=0, mode="forward", step=0, pixel=(1, 2)):
        super().__init__(
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            mode=mode,
            step=step,
            pixel=pixel,
        )

    @property
    def state(self):
        """What the picture shows: :func:`course_utils.show.window_walk_numbers.describe`."""
        return describe(*(getattr(self, name) for name in self._shown))

    def _shape(self):
        return output_shape(*(getattr(self, name) for name in KNOBS))

    @traitlets.validate(*KNOBS)
    def _check_knob(self, proposal):
        return refused(check_knob, proposal["trait"].name, proposal["value"])

    @traitlets.validate("mode")
    def _check_mode(self, proposal):
        return refused(check_choice, "mode", proposal["value"], MODES)

    @traitlets.validate("step")
    def _check_step(self, proposal):
        # Several values set at once arrive in any order: a bad knob is to be named first.
        knobs = [refused(check_knob, name, getattr(self, name)) for name in KNOBS]
        return refused(check_step, proposal["value"], *output_shape(*knobs))

    @traitlets.validate("pixel")
    def _check_pixel(self, proposal):
        return refused(check_pixel, proposal["value"])

    @traitlets.observe(*KNOBS)
    def _stay_inside(self, change):
        rows, columns = self._shape()
        self.step = min(self.step, rows * columns - 1)
