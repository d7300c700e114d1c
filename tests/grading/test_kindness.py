"""Faulty but honest work: one class of it, graded once, each with its named outcome and its points."""

import json

import nbformat
import pytest
from conftest import PART

from course_utils.grading.grade import Grader

pytestmark = pytest.mark.grading


def edit(change):
    """Make a case that changes the notebook of full marks, as JSON's dicts."""

    def make(source, release, good):
        notebook = json.loads(json.dumps(good))
        made = change(notebook, source)
        return json.dumps(notebook if made is None else made).encode()

    return make


def before_first(code):
    """Make a case with a cell of the student's own before the first answer."""
    return edit(lambda nb, s: nb["cells"].insert(_at(nb, next(iter(s.answers))), cell(code)))


def in_first(code):
    """Make a case whose first answer is followed by more code in the same cell."""

    def change(nb, source):
        nb["cells"][_at(nb, next(iter(source.answers)))]["source"] += "\n" + code

    return edit(change)


def cell(code):
    made = nbformat.v4.new_code_cell(code)
    return json.loads(json.dumps(made))


def _at(nb, cell_id):
    return next(i for i, c in enumerate(nb["cells"]) if c["id"] == cell_id)


def _first_test(nb, source):
    return _at(nb, source.tests_of(next(iter(source.answers)))[0])


def _wrapped(body):
    return (
        "_right = conv_output_size\n"
        "def conv_output_size(*args, **kwargs):\n"
        f"    {body}\n"
        "    return _right(*args, **kwargs)\n"
    )


def _reversed(nb, source):
    nb["cells"].reverse()


def _helper_in_another_cell(nb, source):
    at = _at(nb, "same-padding")
    nb["cells"].insert(at, cell("def half(n):\n    return n // 2"))
    nb["cells"][at + 1]["source"] = (
        "def same_padding(kernel_size, dilation=1):\n"
        "    gap = dilation * (kernel_size - 1)\n"
        "    if gap % 2:\n        raise ValueError('even')\n"
        "    return half(gap)"
    )


def _retyped(nb, source):
    at = _first_test(nb, source)
    nb["cells"][at] = {
        k: v for k, v in nb["cells"][at].items() if k not in ("outputs", "execution_count")
    }
    nb["cells"][at]["cell_type"] = "markdown"


def _no_metadata(nb, source):
    for c in nb["cells"]:
        c["metadata"] = {}
        c["id"] = f"x{hash(c['source']) % 10**9}-{id(c)}"


def _merged(nb, source):
    """Two answers in one cell, the other cell deleted."""
    nb["cells"][_at(nb, "conv-output-size")]["source"] += "\n\n" + source.answers["same-padding"]
    nb["cells"].pop(_at(nb, "same-padding"))


def _answer_at_the_end(nb, source):
    """The place left as it was, the answer in a cell of the student's own behind all tests."""
    [blank] = [c for c in _release().cells if c.id == "same-padding"]
    nb["cells"][_at(nb, "same-padding")]["source"] = blank.source
    nb["cells"].append(cell(source.answers["same-padding"]))


def _release():
    from conftest import ROOT

    return nbformat.read(ROOT / "assignments" / PART / f"{PART}.ipynb", as_version=4)


def _old_schema(nb, source):
    for c in nb["cells"]:
        if "nbgrader" in c["metadata"]:
            c["metadata"]["nbgrader"] = {"schema_version": 1, "grade_id": c["id"]}


def _format_3(nb, source):
    worksheet = []
    for c in nb["cells"]:
        if c["cell_type"] == "code":
            worksheet.append({"cell_type": "code", "input": c["source"], "outputs": [], "language": "python",
                              "metadata": c["metadata"]})  # fmt: skip
        else:
            worksheet.append(
                {"cell_type": "markdown", "source": c["source"], "metadata": c["metadata"]}
            )
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
            "worksheets": [{"cells": worksheet, "metadata": {}}]}  # fmt: skip


def encoded(encoding, newline="\n"):
    def make(source, release, good):
        text = json.dumps(good, indent=1, ensure_ascii=False).replace("\n", newline)
        return text.encode(encoding, "replace")

    return make


PRINTS = "import sys, warnings, logging"
FULL = {  # name → how it is made, and its outcome; all have full points
    "warns": (in_first(_wrapped("import warnings; warnings.warn('careful')")), "graded"),
    "logs": (in_first(_wrapped("import logging; logging.warning('called')")), "graded"),
    "prints": (in_first(_wrapped("print('called', args)")), "graded"),
    "progress": (
        in_first(_wrapped("import sys; print('50 %|#####', end='\\r', file=sys.stderr)")),
        "graded",
    ),
    "chdir": (before_first("import os\nos.chdir('/tmp')"), "graded"),
    "plots": (
        before_first("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"),
        "graded",
    ),
    "timeit": (before_first("%timeit -n 1 -r 1 sum(range(10))"), "graded"),
    "shell": (before_first("!echo hello"), "graded"),
    "writes-a-file": (before_first("open('notes.txt', 'w').write('x')"), "graded"),
    "extra-cells": (before_first("a = 1\na"), "graded"),
    "extra-cell-that-fails": (before_first("1 / 0"), "graded"),
    "helper": (edit(_helper_in_another_cell), "graded"),
    "out-of-order": (edit(_reversed), "graded"),
    "merged-answers": (edit(_merged), "cells restored"),
    "answer-at-the-end": (edit(_answer_at_the_end), "graded"),
    "many-prints": (before_first("for step in range(60_000):\n    print('step', step)"), "graded"),
    "deleted-test": (
        edit(lambda nb, s: nb["cells"].pop(_first_test(nb, s)) and None),
        "cells restored",
    ),
    "changed-test": (
        edit(lambda nb, s: nb["cells"][_first_test(nb, s)].update(source="pass")),
        "cells restored",
    ),
    "retyped-test": (edit(_retyped), "cells restored"),
    "lost-metadata": (edit(_no_metadata), None),
    "old-schema": (edit(_old_schema), "graded"),
    "format-3": (edit(_format_3), None),
    "crlf": (encoded("utf-8", "\r\n"), "graded"),
    "bom": (encoded("utf-8-sig"), "graded"),
    "utf-16": (encoded("utf-16"), "graded"),
}
COSTS = {  # name → how it is made, outcome, the exercise that it costs
    "deleted-answer": (
        edit(lambda nb, s: nb["cells"].pop(_at(nb, "same-padding")) and None),
        "cells restored", "1.2",
    ),
    "syntax-error": (
        edit(lambda nb, s: nb["cells"][_at(nb, "same-padding")].update(source="def same_padding(:")),
        "graded", "1.2",
    ),
    "endless": (
        edit(lambda nb, s: nb["cells"][_at(nb, "same-padding")].update(source="while True: pass")),
        "timed out", "1.2",
    ),
    "exit": (
        edit(lambda nb, s: nb["cells"][_at(nb, "same-padding")].update(source="import os; os._exit(0)")),
        "crashed", "1.2",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    import shutil

    from conftest import ROOT, _gradebook

    from course_utils.authoring.verify import with_answers
    from course_utils.course.folders import Course
    from course_utils.course.release import load

    folder = tmp_path_factory.mktemp("kind")
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("solutions", "assignments"):
        shutil.copytree(ROOT / name, folder / name)
    course = Course(folder)
    _gradebook(course)
    source, release = load(course, PART)
    written = dict.fromkeys(source.manual, "Because.")
    good = json.loads(json.dumps(with_answers(release, source.answers | written)))
    for name, (make, *_) in {**FULL, **COSTS}.items():
        target = course.submitted / name / PART
        target.mkdir(parents=True)
        (target / f"{PART}.ipynb").write_bytes(make(source, release, good))
    results = {r.student: r for r in Grader(course, PART, workers=2).run()}
    return source, results


def lost(source, result):
    return {
        source.tests[n].exercise: v["message"]
        for n, v in result.verdicts.items()
        if not v["passed"]
    }


@pytest.mark.parametrize("name", FULL)
def test_honest_work_keeps_its_points(graded, name):
    source, results = graded
    assert lost(source, results[name]) == {}
    if FULL[name][1]:
        assert results[name].outcome == FULL[name][1], results[name].notes


@pytest.mark.parametrize("name", COSTS)
def test_a_fault_costs_its_own_exercise(graded, name):
    source, results = graded
    assert set(lost(source, results[name])) == {COSTS[name][2]}
    assert results[name].outcome == COSTS[name][1]
