"""Detectors: which places the differences have in common."""

import math

import numpy as np

from course_utils.checks.differences.pair import is_noun

SURPRISE = 5  # bits; a place is named when chance would hit it less than once in 2**5 times


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
    noun = is_noun(name)
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
