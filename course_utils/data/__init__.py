"""Images to train on: two drawn sets that are always there, Fashion-MNIST and CIFAR-10.

Images are uint8 arrays (N, C, H, W), labels int64; every set is split into images for training, for
validation and for the test in the same way each time. Nothing is downloaded by a call that reads:
``course data NAME`` fetches, with pooch, checks the checksums, and stores the publisher's files as they are.
"""

from course_utils.data.cifar import CIFAR, CIFAR_CLASSES, cifar10
from course_utils.data.drawn import DRAWN_CLASSES, drawn_images
from course_utils.data.fashion import FASHION, FASHION_CLASSES, fashion_mnist
from course_utils.data.grey import grey_images
from course_utils.data.sets import DataError, DataMissing, DataSet

__all__ = [
    "CIFAR_CLASSES",
    "DRAWN_CLASSES",
    "FASHION_CLASSES",
    "DataError",
    "DataMissing",
    "DataSet",
    "cifar10",
    "drawn_images",
    "fashion_mnist",
    "grey_images",
    "load_images",
]

READERS = {FASHION.name: fashion_mnist, CIFAR.name: cifar10}
DRAWERS = {
    "drawn": ("Drawn images", drawn_images),
    "drawn-grey": ("Drawn grey images", grey_images),
}
NAMES = (*DRAWERS, *READERS)
PARTS = ("train", "validation", "test")
DRAWN = {"train": 6000, "validation": 1000, "test": 1000}
"""How many images of a drawn set, if no number is asked for."""


def load_images(name=("fashion-mnist", "drawn"), train=None, validation=None, test=None):
    """Load images for training, validation and test, and print which they are.

    Parameters
    ----------
    name : str or sequence of str
        ``"drawn"``, ``"drawn-grey"``, ``"fashion-mnist"`` or ``"cifar-10"``; of several, the first that is on
        this machine.
    train, validation, test : int, optional
        How many of each: the first ones, which have no order. By default all, of a drawn set
        6000, 1000 and 1000.

    Returns
    -------
    DataSet
        Its three parts share no image, and are the same ones every time. Validation images of a published
        set are the last of its official training images: 5000 each of Fashion-MNIST and CIFAR-10.

    Raises
    ------
    DataMissing
        If none of the sets is on this machine.
    DataError
        If a file is damaged.
    ValueError
        If a name is not known, a number is negative, or there are fewer images.

    Examples
    --------
    >>> data = load_images("drawn", train=50, validation=20, test=30)
    Drawn images: 50 for training, 20 for validation, 30 for the test, 3 × 32 × 32; `course data` lists others.
    >>> data.x_train.shape, data.y_test.shape, data.classes[:2]
    ((50, 3, 32, 32), (30,), ('disc', 'ring'))
    """
    names = (name,) if isinstance(name, str) else tuple(name)
    counts = dict(zip(PARTS, (train, validation, test), strict=True))
    for wanted in names:
        if wanted not in NAMES:
            raise ValueError(f"name must be one of {', '.join(NAMES)}, got {wanted!r}")
    for part, count in counts.items():
        if count is not None and count < 0:
            raise ValueError(f"{part}={count} must be at least 0")
    data, missing = _first(names, counts)
    sizes = [
        f"{len(x):,}".replace(",", " ") for x in (data.x_train, data.x_validation, data.x_test)
    ]
    shape = " × ".join(map(str, data.x_train.shape[1:]))
    print(
        f"{data.name}: {sizes[0]} for training, {sizes[1]} for validation, {sizes[2]} for the test, {shape}; "
        f"{_others(data, missing)}."
    )
    return data


def _first(names, counts):
    """Return the first set that is here, and the names of those that are not."""
    said = {}
    for name in names:
        if name in DRAWERS:
            return _drawn(name, counts), list(said)
        try:
            return _cut(READERS[name](), counts), list(said)
        except DataMissing as error:
            said[name] = str(error)
    raise DataMissing(" ".join(said.values()))


def _drawn(name, counts):
    """Draw a set; its three seeds differ, so that no image is in two parts."""
    title, draw = DRAWERS[name]
    arrays = []
    for seed, part in ((0, "train"), (2, "validation"), (1, "test")):
        count = DRAWN[part] if counts[part] is None else counts[part]
        arrays += draw(count, seed=seed)
    return DataSet(title, DRAWN_CLASSES, *arrays)


def _cut(data, counts):
    """Return the first images of each part of a set, so many of each as are asked for."""
    fewer = {}
    for part, count in counts.items():
        there = len(getattr(data, f"y_{part}"))
        if count is None:
            continue
        if count > there:
            raise ValueError(f"{part}={count}, but {data.name} has {there} such images")
        for axis in "xy":
            # A copy, which lets the whole go.
            fewer[f"{axis}_{part}"] = getattr(data, f"{axis}_{part}")[:count].copy()
    return data._replace(**fewer)


def _others(data, missing):
    """Say how to have another set."""
    if missing:
        return ", ".join(f"`course data {name}` fetches {name}" for name in missing)
    if data.classes == DRAWN_CLASSES:
        return "`course data` lists others"
    return "load_images('drawn') gives the drawn set"
