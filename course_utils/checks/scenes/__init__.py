"""Functions that train, evaluate, save and measure networks, asked like answers that return numbers.

A scene plays where the answer is, with a network that is made there: see `course_utils.modules.scenes`.
"""

from course_utils.checks.scenes.judged import alike, asks, in_half, resumes, told
from course_utils.checks.scenes.scene import (
    Scene,
    activations,
    epoch,
    evaluation,
    rates,
    resumption,
    scales,
)

__all__ = [
    "Scene",
    "activations",
    "alike",
    "asks",
    "epoch",
    "evaluation",
    "in_half",
    "rates",
    "resumes",
    "resumption",
    "scales",
    "told",
]
