"""What a student gets: nothing given away, and enough to work with."""

import json
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from conftest import PART, ROOT

from course_utils.authoring.archive import NAME, files_for_students, write_archive
from course_utils.authoring.release import generated
from course_utils.course.folders import Course, CourseError
from course_utils.course.source import HIDDEN, SOLUTION, read_source
from course_utils.judging.selfcheck import check_notebook

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
    rooms = {name.split("/")[1] for name in names if name.startswith("course_utils/")}
    assert not rooms & {"authoring", "grading"} and {"judging", "jail", "course"} <= rooms
    assert not {"course_utils/cli/instructor.py", "course_utils/cli/term.py"} & set(names)


def test_a_student_is_offered_the_verbs_that_are_there(unpacked):
    code = "import course_utils.cli as cli; print(cli.__file__, *cli.main.commands)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=unpacked, capture_output=True, text=True
    )
    home, *verbs = done.stdout.split()
    assert home == str(unpacked / "course_utils/cli/__init__.py")
    assert sorted(verbs) == ["check", "data", "doctor", "lab", "train"]


def test_the_readme_and_the_makefile_are_a_students(unpacked):
    readme, makefile = ((unpacked / name).read_text() for name in ("README.md", "Makefile"))
    assert "@" not in readme.replace("@echo", "") and "@SETUP@" not in makefile
    for link in re.findall(r"\]\(([^)]+)\)", readme):
        assert (unpacked / link).exists(), link
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert targets == {"lab", "lab-torch", "clean"}
    assert set(re.findall(r"make ([a-z-]+)", readme)) <= targets
    verbs = set(
        re.findall(r"\bcourse ([a-z]+)", "".join(re.findall(r"```sh\n(.*?)```", readme, re.S)))
    )
    assert verbs == {"check", "doctor", "lab"}
    done = subprocess.run(["make", "-n", "lab-torch"], cwd=unpacked, capture_output=True, text=True)
    assert done.returncode == 0 and "-e '.[torch]'" in done.stdout and "course lab" in done.stdout


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


def test_a_blank_part_has_no_points_and_says_so_once_for_each_answer(unpacked):
    done = check(unpacked, "02")
    assert done.stdout.count("conv2d_forward is not written yet") == 2  # in 2.2, and in 2.3
    assert "2.2 7 tests\n  conv2d_forward is not written yet" in done.stdout
    assert "2.11: your written answer is empty" in done.stdout
    told = json.loads(check(unpacked, "02", "--json").stdout)
    assert told["score"] == 0 and told["written_words"] == {"2.11": 0}


def test_of_one_exercise_only_its_tests_run(unpacked, tmp_path):
    name = "02_conv_pool_backprop"
    content = json.loads((unpacked / "assignments" / name / f"{name}.ipynb").read_text())
    for cell in content["cells"]:  # what comes later would stop it
        if cell["id"] == "maxpool2d-forward":
            cell["source"] = "while True:\n    pass"
    notebook = tmp_path / f"{name}.ipynb"
    notebook.write_text(json.dumps(content))
    told = json.loads(check(unpacked, "02", "2.2", "--json", "--notebook", str(notebook)).stdout)
    assert {t["exercise"] for t in told["tests"]} == {"2.2"} and told["written_words"] == {}
    assert "notes" in told and not any("longer" in note for note in told["notes"])


@pytest.mark.parametrize("verb", ["grade", "release", "feedback"])
def test_what_needs_the_instructors_repository_says_so(unpacked, verb):
    code = "from course_utils.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, verb, "01"], cwd=unpacked, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "instructor's repository" in done.stderr


MISTAKES = {  # what is typed into an answer cell, and what the student hears
    "syntax": ("def same_padding(kernel_size, dilation=1:\n    return 0", "SyntaxError on line 1"),
    "indentation": ("def same_padding(kernel_size, dilation=1):\nreturn 0", "IndentationError on line 2"),
    "curly-quotes": ("text = “same”\ndef same_padding(k, dilation=1):\n    return 0", "on line 1"),
}  # fmt: skip


@pytest.fixture
def working_copy(unpacked, tmp_path):
    """A student's copy with all answers filled in, and a function that changes one."""
    folder = shutil.copytree(unpacked, tmp_path / "mine", ignore=shutil.ignore_patterns("lectures"))
    source = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")
    path = folder / "assignments" / PART / f"{PART}.ipynb"

    def fill_in(**changes):
        content = json.loads((folder / "untouched" / PART / f"{PART}.ipynb").read_text())
        for cell in content["cells"]:
            answers = source.answers | changes
            if cell["id"] in answers:
                cell["source"] = answers[cell["id"]]
        path.write_text(json.dumps(content))
        done = check(folder, "01", "--json")
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout)

    return fill_in


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_one_answer_costs_its_exercise_alone(working_copy, name):
    code, said = MISTAKES[name]
    told = working_copy(**{"same-padding": code})
    failed = [t for t in told["tests"] if not t["passed"]]
    assert {t["exercise"] for t in failed} == {"1.2"}
    assert all(said in " ".join(t["message"].split()) for t in failed)


def test_a_magic_in_an_answer_costs_nothing(working_copy):
    source = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")
    told = working_copy(**{"same-padding": "%precision 3\n" + source.answers["same-padding"]})
    assert (told["score"], told["undecided"], told["of"]) == (82, 8, 90)


def test_what_only_hidden_tests_know_is_open(working_copy, tmp_path):
    source = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")
    wrong = source.answers["numbers"].replace("64 * 3 * 7 * 7", "2700")
    told = working_copy(numbers=wrong)
    assert (told["score"], told["undecided"]) == (82, 8)
    said = check(tmp_path / "mine", "01", "1.8").stdout
    assert "1.8: 8 points are still open (?)" in " ".join(said.split())
    assert {t["exercise"] for t in told["tests"] if not t["decided"]} == {"1.8"}


def test_a_written_answer_alone_runs_nothing_and_has_no_guide_here(working_copy, tmp_path):
    working_copy(**{"pooling-and-costs": "It keeps what is large."})
    done = check(tmp_path / "mine", "01", "1.9")
    assert done.returncode == 0
    assert done.stdout == "1.9: your written answer is 5 words, which a person reads\n"


def test_a_notebook_of_another_part_is_told(unpacked):
    other = unpacked / "assignments" / "02_conv_pool_backprop" / "02_conv_pool_backprop.ipynb"
    done = check(unpacked, "01", "--notebook", str(other))
    assert done.returncode == 2 and f"is of another part than {PART}" in done.stderr


def test_a_right_backward_pass_keeps_its_points_when_only_its_exercise_is_asked_for(
    unpacked, tmp_path
):
    """A wrong forward pass is charged in its own exercise, which then is asked for as well."""
    name = "02_conv_pool_backprop"
    source = read_source(ROOT / "solutions" / name / f"{name}.ipynb")
    content = json.loads((unpacked / "untouched" / name / f"{name}.ipynb").read_text())
    for cell in content["cells"]:
        if cell["id"] in ("conv2d-forward", "conv2d-backward"):
            cell["source"] = source.answers[cell["id"]].replace(" + b[f]", "")
    notebook = tmp_path / f"{name}.ipynb"
    notebook.write_text(json.dumps(content))
    told = json.loads(check(unpacked, "02", "2.3", "--json", "--notebook", str(notebook)).stdout)
    assert told["score"] == told["of"] == 14


def test_arguments_that_hidden_tests_may_name_are_told(working_copy):
    lines = "def same_padding(k, d=1):", "    if d * (k - 1) % 2:", "        raise ValueError"
    renamed = "\n".join([*lines, "    return d * (k - 1) // 2"])
    told = working_copy(**{"same-padding": renamed})
    [note] = told["notes"]
    assert note.startswith(
        "same_padding(kernel_size, dilation=1) is asked for, yours is same_padding(k, d=1)."
    )
    assert told["score"] == 82


def test_tests_that_fail_for_one_reason_are_told_once(working_copy, tmp_path):
    source = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")
    working_copy(
        **{
            "same-padding": source.answers["same-padding"].replace(
                "return beyond", "1 / 0; return beyond"
            )
        }
    )
    done = check(tmp_path / "mine", "01", "1.2")
    assert done.stdout.count("ZeroDivisionError: division by zero") == 1
    assert " more like it" in done.stdout, done.stdout


def test_an_archive_without_its_untouched_copy_says_what_to_do(unpacked, tmp_path):
    folder = shutil.copytree(unpacked, tmp_path / "mine")
    shutil.rmtree(folder / "untouched")
    done = check(folder, "01")
    assert done.returncode == 2
    assert "Unpack the course's archive again" in done.stderr


def test_a_self_learners_check_does_not_take_their_notebook_for_the_release(course, submit):
    """In the whole repository the notebook in assignments/ is the one that is worked in."""
    path = course.releases / PART / f"{PART}.ipynb"
    content = json.loads(path.read_text())
    for cell in content["cells"]:
        if cell["id"] in submit.source.answers:
            cell["source"] = submit.source.answers[cell["id"]]
    content["cells"] = [c for c in content["cells"] if c["id"] != "test-same-padding"]
    path.write_text(json.dumps(content))
    result = check_notebook("01", generate=generated)
    assert result.passed and result.hidden
