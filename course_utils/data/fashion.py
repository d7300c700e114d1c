"""Fashion-MNIST, read from the publisher's own four files."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

FASHION_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
FASHION_FILES = {
    "train-images-idx3-ubyte.gz": ("8d4fb7e6c68d591d4c3dfef9ec88bf0d", (60_000, 28, 28)),
    "train-labels-idx1-ubyte.gz": ("25c81989df183df01b3e8a0aad5dffbe", (60_000,)),
    "t10k-images-idx3-ubyte.gz": ("bef4ecab320f06d8554ea6380940ec79", (10_000, 28, 28)),
    "t10k-labels-idx1-ubyte.gz": ("bb300cfdad3c16e7a12a480ee83cd310", (10_000,)),
}
"""MD5 and shape of each of the four files: training images and labels, test images and labels."""
FETCH = "course data fashion-mnist"
BRING = f"{FETCH} --from FOLDER"


class DataError(Exception):
    """A data set cannot be read or fetched; the message names the file, the cause and what to do."""


class DataMissing(DataError):
    """A data set is not on this machine."""


class DataSet(NamedTuple):
    """Images (N, C, H, W) as uint8 and their classes as int64."""

    name: str
    classes: tuple[str, ...]
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def fashion_folders():
    """Return the folders where Fashion-MNIST is looked for; it is fetched into the first."""
    import pooch

    cache = Path(pooch.os_cache("convnet-course")) / "fashion-mnist"
    own = os.environ.get("COURSE_DATA")
    return [Path(own).expanduser() / "fashion-mnist", cache] if own else [cache]


def fashion_mnist(folder=None):
    """Read Fashion-MNIST from its four original files; nothing is downloaded.

    Parameters
    ----------
    folder : path, optional
        Where the files are. By default ``$COURSE_DATA/fashion-mnist``, then the user's cache.

    Returns
    -------
    DataSet
        60 000 training and 10 000 test images of shape (1, 28, 28).

    Raises
    ------
    DataMissing
        If files are not there.
    DataError
        If a file is damaged or is another one.

    Notes
    -----
    Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
    machine learning algorithms", 2017, arXiv:1708.07747.
    """
    folder = find_fashion_mnist(folder)
    x_train, y_train, x_test, y_test = (
        read_idx(check_file(folder / name, md5), shape)
        for name, (md5, shape) in FASHION_FILES.items()
    )
    return DataSet(
        "Fashion-MNIST", FASHION_CLASSES, x_train[:, None], y_train.astype(np.int64),
        x_test[:, None], y_test.astype(np.int64),
    )  # fmt: skip


def find_fashion_mnist(folder=None):
    """Return the first folder that has all four files, unread, or raise DataMissing."""
    said = []
    for place in [Path(folder)] if folder else fashion_folders():
        missing = [name for name in FASHION_FILES if not (place / name).is_file()]
        if not missing:
            return place
        some = len(missing) < len(FASHION_FILES)
        said.append(f"{place} lacks {', '.join(missing)}" if some else f"nothing in {place}")
    raise DataMissing(
        f"Fashion-MNIST is not here: {'; '.join(said)}. Run `{FETCH}`, or `{BRING}` if you have "
        "the four .gz files."
    )


def check_file(path, md5):
    """Return `path` when its file has this MD5, or raise DataError."""
    path = Path(path)
    try:
        found = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    if found != md5:
        raise DataError(
            f"{path} ({path.stat().st_size:,} bytes) has MD5 {found}, expected {md5}: it is damaged "
            f"or another file (MNIST's have the same names). Run `{FETCH}`, or `{BRING}` with the "
            "folder of the right one."
        )
    return path


def read_idx(path, shape=None):
    """Read a gzipped idx file of bytes, the format of MNIST and its relatives.

    The header is big-endian: two zero bytes, the type (8 is uint8), the number of axes, then the
    size of each axis in four bytes.

    Parameters
    ----------
    path : path
    shape : tuple of ints, optional
        The shape that the header must give.

    Returns
    -------
    ndarray of uint8

    Raises
    ------
    DataError
        If the file is not gzip, its header is another or its length does not fit the header.
    """
    try:
        data = gzip.decompress(Path(path).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked: {error}. Run `{FETCH}` again.") from error
    axes = data[3] if len(data) > 3 else 0
    if data[:3] != b"\x00\x00\x08" or axes == 0 or len(data) < 4 + 4 * axes:
        raise DataError(
            f"{path} is no idx file of bytes: it begins with {data[:4].hex(' ') or 'nothing'}, "
            f"expected 00 00 08 and the number of axes. Run `{FETCH}` again."
        )
    found = tuple(np.frombuffer(data, ">u4", axes, offset=4).tolist())
    if shape is not None and found != tuple(shape):
        raise DataError(f"{path} holds an array of shape {found}, expected {tuple(shape)}.")
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * axes)
    count = int(np.prod(found, dtype=object))
    if values.size != count:
        raise DataError(
            f"{path} has {values.size:,} bytes after its header, but shape {found} takes {count:,}. "
            f"Run `{FETCH}` again."
        )
    return values.reshape(found).copy()
