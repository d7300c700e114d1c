"""The marks of an assignment as a table: nbgrader's columns, then what a number alone does not say."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from nbgrader import api
from sqlalchemy import select

from course_utils.course.files import private, write_safely
from course_utils.course.folders import Course, CourseError
from course_utils.grading.allowances import excused
from course_utils.grading.names import sort_key

GRADED, WAITS, NOTHING, EXCUSED = (
    "graded",
    "waits for a person",
    "nothing handed in",
    "excused",
)
COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",  # nbgrader's, in its order
    "status", "points_waiting",
)  # fmt: skip


def default_path(course: Course, assignment: str) -> Path:
    """Return where the marks go unless another file is named."""
    return course.grading / "exports" / f"{assignment}.csv"


def export(course: Course, assignment: str, path: Path) -> dict[str, int]:
    """Write the marks of one assignment as CSV and return how many students are in which state.

    Everybody in the gradebook has a row: those who handed in nothing have no score, rather than 0.

    Raises
    ------
    CourseError
        If there is nothing to export, or the file cannot be written.
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
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    if path == default_path(course, assignment) or not path.parent.exists():
        private(path.parent)
    write_safely(path, text.getvalue())
    counts = Counter(row["status"] for row in rows)
    return {status: counts[status] for status in (GRADED, WAITS, NOTHING, EXCUSED)}


def _row(assignment, student, submission) -> dict:
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
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
