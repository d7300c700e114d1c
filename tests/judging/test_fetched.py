"""`course check` on a notebook alone: what was handed out is told from the notebook itself."""

import json
import shutil

import nbformat
import pytest
from click.testing import CliRunner
from conftest import PART, ROOT
from nbgrader.utils import compute_checksum

from course_utils.cli import main
from course_utils.course.checksum import checksum, is_as_handed_out
from course_utils.course.source import read_source

pytestmark = pytest.mark.grading
RELEASES = sorted(ROOT.glob("assignments/*/*.ipynb"))
SOURCE = read_source(ROOT / "solutions" / PART / f"{PART}.ipynb")


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_the_checksum_is_nbgraders(path):
    cells = [c for c in nbformat.read(path, as_version=4).cells if "nbgrader" in c.metadata]
    assert [checksum(c) for c in cells] == [compute_checksum(c) for c in cells]
    assert all(map(is_as_handed_out, cells)) and len(cells) > 10


@pytest.fixture
def fetched(tmp_path, monkeypatch):
    """A folder with one fetched assignment, and a function that types answers in and checks them."""
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "assignments" / PART, tmp_path / PART)
    path = tmp_path / PART / f"{PART}.ipynb"

    def check(*arguments, part="01", answers=SOURCE.answers, **changes):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = (answers | changes).get(cell.id, cell.source)
        nbformat.write(notebook, path)
        result = CliRunner().invoke(main, ["check", part, *arguments, "--json"])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return json.loads(result.stdout) if result.stdout else result.stderr

    return check


def test_right_answers_get_the_points_that_visible_tests_give(fetched):
    told = fetched()
    assert (told["score"], told["undecided"], told["of"]) == (82, 8, 90)
    [note] = told["notes"]
    assert note.startswith("There is no untouched copy here")


def test_a_blank_notebook_is_blank(fetched):
    told = fetched(answers={})
    assert told["score"] == told["undecided"] == 0 and told["written_words"] == {"1.9": 0}
    assert all("is not written yet" in t["message"] for t in told["tests"][:3])


def test_a_wrong_answer_is_named(fetched):
    plain = "def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):"
    told = fetched(
        "1.1", **{"conv-output-size": f"{plain}\n    return (size - kernel_size) // stride + 1"}
    )
    assert told["score"] == 4
    assert "looks like: the padding is ignored" in told["tests"][1]["message"]


@pytest.mark.parametrize("part", ["1", PART, f"{PART}/{PART}.ipynb"])
def test_the_notebook_is_found(fetched, part):
    assert fetched("1.2", part=part)["score"] == 8


def test_it_is_found_in_its_own_folder(fetched, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / PART)
    assert fetched("1.2")["score"] == 8
    assert fetched("1.2", part=f"{PART}.ipynb")["score"] == 8


def test_without_looks_like_a_wrong_answer_has_no_name_and_that_is_said(fetched, tmp_path):
    (tmp_path / PART / "looks_like.json").unlink()
    told = fetched("1.2", **{"same-padding": "def same_padding(k, dilation=1):\n    return k"})
    assert (
        told["notes"][-1]
        == "looks_like.json is not beside the notebook: no misconception is named."
    )
    assert told["score"] == 0 and "looks like" not in json.dumps(told["tests"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def same_padding(kernel_size, dilation=1:\n    return 0", "SyntaxError on line 1"),
        ("def same_paddings(kernel_size, dilation=1):\n    return 0", "calls it same_paddings"),
        ("", "is empty"),
    ],
    ids=["syntax", "misspelt", "emptied"],
)
def test_an_answer_that_defines_nothing_costs_its_exercise_alone(fetched, code, said):
    told = fetched(**{"same-padding": code})
    failed = [t for t in told["tests"] if not t["passed"]]
    assert {t["exercise"] for t in failed} == {"1.2"}
    assert all(said in t["message"] for t in failed)


def test_a_changed_test_is_left_out_and_named(fetched):
    told = fetched(**{"test-same-padding-even": "# 1.2 Mine (50 points)"})
    assert told["of"] == 88
    assert "left out: test-same-padding-even. Fetch the assignment again" in told["notes"][1]


def test_an_untouched_copy_is_used_where_there_is_one(fetched, tmp_path):
    shutil.copytree(ROOT / "assignments" / PART, tmp_path / "untouched" / PART)
    told = fetched(**{"test-same-padding-even": "# 1.2 Mine (50 points)"})
    assert told["of"] == 90
    assert told["notes"] == [
        "Changed, and put back as they were handed out: test-same-padding-even."
    ]


def test_a_notebook_without_marks_says_what_to_do(fetched, tmp_path):
    path = tmp_path / PART / f"{PART}.ipynb"
    content = json.loads(path.read_text())
    for cell in content["cells"]:
        cell["metadata"] = {}
    path.write_text(json.dumps(content))
    said = fetched()
    assert "no cell carries what nbgrader marks it with. Fetch the assignment again" in said
    assert str(tmp_path / "untouched" / PART / f"{PART}.ipynb") in said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("07", "no course here, and no notebook 07_….ipynb"),
        ("nowhere.ipynb", "there is no notebook"),
    ],
)
def test_what_is_not_there_is_named_with_the_next_step(fetched, part, said):
    assert said in fetched(part=part)
