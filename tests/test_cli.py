"""The command line: help with an example, exit codes, errors that name the next step, `--json`."""

import json
import re
import time

import nbformat
import pytest
from click.testing import CliRunner
from conftest import PART, ROOT

from course_utils.cli import main

pytestmark = pytest.mark.grading


@pytest.fixture
def run(monkeypatch):
    runner = CliRunner()
    return lambda *arguments: runner.invoke(main, arguments)


@pytest.mark.parametrize("verb", sorted(main.commands))
def test_help_has_an_example(verb, run):
    result = run(verb, "--help")
    assert result.exit_code == 0
    assert re.search(rf"Example:?\s+course {verb}", result.output)


def test_a_misspelt_verb_gets_a_suggestion(run):
    result = run("gradee", "01")
    assert result.exit_code == 2
    assert "Did you mean 'grade'?" in result.output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("grade", "09"), 2, "no assignment '09': there are 01_shapes_and_parameters"),
        (("release", "shapes"), 2, "did you mean 01_shapes_and_parameters?"),
        (("grade", "01"), 1, "no submissions: expected"),
        (("feedback", "01"), 1, "run `course grade 01` first"),
        (("report", "01"), 1, "run `course grade 01` first"),
        (("export", "01"), 1, "run `course grade 01` first"),
        (("check", "01", "7.7"), 2, "no exercise '7.7': there are 1.1"),
        (("check", "01", "--notebook", "nowhere.ipynb"), 2, "there is no notebook"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
def test_errors_say_what_to_do(course, run, arguments, code, said):
    result = run(*arguments)
    assert (result.exit_code, said in " ".join(result.output.split())) == (code, True), (
        result.output
    )


def test_outside_a_course(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    result = run("grade", "01")
    assert result.exit_code == 2
    assert "COURSE_ROOT" in result.output


def test_a_day_of_an_instructor(course, submit, run):
    assert run("release", "01", "--due", "2026-12-01 23:59").exit_code == 0
    submit("ada")
    answers = dict(submit.source.answers)
    first = next(iter(answers))
    answers[first] = answers[first].replace("### BEGIN SOLUTION", "return 3  ### ")
    submit("ben", answers=answers)
    graded = run("grade", "01", "--json")
    lines = [json.loads(line) for line in graded.output.splitlines() if line.startswith("{")]
    assert {line["student"]: line["outcome"] for line in lines} == {
        "ada": "graded",
        "ben": "graded",
    }
    table = run("grade", "01").output
    assert "ada" in table and "2 had not changed" in table
    assert "What the class got wrong" in table
    assert run("feedback", "01").output.startswith(f"{PART}: 2 pages in")
    assert run("report", "01").exit_code == 0
    page = (course.grading / "report" / f"{PART}.html").read_text()
    assert "ada" in page and "<script" not in page
    assert run("export", "01", "--to", "marks.csv").exit_code == 0
    rows = (course.root / "marks.csv").read_text().splitlines()
    assert len(rows) == 3 and "student_id" in rows[0]
    again = run("export", "01", "--to", "marks.csv")
    assert again.exit_code == 2 and "--force" in again.output


@pytest.fixture
def in_new_york(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_due_date_is_told_in_utc_and_in_local_time(course, run, in_new_york):
    said = run("release", "01", "--due", "2026-12-01 23:59").output
    assert "due 2026-12-01 23:59 UTC, " in said and "--due is read as UTC" in said
    assert "2026-12-01 18:59 in local time (EST, UTC-0500)" in said


def test_refused_folders_are_told_again_at_the_end(course, submit, run):
    submit("ada")
    (course.submitted / "bobby; drop table").mkdir()
    result = run("grade", "01")
    assert result.exit_code == 1
    *_, last = result.stderr.splitlines()
    assert "Not a submission: 'bobby; drop table' cannot be a student's name" in last
    assert "ada" in result.stdout


def test_an_interrupt_ends_with_130(course, monkeypatch, run):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("course_utils.grading.report.write_report", interrupted)
    result = run("report", "01")
    assert (result.exit_code, "run the same command again" in result.output) == (130, True)
    assert "130 interrupted" in " ".join(run("--help").output.split())


def test_an_export_has_a_place_and_is_not_overwritten(course, submit, run):
    submit("ada")
    run("grade", "01")
    assert run("export", "01").output == f"grading/exports/{PART}.csv: graded: 1\n"
    path = course.grading / "exports" / f"{PART}.csv"
    path.write_text("mine")
    again = run("export", "01")
    assert (again.exit_code, "--force" in again.output, path.read_text()) == (2, True, "mine")
    assert run("export", "01", "--force").exit_code == 0
    assert path.read_text().startswith("assignment,")


def test_feedback_for_one_student_names_who_is_not_there(course, submit, run):
    submit("ada")
    run("grade", "01")
    assert "1 page in" in run("feedback", "01", "--student", "ada").output
    result = run("feedback", "01", "--student", "nobody")
    assert (result.exit_code, "'nobody'" in result.output) == (2, True)


def test_a_mended_test_changes_only_what_it_must(course, submit, run):
    """A test that was too strict is mended: a dry run says who gains, grading then gives it."""
    path = course.source_notebook(PART)
    good = path.read_text()
    test = next(iter(submit.source.tests.values()))
    spoilt = json.loads(good)
    for cell in spoilt["cells"]:
        if cell["id"] == test.id:
            cell["source"] = "".join(cell["source"]) + "\nraise AssertionError('too strict')"
    path.write_text(json.dumps(spoilt))
    submit("ada")
    assert run("grade", "01").exit_code == 0
    path.write_text(good)
    dry = " ".join(run("grade", "01", "--dry-run").output.split())
    assert "Who would gain or lose" in dry and f"+{test.points:g}" in dry
    assert json.loads(run("grade", "01", "--dry-run", "--json").output.splitlines()[-1])["fresh"]
    assert "Who gained or lost" in run("grade", "01").output
    assert "Who gained or lost" not in run("grade", "01").output


def test_every_command_of_the_guide_exists():
    text = (ROOT / "docs" / "instructors-guide.md").read_text() + (ROOT / "README.md").read_text()
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for verb, rest in re.findall(r"(?:^|/)course (\w+)([^#\n]*)", block, re.MULTILINE):
            known = {o for p in main.commands[verb].params for o in p.opts}
            assert set(re.findall(r"--[a-z-]+", rest)) <= known, (verb, rest)


def test_verify_prints_shares_as_json(course, run):
    for path in (course.bank / PART).glob("*.py"):
        if path.stem != "same-padding":
            path.unlink()
    result = run("verify", "01", "--json")
    assert result.exit_code == 1  # the other exercises have no answers now
    text = result.output[result.output.index("{") :]
    rows = json.loads(text)[PART]["exercises"]
    row = next(r for r in rows if r["exercise"] == "1.2")
    assert row["caught"] == row["wrong"] >= 8


def test_doctor_says_whether_grading_is_confined(run):
    result = run("doctor", "--json")
    lines = [json.loads(line) for line in result.output.splitlines()]
    [grading] = [line for line in lines if line["what"] == "grading"]
    assert grading["level"] in ("ok", "missing")


def test_in_the_whole_repository_a_written_answer_is_shown_above_its_marking_guide(course, run):
    path = course.releases / PART / f"{PART}.ipynb"
    assert (
        "Marking guide" not in run("check", "01", "1.9").output
    )  # it is blank: nothing is given away
    notebook = nbformat.read(path, as_version=4)
    [cell] = [cell for cell in notebook.cells if cell.id == "pooling-and-costs"]
    cell.source = "It keeps what is *large*."
    nbformat.write(notebook, path)
    result = run("check", "01", "1.9")
    assert result.exit_code == 0
    answer, guide = (
        result.output.index("It keeps what is large."),
        result.output.index("Marking guide"),
    )
    assert answer < guide
