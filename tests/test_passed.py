"""In a student's notebook a pass is said with its points, and a failed test stops no cell below it."""

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade

from course_utils.course.folders import Course
from course_utils.course.release import load

pytestmark = pytest.mark.notebooks

COURSE = Course.find(ROOT)
PART = COURSE.assignments[0]
# A test that would give the answer away if it told right from wrong.
OPEN = {"test-fault-linear-name", "test-fault-pool-name", "test-fault-conv-name"} | {
    f"test-numbers-{what}"
    for what in (
        "alexnet",
        "grouped-alexnet",
        "vgg16-memory",
        "weights-saved",
        "googlenet",
        "alphago",
    )
}
WRONG = """\
def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    return (size - kernel_size) // stride + 1
"""


@pytest.fixture(scope="module")
def notebook():
    """The release version with one wrong answer, all others blank."""
    _, release = load(COURSE, PART)
    [cell] = [cell for cell in release.cells if cell.id == "conv-output-size"]
    cell.source = WRONG
    return release


def outputs_of(notebook, cell_id):
    [cell] = [cell for cell in notebook.cells if cell.id == cell_id]
    return cell.outputs


@pytest.fixture(scope="module")
def executed(notebook):
    """It is run as JupyterLab runs all cells: errors end it, except where a cell allows one."""
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    folder = str(COURSE.releases / PART)
    NotebookClient(notebook, resources={"metadata": {"path": folder}}).execute()
    return notebook


def test_a_pass_is_said_with_its_points(executed):
    [output] = outputs_of(executed, "test-conv-output-size-floor")
    assert (output.name, output.text) == ("stdout", "passed: 4 points\n")


def test_a_failure_is_an_error_that_names_the_misconception(executed):
    [output] = outputs_of(executed, "test-conv-output-size-padding")
    assert (output.output_type, output.ename) == ("error", "CheckFailed")
    assert "looks like: the padding is ignored" in output.evalue


def test_all_cells_below_a_failure_are_run(executed):
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    [output] = outputs_of(executed, "test-numbers-alphago")
    assert output.output_type == "error"


def test_a_test_that_runs_before_its_answer_says_so(notebook):
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    for cell in notebook.cells:
        if cell.id == "same-padding":
            cell.source = cell.source.replace("def same_padding", "def same_paddings")
        if cell.id == "conv-parameters":
            cell.source = ""
        if cell.id == "linear-parameters":
            cell.source = "def linear_parameters(x):\n    return nothing"
    resources = {"metadata": {"path": str(COURSE.releases / PART)}}
    NotebookClient(notebook, resources=resources).execute()
    [output] = outputs_of(notebook, "test-same-padding-odd")
    assert output.ename == "CheckFailed"
    assert output.evalue == (
        "same_padding is not defined\n"
        "  its cell:   has not run: run the answer cell above, then this one again\n"
        "              (or is it misspelt? There is a same_paddings)"
    )
    [output] = outputs_of(notebook, "test-conv-parameters-weights")
    assert output.evalue.startswith("conv_parameters is not defined\n  its cell:   has not run")
    assert "\n".join(output.traceback) == f"CheckFailed: {output.evalue}"
    [output] = outputs_of(notebook, "test-linear-parameters-weights")
    assert "linear_parameters raised" in output.evalue  # an error of the answer's own is as it was


def test_a_gradient_is_named_at_home_as_in_grading():
    """Tests of part 02 ask through objects of their own, which have names in the student's notebook."""
    [part] = [name for name in COURSE.assignments if name.startswith("02")]
    source, release = load(COURSE, part)
    order = [cell.id for cell in release.cells]
    release.cells = release.cells[: order.index("test-conv2d-backward-strides") + 1]
    for cell in release.cells:
        cell.source = source.answers.get(cell.id, cell.source)
        if cell.id == "conv2d-backward":
            cell.source = cell.source.replace("dpadded[window] +=", "dpadded[window] =")
    resources = {"metadata": {"path": str(COURSE.releases / part)}}
    NotebookClient(release, resources=resources).execute()
    picture, output = outputs_of(release, "test-conv2d-backward-dx")
    assert picture.output_type == "display_data" and "image/png" in picture.data
    assert "looks like: = where windows overlap" in output.evalue
    [output] = outputs_of(release, "test-conv2d-backward-strides")
    assert output.text == "passed: 2 points\n"


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_of_a_right_notebook_every_test_shows_its_points_and_nothing_else(assignment, as_handed_in):
    source, release = load(COURSE, assignment)
    for cell in release.cells:
        cell.source = source.answers.get(cell.id, cell.source)
    folder = as_handed_in(COURSE.releases / assignment / f"{assignment}.ipynb").parent
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(release, timeout=600, resources=resources).execute()
    shown = {
        c.id: [o.get("text", o) for o in c.outputs] for c in release.cells if c.id in source.tests
    }
    points = {
        name: f"{test.points:g} point{'s' * (test.points != 1)}"
        for name, test in source.tests.items()
    }
    said = {name: f"passed: {words}\n" for name, words in points.items()}
    for name in source.tests.keys() & OPEN:
        said[name] = f"set: {points[name]} if it is right, which only grading tells\n"
    assert shown == {name: [line] for name, line in said.items()}


def test_stock_nbgrader_gives_a_failed_test_nothing_and_a_passed_one_its_points(notebook):
    """The tag changes no mark: the error is still among the outputs, where nbgrader looks for it."""
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    resources = {"metadata": {"path": str(COURSE.releases / PART)}, "nbgrader": {}}
    notebook, _ = Execute().preprocess(notebook, resources)
    tests = {c.id: determine_grade(c) for c in notebook.cells if c.id.startswith("test-")}
    assert tests.pop("test-conv-output-size-floor") == (4, 4)
    assert all(got == 0 < most for got, most in tests.values()) and len(tests) > 30


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_every_test_and_answer_lets_the_cells_below_run(assignment):
    source, release = load(COURSE, assignment)
    tagged = {c.id for c in release.cells if "raises-exception" in c.metadata.get("tags", ())}
    assert tagged == set(source.tests) | set(source.answers)
