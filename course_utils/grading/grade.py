"""Grade a class: in parallel, from where the last run stopped, one bad file at a time."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbgrader.plugins import BasePlugin
from traitlets.utils.importstring import import_item

from course_utils.grading import confine
from course_utils.grading.course import SAFE_NAME, Course, CourseError, write_safely
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.release import load
from course_utils.grading.run import (
    copy_files,
    course_secret,
    files_of,
    grade_submission,
    zygote_for,
)
from course_utils.grading.workers import pool

TIMESTAMP = "timestamp.txt"
NOT_GRADED = "not graded"
SCRATCH = ".scratch"  # below the grading folder; emptied before and after each run


@dataclass
class Result:
    """One student's line in the table of a run."""

    student: str
    outcome: str
    score: float = 0.0
    manual: bool = False
    notes: list[str] = field(default_factory=list)
    verdicts: dict[str, dict] = field(default_factory=dict)
    fresh: bool = True
    changes: dict[str, tuple] = field(default_factory=dict)  # grade cell → points before and after

    def as_dict(self) -> dict:
        return {k: v for k, v in vars(self).items() if k != "verdicts"}


def submissions(course: Course, assignment: str) -> tuple[dict[str, Path], list[str]]:
    """Return student → folder, and what was found in the submissions folder that is not one.

    Raises
    ------
    CourseError
        If there are none.
    """
    found, odd = {}, []
    for entry in sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink() or not entry.is_dir():
            odd.append(f"{entry.name!r} is not a student's folder")
        elif not SAFE_NAME.fullmatch(entry.name):
            odd.append(
                f"{entry.name!r} cannot be a student's name (letters, digits and ._@+- only): rename the folder"
            )
        elif (entry / assignment).is_dir() and not (entry / assignment).is_symlink():
            found[entry.name] = entry / assignment
    if not found:
        raise CourseError(
            f"no submissions: expected {course.submitted}/STUDENT/{assignment}/{assignment}.ipynb. "
            "Collect them with nbgrader (zip_collect, collect) or copy them there."
            + (f" Not used: {'; '.join(odd[:3])}." if odd else "")
        )
    return found, odd


# -- in a worker -----------------------------------------------------------------------------------
_here: dict = {}


def _start_worker(root, assignment, confined):
    course = Course(Path(root))
    source, release = load(course, assignment)
    tempfile.tempdir = str(course.grading / SCRATCH)
    zygote = zygote_for(source, confined)
    _here.update(zygote=zygote, source=source, release=release, secret=course_secret(course))


def _work(student, folder):
    mark = _at_work(student, Path(tempfile.gettempdir()))
    mark.touch()
    scored = grade_submission(
        Path(folder), _here["source"], _here["release"], _here["zygote"], _here["secret"], student
    )
    mark.unlink()
    return nbformat.writes(scored.notebook), scored.blank


def _at_work(student, scratch) -> Path:
    """Return the file that is there while a worker has a student's submission."""
    return scratch / f"at-work-{student}"


def _timestamp(folder: Path):
    """Return when a submission was handed in, None if it does not say; a pipe would be waited for."""
    from nbgrader.utils import parse_utc

    path = folder / TIMESTAMP
    with contextlib.suppress(OSError, ValueError, OverflowError):  # the year 9999, and a time zone
        if stat.S_ISREG(path.lstat().st_mode) and path.stat().st_size < 200:
            return parse_utc(path.read_text().strip())
    return None


def _failed(error):
    return f"The grader failed on it ({type(error).__name__}: {error}); not graded."


# -- in the one program that writes ----------------------------------------------------------------
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
    ):
        lacking = confine.missing() if confined else ""
        if lacking:
            raise CourseError(
                f"students' code cannot be confined here ({lacking}). `course doctor` says what to install "
                "and what still holds without it; --unconfined grades all the same."
            )
        self.confined = confined
        self.course, self.assignment, self.say = course, assignment, say
        self.workers = workers or min(os.cpu_count() or 1, 32)
        self.source, self.release = load(course, assignment)
        self.secret = course_secret(course)
        self.gradebook = Gradebook(course, say)
        with self.gradebook.transaction() as session:
            self.gradebook.find(session, assignment)
        self.penalty = self._penalty()
        self._common = self._common_key()

    def _penalty(self) -> Callable[[str, float, float], float]:
        name = self.course.config.AssignLatePenalties.plugin_class
        kind = import_item(name) if isinstance(name, str) else name
        plugin: BasePlugin = kind(config=self.course.config)
        return lambda *a: plugin.late_submission_penalty(*a) or 0.0

    def _common_key(self):
        """Begin the digest with what is the same for every submission."""
        parts = hashlib.sha256(self.secret + bytes([self.confined]) + self.source.digest.encode())
        for package in ("numpy", "ipython"):
            parts.update(version(package).encode())
        for path in sorted(
            Path(__file__).parents[1].rglob("*.py")
        ):  # the tests' words come from here
            parts.update(path.read_bytes())
        return parts

    def key(self, folder: Path) -> str:
        """Return what a score depends on, in one digest."""
        parts = self._common.copy()
        for path in files_of(folder):
            parts.update(os.fsencode(path.relative_to(folder)) + b"\0")
            with contextlib.suppress(OSError):
                parts.update(hashlib.sha256(path.read_bytes()).digest())
        return parts.hexdigest()

    def target(self, student: str) -> Path:
        return self.course.autograded / student / self.assignment

    def stored(self, student: str, folder: Path, in_gradebook: dict) -> Result | None:
        """Return the result of an earlier run if it still holds, in file and gradebook alike."""
        try:
            text = (self.target(student) / f"{self.assignment}.ipynb").read_text(encoding="utf-8")
            about = json.loads(text)["metadata"]["course"]
        except (OSError, ValueError, KeyError):
            return None
        if about.get("key") != self.key(folder) or about["scores"] != in_gradebook.get(student):
            return None
        return self._result(student, about, fresh=False)

    def _result(self, student, about, fresh=True):
        points = [s for s in about["scores"].values() if s is not None]
        manual = None in about["scores"].values()
        return Result(
            student, about["outcome"], sum(points), manual, about["notes"], about["verdicts"], fresh
        )

    def run(self, again: bool = False, dry: bool = False) -> Iterator[Result]:
        """Grade every submission, yielding each result as it is known.

        Parameters
        ----------
        again : bool
            Whether submissions that have not changed are graded again.
        dry : bool
            Whether nothing is stored.
        """
        found, odd = submissions(self.course, self.assignment)
        for line in odd:
            self.say(f"Not a submission: {line}.")
        with self._alone():
            known = self.gradebook.auto_scores(self.assignment)
            todo = {}
            for student, folder in found.items():
                result = None if again else self.stored(student, folder, known)
                if result is not None:
                    yield result
                else:
                    todo[student] = folder
            for student, text, blank, failure in self._grade(todo):
                if failure:
                    yield Result(student, NOT_GRADED, notes=[failure])
                    continue
                try:
                    notebook = nbformat.reads(text, as_version=4)
                    about = notebook.metadata.course
                    about["key"] = self.key(todo[student])
                    if not dry:
                        self.save(student, todo[student], notebook, blank)
                except CourseError:  # a full disk, a locked gradebook: no fault of this submission
                    raise
                except Exception as error:
                    yield Result(student, NOT_GRADED, notes=[_failed(error)])
                    continue
                result = self._result(student, about)
                before = known.get(student, {})
                result.changes = {
                    name: (before[name], score)
                    for name, score in about["scores"].items()
                    if name in before and before[name] is not None and before[name] != score
                }
                yield result

    def _grade(self, todo: dict[str, Path]) -> Iterator[tuple[str, str, set, str]]:
        """Yield ``(student, notebook, blank answers, why it failed)``.

        Work is done in worker processes. When one dies, those at work at that moment are tried again, each
        alone, and the one that ends its worker again is left out.
        """
        left, progress = dict(todo), True
        while left:
            suspects = [s for s in left if _at_work(s, self.course.grading / SCRATCH).exists()]
            alone = suspects[:1] or ([] if progress else [next(iter(left))])
            batch = {s: left[s] for s in alone or left}
            start = _start_worker, str(self.course.root), self.assignment, self.confined
            with pool(min(self.workers, len(batch)), *start) as workers:
                jobs = {workers.submit(_work, s, str(f)): s for s, f in batch.items()}
                progress = False
                for job in as_completed(jobs):
                    student = jobs.pop(job)  # with its result, or memory would grow with the class
                    try:
                        text, blank = job.result()
                    except BrokenProcessPool:
                        if not alone:
                            continue
                        yield student, "", set(), "It ended the grader's own process; not graded."
                    except Exception as error:  # a fault of ours: it must not stop the class
                        yield student, "", set(), _failed(error)
                    else:
                        yield student, text, blank, ""
                    del left[student]
                    progress = True
                    _at_work(student, self.course.grading / SCRATCH).unlink(missing_ok=True)

    def save(self, student: str, folder: Path, notebook, blank: set[str]) -> None:
        """Store one result: beside its place, then in the gradebook, then in its place."""
        target = self.target(student)
        fresh = target.parent / f".{self.assignment}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        write_safely(fresh / f"{self.assignment}.ipynb", nbformat.writes(notebook))
        # After it: what is in the way of the notebook stays out.
        copy_files(folder, fresh, shown=True)
        self.gradebook.save(
            self.assignment,
            student,
            dict(notebook.metadata.course.scores),
            blank,
            _timestamp(folder),
            self.penalty,
        )
        old = target.parent / f".{self.assignment}.old"
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        fresh.rename(target)
        shutil.rmtree(old, ignore_errors=True)

    @contextlib.contextmanager
    def _alone(self):
        """Keep a second `course grade` of the same course out."""
        path = self.course.grading / ".grading"
        with path.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise CourseError(
                    "another `course grade` is at work on this course; wait for it to end"
                ) from None
            scratch = self.course.grading / SCRATCH  # a run that was killed may have left something
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            try:
                yield
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
