"""The explorer of lecture 02: what a shift of the image does to convolution and pooling."""

import traitlets

from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.shift_test_numbers import (
    CENTRE,
    KERNEL,
    KNOBS,
    VIEWS,
    check_knob,
    describe,
    image,
)
from course_utils.show.values import check_choice


class ShiftTest(Explorer):
    """Explorer: an image is shifted, and conv(shift(x)) is compared with shift(conv(x)).

    The border wraps around, so the claim is exact: the two are equal everywhere when the shift is a
    multiple of the stride. Max pooling after it is only nearly invariant, which is measured.

    It works by mouse (click or drag in the image) and by keyboard (Tab to a knob or to the picture,
    arrow keys, Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    dy, dx, stride : int
        Pixels down and to the right, and the stride of the convolution, in the ranges of
        :data:`course_utils.show.shift_test_numbers.KNOBS`.
    view : str
        ``"convolution"`` or ``"pooling"``.

    Raises
    ------
    traitlets.TraitError
        If a value is not known or out of range; the message has the value and the range.

    Examples
    --------
    >>> explorer = ShiftTest(dx=1)
    >>> explorer.state["largest"], explorer.state["pool_same"]
    (0, [24, 36])
    >>> explorer.stride = 2
    >>> explorer.state["largest"]
    8
    """

    _esm = joined(
        "common.js", "panels.js", "shift_test_numbers.js", "shift_test_picture.js", "shift_test.js"
    )
    _css = joined("common.css", "shift_test.css")
    _shown = (*KNOBS, "view")

    dy = traitlets.Any(0).tag(sync=True)
    dx = traitlets.Any(1).tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    view = traitlets.Any("convolution").tag(sync=True)

    _knobs = traitlets.Dict({name: list(knob) for name, knob in KNOBS.items()}).tag(sync=True)
    _views = traitlets.Dict(VIEWS).tag(sync=True)
    _x = traitlets.List(image().tolist()).tag(sync=True)
    _kernel = traitlets.List([list(line) for line in KERNEL]).tag(sync=True)
    _centre = traitlets.List(list(CENTRE)).tag(sync=True)

    def __init__(self, dy=0, dx=1, stride=1, view="convolution"):
        super().__init__(dy=dy, dx=dx, stride=stride, view=view)

    @property
    def state(self):
        """What the picture shows: :func:`course_utils.show.shift_test_numbers.describe`."""
        return describe(self.dy, self.dx, self.stride, self.view)

    @traitlets.validate(*KNOBS)
    def _check_knob(self, proposal):
        return refused(check_knob, proposal["trait"].name, proposal["value"])

    @traitlets.validate("view")
    def _check_view(self, proposal):
        return refused(check_choice, "view", proposal["value"], VIEWS)
