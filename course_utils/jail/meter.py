"""What a jail has used of its time, read from outside: processor time of all its processes, and sleep.

A limit on the clock would take points from a right answer on a busy machine, where the clock runs on while
other work has the processor. So what counts is the processor time of everything that a submission started, and
the time in which all of it slept while its answer was waited for: an answer that sleeps has a limit, too.
Waiting for a processor costs nothing.
"""

from __future__ import annotations

import contextlib
import functools
import os
import time
from collections.abc import Iterator

SAMPLED = 0.05  # seconds between two looks
MOST_IDLE = 2 * SAMPLED  # that one look may take for asleep: it may have come late itself
BLIND = 4  # seconds on the clock that count as one where nothing can be read
# Limits on the clock, in multiples of the limit proper. They are for what cannot be seen from outside, such as
# children that end between two looks and leave no trace, and far from what a busy machine costs.
BACKSTOP = 20  # of one cell or call
BACKSTOP_OF_ALL = 10  # of a whole notebook
_TICK = 1 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 0.01
_ACTIVE = b"RD"  # states of a task that runs, waits for a processor, or for a disk


@functools.cache
def can_see() -> bool:
    """Whether this system shows what the processes of another one use; macOS does not."""
    return os.path.exists("/proc/thread-self/children") and os.path.exists("/proc/self/stat")


class Meter:
    """What the descendants of one process have used.

    Parameters
    ----------
    supervisor : int
        The process whose descendants count; it only watches them.

    Attributes
    ----------
    cpu : float
        Seconds of processor time, as of the last look.
    idle : float
        Seconds for which they were waited for and all slept.
    waited : float
        Seconds of waiting since the last look.
    """

    def __init__(self, supervisor: int):
        self.supervisor = supervisor
        self.cpu = self.idle = self.waited = 0.0
        self._before = (
            0.0  # the sum of the last look; less where a child has ended and left no trace
        )
        self._looked = float("-inf")

    @property
    def used(self) -> float:
        """Seconds that count, as of the last look."""
        return self.cpu + self.idle

    def is_due(self, now: float) -> bool:
        """Whether the last look is `SAMPLED` seconds old, at a time on the monotonic clock."""
        return now - self._looked >= SAMPLED

    def look(self, still_waiting=lambda: False) -> None:
        """Bring the account up to date.

        Parameters
        ----------
        still_waiting : callable
            Whether no answer is there yet; asked after the look, since what has answered sleeps.
        """
        waited, self.waited, self._looked = self.waited, 0.0, time.monotonic()
        if not can_see():
            self.idle += waited / BLIND
            return
        total, active = self._sum()
        spent = max(total - self._before, 0.0)
        self.cpu, self._before = self.cpu + spent, total
        if waited and not active and still_waiting():
            self.idle += max(min(waited, MOST_IDLE) - spent, 0.0)

    def refresh(self) -> None:
        """Bring the account up to date unless it is; nobody has been waiting."""
        if self.is_due(time.monotonic()):
            waited = self.waited
            self.look()
            self.waited = waited if can_see() else 0.0

    def _sum(self) -> tuple[float, bool]:
        """Return the seconds of processor time, and whether a task runs or could."""
        total, active = _reaped(self.supervisor), False
        for process in _below(self.supervisor):
            with contextlib.suppress(OSError, ValueError, IndexError):
                spent, runs = _read(process)
                total, active = total + spent, active or runs
        return total, active


class Limit:
    """A limit on what a jail may use from the moment on at which somebody begins to wait for it.

    Parameters
    ----------
    meter : Meter
    seconds : float
    """

    def __init__(self, meter: Meter, seconds: float):
        self.meter, self.seconds = meter, seconds
        self.restart()

    def restart(self) -> None:
        """Count anew: what comes next has the whole limit."""
        self._started = False

    def start(self) -> None:
        """Count from now on, unless it does already."""
        if not self._started:
            self._started = True
            self.meter.refresh()
            self.base, self.end = self.meter.used, time.monotonic() + BACKSTOP * self.seconds

    def is_over(self) -> bool:
        """Whether it is used up, as of the last look."""
        return self.meter.used - self.base > self.seconds or time.monotonic() > self.end


# -- what /proc tells ------------------------------------------------------------------------------
def _text(*parts) -> bytes:
    with open("/".join(("/proc", *map(str, parts))), "rb", buffering=0) as file:
        return file.read(1 << 16)


def _fields(*parts) -> list[bytes]:
    """Return the fields of a ``stat`` file from the third on; a name may hold anything."""
    return _text(*parts).rpartition(b")")[2].split()


def _reaped(process) -> float:
    """Return the seconds that children of a process took which have ended and been waited for."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return sum(map(int, _fields(process, "stat")[13:15])) * _TICK
    return 0.0


def _below(process) -> Iterator[int]:
    """Yield the descendants of a process."""
    todo = [process]
    while todo:
        parent = todo.pop()
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{parent}/task"):
                children = list(map(int, _text(parent, "task", task, "children").split()))
                yield from children
                todo += children


def _read(process) -> tuple[float, bool]:
    """Return the seconds that a process and its ended children took, and whether one of its tasks is active.

    ``stat`` counts in ticks of 10 ms, threads that have ended included; ``schedstat``, where it is there, in
    nanoseconds.
    """
    fields = _fields(process, "stat")
    own, reaped = (sum(map(int, fields[at : at + 2])) * _TICK for at in (11, 13))
    exact, active = 0, fields[0] in _ACTIVE
    with contextlib.suppress(OSError, ValueError, IndexError):
        if fields[17] == b"1":
            exact = int(_text(process, "schedstat").split()[0])
        else:
            for task in os.listdir(f"/proc/{process}/task"):
                active = active or _fields(process, "task", task, "stat")[0] in _ACTIVE
                exact += int(_text(process, "task", task, "schedstat").split()[0])
    return max(own, exact / 1e9) + reaped, active
