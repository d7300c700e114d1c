"""A kernel as a column times a row: what signs, and how the scale is shared between the two, leave the same.

>>> import numpy as np
>>> from course_utils.checks import args, case, equal
>>> def separate(kernel):
...     return -2 * kernel[:, 0], -kernel[0] / 2 / kernel[0, 0], 0.0
>>> kernel = np.array([[2.0, 4], [3, 6]])
>>> equal(product(separate), [case(args(kernel), kernel)])
>>> equal(distance(separate), [case(args(kernel), 0.0)])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from course_utils.checks import differences
from course_utils.checks.ask import Args, replies
from course_utils.checks.derived import Derived


def product(separate: Callable) -> Derived:
    """Return a question about the outer product of the first two of three results.

    Results that have no such product are left as they are.
    """
    return _Product(separate)


def distance(separate: Callable) -> Derived:
    """Return a question about how far a kernel, the first argument, is from that product: a Frobenius norm.

    Cases expect a number.
    """
    return _Distance(separate)


class _Product(Derived):
    part = "product"

    def cut(self, result):
        found = _outer(result)
        return result if found is None else found


class _Distance(Derived):
    part = "distance"

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        found = []
        for one, back in zip(asked, replies(self._function, asked), strict=False):
            [kernel, *_] = [*one.args, *one.kwargs.values()]
            outer = _outer(back.value)
            fits = outer is not None and outer.shape == np.shape(kernel)
            with np.errstate(all="ignore"):
                value = float(np.linalg.norm(kernel - outer)) if fits else back.value
            found.append(replace(back, value=value, shares=()))
        return found


def _outer(result):
    """Return the outer product of a column and a row; None where they are not numbers."""
    if not isinstance(result, (tuple, list)) or len(result) != 3:
        return None
    column, row = (differences.as_numbers(part) for part in result[:2])
    if column is None or row is None:
        return None
    with np.errstate(all="ignore"):  # infinities of a wrong answer
        return np.outer(column, row)
