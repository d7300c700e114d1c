"""What a test looks at where results may differ: what signs, turns and draws leave the same.

Each makes of an answer a question about its results (see `course_utils.checks.derived`).

>>> import numpy as np
>>> from course_utils.checks import args, case, equal
>>> def turned(x):
...     return x[:, ::-1]
>>> equal(products(turned), [case(args(np.array([[3.0, 4], [1, 0]])), np.array([[25.0, 3], [3, 1]]))])
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from course_utils.checks import differences
from course_utils.checks.derived import Derived


class _Feature(Derived):
    def __init__(self, function, place):
        super().__init__(function)
        self._place, self.part = place, f"{self._of} feature {place}".strip()

    def cut(self, result):
        numbers = differences.as_numbers(result)
        fits = numbers is not None and numbers.ndim == 2 and self._place < numbers.shape[1]
        return numbers[:, self._place] if fits else result


def feature(function: Callable, place: int) -> Derived:
    """Ask for one column of the result, whatever is in the others."""
    return _Feature(function, place)


class _Number(Derived):
    part = "number"

    def cut(self, result):
        numbers = differences.as_numbers(result)
        return result if numbers is None or numbers.size != 1 else float(numbers.ravel()[0])


def number(function: Callable) -> Derived:
    """Ask for what ``float(result)`` is: a float, an array or a tensor of one number."""
    return _Number(function)


class _Zeroed(Derived):
    part = "zeroed"

    def cut(self, result):
        numbers = differences.as_numbers(result)
        return result if numbers is None else np.zeros(numbers.shape)


class _Measured(Derived):
    def __init__(self, function, measure, axes, name):
        super().__init__(function)
        self._measure, self._axes, self.part = measure, axes, f"{self._of} {name}".strip()

    def cut(self, result):
        numbers = differences.as_numbers(result)
        fits = numbers is not None and numbers.ndim == self._axes and numbers.size
        if not fits:
            return result
        with np.errstate(all="ignore"):  # infinities of a wrong answer
            return self._measure(numbers.astype(float))


def _measured(measure, axes=2):
    """Return the function that makes the question; results with other axes, or none, stay as they are."""

    def question(function: Callable) -> Derived:
        return _Measured(function, measure, axes, measure.__name__)

    question.__name__, question.__doc__ = measure.__name__, measure.__doc__
    return question


@_measured
def unsigned(array):
    """Ask for columns whose largest number in size is positive: the sign of a component is free."""
    sizes = np.abs(array)
    largest = (sizes >= (1 - 1e-6) * sizes.max(axis=0)).argmax(axis=0)  # rounding decides no tie
    return array * np.where(array[largest, np.arange(array.shape[1])] < 0, -1.0, 1.0)


@_measured
def products(array):
    """Ask for the inner products of the rows, which no rotation of the features changes."""
    return array @ array.T


@_measured
def covariance(array):
    """Ask for the covariance of the features, a mean over the rows."""
    centred = array - array.mean(axis=0)
    return centred.T @ centred / len(array)


@_measured
def spread(array):
    """Ask for the standard deviation of all numbers together, around 0, to three digits."""
    return float(f"{np.sqrt(np.mean(array**2)):.3g}")


@_measured
def centre(array):
    """Ask for the mean of all numbers together, in standard deviations, to two decimals."""
    return abs(round(float(array.mean() / (array.std() or 1.0)), 2))


@_measured
def beyond(array):
    """Ask for the share of numbers more than 1.96 standard deviations from 0, to two decimals.

    Of normal numbers it is 0.05; of 100 000 of them, one set in 10^12 has a share outside 0.045 to 0.055.
    """
    return round(float(np.mean(np.abs(array) > 1.96 * np.sqrt(np.mean(array**2)))), 2)


def zeroed(function: Callable) -> Derived:
    """Ask for the shape alone, of any number of axes: every number counts as 0."""
    return _Zeroed(function)


@_measured
def correlated(array):
    """Ask for the largest correlation of the first column with another, or of the first row with another."""
    found = [0.0]
    for part in (array.T, array):
        sizes = np.linalg.norm(part, axis=1)
        if len(part) > 1 and sizes.all():
            found.append(float(np.max(np.abs(part[1:] @ part[0]) / sizes[1:] / sizes[0])))
    return max(found)
