"""The committed form of a notebook: what editors leave in it goes, and cells have names."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring.canonical import canonical, main

pytestmark = pytest.mark.unit

UUID = "eda280b1-8748-4fa6-a22a-cf7a6e1cd56{}"


def cell(new, number, source, **marks):
    """Make a cell as JupyterLab leaves it."""
    made = new(source, id=UUID.format(number), metadata={"collapsed": True, "tags": ["t"]})
    if marks:
        made.metadata["nbgrader"] = {"schema_version": 3, "task": False, "solution": False} | marks
    return made


def as_left_by_jupyterlab():
    made = new_notebook(
        metadata={
            "language_info": {"name": "python", "version": "3.12.1"},
            "course": {"limits": {}},
        }
    )
    made.cells = [
        cell(new_markdown_cell, 0, "# 99 Toy: überlegen, dann *rechnen* und prüfen"),
        cell(new_markdown_cell, 1, "## 99.1 Area"),
        cell(new_code_cell, 2, "def area():  \n    pass\n\n", grade_id="area", solution=True, grade=False),
        cell(new_code_cell, 3, "# 99.1 Sides (2 points)", grade_id="test-area", grade=True, points=2),
        cell(new_markdown_cell, 4, "## 99.1 Area"),
        cell(new_code_cell, 5, "..."),
    ]  # fmt: skip
    made.cells[2].update(execution_count=4, outputs=[nbformat.v4.new_output("stream", text="hi")])
    return nbformat.writes(made)


def test_a_notebook_of_an_editors_gets_its_committed_form():
    made = nbformat.reads(canonical(as_left_by_jupyterlab()), as_version=4)
    assert [c.id for c in made.cells] == [
        "toy-uberlegen-dann-rechnen-und", "area-prompt", "area", "test-area", "area-2", "code",
    ]  # fmt: skip
    assert made.metadata.course == {"limits": {}}
    assert "version" not in made.metadata.language_info
    assert made.cells[2].source == "def area():\n    pass"
    assert (made.cells[2].outputs, made.cells[2].execution_count) == ([], None)
    assert made.cells[0].metadata == {"tags": ["t"]}


def test_it_changes_nothing_a_second_time():
    once = canonical(as_left_by_jupyterlab())
    assert canonical(once) == once


def test_names_that_are_there_stay():
    text = re.sub(UUID.format(0), "introduction", as_left_by_jupyterlab())
    assert nbformat.reads(canonical(text), as_version=4).cells[0].id == "introduction"


def test_two_cells_with_the_same_words_get_two_names():
    made = new_notebook(cells=[cell(new_markdown_cell, n, "Predict.") for n in range(3)])
    cells = nbformat.reads(canonical(nbformat.writes(made)), as_version=4).cells
    assert [c.id for c in cells] == ["predict", "predict-2", "predict-3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_folder_is_rewritten_once_and_says_what(tmp_path, capsys, encoding):
    path = tmp_path / "99_toy" / "99_toy.ipynb"
    path.parent.mkdir()
    path.write_text(as_left_by_jupyterlab(), encoding=encoding)
    main([str(tmp_path)])
    assert capsys.readouterr().out == f"rewritten: {path}\n"
    main([str(tmp_path)])
    assert capsys.readouterr().out == ""
