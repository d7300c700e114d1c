"""Submissions that are the same: found by digests that are kept with each, whatever else is in the notebook."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.course.source import Source
from course_utils.judging.handed_in import files_of
from course_utils.judging.parse import plain
from course_utils.judging.written import ELSEWHERE


@dataclass(frozen=True)
class Identical:
    """Some students, and what is the same: the file, or the answers in so many cells."""

    students: tuple[str, ...]
    is_file: bool
    cells: int

    def __str__(self) -> str:
        names = ", ".join(self.students)
        if self.is_file:
            return f"{names}: the same file, byte for byte"
        where = "the one answer" if self.cells == 1 else f"all {self.cells} answers"
        return f"{names}: the same text in {where} that they filled in"


def digests_of(
    folder: Path, source: Source, notebook: NotebookNode, blank: Collection[str]
) -> dict:
    """Return what tells a submission from others: nothing of one in which no work is.

    Parameters
    ----------
    folder : Path
        As it was handed in.
    source : Source
    notebook : NotebookNode
        Restored, so that answers go by the id of their cell.
    blank : collection of str
        Answer cells without an answer.

    Returns
    -------
    dict
        ``file`` and ``answers``, digests, and ``cells``, the number of answers that are filled in.
    """
    filled = (set(source.answers) | set(source.manual)) - set(blank)
    answers = {
        c.id: plain(c.source)
        for c in notebook.cells
        if c.id in filled and ELSEWHERE not in c.source  # which is our word, not the student's
    }
    own = any(c.id.startswith("own-") and c.source.strip() for c in notebook.cells)
    if not answers and not own:
        return {}
    said = json.dumps(answers, sort_keys=True).encode()
    digest = hashlib.sha256(said).hexdigest() if answers else ""
    return {"file": _digest(folder, source.name), "answers": digest, "cells": len(answers)}


def _digest(folder: Path, name: str) -> str:
    """Return the digest of a submission's notebook, of the first one where none has its name."""
    found = [p for p in files_of(folder) if p.suffix.lower() == ".ipynb"]
    named = [p for p in found if p == folder / f"{name}.ipynb"]
    try:
        return hashlib.sha256((named or found)[0].read_bytes()).hexdigest()
    except (OSError, IndexError):
        return ""


def identical(digests: Mapping[str, Mapping]) -> list[Identical]:
    """Return which students handed in the same file or the same answers.

    Parameters
    ----------
    digests : mapping of str to mapping
        Student → what `digests_of` gave.
    """
    found = []
    by_answers = _groups(digests, "answers")
    by_file = _groups(digests, "file")
    for students in by_answers:
        cells = digests[students[0]]["cells"]
        found.append(Identical(students, students in by_file, cells))
    told = [set(one.students) for one in found if one.is_file]
    for students in by_file:
        if set(students) not in told:
            found.append(Identical(students, True, digests[students[0]]["cells"]))
    return sorted(found, key=lambda one: (one.students, not one.is_file))


def _groups(digests, key) -> list[tuple[str, ...]]:
    groups = defaultdict(list)
    for student, one in digests.items():
        if one.get(key):
            groups[one[key]].append(student)
    return [tuple(sorted(students)) for students in groups.values() if len(students) > 1]
