"""nbgrader's gradebook: one transaction a submission, and patience with locks."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbgrader import api
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from course_utils.course.files import private
from course_utils.course.folders import Course, CourseError
from course_utils.grading import database

PATIENCE = 600  # seconds that a writer waits for another one


@dataclass(frozen=True)
class Mark:
    """What the gradebook has for one student and one assignment.

    Attributes
    ----------
    cells : dict of str to (float or None)
        Grade cell → points, a person's before autograding's; None where nobody has given any yet.
    waiting : frozenset of str
        Grade cells that a person has to look at. One of them may have points: of an earlier text, say.
    overridden : frozenset of str
        Grade cells whose points a person gave.
    penalty : float
        Points taken off for lateness.
    """

    cells: dict[str, float | None]
    waiting: frozenset[str]
    overridden: frozenset[str]
    penalty: float

    @property
    def raw(self) -> float:
        """The sum of all points so far."""
        return sum(points or 0.0 for points in self.cells.values())

    @property
    def score(self) -> float:
        """The sum of all points so far, less the penalty."""
        return self.raw - self.penalty


class Gradebook:
    """The gradebook of a course.

    Parameters
    ----------
    course : Course
    say : callable
        Told, once, when another program keeps us waiting.

    Raises
    ------
    CourseError
        If the file is not a gradebook.
    """

    def __init__(self, course: Course, say: Callable[[str], None] = lambda text: None):
        self.course, self.say = course, say
        url, self.path = course.db_url, self.path_of(course)
        if self.path:
            private(self.path.parent)
            if self.path.is_file() and self.path.stat().st_size:
                with self.path.open("rb") as file:
                    if file.read(16) != b"SQLite format 3\0":
                        raise CourseError(
                            f"{self.path} is not a gradebook (not an SQLite database). "
                            "It was left as it is: move it away, or restore it from a backup."
                        )
        self.engine = database.engine_of(url, self.path)
        self._make_if_new()

    @staticmethod
    def path_of(course: Course) -> Path | None:
        """Return the gradebook's file, None for a database server."""
        url = course.db_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    @property
    def where(self) -> str:
        """The file, or the address of the server's database without a password."""
        return str(self.path or database.shown(self.course.db_url))

    def _make_if_new(self):
        try:
            with self.engine.connect() as connection:
                if self.engine.dialect.has_table(connection, "assignment"):
                    return
        except OperationalError as error:
            if not database.is_busy(error):
                raise self._unusable(error) from error
            return
        except DatabaseError as error:
            raise self._unusable(error) from error
        self.engine.dispose()
        api.Gradebook(
            self.course.db_url, course_id=self.course.config.CourseDirectory.course_id
        ).close()

    def _unusable(self, error):
        return database.unusable(self.course.db_url, self.path, error)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Begin a transaction (waiting for other writers), commit it at the end.

        Raises
        ------
        CourseError
            If the gradebook stays locked, or is damaged.
        """
        deadline, told = time.monotonic() + PATIENCE, False
        with Session(self.engine, expire_on_commit=False) as session:
            while True:
                try:
                    session.connection()
                    break
                except OperationalError as error:
                    session.rollback()
                    if not database.is_busy(error):
                        raise self._unusable(error) from error
                    if time.monotonic() > deadline:
                        raise CourseError(
                            f"the gradebook {self.where} has been locked by another program for "
                            f"{PATIENCE // 60} minutes. Close the Formgrader or other graders, then run "
                            "the same command again: it continues where it stopped."
                        ) from error
                    if not told:
                        self.say("The gradebook is in use by another program; waiting for it …")
                        told = True
            try:
                yield session
                session.commit()
            except DatabaseError as error:
                session.rollback()
                raise self._unusable(error) from error

    # -- what is asked of it -----------------------------------------------------------------------
    def set_due(self, assignment: str, due: datetime.datetime | None) -> None:
        """Set when an assignment is due (UTC, no time zone), which decides who is late."""
        with self.transaction() as session:
            self.find(session, assignment).duedate = due

    @staticmethod
    def find(session: Session, assignment: str) -> api.Assignment:
        """Return an assignment.

        Raises
        ------
        CourseError
            If it was never released.
        """
        found = session.scalar(select(api.Assignment).where(api.Assignment.name == assignment))
        if found is None or not found.notebooks:
            raise CourseError(
                f"{assignment} is not in the gradebook: run `course release {assignment[:2]}` first"
            )
        return found

    def auto_scores(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """Return student → grade cell → what autograding gave."""
        query = _grades(
            assignment, api.SubmittedAssignment.student_id, api.BaseCell.name, api.Grade.auto_score
        )
        scores: dict[str, dict] = {}
        with self.transaction() as session:
            for student, cell, score in session.execute(query):
                scores.setdefault(student, {})[cell] = score
        return scores

    def marks(self, assignment: str, student: str | None = None) -> dict[str, Mark]:
        """Return student → `Mark`, for everybody with a submission in the gradebook, or for one student."""
        query = _grades(
            assignment,
            api.SubmittedAssignment.student_id,
            api.SubmittedNotebook.id,
            api.SubmittedNotebook.late_submission_penalty,
            api.BaseCell.name,
            api.Grade.auto_score,
            api.Grade.manual_score,
            api.Grade.extra_credit,
            api.Grade.needs_manual_grade,
        )
        if student is not None:
            query = query.where(api.SubmittedAssignment.student_id == student)
        rows, penalties = {}, {}
        with self.transaction() as session:
            for who, notebook, penalty, *grade in session.execute(query):
                rows.setdefault(who, []).append(grade)
                penalties.setdefault(who, {})[notebook] = penalty or 0.0
        return {
            who: Mark(
                {name: _given(auto, manual, extra) for name, auto, manual, extra, _ in grades},
                frozenset(name for name, *_, waits in grades if waits),
                frozenset(name for name, _, manual, *_ in grades if manual is not None),
                sum(penalties[who].values()),
            )
            for who, grades in rows.items()
        }

    def final_scores(self, assignment: str) -> dict[str, float]:
        """Return student → score with manual grades, lateness taken off."""
        return {student: mark.score for student, mark in self.marks(assignment).items()}

    def save(
        self,
        assignment: str,
        student: str,
        scores: dict[str, float | None],
        blank: set[str],
        timestamp: datetime.datetime | None,
        penalty: Callable[[str, float, float], float],
        rewritten: Collection[str] = (),
    ) -> None:
        """Store what autograding found, in one transaction; manual grades and comments are kept.

        Parameters
        ----------
        assignment, student : str
        scores : dict
            Grade cell → points, or None where a person has to grade.
        blank : set of str
            Answer cells without an answer.
        timestamp : datetime, optional
            When it was submitted, UTC.
        penalty : callable
            ``penalty(student, score, seconds_late)`` → points to take off.
        rewritten : collection of str
            Written answers that say something else than before: a person looks at them again.
        """
        with self.transaction() as session:
            parent = self.find(session, assignment)
            cells = _cells(session, parent)
            names = {cell.id: cell.name for cell in cells}
            submission = self._submission(session, parent, cells, student)
            submission.timestamp = timestamp
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    name = names[grade.cell_id]
                    unseen = grade.auto_score is None and grade.manual_score is None
                    if name in scores and (unseen or grade.auto_score != scores[name]):
                        grade.auto_score = scores[name]
                        undecided = grade.auto_score is None or grade.manual_score is not None
                        grade.needs_manual_grade = undecided
                    if name in rewritten and scores.get(name) is None:
                        grade.needs_manual_grade = True
                for comment in notebook.comments:
                    answered = names[comment.cell_id] not in blank
                    comment.auto_comment = None if answered else "No response."
            session.flush()
            late = submission.total_seconds_late
            for notebook in submission.notebooks:
                notebook.late_submission_penalty = None
                if late > 0:
                    session.refresh(notebook)  # its score is a sum over what has just changed
                    points = penalty(student, notebook.score, late)
                    notebook.late_submission_penalty = min(points, notebook.score)

    @staticmethod
    def _submission(session, parent, cells, student_id):
        student = session.get(api.Student, student_id)
        if student is None:
            course = session.scalar(select(api.Course))
            student = api.Student(id=student_id)
            student.course = course
            session.add(student)
        query = select(api.SubmittedAssignment).where(
            api.SubmittedAssignment.assignment_id == parent.id,
            api.SubmittedAssignment.student_id == student_id,
        )
        mine = session.scalar(query)
        with session.no_autoflush:
            if mine is None:
                mine = api.SubmittedAssignment(assignment=parent, student=student)
                session.add(mine)
            there = {n.notebook_id: n for n in mine.notebooks}
            for notebook in parent.notebooks:
                copy = there.get(notebook.id)
                if copy is None:
                    copy = api.SubmittedNotebook(notebook=notebook, assignment=mine)
                    session.add(copy)
                graded = {grade.cell_id for grade in copy.grades}
                commented = {comment.cell_id for comment in copy.comments}
                for cell in cells:
                    if cell.notebook_id != notebook.id:
                        continue
                    if cell.id not in graded and cell.type in ("GradeCell", "TaskCell"):
                        copy.grades.append(api.Grade(cell_id=cell.id))
                    if cell.id not in commented and cell.type in ("SolutionCell", "TaskCell"):
                        copy.comments.append(api.Comment(cell_id=cell.id))
        session.flush()
        return mine


def _cells(session, assignment: api.Assignment) -> list:
    """Return id, name, type and notebook of each cell of an assignment; as objects they cost ten times that."""
    columns = api.BaseCell.id, api.BaseCell.name, api.BaseCell.type, api.BaseCell.notebook_id
    notebooks = [notebook.id for notebook in assignment.notebooks]
    query = select(*columns).where(api.BaseCell.notebook_id.in_(notebooks))
    return session.execute(query).all()


def _grades(assignment: str, *columns):
    """Return a query of columns for each grade cell of each submission of an assignment."""
    return (
        select(*columns)
        .join(
            api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id
        )
        .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == assignment)
    )


def _given(auto, manual, extra) -> float | None:
    """Return the points of a cell, extra credit included; None where nobody has given any."""
    points = auto if manual is None else manual
    return None if points is None else points + (extra or 0.0)
