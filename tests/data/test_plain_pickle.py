"""Pickles are read without running what they name: CIFAR-10's are read, hostile ones refused."""

import os
import pickle

import numpy as np
import pytest
from published import batch

from course_utils.data.plain_pickle import read_plain_pickle

pytestmark = pytest.mark.unit

PIXELS = np.arange(2 * 3072, dtype=np.uint8).reshape(2, 3072)


def same(found, expected):
    assert found.keys() == expected.keys()
    assert (found.pop(b"data") == expected.pop(b"data")).all()
    assert found == expected


def test_a_batch_of_python_2_is_read_as_pickle_reads_it():
    raw = batch(PIXELS, [3, 250])
    found = read_plain_pickle(raw)
    assert found[b"data"].dtype == np.uint8 and (found[b"data"] == PIXELS).all()
    assert found[b"labels"] == [3, 250] and found[b"batch_label"] == b"training batch 1 of 5"
    assert found[b"filenames"] == [b"x_000000.png", b"x_000001.png"]
    same(found, pickle.loads(raw, encoding="bytes"))


@pytest.mark.parametrize("count", [1, 2, 300, 70_000], ids=str)
def test_a_batch_of_this_numpy_is_read(count):
    rows = np.resize(PIXELS, (count, 3))
    written = {b"data": rows, b"labels": [*range(count)], b"none": None, b"t": (1, (), (2, 3))}
    same(read_plain_pickle(pickle.dumps(written, protocol=2)), written)


class Runs:
    """Runs a function where it is unpickled."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "named",
    [os.system, eval, getattr, np.load, np.frombuffer],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_hostile_pickle_is_refused_and_not_run(named, protocol, tmp_path):
    proof = tmp_path / "proof"
    raw = pickle.dumps({b"data": Runs(named, f"touch {proof}")}, protocol=protocol)
    with pytest.raises(ValueError, match="which no batch of images needs"):
        read_plain_pickle(raw)
    assert not proof.exists()


def test_the_hostile_pickle_would_have_run(tmp_path):
    proof = tmp_path / "proof"
    pickle.loads(pickle.dumps(Runs(os.system, f"touch {proof}"), protocol=2))
    assert proof.exists()


ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n"
U1 = b"cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "pickle exhausted"),
        (b"no pickle", "opcode"),
        (batch(PIXELS, [1, 2])[:-1], "pickle exhausted"),
        (batch(PIXELS, [1, 2])[:3000], "string"),
        (pickle.dumps(np.zeros(2), protocol=2), "an array of 'f8', expected uint8"),
        (pickle.dumps(np.array([{}], object), protocol=2), "an array of 'O8', expected uint8"),
        (b"\x80\x02U\x01ae.", "do not fit together"),
        (b"\x80\x02K\x01K\x02a.", "do not fit together"),
        (b"\x80\x02K\x01)R.", "do not fit together"),
        (b"\x80\x02}(K\x01u.", "shorter"),
        (b"\x80\x02h\x07.", "do not fit together"),
        (b"\x80\x02]}b.", "it gives a list a state"),
        (b"\x80\x02" + ARRAY + b"K\x00\x85R.", "it calls array"),
        (b"\x80\x02cnumpy\nndarray\n)R.", "it calls ndarray"),
        (b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x03\x00\x00\x00rot\x86R.", "it calls encode"),
        (
            b"\x80\x02" + ARRAY + b"cnumpy\nndarray\n\x85R(K\x01K\x05\x85" + U1 + b"\x89U\x02abtb.",
            "an array of shape (5,) with 2 values in C order",
        ),
        (pickle.dumps(np.zeros((2, 3), np.uint8, "F"), protocol=2), "6 values in Fortran order"),
    ],
    ids=[
        *("empty", "text", "cut", "cut-in-a-string", "floats", "objects", "append-to-nothing"),
        *("append-to-a-number", "call-a-number", "odd-items", "no-memo", "state-of-a-list"),
        *("array-without-class", "ndarray-called", "another-coding", "length", "order"),
    ],
)  # fmt: skip
def test_a_pickle_of_something_else_is_refused_with_its_fault(raw, said):
    with pytest.raises(ValueError) as caught:
        read_plain_pickle(raw)
    assert said in str(caught.value)
