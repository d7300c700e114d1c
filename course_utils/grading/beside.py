"""On a machine of a cluster: a grader beside the worker of Dask, one for each submission that it has at a time.

A worker of Dask has threads, and a process with threads cannot enter namespaces; its nanny forbids it to start
processes through `multiprocessing`. So each of its threads talks through pipes to a process that is started
afresh (``python -I -m course_utils.grading.beside``). That one first says in what it differs from the machine
that asks; where it does not fit it grades nothing and ends.

Messages are MessagePack, never pickles. What a run shares is its *kit*: the part's files, the secret, and what
the asking machine is like. It comes once to each worker, and submissions name it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import msgpack

SIZE = struct.Struct(">Q")
IDLE = 600  # seconds after which a grader that has nothing to do ends
KITS = 4  # that a worker keeps: parts that are graded at once
ENVIRONMENT = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "THP_MEM_ALLOC_ENABLE"), "1"
)  # as in `course_utils.grading.workers`


def pack(value) -> bytes:
    """Return a message; file names may hold bytes that are no text."""
    return msgpack.packb(value, unicode_errors="surrogateescape")


def unpack(data: bytes):
    return msgpack.unpackb(data, unicode_errors="surrogateescape", strict_map_key=False)


def send(pipe, message: bytes) -> None:
    pipe.write(SIZE.pack(len(message)) + message)
    pipe.flush()


def receive(pipe) -> bytes:
    """Return one message; EOFError when the other side is gone."""
    head = pipe.read(SIZE.size)
    data = pipe.read(SIZE.unpack(head)[0]) if len(head) == SIZE.size else b""
    if len(head) < SIZE.size or len(data) < SIZE.unpack(head)[0]:
        raise EOFError("the other side is gone")
    return data


# -- in the worker of Dask -------------------------------------------------------------------------
_kits: dict[str, bytes] = {}
_idle: list[Beside] = []
_busy: set[Beside] = set()
_lock = threading.Lock()


class Beside:
    """The trusted end of a grader's process.

    Parameters
    ----------
    kit : str
        The name of the kit.
    data : bytes
        The kit.
    folder : Path
        Where it may put files; it takes away what it has put there.
    """

    def __init__(self, kit: str, data: bytes, folder: Path):
        self.kit, self._scratch = kit, tempfile.TemporaryDirectory(prefix="course-", dir=folder)
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-m", __name__, self._scratch.name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", start_new_session=True,
            env={**os.environ, **ENVIRONMENT},
        )  # fmt: skip
        try:
            self.unfit = unpack(self.ask(data))
        except (EOFError, OSError):
            self.unfit = [
                "the grader's own process does not start there; the worker's log says why"
            ]
        if self.unfit:
            self.end()

    def ask(self, message: bytes) -> bytes:
        send(self.process.stdin, message)
        return receive(self.process.stdout)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        self.process.stdout.close()
        self._scratch.cleanup()


def begin(kit: str, data: bytes) -> list[str]:
    """Take a kit and start a grader; return why this worker does not fit, nothing if it does."""
    with _lock:
        _kits.pop(kit, None)
        _kits[kit] = data
        for old in list(_kits)[:-KITS]:
            del _kits[old]
    grader = _new(kit, data)
    if not grader.unfit:
        _keep(grader)
    return grader.unfit


def grade(kit: str, job: bytes) -> bytes:
    """Grade one submission; the answer is a message with ``kind`` *graded*, *failed*, *ended* or *no kit*."""
    with _lock:
        data = _kits.get(kit)
        mine = [g for g in _idle if g.kit == kit and g.process.poll() is None]
        grader = mine[-1] if mine else None
        if grader:
            _idle.remove(grader)
    if data is None:  # this worker has begun afresh
        return pack({"kind": "no kit"})
    grader = grader or _new(kit, data)
    if grader.unfit:
        return pack({"kind": "no kit"})
    with _lock:
        _busy.add(grader)
    try:
        answer = grader.ask(job)
    except (EOFError, OSError):
        grader.end()
        return pack({"kind": "ended"})
    finally:
        with _lock:
            _busy.discard(grader)
    if unpack(answer)["kind"] == "graded":
        _keep(grader)
    else:  # it may be broken
        grader.end()
    return answer


async def end(kit: str) -> None:
    """End all graders of a kit, also those at work, and forget it."""
    with _lock:
        _kits.pop(kit, None)
        idle = [g for g in _idle if g.kit == kit]
        for grader in idle:
            _idle.remove(grader)
        for grader in _busy:
            if grader.kit == kit:
                grader.process.kill()  # whoever waits for its answer notices
    for grader in idle:
        grader.end()


def _new(kit, data):
    from distributed import get_worker

    return Beside(kit, data, Path(get_worker().local_directory))


def _keep(grader):
    from distributed import get_worker

    with _lock:
        _idle.append(grader)
        many = _idle[: -get_worker().state.nthreads]
        del _idle[: len(many)]
    for one in many:
        one.end()


# -- in the grader's process -----------------------------------------------------------------------
def main(scratch: str) -> None:
    """Serve one worker of Dask until it is gone, or has nothing to grade for a while."""
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed here is no answer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    kit = unpack(receive(jobs))
    unfit = _unfit(kit)
    if not unfit:
        tempfile.tempdir = scratch
        _get_ready(kit)
    send(answers, pack(unfit))
    while not unfit and select.select([jobs], [], [], IDLE)[0]:
        send(answers, pack(_graded(unpack(receive(jobs)), scratch)))


def _end_with_starter():
    # Hung up: the worker of Dask was ended. What it had asked for is of no use to anybody.
    poll = select.poll()
    poll.register(0, 0)
    poll.poll()
    os.kill(os.getpid(), signal.SIGKILL)


def _unfit(kit) -> list[str]:
    from course_utils.grading import fits
    from course_utils.jail import confine

    unfit = fits.differences(kit["like"], fits.description())
    lacking = confine.missing() if kit["confined"] else ""
    return unfit + ([f"students' code cannot be confined there ({lacking})"] if lacking else [])


def _get_ready(kit):
    from course_utils.course.folders import Course
    from course_utils.grading.work import get_ready

    others = {name: frozenset(cells) for name, cells in kit["others"].items()}
    with tempfile.TemporaryDirectory() as folder:  # no longer there when the first answer runs
        _write(Path(folder), kit["files"])
        get_ready(Course(Path(folder)), kit["assignment"], kit["confined"], kit["secret"], others)


def _graded(job, scratch) -> dict:
    from course_utils.grading.work import grade_files

    try:
        with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as folder:
            _write(Path(folder), job["files"])
            graded = grade_files(job["student"], Path(folder), job["key"])
    except Exception as error:
        return {"kind": "failed", "why": f"{type(error).__name__}: {error}"}
    return {"kind": "graded", "text": graded.text, "blank": sorted(graded.blank)}


def _write(folder, files):
    """Write files; one of which only the size is told is of zeros, and takes no room."""
    for name, data in files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                if isinstance(data, int):
                    file.truncate(data)
                else:
                    file.write(data)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:  # which no answer could open either
                raise


if __name__ == "__main__":
    with contextlib.suppress(EOFError, BrokenPipeError):
        main(sys.argv[1])
