"""What a worker does: it grades one submission after the other, and writes nothing down."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from course_utils.course.files import course_secret
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.grading.identical import digests_of
from course_utils.judging.handed_in import files_of
from course_utils.judging.run import grade_submission, other_assignments, zygote_for

_here: dict = {}  # what a worker has ready


@dataclass
class Graded:
    """What a worker made of one submission.

    Attributes
    ----------
    text : str
        The notebook.
    about : dict
        Its ``metadata.course``.
    blank : set of str
        Answer cells without an answer.
    """

    text: str
    about: dict
    blank: set[str]


def scratch_of(course: Course, assignment: str) -> Path:
    """Return the folder that is emptied before and after each run over one part."""
    return course.grading / ".scratch" / assignment


def start_worker(root: str, assignment: str, confined: bool, common: bytes) -> None:
    """Get ready for submissions to one assignment; `common` is what every score depends on."""
    course = Course(Path(root))
    tempfile.tempdir = str(scratch_of(course, assignment))
    get_ready(
        course, assignment, confined, course_secret(course), other_assignments(course, assignment)
    )
    _here["common"] = common


def get_ready(
    course: Course,
    assignment: str,
    confined: bool,
    secret: bytes,
    others: Mapping[str, frozenset[str]],
) -> None:
    """Load an assignment and start the process for students' code."""
    source, release = load(course, assignment)
    zygote = zygote_for(source, confined)
    _here.update(zygote=zygote, source=source, release=release, secret=secret, others=others)


def grade(student: str, folder: str) -> Graded:
    """Grade what one student handed in."""
    mark = at_work(student, Path(tempfile.gettempdir()))
    mark.touch()
    graded = grade_files(student, Path(folder), key_of(_here["common"], Path(folder)))
    mark.unlink()
    return graded


def grade_files(student: str, folder: Path, key: str) -> Graded:
    """Grade a student's files; `key` (see `key_of`) is written down with what comes of them."""
    scored = grade_submission(
        folder,
        _here["source"],
        _here["release"],
        _here["zygote"],
        _here["secret"],
        student,
        others=_here["others"],
    )
    about = scored.notebook.metadata.course
    about["key"] = key
    about["digests"] = digests_of(Path(folder), _here["source"], scored.notebook, scored.blank)
    return Graded(_text(scored.notebook), about, scored.blank)


def _text(notebook: NotebookNode) -> str:
    """Return a notebook as JSON, one cell a line; nbformat's indentation takes a tenth of the grading."""
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    cells = ",\n".join(map(_json, notebook.cells))
    return f'{{"cells": [\n{cells}\n],\n{_json(rest)[1:]}\n'


def _json(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def key_of(common: bytes, folder: Path) -> str:
    """Return what a score depends on, in one digest: what all of them do, and the files of this one."""
    parts = hashlib.sha256(common)
    for path in files_of(folder):
        parts.update(os.fsencode(path.relative_to(folder)) + b"\0")
        with contextlib.suppress(OSError):
            parts.update(hashlib.sha256(path.read_bytes()).digest())
    return parts.hexdigest()


def at_work(student, scratch) -> Path:
    """Return the file that is there while a worker has a student's submission."""
    return scratch / f"at-work-{hashlib.sha256(student.encode()).hexdigest()[:32]}"
