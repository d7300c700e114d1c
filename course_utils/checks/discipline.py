"""What a contract says beside the values, each for a table of cases: dtypes, inputs, the cache.

An answer that is wrong about the values has lost their points elsewhere: what it gets wrong in a case is not
asked here, unless it gets nothing right.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, ask_all, fail_raised, line_of, pairs, replies
from course_utils.checks.compare import compare
from course_utils.checks.contract import dtypes_of, no_view_of, unchanged_by
from course_utils.checks.gradients import Backward
from course_utils.checks.message import fail
from course_utils.checks.randomness import converted
from course_utils.checks.tables import Case, equal, is_less, is_nothing, right_parts
from course_utils.checks.words import kind, show, with_article
from course_utils.wire import Handle, Raised, Reply, probes

FIRST = (1e-6, 1e-8)  # tolerances of float64
HALF = (1e-3, 1e-4)  # of float32, where sums may be taken in any order
SECOND = "the second time: the first call changes the cache"
LOST = "an array made without a dtype, which is float64: give it that of the argument"


def keeps_dtype(function, cases: Iterable[Case]) -> None:
    """Check that results have the dtype of the arguments, float32 and float64, and the right values.

    Parameters
    ----------
    function : callable
        An answer, or `backward` of two.
    cases : iterable of Case
        In float64; each is asked in both. Results that are ``...`` may be anything.

    Raises
    ------
    CheckFailed
    """
    cases = list(cases)
    kinds = [np.float64] * len(cases) + [np.float32] * len(cases)
    calls = [_in(one.call, dtype) for dtype, one in zip(kinds, cases * 2, strict=True)]
    asked = list(zip(kinds, cases * 2, ask_all(function, calls), strict=False))
    full = _asked_for(function, [(one, back.value) for _, one, (_, back) in asked[: len(cases)]])
    for number, (dtype, _, (call, back)) in enumerate(asked):
        if full[number % len(cases)] is ...:
            continue
        if isinstance(back.value, Raised):
            fail_raised(function, call, back.value)
        for place, wanted, part in _named_parts(full[number % len(cases)], back.value):
            found = dtypes_of(part) or [with_article(kind(part))]
            if any(words != np.dtype(dtype).name for words in found):
                expected = f"{np.dtype(dtype)}, the dtype of its arguments"
                lost = found[0] == "float64" and LOST
                fail("wrong dtype", line_of(function, call), expected, found[0], place, lost or "")
            if compare(wanted, part, *(HALF if dtype is np.float32 else FIRST)):
                equal(function, [Case(call, full[number % len(cases)])], rtol=HALF[0], atol=HALF[1])


def keeps_inputs(function, cases: Iterable[Case]) -> None:
    """Check that arguments stay as they are, and that results share no memory with them.

    Parameters
    ----------
    function : callable
        An answer, or `backward` of two.
    cases : iterable of Case
        Results that are ``...`` may be anything, and share memory with anything.

    Raises
    ------
    CheckFailed
    """
    cases = list(cases)
    calls = [one.call for one in cases]
    asked = list(zip(cases, ask_all(function, calls), strict=False))
    full = _asked_for(function, [(one, back.value) for one, (_, back) in asked])
    rows = [(*pair, want) for (_, pair), want in zip(asked, full, strict=True) if want is not ...]
    for call, back, _ in rows:
        unchanged_by(function, call, back)
    for call, back, want in rows:
        several = isinstance(want, tuple)
        entries = [i for i, e in enumerate(want) if e is not ...] if several else None
        no_view_of(function, call, back, entries)


def keeps_cache(function: Backward, cases: Iterable[Case]) -> None:
    """Check that a backward pass can be called again, after other forward passes, and changes nothing.

    Between the calls stand forward passes with other arrays of the same shapes, so that a cache which is kept
    anywhere but in the cache gives another result. Arrays in the cache are compared before and after.

    Parameters
    ----------
    function : Backward
        See `course_utils.checks.backward`.
    cases : iterable of Case

    Raises
    ------
    CheckFailed
    """
    calls = [_Calls(function, one) for one in cases]
    if not _ask_at_once(function, calls):
        for call in calls:
            _ask(function, call)
    wanted = _asked_for(function, [(c.case, c.first.value) for c in calls])
    for one, want in zip(calls, wanted, strict=True):
        if want is ...:
            continue
        one.check_arguments()
        _compare_again(one, want, one.again, SECOND)
        _compare_again(one, want, one.last, "after another forward pass: all belongs in the cache")


class _Calls:
    """One case: a forward pass, its backward pass twice, another forward pass, and the backward pass again."""

    def __init__(self, function, one):
        self.function, self.case, self.line = function, one, line_of(function, one.call)
        self.dout, *inputs = one.call.args
        self.forward = Args(*inputs, **one.call.kwargs)
        self.first = self.again = self.last = self.of_other = Reply(None)
        self.before: dict = {}
        self.after: dict = {}

    def back(self, cache):
        """Return the backward pass after a forward pass that gave this cache."""
        return Args(self.dout, cache)

    def check_arguments(self):
        """Compare dout and the arrays in the cache before and after."""
        if not np.array_equal(self.first.args[0], self.dout):
            fail(
                "the call changes its dout",
                self.line,
                looks_like="working in place: copy dout first",
            )
        for place, array in self.before.items():
            if place in self.after and not _same(array, self.after[place]):
                fail("the call changes an array in its cache", self.line, show(array),
                     show(self.after[place]), place,
                     looks_like="working in place: the cache may be needed again")  # fmt: skip
        if self.first.shares:
            what = "dout" if self.first.shares[0][1] == 0 else "cache"
            fail(f"the result is a view of its {what}", self.line, "a new array",
                 f"an array that changes with {what}",
                 looks_like="returning an argument, or a view of it: return a copy")  # fmt: skip


def _ask_at_once(function, calls) -> bool:
    """Ask all steps of all cases in one crossing, where both answers are; return whether that tells all.

    It does not where something is raised, or an argument changes or is shared: `_ask` tells what and where.
    """
    probe = function.where_they_are("cached")
    if probe is None:
        return False
    asked = [
        Args(call.dout, list(_other(call.forward).args), *call.forward.args, **call.forward.kwargs)
        for call in calls
    ]
    found = [(back.value, back.args[:1]) for back in replies(probe, asked)]
    if len(found) < len(calls):
        return False
    for call, (value, after) in zip(calls, found, strict=True):
        if not isinstance(value, list) or len(value) != 7:
            return False
        *results, shares, before, later = value
        arrays = isinstance(before, dict) and isinstance(later, dict)
        if shares or not arrays or not np.array_equal(after[0], call.dout):
            return False
        if not all(_same(array, later.get(place, array)) for place, array in before.items()):
            return False
        call.first, call.again, call.last, call.of_other = (Reply(r, after) for r in results)
    return True


def _ask(function, call):
    """Ask one case step by step."""
    [made] = replies(function.forward, [call.forward])
    if not isinstance(made.value, (tuple, list)) or len(made.value) != 2:
        # No cache: it has cost its points.
        missing = made.value if isinstance(made.value, Raised) else None
        call.first = replace(made, value=missing)
        return
    cache = made.value[1]
    call.before = _arrays_in(function, cache)
    [call.first] = replies(function.backward, [call.back(cache)])
    if isinstance(call.first.value, Raised):
        return
    cache = call.first.args[1]
    call.after = _arrays_in(function, cache)
    [call.again] = replies(function.backward, [call.back(cache)])
    [(_, newer)] = pairs(function.forward, [_other(call.forward)])
    call.last, *more = replies(function.backward, [call.back(cache), call.back(newer)])
    call.of_other = next(iter(more), call.of_other)


def _compare_again(one, wanted, back, when):
    """Compare a later result with the first one, where something is wanted."""
    if isinstance(back.value, Raised):
        fail_raised(one.function, one.case.call, back.value, f"the same result {when}")
    was = one.first.value
    if isinstance(wanted, tuple) and isinstance(was, (tuple, list)):
        was = tuple(... if w is ... else part for w, part in zip(wanted, was, strict=False))
    difference = compare(was, back.value, *FIRST)
    if difference is None:
        return
    overwritten = compare(one.of_other.value, back.value, *FIRST) is None
    sentence = "keeping the arrays in a global, which the latest forward pass overwrites"
    fail(f"another result {when}", one.line, show(was), show(back.value), difference.where(),
         sentence if overwritten else "")  # fmt: skip


def _asked_for(function, asked):
    """Return what is expected of each case: what the answer gets right, all of it where that is nothing."""
    right = [right_parts(one.expected, value, FIRST) for one, value in asked]
    expected = [one.expected for one, _ in asked]
    if is_nothing(right, expected):
        equal(function, [one for one, _ in asked], rtol=FIRST[0], atol=FIRST[1])
    if any(map(is_less, right, expected)):
        excuses.take()
    return right


def _named_parts(wanted, value):
    """Return the results that are expected, each with words for its place."""
    if not isinstance(wanted, tuple):
        return [] if wanted is ... else [("", wanted, value)]
    parts = zip(wanted, value, strict=True) if isinstance(value, (tuple, list)) else ()
    return [(f"entry {i}", w, v) for i, (w, v) in enumerate(parts) if w is not ...]


def _in(call, dtype):
    """Return a call with its float arrays in another dtype."""

    def other(value):
        floats = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        return converted(value, dtype) if floats else value

    return Args(*map(other, call.args), **{k: other(v) for k, v in call.kwargs.items()})


def _other(call):
    """Return a call with other numbers in arrays of the same shapes."""

    def other(value):
        floats = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        return 1 - value[..., ::-1] if floats else value

    return Args(*map(other, call.args), **{k: other(v) for k, v in call.kwargs.items()})


def _arrays_in(function, cache) -> dict:
    """Return the arrays in a cache, each with words for its place; of an object they are looked for inside."""
    if isinstance(cache, np.ndarray):
        return {"the cache": cache.copy()}
    if isinstance(cache, (list, tuple)):
        parts = enumerate(cache)
    elif isinstance(cache, dict):
        parts = cache.items()
    elif isinstance(cache, Handle):
        remote = getattr(function.backward, "__course_probe__", None)
        look = remote("arrays", "the cache") if remote else probes.arrays
        [found] = replies(look, [Args(cache)])
        return {} if isinstance(found.value, Raised) else dict(found.value)
    else:
        return {}
    return {
        f"entry {key!r} of the cache"
        if place == "the cache"
        else f"{place}, in entry {key!r}": array
        for key, part in parts
        for place, array in _arrays_in(function, part).items()
    }


def _same(a, b):
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)):
        return False
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
