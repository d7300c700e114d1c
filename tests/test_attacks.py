"""Hostile submissions gain nothing and harm nobody (see docs/threat-model.md).

The base of every attack answers each exercise with a table of its visible cases. One run of
`course grade` takes all attacks of a kind, with honest students before, between and after them.
"""

import pytest
from attacks.arena import Arena, read_attacks

from course_utils.grading import confine
from course_utils.grading.run import OUTCOMES

pytestmark = [
    pytest.mark.attacks,
    pytest.mark.skipif(bool(confine.missing()), reason="attacks run confined or not at all"),
]
KINDS = ["hooks","frames","liars","wire","detection","reading","writing","network","kernel","processes","memory","floods","endings"]
ATTACKS = [a for kind in KINDS for a in read_attacks(kind)]


@pytest.fixture(scope="module")
def arena(tmp_path_factory):
    arena = Arena(tmp_path_factory.mktemp("course"))
    yield arena
    arena.close()


def test_base(arena):
    print(arena.base.seconds, [f.line for f in arena.base.attackers.values()])
    [found]=arena.base.attackers.values()
    print(found.passed)
    import os
    for kind in os.environ.get("KINDS","").split():
        from attacks import shapes
        run = arena.grade(kind, (read_attacks(kind) if kind in KINDS else []) + [a for a in shapes.ATTACKS if a.kind==kind])
        print("=====", kind, round(run.seconds,1))
        for h in run.harm: print("  HARM", h)
        if run.said: print(run.said[-3000:])
        for a,f in run.attackers.items():
            line=f.line
            got=[l for l in f.shown.splitlines() if l.startswith("GOT")]
            sec=f.notebook.metadata.course.seconds if f.notebook else None
            gain=f.passed-found.passed
            print(f"{line.get('outcome','NONE'):14} {line.get('score')} {sec} {a.title[:60]}", "GAIN %s"%gain if gain else "", got[:4], line.get("notes") if line.get("outcome") in ("not graded","test broken") else "")
            size=max([p.stat().st_size for p in (run.grading/"autograded").glob(f"{line.get('student','?').replace('[','?')}/*/*.ipynb")]+[0])
            if size>4e6: print("      SIZE",size)
            v=f.notebook.metadata.course.verdicts if f.notebook else {}
            for k,x in v.items():
                if x.get("broken"): print("      BROKEN",k,x["message"][:150])
    assert 0
