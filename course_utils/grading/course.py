"""Where a course keeps its files, and what its parts are called."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG = "nbgrader_config.py"


class CourseError(Exception):
    """Something a person has to put right; the message says what and how."""


class UsageProblem(CourseError):
    """A request that names something that is not there."""


@dataclass(frozen=True)
class Course:
    """A course folder, with nbgrader's own layout below it.

    Parameters
    ----------
    root : Path
        The folder that holds ``assignments``, ``solutions`` and ``nbgrader_config.py``.
    """

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Find the course that `start` (default: the working directory) is in.

        Raises
        ------
        CourseError
            If there is none.
        """
        start = Path(start or os.environ.get("COURSE_ROOT") or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            # A student's copy has no settings of nbgrader; both have these two.
            if (folder / "assignments").is_dir() and (folder / "constraints.txt").is_file():
                return cls(folder)
        raise UsageProblem(
            f"no course here: neither {start} nor a folder above it holds assignments/ and constraints.txt. "
            "Go to the folder of the course, or set COURSE_ROOT to it."
        )

    @cached_property
    def config(self) -> Config:
        """What ``nbgrader_config.py`` says.

        Raises
        ------
        CourseError
            In a student's copy, which has none.
        """
        if not (self.root / CONFIG).is_file():
            raise CourseError(
                f"{self.root} is a student's copy of the course: grading needs the instructor's repository"
            )
        return PyFileConfigLoader(CONFIG, path=str(self.root)).load_config()

    def _folder(self, name):
        return self.root / str(self.config.CourseDirectory[name])

    @property
    def sources(self) -> Path:
        return self.root / "solutions"

    @property
    def releases(self) -> Path:
        return self.root / "assignments"

    @property
    def untouched(self) -> Path:
        """In a student's copy: the assignments once more, as they were handed out."""
        return self.root / "untouched"

    @property
    def submitted(self) -> Path:
        return self._folder("submitted_directory")

    @property
    def autograded(self) -> Path:
        return self._folder("autograded_directory")

    @property
    def feedback(self) -> Path:
        return self._folder("feedback_directory")

    @property
    def grading(self) -> Path:
        """The folder of everything that is not part of the course's own files."""
        return self.submitted.parent

    @property
    def db_url(self) -> str:
        return str(self.config.CourseDirectory.db_url)

    @property
    def bank(self) -> Path:
        return self.root / "tests" / "bank"

    @property
    def assignments(self) -> list[str]:
        """The names of all assignments with a source notebook."""
        return sorted(
            p.parent.name for p in self.sources.glob("*/*.ipynb") if p.stem == p.parent.name
        )

    def assignment(self, part: str) -> str:
        """Return the full name of an assignment: ``"01"``, ``"1"`` and the whole name are understood.

        Raises
        ------
        CourseError
            If there is no such assignment.
        """
        names = self.assignments or sorted(p.name for p in self.releases.glob("[0-9]*"))
        if not names:
            raise CourseError(f"{self.sources} holds no assignment (NN_name/NN_name.ipynb)")
        number = f"{int(part):02d}_" if part.isdigit() else part
        found = [n for n in names if n == part or n.startswith(number)]
        if len(found) == 1:
            return found[0]
        near = difflib.get_close_matches(part, names, 1, 0.3)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        raise UsageProblem(f"no assignment {part!r}: {hint}")

    def source_notebook(self, name: str) -> Path:
        """Return the path of a source notebook.

        Raises
        ------
        CourseError
            If it is missing.
        """
        path = self.sources / name / f"{name}.ipynb"
        if not path.is_file():
            raise CourseError(
                f"the source notebook {path.relative_to(self.root)} is missing. "
                "Restore it (git checkout), or check out the instructor's repository."
            )
        return path


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
