"""Check that an answer is vectorised: how much faster than plain loops it is, in processor time."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time

from course_utils.checks import known
from course_utils.checks.ask import Args, ask, line_of
from course_utils.checks.compare import compare
from course_utils.checks.contract import dtypes_of
from course_utils.checks.message import fail
from course_utils.checks.tables import Case, equal
from course_utils.wire import Raised

# Times the factor: from there on a time that was measured before will do. A processor that is throttled or
# shared has been seen to take 2.6 times as long for the same work.
SURE = 2.5
_seconds: dict[tuple, float] = {}  # that loops took in this process; see `_key`


def faster(function, one: Args, loops: Callable, factor: float) -> None:
    """Check that an answer is much faster than plain loops, on the same arguments and in processor time.

    Each is timed where it runs: what else the machine does costs neither. An answer that is fast is called
    once, and loops on arrays of these shapes need not run again for it. Otherwise the answer's time is the
    mean of several calls, and all of it is repeated before the answer is said to be slow.

    Parameters
    ----------
    function : callable
        The answer.
    one : Args
        Arguments for which loops take a few hundredths of a second.
    loops : callable
        The test's own plain loops, or `Loops` of `course_utils.checks.loops`; what they return must be the
        answer's result, too (see `case`).
    factor : float
        How many times as fast the answer has to be, at least.

    Raises
    ------
    CheckFailed
    """
    if known.is_recording():
        return
    ours, theirs = _clocks(function)
    key = _key(loops, one) if ours is process_time else None
    before = _seconds.get(key)
    expected, slow = _timed(ours, one, loops) if before is None else (one.on(loops.quick), before)
    start = theirs()
    value = ask(function, one).value
    first = theirs() - start
    rtol, atol = (1e-4, 1e-5) if "float32" in dtypes_of(one.args) else (1e-7, 1e-9)
    if compare(expected, value, rtol, atol):
        equal(function, [Case(one, expected)], rtol=rtol, atol=atol)
    best = slow / max(first, 1e-6)
    if before is not None:
        if (
            best >= SURE * factor
            or slow / _mean(theirs, function, one, slow, first) >= SURE * factor
        ):
            return
        best, (_, slow) = 0.0, _timed(ours, one, loops)
    for turn in range(3):
        if best >= factor:
            break
        if turn:
            _, slow = _timed(ours, one, loops)
        best = max(best, slow / _mean(theirs, function, one, slow, first))
    if best >= factor:
        if key:
            _seconds[key] = slow
        return
    fail("too slow", line_of(function, one), f"at least {factor:g} times as fast as plain loops",
         f"{best:.1f} times as fast", looks_like="a Python loop over outputs or images")  # fmt: skip


def _timed(clock, one, loops):
    """Return what loops return, and how long they take."""
    start = clock()
    value = one.on(loops)
    return value, clock() - start


def _mean(clock, function, one, slow, first):
    """Return how long a call of the answer takes: five of them, as long as they do not take too long."""
    start, calls, quick = clock(), 0, 0.0
    while calls < 5 and quick <= slow:  # beyond, it is far from fast: more calls would tell nothing
        if isinstance(ask(function, one).value, Raised) and not calls:
            return max(first, 1e-6)  # it works once only, which costs points elsewhere
        calls, quick = calls + 1, clock() - start
    return max(quick / calls, 1e-6)


def _key(loops, one):
    """Return what the time of loops hangs on; None where that is not known."""
    if not hasattr(loops, "quick"):
        return None
    return (loops.about, *((array.shape, array.dtype.str) for array in one.args[: loops.inputs]))


def _clocks(function):
    """Return a clock of what runs here, and one of what runs where the answer does.

    Both count processor time, or both ordinary time where that of another process cannot be read.
    """
    remote = getattr(function, "_function", function)  # of a method of an object of the answer's
    clock = getattr(remote, "__course_clock__", None)
    if clock is None:
        return process_time, process_time
    return (process_time, clock) if clock() is not None else (perf_counter, perf_counter)
