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

from course_utils.checks import excuses
from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.compare import compare
from course_utils.checks.differences import as_numbers
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

    An order of bits that is wrong in full bytes too is charged there: the signs are asked filled up to whole
    bytes as well, with -1 and with +1, and bits in which the two agree are those of the signs.

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
    signs = [one.call.args[0] for one in cases]
    calls = [Args(filled) for fill in (-1, 1) for filled in (_filled(one, fill) for one in signs)]
    back = [b.value for _, b in results_of(function, [*(one.call for one in cases), *calls])]
    values, low, high = (
        back[: len(cases)],
        back[len(cases) : 2 * len(cases)],
        back[2 * len(cases) :],
    )
    found = list(zip(signs, values, strict=True))
    for number, (one, value) in enumerate(zip(cases, values, strict=True)):
        unused = -signs[number].shape[-1] % 8
        true = np.array(one.expected, np.uint8).reshape(*signs[number].shape[:-1], -1)
        expected, counts = true, np.full(true.shape, 255, np.uint8)
        counts[..., -1] <<= unused
        own = [_bytes(filled, true.shape) for filled in (low[number], high[number])]
        if own[0] is not None and own[1] is not None:
            free = own[0] ^ own[1]
            if (np.unpackbits(free, axis=-1).sum(-1) == unused).all():
                expected, counts = own[0] & ~free, ~free
        if not np.array_equal(expected & counts, true):
            excuses.take()
        line, given = line_of(function, one.call), _bytes(value, true.shape)
        if given is None or ((given ^ expected) & counts).any():
            difference = compare(expected, value, 0, 0)
            fail("wrong bytes", line, f"{show(expected)}, the last {unused} bits aside", show(value),
                 difference.where() if difference else "", _otherwise(found))  # fmt: skip
        kind = getattr(value, "dtype", None)
        if kind != np.uint8:
            fail("wrong dtype", line, "an array of uint8", str(kind or type(value).__name__))


def _filled(signs, fill):
    """Return signs up to the next full byte."""
    rest = np.full((*signs.shape[:-1], -signs.shape[-1] % 8), fill)
    return np.concatenate([signs, rest], axis=-1)


def _bytes(value, shape):
    """Return what was answered as bytes, None where it is none of that shape."""
    array = as_numbers(value)
    if array is None or array.shape != shape or array.dtype.kind not in "iu":
        return None
    fits = not array.size or 0 <= array.min() <= array.max() <= 255
    return array.astype(np.uint8) if fits else None


def _otherwise(found):
    """Return what the first misconception says that gives what was answered, or ''."""
    for sentence, wrong in OTHERWISE.items():
        pairs = ((wrong(signs), value) for signs, value in found)
        if all(compare(expected, value, 0, 0) is None for expected, value in pairs):
            return sentence
    return ""


def rows(rng: np.random.Generator, shapes: Sequence[tuple]) -> list[Case]:
    """Return calls of a `pack` with drawn signs of some shapes, and their bytes."""
    signs = [rng.choice([-1, 1], shape) for shape in shapes]
    return [Case(Args(one), bits.pack(one)) for one in signs]
