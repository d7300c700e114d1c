"""`course check`: a student's own notebook against the tests that are here."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.rule import Rule
from rich.table import Table

from course_utils.checks import known
from course_utils.checks.passed import is_open
from course_utils.course.folders import Course, UsageProblem
from course_utils.course.lab import ran_after_saving
from course_utils.course.source import Source, read_source
from course_utils.jail import confine
from course_utils.judging import fetched
from course_utils.judging.restore import WORD
from course_utils.judging.run import Scored, grade_submission, zygote_for
from course_utils.judging.signatures import other_signatures

# A link to a section of the lecture, from an assignment.
SECTION = re.compile(r"\[([^\]]*)\]\((?:\.\./)*(lectures/[^)#]+)#[^)]*\)")
HEADING = re.compile(r"^#+ (\d+\.\d+)\b", re.MULTILINE)
MODEL = re.compile(r"### BEGIN SOLUTION\n(.*?)\n### END SOLUTION", re.DOTALL)
WHERE = re.compile(r"^  where:( +line \d+ of .*(?:\n {14}.*)*)", re.MULTILINE)
SAME = ("nothing was returned", "the result is not a pair")  # headlines that say it all
# Ends the headline of a test that has nothing to test: it is said once for each answer.
NOTHING = re.compile(r"is not ((written|filled in) yet|defined)$")


@dataclass
class Line:
    """One test: its exercise, points and what it said."""

    exercise: str
    title: str
    points: float
    passed: bool
    message: str
    decided: bool = True  # False: what was seen says nothing about whether the answer is right

    @property
    def headline(self) -> str:
        """What is wrong, in a few words."""
        return self.message.partition("\n")[0]

    @property
    def cause(self) -> str:
        """What tests share that failed for one reason: where an answer stopped, or that it is missing."""
        where = WHERE.search(self.message)
        if where or NOTHING.search(self.headline) or self.headline in SAME:
            return f"{self.headline} {' '.join(where.group(1).split()) if where else ''}"
        return self.title


@dataclass
class Written:
    """A written answer, "" if it is empty, and ours with the guide that a person reads by, if they are here."""

    text: str
    guide: str = ""

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass
class Check:
    """What the tests said about a notebook."""

    part: str
    notebook: Path
    hidden: bool
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reread: dict[str, str] = field(default_factory=dict)  # exercise → where the lecture has it
    written: dict[str, Written] = field(default_factory=dict)  # exercise → what a person reads

    @property
    def passed(self) -> bool:
        return all(line.passed for line in self.lines)

    def as_dict(self) -> dict:
        return {
            "notebook": str(self.notebook),
            "hidden_tests": self.hidden,
            "score": sum(line.points for line in self.lines if line.passed and line.decided),
            "undecided": sum(
                line.points for line in self.lines if line.passed and not line.decided
            ),
            "of": sum(line.points for line in self.lines),
            "notes": self.notes,
            "written_words": {number: one.words for number, one in self.written.items()},
            "tests": [vars(line) for line in self.lines],
            "reread": {e: self.reread[e] for e in self.failed if e in self.reread},
        }

    @property
    def failed(self) -> list[str]:
        """The exercises that a test failed in."""
        return list(dict.fromkeys(line.exercise for line in self.lines if not line.passed))


def check_notebook(
    part: str,
    exercise: str | None = None,
    notebook: Path | None = None,
    generate: Callable[[Course, str], NotebookNode] | None = None,
) -> Check:
    """Run the tests of a part on a student's notebook.

    Parameters
    ----------
    part : str
        A number, a name, or the path of the notebook.
    exercise : str, optional
        A number such as ``"1.3"``.
    notebook : Path, optional
        Default: the one in ``assignments/``; where no course is, the one of this folder.
    generate : callable, optional
        In the instructor's repository, where the hidden tests are: what makes a fresh release version.

    Raises
    ------
    UsageProblem
        If there is no such notebook or exercise.
    """
    course, name, notebook = _asked_for(part, notebook)
    if not notebook.is_file():
        raise UsageProblem(f"there is no notebook {notebook}; name it with --notebook")
    source, release, hidden, told = _as_handed_out(course, name, notebook, generate)
    if _needs_torch(source) and importlib.util.find_spec("torch") is None:
        how = "make lab-torch" if course.is_here else "python -m pip install torch safetensors"
        raise UsageProblem(f"part {name[:2]} needs PyTorch, which is not installed: {how}")
    written = _read_by_a_person(source)
    numbers = [*source.exercises, *written]
    if exercise and exercise not in numbers:
        raise UsageProblem(f"no exercise {exercise!r}: there are {', '.join(numbers)}")
    asked = _concerned(source, exercise) if exercise else None
    others = _cells_of_others(course, name)
    with zygote_for(source, confined=not confine.missing()) as zygote:
        scored = grade_submission(
            notebook.parent, source, release, zygote, notebook=notebook, tests=asked, others=others
        )
    if scored.outcome == "wrong assignment":
        raise UsageProblem(f"{notebook} is of another part than {name}")
    result = Check(name[:2], notebook, hidden, reread=what_to_reread(source))
    result.notes = (
        told + scored.notes + _notes(notebook, source, release, scored.notebook, exercise)
    )
    result.lines = [line for line in _lines(source, scored) if exercise in (None, line.exercise)]
    texts = {cell.id: cell.source for cell in scored.notebook.cells if cell.id not in scored.blank}
    for number, cell in written.items():
        if exercise in (None, number):
            guide = MODEL.search("\n".join(c.source for c in source.notebook.cells if c.id == cell))
            result.written[number] = Written(texts.get(cell, ""), guide.group(1) if guide else "")
    return result


def _asked_for(part: str, notebook: Path | None) -> tuple[Course, str, Path]:
    """Return the course, the whole name of a part, and the notebook to check."""
    try:
        course = Course.find()
    except UsageProblem:
        notebook = (notebook or fetched.find(part)).absolute()
        return fetched.place_of(notebook), notebook.stem, notebook
    if part.endswith(".ipynb"):
        notebook = notebook or Path(part)
        part = notebook.stem
    name = course.assignment(part)
    return course, name, (notebook or course.releases / name / f"{name}.ipynb").absolute()


def _notes(notebook: Path, source: Source, release, restored, exercise: str | None) -> list[str]:
    """Return what no test says: that the file may be old, and arguments that are not those of the prompt."""
    found = []
    if ran_after_saving(notebook):
        saved = datetime.fromtimestamp(notebook.stat().st_mtime)
        found.append(
            f"This is the notebook as it was saved at {saved:%H:%M:%S}; it has been run since. What you "
            "changed since then is not in it: save it (Ctrl-S) and check again."
        )
    answers = [cell for cell in source.answers if exercise in (None, source.exercise_of(cell))]
    asked = [cell.source for cell in release.cells if cell.id in answers]
    code = (c for c in restored.cells if c.cell_type == "code" and c.id not in source.tests)
    return found + [
        f"{told}. Tests that you do not see may call it by the names of its arguments."
        for told in other_signatures(asked, [cell.source for cell in code])
    ]


def _lines(source: Source, scored: Scored) -> list[Line]:
    """Return a line for each test that was run."""
    headlines = (verdict.headline for verdict in scored.verdicts.values())
    missing = {w for h in headlines if h.endswith("is not written yet") for w in WORD.findall(h)}
    found = []
    for name, verdict in scored.verdicts.items():
        test, passed, message = source.tests[name], verdict.passed, verdict.message
        unwritten = sorted(missing & set(verdict.asked))
        if passed and verdict.excused and unwritten:  # no other test charges for it
            passed, message = False, f"{unwritten[0]} is not written yet"
        decided = not is_open(test.source)
        found.append(Line(test.exercise, test.title, test.points, passed, message, decided))
    return found


def _cells_of_others(course: Course, name: str) -> dict[str, frozenset[str]]:
    """Return the other parts and the ids of their cells, to tell a notebook of theirs."""
    found = {}
    folder = course.untouched if course.untouched.is_dir() else course.releases
    for path in folder.glob("*/*.ipynb"):
        if path.stem == path.parent.name != name:
            with contextlib.suppress(OSError, ValueError):  # it is damaged, and not asked for now
                cells = nbformat.read(path, as_version=4).cells
                found[path.stem] = frozenset(cell.get("id", "") for cell in cells)
    return found


def _needs_torch(source: Source) -> bool:
    """Whether the tests of a part, or cells that its answers stand on, import PyTorch."""
    code = "\n".join(cell.source for cell in source.notebook.cells if cell.cell_type == "code")
    return bool(re.search(r"^(import|from) torch\b", code, re.MULTILINE))


def _read_by_a_person(source: Source) -> dict[str, str]:
    """Return exercise → its cell, of written answers."""
    found, number = {}, ""
    for cell in source.notebook.cells:
        if cell.id in source.manual:
            found[number] = cell.id
        elif cell.cell_type == "markdown" and (heading := HEADING.search(cell.source)):
            number = heading.group(1)
    return found


def _concerned(source: Source, exercise: str) -> set[str]:
    """Return the test cells of an exercise, and of the answers that they ask for or its own are made of.

    Those charge first.
    """
    tests = source.exercises.get(exercise, ())
    words = {word for test in tests for word in WORD.findall(test.source)}
    asked = {source.defined_in[name] for name in words & source.defined_in.keys()}
    answers = asked | {cell for cell in source.answers if source.exercise_of(cell) == exercise}
    made_of = {other for cell in answers for other in source.needs(cell)}
    return {test.id for test in tests}.union(*(source.tests_of(cell) for cell in made_of))


def what_to_reread(source: Source) -> dict[str, str]:
    """Return exercise → the sentence of its prompt that points into the lecture."""
    found, latest = {}, ""
    for cell in source.notebook.cells:
        for sentence in cell.source.splitlines() if cell.cell_type == "markdown" else []:
            if section := SECTION.search(sentence):
                latest = SECTION.sub(r"\1", sentence).strip()
                latest = latest.replace("the lecture", f"the lecture ({section.group(2)})", 1)
        if cell.id in source.tests:
            found.setdefault(source.tests[cell.id].exercise, latest)
    return found


def _as_handed_out(
    course: Course, name: str, notebook: Path, generate
) -> tuple[Source, NotebookNode, bool, list[str]]:
    """Return an assignment, what students were handed out, if it has its hidden tests, and notes on it.

    The notebook in ``assignments/`` is what a student works in: its tests may be gone, its answers unreadable.
    """
    if generate and (course.sources / name / f"{name}.ipynb").is_file():
        source = read_source(course.source_notebook(name))
        source.looks_like.update(known.read(course.releases / name))
        return source, generate(course, name), True, []
    path, notes = course.untouched / name / f"{name}.ipynb", []
    if path.is_file():
        source = read_source(path)
        source.looks_like.update(known.read(path.parent))
    elif not course.is_here:
        source, notes = fetched.as_handed_out(notebook)
    else:
        raise UsageProblem(
            f"{path} is missing, the untouched copy that your notebook is compared with. "
            "Unpack the course's archive again, beside your work, and copy its folder untouched/ here."
        )
    return source, source.notebook, False, notes


def _points_of(number: float) -> str:
    return f"{number:g} point{'s are' if number != 1 else ' is'}"


def _points(result: Check) -> Table:
    about = result.as_dict()
    kind = "with hidden tests" if result.hidden else "visible tests only"
    table = Table(title=f"{result.notebook.name} ({kind})")
    for title in ("exercise", "test", "points"):
        table.add_column(title, justify="right" if title == "points" else "left")
    for line in result.lines:
        got = line.points if line.passed else 0
        mark = f"[green]{got:g}[/]" if line.passed else f"[red]{got:g}[/]"
        if line.passed and not line.decided:
            mark = "?"
        table.add_row(line.exercise, escape(line.title), f"{mark}/{line.points:g}")
    table.add_section()
    table.add_row("", "sum", f"{about['score']:g}/{about['of']:g}")
    return table


def print_check(console: Console, result: Check) -> None:
    """Print a points table, then what each failed test said."""
    about = result.as_dict()
    if result.lines:
        console.print(_points(result))
    for note in result.notes:
        console.print(escape(note))
    if about["undecided"]:
        still = (line.exercise for line in result.lines if line.passed and not line.decided)
        exercises = dict.fromkeys(still)
        console.print(
            f"{', '.join(exercises)}: {_points_of(about['undecided'])} still open (?), for numbers or names "
            "that are set. Whether they are right, only grading tells."
        )
    for number, answer in result.written.items():
        said = f"{answer.words} words, which a person reads" if answer.words else "empty"
        console.print(f"{number}: your written answer is {said}")
        if answer.words and answer.guide and result.lines:
            console.print(
                f"  course check {result.part} {number} shows it above an answer of ours and the marking guide"
            )
        elif answer.words and answer.guide:
            for title, text in (("Your answer", answer.text), ("Ours", answer.guide)):
                console.print(Rule(title), Markdown(text))
    for exercise in result.failed:
        failed = [line for line in result.lines if line.exercise == exercise and not line.passed]
        causes: dict[str, list[Line]] = {}
        for line in failed:
            causes.setdefault(line.cause, []).append(line)
        for first, *others in causes.values():
            title = first.title
            if others:
                nothing = NOTHING.search(first.headline)
                title = (
                    f"{1 + len(others)} tests"
                    if nothing
                    else f"{title}, and {len(others)} more like it"
                )
            console.print(f"\n[bold]{exercise}[/] {escape(title)}")
            console.print(escape(textwrap.indent(first.message, "  ")), soft_wrap=True)
        if result.reread.get(exercise):
            console.print(f"\n{exercise}: {escape(result.reread[exercise])}", soft_wrap=True)
