"""Networks that lie when they are looked at, or try to harm: they gain nothing and cost their author alone."""

import os
from pathlib import Path

import pytest
from attacks.arena import TITLE
from residual import ANSWER, PART, make_course

from course_utils.authoring.bank import read_answers
from course_utils.authoring.verify import with_answers
from course_utils.course.release import load
from course_utils.jail import confine
from course_utils.judging.run import grade_notebook, zygote_for

pytestmark = [pytest.mark.attacks, pytest.mark.torch]
LIMITS = {"call": 3.0, "cell": 4.0, "total": 12.0, "memory": 3 << 29}
WRONG, *PARTS = TITLE.split((Path(__file__).parent / "attacks.txt").read_text())
ATTACKS = dict(zip(PARTS[::2], PARTS[1::2], strict=True))
SECRET = b"a secret of the course"


@pytest.fixture(scope="module")
def grade(tmp_path_factory):
    """What grades an answer: it returns the points of each test, and all that was printed."""
    path = os.pathsep.join([os.path.dirname(os.sys.executable), os.environ["PATH"]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path)
        course = make_course(tmp_path_factory.mktemp("attacked"), LIMITS)
    source, handed_out = load(course, PART)
    with zygote_for(source, confined=not confine.missing()) as zygote:

        def graded(answer):
            notebook = with_answers(handed_out, {ANSWER: answer})
            scored = grade_notebook(
                notebook, source, handed_out, zygote, secret=SECRET, who="somebody"
            )
            return scored.scores, str(scored.notebook)

        graded.right = read_answers(course.bank / PART / f"{ANSWER}.py")[0].source
        graded.processes = lambda: _descendants(zygote.process.pid)
        yield graded


def _descendants(pid):
    found, todo = [], [pid]
    while todo:
        process = todo.pop()
        for task in Path(f"/proc/{process}/task").glob("*/children"):
            children = [int(child) for child in task.read_text().split()]
            found, todo = found + children, todo + children
    return found


@pytest.fixture(scope="module")
def before(grade):
    """The points of the wrong block without a trick."""
    scores, _ = grade(WRONG)
    assert scores == {
        "test-basic-block-sizes": 2, "test-basic-block-values": 0, "test-basic-block-projection": 0,
        "test-basic-block-train": 0, "test-basic-block-learns": 1,
    }  # fmt: skip
    return scores


@pytest.mark.parametrize("title", ATTACKS)
def test_an_attack_gains_nothing_and_harms_nobody(grade, before, title):
    scores, text = grade(WRONG + ATTACKS[title])
    assert None not in scores.values(), "a test broke down on it"
    assert all(scores[name] <= before[name] for name in before), scores
    assert "GOT" not in text.replace('print("GOT', "")
    assert grade.processes() == []
    if list(ATTACKS).index(title) % 6 == 0:
        scores, _ = grade(grade.right)
        assert sum(scores.values()) == 9
