"""Small data of lecture 03, drawn from a seed in milliseconds: faces, regions, sensors, a film, masks."""

import numpy as np

FACE = 16
"""Rows and columns of a face."""
_ARCH = np.array([[0, 1, 1, 1, 1, 0], [1, 0, 0, 0, 0, 1]])


def drawn_faces(count, seed=0, shift=0):
    """Draw faces that differ only in which way brow and mouth are curved.

    The brow of a glad face (label 0) is an arch and its mouth a bowl; of a sad one (label 1) it is the other
    way round. Both have the same strokes, in other places.

    Parameters
    ----------
    count : int
    seed : int
    shift : int
        Up to how many pixels each face is moved, either way; what leaves on one side enters on the other.

    Returns
    -------
    x : ndarray of shape (count, 16, 16), float
        Strokes are about 1 on a ground of about 0, under noise.
    y : ndarray of shape (count,), int

    Examples
    --------
    >>> x, y = drawn_faces(4)
    >>> x.shape, sorted(set(y.tolist()))
    ((4, 16, 16), [0, 1])
    """
    rng = np.random.default_rng(seed)
    faces = np.zeros((2, FACE, FACE))
    for label, (brow, mouth) in enumerate(((_ARCH, _ARCH[::-1]), (_ARCH[::-1], _ARCH))):
        faces[label, 1:3, 5:11], faces[label, 13:15, 5:11] = brow, mouth
        faces[label, 5:7, 4:6] = faces[label, 5:7, 10:12] = 1  # eyes
        faces[label, 7:11, 7:9] = 0.5  # nose
    y = rng.permutation(np.arange(count) % 2)
    x = faces[y] * rng.uniform(0.7, 1.3, (count, 1, 1)) + rng.normal(0, 0.3, (count, FACE, FACE))
    if shift:
        moves = rng.integers(-shift, shift + 1, (count, 2))
        x = np.stack(
            [np.roll(face, move, axis=(0, 1)) for face, move in zip(x, moves, strict=True)]
        )
    return x, y


def noisy_regions(size=96, seed=0, noise=2.0):
    """Draw regions of −1 and 1 with smooth borders, and the same under noise.

    Returns
    -------
    image, truth : ndarrays of shape (size, size), float
    """
    rng = np.random.default_rng(seed)
    coarse, at = rng.normal(size=(5, 5)), np.linspace(0, 4, size)
    part = np.maximum(0, 1 - abs(at[:, None] - np.arange(5)))  # linear interpolation
    truth = np.where(part @ coarse @ part.T > np.median(coarse), 1.0, -1.0)
    return truth + noise * rng.normal(size=(size, size)), truth


SENSORS = ("temperature", "humidity", "carbon dioxide")
AIRED = 24
"""Minutes that the air of the room takes to recover from an open window."""


def aired_room():
    """Return what an open window does to the three sensors: (3, 24), each from 0 down to −1 and back."""
    minutes = np.arange(AIRED)
    return np.stack(
        [-np.exp(-(((minutes - k) / width) ** 2)) for k, width in ((8, 4), (10, 5), (13, 6))]
    )


def sensor_day(seed=0, openings=6):
    """Draw a day of a room, a value a minute: three sensors, of which an open window moves all.

    The sun behind a cloud moves the temperature alone, a dryer the humidity alone, and one who leaves
    the carbon dioxide alone; each as much as a window does.

    Returns
    -------
    x : ndarray of shape (3, 1440), float
        In the order of :data:`SENSORS`, in units of what a window does.
    opened : list of int
        The minutes at which a window is opened.
    """
    rng = np.random.default_rng(seed)
    minutes = np.arange(1440)
    x = 0.8 * np.sin(2 * np.pi * (minutes[None] / 1440 - [[0.35], [0.6], [0.45]]))
    x = x + 0.25 * rng.normal(size=x.shape)
    starts = 60 * rng.permutation(23)[: openings + 12] + rng.integers(0, 36, openings + 12)
    for k, start in enumerate(starts):
        moved = aired_room()
        if k >= openings:  # one sensor alone
            moved = moved * (np.arange(3) == k % 3)[:, None]
        x[:, start : start + AIRED] += moved
    return x, sorted(starts[:openings].tolist())


def film(seed=0, frames=12, size=24):
    """Draw a film of two blobs on a noisy ground: a red one goes to the right, a blue one to the left.

    Returns
    -------
    ndarray of shape (3, frames, size, size), float
        Colour, time, row, column. Each blob moves by one pixel a frame; between 0 and 1 but for the noise.
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((size, size))
    x = 0.08 * rng.normal(size=(3, frames, size, size))
    for t in range(frames):
        for colour, row, column in ((0, size // 3, 4 + t), (2, 2 * size // 3, size - 5 - t)):
            x[colour, t] += np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 4)
    return x


MASKS = ("ground", "disc", "frame")


def drawn_masks(count, size=24, seed=0):
    """Draw a disc and a frame on a noisy ground, and say of each pixel what it belongs to.

    What a frame goes round belongs to it, though it looks like the ground: a pixel alone does not tell.

    Returns
    -------
    x : ndarray of shape (count, 1, size, size), float32
        Shapes are about 1, the ground about 0.
    y : ndarray of shape (count, size, size), int
        Indices of :data:`MASKS`.
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((size, size))
    disc_radius = size * rng.uniform(0.12, 0.18, (count, 1, 1))
    frame_radius = size * rng.uniform(0.17, 0.26, (count, 1, 1))
    middle = size * rng.uniform(0.22, 0.78, (2, 2, count, 1, 1))
    disc = (rows - middle[0, 0]) ** 2 + (columns - middle[0, 1]) ** 2 < disc_radius**2
    away = np.maximum(abs(rows - middle[1, 0]), abs(columns - middle[1, 1]))
    frame = away < frame_radius
    y = np.where(disc, 1, np.where(frame, 2, 0))
    bright = disc | (frame & (away > frame_radius - 0.08 * size))
    x = bright + 0.2 * rng.normal(size=y.shape)
    return x[:, None].astype(np.float32), y
