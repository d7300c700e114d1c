"""Right answers as students and repositories write them: each computes what the library does."""

from pathlib import Path

import pytest
from oracle import torch

from course_utils.authoring.bank import read_answers
from course_utils.checks import args

pytestmark = [pytest.mark.bank, pytest.mark.torch]
if torch is not None:
    from course_utils import models
    from course_utils.checks import networks

FOLDER = Path(__file__).parent / "styles"
IMAGE = (1, 3, 224, 224)
WHOLE = {"dtype": "float32"}  # of full width: one call each, since one takes seconds
# Name of the file: name of the answer, calls, options of `agree`.
KINDS = {
    "lenet5": ("LeNet5", [args(x=(2, 1, 32, 32))], {}),
    "inception": (
        "Inception",
        [args(9, 5, 4, 7, 3, 6, 2, x=(2, 9, 7, 8)), args(6, 4, 3, 8, 5, 2, 7, x=(1, 6, 9, 7))],
        {},
    ),
    "bottleneck": (
        "Bottleneck",
        [args(8, 2, x=(2, 8, 5, 6)), args(6, 2, 2, x=(2, 6, 5, 6)), args(4, 3, x=(1, 4, 5, 6))],
        {},
    ),
    "alphago": ("AlphaGoPolicy", [args(8, x=(2, 48, 19, 19))], {}),
    "alexnet": ("AlexNet", [args(2, True, x=(1, 3, 227, 227))], WHOLE | {"spread": 100.0}),
    "zfnet": ("ZFNet", [args(x=IMAGE)], WHOLE),
    "vgg": ("vgg", [args("A", x=IMAGE)], WHOLE | {"spread": 100.0}),
    "googlenet": ("GoogLeNet", [args(x=IMAGE)], WHOLE | {"spread": 100.0}),
    "resnet": ("resnet", [args(20, x=(2, 3, 32, 32)), args(50, 7, x=IMAGE)], WHOLE),
}
ANSWERS = [(kind, answer) for kind in KINDS for answer in read_answers(FOLDER / f"{kind}.py")]


@pytest.mark.parametrize(
    ("kind", "answer"), ANSWERS, ids=[f"{kind}: {a.title}" for kind, a in ANSWERS]
)
def test_a_right_answer_is_right_in_any_style(kind, answer):
    name, calls, options = KINDS[kind]
    namespace = {"__name__": "answer"}
    exec(answer.source, namespace)
    mine, reference = namespace[name], getattr(models, name)
    networks.agree(mine, reference, calls, **options)
    networks.sizes(mine, reference, calls)
    networks.stages(mine, reference, calls)
    if not options:
        networks.learns(mine, reference, calls)
        networks.keeps(mine, reference, calls)
