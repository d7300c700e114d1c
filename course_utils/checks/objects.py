"""Objects that an answer makes, such as a network: they stay where they were made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from course_utils.checks.ask import Args, call, line_of, name_of, replies, result
from course_utils.checks.message import fail
from course_utils.checks.words import show, show_all
from course_utils.wire import Handle, Raised, probes


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
        fail("no object was made", line_of(maker, one), f"a {name_of(maker)}", show(value))
    return Made(maker, value)


class Made:
    """An object of the answer's, such as a network; it stays where it was made. See `make`."""

    def __init__(self, maker, handle):
        self._maker, self._handle = maker, handle

    def method(self, name: str, given: str = "") -> _Probe:
        """Return a method, to be used like an answer: ``equal(net.method("loss"), cases)``.

        Parameters
        ----------
        name : str
        given : str, optional
            An attribute that is a dict. Each call then has entries for it as its first argument, which replace
            those that are there before the method is called: ``args(params, x, y)`` with ``given="params"``.
        """
        if given:
            return _Probe(self._maker, "method_with", (self._handle, name, given), name, given)
        return _Probe(self._maker, "method", (self._handle, name), name)

    def attribute(self, name: str) -> _Probe:
        """Return an attribute, to be asked like an answer, with no arguments: ``case(args(), value)``."""
        return _Probe(self._maker, "read", (self._handle, name), name)

    def read(self, name: str):
        """Return an attribute as plain data.

        Raises
        ------
        CheckFailed
            If there is none.
        """
        value = call(self.attribute(name)).value
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


def attribute(maker, name: str) -> _Attribute:
    """Return an attribute of new objects, asked with the arguments that each is made with; see `make`.

    It is ``make(maker, *positional, **named).read(name)`` for each call of a table, all in one crossing.
    """
    return _Attribute(maker, name)


class _Attribute:
    """An attribute of the objects that an answer makes; see `attribute`."""

    def __init__(self, maker, name):
        self._maker, self._name = maker, name
        self.__name__ = f"{name_of(maker)}.{name}"
        remote = getattr(maker, "__course_with__", None)
        self._function = remote("made") if remote else partial(probes.made, maker)

    def __course_line__(self, one):
        return self.__name__

    def __course_call__(self, args, kwargs):
        [reply] = self.__course_calls__([(args, kwargs)])
        return reply

    def __course_calls__(self, calls):
        asked = [Args(self._name, *args, **kwargs) for args, kwargs in calls]
        found = replies(self._function, asked)
        for back, (args, kwargs) in zip(found, calls, strict=False):
            if isinstance(back.value, Raised):  # say what it was that went wrong
                back = replace(back, value=make(self._maker, *args, **kwargs).read(self._name))
            yield replace(back, args=back.args[1:], shares=())


class _Probe:
    """A function of `course_utils.wire.probes`, with its first arguments, where the answer's object is."""

    def __init__(self, maker, probe, first, name, given=""):
        self._given, self._probe = given, probe
        remote = getattr(maker, "__course_probe__", None)
        self.__name__ = f"{name_of(maker)}.{name}"
        self._function = remote(probe, self.__name__) if remote else getattr(probes, probe)
        self._first = first

    def __course_line__(self, one):
        if self._probe == "read":
            return self.__name__
        if not self._given:
            return f"{self.__name__}({one!r})"
        entries, *rest = one.args
        texts = zip(entries, show_all(entries.values()), strict=True)
        lines = [f"net.{self._given}[{key!r}] = {text}" for key, text in texts]
        method = self.__name__.rpartition(".")[2]
        return "\n".join([*lines, f"net.{method}({Args(*rest, **one.kwargs)!r})"])

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
