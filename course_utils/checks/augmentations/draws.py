"""The chances of what an augmentation draws. A right answer fails less than once in a billion runs."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import torch

from course_utils.checks import excuses
from course_utils.checks.ask import Args, ask_all, fail_raised, line_of
from course_utils.checks.chances import ALARM, bounds, evenness
from course_utils.checks.message import CheckFailed, fail
from course_utils.checks.words import show
from course_utils.wire import Raised

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
    last : ndarray of int, shape (N,)
        Where what was drawn is not known exactly, since a window's edges were rounded: the last cell that it
        may have been in, the first one being that of `cells`.
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
    last: np.ndarray | None = None
    others: list[Drawn] = field(default_factory=list)
    mistakes: dict[str, Drawn] = field(default_factory=dict)

    def __post_init__(self):
        self.last = self.cells if self.last is None else self.last

    def part(self, chosen: slice) -> Drawn:
        """Return what was drawn for some of the images."""
        return replace(self, cells=self.cells[chosen], last=self.last[chosen])

    def surely(self, cell: int) -> np.ndarray:
        """Return for which images it is one cell and no other."""
        return (self.cells == cell) & (self.last == cell)

    def maybe(self, cell: int) -> np.ndarray:
        """Return for which images it may be a cell."""
        return (self.cells <= cell) & (cell <= self.last)


class NotExplained(Exception):
    """An image is none that the augmentation makes of it; the arguments are the parts of a message.

    With ``drawn`` it is one that could be made, if something else had been drawn: `fair` charges for it.
    """

    def __init__(self, headline, expected="", got="", where="", looks_like="", drawn=False):
        super().__init__(headline, expected, got, where, looks_like)
        self.drawn = drawn


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
            if wrong.drawn:
                excuses.take()
                continue
            headline, *rest = wrong.args
            fail(headline, line_of(function, one), *rest)


def fair(function, augmentation: Augmentation, calls: Iterable[Args]) -> None:
    """Check that what is drawn has the chances that it should have, for each image on its own.

    Where one of the calls has images that `explains` charges for, or raises and the last one does not, nothing
    is asked.

    Parameters
    ----------
    function, augmentation, calls
        As for `explains`; calls that are to show chances have thousands of images, and several of a few dozen
        show that numbers are not dealt out.

    Raises
    ------
    CheckFailed
    """
    read, broken = [], None
    try:
        for one, out in _images(function, augmentation, calls, spare=True):
            read.append((_drawn(function, augmentation, one, out), line_of(function, one)))
    except NotExplained:
        excuses.take()
        return
    except CheckFailed as failure:
        broken = failure
    chosen = {}
    for drawn, line in read:
        for column in _judged(drawn, line):
            chosen.setdefault(column.what, []).append((column, line))
    if broken:  # the calls before it say more about it
        raise broken
    for columns in chosen.values():
        _not_dealt(columns)


def _drawn(function, augmentation, one, out):
    try:
        return augmentation.read(one, out)
    except NotExplained as wrong:
        if wrong.drawn:
            fail(wrong.args[0], line_of(function, one), *wrong.args[1:])
        raise


def _judged(drawn, line):
    """Check the numbers of one call; return them under the distributions that they have."""
    _not_one_for_all(drawn, line)
    drawn = [_as_likely(column, drawn, line) for column in drawn]
    for number, column in enumerate(drawn):
        half = len(column.cells) // 2
        two = column.part(slice(0, 2 * half, 2)), column.part(slice(1, 2 * half, 2))
        _apart(*two, line, "of one image and of the next")
        two = column.part(slice(half)), column.part(slice(half, 2 * half))
        _apart(*two, line, "of the first half of the images and of the second")
        for other in drawn[:number]:
            _apart(other, column, line, f"and {column.what}")
    return drawn


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


def _images(function, augmentation, calls, spare=False):
    """Ask, and yield each call with its result, which must be a batch of as many images.

    With `spare`, nothing is yielded where a call raises and the last one does not: `explains` charges for it.
    """
    asked = list(ask_all(function, calls))
    raised = [isinstance(back.value, Raised) for _, back in asked]
    if spare and any(raised) and not raised[-1]:
        excuses.take()
        return
    for one, back in asked:
        if isinstance(back.value, Raised):
            fail_raised(function, one, back.value)
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


def _not_one_for_all(drawn, line):
    fixed = [column for column in drawn if _is_fixed(column)]
    if fixed:
        first = fixed[0]
        sentence = (
            "one draw for the whole batch"
            if len(fixed) == len(drawn)
            else "one draw of it for the whole batch, or none"
        )
        fail(f"{first.what}: the same for all images", line, "a draw for each image",
             f"{first.values[0]:.4g} for each of {len(first.values)}",
             looks_like=sentence)  # fmt: skip


def _is_fixed(column):
    values, free = column.values, len(column.values) > 30 and max(column.chances) < 1
    return free and np.ptp(values) <= 1e-3 * max(1.0, np.abs(values).max())


def _as_likely(column, drawn, line):
    """Return the first distribution of a column that its counts agree with; fail if there is none."""
    for candidate in (column, *column.others):
        if _odd_cell(candidate) is None:
            return candidate

    def fits(sentence):
        told = [other.mistakes[sentence] for other in drawn if sentence in other.mistakes]
        return all(_odd_cell(mistake) is None for mistake in told)

    sentence = next(filter(fits, column.mistakes), "").strip()
    outside = column.values[column.cells == OUTSIDE]
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
    for cell, chance in enumerate(column.chances):
        found = _odd(column.surely(cell), column.maybe(cell), n, chance)
        if found is not None:
            return cell, found, n * chance
    return None


def _odd(surely, maybe, n, chance):
    """Return a count that cannot be believed, of what is surely there or what may be; None if both can."""
    least, most = bounds(n, chance)
    fewest, largest = int(surely.sum()), int(maybe.sum())
    if fewest > most:
        return fewest
    return largest if largest < least else None


def _apart(first, second, line, whose):
    """Check that two draws have nothing to do with each other."""
    n = len(first.cells)
    for i, one in enumerate(first.chances):
        for j, other in enumerate(second.chances):
            surely, maybe = first.surely(i) & second.surely(j), first.maybe(i) & second.maybe(j)
            count = _odd(surely, maybe, n, one * other)
            if count is not None:
                fail(f"{first.what} {whose} hang together", line,
                     f"{first.words[i]} and {second.words[j]} in about {n * one * other:.0f} of {n}",
                     f"in {count}", looks_like="one draw that serves for two")  # fmt: skip


def _not_dealt(columns):
    """Check that not every batch has as many of each as on average: numbers that are drawn are not so even."""
    columns = [pair for pair in columns if max(pair[0].chances) < 1]
    chance = 1.0
    for column, _ in columns:
        counts = [int(column.surely(cell).sum()) for cell in range(len(column.chances))]
        even = evenness(counts, column.chances) if sum(counts) == len(column.cells) else 1.0
        if even == 1.0:
            return
        chance *= even
    if chance < ALARM:
        column, line = columns[-1]
        n, cell = len(column.cells), len(column.chances) - 1
        fail(f"{column.what}: exactly as often as on average in every batch", line,
             "a draw for each image, whatever the others have",
             f"{column.words[cell]} for {column.surely(cell).sum()} of {n} images, and so on in "
             f"{len(columns)} batches",
             looks_like="numbers dealt out among the images of a batch, not drawn")  # fmt: skip
