"""Ask an answer: one call, several in one crossing, and what it says when nothing comes back."""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Iterable, Iterator
from typing import NoReturn

from course_utils.checks.message import fail
from course_utils.checks.words import show, show_all
from course_utils.wire import Net, Raised, Reply, WireError, call_here, cannot_change


class Args:
    """The arguments of one call, and how they read in a message."""

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    def __repr__(self):
        named = (
            f"{name}={text}"
            for name, text in zip(self.kwargs, show_all(self.kwargs.values()), strict=True)
        )
        return ", ".join([*show_all(self.args), *named])

    def on(self, function):
        """Call `function` (one of the test's own) with copies of these arguments."""
        if cannot_change([*self.args, *self.kwargs.values()]):
            return function(*self.args, **self.kwargs)
        # It may draw from a generator or work in place.
        named = {name: _copied(value) for name, value in self.kwargs.items()}
        return function(*map(_copied, self.args), **named)


def _copied(value):
    """Return a deep copy."""
    kind = type(value)
    if kind is list:
        return [_copied(part) for part in value]
    if kind is dict:
        return {key: _copied(part) for key, part in value.items()}
    return value if cannot_change([value]) else copy.deepcopy(value)


def args(*positional, **named) -> Args:
    """Name the arguments of a call: ``args(7, 3, stride=2)``."""
    return Args(*positional, **named)


def call(function, /, *positional, **named) -> Reply:
    """Call an answer once, through the wire, and return everything that came back.

    Raises
    ------
    CheckFailed
        If nothing comparable comes back.
    """
    return ask(function, Args(*positional, **named))


def replies(function, calls: Iterable[Args]) -> list[Reply]:
    """Call an answer several times in one crossing; after a call that ended its process comes nothing more."""
    return [reply for _, reply in ask_all(function, calls)]


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
    return [back.value for _, back in results_of(function, calls)]


def pair(function, /, *positional, **named) -> tuple:
    """Call an answer whose result is two things, such as ``(out, cache)``; see `result`."""
    [found] = pairs(function, [Args(*positional, **named)])
    return found


def pairs(function, calls: Iterable[Args]) -> list[tuple]:
    """Call an answer whose results are two things each, in one crossing; see `result`."""
    found = []
    for one, back in results_of(function, calls):
        if not isinstance(back.value, (tuple, list)) or len(back.value) != 2:
            fail_alone(line_of(function, one), back.value)
        found.append(tuple(back.value))
    return found


def fail_alone(line: str, got) -> NoReturn:
    """Fail for something else than a pair."""
    alone = got is not None and not isinstance(got, (tuple, list))
    sentence = "the first of the two alone: return both, as in return out, cache" if alone else ""
    fail("the result is not a pair", line, "two things, in a tuple", show(got), looks_like=sentence)


def ask(function, one: Args) -> Reply:
    """Ask one thing; see `call`."""
    if hasattr(type(function), "__course_call__"):
        return function.__course_call__(one.args, one.kwargs)
    if not callable(function):
        fail(f"a function is expected here, not {show(function)}")
    try:
        return call_here(function, one.args, one.kwargs)
    except WireError as error:
        fail(f"{name_of(function)} returned something that cannot be compared", got=error)


def ask_all(function, calls) -> Iterator[tuple[Args, Reply]]:
    """Ask several things; after one that ended the answer's process comes nothing more."""
    calls = list(calls)
    if not calls:
        return iter(())
    if hasattr(type(function), "__course_calls__"):
        replies = function.__course_calls__([(one.args, one.kwargs) for one in calls])
        return zip(calls, replies, strict=False)
    return ((one, ask(function, one)) for one in calls)


def results_of(function, calls) -> Iterator[tuple[Args, Reply]]:
    """The same where there must be results."""
    for one, back in ask_all(function, calls):
        if isinstance(back.value, Raised):
            fail_raised(function, one, back.value)
        yield one, back


def name_of(function) -> str:
    """Return the name under which a student knows `function`."""
    name = getattr(function, "__name__", type(function).__name__)
    if hasattr(type(function), "__course_calls__"):  # a name of the test's may stand for it too
        return str(name)
    main = vars(sys.modules["__main__"])
    if main.get(name) is not function:  # a lambda, say, or a decorated function
        name = next((n for n, v in main.items() if v is function and n[0] != "_"), name)
    return str(name)


def line_of(function, one: Args):
    """Return a call as it reads in a message, on as many lines as it takes."""
    line = getattr(function, "__course_line__", None)
    call = line(one) if line else f"{name_of(function)}({one!r})"
    nets = [net for net in (*one.args, *one.kwargs.values()) if isinstance(net, Net) and net.about]
    return "\n".join([call, *(f"with a net {net.about}" for net in nets)])


# What an exception's message says of a mistake.
OFTEN = {
    re.compile(text): sentence
    for text, sentence in {
        r"could not broadcast input array from shape \((\d+,)*0,0\)": (
            "a slice that is empty: [padding:-padding] is where padding is 0"
        ),
        r"cannot unpack non-iterable int object|'int' object is not (subscriptable|iterable)": (
            "an int taken apart like a pair: (n) is an int, (n,) is a tuple; where both are allowed, an int "
            "has to be made a pair first"
        ),
        r"truth value of an array": (
            "an array taken for one true or false: np.maximum and np.where go entry by entry, `is None` asks "
            "for an argument that is missing"
        ),
        r"unsupported operand type\(s\) for \S+: ('int' and 'tuple'|'tuple' and 'int')|"
        r"can't multiply sequence by non-int of type 'tuple'": (
            "a pair taken for an int: where both are allowed, take its two numbers apart first"
        ),
    }.items()
}
ENDINGS = {
    "OutOfTime": "did not return in time",
    "OutOfMemory": "ran out of memory",
    "Crashed": "ended the program it runs in",
}


def fail_raised(function, one, error, expected="a result", sentence=""):
    """Fail for an exception, with the line of the student's that it came from."""
    if hasattr(function, "diagnose"):
        function.diagnose(one)
    headline = raised_headline(name_of(function), error)
    if error.type_name == "NotDefined":  # whatever was asked
        fail(headline)
    got = error.message if error.type_name == "WireError" else show(error)
    sentence = sentence or next((s for e, s in OFTEN.items() if e.search(error.message)), "")
    where = line_in_cell(error, name_of(function))
    fail(headline, line_of(function, one), expected, got, where, sentence)


def line_in_cell(error: Raised, asked: str = "") -> str:
    """Return the student's line that an exception came from, and in whose cell it is, '' if unknown.

    Parameters
    ----------
    error : Raised
    asked : str
        The name that was asked for: a line in its own cell needs no more words.
    """
    if not error.source:
        return ""
    name = error.function.partition(".")[0]
    cell = f"the cell of {name}" if name and name != asked.partition(".")[0] else "the cell"
    return f"line {error.line} of {cell}: {error.source}"


def raised_headline(name, error):
    """Say in a few words that an answer raised, or never came back."""
    if error.type_name in ENDINGS:
        return f"{name} {ENDINGS[error.type_name]}"
    if error.type_name == "NotDefined":
        return f"{name} is not defined"
    if error.type_name == "WireError":
        return f"{name} returned something that cannot be compared"
    if error.is_a(NotImplementedError) and not error.message:
        inner = error.function.partition(".")[0]
        if inner and inner != name.partition(".")[0]:
            return f"{name} calls {inner}, which is not written yet"
        return f"{name} is not written yet"
    return f"{name} raised {error.type_name}"
