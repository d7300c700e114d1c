"""Check a variable: an exercise that asks for a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

from course_utils.checks.ask import raised_headline
from course_utils.checks.compare import compare
from course_utils.checks.message import fail
from course_utils.checks.misconceptions import label
from course_utils.checks.words import show
from course_utils.wire import AnswerSide, Handle, Raised, Side, WireError


def value(answer, expected, name: str, looks_like: dict | None = None, rtol=1e-9, atol=0.0) -> None:
    """Check a variable: an exercise that asks for a number.

    Parameters
    ----------
    answer : plain data
        The variable.
    expected : plain data
    name : str
        Its name, for the message.
    looks_like : dict, optional
        ``{wrong value: sentence}``.

    Raises
    ------
    CheckFailed
    """
    got = _filled_in(answer, name)
    difference = compare(expected, got, rtol, atol)
    if not difference:
        return
    headline = difference.headline
    if headline.startswith("wrong"):
        headline = f"{name} is not {'right' if isinstance(expected, str) else 'the right number'}"
    sentence = label(looks_like or {}, got, (rtol, atol))
    if isinstance(got, str):  # of which kind the number is, is not given away
        headline = re.sub("not a float$", "not a number", headline)
    # The expected number is the answer itself: it is not shown.
    fail(headline, got=f"{name} = {show(got)}", looks_like=sentence)


def one_of(answer, choices: Iterable[str], name: str) -> None:
    """Check that a variable is one of several words: an exercise that asks for a choice.

    Parameters
    ----------
    answer : plain data
        The variable.
    choices : iterable of str
    name : str
        Its name, for the message.

    Raises
    ------
    CheckFailed
    """
    got, choices = _filled_in(answer, name), list(choices)
    if isinstance(got, str) and got in choices:
        return
    meant = [c for c in choices if isinstance(got, str) and _letters(c) == _letters(got)]
    fail(
        f"{name} is not a name from the list",
        expected=", ".join(map(repr, choices)),
        got=f"{name} = {show(got)}",
        looks_like=f"{meant[0]!r}, written in another way" if meant else "",
    )


def _letters(text):
    return "".join(c for c in text.casefold() if c.isalnum())


def _filled_in(answer, name):
    """Return a variable as plain data; fail where it is not set."""
    if hasattr(type(answer), "__course_value__"):
        got = answer.__course_value__()
    else:
        try:
            got = Side().decode(AnswerSide().encode(answer))
        except WireError as error:
            fail(f"{name} is nothing that can be compared", got=str(error))
    if isinstance(got, Raised):
        fail(raised_headline(name, got))
    if got is None or (isinstance(got, Handle) and got.type_name == "ellipsis"):
        fail(f"{name} is not filled in yet")
    return got
