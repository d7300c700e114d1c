"""`course grade --cluster`: what a Dask cluster gives is what this machine's own processes give.

Scheduler, nannies and workers are real processes of this machine.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import servers
from conftest import PART
from test_kill import children, wait_until_gone

from course_utils.authoring.bank import read_bank
from course_utils.authoring.sample_class import sample_class
from course_utils.course.files import course_secret
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook
from course_utils.judging.handed_in import MAX_NOTEBOOK

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(sys.platform != "linux", reason="processes, as /proc shows them"),
]

CLASS, WORKERS, PATIENCE = 60, 2, 600
SLEEP = "\nimport time\ntime.sleep({})\n"


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    """A scheduler and two workers."""
    with servers.Cluster(tmp_path_factory.mktemp("cluster")) as there:
        for _ in range(WORKERS):
            there.worker()
        yield there


def start(course, address, *words, **environment):
    command = [sys.executable, "-m", "course_utils.cli", "grade", PART, "--json", *words]
    return subprocess.Popen(
        [*command, "--cluster", address], cwd=course.root, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def graded(course, address, *words, **environment):
    """Grade to the end; return student → line, what was said, and the exit code."""
    process = start(course, address, *words, **environment)
    out, said = process.communicate(timeout=PATIENCE)
    lines = {line["student"]: line for line in map(json.loads, out.splitlines())}
    return lines, " ".join(said.split()), process.returncode


def everything(course):
    """What a run leaves: marks and notebooks, without the time that each took and the order of keys."""
    notebooks = {}
    for path in course.autograded.glob(f"*/{PART}/*"):
        content = path.read_bytes()
        if path.suffix == ".ipynb":
            content = json.loads(content)
            content["metadata"]["course"].pop("seconds")
        notebooks[path.relative_to(course.autograded).as_posix()] = content
    return Gradebook(course).marks(PART), Gradebook(course).auto_scores(PART), notebooks


def set_limits(course, **limits):
    path = course.source_notebook(PART)
    source = nbformat.read(path, as_version=4)
    source.metadata.course.limits = {**source.metadata.course.limits, **limits}
    nbformat.write(source, path)


@pytest.fixture
def klass(course, submit):
    """A class of 60: all kinds of outcomes, then misconceptions of the bank."""
    set_limits(course, cell=4, call=2, total=20)
    course_secret(course)  # made before the course is copied
    bank = read_bank(course.bank / PART, submit.source.answers)
    for student, member in sample_class(submit.source, submit.release, bank).items():
        for name, data in member.files.items():
            submit(student, data=data, name=name)
    wrong = [answer for answers in bank.values() for answer in answers if not answer.right]
    for number in range(CLASS - len(list(course.submitted.iterdir()))):
        one = wrong[number % len(wrong)]
        folder = submit(f"s{number:02d}", answers={**submit.source.answers, one.cell: one.source})
        (folder / "helper.py").write_text(f"x = {number}\n")
    return course


def test_a_class_is_graded_as_by_local_processes_though_workers_and_the_program_are_killed(
    klass, workers, tmp_path, capsys
):
    quiet = type(klass)(tmp_path / "quiet")
    shutil.copytree(klass.root, quiet.root, ignore=shutil.ignore_patterns("quiet"))
    process, told = start(klass, workers.address), []
    for _ in range(8):
        told.append(json.loads(process.stdout.readline())["student"])
    process.kill()
    told += [json.loads(line)["student"] for line in process.communicate()[0].splitlines()]
    fresh = []
    with start(klass, workers.address) as process:
        for line in map(json.loads, process.stdout):
            fresh += [line["student"]] * line["fresh"]
            if len(fresh) == 10:
                os.kill(workers.processes()[0], signal.SIGKILL)
        said = process.stderr.read()
    assert process.returncode == 0, said
    assert not set(told) & set(fresh), "what was told is not graded again"
    assert len(set(fresh)) == len(fresh)
    assert " is gone; " in said
    list(Grader(quiet, PART, workers=2).run())
    ours, theirs = everything(klass), everything(quiet)
    assert len(ours[0]) == CLASS
    assert ours == theirs
    assert not (klass.grading / ".scratch").exists()
    with capsys.disabled():
        print(f"\n{CLASS} submissions, the program and a worker killed: as by local processes")


def test_what_a_stopped_worker_does_late_counts_for_nothing(course, submit, tmp_path):
    first = next(iter(submit.source.answers))
    slow = submit.source.answers[first] + SLEEP.format(3)
    for student in ("ada", "ben", "cy"):
        submit(student, answers={**submit.source.answers, first: slow})
    ttl = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "4s"}
    with servers.Cluster(tmp_path / "cluster", ttl) as there:
        stopped = there.worker(nanny=False)  # a stopped nanny would be waited for
        with start(course, there.address) as process:
            grader = wait_for_grader(there, at_work=True)
            stopped.send_signal(signal.SIGSTOP)  # the grader goes on
            there.worker()
            said = wait_until_said(process, " is gone; ")  # an answer may come before
            lines = [json.loads(process.stdout.readline())]
            stopped.send_signal(signal.SIGCONT)
            lines += map(json.loads, process.stdout)
            said += process.stderr.read()
    assert process.returncode == 0, said
    assert sorted(line["student"] for line in lines) == ["ada", "ben", "cy"]
    assert {line["score"] for line in lines} == {
        sum(test.points for test in submit.source.tests.values())
    }
    wait_until_gone([grader])


def wait_until_said(process, words):
    """Read what a program says until the words are there; return it."""
    said = ""
    for line in process.stderr:
        said += line
        if words in said:
            return said
    pytest.fail(f"ended without {words!r}: {said}")


def wait_for_grader(there, at_work=False):
    """Wait until a grader is there beside a worker, or until it runs an answer; return its process."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for worker in there.processes():
            for pid in children(worker):
                try:
                    command = Path(f"/proc/{pid}/cmdline").read_text()
                except OSError:
                    continue
                # An answer runs below its supervisor, below the zygote.
                if "grading.beside" in command and len(children(pid)) >= (3 if at_work else 1):
                    return pid
        time.sleep(0.05)
    pytest.fail(f"no grader: {there.log()}")


def test_a_grader_that_ends_is_tried_again_and_left_out_in_the_end(course, submit, workers):
    first = next(iter(submit.source.answers))
    slow = submit.source.answers[first] + SLEEP.format(600)
    set_limits(course, cell=1000, total=2000)
    submit("ada", answers={**submit.source.answers, first: slow})
    process = start(course, workers.address)
    for _ in range(2):
        grader = wait_for_grader(workers, at_work=True)
        os.kill(grader, signal.SIGKILL)
        wait_until_gone([grader])
    out, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert json.loads(out)["outcome"] == "not graded"
    assert "ada: It ended the grader's own process; not graded." in said
    assert not Gradebook(course).marks(PART)


def test_an_interrupt_ends_at_once_and_the_same_command_goes_on(course, submit, workers):
    first = next(iter(submit.source.answers))
    slow = submit.source.answers[first] + SLEEP.format(6000)
    set_limits(course, cell=10_000, total=10_000)
    submit("ada", answers={**submit.source.answers, first: slow})
    process = start(course, workers.address)
    grader = wait_for_grader(workers, at_work=True)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "interrupted" in said and "Traceback" not in said
    wait_until_gone([grader])
    submit("ada")
    lines, said, code = graded(course, workers.address)
    assert (lines["ada"]["outcome"], code) == ("graded", 0), said


def test_a_scheduler_that_is_gone_is_told(course, submit, tmp_path):
    first = next(iter(submit.source.answers))
    slow = submit.source.answers[first] + SLEEP.format(6000)
    set_limits(course, cell=10_000, total=10_000)
    submit("ada", answers={**submit.source.answers, first: slow})
    with servers.Cluster(tmp_path / "cluster") as there:
        there.worker()
        process = start(course, there.address)
        grader = wait_for_grader(there, at_work=True)
        there.scheduler.kill()
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert f"the scheduler at {there.address} is gone" in said and "Traceback" not in said
    assert "the same command continues" in " ".join(said.split())
    wait_until_gone([grader])


def test_files_that_no_grader_reads_are_not_sent_and_are_told_as_here(course, submit, workers):
    folder = submit("ada")
    os.truncate(folder / f"{PART}.ipynb", MAX_NOTEBOOK + 1)
    submit("ben", name="Ödev.ipynb")
    (course.submitted / "ben" / PART / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    (course.submitted / "ben" / PART / "link.py").symlink_to(course.root / "solutions")
    os.mkfifo(course.submitted / "ben" / PART / "pipe.py")
    lines, said, code = graded(course, workers.address)
    here = {
        r.student: r.as_dict() for r in Grader(course, PART, workers=1).run(again=True, dry=True)
    }
    keys = ("outcome", "notes", "score", "warnings")
    assert {s: [line[k] for k in keys] for s, line in lines.items()} == {
        s: [result[k] for k in keys] for s, result in here.items()
    }, said
    assert "larger than 64 MB" in lines["ada"]["notes"][0] and lines["ben"]["outcome"] == "renamed"
