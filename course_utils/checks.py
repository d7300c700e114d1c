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

import hashlib
import inspect
import operator
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from course_utils import differences
from course_utils.wire import AnswerSide, Handle, Raised, Reply, Side, WireError, reply

WIDTH = 80
FLOAT_HINT = "dividing with /, which gives a float; // keeps integers"
LABELS = ("call", "expected", "got", "where", "looks like")


class CheckFailed(AssertionError):
    """A test that an answer did not pass; `str()` is the whole message, at most 80 columns wide.

    Parameters
    ----------
    headline : str
        What is wrong, in a few words.
    call, expected, got, where, looks_like : str
        The lines under it; empty ones are left out.
    misconception : str
        A short name for statistics: what ``looks like`` says, or the headline.
    """

    def __init__(self, headline, call="", expected="", got="", where="", looks_like=""):
        self.headline = headline
        self.parts = dict(zip(LABELS, (call, expected, got, where, looks_like), strict=True))
        super().__init__(self.text())

    @property
    def misconception(self):
        return self.parts["looks like"] or self.headline

    def text(self) -> str:
        """Return the message: the headline, then one labelled and indented line for each part."""
        lines = textwrap.wrap(self.headline, WIDTH - 2) or ["failed"]
        for label, part in self.parts.items():
            lead = f"  {label + ':':<11} "
            for row in str(part).splitlines():
                lines += textwrap.wrap(
                    row,
                    WIDTH - 1,
                    initial_indent=lead,
                    subsequent_indent=" " * len(lead),
                    break_on_hyphens=False,
                )
                lead = " " * len(lead)
        return "\n".join(lines)

    def _render_traceback_(self):
        # IPython asks for this: the message alone, none of our own frames above it.
        return [f"CheckFailed: {self.text()}"]


# -- what a test asks ------------------------------------------------------------------------------
class Args:
    """The arguments of one call, and how they read in a message."""

    def __init__(self, *args, **kwargs):
        self.args, self.kwargs = args, kwargs

    def __repr__(self):
        named = (f"{name}={show(value)}" for name, value in self.kwargs.items())
        return ", ".join([*map(show, self.args), *named])

    def on(self, function):
        """Call `function` (one of the test's own) with these arguments."""
        return function(*self.args, **self.kwargs)


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
    looks_like : dict, optional
        What a wrong value says about the thinking behind it, ``{value: sentence}``; for visible tests,
        where a function that computes the misconception would give the answer away.
    """
    return Case(call, expected, looks_like or {})


def call(function, *positional, **named) -> Reply:
    """Call an answer once, through the wire, and return everything that came back.

    Raises
    ------
    CheckFailed
        If nothing comparable comes back.
    """
    return _ask(function, Args(*positional, **named))


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
    cases = list(cases)
    answers: list = []
    failed = None
    for one in cases:
        value = _ask(function, one.call).value
        answers.append(value)
        complaint = _complaint(one.expected, value, rtol, atol)
        if complaint and failed is None:
            failed = one, value, complaint
            if isinstance(value, Raised) and value.type_name in _STOPPERS:
                break  # it will not get better, and each further call costs its time limit
    if failed is None:
        return
    one, value, complaint = failed
    text = _label(cases, answers, rtol, atol) or _misconception(
        cases, answers, looks_like, rtol, atol
    )
    _fail(function, one.call, one.expected, value, complaint, text, headline)


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
    for one in calls:
        value = _ask(function, one).value
        wanted = f"{error.__name__}{', because ' + because if because else ''}"
        if not isinstance(value, Raised):
            fail(f"no {error.__name__} for a call that makes no sense", _line(function, one), wanted,
                 f"{show(value)} was returned")  # fmt: skip
        if not value.is_a(error):
            _fail(function, one, wanted, value, _raised_headline(function, value))
        for position in mentions:
            number = str(one.args[position])
            if not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", value.message):
                fail("the error message does not name the numbers", _line(function, one),
                     f"a message with {number} in it", str(value))  # fmt: skip


def unchanged(function, calls: Iterable[Args]) -> None:
    """Check that an answer leaves its arguments as they were.

    Raises
    ------
    CheckFailed
    """
    for one in calls:
        before = Side().decode(Side().encode([list(one.args), one.kwargs]))
        back = _ask(function, one)
        if isinstance(back.value, Raised):
            _fail(function, one, "a result", back.value, _raised_headline(function, back.value))
        after = [list(back.args), back.kwargs]
        if _complaint(before, after, 0.0, 0.0):
            named = [*enumerate(before[0]), *before[1].items()]
            changed = next(
                (n, a, b)
                for (n, a), b in zip(named, [*after[0], *after[1].values()], strict=True)
                if _complaint(a, b, 0.0, 0.0)
            )
            name, was, now = changed
            which = f"argument {name + 1}" if isinstance(name, int) else name
            fail(f"the call changes its {which}", _line(function, one), show(was), show(now),
                 looks_like="working in place: copy the argument first")  # fmt: skip


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
    """
    got = answer.__course_value__() if hasattr(answer, "__course_value__") else _plain(answer)
    complaint = _complaint(expected, got, rtol, atol)
    if complaint:
        text = _label([Case(Args(), expected, looks_like or {})], [got], rtol, atol)
        # The expected number is the answer itself: it is not shown.
        fail(f"{name} is not the right number" if complaint[0].startswith("wrong") else complaint[0],
             got=f"{name} = {show(got)}", looks_like=text)  # fmt: skip


def fail(headline, call="", expected="", got="", where="", looks_like=""):
    """Raise `CheckFailed`.

    Raises
    ------
    CheckFailed
    """
    raise CheckFailed(headline, call, expected, got, where, looks_like)


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
    if hasattr(function, "__course_call__"):
        return function.__course_call__(one.args, one.kwargs)
    if isinstance(function, type(Ellipsis)) or not callable(function):
        fail(f"a function is expected here, not {show(function)}")
    here, there = Side(), AnswerSide()
    there.call_back = lambda number, a, k: here.functions[number](*a, **k)
    try:
        frame = here.encode([list(one.args), one.kwargs])
        return reply(here.decode(there.perform(function, frame)))
    except WireError as error:
        fail(f"{name_of(function)} returned something that cannot be compared", got=str(error))


def _plain(answer):
    return Side().decode(AnswerSide().encode(answer))


# -- comparison ------------------------------------------------------------------------------------
_STOPPERS = ("OutOfTime", "Crashed", "OutOfMemory")


def _complaint(expected, got, rtol, atol):
    """Return None if `got` is right, else ``(headline, where)``."""
    if isinstance(got, Raised):
        return (f"raised {got.type_name}", "")
    if isinstance(expected, (bool, str, bytes)) or expected is None:
        wrong = type(got) is not type(expected) or got != expected
        return (_kind_headline(expected, got), "") if wrong else None
    if isinstance(expected, int):
        return _integer_complaint(expected, got)
    if isinstance(expected, (float, complex, np.ndarray, np.generic)):
        return _array_complaint(expected, got, rtol, atol)
    if isinstance(expected, (list, tuple)):
        return _sequence_complaint(expected, got, rtol, atol)
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return (_kind_headline(expected, got), "")
        if set(expected) != set(got):
            missing, extra = (
                sorted(set(expected) - set(got)),
                sorted(map(str, set(got) - set(expected))),
            )
            return ("wrong keys", f"missing {missing}, not asked for {extra}")
        pairs = ((key, _complaint(expected[key], got[key], rtol, atol)) for key in expected)
        return next(((c[0], f"under {key!r} {c[1]}".strip()) for key, c in pairs if c), None)
    raise TypeError(f"a test cannot expect {type(expected).__name__}")


def _integer_complaint(expected, got):
    if got is None:
        return ("nothing was returned", "")
    if isinstance(got, (float, np.floating)):
        close = float(got) == expected
        return ("a float, not an integer" if close else "wrong value", "")
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got[()]
    try:
        return None if operator.index(got) == expected else ("wrong value", "")
    except TypeError:
        return (_kind_headline(expected, got), "")


def _array_complaint(expected, got, rtol, atol):
    if isinstance(got, (list, tuple)):
        try:
            got = np.asarray(got)
        except ValueError:
            return ("a ragged list, not an array", "")
    if isinstance(got, bool) or not isinstance(got, (int, float, complex, np.ndarray, np.generic)):
        return (_kind_headline(expected, got), "")
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.shape != got.shape:
        return ("wrong shape", "\n".join(differences.where(expected, got)))
    if differences.equal(expected, got, rtol, atol):
        return None
    headline = "wrong values" if expected.ndim else "wrong value"
    lines = differences.where(expected, got, rtol, atol) if expected.ndim else []
    return (headline, "\n".join(lines))


def _sequence_complaint(expected, got, rtol, atol):
    if isinstance(got, np.ndarray):
        got = got.tolist()
    if not isinstance(got, (list, tuple)):
        return (_kind_headline(expected, got), "")
    if len(expected) != len(got):
        return ("wrong length", f"{len(got)} entries, {len(expected)} expected")
    for index, (e, g) in enumerate(zip(expected, got, strict=True)):
        complaint = _complaint(e, g, rtol, atol)
        if complaint:
            headline, where = complaint
            found = f"entry {index}: {show(g)}, expected {show(e)}"
            return (headline, where if where.startswith("entry") else f"{found}\n{where}".strip())
    return None


def _kind_headline(expected, got):
    if got is None:
        return "nothing was returned"
    if type(got) is type(expected):
        return "wrong value"
    return f"{_a(_kind(got))}, not {_a(_kind(expected))}"


def _kind(value):
    if isinstance(value, Handle):
        return value.type_name
    names = {np.ndarray: "array", list: "list", tuple: "tuple", int: "integer", str: "string"}
    return names.get(type(value), type(value).__name__)


def _a(noun):
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


# -- naming what went wrong ------------------------------------------------------------------------
def _label(cases, answers, rtol, atol):
    """Return the sentence that the tables of all failing cases agree on, or ''."""
    agreed = None
    for one, value in zip(cases, answers, strict=False):
        if not one.looks_like or not _complaint(one.expected, value, rtol, atol):
            continue
        texts = [
            t for wrong, t in one.looks_like.items() if not _complaint(wrong, value, rtol, atol)
        ]
        texts = texts or [t for wrong, t in one.looks_like.items() if _same_number(wrong, value)]
        agreed = texts if agreed is None else [t for t in agreed if t in texts]
    return agreed[0] if agreed else ""


def _same_number(wrong, value):
    return isinstance(value, (float, np.floating)) and abs(wrong - value) <= 1e-9 * abs(value)


def _misconception(cases, answers, looks_like, rtol, atol):
    """Return what the first misconception says that computes every one of the answers, or ''."""
    for misconception in looks_like:
        if all(
            _agrees(misconception, one, value, rtol, atol)
            for one, value in zip(cases, answers, strict=False)
        ):
            return " ".join((inspect.getdoc(misconception) or misconception.__name__).split())
    return ""


def _agrees(misconception, one, value, rtol, atol):
    try:
        wrong = one.call.on(misconception)
    except Exception as error:
        return isinstance(value, Raised) and value.is_a(type(error))
    if isinstance(wrong, float) and isinstance(value, (int, float, np.generic)):
        return bool(abs(wrong - value) <= 1e-9 * max(1.0, abs(wrong)))
    return not isinstance(value, Raised) and not _complaint(wrong, value, rtol, atol)


def _raised_headline(function, error: Raised):
    name = name_of(function)
    if error.is_a(NotImplementedError) and not error.message:
        return f"{name} is not written yet"
    return {
        "OutOfTime": f"{name} did not return in time",
        "Crashed": f"{name} ended the program it runs in",
        "OutOfMemory": f"{name} ran out of memory",
        "NotDefined": f"{name} is not defined",
    }.get(error.type_name, f"{name} raised {error.type_name}")


def _fail(function, one, expected, value, complaint, looks_like="", headline=""):
    title, where = complaint if isinstance(complaint, tuple) else (complaint, "")
    if isinstance(value, Raised):
        title, headline = _raised_headline(function, value), ""
        where = f"line {value.line} of the cell: {value.source}" if value.source else ""
    elif isinstance(value, np.ndarray) and isinstance(expected, np.ndarray):
        _show_picture(expected, value, f"{name_of(function)}({one!r})")
    if title == "a float, not an integer":
        looks_like = looks_like or FLOAT_HINT
    fail(headline or title, _line(function, one), expected if isinstance(expected, str) else
         show(expected), show(value), where, looks_like)  # fmt: skip


def _show_picture(expected, got, title):
    """In a notebook, show expected, yours and the difference as a picture."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return
    from IPython.display import Image, display

    from course_utils.show.comparison import comparison_png

    display(Image(comparison_png(expected, got, title)))


def name_of(function) -> str:
    """Return the name under which a student knows `function` (a lambda's is its variable's)."""
    name = getattr(function, "__name__", type(function).__name__)
    if name == "<lambda>":
        main = vars(sys.modules["__main__"])
        name = next((n for n, v in main.items() if v is function and n[0] != "_"), name)
    return str(name)


def _line(function, one: Args):
    return f"{name_of(function)}({one!r})"


def show(value, limit: int = 200) -> str:
    """Describe a value in a message: small ones in full, arrays by shape and type.

    >>> show(np.zeros((2, 3)))
    'array of shape (2, 3), float64'
    """
    if isinstance(value, np.ndarray):
        if value.size <= 6 and value.ndim <= 1:
            return f"array({value.tolist()})"
        return f"array of shape {value.shape}, {value.dtype}"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)) and any(isinstance(v, np.ndarray) for v in value):
        return "(" + ", ".join(show(v) for v in value) + ")"
    if callable(value) and not isinstance(value, type):
        return getattr(value, "__name__", "a function")
    text = str(value) if isinstance(value, Raised) else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
