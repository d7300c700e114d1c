"""The trusted end of a jail: start it, put questions to it, notice when it dies.

A `Zygote` is one warm process; `Zygote.fork` gives a `Jail` for one submission. Every question has a time
limit on our clock, and whatever arrives is decoded by `course_utils.wire` or ends the jail.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from course_utils.grading.zygote import SIZE
from course_utils.wire import MAX_BYTES, MAX_JSON, Raised, Reply, Side, WireError, reply

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # a set printed by a student reads the same on every run
    "NBGRADER_EXECUTION": "autograde",
}


SAMPLED = 0.05  # seconds
PATIENCE = 3  # how many times a limit may pass on the clock while other work keeps the processor


class JailDied(Exception):
    """The jail is gone, or had to be ended; `str()` is ``OutOfTime``, ``OutOfMemory`` or ``Crashed``."""


class JailBroken(RuntimeError):
    """A jail could not be set up: a fault of this machine, never of a submission."""


class Zygote:
    """A warm process that forks jails; use as a context manager.

    Parameters
    ----------
    confined : bool
        Whether jails are confined (see `course_utils.grading.confine`).
    preload : sequence of str
        Modules to import once, before the first fork.
    """

    def __init__(self, confined: bool = True, preload=()):
        self.confined = confined
        ours, theirs = socket.socketpair()
        self.control, self.answers = ours, Reader(ours)
        module = "course_utils.grading.zygote"
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
            self.answers.frame(time.monotonic() + 60)
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
        pid = self._answer()["pid"]
        return Jail(self, ours, pid, limits)

    def end(self, pid: int) -> dict:
        """Kill a jail and all it started; return its exit status and peak memory."""
        self.control.sendall(json.dumps({"end": pid}).encode())
        return self._answer()

    def _answer(self):
        return json.loads(self.answers.frame(time.monotonic() + 60))

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
    """One submission's process. Every method raises `JailDied` once it is gone."""

    def __init__(self, zygote, sock, pid, limits):
        self.zygote, self.sock, self.pid, self.limits = zygote, sock, pid, limits
        self.outputs: list = []
        self._reader, self._sampled = Reader(sock), (0.0, 0.0)
        self.deadline = float("inf")  # on the monotonic clock: nothing is waited for beyond it

    def run(self, source: str) -> Raised | None:
        """Run a cell; its outputs are in `outputs`."""
        [[error, *more]] = self._request("run", "", [source], Side(), self.limits["cell"])
        if more or not (error is None or isinstance(error, Raised)):
            raise JailDied("Crashed")
        return error

    def calls(self, name: str, calls: list[tuple[tuple, dict]]) -> Iterator[Reply]:
        """Call what the answer calls `name`, once for each ``(args, kwargs)``.

        The calls are sent together and answered one by one, each within its own time limit: a table of a
        hundred cases costs one round trip.
        """
        bodies = [[list(args), kwargs] for args, kwargs in calls]
        answers = self._request("call", name, bodies, Side(), self.limits["call"])
        try:
            for answer, sent in zip(answers, calls, strict=True):
                yield reply(answer, sent)
        except WireError:
            raise JailDied("Crashed") from None

    def value(self, name: str):
        """Return the value of a variable."""
        [[value, *_]] = self._request("value", name, [None], Side(), self.limits["call"])
        return value

    def end(self) -> dict:
        """End the process and whatever it started."""
        self.sock.close()
        return self.zygote.end(self.pid)

    def _request(self, op, name, bodies, side, limit):
        """Send one request and yield the answer to each of its parts."""
        try:
            self._send(side.encode([op, name, bodies]), time.monotonic() + limit)
            for _ in bodies:
                limit = min(limit, max(self.deadline - time.monotonic(), 0.0))
                deadline, more = time.monotonic() + limit, self._more(limit)
                kind, *body = side.decode(self._reader.frame(deadline, more))
                while kind == "callback":
                    number, args, kwargs = body
                    result = self._call_back(side, number, args, kwargs)
                    self._send(side.encode(result), deadline)
                    kind, *body = side.decode(self._reader.frame(deadline, more))
                outputs, *answer = body
                if kind != "done" or type(outputs) is not str or len(answer) not in (1, 4):
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

    def _send(self, frame, deadline):
        self.sock.settimeout(max(deadline - time.monotonic(), 0.01))
        try:
            self.sock.sendall(SIZE.pack(len(frame)) + frame)
        except TimeoutError:
            raise JailDied("OutOfTime") from None
        except OSError:
            raise JailDied("Crashed") from None

    def _more(self, limit):
        """Return what extends a limit on the clock where other work kept the processor.

        A limit is meant for an idle machine: the time for which the submission was ready to run and did not get
        a processor is given back, up to `PATIENCE` times the limit in all.
        """
        start, before = time.monotonic(), self._kept_waiting()

        def more():
            allowed = min(limit + self._kept_waiting() - before, PATIENCE * limit)
            left = allowed - (time.monotonic() - start)
            return left if left > 0.01 else 0.0

        return more

    def _kept_waiting(self) -> float:
        """Return the seconds for which the submission's process was ready and not running.

        Looked up at most every `SAMPLED` seconds, since most calls take far less.
        """
        now = time.monotonic()
        if now - self._sampled[0] > SAMPLED:
            waited = self._sampled[1]
            with contextlib.suppress(OSError, IndexError, ValueError):
                children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
                waited = int(Path(f"/proc/{children[0]}/schedstat").read_text().split()[1]) / 1e9
            self._sampled = now, waited
        return self._sampled[1]


class Reader:
    """Reads frames from a socket."""

    def __init__(self, sock):
        self.sock, self.data = sock, bytearray()

    def frame(self, deadline: float, more=lambda: 0.0) -> bytes:
        """Return one frame before `deadline` (on the monotonic clock), which `more` may extend.

        Raises
        ------
        JailDied
        """
        while len(self.data) < SIZE.size:
            deadline = self._receive(deadline, more)
        [size] = SIZE.unpack_from(self.data)
        if size > MAX_BYTES + 2 * MAX_JSON:
            raise JailDied("Crashed")
        wanted = SIZE.size + size
        while len(self.data) < wanted:
            deadline = self._receive(deadline, more)
        frame = bytes(memoryview(self.data)[SIZE.size : wanted])
        del self.data[:wanted]
        return frame

    def _receive(self, deadline, more):
        left = deadline - time.monotonic()
        while left <= 0 or not select.select([self.sock], [], [], left)[0]:
            left = more()
            if not left:
                raise JailDied("OutOfTime")
            deadline = time.monotonic() + left
        try:
            part = self.sock.recv(1 << 18)
        except OSError:
            part = b""
        if not part:
            raise JailDied("Crashed")
        self.data += part
        return deadline
