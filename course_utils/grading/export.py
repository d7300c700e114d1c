"""Marks as a table: nbgrader's columns and what a number alone does not say, or what a platform imports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nbgrader import api
from sqlalchemy import select

from course_utils.course.files import private, write_safely
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.grading.allowances import excused
from course_utils.grading.names import sort_key

STATES = GRADED, WAITS, NOTHING, EXCUSED = (
    "graded",
    "waits for a person",
    "nothing handed in",
    "excused",
)
NBGRADER = "nbgrader"
PERSON = ("student_id", "last_name", "first_name", "email")
COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",  # nbgrader's, in its order
    "status", "points_waiting",
)  # fmt: skip


# What a platform calls the columns of a person, from which it knows whose mark it is, and its word for excused.
FORMS = {
    "canvas": (
        {"Student": "name", "ID": "lms_user_id", "SIS User ID": "nothing", "SIS Login ID": "student_id",
         "Section": "nothing"},
        "EX",
    ),
    "moodle": (
        {"ID number": "student_id", "Email address": "email", "First name": "first_name",
         "Last name": "last_name"},
        "",
    ),
}  # fmt: skip


def default_path(course: Course, assignments: Sequence[str], form: str = NBGRADER) -> Path:
    """Return where the marks go unless another file is named."""
    name = assignments[0] if len(assignments) == 1 else "marks"
    return course.grading / "exports" / f"{name}{'' if form == NBGRADER else f'-{form}'}.csv"


def export(
    course: Course,
    assignments: Sequence[str],
    path: Path,
    form: str = NBGRADER,
    columns: Sequence[str] = (),
) -> dict[str, dict[str, list[str]]]:
    """Write marks as CSV and return for each assignment which students are in which state.

    Everybody in the gradebook has a row: those who handed in nothing have no score, rather than 0.

    Parameters
    ----------
    course : Course
    assignments : sequence of str
        One, or several in one table.
    path : Path
    form : str
        `NBGRADER`, or the platform of `FORMS` that imports the file. For a platform the mark of a submission
        that waits for a person is left out.
    columns : sequence of str
        What a platform calls the assignments, one each; by default their names.

    Raises
    ------
    CourseError
        If there is nothing to export, or the file cannot be written.
    """
    if columns and len(columns) != len(assignments):
        raise UsageProblem(f"{len(assignments)} parts need as many columns, not {len(columns)}")
    marks = {name: marks_of(course, name) for name in assignments}
    if form != NBGRADER:
        names, rows = _for_platform(form, marks, columns or assignments)
    elif len(assignments) == 1:
        names, rows = COLUMNS, marks[assignments[0]]
    else:
        names, rows = _side_by_side(marks)
    text = io.StringIO()
    table = csv.DictWriter(text, names, lineterminator="\n", extrasaction="ignore")
    table.writeheader()
    table.writerows(rows)
    if path == default_path(course, assignments, form) or not path.parent.exists():
        private(path.parent)
    write_safely(path, text.getvalue())
    return {
        name: {s: [r["student_id"] for r in found if r["status"] == s] for s in STATES}
        for name, found in marks.items()
    }


def marks_of(course: Course, assignment: str) -> list[dict]:
    """Return a row of `COLUMNS` for everybody in the gradebook, in the order of their names.

    Raises
    ------
    CourseError
        If nothing was graded.
    """
    from course_utils.grading import gradebook
    from course_utils.grading.lateness import refresh

    book = gradebook.Gradebook(course)  # says clearly what is wrong with one that cannot be used
    refresh(course, assignment)
    with book.transaction() as session:
        parent = session.scalar(select(api.Assignment).where(api.Assignment.name == assignment))
        # One without notebooks holds an extension, and is no submission.
        mine = {s.student_id: s for s in parent.submissions if s.notebooks} if parent else {}
        if not mine:
            raise CourseError(
                f"no marks for {assignment} yet: run `course grade {assignment[:2]}` first"
            )
        students = sorted(session.scalars(select(api.Student)), key=_order)
        rows = [_row(parent, student, mine.get(student.id)) for student in students]
    reasons = excused(course)
    for row in rows:
        if (assignment, row["student_id"]) in reasons:
            row |= dict.fromkeys(
                ("raw_score", "late_submission_penalty", "score", "points_waiting")
            )
            row["status"] = EXCUSED
    return rows


def _side_by_side(marks) -> tuple[list[str], list[dict]]:
    """Put several assignments into one table; the sum is over what has a score."""
    names = [*PERSON, *(f"{name} {what}" for name in marks for what in ("score", "status"))]
    rows = []
    for parts in zip(*marks.values(), strict=True):
        row = dict(parts[0])
        for name, part in zip(marks, parts, strict=True):
            row |= {f"{name} score": part.get("score"), f"{name} status": part["status"]}
        row["score"] = sum(part.get("score") or 0.0 for part in parts)
        row["max_score"] = sum(part["max_score"] for part in parts if part["status"] != EXCUSED)
        rows.append(row)
    return [*names, "score", "max_score"], rows


def _for_platform(form, marks, columns) -> tuple[list[str], list[dict]]:
    people, excused_mark = FORMS[form]
    rows = []
    for parts in zip(*marks.values(), strict=True):
        who = dict(parts[0])
        name = ", ".join(text for text in (who["last_name"], who["first_name"]) if text)
        who |= {"name": name or who["student_id"], "nothing": ""}
        row = {column: who.get(what) or "" for column, what in people.items()}
        for column, part in zip(columns, parts, strict=True):
            known = {GRADED: part.get("score"), EXCUSED: excused_mark}
            row[column] = known.get(part["status"], "")
        rows.append(row)
    return [*people, *columns], rows


def _row(assignment, student, submission) -> dict:
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "lms_user_id": student.lms_user_id,
        "max_score": assignment.max_score,
        "status": NOTHING,
    }
    if submission is None:
        return row
    waiting = [
        grade.max_score
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.needs_manual_grade
    ]
    penalty = submission.late_submission_penalty
    return row | {
        "timestamp": submission.timestamp,
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
        "status": WAITS if waiting else GRADED,
        "points_waiting": sum(waiting, 0.0),
    }


def _order(student) -> tuple:
    """Return what students are sorted by: last name, first name, id; one without a last name by the id."""
    names = (student.last_name or student.id, student.first_name or "", student.id)
    return tuple(map(sort_key, names)), names
