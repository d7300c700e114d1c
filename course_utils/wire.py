"""The two ends between which a test and an answer exchange plain data.

A test never holds an object of the answer's: every argument and every result crosses as *plain data*
and is rebuilt on the other side. The crossing is the same whether the answer runs in the same notebook
(a student's own check) or in another, confined process (grading), so a test cell that passes in one
passes in the other.

Plain data are None, bool, int, float, complex, str, bytes, tuple, list, dict, range, NumPy arrays and
scalars of the types in `DTYPES`, PyTorch tensors, and `numpy.random.Generator`. Everything else stays
where it was made: an answer's object (a cache, say) is represented by a `Handle` that can be passed
back, a test's function by a callback.

`course_utils.frames` has the bytes; ``wire.md`` beside this file the rules that a test cell keeps.
"""

from __future__ import annotations

import builtins
import contextlib
import linecache
import os
import sys
from dataclasses import dataclass, field

import numpy as np

from course_utils.frames import (
    DTYPES,
    MAX_BYTES,
    MAX_JSON,
    Codec,
    Handle,
    Raised,
    Record,
    WireError,
    array_of_tensor,
    is_tensor,
    utf8,
)

__all__ = ["DTYPES", "MAX_BYTES", "MAX_JSON", "Handle", "Raised", "Record", "WireError"]
__all__ += [
    "AnswerSide",
    "Reply",
    "Side",
    "call_here",
    "quiet",
    "raised",
    "reply",
    "shared_arguments",
]

MAX_KEPT = 5000  # objects of an answer's that a test can still pass back


@dataclass
class Reply:
    """What came back from one call.

    Attributes
    ----------
    value : plain data, Handle or Raised
        The result, or what was raised instead.
    args, kwargs : tuple, dict
        The arguments as they were after the call.
    shares : tuple of (int or str, int or str)
        Which entry of the result (position or key; 0 for an array alone) shares memory with which
        argument (position or name).
    """

    value: object
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    shares: tuple = ()


def reply(value, sent: tuple = ((), {})) -> Reply:
    """Check the shape of a decoded reply.

    Parameters
    ----------
    value : object
        ``[value, args, kwargs, shares]``, or ``[value]`` after a call with `sent` that could not change them.
    sent : tuple
        The arguments of the call, ``(args, kwargs)``.

    Raises
    ------
    WireError
        If it is neither.
    """
    if type(value) is list and len(value) == 1:
        return Reply(value[0], *sent)
    if type(value) is not list or [type(part) for part in value[1:]] != [list, dict, list]:
        raise WireError("a malformed reply")
    result, args, kwargs, shares = value
    pairs = all(type(p) is list and [type(n) in (int, str) for n in p] == [1, 1] for p in shares)
    if not pairs or not all(type(name) is str for name in kwargs):
        raise WireError("a malformed reply")
    return Reply(result, tuple(args), kwargs, tuple(map(tuple, shares)))


class Side(Codec):
    """The test's end of the wire.

    Attributes
    ----------
    functions : list of callable
        The test's functions that were sent, by number.
    """

    def __init__(self):
        self.functions: list = []

    def _other(self, value):
        if not callable(value) or isinstance(value, type) or hasattr(value, "__course_call__"):
            raise WireError(f"a test cannot pass {value!r} to an answer")
        self.functions.append(value)
        return {"c": [len(self.functions) - 1, utf8(getattr(value, "__name__", "function"))]}

    def _function(self, number, name):
        return self.functions[number]  # one that was sent, and comes back among the arguments


class AnswerSide(Codec):
    """The answer's end: a handle is the object itself there, and a test's function a callback.

    Attributes
    ----------
    call_back : callable
        What a callback does when it is called: ``call_back(number, args, kwargs)``.
    hush : bool
        Whether what an answer writes to stderr goes to stdout (see `quiet`); a jail collects both by itself.
    """

    def __init__(self, call_back=None, hush: bool = True):
        self.call_back = call_back
        self.hush = hush
        self._kept: dict[int, object] = {}  # what handles stand for, by number
        self._numbers: dict[int, int] = {}  # the same, from id to number
        self._next = 0

    def perform(self, function, frame: bytes) -> bytes:
        """Call `function` with the arguments of `frame` and return the `Reply` as a frame."""
        try:
            args, kwargs = self.decode(frame)
        except WireError as error:
            return self.encode([raised(error)])
        return self.encode_answer(self.answer(function, args, kwargs))

    def answer(self, function, args, kwargs) -> list:
        """Call `function`; return the parts of a `Reply` (see `reply`), not yet encoded."""
        with quiet() if self.hush else contextlib.nullcontext():
            try:
                value = function(*args, **kwargs)
                if _cannot_change([*args, *kwargs.values()]):
                    return [value]
                return [value, list(args), kwargs, shared_arguments(value, args, kwargs)]
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: an exit() ends only the call
                return [raised(error), list(args), kwargs, []]

    def encode_answer(self, parts: list, *head) -> bytes:
        """Encode what `answer` gave, behind `head`; what cannot be carried becomes an exception."""
        with quiet() if self.hush else contextlib.nullcontext():
            try:
                return self.encode([*head, *parts])
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # an object that lies about itself, or is too large
                return self.encode([*head, raised(error)])

    def _other(self, value):
        if type(value) is _Callback:
            return {"c": [value.number, value.__name__]}
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = self._next
            self._next += 1
            self._kept[number] = value
            if number >= MAX_KEPT:
                del self._numbers[id(self._kept.pop(number - MAX_KEPT))]
        name = utf8(type(value).__name__)
        if issubclass(type(value), (np.ndarray, np.generic)):
            name = f"{name} of dtype {value.dtype}"
        return {"h": [number, name[:80]]}

    def _record(self, value, items):
        return {"r": [*self._other(value)["h"], *items]}

    def _object(self, number, name):
        if number not in self._kept:
            raise WireError(f"the {name} object is no longer there")
        return self._kept[number]

    def _function(self, number, name):
        return _Callback(self.call_back, number, name)


class _Callback:
    """A test's function as an answer sees it."""

    def __init__(self, call_back, number, name):
        self.call_back, self.number, self.__name__ = call_back, number, name

    def __call__(self, *args, **kwargs):
        return self.call_back(self.number, args, kwargs)


# -- a call ----------------------------------------------------------------------------------------
_here = AnswerSide()  # of the answers of this process; it holds what their handles stand for


def call_here(function, args: tuple, kwargs: dict) -> Reply:
    """Call an answer of this process, the way in which grading calls one of another.

    Raises
    ------
    WireError
        If nothing that can be compared comes back, or the arguments are no plain data.
    """
    test = Side()

    def call_back(number, args, kwargs):
        args, kwargs = test.decode(_here.encode([list(args), kwargs]))
        try:
            result = test.functions[number](*args, **kwargs)
        except Exception as error:
            text = f"the function that was passed in raised {raised(error)}"
            raise RuntimeError(text) from None
        return _here.decode(test.encode(result))

    frame = test.encode([list(args), kwargs])
    _here.call_back = call_back  # the callbacks that are made of this frame keep it
    return reply(test.decode(_here.perform(function, frame)), (args, kwargs))


@contextlib.contextmanager
def quiet():
    """Send to stdout what is meanwhile written to stderr, also by whoever kept a reference to it.

    nbgrader takes a line on stderr in a test cell for a failure, be it a warning or a progress bar.
    """
    if sys.stderr is sys.stdout:  # in a call within a call
        yield
        return
    kept = {s: vars(s).get("write") for s in (sys.stderr, sys.__stderr__) if hasattr(s, "__dict__")}
    try:
        before = os.dup(2)
        os.dup2(1, 2)  # libraries and child processes write past Python's streams
    except OSError:
        before = None
    try:
        with contextlib.redirect_stderr(sys.stdout):
            for stream in kept:
                stream.write = sys.stdout.write
            yield
    finally:
        for stream, write in kept.items():
            vars(stream).pop("write", None)
            if write is not None:
                stream.write = write
        if before is not None:
            os.dup2(before, 2)
            os.close(before)


def raised(error: BaseException) -> Raised:
    """Describe an exception: class, message, and the student's line that it came from."""
    kind, trace, at = type(error), error.__traceback__, None
    bases = tuple(c.__name__ for c in kind.__mro__ if getattr(builtins, c.__name__, None) is c)
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == "__main__":
            at = trace
        trace = trace.tb_next
    try:
        message = utf8(error)[:2000]
    except Exception:
        message = "(an exception whose message cannot be shown)"
    line = at.tb_lineno if at else 0
    source = linecache.getline(at.tb_frame.f_code.co_filename, line).strip() if at else ""
    return Raised(utf8(kind.__name__)[:80], bases, message, line, utf8(source)[:200])


def _cannot_change(values) -> bool:
    """Whether values are numbers and text only, which no call can change."""
    kinds = {type(value) for value in values}
    return kinds <= _FIXED or (
        kinds <= _FIXED | {tuple} and all(_cannot_change(v) for v in values if type(v) is tuple)
    )


_FIXED = frozenset((int, float, bool, str, type(None)))


def shared_arguments(value, args, kwargs) -> list:
    """Return the pairs of an entry of `value` and an argument that share memory (see `Reply`)."""
    named = [(name, _arrays(a)) for name, a in [*enumerate(args), *kwargs.items()]]
    named = [(name, arrays) for name, arrays in named if arrays]
    base = next((b for b in (list, tuple, dict) if issubclass(type(value), b)), None)
    if not named or base is None:
        entries = [(0, value)] if named else []
    elif base is dict:
        entries = [(key, part) for key, part in dict.items(value) if type(key) in (int, str)]
    else:
        entries = list(enumerate(base.__iter__(value)))
    return [
        [entry, name]
        for entry, part in entries
        for name, arrays in named
        if any(np.may_share_memory(a, b) for a in _arrays(part) for b in arrays)
    ]


def _arrays(value) -> list:
    """Return the arrays in nested lists, tuples and dicts."""
    found, todo, seen = [], [value], set()
    while todo:
        part = todo.pop()
        kind = type(part)
        if issubclass(kind, np.ndarray):
            found.append(np.asarray(part))
        elif is_tensor(kind):
            with contextlib.suppress(Exception):
                found.append(array_of_tensor(part)[0])
        elif issubclass(kind, (list, tuple, dict)) and id(part) not in seen:
            seen.add(id(part))
            base = next(b for b in (list, tuple, dict) if issubclass(kind, b))
            todo += dict.values(part) if base is dict else base.__iter__(part)
    return found
