"""Late penalties, looked at on every run: whatever they depend on may have changed since the grading."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import BasePlugin
from sqlalchemy import select, update
from traitlets.utils.importstring import import_item

from course_utils.course.folders import Course
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.timestamps import read_timestamp


def penalty_of(course: Course) -> Callable[[str, float, float], float]:
    """Return the policy of a course: ``penalty(student, score, seconds_late)`` → points to take off.

    It is nbgrader's plugin that ``nbgrader_config.py`` names. What it returns is never more than the score and
    never negative.
    """
    name = course.config.AssignLatePenalties.plugin_class
    kind = import_item(name) if isinstance(name, str) else name
    plugin: BasePlugin = kind(config=course.config)

    def penalty(student: str, score: float, seconds_late: float) -> float:
        if seconds_late <= 0:
            return 0.0
        points = plugin.late_submission_penalty(student, score, seconds_late) or 0.0
        return max(0.0, min(float(points), score))

    return penalty


def refresh(course: Course, assignment: str, student: str | None = None) -> dict[str, list[str]]:
    """Bring times and late penalties in the gradebook up to date, in one transaction.

    Each depends on ``timestamp.txt``, due date, extension, policy and the present score, manual marks included.
    Nothing is written where nothing has changed.

    Parameters
    ----------
    course : Course
    assignment : str
    student : str, optional
        Only this one; by default everybody with a submission in the gradebook.

    Returns
    -------
    dict of str to list of str
        Student → what is odd about the time at which the submission was handed in.
    """
    path = Gradebook.path_of(course)
    if path and not path.is_file():
        return {}
    penalty, warnings = penalty_of(course), {}
    with Gradebook(course).transaction() as session:
        seconds_late = {}
        for row in session.execute(_submissions(assignment, student)).all():
            when = row.timestamp
            folder = course.submitted / row.student_id / assignment
            if folder.is_dir():  # otherwise the gradebook knows best
                when, warning = read_timestamp(folder)
                if warning:
                    warnings[row.student_id] = [warning]
                if when != row.timestamp:
                    change = update(SubmittedAssignment).where(SubmittedAssignment.id == row.id)
                    session.execute(change.values(timestamp=when))
            seconds_late[row.id] = row.student_id, _seconds_late(when, row.duedate, row.extension)
        for row in session.execute(_notebooks(assignment)).all():
            if row.assignment_id not in seconds_late:
                continue
            points = penalty(
                seconds_late[row.assignment_id][0], row.score, seconds_late[row.assignment_id][1]
            )
            if not math.isclose(points, row.late_submission_penalty or 0.0, abs_tol=1e-9):
                change = update(SubmittedNotebook).where(SubmittedNotebook.id == row.id)
                session.execute(change.values(late_submission_penalty=points or None))
    return warnings


def _submissions(assignment, student):
    query = (
        select(
            SubmittedAssignment.id,
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )
    return query.where(SubmittedAssignment.student_id == student) if student else query


def _notebooks(assignment):
    return (
        select(
            SubmittedNotebook.id,
            SubmittedNotebook.assignment_id,
            SubmittedNotebook.late_submission_penalty,
            SubmittedNotebook.score,
        )
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == assignment)
    )


def _seconds_late(when: datetime | None, due: datetime | None, extension) -> float:
    if when is None or due is None:
        return 0.0
    return (when - due - extension if extension else when - due).total_seconds()
