"""More time for one student, and work that somebody need not hand in."""

from __future__ import annotations

import csv
import difflib
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nbgrader import api
from sqlalchemy import select

from course_utils.course.files import private, write_safely
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.grading.gradebook import Gradebook

COLUMNS = ("assignment", "student_id", "reason", "since")


def extend(
    course: Course, assignment: str, student: str, more: timedelta | None
) -> datetime | None:
    """Give a student more time for an assignment, whether or not anything was handed in yet.

    Parameters
    ----------
    course : Course
    assignment, student : str
    more : timedelta or None
        After the due date, in place of what was given before; None takes it back.

    Returns
    -------
    datetime or None
        When it is due for this student, UTC; None where the assignment has no due date.

    Raises
    ------
    UsageProblem
        If nobody of that id is in the gradebook.
    """
    with Gradebook(course).transaction() as session:
        parent = Gradebook.find(session, assignment)
        person = _person(session, student)
        query = select(api.SubmittedAssignment).where(
            api.SubmittedAssignment.assignment_id == parent.id,
            api.SubmittedAssignment.student_id == student,
        )
        mine = session.scalar(query)
        if mine is None and more:
            # Without notebooks: it has a date, and is no submission.
            mine = api.SubmittedAssignment(assignment=parent, student=person)
            session.add(mine)
        if mine is not None:
            mine.extension = more
            if not more and not mine.notebooks:
                session.delete(mine)
        return parent.duedate and parent.duedate + (more or timedelta())


def _person(session, student):
    found = session.get(api.Student, student)
    if found is None:
        there = session.scalars(select(api.Student.id)).all()
        near = difflib.get_close_matches(student, there, 3)
        raise UsageProblem(
            f"nobody in the gradebook has the id {student!r}"
            + (f"; near: {', '.join(near)}" if near else "; `course roster FILE.csv` adds people")
        )
    return found


# -- excused ---------------------------------------------------------------------------------------
def path_of(course: Course) -> Path:
    """Return the file that says who is excused from what."""
    return course.grading / "excused.csv"


def excused(course: Course) -> dict[tuple[str, str], str]:
    """Return (assignment, student) → why, for all who are excused.

    Raises
    ------
    CourseError
        If the file cannot be read: somebody has changed it.
    """
    path = path_of(course)
    if not path.is_file():
        return {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return {
                (r["assignment"], r["student_id"]): r["reason"] or "" for r in csv.DictReader(file)
            }
    except (KeyError, ValueError, OSError, csv.Error) as error:
        raise CourseError(
            f"{path} cannot be read ({error}): its columns are {', '.join(COLUMNS)}"
        ) from None


def excuse(
    course: Course, assignment: str, student: str, reason: str = "", undo: bool = False
) -> None:
    """Note that a student need not hand in an assignment, or take that back.

    Marks are left alone: where there are some, they are not counted while the excuse stands.

    Raises
    ------
    UsageProblem
        If nobody of that id is in the gradebook, or there is nothing to take back.
    """
    with Gradebook(course).transaction() as session:
        Gradebook.find(session, assignment)
        _person(session, student)
    excused(course)  # a file that cannot be read is not replaced
    path, rows = path_of(course), []
    if path.is_file():
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    others = [r for r in rows if (r["assignment"], r["student_id"]) != (assignment, student)]
    if undo and len(others) == len(rows):
        raise UsageProblem(f"{student} is not excused from {assignment}")
    if not undo:
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        others.append(dict(zip(COLUMNS, (assignment, student, reason, now), strict=True)))
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore")
    table.writeheader()
    table.writerows(others)
    private(path.parent)
    write_safely(path, text.getvalue())
