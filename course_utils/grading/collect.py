"""Bring what a learning platform hands over to the folders of the people it belongs to.

Nothing is guessed and nothing is lost: what belongs to nobody, or to one of two, is named and left; what stood
there before is kept below ``earlier/``; what was done is written down below ``collected/``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import os
import tempfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from course_utils.course.files import private, why_no_name, write_safely
from course_utils.course.folders import Course, CourseError, UsageProblem
from course_utils.grading.archives import bytes_of, entries_of, opened, size_of
from course_utils.grading.names import sort_key
from course_utils.grading.platforms import PLAIN, Piece, read_entries
from course_utils.grading.roster import Roster, Unmatched, load_roster
from course_utils.grading.timestamps import TIMESTAMP, read_text, read_timestamp
from course_utils.judging.handed_in import MAX_BYTES, MAX_FILES, files_of

NEW, REPLACED, SAME, OLDER = "new", "replaced", "the same as before", "older than what is there"
LEFT = "left"  # belongs to nobody who is known
RECORD = ("student", "outcome", "matched_by", "handed_in", "late", "platform", "entry", "note")


@dataclass
class Found:
    """One attempt of one person.

    Attributes
    ----------
    student, how : str
        Whose it is, and what told it.
    pieces : list of Piece
    time : datetime or None
        When it was handed in, UTC; None where the platform does not say it.
    notes : list of str
    outcome : str
    """

    student: str
    how: str
    pieces: list[Piece]
    time: datetime | None = None
    notes: list[str] = field(default_factory=list)
    outcome: str = ""

    @property
    def late(self) -> bool:
        return any(piece.late for piece in self.pieces)


@dataclass
class Collected:
    """What became of an archive.

    Attributes
    ----------
    platform : str
    found : list of Found
        One for each person; earlier attempts are not among them.
    left : dict of str to str
        What a platform calls somebody → why it is nobody's. The files were left.
    others : list of str
        Entries that keep none of the convention.
    absent : list of str
        People of the roster from whom nothing is there, here or from before.
    record : Path or None
        Where it is written down.
    """

    platform: str
    found: list[Found]
    left: dict[str, str]
    others: list[str]
    absent: list[str] = field(default_factory=list)
    record: Path | None = None


# -- whose it is -------------------------------------------------------------------------------------
def assign(
    platform: str, pieces: list[Piece], roster: Roster
) -> tuple[list[Found], dict[str, str]]:
    """Say whose each attempt is.

    Returns
    -------
    found : list of Found
        Of each person the attempts in their order.
    left : dict of str to str
        The key of a platform → why its files are nobody's.
    """
    by_key: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_key.setdefault(piece.key, []).append(piece)
    found: list[Found] = []
    left, keys_of = {}, {}
    for key, mine in by_key.items():
        mine = [piece for piece in mine if piece.file]
        if not mine:
            left[key] = "no file: at most a text typed into a box"
            continue
        try:
            student, how = _whose(platform, mine[0], roster)
        except Unmatched as error:
            left[key] = str(error)
            continue
        keys_of.setdefault(student, []).append(key)
        attempts: dict[str, list[Piece]] = {}
        for piece in mine:
            attempts.setdefault(piece.attempt if platform != "Canvas" else "", []).append(piece)
        found += [Found(student, how, attempts[a]) for a in sorted(attempts)]
    for student, keys in keys_of.items():
        if len(keys) > 1:  # two names of the platform's for one person of the roster
            for key in keys:
                left[key] = f"{' and '.join(sorted(keys))} would both be {student}'s"
            found = [one for one in found if one.student != student]
    return found, left


def _whose(platform, piece, roster):
    if piece.key in roster.said:
        return roster.said[piece.key], "settled by hand"
    if roster.is_known:
        return roster.find(piece.ids, piece.name)
    if platform == PLAIN or platform == "Blackboard":  # these name an id themselves
        if why := why_no_name(piece.ids[0]):
            raise Unmatched(f"it cannot be a student's name: {why}")
        return piece.ids[0], "its own name; there is no roster"
    raise Unmatched(
        f"{platform} names people: bring in the roster first, with `course roster FILE.csv`"
    )


def find_times(one: Found, zone: ZoneInfo | None = None) -> None:
    """Find out when an attempt was handed in; what is unclear about it goes to its notes."""
    said = max((piece.time for piece in one.pieces if piece.time), default="")
    if said:
        try:
            when, doubt = read_text(said)
            # Without a zone this machine's is meant.
            when = when.replace(tzinfo=zone) if zone else when
            one.time = when.astimezone(UTC).replace(tzinfo=None)
            one.notes += [f"handed in {said!r}: {doubt}"] if doubt else []
        except Exception as error:  # a date that there is not
            one.notes.append(f"handed in {said!r}, which cannot be read ({error}): on time")
    if one.late and one.time is None:
        one.notes.append(
            "late, says the platform, but not when: on time, unless a timestamp.txt is put beside it"
        )


# -- putting it there --------------------------------------------------------------------------------
def collect(
    course: Course,
    assignment: str,
    path: Path,
    said: dict[str, str] | None = None,
    zone: ZoneInfo | None = None,
    dry: bool = False,
) -> Collected:
    """Bring the files of an archive or folder to the submissions of their people.

    Parameters
    ----------
    course : Course
    assignment : str
    path : Path
        A zip archive of Moodle, Canvas, Blackboard or Brightspace, or of a folder for each student; or a folder
        of the same.
    said : dict of str to str, optional
        What a platform calls somebody → the id that is meant.
    zone : ZoneInfo, optional
        Of the times in the archive; by default this machine's.
    dry : bool
        Whether to say only what would be done.

    Raises
    ------
    CourseError
        If it cannot be read; nothing was changed then.
    """
    with opened(path) as sources:
        platform, pieces, others = read_entries(sources, assignment)
        roster = load_roster(course, said)
        attempts, left = assign(platform, pieces, roster)
        unknown = set(roster.said) - {piece.key for piece in pieces}
        if unknown:
            raise UsageProblem(
                f"nobody in {path.name} is called {', '.join(map(repr, sorted(unknown)))}"
            )
        for one in attempts:
            find_times(one, zone)
        private(course.grading)
        with tempfile.TemporaryDirectory(dir=course.grading, prefix=".collect-") as stage:
            for number, one in enumerate(attempts):
                folder = Path(stage, str(number))
                try:
                    _lay_out(one, folder, sources)
                except CourseError as error:
                    left[one.pieces[0].key] = str(error)
                    one.outcome = LEFT
                    continue
                one.outcome = _outcome(course, assignment, one, folder)
                if not dry:
                    try:
                        _put(course, assignment, one, folder)
                    except OSError as error:
                        raise CourseError(
                            f"{one.student}'s files cannot be put to their place ({error.strerror}). What came "
                            "before stands; make room or mend the permissions, and run the command again."
                        ) from error
    last = {one.student: one for one in attempts if one.outcome != LEFT}
    done = Collected(platform, list(last.values()), left, others)
    done.absent = sorted(
        (
            p.id
            for p in roster.people
            if not _is_there(course.submitted / p.id / assignment) and p.id not in last
        ),
        key=sort_key,
    )
    if not dry:
        done.record = _write_down(course, assignment, path, done, attempts)
    return done


def _lay_out(one: Found, folder: Path, sources) -> None:
    """Write the files of one attempt to a folder of their own."""
    folder.mkdir()
    size = 0
    for piece in sorted(one.pieces, key=lambda p: p.attempt):  # of two with one name the later one
        source = sources[piece.entry]
        size += size_of(source)
        if size > MAX_BYTES or len(one.pieces) > MAX_FILES:
            raise CourseError(
                f"{piece.key} has more than {MAX_BYTES >> 20} MB or {MAX_FILES} files: take some out"
            )
        if PurePosixPath(piece.file).name == TIMESTAMP:
            one.notes.append(
                f"a {TIMESTAMP} among the files was left out: the time is the platform's to say"
            )
            continue
        try:
            _write(folder, piece.file, bytes_of(source))
        except OSError as error:  # a name that is too long here, say
            one.notes.append(f"{piece.file[:60]!r} was left out: {error.strerror}")
    notebooks = [p for p in files_of(folder) if ".ipynb" in p.name.lower()]
    archives = [p for p in files_of(folder) if p.suffix.lower() == ".zip"]
    if len(archives) == 1 and not notebooks:
        _unpack(one, archives[0], folder)


def _write(folder, name, data):
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def _unpack(one, path, folder):
    """Take a student's own archive apart, where there is no notebook but in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {
                n: s for n, s in entries_of(archive).items() if PurePosixPath(n).name != TIMESTAMP
            }
            if len(entries) > MAX_FILES or sum(map(size_of, entries.values())) > MAX_BYTES:
                one.notes.append(f"{path.name} was left as it is: too much is in it")
                return
            for name, source in entries.items():
                _write(folder, name, bytes_of(source))
    except (zipfile.BadZipFile, CourseError, OSError) as error:
        one.notes.append(f"{path.name} was left as it is: {error}")
        return
    path.unlink()
    one.notes.append(f"{path.name} was unpacked")


def _digests(folder: Path) -> dict[str, str]:
    """Return what is in a submission, by file; when it was handed in is not."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.is_symlink() and p.name != TIMESTAMP
    }


def _outcome(course, assignment, one, folder) -> str:
    """Say what an attempt is beside what is there already."""
    target = course.submitted / one.student / assignment
    if not _is_there(target):
        return NEW
    mine, before = _digests(folder), read_timestamp(target)[0]
    if _digests(target) == mine:
        return SAME
    if before and one.time:
        return OLDER if one.time < before else REPLACED
    # Without times an attempt that was replaced once is taken for what it was then.
    known = _kept(course, assignment, one.student)
    return OLDER if any(_digests(place) == mine for place in known) else REPLACED


def _put(course, assignment, one, folder) -> None:
    """Rename an attempt to its place, and what was there to a place of its own."""
    target = course.submitted / one.student / assignment
    if one.time:
        write_safely(folder / TIMESTAMP, f"{one.time:%Y-%m-%d %H:%M:%S} UTC\n")
    if one.outcome == SAME:
        before = read_timestamp(target)[0]
        if one.time and (before is None or one.time < before):
            os.replace(folder / TIMESTAMP, target / TIMESTAMP)
    elif one.outcome == OLDER:
        places, mine = _kept(course, assignment, one.student), _digests(folder)
        if not any(_digests(place) == mine for place in places):
            os.rename(folder, _next(course, assignment, one.student))
    else:
        if one.outcome == REPLACED:
            os.rename(target, _next(course, assignment, one.student))
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(folder, target)  # an empty folder gives way


def _kept(course, assignment, student) -> list[Path]:
    """Return the submissions of a student that are kept but not graded."""
    parent = course.grading / "earlier" / assignment / student
    return [p for p in parent.iterdir() if p.name.isdigit()] if parent.is_dir() else []


def _next(course, assignment, student) -> Path:
    """Return a new place for one of them."""
    numbers = [int(p.name) for p in _kept(course, assignment, student)]
    place = course.grading / "earlier" / assignment / student / f"{max(numbers, default=0) + 1:02d}"
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _is_there(folder):
    return folder.is_dir() and any(folder.iterdir())


def _write_down(course, assignment, path, done, attempts) -> Path:
    """Write down what was done, a line for each file."""
    text = io.StringIO()
    table = csv.DictWriter(text, RECORD, lineterminator="\n")
    table.writeheader()
    common = {"platform": done.platform}
    for one in attempts:
        row = common | {"student": one.student, "outcome": one.outcome, "matched_by": one.how}
        row |= {"handed_in": one.time or "", "late": one.late or "", "note": "; ".join(one.notes)}
        table.writerows(row | {"entry": piece.entry} for piece in one.pieces)
    table.writerows(
        common | {"outcome": LEFT, "entry": key, "note": why} for key, why in done.left.items()
    )
    table.writerows(common | {"outcome": LEFT, "entry": entry, "note": "no name of a submission's file"}
                    for entry in done.others)  # fmt: skip
    folder = private(course.grading / "collected") / assignment
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H%M%S")
    numbered = (folder / f"{now}-{number:02d}.csv" for number in itertools.count(1))
    place = next(path for path in numbered if not path.exists())
    write_safely(place, text.getvalue())
    return place
