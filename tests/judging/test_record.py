"""Digests of misconceptions are made from a source notebook, and are part of its release."""

import json
import shutil

import nbformat
import pytest
from conftest import ROOT

from course_utils.authoring.release import generate, leaks
from course_utils.checks import known
from course_utils.course.folders import Course, CourseError
from course_utils.course.release import load
from course_utils.course.source import read_source
from course_utils.judging.record import record, recorded

pytestmark = pytest.mark.grading

COURSE = Course.find(ROOT)


@pytest.fixture
def source_of(tmp_path):
    """Return a function that writes a source notebook with one exercise."""
    marks = {"schema_version": 3, "locked": False}
    answer = marks | {"grade": False, "solution": True, "grade_id": "area"}
    test = marks | {
        "grade": True,
        "solution": False,
        "grade_id": "test-area",
        "points": 1,
        "locked": True,
    }

    def write(visible, hidden, before="", after=""):
        solution = "def area(h, w):\n    ### BEGIN SOLUTION\n    return h * w\n    ### END SOLUTION"
        hidden = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells = [
            nbformat.v4.new_code_cell(before, id="setup"),
            nbformat.v4.new_code_cell(solution, id="area", metadata={"nbgrader": answer}),
            nbformat.v4.new_code_cell(after, id="own"),
            nbformat.v4.new_code_cell(
                f"# 9.1 Area (1 point)\nfrom course_utils import checks\n"
                f"from course_utils.checks import args, case\n{visible}\n{hidden}",
                id="test-area", metadata={"nbgrader": test},
            ),
        ]  # fmt: skip
        path = tmp_path / "99_toy.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write


ASKS = "checks.equal(area, [case(args(2, 3), 6)])"
NAMES = 'checks.explain(area, {"adding the sides": lambda h, w: h + w})'


def test_misconceptions_of_the_hidden_part_are_written_down(source_of):
    found = json.loads(recorded(source_of(ASKS, NAMES)))
    assert found["sentences"] == ["adding the sides"]
    [rows] = found["cases"].values()
    [[sentence, _, _, digest]] = rows[""]
    assert sentence == 0 and len(digest) == 12


def test_where_there_is_nothing_to_name_the_file_says_so(source_of):
    assert json.loads(recorded(source_of(ASKS, "pass"))) == {"sentences": [], "cases": {}}


def test_setup_cells_run_and_of_later_cells_only_definitions(source_of):
    given = "def side():\n    return 3\n\nraise SystemExit('trained')"
    path = source_of("checks.equal(area, [case(args(2, side()), 6)])", NAMES, "import math", given)
    assert json.loads(recorded(path))["cases"]


def test_a_cell_that_writes_a_file_writes_it(source_of):
    path = source_of("checks.equal(area, [case(args(2, side()), 6)])", NAMES)
    notebook = nbformat.read(path, as_version=4)
    marks = {
        "schema_version": 3,
        "locked": True,
        "grade": False,
        "solution": False,
        "grade_id": "given",
    }
    notebook.cells[2:3] = [
        nbformat.v4.new_code_cell(text, id=name, metadata={"nbgrader": {**marks, "grade_id": name}})
        for name, text in (("file", "%%writefile sides.py\ndef side():\n    return 3"),
                           ("given", "from sides import side"))
    ]  # fmt: skip
    nbformat.write(notebook, path)
    assert json.loads(recorded(path))["cases"]


def test_a_test_that_the_solution_fails_is_no_matter_here(source_of):
    assert json.loads(recorded(source_of("checks.equal(area, [case(args(2, 3), 7)])", NAMES)))


def test_a_cell_that_stops_is_named(source_of):
    with pytest.raises(CourseError, match="stopped: NameError: name 'nonsense' is not defined"):
        recorded(source_of(ASKS, "nonsense"))


def test_what_cells_print_is_not_part_of_it(source_of, capsys):
    path = source_of(f"print('hello')\n{ASKS}", NAMES)
    assert "hello" not in record(read_source(path))


@pytest.mark.parametrize("assignment", COURSE.assignments)
def test_the_released_digests_are_those_of_the_source(assignment, tmp_path):
    """The same file is made by nbgrader's own generate_assignment, which `generate` calls."""
    source, _ = load(COURSE, assignment)
    files = generate(COURSE, assignment, tmp_path, database=False)
    assert set(files) == {f"{assignment}.ipynb", "looks_like.json"} and not leaks(source, files)
    there = (COURSE.releases / assignment / "looks_like.json").read_bytes()
    assert files["looks_like.json"] == there
    assert source.looks_like == json.loads(there) and source.looks_like["cases"]


def test_no_hidden_line_is_in_the_digests():
    """What a student can read there is sentences and digests."""
    for assignment in COURSE.assignments:
        found = known.read(COURSE.releases / assignment)
        assert set(found) == {"sentences", "cases"}
        for rows in found["cases"].values():
            for lines in rows.values():
                for sentence, step, shift, digest in lines:
                    assert 0 <= sentence < len(found["sentences"]) and len(digest) == 12
                    assert type(step) is type(shift) is int


def test_a_release_without_digests_is_graded_without_names(tmp_path):
    name = COURSE.assignments[0]
    shutil.copytree(COURSE.releases / name, tmp_path / name)
    assert known.read(tmp_path / name)["cases"] and known.read(tmp_path / "nowhere") == {}
    for text in (
        "{",
        "[]",
        "{}",
        '{"sentences": [], "cases": {"a": {"": [[0, 0, 0, "b"]]}}}',
        '{"sentences": 1}',
    ):
        (tmp_path / name / "looks_like.json").write_text(text)
        assert known.read(tmp_path / name) == {}
