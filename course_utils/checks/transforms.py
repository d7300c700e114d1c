"""Transforms of data, ``(train, x, …) -> x``: do their statistics come from the training set?

A transform that is wrong, but takes them from there, has cost its points where `x` is the training set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from course_utils.checks import excuses, known
from course_utils.checks.ask import Args, replies
from course_utils.checks.compare import compare
from course_utils.checks.differences import as_numbers
from course_utils.checks.tables import Case, equal, is_right


def from_train(
    function: Callable,
    cases: Iterable[Case],
    looks_like: Mapping[str, Callable] | Iterable[Callable] = (),
    measure: Callable = lambda function: function,
    rtol: float = 1e-6,
    atol: float = 1e-6,
) -> None:
    """Check a transform against a table in which `x` is not the training set.

    A wrong result is not charged here if it follows from what the answer makes of the training set: where
    rows of `x` are weighted means of rows of `train`, an affine map gives the same means of its results.

    Parameters
    ----------
    function : callable
        The answer: ``(train, x, …)``, positional, with more rows in `train` than features.
    cases : iterable of Case
    looks_like : mapping or iterable
        Misconceptions; see `course_utils.checks.equal`.
    measure : callable, optional
        Makes of the answer the question that is asked (see `course_utils.checks.measures`).
    rtol, atol : float

    Raises
    ------
    CheckFailed
    """
    cases, question = list(cases), measure(function)
    asked = replies(question, [one.call for one in cases])
    left = [
        one
        for one, back in zip(cases, asked, strict=False)
        if compare(one.expected, back.value, rtol, atol) is None or not _follows(function, one.call)
    ]
    if len(left) < len(cases):
        excuses.take()
    known.note(question, cases)
    equal(question, left, looks_like, rtol, atol)


def with_eps(
    function: Callable,
    cases: Iterable[Case],
    simple: Case,
    looks_like: Mapping[str, Callable] | Iterable[Callable] = (),
    measure: Callable = lambda function: function,
    rtol: float = 1e-6,
    atol: float = 1e-6,
) -> None:
    """Check a transform against a table of calls ``(train, x, eps)``.

    Parameters
    ----------
    function, cases, looks_like, measure, rtol, atol
        As for `from_train`.
    simple : Case
        With an `eps` next to nothing. Where that is wrong, which has cost its points, the results of the
        table only have to be finite, and others with another `eps`.

    Raises
    ------
    CheckFailed
    """
    cases, question = list(cases), measure(function)
    known.note(question, cases)
    if not is_right(question, [simple], rtol, atol) and all(
        _depends_on_eps(function, one.call) for one in cases
    ):
        return
    equal(question, cases, looks_like, rtol, atol)


def _depends_on_eps(function, call):
    train, x, eps = call.args
    found = [as_numbers(b.value) for b in replies(function, [call, Args(train, x, 1e3 * eps + 1)])]
    fine = all(part is not None and part.shape == x.shape for part in found)
    return fine and np.isfinite(found).all() and not np.allclose(*found)


def _follows(function, call):
    """Whether what is made of `x` follows from what is made of `train`, and depends on it."""
    train, x, *rest = call.args
    other = train * np.arange(2, train.shape[1] + 2) + 1  # another mean, other axes
    asked = [call, Args(train, train, *rest), Args(other, x, *rest)]
    found = [as_numbers(back.value) for back in replies(function, asked)]
    if len(found) < 3 or any(part is None or part.ndim != 2 for part in found):
        return False
    of_x, of_train, otherwise = found
    if len(of_x) != len(x) or len(of_train) != len(train) or of_x.shape != otherwise.shape:
        return False
    if not all(np.isfinite(part).all() for part in found):
        return False
    rows, wanted = (np.column_stack([part, np.ones(len(part))]) for part in (train, x))
    weights = np.linalg.lstsq(rows.T, wanted.T, rcond=None)[0].T
    near = {"rtol": 1e-6, "atol": 1e-6 * (1 + np.abs(of_x).max())}
    return bool(
        np.allclose(weights @ of_train, of_x, **near) and not np.allclose(of_x, otherwise, **near)
    )
