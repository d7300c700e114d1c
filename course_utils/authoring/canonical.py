"""One canonical form for committed notebooks: no outputs, no counts, one formatting, names for ids.

``python -m course_utils.authoring.canonical FOLDER…`` rewrites what differs.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from itertools import count, zip_longest
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.course.files import write_safely
from course_utils.course.source import MAX_ID, named

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# What editors make up: eight hexadecimal digits (nbformat) or a UUID (JupyterLab).
MADE_UP = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}")
WORDS = 5  # of a cell, that make its name


def canonical(text: str) -> str:
    """Return a notebook's text in canonical form."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    kept = {k: v for k, v in notebook.metadata.items() if k == "course"}
    notebook.metadata = kept | {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in ("nbgrader", "tags")}
        cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    _name_cells(named(notebook))
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def _name_cells(notebook: NotebookNode) -> None:
    """Name the cells whose id an editor made up; a name that is there stays."""
    taken = {cell.get("id") for cell in notebook.cells}
    for cell, after in zip_longest(notebook.cells, notebook.cells[1:]):
        given = cell.get("id", "")
        if NAME.fullmatch(given) and not MADE_UP.fullmatch(given):
            continue
        if "grade_id" in cell.metadata.get("nbgrader", {}):  # it is the author's word
            continue
        name = _name_of(cell, after)
        tries = (f"{name}-{number}" if number > 1 else name for number in count(1))
        cell.id = next(name for name in tries if name not in taken)
        taken.add(cell.id)


def _name_of(cell, after) -> str:
    """Return a name for a cell: that of the answer cell to which it is the prompt, or its own first words."""
    marks = after.metadata.get("nbgrader", {}) if after else {}
    if cell.cell_type == "markdown" and marks.get("solution"):
        return f"{marks.grade_id[: MAX_ID - 12]}-prompt"
    plain = unicodedata.normalize("NFKD", cell.source).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z][a-z0-9]*", plain)[:WORDS]
    return "-".join(words)[: MAX_ID - 5].strip("-") or cell.cell_type


def main(folders: list[str]) -> None:
    """Rewrite the notebooks below `folders` that are not canonical."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.ipynb")):
            if ".ipynb_checkpoints" in path.parts:
                continue
            data = path.read_bytes()
            made = canonical(
                data.decode("utf-8-sig")
            ).encode()  # an editor may have put a mark before it
            if made != data:
                write_safely(path, made)
                print(f"rewritten: {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
