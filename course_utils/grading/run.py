"""Grading one submission: files and source in, scored notebook and outcome out.

`grade_submission` is the one way from a student's files to a score; `course grade`, ``nbgrader autograde``
and the Formgrader's button all pass through it.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import os
import secrets
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader import utils

from course_utils.grading import confine, sanitise
from course_utils.grading import course as courses
from course_utils.grading.jail import Zygote
from course_utils.grading.referee import Verdict, judge
from course_utils.grading.restore import Restored, Unreadable, parse, restore
from course_utils.grading.source import NOTE_CELL, Source

OUTCOMES = {
    "unreadable": "the file is not a notebook; nothing could be graded",
    "test broken": "a test broke down on an answer; its points wait for a person",
    "out of memory": "a cell or call used more memory than allowed; it was left out",
    "timed out": "a cell or call ran longer than allowed; it was left out",
    "crashed": "a cell or call ended its process; it was left out",
    "cells restored": "cells had been deleted, copied or changed; they were put back",
    "renamed": "the notebook had another name",
    "blank": "no answer cell was filled in",
    "graded": "nothing unusual",
}
_ENDINGS = {"OutOfTime": "timed out", "OutOfMemory": "out of memory", "Crashed": "crashed"}
MAX_NOTEBOOK = 64 * 2**20


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


def grade_submission(
    folder: Path,
    source: Source,
    release: NotebookNode,
    zygote: Zygote,
    secret: bytes = b"",
    who: str = "",
    notebook: Path | None = None,
) -> Scored:
    """Grade the files that one student submitted.

    Parameters
    ----------
    folder : Path
        The submission: a notebook and what belongs to it. Nothing in it is changed.
    source, release : Source, NotebookNode
    zygote : Zygote
    secret, who : bytes, str
        See `judge`.
    notebook : Path, optional
        The notebook, where it is known which one is meant.

    Returns
    -------
    Scored
    """
    try:
        path, notes = (notebook, []) if notebook else find_notebook(folder, source.name)
        if path.stat().st_size > MAX_NOTEBOOK:
            raise Unreadable(f"the notebook is larger than {MAX_NOTEBOOK // 2**20} MB")
        restored = restore(parse(path.read_bytes()), source, release)
        given = ""
        if notes and not restored.notes:
            given = "renamed"
        restored.notes[:0] = notes
    except Unreadable as error:
        restored = restore(parse(nbformat.writes(release).encode()), source, release)
        restored.notes = [f"The submission could not be read: {error}. It counts as blank."]
        given = "unreadable"
    with _scratch(folder) as scratch:
        return _run(restored, source, zygote, scratch, secret, who, given)


def grade_notebook(
    notebook: NotebookNode, source: Source, release: NotebookNode, zygote: Zygote, **options
) -> Scored:
    """Grade a notebook that is already in memory, with no files beside it."""
    data = nbformat.writes(notebook).encode()
    restored = restore(parse(data), source, release)
    with _scratch() as scratch:
        return _run(restored, source, zygote, scratch, **options)


def _run(restored: Restored, source, zygote, scratch, secret=b"", who="", given="") -> Scored:
    start = time.monotonic()
    judged = judge(restored.notebook, source, zygote, scratch, secret, who)
    endings = [_ENDINGS[e] for e in judged.endings]
    answers = set(source.answers) | set(source.manual)
    usual = (
        "cells restored" if restored.notes else "blank" if restored.blank >= answers else "graded"
    )
    broken = [name for name, verdict in judged.verdicts.items() if verdict.broken]
    found = {given or usual, *endings, *(["test broken"] if broken else [])}
    outcome = next(o for o in OUTCOMES if o in found)
    scores: dict = {}
    for test in source.tests.values():
        verdict = judged.verdicts[test.id]
        scores[test.id] = None if verdict.broken else test.points if verdict.passed else 0.0
    for cell in source.manual:
        scores[cell] = 0.0 if cell in restored.blank else None
    notebook = judged.notebook
    handed_out = {c.id for c in source.notebook.cells} - set(source.manual)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.id not in handed_out:
            cell.source = sanitise.markdown(cell.source)
    for cell in notebook.cells:  # the checksum tells nbgrader's own commands what the source was
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.metadata.nbgrader.checksum = utils.compute_checksum(cell)
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
        "seconds": round(time.monotonic() - start, 3),
        "scores": scores,
        "verdicts": {k: vars(v) for k, v in judged.verdicts.items()},
    }
    return Scored(notebook, outcome, notes, scores, restored.blank, judged.verdicts)


def zygote_for(source: Source, confined: bool = True) -> Zygote:
    """Start the process that runs the answers of an assignment."""
    return Zygote(confined, source.preload)


# -- a submission's files --------------------------------------------------------------------------
def find_notebook(folder: Path, name: str) -> tuple[Path, list[str]]:
    """Return the notebook of a submission, and what was odd about its name.

    Raises
    ------
    Unreadable
        If there is none, or if it is not clear which one is meant.
    """
    expected = folder / f"{name}.ipynb"
    if expected.is_file() and not expected.is_symlink():
        return expected, []
    others = [p for p in sorted(folder.glob("*.ipynb")) if p.is_file() and not p.is_symlink()]
    if len(others) == 1:
        called = ascii(others[0].name)[1:-1]  # it may hold anything at all
        return others[0], [f"The notebook was called {called}, not {name}.ipynb."]
    if not others:
        raise Unreadable(f"there is no notebook {name}.ipynb")
    raise Unreadable(
        f"there is no {name}.ipynb, and it is not clear which of {len(others)} others is meant"
    )


MAX_FILES, MAX_BYTES = 500, 64 * 2**20  # of a submission; what is beyond is not looked at


def files_of(folder: Path) -> list[Path]:
    """Return the plain files of a submission (no links, pipes or devices), its notebooks first.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    list of Path
        At most `MAX_FILES` that have at most `MAX_BYTES` in all.
    """
    found, size = [], 0
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f != ".ipynb_checkpoints")
        for name in sorted(names, key=lambda n: (not n.endswith(".ipynb"), n)):
            path = Path(parent, name)
            try:
                about = path.lstat()
            except OSError:  # longer than a path can be
                continue
            size += about.st_size
            if size > MAX_BYTES or len(found) == MAX_FILES:
                return found
            if stat.S_ISREG(about.st_mode):
                found.append(path)
    return found


@contextlib.contextmanager
def _scratch(folder: Path | None = None):
    """Make the folder that a jail is built in, with a submission's files."""
    with tempfile.TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        scratch.chmod(0o755)  # the jail's process is another user where we are root
        for part in ("files", "root"):
            Path(scratch, part).mkdir()
        if folder:
            copy_files(folder, scratch / "files")
        yield scratch


SHOWN = {
    ".csv",
    ".gif",
    ".jpeg",
    ".jpg",
    ".json",
    ".md",
    ".npy",
    ".npz",
    ".png",
    ".py",
    ".safetensors",
    ".txt",
}


def copy_files(folder: Path, target: Path, shown: bool = False) -> None:
    """Copy what belongs to a submission beside its notebook.

    Parameters
    ----------
    folder, target : Path
    shown : bool
        Whether to leave out all but the kinds of `SHOWN`: the Formgrader serves what stands beside an
        autograded notebook, and a browser would run a page of a student's with the rights of the instructor.
    """
    for path in files_of(folder):
        if path.suffix != ".ipynb" and (not shown or path.suffix.lower() in SHOWN):
            place = target / path.relative_to(folder)
            with contextlib.suppress(OSError):  # a name that is too long there, say
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)


# -- the secret of a course ------------------------------------------------------------------------
def course_secret(course: courses.Course) -> bytes:
    """Return the secret from which hidden inputs are drawn; it is made on first use."""
    path = course.grading / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    return hashlib.sha256(path.read_bytes()).digest()


# -- for nbgrader's own commands -------------------------------------------------------------------
def restored_by_nbgrader(course, assignment: str, notebook: NotebookNode) -> NotebookNode:
    """Restore a notebook that nbgrader has read."""
    from course_utils.grading.release import load

    source, release = load(course, assignment)
    restored = restore(parse(nbformat.writes(notebook).encode()), source, release)
    restored.notebook.metadata.course = {"notes": restored.notes}
    return restored.notebook


def judged_by_nbgrader(
    course, assignment: str, student: str, notebook: NotebookNode
) -> NotebookNode:
    """Run a notebook that `restored_by_nbgrader` has made.

    It runs in a process of its own, for a bounded time: the Formgrader's button grades within the Jupyter
    server, which must survive whatever happens.
    """
    from course_utils.grading.release import load
    from course_utils.grading.workers import run

    seconds = 60 + 2 * load(course, assignment)[0].limits["total"]
    text = run(seconds, _judged, course.root, assignment, student, nbformat.writes(notebook))
    return nbformat.reads(text, as_version=4)


def _judged(root, assignment, student, text):
    from course_utils.grading.release import load

    course = courses.Course(root)
    source, release = load(course, assignment)
    notebook = nbformat.reads(text, as_version=4)
    notes = notebook.metadata.get("course", {}).get("notes", [])
    restored = restore(parse(text.encode()), source, release)
    restored.notes = list(notes)
    folder = course.submitted / student / assignment
    with zygote_for(source) as zygote, _scratch(folder) as scratch:
        secret = course_secret(course)
        return nbformat.writes(_run(restored, source, zygote, scratch, secret, student).notebook)
