"""`make student`: the library of the students' archive as a wheel, for JupyterHub, Colab and VS Code.

It holds the archive's ``course_utils`` and nothing else. Its dependencies have no versions, so that it installs
beside what a hub or Colab has; ``constraints.txt`` says what was tested.
"""

from __future__ import annotations

import calendar
import json
import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

from course_utils.authoring.archive import EPOCH, NAME, files_for_students, size
from course_utils.course.files import write_safely
from course_utils.course.folders import Course, CourseError

PACKAGE = f"{NAME}-student"
# What only an instructor's rooms ask for, and what a hub or Colab has of its own: JupyterLab, nbgrader.
NOT_ASKED = {"jupyterlab", "latex2mathml", "nbclient", "nbgrader"}
# What these bring, and `course check` uses.
BROUGHT = {"ipython", "markdown-it-py", "nbconvert", "nbformat", "requests", "traitlets"}
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def settings(course: Course) -> dict:
    """Return the wheel's ``pyproject.toml``, made of the course's own."""
    own = tomllib.loads((course.root / "pyproject.toml").read_text(encoding="utf-8"))
    project = own["project"]
    kept = ("version", "license", "license-files", "requires-python", "scripts")
    return {
        "build-system": own["build-system"],
        "project": {key: project[key] for key in kept}
        | {
            "name": PACKAGE,
            "description": f"{project['description'].partition(':')[0]}: what its notebooks import",
            "dependencies": sorted({*project["dependencies"], *BROUGHT} - NOT_ASKED),
            "optional-dependencies": {"torch": project["optional-dependencies"]["torch"]},
        },
        "tool": {"setuptools": own["tool"]["setuptools"]},
    }


def build(course: Course, folder: Path) -> Path:
    """Write the wheel to a folder and return its path: the same content gives the same bytes.

    Raises
    ------
    CourseError
        If it would give something away, lacks a file of the archive's, or cannot be built.
    """
    files = files_for_students(course)
    wanted = {k: v for k, v in files.items() if k.startswith("course_utils/") or k == "LICENSE"}
    with tempfile.TemporaryDirectory(prefix="package-") as scratch:
        tree, out = Path(scratch, "tree"), Path(scratch, "out")
        for name, content in (wanted | {"pyproject.toml": _toml(settings(course))}).items():
            path = tree / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o644)
        # A wheel holds dates and rights: neither may be those of the moment or of who builds it.
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(out)], cwd=tree, capture_output=True, text=True,
            env=os.environ | {"SOURCE_DATE_EPOCH": str(calendar.timegm(EPOCH))},
            **({"umask": 0o022} if os.name == "posix" else {}),
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise CourseError(
                f"setuptools could not build the wheel: {said}. `make student` after a fresh "
                "`rm -rf .venv` has the setuptools of constraints.txt"
            )
        [wheel] = out.glob("*.whl")
        _compare(wheel, wanted)
        write_safely(Path(folder) / wheel.name, wheel.read_bytes())
    return Path(folder) / wheel.name


def _compare(wheel: Path, wanted: dict[str, bytes]) -> None:
    """Refuse a wheel that holds another library than the archive."""
    with zipfile.ZipFile(wheel) as file:
        held = {n: file.read(n) for n in file.namelist() if n.startswith("course_utils/")}
    library = {k: v for k, v in wanted.items() if k != "LICENSE"}
    odd = sorted(k for k in held.keys() | library.keys() if held.get(k) != library.get(k))
    if odd:
        raise CourseError(
            f"the wheel and the archive differ in {', '.join(odd[:5])}; "
            "[tool.setuptools.package-data] of pyproject.toml says which data files are packed"
        )


def _toml(tables: dict) -> bytes:
    """Write tables of strings, lists and tables as TOML; JSON is what the two have in common."""
    lines = []

    def write(table, above=()):
        plain = {k: v for k, v in table.items() if not isinstance(v, dict)}
        if plain:
            lines.append(f"[{'.'.join(above)}]")
            lines.extend(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in plain.items())
        for key, inner in table.items():
            if isinstance(inner, dict):
                write(inner, (*above, json.dumps(key)))

    write(tables)
    return "\n".join([*lines, ""]).encode()


def main() -> None:
    """Write ``dist/convnet_course_student-VERSION-py3-none-any.whl``."""
    course = Course.find()
    try:
        path = build(course, course.root / "dist")
    except CourseError as error:
        sys.exit(f"make student: {error}")
    print(f"{path.relative_to(course.root)}: {size(path)}")


if __name__ == "__main__":
    main()
