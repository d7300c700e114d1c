"""Detectors: how the shapes are related, where they differ."""

import itertools
import math

import numpy as np

from course_utils.checks.differences.order import reordered


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
    return next(filter(None, (detect(pair) for detect in (reordered, _cut, _summed))), None)


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
