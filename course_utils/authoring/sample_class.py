"""A class to try the grader on: submissions assembled from the bank, each with what must become of it."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass, field

import nbformat
import numpy as np

from course_utils.authoring.bank import Answer
from course_utils.authoring.verify import with_answers
from course_utils.course.source import Source
from course_utils.grading.timestamps import TIMESTAMP

DUE = datetime.datetime(2026, 10, 1, 12, 0)


@dataclass
class Member:
    """One student: files, and what grading must make of them.

    Attributes
    ----------
    files : dict of str to bytes
    outcome : str
    score : float
        Points without those that a person gives, lateness taken off.
    """

    files: dict[str, bytes]
    outcome: str
    score: float
    about: str = ""


@dataclass
class _Maker:
    source: Source
    release: nbformat.NotebookNode
    bank: dict[str, list[Answer]]
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def full(self) -> float:
        return sum(test.points for test in self.source.tests.values())

    def right(self, index: int) -> dict[str, str]:
        """Answer every exercise in the style number `index`."""
        chosen = {}
        for cell, answers in self.bank.items():
            styles = [a for a in answers if a.right]
            chosen[cell] = styles[index % len(styles)].source
        return chosen

    def mixed(self, seed: int, faults: int) -> tuple[dict[str, str], float]:
        """Answer with some misconceptions; return the answers and the points they are worth."""
        rng = np.random.default_rng(seed)
        chosen, lost = self.right(0), set()  # no answer of these leans on another
        for cell in rng.permutation(sorted(self.bank))[:faults]:
            wrongs = [a for a in self.bank[str(cell)] if not a.right]
            answer = wrongs[int(rng.integers(len(wrongs)))]
            chosen[str(cell)] = answer.source
            lost |= set(answer.fails)
        return chosen, self.full - sum(self.source.tests[name].points for name in lost)

    def notebook(self, answers: dict[str, str], text: str = "It depends on the network.") -> dict:
        manual = dict.fromkeys(self.source.manual, text) if text else {}
        return json.loads(nbformat.writes(with_answers(self.release, answers | manual)))

    def add(self, name, notebook, outcome, score, about, days_late=0, filename=""):
        data = notebook if isinstance(notebook, bytes) else json.dumps(notebook, indent=1).encode()
        when = DUE + datetime.timedelta(days=days_late, hours=-1)
        files = {
            filename or f"{self.source.name}.ipynb": data,
            TIMESTAMP: when.strftime("%Y-%m-%d %H:%M:%S UTC").encode(),
        }
        self.members[name] = Member(files, outcome, score, about)


def sample_class(source: Source, release, bank: dict[str, list[Answer]]) -> dict[str, Member]:
    """Assemble the class.

    Parameters
    ----------
    source, release : Source, NotebookNode
    bank : dict
        From `read_bank`.

    Returns
    -------
    dict of str to Member
        By student.
    """
    make = _Maker(source, release, {k: v for k, v in bank.items() if k in source.answers})
    cells = list(source.answers)
    first = cells[0]
    name = next(n for n, cell in source.defined_in.items() if cell == first)
    worth = sum(source.tests[t].points for t in source.tests_of(first))
    good = make.right(0)

    make.add("ada", make.notebook(good), "graded", make.full, "excellent")
    make.add("alan", make.notebook(make.right(1)), "graded", make.full, "excellent, another style")
    make.add("grace", make.notebook(make.right(2)), "graded", make.full, "excellent, a third style")
    for seed, (who, faults) in enumerate(
        [
            ("barbara", 1),
            ("claude", 2),
            ("donald", 3),
            ("edsger", 4),
            ("frances", 2),
            ("kunihiko", 5),
        ]
    ):
        answers, score = make.mixed(seed, faults)
        make.add(
            who,
            make.notebook(answers),
            "graded",
            score,
            f"{faults} misconception{'s' * (faults > 1)}",
        )
    make.add("john", make.notebook({}, text=""), "blank", 0.0, "handed in untouched")
    make.add(
        "katherine", make.notebook(make.right(3)), "graded", make.full * 0.9, "two days late", 2
    )

    def spoiled(code, keep=()):
        return {**good, first: code}, make.full - worth + sum(source.tests[t].points for t in keep)

    for who, code, outcome, about in (
        ("loopy", f"def {name}(*args, **kwargs):\n    while True:\n        pass", "timed out", "endless loop"),
        ("margaret", f"def {name}(*args, **kwargs):\n    import os\n    os.abort()", "crashed", "crash"),
        ("niklaus", "rows = []\nwhile True:\n    rows.append(bytearray(50_000_000))", "out of memory",
         "memory hog"),
    ):  # fmt: skip
        answers, score = spoiled(code)
        make.add(who, make.notebook(answers), outcome, score, about)

    deleted = make.notebook(good)
    gone = source.tests_of(first)[0]
    deleted["cells"] = [c for c in deleted["cells"] if c["id"] != gone]
    make.add("radia", deleted, "cells restored", make.full, "deleted a test cell")

    twice = make.notebook(good)
    [at] = [i for i, c in enumerate(twice["cells"]) if c["id"] == gone]
    copied = json.loads(json.dumps(twice["cells"][at])) | {"id": "copy"}
    twice["cells"].insert(at + 1, copied)
    make.add("shafi", twice, "cells restored", make.full, "copied a test cell")

    make.add("tim", b"PK\x03\x04 this was a Word file", "unreadable", 0.0, "not a notebook")

    warning = good[first] + (
        "\n\nimport sys, warnings\n"
        f"_quiet = {name}\n\n"
        f"def {name}(*args, **kwargs):\n"
        '    warnings.warn("still testing this")\n'
        '    print("called with", args, file=sys.stderr)\n'
        "    return _quiet(*args, **kwargs)\n"
    )
    make.add(
        "yann", make.notebook({**good, first: warning}), "graded", make.full, "prints a warning"
    )
    make.add("zoe", make.notebook(good), "renamed", make.full, "another file name",
             filename="my homework (final).ipynb")  # fmt: skip
    return make.members
