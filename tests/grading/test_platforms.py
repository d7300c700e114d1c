"""What learning platforms call files, and whom they mean: names, numbers, addresses; nobody is guessed."""

import pytest

from course_utils.course.folders import CourseError, UsageProblem
from course_utils.grading.platforms import PLAIN, read_entries
from course_utils.grading.roster import Person, Roster, Unmatched, read_roster

pytestmark = pytest.mark.grading

PART = "01_shapes_and_parameters"
NB = f"{PART}.ipynb"


# -- names of files --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("platform", "entry", "ids", "name", "file", "time"),
    [
        ("Moodle", f"Ada Love_4711_assignsubmission_file_/{NB}", ["Participant 4711"], "Ada Love", NB, ""),
        ("Moodle", f"Ada Love_4711_assignsubmission_file/{NB}", ["Participant 4711"], "Ada Love", NB, ""),
        ("Moodle", f"Ada Love_4711_assignsubmission_file_{NB}", ["Participant 4711"], "Ada Love", NB, ""),
        ("Moodle", "J_n O'N_1_assignsubmission_file_/d/x.npy", ["Participant 1"], "J_n O'N", "d/x.npy", ""),
        ("Moodle", "Ada Lovelace_4711_assignsubmission_onlinetext_/onlinetext.html", ["Participant 4711"],
         "Ada Lovelace", "", ""),
        ("Canvas", f"lovelaceada_71_4711_{NB}", ["71"], "lovelaceada", NB, ""),
        ("Canvas", f"lovelaceada_LATE_71_4711_{PART}-2.ipynb", ["71"], "lovelaceada", NB, ""),
        ("Canvas", "müllerjörg_71_4711_crossover-1.json", ["71"], "müllerjörg", "crossover-1.json", ""),
        ("Blackboard", f"Part 01_ada_l_attempt_2026-11-30-16-39-36_{NB}", ["l", "ada_l"], "", NB,
         "2026-11-30 16:39:36"),
        ("Blackboard", "Part 01_ada_attempt_2026-11-30-16-39-36.txt", ["ada"], "", "", "2026-11-30 16:39:36"),
        ("Brightspace", f"812-90 - Ada Lovelace - Nov 30, 2026 1239 AM/{NB}", ["812"], "Ada Lovelace", NB,
         "Nov 30, 2026 12:39 AM"),
        ("Brightspace", f"812-90 - Ada-Mae L - Nov 3, 2026 439 PM - {NB}", ["812"], "Ada-Mae L", NB,
         "Nov 3, 2026 4:39 PM"),
        (PLAIN, f"ada/{NB}", ["ada"], "ada", NB, ""),
        (PLAIN, f"ada/{PART}/{NB}", ["ada"], "ada", NB, ""),
        (PLAIN, "ada.ipynb", ["ada"], "ada", "ada.ipynb", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["", "submissions/"])
def test_names(platform, entry, ids, name, file, time, around):
    around = "" if platform == PLAIN else around  # a folder around one folder may be a student's
    found, [piece], others = read_entries([around + entry], PART)
    assert (found, others) == (platform, [])
    assert (list(piece.ids), piece.name, piece.file, piece.time) == (ids, name, file, time)
    assert piece.late == ("LATE" in entry)


def test_a_folder_around_all_is_taken_off():
    entries = [f"all/{who}/{NB}" for who in ("ada", "ben")] + [
        "all/ben/data/x.npy",
        "__MACOSX/._x",
        "index.html",
    ]
    platform, pieces, others = read_entries(entries, PART)
    assert platform == PLAIN and others == []
    assert {(p.key, p.file) for p in pieces} == {("ada", NB), ("ben", NB), ("ben", "data/x.npy")}


def test_what_keeps_no_convention_is_told():
    entries = [f"a_{i}_4_{NB}" for i in range(5)] + ["readme.txt"]
    platform, pieces, others = read_entries(entries, PART)
    assert platform == "Canvas" and others == ["readme.txt"] and len(pieces) == 5


def test_a_student_who_names_a_file_like_a_platform_changes_nothing():
    entries = [f"{who}/{NB}" for who in ("ada", "ben", "cy")] + ["ada/evil_1_2_x.ipynb"]
    assert read_entries(entries, PART)[0] == PLAIN


def test_attempts_sort_by_time():
    entries = [
        f"1-2 - Ada L - Nov 30, 2026 {time}/{NB}"
        for time in ("1259 PM", "1201 AM", "1158 AM", "100 PM")
    ]
    _, pieces, _ = read_entries(entries, PART)
    ordered = [p.time for p in sorted(pieces, key=lambda p: p.attempt)]
    assert [t.split("2026 ")[1] for t in ordered] == ["12:01 AM", "11:58 AM", "12:59 PM", "1:00 PM"]


# -- who is meant ----------------------------------------------------------------------------------
PEOPLE = Roster(
    [
        Person("ada", "Ada", "Lovelace", "ada@uni.example", "71"),
        Person("s2", "Jörg", "Müller-Lüdenscheidt", "jml@uni.example"),
        Person("kim1", "Min", "Kim", "min.kim@uni.example", "75"),
        Person("kim2", "Min", "Kim", "m.kim@uni.example", "76"),
        Person("nn", "", "", ""),
    ]
)


@pytest.mark.parametrize(
    ("ids", "name", "student"),
    [
        (["ADA"], "", "ada"),
        (["71"], "lovelaceada", "ada"),
        (["ada@uni.example"], "", "ada"),
        (["jml"], "", "s2"),
        (["Participant 9"], "Ada Lovelace", "ada"),
        (["Participant 9"], "LOVELACE, ADA", "ada"),
        (["9"], "müllerlüdenscheidtjörg", "s2"),
        (["9"], "Jorg Muller Ludenscheidt", "s2"),
        (["76"], "kimmin", "kim2"),
        (["l", "ada"], "", "ada"),
        (["nn"], "nn", "nn"),
    ],
)
def test_whom_a_file_means(ids, name, student):
    assert PEOPLE.find(ids, name)[0] == student


@pytest.mark.parametrize(
    ("ids", "name", "said"),
    [
        (["9"], "kimmin", "2 people are called kimmin: kim1, kim2"),
        (["9"], "Ada Lovelase", "nobody in the roster is called Ada Lovelase; near: ada"),
        (["9"], "Lovelace", "nobody in the roster"),
        (["75"], "lovelaceada", "number 75 is kim1, but the name lovelaceada is that of ada"),
    ],
)
def test_nobody_is_guessed(ids, name, said):
    with pytest.raises(Unmatched, match=said):
        PEOPLE.find(ids, name)


# -- lists of people -------------------------------------------------------------------------------
LISTS = {
    "nbgrader": "id,first_name,last_name,email\nada,Ada,Lovelace,ada@uni.example\n",
    "Canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Work (1)\n    Points Possible,,,,,100\n"
    '"Lovelace, Ada",71,u1,ada,A,\n"Student, Test",9,,,A,\n',
    "Moodle": "﻿First name,Last name,ID number,Email address\nAda,Lovelace,ada,ada@uni.example\n",
    "Moodle worksheet": "Identifier,Full name,ID number,Email address,Status\n"
    "Participant 71,Ada Lovelace,ada,ada@uni.example,Submitted\n",
    "Blackboard": "Last Name\tFirst Name\tUsername\tStudent ID\nLovelace\tAda\tada\t71\n",
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
    "#71,#ada,Lovelace,Ada,ada@uni.example,#\n",
    "semicolons": "Vorname;Nachname;E-Mail;Username\nAda;Lovelace;ada@uni.example;ada\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", LISTS)
def test_lists_of_people(tmp_path, kind):
    path = tmp_path / "list.csv"
    path.write_text(LISTS[kind], encoding="utf-8")
    [ada] = read_roster(path)
    assert (ada.id, ada.first_name, ada.last_name) == ("ada", "Ada", "Lovelace")
    assert ada.email in ("", "ada@uni.example") and ada.lms_user_id in ("", "71", "Participant 71")


@pytest.mark.parametrize(
    ("text", "option", "said"),
    [
        ("first name,last name\nAda,Lovelace\n", "", "no column that is an id"),
        ("id,name\n", "", "holds no people"),
        ("", "", "holds no people"),
        ("id,name\nada,Ada L\nada,Ben L\n", "", "line 3: the id ada stands there twice"),
        ("id,name\na/b,Ada L\n", "", "line 2: 'a/b' cannot be an id"),
        ("id,name\nada,Ada L\n,Ben L\n", "", "line 3: '' cannot be an id"),
        ("id,name\nada,Ada L\n", "Matrikel", "has no column 'Matrikel'; it has id, name"),
    ],
)
def test_lists_that_cannot_be_used(tmp_path, text, option, said):
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(CourseError, match=said):
        read_roster(path, option)
    with pytest.raises(UsageProblem, match="cannot be read"):
        read_roster(tmp_path / "other.csv")


def test_windows_wrote_it(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("id;name\nj;Jörg Müller\n".encode("cp1252"))
    assert read_roster(path)[0].last_name == "Müller"
