"""Executed lectures are kept, and run anew when something that they depend on has changed."""

import nbformat
import pytest

from course_utils.authoring import executed as module
from course_utils.course.folders import Course

pytestmark = pytest.mark.unit


@pytest.fixture
def lecture(tmp_path, monkeypatch):
    """A lecture in a course of its own, and a list of the times that it was run."""
    for folder in ("lectures", "assignments", "library/room"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("constraints.txt", "library/room/code.py", "library/room/code.js"):
        (tmp_path / name).write_text("first")
    path = tmp_path / "lectures" / "01_one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")]), path)
    runs = []

    def run(path):
        runs.append(path)
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.run = len(runs)
        return notebook

    monkeypatch.setattr(module, "_run", run)
    monkeypatch.setattr(module, "LIBRARY", tmp_path / "library")
    monkeypatch.delenv("COURSE_FAST", raising=False)
    return path, runs


def read(path):
    return module.executed(Course(path.parents[1]), path)


def kept(path):
    return sorted((path.parents[1] / "build" / "executed").glob("*.ipynb"))


def test_a_lecture_is_run_once(lecture):
    path, runs = lecture
    assert read(path) == read(path)
    assert runs == [path]


def edit(name, text):
    return lambda root, monkeypatch: (root / name).write_text(text)


@pytest.mark.parametrize(
    "change",
    [
        lambda root, monkeypatch: nbformat.write(nbformat.v4.new_notebook(), root / "lectures/01_one.ipynb"),
        edit("library/room/code.py", "second"),
        edit("library/room/code.js", "second"),
        edit("library/new.css", ""),
        edit("constraints.txt", "second"),
        lambda root, monkeypatch: monkeypatch.setenv("COURSE_FAST", "1"),
        lambda root, monkeypatch: monkeypatch.setattr(module.platform, "python_version", lambda: "2.7"),
    ],
    ids=["source", "Python", "JavaScript", "a new file", "versions", "COURSE_FAST", "another Python"],
)  # fmt: skip
def test_a_change_runs_it_anew_and_the_older_file_goes(lecture, monkeypatch, change):
    path, runs = lecture
    read(path)
    before = kept(path)
    change(path.parents[1], monkeypatch)
    assert read(path).metadata.run == 2
    assert len(kept(path)) == 1 and kept(path) != before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}'], ids=repr)
def test_a_broken_file_is_made_anew(lecture, text):
    path, runs = lecture
    read(path)
    kept(path)[0].write_text(text)
    assert read(path).metadata.run == 2
    assert read(path).metadata.run == 2


def test_a_neighbour_and_what_it_kept_stay(lecture):
    path, runs = lecture
    other = path.with_name("02_two.ipynb")
    other.write_bytes(path.read_bytes())
    read(path), read(other), read(path)
    assert runs == [path, other]
