"""The chances of what an augmentation draws. A right answer fails less than once in a billion runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import torch

from course_utils.checks import excuses
from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.chances import bounds
from course_utils.checks.message import fail
from course_utils.checks.words import show

OUTSIDE = -1


@dataclass
class Drawn:
    """What was drawn for each image, in cells of known chances.

    Attributes
    ----------
    what : str
        In words: "which images are mirrored".
    cells : ndarray of int, shape (N,)
        `OUTSIDE` for what cannot be drawn.
    chances : list of float
        Of each cell; they add up to 1.
    words : list of str
        What each cell is.
    values : ndarray, shape (N,)
        What was drawn, in numbers.
    limits : str
        Between what it should be.
    others : list of Drawn
        The same under other distributions, which are right as well.
    mistakes : dict of str to Drawn
        The same under wrong ones, by the sentence that names the mistake.
    """

    what: str
    cells: np.ndarray
    chances: list[float]
    words: list[str]
    values: np.ndarray
    limits: str = ""
    others: list[Drawn] = field(default_factory=list)
    mistakes: dict[str, Drawn] = field(default_factory=dict)


class NotExplained(Exception):
    """An image is none that the augmentation makes of it; the arguments are the parts of a message."""

    def __init__(self, headline, expected="", got="", where="", looks_like=""):
        super().__init__(headline, expected, got, where, looks_like)


class Augmentation:
    """What one augmentation does, and how to read off what it has drawn.

    Parameters
    ----------
    reference : callable
        Has the arguments of the answer.
    read : callable
        ``read(out, x=..., ...)``, with all of those arguments but the generator, returns a list of `Drawn`,
        or raises `NotExplained`.
    """

    def __init__(self, reference, read):
        self.signature, self._read = inspect.signature(reference), read

    def given(self, one: Args) -> dict:
        """Return the arguments of a call by name, defaults included."""
        bound = self.signature.bind(*one.args, **one.kwargs)
        bound.apply_defaults()
        return {name: value for name, value in bound.arguments.items() if name != "generator"}

    def read(self, one: Args, out: torch.Tensor) -> list[Drawn]:
        """Read off what was drawn in a call."""
        return self._read(out, **self.given(one))


def explains(function, augmentation: Augmentation, calls: Iterable[Args]) -> None:
    """Check that every image of the results is one that the augmentation makes of it.

    Parameters
    ----------
    function : callable
        The answer.
    augmentation : Augmentation
    calls : iterable of Args

    Raises
    ------
    CheckFailed
    """
    for one, out in _images(function, augmentation, calls):
        try:
            augmentation.read(one, out)
        except NotExplained as wrong:
            headline, *rest = wrong.args
            fail(headline, line_of(function, one), *rest)


def fair(function, augmentation: Augmentation, calls: Iterable[Args]) -> None:
    """Check that what is drawn has the chances that it should have, for each image on its own.

    Images that `explains` charges for are not asked.

    Parameters
    ----------
    function, augmentation, calls
        As for `explains`; each call has thousands of images.

    Raises
    ------
    CheckFailed
    """
    for one, out in _images(function, augmentation, calls):
        try:
            drawn = augmentation.read(one, out)
        except NotExplained:
            excuses.take()
            continue
        line = line_of(function, one)
        for column in drawn:
            _not_one_for_all(column, line)
        drawn = [_as_likely(column, line) for column in drawn]
        for number, column in enumerate(drawn):
            half = len(column.cells) // 2 * 2
            two = column.cells[0:half:2], column.cells[1:half:2]
            _apart(two, (column, column), line, "of one image and of the next")
            for other in drawn[:number]:
                _apart((other.cells, column.cells), (other, column), line, f"and {column.what}")


def clamped(function, augmentation: Augmentation, calls: Iterable[Args]) -> None:
    """Check that results are from 0 to 1; what they are otherwise is not asked.

    Parameters
    ----------
    function, augmentation, calls
        As for `explains`, with images that are nearly black or white in places.

    Raises
    ------
    CheckFailed
    """
    for one, out in _images(function, augmentation, calls):
        low, high = float(out.min()), float(out.max())
        if low < 0 or high > 1:
            fail("numbers outside [0, 1]", line_of(function, one), "a result that is clamped",
                 f"{low:.4g} to {high:.4g}")  # fmt: skip


def _images(function, augmentation, calls):
    """Ask, and yield each call with its result, which must be a batch of as many images."""
    for one, back in results_of(function, calls):
        given, out, line = augmentation.given(one), back.value, line_of(function, one)
        x, size = given["x"], given.get("size")
        if not isinstance(out, torch.Tensor):
            fail("the result is no tensor", line, "a tensor", show(out))
        shape = (*x.shape[:2], size, size) if size else tuple(x.shape)
        if tuple(out.shape) != shape:
            fail("wrong shape", line, str(shape), str(tuple(out.shape)))
        if out.dtype != x.dtype:
            fail("wrong dtype", line, str(x.dtype), str(out.dtype))
        if not bool(torch.isfinite(out).all()):
            fail("numbers that are not finite", line)
        yield one, out


def _not_one_for_all(column, line):
    spread, free = np.ptp(column.values), len(column.values) > 1 and max(column.chances) < 1
    if free and spread <= 1e-6 * max(1.0, np.abs(column.values).max()):
        fail(f"{column.what}: the same for all images", line, "a draw for each image",
             f"{column.values[0]:.4g} for each of {len(column.values)}",
             looks_like="one draw for the whole batch")  # fmt: skip


def _as_likely(column, line):
    """Return the first distribution of a column that its counts agree with; fail if there is none."""
    for candidate in (column, *column.others):
        if _odd_cell(candidate) is None:
            return candidate
    sentences = (s for s, mistake in column.mistakes.items() if _odd_cell(mistake) is None)
    sentence, outside = next(sentences, ""), column.values[column.cells == OUTSIDE]
    if len(outside):
        fail(
            f"{column.what}: out of range",
            line,
            column.limits,
            f"{outside[0]:.4g}",
            looks_like=sentence,
        )
    cell, count, expected = _odd_cell(column)
    wanted = f"{column.words[cell]} for about {expected:.0f} of {len(column.cells)} images"
    fail(f"{column.what}: the chances are wrong", line, wanted, str(count), looks_like=sentence)


def _odd_cell(column):
    """Return (cell, count, expected count) of the first cell whose count cannot be believed, or None."""
    n = len(column.cells)
    if (column.cells == OUTSIDE).any():
        return OUTSIDE, 0, 0
    counts = np.bincount(column.cells, minlength=len(column.chances))
    for cell, (count, chance) in enumerate(zip(counts, column.chances, strict=True)):
        least, most = bounds(n, chance)
        if not least <= count <= most:
            return cell, int(count), n * chance
    return None


def _apart(pairs, columns, line, whose):
    """Check that two draws have nothing to do with each other."""
    first, second = columns
    n = len(pairs[0])
    for i, one in enumerate(first.chances):
        for j, other in enumerate(second.chances):
            count = int(((pairs[0] == i) & (pairs[1] == j)).sum())
            least, most = bounds(n, one * other)
            if not least <= count <= most:
                fail(f"{first.what} {whose} hang together", line,
                     f"{first.words[i]} and {second.words[j]} in about {n * one * other:.0f} of {n}",
                     f"in {count}", looks_like="one draw that serves for two")  # fmt: skip
