"""The explorer of lecture 04: an image cut into Winograd's tiles, and the multiplications that they take."""

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Place, Scale

KERNEL, LARGEST = 3, 12
"""Taps of the kernel along each axis, and the largest image."""

X = [[(3 * r + 5 * c + r * c) % 10 for c in range(LARGEST)] for r in range(LARGEST)]
"""The input; a smaller one is its upper left corner."""

KERNELS = {
    "edge": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "blur": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "ones": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
}

TRANSFORMS = {
    1: {
        "input": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "filter": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "output": [[1, 1, 1]],
    },
    2: {
        "input": [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]],
        "filter": [[1, 0, 0], [1 / 2, 1 / 2, 1 / 2], [1 / 2, -1 / 2, 1 / 2], [0, 0, 1]],
        "output": [[1, 1, 1, 0], [0, 1, -1, -1]],
    },
    4: {
        "input": [
            [4, 0, -5, 0, 1, 0],
            [0, -4, -4, 1, 1, 0],
            [0, 4, -4, -1, 1, 0],
            [0, -2, -1, 2, 1, 0],
            [0, 2, -1, -2, 1, 0],
            [0, 4, 0, -5, 0, 1],
        ],
        "filter": [
            [1 / 4, 0, 0],
            [-1 / 6, -1 / 6, -1 / 6],
            [-1 / 6, 1 / 6, -1 / 6],
            [1 / 24, 1 / 12, 1 / 6],
            [1 / 24, -1 / 12, 1 / 6],
            [0, 0, 1],
        ],
        "output": [
            [1, 1, 1, 1, 1, 0],
            [0, 1, -1, 2, -2, 0],
            [0, 1, 1, 4, 4, 0],
            [0, 1, -1, 8, -8, 1],
        ],
    },
}
"""B transposed, G and A transposed of Lavin and Gray (2015), by outputs of a tile along an axis."""


def _tiles(explorer):
    out = conv_output_size(explorer.size, KERNEL, 1, explorer.padding)
    return (-(-out // explorer.outputs),) * 2


class WinogradTiles(Explorer):
    """Explorer: a 3 × 3 convolution in tiles of 1 × 1, 2 × 2 or 4 × 4 outputs, one tile at a time.

    Tiles of the input overlap by two rows and columns; each is transformed, multiplied entry by entry with
    the transformed kernel, and transformed back. A tile that hangs over the edge counts whole. With one
    output a tile the transforms do nothing, and the sum is the plain one.

    It works by mouse (click into the image or the output) and by keyboard (Tab to a control or to the
    picture, arrow keys, Space, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    outputs : int
        Of a tile along each axis: 1, 2 or 4.
    size : int
        Rows and columns of the image, from 4 to 12.
    padding : int
        0 or 1.
    kernel : str
        ``"edge"``, ``"blur"`` or ``"ones"``.
    tile : (int, int)
        Row and column of the chosen tile, from 0.

    Examples
    --------
    >>> tiles = WinogradTiles(outputs=2, size=8, tile=(2, 2))
    >>> tiles.outputs = 4
    >>> tiles
    WinogradTiles(outputs=4, size=8, padding=0, kernel='edge', tile=(1, 1))
    """

    outputs = Scale(2, "Outputs a tile", "m", [1, 2, 4])
    size = Knob(8, "Width", "W", 4, LARGEST)
    padding = Knob(0, "Padding", "P", 0, 1)
    kernel = Choice("edge", "Kernel", {name: name for name in KERNELS})
    tile = Place((0, 0), _tiles)

    tables = {"x": X, "kernels": KERNELS, "transforms": TRANSFORMS}
    figures = {"winograd_tiles": {"tile": (1, 1)}}
