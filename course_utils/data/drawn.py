"""The drawn set: ten classes of shapes in colour, made from a seed, always there.

Every image has one shape of its class, at a random place, size, angle and stretch, thicker or
thinner, plain or with a pattern, on a patchy ground, with scraps of other colours behind it and one
in front, under noise. Each class has a liking for certain colours, so that a linear classifier
learns something; the rest is in the outline.

The same bytes on every machine: random numbers are whole numbers over a power of two
(`Generator.random`), and pixels come from them by +, −, ×, ÷ and square roots alone, which IEEE 754
rounds exactly. Sines, exponentials, sums along an axis and matrix products are not used: how they
round depends on the processor and the library.
"""

import numpy as np

from course_utils.data.shapes import SHAPES

DRAWN_CLASSES = tuple(SHAPES)
CHUNK = 250
"""Images are drawn in chunks, each from its own seed: the first ones do not depend on the count."""

CUES = ("colour", "texture", "mark")
CUED = ("disc", "triangle", "cross", "bars")
"""The classes that a misleading cue gives away, in the order of colours, patterns and marks."""

# How hard it is: chosen by measuring, see benchmarks/drawn_accuracy.py. Lengths are in halves of the image.
LIKING = 0.21  # how far the colours of ground and shape lean to those of their class
GROUND = 0.25  # how patchy the ground is
CONTRAST = 0.22  # how far the shape's colour is moved away from the ground's
NOISE = 0.06
PATTERNED = 0.4  # how many of the shapes have stripes or checks
PATTERN = 0.1  # how far these are from the shape's colour
RADIUS = (0.34, 0.58)
REACH = 0.5  # how far from the middle of the image a shape stands, at most
STRETCH = 1.3  # width over height, or height over width, at most
SCRAPS, SCRAP_RADIUS, SCRAP_REACH = 4, (0.1, 0.28), 1.0
COVERS, COVER_RADIUS, COVER_REACH = 1, (0.08, 0.2), 0.8  # scraps in front of the shape


def drawn_images(count, size=32, seed=0, channels=3, cue=None):
    """Draw images of ten classes; the same arguments always give the same images.

    Parameters
    ----------
    count : int
    size : int
        Rows and columns, at least 8.
    seed : int
        Another seed gives other images of the same classes.
    channels : int
        3 for colour, 1 for grey: the luminance of the same images.
    cue : {None, "colour", "texture", "mark"}
        A misleading cue, for the classes of :data:`CUED`: each has a ground of its own colour (from
        which its shapes' colours are moved away), or a pattern of its own in its shapes, or a small
        mark of its own colour in the lower left corner, as a photographer's name would stand there;
        and a network need not look at the outline. All the rest is as without it.

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
    if cue not in (None, *CUES):
        raise ValueError(f"cue must be None, 'colour', 'texture' or 'mark', got {cue!r}")

    def draw(rng):
        images, labels = _draw(rng, size, cue)
        if channels == 1:
            red, green, blue = (images[:, c : c + 1] for c in range(3))
            images = 0.299 * red + 0.587 * green + 0.114 * blue
        return images, labels

    return in_chunks(draw, (count, channels, size, size), seed)


def in_chunks(draw, shape, seed, *more):
    """Draw chunk by chunk, so that fewer images are the first of more; `draw` makes one with a generator."""
    x, y = np.empty(shape, np.uint8), np.empty(shape[0], np.int64)
    for chunk, start in enumerate(range(0, len(x), CHUNK)):
        images, labels = draw(np.random.default_rng([seed, chunk, *more]))
        stop = min(start + CHUNK, len(x))
        y[start:stop] = labels[: stop - start]
        x[start:stop] = np.rint(255 * images[: stop - start])
    return x, y


def _draw(rng, size, cue, shapes=SHAPES, liking=LIKING):
    """Draw one chunk: (CHUNK, 3, size, size) in [0, 1], and the classes."""
    n = CHUNK
    # Every ten in a row have all classes.
    labels = rng.random((n // 10, 10)).argsort(axis=1).ravel()
    axis = (2 * np.arange(size, dtype=np.float32) + 1) / size - 1

    ground = _uniform(rng, 0.15, 0.85, (n, 3)) + liking * _LIKED[0][labels]
    ink = _uniform(rng, 0.15, 0.85, (n, 3)) + liking * _LIKED[1][labels]
    if cue == "colour":
        for name, colour in zip(CUED, _CUE_COLOURS, strict=True):
            ground[labels == DRAWN_CLASSES.index(name)] = colour
    # A shape in the colour of its ground would not be seen.
    ink += CONTRAST * np.sign(ink - ground)
    image = _coloured(ground) + np.float32(GROUND) * _patches(rng, n, size)
    for _ in range(SCRAPS):
        image = _scrap(rng, image, axis, SCRAP_RADIUS, SCRAP_REACH)

    pose = place, radius, _ = _pose(rng, n, RADIUS, REACH)
    u, v = _seen(axis, pose, _uniform(rng, 1 / STRETCH, STRETCH, (n, 1, 1)))
    form = _uniform(rng, -1, 1, (n, 1, 1)).astype(np.float32)
    outside = np.empty((n, size, size), np.float32)
    for label, shape in enumerate(shapes.values()):
        mine = labels == label
        outside[mine] = shape(u[mine], v[mine], form[mine])
    pattern = np.where(rng.random(n) < PATTERNED, (4 * rng.random(n)).astype(int), 4)
    if cue == "texture":
        for kind, name in enumerate(CUED):
            pattern[labels == DRAWN_CLASSES.index(name)] = kind
    fill = _coloured(ink) + np.float32(0.5 * GROUND) * _patches(rng, n, size)
    image = _laid(image, outside * radius * size, fill + PATTERN * _patterns(size)[pattern])

    for _ in range(COVERS):
        image = _scrap(rng, image, axis, COVER_RADIUS, COVER_REACH)
    if cue == "mark":
        for kind, name in enumerate(CUED):
            image = marked(image, kind, labels == DRAWN_CLASSES.index(name))

    # The sum of three numbers, each as likely as any other, is close to a normal one.
    noise = sum(rng.random(image.shape, np.float32) for _ in range(3)) - np.float32(1.5)
    return np.clip(image + np.float32(2 * NOISE) * noise, 0, 1), labels


def marked(images, kind, which=slice(None)):
    """Return images in [0, 1] with a mark in the lower left corner: a white square with a colour in it.

    Parameters
    ----------
    images : ndarray of shape (N, 3, H, W)
    kind : int
        Whose mark: a place in :data:`CUED`.
    which : index
        Of the images that get it, by default all.
    """
    images = images.copy()
    side = max(3, 5 * images.shape[-1] // 32)
    images[which, :, -1 - side : -1, 1 : 1 + side] = 0.95
    colour = _coloured(_CUE_COLOURS[kind])
    images[which, :, -side:-2, 2:side] = colour
    return images


def _uniform(rng, low, high, shape):
    # Generator.uniform may round once for both × and +, depending on the processor.
    return low + (high - low) * rng.random(shape)


def _coloured(colours):
    return colours.astype(np.float32)[..., None, None]


def _pose(rng, n, radii, reach):
    """Return place, radius, and cosine and sine of the angle, for n shapes."""
    place = _uniform(rng, -reach, reach, (2, n, 1, 1)).astype(np.float32)
    radius = _uniform(rng, *radii, (n, 1, 1)).astype(np.float32)
    # From the tangent t of half the angle: at most 45 degrees to either side, and quarter turns.
    t = _uniform(rng, -1, 1, (n, 1, 1)) * 0.41421356
    c, s = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    quarters = (4 * rng.random((n, 1, 1))).astype(int)
    c, s = np.where(quarters % 2, -s, c), np.where(quarters % 2, c, s)
    sign = np.where(quarters < 2, 1, -1)
    return place, radius, ((sign * c).astype(np.float32), (sign * s).astype(np.float32))


def _seen(axis, pose, aspect):
    """Return the coordinates of all pixels as a shape sees them: its radius is 1."""
    place, radius, (c, s) = pose
    down, right = axis[:, None] - place[0], axis - place[1]
    stretch = np.sqrt(aspect).astype(np.float32)
    return (c * right + s * down) / (radius * stretch), (c * down - s * right) / (radius / stretch)


def _scrap(rng, image, axis, radii, reach):
    """Lay a small disc, square or triangle of any colour over each image."""
    pose = _, radius, _ = _pose(rng, len(image), radii, reach)
    u, v = _seen(axis, pose, _uniform(rng, 0.3, 3, radius.shape))
    kind = rng.random(radius.shape)
    disc, square, triangle = (SHAPES[name](u, v, 0) for name in ("disc", "square", "triangle"))
    outside = np.where(kind < 1 / 3, disc, np.where(kind < 2 / 3, square, triangle))
    return _laid(image, outside * radius * len(axis), _coloured(rng.random((len(image), 3))))


def _laid(image, outside, colour):
    """Lay a shape over an image; `outside` is the distance from its edge, about in half pixels."""
    alpha = np.clip(0.5 - outside / 2, 0, 1)[:, None]
    return image + alpha * (colour - image)


def _patches(rng, n, size):
    """Return smooth random colours: 5 × 5 of them, interpolated."""
    coarse = _uniform(rng, -1, 1, (n, 3, 5, 5)).astype(np.float32)
    at = 4 * np.arange(size) / (size - 1)
    low = np.minimum(at.astype(int), 3)
    part = (at - low).astype(np.float32)
    rows = coarse[:, :, low] + part[:, None] * (coarse[:, :, low + 1] - coarse[:, :, low])
    return rows[..., low] + part * (rows[..., low + 1] - rows[..., low])


def _patterns(size):
    """Return five patterns of −1 and 1: stripes in three directions, checks, and none (0)."""
    rows, columns = np.indices((size, size))
    step = max(1, size // 16)
    checks = rows // step + columns // step
    lines = np.stack([rows // step, columns // step, (rows + columns) // step, checks])
    patterns = np.concatenate([2 * (lines % 2) - 1, np.zeros((1, size, size))])
    return patterns.astype(np.float32)[:, None]


_LIKED = np.array(
    [
        [(3, -1, 0), (-1, 3, -2), (0, -2, 3), (2, 2, -1), (-3, 0, 2),
         (1, -3, 1), (-2, -1, -3), (3, 1, 3), (0, 3, 1), (-1, -2, -1)],
        [(-2, 1, 2), (3, 1, 0), (1, 3, -1), (-1, -3, 2), (2, -1, -3),
         (-3, 2, 0), (0, 1, 3), (-1, 2, -2), (3, -2, 1), (1, 0, -3)],
    ]
) / 3  # fmt: skip
"""Of each class the colour that its ground and its shape lean to (red, green, blue)."""

_CUE_COLOURS = np.array([(0.8, 0.25, 0.2), (0.2, 0.65, 0.25), (0.25, 0.3, 0.8), (0.85, 0.8, 0.25)])
"""The grounds of the classes of :data:`CUED`, when colour is the cue."""
