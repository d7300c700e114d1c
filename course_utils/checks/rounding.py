"""Rounding at random, whose results nobody knows in advance: what can be said of it all the same.

Each function asks ``stochastic_round(x, fraction_bits, rng)``, or a training that rounds its weights. A count
is held against the binomial distribution itself, so that a right answer fails about once in 10**10 runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from course_utils.checks import excuses
from course_utils.checks.ask import Args, fail_raised, line_of, replies, results_of
from course_utils.checks.chances import bounds
from course_utils.checks.compare import compare
from course_utils.checks.derived import Derived
from course_utils.checks.message import fail
from course_utils.checks.stand_ins import on_its_own
from course_utils.checks.words import show
from course_utils.layers import bits
from course_utils.wire import Raised

DRAWS = 3000  # of each number
SHAPE, SMALL, CALLS = (50, 61), (4, 5), 20
FINE = 40  # fraction bits: next to no rounding
HALFWAY = "one number drawn for all entries: each is rounded on its own"


def bowl(w):
    """Return the gradient of half the sum of squares, which is `w`."""
    return 1.0 * w


def slope(w):
    """Return the gradient of the sum of all weights: ones."""
    return np.ones_like(w)


# -- stochastic_round -------------------------------------------------------------------------------
def unbiased(
    function: Callable, numbers: Sequence[float], fraction_bits: int, rng: np.random.Generator
) -> None:
    """Check how often numbers are rounded up: each as often as keeps its mean, and never past a neighbour.

    Parameters
    ----------
    function : callable
        The answer.
    numbers : sequence of float
        Not on the grid.
    fraction_bits : int
    rng : numpy.random.Generator
        Makes the generators that the answer gets.

    Raises
    ------
    CheckFailed
    """
    numbers, step = np.array(numbers, float), 2.0**-fraction_bits
    one = Args(np.tile(numbers, (DRAWS, 1)), fraction_bits, _generator(rng))
    said = line_of(function, Args(numbers, fraction_bits, "rng")).replace("'rng'", "rng")
    line = f"{said}, {DRAWS} times"
    found = _rounded(function, one)
    down, shares = np.floor(numbers / step) * step, numbers / step - np.floor(numbers / step)
    if compare(down + step * np.clip(np.rint((found - down) / step), 0, 1), found, 1e-9, 1e-12):
        _fail_off(line, numbers, down, step, found)
    ups = np.rint((found - down) / step).sum(0).astype(int)
    wrong = [i for i, share in enumerate(shares) if not _is_likely(ups[i], share)]
    if not wrong:
        return
    i = wrong[0]
    means, up = down + step * ups / DRAWS, down[i] + step
    sentence = next(
        (words for words, rule in RULES.items() if _explains(rule, numbers, shares, ups)), ""
    )
    fail("another mean than the number", line,
         f"{numbers[i]:.10g} on average: {up:.10g} in {shares[i]:.2%} of the draws, else {down[i]:.10g}",
         f"{means[i]:.10g} on average: {up:.10g} in {ups[i] / DRAWS:.2%} of them",
         looks_like=sentence)  # fmt: skip


# How often a number is rounded up that is so far above the grid, in steps.
RULES = {
    "rounding to the nearest: the distance to both neighbours decides how often": (
        lambda number, share: np.rint(share)
    ),
    "a coin for up or down: the nearer neighbour is the likelier one": lambda number, share: 0.5,
    "the probabilities of up and down swapped": lambda number, share: 1 - share,
    "always down: what is cut off has to come back as a probability": lambda number, share: 0.0,
    "always up: what is cut off has to come back as a probability": lambda number, share: 1.0,
    "negative numbers towards zero: np.floor goes down, np.trunc and int do not": (
        lambda number, share: share if number > 0 else 1.0
    ),
    "negative numbers with the share of the positive ones": (
        lambda number, share: share if number > 0 else 1 - share
    ),
    "the square of the distance: the distance itself is the probability": (
        lambda number, share: share**2
    ),
}


def _is_likely(count, share):
    least, most = bounds(DRAWS, float(np.clip(round(share, 12), 0, 1)))
    return least <= count <= most


def _explains(rule, numbers, shares, ups):
    likely = (rule(n, s) for n, s in zip(numbers, shares, strict=True))
    return all(_is_likely(up, share) for up, share in zip(ups, likely, strict=True))


def _fail_off(line, numbers, down, step, found):
    """Fail for something that is neither neighbour on the grid."""
    near = np.isclose(found, down, 1e-9, 1e-12) | np.isclose(found, down + step, 1e-9, 1e-12)
    row, i = np.argwhere(~near)[0]
    got = found[row, i]
    finer, coarser = (np.all(_is_on(found, step * times)) for times in (0.5, 2))
    sentence = ""
    if np.all(_is_on(found, 1.0)) and np.all(np.abs(found * step - numbers) <= step * 1.001):
        sentence = "steps counted: times 2**-fraction_bits they are numbers again"
    elif coarser:
        sentence = "a grid that is too coarse: its step is 2**-fraction_bits"
    elif not np.all(_is_on(found, step)):
        sentence = "numbers off the grid: noise is added before rounding, never after"
        if finer:
            sentence = "a grid that is too fine: its step is 2**-fraction_bits"
    elif np.all(np.abs(found - numbers) < 2 * step):
        sentence = (
            "past a neighbour: np.floor gives the whole steps below a number, a negative one too"
        )
    either = f"{down[i]:.10g} or {down[i] + step:.10g} for {numbers[i]:.10g}"
    fail("neither of the two neighbours", line, either, f"{got:.10g}", looks_like=sentence)


def _is_on(array, step):
    return np.isclose(array / step, np.rint(array / step), 0, 1e-7)


def independent(function: Callable, rng: np.random.Generator) -> None:
    """Check that each entry is rounded on its own, and anew in each call.

    Parameters
    ----------
    function : callable
        The answer.
    rng : numpy.random.Generator
        Makes the generators that the answer gets.

    Raises
    ------
    CheckFailed
    """
    halves = [Args(np.full(SHAPE, 0.5), 0, _generator(rng))]
    halves += [Args(np.full(SMALL, 0.5), 0, _generator(rng)) for _ in range(CALLS)]
    found = [back.value for _, back in results_of(function, halves)]
    line = line_of(function, Args("x", 0, "rng")).replace("'x'", "x").replace("'rng'", "rng")
    line += f", with x = np.full({SHAPE}, 0.5)"
    ups = _numbers(found[0], SHAPE, line) > 0.25
    if ups.all() or not ups.any():
        fail("all entries are rounded alike", line, "some up, some down", show(found[0]),
             looks_like=HALFWAY)  # fmt: skip
    for axis, what in enumerate(("rows", "columns")):
        other = ("row", "column")[1 - axis]
        if (ups == ups.take([0], axis)).all():
            fail(f"all {what} are rounded alike", line, f"{what} that differ", show(found[0]),
                 looks_like=f"one number drawn for each {other}: each entry has one of its own")  # fmt: skip
    for axis in (0, 1):
        same = int((np.diff(ups, axis=axis) == 0).sum())
        pairs = ups.size - ups.shape[1 - axis]
        least, most = bounds(pairs, 0.5)
        if not least <= same <= most:
            words = "carrying the error on to the next entry: each is rounded on its own"
            fail("what one entry is rounded to hangs on its neighbour", line,
                 f"{least} to {most} of {pairs} neighbours that are rounded alike", f"{same}",
                 looks_like=words if same < least else "")  # fmt: skip
    counts = {int((_numbers(v, SMALL, line) > 0.25).sum()) for v in found[1:]}
    if len(counts) == 1:
        fail("the same number of entries is rounded up in every call", line,
             f"numbers that vary about {np.prod(SMALL) / 2:g}", f"{counts.pop()} in {CALLS} calls",
             looks_like="choosing so many entries, or a seed of its own: each draws from rng")  # fmt: skip


def _rounded(function, one):
    [(_, back)] = results_of(function, [one])
    return _numbers(back.value, one.args[0].shape, line_of(function, one))


def _numbers(value, shape, line):
    difference = compare(np.zeros(shape), value, 0.0, np.inf)
    if difference:
        fail(
            difference.headline, line, f"an array of shape {shape}", show(value), difference.where()
        )
    return np.asarray(value, float)


def _generator(rng):
    return np.random.default_rng(int(rng.integers(2**63)))


# -- train_rounded ----------------------------------------------------------------------------------
def nearest(function: Callable) -> Derived:
    """Return a question about a training without `rng`, as if the rounding that it calls were right."""
    others = {"fixed_point": _wide, "stochastic_round": bits.stochastic_round}
    return on_its_own(function, bits.train_rounded, others)


def _wide(x, fraction_bits, word_bits=16):
    """Round like `fixed_point`."""
    return bits.fixed_point(np.asarray(x, float), fraction_bits, word_bits)


def _others(rng):
    """Return right functions for those that a training calls; the random one draws from a generator here."""

    def stochastic_round(x, fraction_bits, _=None):
        return bits.stochastic_round(np.asarray(x, float), fraction_bits, rng)

    return {"fixed_point": _wide, "stochastic_round": stochastic_round}


def moves(
    function: Callable, rate: float, steps: int, fraction_bits: int, rng: np.random.Generator
) -> None:
    """Check that a training with `rng` moves on, on average as far as without rounding.

    All weights start at 1, and the gradient is 1: each step of each weight is one of the grid's with the
    probability ``rate * 2**fraction_bits``, below 1/2, and none otherwise. An answer that moves them otherwise
    without `rng` on a fine grid, too, has to move them as far here.

    Parameters
    ----------
    function : callable
        The answer.
    rate : float
    steps, fraction_bits : int
    rng : numpy.random.Generator

    Raises
    ------
    CheckFailed
    """
    count, step, chance = 400, 2.0**-fraction_bits, rate * 2.0**fraction_bits
    one = Args(np.ones(count), slope, rate, steps, fraction_bits, _generator(rng))
    private = _generator(rng)
    least, most = bounds(count * steps, chance)

    def taken(value):
        return (1 - np.asarray(value, float)) / step

    def agrees(_, value):
        if isinstance(value, Raised) or compare(np.ones(count), value, 0.0, np.inf):
            return False
        return bool(least <= round(float(taken(value).sum())) <= most)

    others = _others(private)
    asked = on_its_own(function, bits.train_rounded, others, agrees=agrees)
    [back] = replies(asked, [one])
    if agrees(one, back.value):
        return
    plain = Args(np.ones(count), slope, rate, steps, FINE)
    values = [back.value, *(b.value for b in replies(nearest(function), [plain]))]
    if all(compare(np.ones(count), value, 0.0, np.inf) is None for value in values):
        there, own = (float(taken(value).sum()) for value in values)
        # A weight that moves otherwise without rounding as well is charged there.
        otherwise = abs(own) > 1 and abs(own - count * steps * chance) > 1
        if otherwise and abs(there - own) <= most - least:
            excuses.take()
            return
    named = Args("np.ones(400)", "slope", rate, steps, fraction_bits, "rng")
    line = line_of(function, named)
    for word in ("np.ones(400)", "slope", "rng"):
        line = line.replace(f"'{word}'", word)
    if isinstance(back.value, Raised):
        fail_raised(function, named, back.value)
    total = float(taken(_numbers(back.value, (count,), line)).sum())
    sentence = ""
    if total == 0:
        sentence = "rounding to the nearest: steps below half of the grid's are lost. With rng round at random"
    elif abs(total + count * steps * chance) < most - least:
        sentence = "up the gradient: the weights go down along it"
    elif abs(total - count * steps) < 1:
        sentence = "always down to the next number of the grid"
    low, high = 1 - most * step / count, 1 - least * step / count
    fail("the weights move another way than without rounding", line,
         f"{1 - rate * steps:.4g} on average (from {low:.4g} to {high:.4g})",
         f"{1 - total * step / count:.4g} on average", looks_like=sentence)  # fmt: skip


def stays(function: Callable, one: Args, rng: np.random.Generator) -> None:
    """Check that weights are on the grid when the gradient is asked for, at most once a step, and at the end.

    Parameters
    ----------
    function : callable
        The answer.
    one : Args
        Without `rng`: asked without, and with one.
    rng : numpy.random.Generator

    Raises
    ------
    CheckFailed
    """
    w, gradient, rate, steps, fraction_bits = one.args
    step, seen = 2.0**-fraction_bits, []

    def watched(weights):
        seen[-1].append(np.array(weights, float))
        return gradient(weights)

    def agrees(_, value):
        fine = not isinstance(value, Raised) and all(np.all(_is_on(a, step)) for a in seen[-1])
        seen.append([])  # for a call with right functions
        return fine

    private = _generator(rng)
    others = _others(private)
    asked = on_its_own(function, bits.train_rounded, others, agrees=agrees)
    calls = [Args(w, watched, rate, steps, fraction_bits, r) for r in (None, _generator(rng))]
    for call, words in zip(calls, ("", ", rng"), strict=True):
        seen[:] = [[]]
        line = line_of(function, one)[:-1] + words + ")"
        [(_, back)] = results_of(asked, [call])
        asked_at = next((log for log in reversed(seen) if log), [])
        off = next((a for a in asked_at if not np.all(_is_on(a, step))), None)
        if off is not None:
            fail("the gradient is asked for off the grid", line, f"weights that are multiples of {step:g}",
                 show(off), looks_like="rounding at the end: each step is rounded")  # fmt: skip
        if not np.all(_is_on(_numbers(back.value, w.shape, line), step)):
            fail("weights off the grid", line, f"multiples of {step:g}", show(back.value))
        if len(asked_at) > steps:  # too seldom shows in the values
            fail(
                "the gradient is asked for too often",
                line,
                f"{steps} times, once a step",
                f"{len(asked_at)} times",
            )
        if not np.array_equal(back.args[0], w):
            fail("the call changes its w", line, show(w), show(back.args[0]),
                 looks_like="working in place: copy w first")  # fmt: skip
        if back.shares:
            fail("the result is a view of its w", line, "a new array", "an array that changes with w",
                 looks_like="returning the argument: return a copy")  # fmt: skip
