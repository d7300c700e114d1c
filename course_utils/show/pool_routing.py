"""The explorer of lecture 02: where max and average pooling send the gradient."""

import traitlets

from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.pool_routing_numbers import (
    HEIGHT,
    KNOBS,
    MOST,
    UPSTREAM,
    WIDTH,
    X,
    check_knob,
    check_place,
    check_values,
    describe,
    output_shape,
)


class PoolRouting(Explorer):
    """Explorer: max pooling beside average pooling, forward and backward, on values of your own.

    Max pooling sends ``dout`` to the first maximum of a window in row order, average pooling sends
    an equal part to each of its pixels; overlapping windows add up.

    It works by mouse (click a pixel, then its plus or minus; click an output) and by keyboard (Tab
    to a knob or to the picture, arrow keys, plus, minus, digits, Space, Home, End). What it shows
    can be read and set here, too.

    Parameters
    ----------
    x : 5 rows of 6 ints, optional
        From 0 to 9.
    kernel_size, stride : int
        The knobs, in the ranges of :data:`course_utils.show.pool_routing_numbers.KNOBS`.
    position : (int, int)
        Row and column of the chosen output, from 0. When a knob makes the output smaller, it moves
        to the nearest one that is left.
    pixel : (int, int)
        Row and column of the chosen input pixel, from 0.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range; the message has the value and the range.

    Examples
    --------
    >>> explorer = PoolRouting(kernel_size=3, stride=2)
    >>> explorer.state["max"], explorer.state["dx_max"][2]
    ([[6, 6], [6, 7]], [0, 3, 2, 0, 0, 0])
    """

    _esm = joined(
        "common.js",
        "panels.js",
        "pool_routing_numbers.js",
        "pool_routing_picture.js",
        "pool_routing.js",
    )
    _css = joined("common.css", "pool_routing.css")
    _shown = ("x", *KNOBS, "position", "pixel")

    x = traitlets.Any([list(line) for line in X]).tag(sync=True)
    kernel_size = traitlets.Any(2).tag(sync=True)
    stride = traitlets.Any(2).tag(sync=True)
    position = traitlets.Any((0, 0)).tag(sync=True)
    pixel = traitlets.Any((0, 1)).tag(sync=True)

    _knobs = traitlets.Dict({name: list(knob) for name, knob in KNOBS.items()}).tag(sync=True)
    _start = traitlets.List([list(line) for line in X]).tag(sync=True)
    _most = traitlets.Int(MOST).tag(sync=True)
    _upstream = traitlets.List([list(line) for line in UPSTREAM]).tag(sync=True)

    def __init__(self, x=X, kernel_size=2, stride=2, position=(0, 0), pixel=(0, 1)):
        super().__init__(
            x=refused(check_values, x),
            kernel_size=kernel_size,
            stride=stride,
            position=position,
            pixel=pixel,
        )

    @property
    def state(self):
        """What the picture shows: :func:`course_utils.show.pool_routing_numbers.describe`."""
        return describe(*(getattr(self, name) for name in self._shown))

    @traitlets.validate("x")
    def _check_x(self, proposal):
        return refused(check_values, proposal["value"])

    @traitlets.validate(*KNOBS)
    def _check_knob(self, proposal):
        return refused(check_knob, proposal["trait"].name, proposal["value"])

    @traitlets.validate("position")
    def _check_position(self, proposal):
        # Several values set at once arrive in any order: a bad knob is to be named first.
        knobs = [refused(check_knob, name, getattr(self, name)) for name in KNOBS]
        return refused(check_place, "position", proposal["value"], *output_shape(*knobs))

    @traitlets.validate("pixel")
    def _check_pixel(self, proposal):
        return refused(check_place, "pixel", proposal["value"], HEIGHT, WIDTH)

    @traitlets.observe(*KNOBS)
    def _stay_inside(self, change):
        rows, columns = output_shape(*(getattr(self, name) for name in KNOBS))
        row, column = self.position
        if row >= rows or column >= columns:
            self.position = (min(row, rows - 1), min(column, columns - 1))
