"""What `course` prints about a class and about a verified assignment."""

from __future__ import annotations

from collections import Counter, defaultdict

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course_utils.grading.release import load


def print_class(console: Console, course, assignment: str, results: dict) -> None:
    """Print the gradebook of a run and what the class got wrong."""
    source, _ = load(course, assignment)
    full = sum(test.points for test in source.tests.values())
    exercises = source.exercises
    table = Table(title=f"{assignment}: {len(results)} submissions", padding=(0, 0, 0, 1))
    table.add_column("student")
    for exercise, tests in exercises.items():  # narrow, so that a part's dozen fits a terminal
        of = sum(test.points for test in tests)
        table.add_column(f"{exercise}\n/{of:g}", justify="right", no_wrap=True)
    table.add_column(f"sum\n/{full:g}", justify="right", no_wrap=True)
    table.add_column("outcome")
    for result in results.values():
        verdicts = result.verdicts
        cells = []
        for tests in exercises.values():
            got = sum(t.points for t in tests if verdicts.get(t.id, {}).get("passed"))
            of = sum(t.points for t in tests)
            cells.append(f"[green]{got:g}[/]" if got == of else f"{got:g}")
        outcome = escape(result.outcome)
        score = f"{result.score:g}" + ("+" if result.manual else "")
        table.add_row(escape(result.student), *cells, score, outcome)
    console.print(table)
    if any(result.manual for result in results.values()):
        console.print("+ an answer in words waits for a person (the Formgrader)")
    unchanged = sum(not result.fresh for result in results.values())
    if unchanged:
        console.print(f"{unchanged} had not changed and were not graded again")
    print_misconceptions(console, source, results)


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
    """Return ``(exercise, misconception, students)``, commonest first."""
    who = defaultdict(set)
    for student, result in results.items():
        if result.outcome in ("unreadable", "blank"):
            continue
        for name, verdict in result.verdicts.items():
            if not verdict["passed"] and name in source.tests:
                who[source.tests[name].exercise, verdict["misconception"]].add(student)
    found = [(exercise, what, sorted(students)) for (exercise, what), students in who.items()]
    return sorted(found, key=lambda row: (-len(row[2]), row[0], row[1]))


def print_misconceptions(console: Console, source, results: dict, most: int = 12) -> None:
    """Print what the class got wrong."""
    found = misconceptions(source, results)
    if not found:
        return
    table = Table(title="What the class got wrong")
    table.add_column("exercise")
    table.add_column("students", justify="right")
    table.add_column("looks like")
    for exercise, what, students in found[:most]:
        table.add_row(exercise, str(len(students)), escape(what))
    console.print(table)
    if len(found) > most:
        console.print(f"and {len(found) - most} more, each by {len(found[most][2])} or fewer")


def outcomes(results: dict) -> Counter:
    """Count the outcomes of a run."""
    return Counter(result.outcome for result in results.values())


def print_verified(console: Console, name: str, report) -> None:
    """Print what `course verify` found about one assignment."""
    table = Table(title=f"{name}: sample answers")
    for title in (
        "exercise",
        "points",
        "right",
        "wrong",
        "caught by visible tests",
        "with hidden tests",
    ):
        table.add_column(title, justify="right")
    for row in report.rows.values():
        shares = [
            f"{n} = {n / row.wrong:.0%}" if row.wrong else "-"
            for n in (row.caught_visible, row.caught)
        ]
        table.add_row(row.exercise, f"{row.points:g}", str(row.right), str(row.wrong), *shares)
    console.print(table)
    for finding in report.findings:
        console.print(f"[red]finding[/] {escape(finding)}")
    if not report.findings:
        console.print("release, leaks, solution, blank and bank: nothing found")
