"""Hostile submissions gain nothing and harm nobody (see docs/threat-model.md).

The base of every attack answers each exercise with a table of its visible cases, so that it passes the
visible tests and fails the hidden ones. One run of `course grade` takes all attacks of a kind, with honest
students before, between and after them.
"""

import os

import pytest
from attacks import shapes
from attacks.arena import Arena, read_attacks

from course_utils.grading import confine
from course_utils.grading.jail import PATIENCE
from course_utils.grading.run import OUTCOMES, grade_notebook, zygote_for
from course_utils.grading.verify import visible_only, with_answers

pytestmark = pytest.mark.attacks
WRITTEN = (
    "hooks", "frames", "liars", "wire", "detection", "reading", "writing", "network", "kernel", "processes",
    "memory", "floods", "endings",
)  # fmt: skip
ATTACKS = [a for kind in WRITTEN for a in read_attacks(kind)] + shapes.ATTACKS
KINDS = list(dict.fromkeys(a.kind for a in ATTACKS))


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    lacking = confine.missing()
    if lacking and os.environ.get("COURSE_NEED_TOOLS"):
        pytest.fail(lacking)
    elif lacking:
        pytest.skip(f"attacks run confined or not at all: {lacking}")
    arena = Arena(tmp_path_factory.mktemp("course"))
    yield arena
    arena.close()


@pytest.fixture(scope="module")
def run_of(arena):
    """Return the run of a kind; each is made once."""
    runs = {}

    def run(kind):
        if kind not in runs:
            runs[kind] = arena.grade(kind, [a for a in ATTACKS if a.kind == kind])
        return runs[kind]

    return run


def test_there_are_enough_attacks_and_each_has_a_name():
    assert len(ATTACKS) >= 60
    assert len({(a.kind, a.title) for a in ATTACKS}) == len(ATTACKS)


def test_the_base_passes_every_visible_test(arena):
    source = visible_only(arena.source)
    with zygote_for(source) as zygote:
        notebook = with_answers(arena.release, arena.answers)
        scored = grade_notebook(notebook, source, arena.release, zygote)
    assert {n: v.message for n, v in scored.verdicts.items() if not v.passed} == {}


def test_the_base_fails_hidden_tests_of_every_exercise(arena):
    [found] = arena.base.attackers.values()
    assert found.line["outcome"] == "graded"
    failed = {arena.source.tests[n].exercise for n in set(arena.source.tests) - found.passed}
    assert failed == set(arena.source.exercises)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_harmed(run_of, kind):
    assert run_of(kind).harm == []


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.kind}-{a.title.replace(' ', '-')}")
def test_nothing_is_gained(arena, run_of, attack):
    [base] = arena.base.attackers.values()
    found = run_of(attack.kind).attackers[attack]
    if attack.seen:
        assert found.line.get("outcome") in OUTCOMES, run_of(attack.kind).said[-500:]
    assert found.passed <= base.passed
    assert found.line.get("score", 0.0) <= base.line["score"]
    assert [line for line in found.shown.splitlines() if line.startswith("GOT")] == []
