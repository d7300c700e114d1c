"""Name the misconception behind a wrong answer: from a table of wrong values, or by computing what it gives."""

from __future__ import annotations

import inspect

import numpy as np

from course_utils.checks import differences
from course_utils.checks.compare import compare
from course_utils.wire import Raised


def label(asked, tolerances) -> str:
    """Return the sentence on which the tables of all wrong answers agree, or ''.

    Parameters
    ----------
    asked : list of (Case, plain data, Difference or None)
        What was asked, what was answered, and how the answer differs.
    tolerances : (rtol, atol)
    """
    wrong = [(one.looks_like, answer) for one, answer, d in asked if d and one.looks_like]
    found = [
        [text for number, text in table.items() if _is_that(number, answer, tolerances)]
        for table, answer in wrong
    ]
    agreed = [text for text in (found or [[]])[0] if all(text in texts for texts in found)]
    return agreed[0] if agreed else ""


def _is_that(number, answer, tolerances):
    if isinstance(answer, (float, np.floating)):  # the table may list 4 for 4.0
        return differences.equal(number, answer, 1e-9, 0.0)
    return compare(number, answer, *tolerances) is None


def misconception(asked, functions, tolerances) -> str:
    """Return what the first misconception says that computes every one of the answers, or ''."""
    for function in functions:
        if all(_agrees(function, one, answer, tolerances) for one, answer, _ in asked):
            return " ".join((inspect.getdoc(function) or function.__name__).split())
    return ""


def _agrees(function, one, answer, tolerances):
    try:
        computed = one.call.on(function)
    except Exception as error:
        return isinstance(answer, Raised) and answer.is_a(type(error))
    return not isinstance(answer, Raised) and compare(computed, answer, *tolerances) is None
