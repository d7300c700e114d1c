"""Written answers: whatever may be one waits for a person, who sees it."""

from __future__ import annotations

import ast
import hashlib
import json
import re

from course_utils.course.source import NO_PYTHON, Source
from course_utils.judging.parse import plain

# A magic or a shell command is code, and so is a definition with a mistake in it.
_CODE = re.compile(
    r"^\s*(?:[%!@]|def \w+\s*\(|class \w+\s*[(:]|import \w+|from [\w.]+ import|\w+ = |return\b|print\()",
    re.MULTILINE,
)
MAX_PROSE = 20_000  # characters; a longer code cell is no written answer
MOVED = "*(Written in {}, outside the place for it.)*"
ELSEWHERE = (
    "*(This place was left as it was handed out. Text of the student's own stands elsewhere in this notebook: "
    "please look whether it is the answer.)*"
)


def place_written(cells: list, source: Source, handed_out: dict[str, str], result) -> list:
    """Bring text that may be a written answer to the place of the answer, where that was left blank.

    Parameters
    ----------
    cells : list of NotebookNode
        The notebook; cells of the student's own have an id that begins with "own-".
    source : Source
    handed_out : dict of str to str
        Cell → its source in the release.
    result : Restored
        Loses from `blank` what waits for a person, and gains a note for each.

    Returns
    -------
    list of NotebookNode
    """
    texts = set(map(plain, handed_out.values())) | {""}
    may_be = [c for c in cells if c.id.startswith("own-") and _is_text(c, texts)]
    for name in [n for n in source.manual if n in result.blank and n not in source.tasks]:
        if not may_be:
            break
        at = next(i for i, c in enumerate(cells) if c.id == name)
        near = [c for c in _section(cells, at, source) if any(c is m for m in may_be)]
        place = cells[at]
        if near:
            lead = MOVED.format(
                "a cell of its own" if len(near) == 1 else f"{len(near)} cells of their own"
            )
            texts_of = [c.source.strip() for c in near]
            if place.cell_type == "markdown":
                place.source = "\n\n".join([*texts_of, lead])
                pictures = {k: v for c in near for k, v in c.get("attachments", {}).items()}
                if pictures:
                    place.attachments = pictures
            else:
                place.source += "".join(f"\n# {line}" for t in texts_of for line in t.splitlines())
            cells = [c for c in cells if not any(c is n for n in near)]
            may_be = [c for c in may_be if not any(c is n for n in near)]
            result.notes.append(
                f"Nothing stood in the place of the written answer {name}; the text beside it is taken for it."
            )
        else:
            mark = ELSEWHERE if place.cell_type == "markdown" else f"\n# {ELSEWHERE}"
            place.source = (place.source + "\n\n" + mark).strip()
            result.notes.append(
                f"Nothing stood in the place of the written answer {name}; a person looks for it elsewhere."
            )
        result.blank.discard(name)
    if any(c.id.startswith("own-") and c.source.strip() for c in cells):
        result.blank -= source.tasks
    else:
        result.blank |= source.tasks
    return cells


def written_digests(cells: list, source: Source, blank: set[str]) -> dict[str, str]:
    """Return written answer → a digest of what a person who grades it reads.

    Another digest than at the last grading means that the person has to look again.
    """
    own = [c.source for c in cells if c.id.startswith("own-")]
    found = {}
    for cell in cells:
        if cell.id in source.manual and cell.id not in blank:
            around = own if cell.id in source.tasks or ELSEWHERE in cell.source else []
            said = json.dumps([cell.source, cell.get("attachments", {}), around], sort_keys=True)
            found[cell.id] = hashlib.sha256(said.encode()).hexdigest()
    return found


def _section(cells, at, source: Source) -> list:
    """Return the cells around a place, up to the nearest ones that the assignment grades or runs."""
    ends = set(source.tests) | set(source.answers) | set(source.manual)
    first, last = at, at
    while first > 0 and cells[first - 1].id not in ends:
        first -= 1
    while last + 1 < len(cells) and cells[last + 1].id not in ends:
        last += 1
    return cells[first : last + 1]


def _is_text(cell, handed_out: set[str]) -> bool:
    """Whether a cell of the student's own is prose that was not handed out."""
    if plain(cell.source) in handed_out and not cell.get("attachments"):
        return False
    if cell.cell_type == "markdown":
        return True
    if len(cell.source) > MAX_PROSE:
        return False
    try:
        body = ast.parse(cell.source).body
    except NO_PYTHON:
        return not _CODE.search(cell.source)
    return all(isinstance(s, ast.Expr) and _is_word(s.value) for s in body)


def _is_word(value) -> bool:
    """Whether an expression is a string, or prose of one word in a script without spaces."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str)
    return isinstance(value, ast.Name) and not value.id.isascii()
