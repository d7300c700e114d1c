"""Committed notebooks: canonical form, fresh releases, lectures and solutions that run."""

import re
import subprocess
import sys

import nbformat
import pytest
from conftest import ROOT

from course_utils.authoring.canonical import NAME, canonical
from course_utils.authoring.executed import executed
from course_utils.authoring.release import generate, leaks
from course_utils.course.folders import Course
from course_utils.course.source import read_source
from course_utils.judging.selfcheck import what_to_reread

pytestmark = pytest.mark.notebooks

LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))
SOURCES = sorted((ROOT / "solutions").glob("*/*.ipynb"))
IDS = {"ids": lambda path: path.stem}


@pytest.mark.parametrize("path", LECTURES + SOURCES, **IDS)
def test_notebooks_are_canonical(path):
    text = path.read_text(encoding="utf-8")
    assert canonical(text) == text, "run `make fmt`"


@pytest.mark.parametrize("path", LECTURES + SOURCES, **IDS)
def test_cell_ids_are_names_and_grade_ids(path):
    cells = nbformat.read(path, as_version=4).cells
    assert all(NAME.fullmatch(cell.id) for cell in cells)
    assert len({cell.id for cell in cells}) == len(cells)
    marked = [c for c in cells if "nbgrader" in c.metadata]
    assert [c.id for c in marked] == [c.metadata.nbgrader.grade_id for c in marked]


@pytest.mark.parametrize("path", LECTURES, **IDS)
def test_lectures_run_from_top_to_bottom(path, monkeypatch):
    monkeypatch.setenv("COURSE_FAST", "1")
    notebook = executed(Course.find(ROOT), path)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs
    assert not [o.text for o in outputs if o.output_type == "stream" and o.name == "stderr"]


@pytest.mark.parametrize("path", LECTURES, **IDS)
def test_lectures_have_their_parts(path):
    text = "\n".join(
        c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown"
    )
    for heading in (
        "What you will do",
        "What you will learn",
        "Summary",
        "Exercises",
        "Further reading",
    ):
        assert re.search(rf"^#+ {heading}|\*\*{heading}", text, re.MULTILINE), heading
    assert len(re.findall(r"\bPredict", text)) >= 6
    assert "!" not in re.sub(r"!\[|`[^`]*`|\$[^$]*\$|<!--|!=", "", text), "no exclamation marks"


# The oldest processor that OpenBLAS and PyTorch know: sums are added up in another order there.
OLD = {"OPENBLAS_CORETYPE": "Prescott", "ATEN_CPU_CAPABILITY": "default"}


@pytest.mark.parametrize("processor", [{}, OLD], ids=["here", "old"])
@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_a_release_equals_a_fresh_one(path, processor, tmp_path, monkeypatch):
    for name, value in processor.items():
        monkeypatch.setenv(name, value)
    name = path.stem
    fresh = generate(Course.find(ROOT), name, tmp_path, database=False)
    folder = ROOT / "assignments" / name
    there = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()
             if ".ipynb_checkpoints" not in p.parts}  # fmt: skip
    assert there == fresh
    assert leaks(read_source(path), there) == []


@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_links_lead_somewhere(path):
    for folder in ("solutions", "assignments"):
        for cell in nbformat.read(ROOT / folder / path.stem / path.name, as_version=4).cells:
            for link in re.findall(
                r"\]\(([^)#]+?\.(?:ipynb|svg|png|md))(?:#[^)]*)?\)", cell.source
            ):
                assert (ROOT / folder / path.stem / link).is_file(), (cell.id, link)


def validate(path, monkeypatch):
    """Run a notebook in an ordinary kernel, by stock nbgrader; return what that says of tests and all cells."""
    monkeypatch.setenv("COURSE_FAST", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error::DeprecationWarning:__main__")
    command = [sys.executable, "-m", "nbgrader", "validate", "--Validator.validate_all=True", path]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_stock_nbgrader_validate_passes_the_solution(path, monkeypatch, as_handed_in):
    done = validate(as_handed_in(path), monkeypatch)
    assert "Success! Your notebook passes all the tests." in done.stdout, done.stdout + done.stderr


# One part without PyTorch and one with it: what a blank hears is the same in each.
@pytest.mark.parametrize("path", [SOURCES[0], SOURCES[-1]], **IDS)
def test_stock_nbgrader_validate_fails_the_blank_with_the_headline_first(
    path, monkeypatch, as_handed_in
):
    done = validate(as_handed_in(ROOT / "assignments" / path.stem / path.name), monkeypatch)
    assert "VALIDATION FAILED ON" in done.stdout
    assert "CheckFailed: " in done.stdout and "is not written yet" in done.stdout
    assert "course_utils/checks" not in done.stdout


@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_what_a_prompt_asks_to_reread_is_a_section_of_the_lecture(path):
    lecture = nbformat.read(ROOT / "lectures" / path.name, as_version=4)
    text = "\n".join(c.source for c in lecture.cells if c.cell_type == "markdown")
    sections = set(re.findall(r"^#+ (.+?) *$", text, re.MULTILINE))
    source = read_source(path)
    told = [
        line
        for cell in source.notebook.cells
        for line in cell.source.splitlines()
        if cell.cell_type == "markdown" and line.startswith("Reread ")
    ]
    for line in told:
        links = re.findall(rf"\[([^]]+)\]\(\.\./\.\./lectures/{path.name}#([^)]+)\)", line)
        assert links and {name for name, _ in links} <= sections, line
        assert all(anchor == name.replace(" ", "-") for name, anchor in links), line
    assert all(line.startswith("Reread ") for line in what_to_reread(source).values())


EXERCISE = re.compile(
    r"^\*\*(\d+) points? · (\d+) minutes[^·]* · difficulty [●○]{3}( · read by a person)?\*\*", re.M
)
ORDER = re.compile(r"^(\*\*Contract|\*\*By hand|Reread |<details>)", re.M)


def prompts(path):
    """Return the prompts of an assignment that give points, by cell."""
    cells = nbformat.read(path, as_version=4).cells
    return {
        c.id: c.source for c in cells if c.cell_type == "markdown" and EXERCISE.search(c.source)
    }


@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_prompts_have_one_order(path):
    """What is asked, its contract, a number by hand, where to read, and hints at last."""
    ranks = ["**Contract", "**By hand", "Reread ", "<details>"]
    for cell, text in prompts(path).items():
        found = [ranks.index(mark) for mark in ORDER.findall(text)]
        written = EXERCISE.search(text).group(3)
        several = found.count(1) > 1  # two functions, each with its contract and its number by hand
        assert found == sorted(found) or several, cell
        assert set(found) >= ({1, 2} if written else {0, 1, 2}), cell


@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_the_minutes_at_the_top_are_those_of_the_exercises(path):
    minutes = sum(int(EXERCISE.search(text).group(2)) for text in prompts(path).values())
    [cell] = [c for c in nbformat.read(path, as_version=4).cells if c.id == "how-to-work"]
    said = re.search(
        r"\*\*Time\.\*\* The minutes of all exercises add up to (\d+), or about (\d+) hours",
        cell.source,
    )
    assert said and (int(said[1]), int(said[2])) == (minutes, round(minutes / 60))


@pytest.mark.parametrize("path", SOURCES, **IDS)
def test_a_part_that_needs_pytorch_says_so_at_once(path):
    for notebook in (path, ROOT / "lectures" / path.name):
        cells = nbformat.read(notebook, as_version=4).cells
        needs = any(
            re.search(r"^(import|from) torch\b", c.source, re.M)
            for c in cells
            if c.cell_type == "code"
        )
        assert ("make lab-torch" in cells[0].source) == needs, notebook
