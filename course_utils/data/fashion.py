"""Fashion-MNIST, read from the publisher's own four files."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import numpy as np

from course_utils.data.sets import DataError, File, Published, split

FASHION_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
FASHION = Published(
    name="fashion-mnist",
    title="Fashion-MNIST",
    about="70 000 images, 10 classes, 1 × 28 × 28",
    forms=(
        (
            File("train-images-idx3-ubyte.gz", 26_421_880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            File("train-labels-idx1-ubyte.gz", 29_515, "25c81989df183df01b3e8a0aad5dffbe"),
            File("t10k-images-idx3-ubyte.gz", 4_422_102, "bef4ecab320f06d8554ea6380940ec79"),
            File("t10k-labels-idx1-ubyte.gz", 5_148, "bb300cfdad3c16e7a12a480ee83cd310"),
        ),
    ),
    addresses=(
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
)


def fashion_mnist(folder=None, published=FASHION):
    """Read Fashion-MNIST from its four original files; nothing is downloaded.

    Parameters
    ----------
    folder : path, optional
        Where the files are. By default ``$COURSE_DATA/fashion-mnist``, then the user's cache.
    published : Published
        Which files these are: training images and labels, test images and labels.

    Returns
    -------
    DataSet
        55 000 training, 5 000 validation and 10 000 test images of shape (1, 28, 28). The validation
        images are the last of the official training set.

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
    folder, files = published.find(folder)
    paths = [published.check(folder / file.name, file) for file in files]
    x, y, x_test, y_test = map(read_idx, paths)
    for images, labels, path in ((x, y, paths[1]), (x_test, y_test, paths[3])):
        if images.shape != (*labels.shape, 28, 28) or labels.max(initial=0) > 9:
            raise DataError(
                f"{path} has labels of shape {labels.shape} up to {labels.max(initial=0)}, for images of "
                f"shape {images.shape}; expected one of 0 to 9 for each image of 28 × 28."
            )
    y, y_test = y.astype(np.int64), y_test.astype(np.int64)
    return split(
        published.title, FASHION_CLASSES, x[:, None], y, x_test[:, None], y_test,
        validation=len(x) // 12,
    )  # fmt: skip


def read_idx(path):
    """Read a gzipped idx file of bytes, the format of MNIST and its relatives.

    The header is big-endian: two zero bytes, the type (8 is uint8), the number of axes, then the
    size of each axis in four bytes.

    Parameters
    ----------
    path : path

    Returns
    -------
    ndarray of uint8

    Raises
    ------
    DataError
        If the file is not gzip, its header is another or its length does not fit the header.
    """
    again = f"Run `{FASHION.fetch}` again."
    try:
        data = gzip.decompress(Path(path).read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be unpacked: {error}. {again}") from error
    axes = data[3] if len(data) > 3 else 0
    if data[:3] != b"\x00\x00\x08" or axes == 0 or len(data) < 4 + 4 * axes:
        raise DataError(
            f"{path} is no idx file of bytes: it begins with {data[:4].hex(' ') or 'nothing'}, "
            f"expected 00 00 08 and the number of axes. {again}"
        )
    shape = tuple(np.frombuffer(data, ">u4", axes, offset=4).tolist())
    values = np.frombuffer(data, np.uint8, offset=4 + 4 * axes)
    count = int(np.prod(shape, dtype=object))
    if values.size != count:
        raise DataError(
            f"{path} has {values.size:,} bytes after its header, but shape {shape} takes {count:,}. {again}"
        )
    return values.reshape(shape).copy()
