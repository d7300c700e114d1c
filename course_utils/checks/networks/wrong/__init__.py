"""Networks that are right, and the same with one fault each, for naming it and for charging it once.

A function for each exercise of part 06 takes the name of a test and returns the `Subject` of that test: the
right network, the faults that this test charges and names, and those that another test charges.
"""

from course_utils.checks.networks.wrong.alphago import alphago
from course_utils.checks.networks.wrong.blocks import basic as basic_block
from course_utils.checks.networks.wrong.blocks import bottleneck
from course_utils.checks.networks.wrong.early import alexnet, zfnet
from course_utils.checks.networks.wrong.googlenet import googlenet
from course_utils.checks.networks.wrong.inception import inception
from course_utils.checks.networks.wrong.lenet import lenet5
from course_utils.checks.networks.wrong.resnet import resnet
from course_utils.checks.networks.wrong.vgg import vgg

__all__ = [
    "alexnet",
    "alphago",
    "basic_block",
    "bottleneck",
    "googlenet",
    "inception",
    "lenet5",
    "resnet",
    "vgg",
    "zfnet",
]
