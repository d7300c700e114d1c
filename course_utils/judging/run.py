"""Grading one submission: files and source in, scored notebook and outcome out.

`grade_submission` is the one way from a student's files to a score; `course grade`, ``nbgrader autograde``
and the Formgrader's button all pass through it.
"""

from __future__ import annotations

import contextlib
import html
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course_utils.course.checksum import checksum
from course_utils.course.folders import Course, CourseError
from course_utils.course.source import NOTE_CELL, Source, read_source
from course_utils.jail import confine
from course_utils.jail.jail import Zygote
from course_utils.judging import sanitise
from course_utils.judging.handed_in import HandedIn, beside, find, read, scratch_for
from course_utils.judging.parse import Unreadable, parse
from course_utils.judging.referee import judge
from course_utils.judging.restore import Restored, restore
from course_utils.judging.verdicts import Verdict
from course_utils.judging.written import written_digests

OUTCOMES = {
    "unreadable": "there is no notebook that can be read; nothing could be graded",
    "wrong assignment": "another assignment was handed in for this one; nothing was graded",
    "test broken": "a test broke down on an answer; its points wait for a person",
    "out of memory": "a cell or call used more memory than allowed; it was left out",
    "timed out": "a cell or call ran longer than allowed; it was left out",
    "crashed": "a cell or call ended its process; it was left out",
    "cells restored": "cells had been deleted, copied, moved or changed; they were put right",
    "renamed": "the notebook had another name",
    "blank": "no answer cell was filled in",
    "graded": "nothing unusual",
}
_ENDINGS = {"OutOfTime": "timed out", "OutOfMemory": "out of memory", "Crashed": "crashed"}


@dataclass
class Scored:
    """A graded submission.

    Attributes
    ----------
    notebook : NotebookNode
        The autograded notebook.
    outcome : str
        One of `OUTCOMES`.
    notes : list of str
        What a student should know about how the submission was handled.
    scores : dict of str to (float or None)
        Points by grade cell; None where a person grades.
    blank : set of str
        Answer cells without an answer.
    verdicts : dict of str to Verdict
    seconds : float
        In the jail.
    """

    notebook: NotebookNode
    outcome: str
    notes: list[str] = field(default_factory=list)
    scores: dict = field(default_factory=dict)
    blank: set = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)


def prepare(
    folder: Path,
    source: Source,
    release: NotebookNode,
    notebook: Path | None = None,
    others: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Restored:
    """Find a student's notebook and make it gradable, or a blank one where there is none.

    Parameters
    ----------
    folder : Path
        The submission. Nothing in it is changed.
    source, release : Source, NotebookNode
    notebook : Path, optional
        The notebook, where it is known which one is meant.
    others : mapping of str to frozenset of str
        The other assignments of the course and their cells, to recognise one that was handed in for this one.

    Returns
    -------
    Restored
    """
    ours = graded_cells(source)
    try:
        known = HandedIn(read(notebook), notebook) if notebook else None
        found = known or find(folder, source.name, ours)
    except Unreadable as error:
        told = f"The submission could not be read: {error}. It counts as blank."
        return _nothing(source, release, "unreadable", told)
    claims = {cell.metadata.claim for cell in found.notebook.cells}
    other = max(others, key=lambda name: len(claims & others[name]), default="")
    if other and len(claims & others[other]) >= max(3, 3 * len(claims & ours)):
        told = f"This is {other}, handed in for {source.name}: nothing was graded. Hand in the other notebook."
        return _nothing(source, release, "wrong assignment", told)
    restored = restore(found.notebook, source, release)
    restored.folder = found.path.parent
    if found.notes and not restored.notes:
        restored.outcome = "renamed"
    restored.notes[:0] = found.notes
    if restored.blank >= set(source.answers) | set(source.manual):
        restored.outcome = restored.outcome or ("" if restored.notes else "blank")
        restored.warnings += _work_beside(folder, found.path, source, release, ours)
        restored.notes += restored.warnings
    return restored


def _nothing(source, release, outcome, told) -> Restored:
    restored = restore(parse(nbformat.writes(release).encode()), source, release)
    restored.notes, restored.warnings, restored.outcome = [told], [told], outcome
    return restored


def _work_beside(folder, path, source, release, ours) -> list[str]:
    """Name the notebooks beside a blank one that are not blank."""
    named = []
    for other in beside(folder, path):
        with contextlib.suppress(Unreadable):
            notebook = read(other)
            if ours & {cell.metadata.claim for cell in notebook.cells}:
                blank = restore(notebook, source, release).blank
                if not blank >= set(source.answers) | set(source.manual):
                    named.append(ascii(other.relative_to(folder).as_posix())[1:-1])
    if not named:
        return []
    return [
        f"{path.name} is blank, but {', '.join(named)} beside it is not, and was not graded. If that is the "
        f"work, hand it in as {source.name}.ipynb."
    ]


def graded_cells(source: Source) -> frozenset[str]:
    """Return the cells of an assignment that make points or are answers."""
    return frozenset(source.tests) | frozenset(source.answers) | frozenset(source.manual)


def other_assignments(course: Course, assignment: str) -> dict[str, frozenset[str]]:
    """Return the other assignments of a course and their cells."""
    found = {}
    for name in course.assignments:
        if name != assignment:
            with contextlib.suppress(CourseError):  # what is wrong with it is no matter here
                found[name] = graded_cells(read_source(course.source_notebook(name)))
    return found


def grade_submission(
    folder: Path,
    source: Source,
    release: NotebookNode,
    zygote: Zygote,
    secret: bytes = b"",
    who: str = "",
    notebook: Path | None = None,
    others: Mapping[str, frozenset[str]] = MappingProxyType({}),
    tests: Collection[str] | None = None,
) -> Scored:
    """Grade the files that one student submitted.

    Parameters
    ----------
    folder, source, release, notebook, others
        See `prepare`.
    zygote : Zygote
    secret, who, tests
        See `judge`.

    Returns
    -------
    Scored
    """
    restored = prepare(folder, source, release, notebook, others)
    with scratch_for(restored.folder) as scratch:
        return _run(restored, source, zygote, scratch, secret, who, tests)


def grade_notebook(
    notebook: NotebookNode,
    source: Source,
    release: NotebookNode,
    zygote: Zygote,
    beside: Path | None = None,
    **options,
) -> Scored:
    """Grade a notebook that is already in memory, with the files of a folder beside it or with none."""
    data = nbformat.writes(notebook).encode()
    restored = restore(parse(data), source, release)
    with scratch_for(beside) as scratch:
        return _run(restored, source, zygote, scratch, **options)


def _run(restored: Restored, source, zygote, scratch, secret=b"", who="", tests=None) -> Scored:
    start = time.monotonic()
    judged = judge(restored.notebook, source, zygote, scratch, secret, who, tests)
    endings = [_ENDINGS[e] for e in judged.endings]
    answers = set(source.answers) | set(source.manual)
    usual = (
        "cells restored" if restored.notes else "blank" if restored.blank >= answers else "graded"
    )
    broken = [name for name, verdict in judged.verdicts.items() if verdict.broken]
    found = {restored.outcome or usual, *endings, *(["test broken"] if broken else [])}
    outcome = next(o for o in OUTCOMES if o in found)
    scores: dict = {}
    for test in source.tests.values() if tests is None else map(source.tests.get, judged.verdicts):
        verdict = judged.verdicts[test.id]
        scores[test.id] = None if verdict.broken else test.points if verdict.passed else 0.0
    for cell in source.manual:
        scores[cell] = 0.0 if cell in restored.blank else None
    notebook = judged.notebook
    handed_out = {c.id for c in source.notebook.cells} - set(source.manual)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.id not in handed_out:
            cell.source = sanitise.markdown(cell.source, cell.get("attachments", {}))
    for cell in notebook.cells:  # the checksum tells nbgrader's own commands what the source was
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.metadata.nbgrader.checksum = checksum(cell)
    notes = restored.notes + [
        f"{OUTCOMES[e][0].upper()}{OUTCOMES[e][1:]}." for e in dict.fromkeys(endings)
    ]
    if notes:
        text = "**What the grader noticed**\n\n" + "\n".join(
            f"- {html.escape(note, quote=False)}" for note in notes
        )
        notebook.cells.insert(0, new_markdown_cell(text, id=NOTE_CELL))
    notebook.metadata.course = {
        "outcome": outcome,
        "confinement": confine.NAMESPACES if zygote.confined else confine.NONE,
        "notes": notes,
        "warnings": restored.warnings,
        "endings": judged.endings,
        "written": written_digests(notebook.cells, source, restored.blank),
        "seconds": round(time.monotonic() - start, 3),
        "scores": scores,
        "verdicts": {k: vars(v) for k, v in judged.verdicts.items()},
    }
    return Scored(notebook, outcome, notes, scores, restored.blank, judged.verdicts)


def zygote_for(source: Source, confined: bool = True) -> Zygote:
    """Start the process that runs the answers of an assignment."""
    return Zygote(confined, source.preload)
