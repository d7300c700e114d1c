"""Our steps in nbgrader's own lists, so that its commands and the Formgrader grade as `course` does."""

from __future__ import annotations

import hashlib

import nbformat
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from course_utils.grading.course import Course
from course_utils.grading.source import NOTE_CELL, TITLE


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
    """First pass of autograding: put back test cells, order and metadata.

    What nbgrader has read is not used: the submission's folder is read as `course grade` reads it.
    """

    def preprocess(self, nb, resources):
        from course_utils.grading.run import restored_by_nbgrader

        names = resources["nbgrader"]
        return restored_by_nbgrader(Course.find(), names["assignment"], names["student"]), resources


class Judge(NbGraderPreprocessor):
    """Second pass of autograding: run the student's cells apart from the tests."""

    def preprocess(self, nb, resources):
        from course_utils.grading.run import judged_by_nbgrader

        names = resources["nbgrader"]
        return judged_by_nbgrader(Course.find(), names["assignment"], names["student"]), resources


class Record(SaveAutoGrades):
    """Write the points that `Judge` found, where nbgrader would read them off the outputs again."""

    def preprocess(self, nb, resources):
        self.scores = nb.metadata.course.scores
        return super().preprocess(nb, resources)

    def _add_score(self, cell, resources):
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score = self.scores[name]
        undecided = grade.auto_score is None or grade.manual_score is not None
        grade.needs_manual_grade = undecided
        self.gradebook.db.commit()


# nbgrader's own list of points, above ours, calls every entry "Test cell".
FEEDBACK_CSS = """
.panel-heading ol, .anchor-link, .prompt { display: none; }
table td, table th { padding: 2px 16px 2px 0; }
"""


class HideTests(NbGraderPreprocessor):
    """For feedback: a table of points; a test shows what it is about and what it found, never its source."""

    def preprocess(self, nb, resources):
        rows = []
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            title = TITLE.match(cell.source)
            if marks.get("grade") and not marks.get("solution"):
                about = f"{title['exercise']} {title['title']}" if title else "test"
                cell.source = f"# {about}"
                rows.append((cell.id, about, marks.get("score", 0), marks["points"]))
            elif marks.get("grade"):
                waiting = not marks.get("score") and _is_waiting(nb, cell)
                score = None if waiting else marks["score"]
                rows.append((cell.id, "written answer", score, marks["points"]))
            elif cell.cell_type == "markdown" and not cell.id.startswith(("own-", NOTE_CELL)):
                cell.source = _heading(cell.source)
        lines = [
            f"| [{about}](#{name}) | {'not graded yet' if score is None else f'{score:g} / {points:g}'} |"
            for name, about, score, points in rows
        ]
        table = "\n".join(["| test | points |", "| --- | --- |", *lines])
        at = 1 if nb.cells and nb.cells[0].id == NOTE_CELL else 0
        nb.cells.insert(at, new_markdown_cell(table, id="points"))
        resources.setdefault("inlining", {}).setdefault("css", []).append(FEEDBACK_CSS)
        return nb, resources


def _is_waiting(nb, cell):
    """Whether an answer was written that autograding left to a person."""
    scores = nb.metadata.get("course", {}).get("scores", {})
    return cell.id in scores and scores[cell.id] is None


def _heading(text):
    """Keep a prompt's title and its line of points: the student has the rest."""
    title, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    points = [line for line in rest[:1] if line.startswith("**")]
    return "\n\n".join([title, *points]) if points or title.startswith("# ") else ""
