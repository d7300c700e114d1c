"""Misconceptions that are named in visible cases, by digests alone."""

import json

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, args, case, known

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def nothing_known():
    yield
    checks.know(None)


def answer_of(function, name="area"):
    function.__name__ = name
    return function


def record(visible, hidden):
    """What is written when a cell of these two parts is run on the solution; known from here on."""
    with known.Record() as found:
        found.visible = True
        visible()
        found.visible = False
        hidden()
        found.end_cell()
    tables = json.loads(found.text())
    checks.know(tables)
    return tables


def said(check, *arguments, **options):
    with pytest.raises(CheckFailed) as failure:
        check(*arguments, **options)
    return failure.value.parts["looks like"]


right = answer_of(lambda h, w: h * w)
CASES = [case(args(2, 3), 6), case(args(2, 5), 10)]
MISTAKES = {"adding the sides": lambda h, w: h + w, "the height squared": lambda h, w: h * h}


def known_areas():
    return record(
        lambda: checks.equal(right, CASES),
        lambda: checks.against(right, lambda h, w: h * w, [args(4, 7)], MISTAKES),
    )


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_misconception_of_the_hidden_part_is_named_in_a_visible_case(sentence):
    known_areas()
    assert said(checks.equal, answer_of(lambda h, w: MISTAKES[sentence](h, w)), CASES) == sentence


WRONG = {
    "another number": lambda h, w: 7,
    "one case only": lambda h, w: h + w if w == 3 else h * w,
    "two misconceptions": lambda h, w: h + w if w == 3 else h * h,
    "nothing": lambda h, w: None,
    "text": lambda h, w: "5",
    "an error": lambda h, w: 1 / 0,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_misconception_is_not_named(wrong):
    known_areas()
    assert said(checks.equal, answer_of(wrong), CASES) not in MISTAKES


def test_another_answer_or_other_cases_are_not_named():
    known_areas()
    adds = MISTAKES["adding the sides"]
    assert said(checks.equal, answer_of(lambda h, w: adds(h, w), "volume"), CASES) == ""
    other = [case(args(3, 3), 9)]
    assert said(checks.equal, answer_of(lambda h, w: adds(h, w)), other) == ""


def test_a_part_of_a_table_is_named():
    known_areas()
    assert said(checks.equal, answer_of(lambda h, w: h + w), CASES[:1]) == "adding the sides"


def test_hidden_tables_and_right_values_are_not_written_down():
    tables = known_areas()
    assert tables["sentences"] == list(MISTAKES) and len(tables["cases"]) == 2
    assert "27" not in json.dumps(tables["cases"])


def test_options_of_the_reference_and_docstrings_are_misconceptions_too():
    def area(h, w, halved=False):
        return h * w / 2 if halved else h * w

    def squared(h, w):
        """the height squared"""
        return h * h

    record(
        lambda: checks.equal(right, CASES),
        lambda: (
            checks.against(right, area, [args(1, 2)], {"half of it": {"halved": True}}),
            checks.against(right, area, [args(1, 2)], [squared]),
        ),
    )
    assert said(checks.equal, answer_of(lambda h, w: h * w / 2), CASES) == "half of it"
    assert said(checks.equal, answer_of(lambda h, w: h * h), CASES) == "the height squared"


def test_two_misconceptions_with_one_sentence_are_told_apart():
    """One of them is right where the answer is: that does not speak against the other."""
    both = [case(args(2, 2), 4), case(args(2, 3), 6)]
    once, twice = (lambda h, w: h + w), (lambda h, w: 2 * h + w - 2 + (h == w))
    mistakes = {"adding the sides": once, "adding the sides ": twice}
    record(
        lambda: checks.equal(right, both),
        lambda: (checks.explain(right, mistakes), checks.explain(right, mistakes)),
    )
    assert said(checks.equal, answer_of(once), both) == "adding the sides"
    assert said(checks.equal, answer_of(twice), both) == "adding the sides"


def test_explain_names_without_asking():
    record(lambda: checks.equal(right, CASES), lambda: checks.explain(right, MISTAKES))
    assert said(checks.equal, answer_of(lambda h, w: h + w), CASES) == "adding the sides"


def test_misconceptions_that_raise_are_named():
    def refuses(h, w):
        raise ValueError("no")

    record(lambda: checks.equal(right, CASES), lambda: checks.explain(right, {"refused": refuses}))
    assert said(checks.equal, answer_of(refuses), CASES) == "refused"


def test_a_misconception_that_does_not_fit_its_table_is_an_error_when_recorded():
    with pytest.raises(TypeError, match="'one side' does not take the arguments of its table"):
        record(
            lambda: checks.equal(right, CASES),
            lambda: checks.against(
                right, lambda h, w: h * w, [args(1, 2)], {"one side": lambda h: h}
            ),
        )


def test_an_error_in_a_misconception_names_nothing():
    record(
        lambda: checks.equal(right, CASES),
        lambda: checks.explain(right, {"broken": lambda h: 1 / 0}),
    )
    assert said(checks.equal, answer_of(lambda h: 1), CASES) == ""


# ---------------------------------------------------------------- numbers that are not whole

thirds = answer_of(lambda x: x / 3)
ARRAYS = [case(args(np.arange(1.0, 6.0)), np.arange(1.0, 6.0) / 3)]


@pytest.mark.parametrize("noise", [0.0, 1e-12, -1e-12, 1e-10])
@pytest.mark.parametrize("seed", range(5))
def test_rounding_does_not_hide_a_misconception(seed, noise):
    """Values are tried on both sides of where they stand: none is near an edge of the grid."""
    x = np.random.default_rng(seed).standard_normal(40)
    cases = [case(args(x), x / 3)]
    record(
        lambda: checks.equal(thirds, cases),
        lambda: checks.explain(thirds, {"a seventh": lambda x: x / 7}),
    )
    wrong = answer_of(lambda x: x / 7 * (1 + noise * (-1) ** np.arange(40)))
    assert said(checks.equal, wrong, cases) == "a seventh"


def test_what_differs_in_the_sixth_digit_is_another_number():
    record(
        lambda: checks.equal(thirds, ARRAYS),
        lambda: checks.explain(thirds, {"a seventh": lambda x: x / 7}),
    )
    assert said(checks.equal, answer_of(lambda x: x / 7 * (1 + 3e-6)), ARRAYS) == ""


def test_whole_numbers_are_compared_exactly():
    cases = [case(args(1), 105_415_200)]
    answer = answer_of(lambda n: 105_415_200)
    record(
        lambda: checks.equal(answer, cases),
        lambda: checks.explain(answer, {"one more": lambda n: 105_415_201}),
    )
    assert said(checks.equal, answer_of(lambda n: 105_415_201), cases) == "one more"
    assert said(checks.equal, answer_of(lambda n: 105_415_202), cases) == ""
    assert said(checks.equal, answer_of(lambda n: 105_415_201.3), cases) == ""


@pytest.mark.parametrize("size", [1.0, 1e3, 2.0**22, 3e9])
@pytest.mark.parametrize("noise", [0.0, 2e-16, -2e-16, 1e-14])
def test_what_is_written_down_does_not_hang_on_the_processor(size, noise):
    """Where one gives whole floats, another may give some that are off by what rounding leaves."""
    x = size * np.arange(1.0, 6.0)
    cases, wrongs = [case(args(x), x / 3)], [lambda x: x, lambda x: x * (1 + noise)]
    found = [
        record(
            lambda: checks.equal(thirds, cases),
            lambda wrong=wrong: checks.explain(thirds, {"not divided": wrong}),
        )
        for wrong in wrongs
    ]
    assert found[0] == found[1]
    assert said(checks.equal, answer_of(wrongs[0]), cases) == "not divided"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300], ids=str)
def test_extreme_numbers_have_a_digest(value):
    record(
        lambda: checks.equal(thirds, ARRAYS),
        lambda: checks.explain(thirds, {"far off": lambda x: np.where(x > 2, value, x)}),
    )
    wrong = answer_of(lambda x: np.where(x > 2, value, x))
    assert said(checks.equal, wrong, ARRAYS) == "far off"


# ---------------------------------------------------------------- parts of results

both = answer_of(lambda x: (x, 2 * x))
PAIRS = [case(args(np.array([1.0, 3.0])), (np.array([1.0, 3.0]), np.array([2.0, 6.0])))]


def test_each_result_of_several_has_its_own_digest():
    record(
        lambda: checks.equal(both, PAIRS),
        lambda: checks.explain(both, {"negative": lambda x: (-x, ...)}),
    )
    assert said(checks.equal, answer_of(lambda x: (-x, 2 * x)), PAIRS) == "negative"
    assert said(checks.equal, answer_of(lambda x: (-x, 3 * x)), PAIRS) == ""


def test_a_whole_misconception_serves_a_single_result():
    one = [case(args(np.array([1.0, 3.0])), np.array([2.0, 6.0]))]
    record(
        lambda: checks.equal(checks.entry(both, 1), one),
        lambda: checks.explain(both, {"three times": lambda x: (x, 3 * x)}),
    )
    wrong = answer_of(lambda x: (x, 3 * x))
    assert said(checks.equal, checks.entry(wrong, 1), one) == "three times"


def test_refusals_are_named():
    answer = answer_of(lambda n: 1 // (n % 2 == 0) and n)

    def odd_refused(n):
        if n % 2:
            raise ValueError(n)
        return n

    answer = answer_of(odd_refused)
    calls, accepts = [args(3), args(5)], [args(4), args(6)]
    record(
        lambda: checks.raises(answer, calls, accepts=accepts),
        lambda: checks.explain(answer, {"even ones refused": lambda n: n % 2 == 0}),
    )

    def even_refused(n):
        if n % 2 == 0:
            raise ValueError(n)
        return n

    wrong = answer_of(even_refused)
    assert said(checks.raises, wrong, calls, accepts=accepts) == "even ones refused"


def test_digests_beside_the_notebook_are_found(tmp_path, monkeypatch):
    tables = known_areas()
    checks.know(None)
    monkeypatch.chdir(tmp_path)
    wrong = answer_of(lambda h, w: h + w)
    assert said(checks.equal, wrong, CASES) == ""
    (tmp_path / known.FILE).write_text("no JSON")
    assert said(checks.equal, wrong, CASES) == ""
    (tmp_path / known.FILE).write_text(json.dumps(tables))
    assert said(checks.equal, wrong, CASES) == "adding the sides"
