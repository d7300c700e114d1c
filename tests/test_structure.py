"""The rooms of `course_utils`: imports run down only, in no circle; a module can be read at one sitting."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

pytestmark = pytest.mark.unit

PACKAGE = ROOT / "course_utils"
MODULES = sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".js", ".css"))
LONGEST = 400  # lines of a module
IDS = {"ids": lambda path: path.relative_to(PACKAGE).as_posix()}


def lint(folder: Path) -> subprocess.CompletedProcess:
    """Hold the package of a folder against the contracts of its pyproject.toml."""
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_imports_run_down_only_and_in_no_circle():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("wire/probes.py", "import course_utils.grading.grade", "Arrows run down BROKEN"),
        ("jail/meter.py", "def late():\n    import course_utils.course.source", "Arrows run down BROKEN"),
        ("judging/parse.py", "import course_utils.judging.run", "No circles BROKEN"),
        ("new_room/__init__.py", "", "Arrows run down BROKEN"),
    ],
    ids=["up", "sideways, within a function", "a circle in one room", "a room without a place"],
)  # fmt: skip
def test_an_import_that_does_not_belong_is_found(tmp_path, module, line, contract):
    shutil.copytree(
        PACKAGE, tmp_path / "course_utils", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / "course_utils" / module
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert contract in done.stdout


@pytest.mark.parametrize("path", MODULES, **IDS)
def test_a_module_is_short_and_says_what_it_is_about(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST
    if path.suffix == ".py" and path.name != "__main__.py":
        assert ast.get_docstring(ast.parse(text))


def test_importing_the_package_loads_none_of_its_rooms():
    code = "import sys, course_utils; print(*sorted(n for n in sys.modules if 'course_utils' in n))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["course_utils"]


def test_what_a_university_asks_for_first_is_there_and_agrees():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    licence, citation = (ROOT / "LICENSE").read_text(), (ROOT / "CITATION.cff").read_text()
    assert "MIT License" in licence and "CC BY 4.0" in licence
    assert project["license"] == "MIT AND CC-BY-4.0"
    assert f"\nversion: {project['version']}\n" in citation
    assert "  - MIT\n  - CC-BY-4.0\n" in citation
    assert f"\n## {project['version']}" in (ROOT / "CHANGELOG.md").read_text()
