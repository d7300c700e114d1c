"""What crosses the wire besides plain data: an object that stayed behind, an exception as text."""

from __future__ import annotations

import builtins
import linecache
from dataclasses import dataclass


class WireError(ValueError):
    """A frame or a value that the wire does not carry."""


@dataclass(frozen=True)
class Handle:
    """An object that stayed on the answer's side: its number there and its type's name."""

    number: int
    type_name: str

    def __repr__(self):
        return f"<{self.type_name} object>"


class Record(tuple):
    """A named tuple of an answer's: a plain tuple to a test, the same object when passed back."""

    handle: Handle


@dataclass(frozen=True)
class Raised:
    """An exception that an answer raised, as text.

    Attributes
    ----------
    type_name : str
        The name of its class.
    bases : tuple of str
        The built-in exception classes that it is an instance of.
    message : str
    line : int
        Line in the student's cell where it was raised, 0 if unknown.
    source : str
        That line.
    function : str
        The function through which Python came into that cell, "" at its top level.
    """

    type_name: str
    bases: tuple[str, ...]
    message: str
    line: int = 0
    source: str = ""
    function: str = ""

    def is_a(self, error: type[BaseException]) -> bool:
        """Whether ``except error`` would have caught it (`error` is a built-in exception)."""
        return error.__name__ in self.bases

    def __str__(self):
        return f"{self.type_name}: {self.message}" if self.message else self.type_name


def raised(error: BaseException) -> Raised:
    """Describe an exception: class, message, and the student's line that it came from."""
    kind, trace, at, into = type(error), error.__traceback__, None, None
    bases = tuple(c.__name__ for c in kind.__mro__ if getattr(builtins, c.__name__, None) is c)
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == "__main__":
            file = trace.tb_frame.f_code.co_filename
            if at is None or at.tb_frame.f_code.co_filename != file:
                into = trace
            at = trace
        trace = trace.tb_next
    try:
        message = utf8(error)[:2000]
    except Exception:
        message = "(an exception whose message cannot be shown)"
    line = at.tb_lineno if at else 0
    source = linecache.getline(at.tb_frame.f_code.co_filename, line).strip() if at else ""
    function = utf8(into.tb_frame.f_code.co_qualname).replace("<module>", "") if into else ""
    return Raised(utf8(kind.__name__)[:80], bases, message, line, utf8(source)[:200], function[:80])


def utf8(text) -> str:
    """Return text that can be written anywhere: without lone surrogates."""
    return str(text).encode("utf-8", "replace").decode()
