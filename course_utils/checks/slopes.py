"""Check that gradients beside a loss are the slopes of that loss."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from course_utils.checks import known
from course_utils.checks.ask import Args, line_of, pairs, replies
from course_utils.checks.directions import STEP, are_like, both_sides, directions, fit
from course_utils.checks.message import fail
from course_utils.checks.tables import Case, as_compared, equal


def own_slopes(function, calls: Iterable[Args], rtol=1e-5, atol=1e-7) -> None:
    """Check that the gradients beside a loss are the slopes of that loss, whatever it computes.

    Parameters
    ----------
    function : callable
        An answer that takes a dict of parameters and returns ``(loss, gradients)``; for a method of an object
        see `Made.method`.
    calls : iterable of Args
        Keep away from kinks.

    Raises
    ------
    CheckFailed
    """
    calls, asked = list(calls), []
    if _fit_losses(function, calls, (rtol, atol)):
        return
    for call in calls:
        for key, value in _params_of(call).items():
            asked += [_with_params(call, {key: other}) for other in both_sides(value)]
    losses = iter(pairs(function, asked))
    cases = []
    for call in calls:
        slopes = {}
        for key, value in _params_of(call).items():
            pair = np.array(
                [_number(function, call, next(losses)[0]) for _ in range(2 * value.size)]
            )
            slopes[key] = ((pair[::2] - pair[1::2]) / (2 * STEP)).reshape(value.shape)
        cases.append(Case(call, (..., slopes)))
    equal(function, cases, rtol=rtol, atol=atol, headline="not the gradient of your loss")


def _fit_losses(function, calls, tolerances):
    """Whether the gradients of each call fit its loss in each direction."""
    asked, moves = [], [directions([*_params_of(call).values()]) for call in calls]
    for call, several in zip(calls, moves, strict=True):
        params = _params_of(call)
        asked.append(call)
        for move in several:
            rows = list(zip(params.items(), move, strict=True))
            for step in (STEP, -STEP):
                moved = {key: value + step * direction for (key, value), direction in rows}
                asked.append(_with_params(call, moved))
    values = [back.value for back in replies(function, asked)]
    if len(values) < len(asked) or not all(map(_is_pair, values)):
        return False
    values, cases = iter(values), []
    for call, several in zip(calls, moves, strict=True):
        (_, found), params = next(values), _params_of(call)
        rows = [(next(values)[0], next(values)[0]) for _ in several]
        if not isinstance(found, dict) or found.keys() != params.keys():
            return False
        gradients = [found[key] for key in params]
        if not all(_is_number(loss) for row in rows for loss in row):
            return False
        slopes = [(float(up) - float(down)) / (2 * STEP) for up, down in rows]
        if not are_like(gradients, [*params.values()]):
            return False
        if not fit(gradients, several, slopes, tolerances):
            return False
        cases.append(Case(call, (..., found)))
    known.note(function, as_compared(function, cases))
    return True


def _params_of(call):
    return next(value for value in call.args if isinstance(value, dict))


def _with_params(call, params):
    """Return a call with other arrays in its dict of parameters."""
    changed = (part | params if isinstance(part, dict) else part for part in call.args)
    return Args(*changed, **call.kwargs)


def _number(function, call, loss):
    if not _is_number(loss):
        fail("the loss is not a number", line_of(function, call), "a number", loss)
    return float(loss)


def _is_number(loss):
    numbers = int, float, np.generic, np.ndarray
    return isinstance(loss, numbers) and not np.shape(loss)


def _is_pair(value):
    return isinstance(value, (tuple, list)) and len(value) == 2
