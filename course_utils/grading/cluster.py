"""Grading on the workers of a Dask cluster; what comes of it is written down here, by one process.

Each worker is asked first whether it grades as this machine would (`course_utils.grading.fits`); one that
does not gets no submission. The queue is kept here: Dask runs each job on the worker that it is meant for, and
what a lost worker had is given to another. So a submission may be graded twice, and the first answer counts.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path

from course_utils.course.folders import CourseError, UsageProblem
from course_utils.grading import beside
from course_utils.grading.executors import ENDED, Work, failed
from course_utils.grading.parcels import job_of, kit_of, opened
from course_utils.grading.work import Graded

GUIDE = "docs/from-laptop-to-cluster.md"
INSTALL = "pip install -c constraints.txt -e '.[cluster]'"
CONNECT = 10.0  # seconds for a scheduler to answer
LOOK = 1.0  # seconds between two looks at who is there
PATIENCE, WITHOUT = (
    5.0,
    60.0,
)  # seconds without a worker that fits: where all were refused, and where none is
LOST, BROKEN = 5, 2  # times that a submission is lost with its worker, and that it breaks a grader
STRIKES = 3  # failures in a row after which a worker gets nothing any more
GOES_ON = "What was graded is stored: the same command continues."


@dataclass(eq=False)
class _Job:
    worker: _Worker
    student: str = ""  # '' for the question whether a worker fits
    folder: Path | None = None
    key: str = ""
    future: object = None


@dataclass(eq=False)
class _Worker:
    address: str
    threads: int
    fits: bool | None = None  # None while it is asked
    unfit: str = ""
    jobs: list[_Job] = field(default_factory=list)
    strikes: int = 0

    @property
    def free(self) -> bool:
        return bool(self.fits) and len(self.jobs) <= self.threads  # one waits there meanwhile


class Cluster:
    """Grades on the workers of a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler: ``tls://host:8786``, or ``tcp://…`` among friends.

    Raises
    ------
    CourseError
        If Dask is not installed.
    """

    def __init__(self, address: str):
        if not address.startswith(("tcp://", "tls://")):
            raise UsageProblem(
                f"{address!r} is no scheduler's address: tls://HOST:8786, or tcp://HOST:8786 ({GUIDE})"
            )
        try:
            import distributed  # noqa: F401
        except ModuleNotFoundError as error:
            raise CourseError(
                f"--cluster needs Dask, and {error.name} is not installed: {INSTALL}"
            ) from None
        self.address = address
        self._client, self._workers, self._done = None, {}, queue.SimpleQueue()
        self._numbers = itertools.count()

    def missing(self) -> str:
        return ""  # each worker is asked

    def grade(self, work: Work, todo: dict[str, Path]) -> Iterator[tuple[str, Graded | None, str]]:
        self._open(work)
        self._waiting = list(todo.items())
        self._lost, self._broken = Counter(), Counter()
        self._been: dict[str, set[str]] = {}  # student → where it went wrong
        left, look = set(todo), 0.0
        while left:
            if time.monotonic() > look:
                found = self._look()
                look = time.monotonic() + LOOK
            else:
                found = self._next()
            for one in found:
                left.discard(one[0])
                yield one
            self._hand_out()

    def close(self) -> None:
        if self._client is None:
            return
        client, self._client = self._client, None
        workers, self._workers = self._workers, {}
        with contextlib.suppress(Exception):
            client.cancel([job.future for w in workers.values() for job in w.jobs], force=True)
        there = [w.address for w in workers.values() if w.fits]
        if there:
            # What is at work there is of no use any more, and the secret goes with it.
            _bounded(lambda: client.run(beside.end, self._kit, workers=there, on_error="ignore"))
        _bounded(lambda: client.close(timeout=2))

    # -- the connection ----------------------------------------------------------------------------
    def _open(self, work):
        if self._client is not None:
            return
        import dask
        from dask.utils import parse_timedelta
        from distributed import Client

        self._work, self._without, self._refused = work, None, {}
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told here
        # A submission may have weights beside it; it is sent as it is.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})
        if self.address.startswith("tcp://") and not _is_here(self.address):
            work.say(
                f"{self.address}: nothing is encrypted and everybody who reaches it may run programs there. "
                f"Use tls:// ({GUIDE})."
            )
        try:
            if self.address.startswith("tls://"):
                self._see_certificates()  # before a client is half made
            most = parse_timedelta(dask.config.get("distributed.comm.timeouts.connect"))
            self._client = Client(self.address, timeout=min(CONNECT, most), set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise CourseError(self._no_connection(error)) from None
        self._kit, self._kit_data = kit_of(work)

    @staticmethod
    def _see_certificates():
        from distributed.security import Security

        told = Security().get_tls_config_for_role("client")
        files = {"CA_FILE": "ca_file", "CLIENT__CERT": "cert", "CLIENT__KEY": "key"}
        lacking = [name for name, what in files.items() if not told.get(what)]
        if lacking:
            raise ValueError(f"Dask is not told of {', '.join(lacking)}")

    def _no_connection(self, error):
        said = str(error.__cause__ or error) or str(error)  # a TimeoutError below says nothing
        why = said.strip().partition("\n")[0] or type(error).__name__
        if self.address.startswith("tls://"):
            why += (
                ". A tls:// address needs three files, which Dask is told of by "
                "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__CLIENT__CERT and …__CLIENT__KEY, or in a file"
            )
        return f"no scheduler answers at {self.address}: {why}. {GUIDE} says how to start one."

    def _submit(self, job, function, *arguments):
        name = f"course-{self._kit[:8]}-{id(self)}-{next(self._numbers)}"  # says nothing about whose it is
        job.future = self._client.submit(
            function, *arguments, key=name, pure=False, retries=0,
            workers=[job.worker.address], allow_other_workers=False,
        )  # fmt: skip
        job.worker.jobs.append(job)
        done = self._done
        job.future.add_done_callback(lambda _: done.put(job))

    # -- who is there ------------------------------------------------------------------------------
    def _look(self):
        """See who has come and who has gone; return what can be said of what those had."""
        try:
            there = self._client.scheduler_info(n_workers=-1)["workers"]
        except Exception as error:
            raise CourseError(
                f"the scheduler at {self.address} is gone ({type(error).__name__}). {GOES_ON}"
            ) from None
        if self._client.status != "running":
            raise CourseError(f"the scheduler at {self.address} is gone. {GOES_ON}")
        for address, about in there.items():
            if address not in self._workers:
                self._workers[address] = _Worker(address, int(about["nthreads"]))
                self._ask(self._workers[address])
        found = []
        for address in self._workers.keys() - there.keys():
            found += self._gone(self._workers.pop(address))
        self._wait_for_somebody()
        return found

    def _ask(self, worker):
        worker.fits = None
        self._submit(_Job(worker), beside.begin, self._kit, self._kit_data)

    def _gone(self, worker):
        """Take back what a lost worker had; yield what was lost too often."""
        jobs = [job for job in worker.jobs if job.student]
        worker.jobs, worker.fits = [], False
        if jobs:
            told = f"{len(jobs)} submission{'s' * (len(jobs) != 1)}"
            self._work.say(f"{worker.address} is gone; {told} that it had go to others.")
        return [found for job in jobs if (found := self._lose(job))]

    def _lose(self, job):
        job.future.release()
        self._lost[job.student] += 1
        if self._lost[job.student] < LOST:
            self._waiting.insert(0, (job.student, job.folder))
            return None
        return job.student, None, f"{LOST} workers were lost while they had it; not graded."

    def _wait_for_somebody(self):
        """Wait a while for a worker that fits.

        Raises
        ------
        CourseError
        """
        if any(w.fits or w.fits is None for w in self._workers.values()):
            self._without = None
            return
        now = time.monotonic()
        if self._without is None:
            self._without = now
            if not self._workers:
                self._work.say(f"No worker at {self.address}; waiting for one …")
        if now - self._without > (PATIENCE if self._workers else WITHOUT):
            reasons = "; ".join(f"{a}: {why}" for a, why in list(self._refused.items())[:5])
            raise CourseError(
                f"no worker at {self.address} can grade"
                + (f" ({reasons})" if reasons else ": none is there")
                + f". {GUIDE} says what a worker needs. {GOES_ON}"
            )

    def _refuse(self, worker, why):
        worker.fits, worker.unfit = False, why
        self._refused[worker.address] = why
        self._work.say(f"{worker.address} grades nothing: {why}.")

    # -- submissions, to and fro -------------------------------------------------------------------
    def _hand_out(self):
        free = [w for w in self._workers.values() if w.free]
        while self._waiting and free:
            worker = min(free, key=lambda w: len(w.jobs) / w.threads)
            student, folder = self._waiting.pop(self._pick(worker))
            try:
                key, data = job_of(self._work, student, folder)
            except Exception as error:  # it must not stop the class
                self._done.put((student, None, failed(error)))
                continue
            self._submit(_Job(worker, student, folder, key), beside.grade, self._kit, data)
            free = [w for w in free if w.free]

    def _pick(self, worker):
        """Return the place of what a worker gets next: what went wrong elsewhere, rather than with it."""
        for place, (student, _) in enumerate(self._waiting):
            if worker.address not in self._been.get(student, ()):
                return place
        return 0

    def _next(self):
        """Wait a moment for an answer; yield what can be said of a submission."""
        try:
            job = self._done.get(timeout=0.2)
        except queue.Empty:
            return
        if not isinstance(job, _Job):
            yield job
            return
        worker = job.worker
        if job not in worker.jobs:  # it was taken back, and is or was graded elsewhere
            return
        try:
            answer = job.future.result(timeout=2)
        except TimeoutError:  # the worker may be lost with its answer; the next look tells
            self._done.put(job)
            return
        except CancelledError as error:
            answer = error
        except Exception as error:
            answer = error
        worker.jobs.remove(job)
        if not job.student:
            self._answered(worker, answer)
        elif found := self._judge(job, answer):
            yield found
        job.future.release()

    def _answered(self, worker, answer):
        if answer == []:
            worker.fits = True
        elif isinstance(answer, ImportError | AttributeError):
            self._refuse(worker, f"the course is not there, or in another version ({answer})")
        elif isinstance(answer, Exception):
            self._refuse(worker, f"{type(answer).__name__}: {answer}")
        else:
            self._refuse(worker, "; ".join(map(str, answer)))

    def _judge(self, job, answer):
        """Return what can be said of a submission; None where it is tried once more."""
        from distributed import KilledWorker

        worker, student = job.worker, job.student
        if isinstance(answer, KilledWorker | CancelledError):
            return self._lose(job)
        try:
            if isinstance(answer, Exception):
                raise answer
            answer = beside.unpack(answer)
            if answer["kind"] == "no kit":  # another process has the worker's address
                self._waiting.insert(0, (student, job.folder))
                if worker.fits:
                    self._ask(worker)
                return None
            if answer["kind"] == "graded":
                graded = opened(answer, self._work, job.key)
                worker.strikes = 0
                return student, graded, ""
            why = "" if answer["kind"] == "ended" else answer["why"]
        except Exception as error:
            why = f"an answer that is none: {type(error).__name__}: {error}"
        return self._break(job, why)

    def _break(self, job, why):
        """Count a failure against the submission and against the worker."""
        worker, student = job.worker, job.student
        worker.strikes += 1
        if worker.strikes == STRIKES:
            said = why or "its graders end"
            self._refuse(worker, f"it failed on {STRIKES} submissions in a row ({said})")
        self._been.setdefault(student, set()).add(worker.address)
        self._broken[student] += 1
        if self._broken[student] < BROKEN:
            self._waiting.append((student, job.folder))
            return None
        return student, None, failed(f"{why}, at {worker.address}") if why else ENDED


def _is_here(address):
    return address.split("//")[1].startswith(("127.", "localhost", "[::1]"))


def _bounded(action):
    """Try something for a few seconds; an interrupted program does not wait for a machine that hangs."""

    def quietly():
        with contextlib.suppress(Exception):
            action()

    thread = threading.Thread(target=quietly, daemon=True)
    thread.start()
    thread.join(4)
