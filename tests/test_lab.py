"""`course lab`: JupyterLab at the course's root, with the course's programs, and without news."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from conftest import ROOT

from course_utils.course.folders import Course, UsageProblem
from course_utils.course.lab import SETTINGS, command, environment, ran_after_saving

pytestmark = pytest.mark.unit
NOTIFICATION = "@jupyterlab/apputils-extension:notification"


def test_the_root_is_the_course_and_the_page_is_the_first_lecture():
    made = command(Course(ROOT), whole=True, as_root=True)
    assert f"--ServerApp.root_dir={ROOT}" in made and "--allow-root" in made
    [page] = [part for part in made if part.startswith("--LabApp.default_url=/lab/tree/")]
    lecture = page.split("/lab/tree/")[1]  # a query would spoil the address that the server says
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
        {"PATH": os.pathsep.join(["/usr/bin", programs, "/bin"]), "HOME": "/home/x"}, whole=True
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


@pytest.mark.parametrize("kept", ["", "/etc/other"])
def test_validate_waits_in_a_students_copy_as_long_as_in_the_whole(kept, tmp_path):
    """It is asked as the button asks: nbgrader's server extension reads Jupyter's folders of settings."""
    found = environment({"HOME": str(tmp_path), "JUPYTER_CONFIG_PATH": kept}, whole=False)
    assert found["JUPYTER_CONFIG_PATH"].endswith(kept)
    program = (
        "from nbgrader.server_extensions.validate_assignment.handlers import ValidateAssignmentHandler as V\n"
        "print(V.load_config(None).Execute.timeout)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=found, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "900\n", done.stderr


def test_a_kernel_keeps_its_warnings_to_itself(tmp_path):
    program = (
        "from jupyter_client.kernelspec import get_kernel_spec as get\n"
        "spec = get('python3')\nprint(spec.display_name, spec.argv[-1])"
    )
    found = environment(os.environ, whole=True)
    done = subprocess.run(
        [sys.executable, "-c", program], env=found, capture_output=True, text=True
    )
    assert done.stdout == "Python 3 (ipykernel) --log-level=ERROR\n", done.stderr


class Sessions(BaseHTTPRequestHandler):
    """Of a Jupyter server: one notebook, whose kernel worked at a given time."""

    def do_GET(self):  # noqa: N802  (its name in the standard library)
        kernel = {"last_activity": self.server.worked.isoformat().replace("+00:00", "Z")}
        told = [{"type": "notebook", "path": "a/b.ipynb", "kernel": kernel}]
        fine = self.path == "/api/sessions" and self.headers["Authorization"] == "token secret"
        self.send_response(200 if fine else 403)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *about):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server that says so among those that run here."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    made = ThreadingHTTPServer(("127.0.0.1", 0), Sessions)
    Thread(target=made.serve_forever, daemon=True).start()
    about = {"url": f"http://127.0.0.1:{made.server_port}/", "token": "secret", "pid": os.getpid()}
    (tmp_path / "runtime").mkdir()
    (tmp_path / "runtime" / "jpserver-1.json").write_text(
        json.dumps(about | {"root_dir": str(tmp_path)})
    )
    yield made
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("minutes", "name", "found"), [(1, "b", True), (-1, "b", False), (1, "other", False)]
)
def test_a_notebook_that_was_run_after_it_was_saved_is_known(
    server, tmp_path, minutes, name, found
):
    notebook = tmp_path / "a" / f"{name}.ipynb"
    notebook.parent.mkdir()
    notebook.touch()
    saved = datetime.fromtimestamp(notebook.stat().st_mtime, UTC)
    server.worked = saved + timedelta(minutes=minutes)
    assert ran_after_saving(notebook) is found


def test_a_server_that_does_not_answer_is_no_reason_to_stop(server, tmp_path):
    (tmp_path / "b.ipynb").touch()
    server.worked = "never"
    assert ran_after_saving(tmp_path / "b.ipynb") is False
