"""The marks of an assignment as a table, by nbgrader's own exporter."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from course_utils.grading.course import Course, CourseError, write_safely


def export(course: Course, assignment: str, path: Path) -> int:
    """Write the marks of one assignment as CSV and return the number of submissions.

    Raises
    ------
    CourseError
        If there is nothing to export, or the file cannot be written.
    """
    from course_utils.grading import gradebook

    gradebook.Gradebook(course)  # says clearly what is wrong with a gradebook that cannot be used
    config = copy.deepcopy(course.config)
    with tempfile.TemporaryDirectory(prefix="export-") as scratch:
        plugin = CsvExportPlugin(config=config)
        plugin.to, plugin.assignment = str(Path(scratch, "grades.csv")), [assignment]
        with Gradebook(course.db_url) as book:
            count = (
                len([s for s in book.assignment_submissions(assignment)]) if book.assignments else 0
            )
            if not count:
                raise CourseError(
                    f"no marks for {assignment} yet: run `course grade {assignment[:2]}` first"
                )
            plugin.export(book)
        write_safely(path, Path(plugin.to).read_bytes())
    return count
