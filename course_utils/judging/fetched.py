"""A notebook alone, as nbgrader's exchange or a platform gives it: no course around it, no untouched copy.

What was handed out is then read from the notebook itself: nbgrader left a checksum with each test and each
answer, which says whether it has been changed since.
"""

from __future__ import annotations

import builtins
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.checks import known
from course_utils.checks.words import near_name
from course_utils.course.checksum import is_as_handed_out
from course_utils.course.folders import Course, UsageProblem
from course_utils.course.source import CELL_MAGIC, Source, named, names, read_marked, used_in

AGAIN = "Fetch the assignment again, into another folder, and copy your answers there."


def find(part: str, start: Path | None = None) -> Path:
    """Return the notebook of a part in a folder, or in the part's own folder below it.

    Parameters
    ----------
    part : str
        A number, a name, or the path of a notebook.
    start : Path, optional
        Default: the working directory.

    Raises
    ------
    UsageProblem
        If there is none, or more than one.
    """
    start = Path(start or Path.cwd())
    if part.endswith(".ipynb"):
        return _there(start / part)
    begin = f"{int(part):02d}_" if part.isdigit() else part
    found = [
        path
        for path in [*start.glob("*.ipynb"), *start.glob("*/*.ipynb")]
        if path.stem.startswith(begin) and path.parent in (start, start / path.stem)
    ]
    if len(found) == 1:
        return found[0]
    many = f"several notebooks of part {part}: {', '.join(sorted(p.name for p in found))}"
    none = f"no course here, and no notebook {begin}….ipynb in {start} or in a folder of its name"
    raise UsageProblem(
        f"{many if found else none}. Name yours: course check PATH/TO/NOTEBOOK.ipynb, or go to the folder of "
        "the course, or set COURSE_ROOT to it."
    )


def _there(path: Path) -> Path:
    if not path.is_file():
        raise UsageProblem(f"there is no notebook {path}")
    return path


def place_of(notebook: Path) -> Course:
    """Return a folder as a course: the one whose ``untouched/`` may hold what was handed out."""
    folder = notebook.absolute().parent
    return Course(folder.parent if folder.name == notebook.stem else folder)


def as_handed_out(path: Path) -> tuple[Source, list[str]]:
    """Return an assignment as a student's own notebook tells it, and what cannot be told.

    A test that was changed is left out. In an answer that was changed, nothing but the names that it defines
    counts as handed out.

    Raises
    ------
    UsageProblem
        If it holds no test of nbgrader's, or none as it was handed out.
    """
    notebook = _read(path)
    tests, changed, cells, seen = 0, [], [], set()
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.id in seen:  # a copy
            continue
        seen.add(cell.id)
        if marks.get("grade_id") and not is_as_handed_out(cell):
            if not marks.get("solution"):
                changed.append(cell.id)
                continue
            cell.source = _stub(cell) if cell.cell_type == "code" else ""
        tests += bool(marks.get("grade") and not marks.get("solution"))
        cells.append(cell)
    if not tests:
        why = "all are changed" if changed else "no cell carries what nbgrader marks it with"
        raise UsageProblem(
            f"{path} holds no test as it was handed out: {why}. {AGAIN} Or put an untouched copy to "
            f"{place_of(path).untouched / path.stem / path.name}."
        )
    notebook.cells = cells
    _name_what_tests_ask_for(notebook)
    source = read_marked(path, notebook)
    source.looks_like.update(known.read(path.parent))
    notes = [
        "There is no untouched copy here: tests are those of this notebook, and a deleted one is not missed."
    ]
    if changed:
        notes.append(f"Changed since handed out, and left out: {', '.join(changed)}. {AGAIN}")
    if not source.looks_like:
        notes.append(f"{known.FILE} is not beside the notebook: no misconception is named.")
    return source, notes


def _read(path: Path) -> NotebookNode:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return named(nbformat.reads(text.replace("\r\n", "\n"), as_version=4))
    except Exception as error:  # nbformat raises many kinds
        raise UsageProblem(f"{path} is not a notebook: {error}") from error


def _stub(cell: NotebookNode) -> str:
    """Return an empty answer that defines what an answer defines."""
    magic = CELL_MAGIC.match(cell.source)
    lines = [f"{name} = None" for name in dict.fromkeys(names(cell.source))]
    return (magic[0] if magic else "") + "\n".join(["# changed", *lines])


def _name_what_tests_ask_for(notebook: NotebookNode) -> None:
    """Let the answer before a test define what the test asks for and no cell does: it is misspelt there."""
    there = set(dir(builtins))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            there |= set(names(cell.source, imports=True))
    answer = None
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code":
            continue
        if marks.get("solution"):
            answer = cell
        elif marks.get("grade") and answer is not None and not is_as_handed_out(answer):
            for name in sorted(used_in(cell.source) - there):
                misspelt = near_name(name, names(answer.source))
                if misspelt:
                    answer.source = answer.source.replace(f"\n{misspelt} = None", "")
                answer.source += f"\n{name} = None"
                there.add(name)
