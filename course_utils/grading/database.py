"""What the gradebook is kept in: a file of SQLite, or a PostgreSQL server.

Either has one writer at a time, and whoever waits for it says so. In a file that is SQLite's own lock; on a
server it is one of ours, since nbgrader's tables leave two writers room to add the same student twice.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from course_utils.course.folders import CourseError

INSTALL = "pip install -c constraints.txt -e '.[postgres]'"
LONGEST = 600  # seconds that one statement on a server waits for another program's
WRITER = 0x636F6E76  # the lock of whoever writes, in a database of a server


def engine_of(url: str, path: Path | None) -> Engine:
    """Return the engine of a gradebook; `path` is its file, None on a server.

    Raises
    ------
    CourseError
        If the address is none, or its driver is not installed.
    """
    # A file is closed after each transaction: kept in a pool, it would stay open until collected.
    options = {"poolclass": NullPool, "connect_args": {"timeout": 1}} if path else {}
    try:
        engine = create_engine(url, **{"poolclass": NullPool, **options})
    except ModuleNotFoundError as error:
        raise CourseError(
            f"the gradebook is on a server, and the driver {error.name} is not installed: {INSTALL}"
        ) from None
    except (ArgumentError, NoSuchModuleError) as error:
        raise CourseError(
            f"c.CourseDirectory.db_url in nbgrader_config.py is no address of a gradebook: {error}. "
            "It reads sqlite:///FILE, or postgresql://USER@HOST/DATABASE."
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _no_implicit_begin)
        event.listen(engine, "begin", _begin_immediate)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _one_writer)
    return engine


def _no_implicit_begin(connection, record):
    # Python's sqlite3 begins a transaction late, so a lock would show only in the middle of one.
    connection.isolation_level = None


def _begin_immediate(connection):
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _one_writer(connection):
    connection.exec_driver_sql("SET LOCAL lock_timeout = '1s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER})")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LONGEST}s'")


def is_busy(error: Exception) -> bool:
    """Return whether another program keeps a transaction from beginning."""
    said = str(error)
    return "locked" in said or "lock timeout" in said


def unusable(url: str, path: Path | None, error: Exception) -> CourseError:
    """Return what to tell of a gradebook that cannot be used."""
    why = " ".join(str(error.__cause__ or error).split())
    if path:
        return CourseError(
            f"the gradebook {path} cannot be used: {why}. "
            "It was left as it is; restore it from a backup, or move it away to begin a new one."
        )
    return CourseError(
        f"the gradebook {shown(url)} cannot be used: {why}. "
        "Nothing was changed by what failed: when the server answers again, run the same command again."
    )


def shown(url: str) -> str:
    """Return an address without its password."""
    return make_url(url).render_as_string(hide_password=True)


@contextlib.contextmanager
def alone(engine: Engine, what: str) -> Iterator[bool]:
    """Be the only program, on whatever machine, that is at something; yields whether it is.

    A file is guarded by one beside it (see `Grader`).
    """
    if engine.dialect.name != "postgresql":
        yield True
        return
    number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:4], "big", signed=True)
    connection = engine.raw_connection()  # without the transactions of `engine_of`
    try:
        connection.driver_connection.autocommit = True
        with contextlib.closing(connection.cursor()) as cursor:
            cursor.execute(f"SELECT pg_try_advisory_lock({WRITER & 0xFFFF}, {number})")
            is_alone = bool(cursor.fetchone()[0])
        yield is_alone
    finally:
        with contextlib.suppress(Exception):  # the server was stopped meanwhile
            connection.close()
