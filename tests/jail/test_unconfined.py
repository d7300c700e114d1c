"""Where students' code cannot be confined: what grading does, and what `course doctor` says to do."""

import json
import subprocess
import sys

import nbformat
import pytest
from conftest import PART

from course_utils import doctor
from course_utils.jail import confine, zygote

pytestmark = pytest.mark.grading

# The filter that a jail has refuses namespaces and mounts, as that of a locked-down container does.
LOCKED_DOWN = """
import sys
from course_utils.jail import kernel, seccomp
kernel.call("prctl", kernel.PR["no_new_privs"], 1, 0, 0, 0)
seccomp.forbid_system_calls()
from course_utils.cli import main
main(sys.argv[1:])
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="a filter of system calls")


@pytest.fixture
def locked_down(course):
    """Run `course` where the kernel lets nobody make namespaces."""

    def run(*words):
        command = [sys.executable, "-c", LOCKED_DOWN, *words]
        return subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=300)

    return run


@linux
def test_grading_refuses_and_says_why_and_what_to_do(locked_down, course, submit):
    submit("ada")
    done = locked_down("grade", PART)
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "cannot be confined here (this machine does not allow it:" in said
    assert "unshare: Operation not permitted" in said
    assert "course doctor" in said and "--unconfined" in said
    assert not list(course.autograded.glob(f"*/{PART}"))


@linux
def test_unconfined_a_right_answer_has_its_points_and_the_score_says_how_it_was_made(
    locked_down, course, submit
):
    submit("ada")
    done = locked_down("grade", PART, "--unconfined", "--json")
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout.splitlines()[-1])
    assert line["score"] == sum(test.points for test in submit.source.tests.values())
    path = course.autograded / "ada" / PART / f"{PART}.ipynb"
    assert nbformat.read(path, as_version=4).metadata.course.confinement == confine.NONE


@linux
def test_doctor_says_what_still_holds_there(locked_down):
    done = locked_down("doctor", "--json")
    [said] = [line for line in done.stdout.splitlines() if "cannot be confined" in line]
    for part in (
        "--unconfined",
        "limits on time, memory",
        "reach the network",
        "Operation not perm",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("system", "release", "file", "text", "said"),
    [
        ("win32", "10", "", "", "WSL 2 (`wsl --install`)"),
        ("darwin", "24.1.0", "", "", "a virtual machine"),
        ("linux", "4.4.0-19041-Microsoft", "", "", "--set-version DISTRIBUTION 2"),
        ("linux", "6.1", "proc/sys/kernel/unprivileged_userns_clone", "0\n", "userns_clone=1"),
        ("linux", "6.1", "proc/sys/user/max_user_namespaces", "0\n", "max_user_namespaces=15000"),
        (
            "linux", "6.8", "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n",
            "apparmor_restrict_unprivileged_userns=0",
        ),
        ("linux", "6.1", "proc/sys/user/max_user_namespaces", "99\n", "`unshare --user"),
        ("linux", "6.1", ".dockerenv", "", "--cap-add SYS_ADMIN"),
        ("linux", "6.1", "run/.containerenv", "", "--cap-add SYS_ADMIN"),
        ("linux", "5.15.0-microsoft-standard-WSL2", "", "", "`unshare --user"),
    ],
    ids=["Windows", "macOS", "WSL 1", "userns off", "no namespaces", "AppArmor", "allowed", "Docker",
         "Podman", "WSL 2"],
)  # fmt: skip
def test_the_remedy_fits_the_machine(tmp_path, system, release, file, text, said):
    if file:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    assert said in doctor.remedy(system, release, tmp_path)


def test_an_unknown_system_is_named(monkeypatch):
    monkeypatch.setattr(confine.sys, "platform", "darwin")
    assert confine.missing() == "confinement needs Linux, this is macOS"


@pytest.mark.parametrize("code", [0, 3])
def test_the_end_of_an_answer_is_noticed_without_a_descriptor_for_it(monkeypatch, code):
    """macOS has none."""
    import os

    monkeypatch.delattr(os, "pidfd_open", raising=False)
    alive, lifeline = os.pipe()
    child = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
    told = zygote.watch(child.pid, alive, 1 << 40)
    child.returncode = code  # it has been waited for
    os.close(lifeline)
    os.close(alive)
    assert told["status"] == code and not told["hog"]
