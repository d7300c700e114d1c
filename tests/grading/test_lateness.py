"""Late penalties follow whatever they depend on, without a regrade."""

import datetime
import shutil

import pytest
from conftest import PART
from nbgrader.api import Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import event, select

from course_utils.course.folders import Course
from course_utils.course.release import load
from course_utils.grading import lateness
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.lateness import penalty_of, refresh

pytestmark = pytest.mark.grading
DUE = datetime.datetime(2026, 12, 1, 12)
LATE = "2026-12-03 11:00:00 UTC"  # on the second day
WRITTEN = "pooling-and-costs"
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def hand_in(course):
    """Put a submission with full marks in its tests into folder and gradebook."""
    source, _ = load(course, PART)
    book = Gradebook(course)
    book.set_due(PART, DUE)

    def give(student, timestamp=LATE, share=1.0):
        folder = course.submitted / student / PART
        folder.mkdir(parents=True)
        if timestamp is not None:
            (folder / "timestamp.txt").write_text(timestamp)
        scores = {t.id: t.points * share for t in source.tests.values()}
        book.save(
            PART, student, scores | dict.fromkeys(source.manual), set(), None, penalty_of(course)
        )
        return folder

    give.points = sum(t.points for t in source.tests.values())
    return give


def penalties(course):
    book = Gradebook(course)
    with book.transaction() as session:
        found = book.find(session, PART).submissions
        return {s.student_id: s.late_submission_penalty for s in found}


def change(course, what):
    """Change something in the gradebook behind our back, as the Formgrader does."""
    with Gradebook(course).transaction() as session:
        what(session)


def test_the_penalty_follows_the_file(course, hand_in):
    folder = hand_in("ada")
    assert refresh(course, PART) == {}
    assert penalties(course) == {"ada": pytest.approx(hand_in.points * 0.10)}
    (folder / "timestamp.txt").write_text("2026-12-01 11:00:00 UTC")
    refresh(course, PART)
    assert penalties(course) == {"ada": 0}


def test_a_moved_due_date_shows(course, hand_in):
    hand_in("ada")
    refresh(course, PART)
    Gradebook(course).set_due(PART, DUE + 24 * HOUR)
    refresh(course, PART)
    assert penalties(course) == {"ada": pytest.approx(hand_in.points * 0.05)}
    Gradebook(course).set_due(PART, None)
    refresh(course, PART)
    assert penalties(course) == {"ada": 0}


def test_an_extension_shows(course, hand_in):
    hand_in("ada")
    hand_in("ben")
    refresh(course, PART)

    def extend(session):
        query = select(SubmittedAssignment).where(SubmittedAssignment.student_id == "ada")
        session.scalar(query).extension = 72 * HOUR

    change(course, extend)
    refresh(course, PART)
    assert penalties(course) == {"ada": 0, "ben": pytest.approx(hand_in.points * 0.10)}


def test_another_policy_shows(course, hand_in):
    hand_in("ada")
    refresh(course, PART)
    path = course.root / "nbgrader_config.py"
    path.write_text(path.read_text().replace("percent_per_day = 5", "percent_per_day = 20"))
    refresh(Course(course.root), PART)
    assert penalties(course) == {"ada": pytest.approx(hand_in.points * 0.40)}


def test_a_mark_given_by_hand_shows(course, hand_in):
    hand_in("ada")
    refresh(course, PART)

    def mark(session):
        for grade in session.scalars(select(Grade)):
            if grade.cell.name == WRITTEN:
                grade.manual_score = 6.0

    change(course, mark)
    refresh(course, PART)
    assert penalties(course) == {"ada": pytest.approx((hand_in.points + 6) * 0.10)}


def test_what_the_gradebook_has_is_kept_where_the_folder_is_gone(course, hand_in):
    folder = hand_in("ada")
    refresh(course, PART)
    shutil.rmtree(folder)
    refresh(course, PART)
    assert penalties(course) == {"ada": pytest.approx(hand_in.points * 0.10)}


def test_a_file_that_was_taken_away_is_on_time(course, hand_in):
    folder = hand_in("ada")
    refresh(course, PART)
    (folder / "timestamp.txt").unlink()
    refresh(course, PART)
    assert penalties(course) == {"ada": 0}


def test_what_cannot_be_read_is_told_by_student(course, hand_in):
    hand_in("ada", "02/12/2026 08:00")
    hand_in("ben")
    found = refresh(course, PART)
    assert list(found) == ["ada"]
    assert "02/12/2026 08:00" in found["ada"][0]
    assert penalties(course)["ada"] == 0


@pytest.mark.parametrize("taken", [-3.0, 1e9, None, float("nan")])
def test_a_penalty_is_neither_negative_nor_more_than_the_score(course, hand_in, monkeypatch, taken):
    hand_in("ada", share=0.5)
    monkeypatch.setattr(
        "course_utils.grading.late.DailyPenalty.late_submission_penalty", lambda *_: taken
    )
    refresh(course, PART)
    assert penalties(course) == {"ada": hand_in.points / 2 if taken == 1e9 else 0}


def test_a_score_below_zero_loses_nothing(course, hand_in):
    hand_in("ada", share=0.0)

    def mark(session):
        for grade in session.scalars(select(Grade)):
            if grade.cell.name == WRITTEN:
                grade.manual_score, grade.extra_credit = 0.0, -2.0

    change(course, mark)
    refresh(course, PART)
    assert penalties(course) == {"ada": 0}


def test_nothing_is_written_where_nothing_changed(course, hand_in, monkeypatch):
    hand_in("ada")
    hand_in("ben", timestamp=None)
    refresh(course, PART)
    said = []

    class Watched(Gradebook):
        def __init__(self, *args):
            super().__init__(*args)
            event.listen(self.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    monkeypatch.setattr(lateness, "Gradebook", Watched)
    refresh(course, PART)
    assert said
    assert not [text for text in said if text.startswith(("UPDATE", "INSERT", "DELETE"))]


def test_only_one_student_is_looked_at_where_one_is_named(course, hand_in):
    hand_in("ada")
    hand_in("ben")
    refresh(course, PART, "ben")
    assert penalties(course) == {"ada": 0, "ben": pytest.approx(hand_in.points * 0.10)}


def test_the_number_of_questions_to_the_gradebook_does_not_grow_with_the_class(
    course, hand_in, monkeypatch
):
    said = []

    class Watched(Gradebook):
        def __init__(self, *args):
            super().__init__(*args)
            event.listen(self.engine, "before_cursor_execute", lambda *a: said.append(a[2]))

    monkeypatch.setattr(lateness, "Gradebook", Watched)
    counts = []
    for number in range(3):
        hand_in(f"s{number}")
        refresh(course, PART)
        said.clear()
        refresh(course, PART)
        counts.append(len(said))
    assert len(set(counts)) == 1


def test_no_submissions_is_nothing_unusual(course):
    assert refresh(course, PART) == {}
    assert refresh(course, "02_conv_pool_backprop") == {}  # never released
    Gradebook.path_of(course).unlink()
    assert refresh(course, PART) == {}


def test_the_notebook_holds_no_penalty_where_there_is_none(course, hand_in):
    hand_in("ada", timestamp=None)
    refresh(course, PART)
    with Gradebook(course).transaction() as session:
        assert session.scalars(select(SubmittedNotebook.late_submission_penalty)).all() == [None]
