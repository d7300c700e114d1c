"""Ctrl-C while `course grade` works: it ends at once, leaves nothing, and the next run completes."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time

import nbformat
import pytest
from attacks.arena import below
from conftest import PART
from test_kill import wait_until_gone

from course_utils.grading import workers
from course_utils.grading.gradebook import Gradebook

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(sys.platform != "linux", reason="a tree of processes, as /proc shows it"),
]

ENDLESS = "\nimport os\nos.execv('/bin/sleep', ['sleep', '100000'])\n"
MINUTES = {"cell": 600, "call": 600, "total": 600}  # longer than this test waits for anything
PATIENCE = 600  # seconds after which something hangs, however busy the machine is


@pytest.fixture
def grading(course, submit):
    """Hand in one right answer and one that never ends; return what starts `course grade`."""
    path = course.source_notebook(PART)
    source = nbformat.read(path, as_version=4)
    source.metadata.course.limits = {**source.metadata.course.limits, **MINUTES}
    nbformat.write(source, path)
    first = next(iter(submit.source.answers))
    right = submit.source.answers
    submit("ada")
    submit("bob", answers={**right, first: right[first] + ENDLESS})

    def start():
        command = [sys.executable, "-m", "course_utils.cli", "grade", PART, "--json"]
        return subprocess.Popen(
            [*command, "--workers", "2"], cwd=course.root, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return start


def wait_for(process, what):
    """Wait until the endless answer runs; return all processes of the grader."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        processes = below(process.pid)
        if any(command.startswith("sleep") for _, command in processes.values()):
            return list(processes)
        time.sleep(0.05)
    pytest.fail(f"{what} did not run: {process.communicate(timeout=PATIENCE)}")


@pytest.mark.parametrize("whom", [os.kill, os.killpg], ids=["the program", "its group"])
def test_an_interrupt_ends_everything_and_the_next_run_completes(grading, course, submit, whom):
    process = grading()
    processes = wait_for(process, "the endless answer")
    whom(process.pid, signal.SIGINT)
    out, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "interrupted" in said and "Traceback" not in said
    wait_until_gone(processes)
    assert not (course.grading / ".scratch").exists()
    assert "bob" not in out and "bob" not in Gradebook(course).auto_scores(PART)
    assert not [p for p in course.autograded.rglob(".*") if p.is_dir()]

    submit("bob")
    process = grading()
    lines = process.communicate(timeout=PATIENCE)[0].splitlines()
    assert process.returncode == 0
    assert {json.loads(line)["outcome"] for line in lines} == {"graded"}


def test_an_exception_ends_the_workers_of_a_pool_and_what_waits():
    with pytest.raises(KeyboardInterrupt), workers.pool(1, int) as pool:
        pid = pool.submit(os.getpid).result()
        jobs = [pool.submit(time.sleep, 10**6), pool.submit(time.sleep, 10**6)]
        raise KeyboardInterrupt
    wait_until_gone([pid])
    assert all(job.done() for job in jobs)


def test_what_is_begun_is_finished_before_an_interrupt_ends_it():
    done = []
    with pytest.raises(KeyboardInterrupt), workers.uninterrupted():
        os.kill(os.getpid(), signal.SIGINT)
        done.append("stored")
    assert done == ["stored"]


def test_a_process_whose_starter_is_gone_ends_without_a_word():
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-m", "course_utils.jail.zygote", str(theirs.fileno())],
        pass_fds=[theirs.fileno()], stderr=subprocess.PIPE,
    )  # fmt: skip
    theirs.close()
    select.select([ours], [], [], PATIENCE)
    ours.close()  # "ready" is never read, which resets the connection
    _, said = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, b"")
