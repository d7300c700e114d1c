"""Written answers of a class, one exercise at a time: what to read, and where points and comments go."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter
from nbgrader import api
from sqlalchemy import select
from sqlalchemy.orm import Session

from course_utils.course.files import course_secret
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.course.release import load
from course_utils.grading.allowances import excused
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.mathml import typeset
from course_utils.grading.names import sort_key
from course_utils.judging import sanitise


@dataclass(frozen=True)
class Written:
    """One answer.

    Attributes
    ----------
    key : str
        Names it in the page; says nothing about whose it is.
    student, name : str
        Id, and first and last name.
    html : str
        The answer, harmless.
    points : float or None
        What it has so far.
    most : float
    comment : str
    waits : bool
        Whether a person has to look at it.
    blank : bool
    """

    key: str
    student: str
    name: str
    html: str
    points: float | None
    most: float
    comment: str
    waits: bool
    blank: bool


class Reading:
    """The written answers of one assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    anonymous : bool
        Whether answers come without names, in an order that says nothing about them.

    Raises
    ------
    CourseError
        If nothing was graded, or nothing is answered in words.
    """

    def __init__(self, course: Course, assignment: str, anonymous: bool = False):
        self.course, self.assignment, self.anonymous = course, assignment, anonymous
        self.source, _ = load(course, assignment)
        if not self.source.manual:
            raise UsageProblem(f"nothing in {assignment} is answered in words")
        self.secret = course_secret(course)
        if not any(course.autograded.glob(f"*/{assignment}/{assignment}.ipynb")):
            raise CourseError(f"nothing to read: run `course grade {assignment[:2]}` first")
        self._exporter = HTMLExporter(exclude_anchor_links=True)

    @property
    def cells(self) -> list[str]:
        """The cells that are answered in words, in the order of the notebook."""
        return list(self.source.manual)

    def title(self, cell: str) -> str:
        """Return what an exercise is called: the first heading of its prompt."""
        text = self._prompt(cell).source
        lines = (line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#"))
        return next(lines, cell)

    def _prompt(self, cell):
        cells = self.source.notebook.cells
        at = next(i for i, c in enumerate(cells) if c.id == cell)
        return next(c for c in reversed(cells[:at]) if c.cell_type == "markdown")

    def prompt(self, cell: str) -> str:
        """Return the prompt as HTML."""
        return self._html(self._prompt(cell))

    def guide(self, cell: str) -> str:
        """Return our own answer with its marking guide, as HTML."""
        [found] = [c for c in self.source.notebook.cells if c.id == cell]
        lines = [line for line in found.source.splitlines() if not line.startswith("### ")]
        return self._html(found, "\n".join(lines))

    def _html(self, cell, text=None):
        page = self._exporter.markdown2html({"cell": cell}, cell.source if text is None else text)
        return typeset(sanitise.html(page))

    # -- answers -----------------------------------------------------------------------------------
    def answers(self, cell: str) -> list[Written]:
        """Return everybody's answer to one exercise, by name or in no order that tells it, blank ones last."""
        gone = {student for part, student in excused(self.course) if part == self.assignment}
        with Gradebook(self.course).transaction() as session:
            rows = [self._written(session, cell, *row) for row in self._grades(session, cell)]
        found = [row for row in rows if row is not None and row.student not in gone]
        if self.anonymous:
            return sorted(found, key=lambda a: (a.blank, a.key))
        return sorted(found, key=lambda a: (a.blank, sort_key(a.name or a.student), a.student))

    def _grades(self, session: Session, cell: str):
        query = (
            select(api.Grade, api.Student)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
            .join(
                api.SubmittedAssignment,
                api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id,
            )
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .join(api.Student, api.Student.id == api.SubmittedAssignment.student_id)
            .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
            .where(api.Assignment.name == self.assignment, api.BaseCell.name == cell)
        )
        return session.execute(query).all()

    def _written(self, session, cell, grade, student):
        path = self.course.autograded / student.id / self.assignment / f"{self.assignment}.ipynb"
        text = _cell_of(path, cell)
        if text is None:
            return None
        comment = self._comment(session, grade, cell)
        name = f"{student.first_name or ''} {student.last_name or ''}".strip()
        points = grade.auto_score if grade.manual_score is None else grade.manual_score
        return Written(
            self.key(student.id, cell), student.id, name, self._html(text), points, grade.max_score,
            (comment.manual_comment or "") if comment else "", bool(grade.needs_manual_grade),
            grade.auto_score == 0 and grade.manual_score is None,
        )  # fmt: skip

    @staticmethod
    def _comment(session, grade, cell) -> api.Comment | None:
        query = (
            select(api.Comment)
            .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
            .where(api.Comment.notebook_id == grade.notebook_id, api.BaseCell.name == cell)
        )
        return session.scalar(query)

    def key(self, student: str, cell: str) -> str:
        """Return what names an answer in the page."""
        said = f"{self.assignment}\0{cell}\0{student}"
        return hmac.digest(self.secret, said.encode(), "sha256").hex()[:16]

    def save(self, cell: str, key: str, points: float | None, comment: str) -> Written:
        """Store points and comment of one answer as the Formgrader does; return the answer as it is now.

        Parameters
        ----------
        cell, key : str
        points : float or None
            None takes back what a person gave.
        comment : str

        Raises
        ------
        UsageProblem
            If there is no such answer, or the points are none that it can have.
        """
        with Gradebook(self.course).transaction() as session:
            rows = self._grades(session, cell)
            found = [row for row in rows if hmac.compare_digest(self.key(row[1].id, cell), key)]
            if not found:
                raise UsageProblem(
                    "this answer is not in the gradebook any more: load the page again"
                )
            [(grade, student)] = found
            if points is not None and not 0 <= points <= grade.max_score:
                raise UsageProblem(
                    f"{points:g} points: between 0 and {grade.max_score:g} there can be"
                )
            grade.manual_score = points
            grade.needs_manual_grade = points is None and grade.auto_score is None
            if (there := self._comment(session, grade, cell)) is not None:
                # PostgreSQL keeps no NUL.
                there.manual_comment = comment.replace("\0", "").strip() or None
            session.flush()
            return self._written(session, cell, grade, student)


def _cell_of(path: Path, name: str):
    """Return one cell of an autograded notebook, None where it has none."""
    try:
        notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    return next((c for c in notebook.cells if c.get("id") == name), None)
