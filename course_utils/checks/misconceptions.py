"""Name the misconception behind a wrong answer: from a table of wrong values, or by computing what it gives."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from course_utils.checks import differences
from course_utils.checks.compare import compare
from course_utils.checks.derived import cut_by
from course_utils.wire import Raised

UNFIT = re.compile(
    r"must match|n't match|size mismatch|cannot be multiplied|can't be greater|channels, but|too small"
)


class Mistake:
    """A misconception: a function that computes what it gives, and the sentence that says what it is.

    What it raises of the classes `raises` it gives as well; any other exception says nothing about an answer.
    """

    def __init__(self, sentence: str, function: Callable, raises: tuple = (ValueError,)):
        self.sentence, self._function, self.raises = sentence, function, raises

    def __call__(self, *args, **kwargs):
        return self._function(*args, **kwargs)


def mistakes(looks_like, reference: Callable | None = None) -> list[Callable]:
    """Return misconceptions as functions.

    Parameters
    ----------
    looks_like : mapping or iterable
        ``{sentence: function}``, with options of `reference` in place of a function where they make the
        mistake; or functions whose docstring is the sentence.
    reference : callable, optional
    """
    if not isinstance(looks_like, Mapping):
        return list(looks_like)
    return [
        Mistake(sentence, wrong if callable(wrong) else partial(reference, **wrong))
        for sentence, wrong in looks_like.items()
    ]


def sentence_of(wrong: Callable) -> str:
    """Return what a misconception says."""
    text = getattr(wrong, "sentence", "") or inspect.getdoc(wrong) or wrong.__name__
    return " ".join(text.split())


def _same_misfit(one, other):
    """Whether two errors of PyTorch's are about the same shapes that do not fit together.

    The order of two summands is free, and what is added in place is refused in other words.
    """
    found = [UNFIT.search(message) for message in (one, other)]
    if not all(found):
        return False
    numbers = [sorted(re.findall(r"\d+", message)) for message in (one, other)]
    return found[0][0] != found[1][0] or numbers[0] == numbers[1]


def sort_of(message: str) -> str:
    """Return what sort of ValueError has this message: one about a truth value is never a refusal."""
    return "truth value" if "truth value" in message else ""


def raised_by(wrong: Callable) -> tuple:
    """Return the classes of exceptions that are among what a misconception gives."""
    return getattr(wrong, "raises", (ValueError,))


def label(table: Mapping, answer, tolerances) -> str:
    """Return what a table of wrong values, ``{value: sentence}``, says about a variable, or ''."""
    for wrong, sentence in table.items():
        if isinstance(answer, (float, np.floating)):  # the table may list 4 for 4.0
            if differences.equal(wrong, answer, 1e-9, 0.0):
                return sentence
        elif compare(wrong, answer, *tolerances) is None:
            return sentence
    return ""


def misconception(answer, asked, functions, tolerances) -> str:
    """Return what the first misconception says that computes all of what was answered, or ''.

    Parameters
    ----------
    answer : callable
    asked : list of (Case, plain data, object)
        All cases, what was answered, and what was expected: ``...`` stands for what is not asked.
    functions : iterable of callable
    tolerances : (rtol, atol)
    """
    for function in functions:
        if all(_agrees(answer, function, *row, tolerances) for row in asked):
            return sentence_of(function)
    return ""


def _agrees(answer, function, one, value, expected, tolerances):
    try:
        computed = cut_by(answer, one.call.on(function))
    except raised_by(function) as error:  # it refuses
        if isinstance(error, ValueError):
            refused = isinstance(value, Raised) and value.is_a(ValueError)
            return refused and sort_of(value.message) == sort_of(str(error))
        return isinstance(value, Raised) and _same_misfit(str(error), value.message)
    except Exception:
        return False
    return compare(_asked(computed, expected), value, *tolerances) is None


def _asked(computed, expected):
    """Return what a misconception computes, with ``...`` where nothing is asked."""
    if expected is ...:
        return ...
    if not isinstance(expected, tuple) or not isinstance(computed, (tuple, list)):
        return computed
    if len(expected) != len(computed):
        return computed
    return tuple(... if e is ... else c for e, c in zip(expected, computed, strict=True))
