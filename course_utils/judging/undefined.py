"""Why a name that a test asks for is not there: its cell stopped, is empty, or calls it something else."""

from __future__ import annotations

from collections.abc import Mapping

from course_utils.checks.words import near_name
from course_utils.course.source import names
from course_utils.wire import Raised

# What a submission may be is not limited by what this costs: names that are looked through, their length, and
# the code that they are looked for in.
MOST, LONGEST, CODE = 500, 80, 2**16


def stopped(error: Raised) -> str:
    """Say what stopped a cell; where Python could not read it, at which line."""
    if not error.line or not error.is_a(SyntaxError):
        return f"stopped with {error}"
    line = " ".join(error.source.split())[:60]
    return f"stopped with {error.type_name} on line {error.line}: {error.message}\n{line}"


def why_undefined(
    name: str,
    defined_in: Mapping[str, str],
    ran: Mapping[str, str],
    failed: Mapping[str, str],
) -> str:
    """Say in a few words why an answer is not defined.

    Parameters
    ----------
    name : str
    defined_in : mapping of str to str
        Each name that an answer defines → its cell.
    ran : mapping of str to str
        Cell → source, of the cells that were run.
    failed : mapping of str to str
        Cell → what stopped it.
    """
    cell = defined_in.get(name, "")
    if cell in failed:
        return failed[cell][:400]
    lines = map(str.strip, ran.get(cell, "").splitlines())
    if not any(line and line[0] != "#" for line in lines):
        return "is empty"
    here = _names(ran[cell])
    everywhere = _names("\n".join(ran.values()))
    others = [n for n in [*here, *everywhere] if n not in defined_in]
    near = near_name(name, others[:MOST])
    if near:
        return f"calls it {near}: the name has to be {name}"
    return f"defines {', '.join(here[:5])}, not {name}" if here else f"does not define {name}"


def _names(code: str) -> list[str]:
    return [name for name in names(code[:CODE], parse=False) if len(name) <= LONGEST]
