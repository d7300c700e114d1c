"""How likely a count is: bounds on what is random that a right answer all but never oversteps."""

from __future__ import annotations

import functools
import math

import numpy as np

ALARM = 1e-12  # how often a right answer is outside on either side; a test cell asks less than 500 times


@functools.cache
def bounds(n: int, p: float, alarm: float = ALARM) -> tuple[int, int]:
    """Return the smallest and largest count of `n` independent draws that can be believed.

    Parameters
    ----------
    n : int
        Draws.
    p : float
        Probability of each, from 0 to 1.
    alarm : float
        A count below the smallest has at most this probability, and so has one above the largest.

    Returns
    -------
    least, most : int

    Notes
    -----
    The binomial distribution itself is added up, since the normal one is too narrow so far out.

    Examples
    --------
    >>> bounds(4000, 0.5)
    (1778, 2222)
    >>> bounds(10, 0.0), bounds(10, 0.5)
    ((0, 0), (0, 10))
    """
    if p in (0.0, 1.0):
        return int(n * p), int(n * p)
    k = np.arange(n + 1)
    ways = math.lgamma(n + 1) - _log_factorials(n) - _log_factorials(n)[::-1]
    each = np.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))
    below, above = np.cumsum(each), np.cumsum(each[::-1])[::-1]  # of k or fewer, of k or more
    return int(np.argmax(below > alarm)), int(n - np.argmax(above[::-1] > alarm))


def _log_factorials(n):
    return np.array([math.lgamma(i + 1) for i in range(n + 1)])
