"""What AlexNet and ZFNet look like that are wrong in one way, for naming it and for charging it once.

A fault has the tests in which it shows: the first one charges it, in the others what equals it passes.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import (
    Apply,
    after,
    all_of,
    always_drops,
    changed,
    each,
    edited,
    like,
    linear,
    put,
    subject_in,
    swapped,
    within_channel,
    without,
)
from course_utils.models.early import AlexNet, ZFNet, response_norm

SCALES = "norm1", "norm2"


def alexnet(test: str) -> Subject:
    """Return the right AlexNet, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``, ``groups``, ``lrn``, ``dropout``: which faults this test charges.
    """
    return subject_in(AlexNet, ALEXNET, test)


def zfnet(test: str) -> Subject:
    """Return the right ZFNet, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``: which faults this test charges, and names.
    """
    return subject_in(ZFNet, ZFNET, test)


def _alex(edit, *more):
    return edited(AlexNet, edit, *more)


def _zf(edit, *more):
    return edited(ZFNet, edit, *more)


def _two_groups(groups=2, lrn=False):
    return AlexNet(max(groups, 2), lrn)


def _ungrouped(groups=1, lrn=False):
    return AlexNet(1, lrn)


def _grouped(*names):
    """Return a maker of an AlexNet with these convolutions in groups, and no others."""

    def made(groups=1, lrn=False):
        return _alex(changed(*names, groups=groups))(1, lrn)

    return made


def _regrouped(order):
    """Return a maker of an AlexNet whose grouped convolutions get their channels in another order."""

    def made(groups=1, lrn=False):
        layer = partial(Apply, partial(order, groups=groups))
        steps = [after(place, **{f"order_{place}": layer}) for place in ("pool1", "relu3", "relu4")]
        return edited(AlexNet, *steps if groups > 1 else ())(groups, lrn)

    return made


def _interleaved(x, groups):
    return torch.cat([x[:, n::groups] for n in range(groups)], dim=1)


def _swapped_halves(x, groups):
    return torch.cat(x.chunk(groups, dim=1)[::-1], dim=1)


def _without_lrn(groups=1, lrn=False):
    return AlexNet(groups, False)


def _always_lrn(groups=1, lrn=False):
    return AlexNet(groups, True)


def _lrn(size=5, alpha=1e-4, beta=0.75, k=2.0):
    """Put other local response norms in the places of both."""
    return put(**{name: partial(nn.LocalResponseNorm, size, alpha, beta, k) for name in SCALES})


def _widths(convolutions, features):
    """Change the numbers of filters, and of features: what goes into fc6, and comes out of fc6, fc7, fc8."""

    def edit(layers):
        found, channels = dict(layers), 3
        for number, width in enumerate(convolutions, start=1):
            name = f"conv{number}"
            changes = {"in_channels": channels, "out_channels": width}
            found[name], channels = like(layers[name], **changes), width
        for number, size in enumerate(zip(features, features[1:], strict=False), start=6):
            found[f"fc{number}"] = nn.Linear(*size)
        return found

    return edit


def _with_norms(layers):
    """Put a batch norm behind each convolution."""
    found = {}
    for name, layer in layers.items():
        found[name] = layer
        if isinstance(layer, nn.Conv2d):
            found[f"batch_{name}"] = nn.BatchNorm2d(layer.out_channels)
    return found


# Sentence → the test that charges it, the others in which it shows; what makes it.
WIDE = "stages values"
ALL = "values groups lrn"
WIDTHS = f"sizes stages {ALL}"
ALEXNET = {  # the likeliest first
    "dropout in eval mode too": (ALL, _alex(all_of(nn.Dropout, always_drops))),
    "pooling windows of 2 x 2: they are 3 x 3 and overlap": (
        ALL,
        _alex(all_of(nn.MaxPool2d, lambda: nn.MaxPool2d(2))),
    ),
    "padding 2 in conv1, as for images of 224: for 227 it has none": (
        ALL,
        _alex(changed("conv1", padding=2)),
    ),
    "no ReLU between the linear layers": (ALL, _alex(without("relu6", "relu7"))),
    "softmax: the network returns logits": (
        ALL,
        _alex(after("fc8", softmax=partial(nn.Softmax, 1))),
    ),
    "average pooling for max pooling": (
        f"stages {ALL}",
        _alex(all_of(nn.MaxPool2d, lambda: nn.AvgPool2d(3, 2))),
    ),
    "no padding in conv3 to conv5: their maps are 13 x 13, in and out": (
        "stages",
        _alex(changed("conv3", "conv4", "conv5", padding=0)),
    ),
    "too little padding in conv2: a kernel of 5 x 5 takes 2": (
        "stages",
        _alex(changed("conv2", padding=1)),
    ),
    "two poolings: there are three, after conv1, conv2 and conv5": ("stages", _alex(without("pool5"))),
    "no flattening before the linear layers": ("stages", _alex(without("flatten"))),
    "the filters and padding of torchvision's AlexNet, 64-192-384-256-256": (
        WIDTHS,
        _alex(
            _widths((64, 192, 384, 256, 256), (9216, 4096, 4096, 1000)),
            changed("conv1", padding=2),
        ),
    ),
    "the widths on one of the paper's two GPUs, 48-128-192-192-128 and 2048": (
        WIDTHS,
        _alex(_widths((48, 128, 192, 192, 128), (4608, 2048, 2048, 1000))),
    ),
    "conv4 of 256 filters: it has 384": (
        f"sizes {ALL}",
        _alex(_widths((96, 256, 384, 256, 256), (9216, 4096, 4096, 1000))),
    ),
    "10 classes: ImageNet has 1000": (
        WIDTHS,
        _alex(linear(fc8=(4096, 10))),
    ),
    "one of two linear layers of 4096 alone": (
        "sizes stages values",
        _alex(without("fc7", "relu7", "drop7")),
    ),
    "batch norm, which is younger than AlexNet": ("sizes values", _alex(_with_norms)),
    "convolutions without biases": (
        "sizes groups",
        _alex(changed(*(f"conv{n}" for n in range(1, 6)), bias=False)),
    ),
    "two groups where `groups` is 1, or is not given": ("sizes values lrn", _two_groups),
    "`groups` is not used": ("groups", _ungrouped),
    "groups in conv3 too: it sees both halves": (
        "groups",
        _grouped("conv2", "conv3", "conv4", "conv5"),
    ),
    "groups in conv2 alone: conv4 and conv5 have them too": ("groups", _grouped("conv2")),
    "groups in conv2 and conv4: conv5 has them too": ("groups", _grouped("conv2", "conv4")),
    "groups in conv4 and conv5: conv2 has them too": ("groups", _grouped("conv4", "conv5")),
    "groups in conv3, conv4 and conv5: they are in conv2, conv4 and conv5": (
        "groups",
        _grouped("conv3", "conv4", "conv5"),
    ),
    "groups of every other channel: they are halves, one after the other": (
        "groups",
        _regrouped(_interleaved),
    ),
    "the halves in each other's places": ("groups", _regrouped(_swapped_halves)),
    "`lrn` is not used": ("lrn", _without_lrn),
    "LRN before the ReLU: convolution, ReLU, LRN, pooling": (
        "lrn",
        _alex(swapped("relu1", "norm1"), swapped("relu2", "norm2")),
    ),
    "LRN after the pooling: convolution, ReLU, LRN, pooling": (
        "lrn",
        _alex(swapped("norm1", "pool1"), swapped("norm2", "pool2")),
    ),
    "LRN with k = 1, PyTorch's default: k is 2": ("lrn", _alex(_lrn(k=1.0))),
    "alpha not divided by n, as in the paper's formula: here it is": (
        "lrn",
        _alex(_lrn(alpha=5e-4)),
    ),
    "alpha divided by n twice: PyTorch divides it": ("lrn", _alex(_lrn(alpha=2e-5))),
    "LRN after conv1 alone: conv2 has one too": ("lrn", _alex(without("norm2"))),
    "LRN after conv2 alone: conv1 has one too": ("lrn", _alex(without("norm1"))),
    "LRN after every convolution: it is after conv1 and conv2": (
        "lrn",
        _alex(*(after(f"relu{n}", **{f"norm{n}": response_norm}) for n in (3, 4, 5))),
    ),
    "LRN over 3 channels: over 5": ("lrn", _alex(_lrn(size=3))),
    "LRN with beta = 0.5: beta is 0.75": ("lrn", _alex(_lrn(beta=0.5))),
    "LRN within each channel: it runs over neighbouring channels": (
        "lrn",
        _alex(put(norm1=partial(Apply, within_channel), norm2=partial(Apply, within_channel))),
    ),
    "batch norm for LRN": (
        "lrn",
        _alex(put(norm1=partial(nn.BatchNorm2d, 96), norm2=partial(nn.BatchNorm2d, 256))),
    ),
    "LRN where `lrn` is False, or is not given": ("values groups", _always_lrn),
    "no ReLU after conv5": (ALL, _alex(without("relu5"))),
    "no ReLU after conv3 and conv4": (ALL, _alex(without("relu3", "relu4"))),
    "log-softmax: the network returns logits": (
        "values",
        _alex(after("fc8", softmax=partial(nn.LogSoftmax, 1))),
    ),
    "ReLU on the logits": ("values", _alex(after("fc8", relu8=nn.ReLU))),
    "tanh for ReLU": ("values", _alex(all_of(nn.ReLU, nn.Tanh))),
    "no activation at all": ("values", _alex(all_of(nn.ReLU))),
}  # fmt: skip

ZFNET = {
    "average pooling for max pooling": (
        WIDE,
        _zf(each(nn.MaxPool2d, lambda la: nn.AvgPool2d(3, 2, la.padding))),
    ),
    "no padding in the first pooling: 110 x 110 become 55 x 55": (
        WIDE,
        _zf(put(pool1=lambda: nn.MaxPool2d(3, 2))),
    ),
    "no padding in the second pooling: 26 x 26 become 13 x 13": (
        "stages",
        _zf(put(pool2=lambda: nn.MaxPool2d(3, 2))),
    ),
    "padding in the last pooling: 13 x 13 become 6 x 6": (
        "stages",
        _zf(put(pool5=lambda: nn.MaxPool2d(3, 2, 1))),
    ),
    "padding 2 in conv2, as in AlexNet: here it has none": (
        WIDE,
        _zf(changed("conv2", padding=2)),
    ),
    "stride 1 in conv2, as in AlexNet: here it is 2": (
        "stages",
        _zf(changed("conv2", stride=1)),
    ),
    "padding 3 in conv1: a padding of 1 gives 110 x 110": (
        WIDE,
        _zf(changed("conv1", padding=3)),
    ),
    "no flattening before the linear layers": ("stages", _zf(without("flatten"))),
    "the filters of the paper's main model, 384-384-256: here they are 512-1024-512": (
        "sizes stages values",
        _zf(_widths((96, 256, 384, 384, 256), (9216, 4096, 4096, 1000))),
    ),
    "conv4 of 512 filters: it has 1024": (
        "sizes values",
        _zf(_widths((96, 256, 512, 512, 512), (18432, 4096, 4096, 1000))),
    ),
    "conv1 as in AlexNet, 11 x 11 with stride 4: here it is 7 x 7 with stride 2": (
        "sizes stages",
        _zf(changed("conv1", kernel_size=11, stride=4)),
    ),
    "conv2 of 3 x 3: it is 5 x 5": ("sizes values", _zf(changed("conv2", kernel_size=3))),
    "one of two linear layers of 4096 alone": (
        "sizes stages values",
        _zf(without("fc7", "relu7", "drop7")),
    ),
    "10 classes: ImageNet has 1000": ("sizes stages values", _zf(linear(fc8=(4096, 10)))),
    "batch norm, which is younger than ZFNet": ("sizes values", _zf(_with_norms)),
    "convolutions without biases": (
        "sizes",
        _zf(changed(*(f"conv{n}" for n in range(1, 6)), bias=False)),
    ),
    "ceil_mode for padding in the first two poolings": (
        "values",
        _zf(put(
                pool1=lambda: nn.MaxPool2d(3, 2, ceil_mode=True),
                pool2=lambda: nn.MaxPool2d(3, 2, ceil_mode=True),
            ),
        ),
    ),
    "pooling windows of 2 x 2: they are 3 x 3 and overlap": (
        "values",
        _zf(all_of(nn.MaxPool2d, lambda: nn.MaxPool2d(2))),
    ),
    "no padding in conv1: 224 x 224 become 110 x 110": (
        "values",
        _zf(changed("conv1", padding=0)),
    ),
    "LRN, as in AlexNet: this ZFNet has none": (
        "values",
        _zf(after("relu1", norm1=response_norm), after("relu2", norm2=response_norm)),
    ),
    "LRN after the poolings: this ZFNet has none": (
        "values",
        _zf(after("pool1", norm1=response_norm), after("pool2", norm2=response_norm)),
    ),
    "no ReLU between the linear layers": ("values", _zf(without("relu6", "relu7"))),
    "no ReLU after conv5": ("values", _zf(without("relu5"))),
    "no ReLU after conv3 and conv4": ("values", _zf(without("relu3", "relu4"))),
    "no ReLU after fc7": ("values", _zf(without("relu7"))),
    "softmax: the network returns logits": (
        "values",
        _zf(after("fc8", softmax=partial(nn.Softmax, 1))),
    ),
    "ReLU on the logits": ("values", _zf(after("fc8", relu8=nn.ReLU))),
    "tanh for ReLU": ("values", _zf(all_of(nn.ReLU, nn.Tanh))),
    "dropout in eval mode too": ("values", _zf(all_of(nn.Dropout, always_drops))),
}  # fmt: skip
