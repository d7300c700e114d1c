"""Data that an answer cuts into parts: judged as sets, so that the order inside a part is free.

A split is ``[(x_0, y_0), (x_1, y_1), …]``, folds are ``[(train_indices, validation_indices), …]``. Each
function looks at one thing that can be wrong, and leaves the rest to the others. Rows of `x` differ from each
other in the tests, and so do labels unless a function says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from course_utils.checks import differences, excuses
from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.contract import unchanged
from course_utils.checks.derived import Derived
from course_utils.checks.generators import draws_from_rng
from course_utils.checks.message import fail
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
        x, y, *_ = _values(one)
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
        _each_once(_numbers(one, pieces), len(_values(one)[0]), "row", line_of(split, one))


def sizes(split, calls: Iterable[Args]) -> None:
    """Check that there is a part for each fraction f, with f·n rows, or less than one and a bit more or less.

    Raises
    ------
    CheckFailed
    """
    for one, pieces in _splits(split, calls, count=False):
        x, _, fractions, _ = _values(one)
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
                 looks_like=words if rest and off[-1] > 1 else _fixed_sizes(found, fractions))  # fmt: skip


def shuffles(split, calls: Iterable[Args], seed: int = 0) -> None:
    """Check that it is drawn by `rng`, and by nothing else, which rows go to which part.

    Raises
    ------
    CheckFailed
    """
    for number, one in enumerate(calls):
        [(_, pieces)] = _splits(split, [one])
        _in_order(_numbers(one, pieces), "rows", line_of(split, one))
        draws_from_rng(Members(split), one, seed + number)


def shuffles_folds(k_folds, calls: Iterable[Args], seed: int = 0) -> None:
    """Check that it is drawn by `rng`, and by nothing else, which indices are in which fold.

    Raises
    ------
    CheckFailed
    """
    for number, one in enumerate(calls):
        [(_, pairs)] = _folds(k_folds, [one])
        _in_order([validation for _, validation in pairs], "indices", line_of(k_folds, one))
        draws_from_rng(Members(k_folds), one, seed + number)


def folds(k_folds, calls: Iterable[Args]) -> None:
    """Check that each index is validated once, in folds of equal sizes, and trained on otherwise.

    Raises
    ------
    CheckFailed
    """
    for one, pairs in _folds(k_folds, calls, strict=True):
        n, line = _values(one)[0], line_of(k_folds, one)
        held_out = [validation for _, validation in pairs]
        lengths = [len(part) for part in held_out]
        if _once(train for train, _ in pairs) == n and _once(held_out) != n:
            fail("the two of a pair are swapped", line, "(train_indices, validation_indices)",
                 show(pairs[0]), "entry 0",
                 "(validation_indices, train_indices): train comes first")  # fmt: skip
        _each_once(held_out, n, "index", line)
        if max(lengths) - min(lengths) > 1:
            rest = lengths[:-1] == [n // len(pairs)] * (len(pairs) - 1)
            words = "the last fold takes all that is left over: spread it out"
            fail("folds differ by more than one index in size", line, f"{n} indices in equal folds",
                 f"sizes {show(lengths)}", looks_like=words if rest else "")  # fmt: skip
        for number, (train, validation) in enumerate(pairs):
            expected = sorted(set(range(n)) - set(validation))
            if sorted(train) != expected:
                shared = set(train) & set(validation)
                words = "validation indices are among the training indices" if shared else ""
                fail("train_indices are not all the others", line, show(expected),
                     show(sorted(train)), f"entry {number}", words)  # fmt: skip


def mixes(function, one: Args, rng: np.random.Generator, times: int = 50) -> None:
    """Check that no row, and no two rows, always fare alike, and that labels have no fixed share of a part.

    Parameters
    ----------
    function : callable
        An answer that splits or makes folds; labels are those of a split.
    one : Args
        The last argument is a generator; `rng` takes its place. With two dozen rows and parts of a quarter
        or more, a right answer fails once in 10^10 times.
    rng : numpy.random.Generator
    times : int
        Calls.

    Raises
    ------
    CheckFailed
    """
    calls = [
        Args(*one.args[:-1], np.random.default_rng(int(rng.integers(2**40)))) for _ in range(times)
    ]
    line, is_split = line_of(function, one), len(one.args) == 4
    if is_split:
        found = [_numbers(call, pieces) for call, pieces in _splits(function, calls)]
    else:
        found = [[part for _, part in pairs] for _, pairs in _folds(function, calls)]
    n = len(one.args[0]) if is_split else one.args[0]
    part_of = np.full((times, n), -1)
    for row, parts in zip(part_of, found, strict=True):
        for number, part in enumerate(parts):
            row[[i for i in part if i in range(n)]] = number
    part_of = part_of[:, (part_of >= 0).any(axis=0)]  # lost rows are charged elsewhere
    if (part_of == part_of[0]).all(axis=0).any():
        fail(f"in {times} draws, some {'rows' if is_split else 'indices'} never change their part", line,
             looks_like="only some of them are shuffled: shuffle all before you cut")  # fmt: skip
    if len({*map(bytes, part_of.T)}) < part_of.shape[1]:
        fail(f"in {times} draws, some are always together", line,
             looks_like="blocks are moved as wholes: shuffle row by row")  # fmt: skip
    if is_split and part_of.shape[1] == n:
        labels = one.args[1]
        shares = {tuple(np.sort(labels[row == 0])) for row in part_of}
        if len(shares) == 1:
            fail(f"in {times} draws, each label has the same share of part 0", line,
                 looks_like="stratified, label by label: shuffle all rows together")  # fmt: skip


class Members(Derived):
    """A question about parts as sets: what is in each of them, whatever the order; see `_plain`."""

    part = "members"

    def cut(self, result):
        pairs = _pairs(result)
        return (
            result if pairs is None else [[sorted(_plain(side)) for side in pair] for pair in pairs]
        )


def _splits(split, calls, count=True, strict=False):
    """Ask for splits; return each call and its parts, as pairs of lists. Fail where there are none.

    With `count` there must be one for each fraction, with `strict` x_i comes first.
    """
    for one, back in results_of(split, calls):
        pairs, line, fractions = _pairs(back.value), line_of(split, one), _values(one)[2]
        wanted = f"{len(fractions)} pairs (x_i, y_i)"
        if pairs is None or (count and len(pairs) != len(fractions)):
            flat = isinstance(back.value, (list, tuple)) and len(back.value) == 2 * len(fractions)
            fail("not one pair for each fraction", line, wanted, show(back.value),
                 looks_like="one flat list: the parts are pairs" if flat and pairs is None else "")  # fmt: skip
        if any(np.ndim(x) < 2 and np.ndim(y) == 2 and len(y) for x, y in pairs):
            if strict:
                fail("x_i has no features", line, wanted, show(back.value),
                     looks_like="(y_i, x_i): x comes first")  # fmt: skip
            excuses.take()
            pairs = [pair[::-1] for pair in pairs]
        if any(differences.as_numbers(side) is None for pair in pairs for side in pair):
            fail("parts that are no arrays", line, wanted, show(back.value))
        yield one, [(list(np.asarray(x)), np.asarray(y).tolist()) for x, y in pairs]


def _folds(k_folds, calls, strict=False):
    """Ask for folds; return each call and its pairs of lists of ints. Fail where there are none.

    Unless `strict`, masks and floats count as the indices that they stand for.
    """
    for one, back in results_of(k_folds, calls):
        pairs, line, k = _pairs(back.value), line_of(k_folds, one), _values(one)[1]
        wanted = f"{k} pairs (train_indices, validation_indices)"
        if pairs is None or len(pairs) != k:
            fail("not one pair for each fold", line, wanted, show(back.value))
        arrays = [[differences.as_numbers(side) for side in pair] for pair in pairs]
        flat = [side for pair in arrays for side in pair]
        if any(side is None or side.ndim != 1 for side in flat):
            fail("no indices", line, wanted, show(back.value))
        if strict and any(side.size and side.dtype.kind not in "iu" for side in flat):
            mask = any(side.dtype.kind == "b" for side in flat)
            fail("indices that are no integers", line, wanted, show(back.value),
                 looks_like="a mask: np.flatnonzero makes indices of it" if mask else "")  # fmt: skip
        yield one, [(_indices(train), _indices(held_out)) for train, held_out in arrays]


def _indices(side):
    """Return indices as a list of ints; a mask, or floats, cost their points elsewhere."""
    if side.size and side.dtype.kind not in "iu":
        excuses.take()
    return (np.flatnonzero(side) if side.dtype.kind == "b" else side.astype(int)).tolist()


def _values(one):
    """Return the arguments of a call; those by name stand in the order of the signature."""
    return [*one.args, *one.kwargs.values()]


def _pairs(value):
    """Return a result as a list of pairs; None if it is none."""
    if isinstance(value, np.ndarray):
        value = list(value)
    if not isinstance(value, (list, tuple)) or not value:
        return None
    fine = all(isinstance(p, (list, tuple, np.ndarray)) and len(p) == 2 for p in value)
    return [tuple(pair) for pair in value] if fine else None


def _once(parts):
    """Return how many indices stand in one of the parts, 0 where one stands there twice."""
    found = [number for part in parts for number in part]
    return len(found) if len({*found}) == len(found) else 0


def _plain(side):
    numbers = differences.as_numbers(side)
    if numbers is None:
        return [show(side)]
    return (np.flatnonzero(numbers) if numbers.dtype.kind == "b" else numbers).tolist()


def _key(row):
    return tuple(np.ravel(row).tolist())


def _each_once(parts, n, noun, line):
    """Fail where a number below `n` is in no part, or in two."""
    nouns = {"row": "rows", "index": "indices"}[noun]
    found = Counter(number for part in parts for number in part)
    strange = sorted(set(found) - set(range(n)), key=str)
    missing = sorted(set(range(n)) - set(found))
    twice = sorted(number for number, times in found.items() if times > 1)
    if strange:
        words = "counting from 1: indices run from 0 to n - 1" if strange == [n] else ""
        fail(f"{nouns} that are not there", line, f"0 to {n - 1}", show(strange), looks_like=words)
    if twice:
        inside = any(len(set(part)) < len(part) for part in parts)
        whole = all(len(set(part)) == n for part in parts)
        words = "each part is drawn from all of them: cut one permutation up"
        if inside:
            words = "drawing with replacement: cut a permutation up"
        elif whole:
            words = "every part has everything: cut one permutation up"
        elif not missing:
            words = "parts overlap: each begins where the one before it ends"
        fail(f"{nouns} in more than one part", line, f"each {noun} in one part",
             f"{nouns} {show(twice)} twice or more", looks_like=words)  # fmt: skip
    if missing:
        words = "rounding loses them: let parts end at rounded places, the last one at n"
        few = len(missing) < max(2, len(parts))
        fail(f"{nouns} in no part", line, f"each {noun} in one part",
             f"{nouns} {show(missing)} missing", looks_like=words if few else "")  # fmt: skip


def _numbers(one, pieces):
    """Return the numbers of the rows in each part; None for a row that is not in `x`.

    Where rows are changed, which is charged elsewhere, labels that differ from each other number them.
    """
    x, y, *_ = _values(one)
    numbers = {_key(row): number for number, row in enumerate(x)}
    found = [[numbers.get(_key(row)) for row in rows] for rows, _ in pieces]
    if any(None in part for part in found) and len({*y.tolist()}) == len(y):
        numbers = {label: number for number, label in enumerate(y.tolist())}
        found = [[numbers.get(label) for label in labels] for _, labels in pieces]
    return found


def _in_order(parts, nouns, line):
    """Fail where parts are blocks in the order of the data, or every k-th of them."""
    if any(None in part for part in parts):
        return
    blocks = [sorted(part) for part in parts if part]
    n, longest = sum(map(len, blocks)), max(map(len, blocks), default=0)
    if longest > 1 and sum(blocks, []) == list(range(n)):
        fail(f"the {nouns} are not shuffled", line, f"{nouns} drawn by rng",
             "blocks in the order of the data",
             looks_like="no shuffling, or only inside the parts: shuffle all before you cut")  # fmt: skip
    if longest > 2 and all(len({*np.diff(b)}) <= 1 for b in blocks):
        fail(f"the {nouns} are not shuffled", line, f"{nouns} drawn by rng",
             f"every {len(blocks)}th to each part", looks_like="dealing out in turn, unshuffled")  # fmt: skip


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


def _fixed_sizes(found, fractions):
    if len({*fractions}) > 1 and max(found) - min(found) <= 1:
        return "parts of equal size: each has its own fraction"
    return ""
