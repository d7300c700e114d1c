"""Our steps in nbgrader's own lists, so that its commands and the Formgrader grade as `course` does."""

from __future__ import annotations

from pathlib import Path

from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import is_grade, is_solution, is_task

from course_utils.checks.known import FILE
from course_utils.course.folders import Course
from course_utils.course.release import digest
from course_utils.course.source import NOTE_CELL, TITLE
from course_utils.judging.record import recorded

GOES_ON = "raises-exception"  # JupyterLab and nbclient then run the cells below an error, which still is one


class Stamp(NbGraderPreprocessor):
    """Last steps of a release.

    No failed test or answer stops the cells below it, what wrong answers look like is put beside the notebook,
    and a digest says what it is, so that an edit by hand is noticed later.
    """

    def preprocess(self, nb, resources):
        for cell in nb.cells:
            if cell.cell_type == "code" and (is_grade(cell) or is_solution(cell)):
                tags = cell.metadata.setdefault("tags", [])
                tags += [] if GOES_ON in tags else [GOES_ON]
        about = resources["metadata"]
        path = Path(about["path"], f"{about['name']}.ipynb")
        resources.setdefault("outputs", {})[FILE] = recorded(path).encode()
        nb.metadata.release = {"digest": digest(nb)}
        return nb, resources


class Restore(NbGraderPreprocessor):
    """First pass of autograding: put back test cells, order and metadata.

    What nbgrader has read is not used: the submission's folder is read as `course grade` reads it.
    """

    def preprocess(self, nb, resources):
        from course_utils.grading.autograde import restored_by_nbgrader

        names = resources["nbgrader"]
        return restored_by_nbgrader(Course.find(), names["assignment"], names["student"]), resources


class Judge(NbGraderPreprocessor):
    """Second pass of autograding: run the student's cells apart from the tests."""

    def preprocess(self, nb, resources):
        from course_utils.grading.autograde import judged_by_nbgrader

        names = resources["nbgrader"]
        return judged_by_nbgrader(Course.find(), names["assignment"], names["student"]), resources


class Record(SaveAutoGrades):
    """Write the points that `Judge` found, where nbgrader would read them off the outputs again."""

    def preprocess(self, nb, resources):
        self.scores = nb.metadata.course.scores
        return super().preprocess(nb, resources)

    def preprocess_cell(self, cell, resources, cell_index):
        if is_task(cell):  # nbgrader gives a task no points of its own, not even 0 for a blank
            self._add_score(cell, resources)
        return super().preprocess_cell(cell, resources, cell_index)

    def _add_score(self, cell, resources):
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        score, overridden = self.scores[name], grade.manual_score is not None
        # A test that says what it said leaves a person's points settled; a text may be another one.
        if score is None or not overridden or grade.auto_score != score:
            grade.needs_manual_grade = score is None or overridden
        grade.auto_score = score
        self.gradebook.db.commit()

    def _add_comment(self, cell, resources):
        super()._add_comment(cell, resources)
        name = cell.metadata.nbgrader.grade_id
        if is_task(cell) and self.scores[name] is not None:
            comment = self.gradebook.find_comment(
                name, self.notebook_id, self.assignment_id, self.student_id
            )
            comment.auto_comment = "No response."
            self.gradebook.db.commit()


class HideTests(NbGraderPreprocessor):
    """For feedback: a table of points; a test shows what it is about and what it found, never its source."""

    def preprocess(self, nb, resources):
        from course_utils.grading.student_page import account, points_table

        names = resources["nbgrader"]
        points = account(names["db_url"], names["assignment"], names["notebook"], names["student"])
        rows, heading = [], ""
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade_id") in points.cells:
                rows.append((marks.grade_id, _about(cell, marks, heading)))
                marks["told"] = str(points.cells[marks.grade_id])
            elif cell.cell_type == "markdown" and not cell.id.startswith(("own-", NOTE_CELL)):
                cell.source = _heading(cell.source)
                heading = _words(cell.source) or heading
        at = 1 if nb.cells and nb.cells[0].id == NOTE_CELL else 0
        nb.cells.insert(at, new_markdown_cell(points_table(points, rows), id="points"))
        names["headline"] = points.headline
        return nb, resources


def _about(cell, marks, heading):
    """Return what a grade cell is about; a test's source is replaced by it."""
    if marks.get("task") or marks.get("solution"):
        kind = "task" if marks.get("task") else "written answer"
        return f"{heading} ({kind})" if heading else kind
    title = TITLE.match(cell.source)
    about = f"{title['exercise']} {title['title']}" if title else "test"
    cell.source = f"# {about}"
    return about


def _words(text):
    """Return the first line of a heading, '' where it holds what a cell of a table cannot."""
    first = text.split("\n", 1)[0].lstrip("# ").strip()
    return "" if set(first) & set("[]|$`") else first


def _heading(text):
    """Keep a prompt's title and its line of points: the student has the rest."""
    title, *rest = [line for line in text.splitlines() if line.strip()] or [""]
    points = [line for line in rest[:1] if line.startswith("**")]
    return "\n\n".join([title, *points]) if points or title.startswith("# ") else ""
