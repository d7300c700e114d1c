"""The similar and the different set: the same bytes everywhere, classes, and what a look at pixels tells."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from course_utils.data.drawn import CHUNK, drawn_images
from course_utils.data.transfer import (
    DIFFERENT_CLASSES,
    OUTLINES,
    SIMILAR_CLASSES,
    different_images,
    similar_images,
)

pytestmark = pytest.mark.unit

BOTH = pytest.mark.parametrize("draw", [similar_images, different_images])
SHA_256 = "c8f8ced6cfba749de7424618f60f7d6b284dff8d667206f44de3f2b2b5c4ea88"
"""Of 260 images of both sets, with their labels."""
DIGEST = """
import hashlib
from course_utils.data.transfer import different_images, similar_images
arrays = *similar_images(260), *different_images(260)
print(hashlib.sha256(b"".join(a.astype("<i8").tobytes() for a in arrays)).hexdigest())
"""
DISPATCHED = [name for name in __cpu_dispatch__ if __cpu_features__[name]]


@pytest.mark.parametrize("disabled", ["", " ".join(DISPATCHED)], ids=["all", "baseline"])
def test_the_pixels_are_the_same_on_every_machine(disabled):
    env = os.environ | {"NPY_DISABLE_CPU_FEATURES": disabled}
    done = subprocess.run([sys.executable, "-c", DIGEST], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, SHA_256, "")


@BOTH
def test_images_hang_on_the_seed_and_not_on_the_count(draw):
    x, y = draw(CHUNK + 20)
    fewer, labels = draw(CHUNK + 4)
    assert x.dtype == np.uint8 and y.dtype == np.int64 and x.shape[1:] == (3, 32, 32)
    assert (x[: CHUNK + 4] == fewer).all() and (y[: CHUNK + 4] == labels).all()
    assert (np.sort(y[:CHUNK].reshape(-1, 10)) == np.arange(10)).all()
    assert not (draw(20, seed=1)[0] == x[:20]).all((1, 2, 3)).any()
    assert draw(3, size=17)[0].shape == (3, 3, 17, 17)
    with pytest.raises(ValueError, match="size=7"):
        draw(1, size=7)


def test_the_sets_share_no_image_with_the_first_one():
    hashes = [
        {hashlib.sha256(image.tobytes()).digest() for image in draw(50)[0]}
        for draw in (drawn_images, similar_images, different_images)
    ]
    assert len(set.union(*hashes)) == 150


def test_every_outline_is_another_one():
    axis = np.linspace(-1.3, 1.3, 40, dtype=np.float32)
    v, u = np.meshgrid(axis, axis, indexing="ij")
    masks = {
        (name, form): shape(u, v, np.float32(form)) < 0
        for name, shape in OUTLINES.items()
        for form in (-1, 0, 1)
    }
    assert len(SIMILAR_CLASSES) == len(DIFFERENT_CLASSES) == 10
    assert all(150 < mask.sum() < 800 for mask in masks.values())
    for (name, _), mask in masks.items():
        others = (m for (other, _), m in masks.items() if other != name)
        assert all((mask != other).sum() > 50 for other in others), name


@BOTH
def test_pixels_and_mean_colours_tell_a_linear_classifier_nothing(draw):
    (x, y), (new, labels) = draw(1000), draw(500, seed=1)
    for look in (lambda a: a.mean((2, 3)), lambda a: a[:, :, ::2, ::2].reshape(len(a), -1)):
        mean, spread = look(x).mean(0), look(x).std(0)
        rows, others = ((look(a) - mean) / spread for a in (x, new))
        weights = np.linalg.solve(
            rows.T @ rows + 2000 * np.eye(rows.shape[1]), rows.T @ np.eye(10)[y]
        )
        assert ((others @ weights).argmax(1) == labels).mean() < 0.19


def test_the_spectrum_tells_the_different_classes_apart():
    """Fine and coarse, and the four directions: the strongest wave of most images is that of their class."""
    x, y = different_images(250)
    grey = x.mean(1) - x.mean((1, 2, 3), keepdims=True)[:, 0]
    power = abs(np.fft.fft2(grey)) ** 2
    strongest = [np.unravel_index(p[:, :17].argmax(), (32, 17)) for p in power]
    rows, columns = (np.array(k) for k in zip(*strongest, strict=True))
    rows = np.where(rows > 16, rows - 32, rows)
    fine = np.hypot(rows, columns) / 32 > 0.2
    plain = (y % 5 != 4) & (np.hypot(rows, columns) > 2)
    assert (fine == (y < 5))[plain].mean() > 0.8
