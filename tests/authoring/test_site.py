"""`make html`: pages that need neither a server nor a network."""

import re

import pytest
from conftest import ROOT

from course_utils.authoring.site import MOVE, build, with_mathml
from course_utils.course.folders import Course

pytestmark = pytest.mark.notebooks


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build(Course.find(ROOT), folder)
    return folder


def test_every_lecture_and_assignment_has_a_page(site):
    index = (site / "index.html").read_text()
    for path in [*(ROOT / "lectures").glob("*.ipynb"), *(ROOT / "assignments").glob("*/*.ipynb")]:
        name = path.relative_to(ROOT).with_suffix(".html").as_posix()
        assert (site / name).is_file()
        assert f'href="{name}"' in index


def test_pages_load_nothing_from_elsewhere_and_run_nothing(site):
    for path in site.rglob("*.html"):
        text = path.read_text()
        assert "<script" not in text
        assert not re.findall(r"<(?:link|img|iframe)[^>]+(?:src|href)=\"https?:", text)
        assert not re.findall(r"@import|url\(\s*['\"]?https?:", text)


def test_figures_and_links_lead_somewhere(site):
    for path in site.rglob("*.html"):
        for link in re.findall(r"(?:src|href)=\"([^\"#:]+?)(?:#[^\"]*)?\"", path.read_text()):
            assert (path.parent / link).resolve().is_file(), (path.name, link)


def test_outputs_are_there_and_explorers_say_how_to_move_them(site):
    [page, *_] = sorted((site / "lectures").glob("01*.html"))
    text = page.read_text()
    assert "602,112 bytes" in text
    assert MOVE in text


@pytest.mark.parametrize(
    ("text", "kept"),
    [("`$HOME` costs", "`$HOME`"), ("$x^2$", "<msup>"), ("```\n$a$\n```", "$a$")],
    ids=["code", "formula", "block-of-code"],
)
def test_formulas_become_mathml_and_code_stays(text, kept):
    assert kept in with_mathml(text)
