"""JupyterLab in headless Chromium: the lecture, the assignment, Validate and the Formgrader."""

import html
import re

import nbformat
import pytest
from browser import Browser, Notebook, Server, failed, make_course
from conftest import PART, need
from selenium.common.exceptions import NoSuchElementException
from selenium.webdriver.common.keys import Keys

from course_utils.authoring.bank import read_bank
from course_utils.authoring.verify import with_answers
from course_utils.course.release import load
from course_utils.course.source import HIDDEN
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook

pytestmark = pytest.mark.browser

WIDTHS = (1280, 800)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """One course for all tests here; each hands in for students of its own."""
    need("chromium", "chromium")
    need("chromedriver", "chromium-driver")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COURSE_GRADING", raising=False)
        made = make_course(tmp_path_factory.mktemp("course"))
        patch.chdir(made.root)
        yield made


@pytest.fixture(scope="module")
def window(course, tmp_path_factory):
    """One server and one window for all tests here."""
    home = tmp_path_factory.mktemp("home")
    server = Server(course.root, home)
    try:
        browser = Browser(server, home / "profile")
        try:
            yield browser
        finally:
            browser.close()
    finally:
        server.stop()


@pytest.fixture
def browser(window, request):
    """The window; a picture of it is kept if the test fails."""
    before = request.session.testsfailed
    yield window
    if request.session.testsfailed > before:
        print("see", window.shot(f"failed-{request.node.name}"))


@pytest.fixture(scope="module")
def source_and_release(course):
    return load(course, PART)


@pytest.fixture
def hand_in(course, source_and_release):
    """Hand in a notebook for a student: the solution, but for the answers that are named."""

    def hand_in(student, **answers):
        folder = course.submitted / student / PART
        folder.mkdir(parents=True)
        nbformat.write(filled(source_and_release, **answers), folder / f"{PART}.ipynb")

    return hand_in


def filled(source_and_release, **answers):
    """Return a student's notebook with all answers; `conv_output_size=…` replaces one."""
    source, release = source_and_release
    words = dict.fromkeys(source.manual, "An average blurs what is strong at one place.")
    other = {name.replace("_", "-"): answer for name, answer in answers.items()}
    return with_answers(release, words | source.answers | other)


@pytest.fixture(scope="module")
def rounds_up(course, source_and_release):
    """A wrong answer of the bank: the test cells that it fails are declared there."""
    solutions = source_and_release[0].answers
    answers = read_bank(course.root / "tests" / "bank" / PART, solutions)["conv-output-size"]
    return next(a for a in answers if a.title == "rounds up")


# -- the lecture -----------------------------------------------------------------------------------
def test_the_lecture_runs_and_its_explorer_is_reached_by_the_tab_key(browser):
    lecture = Notebook(browser, f"lectures/{PART}.ipynb")
    lecture.run_all()
    browser.shot("lecture")
    cells = lecture.cells()
    assert failed(cells) == {}
    assert all(cell["count"] for cell in cells.values() if cell["code"])
    cell = lecture.go_to("explorer")
    browser.wait(lambda: cell.find_elements("css selector", ".explorer canvas"), "the explorer")
    browser.click(".jp-Notebook .jp-mod-active .jp-InputPrompt")  # command mode, no cursor
    for _ in range(20):
        browser.press(Keys.TAB)
        if browser.js("return document.activeElement.classList.contains('ex-figure')"):
            lecture.close()
            return
    pytest.fail("20 Tabs did not reach the picture")


# -- the assignment --------------------------------------------------------------------------------
def test_a_blank_answer_reads_the_message_and_no_traceback(browser):
    notebook = Notebook(browser, f"assignments/{PART}/{PART}.ipynb")
    notebook.run("conv-output-size")
    notebook.run("test-conv-output-size-floor")
    browser.shot("blank")
    assert list(failed(notebook.cells())) == ["test-conv-output-size-floor"]
    shown = notebook.shown("test-conv-output-size-floor")
    assert shown.startswith("CheckFailed: conv_output_size is not written yet\n  call: ")
    assert "course_utils/checks" not in shown and "Traceback" not in shown
    notebook.close()


def test_validate_fails_the_blank(browser):
    notebook = Notebook(browser, f"assignments/{PART}/{PART}.ipynb")
    browser.click("jp-button.validate-button", "Validate")
    text = browser.see(".nbgrader-ErrorDialog .validation-failed").text
    assert "CheckFailed: conv_output_size is not written yet" in text
    assert "course_utils/checks" not in text
    browser.shot("validate-blank")
    browser.click(".nbgrader-ErrorDialog .jp-mod-accept")
    browser.gone(".nbgrader-ErrorDialog")
    notebook.close()


def test_validate_passes_the_solution(browser, course, source_and_release):
    path = course.root / "filled" / f"{PART}.ipynb"
    path.parent.mkdir()
    nbformat.write(filled(source_and_release), path)
    notebook = Notebook(browser, f"filled/{PART}.ipynb")
    browser.click("jp-button.validate-button", "Validate")
    text = browser.see(".nbgrader-SuccessDialog .validation-success").text
    assert "passes all the tests" in text
    browser.shot("validate-solution")
    browser.click(".nbgrader-SuccessDialog .jp-mod-accept")
    browser.gone(".nbgrader-SuccessDialog")
    notebook.close()


# -- the Formgrader --------------------------------------------------------------------------------
def row_of(browser, student):
    """Return the row of a student on the page that manages submissions."""
    for row in browser.all("#main-table tr"):
        cells = row.find_elements("css selector", ".student-id")
        if cells and cells[0].text == student:
            return row
    raise NoSuchElementException(f"no row of {student}")  # the page may be drawing it anew


def press_button(browser, student, button):
    """Press a button in the row of a student and close the message that follows."""
    browser.open(f"formgrader/manage_submissions/{PART}")
    browser.see("#main-table .student-id", student)

    def pressed():
        row_of(browser, student).find_element("css selector", f".{button} a").click()
        return True

    browser.wait(pressed, f"{button} of {student}")
    title = browser.wait(lambda: browser.see(".modal.in .modal-title").text, "a message")
    assert title == "Success", browser.see(".modal.in").text
    browser.click(".modal.in button.close, .modal.in .modal-footer button")
    browser.gone(".modal")


def in_row(browser, student, text):
    """Wait until the row of a student shows `text`."""
    browser.wait(lambda: text in row_of(browser, student).text, f"{text!r} in the row of {student}")


def most(source):
    """Return the points that a submission can have."""
    return sum(test.points for test in source.tests.values()) + sum(source.manual.values())


def test_the_formgrader_opens_in_jupyterlab(browser):
    browser.open("lab?reset")
    browser.click(".lm-MenuBar-itemLabel", "Nbgrader")
    browser.click(".lm-Menu-itemLabel", "Formgrader")
    with browser.inside("iframe"):
        browser.see("#main-table td.name a", PART)
        browser.shot("formgrader")


@pytest.mark.parametrize("student", ["ada", "ben"])
def test_the_autograde_button_grades_as_course_does(browser, course, hand_in, rounds_up, student):
    lost = rounds_up.fails if student == "ben" else ()
    hand_in(student, **({"conv_output_size": rounds_up.source} if lost else {}))
    browser.open(f"formgrader/manage_submissions/{PART}")
    browser.see("#main-table .student-id", student)
    in_row(browser, student, "needs autograding")
    press_button(browser, student, "autograde")
    source, _ = load(course, PART)
    points = sum(t.points for t in source.tests.values() if t.id not in lost)
    in_row(browser, student, f"{points:g} / {most(source):g}")
    browser.shot(f"autograded-{student}")
    scores = Gradebook(course).auto_scores(PART)[student]
    wanted = {t.id: 0 if t.id in lost else t.points for t in source.tests.values()}
    assert scores == wanted | dict.fromkeys(source.manual)
    graded = nbformat.read(course.autograded / student / PART / f"{PART}.ipynb", as_version=4)
    verdicts = graded.metadata["course"]["verdicts"]
    assert {name for name, verdict in verdicts.items() if not verdict["passed"]} == set(lost)
    assert all(rounds_up.says in verdicts[name]["message"] for name in lost)


def test_a_score_typed_by_hand_reaches_the_gradebook(browser, course, hand_in):
    hand_in("cleo")
    assert {r.student: r.outcome for r in Grader(course, PART, workers=2).run()}["cleo"] == "graded"
    source, _ = load(course, PART)
    cell, points = next(iter(source.manual.items()))
    given = 0.75 * points
    before = Gradebook(course).final_scores(PART)["cleo"]
    browser.open(f"formgrader/gradebook/{PART}/{PART}")
    browser.see("#main-table td.name a")
    browser.click("#toggle_names")
    browser.click("#main-table td.name a.name-shown", "cleo")
    field = browser.see(f"input.score[id='{cell}']")
    browser.wait(lambda: browser.js("return formgrader.grades?.loaded"), "the scores")
    field.send_keys(f"{given:g}", Keys.TAB)
    browser.wait(
        lambda: Gradebook(course).final_scores(PART)["cleo"] == before + given, "the score"
    )
    browser.shot("manual-grading")
    browser.open(f"formgrader/gradebook/{PART}/{PART}")
    browser.see("#main-table td.name a")
    browser.click("#toggle_names")
    row = browser.see("#main-table tr", "cleo")
    assert f"{before + given:g} / {most(source):g}" in row.text
    written = f"{given:g} / {sum(source.manual.values()):g}"
    assert written in row.find_element("css selector", ".written-score").text
    browser.shot("gradebook")


def test_feedback_from_the_button_tells_no_hidden_test(browser, course, hand_in, rounds_up):
    hand_in("dan", conv_output_size=rounds_up.source)
    list(Grader(course, PART, workers=2).run())
    press_button(browser, "dan", "generate-feedback")
    page = course.feedback / "dan" / PART / f"{PART}.html"
    browser.open(page.as_uri())
    browser.see("body", rounds_up.says)
    source, _ = load(course, PART)
    own = {line.strip() for answer in source.answers.values() for line in answer.splitlines()}
    blocks = [block for test in source.tests.values() for block in HIDDEN.findall(test.source)]
    lines = {line.strip() for block in blocks for line in block.splitlines()} - own
    hidden = {line for line in lines if len(line) > 25}
    assert len(hidden) > 50
    written = html.unescape(re.sub(r"<[^>]*>", "", page.read_text()))  # what is not displayed, too
    assert hidden & {line.strip() for line in written.splitlines()} == set()
    assert "HIDDEN TESTS" not in written
    for width in WIDTHS:
        browser.driver.set_window_size(width, 1000)
        browser.shot(f"feedback-{width}")
    browser.driver.set_window_size(1280, 1000)
