"""Signs packed into bytes, of whose last byte only some bits count.

>>> import numpy as np
>>> from course_utils.checks import args, case
>>> def pack(signs):
...     return np.packbits(signs > 0, axis=-1) | 1  # anything in the last bit
>>> packs(pack, [case(args(np.array([1, -1, 1])), [[160]])])
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.compare import compare
from course_utils.checks.message import fail
from course_utils.checks.tables import Case
from course_utils.checks.words import show
from course_utils.layers import bits

# What packs otherwise; each is named where it gives what was answered.
OTHERWISE = {
    "the first sign in the lowest bit: it is the highest": lambda s: np.packbits(
        s > 0, axis=-1, bitorder="little"
    ),
    "-1 for a 1 bit: it is +1": lambda s: np.packbits(s < 0, axis=-1),
    "-1 packed as a number that is not 0: it is a 0 bit": lambda s: np.packbits(s != 0, axis=-1),
    "zeros before the first sign: what is missing is missing at the end": lambda s: np.packbits(
        np.pad(s, [(0, 0)] * (s.ndim - 1) + [(-s.shape[-1] % 8, 0)], constant_values=-1) > 0,
        axis=-1,
    ),
    "the last byte filled from its lowest bit: signs begin at the highest": lambda s: _low_last(s),
    "signs that do not fill a byte are dropped: they have a byte of their own": lambda s: (
        np.packbits(s[..., : s.shape[-1] // 8 * 8] > 0, axis=-1)
    ),
    "a byte too many: n signs have n / 8 bytes, rounded up": lambda s: np.packbits(
        np.pad(s, [(0, 0)] * (s.ndim - 1) + [(0, 8 - s.shape[-1] % 8)]) > 0, axis=-1
    ),
    "packed along all axes: the last one only": lambda s: np.packbits(s > 0),
}


def _low_last(signs):
    found = bits.pack(signs)
    found[..., -1] >>= -signs.shape[-1] % 8
    return found


def packs(function: Callable, cases: Iterable[Case]) -> None:
    """Check the bits of signs, those after the last sign aside, and the dtype of the bytes.

    Parameters
    ----------
    function : callable
        The answer, a `pack`.
    cases : iterable of Case
        Calls, and bytes with zeros after the last sign; of one vector they may be a list in a list.

    Raises
    ------
    CheckFailed
    """
    cases = list(cases)
    rows = results_of(function, [one.call for one in cases])
    found = [(one, call, back.value) for one, (call, back) in zip(cases, rows, strict=False)]
    for one, call, value in found:
        [signs] = call.args
        n = signs.shape[-1]
        expected = np.array(one.expected, np.uint8).reshape(*signs.shape[:-1], -1)
        line = line_of(function, call)
        if compare(np.zeros(expected.shape), value, 0.0, np.inf) or compare(
            _first(expected, n), _first(value, n), 0, 0
        ):
            difference = compare(expected, value, 0, 0)
            fail("wrong bytes", line, f"{show(expected)}, the last {-n % 8} bits aside", show(value),
                 difference.where() if difference else "", _otherwise(found))  # fmt: skip
        kind = getattr(value, "dtype", None)
        if kind != np.uint8:
            fail("wrong dtype", line, "an array of uint8", str(kind or type(value).__name__))


def _first(value, n):
    """Return the first `n` bits of bytes."""
    array = np.asarray(value)
    if array.dtype.kind not in "iu" or array.size and not 0 <= array.min() <= array.max() <= 255:
        return array
    return np.unpackbits(array.astype(np.uint8), axis=-1, count=n)


def _otherwise(found):
    """Return what the first misconception says that gives what was answered, or ''."""
    for sentence, wrong in OTHERWISE.items():
        pairs = ((wrong(call.args[0]), value) for _, call, value in found)
        if all(compare(expected, value, 0, 0) is None for expected, value in pairs):
            return sentence
    return ""


def rows(rng: np.random.Generator, shapes: Sequence[tuple]) -> list[Case]:
    """Return calls of a `pack` with drawn signs of some shapes, and their bytes."""
    signs = [rng.choice([-1, 1], shape) for shape in shapes]
    return [Case(Args(one), bits.pack(one)) for one in signs]
