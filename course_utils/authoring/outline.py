"""What the notebooks of a course say about themselves: titles, sections, and what an assignment asks for."""

from __future__ import annotations

import re
from typing import NamedTuple

from nbformat import NotebookNode

_HEADING = re.compile(r"^(#+) +(.+)$", re.MULTILINE)
_EXERCISE = re.compile(r"\*\*(\d+) points? · (\d+) minutes?\b")


class Exercises(NamedTuple):
    """How many exercises an assignment has, and what they give and take in all."""

    count: int
    points: int
    minutes: int

    @property
    def hours(self) -> str:
        """The time in words, to the half hour: "about 3½ hours"."""
        whole, half = divmod(round(self.minutes / 30), 2)
        return f"about {whole or ''}{'½' * half} hour{'s' * (whole > 1 or whole * half)}"


def prose(notebook: NotebookNode) -> str:
    """Return the Markdown of a notebook as one text."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def title(notebook: NotebookNode) -> str:
    """Return the first heading, '' where there is none."""
    found = _HEADING.search(prose(notebook))
    return found[2].strip() if found else ""


def section(notebook: NotebookNode, heading: str) -> str:
    """Return what stands between a heading and the next one, '' without such a heading.

    Examples
    --------
    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> section(new_notebook(cells=[new_markdown_cell("# A\\n\\nFirst.\\n\\n## B\\n\\nSecond.")]), "A")
    'First.'
    """
    text = prose(notebook)
    headings = list(_HEADING.finditer(text))
    for found, following in zip(headings, [*headings[1:], None], strict=True):
        if found[2].strip() == heading:
            return text[found.end() : following.start() if following else len(text)].strip()
    return ""


def exercises(notebook: NotebookNode) -> Exercises | None:
    """Add up what prompts say ("**12 points · 25 minutes …**"); None where none says it."""
    found = _EXERCISE.findall(prose(notebook))
    if not found:
        return None
    points, minutes = zip(*found, strict=True)
    return Exercises(len(found), sum(map(int, points)), sum(map(int, minutes)))
