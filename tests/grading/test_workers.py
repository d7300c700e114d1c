"""Work in processes of its own: what comes back, and that nothing is left."""

import os
import signal
import time

import pytest

from course_utils.grading import workers

pytestmark = pytest.mark.grading


def test_a_result_comes_back():
    assert workers.run(30, max, 3, 5) == 5


def test_a_fault_is_told():
    with pytest.raises(RuntimeError, match="ZeroDivisionError: "):
        workers.run(30, divmod, 1, 0)


def test_what_takes_too_long_is_ended():
    start = time.monotonic()
    with pytest.raises(RuntimeError, match="longer than 0.5 s"):
        workers.run(0.5, time.sleep, 10_000)
    assert time.monotonic() - start < 600


def test_a_process_that_ends_without_a_result_is_told():
    with pytest.raises(RuntimeError, match="was ended"):
        workers.run(30, os._exit, 3)


def test_a_pool_works_and_its_workers_have_one_thread_each():
    with workers.pool(2, int) as pool:
        found = pool.submit(os.getenv, "OPENBLAS_NUM_THREADS").result()
        [parent] = {pool.submit(os.getppid).result() for _ in range(3)}
    assert found == "1"
    os.kill(parent, signal.SIGCONT)  # their server is still there for the next pool


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system binds no process")
def test_where_each_core_has_a_worker_each_worker_has_a_core():
    cores = os.sched_getaffinity(0)

    def found(count):
        with workers.pool(count, int) as pool:
            jobs = [pool.submit(os.sched_getaffinity, 0) for _ in range(4)]
            return [job.result() for job in jobs]

    assert all(len(mine) == 1 and mine <= cores for mine in found(len(cores)))
    if len(cores) > 1:  # others may be at work: whoever leaves a core free goes where it is
        assert all(mine == cores for mine in found(len(cores) - 1))
