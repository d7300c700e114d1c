"""Test cells run here, answers there: what a test asks of objects that stay where they were made."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.course.source import read_source
from course_utils.jail import confine
from course_utils.judging.referee import judge
from course_utils.judging.run import zygote_for
from course_utils.judging.verdicts import Verdict, settle_excuses

pytestmark = pytest.mark.grading

ANSWER = """
class Net:
    def __init__(self, n):
        self.params = {"w": [1] * n}
    def loss(self, x):
        while x < 0:
            pass
        return x * sum(self.params["w"])
"""
ASK = """# 9.1 Asks a net (1 points)
from course_utils import checks
net = checks.make(Net, 3)
net.update("params", {"w": [1, 2, 3]})
assert net.read("params") == {"w": [1, 2, 3]}
assert checks.result(net.method("loss"), 2) == 12
calls = [checks.args(2), checks.args(n=1)]
assert checks.results(checks.attribute(Net, "params"), calls) == [{"w": [1, 1]}, {"w": [1]}]
"""
LOOP = """# 9.1 Asks what never ends (1 points)
from course_utils import checks
checks.result(checks.make(Net, 3).method("loss"), -1)
"""
SEARCH = """# 9.1 Asks for more than a net (1 points)
from course_utils import checks
made = checks.make(Net, 3)
checks.result(made.method("__class__"), 3)
made.read("nothing")
"""

TRAIN = """
def descend(net, x):
    net.params = {"W1": net.params["W1"] - net.loss(x, None, 0.5)[1]["W1"]}
    return net.loss(x, None)[0], list(net.predict(x))
"""
ASK_WITH_A_NET = """# 9.1 Hands over a net (1 points)
import numpy as np
from course_utils import checks
from course_utils.wire import Net
def loss(p, x, y, reg):
    return p["W1"].sum() + reg, {"W1": x}
net = Net({"W1": np.ones(2)}, 2, loss, lambda p, x: x > p["W1"])
back = checks.call(descend, net, np.array([3.0, -4.0]))
assert back.value == (3.0, [True, False]), back.value
assert back.args[0].params["W1"].tolist() == [-2.0, 5.0]
assert net.params["W1"].tolist() == [1.0, 1.0]
"""


HALVES = """# 9.1 Asks what both halves expect (1 points)
def asked(x, expected):
    assert x == expected
asked({}, 1)
### BEGIN HIDDEN TESTS
asked({}, 1)
### END HIDDEN TESTS
"""


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    cells = [new_code_cell(ANSWER, id="net", metadata=marks("net", solution=True))]
    cells.append(new_code_cell(TRAIN, id="descend", metadata=marks("descend", solution=True)))
    asks_net = new_code_cell(ASK_WITH_A_NET, id="hand", metadata=marks("hand", grade=True))
    for name, text in {"ask": ASK, "loop": LOOP, "again": ASK, "search": SEARCH}.items():
        cells.append(new_code_cell(text, id=name, metadata=marks(name, grade=True)))
    for name, numbers in {"first-half": (2, 1), "second-half": (1, 2)}.items():
        text = HALVES.format(*numbers)
        cells.append(new_code_cell(text, id=name, metadata=marks(name, grade=True)))
    cells.append(asks_net)
    notebook = new_notebook(cells=cells, metadata={"course": {"limits": {"call": 0.5}}})
    nbformat.write(notebook, folder / "99_nets.ipynb")
    source = read_source(folder / "99_nets.ipynb")
    for name in ("files", "root"):
        (folder / name).mkdir()
        folder.chmod(0o755)
    with zygote_for(source, confined=not confine.missing()) as zygote:
        return judge(notebook, source, zygote, folder).verdicts


def marks(name, grade=False, solution=False):
    kind = {"grade": grade, "solution": solution, "locked": grade, "task": False}
    points = {"points": 1} if grade else {}
    return {
        "nbgrader": {"grade_id": name, "schema_version": 3, "cell_type": "code", **kind, **points}
    }


def test_a_net_is_made_changed_and_asked_where_it_lives(verdicts):
    assert verdicts["ask"].message == ""


def test_a_net_of_the_tests_is_handed_over_and_comes_back_changed(verdicts):
    assert verdicts["hand"].message == ""


def test_an_endless_method_costs_its_test_and_is_not_waited_for_again(verdicts):
    assert verdicts["loop"].message.startswith("Net.loss did not return in time")
    assert "it ran longer than its time limit before" in verdicts["again"].message


def test_a_missing_attribute_is_a_message_not_a_breakdown(verdicts):
    assert not verdicts["search"].broken
    assert verdicts["search"].message.startswith("Net has no attribute nothing")


def test_it_is_told_whether_the_visible_tests_had_passed(verdicts):
    assert not verdicts["first-half"].hidden and not verdicts["first-half"].passed
    assert verdicts["second-half"].hidden and not verdicts["second-half"].passed
    assert not verdicts["ask"].hidden


# -- what is not asked, because something simpler is wrong ------------------------------------------
def settled(**verdicts):
    """The tests that pass in the end; each is given as (passed, excused, names that it asked for)."""
    found = {n: Verdict(p, excused=e, asked=a) for n, (p, e, a) in verdicts.items()}
    where = {"f": "one", "g": "one", "h": "two", "k": "three"}
    overturned = settle_excuses(
        found, where, lambda cell: {cell, "two"} if cell == "three" else {cell}
    )
    assert all(
        verdicts[name][0] and "another result here" in found[name].message for name in overturned
    )
    return {name for name, verdict in found.items() if verdict.passed}


def test_an_excuse_counts_where_another_test_of_the_same_answer_has_charged():
    assert settled(a=(False, False, ("f",)), b=(True, True, ("g",))) == {"b"}
    assert settled(a=(True, False, ("f",)), b=(True, False, ("g",))) == {"a", "b"}


def test_an_excuse_counts_where_an_answer_that_this_one_is_made_of_has_been_charged():
    assert settled(a=(False, False, ("h",)), b=(True, True, ("k",))) == {"b"}
    assert settled(a=(False, False, ("k",)), b=(True, True, ("h",))) == set()


def test_an_answer_that_is_wrong_only_where_that_spares_it_a_question_is_not_excused():
    assert settled(a=(True, False, ("f",)), b=(True, True, ("f",))) == {"a"}
    assert settled(a=(False, False, ("h",)), b=(True, True, ("f",))) == set()
