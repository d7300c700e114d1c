"""Sample answers, right and wrong, that the tests are tested with.

``tests/bank/NN_name/ANSWER-CELL.py`` holds the answers of one exercise, each under a line
``# %% right: style`` or ``# %% wrong: misconception``. A wrong one declares below it the test cells that must
fail (all others must pass) and words that one of their messages must contain::

    # %% wrong: rounds up instead of down
    # fails: test-conv-output-size-floor
    # says: rounding up
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TITLE = re.compile(r"^# %% (right|wrong): *(.+?) *$", re.MULTILINE)
FIELD = re.compile(r"^# (fails|says): *(.+?) *$", re.MULTILINE)


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
        Test cells that must fail.
    says : str
        Words that a message must contain.
    """

    cell: str
    right: bool
    title: str
    source: str
    fails: tuple[str, ...] = ()
    says: str = ""


def read_answers(path: Path) -> list[Answer]:
    """Read one bank file.

    Raises
    ------
    BankError
        Where a section declares too little or too much.
    """
    parts = TITLE.split(Path(path).read_text(encoding="utf-8"))
    if parts[0].strip() or len(parts) < 4:
        raise BankError(f"{path}: starts with {parts[0][:40]!r}, not with a line '# %% right: …'")
    answers = []
    for kind, title, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        fields = dict(FIELD.findall(body))
        source = FIELD.sub("", body).strip("\n")
        fails = tuple(re.split(r", *", fields["fails"])) if "fails" in fields else ()
        if (kind == "wrong") != (bool(fails) and "says" in fields):
            raise BankError(
                f"{path}: '{kind}: {title}' "
                + (
                    "needs '# fails:' and '# says:'"
                    if kind == "wrong"
                    else "must not declare failures"
                )
            )
        answers.append(
            Answer(Path(path).stem, kind == "right", title, source, fails, fields.get("says", ""))
        )
    titles = [(a.right, a.title) for a in answers]
    twice = {t for t in titles if titles.count(t) > 1}
    if twice:
        raise BankError(f"{path}: stands twice: {sorted(twice)[0][1]!r}")
    return answers


def read_bank(folder: Path) -> dict[str, list[Answer]]:
    """Read every file of one assignment's bank: answer cell → answers.

    Raises
    ------
    BankError
        If the folder holds no answers.
    """
    bank = {path.stem: read_answers(path) for path in sorted(Path(folder).glob("*.py"))}
    if not bank:
        raise BankError(f"{folder} holds no sample answers")
    return bank
