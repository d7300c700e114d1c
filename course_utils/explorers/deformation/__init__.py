"""The explorer of lecture 03: nine taps whose offsets are dragged, and learn."""

from numbers import Real

import traitlets

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Step

SIDE, TAPS, MOST = 9, 9, 1.5
"""Pixels of the input along each axis, taps of the kernel, and the longest offset along an axis."""


def _ring():
    """A ring, a little off the middle: grey values from 0 to 9."""
    distance = [
        [((r - 4.3) ** 2 + (c - 4.6) ** 2) ** 0.5 for c in range(SIDE)] for r in range(SIDE)
    ]
    return [[round(max(0, 9 - 4.4 * abs(d - 2.7))) for d in row] for row in distance]


X = _ring()
KERNELS = {
    "sum": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "spot": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
}
GRIDS = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]
"""Where the taps of a kernel stand without offsets, from its middle."""

PRESETS = {
    "none": [[0.0, 0.0] for _ in GRIDS],
    "dilation 2": [[float(a), float(b)] for a, b in GRIDS],
    "half a pixel": [[0.5, 0.5] for _ in GRIDS],
    "turned by 45°": [
        [round(0.71 * (a + b) - a, 2), round(0.71 * (b - a) - b, 2)] for a, b in GRIDS
    ],
    "drawn together": [[-0.6 * a, -0.6 * b] for a, b in GRIDS],
}
"""Offsets to start from."""

OPENED = [
    *([-0.87, -0.01], [-0.97, -0.43], [-0.93, 0.85], [0.11, -1.08], [0.4, 0.0]),
    *([0.35, 1.1], [-0.05, -1.01], [1.3, 0.0], [1.02, 0.81]),
]
"""Offsets that have nearly found the ring, for the figure."""


class _Offsets(traitlets.TraitType):
    """(rows, columns) of each tap, in hundredths."""

    def validate(self, explorer, value):
        try:
            pairs = [tuple(pair) for pair in value]
        except TypeError:
            pairs = []
        if [len(pair) for pair in pairs] != [2] * TAPS:
            raise traitlets.TraitError(
                f"{self.name} must be {TAPS} pairs of numbers, got {value!r}"
            )
        return [[self._checked(k, part) for part in pair] for k, pair in enumerate(pairs)]

    def _checked(self, tap, part):
        if isinstance(part, bool) or not isinstance(part, Real) or not -MOST <= part <= MOST:
            raise traitlets.TraitError(
                f"{self.name} of tap {tap}: {part!r} is no number from {-MOST:g} to {MOST:g}"
            )
        return round(float(part), 2)


class Deformation(Explorer):
    """Explorer: one output of a deformable convolution, whose taps can be dragged.

    Each of the nine taps of a 3 × 3 kernel stands where its offset takes it, between the pixels,
    and samples there by bilinear weights; outside of the input is 0. Of the chosen tap the four
    weights and the slopes are shown, of every tap the gradient of the output with respect to its
    offset. Playing moves all offsets along these gradients, a step at a time.

    It works by mouse (drag a tap) and by keyboard (Tab to a control or to the picture, arrow keys,
    1 to 9, Home, 0, Space). What it shows can be read and set here, too.

    Parameters
    ----------
    row, column : int
        The output, from 0 to 6: without offsets it reads rows `row` to `row` + 2.
    kernel : str
        ``"sum"``, ``"edge"`` or ``"spot"``.
    tap : int
        The chosen tap, from 0, in row order.
    offsets : list of (float, float)
        Rows and columns by which each tap is moved, from -1.5 to 1.5, rounded to hundredths.

    References
    ----------
    Dai and others, "Deformable convolutional networks", arXiv:1703.06211.

    Examples
    --------
    >>> explorer = Deformation(row=1)
    >>> explorer.offsets = [(0.5, -0.25)] * 9
    >>> explorer.offsets[8]
    [0.5, -0.25]
    """

    row = Knob(3, "Output row", "i", 0, SIDE - 3)
    column = Knob(3, "Output column", "j", 0, SIDE - 3)
    kernel = Choice("sum", "Kernel", {name: name for name in KERNELS})
    tap = Step(4, lambda explorer: TAPS)
    offsets = _Offsets(PRESETS["none"])

    tables = {"x": X, "kernels": KERNELS, "presets": PRESETS, "most": MOST, "rate": 0.02}
    figures = {"deformation": {"tap": 5, "offsets": OPENED}}
