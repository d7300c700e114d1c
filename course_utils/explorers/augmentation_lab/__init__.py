"""The explorer of lecture 07: one image, and what augmentation makes of it."""

import numpy as np
import traitlets

from course_utils.data import DRAWN_CLASSES, drawn_images
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Place, Scale, Step, Within, check_int

SIDE = 32
"""Rows and columns of an image."""
WIDEST = 8
"""Pixels of padding that there may be."""
SEED, COUNT = 3, 101
"""Of the drawn images from which the five below are taken."""
IMAGES = {"star": 25, "arrow": 17, "crescent": 60, "ring": 29, "triangle": 31}
"""Label → number of the image."""

FACTORS = [round(k / 10, 1) for k in range(21)]
ALPHAS = [k / 2 for k in range(-6, 7)]
PLACES = [round(k / 10, 1) for k in range(11)]
SHARES = [0.08, *(round(k / 20, 2) for k in range(2, 21))]
RATIOS = [0.75, 0.8, 0.9, 1.0, 1.1, 1.2, 1.33]

NOTHING = {"flip": 0.0, "crop": False, "scale": None, "jitter": 0.0, "sigma": 0.0}
RECIPES = {
    "crop": NOTHING | {"flip": 0.5, "crop": True},
    "resized": NOTHING | {"flip": 0.5, "scale": [0.08, 1.0]},
    "jitter": NOTHING | {"jitter": 0.4},
    "pca": NOTHING | {"sigma": 0.1},
    "strong": NOTHING | {"sigma": 1.5},
    "all": {"flip": 0.5, "crop": True, "scale": [0.3, 1.0], "jitter": 0.4, "sigma": 1.0},
}
"""What is drawn at random: arguments of the functions of `course_utils.trainer.augment`."""
_WORDS = {
    "crop": "flip and crop",
    "resized": "flip and resized crop",
    "jitter": "colour jitter, v = 0.4",
    "pca": "PCA colour, σ = 0.1",
    "strong": "PCA colour, σ = 1.5",
    "all": "all of them",
}


class _Padding(traitlets.TraitType):
    """Pixels that are added on each side before a crop."""

    def validate(self, explorer, value):
        return check_int(self.name, value, 0, WIDEST)


class _Shift(Within):
    """How far a crop is from the middle: up to the padding, either way."""

    def __init__(self):
        super().__init__(0, lambda explorer: explorer.padding)

    def validate(self, explorer, value):
        return check_int(self.name, value)

    def inside(self, explorer, value):
        most = self.extent(explorer)
        return check_int(self.name, value, -most, most)

    def clamped(self, explorer, value):
        most = self.extent(explorer)
        return max(-most, min(most, value))


def _tables():
    x, y = drawn_images(COUNT, SIDE, SEED)
    assert [DRAWN_CLASSES[y[number]] for number in IMAGES.values()] == list(IMAGES)
    colours = x.transpose(0, 2, 3, 1).reshape(-1, 3) / 255
    values, vectors = np.linalg.eigh(np.cov(colours.T))
    # Two machines may give an eigenvector either sign: the largest part of each is positive here.
    vectors *= np.sign(vectors[np.abs(vectors).argmax(axis=0), range(3)])
    return {
        "side": SIDE,
        "widest": WIDEST,
        # Red, green and blue of each pixel, row by row, two hexadecimal digits each.
        "images": {k: x[n].transpose(1, 2, 0).tobytes().hex() for k, n in IMAGES.items()},
        "eigenvalues": values[::-1].round(6).tolist(),
        "eigenvectors": vectors[:, ::-1].round(6).tolist(),
        "recipes": RECIPES,
        "names": _WORDS,
        "ratio": [3 / 4, 4 / 3],
        "draws": 1000,
        "shown": 8,
    }


class AugmentationLab(Explorer):
    """Explorer: one drawn image, what each augmentation makes of it, and eight random versions beside it.

    The pixels change, the label does not: it stands below every picture. The image is flipped, cropped,
    resized, and its colours are changed, in this order and by the formulas of `course_utils.trainer.augment`;
    a crop is drawn as a frame in the original. The numbers of one pixel are followed from step to step.

    The random versions hang on the recipe, the padding and the seed, not on the other settings. Their random
    numbers are not PyTorch's; their distributions are those of the library's functions.

    It works by mouse (click or drag in a picture) and by keyboard (Tab to a control or to the picture, arrow
    keys, Space, Home, End, D, R). What it shows can be read and set here, too.

    Parameters
    ----------
    share, ratio : float
        Of the resized crop: its share of the area, from 0.08 to 1, and its width / height.
    down, across : float
        Where it stands in the room that is left, from 0 (top, left) to 1.
    brightness, contrast, saturation : float
        Factors from 0 to 2 in steps of 0.1; 1 changes nothing.
    alpha1, alpha2, alpha3 : float
        By which the eigenvalues of the set's colours are multiplied, from -3 to 3 in steps of 0.5. AlexNet
        draws them with standard deviation 0.1.
    image : str
        A name of :data:`IMAGES`, which is the image's label.
    recipe : str
        What the random versions draw, a name of :data:`RECIPES`.
    flip : bool
        Whether the image is mirrored left to right.
    padding : int
        Black pixels added on each side before the crop, up to 8.
    dy, dx : int
        How far the crop is moved down and to the right, up to the padding; it begins at row `padding` + `dy`
        and column `padding` + `dx` of the padded image.
    seed : int
        Of the random versions, from 0 to 999.
    pixel : tuple of int
        Row and column of the pixel that is followed.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012,
    section 4.1. Szegedy and others, "Going deeper with convolutions", arXiv:1409.4842, section 6.

    Examples
    --------
    >>> lab = AugmentationLab(flip=True, padding=4, dy=4)
    >>> lab.padding = 2
    >>> lab.dy
    2
    """

    share = Scale(1.0, "Area share", "s", SHARES)
    ratio = Scale(1.0, "Width / height", "r", RATIOS)
    down = Scale(0.5, "Place down", "v", PLACES)
    across = Scale(0.5, "Place across", "u", PLACES)
    brightness = Scale(1.0, "Brightness", "b", FACTORS)
    contrast = Scale(1.0, "Contrast", "c", FACTORS)
    saturation = Scale(1.0, "Saturation", "q", FACTORS)
    alpha1 = Scale(0.0, "PCA", "α₁", ALPHAS)
    alpha2 = Scale(0.0, "PCA", "α₂", ALPHAS)
    alpha3 = Scale(0.0, "PCA", "α₃", ALPHAS)
    image = Choice("star", "Image", {name: name for name in IMAGES})
    recipe = Choice("crop", "Random draws", _WORDS)
    flip = traitlets.Bool(False)
    padding = _Padding(4)
    dy = _Shift()
    dx = _Shift()
    seed = Step(0, lambda explorer: 1000)
    pixel = Place((16, 16), lambda explorer: (SIDE, SIDE))

    tables = _tables()
