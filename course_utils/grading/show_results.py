"""What `course` prints about a class."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course_utils.course.release import load
from course_utils.course.source import Source
from course_utils.grading.gradebook import Gradebook, Mark
from course_utils.grading.identical import Identical, identical

NOTHING = (
    "unreadable",
    "wrong assignment",
    "blank",
)  # outcomes that say nothing about what was understood
_ABOUT_A_NAME = re.compile(
    r"[\w.]+ ((?:is|has|changes|raised|returned|ran|ended|did|does) .*)", re.DOTALL
)


def print_class(
    console: Console, course, assignment: str, results: dict, dry: bool = False
) -> None:
    """Print the points of a class, what has to be looked at, and what the class got wrong.

    Points come from the gradebook, so what a person gave and lateness count; after a dry run, which stores
    nothing, from the results themselves.
    """
    source, _ = load(course, assignment)
    marks = fresh_marks(source, results) if dry else Gradebook(course).marks(assignment)
    console.print(_points_table(source, assignment, results, marks))
    if any(marks[student].waiting for student in results if student in marks):
        console.print("+ waits for a person: `course read`, or the Formgrader")
    unchanged = sum(not result.fresh for result in results.values())
    if unchanged:
        console.print(f"{unchanged} had not changed and were not graded again")
    for student, result in results.items():
        for warning in result.warnings:
            console.print(f"! {escape(student)}: {escape(warning)}", soft_wrap=True)
    for same in same_of(results):
        console.print(f"! {escape(str(same))}", soft_wrap=True)
    print_misconceptions(console, source, results)


def same_of(results: dict) -> list[Identical]:
    """Return which submissions of a run are identical."""
    return identical({student: result.digests for student, result in results.items()})


def fresh_marks(source: Source, results: dict) -> dict[str, Mark]:
    """Return what the gradebook would have of results that were not stored, without a person's word."""
    found = {}
    for student, result in results.items():
        verdicts = result.verdicts
        cells = {
            test.id: None if verdict.get("broken") else test.points * bool(verdict.get("passed"))
            for test in source.tests.values()
            if (verdict := verdicts.get(test.id)) is not None
        }
        broken = None in cells.values()
        cells |= dict.fromkeys(source.manual, None if result.manual and not broken else 0.0)
        waiting = frozenset(name for name, points in cells.items() if points is None)
        found[student] = Mark(cells, waiting, frozenset(), 0.0)
    return found


def _points_table(source: Source, assignment, results, marks) -> Table:
    """Return the table of a class, narrow enough for a terminal with a part's dozen of exercises."""
    groups = {name: {t.id: t.points for t in tests} for name, tests in source.exercises.items()}
    if source.manual:
        groups["text"] = source.manual
    late = any(marks[student].penalty for student in results if student in marks)
    odd = {student for student, result in results.items() if result.warnings}
    odd |= {student for same in same_of(results) for student in same.students}
    full = sum(sum(cells.values()) for cells in groups.values())
    table = Table(
        title=f"{assignment}: {len(results)} submissions",
        box=box.SIMPLE_HEAD, padding=0, show_edge=False,
    )  # fmt: skip
    widest = max((len(name) + 2 for name in results), default=0)
    table.add_column("student", overflow="fold", min_width=min(widest, 11))
    for name, cells in groups.items():
        table.add_column(f"{name}\n/{sum(cells.values()):g}", justify="right", no_wrap=True)
    if late:
        table.add_column("late", justify="right", no_wrap=True)
    table.add_column(f"sum\n/{full:g}", justify="right", no_wrap=True)
    table.add_column("outcome", overflow="fold", min_width=10)  # unreadable
    for student, result in results.items():
        mark = marks.get(student)
        name = escape(student) + (" [bold red]![/]" if student in odd else "")
        if mark is None:  # nothing was ever stored
            points = ["-"] * (len(groups) + late + 1)
        else:
            points = [_sum(mark, cells) for cells in groups.values()]
            points += [f"-{_short(mark.penalty)}" if mark.penalty else ""] * late
            points.append(_short(mark.score) + "+" * bool(mark.waiting))
        table.add_row(name, *points, escape(result.outcome))
    return table


def _sum(mark: Mark, cells: dict[str, float]) -> str:
    """Return the points of some cells: + where a person has to look, green where they are all there."""
    got = sum(mark.cells.get(name) or 0.0 for name in cells)
    if mark.waiting & set(cells):
        return f"{_short(got)}+" if got else "+"
    return f"[green]{_short(got)}[/]" if got == sum(cells.values()) else _short(got)


def _short(points: float) -> str:
    return f"{round(points, 1) + 0.0:g}"


def print_changes(console: Console, course, assignment: str, results: dict, dry: bool) -> None:
    """Print who gained or lost points since the last grading."""
    changed = {student: r.changes for student, r in results.items() if r.changes}
    if not changed:
        if dry:
            console.print("Nobody gains or loses a point.")
        return
    table = Table(title="Who would gain or lose" if dry else "Who gained or lost")
    table.add_column("student")
    table.add_column("points", justify="right")
    table.add_column("tests")
    for student, changes in changed.items():
        total = sum((after or 0) - before for before, after in changes.values())
        tests = ", ".join(f"{name} {b:g} → {a or 0:g}" for name, (b, a) in changes.items())
        table.add_row(escape(student), f"{total:+g}", escape(tests))
    console.print(table)


def misconceptions(source, results: dict) -> list[tuple[str, str, list[str]]]:
    """Return ``(exercise, misconception, students)`` of those that have a name, commonest first."""
    who = defaultdict(set)
    for student, test, verdict in _failures(source, results):
        if verdict["misconception"]:
            who[test.exercise, verdict["misconception"]].add(student)
    found = [(exercise, what, sorted(students)) for (exercise, what), students in who.items()]
    return sorted(found, key=lambda row: (-len(row[2]), row[0], row[1]))


def unnamed_failures(source, results: dict) -> list[tuple[str, int, list[str]]]:
    """Return ``(headline, failed tests, students)`` of failures that no test knew, commonest first.

    A headline counts once, whatever the function that it names.
    """
    who, tests = defaultdict(set), Counter()
    for student, _, verdict in _failures(source, results):
        if not verdict["misconception"]:
            what = _kind(verdict)
            who[what].add(student)
            tests[what] += 1
    found = [(what, tests[what], sorted(students)) for what, students in who.items()]
    return sorted(found, key=lambda row: (-len(row[2]), -row[1], row[0]))


def _failures(source, results):
    """Yield ``(student, test, verdict)`` of each failed test of those who handed in something."""
    for student, result in results.items():
        if result.outcome not in NOTHING:
            for name, verdict in result.verdicts.items():
                if not verdict["passed"] and name in source.tests:
                    yield student, source.tests[name], verdict


def _kind(verdict) -> str:
    """Return the headline of a failure without the name that it begins with."""
    if verdict.get("broken"):
        return "a test broke down"
    headline = verdict.get("headline") or "failed"
    found = _ABOUT_A_NAME.match(headline)
    return found[1] if found else headline


def print_misconceptions(console: Console, source, results: dict, most: int = 12) -> None:
    """Print what the class got wrong: first what has a name, then what has none."""
    found, others = misconceptions(source, results), unnamed_failures(source, results)
    if not found and not others:
        return
    table = Table(title="What the class got wrong")
    table.add_column("exercise")
    table.add_column("students", justify="right")
    table.add_column("looks like")
    for exercise, what, students in found[:most]:
        table.add_row(exercise, str(len(students)), escape(what))
    if found and others:
        table.add_section()
    for what, tests, students in others[:most]:
        told = f"{what} ({tests} test{'s' * (tests != 1)})"
        table.add_row("", str(len(students)), escape(told))
    console.print(table)
    if len(found) > most:
        console.print(f"and {len(found) - most} more, each by {len(found[most][2])} at most")
