"""Where students' code runs: a warm process that is forked for each submission.

``python -I -m course_utils.grading.zygote`` is started afresh (never forked from a program that knows
tests or scores), imports what answers need, makes one IPython shell and then waits. For each submission
it is sent one end of a socket pair and forks; the child serves that socket: run a cell, call a function,
look up a name. See `course_utils.wire` for what may pass.

Nothing here decides anything about marks, and nothing here is trusted by the other side.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_utils import probes
from course_utils.grading import confine
from course_utils.wire import AnswerSide, Raised, WireError, raised

SIZE = struct.Struct(">I")
NO_MEMORY = 77  # the exit code of an answer that ran out of it
NOT_CONFINED = {"status": 0, "peak": 0, "cpu": 0.0, "hog": False, "confined": False}
PROBE = "probes:"  # begins the name of a function of `course_utils.probes`
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


# -- what a cell shows -----------------------------------------------------------------------------
class Outputs:
    """The outputs of one cell, in nbformat's form, up to a limit in bytes."""

    def __init__(self, limit):
        self.limit, self.items, self.size = limit, [], 0

    def add(self, item):
        size = len(json.dumps(item, default=str))
        if self.size + size > self.limit:
            if self.size <= self.limit:
                note = f"… output beyond {self.limit} bytes is not kept …\n"
                self.items.append({"output_type": "stream", "name": "stdout", "text": note})
            self.size = self.limit + 1
            return
        self.size += size
        self.items.append(item)

    def write(self, name, text):
        last = self.items[-1] if self.items else {}
        if self.size > self.limit or not text:
            return
        if last.get("output_type") == "stream" and last["name"] == name:
            room = self.limit - self.size
            last["text"] += text[:room]
            self.size += len(text)
            if len(text) > room:
                last["text"] += f"\n… output beyond {self.limit} bytes is not kept …\n"
        else:
            self.add({"output_type": "stream", "name": name, "text": text[: self.limit]})


class Stream:
    """A text stream that writes into the current `Outputs`."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, shell, name):
        self.shell, self.name = shell, name

    def write(self, text):
        self.shell.outputs.write(self.name, str(text))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return True

    def fileno(self):
        return 1 if self.name == "stdout" else 2


class Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **kwargs):
        item = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        self.shell.outputs.add(item)

    def clear_output(self, wait=False):
        self.shell.outputs.items.clear()


class Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.outputs.add(
            {"output_type": "execute_result", "data": format_dict, "metadata": md_dict or {},
             "execution_count": None}
        )  # fmt: skip

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """IPython without history, terminal and colours; errors as short plain text."""

    def __init__(self, **kwargs):
        self.outputs = Outputs(1 << 20)
        super().__init__(**kwargs)
        self.display_pub = Publisher(parent=self, shell=self)
        self.display_trap.hook = self.displayhook = Hook(parent=self, shell=self)

    def enable_gui(self, gui=None):
        pass

    def showtraceback(self, exc_tuple=None, *args, **kwargs):
        kind, error, trace = exc_tuple or sys.exc_info()
        frames = [f for f in traceback.extract_tb(trace) if f.filename in self.compile._filename_map
                  or "ipython-input" in f.filename or f.filename.startswith("<")]  # fmt: skip
        lines = [f"line {f.lineno}, in {f.name}\n    {f.line}" for f in frames[-8:]]
        with contextlib.suppress(Exception):
            lines.append(f"{kind.__name__}: {error}"[:2000])
        self.outputs.add(
            {"output_type": "error", "ename": kind.__name__, "evalue": str(raised(error).message),
             "traceback": lines}
        )  # fmt: skip

    showsyntaxerror = showtraceback


def make_shell() -> Shell:
    """Make the one shell of this process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autocall = 0
    config.InteractiveShell.cache_size = 0
    shell = Shell.instance(config=config)
    shell.run_cell("import numpy")  # the first cell of a shell costs 10 ms, later ones 0.3
    shell.user_ns.pop("numpy", None)
    shell.execution_count = 1
    return shell


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

    def answer(op, name, body):
        if op == "run":
            result = shell.run_cell(body, store_history=False)
            shell.execution_count += 1
            error = result.error_before_exec or result.error_in_exec
            return [raised(error) if error else None]
        if name.startswith(PROBE):
            return side.answer(getattr(probes, name.removeprefix(PROBE)), *body)
        if name not in names:
            return [Raised("NotDefined", (), f"{name} is not defined")]
        return side.answer(names[name], *body) if op == "call" else [names[name]]

    while True:
        try:
            op, name, bodies = side.decode(receive(sock))
        except WireError as error:  # such as an object of an earlier process, handed back
            send(sock, side.encode_answer([raised(error)], "done", ""))
            continue
        for body in bodies:
            shell.outputs = Outputs(job["limits"]["output"])
            parts = answer(op, name, body)
            items = shell.outputs.items
            outputs = json.dumps(items, default=str) if items else ""
            send(sock, side.encode_answer(parts, "done", outputs))


class _Explain:
    """Say why a module cannot be imported; that it cannot is not up to this hook."""

    def __init__(self, hidden):
        self.hidden = hidden

    def find_spec(self, name, path=None, target=None):
        if any(name == h or name.startswith(h + ".") for h in self.hidden):
            raise ModuleNotFoundError(f"{name} may not be used in the answers of this part")
        return None


def play(sock, shell, job, ready) -> int:
    """Confine this process, say so on the pipe `ready`, and serve; return its exit code."""
    try:
        if job["confined"]:
            folder, hidden = Path(job["folder"]), tuple(job["hidden"])
            confine.build_world(folder, hidden, job["limits"]["scratch"], job["user"])
            confine.drop_privileges(job["user"])
        else:
            os.chdir(Path(job["folder"], "files"))
        confine.limit(job["limits"])
        os.environ.update(HOME=os.getcwd(), USER="student", TMPDIR="/tmp")
        sys.meta_path.insert(0, _Explain(job["hidden"]))
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
    while True:
        ready = select.select(wait, [], [], 0.05)[0]
        hog = not ready and _held(pid) > memory
        if hog or lifeline in ready:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            break
        if died in ready or (died is None and _is_gone(pid)):
            break
    _, status, usage = os.wait4(pid, 0)
    peak, cpu = usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime
    return {"status": os.waitstatus_to_exitcode(status), "peak": peak, "cpu": cpu, "hog": hog}


def _is_gone(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


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
            confine.leave_the_host()
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
    os.closerange(last + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


# -- the zygote ------------------------------------------------------------------------------------
def main(descriptor: int, preload: list[str]) -> None:
    """Serve fork and end requests on the control socket until it closes."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    for name in preload:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    shell = make_shell()
    running: dict[int, tuple[int, int]] = {}  # supervisor → its lifeline and its report
    send(control, b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        if not message:
            return
        request = json.loads(message)
        if "job" in request:
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
    main(int(sys.argv[1]), sys.argv[2:])
