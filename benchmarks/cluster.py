"""A class graded by local processes and by a Dask cluster, with a file and with PostgreSQL as gradebook.

    python benchmarks/cluster.py [--submissions 1000] [--workers 2] [--every 20] [--kills 3] [--pairs 3]

Every run grades the same class of part 01: each student has one of the bank's answers, right or wrong, in each
exercise. The first run is a quiet one, by local processes, into a file. Those on the cluster have a worker
killed every ``--every`` seconds (its nanny starts another), and the program itself is killed ``--kills`` times
and called again. Told of each run: submissions a minute from the first line to the last, waiting for it
to begin again included; its largest resident size; marks that were lost, that were made twice, and
that differ from the quiet run's, notebooks included.

Then the two executors take turns over a small class, without kills. Printed are the median of the ratios of
neighbouring turns, and the processor time of a submission, of the program itself (no cluster is faster than it)
and in all. All runs are on this machine, PostgreSQL with fsync.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
PART = "01_shapes_and_parameters"
sys.path[:0] = [str(ROOT / "tests")]

import servers  # noqa: E402

TURN = 60  # submissions of a turn


def make_class(folder: Path, count: int) -> None:
    """Make a course with submissions that differ: every answer of the bank is in some of them."""
    from course_utils.authoring.bank import read_bank
    from course_utils.authoring.release import release
    from course_utils.authoring.verify import with_answers
    from course_utils.course.files import course_secret
    from course_utils.course.folders import Course
    from course_utils.course.release import load

    folder.mkdir()
    for name in ("constraints.txt", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name)
    course = Course(folder)
    release(course, PART)
    course_secret(course)  # each copy asks the same
    source, handed_out = load(course, PART)
    bank = read_bank(ROOT / "tests" / "bank" / PART, source.answers)
    codes = {
        cell: [source.answers[cell], *(a.source for a in bank[cell])] for cell in source.answers
    }
    rng = random.Random(7)
    for number in range(count):
        target = course.submitted / f"student{number:05d}" / PART
        target.mkdir(parents=True)
        answers = {cell: rng.choice(some) for cell, some in codes.items()}
        nbformat.write(with_answers(handed_out, answers), target / f"{PART}.ipynb")


@dataclass
class Run:
    """What was seen of one run."""

    title: str
    told: dict[str, int] = field(
        default_factory=dict
    )  # student → times that a fresh result was told
    times: list[float] = field(default_factory=list)
    used: list[list[float]] = field(default_factory=list)  # at each of them, if it was asked
    peak: int = 0
    lost_workers: int = 0
    left: tuple = ()

    @property
    def rate(self) -> float:
        return 60 * (len(self.times) - 1) / (self.times[-1] - self.times[0])

    @property
    def twice(self) -> int:
        return sum(times > 1 for times in self.told.values())


def play(
    run: Run,
    folder: Path,
    words: list[str],
    count: int,
    kills=0,
    cluster=None,
    every=0.0,
    roots=None,
) -> None:
    """Grade to the end, killing the program `kills` times and a worker every so many seconds."""
    rng, ends = random.Random(3), [count * (k + 1) // (kills + 1) for k in range(kills)]
    strike = time.monotonic() + every
    while True:
        command = [sys.executable, "-m", "course_utils.cli", "grade", PART, "--json", *words]
        with (folder / "said").open("a") as said:
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=said)
        buffer = b""
        os.set_blocking(process.stdout.fileno(), False)
        while True:
            part = process.stdout.read()
            buffer += part or b""
            *lines, buffer = buffer.split(b"\n")
            for line in map(json.loads, lines):
                if line["fresh"]:
                    run.told[line["student"]] = run.told.get(line["student"], 0) + 1
                    run.times.append(time.monotonic())
            if roots is not None and lines:
                run.used.append([len(run.times), *used_by([process.pid, *roots])])
            run.peak = max(run.peak, resident(process.pid))
            if ends and len(run.told) >= ends[0]:
                del ends[0]
                process.kill()
            if cluster and every and time.monotonic() > strike:
                strike += every
                with contextlib.suppress(ProcessLookupError, IndexError):
                    os.kill(rng.choice(cluster.processes()), signal.SIGKILL)
                    run.lost_workers += 1
            if part == b"":
                break
            time.sleep(0.05)
        if process.wait() == 0:
            return
        if process.returncode != -signal.SIGKILL:
            raise SystemExit(f"course grade ended with {process.returncode}: {folder / 'said'}")


def resident(pid: int) -> int:
    """Return the largest resident size that a process has had, in bytes; 0 if it is gone."""
    with contextlib.suppress(OSError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    return 0


def used_by(roots: list[int]) -> list[float]:
    """Return the processor time, in seconds, of each process with all that is and was below it."""
    times, below = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            times[int(stat.parent.name)] = sum(map(int, fields[11:15]))
            below.setdefault(int(fields[1]), []).append(int(stat.parent.name))

    def whole(pid):
        return times.get(pid, 0) + sum(map(whole, below.get(pid, ())))

    alone = times.get(roots[0], 0)  # the program itself waits for nobody meanwhile
    return [n / os.sysconf("SC_CLK_TCK") for n in (alone, *map(whole, roots))]


def left_by(folder: Path) -> tuple:
    """Return marks, points of tests and notebooks of a course, without the time that each took."""
    from course_utils.course.folders import Course
    from course_utils.grading.gradebook import Gradebook

    course = Course(folder)
    book, notebooks = Gradebook(course), {}
    for path in course.autograded.glob(f"*/{PART}/{PART}.ipynb"):
        notebook = json.loads(path.read_text())
        notebook["metadata"]["course"].pop("seconds")
        notebooks[path.parts[-3]] = notebook
    return book.marks(PART), book.auto_scores(PART), notebooks


def keep_on(folder: Path, url: str) -> None:
    """Have a course keep its gradebook on a server."""
    from course_utils.authoring.release import release
    from course_utils.course.folders import Course

    with (folder / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    release(Course(folder), PART)


def differing(ours: tuple, theirs: tuple) -> int:
    """Return for how many students anything differs."""
    students = set().union(*ours, *theirs)
    return sum(
        any(a.get(s) != b.get(s) for a, b in zip(ours, theirs, strict=True)) for s in students
    )


def turns(place: Path, pairs: int, cluster, workers: int) -> str:
    """Return how the cluster and local processes compare over some pairs of turns, in words."""
    folder, ratios = place / "turns", []
    costs: dict[str, list] = {"cluster": [], "local": []}
    make_class(folder, TURN)
    for _ in range(pairs):
        rates = []
        for where, cost in costs.items():
            words = (
                ["--cluster", cluster.address]
                if where == "cluster"
                else ["--workers", str(workers)]
            )
            roots = [cluster.scheduler.pid, *(n.pid for n in cluster.nannies)]
            run = Run("")
            play(run, folder, [*words, "--again"], TURN, roots=roots if where == "cluster" else [])
            rates.append(run.rate)
            first, last = run.used[0], run.used[-2]  # with the last line the program may be gone
            cost.append([(b - a) / (last[0] - first[0]) for a, b in zip(first, last, strict=True)])
        ratios.append(rates[0] / rates[1])
    lines = [
        f"without kills, {workers} workers each: cluster / local processes {statistics.median(ratios):.2f}"
    ]
    for where, cost in costs.items():
        _, alone, below, *others = (
            1000 * statistics.median(column) for column in zip(*cost, strict=True)
        )
        everywhere = below + sum(others)
        lines.append(
            f"{where:8} processor time of a submission {everywhere:5.0f} ms, the program's {alone:3.0f} ms"
            + (f", the scheduler's {others[0]:.0f} ms" if others else "")
        )
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--submissions", type=int, default=1000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument(
        "--every", type=float, default=20, help="seconds between kills of a worker"
    )
    options.add_argument("--kills", type=int, default=3, help="of the program, in each run")
    options.add_argument("--pairs", type=int, default=3, help="turns that the two executors take")
    given = options.parse_args()
    count, local = given.submissions, ["--workers", str(given.workers)]
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        place = Path(name)
        make_class(place / "class", count)
        cluster = stack.enter_context(servers.Cluster(place / "cluster"))
        for _ in range(given.workers):
            cluster.worker()
        programs = servers.postgres_programs()
        postgres = servers.Postgres(programs, safe=True) if programs else None
        if postgres:
            stack.callback(postgres.remove)
        else:
            print("no PostgreSQL here (apt-get install postgresql): without it")
        runs: list[Run] = []
        for executor in ("local", "cluster"):
            for kept in ("SQLite", "PostgreSQL")[: 2 if postgres else 1]:
                run, folder = Run(f"{executor}, {kept}"), place / f"{executor}-{kept}"
                shutil.copytree(place / "class", folder)
                if kept == "PostgreSQL":
                    keep_on(folder, postgres.database(f"book_{executor}"))
                if executor == "local":
                    play(run, folder, local, count)
                else:
                    words = ["--cluster", cluster.address]
                    play(run, folder, words, count, given.kills, cluster, given.every)
                run.left = left_by(folder)
                runs.append(run)
                print(described(run, runs[0], count), flush=True)
        if given.pairs:
            print(turns(place, given.pairs, cluster, given.workers))


def described(run: Run, quiet: Run, count: int) -> str:
    return (
        f"{run.title:20} {count:5} submissions  {run.rate:5.0f} a minute  "
        f"{run.rate / quiet.rate:4.2f} of the first  peak {run.peak / 2**20:4.0f} MiB  "
        f"workers killed {run.lost_workers:3}  marks lost {count - len(run.left[0])}  "
        f"twice {run.twice}  other than the first {differing(run.left, quiet.left)}"
    )


if __name__ == "__main__":
    main()
