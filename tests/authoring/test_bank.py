"""Every sample answer of every bank is graded as it declares."""

import json

import pytest
from conftest import ROOT

from course_utils.authoring.bank import BankError, read_answers
from course_utils.authoring.verify import verify
from course_utils.course.folders import Course, CourseError

pytestmark = pytest.mark.bank

COURSE = Course.find(ROOT)


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_the_assignment_is_fit_to_be_graded(assignment):
    report = verify(COURSE, assignment)
    assert report.findings == []
    assert all(row.caught == row.wrong > 0 for row in report.rows.values())


def test_a_finding_is_found(course):
    """The verifier itself can fail: each kind of flaw is reported."""
    [name] = [n for n in course.assignments if n.startswith("01")]
    folder = course.bank / name
    keep = sorted(folder.glob("*.py"))[0]
    for path in folder.glob("*.py"):
        if path != keep:
            path.unlink()
    right = next(a for a in read_answers(keep) if a.right)
    test = verify.__globals__["load"](course, name)[0].tests_of(keep.stem)[0]
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
    ],
    ids=["no-title", "wrong-undeclared", "right-declared", "twice"],
)
def test_a_bank_file_that_says_too_little_is_refused(tmp_path, text, said):
    path = tmp_path / "answer.py"
    path.write_text(text)
    with pytest.raises(BankError, match=said):
        read_answers(path)


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
