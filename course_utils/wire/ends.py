"""The two ends of the wire, and a call that crosses it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field

import numpy as np

from course_utils.wire.frames import Codec
from course_utils.wire.nodes import Tag
from course_utils.wire.sharing import cannot_change, is_plain, shared_arguments
from course_utils.wire.streams import quiet
from course_utils.wire.values import WireError, raised, utf8

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
        ``[value, args, kwargs, shares]``; after a call that left its arguments as they were
        ``[value, shares]``, or ``[value]`` where it shares none of their memory.
    sent : tuple
        The arguments of the call, ``(args, kwargs)``.

    Raises
    ------
    WireError
        If it is neither.
    """
    if type(value) is list and len(value) == 1:
        return Reply(value[0], *sent)
    if type(value) is list and len(value) == 2:
        value = [value[0], list(sent[0]), sent[1], value[1]]
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
        return [Tag.FUNCTION, len(self.functions) - 1, utf8(getattr(value, "__name__", "function"))]

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
        return self.encode_answer(self.answer(function, frame))

    def answer(self, function, frame: bytes) -> list:
        """Call `function` with the arguments of `frame`; return the parts of a `Reply` (see `reply`)."""
        try:
            args, kwargs = self.decode(frame)
        except WireError as error:  # such as an object of an earlier process, handed back
            return [raised(error)]
        with quiet() if self.hush else contextlib.nullcontext():
            shares, plain = [], is_plain([*args, *kwargs.values()])
            try:
                value = function(*args, **kwargs)
                if cannot_change([*args, *kwargs.values()]):
                    return [value]
                if not plain:
                    shares = shared_arguments(value, args, kwargs)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # SystemExit too: an exit() ends only the call
                value = raised(error)
            try:
                unchanged = self.encode_call(args, kwargs) == frame
                if plain and not unchanged:  # an array may stand in them now
                    shares = shared_arguments(value, args, kwargs)
            except KeyboardInterrupt:
                raise
            except BaseException:  # told when they are encoded to go back
                unchanged = False
            if unchanged:
                return [value, shares] if shares else [value]
            return [value, args, kwargs, shares]

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
            return [Tag.FUNCTION, value.number, value.__name__]
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
        return [Tag.HANDLE, number, name[:80]]

    def _record(self, value, items):
        return [Tag.RECORD, *self._other(value)[1:], *items]

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

    frame = test.encode_call(args, kwargs)
    _here.call_back = call_back  # the callbacks that are made of this frame keep it
    return reply(test.decode(_here.perform(function, frame)), (args, kwargs))
