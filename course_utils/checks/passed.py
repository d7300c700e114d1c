"""Say in a notebook that a test cell passed, and for how many points.

A test cell is known by its first line, ``# 1.1 The formula and its floor (4 points)``. It says nothing itself:
where it ran to its end, IPython calls `say` after it. What is printed to stdout is no verdict to nbgrader.

A visible part that cannot tell a right answer from a wrong one, because it would give the answer away, begins
with a comment ``# Seen here: …`` on what it looks at. It promises no points.
"""

from __future__ import annotations

import linecache
import re
import sys

from course_utils.checks.message import CheckFailed
from course_utils.checks.words import near_name

TITLE = re.compile(r"^# (?P<exercise>\d+\.\d+)\s*(?P<title>.*?)\s*\((?P<points>\d+) points?\)")
SEEN = re.compile(r"^# Seen here: ", re.MULTILINE)
UNRUN = "has not run: run the answer cell above, then this one again"
HIDDEN = "### BEGIN HIDDEN TESTS"


def is_open(source: str) -> bool:
    """Whether a test cell, as it stands, leaves open if the answer is right."""
    return bool(SEEN.search(source)) and HIDDEN not in source


def say(result) -> None:
    """Print the points of a test cell that ran to its end (``post_run_cell`` of IPython)."""
    title = TITLE.match(result.info.raw_cell or "")
    if title and result.success:
        points = f"{title['points']} point{'s' * (title['points'] != '1')}"
        said = f"passed: {points}"
        if is_open(result.info.raw_cell):
            said = f"set: {points} if it is right, which only grading tells"
        # In one piece: a busy kernel may send what `print` writes before its line end as an output of its own.
        sys.stdout.write(f"{said}\n")


def explain_missing(shell, kind, error, trace, tb_offset=None) -> None:
    """Show a `NameError`; in a test cell say which answer is missing (`set_custom_exc` of IPython).

    A test that is run before its answer, or asks for one that is misspelt, ends so before it calls anything.
    """
    cell = trace
    while cell.tb_next is not None:
        cell = cell.tb_next
    if error.name and TITLE.match(linecache.getline(cell.tb_frame.f_code.co_filename, 1)):
        near = near_name(error.name, (n for n in shell.user_ns if n[:1] != "_"))
        why = f"{UNRUN}\n(or is it misspelt? There is a {near})" if near else UNRUN
        error = CheckFailed(f"{error.name} is not defined", its_cell=why)
    shell.showtraceback(
        (type(error), error, trace), running_compiled_code=True, tb_offset=tb_offset
    )


def listen() -> None:
    """Have IPython call `say` after each cell, if this is a notebook's kernel."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if hasattr(shell, "kernel"):
        shell.events.register("post_run_cell", say)
        shell.set_custom_exc((NameError,), explain_missing)
