"""Whether another machine grades as this one does: the same Python, the same packages, the same course.

Loads nothing but the standard library: it has to run where the rest cannot be imported.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path

COURSE = "convnet-course"
# Of no use to an answer, or of another name on another machine.
_TOOLS = {COURSE, "pip", "setuptools", "wheel", "uv"}
_OF_A_GPU = ("nvidia-", "cuda-", "triton")
_DECIDES = {".py", ".json", ".safetensors"}  # suffixes of files of ours that grading reads
MOST = 4  # differences that are named


def description() -> dict:
    """Return what scores depend on, beside course, part and submission.

    Returns
    -------
    dict
        ``python``; ``packages``, name → version of all that students' code can import; ``course``, file of
        `course_utils` → digest.
    """
    return {
        "python": "{}.{}".format(*sys.version_info),
        "packages": _packages(),
        "course": _course(Path(__file__).parents[1]),
    }


def fresh_description() -> dict:
    """Return `description` of a process that has loaded nothing, as a grader beside a worker is.

    What a program has loaded may have put more folders on its path.
    """
    code = f"import json; from {__name__} import description; print(json.dumps(description()))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True)
    return json.loads(done.stdout)


def _packages():
    tools = _closure("test", "postgres", "cluster") - _closure("torch")
    found: dict[str, str] = {}
    for one in distributions():
        name = _plain(one.metadata["Name"] or "")
        if name and name not in tools | _TOOLS and not name.startswith(_OF_A_GPU):
            found.setdefault(name, one.version.split("+")[0])  # the first on the path is imported
    return found


def _closure(*extras: str) -> set[str]:
    """Return the packages that the course asks for with some extras, and those that they ask for."""
    found, todo = set(), [(COURSE, extras)]
    while todo:
        name, wanted = todo.pop()
        try:
            lines = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        for line in lines:
            needed, _, marker = line.partition(";")
            extra = re.search(r"extra\s*==\s*['\"]([^'\"]+)", marker)
            other = _plain(re.match(r"[\w.-]+", needed.strip())[0])
            if (not extra or extra[1] in wanted) and other not in found:
                found.add(other)
                todo.append((other, ()))
    return found


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def _course(package):
    return {
        path.relative_to(package).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(package.rglob("*"))
        if path.suffix in _DECIDES and "__pycache__" not in path.parts and path.is_file()
    }


def differences(here: dict, there: dict) -> list[str]:
    """Return in what `there` differs from `here` (both from `description`), in words; none if it fits."""
    found = []
    if there["python"] != here["python"]:
        found.append(f"Python {there['python']}, not {here['python']}")
    ours, theirs = here["course"], there["course"]
    others = sorted(f for f in ours.keys() | theirs.keys() if ours.get(f) != theirs.get(f))
    if others:
        found.append(f"another version of the course ({_named(others, 'other files')})")
    ours, theirs = here["packages"], there["packages"]
    odd = []
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            odd.append(f"no {name}")
        elif name not in ours:
            odd.append(f"{name}, which is not here")
        elif ours[name] != theirs[name]:
            odd.append(f"{name} {theirs[name]}, not {ours[name]}")
    if odd:
        found.append(f"other packages ({_named(odd, 'others')})")
    return found


def _named(names, what):
    more = f" and {len(names) - MOST} {what}" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
