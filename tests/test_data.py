"""`course_utils.data`: the drawn set."""

import numpy as np
import pytest

from course_utils import data
from course_utils.data.drawn import CHUNK

pytestmark = pytest.mark.unit


def test_the_drawn_set_depends_on_nothing_but_its_arguments():
    x, y = data.drawn_images(CHUNK + 50)
    again, _ = data.drawn_images(CHUNK + 50)
    fewer, labels = data.drawn_images(CHUNK + 4)
    assert x.shape == (CHUNK + 50, 3, 32, 32) and x.dtype == np.uint8 and y.dtype == np.int64
    assert (x == again).all()
    assert (x[: CHUNK + 4] == fewer).all() and (y[: CHUNK + 4] == labels).all()
    assert not (data.drawn_images(20, seed=1)[0] == x[:20]).all()
    assert set(np.bincount(y)) == {30}


@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({"count": 0}, (0, 3, 32, 32)),
        ({"count": 3, "size": 17}, (3, 3, 17, 17)),
        ({"count": 2, "channels": 1}, (2, 1, 32, 32)),
    ],
    ids=["none", "size", "grey"],
)
def test_the_drawn_set_has_any_size(arguments, shape):
    x, y = data.drawn_images(**arguments)
    assert x.shape == shape and len(y) == shape[0]


@pytest.mark.parametrize("wrong", [{"count": -1}, {"size": 7}, {"channels": 2}], ids=str)
def test_the_drawn_set_refuses_what_it_cannot_draw(wrong):
    with pytest.raises(ValueError, match="=".join(map(str, *wrong.items()))):
        data.drawn_images(**{"count": 1} | wrong)


def test_every_class_is_drawn_in_its_own_way():
    from course_utils.data.drawn import _SHAPES

    axis = np.linspace(-1.3, 1.3, 40, dtype=np.float32)
    v, u = np.meshgrid(axis, axis, indexing="ij")
    inside = [shape(u, v) < 0 for shape in _SHAPES]
    assert len(inside) == len(data.DRAWN_CLASSES) == 10
    assert all(100 < mask.sum() < 1000 for mask in inside)
    assert all((a != b).sum() > 80 for k, a in enumerate(inside) for b in inside[:k])


def test_a_linear_classifier_gets_less_than_half_of_the_drawn_set_right():
    (x, y), (new, labels) = data.drawn_images(2000), data.drawn_images(1000, seed=1)
    x, new = (np.c_[a.reshape(len(a), -1) / 255 - 0.5, np.ones(len(a))] for a in (x, new))
    targets = np.eye(10)[y]
    # Ridge regression from the side of the examples, of which there are fewer.
    weights = x.T @ np.linalg.solve(x @ x.T + 2000 * np.eye(len(x)), targets)
    assert 0.25 < ((new @ weights).argmax(1) == labels).mean() < 0.5
