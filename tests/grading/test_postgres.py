"""A gradebook on a PostgreSQL server: what a file gives, with one writer at a time."""

import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
import servers
from click.testing import CliRunner
from conftest import PART, ROOT, need
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from course_utils.authoring.release import release
from course_utils.cli import main
from course_utils.course.files import course_secret
from course_utils.course.folders import Course, CourseError
from course_utils.grading import database, gradebook
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.reading import Reading
from course_utils.grading.roster import Person, load_roster, merge, read_roster

pytestmark = [pytest.mark.cluster, pytest.mark.grading]
MANUAL = "pooling-and-costs"
PEOPLE = "student_id,first_name,last_name\nada,Ada,L\nben,Ben,M\ncy,Cy,N\nzoë ø,Zoë,Ø\n"
_numbers = count()


@pytest.fixture(scope="module")
def server():
    programs = servers.postgres_programs()
    if programs is None:
        need("initdb", "postgresql")
    there = servers.Postgres(programs)
    yield there
    there.remove()


def keep_on(course: Course, url: str) -> Course:
    """Have a course keep its gradebook at an address, whatever it had before."""
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
    return Course(course.root)


@pytest.fixture
def served(course, submit, server):
    """A course whose part 01 is in a database of its own on the server; Ada and Ben have handed in."""
    submit("ada")
    (submit("ben", answers={}) / "timestamp.txt").write_text("2026-12-02 12:00:00 UTC")
    course_secret(course)  # made before the course is copied
    if not hasattr(server, "released"):
        server.released = True  # a release takes seconds: it is made once, then copied
        release(keep_on(course, server.database("released")), PART)
    return keep_on(course, server.database(f"book{next(_numbers)}", "released"))


def term(course, monkeypatch):
    """Play every verb that asks the gradebook; return what they said and what they wrote."""
    monkeypatch.chdir(course.root)
    said = []

    def run(line):
        done = CliRunner().invoke(main, line.split())
        assert done.exit_code == 0, (line, done.output, done.exception)
        said.append(re.sub(r"T\d{6}|\d+:\d+:\d+", "", done.output))

    (course.root / "people.csv").write_text(PEOPLE)
    run("release 01 --due 2026-12-01")
    run("roster people.csv")
    run("grade 01 --workers 2")
    reading = Reading(course, PART)
    for answer in reading.answers(MANUAL):
        reading.save(MANUAL, answer.key, 7.5, f"well said, {answer.name}\0")
    run("extend ben 01 --days 5")
    run("grade 01 --again --workers 2")
    run("excuse cy 01 --reason ill")
    run("feedback 01")
    run("report 01")
    run("export 01")
    run("export 01 --for canvas --column P1")
    run("drop ada")
    run("export 01 --to last.csv")
    files = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for place in ("grading/exports", "grading/feedback")
        for path in sorted((course.root / place).rglob("*.*"))
    }
    files["last.csv"] = (course.root / "last.csv").read_bytes()
    book = Gradebook(course)
    return said, files, book.marks(PART), load_roster(course).people


def test_every_verb_does_what_it_does_with_a_file(served, server, tmp_path, monkeypatch):
    local = Course(tmp_path / "local")
    skip = shutil.ignore_patterns("local", "gradebook.db")
    shutil.copytree(served.root, local.root, ignore=skip)
    local = keep_on(local, f"sqlite:///{local.grading / 'gradebook.db'}")
    on_server, in_file = term(served, monkeypatch), term(local, monkeypatch)
    assert on_server[2]["ben"].cells[MANUAL] == 7.5 and set(on_server[2]) == {"ben"}
    assert len(on_server[1]) >= 5
    assert not (served.grading / "gradebook.db").exists() or not Gradebook.path_of(served)
    for ours, theirs in zip(on_server, in_file, strict=True):
        assert ours == theirs


def test_nbgrader_grades_into_it(served):
    list(Grader(served, PART, workers=2).run())
    before = Gradebook(served).auto_scores(PART)
    command = [sys.executable, "-m", "nbgrader", "autograde", PART, "--student", "ada", "--force"]
    done = subprocess.run(command, cwd=served.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Gradebook(served).auto_scores(PART) == before


def test_long_texts_and_nul_characters_are_cut(served):
    path = served.root / "people.csv"
    path.write_text(f"student_id,first_name,last_name\n{'é' * 100},{'ü' * 300},A\0B\n")
    merge(served, read_roster(path))
    [person] = [p for p in load_roster(served).people if p.id == "é" * 100]
    assert (person.first_name, person.last_name) == ("ü" * 128, "AB")


def test_two_programs_add_the_same_people(served):
    people = [Person(f"s{number}", "S", str(number)) for number in range(40)]
    begin = threading.Barrier(4)

    def add(rotated):
        begin.wait()
        return merge(served, people[rotated:] + people[:rotated])

    with ThreadPoolExecutor(4) as pool:
        merged = list(pool.map(add, (0, 10, 20, 30)))
    assert sorted(len(m.new) for m in merged) == [0, 0, 0, 40]


def connected(course):
    return create_engine(course.db_url, poolclass=NullPool).connect()


def test_who_waits_for_another_writer_says_so(served, monkeypatch):
    said = []
    with connected(served) as other:
        other.execute(text(f"SELECT pg_advisory_lock({database.WRITER})"))

        def say(line):
            said.append(line)
            other.execute(text("SELECT pg_advisory_unlock_all()"))

        Gradebook(served, say).set_due(PART, None)
        assert said == ["The gradebook is in use by another program; waiting for it …"]
        other.execute(text(f"SELECT pg_advisory_lock({database.WRITER})"))
        monkeypatch.setattr(gradebook, "PATIENCE", 0)
        with pytest.raises(CourseError, match="locked by another program"):
            Gradebook(served).set_due(PART, None)


def test_two_machines_do_not_grade_one_part(served):
    with database.alone(Gradebook(served).engine, PART) as is_alone:
        assert is_alone
        with pytest.raises(CourseError, match="another `course grade` is at work"):
            list(Grader(served, PART).run())
    assert len(list(Grader(served, PART, workers=2).run())) == 2


def test_a_server_that_is_gone_costs_nothing(served, server):
    url = served.db_url.replace("course@", "course:geheim@")
    served = keep_on(served, url)
    results = Grader(served, PART, workers=1).run()
    first = next(results)
    server.stop()
    try:
        with pytest.raises(CourseError, match="when the server answers again") as told:
            list(results)
        assert "geheim" not in str(told.value) and "course:***@" in str(told.value)
        with pytest.raises(CourseError, match="cannot be used: .*connection"):
            Gradebook(served)
    finally:
        server.start()
    again = {r.student: r.fresh for r in Grader(served, PART, workers=1).run()}
    assert again == {first.student: False, ({"ada", "ben"} - {first.student}).pop(): True}


# -- what is told ----------------------------------------------------------------------------------
def test_one_message_says_that_the_driver_is_missing(course):
    keep_on(course, "postgresql://course@/book")
    code = (
        "import sys; sys.modules['psycopg'] = None; from course_utils.cli import main; "
        f"main(['export', '{PART}'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course.root, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == (
        "course: the gradebook is on a server, and the driver psycopg is not installed: "
        "pip install -c constraints.txt -e '.[postgres]'\n"
    )


@pytest.mark.parametrize("url", ["gradebook", "postgre://course@/book"])
def test_an_address_that_is_none_is_named(course, url):
    with pytest.raises(CourseError, match="no address of a gradebook"):
        Gradebook(keep_on(course, url))


def test_the_guide_names_the_extra_and_the_setting():
    guide = (ROOT / "docs" / "from-laptop-to-cluster.md").read_text()
    assert database.INSTALL in guide and 'c.CourseDirectory.db_url = "postgresql://' in guide
