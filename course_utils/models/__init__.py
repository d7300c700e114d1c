"""The architectures of part 06 as `torch.nn.Module`, with the layer names of their papers.

Networks return logits, `AlphaGoPolicy` probabilities. Their tables, with what each layer costs, come from
`summary`. Part 06 forbids this package: it answers the exercises.
"""

from course_utils.models.alphago import AlphaGoPolicy
from course_utils.models.cifar import alexnet_cifar, resnet_9, vgg_cifar
from course_utils.models.early import AlexNet, LeNet5, ZFNet
from course_utils.models.googlenet import GoogLeNet, Inception
from course_utils.models.initialise import initialise
from course_utils.models.resnet import BasicBlock, Bottleneck, resnet
from course_utils.models.summary import Row, summary
from course_utils.models.vgg import vgg

__all__ = [
    "AlexNet",
    "AlphaGoPolicy",
    "BasicBlock",
    "Bottleneck",
    "GoogLeNet",
    "Inception",
    "LeNet5",
    "Row",
    "ZFNet",
    "alexnet_cifar",
    "initialise",
    "resnet",
    "resnet_9",
    "summary",
    "vgg",
    "vgg_cifar",
]
