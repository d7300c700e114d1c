"""The explorer of lecture 03: a kernel that is drawn, and the columns times rows that it is a sum of."""

import traitlets

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Knob, Place, check_int

SIDE, MOST = 5, 9
"""Rows and columns of a kernel, and its largest weight."""


def _outer(column, row):
    return [[a * b for b in row] for a in column]


KERNELS = {
    "Gaussian": _outer((1, 2, 3, 2, 1), (1, 2, 3, 2, 1)),
    "edge": _outer((1, 2, 1, 2, 1), (-1, -2, 0, 2, 1)),
    "box": _outer((0, 1, 1, 1, 0), (0, 1, 1, 1, 0)),
    "cross": [[int(r == 2 or c == 2) for c in range(5)] for r in range(5)],
    "ring": [[int(max(abs(r - 2), abs(c - 2)) == 2) for c in range(5)] for r in range(5)],
    "diagonal": [[int(r == c) for c in range(5)] for r in range(5)],
    "Laplace": [[0, 0, 1, 0, 0], [0, 1, 2, 1, 0], [1, 2, -8, 2, 1], [0, 1, 2, 1, 0], [0, 0, 1, 0, 0]],
    "tilted edge": [[0, 0, 1, 2, 1], [0, 0, 2, 1, 0], [-1, -2, 0, 2, 1], [0, -1, -2, 0, 0], [-1, -2, -1, 0, 0]],
}  # fmt: skip
"""Kernels to start from."""


class _Kernel(traitlets.TraitType):
    """Rows of whole numbers."""

    def validate(self, explorer, value):
        try:
            rows = [list(row) for row in value]
        except TypeError:
            raise traitlets.TraitError(f"{self.name} must be rows of ints, got {value!r}") from None
        if [len(row) for row in rows] != [SIDE] * SIDE:
            sizes = ", ".join(str(len(row)) for row in rows)
            raise traitlets.TraitError(
                f"{self.name} must have {SIDE} rows of {SIDE}, got rows of {sizes or 'nothing'}"
            )
        return [[check_int("a weight", weight, -MOST, MOST) for weight in row] for row in rows]


class Separability(Explorer):
    """Explorer: a 5 × 5 kernel to draw, the column and the row that come nearest to it, and what is left.

    A kernel that is one column times one row is applied with 5 + 5 multiplications a pixel in place
    of 25. Any kernel is a sum of at most five such products, its singular value decomposition; the
    first terms of it are the nearest sum of so many.

    It works by mouse (click or drag in the kernel to put the brush's weight there) and by keyboard
    (Tab to a control or to the picture, arrow keys, Enter, plus and minus). What it shows can be read
    and set here, too.

    Parameters
    ----------
    terms : int
        How many products of a column and a row are added up, from 1 to 5.
    brush : int
        The weight that a click puts, from -9 to 9.
    kernel : list of list of int
        5 × 5 weights from -9 to 9.
    cell : (int, int)
        Row and column of the weight that the keys change, from 0.

    Examples
    --------
    >>> explorer = Separability(terms=2)
    >>> explorer.cell = (0, 4)
    >>> explorer.terms, explorer.kernel[2]
    (2, [3, 6, 9, 6, 3])
    """

    terms = Knob(1, "Terms", "R", 1, SIDE)
    brush = Knob(5, "Brush", "b", -MOST, MOST)
    kernel = _Kernel(KERNELS["Gaussian"])
    cell = Place((2, 2), lambda explorer: (SIDE, SIDE))

    tables = {"most": MOST, "kernels": KERNELS}
    figures = {"separability": {"kernel": KERNELS["cross"]}}
