"""Marks as a table: nbgrader's columns, who waits, who handed in nothing, and in which order."""

import csv
import zipfile

import pytest
from conftest import PART
from nbgrader import api
from nbgrader.plugins import CsvExportPlugin

from course_utils.course.folders import CourseError
from course_utils.grading.allowances import excuse
from course_utils.grading.collect import collect
from course_utils.grading.export import COLUMNS, default_path, export, marks_of
from course_utils.grading.feedback import zip_feedback
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.names import sort_key
from course_utils.grading.roster import Person, merge

pytestmark = pytest.mark.grading


def rows_of(course) -> dict[str, dict]:
    path = default_path(course, [PART])
    export(course, [PART], path)
    with path.open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture
def graded(course, submit):
    """A class: all answered, nothing answered in words, blank, and one of whom only the name is known."""
    written = dict.fromkeys(submit.source.manual, "Because it halves.")
    submit("ada", answers=submit.source.answers | written)
    submit("ben")
    submit("cy", answers={})
    list(Grader(course, PART).run())
    with api.Gradebook(course.db_url) as book:
        book.add_student("dora", first_name="Dora", last_name="de la Cruz, jr.")
    return course


def test_zeros_are_told_apart(graded, submit):
    rows = rows_of(graded)
    full = sum(test.points for test in submit.source.tests.values())
    waiting = sum(submit.source.manual.values())
    columns = ("score", "status", "points_waiting")
    assert {student: tuple(row[c] for c in columns) for student, row in rows.items()} == {
        "ada": (str(full), "waits for a person", str(waiting)),
        "ben": (str(full), "graded", "0.0"),
        "cy": ("0.0", "graded", "0.0"),
        "dora": ("", "nothing handed in", ""),
    }


def test_nothing_waits_when_the_person_is_done(graded, submit):
    with Gradebook(graded).transaction() as session:
        for submission in Gradebook.find(session, PART).submissions:
            for grade in submission.notebooks[0].grades:
                if grade.needs_manual_grade:
                    grade.manual_score, grade.needs_manual_grade = 4.0, False
    row = rows_of(graded)["ada"]
    assert (row["status"], row["points_waiting"]) == ("graded", "0.0")


def test_columns_are_nbgraders_and_then_ours(graded, tmp_path):
    plugin = CsvExportPlugin()
    plugin.to, plugin.assignment = str(tmp_path / "theirs.csv"), [PART]
    with api.Gradebook(graded.db_url) as book:
        plugin.export(book)
    with open(plugin.to, newline="") as file:
        theirs = list(csv.DictReader(file))
    ours = rows_of(graded)
    assert list(COLUMNS) == [*theirs[0], "status", "points_waiting"]
    for row in theirs:
        if row["student_id"] != "dora":  # nbgrader gives 0 to her, and splits her name at the comma
            assert ours[row["student_id"]].items() >= row.items()


def test_a_name_with_a_comma_stays_whole(graded):
    assert rows_of(graded)["dora"]["last_name"] == "de la Cruz, jr."


def test_the_folder_of_exports_is_left_alone_by_git(graded):
    rows_of(graded)
    assert (default_path(graded, [PART]).parent / ".gitignore").read_text() == "*\n"


def test_without_marks_it_says_what_to_run(course):
    with pytest.raises(CourseError, match="run `course grade 01` first"):
        export(course, [PART], default_path(course, [PART]))


@pytest.mark.parametrize(
    "names",
    [
        ["Danner", "de la Cruz", "Dexter"],
        ["Eaton", "Évariste", "Ezra"],
        ["Oakley", "O'Brien", "Østergaard", "Ozols"],
        ["Strasser", "Straßmann", "Strata"],
        ["Ladd", "Łukasz", "Lutz"],
        ["s2", "s10", "s010b", "s11"],
        ["anna", "Bob", "carl", "Dan"],
    ],
    ids=["particle", "accent", "stroke", "sharp-s", "l-stroke", "numbers", "case"],
)
def test_names_stand_where_people_look_for_them(names):
    assert sorted(reversed(names), key=sort_key) == names


def test_students_are_sorted_by_last_name_first_name_and_id(graded):
    people = [
        ("z1", "Ada", "Ångström"),
        ("s10", "Bo", "Berg"),
        ("s2", "Bo", "Berg"),
        ("a", "Al", "Berg"),
    ]
    with api.Gradebook(graded.db_url) as book:
        for student, first, last in people:
            book.add_student(student, first_name=first, last_name=last)
    order = [student for student in rows_of(graded) if student in {p[0] for p in people}]
    assert order == ["z1", "a", "s2", "s10"]


# -- for learning platforms, and several parts -----------------------------------------------------
def table_of(course, form, columns=(), parts=(PART,)):
    path = default_path(course, parts, form)
    states = export(course, parts, path, form, columns)
    with path.open(newline="") as file:
        return states, list(csv.DictReader(file))


@pytest.fixture
def named(graded):
    """The class with numbers of Canvas, and one who is excused."""
    merge(graded, [Person(s, s.title(), "Li", f"{s}@uni.example", str(70 + i))
                   for i, s in enumerate(("ada", "ben", "cy", "dora"))])  # fmt: skip
    excuse(graded, PART, "cy")
    return graded


def test_for_canvas(named, submit):
    full = sum(test.points for test in submit.source.tests.values())
    states, rows = table_of(named, "canvas", ["Part 01 (4711)"])
    assert list(rows[0]) == [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "Part 01 (4711)",
    ]
    assert [(r["Student"], r["ID"], r["SIS Login ID"], r["Part 01 (4711)"]) for r in rows] == [
        ("Li, Ada", "70", "ada", ""),  # waits for a person
        ("Li, Ben", "71", "ben", str(full)),
        ("Li, Cy", "72", "cy", "EX"),
        ("Li, Dora", "73", "dora", ""),
    ]
    assert states[PART]["nothing handed in"] == ["dora"]
    with pytest.raises(CourseError, match="1 parts need as many columns, not 2"):
        table_of(named, "canvas", ["a", "b"])


def test_for_moodle(named):
    _, rows = table_of(named, "moodle")
    assert list(rows[1]) == ["ID number", "Email address", "First name", "Last name", PART]
    assert [bool(r[PART]) for r in rows] == [False, True, False, False]


def test_parts_side_by_side(named, monkeypatch):
    marks = {PART: marks_of(named, PART), "02": marks_of(named, PART)}
    monkeypatch.setattr("course_utils.grading.export.marks_of", lambda course, name: marks[name])
    _, rows = table_of(named, "nbgrader", parts=(PART, "02"))
    ben, cy = rows[1], rows[2]
    assert ben[f"{PART} status"] == ben["02 status"] == "graded"
    assert float(ben["score"]) == 2 * float(ben[f"{PART} score"])
    assert (cy["score"], cy["max_score"], cy["02 score"]) == ("0.0", "0", "")


def test_feedback_goes_back_as_it_came(named, tmp_path):
    entries = {
        "Moodle": (
            "Ada Li_4711_assignsubmission_file_/w.ipynb",
            f"Ada Li_4711_assignsubmission_file_/{PART}.html",
        ),
        "Canvas": ("liada_LATE_70_4711_work-1.ipynb", f"liada_70_4711_{PART}.html"),
        "Brightspace": (
            "8-9 - Ada Li - Nov 30, 2026 439 PM - work.ipynb",
            f"8-9 - Ada Li - Nov 30, 2026 439 PM/{PART}.html",
        ),
        "Blackboard": ("P_ada_attempt_2026-11-30-16-39-36_work.ipynb", f"ada/{PART}.html"),
    }
    for platform, (entry, back) in entries.items():
        archive = tmp_path / f"{platform}.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr(entry, f"{platform}'s")
        assert collect(named, PART, archive).platform == platform
        pages = [named.feedback / who / PART / f"{PART}.html" for who in ("ada", "ben")]
        for page in pages:
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text("page")
        path, told = zip_feedback(named, PART, pages)
        with zipfile.ZipFile(path) as file:
            assert set(file.namelist()) == {back, f"ben/{PART}.html"}
        assert platform in told
