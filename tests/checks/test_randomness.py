"""Random inputs: the same on every run, and made again from what a message says."""

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks.randomness import converted, recipe

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def no_secret():
    yield
    checks.seed_with(b"")


KINDS = {
    "normal": lambda draw: draw(2, 3),
    "whole": lambda draw: draw.whole(-3, 4, 2, 3),
    "distinct": lambda draw: draw.distinct(2, 3),
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_drawn_array_is_made_again_by_the_code_in_the_message(kind):
    array = kind(checks.draws("a test"))
    assert array.shape == (2, 3) and array.dtype == np.float64
    code = repr(checks.args(array))
    assert code.startswith("np.random.default_rng(")
    assert np.array_equal(eval(code), array)


def test_distinct_numbers_are_distinct_not_0_and_half_of_them_negative():
    for shape in [(3, 4), (3, 3)]:
        array = checks.draws("a test").distinct(*shape)
        assert len(np.unique(array)) == array.size == np.count_nonzero(array)
        assert (array < 0).sum() == (array.size + 1) // 2


def test_draws_are_the_same_on_every_run_and_depend_on_the_secret():
    first, again = (checks.draws("a test")(4) for _ in range(2))
    assert np.array_equal(first, again)
    checks.seed_with(b"secret")
    assert not np.array_equal(checks.draws("a test")(4), first)


def test_another_dtype_is_part_of_the_code():
    array = converted(checks.draws("a test")(2), np.float32)
    assert recipe(array).endswith(".astype(np.float32)")
    assert np.array_equal(eval(recipe(array)), array)


def test_an_array_that_was_changed_is_no_longer_shown_by_its_code():
    array = checks.draws("a test")(2, 3)
    array[0, 0] = 5.0
    assert recipe(array) == "" and repr(checks.args(array)).startswith("np.array([[5.0")
