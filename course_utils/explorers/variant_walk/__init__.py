"""The explorer of lecture 03: what is connected and what is shared in each variant of convolution."""

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Place, Scale, Step

CHANNELS, SIDE, SMALL, LARGEST = 4, 7, 3, 3
"""Channels on both sides, pixels of an input, of an input that is transposed, and the largest kernel."""

WEIGHTS = [-3, -2, -1, 1, 2, 3, 4]
"""What a weight can be: none is 0, so that all that is connected is seen."""

INDICES = [
    [
        [[(3 * f + 5 * c + 2 * a + 4 * b + f * a + c * b) % 7 for b in range(LARGEST)] for a in range(LARGEST)]
        for c in range(CHANNELS)
    ]
    for f in range(CHANNELS)
]  # fmt: skip
"""Of each weight, its place in :data:`WEIGHTS`; a kernel of its own place (row, column) moves on from there."""

X = [
    [[(r * (k + 2) + c * (5 - k) + r * c) % 4 for c in range(SIDE)] for r in range(SIDE)]
    for k in range(CHANNELS)
]
"""The input; a transposed convolution takes the upper left corner."""

PRESETS = {
    "standard": {},
    "unshared": {"kind": "unshared"},
    "dilated": {"dilation": 2},
    "grouped": {"groups": 2},
    "depthwise": {"groups": 4},
    "pointwise": {"kernel_size": 1},
    "transposed": {"kind": "transposed", "stride": 2},
}
"""The variants by name: what differs from the standard one."""


def _places(explorer):
    if explorer.kind == "transposed":
        return SMALL, SMALL
    sizes = explorer.kernel_size, explorer.stride, 0, explorer.dilation
    return (conv_output_size(SIDE, *sizes),) * 2


class VariantWalk(Explorer):
    """Explorer: four input channels, four output channels, and what one value has to do with the others.

    Of a convolution and of an unshared one an output is chosen: the inputs that it reads and the
    weights that they meet light up. Of a transposed convolution an input is chosen: the outputs
    that it feeds light up. There is no padding and no bias.

    It works by mouse (click an output; transposed: an input) and by keyboard (Tab to a control or to
    the picture, arrow keys, Page Up, Page Down, Space, Home, End). What it shows can be read and set
    here, too.

    Parameters
    ----------
    kernel_size, stride, dilation : int
        Each from 1 to 3.
    groups : int
        1, 2 or 4.
    kind : str
        ``"convolution"``, ``"unshared"`` or ``"transposed"``.
    channel : int
        Of the chosen output (transposed: input), from 0.
    place : (int, int)
        Its row and column, from 0.

    Examples
    --------
    >>> walk = VariantWalk(groups=4, place=(4, 4))
    >>> walk.stride = 2
    >>> walk
    VariantWalk(kernel_size=3, stride=2, dilation=1, groups=4, kind='convolution', channel=0, place=(2, 2))
    """

    kernel_size = Knob(3, "Kernel size", "F", 1, LARGEST)
    stride = Knob(1, "Stride", "S", 1, 3)
    dilation = Knob(1, "Dilation", "D", 1, 3)
    groups = Scale(1, "Groups", "G", [1, 2, 4])
    kind = Choice(
        "convolution",
        "Kernels",
        {
            "convolution": "shared",
            "unshared": "one for each place",
            "transposed": "shared, transposed",
        },
    )
    channel = Step(0, lambda explorer: CHANNELS)
    place = Place((0, 0), _places)

    tables = {
        "x": X,
        "small": SMALL,
        "weights": WEIGHTS,
        "indices": INDICES,
        "presets": PRESETS,
    }
    figures = {
        "variant_grouped": {"groups": 2, "channel": 3, "place": (1, 2)},
        "variant_transposed": {
            "kind": "transposed",
            "stride": 2,
            "groups": 2,
            "channel": 3,
            "place": (1, 2),
        },
    }
