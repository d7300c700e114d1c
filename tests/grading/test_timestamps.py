"""`timestamp.txt`: what can be read in one way is read, for the rest a person is told what is assumed."""

import os
import random
from datetime import datetime

import pytest

from course_utils.grading.timestamps import MAX_BYTES, SHOWN, read_timestamp

pytestmark = pytest.mark.unit

EIGHT = datetime(2026, 12, 2, 8)


def read(folder, text, encoding="utf-8"):
    (folder / "timestamp.txt").write_bytes(text.encode(encoding))
    return read_timestamp(folder)


@pytest.mark.parametrize(
    "text",
    [
        # nbgrader's own, ISO 8601
        "2026-12-02 08:00:00 UTC", "2026-12-02 08:00:00", "2026-12-02 08:00:00.000000 UTC",
        "2026-12-02T08:00:00Z", "2026-12-02t08:00:00z", "2026-12-02T08:00", "2026-12-02 8:00",
        "20261202T080000Z", "2026-12-02T08:00:00,000Z", "2026-12-02 08:00:00.000000000",
        "2026/12/02 08:00", "2026.12.02 08:00", "2026-12-02-08-00-00", "2026-12-02_08-00-00",
        # offsets
        "2026-12-02 09:00:00 +0100", "2026-12-02T09:00:00+01:00", "2026-12-02 09:00 UTC+1",
        "2026-12-02 09:00 GMT+01:00", "2026-12-02 03:00:00 -0500", "2026-12-02 03:00:00 -5",
        "2026-12-02 03:00:00 UTC-5", "2026-12-02 03:00 \N{MINUS SIGN}05:00", "2026-12-02 13:30 +05:30",
        "2026-12-02 13:45 UTC+5:45", "2026-12-02 08:00:00 +0000", "2026-12-02 08:00:00 -00:00",
        "2026-12-02 22:00 +1400",
        "2026-12-02 09:00 UTC +1", "2026-12-02 09:00 (GMT +01:00)", "2026-12-02T09:00:00.000+01",
        # mail, JavaScript, `date`, asctime
        "Wed, 02 Dec 2026 09:00:00 +0100", "Wed, 2 Dec 2026 09:00:00 +0100 (CET)",
        "Wed, 02 Dec 2026 08:00:00 GMT", "02 Dec 2026 08:00:00 GMT",
        "Wed Dec 02 2026 09:00:00 GMT+0100 (Central European Standard Time)",
        "Wed Dec  2 08:00:00 UTC 2026", "Wed Dec  2 08:00:00 AM UTC 2026", "Wed Dec  2 08:00:00 2026",
        "Wed Dec  2 09:00:00 CET 2026", "Wed 02 Dec 2026 09:00:00 AM CET",
        "Wed  2 Dec 08:00:00 GMT 2026", "Wed, 02-Dec-2026 08:00:00 GMT",
        # names of zones
        "2026-12-02 09:00 CET", "2026-12-02 09:00 (CET)", "2026-12-02 09:00 cet", "2026-12-02 08:00 WET",
        "2026-12-02 10:00 EET", "2026-12-02 03:00:00 EST", "2026-12-02 00:00 PST",
        "2026-12-02 01:00 MST", "2026-12-02 17:00 JST", "2026-12-02 11:00 MSK", "2026-12-02 19:00 AEDT",
        "2026-12-02 09:00 MEZ", "2026-12-02 09:00:00 Europe/Berlin", "2026-12-02 03:00 America/New_York",
        "2026-12-02 13:30 Asia/Kolkata", "2026-12-02 02:00 US/Central", "2026-12-02 07:00 Etc/GMT+1",
        # in words
        "Wednesday, 2 December 2026, 8:00 AM", "Wednesday, December 2, 2026 8:00 AM",
        "Wednesday, December 2, 2026 at 8:00 AM", "2 December 2026 08:00", "2nd December 2026, 8 am",
        "Dec 2, 2026 8:00 a.m.", "Dec. 2nd, 2026, 8:00 AM", "02-Dec-2026 08:00:00", "2 dec 2026 08:00 UTC",
        "2nd of December 2026 at 08:00", "8:00 AM, 2 December 2026", "08:00 UTC on 2 December 2026",
        "WEDNESDAY, 2 DECEMBER 2026, 8:00 AM", "Wednesday, 2 December 2026, 8:00\N{NARROW NO-BREAK SPACE}AM",
        # what programs put around it
        "2026-12-02 08:00:00 UTC\n", "2026-12-02 08:00:00 UTC\r\n",
        "\r\n 2026-12-02\t08:00:00\N{NO-BREAK SPACE}UTC ",
        '"2026-12-02 08:00:00 UTC"', "\N{LEFT-TO-RIGHT MARK}2026-12-02 08:00 UTC", "2026-12-02 08:00:00 UTC\0",
        "2026-12-02 08:00:00 UTC\n2026-12-02 09:00:00 CET\n",
    ],
)  # fmt: skip
def test_what_can_be_read_in_one_way_is_read(tmp_path, text):
    assert read(tmp_path, text) == (EIGHT, "")


@pytest.mark.parametrize(
    "text, when",
    [
        ("13/12/2026 08:00", datetime(2026, 12, 13, 8)),
        ("12/13/2026 8:00 PM", datetime(2026, 12, 13, 20)),
        ("31.12.2026 23:59", datetime(2026, 12, 31, 23, 59)),
        ("12/12/2026 08:00", datetime(2026, 12, 12, 8)),
        ("08:00 24/12/2026", datetime(2026, 12, 24, 8)),
        ("1 March 2028, 12:00 AM", datetime(2028, 3, 1)),
        ("1 March 2028, 12:30 PM", datetime(2028, 3, 1, 12, 30)),
        ("2026-12-02 08:00:00.123456 UTC", datetime(2026, 12, 2, 8, 0, 0, 123456)),
        ("2026-07-01 08:00 CEST", datetime(2026, 7, 1, 6)),
        ("2026-07-01 08:00 PDT", datetime(2026, 7, 1, 15)),
        ("2026-07-01 08:00 Europe/London", datetime(2026, 7, 1, 7)),
        ("2026-12-01 23:30:00 PST", datetime(2026, 12, 2, 7, 30)),
        ("2026-12-02 00:30:00 +0100", datetime(2026, 12, 1, 23, 30)),
    ],
)  # fmt: skip
def test_other_days(tmp_path, text, when):
    assert read(tmp_path, text) == (when, "")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_windows(tmp_path, encoding):
    assert read(tmp_path, "2026-12-02 08:00:00 UTC\r\n", encoding) == (EIGHT, "")


@pytest.mark.parametrize(
    "text, why",
    [
        ("02/12/2026 08:00", "2 December or 12 February"),
        ("2.12.2026 08:00", "2 December or 12 February"),
        ("2026-12-02 08:00 IST", "'IST'"), ("2026-12-02 08:00 CST", "'CST'"), ("2026-12-02 08:00 BST", "'BST'"),
        ("2026-12-02 08:00 Berlin", "'Berlin'"), ("2026-12-02 08:00 Europe/Atlantis", "unknown"),
        ("2026-12-02 08:00 x/../../etc/passwd", "unknown"),
        ("2026-12-02 08:00 +3600", "no offset"), ("2026-12-02 08:00 +0175", "no offset"),
        ("2026-12-02 08:00 - 09:00", "unknown"),
        ("Mittwoch, 2. Dezember 2026, 08:00", "not a date and time"),
        ("mercredi 2 décembre 2026 à 08:00", "not a date and time"),
        ("2 dic 2026 08:00", "not a date and time"), ("2026年12月2日 08:00", "not a date and time"),
        ("yesterday", "not a date and time"), ("10", "not a date and time"), ("08:00", "not a date and time"),
        ("Wednesday 08:00", "not a date and time"), ("2 December 08:00", "not a date and time"),
        ("1796198400", "not a date and time"), ("02/12/26 08:00", "not a date and time"),
        ("2026-12-02 08:00:00 UTC UTC", "'UTC UTC'"), ("submitted", "not a date and time"),
        ("2026-12-02", "no time of day"), ("2 December 2026", "no time of day"), ("20261202", "no time of day"),
        ("", "empty"), (" \r\n\n", "empty"), ("\N{ZERO WIDTH SPACE}", "empty"),
        ("2026-02-30 08:00", "no such date"), ("2026-13-02 08:00", "no such date"),
        ("2026-12-02 25:00", "no such date"), ("2026-12-02 08:61", "no such date"),
        ("31/31/2026 08:00", "no such date"),
        ("2 December 2026, 13:00 PM", "13 o'clock"), ("2 December 2026, 0:10 PM", "0 o'clock"),
        ("Thursday, 2 December 2026, 08:00", "a Wednesday"),
        ("9999-12-31 23:59:00 -0100", "9999"), ("0206-12-02 08:00", "206"),
        ("2026-12-02 08:00:00 UTC\n2026-12-03 08:00:00 UTC", "different times"),
        ("2026-12-02 08:00:00 UTC\nlate, sorry", "not a date and time"),
    ],
)  # fmt: skip
def test_everything_else_counts_as_on_time_and_says_so(tmp_path, text, why):
    when, warning = read(tmp_path, text)
    assert when is None
    assert why in warning
    assert "on time" in warning
    assert "2026-12-02 08:00:00 UTC" in warning  # how to write it


@pytest.mark.parametrize(
    "text, when",
    [
        ("2026-07-01 08:00 EST", datetime(2026, 7, 1, 12)),  # the clock on the wall says EDT
        ("2026-12-02 01:30 CEST", datetime(2026, 12, 1, 23, 30)),
        ("2026-10-25 02:30 Europe/Berlin", datetime(2026, 10, 25, 0, 30)),  # it was 2:30 twice
    ],
    ids=["winter name in summer", "summer name in winter", "clocks changed"],
)
def test_of_two_readings_an_hour_apart_the_earlier_is_assumed(tmp_path, text, when):
    read_as, warning = read(tmp_path, text)
    assert read_as == when
    assert f"{when:%Y-%m-%d %H:%M:%S}" in warning


def test_no_file_is_nothing_unusual(tmp_path):
    assert read_timestamp(tmp_path) == (None, "")
    assert read_timestamp(tmp_path / "nowhere") == (None, "")


def test_a_long_text_is_quoted_short(tmp_path):
    _, warning = read(tmp_path, "when the bell rang " * 10)
    assert "'when the bell rang" in warning
    assert len(warning) < SHOWN + 200


def test_what_cannot_be_shown_is_quoted_in_ascii(tmp_path):
    _, warning = read(tmp_path, "\x1b[31mnow\N{RIGHT-TO-LEFT OVERRIDE}\a")
    assert warning.isprintable()
    assert r"\x1b[31mnow\u202e" in warning


def test_bytes_that_are_no_text_are_quoted(tmp_path):
    (tmp_path / "timestamp.txt").write_bytes(bytes(range(128, 160)))
    when, warning = read_timestamp(tmp_path)
    assert when is None
    assert warning.isprintable()


def _pipe(path):
    os.mkfifo(path)


def _folder(path):
    path.mkdir()


def _link(path):
    path.with_name("elsewhere").write_text("2026-12-02 08:00:00 UTC")
    path.symlink_to("elsewhere")


def _loop(path):
    path.symlink_to(path.name)


def _large(path):
    path.write_text("2026-12-02 08:00:00 UTC" + " " * MAX_BYTES)


@pytest.mark.parametrize("make", [_pipe, _folder, _link, _loop, _large])
def test_what_is_no_small_file_is_not_read(tmp_path, make):
    make(tmp_path / "timestamp.txt")
    when, warning = read_timestamp(tmp_path)
    assert when is None
    assert "on time" in warning


def test_no_bytes_raise(tmp_path):
    parts = [
        b"2026-12-02",
        b" ",
        b"08:00",
        b"\xff\xfe",
        b"\0",
        b"\n",
        b"UTC",
        b"+9",
        b"02/12/2026",
        b"Dec",
        b"am",
        b"\xe9",
    ]
    draw = random.Random(8)
    for _ in range(500):
        (tmp_path / "timestamp.txt").write_bytes(b"".join(draw.choices(parts, k=draw.randrange(8))))
        when, warning = read_timestamp(tmp_path)
        assert when or warning


def test_a_file_that_may_not_be_read_gives_a_warning(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "timestamp.txt").write_text("2026-12-02 08:00:00 UTC")
    monkeypatch.setattr(os, "open", refuse)
    when, warning = read_timestamp(tmp_path)
    assert when is None
    assert "Permission denied" in warning
