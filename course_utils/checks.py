"""What a test says, and how it asks.

A test cell calls these functions; they call the answer through the wire (`course_utils.wire`), compare,
and raise `CheckFailed` with a message that teaches. The same cell runs in a student's notebook, under
Validate, under ``course check`` and in grading, where the answer is in another process.

>>> from course_utils.checks import args, case, equal
>>> def area(height, width):
...     return height + width
>>> equal(area, [case(args(2, 3), 6, {5: "adding the sides instead of multiplying"})])
Traceback (most recent call last):
...
course_utils.checks.CheckFailed: wrong value
  call:       area(2, 3)
  expected:   6
  got:        5
  looks like: adding the sides instead of multiplying
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter, process_time

import numpy as np

from course_utils import probes
from course_utils.comparing import LAZY, compare, kind, label, misconception, show, with_article
from course_utils.wire import AnswerSide, Handle, Raised, Reply, Side, WireError, call_here, quiet

WIDTH = 80
FLOATING = ("float", "bfloat", "complex")
FLOAT_HINT = "dividing with /, which gives a float; // keeps integers"
LINE = 62  # columns beside a label
LABELS = ("call", "expected", "got", "where", "looks like")


class CheckFailed(AssertionError):
    """A test that an answer did not pass; `str()` is the whole message, at most 80 columns wide.

    Parameters
    ----------
    headline : str
        What is wrong, in a few words.
    call, expected, got, where, looks_like : str
        The lines under it; empty ones are left out.
    """

    def __init__(self, headline, call="", expected="", got="", where="", looks_like=""):
        self.headline = _printable(headline)
        parts = (call, expected, got, where, looks_like)
        self.parts = dict(zip(LABELS, map(_printable, parts), strict=True))
        super().__init__(self.text())

    @property
    def misconception(self) -> str:
        """A short name for statistics: what ``looks like`` says, or the headline."""
        return self.parts["looks like"] or self.headline

    def text(self) -> str:
        """Return the message: the headline, then one labelled and indented line for each part."""
        # Python writes the class's name before the headline.
        lines = textwrap.wrap(self.headline, WIDTH - len("CheckFailed: ")) or ["failed"]
        for name, part in self.parts.items():
            lead = f"  {name + ':':<11} "
            for row in part.splitlines():
                indents = {"initial_indent": lead, "subsequent_indent": " " * len(lead)}
                lines += textwrap.wrap(row, WIDTH, break_on_hyphens=False, **indents)
                lead = " " * len(lead)
        return "\n".join(lines)

    def _render_traceback_(self):
        # IPython asks for this: the message alone, none of our own frames above it.
        return [f"CheckFailed: {self.text()}"]


def _printable(text):
    """Return text without control characters, which a terminal or a database may choke on."""
    blank = {c: " " for c in "\t\r\v\f"}
    return "".join(
        c if c.isprintable() or c == "\n" else blank.get(c, ascii(c)[1:-1]) for c in str(text)
    )


# -- what a test asks ------------------------------------------------------------------------------
class Args:
    """The arguments of one call, and how they read in a message."""

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    def __repr__(self):
        named = (f"{name}={show(value)}" for name, value in self.kwargs.items())
        return ", ".join([*map(show, self.args), *named])

    def on(self, function):
        """Call `function` (one of the test's own) with copies of these arguments."""
        # It may draw from a generator or work in place.
        positional, named = copy.deepcopy((self.args, self.kwargs))
        return function(*positional, **named)


def args(*positional, **named) -> Args:
    """Name the arguments of a call: ``args(7, 3, stride=2)``."""
    return Args(*positional, **named)


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


def call(function, /, *positional, **named) -> Reply:
    """Call an answer once, through the wire, and return everything that came back.

    Raises
    ------
    CheckFailed
        If nothing comparable comes back.
    """
    return _ask(function, Args(*positional, **named))


def replies(function, calls: Iterable[Args]) -> list[Reply]:
    """Call an answer several times in one crossing; after a call that ended its process comes nothing more."""
    return [reply for _, reply in _ask_all(function, calls)]


def result(function, /, *positional, **named):
    """Call an answer once and return its result.

    Raises
    ------
    CheckFailed
        If it raised something.
    """
    [value] = results(function, [Args(*positional, **named)])
    return value


def results(function, calls: Iterable[Args]) -> list:
    """Call an answer several times and return its results, in one crossing; see `result`."""
    return [back.value for _, back in _results(function, calls)]


def pair(function, /, *positional, **named) -> tuple:
    """Call an answer whose result is two things, such as ``(out, cache)``; see `result`."""
    [found] = pairs(function, [Args(*positional, **named)])
    return found


def pairs(function, calls: Iterable[Args]) -> list[tuple]:
    """Call an answer whose results are two things each, in one crossing; see `result`."""
    found = []
    for one, back in _results(function, calls):
        if not isinstance(back.value, (tuple, list)) or len(back.value) != 2:
            got = show(back.value)
            fail("the result is not a pair", _line(function, one), "two things, in a tuple", got)
        found.append(tuple(back.value))
    return found


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
    replies = _ask_all(function, [one.call for one in cases])
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


def raises(function, calls: Iterable[Args], error=ValueError, because="", mentions=()) -> None:
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

    Raises
    ------
    CheckFailed
    """
    wanted = f"{error.__name__}{', because ' + because if because else ''}"
    for one, back in _ask_all(function, calls):
        value, line = back.value, _line(function, one)
        if not isinstance(value, Raised):
            headline = f"no {error.__name__} for a call that makes no sense"
            fail(headline, line, wanted, f"{show(value)} was returned")
        if not value.is_a(error):
            _fail_raised(function, one, value, wanted)
        for position in mentions:
            number = str(one.args[position])
            if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", value.message):
                headline = "the error message does not name the numbers"
                fail(headline, line, f"a message with {number} in it", show(value))


def unchanged(function, calls: Iterable[Args]) -> None:
    """Check that an answer leaves its arguments as they were: arrays, lists and dicts.

    Raises
    ------
    CheckFailed
    """
    for one, back in _results(function, calls):
        after = [*back.args, *back.kwargs.values()]
        for (name, was), now in zip(_named(one), after, strict=True):
            if compare(_fixed(was), now, 0.0, 0.0):
                fail(f"the call changes its {name}", _line(function, one), show(was), show(now),
                     looks_like="working in place: copy the argument first")  # fmt: skip


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
    for one, back in _results(function, calls):
        given = [(name, t) for name, argument in _named(one) for t in _dtypes(argument)]
        name, wanted = next(row for row in given if row[1].startswith(FLOATING))
        for place, part in _entries(back.value, entries):
            found = _dtypes(part) or [with_article(kind(part))]
            wrong = [words for words in found if words != wanted]
            if wrong:
                headline, expected = "wrong dtype", f"{wanted}, which its {name} has"
                fail(headline, _line(function, one), expected, wrong[0], place)


def no_views(function, calls: Iterable[Args], entries: Sequence[int] | None = None) -> None:
    """Check that results share no memory with arguments; `entries` as for `dtype`.

    Raises
    ------
    CheckFailed
    """
    for one, back in _results(function, calls):
        names = dict(zip([*range(len(one.args)), *one.kwargs], _named(one), strict=True))
        for entry, argument in back.shares:
            if entries is None or entry in entries:
                name, _ = names[argument]
                fail(f"the result is a view of its {name}", _line(function, one), "a new array",
                     f"an array that changes with its {name}",
                     looks_like="returning the argument, or a view of it: return a copy")  # fmt: skip


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
    if hasattr(type(answer), "__course_value__"):
        got = answer.__course_value__()
    else:
        try:
            got = Side().decode(AnswerSide().encode(answer))
        except WireError as error:
            fail(f"{name} is nothing that can be compared", got=str(error))
    difference = compare(expected, got, rtol, atol)
    if not difference:
        return
    if isinstance(got, Raised):
        fail(_raised_headline(name, got))
    if got is None or (isinstance(got, Handle) and got.type_name == "ellipsis"):
        fail(f"{name} is not filled in yet")
    headline = difference.headline
    if headline.startswith("wrong"):
        headline = f"{name} is not {'right' if isinstance(expected, str) else 'the right number'}"
    table = [(Case(Args(), expected, looks_like or {}), got, difference)]
    sentence = label(table, (rtol, atol))
    # The expected number is the answer itself: it is not shown.
    fail(headline, got=f"{name} = {show(got)}", looks_like=sentence)


def faster(function, one: Args, loops: Callable, factor: float) -> None:
    """Check that an answer is much faster than plain loops, on the same arguments and in processor time.

    Each is timed where it runs: what else the machine does costs neither. The answer's time is the mean of
    several calls, and all of it is repeated before the answer is said to be slow.

    Parameters
    ----------
    function : callable
        The answer.
    one : Args
        Arguments for which loops take a few tenths of a second.
    loops : callable
        The test's own plain loops; what they return must be the answer's result, too (see `case`).
    factor : float
        How many times as fast the answer has to be, at least.

    Raises
    ------
    CheckFailed
    """
    ours, theirs = _clocks(function)
    best = first = 0.0
    for _ in range(3):
        start = ours()
        expected = one.on(loops)
        slow = ours() - start
        if not best:
            rtol, atol = (1e-4, 1e-5) if "float32" in _dtypes(one.args) else (1e-7, 1e-9)
            start = theirs()
            equal(function, [Case(one, expected)], rtol=rtol, atol=atol)
            first = theirs() - start
        start, calls, quick = theirs(), 0, 0.0
        while (
            calls < 5 and quick <= slow
        ):  # beyond, it is far from fast: more calls would tell nothing
            if isinstance(_ask(function, one).value, Raised) and not calls:
                calls, quick = 5, 5 * first  # it works once only, which costs points elsewhere
            else:
                calls, quick = calls + 1, theirs() - start
        best = max(best, slow * calls / max(quick, 1e-6))
        if best >= factor:
            return
    fail("too slow", _line(function, one), f"at least {factor:g} times as fast as plain loops",
         f"{best:.1f} times as fast", looks_like="a Python loop over outputs or images")  # fmt: skip


def _clocks(function):
    """Return a clock of what runs here, and one of what runs where the answer does.

    Both count processor time, or both ordinary time where that of another process cannot be read.
    """
    remote = getattr(function, "_function", function)  # of a method of an object of the answer's
    clock = getattr(remote, "__course_clock__", None)
    if clock is None:
        return process_time, process_time
    return (process_time, clock) if clock() is not None else (perf_counter, perf_counter)


# -- objects that an answer makes ------------------------------------------------------------------
class Made:
    """An object of the answer's, such as a network; it stays where it was made. See `make`."""

    def __init__(self, maker, handle):
        self._maker, self._handle = maker, handle

    def method(self, name: str) -> _Probe:
        """Return a method, to be used like an answer: ``equal(net.method("loss"), cases)``."""
        return _Probe(self._maker, "method", (self._handle, name), name)

    def read(self, name: str):
        """Return an attribute as plain data.

        Raises
        ------
        CheckFailed
            If there is none.
        """
        value = call(_Probe(self._maker, "read", (self._handle, name), name)).value
        if isinstance(value, Raised):
            fail(f"{name_of(self._maker)} has no attribute {name}", got=show(value))
        return value

    def update(self, name: str, entries: dict) -> None:
        """Replace entries of an attribute that is a dict.

        Raises
        ------
        CheckFailed
            If that is not possible.
        """
        value = call(_Probe(self._maker, "update", (self._handle, name), name), entries).value
        if isinstance(value, Raised):
            keys = ", ".join(map(repr, entries))
            headline = f"entries of {name} cannot be replaced"
            fail(headline, got=show(value), expected=f"a dict with the keys {keys}")


class _Probe:
    """A function of `course_utils.probes`, with its first arguments, where the answer's object is."""

    def __init__(self, maker, probe, first, name):
        remote = getattr(maker, "__course_probe__", None)
        self.__name__ = f"{name_of(maker)}.{name}"
        self._function = remote(probe, self.__name__) if remote else getattr(probes, probe)
        self._first = first

    def __course_call__(self, args, kwargs):
        [reply] = self.__course_calls__([(args, kwargs)])
        return reply

    def __course_calls__(self, calls):
        known = len(self._first)
        asked = [Args(*self._first, *args, **kwargs) for args, kwargs in calls]
        return [
            replace(
                back,
                args=back.args[known:],
                shares=tuple(
                    (entry, name - known if isinstance(name, int) else name)
                    for entry, name in back.shares
                    if not isinstance(name, int) or name >= known
                ),
            )
            for back in replies(self._function, asked)
        ]


def make(maker, /, *positional, **named) -> Made:
    """Call an answer that makes an object, a class say, and return what stands for the object.

    Raises
    ------
    CheckFailed
        If it raised something, or made no object but plain data.
    """
    value = result(maker, *positional, **named)
    if not isinstance(value, Handle):
        one = Args(*positional, **named)
        fail("no object was made", _line(maker, one), f"a {name_of(maker)}", show(value))
    return Made(maker, value)


def fail(headline, call="", expected="", got="", where="", looks_like=""):
    """Raise `CheckFailed`.

    Raises
    ------
    CheckFailed
    """
    raise CheckFailed(headline, call, expected, got, where, looks_like) from None


# -- randomness ------------------------------------------------------------------------------------
_secret = b""


def seed_with(secret: bytes) -> None:
    """Make the inputs of `rng` depend on a secret; grading does, a student's own check does not."""
    global _secret
    _secret = secret


def rng(name: str) -> np.random.Generator:
    """Return the random generator of one test: the same on every run, not guessable in grading."""
    digest = hashlib.blake2b(name.encode(), key=_secret[:64], digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


# -- the crossing ----------------------------------------------------------------------------------
def _ask(function, one: Args) -> Reply:
    if hasattr(type(function), "__course_call__"):
        return function.__course_call__(one.args, one.kwargs)
    if not callable(function):
        fail(f"a function is expected here, not {show(function)}")
    try:
        return call_here(function, one.args, one.kwargs)
    except WireError as error:
        fail(f"{name_of(function)} returned something that cannot be compared", got=error)


def _ask_all(function, calls) -> Iterator[tuple[Args, Reply]]:
    """Ask several things; after one that ended the answer's process comes nothing more."""
    calls = list(calls)
    if hasattr(type(function), "__course_calls__"):
        replies = function.__course_calls__([(one.args, one.kwargs) for one in calls])
        return zip(calls, replies, strict=False)
    return ((one, _ask(function, one)) for one in calls)


def _results(function, calls) -> Iterator[tuple[Args, Reply]]:
    """The same where there must be results."""
    for one, back in _ask_all(function, calls):
        if isinstance(back.value, Raised):
            _fail_raised(function, one, back.value)
        yield one, back


def _fixed(value):
    """Return an argument with ``...`` in place of what cannot be compared or may change.

    That is an object of the answer's, a function, and a generator, which is there to be drawn from.
    """
    if callable(value) or isinstance(value, (Handle, np.random.Generator)):
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


def _dtypes(value):
    """Return the names of the dtypes in nested lists, tuples and dicts of arrays."""
    if isinstance(value, (list, tuple, dict)):
        parts = value.values() if isinstance(value, dict) else value
        return [name for part in parts for name in _dtypes(part)]
    return [str(value.dtype).removeprefix("torch.")] if hasattr(value, "dtype") else []


# -- naming what went wrong ------------------------------------------------------------------------
ENDINGS = {
    "OutOfTime": "did not return in time",
    "OutOfMemory": "ran out of memory",
    "Crashed": "ended the program it runs in",
}


def _fail_difference(function, one, value, difference, sentence, headline, tolerances):
    if isinstance(value, Raised):
        _fail_raised(function, one.call, value, show(one.expected), sentence)
    expected, got = show(one.expected), show(value)
    if difference.path and max(len(expected), len(got)) > LINE:
        expected, got = show(difference.expected), show(difference.got)
    if isinstance(difference.got, Handle) and difference.got.type_name in LAZY:
        sentence = sentence or "something lazy: list(...) around it makes a list"
    if difference.headline.startswith("wrong"):
        _show_picture(difference, _line(function, one.call), tolerances)
        headline = headline or difference.headline
    else:
        headline = difference.headline
    fail(headline, _line(function, one.call), expected, got, difference.where(), sentence)


def _fail_raised(function, one, error, expected="a result", sentence=""):
    where = f"line {error.line} of the cell: {error.source}" if error.source else ""
    headline = _raised_headline(name_of(function), error)
    got = error.message if error.type_name == "WireError" else show(error)
    fail(headline, _line(function, one), expected, got, where, sentence)


def _raised_headline(name, error):
    if error.type_name in ENDINGS:
        return f"{name} {ENDINGS[error.type_name]}"
    if error.type_name == "NotDefined":
        return f"{name} is not defined"
    if error.type_name == "WireError":
        return f"{name} returned something that cannot be compared"
    if error.is_a(NotImplementedError) and not error.message:
        return f"{name} is not written yet"
    return f"{name} raised {error.type_name}"


def _show_picture(difference, title, tolerances):
    """In a notebook, show expected, yours and the difference as a picture."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    arrays = (difference.expected, difference.got)
    if not hasattr(shell, "kernel") or not all(isinstance(x, np.ndarray) for x in arrays):
        return
    with contextlib.suppress(Exception), quiet():  # the message matters more
        from IPython.display import Image, display

        from course_utils.show.comparison import comparison_png

        display(Image(comparison_png(*arrays, title[:WIDTH], *tolerances)))


def name_of(function) -> str:
    """Return the name under which a student knows `function`."""
    name = getattr(function, "__name__", type(function).__name__)
    main = vars(sys.modules["__main__"])
    if main.get(name) is not function:  # a lambda, say, or a decorated function
        name = next((n for n, v in main.items() if v is function and n[0] != "_"), name)
    return str(name)


def _line(function, one: Args):
    return f"{name_of(function)}({one!r})"
