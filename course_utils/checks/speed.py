"""Check that an answer is vectorised: how much faster than plain loops it is, in processor time."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time

from course_utils.checks import known
from course_utils.checks.ask import Args, ask, line_of
from course_utils.checks.contract import dtypes_of
from course_utils.checks.message import fail
from course_utils.checks.tables import Case, equal
from course_utils.wire import Raised


def faster(function, one: Args, loops: Callable, factor: float) -> None:
    """Check that an answer is much faster than plain loops, on the same arguments and in processor time.

    Each is timed where it runs: what else the machine does costs neither. The answer's time is the mean of
    several calls, and all of it is repeated before the answer is said to be slow.

    Parameters
    ----------
    function : callable
        The answer.
    one : Args
        Arguments for which loops take a few tenths of a second.
    loops : callable
        The test's own plain loops; what they return must be the answer's result, too (see `case`).
    factor : float
        How many times as fast the answer has to be, at least.

    Raises
    ------
    CheckFailed
    """
    if known.is_recording():
        return
    ours, theirs = _clocks(function)
    best = first = 0.0
    for _ in range(3):
        start = ours()
        expected = one.on(loops)
        slow = ours() - start
        if not best:
            rtol, atol = (1e-4, 1e-5) if "float32" in dtypes_of(one.args) else (1e-7, 1e-9)
            start = theirs()
            equal(function, [Case(one, expected)], rtol=rtol, atol=atol)
            first = theirs() - start
        start, calls, quick = theirs(), 0, 0.0
        while (
            calls < 5 and quick <= slow
        ):  # beyond, it is far from fast: more calls would tell nothing
            if isinstance(ask(function, one).value, Raised) and not calls:
                calls, quick = 5, 5 * first  # it works once only, which costs points elsewhere
            else:
                calls, quick = calls + 1, theirs() - start
        best = max(best, slow * calls / max(quick, 1e-6))
        if best >= factor:
            return
    fail("too slow", line_of(function, one), f"at least {factor:g} times as fast as plain loops",
         f"{best:.1f} times as fast", looks_like="a Python loop over outputs or images")  # fmt: skip


def _clocks(function):
    """Return a clock of what runs here, and one of what runs where the answer does.

    Both count processor time, or both ordinary time where that of another process cannot be read.
    """
    remote = getattr(function, "_function", function)  # of a method of an object of the answer's
    clock = getattr(remote, "__course_clock__", None)
    if clock is None:
        return process_time, process_time
    return (process_time, clock) if clock() is not None else (perf_counter, perf_counter)
