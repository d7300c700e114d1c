"""What a student gets: nothing given away, and enough to work with."""

import json
import subprocess
import sys
import zipfile

import pytest
from conftest import PART, ROOT

from course_utils.grading.archive import NAME, files_for_students, write_archive
from course_utils.grading.course import Course, CourseError
from course_utils.grading.source import HIDDEN, SOLUTION, read_source

pytestmark = pytest.mark.grading


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("student")
    write_archive(Course.find(ROOT), folder / "course.zip")
    with zipfile.ZipFile(folder / "course.zip") as archive:
        archive.extractall(folder)
    return folder / NAME


def check(folder, *arguments):
    code = "from course_utils.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "check", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_nothing_of_the_instructor_is_in_it(unpacked):
    names = {p.relative_to(unpacked).as_posix() for p in unpacked.rglob("*")}
    tops = {name.split("/")[0] for name in names}
    assert not tops & {"solutions", "tests", "nbgrader_config.py", "grading", ".git", ".ci"}


def test_no_line_of_a_solution_or_hidden_test_is_in_an_assignment(unpacked):
    sources = [read_source(path) for path in sorted((ROOT / "solutions").glob("*/*.ipynb"))]
    public = "\n".join(
        SOLUTION.sub("", HIDDEN.sub("", c.source)) for s in sources for c in s.notebook.cells
    )
    for source in sources:
        secret = [
            line.strip()
            for cell in source.notebook.cells
            for pattern in (HIDDEN, SOLUTION)
            for block in pattern.findall(cell.source)
            for line in block.splitlines()
            if len(line.strip()) > 12
            and line.strip() not in public
            and not line.strip().startswith(("from ", "import "))
        ]
        assert secret
        for notebook in (unpacked / "assignments").rglob("*.ipynb"):
            text = "\n".join(
                "".join(c["source"]) for c in json.loads(notebook.read_text())["cells"]
            )
            assert not [line for line in secret if line in text], notebook


def test_the_same_content_gives_the_same_archive(tmp_path):
    course = Course.find(ROOT)
    write_archive(course, tmp_path / "a.zip")
    write_archive(course, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_leaking_release_is_not_packed(course):
    path = course.releases / PART / f"{PART}.ipynb"
    path.write_bytes(course.source_notebook(PART).read_bytes())
    with pytest.raises(CourseError, match="would give away"):
        files_for_students(course)


def test_a_student_works_through_the_archive(unpacked):
    """Blank first, then answers typed into the notebook, checked by the student's own command."""
    notebook = unpacked / "assignments" / PART / f"{PART}.ipynb"
    blank = check(unpacked, "01", "--json")
    assert blank.returncode == 1, blank.stderr
    told = json.loads(blank.stdout)
    assert (told["score"], told["hidden_tests"]) == (0, False)
    assert all("is not written yet" in t["message"] for t in told["tests"][:3])
    assert told["reread"]["1.2"].startswith("Reread Pad the border in the lecture (lectures/01_")
    assert set(told["reread"]) == {test["exercise"] for test in told["tests"]}
    source = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")
    content = json.loads(notebook.read_text())
    for cell in content["cells"]:
        if cell["id"] in source.answers:
            cell["source"] = source.answers[cell["id"]]
    notebook.write_text(json.dumps(content))
    done = check(unpacked, "01")
    assert done.returncode == 0, done.stdout + done.stderr
    one = json.loads(check(unpacked, "01", "1.2", "--json").stdout)
    assert {t["exercise"] for t in one["tests"]} == {"1.2"}


@pytest.mark.parametrize("verb", ["grade", "release", "feedback"])
def test_what_needs_the_instructors_repository_says_so(unpacked, verb):
    code = "from course_utils.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, verb, "01"], cwd=unpacked, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "instructor's repository" in done.stderr
