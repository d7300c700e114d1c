"""What `course collect` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from course_utils.course.folders import Course, UsageProblem
from course_utils.grading.collect import NEW, OLDER, REPLACED, SAME, Collected

MOST = 20  # names in a line


def read_said(said: Iterable[str]) -> dict[str, str]:
    """Read ``NAME=ID``.

    Raises
    ------
    UsageProblem
    """
    found = {}
    for one in said:
        name, equals, who = one.rpartition("=")
        if not (name and who):
            raise UsageProblem(
                f"--who {one!r}: write NAME=ID, with the name as `course collect` shows it"
            )
        found[name] = who
    return found


def read_zone(name: str | None) -> ZoneInfo | None:
    """Read the name of a time zone.

    Raises
    ------
    UsageProblem
    """
    try:
        return ZoneInfo(name) if name else None
    except Exception:  # zoneinfo raises many kinds on odd names
        raise UsageProblem(
            f"--timezone {name!r} is no time zone: write one like Europe/Berlin or America/New_York"
        ) from None


def print_collected(
    console: Console, course: Course, assignment: str, done: Collected, zone: str | None, dry: bool
) -> None:
    """Print what was found, what became of it, and what a person has to look at."""
    counts = Counter(one.outcome for one in done.found)
    what = (
        ", ".join(f"{counts[o]} {o}" for o in (NEW, REPLACED, SAME, OLDER) if counts[o])
        or "nothing"
    )
    say = lambda text: console.print(text, markup=False, soft_wrap=True)  # noqa: E731
    say(f"{done.platform}: {what}{' (nothing was done)' if dry else ''}")
    if any(one.time for one in done.found):
        here = f"{datetime.now().astimezone():%Z}, the zone of this machine (--timezone)"
        say(f"Times are read in {zone or here}.")
    if counts[REPLACED] or counts[OLDER]:
        say(
            f"What is not graded now is kept in {_short(course, course.grading / 'earlier' / assignment)}/."
        )
    for one in done.found:
        for note in one.notes:
            say(f"{one.student}: {note}")
    for key, why in done.left.items():
        say(f"Left, belongs to nobody: {key}: {why}")
    if done.left:
        say("Settle each with --who 'NAME=ID', NAME as it stands above.")
    if done.others:
        say(f"Left, no submission: {_some(done.others)}")
    if done.absent:
        say(f"Nothing from {len(done.absent)}: {_some(done.absent)}")
    if done.record:
        say(f"Written down in {_short(course, done.record)}.")


def _some(names):
    return ", ".join(names[:MOST]) + (f" and {len(names) - MOST} more" if len(names) > MOST else "")


def _short(course, path):
    return path.relative_to(course.root) if path.is_relative_to(course.root) else path
