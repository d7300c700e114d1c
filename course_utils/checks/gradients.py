"""Gradients of answers: a layer's backward pass after its own forward pass, whatever that computes.

`backward` makes of two answers one question, whose arguments are those of the forward pass behind `dout`.

>>> import numpy as np
>>> from course_utils.checks import args, backward, case, equal
>>> def double_forward(x):
...     return 2 * x, None
>>> def double_backward(dout, cache):
...     return dout
>>> equal(backward(double_backward, double_forward), [case(args(np.ones(2), np.zeros(2)), np.full(2, 2.0))])
Traceback (most recent call last):
...
course_utils.checks.message.CheckFailed: wrong values
  call:       _, cache = double_forward(np.array([0.0, 0.0]))
              double_backward(np.array([1.0, 1.0]), cache)
  expected:   array([2.0, 2.0])
  got:        array([1.0, 1.0])
  where:      all 2 elements differ, most at (0,): expected 2.0, got 1.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import (
    Args,
    ask_all,
    fail_alone,
    line_of,
    name_of,
    pairs,
    replies,
    result,
)
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.checks.directions import STEP, are_like, both_sides, directions, fit
from course_utils.checks.message import fail
from course_utils.checks.tables import Case, equal
from course_utils.checks.words import show
from course_utils.wire import Raised, probes


class Backward(Derived):
    """A backward pass with the forward pass before it; see `backward`."""

    def __init__(self, backward, forward):
        super().__init__(backward)
        self.backward, self.forward = backward, forward
        self.part = f"after {name_of(forward)}"

    def __call__(self, dout, /, *args, **kwargs):
        _, cache = self.forward(*args, **kwargs)
        return self.backward(dout, cache)

    def __course_calls__(self, calls):
        asked = [Args(*positional, **named) for positional, named in calls]
        if isinstance(self.forward, Derived):  # it is cut on this side of the wire
            return list(self._one_by_one(asked))
        return replies(self._both(), asked)

    def diagnose(self, one):
        """Fail if it is the forward pass that fails."""
        pairs(self.forward, [Args(*one.args[1:], **one.kwargs)])

    def excused(self, calls):
        """Return for each call whether its forward pass fails, or makes no output of the shape of `dout`.

        That has cost its points elsewhere.
        """
        made = [Args(*one.args[1:], **one.kwargs) for one in calls]
        outs = [back.value for back in replies(self.forward, made)]
        outs += [None] * (len(calls) - len(outs))
        douts = [one.args[0] for one in calls]
        return [_shape_of_out(o) != np.shape(d) for o, d in zip(outs, douts, strict=True)]

    def _one_by_one(self, asked):
        """Make the forward passes, and then the backward passes of those that came to an end."""
        made = replies(self.forward, [Args(*one.args[1:], **one.kwargs) for one in asked])
        caches = [
            Args(one.args[0], back.value[1])
            for one, back in zip(asked, made, strict=False)
            if _is_pair(back.value)
        ]
        found = iter(replies(self.backward, caches))
        for one, forth in zip(asked, made, strict=False):
            if not _is_pair(forth.value):
                missing = Raised("ValueError", ("ValueError",), "no pair of an output and a cache")
                value = forth.value if isinstance(forth.value, Raised) else missing
                yield replace(forth, value=value, args=(one.args[0], *forth.args), shares=())
                continue
            back = next(found, None)
            if back is None:
                return
            shares = tuple(pair for pair in back.shares if pair[1] == 0)
            after = (back.args[0], *forth.args)
            yield replace(back, args=after, kwargs=forth.kwargs, shares=shares)

    def _both(self):
        """Return a function that makes both passes where the answers are, one after the other."""
        return self.where_they_are("after") or partial(probes.after, self.backward, self.forward)

    def where_they_are(self, probe: str):
        """Return a function of `course_utils.wire.probes` about both answers; None where one is cut here."""
        if isinstance(self.forward, Derived) or isinstance(self.backward, Derived):
            return None
        remote = getattr(self.backward, "__course_with__", None)
        if remote:
            return remote(probe, self.forward)
        return partial(getattr(probes, probe), self.backward, self.forward)

    def __course_line__(self, one):
        dout, *arrays = one.args
        forward = line_of(self.forward, Args(*arrays, **one.kwargs))
        return f"_, cache = {forward}\n{self.__name__}({Args(dout)!r}, cache)"


def backward(backward, forward) -> Backward:
    """Return a question about a backward pass, asked with ``args(dout, *arguments of the forward pass)``.

    The forward pass is the answer's own, and makes the cache. References and misconceptions take the same
    arguments, ``(dout, x, w, b, stride, padding)`` say, and never see a cache. Of two functions of the test's
    own it makes such a reference.

    Parameters
    ----------
    backward, forward : callable
        Two answers: ``backward(dout, cache)``, and one that returns ``(out, cache)``.

    Raises
    ------
    CheckFailed
        When it is asked, if the forward pass raises something or returns no pair.
    """
    return Backward(backward, forward)


def upstream(draw: Callable, forward: Callable, *inputs) -> Args:
    """Draw `dout` for a forward pass; return the arguments that `backward` takes, ``args(dout, *inputs)``.

    Parameters
    ----------
    draw : callable
        From `course_utils.checks.draws`.
    forward : callable
        A forward pass of the test's own, for the shape of its output.
    inputs
        Its arguments.
    """
    out, _ = forward(*inputs)
    return Args(draw(*out.shape), *inputs)


def own_gradient(function: Backward, cases: Iterable[Case], rtol=1e-5, atol=1e-6) -> None:
    """Check that a backward pass is the gradient of the answer's own forward pass, whatever that computes.

    The float arrays that the forward pass takes are moved by 1e-5 to both sides: all together in two
    directions, and where the gradients do not fit what that gives, entry by entry. All of it is asked in
    few crossings, but arrays should not have more than a few dozen entries. Keep away from kinks: ties of a
    maximum, zeros of a ReLU.

    Parameters
    ----------
    function : Backward
        See `backward`.
    cases : iterable of Case
        ``args(dout, *arguments of the forward pass)``, and the gradients that follow from the contract. These
        are right too: where the forward pass is wrong, that has cost its points. A gradient that is wrong
        although the forward pass is right costs its points in other cells, here only where nothing is right.

    Raises
    ------
    CheckFailed
        Also where the forward pass does not depend on its first array, or `out` has another shape than `dout`.
    """
    tolerances, cases, table = (rtol, atol), list(cases), []
    fits = _fit_forward(function, cases, tolerances)
    right, cases = any(fits), [one for one, fine in zip(cases, fits, strict=True) if not fine]
    asked = [moved for one in cases for moved in _moved(one.call)]
    outs = [back.value for back in replies(function.forward, asked)]
    outs = iter(outs + [None] * (len(asked) - len(outs)))
    for one in cases:
        own = _own(function, one.call, outs)
        table += [(one, own if len(own) > 1 else own[0])] if own else []
        if not own:
            excuses.take()
    if not table and not right:
        dout, *inputs = cases[0].call.args
        forward = Args(*inputs, **cases[0].call.kwargs)
        expected = f"out, an array of shape {dout.shape}, and a cache"
        found = result(function.forward, *forward.args, **forward.kwargs)
        if not _is_pair(found):
            fail_alone(line_of(function.forward, forward), found)
        got = show(found)
        headline = "out has another shape than its windows ask for"
        fail(headline, line_of(function.forward, forward), expected, got)
    values = [back.value for _, back in ask_all(function, [one.call for one, _ in table])]
    for (one, own), value in zip(table, values, strict=False):
        passes = []
        for o, true, got in zip(*map(_several, (own, one.expected, value)), strict=False):
            fine = any(compare(choice, got, *tolerances) is None for choice in (o, true))
            right = right or fine
            passes.append(fine or compare(true, o, *tolerances) is None)
            if not fine or compare(o, got, *tolerances):
                excuses.take()
        if len(passes) < len(_several(own)) or not all(passes):
            _fail_own(function, one, own, passes, tolerances)
    for one, own in () if right else table:
        _fail_own(function, one, own, [], tolerances)


def _fit_forward(function, cases, tolerances):
    """Return for each case whether all gradients fit the answer's own forward pass in each direction.

    False, too, where anything is odd: shapes, kinds, a first gradient of zeros.
    """
    calls = [one.call for one in cases]
    moves = [directions([a for _, a in _arrays(call.args[1:])]) for call in calls]
    moved = [
        [_moved_along(call, move, step) for move in several for step in (STEP, -STEP)]
        for call, several in zip(calls, moves, strict=True)
    ]
    fits = []
    found = _gradients_and_outs(function, calls, moved)
    for call, several, (value, outs) in zip(calls, moves, found, strict=True):
        dout, *inputs = call.args
        gradients = _several(value)
        fine = are_like(gradients, [array for _, array in _arrays(inputs)])
        sums = [
            np.sum(dout * out)
            if isinstance(out, np.ndarray) and out.shape == dout.shape
            else np.nan
            for out in outs
        ]
        rows = [(up - down) / (2 * STEP) for up, down in zip(sums[::2], sums[1::2], strict=True)]
        fits.append(fine and fit(gradients, several, rows, tolerances) and gradients[0].any())
    return fits


def _gradients_and_outs(function, calls, moved):
    """Return for each call the gradients, and the outputs of the forward passes that are `moved`."""
    probe = function.where_they_are("along")
    if probe is not None:
        asked = [
            Args(dout, [list(one.args) for one in others], *inputs, **call.kwargs)
            for call, others in zip(calls, moved, strict=True)
            for dout, *inputs in [call.args]
        ]
        found = [back.value for back in replies(probe, asked)]
        found = [
            value if _is_pair(value) and isinstance(value[1], list) else (None, ())
            for value in found
        ]
        found += [(None, ())] * (len(calls) - len(found))
        return [
            (value, outs if len(outs) == len(others) else [None] * len(others))
            for (value, outs), others in zip(found, moved, strict=True)
        ]
    outs = [back.value for back in replies(function.forward, [one for row in moved for one in row])]
    outs = iter([out[0] if _is_pair(out) else None for out in outs] + [None] * len(calls) * 4)
    values = [back.value for back in replies(function, calls)]
    values += [None] * (len(calls) - len(values))
    return [(value, [next(outs) for _ in row]) for value, row in zip(values, moved, strict=True)]


def _moved_along(call, move, step):
    """Return the forward pass of a call with each array moved a step along a direction."""
    _, *inputs = call.args
    for (place, array), direction in zip(_arrays(inputs), move, strict=True):
        inputs[place] = array + step * direction
    return Args(*inputs, **call.kwargs)


def _own(function, call, outs):
    """Return the gradients of the answer's own forward pass, from what it gave for moved arrays.

    Nothing where `out` has not the shape of `dout`: that has cost its points.
    """
    dout, *inputs = call.args
    line = line_of(function.forward, Args(*inputs, **call.kwargs))
    out, gradients = next(outs), []
    moved = [[next(outs) for _ in range(2 * array.size)] for _, array in _arrays(inputs)]
    if _shape_of_out(out) != dout.shape:
        return ()
    for (_, array), rows in zip(_arrays(inputs), moved, strict=True):
        sums = np.array([_dot(dout, row) for row in rows])
        gradients.append(((sums[::2] - sums[1::2]) / (2 * STEP)).reshape(array.shape))
    if not all(np.isfinite(g).all() for g in gradients) or not gradients[0].any():
        headline = "out stays the same where its first argument is moved a little"
        fail(headline, line, "numbers that change with it", show(out))
    return tuple(gradients)


def _several(value):
    return value if isinstance(value, (tuple, list)) else (value,)


def _fail_own(function, one, own, passes, tolerances):
    """Fail with the first gradient that does not pass."""
    if isinstance(own, tuple) and passes:
        own = tuple(... if p else o for o, p in zip(own, passes, strict=False))
    rtol, atol = tolerances
    headline = f"not the gradient of your own {name_of(function.forward)}"
    equal(function, [Case(one.call, own)], rtol=rtol, atol=atol, headline=headline)


def _arrays(values):
    """Return the float arrays among arguments, with their places."""
    return [
        (place, value)
        for place, value in enumerate(values)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f"
    ]


def _moved(call):
    """Yield the forward pass of a call, then the same with each entry of each array moved up, and down."""
    _, *inputs = call.args
    yield Args(*inputs, **call.kwargs)
    for place, array in _arrays(inputs):
        for other in both_sides(array):
            yield Args(*inputs[:place], other, *inputs[place + 1 :], **call.kwargs)


def _is_pair(value):
    return isinstance(value, (tuple, list)) and len(value) == 2


def _shape_of_out(value):
    """Return the shape of the first of two results; None if there is no such array."""
    return value[0].shape if _is_pair(value) and isinstance(value[0], np.ndarray) else None


def _dot(dout, value):
    return np.sum(dout * value[0]) if _shape_of_out(value) == dout.shape else np.nan
