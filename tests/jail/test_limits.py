"""Limits count what a submission uses: a busy machine costs nothing, and nothing runs on without end."""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.course.source import LIMITS, read_source
from course_utils.jail import confine, meter
from course_utils.jail.jail import JailDied, Zygote
from course_utils.judging import referee
from course_utils.judging.referee import judge

pytestmark = pytest.mark.grading

SMALL = {**LIMITS, "cell": 0.5, "call": 0.5, "total": 3.0}
WORK = """
def work(seconds):
    from time import process_time
    start = process_time()
    while process_time() - start < seconds:
        pass
    return "done"
"""
HIDING = """
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:  # children that take all the time there is, and leave no trace
    if os.fork() == 0:
        for _ in range(20_000):
            pass
        os._exit(0)
    try:
        os.wait()
    except ChildProcessError:
        pass
"""
ENDLESS = {
    "a loop": "while True:\n    pass",
    "a sleep": "import time\ntime.sleep(10**6)",
    "naps": "import time\nwhile True:\n    time.sleep(0.004)",
    "a child that loops": "import os\nif os.fork() == 0:\n    while True:\n        pass\nos.wait()",
    "a child of a child": "import os\nif os.fork() == 0:\n    if os.fork() == 0:\n"
    "        while True:\n            pass\n    os._exit(0)\nimport time\ntime.sleep(10**6)",
    "a thread that loops": "import threading, time\ndef loop():\n    while True:\n        pass\n"
    "threading.Thread(target=loop, daemon=True).start()\ntime.sleep(10**6)",
    "another program": "import os\nos.execv('/bin/sleep', ['sleep', '1000000'])",
}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(confined=not confine.missing()) as made:
        yield made


@contextmanager
def folder():
    """Return the folder that a jail is built in."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        for part in ("files", "root"):
            Path(name, part).mkdir()
        yield Path(name)


@contextmanager
def jailed(zygote, limits=SMALL):
    with folder() as place:
        jail = zygote.fork(place, limits)
        try:
            yield jail
        finally:
            jail.end()


@contextmanager
def busy(loops=6):
    """Keep the machine busy."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def judged(zygote, answer, *tests, limits=SMALL, source=WORK):
    """Judge a notebook with one answer cell and tests of it; the source notebook has another answer."""
    marks = {"schema_version": 3, "cell_type": "code", "task": False}
    cells = [new_code_cell(source, id="answer", metadata={"nbgrader": {
        **marks, "grade_id": "answer", "grade": False, "solution": True, "locked": False}})]  # fmt: skip
    for number, text in enumerate(tests):
        text = f"# 9.{number} A test (1 points)\nfrom course_utils import checks\n{text}"
        cells.append(new_code_cell(text, id=f"test-{number}", metadata={"nbgrader": {
            **marks, "grade_id": f"test-{number}", "grade": True, "solution": False, "locked": True,
            "points": 1}}))  # fmt: skip
    changed = {name: limits[name] for name in ("cell", "call", "calls", "total")}
    notebook = new_notebook(cells=cells, metadata={"course": {"limits": changed}})
    with folder() as place:
        nbformat.write(notebook, place / "99_limits.ipynb")
        assignment = read_source(place / "99_limits.ipynb")
        notebook.cells[0].source = answer
        return judge(notebook, assignment, zygote, place)


def test_a_cell_of_tens_of_megabytes_is_not_run_and_ends_nothing(zygote):
    with jailed(zygote) as jail:
        told = jail.run(f"x = '{'x' * 17_000_000}'")  # the first cell, before the jail is ready
        assert "too long" in told.message and jail.outputs[0]["output_type"] == "error"
        assert jail.run("y = 5") is None and jail.value("y") == 5


# -- an exercise that takes longer ---------------------------------------------------------------------
def test_calls_of_an_exercise_that_takes_longer_have_a_limit_of_their_own(zygote):
    asks = ['assert checks.result(work, 0.9) == "done"'] * 2
    found = judged(zygote, WORK, *asks, limits={**SMALL, "calls": {"9.0": 2.0}, "total": 9.0})
    assert found.verdicts["test-0"].passed
    assert "OutOfTime: more than 0.5 s" in found.verdicts["test-1"].message


# -- a busy machine ------------------------------------------------------------------------------------
def test_an_answer_that_needs_half_its_limit_keeps_its_points_on_a_busy_machine(zygote):
    with busy():
        found = judged(zygote, WORK, *['assert checks.result(work, 0.25) == "done"'] * 3)
    assert {v.message for v in found.verdicts.values()} == {""}
    assert found.endings == []


@pytest.mark.skipif(not meter.can_see(), reason="nothing tells what other processes use")
def test_waiting_for_a_processor_is_not_counted(zygote):
    with busy(), jailed(zygote, {**LIMITS, "cell": 20}) as jail:
        jail.run(WORK + "work(0.4)")
        jail.meter.look()
    assert 0.4 < jail.meter.cpu < 0.55  # and what its start takes
    assert jail.meter.idle < 0.3


# -- what never ends -----------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_out_of_time(zygote, code):
    with jailed(zygote) as jail:
        with pytest.raises(JailDied, match="OutOfTime"):
            jail.run(code)
        if meter.can_see():  # it was the account that ended it, not the clock
            assert 0.4 < jail.meter.used < 1.5


def test_what_leaves_no_trace_ends_by_the_clock(zygote, monkeypatch):
    monkeypatch.setattr(meter, "BACKSTOP", 4)
    with jailed(zygote, {**SMALL, "cell": 0.3}) as jail, pytest.raises(JailDied, match="OutOfTime"):
        jail.run(HIDING)


def test_where_nothing_can_be_seen_the_clock_counts_with_patience(zygote, monkeypatch):
    monkeypatch.setattr(meter, "can_see", lambda: False)
    with jailed(zygote, {**SMALL, "cell": 0.2}) as jail:
        assert jail.run("import time\ntime.sleep(0.3)") is None
        with pytest.raises(JailDied, match="OutOfTime"):
            jail.run("import time\ntime.sleep(10**6)")
        assert jail.meter.cpu == 0


def test_a_request_that_is_not_read_is_out_of_time(zygote):
    with jailed(zygote) as jail:
        jail.run("def wait(x):\n    import time\n    time.sleep(10**6)")
        with pytest.raises(JailDied, match="OutOfTime"):
            list(jail.calls("wait", [(("x" * 1000,), {})] * 5000))


# -- the limit on a notebook ---------------------------------------------------------------------------
def test_a_notebook_has_a_limit_of_its_own(zygote):
    ask = 'assert checks.result(work, 0.35) == "done"'
    found = judged(zygote, WORK, *[ask] * 5, limits={**SMALL, "total": 1.0})
    passed = [verdict.passed for verdict in found.verdicts.values()]
    assert passed[0] and not passed[-1] and sorted(passed, reverse=True) == passed
    assert "time for the whole notebook was used up" in found.verdicts["test-4"].message


def test_what_leaves_no_trace_ends_with_the_time_of_the_notebook(zygote):
    with jailed(zygote, {**SMALL, "cell": 1000, "total": 1000}) as jail:
        jail.end_of_all = time.monotonic() + 1
        with pytest.raises(JailDied, match="OutOfTime"):
            jail.run(HIDING)


def test_a_notebook_whose_answers_leave_no_trace_ends_by_the_clock(zygote, monkeypatch):
    monkeypatch.setattr(referee, "BACKSTOP_OF_ALL", 0)
    found = judged(zygote, WORK, 'assert checks.result(work, 0.01) == "done"')
    assert "time for the whole notebook was used up" in found.verdicts["test-0"].message


def test_cells_that_run_again_count(zygote):
    slow = WORK + "def stop():\n    import os\n    os._exit(1)\ndef halt():\n    stop()\nwork(0.4)"
    ends = ["checks.result(stop)", "checks.result(halt)", "checks.result(work, 0.01)"]
    limits = {**SMALL, "total": 1.0}
    found = judged(zygote, slow, *ends, limits=limits, source=slow)
    assert "time for the whole notebook was used up" in found.verdicts["test-2"].message
    assert found.endings[:2] == ["Crashed", "Crashed"]


# -- output --------------------------------------------------------------------------------------------
PRINTS = {
    "one stream": "for i in range(60_000):\n    print('step', i)",
    "two streams in turn": "import sys\nfor i in range(60_000):\n    print(i)\n    print(i, file=sys.stderr)",
    "displays": "from IPython.display import display\nfor i in range(3000):\n    display('x' * 100)",
}


@pytest.mark.parametrize("code", PRINTS.values(), ids=PRINTS)
def test_what_is_beyond_the_cap_of_output_is_not_kept_and_says_so(zygote, code):
    with jailed(zygote, {**LIMITS, "output": 100_000}) as jail:
        assert jail.run(code) is None
        assert 50_000 < len(json.dumps(jail.outputs)) < 120_000
        assert "beyond 100000 bytes is not kept" in jail.outputs[-1]["text"]


def test_sixty_thousand_lines_are_shown_whole(zygote):
    with jailed(zygote, {**LIMITS, "output": 2**20}) as jail:
        jail.run("for i in range(60_000):\n    print('step', i, sep='=')")
    [shown] = jail.outputs
    assert shown["text"].splitlines() == [f"step={i}" for i in range(60_000)]


class Counted(str):
    """Text that counts how many characters are copied into a longer one."""

    copied = 0

    def __getitem__(self, at):
        return Counted(str.__getitem__(self, at))

    def __add__(self, other):
        Counted.copied += len(self) + len(other)
        return Counted(str.__add__(self, other))


def test_a_write_copies_nothing_that_was_written_before():
    from course_utils.jail.shell import Outputs

    outputs = Outputs(50_000)
    for _ in range(100_000):
        outputs.write("stdout", Counted("x"))
    assert Counted.copied == 0
    assert outputs.size == 50_001 and len(outputs.items) == 1


def test_beyond_the_cap_an_output_is_not_even_looked_at():
    from course_utils.jail.shell import Outputs

    outputs = Outputs(100)
    outputs.write("stdout", "x" * 101)
    outputs.add(
        {"output_type": "display_data", "data": {"text/plain": {1, 2}}, "metadata": {(): 0}}
    )
    outputs.write("stderr", "y")
    assert len(outputs.items) == 1


def test_cleared_output_makes_room_again():
    from course_utils.jail.shell import Outputs

    outputs = Outputs(1000)
    for _ in range(50):
        outputs.write("stdout", "x" * 500)
        outputs.clear()
    outputs.write("stdout", "left")
    assert outputs.items == [{"output_type": "stream", "name": "stdout", "text": "left"}]


# -- a cell that Python cannot read --------------------------------------------------------------------
UNREAD = {
    "curly quotes": (
        "\n\ndef work():\n    print(“hi”)",
        "SyntaxError on line 4: invalid character '“' (U+201C): type straight quotes",
        "print(“hi”)",
    ),
    "a dash": (
        "def work():\n    return 3 – 2",
        "SyntaxError on line 2: invalid character '–' (U+2013): type a minus sign, -",
        "return 3 – 2",
    ),
    "a space of a web page": (
        "work =\u00a0len",
        "SyntaxError on line 1: invalid non-printable character U+00A0: delete the space there",
        "work = len",
    ),
    "no indentation": (
        "def work():\nreturn 1",
        "IndentationError on line 2: expected an indented block",
        "return 1",
    ),
    "too much indentation": ("a = 1\n  b = 2", "IndentationError on line 2: unexpected indent", "b = 2"),
    "no end": ("def work():\n    return (1", "SyntaxError on line 2: '(' was never closed", "return (1"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "said", "line"), UNREAD.values(), ids=UNREAD)
def test_a_cell_that_python_cannot_read_says_where_and_what_helps(zygote, answer, said, line):
    found = judged(zygote, answer, "checks.result(work)", limits=LIMITS)
    message = found.verdicts["test-0"].message
    assert f"its cell: stopped with {said}" in " ".join(message.split())
    assert message.splitlines()[-1].split() == line.split()
    [shown] = found.notebook.cells[0].outputs
    assert said.partition(": ")[2] in shown.evalue and line.split()[0] in shown.traceback[0]
    assert "ipython-input" not in message + json.dumps(shown)


def test_a_module_that_python_cannot_read_is_named(zygote):
    answer = "open('mine.py', 'w').write('x = (')\nimport mine"
    found = judged(zygote, answer, "checks.result(work)", limits=LIMITS)
    message = " ".join(found.verdicts["test-0"].message.split())
    assert "'(' was never closed (mine.py, line 1)" in message


UNDEFINED = {
    "misspelt": ("def werk():\n    return 1", "calls it werk: the name has to be work"),
    "empty": ("# nothing", "is empty"),
    "other names": ("def play():\n    return 1\nx = 2", "defines play, x, not work"),
    "no names": ("print(1)", "does not define work"),
}


@pytest.mark.parametrize(("answer", "said"), UNDEFINED.values(), ids=UNDEFINED)
def test_a_name_that_its_cell_does_not_define_is_explained(zygote, answer, said):
    found = judged(zygote, answer, "checks.result(work)", limits=LIMITS)
    assert found.verdicts["test-0"].message == f"work is not defined\n  its cell:   {said}"
