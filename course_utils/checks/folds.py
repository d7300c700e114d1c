"""Folds for cross-validation, ``[(train_indices, validation_indices), …]``: what can be wrong with them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course_utils.checks import differences, excuses
from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.generators import draws_from_rng
from course_utils.checks.message import fail
from course_utils.checks.pieces import (
    DRAWN,
    Members,
    each_once,
    fare_alike,
    in_order,
    other_draws,
    pairs_of,
    values,
)
from course_utils.checks.words import show


def cover(k_folds, calls: Iterable[Args]) -> None:
    """Check that each index is validated once, in folds of equal sizes, and trained on otherwise.

    Raises
    ------
    CheckFailed
    """
    for one, pairs in _folds(k_folds, calls, strict=True):
        n, line = values(one)[0], line_of(k_folds, one)
        held_out = [validation for _, validation in pairs]
        lengths = [len(part) for part in held_out]
        if _once(train for train, _ in pairs) == n and _once(held_out) != n:
            fail("the two of a pair are swapped", line, "(train_indices, validation_indices)",
                 show(pairs[0]), "entry 0",
                 "(validation_indices, train_indices): train comes first")  # fmt: skip
        each_once(held_out, n, "index", line)
        if max(lengths) - min(lengths) > 1:
            rest = lengths[:-1] == [n // len(pairs)] * (len(pairs) - 1)
            words = "the last fold takes all that is left over: spread it out" if rest else ""
            others = other_draws(one)
            drawn = [[len(part) for _, part in pairs] for _, pairs in _folds(k_folds, others)]
            if any(sizes != lengths for sizes in drawn):
                words = DRAWN
            fail("folds differ by more than one index in size", line, f"{n} indices in equal folds",
                 f"sizes {show(lengths)}", looks_like=words)  # fmt: skip
        for number, (train, validation) in enumerate(pairs):
            expected = sorted(set(range(n)) - set(validation))
            if sorted(train) != expected:
                shared = set(train) & set(validation)
                words = "some of the other folds are left out: train on all of them"
                if shared:
                    words = "validation indices are among the training indices"
                fail("train_indices are not all the others", line, show(expected),
                     show(sorted(train)), f"entry {number}", words)  # fmt: skip


def shuffles(k_folds, calls: Iterable[Args], seed: int = 0) -> None:
    """Check that it is drawn by `rng`, and by nothing else, which indices are in which fold.

    Raises
    ------
    CheckFailed
    """
    for number, one in enumerate(calls):
        [(_, pairs)] = _folds(k_folds, [one])
        in_order([validation for _, validation in pairs], "indices", line_of(k_folds, one))
        draws_from_rng(Members(k_folds), one, seed + number)


def mixes(k_folds, one: Args, rng: np.random.Generator, times: int = 50) -> None:
    """Check that no index, and no two indices, always fare alike.

    Parameters
    ----------
    k_folds : callable
        The answer.
    one : Args
        Two dozen indices in a few folds: a right answer fails once in 10^10 times.
    rng : numpy.random.Generator
        Draws the seeds.
    times : int
        Calls.

    Raises
    ------
    CheckFailed
    """
    calls = other_draws(one, rng.integers(2**40, size=times))
    found = [[part for _, part in pairs] for _, pairs in _folds(k_folds, calls)]
    fare_alike(found, values(one)[0], "indices", line_of(k_folds, one))


def _folds(k_folds, calls, strict=False):
    """Ask for folds; return each call and its pairs of lists of ints. Fail where there are none.

    Unless `strict`, masks and floats count as the indices that they stand for.
    """
    for one, back in results_of(k_folds, calls):
        pairs, line, k = pairs_of(back.value), line_of(k_folds, one), values(one)[1]
        wanted = f"{k} pairs (train_indices, validation_indices)"
        if pairs is None or len(pairs) != k:
            fail("not one pair for each fold", line, wanted, show(back.value),
                 looks_like=_no_folds(back.value, k))  # fmt: skip
        arrays = [[differences.as_numbers(side) for side in pair] for pair in pairs]
        flat = [side for pair in arrays for side in pair]
        if any(side is None or side.ndim != 1 for side in flat):
            fail("no indices", line, wanted, show(back.value))
        if strict and any(side.size and side.dtype.kind not in "iu" for side in flat):
            mask = any(side.dtype.kind == "b" for side in flat)
            fail("indices that are no integers", line, wanted, show(back.value),
                 looks_like="a mask: np.flatnonzero makes indices of it" if mask else
                 "floats: indices are made with // and int, not with /")  # fmt: skip
        yield one, [(_indices(train), _indices(held_out)) for train, held_out in arrays]


def _no_folds(value, k):
    """Say what a result is that is no list of pairs, one for each fold."""
    arrays = (
        [differences.as_numbers(p) for p in value] if isinstance(value, (list, tuple)) else [None]
    )
    if any(part is None or part.ndim != 1 for part in arrays):
        return ""
    if len(arrays) == k:
        return "validation indices alone: a pair has training indices, too"
    return "one pair: each fold has its turn" if len(arrays) == 2 else ""


def _indices(side):
    """Return indices as a list of ints; a mask, or floats, cost their points elsewhere."""
    if side.size and side.dtype.kind not in "iu":
        excuses.take()
    return (np.flatnonzero(side) if side.dtype.kind == "b" else side.astype(int)).tolist()


def _once(parts):
    """Return how many indices stand in one of the parts, 0 where one stands there twice."""
    found = [number for part in parts for number in part]
    return len(found) if len({*found}) == len(found) else 0
