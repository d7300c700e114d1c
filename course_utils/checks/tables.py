"""Check an answer against a table of cases, or against a function of the test's own."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from course_utils.checks.ask import Args, ask_all, fail_raised, line_of
from course_utils.checks.compare import compare
from course_utils.checks.message import WIDTH, fail
from course_utils.checks.misconceptions import label, misconception
from course_utils.checks.words import show
from course_utils.wire import Handle, Raised, quiet

FLOAT_HINT = "dividing with /, which gives a float; // keeps integers"
LINE = 62  # columns beside a label
LAZY = {"generator", "map", "filter", "zip", "enumerate", "reversed", "chain", "product", "islice"}
LAZY |= {"dict_keys", "dict_values", "dict_items", "list_iterator", "range_iterator"}


@dataclass(frozen=True)
class Case:
    """One line of a table: a call, what it must return, and what some wrong values look like."""

    call: Args
    expected: object
    looks_like: dict = field(default_factory=dict)


def case(call: Args, expected, looks_like: dict | None = None) -> Case:
    """Make one line of a table.

    Parameters
    ----------
    call : Args
    expected : plain data
        An ``...`` in it stands for anything: ``(out, ...)`` if the second result is a cache.
    looks_like : dict, optional
        What a wrong value says about the thinking behind it, ``{value: sentence}``; for visible tests,
        where a function that computes the misconception would give the answer away.
    """
    return Case(call, expected, looks_like or {})


def equal(
    function,
    cases: Iterable[Case],
    looks_like: Iterable[Callable] = (),
    rtol: float = 1e-7,
    atol: float = 0.0,
    headline: str = "",
) -> None:
    """Check an answer against a table of cases.

    Parameters
    ----------
    function : callable
        The answer.
    cases : iterable of Case
    looks_like : iterable of callable
        Misconceptions: small functions with the answer's arguments that compute what a misconception
        computes; their docstring says what it is. One is named in the message only when it gives what the
        answer gave in every case of the table.
    rtol, atol : float
        Tolerances for floating-point results. Integers are compared exactly, and must be integers.
    headline : str
        Said instead of "wrong value" and the like.

    Raises
    ------
    CheckFailed
        For the first case that differs.
    """
    tolerances = (rtol, atol)
    cases, asked = list(cases), []
    replies = ask_all(function, [one.call for one in cases])
    for one, (_, back) in zip(cases, replies, strict=False):
        asked.append((one, back.value, compare(one.expected, back.value, *tolerances)))
    failed = next((row for row in asked if row[2]), None)
    if failed is None:
        return
    sentence = label(asked, tolerances) or misconception(asked, looks_like, tolerances)
    if not sentence and {d.headline for *_, d in asked if d} == {"a float, not an integer"}:
        sentence = FLOAT_HINT
    _fail_difference(function, *failed, sentence, headline, tolerances)


def against(function, reference: Callable, calls: Iterable[Args], **options) -> None:
    """Check an answer against a function of the test's own; options as for `equal`."""
    equal(function, [case(one, one.on(reference)) for one in calls], **options)


def _fail_difference(function, one, value, difference, sentence, headline, tolerances):
    if isinstance(value, Raised):
        fail_raised(function, one.call, value, show(one.expected), sentence)
    expected, got = show(one.expected), show(value)
    if difference.path and max(len(expected), len(got)) > LINE:
        expected, got = show(difference.expected), show(difference.got)
    if isinstance(difference.got, Handle) and difference.got.type_name in LAZY:
        sentence = sentence or "something lazy: list(...) around it makes a list"
    if difference.headline.startswith("wrong"):
        _show_picture(difference, line_of(function, one.call), tolerances)
        headline = headline or difference.headline
    else:
        headline = difference.headline
    fail(headline, line_of(function, one.call), expected, got, difference.where(), sentence)


def _show_picture(difference, title, tolerances):
    """In a notebook, show expected, yours and the difference as a picture."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    arrays = (difference.expected, difference.got)
    if not hasattr(shell, "kernel") or not all(isinstance(x, np.ndarray) for x in arrays):
        return
    with contextlib.suppress(Exception), quiet():  # the message matters more
        from IPython.display import Image, display

        from course_utils.checks.picture import comparison_png

        display(Image(comparison_png(*arrays, title[:WIDTH], *tolerances)))
