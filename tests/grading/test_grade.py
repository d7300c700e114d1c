"""From submissions to the gradebook: the sample class, what goes on after a stop, and bad input."""

import json
import shutil
import sqlite3
import subprocess
import sys
import threading

import nbformat
import pytest
from conftest import PART

from course_utils.authoring.bank import read_bank
from course_utils.authoring.sample_class import DUE, sample_class
from course_utils.course.files import why_no_name
from course_utils.course.folders import CourseError
from course_utils.course.release import load
from course_utils.grading.feedback import write_feedback
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook

pytestmark = pytest.mark.grading
MANUAL = "pooling-and-costs"


def grade(course, **options):
    return {r.student: r for r in Grader(course, PART, workers=2).run(**options)}


def test_the_sample_class_is_graded_as_declared(course):
    source, release = load(course, PART)
    members = sample_class(source, release, read_bank(course.bank / PART, source.answers))
    for student, member in members.items():
        folder = course.submitted / student / PART
        folder.mkdir(parents=True)
        for name, data in member.files.items():
            (folder / name).write_bytes(data)
    book = Gradebook(course)
    book.set_due(PART, DUE)
    results = grade(course)
    final = book.final_scores(PART)
    assert len(members) >= 15
    assert {s: (r.outcome, round(final[s], 6)) for s, r in results.items()} == {
        s: (m.outcome, round(m.score, 6)) for s, m in members.items()
    }
    again = grade(course)
    assert not any(r.fresh for r in again.values())
    pages = write_feedback(course, PART)
    assert len(pages) == len(members)
    hidden = [
        t.source.split("BEGIN HIDDEN TESTS")[1]
        for t in source.tests.values()
        if "HIDDEN" in t.source
    ]
    lines = {
        line.strip() for text in hidden for line in text.splitlines() if len(line.strip()) > 25
    }
    for page in pages:
        text = page.read_text()
        assert "HIDDEN TESTS" not in text
        assert not [line for line in lines if line in text]


def test_a_changed_submission_is_graded_again_and_others_are_not(course, submit):
    submit("ada")
    submit("ben")
    grade(course)
    submit("ben", answers={})
    results = grade(course)
    assert (results["ada"].fresh, results["ben"].fresh) == (False, True)
    assert results["ben"].outcome == "blank"


def test_manual_grades_and_comments_survive_grading_again(course, submit):
    submit(
        "ada", answers={**submit.source.answers, **dict.fromkeys(submit.source.manual, "Because.")}
    )
    assert grade(course)["ada"].manual
    with Gradebook(course).transaction() as session:
        [submission] = Gradebook.find(session, PART).submissions
        [notebook] = submission.notebooks
        [manual] = [g for g in notebook.grades if g.cell.name in submit.source.manual]
        manual.manual_score = 7.5
        notebook.comments[0].manual_comment = "Well argued."
    before = Gradebook(course).final_scores(PART)["ada"]
    grade(course, again=True)
    with Gradebook(course).transaction() as session:
        [submission] = Gradebook.find(session, PART).submissions
        assert submission.score == before
        assert "Well argued." in [c.comment for n in submission.notebooks for c in n.comments]


def test_a_score_without_its_notebook_is_graded_again(course, submit):
    submit("ada")
    grade(course)
    (course.autograded / "ada" / PART / f"{PART}.ipynb").unlink()
    assert grade(course)["ada"].fresh


def test_a_notebook_without_its_score_is_graded_again(course, submit):
    submit("ada")
    grade(course)
    with sqlite3.connect(Gradebook.path_of(course)) as connection:
        connection.execute("UPDATE grade SET auto_score = NULL")
    connection.close()
    assert grade(course)["ada"].fresh
    assert Gradebook(course).final_scores(PART)["ada"] > 0


def test_odd_names_in_the_submissions_folder_are_named_and_left_alone(course, submit):
    submit("ada")
    (course.submitted / "notes.txt").write_text("from the instructor")
    (course.submitted / "bobby; drop table").mkdir()
    (course.submitted / "empty").mkdir()
    (course.submitted / "link").symlink_to(course.submitted / "ada")
    said = []
    results = {r.student for r in Grader(course, PART, say=said.append).run()}
    assert results == {"ada"}
    assert [next(n for n in ("notes", "bobby", "link") if n in line) for line in said] == [
        "bobby", "link", "notes",
    ]  # fmt: skip


def test_no_submissions_says_where_they_are_expected(course):
    with pytest.raises(CourseError, match="no submissions: expected .*STUDENT"):
        grade(course)


def test_a_gradebook_that_is_no_database_is_left_as_it_is(course, submit):
    submit("ada")
    path = Gradebook.path_of(course)
    path.write_text("my notes")
    with pytest.raises(CourseError, match="not a gradebook"):
        grade(course)
    assert path.read_text() == "my notes"


def test_a_damaged_gradebook_is_reported(course, submit):
    submit("ada")
    path = Gradebook.path_of(course)
    path.write_bytes(path.read_bytes()[:100] + b"\xff" * 5000)
    with pytest.raises(CourseError, match="cannot be used"):
        grade(course)


def test_a_locked_gradebook_is_waited_for(course, submit):
    submit("ada")
    other = sqlite3.connect(Gradebook.path_of(course), check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    said = []
    timer = threading.Timer(6, lambda: (other.rollback(), other.close()))
    timer.start()
    results = list(Grader(course, PART, say=said.append).run())
    timer.join()
    assert [r.student for r in results] == ["ada"]
    assert "in use by another program" in " ".join(said)


def test_a_second_grader_is_kept_out(course, submit):
    submit("ada")
    grader = Grader(course, PART)
    with grader._alone(), pytest.raises(CourseError, match="another `course grade`"):
        list(Grader(course, PART).run())


def test_an_assignment_that_was_never_released_is_named(course, submit):
    submit("ada")
    Gradebook.path_of(course).unlink()
    with pytest.raises(CourseError, match="course release 01"):
        grade(course)


def test_lateness_is_taken_off_per_day_started(course, submit):
    folder = submit("ada")
    (folder / "timestamp.txt").write_text("2026-10-02 13:00:00 UTC")
    Gradebook(course).set_due(PART, DUE)
    full = grade(course)["ada"].score
    assert Gradebook(course).final_scores(PART)["ada"] == pytest.approx(full * 0.9)


def test_nbgrader_autograde_gives_the_same_scores(course, submit):
    answers = dict(submit.source.answers)
    wrong = next(iter(answers))
    answers[wrong] = "raise RuntimeError('no')"
    submit("ada", answers=answers)
    ours = grade(course)["ada"]
    scores = Gradebook(course).auto_scores(PART)
    Gradebook.path_of(course).unlink()
    from conftest import _gradebook

    _gradebook(course)
    command = [sys.executable, "-m", "nbgrader", "autograde", PART, "--force"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Gradebook(course).auto_scores(PART) == scores
    text = (course.autograded / "ada" / PART / f"{PART}.ipynb").read_text()
    verdicts = json.loads(text)["metadata"]["course"]["verdicts"]
    assert {k: v["passed"] for k, v in verdicts.items()} == {
        k: v["passed"] for k, v in ours.verdicts.items()
    }


def test_an_autograded_notebook_shows_outputs_and_messages(course, submit):
    answers = dict(submit.source.answers)
    first = next(iter(answers))
    answers[first] = "print('my own note')\n" + answers[first].replace("+ 1", "+ 2")
    submit("ada", answers=answers)
    grade(course)
    notebook = nbformat.read(course.autograded / "ada" / PART / f"{PART}.ipynb", as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells[first].outputs[0].text == "my own note\n"
    failed = cells[submit.source.tests_of(first)[0]].outputs[-1]
    assert failed.output_type == "error" and "expected" in failed.evalue


# -- who is called what ----------------------------------------------------------------------------
NAMES = [
    "Zoë Müller",
    "Nguyễn Văn An",
    "李小龍",
    "O'Neill, Shaquille",
    "de la Cruz, Ana (2)",
    "a.b_c@d+e-f",
]


def test_people_are_called_what_they_are_called(course, submit):
    for name in NAMES:
        submit(name)
    results = grade(course)
    assert sorted(results) == sorted(NAMES)
    assert {r.outcome for r in results.values()} == {"graded"}
    assert set(Gradebook(course).final_scores(PART)) == set(NAMES)
    assert len(write_feedback(course, PART)) == len(NAMES)
    assert not any(r.fresh for r in grade(course).values())


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ada*", "'*'"), ("a;b", "';'"), ("-rf", "'-'"), ("a\u202eb", "cannot be shown"), ("x" * 101, "longer"),
        ("$HOME", "'$'"), ("tim ", "' '"), ("[a]", "'['"), ("...", "cannot be shown"),
    ],
)  # fmt: skip
def test_what_no_student_is_called(name, why):
    assert why in why_no_name(name)


# -- written answers -------------------------------------------------------------------------------
def _grade_by_hand(course, points):
    with Gradebook(course).transaction() as session:
        [submission] = Gradebook.find(session, PART).submissions
        for grade_of in submission.notebooks[0].grades:
            if grade_of.cell.name == MANUAL:
                grade_of.manual_score, grade_of.needs_manual_grade = points, False


def _written(submit, text):
    return submit("ada", answers={**submit.source.answers, MANUAL: text})


def test_another_text_asks_the_person_again_and_keeps_the_mark_until_then(course, submit):
    _written(submit, "Because it smears.")
    grade(course)
    _grade_by_hand(course, 8)
    assert MANUAL not in Gradebook(course).marks(PART)["ada"].waiting
    _written(submit, "Because I say so.")
    grade(course)
    mark = Gradebook(course).marks(PART)["ada"]
    assert MANUAL in mark.waiting and mark.cells[MANUAL] == 8


def test_the_same_text_does_not_ask_again(course, submit):
    _written(submit, "Because it smears.")
    grade(course)
    _grade_by_hand(course, 8)
    folder = _written(submit, "Because it smears.")
    (folder / "notes.txt").write_text("changed")
    assert grade(course)["ada"].fresh
    grade(course, again=True)
    assert MANUAL not in Gradebook(course).marks(PART)["ada"].waiting


def test_a_written_answer_that_was_taken_back_asks_the_person_again(course, submit):
    _written(submit, "Because it smears.")
    grade(course)
    _grade_by_hand(course, 8)
    submit("ada")
    grade(course)
    assert MANUAL in Gradebook(course).marks(PART)["ada"].waiting


# -- a busy machine --------------------------------------------------------------------------------
def test_what_timed_out_is_tried_once_more_after_all_others(course, submit, tmp_path):
    slow_once = "import os, time\ndef conv_output_size(*a, **k):\n    while True:\n        pass\n"
    _set_limits(course, call=0.3, cell=1.0)
    first = next(iter(submit.source.answers))
    submit("ada", answers={**submit.source.answers, first: slow_once})
    for student in ("ben", "cleo"):
        submit(student)
    tried = []
    grader = Grader(course, PART, workers=2)
    work = grader._grade

    def counted(todo):
        tried.append(sorted(todo))
        return work(todo)

    grader._grade = counted
    results = [r for r in grader.run()]
    assert tried == [["ada", "ben", "cleo"], ["ada"]]
    assert results[-1].student == "ada" and results[-1].outcome == "timed out"
    assert {r.outcome for r in results[:-1]} == {"graded"}


def _set_limits(course, **limits):
    path = course.source_notebook(PART)
    content = json.loads(path.read_text())
    content["metadata"].setdefault("course", {})["limits"] = limits
    path.write_text(json.dumps(content))


# -- what git is told ------------------------------------------------------------------------------
def test_folders_with_marks_tell_git_to_leave_them_alone(course, submit):
    Gradebook(course)
    assert (course.grading / ".gitignore").read_text() == "*\n"
    (course.grading / ".gitignore").write_text("# mine\n*\n")
    submit("ada")
    grade(course)
    assert (course.grading / ".gitignore").read_text() == "# mine\n*\n"


def test_marks_that_git_tracks_are_reported(course, submit):
    if shutil.which("git") is None:
        pytest.skip("git is missing")
    submit("ada")
    for command in (["init", "-q"], ["add", "-f", "grading/submitted"]):
        subprocess.run(["git", *command], cwd=course.root, check=True)
    said = []
    Grader(course, PART, say=said.append)
    assert "git tracks 1 of its files" in " ".join(said)
    assert "git rm -r --cached grading" in " ".join(said)


# -- odd notebooks ---------------------------------------------------------------------------------
def test_another_notebook_beside_a_blank_one_is_named(course, submit):
    submit("ada", answers={})
    submit("ada", name=f"{PART}-Copy1.ipynb")
    submit("ben", answers={})
    results = grade(course)
    assert results["ada"].outcome == "blank"
    assert f"{PART}-Copy1.ipynb beside it" in results["ada"].warnings[0]
    assert f"{PART}-Copy1.ipynb beside it" in (write_feedback(course, PART, "ada")[0]).read_text()
    assert results["ben"].warnings == []


def test_another_assignment_is_recognised(course, submit):
    other = course.releases / "02_conv_pool_backprop" / "02_conv_pool_backprop.ipynb"
    submit("ada", data=other.read_bytes())
    result = grade(course)["ada"]
    assert (result.outcome, result.score) == ("wrong assignment", 0)
    assert result.notes == [
        f"This is 02_conv_pool_backprop, handed in for {PART}: nothing was graded. Hand in the other notebook."
    ]
