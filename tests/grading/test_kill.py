"""`course grade` killed at any instant: the next one continues, grades nobody twice and loses nothing."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import nbformat
import pytest
from conftest import PART

from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook

pytestmark = pytest.mark.grading

KILLS, CLASS = 10, 16


def start(course):
    command = [sys.executable, "-m", "course_utils.cli", "grade", PART, "--json", "--workers", "2"]
    return subprocess.Popen(
        command, cwd=course.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def children(pid):
    """Every process below `pid`."""
    found, todo = [], [pid]
    while todo:
        try:
            for task in os.listdir(f"/proc/{todo[-1]}/task"):
                with open(f"/proc/{todo[-1]}/task/{task}/children") as file:
                    new = [int(word) for word in file.read().split()]
                found += new
                todo[:0] = new
        except OSError:
            pass
        todo.pop()
    return found


@pytest.mark.skipif(
    sys.platform != "linux", reason="kill -9 of a tree of processes, as /proc shows it"
)
def test_killed_again_and_again_nothing_is_lost_or_graded_twice(course, submit, capsys):
    first = next(iter(submit.source.answers))
    slow = submit.source.answers[first] + "\nimport time\ntime.sleep(0.3)\n"
    for number in range(CLASS):
        submit(f"student{number:02d}", answers={**submit.source.answers, first: slow})
    rng, fresh, lasted = random.Random(7), {}, 0
    for _ in range(KILLS):
        process = start(course)
        below = []
        deadline = time.monotonic() + rng.uniform(0.5, 4.5)
        while time.monotonic() < deadline and process.poll() is None:
            below = children(process.pid) or below
            time.sleep(0.02)
        lasted += process.poll() is not None
        process.send_signal(signal.SIGKILL)
        for line in process.communicate(timeout=600)[0].splitlines():
            result = json.loads(line)
            fresh[result["student"]] = fresh.get(result["student"], 0) + result["fresh"]
        wait_until_gone(below)
        with contextlib.closing(sqlite3.connect(Gradebook.path_of(course))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for path in course.autograded.glob(f"*/{PART}/*.ipynb"):
            nbformat.read(path, as_version=4)  # a notebook that is there is whole
    process = start(course)
    for line in process.communicate(timeout=600)[0].splitlines():
        result = json.loads(line)
        fresh[result["student"]] = fresh.get(result["student"], 0) + result["fresh"]
    assert process.returncode == 0
    scores = Gradebook(course).auto_scores(PART)
    assert len(scores) == CLASS
    full = sum(test.points for test in submit.source.tests.values())
    assert {sum(v for v in s.values() if v) for s in scores.values()} == {full}
    assert max(fresh.values()) == 1, "a submission whose result was told is not graded again"
    assert not any(r.fresh for r in Grader(course, PART).run())
    assert not (course.grading / ".scratch").exists()
    assert not [p for p in course.autograded.rglob(".*") if p.is_dir()]
    with capsys.disabled():
        print(f"\n{KILLS} kills, {lasted} after the end; {CLASS} submissions, each told once")


def wait_until_gone(pids):
    """Wait until what a killed grader had started is gone too."""
    deadline = time.monotonic() + 600
    while left := [pid for pid in pids if lives(pid)]:
        assert time.monotonic() < deadline, f"outlived the grader: {left}"
        time.sleep(0.05)


def lives(pid):
    """Return whether a process runs; one that ended may stay listed where process 1 reaps no orphans."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
