"""`course report`: one page for the instructor, from the autograded notebooks and the gradebook."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from course_utils.course.files import write_safely
from course_utils.course.folders import Course, CourseError
from course_utils.course.release import load
from course_utils.course.source import Source
from course_utils.grading.allowances import excused
from course_utils.grading.grade import Result
from course_utils.grading.gradebook import Gradebook, Mark
from course_utils.grading.show_results import misconceptions, same_of, unnamed_failures
from course_utils.judging.run import OUTCOMES

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
    from course_utils.grading.lateness import refresh

    source, _ = load(course, assignment)
    found = _read(course, assignment)
    if not found:
        raise CourseError(f"nothing to report on: run `course grade {assignment[:2]}` first")
    odd_dates = refresh(course, assignment)
    gone = {student for part, student in excused(course) if part == assignment}
    found = {student: s for student, s in found.items() if student not in gone} or found
    book = Gradebook(course).marks(assignment)
    nothing = Mark({}, frozenset(), frozenset(), 0.0)
    marks = {student: book.get(student, nothing) for student in found}
    results = {student: s.result for student, s in found.items()}
    for student, result in results.items():
        result.warnings += [w for w in odd_dates.get(student, []) if w not in result.warnings]
    full = sum(t.points for t in source.tests.values()) + sum(source.manual.values())
    scores = [mark.score for mark in marks.values()]
    environment = Environment(
        loader=PackageLoader("course_utils.grading"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    page = environment.get_template("report.html").render(
        name=assignment,
        count=len(found),
        full=full,
        mean=statistics.fmean(scores),
        median=statistics.median(scores),
        waiting=sum(bool(mark.waiting) for mark in marks.values()),
        bins=_histogram(scores, full),
        exercises=_exercises(source, marks),
        misconceptions=_examples(source, found, results),
        others=unnamed_failures(source, results),
        outcomes=_outcomes(results),
        seconds=sum(s.seconds for s in found.values()),
        slowest=sorted(((s.seconds, student) for student, s in found.items()), reverse=True)[:3],
        excused=sorted(gone),
        late=any(mark.penalty for mark in marks.values()),
        students=[(results[s], marks[s]) for s in sorted(results)],
        identical=same_of(results),
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
        result = Result(
            student, about["outcome"], 0.0, manual, about["notes"],
            list(about.get("warnings", [])), about["verdicts"], digests=about.get("digests", {}),
        )  # fmt: skip
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


def _exercises(source: Source, marks: dict[str, Mark]) -> list[dict]:
    rows = []
    for exercise, tests in source.exercises.items():
        share = {
            t.id: statistics.fmean((m.cells.get(t.id) or 0.0) / t.points for m in marks.values())
            for t in tests
        }
        of = sum(t.points for t in tests)
        rows.append(
            {
                "name": exercise,
                "of": of,
                "share": sum(share[t.id] * t.points for t in tests) / of,
                "tests": [(t.title, t.points, share[t.id]) for t in tests],
            }
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
    names = [n for n in OUTCOMES if n in counts] + [n for n in counts if n not in OUTCOMES]
    return [(name, counts[name], OUTCOMES.get(name, "")) for name in names]
