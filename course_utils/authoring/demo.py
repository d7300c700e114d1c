"""`make demo`: the course's main job on an embedded sample class, from release to feedback."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from course_utils.course.files import write_safely
from course_utils.course.folders import Course

FOLDER = "grading/demo"


def run_demo(
    console: Console, grade_class: Callable[[Course, str], dict], part: str = "01"
) -> bool:
    """Run the demo; return whether every submission was graded as declared.

    Parameters
    ----------
    console : Console
    grade_class : callable
        What `course grade` does: grade a part and return the results by student.
    part : str
    """
    os.environ["COURSE_GRADING"] = FOLDER  # nbgrader_config.py reads it, here and in the workers
    from course_utils.authoring.bank import read_bank
    from course_utils.authoring.release import release
    from course_utils.authoring.sample_class import DUE, sample_class
    from course_utils.course.release import load
    from course_utils.course.source import read_source
    from course_utils.grading.feedback import write_feedback
    from course_utils.grading.gradebook import Gradebook
    from course_utils.grading.report import write_report
    from course_utils.grading.show_results import print_class

    start = time.monotonic()
    course = Course.find()
    name = course.assignment(part)
    made_from = course.grading / "made-from"
    digest = read_source(course.source_notebook(name)).digest
    if course.grading.is_dir() and not (made_from.is_file() and made_from.read_text() == digest):
        shutil.rmtree(course.grading)  # of another version of the assignment
    write_safely(made_from, digest)
    console.print(f"[bold]1[/] Release {name}")
    release(course, name)
    Gradebook(course).set_due(name, DUE)
    source, handed_out = load(course, name)
    members = sample_class(source, handed_out, read_bank(course.bank / name, source.answers))
    console.print(f"[bold]2[/] Collect a sample class of {len(members)}")
    for student, member in members.items():
        for file, data in member.files.items():
            path = course.submitted / student / name / file
            if not path.is_file() or path.read_bytes() != data:
                write_safely(path, data)
    console.print("[bold]3[/] Autograde against the hidden tests")
    results = grade_class(course, name)
    print_class(console, course, name, results)
    final = Gradebook(course).final_scores(name)
    table = Table(title="As declared?")
    for title in ("student", "what was handed in", "outcome", "score", ""):
        table.add_column(title)
    good = True
    for student, member in members.items():
        outcome, score = results[student].outcome, final[student]
        same = outcome == member.outcome and abs(score - member.score) < 1e-6
        good &= same
        told = "yes" if same else f"NO: {member.outcome}, {member.score:g} declared"
        table.add_row(student, member.about, outcome, f"{score:g}", told)
    console.print(table)
    console.print("[bold]4[/] Write feedback")
    pages = write_feedback(course, name)
    page = write_report(course, name).relative_to(course.root)
    console.print(f"{len(pages)} pages; {time.monotonic() - start:.0f} s in all\n")
    show = course.feedback.relative_to(course.root)
    for what, how in (
        ("the class in one page", page),
        ("a student's feedback", f"{show}/donald/{name}/{name}.html"),
        ("JupyterLab, with the lectures and assignments", "make lab"),
        ("the same, with this class in the Formgrader", f"COURSE_GRADING={FOLDER} make lab"),
    ):
        console.print(f"Open next: {what}\n  [bold]{how}[/]", soft_wrap=True)
    return good
