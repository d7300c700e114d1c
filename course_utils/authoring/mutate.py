"""Mutation testing: solutions with one small mistake that the tests of their own exercise do not notice.

In each mutant one operator, comparison, constant, default, order of arguments or statement differs; the
real grader grades it. One that passes all tests of its exercise asks for another test case, or is as good
as the solution and declared, with the reason, in ``tests/bank/NN_name/equivalent.txt``::

    conv-output-size | if room <= -1: | room is an integer
    conv-output-size | pass [raise ValueError(given)] | a statement left out
"""

from __future__ import annotations

import ast
import copy
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice, zip_longest
from operator import setitem
from pathlib import Path

from course_utils.authoring import verify
from course_utils.authoring.bank import BankError
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.course.source import CELL_MAGIC
from course_utils.grading.workers import pool

OTHERS = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Add, ast.FloorDiv], ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mult, ast.Div], ast.Mod: [ast.FloorDiv], ast.Pow: [ast.Mult],
    ast.Lt: [ast.LtE, ast.GtE], ast.LtE: [ast.Lt, ast.Gt], ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt], ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is], ast.In: [ast.NotIn], ast.NotIn: [ast.In], ast.And: [ast.Or], ast.Or: [ast.And],
}  # fmt: skip
DROPPED = (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.While, ast.Raise, ast.Return)


@dataclass(frozen=True)
class Survivor:
    """A mutant of an answer cell that passes or, with a `note`, a declaration that is not true."""

    cell: str
    was: str
    now: str
    note: str = ""

    def __str__(self):
        if self.note:
            return f"equivalent.txt, {self.cell} | {self.now}: {self.note}"
        return f"{self.cell}: no test notices {self.now!r} in place of {self.was!r}"


def mutants(source: str) -> Iterator[tuple[str, str, str]]:
    """Change a solution and its defaults: yields the line before, the line after, and the cell."""
    magic = CELL_MAGIC.match(source)
    head = magic.group() if magic else ""
    source = source.removeprefix(head)
    tree, inside = ast.parse(source), set()
    for number, line in enumerate(source.splitlines(), 1):
        within = number - 1 in inside and "### END SOLUTION" not in line
        inside |= {number} if within or "### BEGIN SOLUTION" in line else set()
    seen = {original := ast.unparse(tree)}
    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(_changes(node, inside))):
            mutant = copy.deepcopy(tree)
            _changes(next(islice(ast.walk(mutant), place, None)), inside)[number]()
            text = ast.unparse(ast.fix_missing_locations(mutant))
            if text not in seen:
                seen.add(text)
                lines = zip_longest(original.splitlines(), text.splitlines(), fillvalue="")
                was, now = next((a.strip(), b.strip()) for a, b in lines if a != b)
                yield was, f"pass [{was}]" if now == "pass" else now, head + text


def _changes(node, inside) -> list[Callable[[], None]]:
    """Return what can be done to a node; each of them does it in place."""
    put, change, found = partial(partial, setitem), partial(partial, setattr, node), []
    if isinstance(node, ast.arguments):
        for values in (node.defaults, node.kw_defaults):
            found += [put(values, i, new) for i, value in enumerate(values) for new in _near(value)]
    for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
        for i, line in enumerate(block if isinstance(block, list) else []):
            if isinstance(line, DROPPED) and line.lineno in inside:
                found.append(put(block, i, ast.Pass()))
    if isinstance(node, ast.JoinedStr):  # a message: its words are free
        for part in ast.walk(node):
            part.lineno = 0
    if getattr(node, "lineno", 0) not in inside:
        return found
    found += [change("value", new.value) for new in _near(node)]
    if isinstance(node, (ast.BinOp, ast.AugAssign, ast.BoolOp)):
        found += [change("op", other()) for other in OTHERS.get(type(node.op), [])]
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            found += [put(node.ops, i, other()) for other in OTHERS[type(op)]]
    if isinstance(node, (ast.If, ast.IfExp)):
        found.append(change("test", ast.UnaryOp(ast.Not(), node.test)))
    parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
    if not all(isinstance(part, ast.Constant) for part in parts):
        pairs = [slice(i, i + 2) for i in range(len(parts) - 1)]
        found += [put(parts, pair, parts[pair][::-1]) for pair in pairs]
    return found


def _near(node):
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, bool):
        return [ast.Constant(not value)]
    return [ast.Constant(value + d) for d in (1, -1)] if isinstance(value, (int, float)) else []


def survivors(
    course: Course,
    assignment: str,
    tick: Callable[[int, int], None] = lambda done, of: None,
    exercise: str | None = None,
) -> list[Survivor]:
    """Grade every mutant of an assignment, or of one exercise; `tick` is told ``(done, of)``.

    Returns mutants that nothing noticed and nobody declared, then declarations of no such mutant.
    """
    source, _ = load(course, assignment)
    declared = read_equivalent(course.bank / assignment / "equivalent.txt")
    asked = [c for c in source.answers if not exercise or source.exercise_of(c) == exercise]
    if exercise:
        declared = {place: reason for place, reason in declared.items() if place[0] in asked}
    jobs = [(cell, *mutant) for cell in asked for mutant in mutants(source.answers[cell])]
    answers = [{**source.answers, cell: text} for cell, _, _, text in jobs]
    count, found, used = min(os.cpu_count() or 1, 8), [], set()
    with pool(count, verify._start, str(course.root), assignment) as workers:
        tests = [tuple(sorted(source.tests_of(cell))) for cell, *_ in jobs]
        graded = workers.map(verify._try, answers, tests, chunksize=4)
        for done, ((cell, was, now, _), failed) in enumerate(zip(jobs, graded, strict=True), 1):
            tick(done, len(jobs))
            if not failed.keys() & set(source.tests_of(cell)):
                used.add((cell, now))
                found += [] if (cell, now) in declared else [Survivor(cell, was, now)]
    note = "there is no such mutant, or a test notices it"
    return found + [
        Survivor(cell, "", now, note) for cell, now in declared if (cell, now) not in used
    ]


def read_equivalent(path: Path) -> dict[tuple[str, str], str]:
    """Read declarations, (cell, changed line) → reason; raises BankError for a line that is none."""
    declared = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        if line.strip() and not line.startswith("#"):
            cell, _, rest = line.partition(" | ")
            now, _, reason = rest.rpartition(" | ")  # the changed line may hold bars of its own
            if not (cell and now and reason):
                raise BankError(f"{path}: not 'cell | changed line | reason': {line}")
            declared[cell, now] = reason
    return declared
