"""The students' package: the archive's library and nothing else; a fetched folder runs its tests with it."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes

import nbformat
import pytest
from conftest import ROOT

from course_utils.authoring import package
from course_utils.authoring.archive import files_for_students
from course_utils.cli import group
from course_utils.course.folders import Course, CourseError
from course_utils.course.source import read_source

COURSE = Course.find(ROOT)
# Of the modules that the library imports, those that another package's name stands for.
CALLED = {"IPython": "ipython", "markdown_it": "markdown-it-py"}
# What is asked for only where it is there: the server of a notebook, and a test of the explorers' scripts.
WHERE_THERE = {"jupyter_server", "py_mini_racer", "urllib3"}
MOST = 3_000_000  # bytes
PARTS = "01_shapes_and_parameters", "02_conv_pool_backprop", "06_architectures"
LAST = {PARTS[2]: "6.2"}  # exercise, of a part that takes long


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return package.build(COURSE, tmp_path_factory.mktemp("dist"))


def inside(wheel, pattern):
    with zipfile.ZipFile(wheel) as file:
        return {n: file.read(n) for n in file.namelist() if re.match(pattern, n)}


@pytest.mark.grading
def test_it_holds_the_archives_library_byte_for_byte_and_nothing_else(wheel):
    archive = files_for_students(COURSE)
    library = {k: v for k, v in archive.items() if k.startswith("course_utils/")}
    assert inside(wheel, "course_utils/") == library
    others = set(inside(wheel, "")) - set(library)
    assert {name.split("/")[0] for name in others} == {"convnet_course_student-1.0.0.dist-info"}
    assert not [n for n in library if re.search("authoring/|grading/|instructor|term.py", n)]
    kinds = {".js", ".css", ".json", ".safetensors"}
    assert kinds <= {os.path.splitext(name)[1] for name in library}
    assert wheel.stat().st_size < MOST


@pytest.mark.grading
def test_the_same_content_gives_the_same_bytes(wheel, tmp_path):
    umask = os.umask(0o077)
    try:
        again = package.build(COURSE, tmp_path)
    finally:
        os.umask(umask)
    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.grading
def test_its_metadata_ask_for_what_the_library_imports_and_for_no_version(wheel):
    [text] = inside(wheel, r".*/METADATA").values()
    told = message_from_bytes(text)
    assert (told["Name"], told["Version"]) == ("convnet-course-student", "1.0.0")
    asked = told.get_all("Requires-Dist")
    extra = {a.partition(";")[0].strip() for a in asked if "extra ==" in a}
    plain = {a for a in asked if "extra ==" not in a}
    assert extra == {"safetensors", "torch"} and not plain & package.NOT_ASKED
    assert all(re.fullmatch(r"[\w-]+", name) for name in plain)
    imported = set()
    for source in inside(wheel, r"course_utils/.*\.py").values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                imported.add(node.module.partition(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - {"course_utils"} - WHERE_THERE
    assert {CALLED.get(name, name) for name in foreign} <= plain | extra


@pytest.mark.grading
def test_a_data_file_that_would_not_be_packed_is_named(monkeypatch, tmp_path):
    told = package.settings(COURSE)
    told["tool"]["setuptools"]["package-data"] = {"*": ["*.js"]}
    monkeypatch.setattr(package, "settings", lambda course: told)
    with pytest.raises(CourseError, match=r"differ in course_utils/.*package-data"):
        package.build(COURSE, tmp_path)


@pytest.mark.unit
def test_two_copies_in_one_environment_are_refused(tmp_path, monkeypatch):
    for name in ("convnet-course", "convnet-course-student"):
        folder = tmp_path / f"{name.replace('-', '_')}-1.0.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(group.click.UsageError, match="uninstall -y convnet-course-student"):
        group.refuse_two_copies()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The environment in which Python finds the package's library, and not the repository's."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder, [n for n in file.namelist() if n.startswith("course_utils/")])
    unset = "COURSE_ROOT", "COURSE_GRADING"
    kept = {name: value for name, value in os.environ.items() if name not in unset}
    return kept | {"PYTHONPATH": str(folder)}


@pytest.fixture
def fetched(tmp_path):
    """Make the folder of one part, as it is fetched, with the solution's answers and changes to them."""

    def made(part, **changes):
        folder = shutil.copytree(ROOT / "assignments" / part, tmp_path / part)
        answers = read_source(COURSE.source_notebook(part)).answers | changes
        path = folder / f"{part}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        if part in LAST:
            last = read_source(COURSE.source_notebook(part)).exercises[LAST[part]][-1].id
            end = [cell.id for cell in notebook.cells].index(last)
            del notebook.cells[end + 1 :]
        nbformat.write(notebook, path)
        return path

    return made


EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
code = "import course_utils; print(course_utils.__file__)"
notebook.cells.append(nbformat.v4.new_code_cell(code, id="where"))
NotebookClient(notebook, timeout=600).execute()
nbformat.write(notebook, sys.argv[1])
"""


def executed(path, environment):
    """Run a notebook in its folder, and return cell → text of its outputs."""
    command = [sys.executable, "-c", EXECUTE, path.name]
    subprocess.run(command, cwd=path.parent, env=environment, check=True, capture_output=True)
    cells = nbformat.read(path, as_version=4).cells
    said = {
        cell.id: "".join(o.get("text", "") or o.get("evalue", "") for o in cell.outputs)
        for cell in cells
        if cell.cell_type == "code"
    }
    assert said.pop("where").startswith(environment["PYTHONPATH"])
    return {name: text for name, text in said.items() if name.startswith("test-")}


@pytest.mark.notebooks
@pytest.mark.parametrize(
    "part", [*PARTS[:2], pytest.param(PARTS[2], marks=pytest.mark.torch)], ids=lambda part: part[:2]
)
def test_a_fetched_folder_alone_passes_its_visible_tests(part, fetched, installed):
    said = executed(fetched(part), installed)
    assert len(said) > 5
    assert [name for name, text in said.items() if not re.match(r"(passed|set): \d+ ", text)] == []


WRONG = (
    "def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):\n"
    "    return (size - kernel_size) // stride + 1\n"
)


@pytest.mark.notebooks
@pytest.mark.parametrize("beside", [True, False], ids=["looks_like.json", "the notebook alone"])
def test_a_wrong_answer_is_named_where_its_digests_are(beside, fetched, installed):
    path = fetched(PARTS[0], **{"conv-output-size": WRONG})
    if not beside:
        (path.parent / "looks_like.json").unlink()
    said = executed(path, installed)["test-conv-output-size-padding"]
    assert said.startswith("wrong value\n  call:       conv_output_size(32, 5, padding=2)")
    assert ("looks like: the padding is ignored" in said) is beside
    command = [sys.executable, "-m", "course_utils.cli", "check", "01", "1.1", "--json"]
    done = subprocess.run(
        command, cwd=path.parent, env=installed, capture_output=True, text=True, check=False
    )
    assert (done.returncode, json.loads(done.stdout)["score"]) == (1, 4), done.stderr
    assert ("looks like: the padding is ignored" in done.stdout) is beside


@pytest.mark.notebooks
def test_doctor_asks_for_no_server_and_no_browser_of_a_student_elsewhere(installed, tmp_path):
    command = [sys.executable, "-m", "course_utils.cli", "doctor", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=installed, capture_output=True, text=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stdout + done.stderr
    assert not {"jupyterlab", "chromium", "grading"} & {f["what"] for f in found}
    assert "make" not in " ".join(f["said"] for f in found)
