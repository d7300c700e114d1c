"""Compare what an answer returned with what was expected.

Both are plain data (see `course_utils.wire`). Lists and tuples count as the same, nested lists as arrays,
tensors as arrays; integers must be integers, since a count is right or wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from course_utils.checks import differences
from course_utils.checks.words import kind, other_kind, show, with_article
from course_utils.wire import Raised, array_of_tensor, is_tensor, widened

_SIMPLE = frozenset((int, str, bool, type(None)))
SEARCHED = 100_000  # elements; in an array of the wrong shape that is larger, nothing is looked for


@dataclass
class Difference:
    """The first difference between two values.

    Attributes
    ----------
    headline : str
    expected, got : object
        The parts that differ.
    find : callable
        Finds the details.
    path : list of str
        Where the parts stand in the whole, from the outside in.
    """

    headline: str
    expected: object
    got: object
    find: Callable[[], list[str]] = list
    path: list[str] = field(default_factory=list)

    @cached_property
    def details(self) -> list[str]:
        """Where and how they differ, if they are arrays: found when asked for, since it takes a while."""
        return self.find()

    def inside(self, place: str) -> Difference:
        """Say where in something larger the whole stands."""
        self.path.insert(0, place)
        if self.headline == "nothing was returned":
            self.headline = f"None, not {with_article(kind(self.expected))}"
        return self

    def where(self) -> str:
        """Return the place, "entry 3 ('conv2'), item 2", and the details."""
        outer, *inner = self.path or [""]
        inner = [f"item{p[5:]}" if p.startswith("entry ") else p for p in inner]
        place = ", ".join([outer, *inner])
        first, *more = self.details or [""]
        return "\n".join([": ".join(filter(None, (place, first))), *more])


def compare(expected, got, rtol: float = 1e-7, atol: float = 0.0) -> Difference | None:
    """Return the first difference, None if there is none.

    Parameters
    ----------
    expected, got : plain data
        An ``...`` in `expected` stands for anything.
    rtol, atol : float
        Tolerances for floating-point numbers.

    Raises
    ------
    TypeError
        If a test expects something that cannot be compared.

    Examples
    --------
    >>> difference = compare([(1, 2), (3, 4)], [(1, 2), (3, 5)])
    >>> difference.headline, difference.expected, difference.got, difference.where()
    ('wrong value', 4, 5, 'entry 1, item 1')
    >>> compare((1.0, ...), [1, "anything"]) is None
    True
    """
    if type(expected) is type(got) and type(got) in _SIMPLE:  # most of what is compared
        if expected == got:
            return None
    else:
        expected, got = _without_tensors(expected), _without_tensors(got)
    if isinstance(got, Raised):
        return Difference(f"raised {got.type_name}", expected, got)
    if expected is ...:
        return None
    if isinstance(expected, (bool, np.bool, str, bytes)) or expected is None:
        value = got.item() if _is_scalar(got) else got
        same = kind(value) == kind(expected) and value == expected
        return None if same else Difference(other_kind(expected, got), expected, got)
    if isinstance(expected, (int, np.integer)):
        return _compare_integers(expected, got)
    if isinstance(expected, (float, complex, np.ndarray, np.generic)):
        return _compare_arrays(expected, got, rtol, atol)
    if isinstance(expected, (list, tuple, range)):
        return _compare_sequences(expected, got, rtol, atol)
    if isinstance(expected, dict):
        return _compare_dicts(expected, got, rtol, atol)
    raise TypeError(f"a test cannot expect {with_article(kind(expected))}")


def _compare_integers(expected, got):
    value = got.item() if _is_scalar(got) else got
    if isinstance(value, float) and value == expected:
        return Difference("a float, not an integer", expected, got)
    if not isinstance(value, (int, float)):
        return Difference(other_kind(expected, got), expected, got)
    return None if value == expected else Difference("wrong value", expected, got)


def _compare_arrays(expected, got, rtol, atol):
    wanted, numbers = differences.as_numbers(expected), differences.as_numbers(got)
    if wanted is None:
        raise TypeError(f"a test cannot expect an array of dtype {np.asarray(expected).dtype}")
    if numbers is None and isinstance(got, (list, tuple)):
        return Difference(_why_no_array(got), expected, got)
    if numbers is None or isinstance(got, bool):
        return Difference(other_kind(expected, got), expected, got)
    if wanted.shape != numbers.shape:
        if max(wanted.size, numbers.size) > SEARCHED:
            return Difference("wrong shape", expected, got)
        return Difference("wrong shape", expected, got, partial(differences.where, wanted, numbers))
    if differences.equal(wanted, numbers, rtol, atol):
        return None
    if not wanted.ndim:
        return Difference("wrong value", expected, got)
    found = partial(differences.where, wanted, numbers, rtol, atol)
    return Difference("wrong values", expected, got, found)


def _why_no_array(got):
    try:
        np.asarray(got)
    except ValueError:
        return "a ragged list, not an array"
    return "a list that holds more than numbers"


def _compare_sequences(expected, got, rtol, atol):
    kinds = [*map(type, expected)]
    if (
        _SIMPLE.issuperset(kinds)
        and type(got) in (list, tuple)
        and kinds == [*map(type, got)]
        and [*expected] == [*got]
    ):  # most rows of a table
        return None
    results = any(isinstance(_without_tensors(part), np.ndarray) for part in expected)
    if isinstance(got, np.ndarray) and got.ndim and not results:
        got = got.tolist()
    if not isinstance(got, (list, tuple)):
        return Difference(other_kind(expected, got), expected, got)
    if len(expected) != len(got):
        headline = "wrong number of results" if results else "wrong length"
        counts = f"{len(got)} {'entry' if len(got) == 1 else 'entries'}, {len(expected)} expected"
        return Difference(headline, expected, got, lambda: [counts])
    for index, (e, g) in enumerate(zip(expected, got, strict=True)):
        difference = compare(e, g, rtol, atol)
        if difference:
            row = isinstance(e, (list, tuple)) and e and isinstance(e[0], str)
            return difference.inside(f"entry {index} ({e[0]!r})" if row else f"entry {index}")
    return None


def _compare_dicts(expected, got, rtol, atol):
    if not isinstance(got, dict):
        return Difference(other_kind(expected, got), expected, got)
    missing = [show(key, 40) for key in expected if key not in got]
    extra = [show(key, 40) for key in got if key not in expected]
    lists = {"missing": missing, "not asked for": extra}
    if missing or extra:
        found = [f"{words}: {', '.join(keys[:6])}" for words, keys in lists.items() if keys]
        return Difference("wrong keys", expected, got, lambda: found)
    for key in expected:
        difference = compare(expected[key], got[key], rtol, atol)
        if difference:
            return difference.inside(f"key {show(key, 40)}")
    return None


def _is_scalar(value):
    return isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _without_tensors(value):
    return widened(*array_of_tensor(value)) if is_tensor(type(value)) else value
