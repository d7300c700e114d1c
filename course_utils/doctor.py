"""What works on this machine, and what to install for the rest."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Finding:
    """One line: what was looked at, whether it is well, and what to do if not.

    ``level`` is "ok", "missing" (something will not work) or "note" (something could be better).
    """

    what: str
    level: str
    said: str


def pinned(constraints: Path) -> dict[str, str]:
    """Read the versions of ``constraints.txt``."""
    lines = constraints.read_text(encoding="utf-8").splitlines() if constraints.is_file() else []
    pairs = (re.fullmatch(r"([\w.-]+)==(\S+)", line.strip()) for line in lines)
    return {m[1].lower().replace("_", "-"): m[2] for m in pairs if m}


PACKAGES = "numpy", "matplotlib", "ipywidgets", "anywidget", "jupyterlab", "nbgrader", "torch"
# How to get what is missing: in a course's folder, and where a student has nothing but the package.
BY_MAKE = {
    "": "make lab installs it",
    "torch": "parts 06 to 08 need it: make lab-torch installs it",
}
BY_PIP = {
    "": "python -m pip install {name}",
    "nbgrader": "only its exchange and Validate need it",
    "torch": "parts 06 to 08 need it: python -m pip install torch safetensors",
}


def examine(root: Path | None = None, alone: bool = False) -> list[Finding]:
    """Look at Python, packages, tools and what grading can offer here.

    Parameters
    ----------
    root : Path, optional
        The folder of the course.
    alone : bool
        Whether this is the package for students, with no course around it: a hub has a JupyterLab of its own.
    """
    found = []
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    found.append(
        Finding("Python", "ok" if good else "missing",
                f"{platform.python_version()} {'' if good else '(3.11 to 3.13 is needed)'}".strip())
    )  # fmt: skip
    wanted = pinned(root / "constraints.txt") if root else {}
    found += [
        _package(name, wanted.get(name), alone)
        for name in PACKAGES
        if not (alone and name == "jupyterlab")
    ]
    found.append(_cores())
    found.append(_gpu())
    if alone:
        return [*found, _check()]
    for tool, package in (("chromium", "chromium"), ("chromedriver", "chromium-driver")):
        there = shutil.which(tool)
        said = (
            there or f"not found; only `make test` uses it (Debian, Ubuntu: apt install {package})"
        )
        found.append(Finding(tool, "ok" if there else "note", said))
    found.append(_grading())
    return found


def _package(name, wanted, alone):
    how, optional = (BY_PIP, ("torch", "nbgrader")) if alone else (BY_MAKE, ("torch",))
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        said = f"not installed; {how.get(name, how['']).format(name=name)}"
        return Finding(name, "note" if name in optional else "missing", said)
    same = wanted is None or version.split("+")[0] == wanted.split("+")[0]
    said = version if same else f"{version}, tested with {wanted}: make lab installs that"
    return Finding(name, "ok" if same else "note", said)


def _check():
    """What `course check` can do where nobody grades."""
    if not hasattr(os, "fork"):
        return Finding(
            "course check", "note", "not on Windows; the tests in the notebook run all the same"
        )
    from course_utils.jail import confine

    lacking = confine.missing()
    return Finding(
        "course check", "ok",
        f"runs your answers with your own rights, as the notebook does ({lacking})" if lacking
        else "runs your answers confined, as grading does",
    )  # fmt: skip


def _cores():
    cores = os.cpu_count() or 1
    return Finding("cores", "ok" if cores > 1 else "note", str(cores))


def _gpu():
    if importlib.util.find_spec("torch") is None or not shutil.which("nvidia-smi"):
        return Finding(
            "GPU", "note", "none; everything runs on the CPU, part 07 with smaller networks"
        )
    import torch

    if torch.cuda.is_available():
        return Finding("GPU", "ok", torch.cuda.get_device_name())
    return Finding("GPU", "note", "there is one, but this build of PyTorch does not use it")


def _grading():
    if not hasattr(os, "fork"):  # and no modules for it either
        said = f"not on Windows, with or without --unconfined. To grade, {remedy()}"
        return Finding("grading", "missing", said)
    from course_utils.jail import confine

    lacking = confine.missing()
    if not lacking:
        return Finding(
            "grading", "ok", "students' code is confined: namespaces, system-call filter, limits"
        )
    memory = "memory, " if sys.platform == "linux" else ""
    return Finding(
        "grading", "missing",
        f"students' code cannot be confined ({lacking}), and `course grade` refuses. To grade, {remedy()}. "
        "Or, where you trust the students, `course grade --unconfined`. What then still holds: tests and marks "
        f"are in another process, and limits on time, {memory}processes and output. What does not: it runs "
        "with your rights and could read or change your files, the gradebook among them, and reach the network",
    )  # fmt: skip


# Settings of the kernel that keep an ordinary user from namespaces: file → (that value, what lifts it).
SWITCHES = {
    "/proc/sys/kernel/unprivileged_userns_clone": ("0", "sysctl kernel.unprivileged_userns_clone=1"),
    "/proc/sys/user/max_user_namespaces": ("0", "sysctl user.max_user_namespaces=15000"),
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": (
        "1", "sysctl kernel.apparmor_restrict_unprivileged_userns=0"),
}  # fmt: skip
IN_A_CONTAINER = ("/.dockerenv", "/run/.containerenv")  # what Docker and Podman leave in theirs


def remedy(system: str = sys.platform, release: str | None = None, below: Path = Path("/")) -> str:
    """Return what lets this machine confine students' code.

    Parameters
    ----------
    system : str
        As `sys.platform` has it.
    release : str, optional
        Of the kernel; this machine's if not given.
    below : Path
        Where the files of the system are; for tests.
    """
    release = platform.release() if release is None else release
    if system == "win32":
        return "use WSL 2 (`wsl --install`) and work in a folder of its Linux"
    if system != "linux":
        return "use Linux: a virtual machine with this folder in it will do"
    if release.endswith("-Microsoft"):  # WSL 2 says -microsoft-standard-WSL2
        return "turn WSL 1 into WSL 2: `wsl --set-version DISTRIBUTION 2`"
    for name, (value, command) in SWITCHES.items():
        path = below / name.lstrip("/")
        if path.is_file() and path.read_text().strip() == value:
            return f"let ordinary users make namespaces: `sudo {command}`"
    if any((below / name.lstrip("/")).exists() for name in IN_A_CONTAINER):
        return (
            "start the container with `--cap-add SYS_ADMIN --security-opt apparmor=unconfined`, and hold "
            "nothing else in it"
        )
    return (
        "use a Linux that lets you make namespaces (`unshare --user --pid --mount true` tries it)"
    )
