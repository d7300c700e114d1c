"""`docs/for-teachers.md` and the README's hours against the notebooks; no exercise is forgotten."""

import json
import re
from functools import cache
from typing import NamedTuple

import pytest
from conftest import ROOT

pytestmark = pytest.mark.unit

SOURCES = {path.name[:2]: path for path in sorted((ROOT / "solutions").glob("[0-9]*/*.ipynb"))}
BY_PART = pytest.mark.parametrize("part", SOURCES)
GUIDE = (ROOT / "docs" / "for-teachers.md").read_text(encoding="utf-8")
WORDS = {"two": 2, "three": 3, "four": 4, "five": 5}
PROMPT = re.compile(
    r"^## (?P<number>\d+\.\d+) (?P<star>★ )?.*?"
    r"^\*\*(?P<points>\d+) points? · (?P<minutes>\d+) minutes[^*]*?(?P<person> · read by a person)?\*\*"
    r"(?P<more>.*?)$",
    re.M | re.S,
)
TEST = re.compile(r"\A# (\d+\.\d+) (.+) \((\d+) points?\)$", re.M)


class Exercise(NamedTuple):
    """What a prompt says, and how many of its points are those of an extension."""

    minutes: int
    points: int
    stars: int
    whole: bool
    """Whether all of it is an extension."""
    person: bool
    """Whether a person reads it."""


def texts(path):
    """Return the cells of a notebook as texts."""
    return [
        "".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]


@cache
def exercises(part):
    """Return the exercises of a part by number, in order."""
    cells = texts(SOURCES[part])
    tests = [TEST.search(text) for text in cells if text.startswith("# ")]
    found = {}
    for prompt in filter(None, map(PROMPT.search, cells)):
        number, whole = prompt["number"], bool(prompt["star"])
        starred = ["★", *re.findall(r"`(\w+)` ★", prompt["more"])]
        titles = [(test[2], int(test[3])) for test in tests if test and test[1] == number]
        stars = sum(p for title, p in titles if whole or any(word in title for word in starred))
        minutes, points = int(prompt["minutes"]), int(prompt["points"])
        assert prompt["person"] or sum(p for _, p in titles) == points, number
        found[number] = Exercise(minutes, points, stars, whole, bool(prompt["person"]))
    return found


@cache
def lecture_hours(part):
    """Return the hours that a lecture asks for under *Before you start*."""
    [path] = (ROOT / "lectures").glob(f"{part}_*.ipynb")
    [word] = re.findall(r"^Plan about (\w+) hours", "\n".join(texts(path)), re.M)
    return WORDS[word]


def table(heading, text=GUIDE):
    """Return the rows of the first table below a heading, without its head."""
    below = text.split(f"\n## {heading}\n", 1)[1] if heading else text
    lines = re.search(r"(?:^\|.*\n)+", below, re.M)[0].splitlines()[2:]
    return [[entry.strip() for entry in line.strip()[1:-1].split("|")] for line in lines]


def numbers(words):
    """Return the exercises that "1.1–1.3, 2.4" names; those of parts that are not there are left out."""
    named = []
    for first, last in re.findall(r"\b(\d+\.\d+)(?:–(\d+\.\d+))?", words):
        part, start = first.split(".")
        end = (last or first).split(".")
        assert end[0] == part, words
        named += [f"{part}.{n}" for n in range(int(start), int(end[1]) + 1)]
    return [number for number in named if part_of(number) in SOURCES]


def part_of(number):
    return f"{int(number.split('.')[0]):02}"


def of(number):
    return exercises(part_of(number))[number]


@BY_PART
def test_the_table_of_minutes_is_that_of_the_notebooks(part):
    told = list(exercises(part).values())
    stars, by_person = sum(e.stars for e in told), sum(e.points for e in told if e.person)
    in_stars = sum(e.minutes for e in told if e.whole)
    [row] = [row[1:] for row in table("Minutes per part and in all") if row[0] == part]
    right = (
        lecture_hours(part),
        sum(e.minutes for e in told),
        in_stars,
        100 - stars,
        stars,
        by_person,
    )
    assert tuple(map(int, row)) == right
    assert sum(e.points for e in told) == 100


def test_the_last_row_adds_up():
    *rows, last = table("Minutes per part and in all")
    assert last == [
        "in all",
        *(str(sum(map(int, column))) for column in list(zip(*rows, strict=True))[1:]),
    ]


@BY_PART
def test_the_readme_tells_the_hours_of_a_part(part):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [row] = [
        row
        for row in table("", readme[readme.index("| part | about | hours |") :])
        if row[0] == part
    ]
    minutes = sum(e.minutes for e in exercises(part).values())
    assert row[2] == f"{lecture_hours(part)} + {round(minutes / 60)}"
    assert "](docs/for-teachers.md)" in readme


@BY_PART
def test_the_plan_of_fourteen_weeks_has_every_exercise_once_and_all_of_the_lecture(part):
    rows = table("Fourteen weeks")
    planned = [n for row in rows for n in numbers(row[2]) if part_of(n) == part]
    assert planned == list(exercises(part))
    hours = [int(h) for row in rows for p, h in re.findall(r"(\d\d), (\d) h", row[1]) if p == part]
    assert sum(hours) == lecture_hours(part)
    assert [row[4] for row in rows].count(part) == 1


def test_a_week_takes_five_to_seven_hours():
    rows = table("Fourteen weeks")
    assert [row[0] for row in rows] == [str(week) for week in range(1, 15)]
    for week, lecture, named, minutes, _ in rows:
        if minutes:
            assert int(minutes) == sum(of(number).minutes for number in numbers(named)), week
            hours = sum(map(int, re.findall(r", (\d) h", lecture)))
            assert 5 <= hours + int(minutes) / 60 <= 7, week


def test_what_is_kept_for_seven_weeks_adds_up():
    rows, hours = table("Seven weeks"), 0
    for _, part, named, minutes, points in rows:
        kept = [of(number) for number in numbers(named)]
        assert not any(exercise.whole for exercise in kept)
        assert int(minutes) == sum(exercise.minutes for exercise in kept)
        assert int(points) == sum(exercise.points - exercise.stars for exercise in kept)
        hours += lecture_hours(part) + int(minutes) / 60
    assert 6 < hours / 7 < 7
