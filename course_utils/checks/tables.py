"""Check an answer against a table of cases, or against a function of the test's own."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from course_utils.checks import excuses, known
from course_utils.checks.ask import Args, ask_all, fail_alone, fail_raised, line_of, name_of
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived, changes_expected, cut_by, expected_of, once
from course_utils.checks.message import WIDTH, fail
from course_utils.checks.misconceptions import misconception, mistakes
from course_utils.checks.words import show
from course_utils.wire import Handle, Raised, quiet

FLOAT_HINT = "dividing with /, which gives a float, or float(): // keeps integers"
LINE = 62  # columns beside a label
LAZY = {"generator", "map", "filter", "zip", "enumerate", "reversed", "chain", "product", "islice"}
LAZY |= {"dict_keys", "dict_values", "dict_items", "list_iterator", "range_iterator"}


@dataclass(frozen=True)
class Case:
    """One line of a table: a call, what it must return, and a simpler case that another test charges for."""

    call: Args
    expected: object
    given: Case | None = None


def case(call: Args, expected, given: Case | None = None) -> Case:
    """Make one line of a table.

    Parameters
    ----------
    call : Args
    expected : plain data
        An ``...`` in it stands for anything: ``(out, ...)`` if the second result is a cache.
    given : Case, optional
        A simpler case, which another test charges for: what an answer gets wrong there is not asked here. Of
        several results each counts for itself. Where all answers to simpler cases are wrong, all is asked.
    """
    return Case(call, expected, given)


def cases(reference: Callable, calls: Iterable[Args]) -> list[Case]:
    """Make a table of calls and what a function of the test's own returns for them."""
    return [Case(one, one.on(reference)) for one in calls]


def equal(
    function,
    cases: Iterable[Case],
    looks_like: Iterable[Callable] | Mapping[str, Callable] = (),
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
    looks_like : mapping of str to callable, or iterable of callable
        Misconceptions: small functions with the answer's arguments that compute what a misconception
        computes, each with a sentence that says what it is (its key, or its docstring). One is named in the
        message only when it gives what the answer gave in every case of the table. They are also looked
        for in the visible cases of the same answer in the same cell (see `course_utils.checks.known`).
    rtol, atol : float
        Tolerances for floating-point results. Integers are compared exactly, and must be integers.
    headline : str
        Said instead of "wrong value" and the like.

    Raises
    ------
    CheckFailed
        For the first case that differs.
    """
    tolerances, functions = (rtol, atol), mistakes(looks_like)
    cases = as_compared(function, cases)
    known.note(function, cases, functions)
    asked = ask_cases(function, cases, tolerances)
    # What was given up as wrong in a simpler case may raise something as well.
    rows = [
        (one, got, None if want is ... and one.given else compare(want, got, *tolerances))
        for one, got, want in asked
    ]
    wrong = [row for row in rows if row[2]]
    if isinstance(function, Derived) and 0 < len(wrong) < len(rows):
        excused = function.excused([one.call for one, *_ in wrong])
        wrong = [row for row, fine in zip(wrong, excused, strict=True) if not fine]
        if any(excused):
            excuses.take()
    failed = next(iter(wrong), None)
    if failed is None:
        return
    sentence = misconception(function, asked, functions, tolerances)
    sentence = sentence or known.named(function, asked, tolerances)
    if not sentence and {d.headline for *_, d in rows if d} == {"a float, not an integer"}:
        sentence = FLOAT_HINT
    _fail_difference(function, *failed, sentence, headline, tolerances)


def against(
    function,
    reference: Callable,
    calls: Iterable[Args],
    looks_like: Iterable[Callable] | Mapping[str, Callable | dict] = (),
    given: Callable[..., Args] | None = None,
    **options,
) -> None:
    """Check an answer against a function of the test's own.

    Parameters
    ----------
    function : callable
        The answer, or something `derived` from it; then `reference` and misconceptions give whole results.
    reference : callable
    calls : iterable of Args
    looks_like : mapping or iterable
        As for `equal`. In place of a function a mapping may have options of `reference`, as a dict.
    given : callable, optional
        Returns the `Args` of a simpler call from the arguments of a call: see `case`.
    options
        As for `equal`.

    Raises
    ------
    CheckFailed
    """

    def right(one):
        return cut_by(function, one.on(reference))

    def simpler(one):
        other = one.on(given) if given else None
        return None if other is None else Case(other, right(other))

    cases = [case(one, right(one), given=simpler(one)) for one in calls]
    equal(function, cases, mistakes(looks_like, reference), **options)


def is_right(function, cases: Iterable[Case], rtol: float = 1e-7, atol: float = 0.0) -> bool:
    """Return whether an answer gets a table right; what it gets wrong there is charged in another cell."""
    return all(right_about(function, cases, rtol, atol))


def right_about(
    function, cases: Iterable[Case], rtol: float = 1e-7, atol: float = 0.0
) -> list[bool]:
    """Return for each case of a table whether an answer gets it right, asked in one crossing.

    What it gets wrong is charged in another cell; what did not come back is not right.

    Parameters
    ----------
    function : callable
        The answer, or something `derived` from it.
    cases : iterable of Case
    rtol, atol : float
        As for `equal`.

    Examples
    --------
    >>> from course_utils.checks import args
    >>> right_about(len, [case(args([3, 5]), 2), case(args([]), 1)])
    [True, False]
    """
    cases = as_compared(function, cases)
    asked = ask_cases(function, cases, (rtol, atol))
    right = [compare(want, got, rtol, atol) is None for _, got, want in asked]
    right += [False] * (len(cases) - len(right))
    if not all(right):
        excuses.take()
    return right


def beyond(
    function: Callable,
    reference: Callable,
    calls: Iterable[Args],
    looks_like: Mapping[str, Callable | dict],
    given: Callable[..., Args],
    **options,
) -> None:
    """Check an answer against a function of the test's own, in the calls whose simpler ones it gets right.

    Unlike `against` with `given` it asks nothing where no simpler call is right: a visible
    table has told whether anything is.

    Parameters
    ----------
    function, reference, calls, looks_like, options
        As for `against`.
    given : callable
        Returns the `Args` of a simpler call, which is charged elsewhere, from the arguments of a call.

    Raises
    ------
    CheckFailed
    """
    calls = list(calls)
    simpler = [one.on(given) for one in calls]
    asked = once(function, [*simpler, *calls])
    right = right_about(asked, cases(reference, simpler), **options)
    calls = [one for one, fine in zip(calls, right, strict=True) if fine]
    against(asked, reference, calls, looks_like, **options)


def as_compared(function, cases: Iterable[Case]) -> list[Case]:
    """Return cases with what they expect as it is compared, for something derived from an answer."""
    if not changes_expected(function):
        return list(cases)
    return [replace(one, expected=expected_of(function, one.expected)) for one in cases]


def ask_cases(function, cases, tolerances) -> list[tuple[Case, object, object]]:
    """Ask a table in one crossing; return each case, what was answered, and what is expected of this answer.

    What an answer gets wrong in the simpler case that was `given` is not expected of it. A simpler call that
    several cases share, or that is one of the cases, is asked once.
    """
    cases = list(cases)
    calls = [one.call for one in cases]
    simpler = {id(one.given.call): one.given.call for one in cases if one.given}
    keys = [key for key in simpler if key not in {*map(id, calls)}]
    back = [b.value for _, b in ask_all(function, [*map(simpler.get, keys), *calls])]
    simple, after = dict(zip(keys, back, strict=False)), back[len(keys) :]
    if keys and not after:  # one of the simpler ones ended the answer's process
        simple, after = {}, [b.value for _, b in ask_all(function, calls)]
    simple |= zip(map(id, calls), after, strict=False)
    wanted = [
        _left(one, simple.get(id(one.given.call)), tolerances) if one.given else one.expected
        for one in cases
    ]
    before = [one.expected for one in cases]
    values = [*(simple.get(key) for key in simpler), *after]
    ended = len(after) < len(calls)  # the answer's process, which excuses nothing
    if ended or is_nothing(wanted, before) or (simpler and _is_blind(values, cases)):
        wanted = before
    elif any(map(is_less, wanted, before)):
        excuses.take()
    return list(zip(cases, after, wanted, strict=False))


def _is_blind(values, cases) -> bool:
    """Return whether an answer gives one number whatever it is asked, where several are expected.

    It is right about a simpler case by chance, which must not excuse it from the others.
    """
    if not all(isinstance(value, (int, float, str)) for value in values):
        return False
    return len(set(values)) == 1 and len({show(one.expected) for one in cases}) > 1


def right_parts(expected, got, tolerances):
    """Return what is expected, with ``...`` for each result that differs."""
    if _are_results(expected):
        if not isinstance(got, (tuple, list)) or len(got) != len(expected):
            return ...
        pairs = zip(expected, got, strict=True)
        return tuple(... if compare(e, g, *tolerances) else e for e, g in pairs)
    return ... if compare(expected, got, *tolerances) else expected


def _left(one, value, tolerances):
    """Return what is expected of a case after the answer to the simpler one."""
    right = right_parts(one.given.expected, value, tolerances)
    if right is ... or not isinstance(right, tuple) or not isinstance(one.expected, tuple):
        return ... if right is ... else one.expected
    pairs = zip(one.expected, right, one.given.expected, strict=True)
    return tuple(... if r is ... and g is not ... else e for e, r, g in pairs)


def is_less(wanted, expected) -> bool:
    """Return whether less is wanted of an answer than a case expects."""
    return _asks(wanted, expected) < _asks(expected, expected)


def is_nothing(wanted, expected) -> bool:
    """Return whether nothing is left of a table, so that all of it is asked."""
    return not sum(map(_asks, wanted, expected)) and any(map(_asks, expected, expected))


def _asks(wanted, expected):
    """Count the results that are wanted."""
    if isinstance(expected, tuple) and any(e is ... for e in expected) or _are_results(expected):
        return sum(w is not ... for w in wanted) if isinstance(wanted, tuple) else 0
    return int(wanted is not ...)


def _are_results(expected):
    """Whether what is expected is a tuple of results, not one result that is a tuple."""
    return isinstance(expected, tuple) and any(isinstance(p, np.ndarray) for p in expected)


def _fail_difference(function, one, value, difference, sentence, headline, tolerances):
    if isinstance(value, Raised):
        asks = _asks(one.expected, one.expected)
        fail_raised(function, one.call, value, show(one.expected) if asks else "a result", sentence)
    expected, got = show(one.expected), show(value)
    if difference.path and max(len(expected), len(got)) > LINE:
        expected, got = show(difference.expected), show(difference.got)
    pair = isinstance(one.expected, tuple) and len(one.expected) == 2 and one.expected[1] is ...
    if pair and difference.headline.endswith("not a tuple") and not sentence:
        fail_alone(line_of(function, one.call), value)
    if difference.got is None and difference.headline == "nothing was returned":
        sentence = sentence or "no return: print shows a value, return hands it over"
    if isinstance(difference.got, Handle) and difference.got.type_name in LAZY:
        sentence = sentence or "something lazy: list(...) around it makes a list"
    if not sentence and _is_beside(one.expected, value, tolerances):
        sentence = "something beside the result, in a tuple: the result is asked for alone"
    if difference.headline.startswith("wrong") and difference.headline != "wrong keys":
        line = line_of(function, one.call)
        short = len(line) <= WIDTH and "\n" not in line
        _show_picture(difference, line if short else f"{name_of(function)}(…)", tolerances)
        headline = headline or difference.headline
    else:
        headline = difference.headline
    fail(headline, line_of(function, one.call), expected, got, difference.where(), sentence)


def _is_beside(expected, value, tolerances):
    """Whether an array is what is expected, but stands first in a tuple."""
    several = isinstance(value, tuple) and len(value) > 1
    return (
        several
        and isinstance(expected, np.ndarray)
        and compare(expected, value[0], *tolerances) is None
    )


def _show_picture(difference, title, tolerances):
    """In a notebook, show expected, yours and the difference as a picture."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    arrays = (difference.expected, difference.got)
    if not hasattr(shell, "kernel") or not all(isinstance(x, np.ndarray) for x in arrays):
        return
    with contextlib.suppress(Exception), quiet():  # the message matters more
        from IPython.display import Image, display

        from course_utils.checks.picture import comparison_png

        display(Image(comparison_png(*arrays, title, *tolerances)))
