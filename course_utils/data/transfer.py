"""Two more drawn sets, to which a network that has learned the first one is transferred.

The *similar* one has ten other outlines, drawn in the same way, but no class has a liking for a colour. The
*different* one has no outlines at all: a class is how the stripes or checks run that fill the whole image.
As for the first set, the same arguments give the same bytes on every machine; see
`course_utils.data.drawn`.
"""

import numpy as np

from course_utils.data import drawn


def _half(u, v, form):
    return np.maximum(np.sqrt(u * u + v * v) - 1, v - 0.15 * form)


def _pie(u, v, form):
    return np.maximum(np.sqrt(u * u + v * v) - 1, np.minimum(u + 0.1 * form, v + 0.1 * form))


def _bar(u, v, wide, high):
    return np.maximum(abs(u) - wide, abs(v) - high)


def _ell(u, v, form):
    half = 0.3 + 0.06 * form
    return np.minimum(_bar(u + 0.55, v, half, 0.95), _bar(u, v - 0.65, 0.85, half))


def _tee(u, v, form):
    half = 0.28 + 0.06 * form
    return np.minimum(_bar(u, v, half, 0.95), _bar(u, v + 0.65, 0.95, half))


def _aitch(u, v, form):
    half = 0.26 + 0.05 * form
    return np.minimum(_bar(abs(u) - 0.62, v, half, 0.9), _bar(u, v, 0.7, half))


def _yoke(u, v, form):
    half = 0.24 + 0.05 * form
    return np.minimum(_bar(abs(u) - 0.64, v, half, 0.9), _bar(u, v - 0.66, 0.8, half))


def _hexagon(u, v, form):
    return np.maximum(0.866025 * abs(u) + 0.5 * abs(v), abs(v)) - 0.87


def _lens(u, v, form):
    beyond = abs(u) + 0.55 + 0.1 * form
    return np.sqrt(beyond * beyond + v * v) - 1.15


def _dumbbell(u, v, form):
    side = abs(u) - 0.58
    return np.minimum(np.sqrt(side * side + v * v) - 0.42, _bar(u, v, 0.6, 0.16 + 0.04 * form))


def _dots(u, v, form):
    found = None
    for x, y in ((0, -0.62), (0.56, 0.4), (-0.56, 0.4)):
        dot = np.sqrt((u - x) * (u - x) + (v - y) * (v - y)) - 0.38 - 0.04 * form
        found = dot if found is None else np.minimum(found, dot)
    return found


OUTLINES = {
    "half": _half,
    "pie": _pie,
    "ell": _ell,
    "tee": _tee,
    "aitch": _aitch,
    "yoke": _yoke,
    "hexagon": _hexagon,
    "lens": _lens,
    "dumbbell": _dumbbell,
    "dots": _dots,
}
SIMILAR_CLASSES = tuple(OUTLINES)

# Contrast, noise and how far a pattern is turned within its class, at most (the tangent of half the angle).
WAVE, NOISE, TURN = 0.14, 0.16, 0.08
PERIODS = (4.0, 6.5)
"""Pixels of an image of 32 from one stripe to the next, in the fine and in the coarse classes."""
_KINDS = ("fine", "coarse")
_RUNS = ("level", "falling", "upright", "rising", "checks")
DIFFERENT_CLASSES = tuple(f"{kind} {run}" for kind in _KINDS for run in _RUNS)


def similar_images(count, seed=0, size=32):
    """Draw images of ten other outlines, in the same way as the first set.

    Parameters
    ----------
    count, seed, size : int
        As of :func:`~course_utils.data.drawn_images`.

    Returns
    -------
    x : ndarray of shape (count, 3, size, size), uint8
    y : ndarray of shape (count,), int64
        Indices of :data:`SIMILAR_CLASSES`, in random order and about equally often.

    Examples
    --------
    >>> x, y = similar_images(20)
    >>> x.shape, sorted(y.tolist()) == sorted([*range(10), *range(10)])
    ((20, 3, 32, 32), True)
    """
    return _drawn(
        lambda rng: drawn._draw(rng, size, None, OUTLINES, liking=0), count, seed, size, 1
    )


def different_images(count, seed=0, size=32):
    """Draw images that are filled with stripes or checks, level, upright or slanting, fine or coarse.

    Phase, colours and contrast are any, the direction a few degrees off, and there is much noise.

    Parameters
    ----------
    count, seed, size : int
        As of :func:`~course_utils.data.drawn_images`.

    Returns
    -------
    x : ndarray of shape (count, 3, size, size), uint8
    y : ndarray of shape (count,), int64
        Indices of :data:`DIFFERENT_CLASSES`, in random order and about equally often.

    Examples
    --------
    >>> x, y = different_images(20)
    >>> x.shape, DIFFERENT_CLASSES[:2]
    ((20, 3, 32, 32), ('fine level', 'fine falling'))
    """
    return _drawn(lambda rng: _filled(rng, size), count, seed, size, 2)


def _drawn(draw, count, seed, size, which):
    if count < 0 or size < 8:
        raise ValueError(f"count={count} must be at least 0, size={size} at least 8")
    return drawn.in_chunks(draw, (count, 3, size, size), seed, which)


def _filled(rng, size):
    """Draw one chunk of patterns: images in [0, 1], and the classes."""
    n = drawn.CHUNK
    labels = rng.random((n // 10, 10)).argsort(axis=1).ravel()
    kind, run = labels // 5, labels % 5
    # Directions 0, 45, 90 and 135 degrees, and any of them for checks, turned a little.
    eighth = np.where(run == 4, (4 * rng.random(n)).astype(int), run)
    c, s = (
        np.array(a)[eighth]
        for a in ((1, 0.70710678, 0, -0.70710678), (0, 0.70710678, 1, 0.70710678))
    )
    t = drawn._uniform(rng, -TURN, TURN, n)
    turn = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    c, s = c * turn[0] - s * turn[1], s * turn[0] + c * turn[1]
    period = np.array(PERIODS)[kind] * drawn._uniform(rng, 0.93, 1.07, n) * size / 32
    rows, columns = (np.arange(size)[:, None], np.arange(size)[None])
    c, s, period = (a[:, None, None] for a in (c, s, period))
    along = _wave((c * rows + s * columns) / period + rng.random((n, 1, 1)))
    across = _wave((c * columns - s * rows) / period + rng.random((n, 1, 1)))
    pattern = np.where((run == 4)[:, None, None], along * across * 1.5, along)
    strength = drawn._uniform(rng, 0.7, 1.3, (n, 1)) * drawn._uniform(rng, -1, 1, (n, 3))
    image = drawn._coloured(drawn._uniform(rng, 0.3, 0.7, (n, 3)))
    image = image + np.float32(0.5 * drawn.GROUND) * drawn._patches(rng, n, size)
    image = image + drawn._coloured(WAVE * strength) * pattern[:, None].astype(np.float32)
    noise = sum(rng.random(image.shape, np.float32) for _ in range(3)) - np.float32(1.5)
    return np.clip(image + np.float32(2 * NOISE) * noise, 0, 1), labels


def _wave(x):
    """A wave between −1 and 1 of straight lines, with period 1: sines round differently on other machines."""
    return 4 * abs(x - np.floor(x) - 0.5) - 1
