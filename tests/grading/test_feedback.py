"""A student's page: points that add up, formulas without the network, and nothing that runs."""

import html
import re
import subprocess
import sys

import pytest
from conftest import PART

from course_utils.authoring.sample_class import DUE
from course_utils.course.folders import CourseError, UsageProblem
from course_utils.grading.feedback import write_feedback
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.mathml import to_mathml, typeset
from course_utils.grading.student_page import Account, Points, duration, shown

pytestmark = pytest.mark.grading

FORMULAS = r"""Half: $\frac{n}{2}$, not $\frac{1}$, and `$x$` costs $5.

$$\begin{aligned} a &= b \\ c &= d \end{aligned}$$

$\text{<img src=x onerror=alert(1)>}$ $\href{javascript:alert(1)}{y}$ <script>alert(1)</script>
[link $z$](https://example.org/$q$)
"""


@pytest.fixture
def page(course, submit):
    """Grade what a student handed in (late, or with points given by hand) and return the page."""

    def make(answers=None, written="Because it halves.", late="", given=None, data=None):
        answers = dict(submit.source.answers if answers is None else answers)
        if written:
            answers |= dict.fromkeys(submit.source.manual, written)
        folder = submit("ada", answers=answers, data=data)
        if late:
            (folder / "timestamp.txt").write_text(late)
            Gradebook(course).set_due(PART, DUE)
        list(Grader(course, PART).run())
        with Gradebook(course).transaction() as session:
            [submission] = Gradebook.find(session, PART).submissions
            for grade in submission.notebooks[0].grades:
                if grade.cell.name in (given or {}):
                    grade.manual_score = given[grade.cell.name]
                    grade.needs_manual_grade = False
        [path] = write_feedback(course, PART)
        return path.read_text()

    return make


def headline(page) -> str:
    return re.search(r'class="headline">([^<]*)', page)[1]


def table(page) -> dict[str, str]:
    """Return the lines of the table of points."""
    rows = re.findall(r"<tr>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", page, re.DOTALL)
    plain = [[html.unescape(re.sub("<[^>]*>", "", cell)) for cell in row] for row in rows]
    return dict(plain)


def sum_of(rows) -> float:
    """Add up the table as a student would."""
    numbers = [re.match("[−0-9.]+", text) for name, text in rows.items() if name != "total"]
    return sum(float(n[0].replace("−", "-")) for n in numbers if n)


def test_a_written_answer_that_waits_is_told_at_the_top(page):
    made = page()
    rows = table(made)
    assert headline(made) == "90 of 90 so far, 10 wait for a person"
    assert (list(rows.values())[-2], rows["total"]) == ("not graded yet", "90 of 90 so far")
    assert sum_of(rows) == 90


def test_lateness_is_a_line_and_the_lines_add_up(page):
    made = page(late="2026-10-02 15:00:00 UTC")
    rows = table(made)
    assert rows["handed in 1 day 3 hours late"] == "−9"
    assert (rows["total"], sum_of(rows)) == ("81 of 90 so far", 81)


def test_points_that_a_person_changed_are_told(page, submit):
    first = next(iter(submit.source.answers))
    test = submit.source.tests_of(first)[0]
    made = page(
        answers=submit.source.answers | {first: "raise RuntimeError"},
        given={test: 3} | dict.fromkeys(submit.source.manual, 7.5),
    )
    rows = table(made)
    assert "3 / 4, given by a person (the test gave 0)" in rows.values()
    assert "7.5 / 10" in rows.values()
    assert headline(made) == f"{shown(sum_of(rows))} of 100 points"


@pytest.mark.parametrize("data", [None, b"PK this was a Word file"], ids=["blank", "unreadable"])
def test_nothing_gives_nothing(page, data):
    made = page(answers={}, written="", data=data)
    assert headline(made) == "0 of 100 points"
    assert ("could not be read" in made) == (data is not None)


def test_a_second_look_is_told():
    again = Points(7.0, 10.0, waits=True)
    account = Account({"a": again, "b": Points(None, 5.0, waits=True), "c": Points(4.0, 5.0)})
    assert str(again) == "7 / 10, and a person will look again"
    assert account.headline == (
        "11 of 15 so far, 5 wait for a person, a person will look again at 1 that may change"
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "1 minute"), (3600, "1 hour"), (5400, "1 hour 30 minutes"), (86400, "1 day"),
     (2 * 86400 + 7200, "2 days 2 hours")],
    ids=["second", "hour", "hours", "day", "days"],
)  # fmt: skip
def test_how_late_in_words(seconds, said):
    assert duration(seconds) == said


# -- what stands on the page ---------------------------------------------------------------------------
def test_a_page_runs_nothing_and_fetches_nothing(page):
    made = page(written=FORMULAS)
    assert not re.search(r"<script|<link|<iframe|@import|<img[^>]+http|url\(|\son\w+=", made)
    assert "mathjax" not in made.lower()
    links = set(re.findall(r"https?:[^\"'<> ]*", re.sub(r"<math.*?</math>", "", made)))
    assert links == {"https://example.org/$q$"}  # the student's own


def test_formulas_of_a_student_are_mathml_or_as_they_were_written(page):
    made = page(written=FORMULAS)
    assert "<mfrac><mrow><mi>n</mi></mrow><mrow><mn>2</mn></mrow></mfrac>" in made
    assert "not $\\frac{1}$" in made and "<mtable" in made
    assert "<code>$x$</code> costs $5." in made


def test_every_link_of_the_table_leads_somewhere(page):
    made = page()
    names = set(re.findall(r'href="#([^"]+)"', made))
    assert names and names <= set(re.findall(r'id="([^"]+)"', made))


@pytest.mark.parametrize(
    ("latex", "kept", "gone"),
    [
        (r"\text{<script>alert(1)</script>}", "&lt;script&gt;", "<script"),
        (r"\text{&lt;b&gt;}", "&lt;b&gt;", "<b>"),
        (r"\href{javascript:alert(1)}{x}", "<mi>x</mi>", "javascript"),
        (r"\style{background:url(//x)}{b}", "<mi>b</mi>", "url"),
        (r"\class{x}{b}", "<mi>b</mi>", "class"),
        (r'\color{red" onload="alert(1)}y', "<mi>y</mi>", "onload"),
        (r"a<b", "<mo>&lt;</mo>", "&amp;"),
    ],
    ids=["script", "entities", "href", "style", "class", "attribute", "less"],
)
def test_a_formula_lets_nothing_through(latex, kept, gone):
    made = to_mathml(latex)
    assert kept in made and gone not in made


@pytest.mark.parametrize(
    "latex",
    [r"\frac{1}", "x^", "{", r"\left(", r"\nonsense x", "a & b", r"\begin{matrix}", "x" * 3000,
     "{" * 999 + "}" * 999],
    ids=["argument", "power", "brace", "left", "command", "ampersand", "environment", "long", "deep"],
)  # fmt: skip
def test_what_cannot_be_read_is_shown_as_it_was_written(latex):
    assert typeset(f"<p>${html.escape(latex)}$</p>") == f"<p>${html.escape(latex)}$</p>"


@pytest.mark.parametrize(
    "text",
    ["<code>$x$</code>", '<a title="$x$" href="y">z</a>', "<p>between $5 and $10</p>",
     "<pre>$a$ &lt;script&gt;</pre>", "<p>a &lt;b&gt; &amp; c</p>"],
    ids=["code", "attribute", "money", "block", "entities"],
)  # fmt: skip
def test_what_is_no_formula_stays(text):
    assert typeset(text) == text


def test_nbgrader_makes_the_same_page(course, page):
    ours = page()
    command = [sys.executable, "-m", "nbgrader", "generate_feedback", PART, "--force"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (course.feedback / "ada" / PART / f"{PART}.html").read_text() == ours


# -- one student ---------------------------------------------------------------------------------------
@pytest.fixture
def two(course, submit):
    submit("ada")
    submit("ben")
    list(Grader(course, PART).run())
    submit("cy")
    return course


def test_one_students_page(two):
    assert [path.parents[1].name for path in write_feedback(two, PART, "ben")] == ["ben"]
    assert not (two.feedback / "ada").exists()


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("nobody", "no graded submission of 01_shapes_and_parameters by 'nobody': 2 students"),
        ("Adda", "did you mean 'ada'?"),
        ("cy", "'cy' has handed in .* but was not graded: run `course grade 01` first"),
        ("*", r"by '\*'"),
        ("a?a", "did you mean 'ada'?"),
        ("../submitted", "no graded submission"),
    ],
    ids=["nobody", "near", "ungraded", "star", "question-mark", "path"],
)
def test_a_student_who_is_not_there_is_named(two, student, said):
    with pytest.raises(UsageProblem, match=said):
        write_feedback(two, PART, student)


def test_without_grades_it_says_what_to_run(course):
    with pytest.raises(CourseError, match="run `course grade 01` first"):
        write_feedback(course, PART)
