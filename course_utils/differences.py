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
COSTLY = 1_000_000  # elements; beyond it only detectors that read the arrays a few times run
SURPRISE = 5  # bits; a place is named when chance would hit it less than once in 2**5 times
AXES = {1: ("element",), 2: ("row", "column"), 4: ("N", "C", "H", "W")}


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
        lines = [_both(expected, got)]
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
    expected   yours     difference
      0  1       0  1      0  1
    0 1  2     0 1  2    0 0  0
    1 3  4*    1 3  5*   1 0  1*
    """
    a, b = as_numbers(expected), as_numbers(got)
    if a is None or b is None or not (a.size and b.size):
        return ""
    pair = Pair(a, b, rtol, atol)
    title, panels, wrong = planes(pair)
    shapes = "" if pair.same_shape else _compare_shapes(pair)[0]
    for side_by_side, columns in [(True, 8), *((False, n) for n in range(12, 0, -1))]:
        grids = [_grid(name, plane, wrong, columns) for name, plane in panels.items()]
        lines = list(itertools.chain(*grids))
        if side_by_side:
            widths = [max(map(len, grid)) + 3 for grid in grids]
            rows = itertools.zip_longest(*grids, fillvalue="")
            lines = ["".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        if max(map(len, lines)) <= width:
            break
    return "\n".join(line[:width] for line in [shapes, title, *lines] if line)


@np.errstate(all="ignore")
def planes(pair):
    """Choose what to draw of a `Pair`: the last two axes of the first slice that differs.

    Returns
    -------
    title : str
        Which slice it is; empty when all is drawn.
    panels : dict of str to ndarray of shape (H, W)
        "expected", "yours" and, where the shapes are equal, "difference".
    wrong : ndarray of bool of shape (H, W), or None
        Where they differ; None where the shapes do.
    """
    arrays = {"expected": pair.expected, "yours": pair.got}
    if not pair.same_shape:
        title = "first slice of each" if max(pair.a.ndim, pair.b.ndim) > 2 else ""
        return title, {k: _plane(v, (0,) * (v.ndim - 2)) for k, v in arrays.items()}, None
    first = np.unravel_index(pair.wrong.argmax(), pair.wrong.shape) if pair.wrong.size else ()
    index = tuple(map(int, first[:-2]))
    title = f"slice [{', '.join(map(str, index))}, :, :] of shape {pair.a.shape}" if index else ""
    arrays["difference"] = np.where(pair.wrong, pair.b - pair.a, 0)  # without what is tolerated
    panels = {name: _plane(array, index) for name, array in arrays.items()}
    return title, panels, _plane(pair.wrong, index)


def _plane(array, index):
    return np.atleast_2d(array[index]) if array.size else np.zeros((0, 0), array.dtype)


def _grid(name, plane, wrong, columns):
    """Return the lines of a small table of numbers, with the indices of rows and columns."""
    start = np.argwhere(wrong)[0] if wrong is not None and wrong.any() else (0, 0)
    (top, bottom), (left, right) = map(_window, plane.shape, start, (8, columns))
    before, after = ["..."] * (left > 0), ["..."] * (right < plane.shape[1])
    table = [["", *before, *(f"{column} " for column in range(left, right)), *after]]
    for row in range(top, bottom):
        span = range(left, right)
        marks = [" " if wrong is None or not wrong[row, column] else "*" for column in span]
        cells = [_cell(plane[row, c]) + mark for c, mark in zip(span, marks, strict=True)]
        table.append([str(row), *before, *cells, *after])
    widths = [max(map(len, cells)) for cells in zip(*table, strict=True)]
    lines = [" ".join(map(str.rjust, cells, widths)).rstrip() for cells in table]
    above, below = ["..."] * (top > 0), ["..."] * (bottom < plane.shape[0])
    return [name, lines[0], *above, *lines[1:], *below]


def _cell(number):
    number = number.item()
    whole = not isinstance(number, complex) and abs(number) < 1e6 and number % 1 == 0
    return str(int(number)) if whole else f"{number:.3g}"


def _window(length, first, most):
    """Return the ends of a range of at most `most` indices that starts just before `first`."""
    start = max(0, min(int(first) - 1, length - most))
    return start, min(length, start + most)


# ---- the lines ----------------------------------------------------------------------------------


def _compare_values(pair):
    total, hits = pair.wrong.size, int(pair.wrong.sum())
    if not hits:
        return []
    error = np.where(pair.wrong, np.nan_to_num(np.abs(pair.b - pair.a), nan=np.inf), -1)
    worst = tuple(map(int, np.unravel_index(error.argmax(), error.shape)))
    values = _both(pair.expected[worst], pair.got[worst])
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
    name = f"row {row} ({_shown(old[row][0])})" if text else f"row {row}"
    if len(old[row]) != len(new[row]):
        return [*count, f"{name}: expected {len(old[row])} entries, got {len(new[row])}"]
    column = wrong[row].index(True)
    values = _both(old[row][column], new[row][column])
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


# ---- two arrays and the evidence in them --------------------------------------------------------


def as_numbers(value):
    """Return `value` as an array of bool, int, float or complex; None if it is anything else."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "f" and isinstance(value, list | tuple) and _too_long(array, value):
            return None
    except (ValueError, TypeError, OverflowError, RuntimeError):  # ragged, say
        return None
    return array if array.dtype.kind in "biufc" else None


def _too_long(array, value):
    """Whether NumPy made floats of integers beyond int64; two of them could look equal."""
    large = array.size and np.abs(array).max() >= 2**53
    return large and all(isinstance(x, int) for x in np.array(value, object).flat)


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
        self.counts = expected.dtype.kind in "biu" and got.dtype.kind in "biu"
        self.real = np.isrealobj(self.a) and np.isrealobj(self.b)
        self.same_shape = expected.shape == got.shape
        if self.same_shape:
            self.wrong = ~close(expected, got, rtol, atol)
            self.e, self.g = self.a[self.wrong], self.b[self.wrong]
        if axes is None or len(axes) != expected.ndim:
            numbered = [f"axis {axis}" for axis in range(expected.ndim)]
            axes = AXES.get(expected.ndim, numbered)
        self.axes = tuple(axes)

    def axis(self, *numbers):
        """Return the letters of axes, or "axis 0" where they have none."""
        names = [self.axes[n] if len(self.axes[n]) == 1 else f"axis {n}" for n in numbers]
        return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

    def match(self, source, target):
        """Whether two arrays hold the same values in the same order."""
        if source.size != target.size or not source.size:
            return False
        # Most candidates are wrong already at a few elements.
        few = _few(source.size)
        if not close(source.flat[few], target.flat[few], self.rtol, self.atol).all():
            return False
        return bool(close(source.ravel(), target.ravel(), self.rtol, self.atol).all())

    def distinct(self, values):
        """Count the values, of a thousand, that the tolerances tell apart: the evidence."""
        values = _wide(values.ravel()[:: max(1, values.size // 1000)])
        values = np.sort(values[np.isfinite(values)])
        apart = np.abs(np.diff(values)) > 10 * (self.atol + self.rtol * np.abs(values[1:]))
        return int(apart.sum()) + bool(values.size)

    def explained(self, guess, e, g):
        """Whether a guess at `g` leaves over little, beside the difference it explains too."""
        small = np.abs(g - guess) <= 0.01 * np.abs(g - e)
        return bool((small & close(guess, g, self.rtol, self.atol)).all())

    def states(self, sentence, function):
        """Return `sentence` if got is `function` of expected wherever they differ, else None."""
        if self.distinct(self.e) < 3:
            return None
        for part in (_few(self.e.size), slice(None)):
            e, g = self.e[part], self.g[part]
            guess = function(e)
            if not self.explained(guess, e, g):
                return None
        whole = function(self.a)
        everywhere = close(whole, self.b, self.rtol, self.atol).all()
        # Values that the tolerances cannot tell apart would agree with any function.
        if self.distinct(whole if everywhere else guess) < 3:
            return None
        return sentence if everywhere else f"where they differ, {sentence}"


def _few(size):
    return np.linspace(0, size - 1, 50).astype(int)


def _wide(array):
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _is_noun(name):
    return len(name) > 1 and name.isalpha()


def _is_sequence(value):
    return isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim > 0)


def _value(number, digits=4):
    number = np.asarray(number).item()
    # Adding 0 makes 0.0 of -0.0.
    return str(number) if isinstance(number, bool | int) else f"{number + 0:.{digits}}"


def _shown(value, digits=4):
    """Return a short text: numbers and small tuples as they are, larger things by their size."""
    array = as_numbers(value)
    if array is None:
        sized = isinstance(value, list | tuple | dict)
        text = f"a {type(value).__name__} of {len(value)}" if sized else repr(value)
        return text if len(text) <= 30 else f"{text[:27]}..."
    if array.ndim == 0:
        return _value(array, digits)
    if array.ndim == 1 and array.size <= 6:
        return f"({', '.join(_value(number, digits) for number in array)})"
    return f"an array of shape {array.shape}"


def _both(expected, got):
    """Return "expected 1.0, got 2.0" with as many digits as it takes to tell them apart."""
    for digits in (4, 8, 17):
        texts = _shown(expected, digits), _shown(got, digits)
        if texts[0] != texts[1]:
            break
    return "expected {}, got {}".format(*texts)


# ---- detectors: which places --------------------------------------------------------------------


def place(pair):
    """Name the place that is least likely by chance among those that hold every difference."""
    hits, total = int(pair.wrong.sum()), pair.wrong.size
    if not 1 < hits < total:
        return None
    found = [axes_place(pair.wrong, pair.axes), *_borders(pair.wrong), *_signs(pair)]
    bits, sentence = max(found, key=lambda candidate: candidate[0])
    return sentence if bits >= SURPRISE else None


def _bits(total, region, hits):
    """Return -log2 of the chance that `hits` random elements of `total` all lie in a region."""
    return _log2_choose(total, hits) - _log2_choose(region, hits)


def _log2_choose(n, k):
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def axes_place(wrong, axes):
    """Return the surprise in bits of a place made of some indices of each axis, and its name."""
    total, region, hits, words = wrong.size, 1, int(wrong.sum()), []
    for axis, size in enumerate(wrong.shape):
        others = tuple(i for i in range(wrong.ndim) if i != axis)
        found = np.flatnonzero(wrong.any(axis=others)).tolist()
        # Any few elements lie in *some* set of indices: to say which one takes bits off.
        text, naming = _indices(found, size, axes[axis])
        sure = text and _bits(total, total // size * len(found), hits) - naming >= SURPRISE
        region *= len(found) if sure else size
        words += [text] if sure else []
    return (_bits(total, region, hits), f"all at {', '.join(words)}") if words else (0, None)


def _indices(found, size, name):
    """Return words for a set of indices of one axis, or None, and the bits it takes to name it."""
    start, stop, many = found[0], found[-1], len(found)
    step = found[1] - start if many > 1 else 1
    regular = found == list(range(start, stop + 1, step))
    edge = "first" if start == 0 else "last" if stop == size - 1 else None
    naming = _log2_choose(size, many)
    simple = min(naming, 1 + math.log2(size))  # an edge and a length, or a step and a start
    if many == size:
        return None, 0
    noun = _is_noun(name)
    if many == size - 1 > 1:
        missing = min(set(range(size)) - set(found))
        ends = {0: " (the first)", size - 1: " (the last)"}
        return f"{name}{'s' * noun} other than {missing}{ends.get(missing, '')}", simple
    name = f"{name}{'s' * (many > 1)}" if noun else f"{name} ="
    if many == 1:
        return f"{name} {start}" + (f" (the {edge})" if edge else ""), simple
    if regular and step == 1:
        if edge:
            return f"{name} {start} to {stop} (the {edge} {many})", simple
        return f"{name} {start} to {stop}", naming
    if regular and many > 2 and start < step and stop + step >= size:
        every = {2: "2nd", 3: "3rd"}.get(step, f"{step}th")
        return f"{name} {start}, {found[1]}, ... (every {every})", simple
    if many <= 3:
        return f"{name} {', '.join(map(str, found[:-1]))} and {stop}", naming
    return None, 0


def _borders(wrong):
    """Yield the surprise and the name of strips along the sides of the last two axes."""
    if wrong.ndim < 2:
        return
    plane = wrong.any(axis=tuple(range(wrong.ndim - 2)))
    height, width = plane.shape
    for side, before, after in (("outermost", 1, 1), ("first", 1, 0), ("last", 0, 1)):
        for k in range(1, min(height, width)):
            inner = plane[before * k : height - after * k, before * k : width - after * k]
            if not inner.any():
                region = wrong.size - wrong.size // plane.size * inner.size
                lines = "row or column" if k == 1 else f"{k} rows or columns"
                yield _bits(wrong.size, region, int(wrong.sum())) - 2, f"all in the {side} {lines}"
                break


def _signs(pair):
    """Yield the surprise and the name of conditions on expected that every difference meets."""
    if not pair.real:
        return
    hits = int(pair.wrong.sum())
    for word, there in {"0": pair.a == 0, "negative": pair.a < 0, "positive": pair.a > 0}.items():
        if there[pair.wrong].all():
            count = int(there.sum())
            extent = "only where" if hits < count else f"exactly the {count} where"
            yield _bits(there.size, count, hits) - 2, f"{extent} expected is {word}"


# ---- detectors: how the values are related, shapes equal ----------------------------------------


def relation(pair):
    """Return the first relation that holds everywhere, else the first where they differ."""
    found = [sentence for detect in VALUES if (sentence := detect(pair))]
    whole = [sentence for sentence in found if not sentence.startswith("where")]
    if not whole and pair.wrong.size <= COSTLY and pair.distinct(pair.e) >= 3:
        whole = filter(None, (detect(pair) for detect in ORDER))
    vague = filter(None, (detect(pair) for detect in (_parallel, _tiny)))
    return next(itertools.chain(whole, found, vague), None)


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
    for values, words in ((pair.got, "{} everywhere"), (pair.got[pair.wrong], "{}")):
        start = "got is " if values is pair.got else "where they differ, got is "
        if values.size >= enough and (values == values.flat[0]).all():
            return start + words.format(_value(values.flat[0]))
    return None


def _function(pair):
    functions = FUNCTIONS if pair.real else {"-expected": np.negative}
    found = [pair.states(f"got = {text}", function) for text, function in functions.items()]
    return min(filter(None, found), key=lambda sentence: sentence.startswith("where"), default=None)


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


def _scaled(pair):
    factor = np.vdot(pair.e, pair.g) / np.vdot(pair.e, pair.e)
    if not 1e-9 < abs(factor) < 1e9:  # NaN neither
        return None
    if abs(factor.imag) > 1e-9 * abs(factor):
        return pair.states(f"got = {factor:.4g} x expected", lambda e: factor * e)
    sign, factor = "-" if factor.real < 0 else "", float(abs(factor))
    exact, note = _fraction(factor, pair)
    square, _ = _fraction(factor**2, pair)  # as between standard deviations
    root = f"sqrt({square})" if square else f"{factor:.4g}"
    scale = float(exact or factor) * (-1 if sign else 1)
    return pair.states(f"got = {sign}{exact or root} x expected{note}", lambda e: scale * e)


def _fraction(factor, pair):
    """Return the simple fraction that a factor is, or None, and the axes that have its length."""
    shape, size = pair.a.shape, round(max(factor, 1 / factor))
    groups = [g for g in _groups(shape) if math.prod(shape[axis] for axis in g) == size]
    whole = Fraction(size) if factor > 1 else Fraction(1, size)
    if (size <= 1000 or groups) and math.isclose(factor, whole, rel_tol=1e-6):
        # Two sets of axes may fit, and a 2 or a 3 has many reasons: naming one would be a guess.
        sure = len(groups) == 1 and size > 3
        return whole, f" ({size} = {_product(pair.axes, groups[0])})" if sure else ""
    simple = Fraction(factor).limit_denominator(20)
    near = simple.numerator <= 20 and math.isclose(factor, simple, rel_tol=1e-6)
    return simple if near else None, ""


def _product(axes, group):
    return " x ".join(f"{axes[i]}s" if _is_noun(axes[i]) else axes[i] for i in group)


def _raised(pair):
    change = pair.g - pair.e
    offset = np.median(change) if pair.real else change[0]
    if not np.isfinite(offset):
        return None
    sign, size = ("-", -offset) if pair.real and offset < 0 else ("+", offset)
    name = round(size) if pair.counts else _value(size)
    return pair.states(f"got = expected {sign} {name}", lambda e: e + offset)


def _off_by_one(pair):
    alone = pair.got.size == 1
    if not pair.counts or pair.got.dtype.kind == "b" or not (alone or pair.g.size > 2):
        return None
    change = pair.g - pair.e
    if not (np.abs(change) == 1).all():
        return None
    same = (change == change[0]).all()
    size = "off by one" if not same else "1 too large" if change[0] > 0 else "1 too small"
    return f"got is {size}" if alone else f"where they differ, got is {size}"


VALUES = (_not_finite, _constant, _function, _scaled, _raised, _off_by_one)


def _parallel(pair):
    """The same change along some axes, as when the bias of each channel is missing."""
    changes = {
        "got - expected": (pair.b - pair.a, np.add),
        "got / expected": (pair.b / pair.a, np.multiply),
    }
    for name, (change, redo) in changes.items():
        same, groups = [], pair.a.size
        for axis, length in enumerate(pair.a.shape):
            guess = redo(pair.a, change.take([0], axis))
            explained = length > 1 and pair.explained(guess[pair.wrong], pair.e, pair.g)
            if explained and pair.match(guess, pair.b):
                same.append(axis)
                groups //= length
        if same and pair.a.size - groups >= 8:  # repetitions
            return f"{name} does not change along {pair.axis(*same)}"
    return None


def _tiny(pair):
    """Differences that are small beside the values, as rounding would leave them."""
    share = np.max(np.abs(pair.g - pair.e) / np.abs(pair.e))
    if pair.counts or not 0 < share < 1e-3:
        return None
    return f"relative differences are below 1e{math.floor(math.log10(share)) + 1:+03d}"


# ---- detectors: the same values in other places, shapes equal -----------------------------------


def _unchanging(pair):
    for axis, length in enumerate(pair.b.shape):
        first, start = pair.b.take([0], axis), pair.a.take([0], axis)
        if length > 1 and pair.distinct(first) >= 3:
            repeats = pair.match(np.broadcast_to(first, pair.b.shape), pair.b)
            if repeats and not pair.match(np.broadcast_to(start, pair.a.shape), pair.a):
                return f"got does not change along {pair.axis(axis)}"
    return None


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
    """The axes in another order, or the same values in another shape."""
    a, b = pair.expected, pair.got
    if a.size != b.size or a.ndim > 5 or pair.distinct(a) < 3:
        return None
    orders = list(itertools.permutations(range(a.ndim)))
    moved = {order: [axis for axis, old in enumerate(order) if axis != old] for order in orders}
    fits = {order: a.transpose(order).shape == b.shape for order in orders}
    for order in sorted(orders, key=lambda order: (not fits[order], len(moved[order]))):
        if not pair.match(a.transpose(order), b):
            continue
        if order == orders[0]:
            return "got is expected in another shape, its values in the same order"
        if not fits[order]:
            return f"got is expected with its axes in the order {order}, then reshaped"
        if a.ndim == 2:
            return "got is expected transposed"
        if len(moved[order]) == 2:
            return f"got is expected with {pair.axis(*moved[order])} swapped"
        return f"got is expected with its axes in the order {order}"
    return None


def _shifted(pair):
    """Moved along one axis by less than half its length, or along the last two by up to three."""
    shape, last = pair.a.shape, pair.a.ndim - 1
    far = [({i: k}, {i: -k}) for i, n in enumerate(shape) for k in range(1, (n + 1) // 2)]
    near = [step for step in range(-3, 4) if step]
    both = [{last - 1: i, last: j} for i in near for j in near] if last else []
    for step in itertools.chain(*far, both):
        steps = [(step.get(axis, 0), length) for axis, length in enumerate(shape)]
        to = tuple(slice(max(k, 0), n + min(k, 0)) for k, n in steps)
        source = pair.expected[tuple(slice(max(-k, 0), n - max(k, 0)) for k, n in steps)]
        if 2 * source.size < pair.a.size or not pair.match(source, pair.got[to]):
            continue
        if pair.distinct(source[pair.wrong[to]]) >= 3:
            rolled = np.roll(pair.expected, tuple(step.values()), tuple(step))
            verb = "rolled" if pair.match(rolled, pair.got) else "shifted"
            by = " and ".join(f"{k:+d} along {pair.axis(axis)}" for axis, k in step.items())
            return f"got is expected {verb} by {by}"
    return None


def _shuffled(pair):
    """The slices along one axis in another order, as when columns are numbered otherwise."""
    for axis, length in enumerate(pair.a.shape):
        if length < 3 or length == pair.a.size:
            continue
        rows = [np.moveaxis(array, axis, 0).reshape(length, -1) for array in (pair.a, pair.b)]
        # A random projection gives each slice a number to sort by; match then compares them whole.
        keys = np.random.default_rng(0).standard_normal(rows[0].shape[1])
        if pair.match(*(slices[np.argsort(slices @ keys)] for slices in rows)):
            name = pair.axes[axis]
            what = f"{name}s" if _is_noun(name) else f"slices along {pair.axis(axis)}"
            return f"got is expected with its {what} in another order"
    return None


def _permuted(pair):
    if pair.distinct(pair.e) > 3 and pair.match(np.sort(pair.e), np.sort(pair.g)):
        return "got has the values of expected in another order"
    return None


ORDER = (_unchanging, _flipped, _reordered, _shifted, _shuffled, _permuted)


# ---- detectors: shapes different ----------------------------------------------------------------


def sizes(pair):
    """Say by how much the axes of got are longer or shorter."""
    old, new = pair.expected.shape, pair.got.shape
    if pair.expected.size and not pair.got.size:
        return "got is empty"
    if len(old) != len(new) or sorted(old) == sorted(new):
        return None
    changes = {}
    for axis, change in enumerate(np.subtract(new, old).tolist()):
        changes.setdefault(change, []).append(axis)
    words = [
        f"{'larger' if change > 0 else 'smaller'} by {abs(change)} along {pair.axis(*axes)}"
        for change, axes in changes.items()
        if change
    ]
    return f"got is {', '.join(words)}"


def shape_relation(pair):
    """Return how one array can be had from the other by moving, cutting or summing axes."""
    return next(filter(None, (detect(pair) for detect in (_reordered, _cut, _summed))), None)


def _both_ways(pair):
    yield pair.got, pair.expected, "expected is got"
    yield pair.expected, pair.got, "got is expected"


def _cut(pair):
    """One array is a regular part of the other: without a border, or every second column."""
    for big, small, words in _both_ways(pair):
        if big.ndim != small.ndim or pair.distinct(small) < 3:
            continue
        for step in (1, 2, 3, 4):
            cuts = [_parts(*lengths, step) for lengths in zip(big.shape, small.shape, strict=True)]
            if math.prod(map(len, cuts)) > 2000:
                continue
            for cut in itertools.product(*cuts):
                if pair.match(big[cut], small):
                    parts = ", ".join(map(_slice, cut, big.shape))
                    return f"{words}[{parts}]"
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
    for big, small, words in _both_ways(pair):
        # A single sum of integers is matched by chance too easily.
        enough = pair.distinct(big) >= 3 and (pair.distinct(small) >= 3 or not pair.counts)
        if not small.ndim < big.ndim <= 5 or not enough:
            continue
        for axes in itertools.combinations(range(big.ndim), big.ndim - small.ndim):
            over = f"axis {axes[0]}" if len(axes) == 1 else f"axes {axes}"
            for verb, function in (("summed", np.sum), ("averaged", np.mean)):
                total = np.asarray(function(big, axis=axes))
                if total.shape == small.shape and pair.match(total, small):
                    return f"{words} {verb} over {over}"
    return None
