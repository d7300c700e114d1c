"""Detectors: the same values in other places."""

import itertools

import numpy as np

from course_utils.checks.differences.pair import is_noun


def _unchanging(pair):
    for axis, length in enumerate(pair.b.shape):
        first, start = pair.b.take([0], axis), pair.a.take([0], axis)
        if length > 1 and pair.distinct(first) >= 3:
            repeats = pair.match(np.broadcast_to(first, pair.b.shape), pair.b)
            if repeats and not pair.match(np.broadcast_to(start, pair.a.shape), pair.a):
                return f"got does not change along {pair.axis(axis)}"
    return None


def _flipped(pair):
    for axes in groups_of(pair.a.shape):
        if pair.match(np.flip(pair.expected, axes), pair.got):
            return f"got is expected flipped along {pair.axis(*axes)}"
    return None


def groups_of(shape):
    """Return every set of axes longer than one, the smallest sets first."""
    long = [axis for axis, length in enumerate(shape) if length > 1]
    return [g for n in range(1, len(long) + 1) for g in itertools.combinations(long, n)]


def reordered(pair):
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
            what = f"{name}s" if is_noun(name) else f"slices along {pair.axis(axis)}"
            return f"got is expected with its {what} in another order"
    return None


def _permuted(pair):
    if pair.distinct(pair.e) > 3 and pair.match(np.sort(pair.e), np.sort(pair.g)):
        return "got has the values of expected in another order"
    return None


ORDER = (_unchanging, _flipped, reordered, _shifted, _shuffled, _permuted)
