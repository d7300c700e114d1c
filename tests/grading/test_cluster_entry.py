"""Who gets in at `course grade --cluster`: workers that fit, answers that are some, holders of certificates."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import servers
from conftest import PART, ROOT, need
from test_cluster import graded

from course_utils.grading import cluster, fits, parcels
from course_utils.grading.grade import Grader
from course_utils.grading.gradebook import Gradebook

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(sys.platform != "linux", reason="workers that confine"),
]
SOON = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "4s"}  # where nobody answers


def site_without(package, folder):
    """A folder of packages with all that are here but one."""
    folder.mkdir()
    for path in sorted(Path(nbformat.__file__).parents[1].iterdir()):
        if not path.name.lower().startswith(package):
            (folder / path.name).symlink_to(path)
    return folder


def python_with(folder, *paths):
    """A Python of its own whose packages are those of some folders."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    [site] = folder.glob("lib/*/site-packages")
    (site / "paths.pth").write_text("\n".join(map(str, paths)))
    return folder / "bin" / "python"


def test_a_worker_that_does_not_fit_is_named_and_grades_nothing(course, submit, tmp_path):
    packages = Path(nbformat.__file__).parents[1]
    other = tmp_path / "other"
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "course_utils", other / "course_utils", ignore=skip)
    with (other / "course_utils" / "checks" / "ask.py").open("a") as file:
        file.write("\n# a later version\n")
    site = site_without("nh3", tmp_path / "site")
    submit("ada")
    with servers.Cluster(tmp_path / "cluster") as there:
        there.worker(python=python_with(tmp_path / "a", other, packages))
        there.worker(python=python_with(tmp_path / "b", ROOT, site))
        there.worker(before=servers.LOCKED_DOWN)
        lines, said, code = graded(course, there.address)
        assert (lines, code) == ({}, 1)
        assert "another version of the course (checks/ask.py)" in said
        assert "other packages (no nh3)" in said
        assert "students' code cannot be confined there (this machine does not allow it:" in said
        assert "unshare: Operation not permitted" in said
        assert f"no worker at {there.address} can grade" in said and "Traceback" not in said
        assert not Gradebook(course).marks(PART)
        lines, said, code = graded(course, there.address, "--unconfined")
        assert (lines["ada"]["outcome"], code) == ("graded", 0)
        assert said.count("grades nothing") == 2
        there.worker()
        lines, said, code = graded(course, there.address)
        assert (lines["ada"]["outcome"], lines["ada"]["fresh"], code) == ("graded", True, 0)


def test_another_python_and_other_versions_are_told_in_words():
    here = fits.fresh_description()
    assert fits.differences(here, here) == []
    packages = {**here["packages"], "numpy": "1.0", "scipy": "1.0"}
    course = {name: "other" for name in here["course"]}
    there = {"python": "3.9", "packages": packages, "course": course}
    [python, version, other] = fits.differences(here, there)
    assert python == f"Python 3.9, not {here['python']}"
    assert version.endswith(f" and {len(course) - fits.MOST} other files)")
    assert f"numpy 1.0, not {here['packages']['numpy']}" in other
    assert "scipy, which is not here" in other
    assert "pytest" not in here["packages"] and "nbformat" in here["packages"]


FORGED = {
    "key": lambda a: a.update(key="other"),
    "confinement": lambda a: a.update(confinement="none"),
    "outcome": lambda a: a.update(outcome="brilliant"),
    "scores": lambda a: a["scores"].update({next(iter(a["scores"])): 1e6}),
    "scores ": lambda a: a["scores"].pop(next(iter(a["scores"]))),
    "verdicts": lambda a: a["verdicts"].clear(),
    "notes": lambda a: a.update(notes=[1]),
    "written": lambda a: a["written"].update(another=""),
}


def test_an_answer_that_no_grader_gives_is_none(course, submit):
    submit("ada")
    grader = Grader(course, PART, workers=1)
    list(grader.run())
    text = (grader.target("ada") / f"{PART}.ipynb").read_text()
    about = json.loads(text)["metadata"]["course"]

    def opened(text, blank=()):
        answer = {"text": text, "blank": list(blank)}
        return parcels.opened(answer, grader.work, about["key"])

    assert opened(text).about == about
    for what, forge in FORGED.items():
        forged = json.loads(text)
        forge(forged["metadata"]["course"])
        with pytest.raises(ValueError, match=f"its {what.strip()}"):
            opened(json.dumps(forged))
    for odd in (None, "", "{}", "[1]", '{"metadata": 1}'):
        with pytest.raises(ValueError):
            opened(odd)
    with pytest.raises(ValueError, match="its blank"):
        opened(text, blank=["another"])


# -- mutual TLS ------------------------------------------------------------------------------------
def certificates(folder):
    """Make an authority and one certificate, with the commands of the guide."""
    folder.mkdir()
    guide = (ROOT / cluster.GUIDE).read_text()
    commands = [line for line in guide.splitlines() if line.startswith("openssl ")]
    assert len(commands) == 3
    for command in commands:
        subprocess.run(command, shell=True, cwd=folder, check=True, capture_output=True)
    names = {"CA_FILE": "ca.pem"}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        names |= {f"{role}__CERT": "cert.pem", f"{role}__KEY": "key.pem"}
    found = {f"DASK_DISTRIBUTED__COMM__TLS__{n}": str(folder / f) for n, f in names.items()}
    return {**found, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}


def test_only_who_has_a_certificate_of_the_same_authority_gets_in(course, submit, tmp_path):
    need("openssl", "openssl")
    ours, theirs = certificates(tmp_path / "ours"), certificates(tmp_path / "theirs")
    submit("ada")
    with servers.Cluster(tmp_path / "cluster", ours, "tls") as there:
        there.worker()
        assert there.address.startswith("tls://")
        lines, said, code = graded(course, there.address)
        assert (lines, code) == ({}, 1)
        assert "no scheduler answers at tls://" in said and "TLS__CA_FILE" in said
        assert "Traceback" not in said
        for address, names in (
            (there.address, theirs),
            (there.address.replace("tls://", "tcp://"), {}),
        ):
            lines, said, code = graded(course, address, **names, **SOON)
            assert (lines, code) == ({}, 1), said
            assert "no scheduler answers" in said and "Traceback" not in said
        lines, said, code = graded(course, there.address, **ours)
        assert (lines["ada"]["outcome"], code) == ("graded", 0), said


# -- what is told ----------------------------------------------------------------------------------
def test_one_message_says_what_is_missing(course, submit):
    submit("ada")
    code = (
        "import sys; sys.modules['distributed'] = None; from course_utils.cli import main; "
        f"main(['grade', '{PART}', '--cluster', 'tcp://127.0.0.1:1'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=course.root, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr == (
        "course: --cluster needs Dask, and distributed is not installed: "
        "pip install -c constraints.txt -e '.[cluster]'\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--cluster", "head:8786"], 2, "'head:8786' is no scheduler's address: tls://HOST:8786"),
        (["--cluster", "tcp://127.0.0.1:1"], 1, "no scheduler answers at tcp://127.0.0.1:1: "),
        (["--cluster", "tcp://h:1", "--workers", "2"], 2, "--workers counts processes of this"),
    ],
    ids=["no address", "nobody there", "both"],
)
def test_what_cannot_be_is_said(course, submit, words, code, says):
    submit("ada")
    command = [sys.executable, "-m", "course_utils.cli", "grade", PART, *words]
    done = subprocess.run(
        command, cwd=course.root, capture_output=True, text=True, env={**os.environ, **SOON}
    )
    assert done.returncode == code
    assert says in " ".join(done.stderr.split()) and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError("Timed out"), "Timed out"),
        (OSError("Timed out\nafter 4 s"), "Timed out"),
        (TimeoutError(), "TimeoutError"),
    ],
)
@pytest.mark.parametrize("cause", [None, TimeoutError()])
def test_a_connection_that_fails_without_a_word_is_told(error, why, cause):
    error.__cause__ = cause  # such as a TimeoutError, which says nothing, on a busy machine
    said = cluster.Cluster("tcp://127.0.0.1:1")._no_connection(error)
    assert said.startswith(f"no scheduler answers at tcp://127.0.0.1:1: {why}. ")
