"""Fashion-MNIST is read from its four files, and a wrong one is named with its fault."""

import gzip
import re

import numpy as np
import pytest
from published import FASHION, digits, idx, shared

from course_utils import data
from course_utils.data import fashion, store

pytestmark = pytest.mark.unit


@pytest.fixture
def put(brought, places):
    """The four files where they are looked for."""
    return store.bring("fashion-mnist", brought)[0].parent


def test_the_four_files_are_read_and_the_last_twelfth_is_for_validation(put):
    found = data.fashion_mnist()
    assert found.name == "Fashion-MNIST" and len(found.classes) == 10
    images, labels = FASHION["train-images-idx3-ubyte.gz"], FASHION["train-labels-idx1-ubyte.gz"]
    assert found.x_train.shape == (22, 1, 28, 28) and found.x_train.dtype == np.uint8
    assert (found.x_train[:, 0] == images[:22]).all() and (found.y_train == labels[:22]).all()
    assert (found.x_validation[:, 0] == images[22:]).all()
    assert found.y_validation.tolist() == [2, 3] and found.y_test.tolist() == [0, 1, 2]
    assert found.y_train.dtype == found.y_validation.dtype == found.y_test.dtype == np.int64
    assert (data.fashion_mnist(put).x_test == found.x_test).all()
    found.x_train[0] = 7  # the arrays belong to the caller


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip", "cannot be unpacked"),
        (gzip.compress(idx(digits(3)))[:-9], "cannot be unpacked"),
        (gzip.compress(idx(digits(3), code=13)), "begins with 00 00 0d 01"),
        (gzip.compress(b""), "begins with nothing"),
        (gzip.compress(b"\0\0\x08\x03\0\0\0\1"), "no idx file of bytes"),
        (gzip.compress(idx(digits(3))[:-1]), "2 bytes after its header, but shape (3,) takes 3"),
        (gzip.compress(idx(digits(3)) + b"x"), "4 bytes after its header"),
        (gzip.compress(b"\0\0\x08\1" + (3).to_bytes(4, "little") + b"abc"), "(50331648,)"),
    ],
    ids=["text", "cut", "type", "empty", "short", "few", "many", "little-endian"],
)
def test_a_wrong_idx_file_is_named_with_its_fault(content, said, tmp_path):
    path = tmp_path / "labels.gz"
    path.write_bytes(content)
    with pytest.raises(data.DataError, match=re.escape(said)) as caught:
        fashion.read_idx(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("labels", [digits(5), digits(3) + 9], ids=["number", "range"])
def test_labels_that_do_not_fit_the_images_are_found(labels, put, monkeypatch):
    read = fashion.read_idx
    monkeypatch.setattr(fashion, "read_idx", lambda p: labels if "t10k-l" in p.name else read(p))
    with pytest.raises(
        data.DataError, match="t10k-labels.* labels of shape .* one of 0 to 9 for each"
    ):
        data.fashion_mnist()


def test_a_damaged_file_is_named_with_both_checksums(put):
    path = put / "t10k-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(data.DataError) as caught:
        data.fashion_mnist()
    said = str(caught.value)
    assert str(path) in said and store.PUBLISHED["fashion-mnist"].forms[0][3].md5 in said
    assert "`course data fashion-mnist`" in said
    assert not isinstance(caught.value, data.DataMissing)


def test_what_is_missing_is_named_with_what_to_do(put, tmp_path):
    (put / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(data.DataMissing) as caught:
        data.fashion_mnist()
    said = str(caught.value)
    assert f"{put} lacks t10k-labels-idx1-ubyte.gz" in said
    assert "nothing in" in said and str(tmp_path / "cache") in said
    assert "`course data fashion-mnist --from PATH`" in said


def test_the_published_files():
    found = data.fashion_mnist(shared("fashion-mnist"))
    labels = np.concatenate([found.y_train, found.y_validation])
    assert found.x_train.shape == (55_000, 1, 28, 28) and len(found.x_validation) == 5_000
    assert found.x_test.shape == (10_000, 1, 28, 28)
    assert set(np.bincount(labels)) == {6000} and set(np.bincount(found.y_test)) == {1000}
    pixels = found.x_train.sum(dtype=int) + found.x_validation.sum(dtype=int)
    assert round(pixels / (60_000 * 784 * 255), 5) == 0.28604
    assert found.y_train[:5].tolist() == [9, 0, 0, 3, 0]
