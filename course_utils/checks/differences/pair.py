"""Two numeric arrays, elementwise agreement, and the evidence in them."""

import numpy as np

AXES = {1: ("element",), 2: ("row", "column"), 4: ("N", "C", "H", "W")}


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
    a, b = wide(expected), wide(got)
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
        self.a, self.b = wide(expected), wide(got)
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
        values = wide(values.ravel()[:: max(1, values.size // 1000)])
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


def wide(array):
    """Return an array in float64 or complex128."""
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def is_noun(name):
    """Whether an axis is called by a noun ("filter") rather than a letter."""
    return len(name) > 1 and name.isalpha()
