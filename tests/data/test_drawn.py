"""`course_utils.data.drawn_images`: the same bytes everywhere, sizes, grey, classes, misleading cues."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from course_utils.data import DRAWN_CLASSES, drawn_images
from course_utils.data.drawn import CHUNK, CUED, marked
from course_utils.data.shapes import SHAPES

pytestmark = pytest.mark.unit

SHA_256 = "b697372aad6d56c7684c5fbf73b6a40b1356c1af9440bf82fd754616a6e9f811"
"""Of 300 images with their labels, then 20 small grey ones."""

DIGEST = """
import hashlib
from course_utils.data import drawn_images
arrays = *drawn_images(300), *drawn_images(20, size=11, seed=1, channels=1, cue="texture")
print(hashlib.sha256(b"".join(a.astype("<i8").tobytes() for a in arrays)).hexdigest())
"""

DISPATCHED = [name for name in __cpu_dispatch__ if __cpu_features__[name]]
"""The instructions that NumPy chooses on this processor, beyond those that every one has."""


@pytest.mark.parametrize("disabled", ["", " ".join(DISPATCHED)], ids=["all", "baseline"])
def test_the_pixels_are_the_same_on_every_machine(disabled):
    env = os.environ | {"NPY_DISABLE_CPU_FEATURES": disabled}
    done = subprocess.run([sys.executable, "-c", DIGEST], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, SHA_256, "")


def test_the_first_images_do_not_depend_on_the_count():
    x, y = drawn_images(CHUNK + 50)
    fewer, labels = drawn_images(CHUNK + 4)
    assert x.dtype == np.uint8 and y.dtype == np.int64
    assert (x[: CHUNK + 4] == fewer).all() and (y[: CHUNK + 4] == labels).all()
    assert not (drawn_images(20, seed=1)[0] == x[:20]).all((1, 2, 3)).any()
    assert not (x[CHUNK:] == x[:50]).all((1, 2, 3)).any(), "a second chunk is another one"


def test_every_ten_in_a_row_have_all_classes_in_random_order():
    _, y = drawn_images(300)
    tens = y.reshape(30, 10)
    assert (np.sort(tens) == np.arange(10)).all()
    assert len(set(map(tuple, tens.tolist()))) == 30


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({"count": 0}, (0, 3, 32, 32)),
        ({"count": 3, "size": 17}, (3, 3, 17, 17)),
        ({"count": 3, "size": 8}, (3, 3, 8, 8)),
        ({"count": 2, "size": 64, "channels": 1}, (2, 1, 64, 64)),
    ],
    ids=["none", "odd", "smallest", "large grey"],
)
def test_images_have_any_size(arguments, shape):
    x, y = drawn_images(**arguments)
    assert x.shape == shape and y.shape == shape[:1]
    assert all(image.std() > 10 for image in x)


@pytest.mark.parametrize(
    "wrong", [{"count": -1}, {"size": 7}, {"channels": 2}, {"cue": "shape"}], ids=str
)
def test_what_cannot_be_drawn_is_refused(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"{name}.*{value}"):
        drawn_images(**{"count": 1} | wrong)


def test_grey_is_the_luminance_of_the_same_images():
    (x, y), (grey, labels) = drawn_images(60), drawn_images(60, channels=1)
    assert (y == labels).all()
    luminance = np.tensordot(x, [0.299, 0.587, 0.114], axes=(1, 0))
    # Colours were rounded once more, by at most a half each.
    assert abs(luminance - grey[:, 0]).max() <= 1.001


def test_every_class_is_drawn_in_its_own_way():
    axis = np.linspace(-1.3, 1.3, 40, dtype=np.float32)
    v, u = np.meshgrid(axis, axis, indexing="ij")
    inside = {
        (name, form): shape(u, v, np.float32(form)) < 0
        for name, shape in SHAPES.items()
        for form in (-1, 0, 1)
    }
    assert len(SHAPES) == len(DRAWN_CLASSES) == 10
    assert all(200 < mask.sum() < 800 for mask in inside.values())
    for (name, _), mask in inside.items():
        others = (m for (other, _), m in inside.items() if other != name)
        assert all((mask != other).sum() > 50 for other in others), name


def test_a_shape_stays_within_reach_of_its_radius():
    axis = np.linspace(-2, 2, 81, dtype=np.float32)
    v, u = np.meshgrid(axis, axis, indexing="ij")
    far = u * u + v * v > 1.45**2
    for name, shape in SHAPES.items():
        for form in (-1, 0, 1):
            assert (shape(u, v, np.float32(form))[far] > 0).all(), name


def ridge(x, y, new):
    """The classes that a linear classifier, fitted by least squares, gives to new rows."""
    mean, std = x.mean(0), x.std(0)
    x, new = (np.c_[(a - mean) / std, np.ones(len(a))] for a in (x, new))
    # From the side of the examples where there are fewer of them than of features.
    if x.shape[0] < x.shape[1]:
        weights = x.T @ np.linalg.solve(x @ x.T + 2000 * np.eye(len(x)), np.eye(10)[y])
    else:
        weights = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ np.eye(10)[y])
    return (new @ weights).argmax(1)


def test_a_linear_classifier_gets_less_than_half_right():
    (x, y), (new, labels) = drawn_images(2000), drawn_images(1000, seed=1)
    right = (ridge(x.reshape(2000, -1), y, new.reshape(1000, -1)) == labels).mean()
    assert 0.25 < right < 0.45


# The misleading cues

CUED_INDICES = [DRAWN_CLASSES.index(name) for name in CUED]


def corner_colours(x):
    """What a look at the ground shows: the mean colours of the corners, where few shapes reach."""
    ends = slice(4), slice(-4, None)
    corners = [x[:, :, down, right].mean((2, 3)) for down in ends for right in ends]
    return np.concatenate(corners, axis=1)


def fine_patterns(x):
    """What a look at the pattern shows: how much neighbours two pixels apart differ, by direction."""
    middle = x.astype(float).mean(1)[:, 6:-6, 6:-6]
    a, b = middle[:, :-2, :-2], middle[:, :-2, 2:]
    c, d = middle[:, 2:, :-2], middle[:, 2:, 2:]
    pairs = [(a, b), (a, c), (a, d), (b, c)]
    return np.stack([np.sqrt(abs(p - q)).mean((1, 2)) for p, q in pairs], axis=1)


def mark_colours(x):
    """What a look at the mark shows: the colour inside of it."""
    return x[:, :, -5:-2, 2:5].mean((2, 3))


@pytest.mark.parametrize(
    ("cue", "look", "there", "absent"),
    [
        ("colour", corner_colours, 0.95, 0.65),
        ("texture", fine_patterns, 0.65, 0.5),
        ("mark", mark_colours, 0.95, 0.65),
    ],
    ids=["colour", "texture", "mark"],
)
def test_a_cue_alone_gives_its_classes_away(cue, look, there, absent):
    right = {}
    for switch in (cue, None):
        (x, y), (new, labels) = (drawn_images(1000, seed=s, cue=switch) for s in (0, 1))
        some, others = (np.isin(a, CUED_INDICES) for a in (y, labels))
        found = ridge(look(x[some]), y[some], look(new[others]))
        right[switch] = (found == labels[others]).mean()
    assert right[cue] > there and right[None] < absent


@pytest.mark.parametrize(
    ("cue", "least", "most"),
    [("colour", 0.7, 1), ("texture", 0.03, 0.2), ("mark", 0.02, 25 / 1024)],
    ids=["the ground", "the pattern of the shape", "the mark in the corner"],
)
def test_a_cue_changes_only_what_it_says(cue, least, most):
    (plain, y), (cued, labels) = drawn_images(250), drawn_images(250, cue=cue)
    given_away = np.isin(y, CUED_INDICES)
    changed = (plain != cued).any(1)
    assert (y == labels).all()
    assert not changed[~given_away].any()
    assert changed[given_away].any((1, 2)).mean() > 0.8  # the others had that pattern before
    assert least < changed[given_away].mean() <= most


def test_any_image_can_be_marked_as_any_of_the_classes():
    (plain, y), (cued, _) = drawn_images(250), drawn_images(250, cue="mark")
    for kind, label in enumerate(CUED_INDICES):
        given = marked(plain / 255, kind)
        corner = (slice(None), slice(-6, -1), slice(1, 6))
        assert (plain / 255 != given).any(1).sum(0).nonzero()[0].min() == 26
        for image, own in zip(given[y == label], cued[y == label], strict=True):
            assert abs(255 * image[corner] - own[corner]).max() < 70  # but for the noise
    assert (marked(plain / 255, 0, y == 3)[y != 3] == plain[y != 3] / 255).all()
