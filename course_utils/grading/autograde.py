"""What nbgrader's own autograding asks of us, one submission at a time."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from course_utils.course.files import course_secret
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.grading.workers import run
from course_utils.jail.meter import BACKSTOP_OF_ALL
from course_utils.judging.run import grade_submission, other_assignments, prepare, zygote_for


def restored_by_nbgrader(course, assignment: str, student: str) -> NotebookNode:
    """Return a student's notebook, restored, whatever nbgrader has read of it."""
    source, release = load(course, assignment)
    folder = course.submitted / student / assignment
    others = other_assignments(course, assignment)
    return prepare(folder, source, release, others=others).notebook


def judged_by_nbgrader(course, assignment: str, student: str) -> NotebookNode:
    """Grade a student's submission as `course grade` does.

    It runs in a process of its own, for a bounded time: the Formgrader's button grades within the Jupyter
    server, which must survive whatever happens.
    """
    source, _ = load(course, assignment)
    longest = 60 + 2 * BACKSTOP_OF_ALL * source.limits["total"]
    text = run(longest, _judged, course.root, assignment, student)
    return nbformat.reads(text, as_version=4)


def _judged(root, assignment, student):
    course = Course(root)
    source, release = load(course, assignment)
    folder, others = course.submitted / student / assignment, other_assignments(course, assignment)
    with zygote_for(source) as zygote:
        for _ in range(2):  # what timed out is tried once more: the machine may have been busy
            scored = grade_submission(
                folder, source, release, zygote, course_secret(course), student, others=others
            )
            if "OutOfTime" not in scored.notebook.metadata.course.endings:
                break
    return nbformat.writes(scored.notebook)
