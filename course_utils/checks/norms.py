"""Batch normalisation: what is expected of a backward pass after a forward pass that may be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, replies
from course_utils.checks.compare import compare
from course_utils.checks.gradients import Backward
from course_utils.checks.tables import Case

EXACT, CLOSE = (1e-9, 1e-9), (1e-5, 1e-7)


def after_norm(function: Backward, cases: Iterable[Case]) -> list[Case]:
    """Return cases of a backward pass with what is expected after the answer's own forward pass.

    Backward passes take xhat and the deviation from the cache, so that a mistake of the forward pass shows in
    them. It has cost its points: right is then the true gradient all the same, or the formula with the xhat
    that can be seen in `out`, and with the factor between it and x for the deviation.

    Parameters
    ----------
    function : Backward
        See `course_utils.checks.backward`.
    cases : iterable of Case
        ``args(dout, x, gamma, beta, running, train, momentum, eps)``, and ``(dx, dgamma, dbeta)``.
    """
    cases = list(cases)
    outs = _values(function.forward, [Args(*one.call.args[1:]) for one in cases])
    gradients = _values(function, [one.call for one in cases])
    return [_after(*row) for row in zip(cases, outs, gradients, strict=True)]


def _values(function, calls):
    found = [back.value for back in replies(function, calls)]
    return found + [None] * (len(calls) - len(found))


def _after(one, value, gradients):
    dout, x, gamma, beta, *_, eps = one.call.args
    out = value[0] if isinstance(value, (tuple, list)) and len(value) == 2 else None
    several = isinstance(gradients, (tuple, list)) and len(gradients) == 3
    if not several or not isinstance(out, np.ndarray) or out.shape != x.shape:
        return one
    centred = x - x.mean(axis=0)
    if compare(gamma * centred / np.sqrt(x.var(axis=0) + eps) + beta, out, *EXACT) is None:
        return one
    xhat = (out - beta) / gamma
    spread = np.ptp(xhat, axis=0)
    if not np.isfinite(xhat).all() or not spread.all():
        return one
    excuses.take()
    dbeta, dgamma = dout.sum(axis=0), (dout * xhat).sum(axis=0)
    inner = dout - (dbeta + xhat * dgamma) / len(x)
    own = (gamma * spread / np.ptp(x, axis=0) * inner, dgamma, dbeta)
    rows = zip(one.expected, own, gradients, strict=True)
    expected = tuple(t if compare(t, got, *CLOSE) is None else o for t, o, got in rows)
    return replace(one, expected=expected)
