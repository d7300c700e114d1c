"""`course report`: one page for the instructor, from the autograded notebooks and the gradebook."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from course_utils.grading.course import Course, CourseError, write_safely
from course_utils.grading.grade import Result
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.release import load
from course_utils.grading.run import OUTCOMES
from course_utils.grading.show_results import misconceptions
from course_utils.grading.source import Source

BINS = 10
MOST = 15  # misconceptions shown


@dataclass
class _Submission:
    result: Result
    cells: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def write_report(course: Course, assignment: str) -> Path:
    """Write the report of an assignment and return its path.

    Raises
    ------
    CourseError
        If nothing was graded yet.
    """
    source, _ = load(course, assignment)
    found = _read(course, assignment)
    if not found:
        raise CourseError(f"nothing to report on: run `course grade {assignment[:2]}` first")
    final = Gradebook(course).final_scores(assignment)
    results = {student: s.result for student, s in found.items()}
    full = sum(t.points for t in source.tests.values()) + sum(source.manual.values())
    marks = [final.get(student, 0.0) for student in found]
    environment = Environment(
        loader=PackageLoader("course_utils.grading"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("report.html").render(
        name=assignment,
        count=len(found),
        full=full,
        mean=statistics.fmean(marks),
        median=statistics.median(marks),
        waiting=sum(r.manual for r in results.values()),
        bins=_histogram(marks, full),
        exercises=_exercises(source, results),
        misconceptions=_examples(source, found, results),
        outcomes=_outcomes(results),
        seconds=sum(s.seconds for s in found.values()),
        slowest=sorted(((s.seconds, student) for student, s in found.items()), reverse=True)[:3],
        students=[(s, final.get(s, 0.0), r.outcome, r.notes) for s, r in sorted(results.items())],
    )
    path = course.grading / "report" / f"{assignment}.html"
    write_safely(path, page)
    return path


def _read(course, assignment) -> dict[str, _Submission]:
    found = {}
    for path in sorted(course.autograded.glob(f"*/{assignment}/{assignment}.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        about = notebook["metadata"].get("course", {})
        if "scores" not in about:
            continue  # graded by something else
        student = path.parent.parent.name
        manual = None in about["scores"].values()
        result = Result(student, about["outcome"], 0.0, manual, about["notes"], verdicts=about["verdicts"])
        cells = {cell.get("id"): "".join(cell["source"]) for cell in notebook["cells"]}
        found[student] = _Submission(result, cells, about.get("seconds", 0.0))
    return found


def _histogram(marks, full) -> list[dict]:
    """Count marks in `BINS` bins of equal width; the last one holds full marks too."""
    counts = Counter(min(int(BINS * max(mark, 0) / full), BINS - 1) for mark in marks)
    most = max(counts.values())
    return [
        {
            "label": f"{full * i / BINS:g}–{full * (i + 1) / BINS:g}",
            "count": counts[i],
            "share": counts[i] / most,
        }
        for i in range(BINS)
    ]


def _exercises(source: Source, results) -> list[dict]:
    rows = []
    for exercise, tests in source.exercises.items():
        of = sum(t.points for t in tests)
        got = [
            sum(t.points for t in tests if r.verdicts.get(t.id, {}).get("passed"))
            for r in results.values()
        ]
        parts = [
            (t.title, t.points, statistics.fmean(
                bool(r.verdicts.get(t.id, {}).get("passed")) for r in results.values()))
            for t in tests
        ]  # fmt: skip
        rows.append(
            {"name": exercise, "of": of, "share": statistics.fmean(got) / of, "tests": parts}
        )
    return rows


def _examples(source: Source, found, results) -> list[dict]:
    answer_of = {test: cell for cell in source.answers for test in source.tests_of(cell)}
    rows = []
    for exercise, what, students in misconceptions(source, results)[:MOST]:
        student = students[0]
        [test, *_] = [
            t.id
            for t in source.exercises[exercise]
            if results[student].verdicts[t.id]["misconception"] == what
            and not results[student].verdicts[t.id]["passed"]
        ]
        rows.append(
            {
                "exercise": exercise,
                "what": what,
                "students": students,
                "test": source.tests[test].title,
                "answer": found[student].cells.get(answer_of.get(test, ""), ""),
                "message": results[student].verdicts[test]["message"],
            }
        )
    return rows


def _outcomes(results) -> list[tuple[str, int, str]]:
    counts = Counter(r.outcome for r in results.values())
    return [
        (name, counts[name], OUTCOMES.get(name, ""))
        for name in [*OUTCOMES, *counts]
        if counts.pop(name, 0)
    ]
