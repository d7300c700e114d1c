"""Worker processes: forked from a server that has loaded everything, so that each is there at once."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver
from unittest import mock

# One worker a core; PyTorch's large tensors in large pages, as in the jail.
ENVIRONMENT = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "THP_MEM_ALLOC_ENABLE"), "1"
)


def load(module: str) -> None:
    """Have the server start to load a module, if it has not started yet; this program can load meanwhile."""
    multiprocessing.get_context("forkserver").set_forkserver_preload([module])
    with mock.patch.dict(os.environ, ENVIRONMENT):
        forkserver.ensure_running()


class Pool(ProcessPoolExecutor):
    """Workers for a ``with`` block.

    An exception that leaves the block, such as that of Ctrl-C, ends them at once, and with them whatever they
    had started; work that waited is left undone.
    """

    def __exit__(self, kind, error, trace):
        if kind is not None:
            for worker in list((self._processes or {}).values()):
                worker.kill()  # what waits for them is told that the pool is broken
            self.shutdown(cancel_futures=True)
        return super().__exit__(kind, error, trace)


def pool(count: int, start: Callable, *arguments) -> Pool:
    """Return `count` workers, each of which begins with ``start(*arguments)`` and ends with this program.

    Where each core has a worker, each worker stays on a core of its own, with all that it starts.
    """
    load(start.__module__)
    context = multiprocessing.get_context("forkserver")
    begun = context.Value("i", 0)
    return Pool(
        count, context, initializer=_begin_in_pool, initargs=(count, begun, start, arguments)
    )


def run(seconds: float, work: Callable, *arguments):
    """Return ``work(*arguments)``, done in a worker of its own that is ended after some seconds.

    Raises
    ------
    RuntimeError
        If it failed, ended without a result or ran longer.
    """
    load(work.__module__)
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_begin, args=(_tell, (theirs, work, arguments)))
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise RuntimeError(f"it took longer than {seconds:g} s")
        done, value = ours.recv()
    except EOFError:
        raise RuntimeError("the process that graded it was ended") from None
    finally:
        ours.close()
        process.kill()
        process.join()
    if not done:
        raise RuntimeError(value)
    return value


def _tell(pipe, work, arguments):
    try:
        pipe.send((True, work(*arguments)))
    except Exception as error:
        pipe.send((False, f"{type(error).__name__}: {error}"))


def _begin_in_pool(count, begun, start, arguments):
    with begun.get_lock():
        number, begun.value = begun.value, begun.value + 1
    # A grader and the process of the answers take turns. On one core that costs a fifth less than where each
    # question wakes another core.
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    if 0 < len(cores) <= count:
        os.sched_setaffinity(0, {cores[number % len(cores)]})
    _begin(start, arguments)


def _begin(start, arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program that started us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(*arguments)


def _end_with_parent():
    # A worker that only waits for work would not notice, and its server lives as long as it does.
    multiprocessing.parent_process().join()
    os.kill(os.getpid(), signal.SIGKILL)


@contextlib.contextmanager
def uninterrupted():
    """Let Ctrl-C wait until what is begun is finished, so that it leaves nothing half done."""
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield  # no interrupt comes here
        return
    asked = []
    # A mask would not do: the signal would go to another thread, and come from there.
    signal.signal(signal.SIGINT, lambda *arguments: asked.append(arguments))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if asked:
        handler(*asked[0])
