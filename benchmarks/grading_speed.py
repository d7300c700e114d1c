"""`course grade` against stock `nbgrader autograde` on the same submissions, and where the time goes.

    python benchmarks/grading_speed.py [--part 01_shapes_and_parameters] [--submissions 40] [--stock 8]

Both sides grade copies of the same class, each student of which answers everything rightly, with answers of
the part's bank in turn. They run one after the other in one run of this program, on the same machine; what each
needs to start is not counted. Stock nbgrader is timed on the first ``--stock`` submissions, because its time is
the same for each. Prints submissions per minute and ratios, and of one submission how often a test asked
(crossings), how many calls that made, and how many frames went either way.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest import mock

import nbformat

ROOT = Path(__file__).resolve().parents[1]
PART = "01_shapes_and_parameters"
STOCK = """
c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = "sqlite:///{root}/grading/gradebook.db"
"""


def make_course(folder: Path, count: int, stock: bool, part: str = PART):
    """Make a course with `count` submissions of a part, all of them right, and a gradebook."""
    from course_utils.authoring.bank import read_bank
    from course_utils.authoring.release import release
    from course_utils.authoring.verify import with_answers
    from course_utils.course.folders import Course
    from course_utils.course.release import load

    for name in ("constraints.txt", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name)
    course = Course(folder)
    release(course, part)
    source, handed_out = load(course, part)
    right: dict[str, list[str]] = {cell: [code] for cell, code in source.answers.items()}
    bank = read_bank(ROOT / "tests" / "bank" / part, source.answers)
    for answer in (answer for answers in bank.values() for answer in answers if answer.right):
        right[answer.cell].append(answer.source)
    for number in range(count):
        target = course.submitted / f"student{number:03d}" / part
        target.mkdir(parents=True)
        answers = {cell: codes[number % len(codes)] for cell, codes in right.items()}
        nbformat.write(with_answers(handed_out, answers), target / f"{part}.ipynb")
    if stock:
        (folder / "nbgrader_config.py").write_text(STOCK.format(root=str(folder)))
    return course


def timed(command, cwd, begins: str) -> tuple[list[float], float]:
    """Run a command.

    Parameters
    ----------
    command : list of str
    cwd : Path
    begins : str
        What stands in each line that counts.

    Returns
    -------
    times : list of float
        Seconds after its start at which it wrote such a line.
    end : float
        Seconds after its start at which it ended.
    """
    start, times = time.perf_counter(), []
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    for line in process.stdout:
        if begins in line:
            times.append(time.perf_counter() - start)
    if process.wait():
        raise SystemExit(f"{command} failed with exit code {process.returncode}")
    return times, time.perf_counter() - start


def rate_of_stock(part, folder) -> float:
    """Return the submissions a second of stock nbgrader, from the first one on."""
    command = [sys.executable, "-m", "nbgrader", "autograde", part]
    times, end = timed(command, folder, "Converting notebook")
    return len(times) / (end - times[0])


def rate_of_ours(part, folder, workers) -> tuple[float, float]:
    """Return the submissions a second of `course grade` once it works, and the seconds until then."""
    command = [sys.executable, "-m", "course_utils.cli", "grade", part, "--json"]
    times, _ = timed([*command, "--workers", str(workers)], folder, '"student"')
    return (len(times) - workers) / (times[-1] - times[0]), times[0]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--part", default=PART)
    options.add_argument("--submissions", type=int, default=40)
    options.add_argument("--stock", type=int, default=8)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folders = {k: Path(name, k) for k in ("one", "two", "stock")}
        for kind, folder in folders.items():
            folder.mkdir()
            count = given.stock if kind == "stock" else given.submissions
            make_course(folder, count, kind == "stock", given.part)
        rates = {"stock nbgrader autograde": rate_of_stock(given.part, folders["stock"])}
        rates["course grade, 1 worker"], _ = rate_of_ours(given.part, folders["one"], 1)
        rates["course grade, 2 workers"], first = rate_of_ours(given.part, folders["two"], 2)
        where(folders["two"], given.part)
    stock, one, two = rates.values()
    print(f"{os.cpu_count()} cores, {given.submissions} submissions ({given.stock} for stock)")
    for what, rate in rates.items():
        print(f"{what:28} {60 * rate:7.0f} a minute   {rate / stock:5.1f} x stock")
    print(f"from one worker to two: {two / one:.2f} x; first score after {first:.1f} s")


def where(folder: Path, part: str) -> None:
    """Print where the time of one submission goes."""
    from course_utils.course.folders import Course
    from course_utils.course.release import load
    from course_utils.grading.grade import Grader
    from course_utils.grading.work import Graded
    from course_utils.judging.parse import parse
    from course_utils.judging.restore import restore
    from course_utils.judging.run import grade_submission, zygote_for

    course = Course(folder)
    source, release = load(course, part)
    [one, *_] = sorted(course.submitted.glob(f"*/{part}"))

    def milliseconds(work):
        work()
        start = time.perf_counter()
        done, took = 0, 0.0
        while done < 20 and took < 20:  # a submission of networks takes seconds
            result = work()
            done, took = done + 1, time.perf_counter() - start
        return 1000 * took / done, result

    data = (one / f"{part}.ipynb").read_bytes()
    read, _ = milliseconds(lambda: restore(parse(data), source, release))
    with zygote_for(source) as zygote:
        whole, scored = milliseconds(lambda: grade_submission(one, source, release, zygote))
        jail, _ = milliseconds(lambda: _empty_jail(zygote, source))
        counted = count_of(lambda: grade_submission(one, source, release, zygote))
    grader = Grader(course, part)
    about = scored.notebook.metadata.course
    graded = Graded(nbformat.writes(scored.notebook), about, scored.blank)
    save, _ = milliseconds(lambda: grader.save("student000", one, graded))
    print("one submission, milliseconds:")
    for what, value in (
        ("read and restore", read),
        ("fork, confine and end a jail", jail),
        ("cells and tests", whole - read - jail),
        ("gradebook and files (main process)", save),
    ):
        print(f"  {what:36} {value:6.1f}")
    print(", ".join(f"{number} {what}" for what, number in counted.items()))


def count_of(work) -> Counter:
    """Count the crossings, the calls and the frames of some work."""
    from course_utils.jail.jail import Jail, Reader

    found, request, send, frame = Counter(), Jail._request, Jail._send, Reader.frame

    def requests(self, op, name, bodies, *more):
        found.update({"crossings": 1, "calls": len(bodies)})
        return request(self, op, name, bodies, *more)

    def sends(self, *given):
        found["frames out"] += 1
        return send(self, *given)

    def reads(self, *given):
        found["frames in"] += 1
        return frame(self, *given)

    with (
        mock.patch.object(Jail, "_request", requests),
        mock.patch.object(Jail, "_send", sends),
        mock.patch.object(Reader, "frame", reads),
    ):
        work()
    return found


def _empty_jail(zygote, source):
    from course_utils.judging.handed_in import scratch_for

    with scratch_for() as scratch:
        jail = zygote.fork(scratch, source.limits, source.forbidden)
        jail.run("pass")
        jail.end()


if __name__ == "__main__":
    main()
