"""Prove that an assignment is fit to be graded: release, leaks, solution, blank, and every bank answer."""

from __future__ import annotations

import copy
import dataclasses
import functools
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from nbformat import NotebookNode, ValidationError
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from course_utils.authoring.bank import Answer, BankError, read_bank
from course_utils.authoring.canonical import canonical
from course_utils.authoring.release import generate, leaks
from course_utils.course.folders import GUIDE, Course, CourseError, UsageProblem
from course_utils.course.release import load
from course_utils.course.source import Source
from course_utils.grading.workers import pool
from course_utils.jail import confine
from course_utils.judging.run import grade_notebook, zygote_for
from course_utils.judging.verdicts import Verdict

LEAST_RIGHT, LEAST_WRONG = 6, 8  # of each exercise


@dataclass
class Row:
    """What the bank says about one exercise.

    Attributes
    ----------
    exercise : str
    points : float
    right, wrong : int
        Sample answers that were graded.
    caught_visible, caught : int
        Wrong ones that lose points, by the visible tests and by all.
    named_visible, named : int
        Those in whose messages a misconception is named.
    elsewhere : dict of str to float
        Wrong answers that lose points in more than the test of their fault, and how many they lose there.
    """

    exercise: str
    points: float
    right: int = 0
    wrong: int = 0
    caught_visible: int = 0
    caught: int = 0
    named_visible: int = 0
    named: int = 0
    elsewhere: dict[str, float] = field(default_factory=dict)


@dataclass
class Report:
    """Findings (none means fit) and a row per exercise."""

    findings: list[str] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)


def with_answers(release: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """Return a copy of a release version with answer cells filled in."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    return notebook


def only(
    source: Source, release: NotebookNode, names: Collection[str]
) -> tuple[Source, NotebookNode]:
    """Return an assignment as if it ended with the last of some test cells and had no others."""
    tests = {name: test for name, test in source.tests.items() if name in names}
    order = [cell.id for cell in source.notebook.cells]
    end = max(map(order.index, tests))
    kept = {n for n in order[: end + 1] if n not in source.manual and n not in source.tests}
    kept |= set(tests)

    def part(notebook):
        made = copy.copy(notebook)
        made.cells = [cell for cell in notebook.cells if cell.id in kept]
        return made

    answers = {name: text for name, text in source.answers.items() if name in kept}
    fewer = {"tests": tests, "answers": answers, "manual": {}, "notebook": part(source.notebook)}
    return dataclasses.replace(source, **fewer), part(release)


def beside_answers(course: Course, assignment: str) -> Path | None:
    """Return the folder of what is handed in with each sample answer, such as trained weights, if any."""
    folder = course.bank / assignment / "beside"
    return folder if folder.is_dir() else None


_here: dict = {}


def _start(root, assignment):
    course = Course(Path(root))
    source, release = load(course, assignment)
    zygote = zygote_for(source, confined=not confine.missing())
    beside = beside_answers(course, assignment)
    _here.update(source=source, release=release, zygote=zygote, beside=beside)


@functools.cache
def _assignment(tests):
    source, release = _here["source"], _here["release"]
    return only(source, release, tests) if tests else (source, release)


def _try(answers, tests=(), secret=b"") -> dict[str, Verdict]:
    """Grade a notebook, or some test cells of it; return those that failed."""
    source, release = _assignment(tests)
    notebook = with_answers(release, answers)
    scored = grade_notebook(
        notebook, source, release, _here["zygote"], _here["beside"], secret=secret
    )
    return {name: verdict for name, verdict in scored.verdicts.items() if not verdict.passed}


def verify(
    course: Course,
    assignment: str,
    tick: Callable[[int, int], None] = lambda done, of: None,
    exercise: str | None = None,
    most: Mapping[str, int] = MappingProxyType({}),
) -> Report:
    """Prove an assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    tick : callable
        Told ``(done, of)`` as the answers are graded.
    exercise : str, optional
        The only one whose tests and sample answers are looked at.
    most : mapping of str to int
        Answer cell → how many of its wrong answers that fail the same tests are graded: all may take too long.

    Returns
    -------
    Report

    Raises
    ------
    CourseError
        If the assignment cannot be read at all.
    UsageProblem
        If there is no such exercise.
    """
    report = Report()
    source, _ = load(course, assignment)
    tests = tests_in(source, exercise)
    asked = tuple(sorted(tests)) if exercise else ()
    report.findings += _form_findings(course.source_notebook(assignment))
    report.findings += _release_findings(course, source)
    try:
        bank = read_bank(course.bank / assignment, source.answers)
    except BankError as error:
        report.findings.append(f"bank: {error}; {GUIDE} has an example")
        bank = {}
    for number in [exercise] if exercise else source.exercises:
        report.rows[number] = Row(number, sum(t.points for t in source.exercises[number]))
    unknown = sorted(set(bank) - set(source.answers))
    report.findings += [f"bank: there is no answer cell {name!r}" for name in unknown]
    declared = _answers(source, bank, exercise)
    answers = _fewer(declared, most)
    jobs = [({}, asked), (source.answers, asked), *_jobs(source, answers)]
    blank, solution, *rest = _graded(course, assignment, jobs, tick)
    passing = sorted(tests - set(blank))
    report.findings += [f"{name}: a blank answer passes" for name in passing]
    report.findings += [f"{n}: the solution fails: {v.message}" for n, v in solution.items()]
    seen_failing: set[str] = set()
    for answer, failed in zip(answers, rest, strict=True):
        row = report.rows[source.exercise_of(answer.cell)]
        complaint = _complaint(answer, failed)
        if complaint:
            report.findings.append(f"bank, {answer.cell}, '{answer.title}': {complaint}")
        if answer.right:
            row.right += 1
        else:
            row.wrong += 1
            at_home = [verdict for verdict in failed.values() if not verdict.hidden]
            row.caught += bool(failed)
            row.caught_visible += bool(at_home)
            row.named += any(verdict.misconception for verdict in failed.values())
            row.named_visible += any(verdict.misconception for verdict in at_home)
            lost = sum(source.tests[n].points for n in failed if n != answer.fails[0])
            row.elsewhere |= {answer.title: lost} if lost else {}
            if lost and not answer.because:
                report.findings.append(
                    f"bank, {answer.cell}, '{answer.title}': loses {lost:g} points beside those of "
                    f"{answer.fails[0]}; charge a fault once, or say '# because:'"
                )
            seen_failing |= set(failed)
    never = sorted(tests - seen_failing) if bank else []
    report.findings += [f"{name}: no wrong answer of the bank fails it" for name in never]
    counts = Counter((source.exercise_of(a.cell), a.right) for a in declared)
    for number in report.rows if bank else ():
        right, wrong = counts[number, True], counts[number, False]
        if right < LEAST_RIGHT or wrong < LEAST_WRONG:
            report.findings.append(
                f"bank, {number}: {right} right and {wrong} wrong answers, at least {LEAST_RIGHT} and "
                f"{LEAST_WRONG} are needed"
            )
    return report


def unsteady(
    course: Course,
    assignment: str,
    secrets: int,
    tick: Callable[[int, int], None] = lambda done, of: None,
    exercise: str | None = None,
) -> list[str]:
    """Grade the solution and every sample answer with other secrets, on which the hidden inputs hang.

    Parameters
    ----------
    course : Course
    assignment : str
    secrets : int
        How many.
    tick : callable
        Told ``(done, of)`` as the answers are graded.
    exercise : str, optional
        The only one whose sample answers are graded.

    Returns
    -------
    list of str
        Where an answer is graded otherwise than declared, once for each answer.
    """
    source, _ = load(course, assignment)
    try:
        bank = read_bank(course.bank / assignment, source.answers)
    except BankError:
        return []  # `verify` has said so
    answers = _answers(source, bank, exercise)
    asked = tuple(sorted(tests_in(source, exercise))) if exercise else ()
    jobs = [(source.answers, asked), *_jobs(source, answers)]
    jobs = [(*job, b"secret %d" % n) for job in jobs for n in range(secrets)]
    answers = [Answer("solution", True, "as it stands", ""), *answers]
    findings = {}
    for number, failed in enumerate(_graded(course, assignment, jobs, tick)):
        answer = answers[number // secrets]
        complaint = _complaint(answer, failed)
        if complaint:
            text = f"bank, {answer.cell}, '{answer.title}', with secret {number % secrets}: {complaint}"
            findings.setdefault(answer, text)
    return list(findings.values())


def _answers(source, bank, exercise) -> list[Answer]:
    cells = {c for c in source.answers if not exercise or source.exercise_of(c) == exercise}
    return [a for name, found in bank.items() if name in cells for a in found]


def _fewer(answers, most):
    """Return the first answers of each kind, as many as `most` says of their cells."""
    seen: Counter = Counter()
    found = []
    for answer in answers:
        kind = answer.cell, answer.fails
        seen[kind] += 1
        if answer.right or seen[kind] <= most.get(answer.cell, seen[kind]):
            found.append(answer)
    return found


def _jobs(source, answers) -> list[tuple]:
    """Return the arguments of `_try` for sample answers among solutions.

    Tests of answers that are made of this one take long: the first of each kind is held against them.
    """
    jobs, kinds = [], set()
    for answer in answers:
        own = source.tests_of(answer.cell)
        kind = answer.cell, answer.right, *(name for name in answer.fails if name in own)
        tests = _concerned(source, answer, first=kind not in kinds)
        kinds.add(kind)
        jobs.append(({**source.answers, answer.cell: answer.source}, tests))
    return jobs


def _graded(course, assignment, jobs, tick) -> list[dict[str, Verdict]]:
    """Grade in parallel, with the arguments of `_try`."""
    results: list[dict[str, Verdict]] = []
    with pool(min(os.cpu_count() or 1, 8), _start, str(course.root), assignment) as workers:
        for failed in workers.map(_try, *zip(*jobs, strict=True), chunksize=4):
            results.append(failed)
            tick(len(results), len(jobs))
    return results


def tests_in(source: Source, exercise: str | None) -> set[str]:
    """Return the test cells of an exercise, or all of them.

    Raises
    ------
    UsageProblem
        If there is no such exercise.
    """
    if exercise is None:
        return set(source.tests)
    if exercise not in source.exercises:
        raise UsageProblem(f"no exercise {exercise!r}: there are {', '.join(source.exercises)}")
    return {test.id for test in source.exercises[exercise]}


def _concerned(source, answer, first) -> tuple[str, ...]:
    """Return the test cells that ask for an answer and, if `first`, for one that is made of it."""
    cells = {cell for cell in source.answers if first and answer.cell in source.needs(cell)}
    names = {name for cell in {answer.cell, *cells} for name in source.names_of(cell)}
    asks = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, sorted(names)))})\b").search
    asking = {name for name, test in source.tests.items() if asks(test.source)}
    return tuple(sorted(asking | {name for name in answer.fails if name in source.tests}))


def _complaint(answer: Answer, failed: dict[str, str]) -> str:
    """Return how an answer was graded otherwise than declared, or ''."""
    if set(failed) != set(answer.fails):
        more, fewer = (
            sorted(set(failed) - set(answer.fails)),
            sorted(set(answer.fails) - set(failed)),
        )
        parts = [f"fails {name}: {failed[name].message}" for name in more] + [
            f"passes {name}" for name in fewer
        ]
        return f"should fail {', '.join(answer.fails) or 'nothing'}, but " + "; ".join(parts)
    messages = [verdict.message for verdict in failed.values()]
    if answer.says and not any(answer.says in " ".join(m.split()) for m in messages):
        return f"no message says {answer.says!r}; the first one is: {messages[0]}"
    return ""


def _form_findings(path: Path) -> list[str]:
    data = path.read_bytes()
    try:
        same = canonical(data.decode("utf-8-sig")).encode() == data
    except ValidationError as error:
        raise CourseError(f"{path} is no notebook by the format: {error.message}") from error
    return [] if same else ["the source notebook is not in its committed form: run `make fmt`"]


def _release_findings(course: Course, source: Source) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="verify-") as scratch:
        fresh = generate(course, source.name, Path(scratch), database=False)
    folder = course.releases / source.name
    there = {
        str(p.relative_to(folder)): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".ipynb_checkpoints" not in p.parts
    }
    findings = [f"release: {found}" for found in leaks(source, there)]
    for name in sorted(fresh.keys() | there.keys()):
        if fresh.get(name) != there.get(name):
            findings.append(
                f"release: {name} is not what the source generates; run `course release {source.name[:2]}`"
            )
    return findings


def print_verified(console: Console, name: str, report: Report) -> None:
    """Print what `course verify` found about one assignment."""
    table = Table(title=f"{name}: sample answers", box=SIMPLE_HEAD, collapse_padding=True)
    titles = ("exercise", "points", "right", "wrong", "caught:\nvisible", "caught:\nall")
    for title in (*titles, "named:\nvisible", "named:\nall", "charged\ntwice"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in report.rows.values():
        counts = (row.caught_visible, row.caught, row.named_visible, row.named, len(row.elsewhere))
        shares = [f"{n} {n / row.wrong:.0%}" if row.wrong else "-" for n in counts]
        table.add_row(row.exercise, f"{row.points:g}", str(row.right), str(row.wrong), *shares)
    console.print(table)
    for row in report.rows.values():
        for title, lost in row.elsewhere.items():
            console.print(f"{row.exercise} {escape(title)}: {lost:g} points elsewhere")
    for finding in report.findings:
        console.print(f"[red]finding[/] {escape(finding)}")
    if not report.findings:
        console.print("release, leaks, solution, blank and bank: nothing found")
