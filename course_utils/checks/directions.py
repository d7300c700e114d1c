"""Slopes by differences: along directions, which tell a wrong gradient from a right one, or entry by entry."""

from __future__ import annotations

import numpy as np

STEP = 1e-5  # of centred differences
DIRECTIONS = 2  # that a wrong gradient fits both is all but impossible


def directions(arrays):
    """Return directions, the same ones each time: in each an array for each of `arrays`, none of it near 0."""
    rng = np.random.default_rng(5)
    return [
        [rng.uniform(0.5, 1.5, a.shape) * rng.choice([-1.0, 1.0], a.shape) for a in arrays]
        for _ in range(DIRECTIONS)
    ]


def are_like(gradients, arrays):
    """Whether there is a gradient of floats for each array, of its shape."""
    return len(gradients) == len(arrays) and all(
        isinstance(g, np.ndarray) and g.dtype.kind == "f" and g.shape == a.shape
        for g, a in zip(gradients, arrays, strict=True)
    )


def fit(gradients, moves, slopes, tolerances):
    """Whether gradients give the slopes along directions."""
    rtol, atol = tolerances
    given = [
        sum(float(np.sum(g * v)) for g, v in zip(gradients, move, strict=True)) for move in moves
    ]
    return np.isfinite(given).all() and np.allclose(given, slopes, rtol, atol)


def both_sides(array):
    """Yield an array with each of its entries moved up, and down."""
    for index in np.ndindex(array.shape):
        for step in (STEP, -STEP):
            moved = array.copy()
            moved[index] += step
            yield moved
