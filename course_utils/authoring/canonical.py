"""One canonical form for committed notebooks: no outputs, no counts, one formatting.

``python -m course_utils.authoring.canonical FOLDER…`` rewrites what differs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat

from course_utils.course.files import write_safely

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


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
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def main(folders: list[str]) -> None:
    """Rewrite the notebooks below `folders` that are not canonical."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.ipynb")):
            text = path.read_text(encoding="utf-8")
            if ".ipynb_checkpoints" not in path.parts and canonical(text) != text:
                write_safely(path, canonical(text))
                print(f"rewritten: {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
