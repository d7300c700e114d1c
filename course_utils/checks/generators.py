"""Check that an answer draws from the random generator that it is given, and from nothing else."""

from __future__ import annotations

import numpy as np

from course_utils.checks.ask import Args, line_of, results_of
from course_utils.checks.compare import compare
from course_utils.checks.message import fail
from course_utils.wire import is_generator

SAME, CLOSE = 1e-12, 1e-15


def draws_from_rng(function, one: Args, seed: int = 0, times: int = 1) -> None:
    """Check that the state of a generator decides the result, and that two calls in a row give two results.

    Parameters
    ----------
    function : callable
        An answer, or a question about its results.
    one : Args
        With a generator of NumPy's or PyTorch's among them; fresh ones take its place. Two draws must not
        agree by chance.
    seed : int
        Of the first of them.
    times : int
        Calls in a row that make a draw, where one alone may agree with another by chance.

    Raises
    ------
    CheckFailed
    """
    kind = next(
        _Rng if isinstance(v, np.random.Generator) else _Generator for v in _generators(one)
    )
    name, seeds = kind.name, (seed, seed, seed + 1)
    asked = [_in_a_row(function, one, kind.fresh(s), times) for s in seeds]
    one_seed, same_seed, other_seed = (values for values, _ in asked)
    line = line_of(function, one)
    if compare(one_seed, same_seed, SAME, CLOSE):
        sentence = f"a generator of {kind.others} that is not {name}: draw from {name}"
        expected = f"one result for one state of {name}"
        fail(
            f"the same {name} gives two different results",
            line,
            expected,
            "two",
            looks_like=sentence,
        )
    used = asked[0][1]
    untouched = kind.state(used) == kind.state(kind.fresh(seed))
    if not compare(one_seed, other_seed, SAME, CLOSE):
        fail(f"another {name} gives the same result", line, "another result", "the same one",
             looks_like=f"a seed of its own: draw from {name}" if untouched else "")  # fmt: skip
    second, _ = _in_a_row(function, one, used, times)
    if not compare(one_seed, second, SAME, CLOSE):
        fail(f"two calls with one {name} give the same result", line, "another result", "the same one",
             looks_like=f"drawing from a copy of {name}: draw from {name} itself")  # fmt: skip


def _in_a_row(function, one, generator, times):
    """Return the results of several calls, and the generator as the last one left it."""
    values = []
    for _ in range(times):
        [(_, back)] = results_of(function, [with_rng(one, generator)])
        generator = next(_generators(back))
        values.append(back.value)
    return values, generator


class _Rng:
    """Of NumPy."""

    name, others, fresh = "rng", "NumPy or Python", staticmethod(np.random.default_rng)

    @staticmethod
    def state(rng):
        return rng.bit_generator.state


class _Generator:
    """Of PyTorch."""

    name, others = "generator", "PyTorch, the global one, say,"

    @staticmethod
    def fresh(seed):
        import torch  # with it a test has made a generator

        return torch.Generator().manual_seed(seed)

    @staticmethod
    def state(generator):
        return generator.get_state().tolist()


def _is_generator(value):
    return isinstance(value, np.random.Generator) or is_generator(type(value))


def with_rng(one: Args, rng) -> Args:
    """Return a call with another generator."""
    named = {key: rng if _is_generator(value) else value for key, value in one.kwargs.items()}
    return Args(*(rng if _is_generator(value) else value for value in one.args), **named)


def _generators(call):
    """Yield the generators among the arguments of a call, as they are or as it left them."""
    return filter(_is_generator, (*call.args, *call.kwargs.values()))
