"""`course collect` and ``nbgrader zip_collect``: files at their place, nothing lost, nobody guessed."""

import csv
import os
import subprocess
import sys
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from conftest import PART

from course_utils.cli import main
from course_utils.course.folders import CourseError, UsageProblem
from course_utils.grading.collect import NEW, OLDER, REPLACED, SAME, collect
from course_utils.grading.roster import Person, merge
from course_utils.grading.timestamps import read_timestamp

pytestmark = pytest.mark.grading

NB = f"{PART}.ipynb"
PEOPLE = [
    Person("ada", "Ada", "Lovelace", "ada@uni.example", "71"),
    Person("joerg", "Jörg", "Müller-Lüdenscheidt"),
    Person("kim1", "Min", "Kim"),
    Person("kim2", "Min", "Kim"),
    Person("zoe", "Zoë", "D’Arcy"),
]
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def roster(course):
    merge(course, PEOPLE)
    return course


def zipped(path, entries):
    """Write an archive of entry → text."""
    with zipfile.ZipFile(path, "w") as archive:
        for entry, text in entries.items():
            archive.writestr(entry, text)
    return path


def there(course, student):
    """Return what stands in a submission, the time apart."""
    folder = course.submitted / student / PART
    files = {
        p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()
    }
    files.pop("timestamp.txt", None)
    return files


def outcomes(done):
    return {one.student: one.outcome for one in done.found}


def test_moodle(roster, tmp_path):
    path = zipped(tmp_path / "a.zip", {
        f"Ada Lovelace_1_assignsubmission_file_/{NB}": "ada's",
        "Ada Lovelace_1_assignsubmission_file_/data/x.csv": "1,2",
        f"Jörg Müller-Lüdenscheidt_2_assignsubmission_file_/{NB}": "joerg's",
        "Zoë D'Arcy_5_assignsubmission_onlinetext_/onlinetext.html": "no file",
        f"Min Kim_3_assignsubmission_file_/{NB}": "one Kim's",
        f"Min Kim_4_assignsubmission_file_/{NB}": "the other's",
        f"Ada Lovelase_6_assignsubmission_file_/{NB}": "whose?",
    })  # fmt: skip
    done = collect(roster, PART, path)
    assert done.platform == "Moodle" and outcomes(done) == {"ada": NEW, "joerg": NEW}
    assert there(roster, "ada") == {NB: "ada's", "data/x.csv": "1,2"}
    assert there(roster, "joerg") == {NB: "joerg's"}
    assert done.left["Min Kim_3"] == "2 people are called Min Kim: kim1, kim2"
    assert "near: ada" in done.left["Ada Lovelase_6"] and "no file" in done.left["Zoë D'Arcy_5"]
    assert done.absent == ["kim1", "kim2", "zoe"]
    with done.record.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(r["outcome"] for r in rows) == ["left"] * 4 + ["new"] * 3
    # A person settles what nobody can find out.
    done = collect(roster, PART, path, {"Min Kim_3": "kim2", "Min Kim_4": "kim1"})
    assert outcomes(done) == {"ada": SAME, "joerg": SAME, "kim1": NEW, "kim2": NEW}
    assert there(roster, "kim2") == {NB: "one Kim's"}
    with pytest.raises(UsageProblem, match="'kim9' is not in the roster"):
        collect(roster, PART, path, {"Min Kim_3": "kim9"})
    with pytest.raises(UsageProblem, match="nobody in a.zip is called 'Max'"):
        collect(roster, PART, path, {"Max": "kim1"})


def test_canvas(roster, tmp_path):
    path = zipped(tmp_path / "a.zip", {
        f"lovelaceada_LATE_71_40_{PART}-1.ipynb": "second",
        f"lovelaceada_71_39_{NB}": "first",
        f"darcyzoe_75_41_{NB}": "zoe's",
    })  # fmt: skip
    done = collect(roster, PART, path)
    assert there(roster, "ada") == {NB: "second"} and there(roster, "zoe") == {NB: "zoe's"}
    [ada] = [one for one in done.found if one.student == "ada"]
    assert ada.how == "number" and "late, says the platform" in ada.notes[0]
    assert read_timestamp(roster.submitted / "ada" / PART) == (None, "")


def test_attempts_and_their_times(roster, tmp_path):
    entries = {}
    for hour, text in (("09-00-00", "first"), ("23-30-00", "third"), ("10-00-00", "second")):
        entries[f"Part 01_ada_attempt_2026-12-01-{hour}_{NB}"] = text
        entries[f"Part 01_ada_attempt_2026-12-01-{hour}.txt"] = "Name: Ada Lovelace (ada)"
    done = collect(roster, PART, zipped(tmp_path / "a.zip", entries), zone=BERLIN)
    assert done.platform == "Blackboard" and there(roster, "ada") == {NB: "third"}
    when = datetime(2026, 12, 1, 22, 30)
    assert read_timestamp(roster.submitted / "ada" / PART) == (when, "")
    kept = roster.grading / "earlier" / PART / "ada"
    assert sorted((p / NB).read_text() for p in kept.iterdir()) == ["first", "second"]
    # The same archive again changes nothing; an older one does not come back.
    for _ in range(2):
        done = collect(roster, PART, tmp_path / "a.zip", zone=BERLIN)
        assert there(roster, "ada") == {NB: "third"} and len(list(kept.iterdir())) == 2
    newer = {f"Part 01_ada_attempt_2026-12-02-08-00-00_{NB}": "fourth"}
    done = collect(roster, PART, zipped(tmp_path / "b.zip", newer), zone=BERLIN)
    assert outcomes(done) == {"ada": REPLACED} and there(roster, "ada") == {NB: "fourth"}
    done = collect(roster, PART, tmp_path / "a.zip", zone=BERLIN)
    assert outcomes(done) == {"ada": OLDER} and there(roster, "ada") == {NB: "fourth"}
    assert len(list(kept.iterdir())) == 3


def test_without_times_an_old_archive_does_not_come_back(roster, tmp_path):
    name = f"Ada Lovelace_1_assignsubmission_file_/{NB}"
    old, new = (zipped(tmp_path / f"{t}.zip", {name: t}) for t in ("old", "new"))
    assert [outcomes(collect(roster, PART, path))["ada"] for path in (old, new, old, new)] == [
        NEW, REPLACED, OLDER, SAME,
    ]  # fmt: skip
    assert there(roster, "ada") == {NB: "new"}
    [kept] = (roster.grading / "earlier" / PART / "ada").iterdir()
    assert (kept / NB).read_text() == "old"


def test_folders_without_a_roster(course, tmp_path):
    folder = tmp_path / "handed in"
    for who, file in (("ada", NB), ("José", f"{PART}/{NB}"), ("a:b", NB)):
        place = folder / who / file
        place.parent.mkdir(parents=True)
        place.write_text(who)
    (folder / "ada" / "timestamp.txt").write_text("2020-01-01 00:00:00 UTC")  # by the student
    os.symlink("/etc/passwd", folder / "ada" / "link.txt")
    done = collect(course, PART, folder)
    assert (
        outcomes(done) == {"ada": NEW, "José": NEW}
        and "cannot be a student's name" in done.left["a:b"]
    )
    assert there(course, "ada") == {NB: "ada"} and there(course, "José") == {NB: "José"}
    assert read_timestamp(course.submitted / "ada" / PART) == (None, "")
    moodle = zipped(tmp_path / "a.zip", {f"Ada L_1_assignsubmission_file_/{NB}": "x"})
    assert "course roster FILE.csv" in collect(course, PART, moodle).left["Ada L_1"]


def test_a_dry_run_changes_nothing(roster, tmp_path):
    path = zipped(tmp_path / "a.zip", {f"ada/{NB}": "x"})
    before = sorted(roster.grading.rglob("*"))
    assert outcomes(collect(roster, PART, path, dry=True)) == {"ada": NEW}
    assert sorted(roster.grading.rglob("*")) == before


def test_a_zip_within(roster, tmp_path):
    inner = zipped(
        tmp_path / "work.zip", {f"my work/{NB}": "x", "timestamp.txt": "2020-01-01 00:00 UTC"}
    )
    outer = tmp_path / "a.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "lovelaceada_71_4_work.zip")
        archive.writestr("darcyzoe_75_41_work.zip", "no archive")
    done = collect(roster, PART, outer)
    assert there(roster, "ada") == {f"my work/{NB}": "x"}
    assert (roster.submitted / "zoe" / PART / "work.zip").is_file()
    notes = {one.student: one.notes for one in done.found}
    assert notes["ada"] == ["work.zip was unpacked"] and "left as it is" in notes["zoe"][0]


def test_what_leads_out_of_an_archive_stays_out(roster, tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("ada/../../out.txt", "/ada/abs.txt", "ada\\..\\..\\out.txt", f"ada/{NB}"):
            archive.writestr(name, "x")
        link = zipfile.ZipInfo("ada/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    collect(roster, PART, path)
    assert there(roster, "ada") == {NB: "x"}
    assert not list(tmp_path.rglob("out.txt"))


def test_one_submission_too_large_stops_nobody_else(roster, tmp_path, monkeypatch):
    monkeypatch.setattr("course_utils.grading.collect.MAX_BYTES", 100)
    path = zipped(tmp_path / "a.zip", {f"ada/{NB}": "x" * 101, f"zoe/{NB}": "y"})
    done = collect(roster, PART, path)
    assert outcomes(done) == {"zoe": NEW} and "more than" in done.left["ada"]
    assert not (roster.submitted / "ada" / PART).exists()


def test_neither_folder_nor_archive(roster, tmp_path):
    (tmp_path / "x.zip").write_text("no archive")
    for path in (tmp_path / "x.zip", tmp_path / "none.zip"):
        with pytest.raises(UsageProblem, match=path.name):
            collect(roster, PART, path)


def test_a_full_disk_is_not_blamed_on_the_archive(roster, tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", {f"ada/{NB}": "x"})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course_utils.grading.collect.os.rename", full)
    with pytest.raises(CourseError, match="ada's files .*No space left"):
        collect(roster, PART, path)


# -- the commands ----------------------------------------------------------------------------------
def test_the_commands(course, tmp_path):
    run = CliRunner().invoke
    people = tmp_path / "people.csv"
    people.write_text("id,first_name,last_name\nada,Ada,Lovelace\nben,Ben,Li\n")
    assert (
        "2 people, ids like 'ada' (Ada Lovelace): 2 new, 0 changed"
        in run(main, ["roster", str(people)]).output
    )
    people.write_text("id,first_name,last_name\nada,Ada,King\n")
    said = run(main, ["roster", str(people)]).output
    assert "0 new, 1 changed" in said and "left there: ben" in said
    path = zipped(tmp_path / "a.zip", {f"Ada King_1_assignsubmission_file_/{NB}": "x",
                                       f"Max M_2_assignsubmission_file_/{NB}": "y"})  # fmt: skip
    result = run(main, ["collect", "01", str(path)])
    assert result.exit_code == 1
    for line in (
        "Moodle: 1 new",
        "Left, belongs to nobody: Max M_2",
        "Nothing from 1: ben",
        "Written down in",
    ):
        assert line in result.output
    result = run(
        main, ["collect", "01", str(path), "--who", "Max M_2=ben", "--timezone", "Europe/Berlin"]
    )
    assert result.exit_code == 0 and there(course, "ben") == {NB: "y"}
    for option in (["--who", "Max"], ["--timezone", "Berlin"]):
        assert run(main, ["collect", "01", str(path), *option]).exit_code == 2


def test_nbgraders_own_command(roster, tmp_path):
    archive = roster.grading / "downloaded" / PART / "archive"
    archive.mkdir(parents=True)
    zipped(archive / "gradebook.zip", {
        f"Part 01_ada_attempt_2026-12-01-10-00-00_{NB}": "second",
        f"Part 01_ada_attempt_2026-12-01-09-00-00_{NB}": "first",
        f"Part 01_nobody_attempt_2026-12-01-09-00-00_{NB}": "?",
    })  # fmt: skip
    environment = {**os.environ, "TZ": "UTC"}
    command = [sys.executable, "-m", "nbgrader", "zip_collect", PART]
    done = subprocess.run(command, cwd=roster.root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert there(roster, "ada") == {NB: "second"}
    assert read_timestamp(roster.submitted / "ada" / PART)[0] == datetime(2026, 12, 1, 10)
    assert "Not collected: Part 01_nobody" in done.stderr
    assert not (roster.submitted / "nobody").exists()
