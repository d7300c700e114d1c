"""Say in words where and how an array differs from the expected one.

`where` counts the differences, then looks for what they have in common. A detector is a small
function that returns a sentence or None. It states a fact about the numbers, never a guess about
the code, checks it on the arrays before it speaks, and asks for enough evidence that chance is an
unlikely explanation. Indices count from 0, as in NumPy.
"""

import itertools
import math
from fractions import Fraction

import numpy as np

LINE = 76  # columns; nbgrader validate cuts at 90 and the caller indents
COSTLY = 1_000_000  # elements; beyond it only the detectors that read the arrays once run
SURPRISE = 7  # bits; a place is named when chance would hit it less than once in 2**7 times
AXES = {1: ("element",), 2: ("row", "column"), 4: ("N", "C", "H", "W")}


# ---- what others call ---------------------------------------------------------------------------


@np.errstate(all="ignore")  # any text on stderr costs a student the points of the cell
def equal(expected, got, rtol=1e-5, atol=1e-8):
    """Whether two arrays, numbers or sequences have the same shape and the same values.

    Parameters
    ----------
    expected, got : array_like, or sequence of rows
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
        lines = [f"expected {_shown(expected)}, got {_shown(got)}"]
    return [s if len(s) <= LINE else s[: LINE - 3] + "..." for s in lines if s][:3]


@np.errstate(all="ignore")
def text_picture(expected, got, width=78, rtol=1e-5, atol=1e-8):
    """Draw two arrays and their difference side by side as text.

    Parameters
    ----------
    expected, got : array_like
    width : int
        Columns of the terminal. Grids too wide to stand side by side go below each other.
    rtol, atol : float
        As in `equal`.

    Returns
    -------
    str
        Of more than two axes the first slice that differs, of a large slice the part around its
        first difference. A star follows each element that differs. Empty unless both are arrays.

    Examples
    --------
    >>> print(text_picture([[1, 2], [3, 4]], [[1, 2], [3, 5]]))
    expected    yours       difference
      0  1        0  1        0  1
    0 1  2      0 1  2      0 0  0
    1 3  4*     1 3  5*     1 0  1*
    """
    a, b = as_numbers(expected), as_numbers(got)
    if a is None or b is None or not (a.size and b.size):
        return ""
    title, panels, wrong = planes(Pair(a, b, rtol, atol))
    for side_by_side, columns in [(True, 8), *((False, n) for n in range(12, 0, -1))]:
        grids = [_grid(name, plane, wrong, columns) for name, plane in panels.items()]
        lines = list(itertools.chain(*grids))
        if side_by_side:
            widths = [max(map(len, grid)) + 3 for grid in grids]
            rows = itertools.zip_longest(*grids, fillvalue="")
            lines = ["".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        if max(map(len, lines)) <= width:
            break
    return "\n".join(line[:width] for line in [title, *lines] if line)


def planes(pair):
    """Choose what to draw of a `Pair`: the last two axes of the first slice that differs.

    Returns
    -------
    title : str
        Which slice it is, or how the shapes differ; empty when all is drawn.
    panels : dict of str to ndarray of shape (H, W)
        "expected", "yours" and, where the shapes are equal, "difference".
    wrong : ndarray of bool of shape (H, W), or None
        Where they differ; None where the shapes do.
    """
    arrays = {"expected": pair.expected, "yours": pair.got}
    if not pair.same_shape:
        firsts = {name: array[(0,) * (array.ndim - 2)] for name, array in arrays.items()}
        return _compare_shapes(pair)[0], {k: np.atleast_2d(v) for k, v in firsts.items()}, None
    index = tuple(map(int, np.unravel_index(pair.wrong.argmax(), pair.wrong.shape)[:-2]))
    arrays["difference"] = pair.b - pair.a
    title = f"slice [{', '.join(map(str, index))}, :, :] of shape {pair.a.shape}" if index else ""
    panels = {name: np.atleast_2d(array[index]) for name, array in arrays.items()}
    return title, panels, np.atleast_2d(pair.wrong[index])


def as_numbers(value):
    """Return `value` as an array of bool, int, float or complex; None if it is anything else."""
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError, RuntimeError):  # ragged, say
        return None
    return array if array.dtype.kind in "biufc" else None


def close(expected, got, rtol, atol):
    """Return elementwise whether two arrays of one shape agree, as `equal` defines it."""
    counts = expected.dtype.kind in "biu"
    if counts and got.dtype.kind in "biu":
        return expected == got  # NumPy compares int64 with uint64 by value
    a, b = _wide(expected), _wide(got)
    error = np.abs(b - a)
    near = (error <= atol + rtol * np.abs(a)) & np.isfinite(a) & ((error < 0.5) | (not counts))
    return near | (a == b) | ((a != a) & (b != b))


class Pair:
    """Two numeric arrays and what the detectors need to know of them.

    Attributes
    ----------
    expected, got : ndarray
        As given.
    a, b : ndarray
        The same in float64 or complex128, so that differences cannot overflow.
    wrong : ndarray of bool
        Where they differ, and `e`, `g` the elements of `a`, `b` there; only for equal shapes.
    axes : tuple of str
        Names of the axes of `expected`.
    """

    def __init__(self, expected, got, rtol=1e-5, atol=1e-8, axes=None):
        self.expected, self.got, self.rtol, self.atol = expected, got, rtol, atol
        self.a, self.b = _wide(expected), _wide(got)
        self.same_shape = expected.shape == got.shape
        if self.same_shape:
            self.wrong = ~close(expected, got, rtol, atol)
            self.e, self.g = self.a[self.wrong], self.b[self.wrong]
        if axes is None or len(axes) != expected.ndim:
            numbered = tuple(f"axis {axis}" for axis in range(expected.ndim))
            axes = AXES.get(expected.ndim, numbered)
        self.axes = tuple(axes)

    def axis(self, *numbers):
        """Return the letters of axes, or "axis 0" where they have none."""
        return " and ".join(
            self.axes[n] if len(self.axes[n]) == 1 else f"axis {n}" for n in numbers
        )

    def match(self, source, target):
        """Whether two arrays hold the same values in the same order; looks at a few first."""
        if source.size != target.size or not source.size:
            return False
        few = np.linspace(0, source.size - 1, 50).astype(int)
        if not close(source.flat[few], target.flat[few], self.rtol, self.atol).all():
            return False
        return bool(close(source.ravel(), target.ravel(), self.rtol, self.atol).all())

    def distinct(self, values):
        """Count the values, of a thousand, that the tolerances tell apart: the evidence."""
        values = _wide(values.ravel()[:: max(1, values.size // 1000)])
        values = np.sort(values[np.isfinite(values)])
        apart = np.abs(np.diff(values)) > 10 * (self.atol + self.rtol * np.abs(values[1:]))
        return int(apart.sum()) + bool(values.size)

    def relation(self, sentence, function):
        """Return `sentence` if got is `function` of expected wherever they differ.

        What the relation leaves over must be small beside the difference that it explains.
        """
        if self.distinct(self.e) < 3:
            return None
        guess = function(self.e)
        explained = np.abs(self.g - guess) <= 0.01 * np.abs(self.g - self.e)
        if not (explained & close(guess, self.g, self.rtol, self.atol)).all():
            return None
        everywhere = close(function(self.a), self.b, self.rtol, self.atol).all()
        return sentence if everywhere else f"where they differ, {sentence}"


# ---- the lines ----------------------------------------------------------------------------------


def _compare_values(pair):
    total, hits = pair.wrong.size, int(pair.wrong.sum())
    if not hits:
        return []
    error = np.where(pair.wrong, np.nan_to_num(np.abs(pair.b - pair.a), nan=np.inf), -1)
    worst = tuple(map(int, np.unravel_index(error.argmax(), error.shape)))
    values = _both(pair.expected[worst], pair.got[worst])
    how = _how(pair)
    if pair.a.ndim == 0:
        return [values, how]
    count = f"all {total}" if 1 < hits == total else f"{hits} of {total}"
    verb = "differ, most at" if hits > 1 else "differs, at"
    first = f"{count} elements {verb} {worst}: {values}"
    if len(first) > LINE:
        first = f"{count} {verb} {worst}: {values}"
    # A relation that holds everywhere makes the places beside the point.
    everywhere = how is not None and how.startswith(("got =", "got is"))
    return [first, how] if everywhere else [first, _place(pair), how]


def _compare_shapes(pair):
    expected, got = (a.shape if a.ndim else "a number" for a in (pair.expected, pair.got))
    how = next(filter(None, (detect(pair) for detect in OTHER_SHAPE)), None)
    return [f"shape differs: expected {expected}, got {got}", _sizes(pair), how]


def _sizes(pair):
    old, new = pair.expected.shape, pair.got.shape
    if not pair.got.size and pair.expected.size:
        return "got is empty"
    if len(old) != len(new) or sorted(old) == sorted(new):
        return None
    changes = {}
    for axis, change in enumerate(np.subtract(new, old).tolist()):
        if change:
            changes.setdefault(change, []).append(axis)
    words = ("smaller", "larger")
    return "got is " + ", ".join(
        f"{words[change > 0]} by {abs(change)} along {pair.axis(*axes)}"
        for change, axes in changes.items()
    )


def _compare_rows(expected, got, rtol, atol):
    old, new = ([tuple(r) if _is_sequence(r) else (r,) for r in t] for t in (expected, got))
    wrong = [
        [not equal(x, y, rtol, atol) for x, y in itertools.zip_longest(*rows)]
        for rows in zip(old, new, strict=False)
    ]
    row = next((i for i, cells in enumerate(wrong) if any(cells)), None)
    count = [f"expected {len(old)} rows, got {len(new)}"] if len(old) != len(new) else []
    if row is None:
        return [*count, f"the first {len(wrong)} agree"] if count else []
    name = f"row {row} ({old[row][0]!r})" if isinstance(old[row][0], str) else f"row {row}"
    if len(old[row]) != len(new[row]):
        return [*count, f"{name}: expected {len(old[row])} entries, got {len(new[row])}"]
    column = wrong[row].index(True)
    values = _both(old[row][column], new[row][column])
    if count or len(set(map(len, wrong))) > 1:
        return [*count, f"first difference in {name}, column {column}:", values]
    mask = np.array(wrong)
    first = f"{mask.sum()} of {mask.size} entries differ, first in {name}, column {column}:"
    place = _axes_place(mask, AXES[2])[1]
    cells = [as_numbers([r[column] for r in table]) for table in (old, new)]
    how = None
    if mask.sum() == mask[:, column].sum() and all(c is not None and c.ndim == 1 for c in cells):
        how = _how(Pair(*cells, rtol, atol))
    return [first, values, "; ".join(filter(None, (place, how)))]


# ---- detectors: which places --------------------------------------------------------------------


def _place(pair):
    """Return the place that is least likely by chance among those that hold every difference."""
    hits, total = int(pair.wrong.sum()), pair.wrong.size
    if not 1 < hits < total:
        return None
    found = [_axes_place(pair.wrong, pair.axes), *_borders(pair.wrong), *_signs(pair)]
    bits, sentence = max(found, key=lambda place: place[0])
    return sentence if bits >= SURPRISE else None


def _bits(total, region, hits):
    """Return -log2 of the chance that `hits` random elements of `total` all lie in a region."""
    return _log2_choose(total, hits) - _log2_choose(region, hits)


def _log2_choose(n, k):
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def _axes_place(wrong, axes):
    """Name the indices of each axis that hold all differences, if not all of its indices do."""
    total, region, hits, words = wrong.size, 1, int(wrong.sum()), []
    for axis, size in enumerate(wrong.shape):
        others = tuple(i for i in range(wrong.ndim) if i != axis)
        found = np.flatnonzero(wrong.any(axis=others)).tolist()
        # Any few elements lie in *some* set of indices: which one it is takes bits to say.
        naming = _log2_choose(size, len(found))
        text = _indices(found, size, axes[axis])
        if text and _bits(total, total // size * len(found), hits) - naming < SURPRISE:
            text = None
        region *= len(found) if text else size
        words += [text] if text else []
    return (_bits(total, region, hits), "all at " + ", ".join(words)) if words else (0, None)


def _indices(found, size, name):
    """Put a set of indices of one axis into words, e.g. "row 4 (the last)"; None if irregular."""
    start, stop, many = found[0], found[-1], len(found)
    step = found[1] - start if many > 1 else 0
    regular = found == list(range(start, stop + 1, step or 1))
    if many == size:
        return None
    if many == 1:
        text = f"{start}{' (the first)' if start == 0 else ' (the last)' * (start == size - 1)}"
    elif many == size - 1:
        return f"every {name} but {min(set(range(size)) - set(found))}"
    elif regular and step == 1:
        edge = f" (the first {many})" if start == 0 else f" (the last {many})" * (stop == size - 1)
        text = f"{start} to {stop}{edge}"
    elif regular and many > 2 and start < step and stop + step >= size:
        every = "every 2nd" if step == 2 else "every 3rd" if step == 3 else f"every {step}th"
        text = f"{start}, {found[1]}, ... ({every})"
    elif many <= 3:
        text = ", ".join(map(str, found[:-1])) + f" and {stop}"
    else:
        return None
    noun = name.isalpha() and len(name) > 1
    return f"{name}{'s' * (many > 1)} {text}" if noun else f"{name} = {text}"


def _borders(wrong):
    """Yield frames and corners of the last two axes that hold every difference."""
    if wrong.ndim < 2:
        return
    height, width = wrong.shape[-2:]
    plane = wrong.any(axis=tuple(range(wrong.ndim - 2)))
    sides = {"on the border, {} wide": (1, 1), "in the last {} rows or columns": (0, 1)}
    for words, (before, after) in sides.items():
        for k in range(1, min(height, width)):
            inner = plane[before * k : height - after * k, before * k : width - after * k]
            if not inner.any():
                region = wrong.size - wrong.size // plane.size * inner.size
                bits = _bits(wrong.size, region, int(wrong.sum())) - 2
                yield bits, f"all {words.format(k)} (of the last two axes)"
                break


def _signs(pair):
    """Yield conditions on the expected value that hold at every difference."""
    if pair.a.dtype.kind == "c":
        return
    hits = int(pair.wrong.sum())
    for word, there in {"0": pair.a == 0, "negative": pair.a < 0, "positive": pair.a > 0}.items():
        if there[pair.wrong].all():
            count = int(there.sum())
            text = "only where" if hits < count else f"exactly the {count} where"
            yield _bits(there.size, count, hits) - 2, f"{text} expected is {word}"


# ---- detectors: how the values are related, shapes equal ----------------------------------------


def _how(pair):
    """Return the first relation that holds everywhere, else the first where they differ."""
    found = [sentence for detect in VALUES if (sentence := detect(pair))]
    whole = [sentence for sentence in found if not sentence.startswith("where")]
    if not whole and pair.wrong.size <= COSTLY and pair.distinct(pair.e) >= 3:
        whole = filter(None, (detect(pair) for detect in ORDER))
    return next(itertools.chain(whole, found), None) or _tiny(pair)


def _not_finite(pair):
    lost = pair.g[np.isfinite(pair.e) & ~np.isfinite(pair.g)]
    if not lost.size:
        return None
    kind = "nan" if np.isnan(lost).all() else "inf" if np.isinf(lost).all() else "nan or inf"
    if lost.size == pair.b.size:
        return f"got is {kind} everywhere"
    if lost.size == pair.g.size:
        return f"where they differ, got is {kind}"
    return f"{lost.size} of them {'are' if lost.size > 1 else 'is'} {kind}"


def _constant(pair):
    enough = 8 if pair.got.dtype.kind == "b" else 3  # True and False repeat by chance
    value = _value(pair.got.flat[0])
    if pair.got.size >= enough and (pair.got == pair.got.flat[0]).all():
        return f"got is {value} everywhere"
    here = pair.got[pair.wrong]
    if here.size >= enough and (here == here[0]).all():
        return f"where they differ, got is {_value(here[0])}"
    return None


def _scaled(pair):
    factor = np.vdot(pair.e, pair.g) / np.vdot(pair.e, pair.e)
    if abs(factor.imag) <= 1e-9 * abs(factor):
        factor = float(factor.real)
    if not np.isfinite(factor) or factor in (0, 1, -1):
        return None
    exact, note = (None, "") if isinstance(factor, complex) else _fraction(pair, abs(factor))
    if exact:
        factor = math.copysign(exact, factor)
        name = f"{'-' * (factor < 0)}{exact}"
    else:
        name = f"{factor:.4g}"
    return pair.relation(f"got = {name} x expected{note}", lambda e: factor * e)


def _fraction(pair, factor):
    """Return the simple fraction that a factor is, or None, and the axes that have its length."""
    size = round(max(factor, 1 / factor))
    shape = pair.expected.shape
    long = [axis for axis, length in enumerate(shape) if length > 1]
    groups = [g for n in range(1, len(long) + 1) for g in itertools.combinations(long, n)]
    groups = [g for g in groups if math.prod(shape[axis] for axis in g) == size]
    whole = Fraction(size) if factor > 1 else Fraction(1, size)
    if (size <= 1000 or groups) and math.isclose(factor, whole, rel_tol=1e-6):
        named = len(groups) == 1  # with two candidates naming one would be a guess
        return whole, f" ({size} elements along {pair.axis(*groups[0])})" if named else ""
    simple = Fraction(factor).limit_denominator(20)
    near = simple.numerator <= 20 and math.isclose(factor, simple, rel_tol=1e-6)
    return (simple if near else None), ""


def _raised(pair):
    change = pair.g - pair.e
    offset = np.median(change) if np.isrealobj(change) else change[0]
    if not np.isfinite(offset):
        return None
    counts = pair.expected.dtype.kind in "iu" and pair.got.dtype.kind in "iu"
    sign, size = ("-", -offset) if np.isrealobj(offset) and offset < 0 else ("+", offset)
    name = round(size) if counts else _value(size)
    return pair.relation(f"got = expected {sign} {name}", lambda e: e + offset)


def _function(pair):
    if pair.a.dtype.kind == "c" or pair.b.dtype.kind == "c":
        return pair.relation("got = -expected", np.negative)
    found = [pair.relation(f"got = {text}", function) for text, function in FUNCTIONS.items()]
    found = [sentence for sentence in found if sentence]
    return min(found, key=lambda sentence: sentence.startswith("where"), default=None)


FUNCTIONS = {
    "-expected": np.negative,
    "|expected|": np.abs,
    "max(expected, 0)": lambda x: np.maximum(x, 0),
    "expected rounded towards 0": np.trunc,
    "expected rounded down": np.floor,
    "expected rounded": np.round,
    "expected squared": np.square,
    "the square root of expected": np.sqrt,
    "1 / expected": np.reciprocal,
    "expected modulo 256": lambda x: np.mod(x, 256),
    "expected modulo 256, between -128 and 127": lambda x: np.mod(x + 128, 256) - 128,
    "expected modulo 2**32": lambda x: np.mod(x, 2**32),
    "expected modulo 2**32, signed": lambda x: np.mod(x + 2**31, 2**32) - 2**31,
}


def _off_by_one(pair):
    if not (pair.expected.dtype.kind in "iu" and pair.got.dtype.kind in "iu"):
        return None
    change = set((pair.g - pair.e).tolist())
    if not change <= {1, -1} or (pair.g.size < 3 and pair.got.size > 1):
        return None
    size = {(1,): "1 too large", (-1,): "1 too small"}.get(tuple(change), "off by one")
    return f"got is {size}" if pair.got.ndim == 0 else f"where they differ, got is {size}"


def _tiny(pair):
    """Differences that are small beside the values, as rounding would leave them."""
    if pair.expected.dtype.kind in "biu" and pair.got.dtype.kind in "biu":
        return None
    share = np.max(np.abs(pair.g - pair.e) / np.abs(pair.e))
    if not 0 < share < 1e-3:
        return None
    power = math.floor(math.log10(share)) + 1
    return f"where they differ, by less than 1e{power:+03d} of expected"


def _flipped(pair):
    for axes in _groups(pair.a.shape):
        if pair.match(np.flip(pair.expected, axes), pair.got):
            return f"got is expected flipped along {pair.axis(*axes)}"
    return None


def _groups(shape):
    """Return every set of axes longer than one, the smallest sets first."""
    long = [axis for axis, length in enumerate(shape) if length > 1]
    return [g for n in range(1, len(long) + 1) for g in itertools.combinations(long, n)]


def _reordered(pair):
    """Transposed, with the axes in another order, or the same values in another shape."""
    a, b = pair.expected, pair.got
    if a.size != b.size or a.ndim > 5 or pair.distinct(a) < 3:
        return None
    same, other = range(a.ndim), []
    for order in itertools.permutations(same):
        moved = [i for i in same if order[i] != i]
        fits = a.transpose(order).shape == b.shape
        other.append((not fits, len(moved), order, moved))
    for reshaped, count, order, moved in sorted(other):
        if pair.match(a.transpose(order), b):
            if not count:
                return "got is expected in another shape, its values in the same order"
            if reshaped:
                return f"got is expected with its axes in the order {order}, then reshaped"
            if a.ndim == 2:
                return "got is expected transposed"
            if count == 2:
                return f"got is expected with {pair.axis(*moved)} swapped"
            return f"got is expected with its axes in the order {order}"
    return None


def _shifted(pair):
    """Moved along one axis by up to half its length, or along the last two by up to three."""
    shape, last = pair.a.shape, pair.a.ndim - 1
    far = [({i: k}, {i: -k}) for i, n in enumerate(shape) for k in range(1, n // 2 + 1)]
    near = [step for step in range(-3, 4) if step]
    both = [{last - 1: i, last: j} for i in near for j in near] if last else []
    for step in itertools.chain(*far, both):
        pairs = [(step.get(axis, 0), length) for axis, length in enumerate(shape)]
        to = tuple(slice(max(k, 0), n + min(k, 0)) for k, n in pairs)
        source = pair.expected[tuple(slice(max(-k, 0), n - max(k, 0)) for k, n in pairs)]
        if 2 * source.size < pair.a.size or not pair.match(source, pair.got[to]):
            continue
        if pair.distinct(source[pair.wrong[to]]) >= 3:
            rolled = np.roll(pair.expected, tuple(step.values()), tuple(step))
            verb = "rolled" if pair.match(rolled, pair.got) else "shifted"
            by = " and ".join(f"{k:+d} along {pair.axis(axis)}" for axis, k in step.items())
            return f"got is expected {verb} by {by}"
    return None


def _shuffled(pair):
    """The same slices along one axis in another order, as when columns are numbered otherwise."""
    for axis, length in enumerate(pair.a.shape):
        if length < 3 or length == pair.a.size:
            continue
        rows = [np.moveaxis(array, axis, 0).reshape(length, -1) for array in (pair.a, pair.b)]
        # A random projection gives each slice a number to sort by; match then compares them whole.
        keys = np.random.default_rng(0).standard_normal(rows[0].shape[1])
        if pair.match(*(array[np.argsort(array @ keys)] for array in rows)):
            noun = len(pair.axes[axis]) > 1 and pair.axes[axis].isalpha()
            what = f"{pair.axes[axis]}s" if noun else f"slices along {pair.axis(axis)}"
            return f"got is expected with its {what} in another order"
    return None


def _permuted(pair):
    if pair.distinct(pair.e) > 3 and pair.match(np.sort(pair.e), np.sort(pair.g)):
        return "got has the values of expected in another order"
    return None


def _unchanging(pair):
    for axis, length in enumerate(pair.b.shape):
        first, start = pair.b.take([0], axis), pair.a.take([0], axis)
        if length == 1 or pair.distinct(first) < 3:
            continue
        repeats = pair.match(np.broadcast_to(first, pair.b.shape), pair.b)
        if repeats and not pair.match(np.broadcast_to(start, pair.a.shape), pair.a):
            return f"got does not change along {pair.axis(axis)}"
    return None


VALUES = (_not_finite, _constant, _function, _scaled, _raised, _off_by_one)
ORDER = (_flipped, _reordered, _shifted, _shuffled, _permuted, _unchanging)


# ---- detectors: how the values are related, shapes different ------------------------------------


def _cut(pair):
    """One array is a regular part of the other: without a border, or every second column."""
    pairs = (
        (pair.got, pair.expected, "expected is got"),
        (pair.expected, pair.got, "got is expected"),
    )
    for big, small, words in pairs:
        if big.ndim != small.ndim or pair.distinct(small) < 3:
            continue
        for step in (1, 2, 3, 4):
            lengths = zip(big.shape, small.shape, strict=True)
            cuts = [_parts(n, m, step) for n, m in lengths]
            if math.prod(map(len, cuts)) > 2000:
                continue
            for cut in itertools.product(*cuts):
                if pair.match(big[cut], small):
                    shown = ", ".join(
                        _slice(part, n) for part, n in zip(cut, big.shape, strict=True)
                    )
                    return f"{words}[{shown}]"
    return None


def _parts(length, part, step):
    """Return the slices that take `part` of `length` elements, every `step`-th."""
    if length == part:
        return [slice(None)]
    reach = (part - 1) * step + 1
    return [slice(start, start + reach, step) for start in range(length - reach + 1)]


def _slice(part, length):
    if part.step is None:
        return ":"
    if part.step == 1:
        return f"{part.start}:{part.stop}"
    to_the_end = part.start < part.step and part.stop + part.step > length
    return f"{part.start or ''}:{'' if to_the_end else part.stop}:{part.step}"


def _summed(pair):
    """One array is the sum or the mean of the other over some axes."""
    pairs = (
        (pair.got, pair.expected, "expected is got"),
        (pair.expected, pair.got, "got is expected"),
    )
    for big, small, words in pairs:
        # A single sum of integers is matched by chance too easily.
        enough = pair.distinct(small) >= 3 or small.dtype.kind in "fc"
        if big.ndim <= small.ndim or big.ndim > 5 or pair.distinct(big) < 3 or not enough:
            continue
        for axes in itertools.combinations(range(big.ndim), big.ndim - small.ndim):
            over = f"axis {axes[0]}" if len(axes) == 1 else f"axes {axes}"
            for verb, function in (("summed", np.sum), ("averaged", np.mean)):
                total = function(big, axis=axes)
                if total.shape == small.shape and pair.match(np.asarray(total), small):
                    return f"{words} {verb} over {over}"
    return None


OTHER_SHAPE = (_reordered, _cut, _summed)


# ---- numbers as text ----------------------------------------------------------------------------


def _value(number, digits=4):
    number = np.asarray(number).item()
    return str(number) if isinstance(number, bool | int) else f"{number:.{digits}}"


def _shown(value, digits=4):
    """Return a short text for anything: numbers and small tuples as they are, arrays by shape."""
    array = as_numbers(value)
    if array is None:
        many = f"a {type(value).__name__} of {len(value)}" if _is_sequence(value) else repr(value)
        return many if len(many) <= 30 else many[:27] + "..."
    if array.ndim == 0:
        return _value(array, digits)
    if array.ndim == 1 and array.size <= 6:
        return f"({', '.join(_value(x, digits) for x in array)})"
    return f"an array of shape {array.shape}"


def _both(expected, got):
    """Return "expected 1.0, got 2.0" with as many digits as it takes to tell them apart."""
    for digits in (4, 8, 17):
        texts = _shown(expected, digits), _shown(got, digits)
        if texts[0] != texts[1]:
            break
    return "expected {}, got {}".format(*texts)


def _grid(name, plane, wrong, columns):
    """Return the lines of a small table of numbers, with the indices of rows and columns."""
    start = np.argwhere(wrong)[0] if wrong is not None and wrong.any() else (0, 0)
    (top, bottom), (left, right) = map(_window, plane.shape, start, (8, columns))
    cut = ["..."] * (left > 0), ["..."] * (right < plane.shape[1])
    table = [["", *cut[0], *(f"{column} " for column in range(left, right)), *cut[1]]]
    for row in range(top, bottom):
        cells = [_value(number, 3) + " " for number in plane[row, left:right]]
        if wrong is not None:
            marks = wrong[row, left:right]
            cells = [
                cell[:-1] + "*" if bad else cell for cell, bad in zip(cells, marks, strict=True)
            ]
        table.append([str(row), *cut[0], *cells, *cut[1]])
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    lines = [" ".join(map(str.rjust, cells, widths)).rstrip() for cells in table]
    above, below = ["..."] * (top > 0), ["..."] * (bottom < plane.shape[0])
    return [name, lines[0], *above, *lines[1:], *below]


def _window(length, first, most):
    """Return the ends of a range of at most `most` indices that starts just before `first`."""
    start = max(0, min(int(first) - 1, length - most))
    return start, min(length, start + most)


def _wide(array):
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _is_sequence(value):
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)
