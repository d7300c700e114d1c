"""The page of `course read` in headless Chromium: everything by keyboard."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from browser import Browser
from conftest import PART, need
from nbgrader import api
from selenium.webdriver.common.keys import Keys

from course_utils.grading.grade import Grader

pytestmark = pytest.mark.browser

STATE = """
return [...document.querySelectorAll("article")].map((a) => [
  a.querySelector("input").value, a.querySelector("textarea").value, a.querySelector("output").textContent,
  a.classList.contains("now"),
]);
"""


@pytest.fixture
def page(course, submit, tmp_path_factory):
    """A class of four, and the page that reads it."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    for student in ("ada", "ben", "cy", "dora"):
        submit(
            student, answers=submit.source.answers | dict.fromkeys(submit.source.manual, student)
        )
    list(Grader(course, PART).run())
    command = [sys.executable, "-m", "course_utils.cli", "read", "01", "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(
        command, cwd=course.root, stdout=subprocess.PIPE, text=True, env=environment
    )
    browser = None
    try:
        address = server.stdout.readline().strip()
        browser = Browser(SimpleNamespace(url=address), tmp_path_factory.mktemp("profile"))
        browser.open(address)
        yield browser
    finally:
        if browser:
            browser.close()
        server.terminate()
        server.wait()
        server.stdout.close()


def test_a_class_is_read_by_keyboard(page, course, submit):
    def row(number, *wanted):
        page.wait(lambda: page.js(STATE)[number] == [*wanted], f"answer {number} as {wanted}")

    assert "key=" not in page.driver.current_url
    row(0, "", "", "", True)
    page.press("3", ".", "5", Keys.ENTER)
    row(0, "3.5", "", "saved", False)
    row(1, "", "", "", True)
    page.press("4", "c", "Say why.", Keys.ENTER)
    row(1, "4", "Say why.", "saved", False)
    page.press("9", "9", Keys.ENTER)  # more than there are
    page.wait(lambda: page.js(STATE)[2][2].startswith("not saved"), "a refusal")
    page.press(Keys.ESCAPE, "2", Keys.ENTER)
    row(2, "2", "", "saved", False)
    page.press("r", Keys.ENTER)
    row(3, "", "Say why.", "saved", True)
    page.press(Keys.ESCAPE, "k", "k")
    row(1, "4", "Say why.", "saved", True)
    page.press("n")
    row(3, "", "Say why.", "saved", True)
    page.press("k", "r", "1", Keys.ENTER)
    row(2, "1", "Say why.", "saved", False)
    page.see("#count", "4 answers, 1 wait")
    page.shot("reading")
    [cell] = submit.source.manual
    with api.Gradebook(course.db_url) as book:
        found = [book.find_grade(cell, PART, PART, s) for s in ("ada", "ben", "cy", "dora")]
        grades = [grade.manual_score for grade in found]
        found = [book.find_comment(cell, PART, PART, s) for s in ("ada", "ben", "dora")]
        comments = [comment.manual_comment for comment in found]
    assert grades == [3.5, 4.0, 1.0, None] and comments == [None, "Say why.", "Say why."]
    assert page.driver.get_log("browser") == []


def test_nobody_waits_for_what_is_being_saved(page, course, submit):
    """A digit that follows an Enter at once is the next answer's; what could not be saved is found again."""
    told = "return document.getElementById('count').textContent"
    page.js("""
        window.real = window.fetch;
        window.fetch = (...all) => new Promise((go) => setTimeout(go, 500)).then(() => real(...all));
    """)
    page.press("1", Keys.ENTER, "0", Keys.ENTER, "3", Keys.ENTER, "2", ".", "5", Keys.ENTER)
    wanted = ["1", "0", "3", "2.5"]
    page.wait(
        lambda: [row[:3] for row in page.js(STATE)] == [[w, "", "saved"] for w in wanted],
        "four saved",
    )
    page.js("window.fetch = () => Promise.reject(new Error('no network'))")
    page.press("k", "k", "4", Keys.ENTER)
    page.wait(lambda: "1 not saved" in page.js(told), "a word of what is not saved")
    assert page.js(STATE)[1][2].startswith("not saved: no network") and page.js(STATE)[2][3]
    page.js("window.fetch = real")
    page.press("n", Keys.ENTER)
    page.wait(
        lambda: page.js(STATE)[1][2] == "saved" and "not saved" not in page.js(told),
        "saved after all",
    )
    [cell] = submit.source.manual
    with api.Gradebook(course.db_url) as book:
        found = [book.find_grade(cell, PART, PART, s) for s in ("ada", "ben", "cy", "dora")]
        assert [grade.manual_score for grade in found] == [1.0, 4.0, 3.0, 2.5]
