"""`course lab`: JupyterLab at the course's root, with the course's programs, and without news."""

import os
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from course_utils.course.folders import Course, UsageProblem
from course_utils.course.lab import SETTINGS, command, environment

pytestmark = pytest.mark.unit
NOTIFICATION = "@jupyterlab/apputils-extension:notification"


def test_the_root_is_the_course_and_the_page_is_the_first_lecture():
    made = command(Course(ROOT), whole=True, as_root=True)
    assert f"--ServerApp.root_dir={ROOT}" in made and "--allow-root" in made
    [page] = [part for part in made if part.startswith("--LabApp.default_url=/lab/tree/")]
    lecture = page.split("/lab/tree/")[1].split("?")[0]
    assert lecture.startswith("lectures/01_") and (ROOT / lecture).is_file()


def test_root_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(UsageProblem, match="course lab --allow-root"):
        command(Course(ROOT), whole=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--allow-root" not in command(Course(ROOT), whole=False)


def test_the_courses_programs_come_first_on_the_path():
    programs = str(Path(sys.executable).parent)
    found = environment(
        {"PATH": os.pathsep.join(["/usr/bin", programs, "/bin"]), "HOME": "/home/x"}
    )
    assert found["PATH"].split(os.pathsep) == [programs, "/usr/bin", "/bin"]
    assert found["HOME"] == "/home/x"


@pytest.mark.parametrize("whose", ["student", "whole"])
def test_jupyterlab_shows_no_news_and_asks_for_no_updates(whose):
    import jupyterlab
    from jupyterlab_server.settings_utils import get_settings

    schemas = Path(jupyterlab.__file__).parent / "schemas"
    schemas = schemas if schemas.is_dir() else Path(sys.prefix, "share/jupyter/lab/schemas")
    found, _ = get_settings(str(SETTINGS / whose), str(schemas), "", schema_name=NOTIFICATION)
    defaults = {name: about["default"] for name, about in found["schema"]["properties"].items()}
    assert defaults["fetchNews"] == "false" and defaults["checkForUpdates"] is False


def test_a_student_is_shown_no_create_assignment_and_an_instructor_is():
    from jupyterlab_server.config import get_page_config

    panel = "@jupyter/nbgrader:create-assignment"
    shown = {
        w: get_page_config([], str(SETTINGS / w))["disabledExtensions"]
        for w in ("student", "whole")
    }
    assert panel in shown["student"] and panel not in shown["whole"]
