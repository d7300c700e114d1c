"""What `course similar` shows: a table on the terminal, and a page with pairs side by side."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course_utils.course.files import private, write_safely
from course_utils.course.folders import Course
from course_utils.grading.fingerprints import LONGEST, STRETCH, marked
from course_utils.grading.similar import (
    ALIKE,
    AT_ONCE,
    COMMON,
    COMMON_SHARE,
    FEW,
    LEAST,
    STANDS_OUT,
    Compared,
    Overlap,
    Pair,
)

SHOWN = 10  # pairs on the terminal
TELLS = 0.5  # share of an answer from which its exercise is named beside a pair
MOST_NAMES = 6


def as_dict(found: Compared) -> dict:
    """Return what was found, for a line of JSON."""
    return {
        "assignment": found.assignment,
        "submissions": len(found.works),
        "compared": found.compared,
        "usual": None if found.usual is None else round(found.usual),
        "pairs": [pair.as_dict() for pair in found.pairs],
        "solution": [pair.as_dict() for pair in found.solution],
        "too_short": found.short,
        "left_out": found.left_out,
        "blank": found.blank,
    }


def write_page(course: Course, found: Compared) -> Path:
    """Write the page of a part and return its path.

    Raises
    ------
    CourseError
        If it cannot be written.
    """
    environment = Environment(
        loader=PackageLoader("course_utils.grading"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    near = {pair.one.label for pair in found.solution}
    page = environment.get_template("similar.html").render(
        found=found,
        pairs=[_shown(pair, near) for pair in found.pairs],
        solution=[_shown(pair, set()) for pair in found.solution],
        standing_out=sum(pair.stands_out for pair in found.pairs),
        cut=[work.label for work in found.works if work.is_cut],
        common=COMMON, share=COMMON_SHARE, few=FEW, least=LEAST, stands_out=STANDS_OUT,
        longest=LONGEST, stretch=STRETCH, at_once=AT_ONCE, alike=ALIKE,
    )  # fmt: skip
    path = private(course.grading) / "similar" / f"{found.assignment}.html"
    write_safely(path, page)
    return path


def _shown(pair: Pair, near: set[str]) -> dict:
    sides = pair.one.label, pair.other.label
    return {
        "sides": sides,
        "how_much": how_much(pair),
        "whole": whole_answers(pair),
        "stands_out": pair.stands_out,
        "exercises": telling(pair),
        "near": " and ".join(side for side in sides if side in near),
        "overlaps": [
            {
                "label": overlap.label,
                "shares": [percent(share) for share in overlap.shares],
                "sides": [
                    marked(text, places)
                    for text, places in zip(overlap.texts, overlap.places, strict=True)
                ],
            }
            for overlap in pair.overlaps
        ],
    }


def telling(pair: Pair) -> list[str]:
    """Return the exercises of which half or more is in common, with how much."""
    return [
        f"{overlap.label} {percent(_share(overlap))}"
        for overlap in pair.overlaps
        if _share(overlap) >= TELLS
    ]


def _share(overlap: Overlap) -> float:
    return max(overlap.shares)


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def how_much(pair: Pair) -> str:
    """Return how unusual a pair is, in few characters."""
    if pair.times is None:
        return f"{pair.score:.0f}"
    return f"{pair.times:.1f} ×"


def whole_answers(pair: Pair) -> str:
    """Return how unusual it is that these answers are alike at once, '' in a small class."""
    return "" if pair.at_once is None else f"{pair.at_once:.1f} ×"


def print_similar(console: Console, found: Compared) -> None:
    """Print the most similar pairs, and who could not be compared."""

    def say(text):
        console.print(text, markup=False, soft_wrap=True)

    shown = [pair for pair in found.pairs if pair.stands_out][:SHOWN]
    near = [pair for pair in found.solution if pair.stands_out][:SHOWN]
    told = f"{found.assignment}: {len(found.works)} submissions, {found.compared} pairs"
    if shown:
        console.print(_table(told, shown, bool(found.usual)))
        more = sum(pair.stands_out for pair in found.pairs) - len(shown)
        if more > 0:
            say(f"and {more} more on the page")
    else:
        say(f"{told}; none stands out")
    if near:
        say("Near the sample solution: " + ", ".join(_with_times(pair) for pair in near))
    if found.usual is None and found.works:
        say(
            f"With fewer than {FEW} submissions nothing says what is usual: look at each pair yourself."
        )
    if found.short:
        say(f"Too short to tell, or written alike by many: {', '.join(found.short)}")
    for who, why in found.left_out.items():
        say(f"Left out: {who}: {why}")
    if found.blank:
        names = ", ".join(found.blank[:MOST_NAMES])
        more = len(found.blank) - MOST_NAMES
        say(f"Nothing written: {names}" + (f" and {more} more" if more > 0 else ""))


def _with_times(pair: Pair) -> str:
    return f"{pair.one.label} ({', '.join(filter(None, (how_much(pair), whole_answers(pair))))})"


def _table(title: str, pairs: list[Pair], usual: bool) -> Table:
    table = Table(title=escape(title), box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    table.add_column("one", overflow="fold")
    table.add_column("other", overflow="fold")
    for measure in ("rare stretches", "whole answers") if usual else ("in common",):
        table.add_column(measure, justify="right")
    table.add_column("half of it or more in common", overflow="fold")
    for pair in pairs:
        names = escape(pair.one.label), escape(pair.other.label)
        much = (how_much(pair), whole_answers(pair)) if usual else (how_much(pair),)
        table.add_row(*names, *much, escape(", ".join(telling(pair))))
    return table
