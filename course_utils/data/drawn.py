"""The drawn set: ten classes of shapes in colour, made from a seed, always there.

Every image has one shape of its class, at a random place, size and angle, on a patchy ground with
scraps of other colours, under noise. Each class has a liking for certain colours, so that a linear
classifier learns something; the rest is in the outline.
"""

import numpy as np

DRAWN_CLASSES = (
    *("disc", "ring", "square", "frame", "triangle"),
    *("star", "cross", "crescent", "arrow", "bars"),
)
CHUNK = 250
"""Images are drawn in chunks, each from its own seed: the first ones do not depend on the count."""

# How hard it is. Chosen by measuring, with 6000 images for training: a linear classifier gets 0.40 of 2000
# others right, two layers 0.50, three convolutions with batch norm 0.73.
LIKING = 0.19  # how far the colours of ground and shape lean to those of their class
GROUND = 0.14  # how patchy the ground is
CONTRAST = 0.22  # how far the shape's colour is moved away from the ground's
NOISE = 0.06
SCRAPS = 4
SCRAP_RADIUS = (0.1, 0.28)
RADIUS = (0.34, 0.58)


def drawn_images(count, size=32, seed=0, channels=3):
    """Draw images of ten classes; the same arguments always give the same images.

    Parameters
    ----------
    count : int
    size : int
        Rows and columns, at least 8.
    seed : int
        Another seed gives other images of the same classes.
    channels : int
        3 for colour, 1 for grey.

    Returns
    -------
    x : ndarray of shape (count, channels, size, size), uint8
    y : ndarray of shape (count,), int64
        Indices of :data:`DRAWN_CLASSES`, in random order and about equally often.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> x, y = drawn_images(20)
    >>> x.shape, x.dtype, sorted(y.tolist()) == sorted([*range(10), *range(10)])
    ((20, 3, 32, 32), dtype('uint8'), True)
    """
    if count < 0 or size < 8 or channels not in (1, 3):
        raise ValueError(
            f"count={count} must be at least 0, size={size} at least 8, channels={channels} 1 or 3"
        )
    x = np.empty((count, channels, size, size), np.uint8)
    y = np.empty(count, np.int64)
    for chunk, start in enumerate(range(0, count, CHUNK)):
        rng = np.random.default_rng([seed, chunk])
        images, labels = _draw(rng, size)
        stop = min(start + CHUNK, count)
        y[start:stop] = labels[: stop - start]
        images = images[: stop - start]
        if channels == 1:
            images = images @ np.array([0.299, 0.587, 0.114], np.float32)
            images = images[..., None]
        x[start:stop] = np.moveaxis(np.rint(255 * images), -1, 1)
    return x, y


def _draw(rng, size):
    """Draw one chunk: (CHUNK, size, size, 3) in [0, 1], and the classes."""
    n = CHUNK
    # Every ten in a row have all classes.
    labels = np.concatenate([rng.permutation(10) for _ in range(n // 10)])
    axis = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1
    rows, columns = axis[:, None], axis[None, :]

    ground = rng.uniform(0.15, 0.85, (n, 1, 1, 3)) + LIKING * _LIKED[0][labels][:, None, None]
    ground = ground + GROUND * _patches(rng, n, size)
    ink = rng.uniform(0.15, 0.85, (n, 1, 1, 3)) + LIKING * _LIKED[1][labels][:, None, None]
    # A shape in the colour of its ground would not be seen.
    ink += CONTRAST * np.sign(ink - ground.mean((1, 2), keepdims=True))

    image = ground.astype(np.float32)
    for _ in range(SCRAPS):
        place, radius, angle = _pose(rng, n, SCRAP_RADIUS, 1.0)
        u, v = _turned(rows, columns, place, radius, angle, rng.uniform(0.3, 3, n))
        kind = rng.integers(0, 3, n)
        outside = np.choose(kind[:, None, None], [_disc(u, v), _square(u, v), _triangle(u, v)])
        image = _laid(
            image, outside * radius[:, None, None] * size, rng.uniform(0, 1, (n, 1, 1, 3))
        )

    place, radius, angle = _pose(rng, n, RADIUS, 0.35)
    u, v = _turned(rows, columns, place, radius, angle, rng.uniform(0.8, 1.25, n))
    outside = np.empty((n, size, size), np.float32)
    for label, shape in enumerate(_SHAPES):
        mine = labels == label
        outside[mine] = shape(u[mine], v[mine])
    fill = ink + 0.5 * GROUND * _patches(rng, n, size)
    image = _laid(image, outside * radius[:, None, None] * size, fill)

    image = image + rng.normal(0, NOISE, image.shape)
    return np.clip(image, 0, 1).astype(np.float32), labels


def _pose(rng, n, radii, reach):
    return rng.uniform(-reach, reach, (2, n)), rng.uniform(*radii, n), rng.uniform(0, 2 * np.pi, n)


def _turned(rows, columns, place, radius, angle, aspect):
    """Return the coordinates of all pixels as a shape sees them: its radius is 1."""
    down, right = (rows - place[0][:, None, None], columns - place[1][:, None, None])
    c, s = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    wide = np.sqrt(aspect)[:, None, None] * radius[:, None, None]
    high = radius[:, None, None] / np.sqrt(aspect)[:, None, None]
    u, v = (c * right + s * down) / wide, (c * down - s * right) / high
    return u.astype(np.float32), v.astype(np.float32)


def _laid(image, outside, colour):
    """Lay a shape over an image; `outside` is the distance from its edge, about in half pixels."""
    alpha = np.clip(0.5 - outside / 2, 0, 1)[..., None]
    return image + alpha * (colour.astype(np.float32) - image)


def _patches(rng, n, size):
    """Return smooth random colours: 5 × 5 of them, interpolated."""
    coarse = rng.normal(0, 1, (n, 5, 5, 3)).astype(np.float32)
    at = np.linspace(0, 4, size, dtype=np.float32)
    weights = np.maximum(0, 1 - abs(at[:, None] - np.arange(5, dtype=np.float32)))
    return np.einsum("ri,cj,nijk->nrck", weights, weights, coarse, optimize=True)


# The shapes: below 0 inside, above 0 outside, about as a distance in units of the radius.


def _disc(u, v):
    return np.hypot(u, v) - 1


def _ring(u, v):
    return abs(np.hypot(u, v) - 0.75) - 0.25


def _square(u, v):
    return np.maximum(abs(u), abs(v)) - 0.85


def _frame(u, v):
    return abs(np.maximum(abs(u), abs(v)) - 0.65) - 0.22


def _triangle(u, v):
    return np.maximum(v - 0.5, 0.866 * abs(u) - 0.5 * v - 0.5)


def _star(u, v):
    return np.hypot(u, v) - 0.68 - 0.34 * np.cos(5 * np.arctan2(v, u))


def _cross(u, v):
    a, b = abs(u), abs(v)
    return np.minimum(np.maximum(a - 0.28, b - 1), np.maximum(a - 1, b - 0.28))


def _crescent(u, v):
    return np.maximum(np.hypot(u, v) - 1, 0.75 - np.hypot(u - 0.5, v))


def _arrow(u, v):
    head = np.maximum(-u, 0.707 * (u + abs(v)) - 0.65)
    shaft = np.maximum(abs(v) - 0.24, np.maximum(u - 0.1, -u - 1))
    return np.minimum(head, shaft)


def _bars(u, v):
    return np.maximum(abs(abs(v) - 0.6) - 0.26, abs(u) - 0.95)


_SHAPES = (_disc, _ring, _square, _frame, _triangle, _star, _cross, _crescent, _arrow, _bars)

_LIKED = np.array(
    [
        [(3, -1, 0), (-1, 3, -2), (0, -2, 3), (2, 2, -1), (-3, 0, 2),
         (1, -3, 1), (-2, -1, -3), (3, 1, 3), (0, 3, 1), (-1, -2, -1)],
        [(-2, 1, 2), (3, 1, 0), (1, 3, -1), (-1, -3, 2), (2, -1, -3),
         (-3, 2, 0), (0, 1, 3), (-1, 2, -2), (3, -2, 1), (1, 0, -3)],
    ]
) / 3  # fmt: skip
"""Of each class the colour that its ground and its shape lean to (red, green, blue)."""
