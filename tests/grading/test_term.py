"""What happens in a term: more time, excuses, people who leave, one student, several parts, two graders."""

import csv
import fcntl
import json
import shutil
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from conftest import PART
from nbgrader import api

from course_utils.cli import main
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.grading.allowances import excuse, excused, extend, path_of
from course_utils.grading.export import default_path, export
from course_utils.grading.grade import Grader, submissions
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.late import DailyPenalty
from course_utils.grading.lateness import refresh
from course_utils.grading.report import write_report
from course_utils.grading.roster import Person, drop, merge

pytestmark = pytest.mark.grading


def rows_of(course):
    path = default_path(course, [PART])
    export(course, [PART], path)
    with path.open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


def run(*words):
    return CliRunner().invoke(main, [*words])


@pytest.fixture
def term(course, submit):
    """Ada and Ben have handed in a day late, Cy nothing; all are in the roster."""
    merge(course, [Person("ada", "Ada", "L"), Person("ben", "Ben", "M"), Person("cy", "Cy", "N")])
    for student in ("ada", "ben"):
        folder = submit(student)
        (folder / "timestamp.txt").write_text("2026-12-02 12:00:00 UTC")
    Gradebook(course).set_due(PART, datetime(2026, 12, 1, 12))
    list(Grader(course, PART).run())
    return course


def penalties(course):
    refresh(course, PART)
    return {student: mark.penalty for student, mark in Gradebook(course).marks(PART).items()}


# -- more time -------------------------------------------------------------------------------------
def test_more_time(term):
    before = penalties(term)
    assert before["ada"] > 0 and before["ada"] == before["ben"]
    assert extend(term, PART, "ada", timedelta(days=1)) == datetime(2026, 12, 2, 12)
    assert penalties(term) == before | {"ada": 0.0}
    extend(term, PART, "ada", None)
    assert penalties(term) == before


def test_more_time_before_anything_is_handed_in(term, submit):
    extend(term, PART, "cy", timedelta(days=3))
    assert rows_of(term)["cy"]["status"] == "nothing handed in"
    assert set(Gradebook(term).marks(PART)) == {"ada", "ben"}
    (submit("cy") / "timestamp.txt").write_text("2026-12-04 12:00:00 UTC")
    list(Grader(term, PART).run())
    assert penalties(term)["cy"] == 0.0 and rows_of(term)["cy"]["status"] != "nothing handed in"
    extend(term, PART, "cy", None)
    assert penalties(term)["cy"] > 0


def test_more_time_is_taken_back_without_a_trace(term):
    extend(term, PART, "cy", timedelta(days=3))
    extend(term, PART, "cy", None)
    with api.Gradebook(term.db_url) as book:
        assert [s.student.id for s in book.find_assignment(PART).submissions] == ["ada", "ben"]


def test_the_command_for_more_time(term):
    said = run("extend", "ada", "01", "--days", "1", "--hours", "12")
    assert said.exit_code == 0 and "due 2026-12-03 00:00 UTC, " in said.output
    assert "near: ada" in run("extend", "adda", "01", "--days", "1").output
    for words in (
        ["ada", "01"],
        ["ada", "01", "--days", "1", "--none"],
        ["ada", "99", "--days", "1"],
    ):
        assert run("extend", *words).exit_code == 2


@pytest.mark.parametrize(
    ("hours", "grace", "most", "percent"),
    [(0.5, 60, 100, 0), (1, 60, 100, 0), (1.1, 60, 100, 5), (25, 0, 100, 10), (240, 0, 30, 30),
     (10_000, 0, 100, 100)],
)  # fmt: skip
def test_grace_and_the_most_that_lateness_costs(hours, grace, most, percent):
    policy = DailyPenalty(percent_per_day=5, grace_minutes=grace, most_percent=most)
    assert policy.late_submission_penalty("ada", 80.0, 3600 * hours) == pytest.approx(0.8 * percent)


# -- excused ---------------------------------------------------------------------------------------
def test_excused(term):
    assert run("excuse", "cy", "01", "--reason", "ill").exit_code == 0
    excuse(term, PART, "ada")
    rows = rows_of(term)
    assert [rows[s]["status"] for s in ("ada", "ben", "cy")] == ["excused", "graded", "excused"]
    assert rows["ada"]["score"] == "" and rows["ben"]["score"] != ""
    assert excused(term) == {(PART, "cy"): "ill", (PART, "ada"): ""}
    assert "<b>2</b> excused" in write_report(term, PART).read_text()
    excuse(term, PART, "ada", undo=True)
    assert rows_of(term)["ada"]["score"] == rows["ben"]["score"]  # nothing was lost
    with pytest.raises(UsageProblem, match="ada is not excused"):
        excuse(term, PART, "ada", undo=True)
    with pytest.raises(UsageProblem, match="'dora'"):
        excuse(term, PART, "dora")


def test_a_list_that_cannot_be_read_is_not_replaced(term):
    path_of(term).write_text("who,what\ncy,01\n")
    with pytest.raises(CourseError, match="its columns are assignment, student_id"):
        excuse(term, PART, "ada")
    assert path_of(term).read_text() == "who,what\ncy,01\n"


# -- people who come and go ------------------------------------------------------------------------
def test_who_has_left_does_not_come_back(term):
    place = drop(term, "ada")
    assert list((place / "submitted" / "ada" / PART).iterdir())
    [mark] = json.loads((place / "marks.json").read_text())
    assert mark["assignment"] == PART and mark["score"] > 0
    list(Grader(term, PART).run(again=True))
    assert set(Gradebook(term).marks(PART)) == {"ben"} and "ada" not in rows_of(term)
    with pytest.raises(UsageProblem, match="neither a mark nor a submission of 'ada'"):
        drop(term, "ada")
    assert "kept in grading/dropped/ben" in run("drop", "ben").output
    assert run("drop", "../ben").exit_code == 2


def test_an_empty_folder_is_nobody(term):
    (term.submitted / "dora" / PART).mkdir(parents=True)
    assert set(submissions(term, PART)[0]) == {"ada", "ben"}
    list(Grader(term, PART).run())
    assert "dora" not in rows_of(term)


# -- who is graded ---------------------------------------------------------------------------------
def test_one_student(term):
    graded = list(Grader(term, PART).run(again=True, only=["ben"]))
    assert [(r.student, r.fresh) for r in graded] == [("ben", True)]
    said = run("grade", "01", "--student", "bem", "--json")
    assert said.exit_code == 2 and "near: ben" in said.output
    lines = run("grade", "01", "--student", "ada", "--json").output.splitlines()
    [line] = [json.loads(text) for text in lines if text.startswith("{")]
    assert (line["assignment"], line["student"], line["fresh"]) == (PART, "ada", False)


def test_two_graders(term):
    other = "02_conv_pool_backprop"
    with (term.grading / f".grading-{other}").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        scratch = term.grading / ".scratch" / other
        scratch.mkdir(parents=True)
        assert (
            len(list(Grader(term, PART).run())) == 2
        )  # the other's part, and what it has at hand, are left
        assert scratch.is_dir()
    with (term.grading / f".grading-{PART}").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(CourseError, match=f"at work on {PART}"):
            list(Grader(term, PART).run())
    shutil.rmtree(scratch)


def test_a_term_moves_to_another_place(term, tmp_path):
    """The gradebook and the graded notebooks hold no path: nothing is graded again elsewhere."""
    scores = Gradebook(term).final_scores(PART)
    shutil.copytree(term.root, tmp_path / "moved")
    shutil.rmtree(term.grading)
    moved = Course(tmp_path / "moved")
    results = {result.student: result for result in Grader(moved, PART).run()}
    assert results and not any(result.fresh for result in results.values())
    assert Gradebook(moved).final_scores(PART) == scores
    assert not term.grading.exists()
