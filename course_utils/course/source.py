"""The source notebook of an assignment, as grading needs it."""

from __future__ import annotations

import ast
import functools
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils.checks.passed import TITLE
from course_utils.course.folders import CourseError

HIDDEN = re.compile(
    r"^[^\S\n]*### BEGIN HIDDEN TESTS\n.*?^[^\S\n]*### END HIDDEN TESTS(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
SOLUTION = re.compile(
    r"^[^\S\n]*### BEGIN SOLUTION\n.*?^[^\S\n]*### END SOLUTION(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
MARKER_LINES = (
    "### BEGIN SOLUTION", "### END SOLUTION", "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS",
)  # fmt: skip
NEARLY_A_MARKER = re.compile(r"#+ *(begin|end) +(solution|hidden)", re.IGNORECASE)

MAX_ID = 64  # characters of a cell's id, by the notebook format
PRELOAD = {
    "matplotlib": ("matplotlib.pyplot",),
    r"course_utils\.show": ("matplotlib.figure",),
    "torch": ("torch",),
    # What asks networks, and what PyTorch's meta device first imports: over a second.
    r"course_utils\.checks(?:\.| import .*\b)networks": (
        "course_utils.modules.asked",
        "torch._dynamo",
    ),
    # An optimizer imports the compiler with its first step.
    r"course_utils\.checks(?:\.| import .*\b)scenes": (
        "course_utils.modules.scenes",
        "torch._dynamo",
    ),
}
NOTE_CELL = "grader-notes"  # the cell that tells a student what the grader noticed
LIMITS = {
    "cell": 20.0,  # seconds for one cell of the student's
    "call": 10.0,  # seconds for one call by a test
    "calls": {},  # exercise -> the same, where it takes longer
    "total": 120.0,  # seconds for a notebook
    "memory": 2 * 2**30,  # bytes, of all its processes
    "scratch": 64 * 2**20,  # bytes that it may write
    "processes": 64,
    "output": 2**20,  # bytes of output per cell
    "file": 16 * 2**20,  # bytes of one file
    "loopback": False,  # whether its processes may talk to each other over 127.0.0.1
}


@dataclass(frozen=True)
class Test:
    """One test cell: its points, which exercise it belongs to, what it is about, its source."""

    id: str
    exercise: str
    title: str
    points: float
    source: str

    @property
    def visible(self) -> str:
        """The source without hidden tests, as the student has it."""
        return HIDDEN.sub("", self.source)

    def is_hidden(self, line: int) -> bool:
        """Whether a line of the source, counted from 1, is of a hidden test."""
        places = (match.span() for match in HIDDEN.finditer(self.source))
        lines = (1 + self.source.count("\n", 0, place) for span in places for place in span)
        return any(start <= line < end for start, end in zip(lines, lines, strict=True))


@dataclass(frozen=True)
class Source:
    """An assignment.

    Attributes
    ----------
    name : str
    notebook : NotebookNode
        The source notebook, solutions and hidden tests included.
    tests : dict of str to Test
    answers : dict of str to str
        ``grade_id`` of each answer cell (code) → its source with the solution.
    manual : dict of str to float
        Manually graded cells and their points, tasks included.
    tasks : set of str
        Those of them that nbgrader calls tasks: the work is done in cells of the student's own.
    defined_in : dict of str to str
        Each name that an answer defines → its cell.
    limits : dict
    forbidden : tuple of str
        Modules that answers may not import.
    looks_like : dict
        What misconceptions give on visible cases (see `course_utils.checks.known`), if it was released.
    """

    name: str
    notebook: NotebookNode
    tests: dict[str, Test] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    manual: dict[str, float] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)
    defined_in: dict[str, str] = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    forbidden: tuple[str, ...] = ()
    looks_like: dict = field(default_factory=dict)
    digest: str = ""

    @property
    def preload(self) -> tuple[str, ...]:
        """Large modules that the notebook's own cells import, pictures of `course_utils.show` included."""
        text = "\n".join(c.source for c in self.notebook.cells if c.cell_type == "code")
        return tuple(
            module
            for names, modules in PRELOAD.items()
            for module in modules
            if re.search(rf"^\s*(?:import|from) (?:{names})\b", text, re.MULTILINE)
        )

    @property
    def names(self) -> list[str]:
        """The names that the answers define."""
        return list(self.defined_in)

    def names_of(self, cell: str) -> set[str]:
        """Return the names that an answer cell defines in the solution."""
        return {name for name, where in self.defined_in.items() if where == cell}

    def needs(self, cell: str) -> set[str]:
        """Return the answer cells that the solution of one is made of, itself and those whose names it uses."""
        found, new = set(), {cell}
        while new:
            found |= new
            used = {name for one in new for name in used_in(self.answers[one])}
            new = {self.defined_in[name] for name in used & self.defined_in.keys()} - found
        return found

    @property
    def exercises(self) -> dict[str, list[Test]]:
        """Exercise number → its test cells, in order."""
        found: dict[str, list[Test]] = {}
        for test in self.tests.values():
            found.setdefault(test.exercise, []).append(test)
        return found

    def exercise_of(self, cell: str) -> str:
        """Return the number of the exercise whose answer cell is `cell`."""
        return self.tests[self.tests_of(cell)[0]].exercise

    def tests_of(self, cell: str) -> list[str]:
        """Return the test cells that stand between an answer cell and the next one."""
        return self._tests_after[cell]

    @functools.cached_property
    def _tests_after(self) -> dict[str, list[str]]:
        found, tests = {name: [] for name in self.answers}, None
        for cell in self.notebook.cells:
            if cell.id in self.answers:
                tests = found[cell.id]
            elif tests is not None and cell.id in self.tests:
                tests.append(cell.id)
        return found


@functools.cache
def used_in(text: str) -> set[str]:
    """Return the names that code reads and does not itself give a value, an argument's for instance."""
    nodes = list(ast.walk(ast.parse(CELL_MAGIC.sub("", text))))
    names = [node for node in nodes if isinstance(node, ast.Name)]
    bound = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return {node.id for node in names} - bound


def named(notebook: NotebookNode) -> NotebookNode:
    """Give each cell that nbgrader marks its grade_id as id, in place; return the notebook.

    nbgrader's own Create Assignment gives a cell an id of its own, and whatever is stored by nbgrader goes by
    grade_id. Everything of ours that asks for a cell by its id asks for its grade_id.
    """
    ids = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells}
    for number, cell in enumerate(notebook.cells):
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id:
            cell.id = grade_id
        elif cell.get("id") in ids:
            cell.id = f"unmarked-{number}"
    return notebook


def read_source(path: Path) -> Source:
    """Read a source notebook.

    Raises
    ------
    CourseError
        If it is not a notebook, or a test cell does not say what it is.
    """
    try:
        text = Path(path).read_bytes()
        notebook = named(nbformat.reads(text.decode("utf-8-sig"), as_version=4))
    except Exception as error:  # nbformat raises many kinds
        raise CourseError(f"cannot read the source notebook {path}: {error}") from error
    return read_marked(path, notebook, hashlib.sha256(text).hexdigest())


def read_marked(path: Path, notebook: NotebookNode, digest: str = "") -> Source:
    """Return what the marks of a notebook's cells make of it.

    Raises
    ------
    CourseError
        If a test cell does not say what it is.
    """
    settings = notebook.metadata.get("course", {})
    source = Source(
        Path(path).stem,
        notebook,
        limits=LIMITS | settings.get("limits", {}),
        forbidden=tuple(settings.get("forbidden", ())),
        digest=digest,
    )
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        _check_markers(path, cell)
        if len(marks.get("grade_id", "")) > MAX_ID:
            raise CourseError(
                f"{path}: the grade_id {marks['grade_id']!r} is longer than {MAX_ID} characters, which a "
                "notebook's cell cannot be called; shorten it"
            )
        if marks.get("task") or (marks.get("grade") and marks.get("solution")):
            source.manual[cell.id] = float(marks["points"])
            if marks.get("task"):
                source.tasks.add(cell.id)
        elif marks.get("grade"):
            title = TITLE.match(cell.source)
            if title is None or float(title["points"]) != float(marks["points"]):
                raise CourseError(
                    f"{path}, test cell {cell.id}: its first line must read "
                    f"'# 1.2 What it tests ({marks['points']} points)'"
                )
            points = float(marks["points"])
            source.tests[cell.id] = Test(
                cell.id, title["exercise"], title["title"], points, cell.source
            )
        elif marks.get("solution") and cell.cell_type == "code":
            source.answers[cell.id] = cell.source
            source.defined_in.update(dict.fromkeys(names(cell.source), cell.id))
    return source


def _check_markers(path, cell):
    """Refuse markers that nbgrader would pass over: they would release what they are there to hide."""
    for line in cell.source.splitlines():
        if NEARLY_A_MARKER.search(line) and line.strip() not in MARKER_LINES:
            raise CourseError(f"{path}, cell {cell.id}: {line.strip()!r} is not a marker; write one of "
                              f"{', '.join(MARKER_LINES)}")  # fmt: skip
    for begin, end in zip(MARKER_LINES[::2], MARKER_LINES[1::2], strict=True):
        found = [line.strip() for line in cell.source.splitlines() if line.strip() in (begin, end)]
        if found != [begin, end] * (len(found) // 2):
            raise CourseError(f"{path}, cell {cell.id}: {begin!r} and {end!r} do not alternate")


_BINDS = re.compile(
    r"^(?:(?:async +)?def|class) +(\w+)|^(\w+)(?: *:[^=\n]*)? *=(?!=)", re.MULTILINE
)
CELL_MAGIC = re.compile(r"^%%.*\n")  # such as %%writefile: what follows it is Python all the same
_INSIDE = (ast.If, ast.Try, ast.With, ast.For, ast.While)


NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)  # what ast.parse may raise


def names(code: str, imports: bool = False, parse: bool = True) -> list[str]:
    """Return the names that a cell binds at top level.

    Parameters
    ----------
    code : str
        A cell that need not be Python: with a magic or a mistake in it, lines are looked at one by one.
    imports : bool
        Whether imported names count.
    parse : bool
        Whether it may be parsed, which takes time and memory; otherwise lines are looked at.
    """
    try:
        todo = ast.parse(code).body if parse else None
    except NO_PYTHON:
        todo = None
    if todo is None:
        return [a or b for a, b in _BINDS.findall(code)]
    found = []
    while todo:
        node = todo.pop(0)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        elif isinstance(node, (ast.Import, ast.ImportFrom)) and imports:
            found += [(a.asname or a.name).split(".")[0] for a in node.names]
        elif isinstance(node, _INSIDE):
            todo[:0] = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]
            todo[:0] = [n for h in getattr(node, "handlers", ()) for n in h.body]
    return found
