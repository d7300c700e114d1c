"""Run a source notebook's tests on its own solution, to write down what misconceptions give on visible cases.

``python -m course_utils.judging.record SOURCE.ipynb`` prints the text of `course_utils.checks.known.FILE`. It
is a program of its own, because it runs the instructor's code: nothing of it stays behind in nbgrader or in
the Formgrader's server.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils import checks
from course_utils.checks import known
from course_utils.course.folders import CourseError
from course_utils.course.source import HIDDEN, Source, read_source

LIMIT = 300  # seconds


def record(source: Source) -> str:
    """Run the answers and the tests of a source notebook here; return the text of the digests."""
    namespace: dict = {"__name__": "__main__"}
    begun = False  # whether there was an answer
    with known.Record() as found, contextlib.redirect_stdout(sys.stderr):
        for cell in source.notebook.cells:
            if cell.cell_type != "code":
                continue
            if cell.id in source.tests:
                _test(cell, dict(namespace), found)
            elif cell.id in source.answers or not begun or cell.metadata.get("nbgrader"):
                begun = begun or cell.id in source.answers
                _run(cell, namespace)
            else:
                exec(compile(_definitions(cell.source), f"<{cell.id}>", "exec"), namespace)
    return found.text()


def _run(cell, namespace):
    """Run a cell, or write the file that it is there to write."""
    first, _, rest = cell.source.partition("\n")
    if first.startswith("%%writefile "):
        Path(first.split()[1]).write_text(rest, encoding="utf-8")
    else:
        exec(compile(cell.source, f"<{cell.id}>", "exec"), namespace)


def _definitions(source) -> ast.Module:
    """Return imports, functions and classes: the rest of a cell that nobody grades may train for hours."""
    tree = ast.parse(source)
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return ast.Module([node for node in tree.body if isinstance(node, kinds)], tree.type_ignores)


def _test(cell, namespace, found):
    hidden = "\n".join(HIDDEN.findall(cell.source))
    with contextlib.suppress(
        checks.CheckFailed
    ):  # what the tests say of the solution is no matter here
        found.visible = True
        exec(compile(HIDDEN.sub("", cell.source), f"<{cell.id}>", "exec"), namespace)
        found.visible = False
        exec(compile(hidden, f"<{cell.id}, hidden>", "exec"), namespace)
    found.visible = False
    found.end_cell()


def recorded(path: Path) -> str:
    """Return the text of the digests of a source notebook, made in a process of its own.

    Raises
    ------
    CourseError
        If one of its cells stops.
    """
    path = Path(path)
    try:
        return _recorded(path.name, path.read_bytes())
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from None


@functools.lru_cache(16)
def _recorded(name, text):
    with tempfile.TemporaryDirectory(prefix="record-") as scratch:
        Path(scratch, name).write_bytes(text)
        environment = {**os.environ, "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "course_utils.judging.record", name]
        try:
            done = subprocess.run(command, cwd=scratch, env=environment, timeout=LIMIT,
                                  capture_output=True, text=True)  # fmt: skip
        except subprocess.TimeoutExpired:
            raise CourseError(f"the solution's tests took longer than {LIMIT} s") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it was ended"])[-1]
        raise CourseError(f"the solution or one of its tests stopped: {last}")
    return done.stdout


if __name__ == "__main__":
    text = record(read_source(Path(sys.argv[1])))
    sys.stdout.write(text)
