"""Read a notebook that somebody handed in, whatever its encoding, line ends and format."""

from __future__ import annotations

import json
import uuid

import nbformat
from nbformat import NotebookNode

from course_utils.judging import sanitise

MAX_CELLS = 2000  # of a notebook


class Unreadable(Exception):
    """A submission that is not a notebook; the message says why."""


def parse(data: bytes) -> NotebookNode:
    """Read a submitted notebook.

    Each cell keeps its kind, its source, pasted pictures, and in ``metadata.claim`` the grade_id that it says
    it has; everything else is dropped.

    Raises
    ------
    Unreadable
        If it is no notebook.
    """
    if not data.strip():
        raise Unreadable("the file is empty")
    for encoding in ("utf-8-sig", "utf-16", "latin-1"):
        try:
            content = json.loads(data.decode(encoding))
            break
        except UnicodeError:
            continue
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"the file is not JSON: {str(error)[:200]}") from None
    else:
        raise Unreadable("the file is not text")
    if not isinstance(content, dict) or not ("cells" in content or "worksheets" in content):
        raise Unreadable("the file is JSON but not a notebook: it has no list of cells")
    try:
        if content.get("nbformat") != 4:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        if len(content["cells"]) > MAX_CELLS:
            raise ValueError(f"it has {len(content['cells'])} cells, more than {MAX_CELLS}")
        cells = [_cell(cell) for cell in content["cells"] if isinstance(cell, dict)]
    except Exception as error:  # nbformat raises many kinds on malformed input
        raise Unreadable(
            f"the notebook is malformed: {type(error).__name__}: {error}"[:300]
        ) from None
    marked = {cell.metadata.claim for cell in cells if cell.metadata.marked}
    for cell in cells:
        if not cell.metadata.pop("marked") and cell.metadata.claim in marked:
            cell.metadata.claim = ""  # its id is what a marked cell is called
    # Not by nbformat, which checks the whole against its schema.
    return NotebookNode(nbformat=4, nbformat_minor=5, metadata=NotebookNode(), cells=cells)


def _cell(cell):
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    source = source.encode("utf-8", "replace").decode()  # half a character, which no file can hold
    kind = cell.get("cell_type")
    new = NotebookNode(id=uuid.uuid4().hex, cell_type="markdown", source=source)
    if kind == "code":
        new.update(cell_type=kind, execution_count=None, outputs=[])
    marks = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    marks = marks.get("nbgrader") if isinstance(marks.get("nbgrader"), dict) else {}
    claim = marks.get("grade_id") or cell.get("id")
    new.metadata = NotebookNode(
        claim=claim if isinstance(claim, str) else "",
        raw=kind == "raw",
        marked=isinstance(marks.get("grade_id"), str),
    )
    pictures = sanitise.attachments(cell.get("attachments"))
    if pictures and kind != "code":
        new.attachments = pictures
    return new


def alike(text: str, other: str) -> bool:
    """Whether two texts differ at most in what an editor may change unasked."""
    return text == other or plain(text) == plain(other)


def plain(text: str) -> str:
    """Return text without what an editor may change unasked: blank lines and spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
