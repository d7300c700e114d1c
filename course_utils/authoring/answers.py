"""Predictions of a lecture: which cells answer each, so that a page can hide them until they are asked for.

A paragraph that begins ``**Predict`` asks. The code cells that follow it answer, with the first thing that the
text after them says. A cell that asks and brings its own ``<details>`` is left as it is, and so is one that is
followed by an explorer: the person is to try it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from nbformat import NotebookNode

_ASKS = re.compile(r"\*\*Predict\b")
_FIGURE = re.compile(r"!\[")
_STOPS = re.compile(r"#|\*\*Predict\b")
_LEADS_ON = re.compile(r"(?:Compare|Show)\b")  # to what is done next
# What belongs to the paragraph before it: a figure, its caption, a formula.
_CARRIES_ON = re.compile(r"!\[|\*[^*].*\*\Z|\$\$", re.DOTALL)


def mark_answers(
    cells: list[NotebookNode], shows_explorer: Callable[[NotebookNode], bool]
) -> list[NotebookNode]:
    """Return the cells, with ``answer`` in the metadata of the first and the last cell of each answer.

    It holds the words ``begins`` and ``ends``. A Markdown cell that is in an answer only in part is cut in two.

    Parameters
    ----------
    cells : list of NotebookNode
        They stay as they are.
    shows_explorer : callable
        Says of a code cell whether it shows an explorer.
    """
    left = [copy.deepcopy(cell) for cell in cells]
    marked = []
    while left:
        cell = left.pop(0)
        asked, tail = _question(cell)
        if asked is None or not left or left[0].cell_type != "code" or shows_explorer(left[0]):
            marked.append(cell)
            continue
        marked.append(asked)
        answer = [tail] if tail else []
        while left and left[0].cell_type == "code":
            answer.append(left.pop(0))
        if left:
            head, rest = _explanation(left.pop(0))
            answer += [head] if head else []
            left[:0] = [rest] if rest else []
        answer[0].metadata["answer"] = "begins" if len(answer) > 1 else "begins ends"
        if len(answer) > 1:
            answer[-1].metadata["answer"] = "ends"
        marked += answer
    return marked


def _question(cell):
    """Cut a cell that asks where its answer begins, at a figure; one that asks nothing gives None."""
    blocks = _blocks(cell)
    asking = [k for k, block in enumerate(blocks) if _ASKS.match(block)]
    if not asking or any("<details" in block for block in blocks[asking[-1] :]):
        return None, None
    figures = [k for k in range(asking[-1] + 1, len(blocks)) if _FIGURE.match(blocks[k])]
    return _cut(cell, figures[0] if figures else len(blocks))


def _explanation(cell):
    """Cut the cell after the code where the first thing that it says ends."""
    blocks = _blocks(cell)
    end = 0
    if blocks and _LEADS_ON.match(blocks[0]):
        return None, cell
    while end < len(blocks) and not _STOPS.match(blocks[end]):
        end += 1
        finished = blocks[end - 1].rstrip("*_$` ").endswith((".", "?"))
        if finished and not (end < len(blocks) and _CARRIES_ON.match(blocks[end])):
            break
    return _cut(cell, end)


def _blocks(cell):
    """Return the paragraphs of a Markdown cell; a code cell has none."""
    return re.split(r"\n\s*\n", cell.source.strip()) if cell.cell_type == "markdown" else []


def _cut(cell, place):
    """Return a cell's first blocks as one cell and the others as another, None for one that would be empty."""
    blocks = _blocks(cell)
    if not 0 < place < len(blocks):
        return (cell, None) if place else (None, cell)
    rest = copy.deepcopy(cell)
    cell.source, rest.source = "\n\n".join(blocks[:place]), "\n\n".join(blocks[place:])
    rest.id = f"{cell.id}-rest"
    return cell, rest
