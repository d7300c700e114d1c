"""An answer that calls others: what those get wrong is charged where they are tested.

>>> from course_utils.checks import args, case, equal
>>> def double(n):
...     return 3 * n  # wrong
>>> def quadruple(n):
...     return double(double(n))
>>> def right(n):
...     return 4 * n
>>> asked = on_its_own(quadruple, right, {"double": lambda n: 2 * n})
>>> equal(asked, [case(args(2), 8)])
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, name_of, replies
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.wire import Raised, Reply, probes

# In place of what did not come back: it may have been another answer that ended the process.
ENDED = Raised("Ended", (), "the answer's process ended")


def on_its_own(
    function: Callable,
    reference: Callable,
    others: Mapping[str, Callable],
    rtol: float = 1e-6,
    atol: float = 1e-8,
    agrees: Callable | None = None,
    near: tuple[float, float] = (0.0, 0.0),
) -> Derived:
    """Return a question about an answer, as if the other answers that it calls by their names were right.

    What it gets wrong, or what changes an argument, is asked again, with right functions in the place of the
    others: callbacks to the test. A result that is right then takes the place of the wrong one.

    Parameters
    ----------
    function : callable
        An answer.
    reference : callable
        Returns what is right, or raises ValueError where a call must be refused.
    others : mapping of str to callable
        Right functions, by the names of the answers that they stand in for.
    rtol, atol : float
        As for `course_utils.checks.equal`.
    agrees : callable, optional
        Tells from the `Args` of a call and its result whether that is right, in place of the comparison with
        `reference`; never so of `ENDED`.
    near : tuple of float, optional
        Tolerances, relative and absolute, within which a wrong result needs no excuse: another answer that
        computes in float32 is right where it is tested, and charged nowhere.
    """
    return _OnItsOwn(function, reference, others, (rtol, atol), agrees, near)


class _OnItsOwn(Derived):
    def __init__(self, function, reference, others, tolerances, agrees, near):
        super().__init__(function)
        self._is_right = agrees or (lambda one, value: self._agrees(one, value, tolerances))
        self._reference, self._near = reference, near
        self._others = {name: _standing(right) for name, right in others.items()}

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        found = replies(self._function, asked)
        came = [*found, *[Reply(ENDED)] * (len(asked) - len(found))]
        pairs = enumerate(zip(asked, came, strict=True))
        wrong = [i for i, (one, back) in pairs if not self._is_fine(one, back)]
        again = self._again([asked[i] for i in wrong]) if wrong else []
        for i, back in itertools.zip_longest(wrong, again):
            if back is not None and self._is_right(asked[i], back.value):
                if not self._agrees(asked[i], came[i].value, self._near):
                    excuses.take()
                found[i : i + 1] = [replace(back, args=tuple(back.args[-1]), shares=())]
            elif i >= len(found):
                break  # with this call the answer's process ended again
        return found

    def _is_fine(self, one, back):
        """Whether a result is right and the call left the arrays that it was given as they were."""
        if not self._is_right(one, back.value):
            return False
        given, after = [*one.args, *one.kwargs.values()], [*back.args, *back.kwargs.values()]
        arrays = [
            pair for pair in zip(given, after, strict=True) if isinstance(pair[0], np.ndarray)
        ]
        return all(np.array_equal(was, now, equal_nan=True) for was, now in arrays)

    def _agrees(self, one, value, tolerances):
        try:
            expected = one.on(self._reference)
        except ValueError:
            return isinstance(value, Raised) and value.is_a(ValueError)
        return compare(expected, value, *tolerances) is None

    def _again(self, calls) -> list[Reply]:
        """Ask with right functions in the place of the others."""
        remote = getattr(self._function, "__course_with__", None)
        calls = [Args(self._others, list(one.args), **one.kwargs) for one in calls]
        if remote is None:
            return replies(partial(probes.standing_in, self._function), calls)
        others = [SimpleNamespace(__name__=name) for name in self._others]
        while True:
            where = remote("standing_in", *others)
            where.__name__ += "."  # it may have ended under its own name
            back = replies(where, calls)
            there = [other for other in others if not _is_missing(other.__name__, back)]
            if len(there) == len(others):
                return back
            others = there


def _is_missing(name, back):
    """Whether nothing was asked, because there is no answer of this name."""
    value = back[0].value if back else None
    undefined = isinstance(value, Raised) and value.type_name == "NotDefined"
    return undefined and value.message == f"{name} is not defined"


def _standing(right):
    """Return a function as `probes.standing_in` takes it: whether there is a result, and that or a message."""

    def stand_in(*args, **kwargs):
        try:
            return True, right(*args, **kwargs)
        except ValueError as error:
            return False, str(error)

    stand_in.__name__ = name_of(right)
    return stand_in
