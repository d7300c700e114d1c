"""What the checks accept, what they refuse, and the words in which they say so."""

import contextlib
import logging
import subprocess
import sys
import textwrap
import types
from collections import namedtuple

import numpy as np
import pytest
from oracle import torch

from course_utils import checks
from course_utils.checks import CheckFailed, args, case, excuses, loops, speed
from course_utils.checks.compare import compare
from course_utils.checks.words import show
from course_utils.wire import Raised, Reply

pytestmark = pytest.mark.unit

Point = namedtuple("Point", "x y")


def table(cases):
    """Parametrise with a dict of name to argument."""
    return pytest.mark.parametrize("case_", list(cases.values()), ids=list(cases))


def says(check, *arguments, **options):
    """The message with which a check fails."""
    with pytest.raises(CheckFailed) as failure:
        check(*arguments, **options)
    return str(failure.value)


def returns(value):
    """An answer that returns a value, whatever it is asked."""

    def answer(*args, **kwargs):
        return value

    return answer


def fails_with(error):
    def answer(*args, **kwargs):
        raise error

    return answer


def opaque():
    return types.SimpleNamespace()


grid = np.arange(12.0).reshape(3, 4)

# ---------------------------------------------------------------- what is right

RIGHT = {
    "integer": (3, 3),
    "integer of NumPy": (3, np.int32(3)),
    "integer in a 0-d array": (3, np.array(3)),
    "expected of NumPy": (np.int64(3), 3),
    "long integer": (10**40, 10**40),
    "float": (0.3, 0.1 + 0.2),
    "integer for a float": (2.0, 2),
    "float32": (0.5, np.float32(0.5)),
    "NaN": (float("nan"), float("nan")),
    "bool": (True, True),
    "bool of NumPy": (True, np.bool_(True)),
    "expected bool of NumPy": (np.bool_(True), True),
    "text": ("low", "low"),
    "text of NumPy": ("low", np.str_("low")),
    "None": (None, None),
    "anything": (..., opaque()),
    "list for a tuple": ((1, 2), [1, 2]),
    "tuple for a list": ([1, 2], (1, 2)),
    "named tuple": ((1, 2), Point(1, 2)),
    "range": ([0, 1, 2], range(3)),
    "array for a list": ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
    "list for an array": (grid, grid.tolist()),
    "list of arrays for an array": (grid, list(grid)),
    "array in another order": (grid, np.asfortranarray(grid)),
    "results beside a cache": ((grid, ...), (grid, opaque())),
    "dict in another order": ({"a": 1, "b": grid}, {"b": grid, "a": 1}),
    "rows": ([("a", (1, 2)), ("b", (3, 4))], [["a", [1, 2]], ["b", (3, 4)]]),
}


@table(RIGHT)
def test_right_results_pass(case_):
    expected, got = case_
    checks.equal(returns(got), [case(args(), expected)])


TENSORS = {
    "integer in a tensor": lambda: (3, torch.tensor(3)),
    "tensor for an array": lambda: (grid, torch.tensor(grid)),
    "bfloat16 for an array": lambda: (grid, torch.tensor(grid).bfloat16()),
    "array for a tensor": lambda: (torch.tensor(grid), grid),
}


@pytest.mark.torch
@table(TENSORS)
def test_right_results_with_tensors_pass(case_):
    expected, got = case_()
    checks.equal(returns(got), [case(args(), expected)])


# ---------------------------------------------------------------- what is wrong

HEADLINES = {
    "value": (3, 4, "wrong value"),
    "float for an integer": (3, 3.0, "a float, not an integer"),
    "float for an integer of NumPy": (np.int64(3), 3.0, "a float, not an integer"),
    "float32 for an integer": (3, np.float32(3), "a float, not an integer"),
    "0-d float array for an integer": (3, np.array(3.0), "a float, not an integer"),
    "another float for an integer": (3, 3.5, "wrong value"),
    "nothing": (3, None, "nothing was returned"),
    "nothing for an array": (grid, None, "nothing was returned"),
    "text for an integer": (3, "3", "a string, not an integer"),
    "list for an integer": (3, [3], "a list, not an integer"),
    "array for an integer": (3, np.array([3]), "an array, not an integer"),
    "tuple for an integer": (3, (3, 4), "a tuple, not an integer"),
    "function for an integer": (3, len, "a function, not an integer"),
    "integer for a bool": (True, 1, "an integer, not a bool"),
    "other bool": (True, False, "wrong value"),
    "integer for text": ("a", 1, "an integer, not a string"),
    "other text": ("a", "b", "wrong value"),
    "something for None": (None, 0, "an integer, not None"),
    "bool for a float": (1.0, True, "a bool, not a float"),
    "text for an array": (grid, "grid", "a string, not an array"),
    "object for an array": (grid, opaque(), "a SimpleNamespace, not an array"),
    "array of objects": (grid, np.array([None]), "an array of dtype object, not an array"),
    "float": (0.3, 0.31, "wrong value"),
    "values": (grid, grid + 1, "wrong values"),
    "shape": (grid, grid.T, "wrong shape"),
    "ragged list": (grid, [[1.0], [2.0, 3.0]], "a ragged list, not an array"),
    "list of text": (grid, ["a"], "a list that holds more than numbers"),
    "integer for a tuple": ((1, 2), 1, "an integer, not a tuple"),
    "length": ([1, 2], [1, 2, 3], "wrong length"),
    "fewer results": ((grid, grid), (grid,), "wrong number of results"),
    "one array for two": ((grid, grid), grid, "an array, not a tuple"),
    "None among results": ((grid, grid), (grid, None), "None, not an array"),
    "float among integers": ([1, 2], np.array([1.0, 2.0]), "a float, not an integer"),
    "keys": ({"a": 1}, {"b": 1}, "wrong keys"),
    "list for a dict": ({"a": 1}, [1], "a list, not a dict"),
    "generator": ([1], (n for n in [1]), "a generator, not a list"),
    "map": ([1], map(int, "1"), "a map, not a list"),
    "values of a dict": ([1], {"a": 1}.values(), "a view of a dict's values, not a list"),
    "set": ([1], {1}, "a set, not a list"),
}


@table(HEADLINES)
def test_wrong_results_are_named(case_):
    expected, got, headline = case_
    assert says(checks.equal, returns(got), [case(args(), expected)]).splitlines()[0] == headline


PLACES = {
    "entry": ([1, 2, 3], [1, 2, 4], "entry 2"),
    "item of an entry": ([(1, 2), (3, 4)], [(1, 2), (3, 5)], "entry 1, item 1"),
    "deeper": ([[[1]], [[2, 3]]], [[[1]], [[2, 4]]], "entry 1, item 0, item 1"),
    "row with a name": ([("conv", (1, 2))], [("conv", (1, 3))], "entry 0 ('conv'), item 1, item 1"),
    "key": ({"W1": 1, "b1": 2}, {"W1": 1, "b1": 3}, "key 'b1'"),
    "key of an entry": ((1, {"mean": 2}), (1, {"mean": 3}), "entry 1, key 'mean'"),
    "entry of a key": ({"entry 1": [2]}, {"entry 1": [3]}, "key 'entry 1', item 0"),
    "length of an entry": ([1, (2, 3)], [1, (2,)], "entry 1: 1 entry, 2 expected"),
    "length": ([1, 2], [1, 2, 3], "3 entries, 2 expected"),
    "missing key": ({"W": 1, "b": 2}, {"W": 1}, "missing: 'b'"),
    "two kinds of keys": ({"W": 1}, {"w": 1}, "missing: 'W'\nnot asked for: 'w'"),
    "array": (
        np.zeros(9),
        np.eye(1, 9, 4)[0],
        "1 of 9 elements differs, at (4,): expected 0.0, got 1.0",
    ),
    "array in an entry": (
        (0.5, np.zeros(9)),
        (0.5, np.eye(1, 9, 4)[0]),
        "entry 1: 1 of 9 elements differs, at (4,): expected 0.0, got 1.0",
    ),
    "number": (1, 2, ""),
}


@table(PLACES)
def test_a_message_says_where(case_):
    expected, got, where = case_
    assert compare(expected, got).where() == where


def test_the_parts_that_differ_are_shown_where_the_whole_is_long():
    rows = [(f"layer{i}", (i, i)) for i in range(9)]
    wrong = [*rows[:3], ("layer3", (3, 4)), *rows[4:]]
    assert says(checks.equal, returns(wrong), [case(args(), rows)]) == (
        "wrong value\n"
        "  call:       answer()\n"
        "  expected:   3\n"
        "  got:        4\n"
        "  where:      entry 3 ('layer3'), item 1, item 1"
    )


def test_the_whole_is_shown_where_it_is_short():
    assert says(checks.equal, returns((6, 28)), [case(args(), (6, 27))]) == (
        "wrong value\n"
        "  call:       answer()\n"
        "  expected:   (6, 27)\n"
        "  got:        (6, 28)\n"
        "  where:      entry 1"
    )


def test_large_arrays_are_shown_by_their_shape():
    large = np.zeros((30, 40))
    message = says(checks.equal, returns(large[1:]), [case(args(large, stride=2), large)])
    assert message.startswith(
        "wrong shape\n"
        "  call:       answer(array of shape (30, 40), float64, stride=2)\n"
        "  expected:   array of shape (30, 40), float64\n"
        "  got:        array of shape (29, 40), float64\n"
        "  where:      shape differs: expected (30, 40), got (29, 40)\n"
    )


def test_a_call_with_small_arrays_can_be_pasted():
    x, small = np.arange(6.0).reshape(2, 3), np.ones(2, np.float32)
    line = repr(args(x, small, np.array([1, 2]), np.zeros((9, 9)), k=(1, 2)))
    code = "np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]), np.array([1.0, 1.0], np.float32), "
    assert line == f"{code}np.array([1, 2]), array of shape (9, 9), float64, k=(1, 2)"
    assert np.array_equal(eval(code.rpartition(", ")[0])[0], x)


def test_no_more_than_sixty_numbers_of_a_call_are_shown():
    line = repr(args(np.zeros(50), np.zeros(11), np.zeros(10)))
    assert line.count("0.0") == 60 and "array of shape (11,), float64" in line


def test_a_large_array_of_the_wrong_shape_is_not_searched():
    assert compare(grid, np.zeros((1, 200_000))).where() == ""


@table({"list": "a generator, not a list", "array": "a generator, not an array"})
def test_what_is_lazy_gets_a_hint(case_):
    expected = [1] if "list" in case_ else grid
    message = says(checks.equal, lambda: (n for n in [1]), [case(args(), expected)])
    assert message.startswith(case_)
    assert message.endswith("looks like: something lazy: list(...) around it makes a list")


def test_a_float_for_an_integer_gets_a_hint():
    message = says(checks.equal, lambda n: n / 2, [case(args(n), n // 2) for n in (2, 4)])
    said = "looks like: dividing with /, which gives a float, or float(): // keeps integers"
    assert " ".join(message.split()).endswith(said)


def test_no_hint_where_not_only_the_type_is_wrong():
    message = says(checks.equal, lambda n: n / 2, [case(args(n), n // 2) for n in (2, 3)])
    assert message.startswith("a float, not an integer") and "looks like" not in message


@table({"set": {1}, "object": opaque()})
def test_a_test_cannot_expect_what_never_arrives(case_):
    with pytest.raises(TypeError, match="a test cannot expect"):
        checks.equal(returns(1), [case(args(), case_)])


def test_tolerances():
    checks.equal(returns(1.01), [case(args(), 1.0)], rtol=0.02)
    checks.equal(returns([0.01]), [case(args(), np.zeros(1))], atol=0.02)


def test_the_headline_is_replaced_where_values_are_wrong():
    assert says(checks.equal, returns(2), [case(args(), 1)], headline="lost").startswith("lost\n")


def test_the_headline_is_not_replaced_where_there_is_no_value():
    message = says(checks.equal, returns(None), [case(args(), 1)], headline="lost")
    assert message.startswith("nothing was returned\n")


# ---------------------------------------------------------------- misconceptions


def adds(height, width):
    """adding the sides
    instead of multiplying"""
    return height + width


def refuses(height, width):
    """refusing what is flat"""
    raise ValueError


def area(height, width):
    return height * width


SIDES = [args(2, 2), args(2, 3), args(5, 4)]


def test_a_misconception_that_computes_every_answer_is_named():
    message = says(checks.against, lambda h, w: w + h, area, SIDES, looks_like=[refuses, adds])
    assert message == (
        "wrong value\n"
        "  call:       <lambda>(2, 3)\n"
        "  expected:   6\n"
        "  got:        5\n"
        "  looks like: adding the sides instead of multiplying"
    )


def test_a_misconception_that_computes_some_of_the_answers_is_not_named():
    answer = lambda h, w: h + w if h < 5 else 0  # noqa: E731
    assert "looks like" not in says(checks.against, answer, area, SIDES, looks_like=[adds])


def test_a_misconception_may_be_to_raise():
    message = says(
        checks.against, fails_with(ValueError("no")), area, SIDES, looks_like=[adds, refuses]
    )
    assert message.endswith("looks like: refusing what is flat")


def test_a_misconception_that_works_in_place_does_not_spoil_the_next_one():
    def doubles(x):
        """working in place"""
        x *= 2
        return x

    def triples(x):
        """three times"""
        return 3 * x

    calls = [args(np.ones(2)), args(np.ones(3))]
    message = says(
        checks.against, lambda x: 3 * x, lambda x: x, calls, looks_like=[doubles, triples]
    )
    assert message.endswith("looks like: three times")


def test_a_reference_that_draws_leaves_the_generator_as_it_was():
    checks.against(lambda rng: rng.random(), lambda rng: rng.random(), [args(checks.rng("draw"))])


LABELS = {
    "a number": (3, {3: "one", 4: "two"}, "one"),
    "a float for a number": (3.0, {3: "one"}, "one"),
    "not listed": (7, {3: "one"}, ""),
    "a tuple": ((1, 2), {3: "one", (1, 2): "two"}, "two"),
    "a float, and tuples in the table": (0.5, {(1, 2): "one"}, ""),
    "no table": (7, None, ""),
}


@table(LABELS)
def test_a_wrong_number_is_named_by_its_table(case_):
    answer, looks_like, sentence = case_
    message = says(checks.value, answer, 10, "count", looks_like)
    assert message.partition("looks like: ")[2] == sentence


# ---------------------------------------------------------------- answers that raise


RAISES = {
    "not written yet": (NotImplementedError(), "f is not written yet"),
    "not written yet, with words": (
        NotImplementedError("not on CPU"),
        "f raised NotImplementedError",
    ),
    "built-in": (KeyError("W1"), "f raised KeyError"),
    "exit": (SystemExit(), "f raised SystemExit"),
}


@table(RAISES)
def test_an_answer_that_raises(case_):
    def f():
        raise error

    error, headline = case_
    message = says(checks.equal, f, [case(args(), 1)])
    assert message.startswith(f"{headline}\n  call:       f()\n  expected:   1\n  got:        ")


def test_anything_is_not_an_exception():
    message = says(checks.equal, fails_with(ValueError("no")), [case(args(), ...)])
    assert message.startswith("answer raised ValueError\n")


def test_endless_recursion():
    def f(n):
        return f(n - 1) * n

    message = says(checks.equal, f, [case(args(3), 6)])
    assert message.startswith("f raised RecursionError\n  call:       f(3)\n")


def test_an_interrupt_passes_through():
    with pytest.raises(KeyboardInterrupt):
        checks.equal(fails_with(KeyboardInterrupt()), [case(args(), 1)])


@table({"number": 7, "placeholder": ..., "None": None})
def test_an_answer_that_is_no_function(case_):
    message = says(checks.equal, case_, [case(args(), 1)])
    assert message == f"a function is expected here, not {show(case_)}"


def test_a_result_without_end():
    def f():
        result = []
        result.append(result)
        return result

    assert says(checks.equal, f, [case(args(), [1])]) == (
        "f returned something that cannot be compared\n"
        "  call:       f()\n"
        "  expected:   [1]\n"
        "  got:        a value nested more than 40 deep cannot be compared"
    )


class Remote:
    """An answer in another process, as grading has it."""

    __name__ = "f"

    def __init__(self, *replies):
        self.replies = replies

    def __course_call__(self, args, kwargs):
        return self.replies[0]

    def __course_calls__(self, calls):
        return list(self.replies)

    def __course_value__(self):
        return self.replies[0].value


ENDINGS = {
    "OutOfTime": "f did not return in time",
    "OutOfMemory": "f ran out of memory",
    "Crashed": "f ended the program it runs in",
}


@pytest.mark.parametrize("name", ENDINGS)
def test_an_answer_whose_process_ended(name):
    remote = Remote(Reply(1), Reply(Raised(name, (), "more than 5 s")))
    message = says(checks.equal, remote, [case(args(n), 1) for n in range(4)])
    assert message.startswith(f"{ENDINGS[name]}\n  call:       f(1)\n")


def test_of_a_missing_answer_no_call_is_told():
    remote = Remote(Reply(Raised("NotDefined", (), "f is not defined")))
    assert says(checks.equal, remote, [case(args(1), 1)]) == "f is not defined"


def taken_apart(size):
    height, width = size
    return height * width


def taken_for_an_int(size):
    return (size - 1) ** 2


def multiplied(size):
    return size * size


def printed(size):
    print(size)


def test_an_int_for_a_pair_and_a_pair_for_an_int_are_named():
    assert "looks like: an int taken apart like a pair" in says(
        checks.equal, taken_apart, [case(args(3), 9)]
    )
    for wrong in (taken_for_an_int, multiplied):
        message = says(checks.equal, wrong, [case(args((3, 4)), 12)])
        assert "looks like: a pair taken for an int" in message


def test_a_function_without_return_is_named():
    message = says(checks.equal, printed, [case(args(3), 9)])
    assert "looks like: no return: print shows a value, return hands it over" in message


def test_what_reads_the_same_is_not_shown_twice():
    expected, got = np.zeros((5, 5)), np.eye(5)
    message = says(checks.equal, lambda n: got, [case(args(5), expected)])
    assert "expected:   array of shape (5, 5), float64, other numbers" in message
    assert "  got:" not in message and "5 of 25 elements differ" in message


def test_a_line_of_another_answer_is_said_to_be_in_its_cell():
    error = Raised("TypeError", ("TypeError",), "wrong", 3, "x + y", "area.<locals>.part")
    for name, cell in {"trace": "the cell of area", "area": "the cell"}.items():
        remote = Remote(Reply(error))
        remote.__name__ = name
        message = says(checks.equal, remote, [case(args(1), 1)])
        assert f"where:      line 3 of {cell}: x + y" in message


CHECKS = {
    "raises": lambda f, calls: checks.raises(f, calls),
    "unchanged": checks.unchanged,
    "dtype": checks.dtype,
    "no_views": checks.no_views,
}


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_notices_an_answer_that_is_not_written_yet(name):
    message = says(CHECKS[name], fails_with(NotImplementedError), [args(np.ones(2))])
    assert message.startswith("answer is not written yet\n")


# ---------------------------------------------------------------- raises


def refuses_large(size, kernel_size):
    if kernel_size > size:
        raise ValueError(f"a kernel of {kernel_size} does not fit into {size}")
    return size - kernel_size + 1


def test_refusals_pass():
    checks.raises(refuses_large, [args(5, 8), args(1, 2)], mentions=(0, 1))


def test_subclasses_of_the_error_pass():
    checks.raises(fails_with(UnicodeDecodeError("utf-8", b"", 0, 1, "")), [args()])


def test_a_call_that_is_not_refused():
    assert says(checks.raises, refuses_large, [args(5, 8), args(9, 3)], because="it is odd") == (
        "no ValueError for a call that makes no sense\n"
        "  call:       refuses_large(9, 3)\n"
        "  expected:   ValueError, because it is odd\n"
        "  got:        7 was returned"
    )


def test_another_error():
    message = says(checks.raises, fails_with(TypeError("no")), [args(1)])
    assert message == (
        "answer raised TypeError\n"
        "  call:       answer(1)\n"
        "  expected:   ValueError\n"
        "  got:        TypeError: no"
    )


@table({"missing": "too large", "part of another number": "15 > 80", "decimals": "5.5 and 8"})
def test_a_message_without_the_numbers(case_):
    message = says(checks.raises, fails_with(ValueError(case_)), [args(5, 8)], mentions=(0, 1))
    assert message.startswith("the error message does not name the numbers\n")


# ---------------------------------------------------------------- unchanged

UNCHANGED = {
    "arrays": (lambda x, n: x + n, args(grid, 1)),
    "lists and dicts": (lambda x, y: None, args([1, (2,)], {"a": [3]})),
    "NaN": (lambda x: x, args(np.array([np.nan]))),
    "a generator that is drawn from": (lambda rng: rng.random(), args(np.random.default_rng(0))),
    "a function": (lambda f: f(1), args(abs)),
    "a named tuple of the test's": (lambda p: p.y if hasattr(p, "y") else p[1], args(Point(1, 2))),
}


@table(UNCHANGED)
def test_arguments_that_stay_as_they_are_pass(case_):
    answer, one = case_
    checks.unchanged(answer, [one])


HAIR = args(np.array([0.1]))
CHANGED = {
    "array": (lambda x, y: y.fill(1), args(1, grid), "argument 2"),
    "by name": (lambda x: x.fill(1), args(x=grid), "x"),
    "list": (lambda x: x.pop(), args([1, 2]), "argument 1"),
    "dict": (lambda x: x.update(a=2), args({"a": 1}), "argument 1"),
    "new key": (lambda x: x.update(b=2), args({"a": 1}), "argument 1"),
    "array in a dict": (lambda x: x["W"].fill(1), args({"W": grid}), "argument 1"),
    "list in a list": (lambda x: x[0].append(1), args([[]]), "argument 1"),
    "by a hair": (lambda x: x.__iadd__(1e-15), HAIR, "argument 1"),
}


@table(CHANGED)
def test_an_argument_that_is_changed_is_named(case_):
    answer, one, name = case_
    message = says(checks.unchanged, answer, [one])
    assert message.startswith(f"the call changes its {name}\n")
    said = (
        "adding a number and taking it off again" if one is HAIR else "working in place: copy the"
    )
    assert f"looks like: {said}" in message


def test_a_test_keeps_its_own_arguments():
    x = np.zeros(2)
    says(checks.unchanged, lambda x: x.fill(1), [args(x)])
    assert not x.any()


def test_a_cache_may_be_passed_back():
    cache = checks.call(opaque).value
    checks.unchanged(lambda dout, cache: dout, [args(grid, cache)])


# ---------------------------------------------------------------- dtype and views

half = np.ones((2, 3), np.float32)
KEEPS = {
    "array": (lambda n, x: 2 * x, args(3, half)),
    "tuple": (lambda x: (x, x + 1), args(half)),
    "dict": (lambda x: {"a": x}, args(half)),
    "scalar": (lambda x: x.sum(), args(x=half)),
    "from a dict": (lambda x: x["W"], args({"W": half})),
}


@table(KEEPS)
def test_results_of_the_same_dtype_pass(case_):
    answer, one = case_
    checks.dtype(answer, [one])


@pytest.mark.torch
def test_a_tensor_of_the_same_dtype_passes():
    checks.dtype(lambda x: x + 1, [args(torch.ones(2, dtype=torch.bfloat16))])


DTYPES = {
    "array": (lambda x: np.zeros(2), args(half), "float64", ""),
    "integers": (lambda x: np.zeros(2, int), args(half), "int64", ""),
    "in a tuple": (lambda x: (x, np.zeros(2)), args(half), "float64", "entry 1"),
    "in a dict": (lambda x: {"W": np.zeros(2)}, args(half), "float64", "key 'W'"),
    "a list": (lambda x: x.tolist(), args(half[0]), "a float", "entry 0"),
    "a number": (lambda x: float(x.sum()), args(half), "a float", ""),
}


@table(DTYPES)
def test_a_result_of_another_dtype(case_):
    answer, one, got, where = case_
    message = says(checks.dtype, answer, [one])
    lines = ["wrong dtype", f"  call:       <lambda>({one!r})"]
    lines += ["  expected:   float32, which its argument 1 has", f"  got:        {got}"]
    assert message.splitlines() == lines + ([f"  where:      {where}"] if where else [])


def test_of_some_results_the_dtype_is_not_asked():
    checks.dtype(lambda x: (x, (x.shape, np.argmax(x))), [args(half)], entries=[0])


VIEWS = {
    "the argument": (lambda x: x, "argument 1"),
    "a slice in a tuple": (lambda x: (x + 1, x[:1]), "argument 1"),
    "transposed in a dict": (lambda x: {"a": x.T}, "argument 1"),
}


@table(VIEWS)
def test_a_view_is_found(case_):
    answer, name = case_
    message = says(checks.no_views, answer, [args(grid)])
    assert message.startswith(f"the result is a view of its {name}\n")


def test_new_arrays_are_no_views():
    checks.no_views(lambda x: (x.copy(), x.T + 0), [args(grid)])


def test_of_a_cache_it_is_not_asked_whether_it_is_a_view():
    checks.no_views(lambda x: (x + 1, x), [args(grid)], entries=[0])


# ---------------------------------------------------------------- variables


def test_the_right_number_passes():
    checks.value(3_882_793, 3_882_793, "ALPHAGO")
    checks.value(Remote(Reply(5)), 5, "ALPHAGO")


VARIABLES = {
    "wrong": (5, "N is not the right number\n  got:        N = 5"),
    "a known mistake": (7, "N is not the right number\n  got:        N = 7\n  looks like: no bias"),
    "a float": (6.0, "a float, not an integer\n  got:        N = 6.0"),
    "text": ("6", "a string, not an integer\n  got:        N = '6'"),
    "not filled in": (..., "N is not filled in yet"),
    "None": (None, "N is not filled in yet"),
    "a function": (
        abs,
        "a function, not an integer\n  got:        N = <builtin_function_or_method object>",
    ),
    "not defined": (Remote(Reply(Raised("NotDefined", (), ""))), "N is not defined"),
}


@table(VARIABLES)
def test_another_number_is_not_the_right_one(case_):
    answer, message = case_
    assert says(checks.value, answer, 6, "N", {7: "no bias"}) == message


def test_the_right_number_is_not_given_away():
    assert "[1, 2]" not in says(checks.value, [1, 3], [1, 2], "SIZES")


# ---------------------------------------------------------------- messages


def test_one_number_for_everything_is_not_excused_by_a_simpler_case_that_it_hits():
    def five(n, padding=0):
        return 5

    table = [case(args(n, 1), n + 2, given=case(args(n), n)) for n in (3, 5, 8)]
    hit = case(args(4, 1), 5, given=case(args(5), 5))
    with pytest.raises(CheckFailed, match="wrong value"):
        checks.equal(five, [*table, hit])


def test_an_answer_that_looks_at_its_arguments_is_excused_where_a_simpler_case_is_wrong():
    def without_padding(n, padding=0):
        return n if n > 3 else 0  # wrong about small sizes, and about padding

    fault = case(args(3, 1), 4, given=case(args(3), 3))
    checks.equal(
        lambda n, padding=0: n + padding if n > 3 else 0,
        [fault, case(args(5, 1), 6, given=case(args(5), 5))],
    )
    with pytest.raises(CheckFailed, match="wrong value"):
        checks.equal(without_padding, [fault, case(args(5, 1), 6, given=case(args(5), 5))])


def test_messages_are_80_columns_wide_and_their_first_line_leaves_room_for_the_name():
    long = "a word and " * 60 + "x" * 300 + "\n" + "another " * 40
    message = str(CheckFailed(long, long, long, long, long, long))
    first, *lines = message.splitlines()
    assert len("CheckFailed: " + first) <= 80 and max(map(len, lines)) <= 80


def test_messages_hold_no_control_characters():
    failure = CheckFailed("raised \x1b[31m\0", got="a\tb\ud800\u202e")
    assert str(failure) == "raised \\x1b[31m\\x00\n  got:        a b\\ud800\\u202e"
    assert failure.misconception == "raised \\x1b[31m\\x00"


def test_the_misconception_of_a_failure_is_what_it_looks_like():
    assert CheckFailed("wrong value", looks_like="no floor").misconception == "no floor"


SHOWN = {
    "integer": (5, "5"),
    "text": ("a\nb", "'a\\nb'"),
    "float of NumPy": (np.float32(0.5), "0.5"),
    "short array": (np.array([1, 2]), "array([1, 2])"),
    "array": (np.zeros((9, 9)), "array of shape (9, 9), float64"),
    "small array": (np.eye(2), "array([[1.0, 0.0], [0.0, 1.0]])"),
    "arrays in a tuple": ((np.zeros((9, 9)), 1), "(array of shape (9, 9), float64, 1)"),
    "arrays in a list": ([np.ones(1)], "[array([1.0])]"),
    "tuple of one": ((1,), "(1,)"),
    "arrays in a dict": ({"W": np.zeros(50)}, "{'W': array of shape (50,), float64}"),
    "exception": (Raised("ValueError", (), "two\nlines"), "ValueError: two lines"),
    "function": (area, "area"),
    "anything": ((np.zeros(50), ...), "(array of shape (50,), float64, ...)"),
    "long list": (list(range(500)), f"{str(list(range(500)))[:197]}..."),
    "long text": ("x" * 10**6, f"'{'x' * 196}..."),
}


@table(SHOWN)
def test_values_are_shown_shortly(case_):
    value, text = case_
    assert show(value) == text


@pytest.mark.torch
def test_a_tensor_is_shown_shortly():
    assert show(torch.ones(2, 3)) == "tensor of shape (2, 3), float32"


def test_a_lambda_is_known_by_its_variable(monkeypatch):
    answer = lambda: 1  # noqa: E731
    monkeypatch.setattr(sys.modules["__main__"], "conv2d", answer, raising=False)
    assert checks.name_of(answer) == "conv2d"


# ---------------------------------------------------------------- randomness


def test_generators_depend_on_the_name_and_the_secret():
    draws = [checks.rng("a").random(), checks.rng("b").random()]
    checks.seed_with(b"secret" * 20)
    try:
        draws.append(checks.rng("a").random())
    finally:
        checks.seed_with(b"")
    assert len(set(draws)) == 3 and draws[0] == checks.rng("a").random()


# ---------------------------------------------------------------- in a notebook


def test_an_answer_that_is_noisy_leaves_stderr_empty(capsys):
    handler = logging.StreamHandler()
    logging.getLogger("noise").addHandler(handler)

    def noisy():
        print("to stdout")
        print("to stderr", file=sys.stderr)
        logging.getLogger("noise").warning("logged")
        return 1

    checks.equal(noisy, [case(args(), 1)])
    logging.getLogger("noise").removeHandler(handler)
    out, err = capsys.readouterr()
    assert err == "" and all(word in out for word in ("to stdout", "to stderr", "logged"))


CELLS = """
    from traitlets.config import Config
    from IPython.core.interactiveshell import InteractiveShell
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = InteractiveShell.instance(config=config)
    shell.run_cell('''
    def area(height, width):
        size = [height, width]
        return size[2]
    ''')
    shell.run_cell('''
    from course_utils import checks
    from course_utils.checks import args, case
    checks.equal(area, [case(args(2, 3), 6)])
    ''')
"""


def test_ipython_shows_the_message_and_no_frames_of_ours():
    script = textwrap.dedent(CELLS)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == (
        "CheckFailed: area raised IndexError\n"
        "  call:       area(2, 3)\n"
        "  expected:   6\n"
        "  got:        IndexError: list index out of range\n"
        "  where:      line 3 of the cell: return size[2]\n"
    ), done.stderr


@pytest.fixture
def pictures(monkeypatch):
    """Stand in for a notebook; the list of what it displays."""
    import IPython

    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: types.SimpleNamespace(kernel=True))
    monkeypatch.setattr("IPython.display.display", shown.append)
    assert IPython.get_ipython().kernel
    return shown


def test_in_a_notebook_arrays_are_drawn(pictures):
    says(checks.equal, returns((grid + 1, 1)), [case(args(), (grid, 1))])
    [picture] = pictures
    assert picture.data.startswith(b"\x89PNG")


@table({"numbers": (1, 2), "lists": ([1], [2]), "no array": (grid, None), "equal": (grid, grid)})
def test_in_a_notebook_other_things_are_not_drawn(case_, pictures):
    expected, got = case_
    with contextlib.suppress(CheckFailed):
        checks.equal(returns(got), [case(args(), expected)])
    assert pictures == []


def test_a_picture_that_cannot_be_drawn_does_not_hide_the_message(pictures, monkeypatch):
    monkeypatch.setitem(sys.modules, "course_utils.checks.picture", None)
    assert says(checks.equal, returns(grid + 1), [case(args(), grid)]).startswith("wrong values")


def test_outside_a_notebook_nothing_is_drawn(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: types.SimpleNamespace())
    monkeypatch.setattr("IPython.display.display", shown.append)
    says(checks.equal, returns(grid + 1), [case(args(), grid)])
    assert shown == []


def test_what_cannot_be_compared_inside_a_cache_is_left_out():
    def keeps(x):
        return x, (x, lambda d: d, {"model": opaque()})

    def uses(cache):
        return cache[1](1.0)

    def spoils(cache):
        cache[0][0] = 5.0
        return 1.0

    _, cache = checks.pair(keeps, np.ones(2))
    checks.unchanged(uses, [args(cache)])
    assert says(checks.unchanged, spoils, [args(cache)]).startswith("the call changes its")


# ---------------------------------------------------------------- pairs and results
def test_results_and_pairs_are_what_was_returned():
    assert checks.result(returns(3), 1) == 3
    assert checks.results(lambda x: 2 * x, [args(1), args(2)]) == [2, 4]
    assert checks.pair(lambda x: [x, "cache"], 1) == (1, "cache")
    assert checks.pairs(lambda x: (x, x), [args(1), args(2)]) == [(1, 1), (2, 2)]


@table({"one thing": 3, "an array of two": np.zeros(2), "three things": (1, 2, 3), "nothing": None})
def test_what_is_no_pair_is_refused(case_):
    assert says(checks.pair, returns(case_), 1).startswith("the result is not a pair\n  call: ")


@table({"result": checks.result, "pair": checks.pair})
def test_no_result_is_a_message(case_):
    assert "raised KeyError" in says(case_, fails_with(KeyError("x")), 1)


# ---------------------------------------------------------------- objects of the answer's
class Scale:
    def __init__(self, by, bias=0.0):
        self.params = {"by": by, "bias": bias}

    def apply(self, x, spoil=False):
        if spoil:
            x += 1
        return x * self.params["by"] + self.params["bias"]


def test_methods_of_an_object_are_asked_like_answers():
    apply = checks.make(Scale, 2.0, bias=1.0).method("apply")
    checks.equal(apply, [case(args(grid), 2 * grid + 1)])
    checks.unchanged(apply, [args(grid)])
    checks.no_views(apply, [args(grid)])
    checks.dtype(apply, [args(grid.astype("float32"))])


def test_an_attribute_is_read_and_replaced():
    made = checks.make(Scale, np.ones(2))
    assert made.read("params")["by"].tolist() == [1, 1]
    made.update("params", {"by": np.array([3.0, 4.0])})
    checks.equal(made.method("apply"), [case(args(np.ones(2)), np.array([3.0, 4.0]))])


def test_an_attribute_of_several_new_objects_is_asked_together():
    params = checks.attribute(Scale, "params")
    calls = [args(2.0), args(by=3.0, bias=1.0)]
    checks.equal(params, checks.cases(lambda by, bias=0.0: {"by": by, "bias": bias}, calls))
    assert says(checks.equal, params, [case(args(1.0), {})]).startswith(
        "wrong keys\n  call:       Scale.params\n"
    )
    assert says(checks.results, params, [args(2.0), args()]).startswith("Scale raised TypeError")
    said = says(checks.results, checks.attribute(Scale, "weights"), calls)
    assert said.startswith("Scale has no attribute weights")


def test_two_objects_are_two():
    one, two = checks.make(Scale, 1.0), checks.make(Scale, 2.0)
    one.update("params", {"by": 5.0})
    assert checks.result(two.method("apply"), 1.0) == 2.0


def test_what_an_object_lacks_is_said():
    made = checks.make(Scale, 1.0)
    assert says(made.read, "weights").startswith("Scale has no attribute weights")
    assert "'W1'" in says(made.update, "weights", {"W1": 1.0})
    assert says(checks.result, made.method("loss"), 1.0).startswith("Scale.loss raised Attrib")
    changed = says(checks.unchanged, made.method("apply"), [args(grid, True)])
    assert changed.startswith("the call changes its argument 1\n  call:       Scale.apply(")
    assert says(checks.make, returns({"by": 1.0})).startswith("no object was made")
    assert says(checks.make, Scale).startswith("Scale raised TypeError")


def test_several_checks_of_the_same_calls_make_them_once():
    asked = []

    def rounds(x):
        asked.append(x)
        x += 1
        return x

    for what, said in [
        (("dtype", "unchanged"), "the call changes its argument 1"),
        (("no views", "unchanged"), "the result is a view of its argument 1"),
    ]:
        asked.clear()
        assert says(checks.keeps, rounds, [args(np.ones(2))], *what).startswith(said)
        assert len(asked) == 1
    checks.keeps(np.negative, [args(np.ones(2))], "dtype", "unchanged", "no views")


# ---------------------------------------------------------------- faster than loops
@pytest.fixture
def clock(monkeypatch):
    """A clock of processor time that functions set forward, as many seconds as they take."""
    now = types.SimpleNamespace(time=0.0, calls=0)
    monkeypatch.setattr(speed, "process_time", lambda: now.time)

    def takes(seconds, value):
        def work(x):
            now.time += seconds() if callable(seconds) else seconds
            now.calls += 1
            return value

        return work

    now.takes = takes
    return now


def test_a_fast_answer_is_called_once(clock):
    checks.faster(clock.takes(0.1, 1.0), args(2), clock.takes(1.0, 1.0), 5)
    assert clock.calls == 1 + 1


def test_loops_on_the_same_shapes_run_once_for_fast_answers(clock):
    def plain(name):
        return loops.Loops(clock.takes(1.0, 1.0), lambda x: 1.0, 1, name)

    x = np.zeros((2, 3))
    for fast in (0.1, 0.05):
        checks.faster(clock.takes(fast, 1.0), args(x), plain("these"), 5)
    assert clock.calls == 1 + 1 + 1
    # Another shape, another type, and less than half as fast again as needed are measured.
    for others in (args(x.T), args(x.astype("f4"))):
        checks.faster(clock.takes(0.1, 1.0), others, plain("these"), 5)
    assert clock.calls == 3 + 2 + 2
    checks.faster(clock.takes(0.15, 1.0), args(x), plain("these"), 5)
    assert clock.calls == 7 + 1 + 5 + 1 + 5
    assert "2.5 times" in says(checks.faster, clock.takes(0.4, 1.0), args(x), plain("these"), 5)


def test_loops_and_what_they_return_without_them():
    x, w, b = np.arange(60.0).reshape(2, 2, 3, 5), np.ones((3, 2, 2, 2)), np.arange(3.0)
    one, back = args(x, w, b), args(np.arange(48.0).reshape(2, 3, 2, 4), "a cache")
    for plain, call in [(loops.conv2d_forward, one), (loops.conv2d_backward(x, w), back)]:
        checks.equal(plain, [case(call, call.on(plain.quick))])


def test_a_slow_answer_hears_how_slow_it_is(clock):
    said = says(checks.faster, clock.takes(0.4, 1.0), args(2), clock.takes(1.0, 1.0), 5)
    assert "at least 5 times as fast" in said and "2.5 times as fast" in said


def test_a_very_slow_answer_is_not_timed_many_times(clock):
    assert "0.1 times" in says(
        checks.faster, clock.takes(10, 1.0), args(2), clock.takes(1.0, 1.0), 5
    )
    assert clock.calls == 1 + 3 * 2


class Elsewhere:
    """An answer in another process, whose clock goes on while it works and stands while it waits."""

    def __init__(self, clock, seconds):
        self.clock, self.seconds, self.time = clock, seconds, 0.0

    def __course_call__(self, args, kwargs):
        self.clock.time += 100  # what else this machine has to do
        self.time += self.seconds
        return Reply(1.0)

    def __course_calls__(self, calls):
        return [self.__course_call__(*call) for call in calls]

    def __course_clock__(self):
        return self.time


@pytest.mark.parametrize(("seconds", "passes"), [(0.1, True), (0.4, False)], ids=["fast", "slow"])
def test_an_answer_elsewhere_is_timed_by_the_clock_there(clock, seconds, passes):
    answer, loops = Elsewhere(clock, seconds), clock.takes(1.0, 1.0)
    if passes:
        checks.faster(answer, args(2), loops, 5)
    else:
        assert "2.5 times as fast" in says(checks.faster, answer, args(2), loops, 5)


def test_where_no_clock_can_be_read_both_sides_go_by_the_ordinary_one(clock, monkeypatch):
    monkeypatch.setattr(speed, "perf_counter", lambda: clock.time)
    monkeypatch.setattr(speed, "process_time", pytest.fail)
    answer = Elsewhere(clock, 0.0)
    answer.__course_clock__ = lambda: None
    assert "0.0 times as fast" in says(checks.faster, answer, args(2), clock.takes(1.0, 1.0), 5)


@pytest.mark.parametrize(("seconds", "passes"), [(0.1, True), (0.4, False)], ids=["fast", "slow"])
def test_an_answer_that_works_only_once_is_timed_by_that(clock, seconds, passes):
    """Its backward pass empties the cache, say: that costs points, but not these."""
    first = iter([1.0])

    def once(x):
        clock.time += seconds
        if next(first, None) is None:
            raise KeyError("cols")
        return 1.0

    loops = clock.takes(1.0, 1.0)
    if passes:
        checks.faster(once, args(2), loops, 5)
    else:
        assert "2.5 times as fast" in says(checks.faster, once, args(2), loops, 5)


def test_one_slow_round_is_forgiven(clock):
    busy = iter([0.1] + [3.0] * 1 + [0.1] * 10)
    checks.faster(clock.takes(lambda: next(busy), 1.0), args(2), clock.takes(1.0, 1.0), 5)


def test_a_fast_answer_that_is_wrong_is_wrong(clock):
    said = says(checks.faster, clock.takes(0.1, 2.0), args(2), clock.takes(1.0, 1.0), 5)
    assert said.startswith("wrong value")


# ---------------------------------------------------------------- parts of results

PARTS = {
    "first": (0, (1, 2), 1),
    "last": (-1, [1, 2], 2),
    "none of an empty list": (-1, [], []),
    "none beyond the end": (2, (1, 2), (1, 2)),
    "none of a number": (0, 5, 5),
}


@table(PARTS)
def test_an_entry_of_a_result(case_):
    place, result, expected = case_
    checks.equal(checks.entry(returns(result), place), [case(args(), expected)])


def test_a_part_of_a_part_is_known_by_both():
    rows = returns([("a", (1, 2)), ("b", (3, 4))])
    part = checks.entry(checks.columns(rows, 1), -1)
    checks.equal(part, [case(args(), (3, 4))])
    assert part.part == "columns (1,) entry -1"


class Counts:
    """An answer that is asked through the wire, and how often."""

    __name__ = "f"

    def __init__(self, ends_at=None):
        self.crossings, self.ends_at = [], ends_at

    def __course_calls__(self, calls):
        numbers = [args[0] for args, _ in calls]
        self.crossings.append(numbers)
        if self.ends_at in numbers:
            numbers = numbers[: numbers.index(self.ends_at) + 1]
        ended = Raised("Crashed", (), "it ended")
        return [Reply(ended if n == self.ends_at else [n, n * n]) for n in numbers]


def test_what_was_asked_once_is_remembered():
    answer = Counts()
    once = checks.once(answer, map(args, [2, 3, 2]))
    checks.equal(checks.entry(once, 1), [case(args(n), n * n) for n in (2, 3, 5)])
    checks.equal(checks.entry(checks.once(once), 0), [case(args(n), n) for n in (5, 2)])
    assert answer.crossings == [[2, 3], [5]]
    line = "wrong value\n  call:       f(3)"
    assert says(checks.equal, checks.entry(once, 1), [case(args(3), 8)]).startswith(line)


def test_after_a_call_that_ended_the_process_the_rest_is_asked_again():
    answer = Counts(ends_at=3)
    once = checks.once(answer, map(args, [2, 3, 5]))
    assert checks.results(once, [args(5)]) == [[5, 25]]
    assert len(checks.replies(once, map(args, [2, 3, 7]))) == 3
    assert answer.crossings == [[2, 3, 5], [5], [7]]


def test_a_table_is_asked_in_one_crossing_and_each_case_judged():
    answer, simple = Counts(), args(1)
    table = [
        case(args(n), [n, wanted], given=case(simple, [1, 1])) for n, wanted in ((3, 9), (5, 9))
    ]
    excuses.count()
    assert checks.right_about(answer, table[:1]) == [True] and excuses.count() == 0
    assert checks.right_about(answer, table) == [True, False] and excuses.count() == 1
    assert not checks.is_right(answer, table) and checks.is_right(answer, [])
    assert answer.crossings[:2] == [[1, 3], [1, 3, 5]]  # the simpler case once


def test_what_did_not_come_back_is_not_right():
    table = [case(args(n), [n, n * n]) for n in (2, 3, 5)]
    assert checks.right_about(Counts(ends_at=3), table) == [True, False, False]
    simpler = [case(args(n), [n, n * n], given=case(args(3), [3, 9])) for n in (2, 5)]
    answer = Counts(ends_at=3)
    assert checks.right_about(answer, simpler) == [True, True]  # nothing is left: all is asked
    assert answer.crossings == [[3, 3, 2, 5], [2, 5]]


# ---------------------------------------------------------------- refusals


def refuses_odd(n):
    if n % 2:
        raise ValueError(f"{n} is odd")
    return n


REFUSALS = [case(args(3), True), case(args(4), False)]


def test_refusals_are_asked_apart_from_results():
    asks = checks.refusals(refuses_odd)
    checks.equal(asks, REFUSALS)
    checks.against(asks, lambda n: n % 2 == 1, [args(n) for n in range(9)])
    message = says(checks.equal, checks.refusals(lambda n: n), REFUSALS)
    assert "expected:   'a ValueError'" in message and "got:        'a result'" in message
    assert checks.is_right(asks, REFUSALS) and not checks.is_right(asks, [case(args(3), False)])


def test_calls_that_make_sense_must_not_be_refused():
    checks.raises(refuses_odd, [args(3)], accepts=[args(4)], mentions=[0])
    message = says(checks.raises, refuses_odd, [args(3)], accepts=[args(4), args(5)])
    assert message.startswith("a call that makes sense is refused\n  call:       refuses_odd(5)")
    message = says(checks.raises, fails_with(KeyError(1)), [], accepts=[args(4)])
    assert "raised KeyError" in message


def test_a_wrong_refusal_is_named():
    wrong = {"refusing all": lambda n: True}
    message = says(
        checks.raises, fails_with(ValueError()), [args(3)], accepts=[args(4)], looks_like=wrong
    )
    assert "looks like: refusing all" in message


# ---------------------------------------------------------------- choices


def test_a_choice_is_one_of_the_names():
    checks.one_of("ties", ["ties", "lost sum"], "fault")
    message = says(checks.one_of, "tie", ["ties", "lost sum"], "fault")
    assert message.startswith("fault is not a name from the list\n  expected:   'ties', 'lost sum'")
    assert "fault = 'tie'" in message and "looks like" not in message
    message = says(checks.one_of, "Lost-sum", ["ties", "lost sum"], "fault")
    assert "looks like: 'lost sum', written in another way" in message
    assert says(checks.one_of, None, ["ties"], "fault") == "fault is not filled in yet"


# ---------------------------------------------------------------- a crop that is empty


def test_a_crop_that_is_empty_is_named():
    def crop(x):
        out = np.zeros_like(x)
        out[...] = x[:, 0:-0]
        return out

    message = says(checks.equal, crop, [case(args(np.ones((2, 3))), np.ones((2, 3)))])
    assert "raised ValueError" in message

    def crop_images(x):
        out = np.zeros_like(x)
        out[...] = x[:, :, 0:-0, 0:-0]
        return out

    x = np.ones((1, 2, 3, 4))
    message = says(checks.equal, crop_images, [case(args(x), x)])
    assert "looks like: a slice that is empty: [padding:-padding] is where padding is 0" in message
