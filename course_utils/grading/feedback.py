"""Feedback pages for students, by nbgrader, without the source of a test."""

from __future__ import annotations

import copy
import csv
import difflib
import glob
import io
import logging
import zipfile
from pathlib import Path

from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory

from course_utils.course.files import private, why_no_name, write_safely
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.grading.platforms import PLAIN, returned_as


def write_feedback(course: Course, assignment: str, student: str | None = None) -> list[Path]:
    """Write a page per graded submission and return their paths.

    Parameters
    ----------
    course : Course
    assignment : str
    student : str, optional
        One student only: a name, not a pattern.

    Raises
    ------
    UsageProblem
        If that student has no graded submission.
    CourseError
        If nothing was graded, or a page could not be made.
    """
    from course_utils.grading.lateness import refresh

    graded = _graded(course, assignment)
    if not graded:
        raise CourseError(f"nothing to give feedback on: run `course grade {assignment[:2]}` first")
    if student is not None and student not in graded:
        raise UsageProblem(_not_there(course, assignment, student, graded))
    refresh(course, assignment)
    config = copy.deepcopy(course.config)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = "*" if student is None else glob.escape(student)
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
    pages = (
        course.feedback / name / assignment / f"{assignment}.html"
        for name in ([student] if student else graded)
    )
    return [page for page in pages if page.is_file()]


def zip_feedback(course: Course, assignment: str, pages: list[Path]) -> tuple[Path, str]:
    """Pack feedback pages into one archive that a learning platform takes, and return it and which platform.

    Pages stand where the platform had the submissions when `course collect` read them.
    """
    records = sorted((course.grading / "collected" / assignment).glob("*.csv"))
    known: dict[str, tuple[str, str]] = {}  # student → platform, entry; the last one counts
    for record in records:
        with record.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        known |= {r["student"]: (r["platform"], r["entry"]) for r in rows if r["student"]}
    packed, used = io.BytesIO(), set()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for page in pages:
            student = page.parents[1].name
            platform, entry = known.get(student, (PLAIN, ""))
            used.add(platform)
            archive.write(page, returned_as(platform, entry, student, page.name))
    path = course.grading / "exports" / f"{assignment}-feedback.zip"
    private(path.parent)
    write_safely(path, packed.getvalue())
    return path, " and ".join(sorted(used))


def _graded(course, assignment) -> list[str]:
    """Return the students with an autograded notebook."""
    paths = course.autograded.glob(f"*/{assignment}/{assignment}.ipynb")
    return sorted(path.parents[1].name for path in paths)


def _not_there(course, assignment, student, graded) -> str:
    """Say why there is no page for a student, and what to do."""
    part = assignment[:2]
    if why_no_name(student) == "" and (course.submitted / student / assignment).is_dir():
        return f"{student!r} has handed in {assignment} but was not graded: run `course grade {part}` first"
    near = difflib.get_close_matches(student.lower(), [name.lower() for name in graded], 3)
    named = [name for name in graded if name.lower() in near]
    hint = f"did you mean {' or '.join(map(repr, named))}?" if named else (
        f"{len(graded)} students have one, such as {graded[0]!r}"
    )  # fmt: skip
    return f"no graded submission of {assignment} by {student!r}: {hint}"
