"""Where students' code runs: a warm process that is forked for each submission.

``python -I -m course_utils.jail.zygote`` is started afresh (never forked from a program that knows
tests or scores), imports what answers need, makes one IPython shell and then waits. For each submission
it is sent one end of a socket pair and forks; the child serves that socket: run a cell, call a function,
look up a name. See `course_utils.wire` for what may pass.

Nothing here decides anything about marks, and nothing here is trusted by the other side.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from functools import partial
from pathlib import Path

from course_utils.jail import confine
from course_utils.jail.imports import Beside, Explain
from course_utils.jail.shell import Outputs, Shell, Stream, make_shell
from course_utils.wire import AnswerSide, Raised, frames_in, probes

SIZE = struct.Struct(">I")
NO_MEMORY = 77  # the exit code of an answer that ran out of it
NOT_CONFINED = {"status": 0, "peak": 0, "cpu": 0.0, "hog": False, "confined": False}
PROBE = "probes:"  # begins the name of a function of `course_utils.wire.probes`
WITH = "with:"  # begins the name of such a function and those of the answers that are its first arguments
PRELOADED = ("numpy.random", "numpy.fft", "numpy.testing")  # NumPy loads them late: 10 to 50 ms
SMALL = 1024  # KiB of shared memory that are counted wherever they show


# -- frames on a socket ----------------------------------------------------------------------------
def send(sock: socket.socket, frame: bytes) -> None:
    """Send one frame with its length."""
    sock.sendall(SIZE.pack(len(frame)) + frame)


def receive(sock: socket.socket) -> bytes:
    """Receive one frame; EOFError when the other side is gone."""
    [size] = SIZE.unpack(_exactly(sock, SIZE.size))
    return _exactly(sock, size)


def _exactly(sock, size):
    data = bytearray()
    while len(data) < size:
        part = sock.recv(min(size - len(data), 1 << 20))
        if not part:
            raise EOFError("the other side closed the connection")
        data += part
    return bytes(data)


# -- the process of one submission -----------------------------------------------------------------
def serve(sock: socket.socket, shell: Shell, job: dict) -> None:
    """Answer requests until the other side is gone."""
    side = AnswerSide(hush=False)
    shell.outputs = Outputs(job["limits"]["output"])
    sys.stdout, sys.stderr = Stream(shell, "stdout"), Stream(shell, "stderr")
    names = shell.user_ns

    def call_back(number, args, kwargs):
        send(sock, side.encode(["callback", number, list(args), kwargs]))
        value = side.decode(receive(sock))
        if isinstance(value, Raised):
            raise RuntimeError(f"the function that was passed in raised {value}")
        return value

    side.call_back = call_back

    def answer(op, name, frame):
        if op == "run":
            shell.cell = side.decode(frame)
            result = shell.run_cell(shell.cell, store_history=False)
            shell.execution_count += 1
            error = result.error_before_exec or result.error_in_exec
            return [shell.told(error) if error else None]
        if name.startswith(PROBE):
            return side.answer(getattr(probes, name.removeprefix(PROBE)), frame)
        if name.startswith(WITH):
            probe, *answers = name.removeprefix(WITH).split(":")
            missing = [n for n in answers if n not in names]
            if missing:
                return [Raised("NotDefined", (), f"{missing[0]} is not defined")]
            return side.answer(partial(getattr(probes, probe), *map(names.get, answers)), frame)
        if name not in names:
            return [Raised("NotDefined", (), f"{name} is not defined")]
        return side.answer(names[name], frame) if op == "call" else [names[name]]

    while True:
        head, *frames = frames_in(receive(sock))
        op, name = side.decode(head)
        for frame in frames:
            shell.outputs = Outputs(job["limits"]["output"])
            parts = answer(op, name, frame)
            items = shell.outputs.items
            outputs = json.dumps(items, default=str) if items else ""
            send(sock, side.encode_answer(parts, "done", outputs))


def play(sock, shell, job, ready) -> int:
    """Confine this process, say so on the pipe `ready`, and serve; return its exit code."""
    try:
        if job["confined"]:
            folder, hidden = Path(job["folder"]), tuple(job["hidden"])
            confine.build_world(folder, hidden, job["limits"]["scratch"], job["user"])
            confine.drop_privileges(job["user"], job["limits"]["loopback"])
        else:
            os.chdir(Path(job["folder"], "files"))
        confine.limit(job["limits"])
        os.environ.update(HOME=os.getcwd(), USER="student", TMPDIR="/tmp")
        sys.meta_path.insert(0, Explain(job["hidden"]))
        sys.meta_path.append(Beside(os.getcwd(), job["hidden"]))
        os.write(ready, b"1")
        os.close(ready)  # an answer's own exit code then says nothing about us
    except OSError:
        return 1
    try:
        serve(sock, shell, job)
    except EOFError:
        return 0
    except MemoryError:
        return NO_MEMORY
    except BaseException:
        return 70
    return 0


def watch(pid: int, lifeline: int, memory: int) -> dict:
    """Wait for the process of a submission, or end it with all it started.

    Parameters
    ----------
    pid : int
    lifeline : int
        A descriptor that reads as ended when the submission has to end.
    memory : int
        Bytes that it and what it started may hold together.

    Returns
    -------
    dict
        ``status``, ``peak`` (bytes), ``cpu`` (seconds, with children that it waited for) and whether it was
        ended for its memory, ``hog``.
    """
    hog, died = False, os.pidfd_open(pid) if hasattr(os, "pidfd_open") else None
    wait = [lifeline] + ([died] if died is not None else [])
    ended = 0
    while not ended:
        ready = select.select(wait, [], [], 0.05)[0]
        hog = not ready and _held(pid) > memory
        if hog or lifeline in ready:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        over = hog or bool(ready)
        if over or died is None:  # macOS has no such descriptor
            ended, status, usage = os.wait4(pid, 0 if over else os.WNOHANG)
    peak, cpu = usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime
    return {"status": os.waitstatus_to_exitcode(status), "peak": peak, "cpu": cpu, "hog": hog}


def _held(pid: int) -> int:
    """Return the memory of a process and its descendants, in bytes; pages of files are left out."""
    total, todo = 0, [pid]
    while todo:
        process = todo.pop()
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = Path(f"/proc/{process}/status").read_text()
            total += _kibibytes(status, "RssAnon:")
            shared = _kibibytes(status, "RssShmem:")
            if shared > SMALL:  # its part of pages that several hold; slow to find out
                with contextlib.suppress(OSError):
                    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
                    shared = _kibibytes(rollup, "Pss_Shmem:")
            total += shared
            for task in os.listdir(f"/proc/{process}/task"):
                children = Path(f"/proc/{process}/task/{task}/children").read_text()
                todo += map(int, children.split())
    return total * 1024


def _kibibytes(status, name):
    at = status.find(name)
    return int(status[at + len(name) :].split(maxsplit=1)[0]) if at >= 0 else 0


def supervise(sock, lifeline, report, shell, job):
    """Be the parent of one submission's process: it can neither see nor outlive this one."""
    code = 1
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        _close_all_but({0, 1, 2, sock.fileno(), lifeline, report})
        if job["confined"]:
            job["user"] = confine.user_of(os.getpid())
            confine.leave_the_host(job["limits"]["loopback"])
        confined, ready = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            _close_all_but({0, 1, 2, sock.fileno(), ready})
            os._exit(play(sock, shell, job, ready))
        sock.close()
        os.close(ready)
        told = watch(pid, lifeline, job["limits"]["memory"])
        told["confined"] = os.read(confined, 1) == b"1"
        os.write(report, json.dumps(told).encode())
        code = 0
    except OSError:
        with contextlib.suppress(OSError):
            os.write(report, json.dumps(NOT_CONFINED).encode())
    finally:
        os._exit(code)


def _close_all_but(kept):
    last = -1
    for descriptor in sorted(kept):
        if descriptor > last + 1:  # closerange(0, 0) closes everything on Linux
            os.closerange(last + 1, descriptor)
        last = descriptor
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if (
        sys.platform != "linux"
    ):  # one system call there; elsewhere one each, and "unlimited" is a huge number
        most = min(most % (1 << 63), 1 << 14)
    os.closerange(last + 1, most)


# -- the zygote ------------------------------------------------------------------------------------
def main(descriptor: int, preload: list[str]) -> None:
    """Serve fork and end requests on the control socket until it closes."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    for name in (*PRELOADED, *preload):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    shell = make_shell()
    confine.prepare()
    gc.collect()
    gc.freeze()  # what the collector does not walk stays shared with every process that is forked
    running: dict[int, tuple[int, int]] = {}  # supervisor → its lifeline and its report
    send(control, b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not message:
            return
        request = json.loads(message)
        if "job" in request:
            if request["job"]["confined"]:
                confine.prepare(tuple(request["job"]["hidden"]))
            with socket.socket(fileno=descriptors[0]) as sock:
                theirs, lifeline = os.pipe()
                report, written = os.pipe()
                pid = os.fork()
                if pid == 0:
                    supervise(sock, theirs, written, shell, request["job"])
                os.close(theirs)
                os.close(written)
            running[pid] = lifeline, report
            send(control, json.dumps({"pid": pid}).encode())
        else:
            lifeline, report = running.pop(request["end"])
            os.close(lifeline)
            with os.fdopen(report, "rb") as file:
                told = file.read()
            os.waitpid(request["end"], 0)
            send(control, told or json.dumps(NOT_CONFINED).encode())


if __name__ == "__main__":
    with contextlib.suppress(ConnectionError):  # the program that started us is gone, at any point
        main(int(sys.argv[1]), sys.argv[2:])
