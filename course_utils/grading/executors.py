"""Who grades: what is asked of an executor, and the one that uses processes of this machine.

An executor is given submissions and hands back what came of each, in any order. It writes nothing down: that is
for the one process that asks. `course_utils.grading.cluster` has another executor.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from course_utils.course.folders import Course
from course_utils.course.source import Source
from course_utils.grading.work import Graded, at_work, grade, scratch_of, start_worker
from course_utils.grading.workers import pool
from course_utils.jail import confine

ENDED = "It ended the grader's own process; not graded."


@dataclass(frozen=True)
class Work:
    """What all submissions of a run share.

    Attributes
    ----------
    course : Course
    assignment : str
    source : Source
    secret : bytes
        From which hidden inputs are drawn.
    confined : bool
        Whether students' code is confined.
    common : bytes
        What every score depends on, as a digest.
    say : callable
        For messages meanwhile.
    """

    course: Course
    assignment: str
    source: Source
    secret: bytes
    confined: bool
    common: bytes
    say: Callable[[str], None]


class Executor(Protocol):
    """Grades submissions somewhere."""

    def missing(self) -> str:
        """Return why students' code cannot be confined there, '' if it can or if that shows later."""

    def grade(self, work: Work, todo: dict[str, Path]) -> Iterator[tuple[str, Graded | None, str]]:
        """Yield ``(student, what came of it, why nothing did)``, once for each of ``student → folder``."""

    def close(self) -> None:
        """End what was started; it is started again when there is more to grade."""


def failed(error: object) -> str:
    """Say that the grader broke down on a submission."""
    told = f"{type(error).__name__}: {error}" if isinstance(error, Exception) else error
    return f"The grader failed on it ({told}); not graded."


class LocalProcesses:
    """Grades in processes of this machine.

    When one dies, the submissions at work at that moment are tried again, each alone, and the one that ends its
    process again is left out.

    Parameters
    ----------
    count : int
        By default one for each core.
    """

    def __init__(self, count: int = 0):
        self.count = count or min(os.cpu_count() or 1, 32)

    def missing(self) -> str:
        return confine.missing()

    def close(self) -> None:
        pass  # a pool lasts as long as what it was given

    def grade(self, work: Work, todo: dict[str, Path]) -> Iterator[tuple[str, Graded | None, str]]:
        left, progress = dict(todo), True
        scratch = scratch_of(work.course, work.assignment)
        while left:
            suspects = [s for s in left if at_work(s, scratch).exists()]
            alone = suspects[:1] or ([] if progress else [next(iter(left))])
            batch = {s: left[s] for s in alone or left}
            common = str(work.course.root), work.assignment, work.confined, work.common
            with pool(min(self.count, len(batch)), start_worker, *common) as workers:
                jobs = {workers.submit(grade, s, str(f)): s for s, f in batch.items()}
                progress = False
                for job in as_completed(jobs):
                    student = jobs.pop(job)  # with its result, or memory would grow with the class
                    try:
                        found = student, job.result(), ""
                    except BrokenProcessPool:
                        if not alone:
                            continue
                        found = student, None, ENDED
                    except Exception as error:  # a fault of ours: it must not stop the class
                        found = student, None, failed(error)
                    yield found
                    del left[student]
                    progress = True
                    at_work(student, scratch).unlink(missing_ok=True)
