"""A student's feedback page: its points, which add up, and its form, which needs no script and no network."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.filters import clean_html
from nbgrader.api import Gradebook

from course_utils.grading.mathml import STYLE, typeset
from course_utils.judging import sanitise

TEMPLATES = Path(__file__).parent / "templates"
_clean_html = functools.lru_cache(maxsize=1000)(clean_html)


@dataclass(frozen=True)
class Points:
    """The points of one grade cell.

    Attributes
    ----------
    given : float or None
        What it is worth so far, a person's word before the test's; None where nobody has given anything yet.
    of : float
        The most that it can be worth.
    tested : float or None
        What autograding gave.
    changed : bool
        Whether a person gave other points than autograding.
    waits : bool
        Whether a person has to look at it.
    """

    given: float | None
    of: float
    tested: float | None = None
    changed: bool = False
    waits: bool = False

    def __str__(self):
        if self.given is None:
            return "not graded yet"
        said = f"{shown(self.given)} / {shown(self.of)}"
        if self.changed:
            said += f", given by a person (the test gave {shown(self.tested)})"
        return said + (", and a person will look again" if self.waits else "")


@dataclass(frozen=True)
class Account:
    """All the points of one submission.

    Attributes
    ----------
    cells : dict of str to Points
        By ``grade_id``.
    penalty : float
        Points taken off for lateness.
    seconds_late : float
    """

    cells: dict[str, Points]
    penalty: float = 0.0
    seconds_late: float = 0.0

    @property
    def score(self) -> float:
        return sum(p.given or 0.0 for p in self.cells.values()) - self.penalty

    @property
    def waiting(self) -> float:
        """The points that nobody has given or refused yet."""
        return sum(p.of for p in self.cells.values() if p.given is None)

    @property
    def total(self) -> str:
        """The sum, and whether it is the last word."""
        full = sum(p.of for p in self.cells.values())
        again = any(p.waits and p.given is not None for p in self.cells.values())
        said = f"{shown(self.score)} of {shown(full - self.waiting)}"
        return said + (" so far" if self.waiting or again else "")

    @property
    def headline(self) -> str:
        """The total, with what is still to come."""
        again = [p for p in self.cells.values() if p.waits and p.given is not None]
        parts = [self.total if " so far" in self.total else f"{self.total} points"]
        if self.waiting:
            parts.append(f"{shown(self.waiting)} wait for a person")
        if again:
            parts.append(f"a person will look again at {len(again)} that may change")
        return ", ".join(parts)


def account(url: str, assignment: str, notebook: str, student: str) -> Account:
    """Read the points of one submission from the gradebook.

    Parameters
    ----------
    url : str
        The gradebook's address.
    assignment, notebook, student : str
    """
    with Gradebook(url) as book:
        found = book.find_submission_notebook(notebook, assignment, student)
        cells = {grade.cell.name: _points(grade) for grade in found.grades}
        penalty = float(found.late_submission_penalty or 0.0)
        return Account(cells, penalty, found.assignment.total_seconds_late)


def _points(grade) -> Points:
    auto, manual = grade.auto_score, grade.manual_score
    base = auto if manual is None else manual
    given = None if base is None else base + (grade.extra_credit or 0.0)
    changed = None not in (auto, given) and auto != given
    return Points(given, grade.max_score, auto, changed, bool(grade.needs_manual_grade))


def shown(points: float) -> str:
    """Return points with two decimals at most."""
    return f"{round(points, 2) + 0.0:g}"


def duration(seconds: float) -> str:
    """Return a time in words: days and hours, or hours and minutes."""
    minutes = max(1, round(seconds / 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = {"day": days, "hour": hours, "minute": minutes if not days else 0}
    return " ".join(f"{n} {unit}{'s' * (n != 1)}" for unit, n in parts.items() if n)


def points_table(account: Account, rows: list[tuple[str, str]]) -> str:
    """Return the points as Markdown.

    Parameters
    ----------
    account : Account
    rows : list of tuple
        ``(grade_id, what it is about)``, in the order of the page.
    """
    lines = ["| test | points |", "| --- | --- |"]
    lines += [f"| [{about}](#{name}) | {account.cells[name]} |" for name, about in rows]
    if account.penalty:
        late = f"handed in {duration(account.seconds_late)} late"
        lines.append(f"| {late} | −{shown(account.penalty)} |")
    return "\n".join([*lines, f"| **total** | **{account.total}** |"])


class StudentPage(HTMLExporter):
    """Turns an autograded notebook into a page; `nbgrader_config.py` names it to nbgrader."""

    def __init__(self, config=None, **options):
        ours = {
            "template_name": "student_page",
            "extra_template_basedirs": [str(TEMPLATES)],
            "exclude_anchor_links": True,
        }
        super().__init__(config=config, **(options | ours))
        self.environment.globals["math_style"] = STYLE

    def default_filters(self):
        for name, function in super().default_filters():
            # Most of a page stands on every page of the class: it is cleaned once.
            yield name, _clean_html if name == "clean_html" else function
        yield "harmless", sanitise.html
        yield "typeset", typeset
