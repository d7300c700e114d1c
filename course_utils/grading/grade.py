"""Grade a class: in parallel, from where the last run stopped, one bad file at a time."""

from __future__ import annotations

import contextlib
import difflib
import fcntl
import hashlib
import json
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from course_utils.course.files import course_secret, private, tracked, why_no_name, write_safely
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.course.release import load
from course_utils.grading.database import alone
from course_utils.grading.executors import Executor, LocalProcesses, Work, failed
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.lateness import penalty_of, refresh
from course_utils.grading.timestamps import read_timestamp
from course_utils.grading.work import Graded, key_of, scratch_of
from course_utils.grading.workers import uninterrupted
from course_utils.judging.handed_in import copy_files, is_submission

NOT_GRADED = "not graded"


@dataclass
class Result:
    """One student's line in the table of a run.

    Attributes
    ----------
    student, outcome : str
    score : float
        What autograding gave, without what a person gives or takes.
    manual : bool
        Whether a written answer has to be looked at by a person.
    notes : list of str
        What the student should know.
    warnings : list of str
        What the instructor has to look at: a date that cannot be read, another notebook beside a blank one.
    verdicts : dict
        Test cell → what it found (the fields of `referee.Verdict`).
    fresh : bool
        Whether it was graded in this run.
    changes : dict
        Grade cell → points before and after.
    digests : dict
        By which identical submissions are found (see `identical.digests_of`).
    """

    student: str
    outcome: str
    score: float = 0.0
    manual: bool = False
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    verdicts: dict[str, dict] = field(default_factory=dict)
    fresh: bool = True
    changes: dict[str, tuple] = field(default_factory=dict)
    digests: dict = field(default_factory=dict)

    def as_dict(self) -> dict:
        return {k: v for k, v in vars(self).items() if k != "verdicts"}


def submissions(
    course: Course, assignment: str, only: Collection[str] = ()
) -> tuple[dict[str, Path], list[str]]:
    """Return student → folder, and what was found in the submissions folder that is not one.

    Raises
    ------
    CourseError
        If there are none, or one of `only` has none.
    """
    found, odd = {}, []
    for entry in sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink() or not entry.is_dir():
            odd.append(f"{entry.name!r} is not a student's folder")
        elif why_no_name(entry.name):
            odd.append(
                f"{ascii(entry.name)} cannot be a student's name ({why_no_name(entry.name)}): rename the folder"
            )
        elif is_submission(entry / assignment):
            found[entry.name] = entry / assignment
    if not found:
        raise CourseError(
            f"no submissions: expected {course.submitted}/STUDENT/{assignment}/{assignment}.ipynb. "
            f"`course collect {assignment[:2]} FILE.zip` takes what a learning platform hands over."
            + (f" Not used: {'; '.join(odd[:3])}." if odd else "")
        )
    for student in only:
        if student not in found:
            near = difflib.get_close_matches(student, found, 3)
            raise UsageProblem(
                f"{student!r} has handed in nothing for {assignment}"
                + (f"; near: {', '.join(near)}" if near else "")
            )
    return {s: found[s] for s in sorted(set(only) or found)}, odd


class Grader:
    """Grades one assignment of a course.

    Parameters
    ----------
    course : Course
    assignment : str
    workers : int
    say : callable
        For messages while it works.
    confined : bool
        Whether students' code is confined; False only where a person has asked for it.
    executor : Executor, optional
        Who grades; by default `workers` processes of this machine.

    Raises
    ------
    CourseError
        If confinement is asked for and this machine cannot do it, or the course is not ready.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        workers: int = 0,
        say=lambda text: None,
        confined: bool = True,
        executor: Executor | None = None,
    ):
        self.executor = executor or LocalProcesses(workers)
        lacking = self.executor.missing() if confined else ""
        if lacking:
            raise CourseError(
                f"students' code cannot be confined here ({lacking}). `course doctor` says what to install "
                "and what still holds without it; --unconfined grades all the same."
            )
        self.confined = confined
        self.course, self.assignment, self.say = course, assignment, say
        self.source, self.release = load(course, assignment)
        self.scratch = scratch_of(course, assignment)
        self.secret = course_secret(course)
        self.gradebook = Gradebook(course, say)
        with self.gradebook.transaction() as session:
            self.gradebook.find(session, assignment)
        self.penalty = penalty_of(course)
        self._common = self._common_key()  # what every score depends on
        kept = tracked(private(course.grading))
        if kept:
            say(
                f"{course.grading} holds students' work or marks, and git tracks {len(kept)} of its files "
                f"({kept[0]} …): `git rm -r --cached {course.grading.name}` takes them out of it."
            )

    def _common_key(self) -> bytes:
        parts = hashlib.sha256(self.secret + bytes([self.confined]) + self.source.digest.encode())
        for package in ("numpy", "ipython"):
            parts.update(version(package).encode())
        for path in sorted(
            Path(__file__).parents[1].rglob("*.py")
        ):  # the tests' words come from here
            parts.update(path.read_bytes())
        return parts.digest()

    def target(self, student: str) -> Path:
        return self.course.autograded / student / self.assignment

    def stored(self, student: str, folder: Path, in_gradebook: dict) -> Result | None:
        """Return the result of an earlier run if it still holds, in file and gradebook alike."""
        try:
            text = (self.target(student) / f"{self.assignment}.ipynb").read_text(encoding="utf-8")
            about = json.loads(text)["metadata"]["course"]
        except (OSError, ValueError, KeyError):
            return None
        if about.get("key") != key_of(self._common, folder) or about["scores"] != in_gradebook.get(
            student
        ):
            return None
        return self._result(student, about, fresh=False)

    def _result(self, student, about, fresh=True):
        points = [s for s in about["scores"].values() if s is not None]
        manual = None in about["scores"].values()
        return Result(
            student,
            about["outcome"],
            sum(points),
            manual,
            about["notes"],
            list(about.get("warnings", [])),
            about["verdicts"],
            fresh,
            digests=about.get("digests", {}),
        )

    def run(
        self, again: bool = False, dry: bool = False, only: Collection[str] = ()
    ) -> Iterator[Result]:
        """Grade every submission, yielding each result as it is known.

        Parameters
        ----------
        again : bool
            Whether submissions that have not changed are graded again.
        dry : bool
            Whether nothing is stored.
        only : collection of str
            The students whose submissions are graded; by default all.
        """
        found, odd = submissions(self.course, self.assignment, only)
        for line in odd:
            self.say(f"Not a submission: {line}.")
        with self._alone(), contextlib.closing(self.executor):
            if not dry:
                refresh(self.course, self.assignment)  # due dates and extensions may have moved
            known = self.gradebook.auto_scores(self.assignment)
            todo = {}
            for student, folder in found.items():
                result = None if again else self.stored(student, folder, known)
                if result is not None:
                    yield self._warned(result, folder)
                else:
                    todo[student] = folder
            for student, graded, failure in self._graded(todo):
                if graded is None:
                    yield Result(student, NOT_GRADED, notes=[failure])
                    continue
                try:
                    if not dry:
                        self.save(student, todo[student], graded)
                except CourseError:  # a full disk, a locked gradebook: no fault of this submission
                    raise
                except Exception as error:
                    yield Result(student, NOT_GRADED, notes=[failed(error)])
                    continue
                about = graded.about
                result = self._warned(self._result(student, about), todo[student])
                before = known.get(student, {})
                result.changes = {
                    name: (before[name], score)
                    for name, score in about["scores"].items()
                    if name in before and before[name] is not None and before[name] != score
                }
                yield result

    @staticmethod
    def _warned(result: Result, folder: Path) -> Result:
        """Add what is odd about the time at which a submission was handed in."""
        _, warning = read_timestamp(folder)
        result.warnings += [warning] if warning else []
        return result

    def _graded(self, todo: dict[str, Path]) -> Iterator[tuple[str, Graded | None, str]]:
        """Yield what `_grade` does; what timed out is tried once more, alone, when all others are done."""
        slow = []
        for found in self._grade(todo):
            student, graded, _ = found
            if graded and "OutOfTime" in graded.about["endings"]:
                slow.append(student)
            else:
                yield found
        for student in slow:
            yield from self._grade({student: todo[student]})

    def _grade(self, todo: dict[str, Path]) -> Iterator[tuple[str, Graded | None, str]]:
        """Yield ``(student, what came of it, why nothing did)``."""
        yield from self.executor.grade(self.work, todo)

    @property
    def work(self) -> Work:
        """What an executor is told of this run."""
        return Work(
            self.course, self.assignment, self.source, self.secret, self.confined, self._common, self.say
        )  # fmt: skip

    @uninterrupted()
    def save(self, student: str, folder: Path, graded: Graded) -> None:
        """Store one result: beside its place, then in the gradebook, then in its place."""
        target = self.target(student)
        fresh = target.parent / f".{self.assignment}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        write_safely(fresh / f"{self.assignment}.ipynb", graded.text)
        # After it: what is in the way of the notebook stays out.
        copy_files(folder, fresh, shown=True)
        self.gradebook.save(
            self.assignment,
            student,
            dict(graded.about["scores"]),
            graded.blank,
            read_timestamp(folder)[0],
            self.penalty,
            self._rewritten(target, graded.about["written"]),
        )
        old = target.parent / f".{self.assignment}.old"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        shutil.rmtree(old, ignore_errors=True)

    def _rewritten(self, target: Path, written: dict) -> set[str]:
        """Return the written answers that say something else than at the last grading."""
        before = {}
        with contextlib.suppress(OSError, ValueError, KeyError):
            text = (target / f"{self.assignment}.ipynb").read_text(encoding="utf-8")
            before = json.loads(text)["metadata"]["course"]["written"]
        return {c for c, said in written.items() if before.get(c) != said}

    @contextlib.contextmanager
    def _alone(self):
        """Keep a second `course grade` of the same part out; another part is another's work."""
        path = self.course.grading / f".grading-{self.assignment}"
        with path.open("w") as file, alone(self.gradebook.engine, self.assignment) as is_alone:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                is_alone = False
            if not is_alone:
                raise CourseError(
                    f"another `course grade` is at work on {self.assignment}; wait for it to end"
                )
            # A run that was killed may have left something.
            shutil.rmtree(self.scratch, ignore_errors=True)
            self.scratch.mkdir(parents=True)
            try:
                yield
            finally:
                shutil.rmtree(self.scratch, ignore_errors=True)
                with contextlib.suppress(OSError):
                    self.scratch.parent.rmdir()
