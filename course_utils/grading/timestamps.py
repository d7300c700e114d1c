"""When a submission was handed in: what `timestamp.txt` says, if it can be read in one way only.

Marks hang on it, so nothing is guessed. What can be read in two ways, or not at all, gives a warning, and the
submission counts as on time until a person has looked.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TIMESTAMP = "timestamp.txt"
MAX_BYTES = 400  # of the file
SHOWN = 60  # characters of it in a warning
YEARS = range(2000, 2101)  # any other year is a slip of the pen
HOW = "Write it like 2026-12-02 08:00:00 UTC (or with an offset: +0100)."

# Names of zones that mean one thing: hours east of UTC, and a place that uses them. Not here, because they mean
# several: IST (India, Ireland, Israel), CST (America, China, Cuba), BST (Britain, Bangladesh), AST, ADT, GST …
_NEW_YORK, _CHICAGO, _DENVER = "America/New_York", "America/Chicago", "America/Denver"
_ANGELES, _BERLIN, _LISBON = "America/Los_Angeles", "Europe/Berlin", "Europe/Lisbon"
_ATHENS, _SYDNEY, _AUCKLAND = "Europe/Athens", "Australia/Sydney", "Pacific/Auckland"
ZONES: dict[str, tuple[float, str]] = {
    "Z": (0, ""), "UTC": (0, ""), "GMT": (0, ""), "UT": (0, ""),
    "EST": (-5, _NEW_YORK), "EDT": (-4, _NEW_YORK), "CDT": (-5, _CHICAGO),
    "MST": (-7, ""), "MDT": (-6, _DENVER),  # Arizona has MST all year
    "PST": (-8, _ANGELES), "PDT": (-7, _ANGELES),
    "AKST": (-9, "America/Anchorage"), "AKDT": (-8, "America/Anchorage"), "HST": (-10, ""),
    "WET": (0, _LISBON), "WEST": (1, _LISBON), "CET": (1, _BERLIN), "CEST": (2, _BERLIN),
    "MEZ": (1, _BERLIN), "MESZ": (2, _BERLIN), "EET": (2, _ATHENS), "EEST": (3, _ATHENS),
    "MSK": (3, ""), "SAST": (2, ""), "PKT": (5, ""), "NPT": (5.75, ""), "WIB": (7, ""),
    "HKT": (8, ""), "SGT": (8, ""), "JST": (9, ""), "KST": (9, ""),
    "AWST": (8, ""), "ACST": (9.5, ""), "ACDT": (10.5, "Australia/Adelaide"),
    "AEST": (10, ""), "AEDT": (11, _SYDNEY),  # Queensland has AEST all year, Darwin ACST
    "NZST": (12, _AUCKLAND), "NZDT": (13, _AUCKLAND),
}  # fmt: skip

_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTHS = {n: i for i, m in enumerate(_MONTHS, 1) for n in (m, m[:3])} | {"sept": 9}
DAYS = {n: i for i, d in enumerate(_DAYS) for n in (d, d[:3])}
DAYS |= {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}

_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b"
_DAY = "(?:" + "|".join(sorted(DAYS, key=len, reverse=True)) + r")\b\.?,?\ *"
_ISO = r"(?P<y>[0-9]{4})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<d>[0-9]{1,2})"
_COMPACT = r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"
_NUMERIC = r"(?P<a>[0-9]{1,2})(?P<s>[-/.])(?P<b>[0-9]{1,2})(?P=s)(?P<y>[0-9]{4})"
_D = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_DMY = rf"{_D}(?:\ of)?[\ -]+(?P<month>{_MONTH})\.?,?[\ -]*(?P<y>[0-9]{{4}})"
_MDY = rf"(?P<month>{_MONTH})\.?\ +{_D},?\ +(?P<y>[0-9]{{4}})"
_TIME = r"(?P<H>[0-9]{1,2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
_TIME12 = rf"(?:{_TIME}|(?P<H12>[0-9]{{1,2}})(?=\ *[ap]\.?\ ?m\b))(?:\ *(?P<ap>[ap])\.?\ ?m\b\.?)?"
_DASHED = r"(?P<H>[0-9]{2})[-_](?P<M>[0-9]{2})[-_](?P<S>[0-9]{2})"  # where a file's name is meant
_BASIC = r"(?P<H>[0-9]{2})(?P<M>[0-9]{2})(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?"
_ZONE = r"(?:\ *(?P<zone>[a-z+(-].*))?"
_WEEKDAY = rf"(?:(?P<weekday>{_DAY}))?"
_FORMS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        *(rf"{_WEEKDAY}{date}(?:t|,?\ +(?:at\ +)?){_TIME12}{_ZONE}" for date in (_ISO, _NUMERIC, _DMY, _MDY)),
        *(rf"{_TIME12}(?:\ *(?P<zone>[a-z+-][^\ ,]*))?(?:\ +on\ +|,?\ +){_WEEKDAY}{date}"
          for date in (_ISO, _NUMERIC, _DMY, _MDY)),
        *(rf"{_WEEKDAY}{day}\ +{_TIME12}(?:\ +(?P<zone>[a-z+-][^\ ]*))?\ +(?P<y>[0-9]{{4}})"  # `date`
          for day in (rf"(?P<month>{_MONTH})\ +{_D}", rf"{_D}\ +(?P<month>{_MONTH})")),
        rf"{_COMPACT}t{_BASIC}{_ZONE}",
        rf"{_ISO}[-_\ ]{_DASHED}{_ZONE}",
    )
]  # fmt: skip
_HAS_TIME = re.compile(r"[0-9]:[0-9]{2}|[0-9]\ ?[ap]\.?m", re.IGNORECASE)
_HAS_DATE = re.compile(
    rf"{_ISO}|[0-9]{{1,2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{2,4}}|{_MONTH}|\b[0-9]{{8}}\b", re.IGNORECASE
)
_OFFSET = re.compile(
    r"(?:(?:utc|gmt)\ ?)?(?P<sign>[+-])(?P<h>[0-9]{1,2})(?::?(?P<m>[0-9]{2}))?(?:\ *\(.*\))?",
    re.IGNORECASE | re.ASCII,
)


class Unclear(Exception):
    """A text that cannot be read in one way only; the message says why."""


def read_timestamp(folder: Path) -> tuple[datetime | None, str]:
    """Return when a submission was handed in.

    Parameters
    ----------
    folder : Path
        A submission. Whatever stands there as ``timestamp.txt``, it is not waited for and nothing is raised.

    Returns
    -------
    when : datetime or None
        UTC, without a zone, as nbgrader keeps it. None (on time) where it is not known.
    warning : str
        What cannot be read, and what is assumed instead; '' where all is clear.
    """
    try:
        data = _bytes(Path(folder) / TIMESTAMP)
    except Unclear as error:
        return None, f"{TIMESTAMP} {error}: counted as on time. {HOW}"
    if data is None:
        return None, ""
    text = _decoded(data)
    try:
        return read_text(text)
    except (Unclear, ValueError, OverflowError) as error:
        why = error if isinstance(error, Unclear) else "there is no such date or time"
        return None, f"{TIMESTAMP} says {quoted(text)}: {why}. Counted as on time. {HOW}"


def quoted(text: str) -> str:
    """Return a text in quotes, short and printable."""
    text = " / ".join(line.strip() for line in text.splitlines() if line.strip())
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 2] + " …")


def _bytes(path: Path) -> bytes | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # a pipe would be waited for
            raise Unclear("is a link, a folder or no plain file")
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise Unclear(f"cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(data) > MAX_BYTES:
        raise Unclear(f"is longer than {MAX_BYTES} bytes")
    return data


def _decoded(data: bytes) -> str:
    """Return the text of a file as Windows, macOS or Linux may have written it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data.count(0) > len(data) / 4:  # every second byte: UTF-16 that does not say so
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("latin-1")


def read_text(text: str) -> tuple[datetime, str]:
    """Return the instant that a text says (UTC, without a zone), and what is in doubt about it.

    Raises
    ------
    Unclear, ValueError, OverflowError
        If it says none, or several.
    """
    lines = [_tidy(line) for line in text.splitlines() if _tidy(line)]
    if not lines:
        raise Unclear("it is empty")
    found = [_line(line) for line in lines]
    if len({when for when, _ in found}) > 1:
        raise Unclear("its lines say different times")
    when, doubt = found[0]
    if doubt:
        return when, (
            f"{TIMESTAMP} says {quoted(text)}: {doubt}. Counted as {when:%Y-%m-%d %H:%M:%S} UTC, the earlier "
            f"of two readings. {HOW}"
        )
    return when, ""


def _tidy(line: str) -> str:
    """Return a line with plain spaces, digits and signs: programs write "8:00 AM" with a narrow space."""
    line = unicodedata.normalize("NFKC", line).replace("\N{MINUS SIGN}", "-")
    shown = "".join(" " if c.isspace() else c for c in line if unicodedata.category(c) != "Cf")
    return re.sub(" +", " ", shown.replace("\0", "")).strip(" \"'")


def _line(line: str) -> tuple[datetime, str]:
    """Return the instant that a line says, and what is in doubt about it (the earlier reading is returned)."""
    for form in _FORMS:
        match = form.fullmatch(line)
        if match:
            parts = match.groupdict()
            break
    else:
        raise Unclear(_why_not(line))
    local = datetime(*_date(parts), *_time(parts))
    if local.year not in YEARS:
        raise Unclear(f"the year {local.year} cannot be meant")
    weekday = (parts.get("weekday") or "").lower().strip(" .,")
    if weekday and DAYS[weekday] != local.weekday():
        raise Unclear(f"that day is a {_DAYS[local.weekday()].capitalize()}")
    return _in_utc(local, (parts.get("zone") or "").strip())


def _why_not(line: str) -> str:
    if _HAS_DATE.search(line) and not _HAS_TIME.search(line):
        return "it has no time of day that can be read"
    return "it is not a date and time that can be read"


def _date(parts) -> tuple[int, int, int]:
    year = int(parts["y"])
    if parts.get("month"):
        return year, MONTHS[parts["month"].lower()], int(parts["d"])
    if parts.get("m"):
        return year, int(parts["m"]), int(parts["d"])
    a, b = int(parts["a"]), int(parts["b"])
    if a <= 12 and b <= 12 and a != b:
        raise Unclear(
            f"it may be {a} {_MONTHS[b - 1].capitalize()} or {b} {_MONTHS[a - 1].capitalize()}"
        )
    return (year, b, a) if b <= 12 else (year, a, b)


def _time(parts) -> tuple[int, int, int, int]:
    hour = int(parts["H"] or parts["H12"])
    half = (parts.get("ap") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise Unclear(f"there is no {hour} o'clock {half}m")
        hour = hour % 12 + 12 * (half == "p")
    fraction = int(f"{parts.get('f') or '0':0<6}"[:6])
    return hour, int(parts.get("M") or 0), int(parts.get("S") or 0), fraction


def _in_utc(local: datetime, zone: str) -> tuple[datetime, str]:
    if zone.startswith("(") and zone.endswith(")"):
        zone = zone[1:-1]
    offset = _OFFSET.fullmatch(zone)
    if not zone:
        return local, ""  # by nbgrader's documentation
    if offset:
        east = timedelta(hours=int(offset["h"]), minutes=int(offset["m"] or 0))
        if east > timedelta(hours=14) or int(offset["m"] or 0) > 59:
            raise Unclear(f"there is no offset {zone}")
        return local - (east if offset["sign"] == "+" else -east), ""
    if zone.upper() in ZONES:
        hours, place = ZONES[zone.upper()]
        when = local - timedelta(hours=hours)
        at_place = _zone(place)
        there = at_place and local - local.replace(tzinfo=at_place).utcoffset()
        if (
            there and there != when
        ):  # EST in July, say: many write so and mean the clock on the wall
            return min(when, there), f"{zone} is not in use on that day"
        return when, ""
    at_place = _zone(zone) if "/" in zone else None
    if at_place is None:
        raise Unclear(f"the zone {quoted(zone)} is unknown or means several things")
    first, second = (local.replace(tzinfo=at_place, fold=fold).astimezone(UTC) for fold in (0, 1))
    doubt = "" if first == second else "the clocks were changed at that hour"
    return min(first, second).replace(tzinfo=None), doubt


def _zone(name: str) -> ZoneInfo | None:
    with contextlib.suppress(Exception):  # zoneinfo raises many kinds on odd names
        return ZoneInfo(name) if name else None
    return None
