"""The explorer of lecture 01: a filter that slides over an input."""

import traitlets

from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.window import (
    KNOBS,
    check_knob,
    check_position,
    describe,
    image,
    kernel,
    output_size,
)


class SlidingFilter(Explorer):
    """Explorer: five knobs and a window that moves over an input, with the arithmetic written out.

    It works by mouse (click or drag) and by keyboard (Tab to a knob or to the picture, arrow keys,
    Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        The knobs: square images and kernels, in the ranges of
        :data:`course_utils.show.window.KNOBS`.
    position : (int, int)
        Row and column of the output, from 0. When a knob makes the output smaller, it moves to the
        nearest position that is left.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range; the message has the value and the range.

    Examples
    --------
    >>> explorer = SlidingFilter(size=7, kernel_size=3, stride=3)
    >>> explorer.state["output"], explorer.state["left_over"]
    (2, 1)
    """

    _esm = joined(
        "common.js", "sliding_filter_numbers.js", "sliding_filter_picture.js", "sliding_filter.js"
    )
    _css = joined("common.css", "sliding_filter.css")
    _shown = (*KNOBS, "position")

    size = traitlets.Any(7).tag(sync=True)
    kernel_size = traitlets.Any(3).tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    padding = traitlets.Any(0).tag(sync=True)
    dilation = traitlets.Any(1).tag(sync=True)
    position = traitlets.Any((0, 0)).tag(sync=True)

    _knobs = traitlets.Dict({name: list(knob) for name, knob in KNOBS.items()}).tag(sync=True)
    _image = traitlets.List(image(KNOBS["size"][3]).tolist()).tag(sync=True)
    _kernels = traitlets.List(
        [kernel(1 + k).tolist() for k in range(KNOBS["kernel_size"][3])],
    ).tag(sync=True)

    def __init__(self, size=7, kernel_size=3, stride=1, padding=0, dilation=1, position=(0, 0)):
        super().__init__(
            size=size,
            kernel_size=kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            position=position,
        )

    @property
    def state(self):
        """What the picture shows now: the dict of :func:`course_utils.show.window.describe`."""
        return describe(*self._settings(), self.position)

    def _settings(self):
        return [getattr(self, name) for name in KNOBS]

    @traitlets.validate(*KNOBS)
    def _check_knob(self, proposal):
        return refused(check_knob, proposal["trait"].name, proposal["value"])

    @traitlets.validate("position")
    def _check_position(self, proposal):
        # Several values set at once arrive in any order: a bad knob is to be named first.
        knobs = [refused(check_knob, name, getattr(self, name)) for name in KNOBS]
        return refused(check_position, proposal["value"], output_size(*knobs))

    @traitlets.observe(*KNOBS)
    def _stay_inside(self, change):
        last = max(output_size(*self._settings()) - 1, 0)
        row, column = self.position
        if max(row, column) > last:
            self.position = (min(row, last), min(column, last))
