"""`course_utils.data.grey_images`: the same bytes everywhere, sizes, classes, more than lines tell."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

from course_utils.data import grey_images
from course_utils.data.drawn import CHUNK

pytestmark = pytest.mark.unit

SHA_256 = "e524c6c6c25c94091830ea7f4829b1570dff8355fc5cce0ddf4ba66d9b239352"
"""Of 300 images with their labels, then 20 small ones."""

DIGEST = """
import hashlib
from course_utils.data import grey_images
arrays = *grey_images(300), *grey_images(20, size=11, seed=1)
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
    x, y = grey_images(CHUNK + 50)
    fewer, labels = grey_images(CHUNK + 4)
    assert x.shape == (CHUNK + 50, 1, 28, 28) and x.dtype == np.uint8 and y.dtype == np.int64
    assert (x[: CHUNK + 4] == fewer).all() and (y[: CHUNK + 4] == labels).all()
    assert not (grey_images(20, seed=1)[0] == x[:20]).all((1, 2, 3)).any()
    assert not (x[CHUNK:] == x[:50]).all((1, 2, 3)).any(), "a second chunk is another one"
    assert (np.sort(y.reshape(-1, 10)) == np.arange(10)).all(), "ten in a row have all classes"


@pytest.mark.parametrize("size", [8, 17, 40])
def test_images_have_any_size(size):
    x, _ = grey_images(3, size=size)
    assert x.shape == (3, 1, size, size)
    assert all(image.std() > 8 for image in x)


@pytest.mark.parametrize("wrong", [{"count": -1}, {"size": 7}], ids=str)
def test_what_cannot_be_drawn_is_refused(wrong):
    ((name, value),) = wrong.items()
    with pytest.raises(ValueError, match=f"{name}.*{value}"):
        grey_images(**{"count": 1} | wrong)


def test_a_linear_classifier_gets_less_than_half_right():
    (x, y), (new, labels) = grey_images(2000), grey_images(1000, seed=1)
    x, new = (np.c_[a.reshape(len(a), -1) / 64 - 1.6, np.ones(len(a))] for a in (x, new))
    weights = np.linalg.solve(x.T @ x + 300 * np.eye(x.shape[1]), x.T @ np.eye(10)[y])
    assert 0.25 < ((new @ weights).argmax(1) == labels).mean() < 0.5
