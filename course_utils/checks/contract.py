"""Check what a contract says beside the values: errors, arguments left alone, dtypes, no views."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from course_utils.checks import known
from course_utils.checks.ask import Args, ask_all, fail_raised, line_of, replies, results_of
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.checks.misconceptions import misconception, mistakes
from course_utils.checks.tables import Case
from course_utils.checks.words import kind, show, with_article
from course_utils.wire import Handle, Raised, Reply, is_generator

FLOATING = ("float", "bfloat", "complex")


ROUNDED = (
    "adding a number and taking it off again, which rounds: keep the old number, and write it back"
)
REFUSED, ACCEPTED = "a ValueError", "a result"


class Refusals(Derived):
    """An answer that is asked only whether it refuses a call; see `refusals`."""

    part = "refusals"

    def cut(self, result):
        if isinstance(result, Raised):
            return REFUSED if result.is_a(ValueError) else result
        if isinstance(result, bool):
            return REFUSED if result else ACCEPTED
        return result if result in (REFUSED, ACCEPTED) else ACCEPTED

    def expected(self, value):
        return self.cut(value)

    def __call__(self, *args, **kwargs):
        raise TypeError("refusals are asked through checks, never called")

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        found = replies(self._function, asked)
        return [
            replace(back, value=self.cut(back.value if isinstance(back.value, Raised) else False))
            for back in found
        ]


def refusals(function) -> Refusals:
    """Return a question about `function`: does it raise a ValueError? What it returns is charged elsewhere.

    Cases expect True where it must refuse; references and misconceptions return True where they refuse.
    """
    return Refusals(function)


def raises(
    function,
    calls: Iterable[Args],
    error=ValueError,
    because="",
    mentions=(),
    accepts=(),
    looks_like=(),
) -> None:
    """Check that calls which make no sense are refused.

    Parameters
    ----------
    function : callable
    calls : iterable of Args
    error : type
        The built-in exception that must be raised; subclasses of it count.
    because : str
        Why the call makes no sense, for the message.
    mentions : sequence of int
        Positions of the arguments whose values the error message must contain.
    accepts : iterable of Args
        Calls that make sense: whatever they return, they must not raise that error.
    looks_like : mapping of str to callable, or iterable of callable
        Misconceptions, which return True where they refuse; see `course_utils.checks.equal`.

    Raises
    ------
    CheckFailed
    """
    wanted = f"{error.__name__}{', because ' + because if because else ''}"
    calls, accepts, wrong = list(calls), list(accepts), mistakes(looks_like)
    asks = refusals(function)
    cases = [Case(one, REFUSED) for one in calls] + [Case(one, ACCEPTED) for one in accepts]
    known.note(asks, cases, wrong)
    asked = list(ask_all(function, [one.call for one in cases]))
    rows = [
        (one, asks.cut(value if isinstance(value, Raised) else False), one.expected)
        for one, value in zip(cases, (back.value for _, back in asked), strict=False)
    ]

    def sentence():
        return misconception(asks, rows, wrong, (0, 0)) or known.named(asks, rows, (0, 0))

    for number, (one, back) in enumerate(asked):
        value, line = back.value, partial(line_of, function, one)  # most calls need no words
        if number >= len(calls):
            if isinstance(value, Raised) and value.is_a(error):
                headline = "a call that makes sense is refused"
                fail(headline, line(), "a result", show(value), looks_like=sentence())
            if isinstance(value, Raised):
                fail_raised(function, one, value, "a result", sentence())
            continue
        if not isinstance(value, Raised):
            headline = f"no {error.__name__} for a call that makes no sense"
            fail(headline, line(), wanted, f"{show(value)} was returned", looks_like=sentence())
        if not value.is_a(error):
            fail_raised(function, one, value, wanted, sentence())
        for position in mentions:
            number = str(one.args[position])
            if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", value.message):
                headline = "the error message does not name the numbers"
                fail(headline, line(), f"a message with {number} in it", show(value))


def unchanged(function, calls: Iterable[Args]) -> None:
    """Check that an answer leaves its arguments as they were: arrays, lists and dicts.

    Raises
    ------
    CheckFailed
    """
    for one, back in results_of(function, calls):
        unchanged_by(function, one, back)


def unchanged_by(function, one: Args, back: Reply) -> None:
    """Check that a call which came back left its arguments as they were."""
    after = [*back.args, *back.kwargs.values()]
    for (name, was), now in zip(_named(one), after, strict=True):
        if difference := compare(_fixed(was), now, 0.0, 0.0):
            rounded = compare(_fixed(was), now, 1e-12, 1e-12) is None
            words = ROUNDED if rounded else "working in place: copy the argument first"
            fail(f"the call changes its {name}", line_of(function, one), show(was), show(now),
                 difference.where(), words)  # fmt: skip


def dtype(function, calls: Iterable[Args], entries: Sequence[int] | None = None) -> None:
    """Check that results have the dtype of the first floating argument.

    Parameters
    ----------
    function : callable
    calls : iterable of Args
    entries : sequence of int, optional
        Positions in a tuple of results, where another is a cache, say; by default all of them.

    Raises
    ------
    CheckFailed
    """
    for one, back in results_of(function, calls):
        dtype_of(function, one, back, entries)


def dtype_of(function, one: Args, back: Reply, entries: Sequence[int] | None = None) -> None:
    """Check the dtype of what came back from a call; see `dtype`."""
    given = [(name, t) for name, argument in _named(one) for t in dtypes_of(argument)]
    name, wanted = next(row for row in given if row[1].startswith(FLOATING))
    for place, part in _entries(back.value, entries):
        found = dtypes_of(part) or [with_article(kind(part))]
        wrong = [words for words in found if words != wanted]
        if wrong:
            headline, expected = "wrong dtype", f"{wanted}, which its {name} has"
            fail(headline, line_of(function, one), expected, wrong[0], place)


def no_views(function, calls: Iterable[Args], entries: Sequence[int] | None = None) -> None:
    """Check that results share no memory with arguments; `entries` as for `dtype`.

    Raises
    ------
    CheckFailed
    """
    for one, back in results_of(function, calls):
        no_view_of(function, one, back, entries)


def no_view_of(function, one: Args, back: Reply, entries: Sequence[int] | None = None) -> None:
    """Check that what came back from a call shares no memory with its arguments; see `no_views`."""
    names = dict(zip([*range(len(one.args)), *one.kwargs], _named(one), strict=True))
    for entry, argument in back.shares:
        if entries is None or entry in entries:
            name, _ = names[argument]
            fail(f"the result is a view of its {name}", line_of(function, one), "a new array",
                 f"an array that changes with its {name}",
                 looks_like="returning the argument, or a view of it: return a copy")  # fmt: skip


CHECKS = {"dtype": dtype_of, "unchanged": unchanged_by, "no views": no_view_of}


def keeps(function, calls: Iterable[Args], *what: str) -> None:
    """Check several of these of the same calls, which are made once: one of them after the other.

    Parameters
    ----------
    function : callable
    calls : iterable of Args
    what : str
        ``"dtype"``, ``"unchanged"`` or ``"no views"``, in the order in which a message says them.

    Raises
    ------
    CheckFailed
    """
    found = list(results_of(function, calls))
    for name in what:
        for one, back in found:
            CHECKS[name](function, one, back)


def _fixed(value):
    """Return an argument with ``...`` in place of what cannot be compared or may change.

    That is an object of the answer's, a function, and a generator, which is there to be drawn from.
    """
    if (
        callable(value)
        or isinstance(value, (Handle, np.random.Generator))
        or is_generator(type(value))
    ):
        return ...
    if isinstance(value, dict):
        return {key: _fixed(part) for key, part in value.items()}
    return type(value)(map(_fixed, value)) if type(value) in (list, tuple) else value


def _named(one):
    """Return what a student calls each argument, and the argument."""
    positional = [f"argument {position}" for position in range(1, len(one.args) + 1)]
    values = (*one.args, *one.kwargs.values())
    return list(zip([*positional, *one.kwargs], values, strict=True))


def _entries(value, wanted):
    """Return the parts of a result, each with words for its place."""
    if isinstance(value, dict):
        return [
            (f"key {key!r}", part) for key, part in value.items() if wanted is None or key in wanted
        ]
    if not isinstance(value, (list, tuple)):
        return [("", value)]
    return [(f"entry {i}", part) for i, part in enumerate(value) if wanted is None or i in wanted]


def dtypes_of(value):
    """Return the names of the dtypes in nested lists, tuples and dicts of arrays."""
    if isinstance(value, (list, tuple, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return [name for part in parts for name in dtypes_of(part)]
    return [str(value.dtype).removeprefix("torch.")] if hasattr(value, "dtype") else []
