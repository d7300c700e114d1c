"""What AlphaGo's policy network looks like that is wrong in one way, for naming it and for charging it once.

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
    changed,
    edited,
    like,
    put,
    subject_in,
    swapped,
    without,
)
from course_utils.models import AlphaGoPolicy


def alphago(test: str) -> Subject:
    """Return the right policy network, and the wrong ones.

    Parameters
    ----------
    test : str
        ``sizes``, ``values``, ``probabilities``: which faults this test charges, and names.
    """
    return subject_in(AlphaGoPolicy, FAULTS, test)


class Bias(nn.Module):
    """A bias of some shape."""

    def __init__(self, *shape):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return x + self.bias


class Transposed(Bias):
    """A bias for each point, on the board with its rows for columns."""

    def forward(self, x):
        return super().forward(x.transpose(2, 3))


def _made(edit, *more):
    return edited(AlphaGoPolicy, edit, *more)


def _own_bias(layers):
    return layers | {"conv13": like(layers["conv13"], bias=True)}


def _softmax(dim):
    return put(softmax=partial(nn.Softmax, dim))


def _put(function):
    """Put a function in the place of the softmax."""
    return put(softmax=partial(Apply, function))


def _also(number):
    """Put one more hidden layer behind another."""

    def edit(layers):
        conv = layers[f"conv{number}"]
        return after(f"relu{number}", more=lambda: like(conv), relu=nn.ReLU)(layers)

    return edit


HIDDEN = tuple(f"conv{n}" for n in range(1, 13))
RELUS = tuple(f"relu{n}" for n in range(1, 13))
POINTS = partial(Bias, 361)
BOARD = "probabilities values"

# Sentence → the test that charges it, the others in which it shows; what makes it.
FAULTS = {
    "one bias in the 1 x 1 layer: each of the 361 points has its own": (
        "sizes values",
        _made(_own_bias),
    ),
    "no bias for each point": ("sizes", _made(without("bias13"))),
    "a bias for each row, or column, of the board: each point has its own": (
        "sizes values",
        _made(put(bias13=partial(Bias, 19, 1))),
    ),
    "a bias for each column of the board: each point has its own": (
        "sizes values",
        _made(put(bias13=partial(Bias, 19))),
    ),
    "ten layers of 3 x 3: there are eleven": ("sizes values", _made(without("conv12", "relu12"))),
    "twelve layers of 3 x 3: there are eleven": ("sizes values", _made(_also(12))),
    "3 x 3 in the first layer: it is 5 x 5": (
        "sizes values",
        _made(changed("conv1", kernel_size=3, padding=1)),
    ),
    "5 x 5 in all layers: in the first alone": (
        "sizes values",
        _made(changed(*HIDDEN[1:], kernel_size=5, padding=2)),
    ),
    "3 x 3 in the last layer: it is 1 x 1": (
        "sizes values",
        _made(changed("conv13", kernel_size=3, padding=1)),
    ),
    "too little padding: each layer keeps the board at 19 x 19": (
        "sizes",
        _made(changed(*HIDDEN, padding=0)),
    ),
    "convolutions without biases": ("sizes", _made(changed(*HIDDEN, bias=False))),
    "batch norm, which this network does not have": (
        "sizes values",
        lambda k: _made(
            *(after(c, **{f"norm_{c}": partial(nn.BatchNorm2d, k)}) for c in HIDDEN)
        )(k),
    ),
    "no ReLU after the first layer": ("values", _made(without("relu1"))),
    "no ReLU before the 1 x 1 layer": ("values", _made(without("relu12"))),
    "no ReLU between the layers of 3 x 3": ("values", _made(without(*RELUS[1:11]))),
    "no ReLU after the layers of 3 x 3": ("values", _made(without(*RELUS[1:]))),
    "no activation at all": ("values", _made(without(*RELUS))),
    "a ReLU before the softmax": ("values", _made(after("bias13", relu13=nn.ReLU))),
    "a ReLU after the 1 x 1 layer, before the biases": (
        "values",
        _made(after("conv13", relu13=nn.ReLU)),
    ),
    "tanh for ReLU": ("values", _made(all_of(nn.ReLU, nn.Tanh))),
    "leaky ReLU for ReLU": ("values", _made(all_of(nn.ReLU, nn.LeakyReLU))),
    "two softmaxes, one after the other": ("values", _made(after("softmax", again=partial(nn.Softmax, 1)))),
    "points numbered down the columns: (i, j) is 19 i + j": (
        "values",
        _made(put(bias13=partial(Transposed, 19, 19))),
    ),
    "softmin: softmax of the negative scores": (
        "values",
        _made(put(softmax=partial(nn.Softmin, 1))),
    ),
    "scores: the network returns probabilities": (BOARD, _made(without("softmax"))),
    "log-softmax: the network returns probabilities": (
        BOARD,
        _made(put(softmax=partial(nn.LogSoftmax, 1))),
    ),
    "a sigmoid for each point: the probabilities add up to 1": (
        BOARD,
        _made(put(softmax=nn.Sigmoid)),
    ),
    "exp without dividing by the sum": (BOARD, _made(_put(torch.exp))),
    "exp divided by the sum over all images: each has its own": (
        BOARD,
        _made(_put(lambda x: torch.softmax(x.flatten(), 0).view_as(x))),
    ),
    "softmax over the images, dim=0: over the points": (BOARD, _made(_softmax(0))),
    "softmax over the one channel of (N, 1, 19, 19): over the points": (
        BOARD,
        _made(_softmax(1), swapped("flatten", "softmax")),
    ),
    "softmax over each row of the board: over all points": (
        BOARD,
        _made(_softmax(3), swapped("flatten", "softmax")),
    ),
    "softmax over each column of the board: over all points": (
        BOARD,
        _made(_softmax(2), swapped("flatten", "softmax")),
    ),
    "the biases after the softmax: before it": (
        BOARD,
        _made(without("bias13"), after("softmax", bias=POINTS)),
    ),
    "scores that are normalised without exp": (
        BOARD,
        _made(_put(lambda x: x / x.sum(dim=1, keepdim=True))),
    ),
    "a board of (19, 19): the network returns (N, 361)": (
        BOARD,
        _made(after("softmax", board=partial(nn.Unflatten, 1, (19, 19)))),
    ),
    "a board of (1, 19, 19): the network returns (N, 361)": (
        BOARD,
        _made(after("softmax", board=partial(nn.Unflatten, 1, (1, 19, 19)))),
    ),
}  # fmt: skip
