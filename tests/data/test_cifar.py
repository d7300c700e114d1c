"""CIFAR-10 is read from its archive, its unpacked folder or a part, and a wrong file is named."""

import gzip
import pickle

import numpy as np
import pytest
from published import archive, batch, batches, shared, small_cifar

from course_utils import data
from course_utils.data import cifar

pytestmark = pytest.mark.unit

ARCHIVE = "cifar-10-python.tar.gz"
PIXELS, LABELS, MEMBERS = batches()


def test_the_archive_is_read_in_the_order_of_its_batches(tmp_path):
    # The archive's own order is another one, and it holds more.
    packed = archive(dict(reversed(MEMBERS.items())) | {f"{cifar.INSIDE}/readme.html": b"text"})
    (tmp_path / ARCHIVE).write_bytes(packed)
    found = data.cifar10(tmp_path, small_cifar(MEMBERS, packed))
    assert found.name == "CIFAR-10" and found.classes == data.CIFAR_CLASSES
    for part, rows in (
        ("train", slice(18)),
        ("validation", slice(18, 20)),
        ("test", slice(20, 25)),
    ):
        x, y = getattr(found, f"x_{part}"), getattr(found, f"y_{part}")
        assert x.dtype == np.uint8 and (x == PIXELS[rows]).all()
        assert y.dtype == np.int64 and (y == LABELS[rows]).all()
    assert list(tmp_path.iterdir()) == [tmp_path / ARCHIVE], "nothing is unpacked to disk"
    found.x_train[0] = 7  # the arrays belong to the caller


def test_the_unpacked_folder_is_read_as_the_archive(tmp_path):
    (tmp_path / cifar.INSIDE).mkdir()
    for name, content in MEMBERS.items():
        (tmp_path / name).write_bytes(content)
    published = small_cifar(MEMBERS)
    found = data.cifar10(tmp_path, published)
    assert (found.x_train == PIXELS[:18]).all() and (found.y_test == LABELS[20:]).all()
    (tmp_path / cifar.INSIDE / "data_batch_3").write_bytes(MEMBERS[f"{cifar.INSIDE}/data_batch_2"])
    with pytest.raises(data.DataError, match="data_batch_3 .* has MD5"):
        data.cifar10(tmp_path, published)


def test_a_checksum_comes_before_everything_else(tmp_path, monkeypatch):
    (tmp_path / ARCHIVE).write_bytes(archive(MEMBERS)[:-1])
    published = small_cifar(MEMBERS)
    monkeypatch.setattr(cifar.tarfile, "open", lambda *_: pytest.fail("opened unchecked"))
    with pytest.raises(data.DataError) as caught:
        data.cifar10(tmp_path, published)
    assert f"{tmp_path / ARCHIVE} (" in str(caught.value) and "expected" in str(caught.value)


TEST = f"{cifar.INSIDE}/test_batch"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no gzip", "cannot be unpacked: "),
        (gzip.compress(b"no tar" * 100), "cannot be unpacked: "),
        (archive(MEMBERS)[: -len(archive(MEMBERS)) // 2], "cannot be unpacked: "),
        (archive({k: v for k, v in MEMBERS.items() if k != TEST}), f"lacks {TEST}"),
        (archive(MEMBERS | {TEST: b"x"}), f"{TEST} has 1 bytes, expected {len(MEMBERS[TEST]):,}"),
        (archive(MEMBERS | {TEST: bytes(len(MEMBERS[TEST]))}), " bytes) has MD5"),
    ],
    ids=["text", "no-tar", "cut", "lacking", "size", "checksum"],
)  # fmt: skip
def test_an_archive_with_another_content_is_named_with_its_fault(content, said, tmp_path):
    """Its checksum is right, as far as anybody knows."""
    (tmp_path / ARCHIVE).write_bytes(content)
    with pytest.raises(data.DataError) as caught:
        data.cifar10(tmp_path, small_cifar(MEMBERS, content))
    assert str(tmp_path / ARCHIVE) in str(caught.value) and said in str(caught.value)


ROWS = PIXELS[:2].reshape(2, 3072)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pickle.dumps({b"data": print}, protocol=2), "it names '__builtin__ print'"),
        (pickle.dumps({"data": 1}, protocol=2), "it has no data and labels"),
        (pickle.dumps([1], protocol=2), "is no batch of CIFAR-10"),
        (pickle.dumps({b"data": [[1]], b"labels": [1]}, protocol=2), "data of shape (1, 1)"),
        (batch(ROWS, [1]), "data of shape (2, 3072) for labels of shape (1,)"),
        (batch(ROWS[:, :-1], [1, 2]), "data of shape (2, 3071)"),
        (batch(ROWS, [1, 10]), "labels from 1 to 10, expected 0 to 9"),
    ],
    ids=["hostile", "keys", "list", "no-array", "fewer-labels", "fewer-pixels", "range"],
)
def test_a_batch_with_another_content_is_named_with_its_fault(content, said, tmp_path):
    members = MEMBERS | {TEST: content}
    (tmp_path / ARCHIVE).write_bytes(archive(members))
    with pytest.raises(data.DataError) as caught:
        data.cifar10(tmp_path, small_cifar(members))
    assert TEST in str(caught.value) and said in str(caught.value)


def test_the_published_table_is_consistent():
    (packed,), members = cifar.CIFAR.forms
    assert packed.size == 170_498_071 and len(packed.sha256) == 64
    assert len({m.md5 for m in members}) == 6 and all(len(f.md5) == 32 for f in (packed, *members))
    # A batch of 10 000 has its pixels and, for each image, a label and a file name.
    assert all(0 < m.size - 10_000 * 3074 < 10_000 * 40 for m in members)


# A part of it


@pytest.fixture
def part(tmp_path):
    """Write a part of CIFAR-10, changed, and read it."""
    written = {
        "train_images": np.moveaxis(PIXELS[:20], 1, -1),
        "train_labels": LABELS[:20].astype(np.int64),
        "test_images": np.moveaxis(PIXELS[20:], 1, -1),
        "test_labels": LABELS[20:].astype(np.int64),
        "class_names": np.array(data.CIFAR_CLASSES),
    }

    def read(**changes):
        arrays = {k: v for k, v in (written | changes).items() if v is not None}
        np.savez(tmp_path / cifar.PART, **arrays)
        return data.cifar10(tmp_path)

    return read


def test_a_part_says_that_it_is_one(part):
    found = part(anything_else=np.zeros(3))
    assert found.name == "CIFAR-10, a part of 25 images"
    assert (found.x_train == PIXELS[:18]).all() and (found.x_validation == PIXELS[18:20]).all()
    assert (found.x_test == PIXELS[20:]).all() and (found.y_test == LABELS[20:]).all()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"test_labels": None}, "test_labels is not a file in the archive"),
        ({"train_images": np.zeros((20, 3, 32, 32), np.uint8)}, "expected uint8 of shape (20, 32, 32, 3)"),
        ({"train_images": np.zeros((20, 32, 32, 3))}, "train_images is float64"),
        ({"test_labels": np.zeros(4, np.int64)}, "of shape (4,), expected int64 of shape (5,)"),
        ({"test_labels": np.zeros(5, np.uint8)}, "test_labels is uint8"),
        ({"test_labels": np.arange(6, 11)}, "test_labels go from 6 to 10, expected 0 to 9"),
        ({"test_labels": np.arange(-1, 4)}, "test_labels go from -1 to 3"),
        ({"class_names": np.array(["dog"])}, "class_names are ['dog']"),
        ({"class_names": np.array(data.CIFAR_CLASSES, object)}, "allow_pickle=False"),
    ],
    ids=["key", "nchw", "floats", "number", "bytes", "high", "negative", "names", "pickle"],
)  # fmt: skip
def test_a_wrong_part_is_named_with_its_fault(changes, said, part, tmp_path):
    with pytest.raises(data.DataError) as caught:
        part(**changes)
    assert str(tmp_path / cifar.PART) in str(caught.value) and said in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\3\4no zip"], ids=repr)
def test_a_part_that_is_no_npz_file_is_named(content, tmp_path):
    (tmp_path / cifar.PART).write_bytes(content)
    with pytest.raises(
        data.DataError, match="cannot be read.* Expected an .npz file with train_images"
    ):
        data.cifar10(tmp_path)


def test_real_images():
    path = shared(cifar.PART)
    found = data.cifar10(path.parent)
    assert found.name == "CIFAR-10, a part of 4 000 images"
    assert found.x_train.shape == (2880, 3, 32, 32) and found.x_train[0, 0, 0, :3].tolist() == [
        59,
        43,
        50,
    ]
    assert found.x_test[0, :, 0, 0].tolist() == [158, 112, 49]
    labels = np.concatenate([found.y_train, found.y_validation])
    assert set(np.bincount(labels)) == {320} and set(np.bincount(found.y_test)) == {80}
    assert labels[:10].tolist() == [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]


def test_real_images_pass_through_the_format_of_the_archive(tmp_path):
    """Packed as the publisher packs them, by the pickle of this Python."""
    with np.load(shared(cifar.PART)) as file:
        x, y = file["train_images"][:60], file["train_labels"][:60].tolist()
    rows, members = np.moveaxis(x, -1, 1).reshape(60, 3072), {}
    for k, (name, _) in enumerate(MEMBERS.items()):
        at = slice(10 * k, 10 * k + 10)
        content = {
            b"batch_label": b"training batch 1 of 5",
            b"labels": y[at],
            b"data": rows[at],
            b"filenames": [b"x"] * 10,
        }
        members[name] = pickle.dumps(content, protocol=2)
    (tmp_path / ARCHIVE).write_bytes(archive(members))
    found = data.cifar10(tmp_path, small_cifar(members))
    assert (found.x_train == np.moveaxis(x[:45], -1, 1)).all() and found.y_test.tolist() == y[50:]
