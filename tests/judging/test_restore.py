"""Putting a notebook right: nothing that is put back takes away what the notebook defined or said."""

import json

import nbformat
import pytest
from conftest import PART, ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell

from course_utils.authoring.verify import with_answers
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.course.source import names
from course_utils.judging.parse import parse
from course_utils.judging.restore import restore

pytestmark = pytest.mark.unit

MANUAL = "pooling-and-costs"
TEXT = "An average smears a feature over its window."


@pytest.fixture(scope="module")
def part():
    return load(Course(ROOT), PART)


@pytest.fixture
def notebook(part):
    """A notebook with every answer but the written one."""
    source, release = part
    return with_answers(release, source.answers)


def put_right(notebook, part):
    return restore(parse(nbformat.writes(notebook).encode()), *part)


def at(notebook, name):
    return next(i for i, c in enumerate(notebook.cells) if c.id == name)


def order(restored, *wanted):
    ids = [c.id for c in restored.notebook.cells]
    return [ids.index(name) for name in wanted]


# -- answers in other places -----------------------------------------------------------------------
def test_an_answer_merged_into_another_cell_is_not_redefined_by_the_blank_put_back(notebook, part):
    merged, gone = at(notebook, "conv-output-size"), at(notebook, "same-padding")
    notebook.cells[merged].source += "\n\n" + notebook.cells[gone].source
    del notebook.cells[gone]
    restored = put_right(notebook, part)
    blank, definer = order(restored, "same-padding", "conv-output-size")
    assert blank < definer
    tests = order(restored, *part[0].tests_of("same-padding"))
    assert all(place > definer for place in tests)


def test_a_blank_that_was_left_standing_does_not_redefine_an_answer_below_it(notebook, part):
    place = at(notebook, "same-padding")
    mine = new_code_cell(notebook.cells[place].source)
    notebook.cells[place].source = part[1].cells[place].source
    notebook.cells.append(mine)
    restored = put_right(notebook, part)
    [own] = [c.id for c in restored.notebook.cells if c.id.startswith("own-")]
    blank, definer, *tests = order(restored, "same-padding", own, *part[0].tests_of("same-padding"))
    assert blank < definer < min(tests)


def test_a_test_of_another_answer_waits_too_for_what_it_asks_of_an_answer_at_the_end():
    part = load(Course(ROOT), "02_conv_pool_backprop")
    notebook = with_answers(part[1], part[0].answers)
    place = at(notebook, "relu-forward")
    notebook.cells.append(new_code_cell(notebook.cells[place].source))
    notebook.cells[place].source = part[1].cells[place].source
    restored = put_right(notebook, part)
    [own] = [c.id for c in restored.notebook.cells if c.id.startswith("own-")]
    definer, *tests = order(restored, own, *part[0].tests_of("relu-backward"))
    assert tests and definer < min(tests)
    others = order(restored, *part[0].tests_of("maxpool2d-backward"))
    assert max(others) < definer  # they ask nothing of it


def test_a_test_waits_for_what_its_answer_calls(notebook, part):
    place = at(notebook, "conv-parameters")
    notebook.cells.append(new_code_cell(notebook.cells[place].source))
    notebook.cells[place].source = part[1].cells[place].source
    caller = notebook.cells[at(notebook, "conv-multiply-adds")]
    caller.source = "def conv_multiply_adds(*a):\n    return conv_parameters(*a)"
    restored = put_right(notebook, part)
    [own] = [c.id for c in restored.notebook.cells if c.id.startswith("own-")]
    definer, *tests = order(restored, own, *part[0].tests_of("conv-multiply-adds"))
    assert definer < min(tests)


def test_an_answer_that_imports_its_function_counts_as_defining_it(notebook, part):
    place = at(notebook, "same-padding")
    notebook.cells[place].source = part[1].cells[place].source
    notebook.cells.insert(place, new_code_cell("from helper import same_padding"))
    restored = put_right(notebook, part)
    blank, own = order(restored, "same-padding", "own-1")
    assert blank < own


def test_of_two_copies_of_an_answer_the_one_that_is_filled_in_is_the_answer(notebook, part):
    place = at(notebook, "same-padding")
    copy = nbformat.from_dict(json.loads(json.dumps(notebook.cells[place])))
    copy.id = "copied"
    notebook.cells[place].source = part[1].cells[place].source
    notebook.cells.insert(place + 1, copy)
    restored = put_right(notebook, part)
    assert "same-padding" not in restored.blank
    [answer] = [c for c in restored.notebook.cells if c.id == "same-padding"]
    assert answer.source == part[0].answers["same-padding"]


@pytest.mark.parametrize("change", [lambda s: s + "\n\n", lambda s: s.replace("\n", "  \n")])
def test_spaces_and_blank_lines_make_no_answer_of_a_blank(part, change):
    notebook = with_answers(part[1], {})
    for cell in notebook.cells:
        cell.source = change(cell.source)
    restored = put_right(notebook, part)
    assert restored.blank == set(part[0].answers) | set(part[0].manual)
    assert restored.notes == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(): pass\nx = 1", {"f", "x"}),
        ("%timeit f(1)\ndef f(n):\n    return n", {"f"}),
        ("def f(n:\n    return n", {"f"}),
        ("if True:\n    def f(): pass\nelse:\n    g = 1", {"f", "g"}),
        ("try:\n    x = 1\nexcept ValueError:\n    y = 2", {"x", "y"}),
        ("from helper import f as g\nimport a.b", {"g", "a"}),
        ("x == 1", set()),
        ("def f(n):\n    inner = n\n    return n = 1", {"f"}),
    ],
    ids=["plain", "magic", "mistake", "if", "try", "imports", "comparison", "inside"],
)
def test_names_that_a_cell_binds(code, found):
    assert set(names(code, imports=True)) == found


# -- written answers -------------------------------------------------------------------------------
def written_below(notebook):
    notebook.cells.insert(at(notebook, MANUAL) + 1, new_markdown_cell(TEXT))


def written_above(notebook):
    notebook.cells.insert(at(notebook, MANUAL), new_markdown_cell(TEXT))


def split(notebook):
    written_below(notebook)
    notebook.cells.append(new_markdown_cell("And a second thought."))


def lost_metadata(notebook):
    notebook.cells[at(notebook, MANUAL)] = new_markdown_cell(TEXT)


def retyped(notebook):
    place = at(notebook, MANUAL)
    marks = notebook.cells[place].metadata
    notebook.cells[place] = new_code_cell(TEXT, metadata=marks)


def retyped_without_metadata(notebook):
    notebook.cells[at(notebook, MANUAL)] = new_code_cell(TEXT)


def as_a_comment(notebook):
    notebook.cells.append(new_code_cell(f"# {TEXT}"))


def in_another_script(notebook):
    notebook.cells.append(new_code_cell("平均池化会模糊特征"))


def raw(notebook):
    notebook.cells.append(nbformat.v4.new_raw_cell(TEXT))


def in_the_prompt(notebook):
    notebook.cells[at(notebook, "pooling-and-costs-prompt")].source += f"\n\n{TEXT}"


def second_copy(notebook):
    copy = nbformat.from_dict(json.loads(json.dumps(notebook.cells[at(notebook, MANUAL)])))
    copy.source, copy.id = TEXT, "copied"
    notebook.cells.append(copy)


def far_away(notebook):
    notebook.cells.insert(0, new_markdown_cell(TEXT))


PLACES = [
    written_below, written_above, split, lost_metadata, retyped, retyped_without_metadata, as_a_comment,
    in_another_script, raw, in_the_prompt, second_copy, far_away,
]  # fmt: skip


@pytest.mark.parametrize("write", PLACES, ids=lambda f: f.__name__)
def test_a_written_answer_waits_for_a_person_wherever_it_stands(notebook, part, write):
    write(notebook)
    restored = put_right(notebook, part)
    assert MANUAL not in restored.blank
    [place] = [c for c in restored.notebook.cells if c.id == MANUAL]
    handed_out = next(c.source for c in part[1].cells if c.id == MANUAL)
    assert place.source != handed_out  # by its checksum nbgrader would take it for blank
    text = "\n".join(c.source for c in restored.notebook.cells)
    assert TEXT in text or "平均池化" in text


def test_the_parts_of_a_split_answer_come_together(notebook, part):
    split(notebook)
    restored = put_right(notebook, part)
    [place] = [c for c in restored.notebook.cells if c.id == MANUAL]
    assert TEXT in place.source and "second thought" in place.source
    assert [c for c in restored.notebook.cells if c.id.startswith("own-")] == []


@pytest.mark.parametrize(
    "change",
    [
        lambda nb: None,
        lambda nb: nb.cells.append(new_code_cell("x = 1\nx")),
        lambda nb: nb.cells.append(new_code_cell("%timeit sum([1])")),
        lambda nb: nb.cells.append(new_code_cell("def broken(:")),
        lambda nb: nb.cells.append(new_markdown_cell("  \n")),
        lambda nb: nb.cells.append(new_markdown_cell(nb.cells[at(nb, MANUAL)].source)),
        lambda nb: nb.cells[at(nb, MANUAL)].update(source=""),
        lambda nb: nb.cells.pop(at(nb, MANUAL)) and None,
    ],
    ids=["untouched", "code", "magic", "mistake", "spaces", "copied", "emptied", "deleted"],
)
def test_a_blank_written_answer_stays_blank(notebook, part, change):
    change(notebook)
    restored = put_right(notebook, part)
    assert MANUAL in restored.blank
    [place] = [c for c in restored.notebook.cells if c.id == MANUAL]
    assert place.source == next(c.source for c in part[1].cells if c.id == MANUAL)
