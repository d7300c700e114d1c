"""The explorer of lecture 01: a kernel to edit, and what it makes of a picture."""

import numpy as np
import traitlets

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Knob, Place, check_int

SIZE = 56
"""Rows and columns of the picture."""
MOST = 9
"""Weights run from -MOST to this."""

KERNELS = {
    "leave as it is": ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], 1),
    "blur: mean of nine": ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], 9),
    "blur, softer": ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16),
    "sharpen": ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], 1),
    "edges: right minus left": ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], 2),
    "edges: below minus above": ([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], 2),
    "edges in all directions": ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], 2),
    "shift to the left": ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], 1),
}
"""Kernels to start from: weights, and what the sum is divided by."""


def _picture(size=SIZE):
    """A lighthouse by the sea, as a camera would see it: soft light, waves, grain. Greys from 0 to 255."""
    y, x = (np.indices((size, size)) + 0.5) / size
    rng = np.random.default_rng(4)
    sky = 210 - 120 * y + 60 * np.exp(-((y - 0.6) ** 2) / 0.01 - ((x - 0.2) ** 2) / 0.08)
    for at, high, wide in ((0.15, 0.16, 0.2), (0.55, 0.27, 0.25), (0.9, 0.12, 0.15)):
        sky += 38 * np.exp(-(((x - at) / wide) ** 2) - ((y - high) / 0.045) ** 2)
    sea = 95 - 60 * (y - 0.62) + 22 * np.sin(40 * y**2 * 3 + 5 * np.sin(9 * x)) * (y - 0.55)
    picture = np.where(y > 0.62, sea, sky)
    rock = y > 0.8 - 0.22 * np.exp(-(((x - 0.72) / 0.2) ** 2)) + 0.015 * np.sin(55 * x)
    picture = np.where(rock, 38 + 26 * np.sin(31 * x + 17 * y) * np.sin(23 * y), picture)
    half = 0.055 + 0.05 * (y - 0.2)
    across = (x - 0.7) / half
    tower = (abs(across) < 1) & (y > 0.22) & (y < 0.66)
    stripe = (y * 9.5 % 2 < 1) * 120 + 75
    picture = np.where(
        tower, stripe * (0.75 + 0.3 * np.sqrt(np.clip(1 - (across + 0.35) ** 2, 0, 1))), picture
    )
    lamp = (abs(x - 0.7) < 0.045) & (y > 0.13) & (y < 0.2)
    picture = np.where(lamp, 245, picture)
    roof = (abs(x - 0.7) < 0.07 * (y - 0.06) / 0.07) & (y > 0.06) & (y <= 0.13)
    gallery = (abs(x - 0.7) < 0.085) & (y >= 0.2) & (y <= 0.225)
    picture = np.where(roof | gallery, 30, picture)
    return (
        np.clip(np.rint(picture + rng.normal(scale=3, size=picture.shape)), 0, 255)
        .astype(int)
        .tolist()
    )


class _Kernel(traitlets.TraitType):
    """Three rows of three whole numbers."""

    def validate(self, explorer, value):
        try:
            shape = np.shape(value)
        except ValueError:
            shape = "rows of different lengths"
        if shape != (3, 3):
            raise traitlets.TraitError(f"{self.name} must be 3 rows of 3 weights, got {shape}")
        return [
            [
                check_int(f"{self.name}[{r}][{c}]", number, -MOST, MOST)
                for c, number in enumerate(line)
            ]
            for r, line in enumerate(value)
        ]


class KernelLab(Explorer):
    """Explorer: the nine weights of a kernel, and what it makes of a picture.

    Where the weights add up to 0 or less the result has numbers below 0; it is shown with grey for 0.

    It works by mouse (click a weight, then its upper or lower half) and by keyboard (Tab to the list or
    to the picture, arrow keys, plus, minus, digits). What it shows can be read and set here, too.

    Parameters
    ----------
    kernel : list of lists of int
        3 × 3, each from -9 to 9.
    divisor : int
        What the sum of the products is divided by.
    weight : (int, int)
        Row and column of the chosen weight, from 0.

    Examples
    --------
    >>> explorer = KernelLab([[1, 1, 1], [1, 1, 1], [1, 1, 1]], divisor=9)
    >>> explorer.weight
    (1, 1)
    """

    kernel = _Kernel(KERNELS["leave as it is"][0])
    divisor = Knob(1, "Divided by", "d", 1, 16)
    weight = Place((1, 1), lambda explorer: (3, 3))

    tables = {
        "picture": _picture(),
        "most": MOST,
        "kernels": {
            name: {"kernel": kernel, "divisor": d} for name, (kernel, d) in KERNELS.items()
        },
    }
