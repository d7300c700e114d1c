"""Lectures that were run, kept under ``build/executed`` until something that they depend on changes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

import course_utils
from course_utils.course.files import write_safely
from course_utils.course.folders import Course
from course_utils.data.store import inventory

LIBRARY = Path(course_utils.__file__).parent
KINDS = {".py", ".js", ".css", ".json", ".safetensors"}  # of the library's files
LONGEST = 600  # seconds that one cell may take


def executed(course: Course, path: Path) -> NotebookNode:
    """Return a lecture with its outputs; it is run where no kept one is as new as what it depends on.

    Parameters
    ----------
    course : Course
    path : Path
        The lecture. Its cells run in the folder that it stands in.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    CourseError
        If the outputs cannot be kept.
    """
    kept = course.root / "build" / "executed" / f"{path.stem}-{fingerprint(course, path)}.ipynb"
    with _alone(kept.parent / f"{path.stem}.lock"):
        notebook = _read(kept)
        if notebook is None:
            notebook = _run(path)
            write_safely(kept, nbformat.writes(notebook))
            for older in kept.parent.glob(f"{path.stem}-*.ipynb"):
                if older != kept:
                    older.unlink()
    return notebook


def fingerprint(course: Course, path: Path) -> str:
    """Return a hash of what decides a lecture's outputs: itself, the library, versions, data, COURSE_FAST."""
    # No lecture imports an author's tools: a student has none of them.
    files = (f for f in LIBRARY.rglob("*.*") if f.suffix in KINDS)
    files = (f for f in files if "authoring" not in f.relative_to(LIBRARY).parts)
    found = hashlib.sha256()
    for file in (path, course.root / "constraints.txt", *sorted(files)):
        found.update(hashlib.sha256(file.read_bytes()).digest())
    fast, version = os.environ.get("COURSE_FAST", ""), platform.python_version()
    found.update(f"{fast} {version} {inventory()}".encode())
    return found.hexdigest()[:16]


def _read(kept):
    """Return a kept notebook, None where there is none or it is broken."""
    try:
        notebook = nbformat.read(kept, as_version=4)
        nbformat.validate(notebook)
    except Exception:  # a file that is damaged can fail in any way; it is made anew
        return None
    return notebook


def _run(path):
    print(f"running {path.name}: minutes, once for each change …", file=sys.stderr, flush=True)
    begin = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    # A lecture that calls what will be gone in the next version stops here, not in a student's notebook.
    environment = os.environ | {"PYTHONWARNINGS": "error::DeprecationWarning:__main__"}
    NotebookClient(notebook, timeout=LONGEST, resources=resources).execute(env=environment)
    print(f"{path.name} took {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
    return notebook


@contextlib.contextmanager
def _alone(lock):
    """Let one process at a time run a lecture; the others wait, and read what it kept."""
    try:
        import fcntl
    except ImportError:  # Windows: two at once run it twice, and each is right
        yield
        return
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
