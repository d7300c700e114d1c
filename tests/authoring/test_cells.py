"""Test cells keep the rules of docs/test-cells.md: a student reads the visible part in fifteen seconds."""

import ast
import json
import statistics

import pytest
from conftest import ROOT

from course_utils.course.folders import Course
from course_utils.course.source import HIDDEN, read_source

pytestmark = pytest.mark.unit

COURSE = Course.find(ROOT)
SOURCES = {name: read_source(COURSE.source_notebook(name)) for name in COURSE.assignments}
TESTS = [test for source in SOURCES.values() for test in source.tests.values()]
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
MOST_LINES, MEDIAN, COLUMNS = 25, 12, 88


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.id)
def test_a_visible_part_is_short_and_defines_nothing(test):
    visible = test.visible.rstrip().splitlines()
    assert len(visible) <= MOST_LINES
    assert max(map(len, visible)) <= COLUMNS
    tree = ast.parse(test.visible)
    assert not [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.id)
def test_a_hidden_part_says_first_what_it_adds(test):
    for block in HIDDEN.findall(test.source):
        assert block.splitlines()[1].startswith("# Hidden: ")


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_visible_parts_are_short_on_the_whole(source):
    lengths = [len(test.visible.rstrip().splitlines()) for test in source.tests.values()]
    assert statistics.median(lengths) <= MEDIAN


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_no_sentence_of_a_misconception_stands_in_a_visible_part(source):
    """What a student would read before trying would give the mistake away."""
    folder = COURSE.releases / source.name
    sentences = json.loads((folder / "looks_like.json").read_text())["sentences"]
    for test in source.tests.values():
        assert not [sentence for sentence in sentences if sentence in test.visible], test.id
