"""What each person wrote in a part, ready to be compared; read in workers, which odd files may end."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from nbformat import NotebookNode

from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.course.source import Source
from course_utils.grading.fingerprints import CODE, LONGEST, TEXT, hashes_of, normal, once, within
from course_utils.grading.workers import pool, run
from course_utils.judging.run import other_assignments, prepare
from course_utils.judging.written import ELSEWHERE, MOVED

OWN = {CODE: "cells of their own", TEXT: "text of their own"}
A_WORKER = 16  # submissions that a worker is worth
SECONDS = 60  # for one submission that ended its worker, read once more alone


@dataclass
class Cell:
    """One answer.

    Attributes
    ----------
    kind : {"code", "text"}
    text : str
    plain, offsets : str, ndarray
        What is compared, from `normal`.
    hashes : ndarray
        Its fingerprints in order, without those of what was handed out.
    """

    kind: str
    text: str
    plain: str
    offsets: np.ndarray
    hashes: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass
class Work:
    """What one person handed in.

    Attributes
    ----------
    student : str
    origin : str
        The folder of an earlier term, '' for this one.
    cells : dict of str to Cell
        Answer cell, or one of `OWN`, → what stands in it; blank ones are left out.
    """

    student: str
    origin: str = ""
    cells: dict[str, Cell] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.student} ({self.origin})" if self.origin else self.student

    @property
    def is_cut(self) -> bool:
        """Whether a cell is longer than what is looked at."""
        return any(len(cell.text) > LONGEST for cell in self.cells.values())

    def everything(self, kind: str | None = None) -> np.ndarray:
        """Return all fingerprints, or those of one kind, in order, each once."""
        parts = [c.hashes for c in self.cells.values() if kind in (None, c.kind)]
        return once(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def cells_of(
    notebook: NotebookNode, source: Source, blank: Collection[str] = ()
) -> dict[str, Cell]:
    """Return what stands in the answer cells and in cells of the student's own, blank ones left out."""
    found: dict[str, Cell] = {}
    own = defaultdict(list)
    for cell in notebook.cells:
        if not cell.source.strip():
            continue
        if cell.id.startswith("own-"):
            own[kind_of(cell)].append(cell.source)
        elif (cell.id in source.answers or cell.id in source.manual) and cell.id not in blank:
            found[cell.id] = _cell(kind_of(cell), cell.source)
    for kind, texts in own.items():
        found[OWN[kind]] = _cell(kind, "\n\n".join(texts))
    return found


def _cell(kind, text):
    return Cell(kind, text, *normal(text, kind))


def kind_of(cell) -> str:
    """Return whether a cell is compared as code or as text."""
    return CODE if cell.cell_type == "code" else TEXT


def handed_out(release: NotebookNode) -> np.ndarray:
    """Return the fingerprints of what everybody was given, and of what is written beside answers here."""
    kinds = [(kind_of(cell), cell.source) for cell in release.cells]
    ours = ["a cell of its own", *(f"{number} cells of their own" for number in range(2, 10))]
    kinds += [(TEXT, text) for text in (ELSEWHERE, *map(MOVED.format, ours))]
    prints = [hashes_of(normal(text, kind)[0], kind) for kind, text in kinds]
    return once(np.concatenate(prints))


def add_hashes(work: Work, template: np.ndarray) -> None:
    """Give the cells of a work their fingerprints, without those of `template`."""
    for cell in work.cells.values():
        hashes = hashes_of(cell.plain, cell.kind)
        cell.hashes = hashes[~within(hashes, template)[0]]


# -- in workers ------------------------------------------------------------------------------------
_here: dict = {}


def _start(root: str, assignment: str) -> None:
    course = Course(Path(root))
    source, release = load(course, assignment)
    others = other_assignments(course, assignment)
    _here.update(source=source, release=release, others=others)


def _read(folder: str) -> tuple[dict[str, Cell], str]:
    """Return what stands in a submission, and why nothing can be compared ('' if it can)."""
    restored = prepare(Path(folder), _here["source"], _here["release"], others=_here["others"])
    if restored.outcome in ("unreadable", "wrong assignment"):
        return {}, restored.notes[0]
    return cells_of(restored.notebook, _here["source"], restored.blank), ""


def _read_alone(root: str, assignment: str, folder: str) -> tuple[dict[str, Cell], str]:
    _start(root, assignment)
    return _read(folder)


def read_all(
    course: Course,
    assignment: str,
    folders: list[tuple[Work, Path]],
    tick: Callable[[int, int], None],
) -> Iterator[tuple[Work, str]]:
    """Fill in the cells of works from their folders; yield each with why it cannot be compared."""
    common, again, done = (str(course.root), assignment), [], 0
    count = min(os.cpu_count() or 1, 1 + len(folders) // A_WORKER)
    with pool(count, _start, *common) as workers:
        jobs = {workers.submit(_read, str(folder)): (work, folder) for work, folder in folders}
        for job in as_completed(jobs):
            work, folder = jobs.pop(job)
            try:
                work.cells, why = job.result()
            except BrokenProcessPool:  # this one's fault, or of another that was read beside it
                again.append((work, folder))
                continue
            except Exception as error:
                why = _odd(error)
            done += 1
            tick(done, len(folders))
            yield work, why
    for work, folder in again:
        try:
            work.cells, why = run(SECONDS, _read_alone, *common, str(folder))
        except RuntimeError as error:
            why = _odd(error)
        done += 1
        tick(done, len(folders))
        yield work, why


def _odd(error: Exception) -> str:
    return f"It could not be read ({type(error).__name__}: {error})."
