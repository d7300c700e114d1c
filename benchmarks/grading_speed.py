"""`course grade` against stock `nbgrader autograde` on the same submissions, and where the time goes.

    python benchmarks/grading_speed.py [--part 01_shapes_and_parameters] [--submissions 40] [--stock 8]

Both sides grade copies of the sample class's notebooks (no endless loops among them) in one run of this
program, on the same machine. Stock nbgrader is timed on the first ``--stock`` submissions, because its time is
the same for each. Prints submissions per minute and ratios.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
    """Make a course with `count` submissions of a part and a gradebook."""
    from course_utils.authoring.bank import read_bank
    from course_utils.authoring.release import release
    from course_utils.authoring.sample_class import sample_class
    from course_utils.course.folders import Course
    from course_utils.course.release import load

    for name in ("constraints.txt", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder)
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name)
    course = Course(folder)
    release(course, part)
    source, handed_out = load(course, part)
    bank = read_bank(ROOT / "tests" / "bank" / part, source.answers)
    members = sample_class(source, handed_out, bank)
    chosen = [m for m in members.values() if m.outcome in ("graded", "blank")]
    for number in range(count):
        target = course.submitted / f"student{number:03d}" / part
        target.mkdir(parents=True)
        data = chosen[number % len(chosen)].files[f"{part}.ipynb"]
        (target / f"{part}.ipynb").write_bytes(data)
    if stock:
        (folder / "nbgrader_config.py").write_text(STOCK.format(root=str(folder)))
    return course


def timed(command, cwd) -> tuple[float, float, float]:
    """Run a command; return seconds, seconds until its first line of output, and its peak memory in bytes."""
    start, first = time.perf_counter(), 0.0
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    for _ in process.stdout:
        first = first or time.perf_counter() - start
    process.wait()
    if process.returncode:
        raise SystemExit(f"{command} failed with exit code {process.returncode}")
    return (
        time.perf_counter() - start,
        first,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--part", default=PART)
    options.add_argument("--submissions", type=int, default=40)
    options.add_argument("--stock", type=int, default=8)
    given = options.parse_args()
    course_command = [
        sys.executable,
        "-m",
        "course_utils.cli",
        "grade",
        given.part,
        "--json",
        "--workers",
    ]
    with tempfile.TemporaryDirectory() as name:
        folders = {k: Path(name, k) for k in ("one", "two", "stock")}
        for kind, folder in folders.items():
            folder.mkdir()
            make_course(
                folder,
                given.stock if kind == "stock" else given.submissions,
                kind == "stock",
                given.part,
            )
        stock, _, _ = timed(
            [sys.executable, "-m", "nbgrader", "autograde", given.part], folders["stock"]
        )
        one, _, _ = timed([*course_command, "1"], folders["one"])
        two, first, _ = timed([*course_command, "2"], folders["two"])
        where(folders["two"], given.part)
    rates = {
        "stock nbgrader autograde": given.stock / stock,
        "course grade, 1 worker": given.submissions / one,
        "course grade, 2 workers": given.submissions / two,
    }
    print(f"{os.cpu_count()} cores, {given.submissions} submissions ({given.stock} for stock)")
    for what, rate in rates.items():
        ratio = rate / rates["stock nbgrader autograde"]
        print(f"{what:28} {60 * rate:7.0f} a minute   {ratio:5.1f} x stock")
    print(
        f"from one worker to two: {one / two:.2f} x (start-up included); first score after {first:.1f} s"
    )


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


def _empty_jail(zygote, source):
    from course_utils.judging.handed_in import scratch_for

    with scratch_for() as scratch:
        jail = zygote.fork(scratch, source.limits, source.forbidden)
        jail.run("pass")
        jail.end()


if __name__ == "__main__":
    main()
