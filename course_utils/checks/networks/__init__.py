"""Tests of networks: what a class of a student's computes, whatever its layers are called.

A visible test is a line or two::

    networks.stages(AlexNet, models.AlexNet, [args(groups=2, x=(1, 3, 227, 227))])
    networks.agree(BasicBlock, wrong.basic_block("values"), [args(4, 6, 2, x=(2, 4, 5, 7))])
"""

from course_utils.checks.networks.discipline import keeps, learns, owns, probabilities
from course_utils.checks.networks.dropout import drops, drops_nothing
from course_utils.checks.networks.questions import Question, filled, structure
from course_utils.checks.networks.tables import Subject, agree, shapes, sizes, stages

__all__ = [
    "Question",
    "Subject",
    "agree",
    "drops",
    "drops_nothing",
    "filled",
    "keeps",
    "learns",
    "owns",
    "probabilities",
    "shapes",
    "sizes",
    "stages",
    "structure",
]
