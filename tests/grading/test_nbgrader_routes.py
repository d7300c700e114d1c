"""nbgrader's own commands and the Formgrader give what `course grade` gives, on odd submissions too."""

import datetime
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from conftest import PART, ROOT
from nbgrader.utils import notebook_hash

from course_utils.authoring.release import release
from course_utils.authoring.verify import with_answers
from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.grading import nbgrader_hooks
from course_utils.grading.feedback import write_feedback
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook

pytestmark = pytest.mark.grading
DUE = datetime.datetime(2026, 12, 1, 23, 59)
NAME = f"{PART}.ipynb"
WRITTEN = "pooling-and-costs"


def nbgrader(course, *arguments):
    """Run one of nbgrader's commands as a person does, in the course's folder."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root, capture_output=True, text=True, env=os.environ | {"PATH": path},
    )  # fmt: skip


# -- every kind of odd submission, graded both ways ------------------------------------------------
def _kinds(course):
    """Return student → file name → bytes."""
    source, handed_out = load(course, PART)
    right = with_answers(handed_out, source.answers)
    first = next(iter(source.answers))

    def data(change=lambda notebook: None):
        notebook = nbformat.reads(nbformat.writes(right), as_version=4)
        change(notebook)
        return nbformat.writes(notebook).encode()

    def cell(notebook, name):
        return next(c for c in notebook.cells if c.id == name)

    def wrong(notebook):
        cell(notebook, first).source = "raise RuntimeError('no')"

    def merged(notebook):
        into, other = (cell(notebook, name) for name in list(source.answers)[:2])
        into.source += "\n\n\n" + other.source
        notebook.cells.remove(other)

    def below(notebook):
        at = notebook.cells.index(cell(notebook, WRITTEN))
        notebook.cells.insert(at + 1, nbformat.v4.new_markdown_cell("Pooling adds no parameters."))

    def lost(notebook):
        cell(notebook, WRITTEN).source = "Pooling adds no parameters."
        cell(notebook, WRITTEN).metadata = {}

    def imports(notebook):
        cell(notebook, first).source = "from helper import *\n" + cell(notebook, first).source

    good, blank = data(), nbformat.writes(handed_out).encode()
    other = (
        ROOT / "assignments" / "02_conv_pool_backprop" / "02_conv_pool_backprop.ipynb"
    ).read_bytes()
    return {
        "wrong": {NAME: data(wrong)},
        "bom-crlf": {NAME: b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n")},
        "utf-16": {NAME: good.decode().encode("utf-16")},
        "renamed": {"homework.ipynb": good, "._homework.ipynb": b"\0\5\x16\7 Mac OS X"},
        "copy-has-work": {NAME: blank, f"{PART}-Copy1.ipynb": good},
        "nested": {f"my work/hw 1/{NAME}": good},
        "odd-extension": {f"{NAME}.json": good},
        "archive": {"work.zip": b"PK\3\4"},
        "no-notebook": {NAME: b"\x89PNG\r\n"},
        "nothing": {},  # an empty folder, which is nobody's
        "other-part": {NAME: other},
        "merged": {NAME: data(merged)},
        "written-below": {NAME: data(below)},
        "written-lost": {NAME: data(lost)},
        "helper": {NAME: data(imports), "helper.py": b"k = 3\n", "page.html": b"<script>"},
        "late": {NAME: good, "timestamp.txt": b"2026-12-01 23:30:00 PST"},
        "unclear": {NAME: good, "timestamp.txt": "gestern".encode("utf-16")},
        "Zoë de la Cruz": {NAME: good},
    }  # fmt: skip


STUDENTS = [
    "wrong", "bom-crlf", "utf-16", "renamed", "copy-has-work", "nested", "odd-extension", "archive",
    "no-notebook", "other-part", "merged", "written-below", "written-lost", "helper", "late",
    "unclear", "Zoë de la Cruz", "pipes", "links",
]  # fmt: skip


def _hand_in(course):
    kinds = _kinds(course)
    for student, files in kinds.items():
        folder = course.submitted / student / PART
        folder.mkdir(parents=True)
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    folder = course.submitted / "pipes" / PART
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(kinds["late"][NAME])
    os.mkfifo(folder / "timestamp.txt")
    os.mkfifo(folder / "data.csv")
    folder = course.submitted / "links" / PART
    folder.mkdir(parents=True)
    (folder / NAME).symlink_to(course.source_notebook(PART))
    (folder / "data.txt").symlink_to(course.root / "constraints.txt")


def _state(course):
    """Return student → all that gradebook and autograded folder hold about the submission."""
    found = {}
    book = Gradebook(course)
    with book.transaction() as session:
        for submission in book.find(session, PART).submissions:
            folder = course.autograded / submission.student_id / PART
            about = json.loads((folder / NAME).read_text(encoding="utf-8"))["metadata"]["course"]
            grades = [g for n in submission.notebooks for g in n.grades]
            comments = [c for n in submission.notebooks for c in n.comments]
            found[submission.student_id] = {
                "outcome": about["outcome"],
                "notes": about["notes"],
                "warnings": about["warnings"],
                "timestamp": submission.timestamp,
                "score": submission.score,
                "penalty": submission.late_submission_penalty,
                "grades": {g.cell.name: (g.auto_score, g.needs_manual_grade) for g in grades},
                "comments": {c.cell.name: c.auto_comment for c in comments},
                "files": sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")),
            }
    return found


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The state after `course grade`, and after ``nbgrader autograde`` with a new gradebook."""
    root = tmp_path_factory.mktemp("routes")
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, root / name)
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, root / name)
    course = Course(root)
    release(course, PART)
    Gradebook(course).set_due(PART, DUE)
    _hand_in(course)
    path = Gradebook.path_of(course)
    before = path.read_bytes()
    list(Grader(course, PART, workers=2).run())
    ours = _state(course)
    shutil.rmtree(course.autograded)
    path.write_bytes(before)
    done = nbgrader(course, "autograde", PART)
    return ours, _state(course), done


def test_autograde_stops_at_nothing_and_an_empty_folder_is_nobody(both):
    ours, theirs, done = both
    assert done.returncode == 0, done.stderr
    assert sorted(theirs) == sorted(ours) == sorted(STUDENTS)


@pytest.mark.parametrize("student", STUDENTS)
def test_autograde_gives_what_course_grade_gives(both, student):
    ours, theirs, _ = both
    assert theirs[student] == ours[student]


@pytest.mark.parametrize(
    "student, outcome, share",
    [
        ("bom-crlf", "graded", 1), ("utf-16", "graded", 1), ("renamed", "renamed", 1), ("nested", "renamed", 1),
        ("odd-extension", "renamed", 1), ("copy-has-work", "blank", 0), ("archive", "unreadable", 0),
        ("no-notebook", "unreadable", 0), ("links", "unreadable", 0),
        ("other-part", "wrong assignment", 0), ("merged", "cells restored", 1), ("helper", "graded", 1),
        ("pipes", "graded", 1), ("Zoë de la Cruz", "graded", 1),
    ],
)  # fmt: skip
def test_odd_submissions_get_what_they_are_worth(both, student, outcome, share):
    found = both[1][student]
    assert found["outcome"] == outcome
    assert found["score"] == pytest.approx(90 * share)


@pytest.mark.parametrize("student", ["written-below", "written-lost"])
def test_a_written_answer_waits_for_a_person(both, student):
    assert both[1][student]["grades"][WRITTEN] == (None, True)


def test_autograde_takes_lateness_off(both):
    assert both[1]["late"]["penalty"] == pytest.approx(4.5)
    assert both[1]["unclear"]["penalty"] == 0


def test_autograde_names_a_timestamp_that_cannot_be_read(both):
    said = both[2].stderr
    assert "'gestern'" in said and "unclear" in said


# -- the Formgrader --------------------------------------------------------------------------------
FORMGRADER = """
import json, sys
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
app = NbGrader()
app.load_config_file()
app.config.Application.log_level = 50
api = NbGraderAPI(app.coursedir, parent=app)
json.dump(eval(sys.argv[1]), sys.stdout, default=str)
"""


def formgrader(course, asked):
    """Ask what the Formgrader's pages ask, in a process of its own as the Jupyter server is."""
    done = subprocess.run(
        [sys.executable, "-c", FORMGRADER, asked], cwd=course.root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout[done.stdout.index("{" if "autograde(" in asked else "[") :])


TIMESTAMPS = {
    "clear": "2026-12-02 09:00:00 +0100",
    "garbage": "yesterday",
    "year-9999": "9999-12-31 23:59:00 -0100",
    "empty": "",
    "utf-16": "2026-12-02 08:00:00 UTC".encode("utf-16"),
}


def test_manage_submissions_shows_everybody_beside_bad_timestamps(course, submit):
    for student, text in TIMESTAMPS.items():
        folder = submit(student)
        (folder / "timestamp.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    os.mkfifo(submit("pipe") / "timestamp.txt")
    (submit("folder") / "timestamp.txt").mkdir()
    found = {
        s["student"]: s["timestamp"] for s in formgrader(course, f"api.get_submissions('{PART}')")
    }
    assert found == dict.fromkeys([*TIMESTAMPS, "pipe", "folder"]) | {
        "clear": "2026-12-02T08:00:00",
        "utf-16": "2026-12-02T08:00:00",
    }


def test_what_is_graded_is_shown_as_graded(course, submit):
    (submit("ada") / "timestamp.txt").write_text("yesterday")
    (submit("ben") / "timestamp.txt").write_text("2026-12-02 09:00:00 +0100")
    list(Grader(course, PART, workers=2).run())
    found = {
        s["student"]: s["autograded"] for s in formgrader(course, f"api.get_submissions('{PART}')")
    }
    assert found == {"ada": True, "ben": True}


def test_the_formgraders_button_grades_a_renamed_notebook(course, submit):
    submit("ada", name="homework.ipynb")
    said = formgrader(course, f"api.autograde('{PART}', 'ada')")
    assert said["success"], said
    assert _state(course)["ada"]["outcome"] == "renamed"
    assert _state(course)["ada"]["score"] == 90


def test_a_timestamp_that_was_taken_away_is_no_longer_late(course, submit):
    Gradebook(course).set_due(PART, DUE)
    folder = submit("ada")
    (folder / "timestamp.txt").write_text("2026-12-02 08:00:00 UTC")
    assert nbgrader(course, "autograde", PART).returncode == 0
    assert _state(course)["ada"]["penalty"] == pytest.approx(4.5)
    (folder / "timestamp.txt").unlink()
    assert nbgrader(course, "autograde", PART, "--force").returncode == 0
    assert _state(course)["ada"]["penalty"] == 0
    assert _state(course)["ada"]["timestamp"] is None


# -- feedback, collecting, Validate ----------------------------------------------------------------
def _page(course, student, **files):
    folder = course.feedback / student / PART
    folder.mkdir(parents=True)
    (folder / f"{PART}.html").write_text(f"<p>{student}</p>")
    for name, data in files.items():
        (folder / f"{name}.txt").write_bytes(data)


def test_release_feedback_goes_on_without_a_timestamp_or_a_secret(course):
    _page(course, "by-hand")
    _page(course, "no-time", submission_secret=b"one")
    _page(course, "odd-time", submission_secret=b"two", timestamp="gestern".encode("utf-16"))
    _page(course, "usual", submission_secret=b"three", timestamp=b"2026-12-02 08:00:00 UTC")
    _page(course, "huge", submission_secret=b"x" * 10_000)
    done = nbgrader(course, "release_feedback", PART)
    assert done.returncode == 0, done.stderr
    out = course.grading / "exchange" / "convnets" / "feedback"
    found = {p.name: p.read_text() for p in out.iterdir()}
    assert found == {
        notebook_hash(secret=secret, notebook_id=PART) + ".html": f"<p>{student}</p>"
        for secret, student in [("one", "no-time"), ("two", "odd-time"), ("three", "usual")]
    }
    assert "'by-hand' was not released" in done.stderr
    assert "'huge' was not released" in done.stderr


def test_a_page_by_nbgrader_is_the_one_by_course_with_a_due_date_that_was_moved(course, submit):
    (submit("ada") / "timestamp.txt").write_text("2026-12-02 08:00:00 UTC")
    list(Grader(course, PART, workers=2).run())
    Gradebook(course).set_due(PART, DUE)
    assert nbgrader(course, "generate_feedback", PART).returncode == 0
    page = course.feedback / "ada" / PART / f"{PART}.html"
    theirs = page.read_text(encoding="utf-8")
    assert "8 hours 1 minute late" in theirs
    write_feedback(course, PART)
    assert page.read_text(encoding="utf-8") == theirs


def test_release_feedback_again_replaces_the_page(course):
    _page(course, "ada", submission_secret=b"one")
    assert nbgrader(course, "release_feedback", PART).returncode == 0
    page = course.feedback / "ada" / PART / f"{PART}.html"
    page.write_text("<p>better</p>")
    assert nbgrader(course, "release_feedback", PART).returncode == 0
    (found,) = (course.grading / "exchange" / "convnets" / "feedback").iterdir()
    assert found.read_text() == "<p>better</p>"


def test_collect_takes_everybodys_files_and_follows_no_link(course):
    inbound = course.grading / "exchange" / "convnets" / "inbound"
    for student in ("ada", "ben", "eve"):
        folder = inbound / f"{student}+{PART}+2026-12-02 08:00:00 UTC+x"
        folder.mkdir(parents=True)
        (folder / NAME).write_text("{}")
    os.mkfifo(inbound / f"ben+{PART}+2026-12-02 08:00:00 UTC+x" / "data.csv")
    eve = inbound / f"eve+{PART}+2026-12-02 08:00:00 UTC+x"
    (eve / "notes.txt").symlink_to(course.root / "constraints.txt")
    (inbound / f"zoe+{PART}+2026-12-02 08:00:00 UTC+x").symlink_to(course.sources)
    done = nbgrader(course, "collect", PART)
    assert done.returncode == 0, done.stderr
    found = {p.relative_to(course.submitted).as_posix() for p in course.submitted.rglob("*.*")}
    assert found == {f"{student}/{PART}/{NAME}" for student in ("ada", "ben", "eve")}


def test_zip_collect_keeps_downloads_below_the_grading_folder(course):
    archive = course.grading / "downloaded" / PART / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "all.zip", "w") as file:
        file.write(
            course.releases / PART / NAME, f"hw_ada_attempt_2026-12-02-08-00-00_{PART}.ipynb"
        )
    pattern = r".*hw_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
    option = f"--FileNameCollectorPlugin.named_regexp={pattern}"
    done = nbgrader(course, "zip_collect", PART, option)
    assert done.returncode == 0, done.stderr
    folder = course.submitted / "ada" / PART
    assert (folder / NAME).read_bytes() == (course.releases / PART / NAME).read_bytes()
    assert (folder / "timestamp.txt").read_text() == "2026-12-02 08:00:00"
    assert not (course.root / "downloaded").exists()
    assert (course.grading / ".gitignore").read_text() == "*\n"


def test_an_instructors_validate_reads_a_byte_order_mark(course):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Grüße")])
    path = course.root / "mine.ipynb"
    path.write_bytes(nbformat.writes(notebook).replace("\n", "\r\n").encode("utf-8-sig"))
    done = nbgrader(course, "validate", "mine.ipynb")
    assert done.returncode == 0, done.stderr


def test_another_nbgrader_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(nbgrader_hooks, "__version__", "0.10.0")
    with pytest.warns(UserWarning, match=r"nbgrader is 0\.10\.0"):
        nbgrader_hooks.install()


def test_the_nbgrader_that_is_installed_is_the_one_whose_methods_are_replaced():
    pinned = (ROOT / "constraints.txt").read_text()
    assert f"nbgrader=={nbgrader_hooks.TESTED}\n" in pinned
