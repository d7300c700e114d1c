"""Some columns of a table that an answer returns, so that a test can ask about one thing at a time.

A wrong shape then does not cost the points for the weights in the next column.

>>> from course_utils.checks import args, case, columns, equal
>>> def squares(n):
...     return [(i, i * i) for i in range(n)]
>>> equal(columns(squares, 1), [case(args(3), [0, 1, 4])])
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from course_utils.checks.ask import args, name_of, replies


def columns(function: Callable, *places: int) -> Columns:
    """Return `function` with its result, a list of rows, cut down to some entries of each row.

    Parameters
    ----------
    function : callable
        An answer, which is called through the wire, or a function of the test's own.
    places : int
        Which entries of a row, counted from 0. With one place a row becomes that entry, with several a
        tuple. A result that has no such entries is left as it is.
    """
    return Columns(function, places)


class Columns:
    """What `columns` returns; it has the name and the docstring of the function."""

    def __init__(self, function, places):
        self._function, self._places = function, places
        self.__name__, self.__doc__ = name_of(function), function.__doc__

    def __call__(self, *args, **kwargs):
        return self._cut(self._function(*args, **kwargs))

    def __course_call__(self, args, kwargs):
        [reply] = self.__course_calls__([(args, kwargs)])
        return reply

    def __course_calls__(self, calls):
        asked = [args(*positional, **named) for positional, named in calls]
        return [
            replace(reply, value=self._cut(reply.value)) for reply in replies(self._function, asked)
        ]

    def _cut(self, rows):
        most = max(self._places)
        if not _is_sequence(rows) or not all(_is_sequence(r) and len(r) > most for r in rows):
            return rows
        cut = [tuple(row[place] for place in self._places) for row in rows]
        return [row[0] for row in cut] if len(self._places) == 1 else cut


def _is_sequence(value):
    return isinstance(value, (list, tuple))
