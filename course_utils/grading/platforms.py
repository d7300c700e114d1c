"""What learning platforms call the files of an assignment, and whose they say they are.

Canvas, Moodle, Blackboard and Brightspace each have a convention; a folder for each student is the fifth.
What is read here are names, of files and folders; `course_utils.grading.roster` says who is meant.

Source: archives that these platforms write, as their users describe them; the tests have one of each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from course_utils.judging.handed_in import NOBODYS

PLAIN = "folders"


@dataclass(frozen=True)
class Piece:
    """One file of a submission.

    Attributes
    ----------
    entry : str
        Where it stands in the archive or folder.
    key : str
        What all files of this person in the archive have in common, as the platform wrote it.
    ids : tuple of str
        What may be the person's id, user name, number or e-mail address, the likeliest first.
    name : str
        The person's name, '' where the platform does not say it.
    file : str
        The file's path below the submission; '' for what belongs to no submission.
    attempt : str
        Sorts the attempts of one person; '' where there is one.
    time : str
        When it was handed in, as the platform wrote it; '' where it does not say.
    late : bool
        Whether the platform calls it late.
    """

    entry: str
    key: str
    ids: tuple[str, ...]
    name: str
    file: str
    attempt: str = ""
    time: str = ""
    late: bool = False


_MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)"
)
_CANVAS = re.compile(
    r"(?P<name>[^_\W][^_]*)_(?P<late>LATE_)?(?P<user>\d+)_(?P<number>\d+)_(?P<file>.+)"
)
_BLACKBOARD = re.compile(
    r"(?P<before>.+)_attempt_(?P<time>\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_(?P<file>.+)|\.txt)"
)
_BRIGHTSPACE = re.compile(
    r"(?P<user>\d+)-\d+ ?- ?(?P<name>.+?) ?- ?(?P<month>[A-Z][a-z]+\.?) (?P<day>\d\d?), (?P<year>\d{4}) "
    r"(?P<hour>\d\d?)(?P<minute>\d\d) (?P<half>[AP]M)(?: ?- ?(?P<file>.+))?"
)


def _moodle(parts):
    found = _MOODLE.fullmatch(parts[0])
    if not found:
        return None
    below = "/".join([found["file"], *parts[1:]]).strip("/")
    if found["kind"] != "file":  # text typed into a box
        below = ""
    # The number is this assignment's, not the person's; the grading worksheet has it beside the name.
    return dict(key=f"{found['name']}_{found['number']}", ids=(f"Participant {found['number']}",),
                name=found["name"], file=below)  # fmt: skip


def _canvas(parts):
    found = _CANVAS.fullmatch(parts[-1])
    if not found or len(parts) > 2:
        return None
    return dict(key=f"{found['name']}_{found['user']}", ids=(found["user"],), name=found["name"],
                file=_first_copy(found["file"]), attempt=found["number"].zfill(20),
                late=bool(found["late"]))  # fmt: skip


def _first_copy(name):
    """Canvas calls the second upload of ``x.ipynb`` ``x-1.ipynb``."""
    path = PurePosixPath(name)
    return re.sub(r"-\d{1,2}$", "", path.stem) + path.suffix if path.suffix == ".ipynb" else name


def _blackboard(parts):
    found = _BLACKBOARD.fullmatch(parts[-1])
    if not found or len(parts) > 2:
        return None
    # The title of the assignment and the user name may both hold underscores.
    pieces = found["before"].split("_")
    ids = tuple("_".join(pieces[i:]) for i in range(len(pieces) - 1, 0, -1))
    if not ids:
        return None
    day, clock = found["time"][:10], found["time"][11:].replace("-", ":")
    return dict(key=found["before"], ids=ids, name="", file=found["file"] or "", attempt=found["time"],
                time=f"{day} {clock}")  # fmt: skip


def _brightspace(parts):
    found = _BRIGHTSPACE.fullmatch(parts[0])
    if not found:
        return None
    below = "/".join([found["file"] or "", *parts[1:]]).strip("/")
    time = f"{found['month']} {found['day']}, {found['year']} {found['hour']}:{found['minute']} {found['half']}"
    return dict(key=f"{found['user']} {found['name']}", ids=(found["user"],), name=found["name"], file=below,
                attempt=_in_order(found), time=time)  # fmt: skip


def _in_order(found):
    """Return a time that sorts: Brightspace writes hours from 1 to 12."""
    months = "JanFebMarAprMayJunJulAugSepOctNovDec"
    month = months.find(found["month"][:3]) // 3 + 1
    hour = int(found["hour"]) % 12 + 12 * (found["half"] == "PM")
    return f"{found['year']}-{month:02d}-{int(found['day']):02d} {hour:02d}:{found['minute']}"


def _folder(parts):
    if len(parts) > 1:
        return dict(key=parts[0], ids=(parts[0],), name=parts[0], file="/".join(parts[1:]))
    path = PurePosixPath(parts[0])
    return dict(key=path.stem, ids=(path.stem,), name=path.stem, file=path.name)


CONVENTIONS: dict[str, Callable] = {
    "Moodle": _moodle,
    "Brightspace": _brightspace,
    "Blackboard": _blackboard,
    "Canvas": _canvas,
}


def read_entries(entries: Iterable[str], assignment: str) -> tuple[str, list[Piece], list[str]]:
    """Read what the names of files say.

    Parameters
    ----------
    entries : iterable of str
        Paths of files in an archive or folder, with ``/``.
    assignment : str
        Its whole name: a folder of that name between a student's and the files is nbgrader's.

    Returns
    -------
    platform : str
        The convention that most names keep, or `PLAIN`.
    pieces : list of Piece
    others : list of str
        Entries that do not keep it.

    Examples
    --------
    >>> entries = ["lovelaceada_LATE_71_4711_work.ipynb", "turingalan_72_4712_work-1.ipynb"]
    >>> platform, pieces, others = read_entries(entries, "01_shapes_and_parameters")
    >>> platform, [(p.name, p.file, p.late) for p in pieces]
    ('Canvas', [('lovelaceada', 'work.ipynb', True), ('turingalan', 'work.ipynb', False)])
    """
    split = {entry: PurePosixPath(entry).parts for entry in entries}
    split = {entry: parts for entry, parts in split.items() if not _is_nobodys(parts)}
    split = _unwrapped(split, assignment)
    votes = Counter(
        name for parts in split.values() for name, read in CONVENTIONS.items() if read(parts)
    )
    # A folder for each student may hold a file that looks like another convention's.
    platform = next((name for name, count in votes.most_common(1) if 2 * count > len(split)), PLAIN)
    read = CONVENTIONS.get(platform, _folder)
    pieces, others = [], []
    for entry, parts in split.items():
        said = read(parts)
        if said is None:
            others.append(entry)
            continue
        said["file"] = said["file"].removeprefix(f"{assignment}/")
        pieces.append(Piece(entry, **said))
    return platform, pieces, others


def _is_nobodys(parts):
    return (
        not parts
        or parts[-1].startswith("._")
        or parts[-1] == "index.html"
        or bool(NOBODYS & {*parts})
    )


def _unwrapped(split, assignment):
    """Take off folders that are around everything: a zip is often made of what was unpacked before."""
    while split:
        tops = {parts[0] for parts in split.values()}
        if len(tops) > 1 or any(read(tuple(tops)) for read in CONVENTIONS.values()):
            break
        below = [parts[1:] for parts in split.values()]
        by_student = all(len(parts) > 1 and parts[0] != assignment for parts in below)
        if not by_student and not any(p and (_moodle(p) or _brightspace(p)) for p in below):
            break
        split = {entry: parts[1:] for entry, parts in split.items() if parts[1:]}
    return split


def returned_as(platform: str, entry: str, student: str, name: str) -> str:
    """Return what a file that is given back is called, so that the platform knows whose it is.

    Parameters
    ----------
    platform : str
    entry : str
        A file of the submission, as the platform called it.
    student : str
        Whose it is; a folder of that name where the platform takes no archive.
    name : str
        Of the file.

    Examples
    --------
    >>> returned_as("Canvas", "lovelaceada_LATE_71_4711_work-1.ipynb", "ada", "work.html")
    'lovelaceada_71_4711_work.html'
    """
    for part in reversed(PurePosixPath(entry).parts):
        if platform == "Moodle" and (found := _MOODLE.fullmatch(part)):
            return f"{found['name']}_{found['number']}_assignsubmission_file_/{name}"
        if platform == "Brightspace" and (found := _BRIGHTSPACE.fullmatch(part)):
            folder = part.removesuffix(found["file"] or "").rstrip(" -") if found["file"] else part
            return f"{folder}/{name}"
        if platform == "Canvas" and (found := _CANVAS.fullmatch(part)):
            return f"{found['name']}_{found['user']}_{found['number']}_{name}"
    return f"{student}/{name}"
