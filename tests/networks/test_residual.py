"""A network as an answer is graded as declared, alike in a notebook, Validate, `course check` and grading."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from residual import ANSWER, PART, TESTS, make_course, source_notebook, title_of

from course_utils.authoring.bank import read_answers
from course_utils.authoring.verify import with_answers
from course_utils.course.release import load

pytestmark = [pytest.mark.bank, pytest.mark.torch]
TITLES = {title_of(cell): cell.id for cell in source_notebook().cells if cell.id in TESTS}
CHOSEN = [
    "functional, parameters and buffers",
    "no skip connection",
    "a projection only for other channels",
    "all layers in plain lists",
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path)  # nbgrader calls alembic by its name
        yield make_course(tmp_path_factory.mktemp("residual"))


@pytest.fixture(scope="module")
def bank(course):
    return {a.title: a for a in read_answers(course.bank / PART / f"{ANSWER}.py")}


def run(*command, folder):
    """Run a command of a person's, and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def in_a_notebook(notebook, folder):
    """The test cells that stop in a kernel."""
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, allow_errors=True, timeout=600, resources=resources).execute()
    shown = ((cell.id, output) for cell in notebook.cells for output in cell.get("outputs", ()))
    return {name for name, output in shown if output.output_type == "error"}


@pytest.fixture(scope="module")
def graded(course, bank):
    """The points of the chosen answers, as `course grade` has them in the gradebook."""
    from course_utils.grading.gradebook import Gradebook

    _, handed_out = load(course, PART)
    for number, title in enumerate(CHOSEN):
        folder = course.submitted / f"student{number}" / PART
        folder.mkdir(parents=True)
        nbformat.write(
            with_answers(handed_out, {ANSWER: bank[title].source}), folder / f"{PART}.ipynb"
        )
    run("course_utils.cli", "grade", "99", folder=course.root)
    scores = Gradebook(course).auto_scores(PART)
    return {title: scores[f"student{number}"] for number, title in enumerate(CHOSEN)}


@pytest.mark.parametrize("title", CHOSEN)
def test_the_four_ways_agree(course, bank, graded, title, tmp_path):
    source, handed_out = load(course, PART)
    answer, folder = {ANSWER: bank[title].source}, course.releases / PART
    expected = set(bank[title].fails) & set(TESTS)
    assert {
        name for name, points in graded[title].items() if name in TESTS and not points
    } == expected
    assert in_a_notebook(with_answers(source.notebook, answer), folder) == expected
    path = folder / f"{title.replace(' ', '-')}.ipynb"
    notebook = with_answers(handed_out, answer)
    nbformat.write(notebook, path)
    try:
        told = run(
            "course_utils.cli", "check", "99", "--notebook", str(path), "--json", folder=course.root
        )
        tests = json.loads(told)["tests"]
        assert {TITLES[test["title"]] for test in tests if not test["passed"]} == expected
        said = run("nbgrader", "validate", str(path), folder=folder)
        assert {
            TITLES[title] for title in re.findall(r"# 6\.4 (.*) \(\d points?\)", said)
        } == expected
    finally:
        path.unlink()
