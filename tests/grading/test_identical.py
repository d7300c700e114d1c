"""`course grade` names submissions that are the same; what everybody was given, and nothing, are silence."""

import json

import nbformat
import pytest
from click.testing import CliRunner
from conftest import PART
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.authoring.verify import with_answers
from course_utils.cli import main
from course_utils.grading.grade import Grader
from course_utils.grading.report import write_report
from course_utils.grading.show_results import same_of

pytestmark = pytest.mark.grading


def grade(course):
    return {r.student: r for r in Grader(course, PART, workers=2).run()}


def test_identical_submissions_are_named_and_graded_as_ever(course, submit):
    answers = submit.source.answers
    alone = answers | {"numbers": answers["numbers"] + "\nMINE = 1\n"}
    submit("ada")
    submit("ben")
    other = with_answers(submit.release, {c: text + "\n\n" for c, text in answers.items()})
    other.cells.append(new_code_cell("print('of my own')"))
    other.metadata["kernelspec"] = {"name": "other", "display_name": "Other"}
    submit("Zoë Müller", data=nbformat.writes(other).encode(), name="work.ipynb")
    submit("dan", answers=alone)
    results = grade(course)
    assert [str(same) for same in same_of(results)] == [
        f"Zoë Müller, ada, ben: the same text in all {len(answers)} answers that they filled in",
        "ada, ben: the same file, byte for byte",
    ]
    assert len({r.score for r in results.values()}) == 1
    assert all(r.warnings == [] and "ben" not in " ".join(r.notes) for r in results.values())
    again = grade(course)
    assert not any(r.fresh for r in again.values()) and same_of(again) == same_of(results)
    page = write_report(course, PART).read_text()
    assert "<b>!</b> ada, ben: the same file, byte for byte" in page
    said = CliRunner().invoke(main, ["grade", "01"]).output
    assert "! ada, ben: the same file, byte for byte" in " ".join(said.split())
    lines = CliRunner().invoke(main, ["grade", "01", "--json"]).stdout.splitlines()
    files = {line["student"]: line["digests"]["file"] for line in map(json.loads, lines)}
    assert files["ada"] == files["ben"] != files["dan"]


def test_what_was_handed_out_and_what_cannot_be_read_is_silence(course, submit):
    for name in ("ada", "ben", "cleo"):
        submit(name, answers={})
    for name in ("dan", "eve"):
        submit(name, data=b"%PDF-1.7")
    for name in ("finn", "gus"):  # text of their own, each another one, away from the place for it
        notebook = with_answers(submit.release, {})
        notebook.cells.insert(0, new_markdown_cell(f"{name} was here, and has written this."))
        submit(name, data=nbformat.writes(notebook).encode())
    assert same_of(grade(course)) == []


def test_work_in_a_cell_of_their_own_makes_files_the_same(course, submit):
    notebook = with_answers(submit.release, {})
    notebook.cells.append(new_code_cell("helper = 3"))
    for name in ("ada", "ben"):
        submit(name, data=nbformat.writes(notebook).encode())
    assert [str(same) for same in same_of(grade(course))] == [
        "ada, ben: the same file, byte for byte"
    ]


def test_one_answer_that_is_the_same_is_said_to_be_one(course, submit):
    for name in ("ada", "ben"):
        notebook = with_answers(
            submit.release, {"linear-parameters": submit.source.answers["linear-parameters"]}
        )
        notebook.metadata["who"] = name
        submit(name, data=nbformat.writes(notebook).encode())
    [same] = same_of(grade(course))
    assert str(same) == "ada, ben: the same text in the one answer that they filled in"
