"""Every sample answer of every bank is graded as it declares."""

import json
import os
from collections import Counter

import pytest
from conftest import ROOT

from course_utils.authoring.bank import BankError, read_answers
from course_utils.authoring.verify import unsteady, verify
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.course.release import load

pytestmark = pytest.mark.bank

COURSE = Course.find(ROOT)
# Wrong networks of full width: so many that fail the same tests, unless there is time (`make test-all`).
MOST = dict.fromkeys(("alexnet", "zfnet", "vgg", "googlenet", "resnet"), 3)
MOST["train-distributed"] = 1  # each starts PyTorch six times
RIGHT = "# %% right: x\na = 1\nb = 2\nfor i in a:\n    b += i\nb = 2\n\n\n"
WRONG = f"{RIGHT}# %% wrong: y\n# fails: test-a\n# says: z\n"


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_the_assignment_is_fit_to_be_graded(assignment):
    report = verify(COURSE, assignment, most=MOST if os.environ.get("COURSE_FAST") else {})
    assert report.findings == []
    assert all(row.caught == row.wrong > 0 for row in report.rows.values())


def test_where_there_is_no_time_some_of_each_kind_are_graded():
    name, cell = "01_shapes_and_parameters", "conv-parameters"
    kinds = Counter(a.fails for a in read_answers(COURSE.bank / name / f"{cell}.py") if not a.right)
    others = sum(not a.right for a in read_answers(COURSE.bank / name / "linear-parameters.py"))
    row = verify(COURSE, name, exercise="1.4", most={cell: 1}).rows["1.4"]
    assert row.wrong == row.caught == len(kinds) + others < kinds.total() + others


def test_a_finding_is_found(course):
    """The verifier itself can fail: each kind of flaw is reported."""
    [name] = [n for n in course.assignments if n.startswith("01")]
    folder = course.bank / name
    keep = sorted(folder.glob("*.py"))[0]
    for path in folder.glob("*.py"):
        if path != keep:
            path.unlink()
    right = next(a for a in read_answers(keep) if a.right)
    test = load(course, name)[0].tests_of(keep.stem)[0]
    keep.write_text(
        f"# %% wrong: is right\n# fails: {test}\n# says: nothing\n{right.source}\n\n"
        f"# %% right: is wrong\nraise RuntimeError\n"
    )
    release = course.releases / name / f"{name}.ipynb"
    release.write_text(release.read_text().replace("Predict", "Guess", 1))
    findings = "\n".join(verify(course, name).findings)
    assert f"passes {test}" in findings
    assert "should fail nothing, but fails" in findings and f"fails {test}:" in findings
    assert "is not what the source generates" in findings
    assert "no wrong answer of the bank fails it" in findings
    assert "are needed" in findings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(): pass", "not with a line"),
        ("# %% wrong: x\ndef f(): pass", "needs '# fails:'"),
        ("# %% right: x\n# fails: test-a\n# says: b\ndef f(): pass", "must not declare"),
        ("# %% right: x\na = 1\n# %% right: x\na = 1", "stands twice"),
        (f"{WRONG}# from: y\n# -a = 1\n# +a = 2", "is from 'y'; known above it: 'x'"),
        (f"{WRONG}# from: x\n# -a = 3\n# +a = 2", "found 0 times in 'x', not once: a = 3"),
        (f"{WRONG}# from: x\n# -b = 2\n# +b = 3", "found 2 times in 'x', not once: b = 2"),
        (f"{WRONG}# from: x\n# +a = 2", "stands before any '# -'"),
        (f"{WRONG}# from: x\n# -a = 1\na = 2", "neither '# -' nor '# \\+': a = 2"),
        (f"{WRONG}# from: x", "changes nothing"),
    ],
    ids=["no-title", "wrong-undeclared", "right-declared", "twice", "unknown-base", "not-there",
         "not-once", "no-place", "code-among-changes", "no-change"],
)  # fmt: skip
def test_a_bank_file_that_says_too_little_is_refused(tmp_path, text, said):
    path = tmp_path / "answer.py"
    path.write_text(text)
    with pytest.raises(BankError, match=said):
        read_answers(path)


def test_a_wrong_answer_is_a_right_one_with_lines_changed(tmp_path):
    path = tmp_path / "answer.py"
    changes = "# -for i in a:\n# -    b += i\n# +for i in a:\n# +\n# +    b = i\n# -a = 1\n"
    path.write_text(f"{WRONG}# because: all is\n# from: x\n{changes}")
    right, wrong = read_answers(path)
    assert right.source == "a = 1\nb = 2\nfor i in a:\n    b += i\nb = 2"
    assert wrong.source == "b = 2\nfor i in a:\n\n    b = i\nb = 2"
    assert (wrong.fails, wrong.says, wrong.because) == (("test-a",), "z", "all is")


def test_a_wrong_answer_may_change_the_solution(tmp_path):
    path = tmp_path / "answer.py"
    path.write_text(f"{WRONG}# from: solution\n# -return 1\n# +return 2\n")
    assert read_answers(path, {"answer": "return 1"})[1].source == "return 2"
    with pytest.raises(BankError, match="is from 'solution'; known above it: 'x'"):
        read_answers(path)


def test_failures_and_their_reason_hold_until_the_next_ones(tmp_path):
    path = tmp_path / "answer.py"
    more = "".join(
        f"\n# %% wrong: {title}\n{fields}# says: {title}\na = 2\n"
        for title, fields in [
            ("same", ""),
            ("reason", "# fails: test-b, test-c\n# because: both are\n"),
            ("same reason", ""),
            ("no reason", "# fails: test-b, test-c\n"),
        ]
    )
    path.write_text(f"{WRONG}a = 3\n{more}")
    found = {a.title: (a.fails, a.because) for a in read_answers(path) if not a.right}
    assert found == {
        "y": (("test-a",), ""),
        "same": (("test-a",), ""),
        "reason": (("test-b", "test-c"), "both are"),
        "same reason": (("test-b", "test-c"), "both are"),
        "no reason": (("test-b", "test-c"), ""),
    }


def test_a_base_holds_until_the_next_one(tmp_path):
    path = tmp_path / "answer.py"
    more = "\n# %% wrong: z\n# fails: test-a\n# says: z\n# -a = 1\n# +a = 3\n"
    path.write_text(f"{WRONG}# from: x\n# -a = 1\n# +a = 2\n{more}")
    assert [a.source.split("\n")[0] for a in read_answers(path)] == ["a = 1", "a = 2", "a = 3"]
    path.write_text(f"{WRONG}# -a = 1\n# +a = 2\n")
    with pytest.raises(BankError, match="is from ''"):
        read_answers(path)


def test_a_fault_that_is_charged_twice_needs_a_reason(course):
    [name] = [n for n in course.assignments if n.startswith("01")]
    for path in (course.bank / name).glob("*.py"):
        path.unlink()
    cell, doubled = "linear-parameters", "return 2 * (in_features * out_features + out_features)"
    tests = ", ".join(load(course, name)[0].tests_of(cell))
    answer = f"def linear_parameters(in_features, out_features, bias=True):\n    {doubled}\n"
    text = f"# %% wrong: twice\n# fails: {tests}\n# says: wrong value\n"
    (course.bank / name / f"{cell}.py").write_text(f"{text}{answer}")
    report = verify(course, name, exercise="1.4")
    assert any("'twice': loses 2 points beside those of" in found for found in report.findings)
    assert report.rows["1.4"].elsewhere == {"twice": 2} and list(report.rows) == ["1.4"]
    (course.bank / name / f"{cell}.py").write_text(f"{text}# because: all is doubled\n{answer}")
    assert not any("beside those of" in f for f in verify(course, name, exercise="1.4").findings)


def test_an_unknown_exercise_is_refused():
    with pytest.raises(UsageProblem, match="no exercise '1.99': there are 1.1"):
        verify(COURSE, COURSE.assignments[0], exercise="1.99")


def test_without_a_bank_the_rest_is_proved_and_the_findings_say_how_to_begin(course):
    [name] = [n for n in course.assignments if n.startswith("01")]
    for path in (course.bank / name).glob("*.py"):
        path.unlink()
    path = course.source_notebook(name)
    path.write_text(json.dumps(json.loads(path.read_text())))
    first, second = verify(course, name).findings
    assert "is not in its committed form: run `make fmt`" in first
    assert second.startswith("bank: ") and "docs/writing-a-part.md has an example" in second


def test_a_source_that_is_no_notebook_by_the_format_is_refused(course):
    [name] = [n for n in course.assignments if n.startswith("01")]
    path = course.source_notebook(name)
    path.write_text(path.read_text().replace('"markdown"', '"picture"', 1))
    with pytest.raises(CourseError, match="is no notebook by the format: "):
        verify(course, name)


def test_a_mark_that_hangs_on_the_hidden_inputs_is_found(course):
    [name] = [n for n in course.assignments if n.startswith("01")]
    for path in (course.bank / name).glob("*.py"):
        path.unlink()
    tests = load(course, name)[0].tests_of("linear-parameters")
    text = f"# %% wrong: {{}}\n# fails: {', '.join(tests)}\n# because: x\n# says: wrong value\n"
    text += "def linear_parameters(in_features, out_features, bias=True):\n    return {}\n\n"
    sometimes = "in_features * out_features + out_features * bias + (in_features % 60 == 59)"
    answers = text.format("never right", "-1") + text.format("wrong for some sizes", sometimes)
    (course.bank / name / "linear-parameters.py").write_text(answers)
    [found] = unsteady(course, name, 6, exercise="1.4")
    assert "'wrong for some sizes', with secret" in found and "passes test-linear" in found
