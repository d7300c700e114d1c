"""One call gives any of the sets in one shape, and says which it is."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import data
from course_utils.data import store

pytestmark = pytest.mark.unit


@pytest.fixture
def put(brought):
    """Both small sets where they are looked for."""
    for name in store.PUBLISHED:
        store.bring(name, brought)


@pytest.mark.parametrize(
    ("name", "title", "shape"),
    [
        ("drawn", "Drawn images", (3, 32, 32)),
        ("drawn-grey", "Drawn grey images", (1, 28, 28)),
        ("fashion-mnist", "Fashion-MNIST", (1, 28, 28)),
        ("cifar-10", "CIFAR-10", (3, 32, 32)),
    ],
    ids=["drawn", "drawn-grey", "fashion-mnist", "cifar-10"],
)
def test_all_sets_have_one_shape(name, title, shape, put, capsys):
    found = data.load_images(name, train=15, validation=2, test=3)
    assert found.name == title and len(found.classes) == 10
    for part, count in (("train", 15), ("validation", 2), ("test", 3)):
        x, y = getattr(found, f"x_{part}"), getattr(found, f"y_{part}")
        assert x.shape == (count, *shape) and x.dtype == np.uint8
        assert y.shape == (count,) and y.dtype == np.int64 and set(y) <= set(range(10))
    said = capsys.readouterr().out
    assert said.startswith(f"{title}: 15 for training, 2 for validation, 3 for the test, ")
    assert said.count("\n") == 1
    again = data.load_images(name, train=10)
    assert (again.x_train == found.x_train[:10]).all()
    assert (again.x_validation[:2] == found.x_validation).all() and (
        again.x_test[:3] == found.x_test
    ).all()


def test_without_numbers_all_images_come(put):
    assert [len(a) for a in data.load_images("fashion-mnist")[3::2]] == [22, 2, 3]
    assert [len(a) for a in data.load_images("cifar-10")[3::2]] == [18, 2, 5]


@pytest.mark.parametrize("name", ["drawn", "drawn-grey"])
def test_a_drawn_set_has_three_parts_that_share_no_image(name):
    found = data.load_images(name, train=40, validation=30, test=20)
    images = np.concatenate([found.x_train, found.x_validation, found.x_test]).reshape(90, -1)
    assert len(np.unique(images, axis=0)) == 90
    assert data.DRAWN == {"train": 6000, "validation": 1000, "test": 1000}


def test_fewer_images_do_not_hold_the_others_in_memory(put):
    found = data.load_images("cifar-10", train=5)
    assert found.x_train.base is None


@pytest.mark.parametrize(
    ("names", "title", "said"),
    [
        ((), "Fashion-MNIST", "load_images('drawn') gives the drawn set"),
        ((("cifar-10", "drawn"),), "CIFAR-10", "load_images('drawn') gives the drawn set"),
        (("drawn",), "Drawn images", "`course data` lists others"),
        (("drawn-grey",), "Drawn grey images", "`course data` lists others"),
    ],
    ids=["default", "first", "drawn", "grey"],
)
def test_of_several_sets_the_first_comes(names, title, said, put, capsys):
    assert (
        data.load_images(*names, 2, 2, 2).name == title
        if names
        else data.load_images(train=2).name == title
    )
    assert said in capsys.readouterr().out


def test_where_it_is_not_here_the_next_comes_and_the_way_is_said(brought, capsys):
    assert (
        data.load_images(("cifar-10", "fashion-mnist", "drawn"), 5, 5, 5).classes
        == data.DRAWN_CLASSES
    )
    said = capsys.readouterr().out
    assert "`course data cifar-10` fetches cifar-10" in said
    assert "`course data fashion-mnist` fetches fashion-mnist" in said
    with pytest.raises(data.DataMissing) as caught:
        data.load_images(("cifar-10", "fashion-mnist"))
    assert "CIFAR-10 is not here" in str(caught.value) and "Fashion-MNIST is not" in str(
        caught.value
    )


def test_a_damaged_set_is_not_passed_over(put, places):
    path = places / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(data.DataError, match=str(path)):
        data.load_images(train=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"name": "mnist"},
            "name must be one of drawn, drawn-grey, fashion-mnist, cifar-10, got 'mnist'",
        ),
        ({"train": 23}, "train=23, but Fashion-MNIST has 22 such images"),
        ({"test": -1}, "test=-1 must be at least 0"),
        ({"name": "drawn", "validation": -1}, "validation=-1 must be at least 0"),
    ],
    ids=["name", "many", "negative", "drawn"],
)
def test_what_cannot_be_had_is_refused(arguments, said, put):
    with pytest.raises(ValueError, match=said):
        data.load_images(**arguments)


def test_importing_it_loads_nothing_of_the_network():
    heavy = "{'pooch', 'requests', 'urllib3', 'ssl', 'http.client'}"
    code = f"import sys, course_utils.data; sys.exit(repr({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr.strip() == "set()"
