"""Images to train on: a drawn set that is always there, and Fashion-MNIST.

Images are uint8 arrays (N, C, H, W), labels int64. Nothing is downloaded by a call that reads:
``course data fashion-mnist`` fetches, with pooch, checks the MD5, and stores the publisher's files
as they are.
"""

from course_utils.data.drawn import DRAWN_CLASSES, drawn_images
from course_utils.data.fashion import (
    FASHION_CLASSES,
    FETCH,
    DataError,
    DataMissing,
    DataSet,
    fashion_mnist,
)

__all__ = [
    "DRAWN_CLASSES",
    "FASHION_CLASSES",
    "DataError",
    "DataMissing",
    "DataSet",
    "drawn_images",
    "fashion_mnist",
    "images_for_training",
]


def images_for_training(train=6000, test=1000, source=None):
    """Return Fashion-MNIST when it is on this machine, the drawn set otherwise, and say which.

    Parameters
    ----------
    train, test : int
        How many images of each: the first ones, which have no order.
    source : str, optional
        ``"fashion-mnist"`` or ``"drawn"``, to have that one and no other.

    Returns
    -------
    DataSet

    Raises
    ------
    DataMissing
        If Fashion-MNIST was asked for and is not there.
    DataError
        If one of its files is damaged.
    ValueError
        If `source` is not known, or if there are fewer images.
    """
    if source not in (None, "fashion-mnist", "drawn"):
        raise ValueError(f"source must be 'fashion-mnist' or 'drawn', got {source!r}")
    whole = None
    if source != "drawn":
        try:
            whole = fashion_mnist()
        except DataMissing:
            if source:
                raise
    if whole is None:
        # The seeds differ, so that no test image is a training image.
        parts = *drawn_images(train, seed=0), *drawn_images(test, seed=1)
        data = DataSet("Drawn images", DRAWN_CLASSES, *parts)
        other = f"for Fashion-MNIST run `{FETCH}`"
    else:
        for name, wanted, there in (("train", train, whole.x_train), ("test", test, whole.x_test)):
            if wanted > len(there):
                raise ValueError(f"{name}={wanted}, but {whole.name} has {len(there)} such images")
        parts = *(a[:train] for a in whole[2:4]), *(a[:test] for a in whole[4:6])
        data = DataSet(whole.name, whole.classes, *parts)
        other = "source='drawn' gives the drawn set"
    shape = " × ".join(map(str, data.x_train.shape[1:]))
    print(f"{data.name}: {train} training and {test} test images of {shape}; {other}.")
    return data
