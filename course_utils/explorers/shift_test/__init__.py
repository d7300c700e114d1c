"""The explorer of lecture 02: what a shift of the image does to convolution and pooling."""

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob

DRAWING = """\
............
............
............
.....1......
....111.....
...11111....
..1111111...
...22222....
...20222....
...20202....
...22202....
............"""
"""A house, 12 × 12 pixels from 0 to 2."""


class ShiftTest(Explorer):
    """Explorer: an image is shifted, and conv(shift(x)) is compared with shift(conv(x)).

    The border wraps around: what leaves at one side comes in at the other, in the shift and in the
    convolution. So every pixel is inside, and the claim is exact: the two are equal everywhere when
    the shift is a multiple of the stride. Max pooling after it is only nearly invariant, which is
    measured.

    It works by mouse (click or drag in the image) and by keyboard (Tab to a knob or to the picture,
    arrow keys, Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    dy, dx, stride : int
        Pixels down and to the right, and the stride of the convolution.
    view : str
        ``"convolution"`` or ``"pooling"``.

    Examples
    --------
    >>> ShiftTest(dx=7)
    Traceback (most recent call last):
        ...
    traitlets.traitlets.TraitError: dx=7 is outside -6 to 6
    """

    dy = Knob(0, "Shift down", "dy", -6, 6)
    dx = Knob(1, "Shift right", "dx", -6, 6)
    stride = Knob(1, "Stride", "S", 1, 2)
    view = Choice(
        "convolution",
        "Compare",
        {"convolution": "convolution", "pooling": "max pooling after it"},
    )

    tables = {
        "x": [[int(mark.replace(".", "0")) for mark in row] for row in DRAWING.splitlines()],
        "kernel": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],  # right minus left: vertical edges
        "centre": [7, 5],  # the pixel of the drawing that follows the mouse
    }
    figures = {"shift_stride": {"dy": 1, "dx": 1, "stride": 2}}
