"""The release version of an assignment, as students were given it."""

from __future__ import annotations

import hashlib

import nbformat
from nbformat import NotebookNode

from course_utils.checks import known
from course_utils.course.folders import Course, CourseError
from course_utils.course.source import Source, named, read_source


def load(course: Course, assignment: str) -> tuple[Source, NotebookNode]:
    """Return an assignment's source and the release version that students were given.

    Raises
    ------
    CourseError
        If one of them is missing or is not a notebook.
    """
    source = read_source(course.source_notebook(assignment))
    folder = course.releases / assignment
    source.looks_like.update(known.read(folder))
    path = folder / f"{assignment}.ipynb"
    try:
        return source, named(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))
    except FileNotFoundError:
        raise CourseError(
            f"{assignment} has not been released: run `course release {assignment[:2]}`"
        ) from None
    except ValueError as error:
        raise CourseError(f"the release version {path} is not a notebook: {error}") from None


def digest(notebook) -> str:
    """Return the digest of a release version without its own stamp."""
    bare = nbformat.reads(
        nbformat.writes(notebook), as_version=4
    )  # a copy, as a file would hold it
    bare.metadata.pop("release", None)
    return hashlib.sha256(nbformat.writes(bare).encode()).hexdigest()
