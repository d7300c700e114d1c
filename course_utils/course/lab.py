"""JupyterLab on a course: its folder is the root, its programs are on the path, and no news pops up."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

from course_utils.course.folders import Course, UsageProblem

SHELLS = ("bash", "dash", "fish", "ksh", "sh", "zsh")
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
    # No query: the server appends "?token=…" to it as it stands when it says its address.
    page = f"/lab/tree/lectures/{lectures[0]}" if lectures else "/lab"
    # A login shell, which it takes where it has no terminal itself, may set another path.
    shell = Path(os.environ.get("SHELL", ""))
    terminals = {"shell_command": [str(shell)]} if shell.name in SHELLS else {}
    return [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={course.root}",
        f"--LabApp.default_url={page}",
        f"--LabApp.app_settings_dir={SETTINGS / ('whole' if whole else 'student')}",
        *([f"--ServerApp.terminado_settings={terminals}"] if terminals else []),
        "--Application.log_level=ERROR",  # the address is said all the same, warnings of other packages are not
        *(["--allow-root"] if as_root else []),
    ]


def environment(given: Mapping[str, str], whole: bool) -> dict[str, str]:
    """Return JupyterLab's environment: ``course`` is found in its terminals and by ``!course`` in a cell.

    Parameters
    ----------
    given : mapping of str to str
        That of this process.
    whole : bool
        As for `command`; a student's copy has its settings of nbgrader among those of JupyterLab.
    """
    programs = str(Path(sys.executable).parent)
    rest = [p for p in given.get("PATH", os.defpath).split(os.pathsep) if p != programs]
    made = {**given, "PATH": os.pathsep.join([programs, *rest])}
    first = {"JUPYTER_PATH": SETTINGS / "jupyter"}  # our kernel, which keeps its warnings to itself
    if not whole:
        first["JUPYTER_CONFIG_PATH"] = SETTINGS / "student"
    for name, folder in first.items():
        made[name] = os.pathsep.join(filter(None, [str(folder), given.get(name, "")]))
    return made


def ran_after_saving(notebook: Path) -> bool:
    """Whether a kernel worked for a notebook after its file was last saved, as far as servers here tell."""
    saved = notebook.stat().st_mtime
    return any(
        place == notebook.resolve() and worked > saved + 1 for place, worked in _notebooks_at_work()
    )


def _notebooks_at_work() -> Iterable[tuple[Path, float]]:
    """Yield each notebook that a server of this user has open, and when its kernel last did something."""
    local, servers = build_opener(ProxyHandler({})), []
    with contextlib.suppress(
        OSError, ImportError
    ):  # VS Code brings its own server, Colab an old one
        from jupyter_server.serverapp import list_running_servers

        servers = list(list_running_servers())
    for server in servers:
        with contextlib.suppress(
            OSError, ValueError, KeyError, TypeError
        ):  # whatever answers there
            headers = {"Authorization": f"token {server['token']}"}
            request = Request(f"{server['url']}api/sessions", headers=headers)
            with local.open(request, timeout=2) as reply:
                sessions = json.load(reply)
            for session in sessions:
                if session["type"] == "notebook":
                    worked = datetime.fromisoformat(session["kernel"]["last_activity"])
                    place = Path(server["root_dir"], session["path"]).resolve()
                    yield place, worked.timestamp()
