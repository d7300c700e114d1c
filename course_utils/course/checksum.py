"""nbgrader's checksum of a cell: whether it still is as it was handed out.

It is computed here too, so that a student's check needs no nbgrader.
"""

from __future__ import annotations

import hashlib

from nbformat import NotebookNode


def checksum(cell: NotebookNode) -> str:
    """Return what nbgrader writes beside a marked cell when a part is released.

    Parameters
    ----------
    cell : NotebookNode
        With nbgrader's metadata.

    Source
    ------
    ``nbgrader.utils.compute_checksum`` of nbgrader 0.9.6.
    """
    marks = cell.metadata["nbgrader"]
    grade, solution = marks.get("grade", False), marks.get("solution", False)
    locked = not solution and (grade or marks.get("locked", False))
    points = [str(float(marks.get("points", 0)))] if grade else []
    parts = [cell.source, cell.cell_type, f"{grade}{solution}{locked}", marks["grade_id"], *points]
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def is_as_handed_out(cell: NotebookNode) -> bool:
    """Whether a marked cell has the text that it was released with."""
    return checksum(cell) == cell.metadata["nbgrader"].get("checksum")
