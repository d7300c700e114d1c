"""A part made with nbgrader's own Create Assignment: cell ids that are not grade ids, a task, a locked cell.

Table, ``--json``, gradebook, export, feedback page and ``nbgrader autograde`` say the same of it.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring.release import release
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.grading.gradebook import Gradebook

pytestmark = pytest.mark.grading
PART = "99_tiny"
NAME = f"{PART}.ipynb"
DOUBLE, TEST, HIDDEN_TEST, NEGATE, TEST_NEGATE, WORDS, TASK, RULES = (
    f"cell-{i:x}f0a9b2c4d5e6f70" for i in range(8)
)
POINTS = {TEST: 2, HIDDEN_TEST: 3, TEST_NEGATE: 1, WORDS: 4, TASK: 5}


def marked(kind, grade_id, source, points=None, **what):
    """Return a cell as Create Assignment leaves it: with an id of its own."""
    marks = {"grade": False, "solution": False, "task": False, "locked": False} | what
    marks |= {"grade_id": grade_id, "schema_version": 3}
    if points is not None:
        marks["points"] = points
    make = new_code_cell if kind == "code" else new_markdown_cell
    return make(source, id=grade_id.removeprefix("cell-"), metadata={"nbgrader": marks})


def source_notebook():
    solution = "def {0}(x):\n    ### BEGIN SOLUTION\n    return {1}\n    ### END SOLUTION"
    test = (
        "# 99.{} ({})\nfrom course_utils import checks\nfrom course_utils.checks import args, case\n\n"
        "checks.equal({}, [case(args({}), {})])"
    )
    hidden = "\n### BEGIN HIDDEN TESTS\nchecks.equal(double, [case(args(-7), -14)])\n### END HIDDEN TESTS"
    negative = test.format("1 Negative numbers", "3 points", "double", -1, -2)
    locked = {"grade": True, "locked": True}
    cells = [
        new_markdown_cell("# A tiny part", id="a1b2c3d4"),
        marked("markdown", RULES, "Work alone.", locked=True),
        new_markdown_cell("## 99.1 Double a number", id="b2c3d4e5"),
        marked("code", DOUBLE, solution.format("double", "2 * x"), solution=True),
        marked("code", TEST, test.format("1 Small numbers", "2 points", "double", 3, 6), 2, **locked),
        marked("code", HIDDEN_TEST, negative + hidden, 3, **locked),
        marked("code", NEGATE, solution.format("negate", "-x"), solution=True),
        marked("code", TEST_NEGATE, test.format("2 The sign", "1 point", "negate", 3, -3), 1, **locked),
        marked("markdown", WORDS, "Why is it so?", 4, grade=True, solution=True),
        marked("markdown", TASK, "Draw what you see.", 5, task=True, locked=True),
    ]  # fmt: skip
    return new_notebook(cells=cells)


def _nbgrader(course, *arguments):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root, capture_output=True, text=True, env=os.environ | {"PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done


def _course(course, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.cli", *arguments],
        cwd=course.root, capture_output=True, text=True, env=os.environ | {"COLUMNS": "160"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _answered(handed_out, **answers):
    """Return a submission; its cells keep the ids that JupyterLab shows, not grade ids."""
    notebook = nbformat.reads(nbformat.writes(handed_out), as_version=4)
    for cell in list(notebook.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name == TASK and "drawn" in answers:
            notebook.cells.insert(
                notebook.cells.index(cell) + 1, new_markdown_cell(answers["drawn"])
            )
        for key, grade_id in (("double", DOUBLE), ("negate", NEGATE), ("words", WORDS)):
            if name == grade_id and key in answers:
                cell.source = answers[key]
    return notebook


RIGHT, NEGATED = "def double(x):\n    return x + x", "def negate(x):\n    return -x"
STUDENTS = {
    "all-right": {"double": RIGHT, "negate": NEGATED, "words": "Because.", "drawn": "A line."},
    "hidden-wrong": {
        "double": "def double(x):\n    return {3: 6, -1: -2}.get(x)",
        "negate": NEGATED,
        "words": "Hm.",
    },
    "one-only": {"negate": NEGATED},
    "nothing": {},
}
# Points of the test cells, and whether the answer in words waits for a person.
EXPECTED = {
    "all-right": ({TEST: 2, HIDDEN_TEST: 3, TEST_NEGATE: 1}, True),
    "hidden-wrong": ({TEST: 2, HIDDEN_TEST: 0, TEST_NEGATE: 1}, True),
    "one-only": ({TEST: 0, HIDDEN_TEST: 0, TEST_NEGATE: 1}, False),
    "nothing": ({TEST: 0, HIDDEN_TEST: 0, TEST_NEGATE: 0}, False),
}


def _auto(course):
    return Gradebook(course).auto_scores(PART)


def _waiting(course):
    return {s: set(m.waiting) for s, m in Gradebook(course).marks(PART).items()}


def _comments(course):
    book = Gradebook(course)
    with book.transaction() as session:
        return {
            s.student_id: {c.cell.name: c.auto_comment for n in s.notebooks for c in n.comments}
            for s in book.find(session, PART).submissions
        }


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course with the part, its students, and what each way of grading gave."""
    root = tmp_path_factory.mktemp("foreign")
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, root / name)
    (root / "solutions" / PART).mkdir(parents=True)
    (root / "assignments").mkdir()
    nbformat.write(source_notebook(), root / "solutions" / PART / NAME)
    course = Course(root)
    release(course, PART)
    handed_out = nbformat.read(course.releases / PART / NAME, as_version=4)
    for student, answers in STUDENTS.items():
        folder = course.submitted / student / PART
        folder.mkdir(parents=True)
        nbformat.write(_answered(handed_out, **answers), folder / NAME)
    book = Gradebook.path_of(course)
    before = book.read_bytes()
    _nbgrader(course, "autograde", PART)
    theirs = _auto(course), _waiting(course), _comments(course)
    shutil.rmtree(course.autograded)
    book.write_bytes(before)
    lines = [json.loads(line) for line in _course(course, "grade", "99", "--json").splitlines()]
    ours = _auto(course), _waiting(course), _comments(course)
    course_said = {line["student"]: line for line in lines}
    return course, ours, theirs, course_said


def test_the_release_still_has_ids_of_its_own(graded):
    course = graded[0]
    text = (course.releases / PART / NAME).read_text()
    ids = {
        c["metadata"].get("nbgrader", {}).get("grade_id"): c["id"]
        for c in json.loads(text)["cells"]
    }
    assert ids[DOUBLE] == DOUBLE.removeprefix("cell-")
    source, _ = load(course, PART)
    assert set(source.tests) == {TEST, HIDDEN_TEST, TEST_NEGATE}


@pytest.mark.parametrize("student", STUDENTS)
def test_the_gradebook_has_the_points(graded, student):
    scores, waits = EXPECTED[student]
    auto, waiting, _ = graded[1]
    assert {k: v for k, v in auto[student].items() if k in scores} == scores
    assert (WORDS in waiting[student]) == waits


@pytest.mark.parametrize("student", STUDENTS)
def test_autograde_gives_the_same(graded, student):
    _, ours, theirs, _ = graded
    assert [kind[student] for kind in theirs] == [kind[student] for kind in ours]


def test_a_task_that_was_worked_on_waits_for_a_person(graded):
    assert TASK in graded[1][1]["all-right"]


@pytest.mark.parametrize("student", STUDENTS)
def test_json_agrees(graded, student):
    said = graded[3][student]
    scores, waits = EXPECTED[student]
    assert said["score"] == sum(scores.values())
    assert said["manual"] == bool(graded[1][1][student])
    assert said["outcome"] == ("blank" if student == "nothing" else "graded")


def test_the_table_agrees_and_nothing_is_graded_again(graded):
    course = graded[0]
    said = [json.loads(line) for line in _course(course, "grade", "99", "--json").splitlines()]
    assert {s["student"]: s["fresh"] for s in said} == dict.fromkeys(STUDENTS, False)
    table = _course(course, "grade", "99")
    for student, (scores, waits) in EXPECTED.items():
        [line] = [line for line in table.splitlines() if line.strip("│ ").startswith(student)]
        said = [cell for cell in re.split(r"[│ ]+", line) if cell]
        assert said[1:3] == [str(scores[TEST] + scores[HIDDEN_TEST]), str(scores[TEST_NEGATE])]
        assert f"{sum(scores.values())}{'+' * waits}" in said[3:]


def test_the_export_agrees(graded):
    course = graded[0]
    _course(course, "export", "99", "--to", "marks.csv")
    with (course.root / "marks.csv").open() as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {s: float(row["raw_score"]) for s, row in rows.items()} == {
        s: float(sum(scores.values())) for s, (scores, _) in EXPECTED.items()
    }
    assert {float(row["max_score"]) for row in rows.values()} == {float(sum(POINTS.values()))}


@pytest.mark.parametrize("student", STUDENTS)
def test_the_feedback_page_agrees(graded, student):
    course = graded[0]
    _course(course, "feedback", "99", "--student", student)
    page = (course.feedback / student / PART / f"{PART}.html").read_text()
    scores, _ = EXPECTED[student]
    for name, points in scores.items():
        assert f'href="#{name}"' in page
        assert f"{points} / {POINTS[name]}" in page
    assert "BEGIN HIDDEN" not in page and "args(-7)" not in page


def test_a_mark_given_by_hand_stays_when_graded_again(graded):
    course, *_ = graded
    book = Gradebook(course)
    with book.transaction() as session:
        for submission in book.find(session, PART).submissions:
            for grade in submission.notebooks[0].grades:
                if submission.student_id == "all-right" and grade.cell.name in (WORDS, TASK):
                    grade.manual_score, grade.needs_manual_grade = POINTS[grade.cell.name], False
    _course(course, "grade", "99", "--again")
    assert book.final_scores(PART)["all-right"] == sum(POINTS.values())
