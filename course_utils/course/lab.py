"""JupyterLab on a course: its folder is the root, its programs are on the path, and no news pops up."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from course_utils.course.folders import Course, UsageProblem

SETTINGS = Path(__file__).with_name("lab_settings")


def command(course: Course, whole: bool, as_root: bool = False) -> list[str]:
    """Return the command that opens JupyterLab at a course's first lecture.

    Parameters
    ----------
    course : Course
    whole : bool
        Whether this is an instructor's repository; a student's copy shows no *Create Assignment*.
    as_root : bool
        Whether root may run it, as in a container of one's own.

    Raises
    ------
    UsageProblem
        If we are root and were not asked to be.
    """
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not as_root:
        raise UsageProblem(
            "JupyterLab does not run as root, since whoever reaches its page is root as well: log in as "
            "another user, or, in a container of your own, run: course lab --allow-root"
        )
    lectures = sorted(path.name for path in (course.root / "lectures").glob("*.ipynb"))
    page = f"/lab/tree/lectures/{lectures[0]}?file-browser-path=/" if lectures else "/lab"
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={course.root}",
        f"--LabApp.default_url={page}",
        f"--LabApp.app_settings_dir={SETTINGS / ('whole' if whole else 'student')}",
        "--Application.log_level=ERROR",  # the address is said all the same, warnings of other packages are not
        *(["--allow-root"] if as_root else []),
    ]


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return JupyterLab's environment: ``course`` is found in its terminals and by ``!course`` in a cell."""
    programs = str(Path(sys.executable).parent)
    rest = [p for p in given.get("PATH", os.defpath).split(os.pathsep) if p != programs]
    return {**given, "PATH": os.pathsep.join([programs, *rest])}
