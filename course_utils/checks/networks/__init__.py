"""Tests of networks: what a class of a student's computes, whatever its layers are called.

>>> from course_utils.checks import args, networks
>>> from torch import nn
>>> def classifier(classes):
...     return nn.Sequential(nn.Flatten(), nn.Linear(12, classes))
>>> networks.agree(classifier, classifier, [args(5, x=(2, 3, 2, 2))])
"""

from course_utils.checks.networks.questions import Question, filled, structure
from course_utils.checks.networks.tables import agree, keeps, learns, numbered, sizes, stages

__all__ = [
    "Question",
    "agree",
    "filled",
    "keeps",
    "learns",
    "numbered",
    "sizes",
    "stages",
    "structure",
]
