"""Which file of a submission is the notebook, and what is said where there is none."""

import json

import pytest

from course_utils.judging import handed_in
from course_utils.judging.handed_in import beside, files_of, find
from course_utils.judging.parse import Unreadable

pytestmark = pytest.mark.unit

NAME = "07_part"


def notebook(text="x = 1", grade_id="answer"):
    cell = {"cell_type": "code", "source": text, "outputs": [], "execution_count": None,
            "metadata": {"nbgrader": {"grade_id": grade_id}}}  # fmt: skip
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})


@pytest.fixture
def hand_in(tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("files", "path", "note"),
    [
        ({f"{NAME}.ipynb": "a"}, f"{NAME}.ipynb", ""),
        ({f"{NAME}.ipynb": "a", "other.ipynb": "b"}, f"{NAME}.ipynb", ""),
        ({"homework.ipynb": "a", "._homework.ipynb": "\0"}, "homework.ipynb", "was called homework.ipynb"),
        ({"__MACOSX/x.ipynb": "b", "my work.ipynb": "a"}, "my work.ipynb", "was called my work.ipynb"),
        ({f"sub/{NAME}.ipynb": "a"}, f"sub/{NAME}.ipynb", "a folder of its own: sub/"),
        ({f"sub/{NAME}.ipynb": "a", "sub/notes.ipynb": "b"}, f"sub/{NAME}.ipynb", "a folder of its own"),
        ({"a/b/hw.ipynb": "a"}, "a/b/hw.ipynb", "was called a/b/hw.ipynb"),
        ({"sub/old.ipynb": "b", "hw.ipynb": "a"}, "hw.ipynb", "was called hw.ipynb"),
        ({f"{NAME}.ipynb.json": "a"}, f"{NAME}.ipynb.json", "was called 07_part.ipynb.json"),
        ({f"{NAME}.ipynb.txt": "a"}, f"{NAME}.ipynb.txt", "was called 07_part.ipynb.txt"),
        ({"HW.IPYNB": "a"}, "HW.IPYNB", "was called HW.IPYNB"),
        ({"hw.ipynb": "a", "hw (1).ipynb": "a"}, "hw (1).ipynb", "was called hw (1).ipynb"),
    ],
    ids=["expected", "beside-another", "appledouble", "macosx", "nested", "nested-with-notes", "deep",
         "top-first", "json", "txt", "capitals", "same-twice"],
)  # fmt: skip
def test_the_notebook_is_found(hand_in, files, path, note):
    folder = hand_in(**{name: notebook(text) for name, text in files.items()})
    found = find(folder, NAME, frozenset({"answer"}))
    assert found.path == folder / path
    assert found.notebook.cells[0].source == files[path]
    assert note in " ".join(found.notes) and bool(found.notes) == bool(note)


def test_of_several_the_one_of_this_assignment_is_meant(hand_in):
    folder = hand_in(**{"a.ipynb": notebook("mine"), "b.ipynb": notebook("no", "another-cell"),
                        "c.ipynb": "not a notebook"})  # fmt: skip
    assert find(folder, NAME, frozenset({"answer"})).path.name == "a.ipynb"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "there is no notebook 07_part.ipynb; the folder is empty"),
        ({"hw.zip": "PK"}, "there is an archive, which has to be unpacked first: hw.zip"),
        ({"report.pdf": "%PDF", "x.py": "1"}, "there is: report.pdf, x.py"),
        ({"._x.ipynb": "\0"}, "the folder is empty"),
        ({"a.ipynb": notebook("1"), "b.ipynb": notebook("2")}, "which of 2 others is meant: a.ipynb, b.ipynb"),
        ({f"{NAME}.ipynb": ""}, "the file is empty"),
        ({f"{NAME}.ipynb": "[1]"}, "not a notebook"),
    ],
    ids=["nothing", "zip", "others", "appledouble", "unclear", "empty", "json"],
)  # fmt: skip
def test_where_there_is_none_it_says_what_there_is(hand_in, files, said):
    with pytest.raises(Unreadable, match=said.replace("(", r"\(")):
        find(hand_in(**files), NAME, frozenset({"answer"}))


def test_what_programs_leave_behind_is_no_file_of_a_student(hand_in):
    folder = hand_in(**{"a.txt": "", "._a.txt": "", ".DS_Store": "", "__pycache__/a.pyc": "",
                        ".ipynb_checkpoints/a.ipynb": "", "helper.py": ""})  # fmt: skip
    assert [p.name for p in files_of(folder)] == ["a.txt", "helper.py"]


def test_other_notebooks_beside_it_are_found(hand_in):
    folder = hand_in(**{f"{NAME}.ipynb": notebook(), f"{NAME}-Copy1.ipynb": notebook(), "x.py": ""})
    assert [p.name for p in beside(folder, folder / f"{NAME}.ipynb")] == [f"{NAME}-Copy1.ipynb"]


def test_a_file_that_is_too_large_costs_none_of_the_others(hand_in, monkeypatch):
    monkeypatch.setattr(handed_in, "MAX_BYTES", 100)
    folder = hand_in(
        **{"a.bin": "x" * 40, "b.bin": "x" * 101, "c.bin": "x" * 50, "d.bin": "x" * 11}
    )
    assert [p.name for p in files_of(folder)] == ["a.bin", "c.bin"]
