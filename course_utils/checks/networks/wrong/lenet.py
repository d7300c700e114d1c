"""What LeNet-5 looks like that is wrong in one way, for naming it and for charging it once."""

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
    edited,
    linear,
    put,
    subject_in,
    swapped,
    without,
)
from course_utils.models.early import LeNet5

PAPER_TANH = 1.7159, 2 / 3  # amplitude and slope in the paper


def lenet5(test: str) -> Subject:
    """Return the right LeNet-5, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``, ``learns``: which faults this test charges, and names.
    """
    return subject_in(LeNet5, FAULTS, test)


class Coefficients(nn.Module):
    """A weight and a bias for each channel."""

    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels, 1, 1))
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x):
        return x * self.weight + self.bias


def _scaled_tanh():
    height, slope = PAPER_TANH
    return Apply(lambda x: height * torch.tanh(slope * x))


def _made(edit, *more):
    return edited(LeNet5, edit, *more)


def _flat(size, start=1):
    return nn.Sequential(nn.Flatten(start), nn.Linear(size, 120))


# Sentence → the test that charges it, the others in which it shows; what makes it.
FAULTS = {
    "max pooling: LeNet-5 averages": (
        "stages values",
        _made(all_of(nn.AvgPool2d, lambda: nn.MaxPool2d(2))),
    ),
    "one average pooling: LeNet-5 has two, after C1 and C3": (
        "stages sizes values",
        _made(without("s4"), put(c5=partial(_flat, 1600))),
    ),
    "max pooling after C3: LeNet-5 averages twice": (
        "stages values",
        _made(put(s4=lambda: nn.MaxPool2d(2))),
    ),
    "padding 2 in C1, as for images of 28 x 28: they are 32 x 32 here": (
        "stages sizes values",
        _made(changed("c1", padding=2), put(c5=partial(_flat, 576))),
    ),
    "padding 2 in C1: that is for images of 28 x 28": (
        "stages",
        _made(changed("c1", padding=2), put(c5=partial(_flat, 400))),
    ),
    "padding 2 in C3: it has none": (
        "stages sizes values",
        _made(changed("c3", padding=2), put(c5=partial(_flat, 784))),
    ),
    "no pooling after C3, whose maps stay 10 x 10": (
        "stages",
        _made(without("s4"), put(c5=partial(_flat, 400))),
    ),
    "no flattening before the linear layers": (
        "stages",
        _made(without("flatten"), put(c5=partial(nn.Linear, 400, 120))),
    ),
    "flattening the images of a batch into one row: flatten(1) keeps them apart": (
        "stages",
        _made(without("flatten"), put(c5=partial(_flat, 400, 0))),
    ),
    "pooling windows one pixel apart: they are 2 apart": (
        "stages sizes values",
        _made(all_of(nn.AvgPool2d, lambda: nn.AvgPool2d(2, 1)), put(c5=partial(_flat, 7744))),
    ),
    "pooling windows of 3 x 3: they are 2 x 2": (
        "stages sizes values",
        _made(all_of(nn.AvgPool2d, lambda: nn.AvgPool2d(3, 2)), put(c5=partial(_flat, 256))),
    ),
    "kernels of 3 x 3: LeNet-5 has 5 x 5": (
        "sizes stages values",
        _made(changed("c1", "c3", kernel_size=3), put(c5=partial(_flat, 576))),
    ),
    "20 and 50 filters, as in Caffe's example: here they are 6 and 16": (
        "sizes stages values",
        _made(
            changed("c1", out_channels=20),
            changed("c3", in_channels=20, out_channels=50),
            put(c5=partial(_flat, 1250)),
        ),
    ),
    "no F6, the layer of 84": (
        "sizes stages values",
        _made(without("f6", "tanh6"), linear(output=(120, 10))),
    ),
    "no C5, the layer of 120": (
        "sizes stages values",
        _made(without("c5", "tanh5"), linear(f6=(400, 84))),
    ),
    "convolutions without biases": ("sizes", _made(changed("c1", "c3", bias=False))),
    "a weight and a bias per map, of a norm or, as in the paper, of the poolings": (
        "sizes values",
        _made(
            after("s2", coefficients2=partial(Coefficients, 6)),
            after("s4", coefficients4=partial(Coefficients, 16)),
        ),
    ),
    "batch norm, which is younger than LeNet-5": (
        "sizes values",
        _made(
            after("c1", norm1=partial(nn.BatchNorm2d, 6)),
            after("c3", norm3=partial(nn.BatchNorm2d, 16)),
        ),
    ),
    "ReLU for tanh": ("values", _made(all_of(nn.Tanh, nn.ReLU))),
    "a sigmoid for tanh": ("values", _made(all_of(nn.Tanh, nn.Sigmoid))),
    "ReLU for tanh, after C5 and F6": ("values", _made(put(tanh5=nn.ReLU, tanh6=nn.ReLU))),
    "ReLU for tanh, after C1 and C3": ("values", _made(put(tanh1=nn.ReLU, tanh3=nn.ReLU))),
    "tanh as in the paper, 1.7159 tanh(2x / 3): here it is tanh(x)": (
        "values",
        _made(all_of(nn.Tanh, _scaled_tanh)),
    ),
    "tanh after the pooling: convolution, tanh, pooling": (
        "values",
        _made(swapped("tanh1", "s2"), swapped("tanh3", "s4")),
    ),
    "a second tanh, after the pooling": (
        "values",
        _made(after("s2", again2=nn.Tanh), after("s4", again4=nn.Tanh)),
    ),
    "no tanh after C1 and C3": ("values", _made(without("tanh1", "tanh3"))),
    "no tanh after C1": ("values", _made(without("tanh1"))),
    "no tanh after C3": ("values", _made(without("tanh3"))),
    "no tanh after C5 and F6": ("values", _made(without("tanh5", "tanh6"))),
    "no tanh after C5": ("values", _made(without("tanh5"))),
    "no tanh after F6": ("values", _made(without("tanh6"))),
    "no activation at all": ("values", _made(all_of(nn.Tanh))),
    "tanh on the logits": ("values", _made(after("output", tanh7=nn.Tanh))),
    "softmax: the network returns logits": (
        "values",
        _made(after("output", softmax=partial(nn.Softmax, 1))),
    ),
    "log-softmax: the network returns logits": (
        "values",
        _made(after("output", softmax=partial(nn.LogSoftmax, 1))),
    ),
    "pooling that adds up its window: it takes the mean": (
        "values",
        _made(all_of(nn.AvgPool2d, lambda: nn.AvgPool2d(2, divisor_override=1))),
    ),
    "dropout in eval mode too": ("values", _made(after("tanh6", drop=always_drops))),
}  # fmt: skip
