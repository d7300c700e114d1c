"""Our steps in nbgrader's own lists, so that its commands and the Formgrader grade as `course` does."""

from __future__ import annotations

import hashlib

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor

from course_utils.grading.course import Course
from course_utils.grading.source import TITLE


def digest(notebook) -> str:
    """Return the digest of a release version without its own stamp."""
    bare = nbformat.reads(
        nbformat.writes(notebook), as_version=4
    )  # a copy, as a file would hold it
    bare.metadata.pop("release", None)
    return hashlib.sha256(nbformat.writes(bare).encode()).hexdigest()


class Stamp(NbGraderPreprocessor):
    """Last step of a release: say what it is, so that an edit by hand is noticed later."""

    def preprocess(self, nb, resources):
        nb.metadata.release = {"digest": digest(nb)}
        return nb, resources


class Restore(NbGraderPreprocessor):
    """First pass of autograding: put back test cells, order and metadata."""

    def preprocess(self, nb, resources):
        from course_utils.grading.run import restored_by_nbgrader

        return restored_by_nbgrader(
            Course.find(), resources["nbgrader"]["assignment"], nb
        ), resources


class Judge(NbGraderPreprocessor):
    """Second pass of autograding: run the student's cells apart from the tests."""

    def preprocess(self, nb, resources):
        from course_utils.grading.run import judged_by_nbgrader

        names = resources["nbgrader"]
        return judged_by_nbgrader(
            Course.find(), names["assignment"], names["student"], nb
        ), resources


class HideTests(NbGraderPreprocessor):
    """For feedback: a test cell shows what it is about and what it found, never its source."""

    def preprocess_cell(self, cell, resources, cell_index):
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and not marks.get("solution"):
            title = TITLE.match(cell.source)
            cell.source = f"# {title['exercise']} {title['title']}" if title else "# test"
        return cell, resources
