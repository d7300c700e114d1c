"""A part of one exercise, a residual block: the smallest assignment whose answer is a network.

Answer, tests and bank are those of part 06.
"""

import shutil
from pathlib import Path

import nbformat
from conftest import ROOT

from course_utils.authoring.canonical import canonical
from course_utils.authoring.release import release
from course_utils.course.folders import Course

WHOLE, PART, ANSWER = "06_architectures", "99_residual", "basic-block"
TESTS = [f"test-{ANSWER}-{name}" for name in ("sizes", "values", "projection", "train", "learns")]
KEPT = ["imports", "residual-prompt", ANSWER, *TESTS]


def source_notebook() -> nbformat.NotebookNode:
    """Return the source notebook."""
    notebook = nbformat.read(ROOT / "solutions" / WHOLE / f"{WHOLE}.ipynb", 4)
    notebook.cells = [cell for cell in notebook.cells if cell.id in KEPT]
    assert [cell.id for cell in notebook.cells] == KEPT
    return notebook


def title_of(cell: nbformat.NotebookNode) -> str:
    """Return the title of a test as people are shown it."""
    return cell.source.splitlines()[0].removeprefix("# 6.4 ").rpartition(" (")[0]


def make_course(root: Path, limits: dict | None = None) -> Course:
    """Make a course in a folder with this part, released, and its bank."""
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, root / name)
    (root / "solutions" / PART).mkdir(parents=True)
    (root / "assignments").mkdir()
    course = Course(root)
    path = root / "solutions" / PART / f"{PART}.ipynb"
    notebook = source_notebook()
    notebook.metadata.course["limits"] = limits or {}
    path.write_text(canonical(nbformat.writes(notebook)))
    (course.bank / PART).mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "bank" / WHOLE / f"{ANSWER}.py", course.bank / PART)
    release(course, PART)
    return course
