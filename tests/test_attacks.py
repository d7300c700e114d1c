"""Hostile submissions gain nothing and harm nobody (see docs/threat-model.md).

The base of an attack answers each exercise with a table of its visible cases, so that the trick alone could
bring a point. One run of `course grade` takes many attackers, with honest students before, between and after
them; ``pytest tests/test_attacks.py -k "fork and bomb"`` runs those that fit with none beside them.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attacks.arena import GONE, PART, PATIENCE, Arena, below, read_attacks
from attacks.executable import executable
from attacks.shapes import ATTACKS as SHAPES
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from course_utils.authoring.verify import with_answers
from course_utils.jail import confine
from course_utils.judging.run import OUTCOMES, grade_notebook, zygote_for

pytestmark = pytest.mark.attacks

RUNS = {
    "code": (
        *("hooks", "frames", "liars", "wire", "detection"),
        *("reading", "writing", "network", "kernel"),
    ),
    "force": ("processes", "memory", "floods", "endings"),
    "handed-in": ("metadata", "files", "names"),
    "pages": ("pages", "markdown"),
}
RUN_OF = {kind: name for name, kinds in RUNS.items() for kind in kinds}
ATTACKS = [a for kind in RUN_OF for a in read_attacks(kind)] + SHAPES
PAGES = [a for a in ATTACKS if RUN_OF[a.kind] == "pages"]
ROOM = 20 << 20  # bytes that an autograded notebook may be larger than what was submitted
SHOWN = {"text/plain", "text/html", "text/markdown", "image/png", "image/jpeg", "image/gif"}


def name_of(attack):
    return f"{attack.kind}-{attack.title.replace(' ', '-')}"


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    lacking = confine.missing()
    if lacking:  # attacks run confined or not at all
        (pytest.fail if os.environ.get("COURSE_NEED_TOOLS") else pytest.skip)(lacking)
    arena = Arena(tmp_path_factory.mktemp("course"))
    yield arena
    arena.close()


@pytest.fixture(scope="module")
def run_of(arena, request):
    """Return the run that a kind belongs to, with the attacks that this session asks for; each is made once."""
    items = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    asked = {params.get("attack") for params in items} & set(ATTACKS)
    bases = {(attack.kind, attack.base) for attack in asked if attack.base}
    runs = {}

    def run(kind):
        name = RUN_OF[kind]
        if name not in runs:
            wanted = [a for a in ATTACKS if RUN_OF[a.kind] == name]
            if asked:
                wanted = [a for a in wanted if a in asked or (a.kind, a.title) in bases]
            runs[name] = arena.grade(name, wanted)
        return runs[name]

    return run


# -- the base ------------------------------------------------------------------------------------------
def test_there_are_enough_attacks_and_each_has_a_name():
    assert len(ATTACKS) >= 70
    assert len(set(map(name_of, ATTACKS))) == len(ATTACKS)


def test_the_base_passes_every_visible_test(arena):
    with zygote_for(arena.source) as zygote:
        notebook = with_answers(arena.release, arena.answers)
        scored = grade_notebook(notebook, arena.source, arena.release, zygote)
    failed = {name: verdict for name, verdict in scored.verdicts.items() if not verdict.passed}
    assert {name: verdict.message for name, verdict in failed.items() if not verdict.hidden} == {}


def test_the_base_fails_hidden_tests_of_every_exercise(arena):
    assert arena.base.harm == []
    assert arena.without.line["outcome"] == "graded"
    failed = {
        arena.source.tests[n].exercise for n in set(arena.source.tests) - arena.without.passed
    }
    assert failed == set(arena.source.exercises)


# -- the attacks ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("attack", ATTACKS, ids=name_of)
def test_nothing_is_gained(attack, arena, run_of):
    run = run_of(attack.kind)
    found = run.attackers[attack]
    if not attack.seen:
        assert found.line == {} and found.notebook is None
        return
    assert found.line, f"not graded: {run.harm}"
    assert found.line["outcome"] in OUTCOMES, found.line["notes"]
    assert found.line["outcome"] != "test broken"  # a person would have to look
    without = [f for a, f in run.attackers.items() if attack.base and a.title == attack.base]
    if not attack.mistake:
        [without] = without or [arena.without]
        assert found.passed <= without.passed
        assert found.line["score"] <= without.line["score"]
    assert [line for line in found.shown.splitlines() if line.startswith("GOT")] == []
    assert len(found.text) < found.submitted + ROOM
    json.loads(found.text, parse_constant=pytest.fail)
    assert executed(found.notebook, arena) == {}


def executed(notebook, arena):
    """Return cell → what of a student's in it would run in a browser."""
    given = {cell.id for cell in arena.release.cells} - set(arena.source.manual)
    found = {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.id not in given:
            found[cell.id] = executable(markdown2html_mistune(cell.source))
        for output in cell.get("outputs", []):
            assert set(output.get("data", ())) <= SHOWN and not output.get("metadata")
            for kind, text in output.get("data", {}).items():
                page = {"text/html": text, "text/markdown": markdown2html_mistune(text)}.get(
                    kind, ""
                )
                found[f"{cell.id}, {kind}"] = executable(page)
    return {where: dict(what) for where, what in found.items() if what}


@pytest.mark.parametrize("name", RUNS)
def test_nobody_is_harmed(name, run_of):
    """Neighbours, course, gradebook and machine are as they would be without attackers."""
    assert run_of(RUNS[name][0]).harm == []


# -- when the grader itself is killed ------------------------------------------------------------------
def asleep(processes):
    """Return the processes in which an attacker has become another program."""
    return [pid for pid, (_, command) in processes.items() if command.startswith("sleep")]


@pytest.fixture(scope="module")
def sleeper():
    title = "another program in place of this one"
    return next(a for a in read_attacks("processes") if a.title == title)


def test_a_submission_that_ends_its_worker_is_alone_with_its_fault(arena, sleeper):
    """As the kernel's out-of-memory killer would end it."""

    def kill_workers(process):
        while process.poll() is None:
            processes = below(process.pid)
            for pid in asleep(processes):
                while pid in processes and "forkserver" not in processes[pid][1]:
                    pid = processes[pid][0]
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)

    run = arena.grade("killed", [sleeper], kill_workers)
    assert run.harm == []
    assert run.attackers[sleeper].line["outcome"] in ("crashed", "not graded")


def test_a_jail_ends_with_whoever_watched_it(arena, sleeper):
    course = arena.new("watched")
    arena.hand_in(course, "attacker", sleeper)
    process, jails = arena.command("watched", "grade", PART, "--json"), []
    while not jails and process.poll() is None:
        processes = below(process.pid)
        jails = asleep(processes)
        time.sleep(0.02)
    for pid in [process.pid, *processes]:
        if pid not in jails:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + GONE
    while left := [p for p in jails if Path(f"/proc/{p}").exists()]:
        if time.monotonic() > deadline:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            pytest.fail(f"left running: {left}")
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)  # orphans come to us
        time.sleep(0.05)
    assert jails


# -- what an instructor and a student see --------------------------------------------------------------
@pytest.fixture(scope="module")
def feedback(arena, run_of):
    """Attack → its feedback page; None → an honest neighbour's."""
    run = run_of("pages")
    process = arena.command("pages", "feedback", PART, space=16 << 30)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err.decode()[-2000:]
    folder = run.grading / "feedback"
    students = {attack: found.line["student"] for attack, found in run.attackers.items()}
    students[None] = next(folder.glob("*-honest")).name
    return {a: (folder / s / PART / f"{PART}.html").read_text("utf-8") for a, s in students.items()}


@pytest.mark.parametrize("attack", PAGES, ids=name_of)
def test_a_feedback_page_runs_nothing_of_a_students(attack, feedback):
    assert executable(feedback[attack]) - executable(feedback[None]) == {}


def test_no_file_that_a_browser_would_run_stands_beside_an_autograded_notebook(run_of):
    """The Formgrader serves what stands there under the address of the Jupyter server."""
    folder = run_of("pages").grading / "autograded"
    kinds = {path.suffix.lower() for path in folder.rglob("*") if path.is_file()}
    assert not kinds & {".html", ".htm", ".xhtml", ".svg", ".xml", ".js", ".mht", ".pdf"}


# -- nbgrader's own command ----------------------------------------------------------------------------
def test_nbgrader_autograde_is_as_hard_to_fool(arena):
    """The Formgrader's button does the same."""
    course = arena.new("nbgrader")
    titles = (
        "tests emptied, unlocked",
        "links to files",
        "a script in HTML",
        "twenty copies",
        "os._exit(0)",
    )
    chosen = [next(a for a in ATTACKS if a.title.startswith(title)) for title in titles]
    for number, attack in enumerate(chosen):
        arena.hand_in(course, f"{number}-attacker", attack)
    folder = course.submitted / "9-honest" / PART
    folder.mkdir(parents=True)
    arena.write(folder, arena.notebook(answers=arena.honest[0]))
    before = arena.protected(course)
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", PART],
        cwd=arena.root, capture_output=True, text=True, timeout=PATIENCE, env=arena.environment("nbgrader"),
    )  # fmt: skip
    assert arena.protected(course) == before
    for number, attack in enumerate(chosen):
        found = arena.found(course, f"{number}-attacker", {})
        assert found.passed <= arena.without.passed, attack
        assert found.notebook is None or executed(found.notebook, arena) == {}, attack
    honest = arena.found(course, "9-honest", {})
    assert honest.passed == set(arena.source.tests), done.stderr[-2000:]
    for path in course.autograded.rglob("link*"):
        assert path.is_symlink() or not re.search(
            rb"root:|SQLite|BEGIN SOLUTION", path.read_bytes()
        ), path
