"""`course read`: written answers in a row, points and comments to the gradebook, for one browser only."""

import asyncio
import json
import re

import pytest
from conftest import PART
from nbgrader import api
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from course_utils.course.folders import CourseError, UsageProblem
from course_utils.grading.allowances import excuse
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.reading import Reading
from course_utils.grading.reading_server import application
from course_utils.grading.roster import Person, merge

pytestmark = pytest.mark.grading

KEY = "the-key"
EVIL = (
    'Half of $\\frac{1}{2}$. <script>alert(1)</script><img src="http://evil.example/x"> **Bold.**'
)


@pytest.fixture
def read(course, submit):
    """Zoe and Ada have written something, Ben nothing."""
    merge(
        course,
        [Person("s1", "Zoe", "Abel"), Person("s2", "Ada", "Zorn"), Person("ben", "Ben", "M")],
    )
    answers = submit.source.answers
    for student, text in (("s1", EVIL), ("s2", "It keeps the largest."), ("ben", None)):
        submit(
            student, answers=answers | (dict.fromkeys(submit.source.manual, text) if text else {})
        )
    list(Grader(course, PART).run())
    return course


@pytest.fixture
def reading(read):
    return Reading(read, PART)


def in_gradebook(course, student, cell):
    with api.Gradebook(course.db_url) as book:
        grade = book.find_grade(cell, PART, PART, student)
        comment = book.find_comment(cell, PART, PART, student)
        return grade.manual_score, grade.needs_manual_grade, comment.manual_comment


def test_answers_stand_in_a_row(reading):
    [cell] = reading.cells
    found = reading.answers(cell)
    assert [(a.name, a.waits, a.blank, a.points) for a in found] == [
        ("Ada Zorn", True, False, None), ("Zoe Abel", True, False, None), ("Ben M", False, True, 0.0),
    ]  # fmt: skip
    assert "<strong>Bold.</strong>" in found[1].html and "<mfrac>" in found[1].html
    assert "<script" not in found[1].html and "evil.example" not in found[1].html
    assert reading.title(cell).startswith("1.9 ")
    assert "Marking guide" in reading.guide(cell) and "### " not in reading.guide(cell)


def test_without_names_nothing_tells_whose_an_answer_is(read):
    [cell] = Reading(read, PART).cells
    anonymous = Reading(read, PART, anonymous=True)
    keys = [a.key for a in anonymous.answers(cell) if not a.blank]
    assert keys == sorted(keys) and len(set(keys)) == 2
    page = get(anonymous, f"/{cell}")[1]
    assert "It keeps the largest." in page
    for said in ("Zorn", "Abel", "s1", "s2", "Ben M"):
        assert not re.search(rf"\b{said}\b", page)


def test_points_and_comments_are_the_gradebooks(read, reading):
    [cell] = reading.cells
    ada = reading.answers(cell)[0]
    saved = reading.save(cell, ada.key, 3.5, "Good.\n")
    assert (saved.student, saved.points, saved.comment, saved.waits) == (
        "s2",
        3.5,
        "Good.\n".strip(),
        False,
    )
    assert in_gradebook(read, "s2", cell) == (3.5, False, "Good.")
    assert Gradebook(read).marks(PART, "s2")["s2"].cells[cell] == 3.5
    list(Grader(read, PART).run(again=True))  # autograding leaves a person's word
    assert in_gradebook(read, "s2", cell) == (3.5, False, "Good.")
    reading.save(cell, ada.key, None, "")
    assert in_gradebook(read, "s2", cell) == (None, True, None)


@pytest.mark.parametrize("points", [-1, 10.5, float("nan"), float("inf")])
def test_points_that_cannot_be(read, reading, points):
    [cell] = reading.cells
    with pytest.raises(UsageProblem, match="between 0 and 10"):
        reading.save(cell, reading.answers(cell)[0].key, points, "")
    assert in_gradebook(read, "s2", cell)[0] is None


def test_who_is_excused_is_not_read(read, reading):
    excuse(read, PART, "s1")
    assert [a.student for a in reading.answers(reading.cells[0])] == ["s2", "ben"]


def test_nothing_to_read(course):
    with pytest.raises(CourseError, match="run `course grade 01` first"):
        Reading(course, PART)


# -- over the network ------------------------------------------------------------------------------
def ask(reading, *requests):
    """Put requests to a server of its own, which live as long as it; return codes, texts and headers."""

    async def run():
        [socket] = bind_sockets(0, "127.0.0.1")
        server = HTTPServer(application(reading, KEY))
        server.add_sockets([socket])
        base, found = f"http://127.0.0.1:{socket.getsockname()[1]}", []
        for path, options in requests:
            request = HTTPRequest(base + path, follow_redirects=False, **options)
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
            found.append((answer.code, answer.body.decode(), answer.headers))
        server.stop()
        return found

    return asyncio.run(run())


WITH_KEY = {"Cookie": f"course-read={KEY}"}


def get(reading, path, headers=WITH_KEY):
    [answer] = ask(reading, (path, {"headers": headers}))
    return answer


def test_the_page(reading):
    [cell] = reading.cells
    code, page, headers = get(reading, f"/{cell}")
    assert code == 200 and "It keeps the largest." in page and "Ada Zorn" in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    [nonce] = re.findall("script-src 'nonce-(.+?)'", headers["Content-Security-Policy"])
    assert re.findall("<script[^>]*>", page) == [f'<script nonce="{nonce}">']
    code, _, headers = get(reading, f"/?key={KEY}", {})
    assert code == 302 and headers["Location"] == f"/{cell}"
    assert "HttpOnly" in headers["Set-Cookie"] and "SameSite=Strict" in headers["Set-Cookie"]
    assert get(reading, "/no-such-cell")[0] == 404


@pytest.mark.parametrize(
    "headers", [{}, {"Cookie": "course-read=guess"}, WITH_KEY | {"Host": "evil.example:80"}]
)
def test_who_has_no_key_sees_nothing(reading, headers):
    code, page, _ = get(reading, f"/{reading.cells[0]}", headers)
    assert code == 403 and "keeps" not in page


def test_saving(read, reading):
    [cell] = reading.cells
    key = reading.answers(cell)[0].key
    sent = WITH_KEY | {"Content-Type": "application/json"}

    def put(body, headers=sent, path=f"/{cell}/{key}"):
        return path, {"method": "PUT", "headers": headers, "body": body}

    good = json.dumps({"points": 4, "comment": "Why?"})
    answers = ask(
        reading,
        put(good),
        put(good, {"Content-Type": "application/json"}),  # without the key
        put(good, WITH_KEY | {"Content-Type": "text/plain"}),  # what a form elsewhere could send
        put("[]"), put('{"points": "x", "comment": ""}'), put('{"points": 1, "comment": 5}'),
        put(json.dumps({"points": 11, "comment": ""})),
        put(good, path=f"/{cell}/{'0' * 16}"),
    )  # fmt: skip
    assert [code for code, *_ in answers] == [200, 403, 415, 400, 400, 400, 409, 409]
    assert json.loads(answers[0][1]) == {"points": 4.0, "comment": "Why?", "waits": False}
    assert "between 0 and 10" in json.loads(answers[6][1])["error"]
    assert in_gradebook(read, "s2", cell) == (4.0, False, "Why?")
