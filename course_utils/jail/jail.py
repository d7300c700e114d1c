"""The trusted end of a jail: start it, put questions to it, notice when it dies.

A `Zygote` is one warm process; `Zygote.fork` gives a `Jail` for one submission. Every question has a limit on
what it may use (see `course_utils.jail.meter`), and whatever arrives is decoded by `course_utils.wire` or
ends the jail.
"""

from __future__ import annotations

import json
import math
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from course_utils.jail.meter import SAMPLED, Limit, Meter
from course_utils.jail.zygote import SIZE
from course_utils.wire import MAX_FRAME, Raised, Reply, Side, WireError, reply

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "THP_MEM_ALLOC_ENABLE": "1",  # large pages for large tensors: VGG takes a quarter less
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # a set printed by a student reads the same on every run
    "NBGRADER_EXECUTION": "autograde",
}
# Seconds on the clock in which the warm process starts, and forks or ends a jail. It needs one and a few
# hundredths; whatever keeps it longer is this machine, and never a submission's fault.
PATIENCE = 900


class JailDied(Exception):
    """The jail is gone, or had to be ended; `str()` is ``OutOfTime``, ``OutOfMemory`` or ``Crashed``."""


class JailBroken(RuntimeError):
    """A jail could not be set up: a fault of this machine, never of a submission."""


class Zygote:
    """A warm process that forks jails; use as a context manager.

    Parameters
    ----------
    confined : bool
        Whether jails are confined (see `course_utils.jail.confine`).
    preload : sequence of str
        Modules to import once, before the first fork.
    """

    def __init__(self, confined: bool = True, preload=()):
        self.confined = confined
        ours, theirs = socket.socketpair()
        self.control, self.answers = ours, Reader(ours)
        module = "course_utils.jail.zygote"
        command = [sys.executable, "-I", "-m", module, str(theirs.fileno()), *preload]
        with theirs:
            self.process = subprocess.Popen(
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )
        try:
            self._frame()
        except JailDied:
            self.close()
            raise RuntimeError("the process for students' code did not start; see above") from None

    def fork(self, folder: Path, limits: dict, hidden=()) -> Jail:
        """Fork the process of one submission.

        Parameters
        ----------
        folder : Path
            Holds ``files`` (what the student handed in) and an empty ``root``.
        limits : dict
        hidden : sequence of str
            Modules that it must not find.
        """
        ours, theirs = socket.socketpair()
        job = {
            "folder": str(folder),
            "limits": limits,
            "hidden": list(hidden),
            "confined": self.confined,
        }
        with theirs:
            socket.send_fds(self.control, [json.dumps({"job": job}).encode()], [theirs.fileno()])
        return Jail(self, ours, self._answer()["pid"], limits)

    def end(self, pid: int) -> dict:
        """Kill a jail and all it started; return its exit status, processor time and peak memory."""
        self.control.sendall(json.dumps({"end": pid}).encode())
        return self._answer()

    def _answer(self):
        return json.loads(self._frame())

    def _frame(self):
        return self.answers.frame(_within(self.control, PATIENCE))

    def close(self):
        """End the zygote."""
        self.control.close()
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Jail:
    """One submission's process. Every method raises `JailDied` once it is gone.

    Attributes
    ----------
    outputs : list
        What the last cell or call showed.
    meter : Meter
        What it has used.
    left : float
        Seconds that it may use in all.
    end_of_all : float
        On the monotonic clock: nothing is waited for beyond it.
    """

    def __init__(self, zygote, sock, pid, limits):
        self.zygote, self.sock, self.pid, self.limits = zygote, sock, pid, limits
        self.outputs: list = []
        self.meter, self.left, self.end_of_all = Meter(pid), float("inf"), float("inf")
        self._reader = Reader(sock)

    def run(self, source: str) -> Raised | None:
        """Run a cell; its outputs are in `outputs`."""
        side = Side()
        try:
            cell = side.encode(source)
        except WireError as error:  # tens of megabytes: it is not run
            told = Raised("ValueError", ("ValueError",), f"this cell is too long: {error}")
            self.outputs = [
                {"output_type": "error", "ename": told.type_name, "evalue": told.message,
                 "traceback": [str(told)]}
            ]  # fmt: skip
            return told
        [[error, *more]] = self._request("run", "", [cell], side, self.limits["cell"])
        if more or not (error is None or isinstance(error, Raised)):
            raise JailDied("Crashed")
        return error

    def calls(
        self, name: str, calls: list[tuple[tuple, dict]], seconds: float | None = None
    ) -> Iterator[Reply]:
        """Call what the answer calls `name`, once for each ``(args, kwargs)``.

        The calls are sent together and answered one by one, each within its own limit (`seconds`, or that of
        the jail): a table of a hundred cases costs one round trip.
        """
        seconds = seconds or self.limits["call"]
        side = Side()
        try:
            bodies = [side.encode_call(*one) for one in calls]
            answers = self._request("call", name, bodies, side, seconds)
            for answer, sent in zip(answers, calls, strict=True):
                yield reply(answer, sent)
        except WireError:
            raise JailDied("Crashed") from None

    def value(self, name: str):
        """Return the value of a variable."""
        side = Side()
        [[value, *_]] = self._request("value", name, [side.encode(None)], side, self.limits["call"])
        return value

    def end(self) -> dict:
        """End the process and whatever it started; see `Zygote.end`. ``used`` is what counts of its time."""
        self.meter.look()
        self.sock.close()
        told = self.zygote.end(self.pid)
        # The last look may be a little old, and the other account leaves out children nobody waited for.
        return {**told, "used": max(self.meter.cpu, told["cpu"]) + self.meter.idle}

    def _request(self, op, name, bodies, side, seconds):
        """Send one request, whose parts are frames, and yield the answer to each of them."""
        try:
            limit = Limit(self.meter, seconds)
            self._send(b"".join([side.encode([op, name]), *bodies]), limit)
            for _ in bodies:
                limit.restart()
                kind, *body = side.decode(self._receive(limit))
                while kind == "callback":
                    number, args, kwargs = body
                    result = self._call_back(side, number, args, kwargs)
                    self._send(side.encode(result), limit)
                    kind, *body = side.decode(self._receive(limit))
                outputs, *answer = body
                if kind != "done" or type(outputs) is not str or len(answer) not in (1, 2, 4):
                    raise WireError("a malformed answer")
                if len(outputs) > 16 * self.limits["output"]:
                    raise WireError("more output than can be")
                self.outputs = json.loads(outputs) if outputs else []
                yield answer
        except (WireError, ValueError, TypeError, RecursionError):
            raise JailDied("Crashed") from None

    @staticmethod
    def _call_back(side, number, args, kwargs):
        try:
            return side.functions[number](*args, **kwargs)
        except Exception as error:
            return Raised(type(error).__name__, ("Exception",), str(error))

    def _receive(self, limit):
        return self._reader.frame(lambda: self._wait(limit))

    def _send(self, frame, limit):
        data = memoryview(SIZE.pack(len(frame)) + frame)
        while data:
            try:
                data = data[self.sock.send(data, socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                self._wait(limit, write=True)
            except OSError:
                raise JailDied("Crashed") from None

    def _wait(self, limit: Limit, write: bool = False) -> None:
        """Wait until the socket can be read or written, and meanwhile count what the jail uses.

        Looks come every `SAMPLED` seconds of waiting, in however many questions: many short sleeps then cost
        on average what they take.
        """
        meter = self.meter
        limit.start()
        while True:
            start = time.monotonic()
            ready = _is_ready(self.sock, max(SAMPLED - meter.waited, 0.0), write)
            now = time.monotonic()
            meter.waited += now - start
            if not ready or meter.is_due(now):
                meter.look(lambda: not _is_ready(self.sock, 0.0, write))
                if limit.is_over() or meter.used > self.left or now > self.end_of_all:
                    raise JailDied("OutOfTime")
            if ready:
                return


def _is_ready(sock, seconds, write=False):
    """Return whether a socket can be read (or written), or has no other end any more."""
    poll = select.poll()
    poll.register(sock, select.POLLOUT if write else select.POLLIN)
    return bool(poll.poll(math.ceil(1000 * seconds)))


def _within(sock, seconds):
    """Return what waits for a socket for some seconds at most, on the clock."""
    end = time.monotonic() + seconds

    def wait():
        if not _is_ready(sock, max(end - time.monotonic(), 0.0)):
            raise JailDied("OutOfTime")

    return wait


class Reader:
    """Reads frames from a socket."""

    def __init__(self, sock):
        self.sock, self.data, self.at = sock, bytearray(), 0

    def frame(self, wait: Callable) -> bytes:
        """Return one frame; ``wait()`` returns when there is something to read, or raises.

        Raises
        ------
        JailDied
        """
        self._fill(SIZE.size, wait)
        [size] = SIZE.unpack_from(self.data, self.at)
        if size > MAX_FRAME:
            raise JailDied("Crashed")
        self._fill(SIZE.size + size, wait)
        start = self.at + SIZE.size
        self.at = start + size
        return bytes(memoryview(self.data)[start : self.at])

    def _fill(self, size, wait):
        """Read until `size` bytes are there that nobody has had."""
        while len(self.data) - self.at < size:
            del self.data[: self.at]
            self.at = 0
            wait()
            try:
                part = self.sock.recv(1 << 18)
            except OSError:
                part = b""
            if not part:
                raise JailDied("Crashed")
            self.data += part
