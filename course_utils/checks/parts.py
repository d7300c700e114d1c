"""Splits of data, ``[(x_0, y_0), (x_1, y_1), …]``: each function looks at one thing that can be wrong.

Rows of `x` differ from each other in the tests, and so do labels unless a function says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course_utils.checks import differences, excuses
from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.contract import unchanged
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


def keep_labels(split, calls: Iterable[Args]) -> None:
    """Check that each row of each part is a row of `x`, with its label, and that `x` and `y` stay as they are.

    Raises
    ------
    CheckFailed
    """
    calls = list(calls)
    unchanged(split, calls)
    for one, pieces in _splits(split, calls, strict=True):
        x, y, *_ = values(one)
        labels = {_key(row): label for row, label in zip(x, y, strict=True)}
        line = line_of(split, one)
        for number, (rows, found) in enumerate(pieces):
            where = f"part {number}"
            if len(rows) != len(found):
                got = f"{len(rows)} rows and {len(found)} labels"
                fail("rows and labels of a part differ in number", line, "as many", got, where)
            for row, label in zip(rows, found, strict=True):
                if _key(row) not in labels:
                    fail("a row that is not in x", line, "rows of x", show(row), where,
                         _how_changed(row, x))  # fmt: skip
                if labels[_key(row)] != label:
                    fail("a row with the label of another row", line,
                         f"label {labels[_key(row)]} for the row {show(row)}", f"label {label}",
                         where, _which_moved(pieces, x, y))  # fmt: skip


def cover(split, calls: Iterable[Args]) -> None:
    """Check that each row is in one part, and in one only.

    Raises
    ------
    CheckFailed
    """
    for one, pieces in _splits(split, calls):
        each_once(_numbers(one, pieces), len(values(one)[0]), "row", line_of(split, one))


def sizes(split, calls: Iterable[Args]) -> None:
    """Check that there is a part for each fraction f, with f·n rows, or less than one and a bit more or less.

    Raises
    ------
    CheckFailed
    """
    for one, pieces in _splits(split, calls, count=False):
        x, _, fractions, _ = values(one)
        line, found = line_of(split, one), [len(rows) for rows, _ in pieces]
        exact = ", ".join(f"{fraction * len(x):.4g}" for fraction in fractions)
        if len(found) != len(fractions):
            fail("not one part for each fraction", line, f"{len(fractions)} parts",
                 f"{len(found)} parts",
                 looks_like="a fixed number of parts: there is one for each fraction")  # fmt: skip
        off = [size - fraction * len(x) for size, fraction in zip(found, fractions, strict=True)]
        if sum(found) != len(x):
            excuses.take()  # lost and doubled rows are charged elsewhere
        if max(map(abs, off)) > 1 + (sum(found) != len(x)) + 1e-9:
            rest = max(map(abs, off[:-1]), default=0) <= 1 + 1e-9
            words = "the last part takes all that rounding leaves over: round where parts end"
            fail("a part is more than one row off its size", line, exact, show(found),
                 looks_like=words if rest and off[-1] > 1 else _fixed_sizes(split, one, found))  # fmt: skip


def shuffles(split, calls: Iterable[Args], seed: int = 0) -> None:
    """Check that it is drawn by `rng`, and by nothing else, which rows go to which part.

    Raises
    ------
    CheckFailed
    """
    for number, one in enumerate(calls):
        [(_, pieces)] = _splits(split, [one])
        in_order(_numbers(one, pieces), "rows", line_of(split, one))
        draws_from_rng(Members(split), one, seed + number)


def mixes(split, one: Args, rng: np.random.Generator, times: int = 50) -> None:
    """Check that no row, and no two rows, always fare alike, and that labels have no fixed share of a part.

    Parameters
    ----------
    split : callable
        The answer.
    one : Args
        Two dozen rows, two labels, and parts of a quarter or more: a right answer fails once in 10^10 times.
    rng : numpy.random.Generator
        Draws the seeds.
    times : int
        Calls.

    Raises
    ------
    CheckFailed
    """
    calls, line = other_draws(one, rng.integers(2**40, size=times)), line_of(split, one)
    found = [_numbers(call, pieces) for call, pieces in _splits(split, calls)]
    x, labels, *_ = values(one)
    part_of = fare_alike(found, len(x), "rows", line)
    if (
        part_of.shape[1] == len(x)
        and len({tuple(np.sort(labels[row == 0])) for row in part_of}) == 1
    ):
        fail(f"in {times} draws, each label has the same share of part 0", line,
             looks_like="stratified, label by label: shuffle all rows together")  # fmt: skip


def _splits(split, calls, count=True, strict=False):
    """Ask for splits; return each call and its parts, as pairs of lists. Fail where there are none.

    With `count` there must be one for each fraction, with `strict` x_i comes first.
    """
    for one, back in results_of(split, calls):
        pairs, line, fractions = pairs_of(back.value), line_of(split, one), values(one)[2]
        wanted = f"{len(fractions)} pairs (x_i, y_i)"
        if pairs is None or (count and len(pairs) != len(fractions)):
            flat = isinstance(back.value, (list, tuple)) and len(back.value) == 2 * len(fractions)
            fail("not one pair for each fraction", line, wanted, show(back.value),
                 looks_like="one flat list: the parts are pairs" if flat and pairs is None else
                 _no_splits(back.value, len(fractions)))  # fmt: skip
        if any(np.ndim(x) < 2 and np.ndim(y) == 2 and len(y) for x, y in pairs):
            if strict:
                fail("x_i has no features", line, wanted, show(back.value),
                     looks_like="(y_i, x_i): x comes first")  # fmt: skip
            excuses.take()
            pairs = [pair[::-1] for pair in pairs]
        if any(differences.as_numbers(side) is None for pair in pairs for side in pair):
            fail("parts that are no arrays", line, wanted, show(back.value))
        yield one, [(list(np.asarray(x)), np.asarray(y).tolist()) for x, y in pairs]


def _no_splits(value, count):
    """Say what a result is that is no list of pairs, one for each fraction."""
    if not isinstance(value, (list, tuple)):
        return ""
    if len(value) == 2 != count and all(isinstance(v, (list, tuple)) for v in value):
        return "all x_i, then all y_i: a part is a pair (x_i, y_i)"
    arrays = [differences.as_numbers(part) for part in value]
    if len(value) == count and all(part is not None for part in arrays):
        flat = all(part.ndim == 1 for part in arrays)
        return (
            "indices: the rows and labels are asked for"
            if flat
            else "rows alone: a part is (x_i, y_i)"
        )
    return ""


def _numbers(one, pieces):
    """Return the numbers of the rows in each part; None for a row that is not in `x`.

    Where rows are changed, which is charged elsewhere, labels that differ from each other number them.
    """
    x, y, *_ = values(one)
    numbers = {_key(row): number for number, row in enumerate(x)}
    found = [[numbers.get(_key(row)) for row in rows] for rows, _ in pieces]
    if any(None in part for part in found) and len({*y.tolist()}) == len(y):
        numbers = {label: number for number, label in enumerate(y.tolist())}
        found = [[numbers.get(label) for label in labels] for _, labels in pieces]
    return found


def _key(row):
    return tuple(np.ravel(row).tolist())


def _how_changed(row, x):
    """Say how a row came about that is not in `x`."""
    if any(sorted(_key(row)) == sorted(_key(other)) for other in x):
        return "shuffling inside a row: rows move as wholes"
    if np.shape(row) == x.shape[1:] and all(v in c for v, c in zip(_key(row), x.T, strict=False)):
        return "shuffling each feature by itself: rows move as wholes"
    return ""


def _which_moved(pieces, x, y):
    """Say what was shuffled where rows have lost their labels."""
    rows = [_key(row) for rows, _ in pieces for row in rows]
    if rows == [_key(row) for row in x]:
        return "only y is shuffled: one permutation for both"
    if [label for _, labels in pieces for label in labels] == y.tolist():
        return "only x is shuffled: one permutation for both"
    return "x and y are shuffled apart: one permutation for both"


def _fixed_sizes(split, one, found):
    """Say how sizes came about that are not those of the fractions."""
    if len({*values(one)[2]}) > 1 and max(found) - min(found) <= 1:
        return "parts of equal size: each has its own fraction"
    others = other_draws(one)
    drawn = [[len(rows) for rows, _ in pieces] for _, pieces in _splits(split, others, count=False)]
    return DRAWN if any(sizes != found for sizes in drawn) else ""
