"""Where a course keeps its files, and what its parts are called."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

CONFIG = "nbgrader_config.py"
GUIDE = "docs/writing-a-part.md"


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
            if cls(folder).is_here:
                return cls(folder)
        raise UsageProblem(
            f"no course here: neither {start} nor a folder above it holds assignments/ and constraints.txt. "
            "Go to the folder of the course, or set COURSE_ROOT to it."
        )

    @property
    def is_here(self) -> bool:
        """Whether the folder is that of a course, and not one that an assignment was fetched to."""
        # A student's copy has no settings of nbgrader; both have these two.
        return (self.root / "assignments").is_dir() and (self.root / "constraints.txt").is_file()

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
        begun = [p.name for p in sorted(self.sources.glob("*/")) if p.name.startswith(number)]
        if begun:
            raise UsageProblem(
                f"solutions/{begun[0]} holds no notebook {begun[0]}.ipynb; {GUIDE} says how to begin one"
            )
        near = difflib.get_close_matches(part, names, 1, 0.3)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        if part.isdigit() and self.sources.is_dir():
            hint += f"; {GUIDE} says how to begin one"
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
