"""`docs/claims.md` against the notebooks: every claim, its cell, its exercise, its right value."""

import re

import nbformat
import pytest
from conftest import ROOT

from course_utils.arithmetic import totals, trace
from course_utils.authoring.executed import executed
from course_utils.course.folders import Course
from course_utils.networks import ALEXNET, ALEXNET_GROUPED, ALEXNET_LRN_AFTER_POOL, VGG

LINES = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8").splitlines()
HEAD, _, *ROWS = [
    [part.strip() for part in line.strip("|").split(" | ")] for line in LINES if line[:1] == "|"
]
CLAIMS = [
    "93 MB", "FFT", "LeNet-5 is of", "224 × 224", "2.7K", "5 million", "weight decay", "top-5", "small filters",
    "transposed", "253,440", "pool, normalise", "in K", "whatever fits", "hyperparameters", "62 million",
    "61 706",
]  # fmt: skip
"""Words of each claim that the course has to check, in the order of the table."""
TO_COME = "to come"
BY_CLAIM = pytest.mark.parametrize("row", ROWS, ids=CLAIMS)
LECTURES = {path.name[:2]: path for path in (ROOT / "lectures").glob("*.ipynb")}
SOURCES = {path.name[:2]: path for path in (ROOT / "solutions").glob("*/*.ipynb")}


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


def plain(text):
    """As it is compared: without the marks of groups of three digits, of formulas and of true minus signs."""
    text = re.sub(r"(?<=\d)[\u00a0 ,](?=\d{3}\b)", "", text)
    return re.sub(r"[$*\u00a0 ]", "", text.replace("−", "-").replace("²", "^2"))


@pytest.mark.unit
def test_every_claim_has_one_row():
    assert HEAD == ["as it is printed", "part", "lecture cell", "exercise", "right"]
    assert len(ROWS) == len(CLAIMS)
    for words, row in zip(CLAIMS, ROWS, strict=True):
        assert len(row) == 5 and all(row) and words in row[0]


@pytest.mark.unit
@BY_CLAIM
def test_its_cell_and_its_exercise_are_there(row):
    _, part, cell, exercise, right = row
    if cell == TO_COME:
        assert exercise == TO_COME and part not in LECTURES, (
            f"part {part} is there: fill its row in"
        )
        return
    name = re.fullmatch(r"`([\w-]+)`", cell)[1]
    cells = cells_of(LECTURES[part])
    assert name in [c.id for c in cells]
    values = re.findall(r"`([^`]+)`", right)
    assert values, "the right value in `code`"
    if exercise != "–":
        number = exercise.partition(".")[0].zfill(2)
        headings = "\n".join(
            c.source for c in cells_of(SOURCES[number]) if c.cell_type == "markdown"
        )
        assert re.search(rf"^## {re.escape(exercise)} ", headings, re.MULTILINE), exercise


def words_around(cells, name):
    """A cell, what it puts out, and the cell after it."""
    at = [c.id for c in cells].index(name)
    parts = [cells[at].source, *(c.source for c in cells[at + 1 : at + 2])]
    for output in cells[at].get("outputs", []):
        parts.append(output.get("text", "") + str(output.get("data", {}).get("text/plain", "")))
    return plain("\n".join(parts))


@pytest.mark.notebooks
@BY_CLAIM
def test_the_right_value_stands_where_it_is_said(row, monkeypatch):
    _, part, cell, _, right = row
    if cell == TO_COME:
        return
    if part == "01":
        monkeypatch.setenv("COURSE_FAST", "1")
        cells = executed(Course.find(ROOT), LECTURES[part]).cells
    else:
        cells = cells_of(LECTURES[part])  # these say it in words too, and take minutes to run
    found = words_around(cells, cell.strip("`"))
    for value in re.findall(r"`([^`]+)`", right):
        assert plain(value) in found, value


@pytest.mark.unit
def test_the_counts_of_the_table_are_those_of_the_library():
    rights = " ".join(row[4] for row in ROWS)
    shape = (3, 227, 227)
    grouped, whole = (totals(trace(network, shape)) for network in (ALEXNET_GROUPED, ALEXNET))
    counts = [
        *(totals(trace(VGG["D"], (3, 224, 224))).activations, grouped.parameters, whole.parameters),
        *(whole.activations, totals(trace(ALEXNET_LRN_AFTER_POOL, shape)).activations),
        *(55 * 55 * 96, 55 * 48 * 96),
    ]
    for count in counts:
        assert f"{count:,}".replace(",", " ") in rights, count
    assert [round(n.multiply_adds / 1e6) for n in (grouped, whole)] == [724, 1135]
    for inputs, one, reduce3, three, reduce5, five, pool, thousands in (
        (512, 128, 128, 256, 24, 64, 64, "497.5 K"),  # 4c
        (832, 256, 160, 320, 32, 128, 128, "1018 K"),  # 5a
    ):
        weights = (
            inputs * (one + reduce3 + reduce5 + pool) + 9 * reduce3 * three + 25 * reduce5 * five
        )
        assert f"{weights / 1024:.1f} K".replace(".0", "") == thousands and thousands in rights
