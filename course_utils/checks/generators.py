"""Check that an answer draws from the random generator that it is given, and from nothing else."""

from __future__ import annotations

import numpy as np

from course_utils.checks.ask import Args, line_of, results, results_of
from course_utils.checks.compare import compare
from course_utils.checks.message import fail

SAME, CLOSE = 1e-12, 1e-15


def draws_from_rng(function, one: Args, seed: int = 0) -> None:
    """Check that the state of a generator decides the result, and that two calls in a row give two results.

    Parameters
    ----------
    function : callable
        An answer, or a question about its results.
    one : Args
        With a generator among them; fresh ones take its place. Two draws must not agree by chance.
    seed : int
        Of the first of them.

    Raises
    ------
    CheckFailed
    """
    first, again, other = (with_rng(one, np.random.default_rng(s)) for s in (seed, seed, seed + 1))
    asked = [back for _, back in results_of(function, [first, again, other])]
    one_seed, same_seed, other_seed = (back.value for back in asked)
    line = line_of(function, one)
    if compare(one_seed, same_seed, SAME, CLOSE):
        fail("the same rng gives two different results", line, "one result for one state of rng",
             "two", looks_like="a generator of NumPy or Python that is not rng: draw from rng")  # fmt: skip
    used = _generator(asked[0])
    untouched = used.bit_generator.state == np.random.default_rng(seed).bit_generator.state
    if not compare(one_seed, other_seed, SAME, CLOSE):
        fail("another rng gives the same result", line, "another result", "the same one",
             looks_like="a seed of its own: draw from rng" if untouched else "")  # fmt: skip
    [second] = results(function, [with_rng(one, used)])
    if not compare(one_seed, second, SAME, CLOSE):
        fail("two calls with one rng give the same result", line, "another result", "the same one",
             looks_like="drawing from a copy of rng: draw from rng itself")  # fmt: skip


def _is_generator(value):
    return isinstance(value, np.random.Generator)


def with_rng(one: Args, rng: np.random.Generator) -> Args:
    """Return a call with another generator."""
    named = {key: rng if _is_generator(value) else value for key, value in one.kwargs.items()}
    return Args(*(rng if _is_generator(value) else value for value in one.args), **named)


def _generator(back):
    """Return the generator as a call left it."""
    return next(filter(_is_generator, (*back.args, *back.kwargs.values())))
