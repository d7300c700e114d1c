"""Who is in the course: people from a learning platform, and whom a name or number in a file means."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader import api
from sqlalchemy import select

from course_utils.course.files import private, why_no_name, write_safely
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.grading.gradebook import Gradebook
from course_utils.grading.names import plain, run_together, words

# What nbgrader, Canvas, Moodle (participants, grading worksheet), Blackboard and Brightspace call columns; of
# several the first that has something in every line.
COLUMNS = {
    "id": (
        "sis login id", "username", "user name", "login id", "student_id", "id number", "student id",
        "matriculation number", "orgdefinedid", "sis user id", "id", "email address", "email", "e-mail",
    ),
    "first_name": ("first_name", "first name", "firstname", "given name", "vorname"),
    "last_name": ("last_name", "last name", "lastname", "surname", "family name", "nachname"),
    "name": ("name", "full name", "student", "student name"),
    "email": ("email", "email address", "e-mail", "e-mail address", "mail"),
    "lms_user_id": ("lms_user_id", "canvas user id", "identifier", "id", "student id", "orgdefinedid"),
}  # fmt: skip
MAX_TEXT = 128  # characters that a column of the gradebook holds
ENCODINGS = "utf-8-sig", "cp1252"


@dataclass(frozen=True)
class Person:
    """One student: ``id`` is the gradebook's, and the name of the submission's folder."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Unmatched(Exception):
    """Nobody, or more than one, is meant; the message says who might be."""


@dataclass
class Roster:
    """The people of a course.

    Parameters
    ----------
    people : list of Person
    said : dict of str to str
        What a person has settled: a name or number as a platform writes it → id.
    """

    people: list[Person]
    said: dict[str, str] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        """Whether anybody has a name or address: all else are folders of former submissions."""
        return any(p.name or p.email or p.lms_user_id for p in self.people)

    def find(self, ids: Iterable[str], name: str = "") -> tuple[str, str]:
        """Return whom a file belongs to, and what told it.

        Parameters
        ----------
        ids : iterable of str
            What may be an id, a user name, a number of the platform's or an e-mail address.
        name : str
            First and last name in either order, or run together.

        Returns
        -------
        id : str
        how : str

        Raises
        ------
        Unmatched
        """
        ids = list(ids)
        for key in (*ids, name):
            if key in self.said:
                return self.said[key], "settled by hand"
        by_id = {}
        for one in ids:
            by_id = {p.id: how for p, how in self._by_id(one)}
            if by_id:
                break
        by_name = [p.id for p in self.people if name and _has_name(p, name)]
        if len(by_id) == 1:
            [(found, how)] = by_id.items()
            if by_name and found not in by_name:
                raise Unmatched(
                    f"{how} {one} is {found}, but the name {name} is that of {', '.join(by_name)}"
                )
            return found, how
        if by_id:
            both = [who for who in by_name if who in by_id]
            if len(both) == 1:
                return both[0], "name and number"
            raise Unmatched(f"{one} may be any of {', '.join(sorted(by_id))}")
        if len(by_name) == 1:
            return by_name[0], "name"
        if by_name:
            raise Unmatched(
                f"{len(by_name)} people are called {name}: {', '.join(sorted(by_name))}"
            )
        raise Unmatched(self._nobody(ids, name))

    def _by_id(self, key):
        """Yield who has an id, number or address, and which of them."""
        key = key.casefold().strip()
        for person in self.people:
            mail = person.email.casefold()
            for how, value in (
                ("id", person.id.casefold()),
                ("number", person.lms_user_id.casefold()),
                ("e-mail", mail),
                ("e-mail", mail.partition("@")[0]),
                ("e-mail", person.id.casefold().partition("@")[0]),
            ):
                if value and value == key:
                    yield person, how
                    break

    def _nobody(self, ids, name):
        wanted = plain(name or ids[0])
        near = {plain(text): p.id for p in self.people for text in (p.name, p.id) if text}
        close = [near[n] for n in difflib.get_close_matches(wanted, near, 3, 0.75)]
        hint = f"; near: {', '.join(dict.fromkeys(close))}" if close else ""
        return f"nobody in the roster is called {name or ids[0]}{hint}"


def _has_name(person, name):
    if not person.name:
        return False
    if words(person.name) == words(name):
        return True
    orders = (person.first_name, person.last_name), (person.last_name, person.first_name)
    return run_together(name) in {run_together(" ".join(order)) for order in orders}


def read_roster(path: Path, id_column: str = "") -> list[Person]:
    """Read a list of people as a learning platform or nbgrader writes it.

    Parameters
    ----------
    path : Path
        CSV with a line of column names; commas, semicolons or tabs; UTF-8 or Windows-1252.
    id_column : str
        Which column is the id; by default the first of those that `COLUMNS` names.

    Raises
    ------
    CourseError
        With the line, where one cannot be read.
    """
    text = _text(path)
    try:
        dialect = csv.Sniffer().sniff(text[:4096], ",;\t")
    except csv.Error:
        dialect = csv.excel
    table = csv.DictReader(io.StringIO(text), dialect=dialect, restkey="")
    lines = [(table.line_num, _cleaned(row)) for row in table]
    lines = [(number, row) for number, row in lines if not _is_nobodys(row)]
    rows = [row for _, row in lines]
    header = [name for name in table.fieldnames or () if name]
    known = {what: _column(names, rows) for what, names in COLUMNS.items()}
    if id_column:
        if plain(id_column) not in map(plain, header):
            raise UsageProblem(
                f"{path.name} has no column {id_column!r}; it has {', '.join(header)}"
            )
        known["id"] = plain(id_column)
    if not rows:
        raise CourseError(f"{path.name} holds no people below its line of column names")
    if not known["id"]:
        raise CourseError(
            f"{path.name} has no column that is an id in every line, such as {', '.join(COLUMNS['id'][:4])} "
            f"or an e-mail address: name yours with --id-column. It has {', '.join(header) or 'no columns'}."
        )
    if known["lms_user_id"] == known["id"]:
        names = [n for n in COLUMNS["lms_user_id"] if n != known["id"]]
        known["lms_user_id"] = _column(names, rows)
    people: dict[str, Person] = {}
    for number, row in lines:
        person = _person({what: row[column] for what, column in known.items() if column})
        if why := why_no_name(person.id):
            raise CourseError(f"{path.name}, line {number}: {person.id!r} cannot be an id: {why}")
        if person.id in people and people[person.id] != person:
            raise CourseError(f"{path.name}, line {number}: the id {person.id} stands there twice")
        people[person.id] = person
    return list(people.values())


def _text(path):
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{path} cannot be read: {error.strerror}") from None
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CourseError(f"{path.name} is neither UTF-8 nor Windows-1252: save it as CSV in UTF-8")


def _cleaned(row):
    """Return a line by plain column names; Brightspace writes ``#`` before ids."""
    return {
        plain(name or ""): str(text or "").replace("\0", "").strip().removeprefix("#")
        for name, text in row.items()
    }


def _is_nobodys(row):
    """Whether a line is no person's, like Canvas's points possible and test student."""
    said = plain(row.get("student", ""))
    return (
        not any(row.values())
        or "points possible" in said
        or said in ("student, test", "test student")
    )


def _column(names, rows):
    """Return the first of some columns that has something in every line, else in any."""
    for enough in (all, any):
        for name in names:
            if rows and enough(row.get(name) for row in rows):
                return name
    return None


def _person(row):
    name = row.pop("name", "")
    if name and not (row.get("first_name") or row.get("last_name")):
        last, comma, first = name.partition(",")
        if not comma:
            first, _, last = name.rpartition(" ")
        row |= {"first_name": first.strip(), "last_name": last.strip()}
    if "@" in row["id"]:
        row["email"] = row.get("email") or row["id"]
    return Person(**{what: text[:MAX_TEXT] for what, text in row.items()})


def load_roster(course: Course, said: dict[str, str] | None = None) -> Roster:
    """Return the people of a course's gradebook.

    Raises
    ------
    CourseError
        If `said` names somebody who is not in it.
    """
    with Gradebook(course).transaction() as session:
        people = [
            Person(
                *(
                    getattr(s, name) or ""
                    for name in ("id", "first_name", "last_name", "email", "lms_user_id")
                )
            )
            for s in session.scalars(select(api.Student))
        ]
    roster = Roster(people, dict(said or {}))
    for who in roster.said.values():
        if who not in {p.id for p in people}:
            raise UsageProblem(
                f"{who!r} is not in the roster: add them with `course roster FILE.csv`"
            )
    return roster


@dataclass
class Merged:
    """What a list of people changed: the ids that are new, that have another name, and that it lacks."""

    new: list[str]
    changed: list[str]
    missing: list[str]


def merge(course: Course, people: list[Person]) -> Merged:
    """Bring a list of people into the gradebook, in one transaction; nobody is removed, no mark is touched.

    What the list leaves empty stays as it was.
    """
    merged = Merged([], [], [])
    with Gradebook(course).transaction() as session:
        there = {student.id: student for student in session.scalars(select(api.Student))}
        parent = session.scalar(select(api.Course))
        for person in people:
            student = there.get(person.id)
            if student is None:
                student = api.Student(id=person.id)
                student.course = parent
                session.add(student)
                merged.new.append(person.id)
            before = Person(person.id, *(getattr(student, n) or "" for n in _FIELDS))
            after = replace(
                before, **{n: getattr(person, n) for n in _FIELDS if getattr(person, n)}
            )
            for name in _FIELDS:
                setattr(student, name, getattr(after, name) or None)
            if after != before and person.id in there:
                merged.changed.append(person.id)
        merged.missing = sorted(set(there) - {person.id for person in people})
    return merged


_FIELDS = ("first_name", "last_name", "email", "lms_user_id")


def drop(course: Course, student: str) -> Path:
    """Take somebody who has left out of the course; return where their work and marks are kept.

    Their folders move to ``dropped/``: left where they are, the next grading would bring the person back.

    Raises
    ------
    UsageProblem
        If there is nobody of that name.
    """
    book = Gradebook(course)
    folders = [course.submitted, course.autograded, course.feedback]
    folders += sorted((course.grading / "earlier").glob("*/"))
    theirs = [folder / student for folder in folders if (folder / student).is_dir()]
    with book.transaction() as session:
        person = session.get(api.Student, student)
        if person is None and (why_no_name(student) or not theirs):
            raise UsageProblem(f"there is neither a mark nor a submission of {student!r}")
        marks = [] if person is None else [
            {"assignment": s.assignment.name, "score": s.score, "timestamp": str(s.timestamp or "")}
            for s in person.submissions
        ]  # fmt: skip
    place = course.grading / "dropped" / student / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}"
    private(place.parent.parent)
    write_safely(place / "marks.json", json.dumps(marks, indent=1) + "\n")
    for folder in theirs:
        target = place / folder.relative_to(course.grading)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder.rename(target)
    if person is not None:
        with api.Gradebook(
            course.db_url, course_id=course.config.CourseDirectory.course_id
        ) as nbgrader:
            nbgrader.remove_student(student)
    return place
