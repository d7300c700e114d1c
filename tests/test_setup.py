"""The set-up: one place for versions, light imports, a tree without surprises, the README's commands."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

from course_utils.doctor import pinned

pytestmark = pytest.mark.unit

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split("\n")[:-1]


def test_every_dependency_is_pinned_once():
    names = [*PROJECT["dependencies"], *sum(PROJECT["optional-dependencies"].values(), [])]
    assert sorted(set(names) - set(pinned(ROOT / "constraints.txt"))) == []
    assert all(re.fullmatch(r"[\w-]+", name) for name in names), (
        "versions belong in constraints.txt"
    )


@pytest.mark.parametrize("extra", ["", "test", pytest.param("torch", marks=pytest.mark.torch)])
def test_what_is_installed_is_what_is_pinned(extra):
    from importlib.metadata import version

    pins = pinned(ROOT / "constraints.txt")
    names = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    assert {n: version(n).split("+")[0] for n in names} == {n: pins[n] for n in names}


def test_the_pinned_versions_take_every_release_of_the_pythons_supported():
    """Debian 12 has Python 3.11.2, and some packages ask for a later 3.11."""
    from importlib.metadata import distributions

    from packaging.specifiers import SpecifierSet

    pins = pinned(ROOT / "constraints.txt")
    asked = {
        name: found.metadata.get("Requires-Python") or ""
        for found in distributions()
        if (name := re.sub(r"[-_.]+", "-", found.metadata["Name"]).lower()) in pins
    }
    least, most = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    firsts = [f"3.{minor}.0" for minor in range(int(least), int(most))]
    assert len(asked) > 90
    assert {n: a for n, a in asked.items() if not all(v in SpecifierSet(a) for v in firsts)} == {}


def test_environment_yml_takes_everything_from_pip():
    text = (ROOT / "environment.yml").read_text()
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("- ")]
    assert f"- python{PROJECT['requires-python']}" in lines
    assert lines[lines.index("- pip:") + 1 :] == ["- -c constraints.txt", "- -e .[torch,test]"]
    assert set(lines[1 : lines.index("- pip:")]) == {
        f"- python{PROJECT['requires-python']}",
        "- pip",
        "- make",
    }


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_the_code_is_as_make_fmt_leaves_it(command):
    ruff = [sys.executable, "-m", "ruff", *command, "course_utils", "tests", "benchmarks"]
    done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_ci_runs_the_command_of_the_readme():
    run = (ROOT / ".ci" / "run").read_text()
    assert "COURSE_NEED_TOOLS=1 make test" in run.splitlines()
    least, most = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["requires-python"]).groups()
    assert re.search(r"for version in (.*); do", run)[1].split() == [
        f"3.{minor}" for minor in range(int(least), int(most))
    ]
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme and "make test" in readme


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z][\w-]*)", (ROOT / "README.md").read_text()))
    assert named and named <= targets


def test_every_course_verb_of_the_readme_exists():
    from course_utils.cli import main

    named = set(
        re.findall(r"\bcourse ([a-z]+)\b(?! on| is| of)", "\n".join(_code(ROOT / "README.md")))
    )
    assert named and named <= set(main.commands)


def _code(path):
    text = path.read_text()
    return re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)


@pytest.mark.parametrize("module", ["course_utils", "course_utils.checks"])
def test_imports_stay_light(module):
    code = (
        f"import sys, time; start = time.perf_counter(); import {module}; "
        "print([m for m in ('torch', 'nbgrader', 'matplotlib', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_of_a_machine_is_in_the_tree():
    home = str(Path.home())
    odd = [home] if len(home) > 5 else []
    for name in TRACKED:
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".txt", ".toml", ".yml", ".ipynb", ".js", "")
            and path.is_file()
        ):
            text = path.read_text(errors="replace")
            assert str(ROOT) + os.sep not in text, name
            assert not [word for word in odd if word in text], name


@pytest.mark.parametrize("name", ["solutions", "tests/bank", "nbgrader_config.py"])
def test_what_students_must_not_have_is_tracked_apart(name):
    assert any(t == name or t.startswith(name + "/") for t in TRACKED)
