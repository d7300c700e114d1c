"""A student's test of a max pool is judged by the faults that it finds."""

import numpy as np
import pytest

from course_utils.checks import CheckFailed, pools

pytestmark = pytest.mark.unit


def thorough(forward, backward):
    """Find every fault that is here."""
    x = np.array([[[[1.0, 1, 0, 2], [3, 0, 3, 1], [0, 3, 1, 1]]] * 2] * 2)
    x = x + np.arange(2)[:, None, None, None]
    for kernel, stride in [(2, 1), ((2, 3), 1), (2, 2)]:
        out, cache = forward(x, kernel, stride)
        forward(-x, kernel, stride)
        dout = np.arange(1.0, out.size + 1).reshape(out.shape)
        expected = pools.backward(dout, pools.forward(x, kernel, stride)[1])
        assert np.allclose(backward(dout, cache), expected)


def test_right_pairs_pass_and_faults_are_found():
    pools.judges(thorough, pools.RIGHT)
    pools.judges(thorough, pools.routed(pools.add))
    for fault, pair in pools.FAULTY.items():
        pools.judges(thorough, pair, fault)


def test_in_grading_a_right_pair_that_passes_is_asked_about_once():
    class Graded:
        __name__ = "check"

        def __init__(self, run, check):
            self.__course_submission__, self.check, self.asked = run, check, 0

        def __call__(self, *pair):
            self.asked += 1
            return self.check(*pair)

    class Run:
        """Stands for a submission."""

    run = Run()
    first, second, other = Graded(run, thorough), Graded(run, thorough), Graded(Run(), thorough)
    for check in (first, second, other):
        pools.judges(check, pools.RIGHT)
    assert [first.asked, second.asked, other.asked] == [1, 0, 1]
    refused = Graded(Run(), refuses)
    for asked in (1, 2):
        with pytest.raises(CheckFailed, match="a right pair is refused"):
            pools.judges(refused, pools.RIGHT)
        assert refused.asked == asked


@pytest.mark.parametrize("fault", pools.FAULTY)
def test_each_fault_is_one(fault):
    with pytest.raises(CheckFailed, match="a right pair is refused"):
        pools.judges(thorough, pools.FAULTY[fault])


def nothing(forward, backward):
    pass


def refuses(forward, backward):
    raise AssertionError("wrong")


def breaks(forward, backward):
    return 1 / 0


def test_what_is_no_verdict_is_said_to_be_none():
    with pytest.raises(CheckFailed, match="a wrong pair is let through\n  call: .*returns zeros"):
        pools.judges(nothing, pools.FAULTY["returns zeros"], "returns zeros")
    with pytest.raises(CheckFailed, match="a right pair is refused"):
        pools.judges(refuses, pools.RIGHT)
    with pytest.raises(CheckFailed, match="raised ZeroDivisionError"):
        pools.judges(breaks, pools.RIGHT)
