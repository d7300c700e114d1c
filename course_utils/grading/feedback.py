"""Feedback pages for students, by nbgrader, without the source of a test."""

from __future__ import annotations

import copy
import io
import logging
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from course_utils.grading.course import Course, CourseError


def write_feedback(course: Course, assignment: str, student: str = "*") -> list[Path]:
    """Write a page per graded submission and return their paths.

    Raises
    ------
    CourseError
        If nothing was graded, or a page could not be made.
    """
    if not list(course.autograded.glob(f"{student}/{assignment}/*.ipynb")):
        raise CourseError(f"nothing to give feedback on: run `course grade {assignment[:2]}` first")
    config = copy.deepcopy(course.config)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = student
    said = io.StringIO()
    log = logging.getLogger("course.feedback")
    log.handlers, log.propagate = [logging.StreamHandler(said)], False
    log.setLevel(logging.ERROR)
    directory = CourseDirectory(config=config)
    converter = GenerateFeedback(coursedir=directory, config=config, force=True)
    converter.log = directory.log = log
    try:
        converter.start()
    except Exception as error:
        lines = [line for line in said.getvalue().splitlines() if line.strip()]
        why = lines[-1] if lines else str(error)
        raise CourseError(f"nbgrader could not write all feedback pages: {why}") from error
    return sorted(course.feedback.glob(f"{student}/{assignment}/*.html"))
