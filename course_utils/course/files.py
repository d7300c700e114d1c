"""Files that hold people's work: whole or not at all, private, and with names that a path can carry."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

from course_utils.course.folders import Course, CourseError


def write_safely(path: Path, data: str | bytes) -> None:
    """Write a file under a temporary name, then rename it: it is never seen half-written.

    Raises
    ------
    CourseError
        If it cannot be written (a full disk, say); the file that was there is untouched.
    """
    path = Path(path)
    data = data.encode() if isinstance(data, str) else data
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise CourseError(
            f"cannot write {path}: {error.strerror}. Nothing was changed; "
            "make room or mend the permissions, then run the same command again."
        ) from error


def private(folder: Path) -> Path:
    """Make a folder for students' work or marks, which git then leaves alone; return it.

    A ``.gitignore`` that is there already is kept.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_safely(ignore, "*\n")
    return folder


def tracked(folder: Path) -> list[str]:
    """Return the files of a folder that git keeps, although they are students' work or marks."""
    if not shutil.which("git"):
        return []
    done = subprocess.run(
        ["git", "ls-files", "-z", "--", "."], cwd=folder, capture_output=True, text=True
    )
    return [n for n in done.stdout.split("\0") if n] if done.returncode == 0 else []


def course_secret(course: Course) -> bytes:
    """Return the secret from which hidden inputs are drawn; it is made on first use."""
    path = course.grading / "secret"
    if not path.exists():
        private(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
    return hashlib.sha256(path.read_bytes()).digest()


MAX_NAME = 100  # characters of a student's name
# What a path, a pattern of nbgrader's, a page or a shell would read as something else.
_SPECIAL = re.compile(r"""[\\/:*?"<>|\[\]{}$`;&#%~!^=]|^[.\s-]|[.\s]$""")


def why_no_name(name: str) -> str:
    """Return why a folder's name cannot be a student's, '' if it can.

    Letters of every alphabet are fine, and so are spaces and apostrophes: people are called such things.
    """
    if len(name) > MAX_NAME:
        return f"it is longer than {MAX_NAME} characters"
    if not name.isprintable() or not any(c.isalnum() for c in name):
        return "it holds characters that cannot be shown" if name else "it is empty"
    found = _SPECIAL.search(name)
    return f"it holds {found[0]!r} where a name cannot" if found else ""
