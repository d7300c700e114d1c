"""What is asked like an answer but made of one: some columns of its rows, one of its results.

A wrong shape then does not cost the points for the weights in the next column.

>>> from course_utils.checks import args, case, columns, entry, equal
>>> def squares(n):
...     return [(i, i * i) for i in range(n)]
>>> equal(columns(squares, 1), [case(args(3), [0, 1, 4])])
>>> equal(entry(divmod, 1), [case(args(7, 3), 1)])
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

from course_utils.checks.ask import Args, args, name_of, replies
from course_utils.wire import Reply, Side, is_plain


class Derived:
    """Asked like the answer that it is made of; it has the answer's name and docstring.

    Attributes
    ----------
    part : str
        Which part of the answer's results it has, '' for all.
    """

    part = ""

    def __init__(self, function):
        self._function = function
        self.__name__, self.__doc__ = name_of(function), function.__doc__
        self._of = getattr(function, "part", "")

    def __call__(self, *args, **kwargs):
        return self.cut(self._function(*args, **kwargs))

    def __course_call__(self, args, kwargs):
        [reply] = self.__course_calls__([(args, kwargs)])
        return reply

    def __course_calls__(self, calls):
        asked = [args(*positional, **named) for positional, named in calls]
        back = replies(self._function, asked)
        return [Reply(self.cut(r.value), r.args, r.kwargs, r.shares) for r in back]

    def __course_line__(self, one):
        line = getattr(self._function, "__course_line__", None)
        return line(one) if line else f"{self.__name__}({one!r})"

    def cut(self, result):
        """Return the part of a result of the answer's, or of a function of the test's in its place."""
        return result

    def expected(self, value):
        """Return what a case expects as it is compared."""
        return value

    def excused(self, calls):
        """Return for each call whether what is wrong with it has cost its points elsewhere."""
        inner = getattr(self._function, "excused", None)
        return inner(calls) if inner else [False] * len(calls)

    def diagnose(self, one):
        """Fail, where one of several answers is the cause of an exception, with what that one raised."""
        inner = getattr(self._function, "diagnose", None)
        if inner:
            inner(one)


class _Columns(Derived):
    def __init__(self, function, places):
        super().__init__(function)
        self.places, self.part = places, f"{self._of} columns {places}".strip()

    def cut(self, result):
        most = max(self.places)
        if not _is_sequence(result) or not all(_is_sequence(r) and len(r) > most for r in result):
            return result
        rows = [tuple(row[place] for place in self.places) for row in result]
        return [row[0] for row in rows] if len(self.places) == 1 else rows


class _Entry(Derived):
    def __init__(self, function, place):
        super().__init__(function)
        self.place, self.part = place, f"{self._of} entry {place}".strip()

    def cut(self, result):
        if isinstance(result, dict):
            return result.get(self.place, result)
        fits = _is_sequence(result) and isinstance(self.place, int)
        fits = fits and -len(result) <= self.place < len(result)
        return result[self.place] if fits else result


class _Entries(Derived):
    def __init__(self, function, places):
        super().__init__(function)
        self.places, self.part = places, f"{self._of} entries {places}".strip()

    def cut(self, result):
        if not _is_sequence(result) or len(result) <= max(self.places):
            return result
        return tuple(result[place] for place in self.places)


class _Once(Derived):
    def __init__(self, function):
        super().__init__(function)
        self.part, self._kept = self._of, {}

    def __course_calls__(self, calls):
        keys = [_key(positional, named) for positional, named in calls]
        asked = dict(zip(keys, calls, strict=True))
        new = {key: args(*asked[key][0], **asked[key][1]) for key in asked if key not in self._kept}
        if new:
            self._kept |= zip(new, replies(self._function, new.values()), strict=False)
        return [self._kept[key] for key in itertools.takewhile(self._kept.__contains__, keys)]


def _key(positional, named):
    """Return what tells the arguments of one call from others; ``True`` is not 1."""
    plain = is_plain(positional) and is_plain(named.values())
    return repr((positional, named)) if plain else Side().encode_call(positional, named)


def once(function: Callable, calls: Iterable[Args] = ()) -> Derived:
    """Return `function`, which is asked each call once; when it is asked again, the answer is remembered.

    Several tables about the same calls, and questions that decide what is asked next, then take one crossing.

    Parameters
    ----------
    function : callable
        An answer.
    calls : iterable of Args
        What to ask at once, in this order; their arguments are plain data.
    """
    asked = _Once(function)
    replies(asked, calls)
    return asked


def columns(function: Callable, *places: int) -> Derived:
    """Return `function` with its result, a list of rows, cut down to some entries of each row.

    Parameters
    ----------
    function : callable
        An answer, which is called through the wire, or a function of the test's own.
    places : int
        Which entries of a row, counted from 0. With one place a row becomes that entry, with several a
        tuple. A result that has no such entries is left as it is.
    """
    return _Columns(function, places)


def entry(function: Callable, place: int | str) -> Derived:
    """Return `function` with its result, a tuple, list or dict, cut down to one entry, -1 for the last.

    Other results, and those that have no such entry, are left as they are.
    """
    return _Entry(function, place)


def entries(function: Callable, *places: int) -> Derived:
    """Return `function` with its result, a tuple or list, cut down to a tuple of some entries.

    Of a forward pass that returns ``(out, cache, running)`` it makes one that `backward` can ask:
    ``entries(batchnorm_forward, 0, 1)``. Results that have no such entries are left as they are.
    """
    return _Entries(function, places)


def cut_by(function, result):
    """Return the part of a result that `function` asks for, if it is derived; the whole otherwise."""
    return function.cut(result) if isinstance(function, Derived) else result


def expected_of(function, value):
    """Return what a case expects of `function`, as it is compared."""
    return function.expected(value) if isinstance(function, Derived) else value


def changes_expected(function) -> bool:
    """Whether `expected_of` gives anything else than the value."""
    return isinstance(function, Derived) and type(function).expected is not Derived.expected


def _is_sequence(value):
    return isinstance(value, (list, tuple))
