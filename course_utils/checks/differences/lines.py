"""The lines that say where and how an array differs."""

import itertools

import numpy as np

from course_utils.checks.differences.pair import AXES, Pair, as_numbers, close
from course_utils.checks.differences.places import axes_place, place
from course_utils.checks.differences.relations import relation
from course_utils.checks.differences.shapes import shape_relation, sizes
from course_utils.checks.differences.words import both, shown

LINE = 76  # columns; nbgrader validate cuts at 90 and the caller indents


@np.errstate(all="ignore")  # any text on stderr costs a student the points of the cell
def equal(expected, got, rtol=1e-5, atol=1e-8):
    """Whether two arrays, numbers or sequences have the same shape and the same values.

    Parameters
    ----------
    expected, got : array_like, or sequence or dict of them
        Integers are compared with integers exactly, whatever the tolerances: a count is right or
        wrong. Where only `expected` holds integers, an error of a half or more is too much.
    rtol, atol : float
        A number may be off by ``atol + rtol * |expected|``.

    Returns
    -------
    bool
        NaN equals NaN, and inf equals inf of the same sign. The dtype is not compared.

    Examples
    --------
    >>> equal([1.0, float("nan")], [1.0, float("nan")]), equal([1.0], 1.0)
    (True, False)
    """
    a, b = as_numbers(expected), as_numbers(got)
    if a is not None and b is not None:
        return a.shape == b.shape and bool(close(a, b, rtol, atol).all())
    if _is_sequence(expected) and _is_sequence(got):
        pairs = zip(expected, got, strict=False)
        return len(expected) == len(got) and all(equal(x, y, rtol, atol) for x, y in pairs)
    if isinstance(expected, dict) and isinstance(got, dict):
        same = expected.keys() == got.keys()
        return same and all(equal(expected[key], got[key], rtol, atol) for key in expected)
    return type(expected) is type(got) and np.array_equal(expected, got)


@np.errstate(all="ignore")
def where(expected, got, rtol=1e-5, atol=1e-8, *, axes=None, dtype=False):
    """Say where and how `got` differs from `expected`.

    Parameters
    ----------
    expected, got : array_like, or sequence of rows
        Numbers, arrays, nested sequences, or tables: sequences of tuples that may hold text.
    rtol, atol : float
        As in `equal`.
    axes : sequence of str, optional
        Names of the axes of `expected`: single letters ("N") or nouns ("filter"). By default
        N, C, H, W for four axes, and row, column for two.
    dtype : bool
        Whether another dtype is a difference too.

    Returns
    -------
    list of str
        At most three lines of at most 76 characters: how many elements differ, which places they
        have in common, and how their values are related. Empty when equal.

    Examples
    --------
    >>> expected = np.arange(12.0).reshape(3, 4)
    >>> print(*where(expected, expected.T), sep="\\n")
    shape differs: expected (3, 4), got (4, 3)
    got is expected transposed
    >>> print(*where(expected, np.where(expected < 8, expected, 2 * expected)), sep="\\n")
    4 of 12 elements differ, most at (2, 3): expected 11.0, got 22.0
    all at row 2 (the last)
    where they differ, got = 2 x expected
    """
    a, b = as_numbers(expected), as_numbers(got)
    if a is not None and b is not None:
        pair = Pair(a, b, rtol, atol, axes)
        lines = _compare_values(pair) if pair.same_shape else _compare_shapes(pair)
        if dtype and a.dtype != b.dtype:
            lines.insert(0, f"dtype differs: expected {a.dtype}, got {b.dtype}")
    elif _is_sequence(expected) and _is_sequence(got):
        lines = _compare_rows(expected, got, rtol, atol)
    elif equal(expected, got, rtol, atol):
        lines = []
    else:
        lines = [both(expected, got)]
    return [s if len(s) <= LINE else s[: LINE - 3] + "..." for s in lines if s][:3]


def _compare_values(pair):
    total, hits = pair.wrong.size, int(pair.wrong.sum())
    if not hits:
        return []
    error = np.where(pair.wrong, np.nan_to_num(np.abs(pair.b - pair.a), nan=np.inf), -1)
    worst = tuple(map(int, np.unravel_index(error.argmax(), error.shape)))
    values = both(pair.expected[worst], pair.got[worst])
    how = relation(pair)
    if pair.a.ndim == 0:
        return [values, how]
    count = f"all {total}" if 1 < hits == total else f"{hits} of {total}"
    verb = "differ, most at" if hits > 1 else "differs, at"
    # Long values leave no room for all of it.
    parts = (f"{count} elements", count, str(hits))
    texts = [f"{part} {verb} {worst}: {values}" for part in parts]
    first = next((text for text in texts if len(text) <= LINE), texts[-1])
    # A relation that holds everywhere makes the places beside the point.
    everywhere = how is not None and how.startswith(("got =", "got is"))
    return [first, None if everywhere else place(pair), how]


def _compare_shapes(pair):
    shapes = [array.shape if array.ndim else "a number" for array in (pair.expected, pair.got)]
    first = "shape differs: expected {}, got {}".format(*shapes)
    return [first, sizes(pair), shape_relation(pair)]


def _compare_rows(expected, got, rtol, atol):
    old, new = ([tuple(r) if _is_sequence(r) else (r,) for r in t] for t in (expected, got))
    wrong = [
        [not equal(x, y, rtol, atol) for x, y in itertools.zip_longest(*rows)]
        for rows in zip(old, new, strict=False)
    ]
    row = next((i for i, cells in enumerate(wrong) if any(cells)), None)
    count = [] if len(old) == len(new) else [f"expected {len(old)} rows, got {len(new)}"]
    if row is None:
        return [*count, f"the first {len(wrong)} agree"] if count and wrong else count
    text = old[row] and isinstance(old[row][0], str)
    name = f"row {row} ({shown(old[row][0])})" if text else f"row {row}"
    if len(old[row]) != len(new[row]):
        return [*count, f"{name}: expected {len(old[row])} entries, got {len(new[row])}"]
    column = wrong[row].index(True)
    values = both(old[row][column], new[row][column])
    if count or len(set(map(len, wrong))) > 1:
        return [*count, f"first difference in {name}, column {column}:", values]
    mask = np.array(wrong)
    _, text = axes_place(mask, AXES[2])
    verb = "differs," if mask.sum() == 1 else "differ, first"
    first = f"{mask.sum()} of {mask.size} entries {verb} in {name}, column {column}:"
    cells = [as_numbers([r[column] for r in table]) for table in (old, new)]
    numbers = all(array is not None and array.ndim == 1 for array in cells)
    alone = mask.sum() == mask[:, column].sum()
    how = relation(Pair(*cells, rtol, atol)) if numbers and alone else None
    return [first, values, "; ".join(filter(None, (text, how)))]


def _is_sequence(value):
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
