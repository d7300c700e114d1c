"""Sample answers, right and wrong, that the tests are tested with.

``tests/bank/NN_name/ANSWER-CELL.py`` holds the answers of one exercise, each under a line
``# %% right: style`` or ``# %% wrong: misconception``. A wrong one declares below it the test cells that must
fail (all others must pass), the one about its fault first, and words that one of their messages must contain.
It is written as a right one, or as the solution, and what is changed: lines that are found there exactly once,
and the lines in their place. ``# fails:`` holds for the wrong answers below it until the next one, so that
those of one test stand together, and so does ``# from:``, which says what is changed::

    # %% wrong: rounds up instead of down
    # fails: test-conv-output-size-floor
    # says: rounding up
    # from: solution
    # -    return steps + 1
    # +    return steps + 1 + (left_over > 0)

Where that says more, the whole answer stands there as code. A fault that costs the points of more than one
test says why: ``# because: every later test calls it``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

TITLE = re.compile(r"^# %% (right|wrong): *(.+?) *$", re.MULTILINE)
FIELD = re.compile(r"^# (fails|says|because|from): *(.+?) *$", re.MULTILINE)
CHANGE = re.compile(r"^# ([-+])(.*)$")
SOLUTION = "solution"


class BankError(ValueError):
    """A bank file that does not say what it must."""


@dataclass(frozen=True)
class Answer:
    """One sample answer.

    Attributes
    ----------
    cell : str
        The ``grade_id`` of the answer cell that it fills.
    right : bool
    title : str
        Its style, or its misconception.
    source : str
    fails : tuple of str
        Test cells that must fail, the one about its fault first.
    says : str
        Words that a message must contain.
    because : str
        Why more than one test fails.
    """

    cell: str
    right: bool
    title: str
    source: str
    fails: tuple[str, ...] = ()
    says: str = ""
    because: str = ""


def read_answers(path: Path, solutions: Mapping[str, str] = MappingProxyType({})) -> list[Answer]:
    """Read one bank file.

    Parameters
    ----------
    path : Path
    solutions : mapping of str to str
        Answer cell → the solution, for answers that are ``# from: solution``.

    Raises
    ------
    BankError
        Where a section declares too little or too much, or changes what is not there.
    """
    path = Path(path)
    parts = TITLE.split(path.read_text(encoding="utf-8"))
    if parts[0].strip() or len(parts) < 4:
        raise BankError(f"{path}: starts with {parts[0][:40]!r}, not with a line '# %% right: …'")
    answers: list[Answer] = []
    bases = {SOLUTION: solutions[path.stem]} if path.stem in solutions else {}
    base, fails, because = "", (), ""
    for kind, title, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        where = f"{path}: '{kind}: {title}'"
        fields = dict(FIELD.findall(body))
        source = FIELD.sub("", body).strip("\n")
        base = fields.get("from", base)
        if "from" in fields or source.startswith(("# -", "# +")):
            source = changed(bases, base, source, where)
        if kind == "right" and fields.keys() & {"fails", "says", "because"}:
            raise BankError(f"{where} must not declare failures")
        if "fails" in fields:
            fails, because = tuple(re.split(r", *", fields["fails"])), ""
        because = fields.get("because", because)
        if kind == "wrong" and not (fails and "says" in fields):
            raise BankError(f"{where} needs '# fails:' and '# says:'")
        if kind == "right":
            bases[title] = source
            answers.append(Answer(path.stem, True, title, source))
            continue
        says = fields["says"]
        answers.append(Answer(path.stem, False, title, source, fails, says, because))
    titles = [(a.right, a.title) for a in answers]
    twice = {t for t in titles if titles.count(t) > 1}
    if twice:
        raise BankError(f"{path}: stands twice: {sorted(twice)[0][1]!r}")
    return answers


def changed(bases: Mapping[str, str], name: str, changes: str, where: str) -> str:
    """Return an answer with lines replaced.

    Parameters
    ----------
    bases : mapping of str to str
        Title of a right answer above, or ``solution`` → its source.
    name : str
        Which of them.
    changes : str
        Lines ``# -…``, each group followed by the lines ``# +…`` in its place, none or more.
    where : str
        Where that stands, for messages.

    Raises
    ------
    BankError
        If there is no such answer, or lines are not found exactly once.
    """
    if name not in bases:
        known = ", ".join(map(repr, bases)) or "none"
        raise BankError(f"{where} is from {name!r}; known above it: {known}")
    lines, groups = bases[name].split("\n"), []
    for line in changes.splitlines():
        found = CHANGE.match(line)
        if not found:
            if line.strip():
                raise BankError(f"{where}: neither '# -' nor '# +': {line}")
            continue
        sign, text = found.groups()
        if sign == "-" and (not groups or groups[-1][1]):
            groups.append(([], []))
        if not groups:
            raise BankError(f"{where}: '# +' stands before any '# -'")
        groups[-1][sign == "+"].append(text)
    for old, new in groups:
        places = [i for i in range(len(lines)) if lines[i : i + len(old)] == old]
        if len(places) != 1:
            raise BankError(f"{where}: found {len(places)} times in {name!r}, not once: {old[0]}")
        lines[places[0] : places[0] + len(old)] = new
    if not groups:
        raise BankError(f"{where} changes nothing")
    return "\n".join(lines)


def read_bank(folder: Path, solutions: Mapping[str, str]) -> dict[str, list[Answer]]:
    """Read every file of one assignment's bank: answer cell → answers; `solutions` as for `read_answers`.

    Raises
    ------
    BankError
        If the folder holds no answers.
    """
    bank = {path.stem: read_answers(path, solutions) for path in sorted(Path(folder).glob("*.py"))}
    if not bank:
        raise BankError(f"{folder} holds no sample answers")
    return bank
