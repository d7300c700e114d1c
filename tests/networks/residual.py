"""A part of one exercise, a residual block: the smallest assignment whose answer is a network."""

import shutil
from pathlib import Path

import nbformat
from conftest import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course_utils.authoring.canonical import canonical
from course_utils.authoring.release import release
from course_utils.course.folders import Course

PART = "99_residual"
ANSWER = "basic-block"
IMPORTS = """from course_utils.checks import args, networks
from course_utils.checks.networks import wrong

right = wrong.basic_block("{name}")
"""
HIDDEN = """
### BEGIN HIDDEN TESTS
# Hidden: other widths and images.
from course_utils import checks

rng = checks.rng("{name}")
a, b, height, width = (int(n) for n in rng.integers((3, 7, 5, 6), (6, 10, 9, 11)))
seed = int(rng.integers(1, 1000))
same = args(a, a, x=(1, a, height, width), seed=seed)
other = args(a, b, 2, x=(2, a, height, width), seed=seed)
strided = args(b, b, 3, x=(3, b, height, width), seed=seed)
wider = args(b, a, x=(2, b, height, width), seed=seed)
{tests}
### END HIDDEN TESTS
"""
SOLUTION = '''import torch.nn.functional as F
from torch import nn


class BasicBlock(nn.Module):
    """The residual block of ResNet-18 and -34."""

    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        ### BEGIN SOLUTION
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.project = nn.Identity()
        if stride != 1 or in_channels != channels:
            self.project = nn.Sequential(
                nn.Conv2d(in_channels, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        out = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(out)) + self.project(x))
        ### END SOLUTION
'''
# Name: points, title, visible test, hidden tests.
TESTS = {
    "sizes": (
        3,
        "Shapes, and what has parameters",
        """calls = [args(4, 4, x=(2, 4, 5, 7)), args(4, 6, x=(2, 4, 5, 7)), args(4, 4, 2, x=(2, 4, 5, 7))]
networks.sizes(BasicBlock, right, calls)
networks.stages(BasicBlock, right, calls)""",
        """calls = [*calls, same, other, strided, wider]
networks.sizes(BasicBlock, right, calls)
networks.stages(BasicBlock, right, calls)""",
    ),
    "values": (
        4,
        "Values where the shape stays",
        """networks.agree(BasicBlock, right, [args(4, 4, x=(2, 4, 5, 7))])""",
        """networks.agree(BasicBlock, right, [same])
last = [(3, "scale", 0.0), (3, "shift", 0.0)]  # with the last norm at zero it is relu(x)
networks.agree(BasicBlock, right, [same], scale=last)""",
    ),
    "projection": (
        3,
        "Values where the shape changes",
        """calls = [args(4, 6, 2, x=(2, 4, 5, 7)), args(4, 6, x=(1, 4, 5, 7))]
networks.agree(BasicBlock, right, calls)""",
        """networks.agree(BasicBlock, right, [*calls, other, strided, wider])""",
    ),
    "train": (
        2,
        "Train mode, and eval mode after it",
        """calls = [args(4, 4, x=(2, 4, 5, 7)), args(4, 6, 2, x=(3, 4, 5, 7))]
passes = "train", "train", "eval"
networks.agree(BasicBlock, right, calls, passes=passes)""",
        """calls = [*calls, same, other, strided]
networks.agree(BasicBlock, right, calls, passes=passes)""",
    ),
    "learns": (
        3,
        "Parameters that learn, an input that stays",
        """calls = [args(4, 4, x=(2, 4, 5, 7)), args(4, 6, 2, x=(2, 4, 5, 7))]
networks.learns(BasicBlock, right, calls)
networks.keeps(BasicBlock, right, calls)""",
        """networks.learns(BasicBlock, right, [same, other])
networks.keeps(BasicBlock, right, [same, other])""",
    ),
}


def source_notebook() -> nbformat.NotebookNode:
    """Return the source notebook."""
    locked = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    answer = {"grade": False, "solution": True, "locked": False, "task": False, "schema_version": 3}
    total = sum(points for points, *_ in TESTS.values())
    cells = [
        new_markdown_cell(
            f"## 99.1 A residual block\n\n**{total} points · 20 minutes · difficulty ●●○**\n\n"
            "**Contract.** `BasicBlock(in_channels, channels, stride=1)`.",
            id="residual-prompt",
        ),
        new_code_cell(SOLUTION, id=ANSWER, metadata={"nbgrader": answer | {"grade_id": ANSWER}}),
    ]
    for name, (points, title, visible, hidden) in TESTS.items():
        grade_id = f"test-block-{name}"
        text = f"# 99.1 {title} ({points} points)\n{IMPORTS.format(name=name)}{visible}"
        text += HIDDEN.format(name=name, tests=hidden).rstrip()
        marks = locked | {"grade_id": grade_id, "points": points}
        cells.append(new_code_cell(text, id=grade_id, metadata={"nbgrader": marks}))
    return new_notebook(
        cells=cells,
        metadata={
            "course": {"forbidden": ["course_utils.models", "course_utils.checks.networks.wrong"]},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        },
    )


def make_course(root: Path, limits: dict | None = None) -> Course:
    """Make a course in a folder with this part, released, and its bank."""
    for name in ("nbgrader_config.py", "constraints.txt"):
        shutil.copy(ROOT / name, root / name)
    (root / "solutions" / PART).mkdir(parents=True)
    (root / "assignments").mkdir()
    course = Course(root)
    path = root / "solutions" / PART / f"{PART}.ipynb"
    notebook = source_notebook()
    notebook.metadata.course["limits"] = limits or {}
    path.write_text(canonical(nbformat.writes(notebook)))
    (course.bank / PART).mkdir(parents=True)
    shutil.copy(Path(__file__).parent / f"{ANSWER}.py", course.bank / PART)
    release(course, PART)
    return course
