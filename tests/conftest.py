"""Shared fixtures: a course in a temporary folder, and tools that a bare machine may lack."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

pytest_plugins = ("published",)

ROOT = Path(__file__).resolve().parents[1]
PART = "01_shapes_and_parameters"


def need(tool: str, package: str) -> None:
    """Skip a test whose tool is missing; under COURSE_NEED_TOOLS (CI) fail instead."""
    if shutil.which(tool) is None:
        said = f"{tool} is missing: apt-get install {package}"
        if os.environ.get("COURSE_NEED_TOOLS"):
            pytest.fail(said)
        pytest.skip(said)


def pytest_collection_modifyitems(items):
    """Skip what needs PyTorch where it is not installed; under COURSE_NEED_TOOLS it runs, and fails."""
    if importlib.util.find_spec("torch") is None and not os.environ.get("COURSE_NEED_TOOLS"):
        skip = pytest.mark.skip(reason="needs PyTorch, which is not installed: make .venv/torch")
        for item in items:
            if item.get_closest_marker("torch"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def page(tmp_path_factory):
    """A page for explorers, in a browser that is started once."""
    from pages import browser

    profile, path = (tmp_path_factory.mktemp(name) for name in ("profile", "page"))
    with browser(profile, path / "page.html") as page:
        yield page


@pytest.fixture
def as_handed_in(tmp_path):
    """Copy a notebook to a folder with the files that are handed in with it, such as trained weights."""

    def copied(path):
        for folder in (path.parent, ROOT / "tests" / "bank" / path.stem / "beside"):
            if folder.is_dir():
                shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
        return tmp_path / path.name

    return copied


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of its own, with part 01 released into a new gradebook."""
    from course_utils.course.folders import Course

    monkeypatch.delenv("COURSE_GRADING", raising=False)
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("solutions", "assignments", "tests/bank"):
        shutil.copytree(ROOT / name, tmp_path / name)
    made = Course(tmp_path)
    _gradebook(made)
    monkeypatch.chdir(tmp_path)
    return made


def _gradebook(course, made={}):  # noqa: B006  (one gradebook is made per session, then copied)
    """Give a course a gradebook that knows part 01."""
    from course_utils.authoring.release import release
    from course_utils.grading.gradebook import Gradebook

    path = Gradebook.path_of(course)
    if "data" in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made["data"])
        return
    release(course, PART)
    made["data"] = path.read_bytes()


@pytest.fixture
def submit(course):
    """Hand in a notebook (or any bytes) for a student."""
    import nbformat

    from course_utils.authoring.verify import with_answers
    from course_utils.course.release import load

    source, release = load(course, PART)

    def hand_in(student, answers=None, data=None, name=f"{PART}.ipynb", **changes):
        folder = course.submitted / student / PART
        folder.mkdir(parents=True, exist_ok=True)
        if data is None:
            notebook = with_answers(release, source.answers if answers is None else answers)
            data = nbformat.writes(notebook).encode()
        (folder / name).write_bytes(data)
        return folder

    hand_in.source, hand_in.release = source, release
    return hand_in
