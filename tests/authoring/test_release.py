"""Release versions: what is generated, what must not leak, and what is not overwritten."""

import os

import nbformat
import pytest
from conftest import PART, ROOT

from course_utils.authoring.release import edited_by_hand, leaks, release
from course_utils.course import folders as courses
from course_utils.course.files import write_safely
from course_utils.course.folders import CourseError
from course_utils.course.release import load
from course_utils.course.source import read_source

pytestmark = pytest.mark.grading


def notebook_of(course):
    return course.releases / PART / f"{PART}.ipynb"


def test_a_second_release_changes_nothing(course):
    before = notebook_of(course).read_bytes()
    assert release(course, PART) is False
    assert (
        notebook_of(course).read_bytes()
        == before
        == (ROOT / "assignments" / PART / f"{PART}.ipynb").read_bytes()
    )


def test_a_release_edited_by_hand_is_not_overwritten(course):
    path = notebook_of(course)
    path.write_text(path.read_text().replace("Predict the size", "Guess the size"))
    edited = path.read_bytes()
    with pytest.raises(CourseError, match="edited by hand.*--force"):
        release(course, PART)
    assert path.read_bytes() == edited
    assert release(course, PART, force=True) is True
    assert path.read_bytes() != edited
    kept = course.grading / "edited-releases" / PART / path.name
    assert kept.read_bytes() == edited


def test_a_foreign_file_in_a_release_is_noticed(course):
    (notebook_of(course).parent / "answers.py").write_text("solution = 1")
    assert edited_by_hand(notebook_of(course).parent) == ["answers.py"]


def test_a_missing_source_says_what_to_do(course):
    course.source_notebook(PART).unlink()
    with pytest.raises(CourseError, match=r"solutions/.* is missing.*git checkout"):
        release(course, PART)


def test_a_source_that_is_not_a_notebook_is_named(course):
    course.source_notebook(PART).write_text("{}")
    with pytest.raises(CourseError, match="cannot read the source notebook"):
        release(course, PART)


def test_points_that_do_not_match_the_title_are_refused(course):
    path = course.source_notebook(PART)
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade"))
    cell.metadata.nbgrader.points += 1
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match=cell.id):
        release(course, PART)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda text: text.replace("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TEST", 1), "HIDDEN"),
        (lambda text: text.replace("### BEGIN SOLUTION", "### begin solution", 1), "SOLUTION"),
    ],
    ids=["hidden-marker-misspelt", "solution-marker-misspelt"],
)
def test_a_misspelt_marker_never_reaches_the_release(course, spoil, found):
    path, released = course.source_notebook(PART), notebook_of(course).read_bytes()
    path.write_text(spoil(path.read_text()))
    with pytest.raises(CourseError):
        release(course, PART)
    assert notebook_of(course).read_bytes() == released


def test_a_leaked_solution_line_is_found(course):
    source, handed_out = load(course, PART)
    name = next(iter(source.answers))
    for cell in handed_out.cells:
        if cell.id == name:
            cell.source = (
                source.answers[name]
                .replace("### BEGIN SOLUTION", "")
                .replace("### END SOLUTION", "")
            )
    found = leaks(source, {f"{PART}.ipynb": nbformat.writes(handed_out).encode()})
    assert any("solution" in line for line in found)


def test_a_file_that_does_not_belong_is_a_leak():
    source = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")
    data = (ROOT / "assignments" / PART / f"{PART}.ipynb").read_bytes()
    assert leaks(source, {f"{PART}.ipynb": data}) == []
    assert "answers.py" in leaks(source, {f"{PART}.ipynb": data, "answers.py": b"x = 1"})[0]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "marks.csv"
    path.write_text("old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(courses.os, "fsync", full)
    with pytest.raises(CourseError, match="No space left on device.*Nothing was changed"):
        write_safely(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["marks.csv"]
