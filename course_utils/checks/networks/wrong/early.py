"""What LeNet-5, AlexNet and ZFNet look like that are wrong in one way, for naming it and for charging it once.

A fault has the tests in which it shows: the first one charges it, in the others what equals it passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import (
    after,
    each,
    edited,
    put,
    subject,
    swapped,
    without,
)
from course_utils.models.early import AlexNet, LeNet5, ZFNet, response_norm

PAPER_TANH = 1.7159, 2 / 3  # amplitude and slope in the paper of LeNet-5
SCALES = "norm1", "norm2"


def lenet5(test: str) -> Subject:
    """Return the right LeNet-5, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``, ``learns``: which faults this test charges, and names.
    """
    return _subject(LeNet5, LENET5, test)


def alexnet(test: str) -> Subject:
    """Return the right AlexNet, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``, ``groups``, ``lrn``, ``dropout``: which faults this test charges.
    """
    return _subject(AlexNet, ALEXNET, test)


def zfnet(test: str) -> Subject:
    """Return the right ZFNet, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``: which faults this test charges, and names.
    """
    return _subject(ZFNet, ZFNET, test)


def _subject(reference: Callable, faults: Mapping[str, tuple[str, Callable]], test: str) -> Subject:
    """Leave out the faults that do not show in a test: a network of full width takes its time."""
    shown = {s: (t.split()[0], m) for s, (t, m) in faults.items() if test in t.split()}
    return subject(reference, shown, test)


class Apply(nn.Module):
    """A function as a layer."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Coefficients(nn.Module):
    """A weight and a bias for each channel."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return x * self.weight + self.bias


def _all(kind, make=None):
    """Put another layer in the place of each of a kind; a layer that does nothing by default."""
    return each(kind, lambda _: make() if make else nn.Identity())


def _conv(layer, **changes):
    """Return a convolution like another one, but for some of its arguments."""
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "groups")
    own = {name: getattr(layer, name) for name in names} | {"bias": layer.bias is not None}
    return nn.Conv2d(**own | changes)


def _changed(*names, **changes):
    """Change arguments of convolutions."""

    def edit(layers):
        return layers | {name: _conv(layers[name], **changes) for name in names}

    return edit


def _linear(**sizes):
    """Put linear layers of these sizes in the places of others."""
    return put(**{name: partial(nn.Linear, *size) for name, size in sizes.items()})


def _widths(convolutions, features):
    """Change the numbers of filters, and of the features of linear layers: a list that begins with what comes in."""

    def edit(layers):
        found, channels = dict(layers), 3
        for number, width in enumerate(convolutions, start=1):
            name = f"conv{number}"
            changes = {"in_channels": channels, "out_channels": width}
            found[name], channels = _conv(layers[name], **changes), width
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


def _always_drops():
    return Apply(partial(F.dropout, training=True))


def _two_groups(groups=2, lrn=False):
    return AlexNet(max(groups, 2), lrn)


def _ungrouped(groups=1, lrn=False):
    return AlexNet(1, lrn)


def _grouped(*names):
    """Return a maker of an AlexNet with these convolutions in groups, and no others."""

    def made(groups=1, lrn=False):
        return edited(AlexNet, _changed(*names, groups=groups))(1, lrn)

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


def _within_channel(x):
    """Local response norm over 5 x 5 neighbours of the same channel."""
    return x * (2 + 1e-4 * F.avg_pool2d(x * x, 5, 1, 2)) ** -0.75


def _scaled_tanh():
    height, slope = PAPER_TANH
    return Apply(lambda x: height * torch.tanh(slope * x))


def _flat(size):
    return nn.Sequential(nn.Flatten(), nn.Linear(size, 120))



# Sentence → the test that charges it, the others in which it shows; what makes it.
LENET5 = {
    "max pooling: LeNet-5 averages": (
        "stages values",
        edited(LeNet5, _all(nn.AvgPool2d, lambda: nn.MaxPool2d(2))),
    ),
    "max pooling after C3: LeNet-5 averages twice": (
        "stages values",
        edited(LeNet5, put(s4=lambda: nn.MaxPool2d(2))),
    ),
    "padding 2 in C1, as for images of 28 x 28: they are 32 x 32 here": (
        "stages sizes values",
        edited(LeNet5, _changed("c1", padding=2), put(c5=partial(_flat, 576))),
    ),
    "padding 2 in C1: that is for images of 28 x 28": (
        "stages",
        edited(LeNet5, _changed("c1", padding=2), put(c5=partial(_flat, 400))),
    ),
    "padding 2 in C3: it has none": (
        "stages sizes values",
        edited(LeNet5, _changed("c3", padding=2), put(c5=partial(_flat, 784))),
    ),
    "no pooling after C3": (
        "stages sizes values",
        edited(LeNet5, without("s4"), put(c5=partial(_flat, 1600))),
    ),
    "no pooling after C3, whose maps stay 10 x 10": (
        "stages",
        edited(LeNet5, without("s4"), put(c5=partial(_flat, 400))),
    ),
    "pooling windows one pixel apart: they are 2 apart": (
        "stages sizes values",
        edited(LeNet5, _all(nn.AvgPool2d, lambda: nn.AvgPool2d(2, 1)), put(c5=partial(_flat, 7744))),
    ),
    "pooling windows of 3 x 3: they are 2 x 2": (
        "stages sizes values",
        edited(LeNet5, _all(nn.AvgPool2d, lambda: nn.AvgPool2d(3, 2)), put(c5=partial(_flat, 256))),
    ),
    "kernels of 3 x 3: LeNet-5 has 5 x 5": (
        "sizes stages values",
        edited(LeNet5, _changed("c1", "c3", kernel_size=3), put(c5=partial(_flat, 576))),
    ),
    "20 and 50 filters, as in Caffe's example: here they are 6 and 16": (
        "sizes stages values",
        edited(
            LeNet5,
            _changed("c1", out_channels=20),
            _changed("c3", in_channels=20, out_channels=50),
            put(c5=partial(_flat, 1250)),
        ),
    ),
    "no F6, the layer of 84": (
        "sizes stages values",
        edited(LeNet5, without("f6", "tanh6"), _linear(output=(120, 10))),
    ),
    "no C5, the layer of 120": (
        "sizes stages values",
        edited(LeNet5, without("c5", "tanh5"), _linear(f6=(400, 84))),
    ),
    "a pooling with a weight and a bias per map, as in the paper": (
        "sizes values",
        edited(
            LeNet5,
            after("s2", coefficients2=partial(Coefficients, 6)),
            after("s4", coefficients4=partial(Coefficients, 16)),
        ),
    ),
    "batch norm, which is younger than LeNet-5": (
        "sizes values",
        edited(
            LeNet5,
            after("c1", norm1=partial(nn.BatchNorm2d, 6)),
            after("c3", norm3=partial(nn.BatchNorm2d, 16)),
        ),
    ),
    "ReLU for tanh": ("values", edited(LeNet5, _all(nn.Tanh, nn.ReLU))),
    "a sigmoid for tanh": ("values", edited(LeNet5, _all(nn.Tanh, nn.Sigmoid))),
    "ReLU for tanh, after C5 and F6": ("values", edited(LeNet5, put(tanh5=nn.ReLU, tanh6=nn.ReLU))),
    "ReLU for tanh, after C1 and C3": ("values", edited(LeNet5, put(tanh1=nn.ReLU, tanh3=nn.ReLU))),
    "tanh as in the paper, 1.7159 tanh(2x / 3): here it is tanh(x)": (
        "values",
        edited(LeNet5, _all(nn.Tanh, _scaled_tanh)),
    ),
    "tanh after the pooling: convolution, tanh, pooling": (
        "values",
        edited(LeNet5, swapped("tanh1", "s2"), swapped("tanh3", "s4")),
    ),
    "a second tanh, after the pooling": (
        "values",
        edited(LeNet5, after("s2", again2=nn.Tanh), after("s4", again4=nn.Tanh)),
    ),
    "no tanh after C1 and C3": ("values", edited(LeNet5, without("tanh1", "tanh3"))),
    "no tanh after C1": ("values", edited(LeNet5, without("tanh1"))),
    "no tanh after C3": ("values", edited(LeNet5, without("tanh3"))),
    "no tanh after C5 and F6": ("values", edited(LeNet5, without("tanh5", "tanh6"))),
    "no tanh after C5": ("values", edited(LeNet5, without("tanh5"))),
    "no tanh after F6": ("values", edited(LeNet5, without("tanh6"))),
    "no activation at all": ("values", edited(LeNet5, _all(nn.Tanh))),
    "tanh on the logits": ("values", edited(LeNet5, after("output", tanh7=nn.Tanh))),
    "softmax: the network returns logits": (
        "values",
        edited(LeNet5, after("output", softmax=partial(nn.Softmax, 1))),
    ),
    "log-softmax: the network returns logits": (
        "values",
        edited(LeNet5, after("output", softmax=partial(nn.LogSoftmax, 1))),
    ),
    "pooling that adds up its window: it takes the mean": (
        "values",
        edited(LeNet5, _all(nn.AvgPool2d, lambda: nn.AvgPool2d(2, divisor_override=1))),
    ),
    "dropout in eval mode too": ("values", edited(LeNet5, after("tanh6", drop=_always_drops))),
}  # fmt: skip

WIDE = "stages values"
ALL = "values groups lrn"
ALEXNET = {
    "average pooling for max pooling": (
        f"stages {ALL}",
        edited(AlexNet, _all(nn.MaxPool2d, lambda: nn.AvgPool2d(3, 2))),
    ),
    "no padding in conv2: its maps are 27 x 27, in and out": (
        "stages",
        edited(AlexNet, _changed("conv2", padding=0)),
    ),
    "no padding in conv3 to conv5: their maps are 13 x 13, in and out": (
        "stages",
        edited(AlexNet, _changed("conv3", "conv4", "conv5", padding=0)),
    ),
    "padding 1 in conv2: a kernel of 5 x 5 takes 2": (
        "stages",
        edited(AlexNet, _changed("conv2", padding=1)),
    ),
    "no pooling after conv5": ("stages", edited(AlexNet, without("pool5"))),
    "no pooling after conv1": ("stages", edited(AlexNet, without("pool1"))),
    "no pooling after conv2": ("stages", edited(AlexNet, without("pool2"))),
    "the filters of torchvision's AlexNet, 64-192-384-256-256": (
        "sizes stages values",
        edited(AlexNet, _widths((64, 192, 384, 256, 256), (9216, 4096, 4096, 1000))),
    ),
    "the filters and padding of torchvision's AlexNet, 64-192-384-256-256": (
        "sizes stages values",
        edited(
            AlexNet,
            _widths((64, 192, 384, 256, 256), (9216, 4096, 4096, 1000)),
            _changed("conv1", padding=2),
        ),
    ),
    "the widths on one of the paper's two GPUs, 48-128-192-192-128 and 2048": (
        "sizes stages values",
        edited(AlexNet, _widths((48, 128, 192, 192, 128), (4608, 2048, 2048, 1000))),
    ),
    "conv5 of 384 filters: it has 256": (
        "sizes stages values",
        edited(AlexNet, _widths((96, 256, 384, 384, 384), (13824, 4096, 4096, 1000))),
    ),
    "conv4 of 256 filters: it has 384": (
        "sizes values",
        edited(AlexNet, _widths((96, 256, 384, 256, 256), (9216, 4096, 4096, 1000))),
    ),
    "10 classes: ImageNet has 1000": (
        "sizes stages values",
        edited(AlexNet, _linear(fc8=(4096, 10))),
    ),
    "one of two linear layers of 4096 alone": (
        "sizes stages values",
        edited(AlexNet, without("fc7", "relu7", "drop7")),
    ),
    "batch norm, which is younger than AlexNet": ("sizes values lrn", edited(AlexNet, _with_norms)),
    "convolutions without biases": (
        "sizes",
        edited(AlexNet, _changed(*(f"conv{n}" for n in range(1, 6)), bias=False)),
    ),
    "two groups where `groups` is 1, or is not given": ("sizes values", _two_groups),
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
        edited(AlexNet, swapped("relu1", "norm1"), swapped("relu2", "norm2")),
    ),
    "LRN after the pooling: convolution, ReLU, LRN, pooling": (
        "lrn",
        edited(AlexNet, swapped("norm1", "pool1"), swapped("norm2", "pool2")),
    ),
    "LRN with k = 1, PyTorch's default: k is 2": ("lrn", edited(AlexNet, _lrn(k=1.0))),
    "alpha not divided by n, as in the paper's formula: here it is": (
        "lrn",
        edited(AlexNet, _lrn(alpha=5e-4)),
    ),
    "alpha divided by n twice: PyTorch divides it": ("lrn", edited(AlexNet, _lrn(alpha=2e-5))),
    "LRN after conv1 alone: conv2 has one too": ("lrn", edited(AlexNet, without("norm2"))),
    "LRN after conv2 alone: conv1 has one too": ("lrn", edited(AlexNet, without("norm1"))),
    "LRN after every convolution: it is after conv1 and conv2": (
        "lrn",
        edited(AlexNet, *(after(f"relu{n}", **{f"norm{n}": response_norm}) for n in (3, 4, 5))),
    ),
    "LRN over 3 channels: over 5": ("lrn", edited(AlexNet, _lrn(size=3))),
    "LRN with beta = 0.5: beta is 0.75": ("lrn", edited(AlexNet, _lrn(beta=0.5))),
    "LRN within each channel: it runs over neighbouring channels": (
        "lrn",
        edited(AlexNet, put(norm1=partial(Apply, _within_channel), norm2=partial(Apply, _within_channel))),
    ),
    "LRN where `lrn` is False, or is not given": ("values groups", _always_lrn),
    "pooling windows of 2 x 2: they are 3 x 3 and overlap": (
        ALL,
        edited(AlexNet, _all(nn.MaxPool2d, lambda: nn.MaxPool2d(2))),
    ),
    "padding 2 in conv1, as for images of 224: for 227 it has none": (
        ALL,
        edited(AlexNet, _changed("conv1", padding=2)),
    ),
    "no ReLU between the linear layers": (ALL, edited(AlexNet, without("relu6", "relu7"))),
    "no ReLU after fc6": (ALL, edited(AlexNet, without("relu6"))),
    "no ReLU after fc7": (ALL, edited(AlexNet, without("relu7"))),
    "no ReLU after conv5": (ALL, edited(AlexNet, without("relu5"))),
    "no ReLU after conv3 and conv4": (ALL, edited(AlexNet, without("relu3", "relu4"))),
    "softmax: the network returns logits": (
        ALL,
        edited(AlexNet, after("fc8", softmax=partial(nn.Softmax, 1))),
    ),
    "log-softmax: the network returns logits": (
        ALL,
        edited(AlexNet, after("fc8", softmax=partial(nn.LogSoftmax, 1))),
    ),
    "ReLU on the logits": (ALL, edited(AlexNet, after("fc8", relu8=nn.ReLU))),
    "tanh for ReLU": (ALL, edited(AlexNet, _all(nn.ReLU, nn.Tanh))),
    "no activation at all": (ALL, edited(AlexNet, _all(nn.ReLU))),
    "dropout in eval mode too": (ALL, edited(AlexNet, _all(nn.Dropout, _always_drops))),
}  # fmt: skip

ZFNET = {
    "average pooling for max pooling": (
        WIDE,
        edited(ZFNet, each(nn.MaxPool2d, lambda la: nn.AvgPool2d(3, 2, la.padding))),
    ),
    "no padding in the first pooling: 110 x 110 become 55 x 55": (
        WIDE,
        edited(ZFNet, put(pool1=lambda: nn.MaxPool2d(3, 2))),
    ),
    "no padding in the first two poolings": (
        "stages",
        edited(ZFNet, put(pool1=lambda: nn.MaxPool2d(3, 2), pool2=lambda: nn.MaxPool2d(3, 2))),
    ),
    "no padding in the second pooling: 26 x 26 become 13 x 13": (
        "stages",
        edited(ZFNet, put(pool2=lambda: nn.MaxPool2d(3, 2))),
    ),
    "padding in the last pooling: 13 x 13 become 6 x 6": (
        "stages",
        edited(ZFNet, put(pool5=lambda: nn.MaxPool2d(3, 2, 1))),
    ),
    "padding 2 in conv2, as in AlexNet: here it has none": (
        WIDE,
        edited(ZFNet, _changed("conv2", padding=2)),
    ),
    "stride 1 in conv2, as in AlexNet: here it is 2": (
        "stages",
        edited(ZFNet, _changed("conv2", stride=1)),
    ),
    "padding 3 in conv1: a padding of 1 gives 110 x 110": (
        WIDE,
        edited(ZFNet, _changed("conv1", padding=3)),
    ),
    "the filters of the paper's main model, 384-384-256: here they are 512-1024-512": (
        "sizes stages values",
        edited(ZFNet, _widths((96, 256, 384, 384, 256), (9216, 4096, 4096, 1000))),
    ),
    "conv4 of 512 filters: it has 1024": (
        "sizes values",
        edited(ZFNet, _widths((96, 256, 512, 512, 512), (18432, 4096, 4096, 1000))),
    ),
    "conv1 as in AlexNet, 11 x 11 with stride 4: here it is 7 x 7 with stride 2": (
        "sizes stages",
        edited(ZFNet, _changed("conv1", kernel_size=11, stride=4)),
    ),
    "conv2 of 3 x 3: it is 5 x 5": ("sizes values", edited(ZFNet, _changed("conv2", kernel_size=3))),
    "one of two linear layers of 4096 alone": (
        "sizes stages values",
        edited(ZFNet, without("fc7", "relu7", "drop7")),
    ),
    "10 classes: ImageNet has 1000": ("sizes stages values", edited(ZFNet, _linear(fc8=(4096, 10)))),
    "batch norm, which is younger than ZFNet": ("sizes values", edited(ZFNet, _with_norms)),
    "convolutions without biases": (
        "sizes",
        edited(ZFNet, _changed(*(f"conv{n}" for n in range(1, 6)), bias=False)),
    ),
    "ceil_mode for padding in the first two poolings": (
        "values",
        edited(
            ZFNet,
            put(
                pool1=lambda: nn.MaxPool2d(3, 2, ceil_mode=True),
                pool2=lambda: nn.MaxPool2d(3, 2, ceil_mode=True),
            ),
        ),
    ),
    "pooling windows of 2 x 2: they are 3 x 3 and overlap": (
        "values",
        edited(ZFNet, _all(nn.MaxPool2d, lambda: nn.MaxPool2d(2))),
    ),
    "no padding in conv1: 224 x 224 become 110 x 110": (
        "values",
        edited(ZFNet, _changed("conv1", padding=0)),
    ),
    "LRN, as in AlexNet: this ZFNet has none": (
        "values",
        edited(ZFNet, after("relu1", norm1=response_norm), after("relu2", norm2=response_norm)),
    ),
    "LRN after the poolings: this ZFNet has none": (
        "values",
        edited(ZFNet, after("pool1", norm1=response_norm), after("pool2", norm2=response_norm)),
    ),
    "no ReLU between the linear layers": ("values", edited(ZFNet, without("relu6", "relu7"))),
    "no ReLU after conv5": ("values", edited(ZFNet, without("relu5"))),
    "no ReLU after conv3 and conv4": ("values", edited(ZFNet, without("relu3", "relu4"))),
    "no ReLU after fc7": ("values", edited(ZFNet, without("relu7"))),
    "softmax: the network returns logits": (
        "values",
        edited(ZFNet, after("fc8", softmax=partial(nn.Softmax, 1))),
    ),
    "ReLU on the logits": ("values", edited(ZFNet, after("fc8", relu8=nn.ReLU))),
    "tanh for ReLU": ("values", edited(ZFNet, _all(nn.ReLU, nn.Tanh))),
    "dropout in eval mode too": ("values", edited(ZFNet, _all(nn.Dropout, _always_drops))),
}  # fmt: skip
