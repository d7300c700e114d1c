"""`make student`: the course as a student gets it, in one reproducible archive.

Everything but solutions, hidden tests, sample answers, what an instructor needs and what tests it all.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

from course_utils.authoring.release import leaks
from course_utils.course.files import write_safely
from course_utils.course.folders import Course, CourseError
from course_utils.course.source import read_source

NAME = "convnet-course"
GIVEN = (
    "LICENSE",
    "CITATION.cff",
    "CHANGELOG.md",
    "constraints.txt",
    "environment.yml",
    "pyproject.toml",
    "assignments",
    "course_utils",
    "docs/images",
    "docs/students-elsewhere.md",
    "lectures",
)
# An instructor's and an author's rooms, and their verbs: `course check` needs none of it.
LEFT_OUT = (
    "course_utils/authoring/",
    "course_utils/grading/",
    "course_utils/cli/instructor.py",
    "course_utils/cli/term.py",
)
IGNORED = {"__pycache__", ".ipynb_checkpoints", ".DS_Store"}
OWN = Path(__file__).with_name("templates") / "student"  # the README and the Makefile of a student
# What stands in them for what is taken from the course's own.
TAKEN = [
    (name, mark, re.compile(pattern, re.MULTILINE | re.DOTALL))
    for name, mark, pattern in (
        ("README.md", "@PARTS@", r"^\| part .*?(?=\n\n)"),
        ("Makefile", "@VARIABLES@", r"^PYTHON \?=.*?^PIP := [^\n]*"),
        ("Makefile", "@SETUP@", r"^\$\(VENV\)/core:.*?(?=\$\(VENV\)/tools:)"),
    )
]
EPOCH = (2026, 1, 1, 0, 0, 0)  # every file's date: the same content gives the same archive


def files_for_students(course: Course) -> dict[str, bytes]:
    """Return path → content of what a student gets.

    Raises
    ------
    CourseError
        If it would give something away.
    """
    files = {}
    for name in GIVEN:
        top = course.root / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            relative = path.relative_to(course.root).as_posix()
            ignored = IGNORED & set(path.parts) or relative.startswith(LEFT_OUT)
            if path.is_file() and not ignored:
                files[relative] = path.read_bytes()
    found = []
    for assignment in course.assignments:
        source = read_source(course.source_notebook(assignment))
        below = f"assignments/{assignment}/"
        released = {k.removeprefix(below): v for k, v in files.items() if k.startswith(below)}
        if f"{assignment}.ipynb" not in released:
            raise CourseError(
                f"{assignment} was not released: run `course release {assignment[:2]}` first"
            )
        found += leaks(source, released)
        # What `course check` compares a student's notebook with, and a second start for the student.
        files |= {f"untouched/{assignment}/{k}": v for k, v in released.items()}
    if found:
        raise CourseError(f"the archive would give away {'; '.join(found[:5])}")
    return files | {name: text.encode() for name, text in _own(course).items()}


def _own(course) -> dict[str, str]:
    """Return a student's README and Makefile: parts, variables and how to set up are those of the course."""
    texts = {name: (OWN / name).read_text() for name in ("README.md", "Makefile")}
    for name, mark, taken in TAKEN:
        [found] = taken.findall((course.root / name).read_text())
        texts[name] = texts[name].replace(mark, found.replace("make demo", "make lab"))
    return texts


def write_archive(course: Course, path: Path) -> int:
    """Write the archive and return the number of its files.

    Raises
    ------
    CourseError
        If it would give something away or cannot be written.
    """
    files = files_for_students(course)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{NAME}/{name}", EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    write_safely(path, data.getvalue())
    return len(files)


def main() -> None:
    """Write ``dist/convnet-course.zip``."""
    course = Course.find()
    path = course.root / "dist" / f"{NAME}.zip"
    try:
        print(f"{path.relative_to(course.root)}: {write_archive(course, path)} files, {size(path)}")
    except CourseError as error:
        sys.exit(f"make student: {error}")


def size(path: Path) -> str:
    """Return the size of a file, in words."""
    return f"{path.stat().st_size / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
