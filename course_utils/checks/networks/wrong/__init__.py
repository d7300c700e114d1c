"""Networks that are right, and the same with one fault each, for naming it and for charging it once.

A function for each exercise of part 06 takes the name of a test and returns the `Subject` of that test: the
right network, the faults that this test charges and names, and those that another test charges. It is the same
object each time, so that what its networks told is remembered.
"""

from functools import cache

from course_utils.checks.networks.wrong import (
    alphago as _alphago,
)
from course_utils.checks.networks.wrong import (
    blocks,
    early,
    lenet,
)
from course_utils.checks.networks.wrong import (
    googlenet as _googlenet,
)
from course_utils.checks.networks.wrong import (
    inception as _inception,
)
from course_utils.checks.networks.wrong import (
    resnet as _resnet,
)
from course_utils.checks.networks.wrong import (
    vgg as _vgg,
)

alphago = cache(_alphago.alphago)
alexnet, zfnet = cache(early.alexnet), cache(early.zfnet)
basic_block, bottleneck = cache(blocks.basic), cache(blocks.bottleneck)
googlenet, inception = cache(_googlenet.googlenet), cache(_inception.inception)
lenet5 = cache(lenet.lenet5)
resnet = cache(_resnet.resnet)
vgg = cache(_vgg.vgg)

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
