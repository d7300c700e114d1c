"""How likely a count is: bounds on what is random that a right answer all but never oversteps."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

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


def evenness(counts: Sequence[int], chances: Sequence[float]) -> float:
    """Return how likely it is, at most, that counts are as near to their means as whole numbers can be.

    Parameters
    ----------
    counts : sequence of int
        How often each of several things was drawn.
    chances : sequence of float
        Of each; they add up to 1.

    Returns
    -------
    float
        1 where they are not as near as that.

    Notes
    -----
    One count after the other: given those before, each is binomial.

    Examples
    --------
    >>> round(evenness([100, 100], [0.5, 0.5]), 4)
    0.0563
    >>> evenness([103, 97], [0.5, 0.5])
    1.0
    """
    n = sum(counts)
    nearest = [{math.floor(round(n * p, 6)), math.ceil(round(n * p, 6))} for p in chances]
    if any(count not in near for count, near in zip(counts, nearest, strict=True)):
        return 1.0
    bound, least, most, rest = 1.0, n, n, 1.0
    for near, p in zip(nearest[:-1], chances[:-1], strict=True):
        share = min(1.0, p / rest) if rest > 0 else 0.0
        bound *= max(sum(_chance(k, m, share) for k in near) for m in range(least, most + 1))
        least, most, rest = least - max(near), most - min(near), rest - p
    return min(1.0, bound)


def _chance(k, n, p):
    """Return the chance of `k` among `n` draws."""
    if k > n or p in (0.0, 1.0):
        return float(k == n * p)
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(p) + (n - k) * math.log1p(-p))


def _log_factorials(n):
    return np.array([math.lgamma(i + 1) for i in range(n + 1)])
