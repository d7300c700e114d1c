"""What GoogLeNets look like that are wrong in one way, for naming it and for charging it once.

A fault has the tests in which it shows: the first one charges it, in the others what equals it passes. No test
of this network charges what is wrong in its modules.
"""

from __future__ import annotations

from functools import partial

import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import (
    after,
    always_drops,
    each,
    edited,
    put,
    subject_in,
    swapped,
    without,
)
from course_utils.checks.networks.wrong.inception import (
    BARE_CONV,
    ORDER,
    Branches,
    NormedConv,
    same,
)
from course_utils.models.googlenet import TABLE, GoogLeNet, Inception


def googlenet(test: str) -> Subject:
    """Return the right GoogLeNet, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``, ``dropout``: which faults this test charges, and names.
    """
    return subject_in(GoogLeNet, GOOGLENET, test)


def _modules(**changes):
    """Return a maker of a GoogLeNet with other modules."""

    def like(block):
        widths = [
            block.branch1[0].in_channels,
            block.branch1[0].out_channels,
            *(layer.out_channels for b in (block.branch2, block.branch3) for layer in (b[0], b[2])),
            block.branch4[1].out_channels,
        ]
        return Branches(*widths, **changes)

    return edited(GoogLeNet, each(Inception, like))


def _kind(kind, make=nn.Identity):
    """Put another layer in the place of each of a kind; one that does nothing by default."""
    return edited(GoogLeNet, each(kind, lambda _: make()))


def _pools(*names, **options):
    """Change max poolings."""
    own = {"kernel_size": 3, "stride": 2} | options
    return put(**{name: partial(nn.MaxPool2d, **own) for name in names})


def _norms(*names, size=5, alpha=1e-4, beta=0.75, k=1.0):
    names = names or ("norm1", "norm2")
    return put(**{name: partial(nn.LocalResponseNorm, size, alpha, beta, k) for name in names})


def _biasless(layers):
    """Take the biases of the convolutions that are no part of a module."""
    for name in ("conv1", "conv2_reduce", "conv2"):
        layers[name].bias = None
    return layers


def _no_ceil(layers):
    floors = [name for name, layer in layers.items() if isinstance(layer, nn.MaxPool2d)]
    return _pools(*floors)(layers)


POOLS = "pool1", "pool2", "pool3", "pool4"
WHOLE = "stages sizes values"
GOOGLENET = {
    "max pooling at the end: the average over the image": (
        "values",
        edited(GoogLeNet, put(pool5=partial(nn.AdaptiveMaxPool2d, 1))),
    ),
    "poolings that round down: 112 becomes 56, with ceil_mode": (
        "stages values",
        edited(GoogLeNet, _no_ceil),
    ),
    "no pooling between 3b and 4a": ("stages values", edited(GoogLeNet, without("pool3"))),
    "no pooling between 4e and 5a": ("stages values", edited(GoogLeNet, without("pool4"))),
    "no pooling between conv2 and 3a": ("stages values", edited(GoogLeNet, without("pool2"))),
    "no average at the end: 1024 features, not 7 x 7 x 1024": (
        WHOLE,
        edited(GoogLeNet, without("pool5"), put(fc=partial(nn.Linear, 50176, 1000))),
    ),
    "no padding in conv1: 224 becomes 112": (
        "stages values",
        edited(GoogLeNet, put(conv1=partial(nn.Conv2d, 3, 64, 7, stride=2))),
    ),
    "10 classes: ImageNet has 1000": (
        "sizes stages values",
        edited(GoogLeNet, put(fc=partial(nn.Linear, 1024, 10))),
    ),
    "no 1 x 1 reduction before conv2": (
        "sizes values",
        edited(GoogLeNet, without("conv2_reduce", "relu2_reduce")),
    ),
    "two linear layers: there is one": (
        "sizes values",
        edited(GoogLeNet, after("flatten", fc0=partial(nn.Linear, 1024, 1024), relu0=nn.ReLU)),
    ),
    "no module 4d": (
        "sizes stages values",
        edited(
            GoogLeNet, without("inception4d"), put(inception4e=partial(Inception, 512, *TABLE["4e"]))
        ),
    ),
    "the first convolutions without biases": ("sizes", edited(GoogLeNet, _biasless)),
    "no LRN: one after pool1, one before pool2": (
        "values",
        edited(GoogLeNet, without("norm1", "norm2")),
    ),
    "LRN with k = 2, as in AlexNet: k is 1": ("values", edited(GoogLeNet, _norms(k=2.0))),
    "LRN before the first pooling: there it comes after": (
        "values",
        edited(GoogLeNet, swapped("pool1", "norm1")),
    ),
    "LRN after the second pooling: there it comes before": (
        "values",
        edited(GoogLeNet, swapped("norm2", "pool2")),
    ),
    "LRN on the other sides of the poolings: after pool1, before pool2": (
        "values",
        edited(GoogLeNet, swapped("pool1", "norm1"), swapped("norm2", "pool2")),
    ),
    "the first LRN alone": ("values", edited(GoogLeNet, without("norm2"))),
    "the second LRN alone": ("values", edited(GoogLeNet, without("norm1"))),
    "poolings with padding 1 in place of ceil_mode": (
        "values",
        edited(GoogLeNet, _pools(*POOLS, padding=1)),
    ),
    "pooling windows of 2 x 2: they are 3 x 3 and overlap": (
        "values",
        edited(GoogLeNet, _pools(*POOLS, kernel_size=2)),
    ),
    "a pooling of 2 x 2 between 4e and 5a: it is 3 x 3": (
        "values",
        edited(GoogLeNet, _pools("pool4", kernel_size=2, ceil_mode=True)),
    ),
    "softmax: the network returns logits": (
        "values",
        edited(GoogLeNet, after("fc", softmax=partial(nn.Softmax, 1))),
    ),
    "log-softmax: the network returns logits": (
        "values",
        edited(GoogLeNet, after("fc", softmax=partial(nn.LogSoftmax, 1))),
    ),
    "ReLU on the logits": ("values", edited(GoogLeNet, after("fc", relu=nn.ReLU))),
    "no ReLU after conv1 and conv2": (
        "values",
        edited(GoogLeNet, without("relu1", "relu2_reduce", "relu2")),
    ),
    "no ReLU after conv1": ("values", edited(GoogLeNet, without("relu1"))),
    "no ReLU between the two convolutions before 3a": (
        "values",
        edited(GoogLeNet, without("relu2_reduce")),
    ),
    "no ReLU after conv2": ("values", edited(GoogLeNet, without("relu2"))),
    "alpha not divided by n, as in the paper's formula: here it is": (
        "values",
        edited(GoogLeNet, _norms(alpha=5e-4)),
    ),
    "alpha divided by n twice: PyTorch divides it": (
        "values",
        edited(GoogLeNet, _norms(alpha=2e-5)),
    ),
    "LRN over 3 channels: over 5": ("values", edited(GoogLeNet, _norms(size=3))),
    "LRN over 2 channels: over 5": ("values", edited(GoogLeNet, _norms(size=2))),
    "dropout in eval mode too": ("dropout values", _kind(nn.Dropout, always_drops)),
    "dropout of 0.5 in eval mode too": (
        "dropout values",
        _kind(nn.Dropout, partial(always_drops, 0.5)),
    ),
    # Faults of a module are charged in its own exercise.
    "modules without ReLU after the reductions": ("blocks values", _modules(inner=same)),
    "modules without ReLU before they are joined": ("blocks values", _modules(outer=same)),
    "modules without ReLU": ("blocks values", _modules(inner=same, outer=same)),
    "modules with average pooling": (
        "blocks values",
        _modules(pool=lambda x: F.avg_pool2d(x, 3, 1, 1)),
    ),
    "modules without pooling": ("blocks stages values", _modules(pool=same)),
    "modules that pool late": ("blocks stages values", _modules(late_pool=True)),
    "modules with 3 x 3 for 5 x 5": ("blocks sizes values", _modules(five=3)),
    "modules without biases": ("blocks sizes", _modules(conv=BARE_CONV)),
    "modules with the pooling first": (
        "blocks sizes values",
        _modules(order=("pool", "1x1", "3x3", "5x5")),
    ),
    "modules joined backwards": ("blocks sizes values", _modules(order=ORDER[::-1])),
    "modules without reductions": ("blocks sizes values", _modules(reduced=False)),
    "modules with batch norm": ("blocks sizes values", _modules(conv=NormedConv)),
}  # fmt: skip
