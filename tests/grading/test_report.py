"""What an instructor is told about a class: the table in the terminal and the report."""

import html
import io
import re

import pytest
from conftest import PART, ROOT
from rich.console import Console

from course_utils.authoring.sample_class import DUE
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.grading.grade import Grader, Result
from course_utils.grading.gradebook import Gradebook, Mark
from course_utils.grading.report import write_report
from course_utils.grading.show_results import (
    _points_table,
    misconceptions,
    print_class,
    print_misconceptions,
    unnamed_failures,
)

pytestmark = pytest.mark.grading


def printed(show, *arguments, width=80, **options) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show(console, *arguments, **options)
    return console.file.getvalue()


def row_of(text, student) -> list[str]:
    return next(line.split() for line in text.splitlines() if line.split()[:1] == [student])


@pytest.fixture
def grade(course):
    return lambda: {
        r.student: r for r in sorted(Grader(course, PART).run(), key=lambda r: r.student)
    }


@pytest.fixture
def by_hand(course):
    """Give points as a person does in the Formgrader."""

    def give(student, points):
        with Gradebook(course).transaction() as session:
            [mine] = [
                s for s in Gradebook.find(session, PART).submissions if s.student_id == student
            ]
            for item in mine.notebooks[0].grades:
                if item.cell.name in points:
                    item.manual_score = points[item.cell.name]
                    item.needs_manual_grade = False

    return give


@pytest.fixture
def written(submit):
    """Answer everything, in words too."""
    return submit.source.answers | dict.fromkeys(submit.source.manual, "Because it halves.")


# -- the table -----------------------------------------------------------------------------------------
def test_points_wait_until_a_person_has_given_them(course, submit, grade, by_hand, written):
    submit("ada", answers=written)
    before = printed(print_class, course, PART, grade())
    assert (row_of(before, "ada")[-2], "+ waits for a person" in before) == ("90+", True)
    by_hand("ada", dict.fromkeys(submit.source.manual, 7.5))
    after = printed(print_class, course, PART, grade())
    assert (row_of(after, "ada")[-3:], "+ waits" in after) == (["7.5", "97.5", "graded"], False)


def test_what_a_person_gives_for_a_test_counts(course, submit, grade, by_hand):
    first = next(iter(submit.source.answers))
    submit("ada", answers=submit.source.answers | {first: "raise RuntimeError"})
    results = grade()
    got = int(row_of(printed(print_class, course, PART, results), "ada")[1])
    test = submit.source.tests[submit.source.tests_of(first)[0]]
    by_hand("ada", {test.id: test.points})
    after = row_of(printed(print_class, course, PART, results), "ada")
    assert int(after[1]) == got + test.points


def test_lateness_has_a_column_and_is_taken_off(course, submit, grade):
    folder = submit("ada")
    submit("ben")
    (folder / "timestamp.txt").write_text("2026-10-02 13:00:00 UTC")
    Gradebook(course).set_due(PART, DUE)
    text = printed(print_class, course, PART, grade())
    full = sum(test.points for test in submit.source.tests.values())
    score = next(word for word in row_of(text, "ada") if word.startswith("-"))
    assert "late" in text
    assert score == f"-{full * 0.1:g}" and f"{full * 0.9:g}" in row_of(text, "ada")[-2]
    assert not [word for word in row_of(text, "ben") if word.startswith("-")]


def test_a_dry_run_shows_what_was_found_and_not_what_is_stored(course, submit, grade):
    submit("ada", answers={})
    grade()
    submit("ada")
    results = {r.student: r for r in Grader(course, PART).run(dry=True)}
    full = sum(test.points for test in submit.source.tests.values())
    for dry, score in ((True, f"{full:g}"), (False, "0")):
        text = printed(print_class, course, PART, results, dry=dry)
        assert row_of(text, "ada")[-2].rstrip("+") == score


def test_a_student_who_was_never_stored_has_no_points(course, submit, grade):
    submit("ada")
    results = grade() | {"ben": Result("ben", "not graded")}
    assert set(row_of(printed(print_class, course, PART, results), "ben")[1:-2]) == {"-"}


def test_warnings_are_told_by_name_and_mark_the_row(course, submit, grade):
    submit("ada", answers={})
    submit("ben")
    results = grade()
    results["ben"].warnings = ["the date '01/02/03' can be read in three ways"]
    text = printed(print_class, course, PART, results)
    assert "\n! ben: the date '01/02/03' can be read in three ways\n" in text
    assert (row_of(text, "ben")[1], row_of(text, "ada")[1] == "!") == ("!", False)


def test_the_table_of_ten_exercises_fits_a_terminal():
    name = "02_conv_pool_backprop"
    source, _ = load(Course.find(ROOT), name)
    cells = {test.id: test.points for test in source.tests.values()}
    waiting = frozenset(source.manual)
    mark = Mark(cells | dict.fromkeys(source.manual, 3.5), waiting, frozenset(), 14.625)
    who = {"maxplanck": "out of memory", "bo": "cells restored", "s12345678": "unreadable"}
    results = {s: Result(s, outcome, warnings=["look"]) for s, outcome in who.items()}
    table = _points_table(source, name, results, dict.fromkeys(results, mark))
    text = printed(lambda console: console.print(table))
    assert max(map(len, text.splitlines())) <= 80
    assert all(word in text.split() for word in [*who, "unreadable", "-14.6", "2.10", "restored"])
    assert "…" not in text


# -- what went wrong ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def failures():
    """Results of four students, by what each test found."""
    source, _ = load(Course.find(ROOT), PART)
    exercises = [tests[0].id for tests in source.exercises.values()]

    def result(student, outcome="graded", **found):
        verdicts = {}
        for name, (headline, misconception) in found.items():
            verdicts[exercises[int(name[1:])]] = {
                "passed": False, "message": "…", "headline": headline, "misconception": misconception,
            }  # fmt: skip
        return Result(student, outcome, verdicts=verdicts)

    rounds, blank = ("wrong value", "rounding up"), "f is not filled in yet"
    results = [
        result("ada", e0=rounds, e1=("wrong value", ""), e2=("wrong value", "")),
        result("ben", e0=("wrong value", ""), e1=("g is not filled in yet", ""), e2=(blank, "")),
        result("cy", e0=rounds, e1=("nothing was returned", ""), e2=(blank, "forgetting groups")),
        result("dan", "blank", e0=(blank, ""), e1=(blank, "")),
    ]
    return source, {r.student: r for r in results}


def test_misconceptions_are_those_with_a_name_commonest_first(failures):
    found = [(what, who) for _, what, who in misconceptions(*failures)]
    assert found == [("rounding up", ["ada", "cy"]), ("forgetting groups", ["cy"])]


def test_failures_without_a_name_count_once_each(failures):
    assert unnamed_failures(*failures) == [
        ("wrong value", 3, ["ada", "ben"]),
        ("is not filled in yet", 2, ["ben"]),
        ("nothing was returned", 1, ["cy"]),
    ]


def test_named_ones_stand_first_in_the_terminal(failures):
    text = printed(print_misconceptions, *failures)
    at = [
        text.index(what) for what in ("rounding up", "forgetting", "wrong value", "not filled in")
    ]
    assert at == sorted(at)
    assert text.count("wrong value") == text.count("not filled in") == 1


# -- the report --------------------------------------------------------------------------------------
def text_of(path) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", path.read_text())).split())


def test_the_report_counts_outcomes(course, submit, grade):
    submit("ada")
    submit("ben")
    submit("cy", answers={})
    grade()
    text = text_of(write_report(course, PART))
    assert "blank 1 no answer cell was filled in graded 2 nothing unusual" in text


def test_the_report_has_the_gradebooks_scores(course, submit, grade, by_hand, written):
    folder = submit("ada", answers=written)
    (folder / "timestamp.txt").write_text("2026-10-02 11:00:00 UTC")
    submit("ben", answers=written)
    Gradebook(course).set_due(PART, DUE)
    grade()
    by_hand("ada", dict.fromkeys(submit.source.manual, 10))
    text = text_of(write_report(course, PART))
    assert "1 waits for a person" in text
    assert "ada −5 95 graded" in text
    assert "ben 90 + waits graded" in text


def test_the_report_tells_warnings(course, submit, grade):
    folder = submit("ada")
    (folder / "timestamp.txt").write_text("the day before yesterday")
    [warning] = grade()["ada"].warnings
    assert f"! {' '.join(warning.split())}" in text_of(write_report(course, PART))
