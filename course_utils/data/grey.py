"""The drawn grey set: the outlines of the drawn set in grey, nearly upright, easy enough for a small network.

One light shape stands about in the middle of each image, on a ground that gets lighter to one side,
with a scrap of another grey behind it, under noise. There is no colour to go
by: what tells the classes apart is the outline. The same bytes on every machine, by the rules of
:mod:`course_utils.data.drawn`.
"""

import numpy as np

from course_utils.data.drawn import CHUNK
from course_utils.data.shapes import SHAPES

# How hard it is: chosen by measuring, see the end of lecture 02. Lengths are in halves of the image.
CONTRAST = (0.25, 0.5)
SLOPE = 0.18  # how much lighter or darker the ground gets from the middle to the border
NOISE = 0.07
RADIUS = (0.42, 0.68)
REACH = 0.26
STRETCH = 1.25
TURN = 0.2  # tangent of half the largest angle: 23 degrees to either side
SCRAP_RADIUS, SCRAP_REACH = (0.12, 0.3), 0.9


def grey_images(count, size=28, seed=0):
    """Draw grey images of ten classes; the same arguments always give the same images.

    Parameters
    ----------
    count : int
    size : int
        Rows and columns, at least 8.
    seed : int
        Another seed gives other images of the same classes.

    Returns
    -------
    x : ndarray of shape (count, 1, size, size), uint8
    y : ndarray of shape (count,), int64
        Indices of :data:`~course_utils.data.drawn.DRAWN_CLASSES`, in random order and about equally often.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> x, y = grey_images(20)
    >>> x.shape, x.dtype, sorted(y.tolist()) == sorted([*range(10), *range(10)])
    ((20, 1, 28, 28), dtype('uint8'), True)
    """
    if count < 0 or size < 8:
        raise ValueError(f"count={count} must be at least 0, size={size} at least 8")
    x = np.empty((count, 1, size, size), np.uint8)
    y = np.empty(count, np.int64)
    for chunk, start in enumerate(range(0, count, CHUNK)):
        image, labels = _draw(np.random.default_rng([seed, chunk]), size)
        stop = min(start + CHUNK, count)
        x[start:stop, 0] = np.rint(255 * image[: stop - start])
        y[start:stop] = labels[: stop - start]
    return x, y


def _draw(rng, size):
    """Draw one chunk: (CHUNK, size, size) in [0, 1], and the classes."""
    # Every ten in a row have all classes.
    labels = rng.random((CHUNK // 10, 10)).argsort(axis=1).ravel()
    axis = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1
    ground = _uniform(rng, 0.15, 0.5)
    down, right = (_uniform(rng, -SLOPE, SLOPE).astype(np.float32) for _ in range(2))
    image = ground.astype(np.float32) + down * axis[:, None] + right * axis

    (u, v), radius = _seen(rng, axis, SCRAP_RADIUS, SCRAP_REACH)
    scrap = np.sqrt(u * u + v * v) - 1
    image = _laid(image, scrap * radius * size, _uniform(rng, 0.1, 0.8))

    (u, v), radius = _seen(rng, axis, RADIUS, REACH)
    form = _uniform(rng, -1, 1).astype(np.float32)
    outside = np.empty((CHUNK, size, size), np.float32)
    for label, shape in enumerate(SHAPES.values()):
        mine = labels == label
        outside[mine] = shape(u[mine], v[mine], form[mine])
    image = _laid(image, outside * radius * size, ground + _uniform(rng, *CONTRAST))

    # The sum of three numbers, each as likely as any other, is close to a normal one.
    noise = sum(rng.random(image.shape, np.float32) for _ in range(3)) - np.float32(1.5)
    return np.clip(image + np.float32(2 * NOISE) * noise, 0, 1), labels


def _uniform(rng, low, high):
    return low + (high - low) * rng.random((CHUNK, 1, 1))


def _seen(rng, axis, radii, reach):
    """Return the coordinates of all pixels as shapes see them, whose radius is 1, and the radii."""
    place = [_uniform(rng, -reach, reach).astype(np.float32) for _ in range(2)]
    radius = _uniform(rng, *radii).astype(np.float32)
    stretch = np.sqrt(_uniform(rng, 1 / STRETCH, STRETCH)).astype(np.float32)
    t = _uniform(rng, -TURN, TURN)
    c, s = ((1 - t * t) / (1 + t * t)).astype(np.float32), (2 * t / (1 + t * t)).astype(np.float32)
    down, right = axis[:, None] - place[0], axis - place[1]
    along, across = c * right + s * down, c * down - s * right
    return (along / (radius * stretch), across / (radius / stretch)), radius


def _laid(image, outside, grey):
    """Lay a shape over an image; `outside` is the distance from its edge, about in half pixels."""
    alpha = np.clip(0.5 - outside / 2, 0, 1)
    return image + alpha * (grey.astype(np.float32) - image)
