"""What inception modules look like that are wrong in one way, for naming it and for charging it once.

A fault has the tests in which it shows: the first one charges it, in the others what equals it passes.
"""

from __future__ import annotations

from functools import partial
from itertools import permutations

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import subject_in
from course_utils.models.googlenet import Inception

ORDER = "1x1", "3x3", "5x5", "pool"


def inception(test: str) -> Subject:
    """Return the right inception module, and the wrong ones.

    Parameters
    ----------
    test : str
        ``shapes``, ``sizes``, ``values``, ``learns``: which faults this test charges, and names.
    """
    return subject_in(Inception, INCEPTION, test)


class Branches(nn.Module):
    """An inception module in parts that can be put in other places.

    Parameters
    ----------
    in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj : int
        As for the right one.
    order : tuple of str
        In which branches are joined.
    dim : int
        Along which axis.
    inner, outer : callable
        Activations after a reduction, and after the last convolution of a branch.
    bare : tuple of str
        Branches whose last convolution has no activation.
    pool : callable
        What is done in the fourth branch.
    late_pool : bool
        Whether that comes after the projection.
    five : int or callable
        Size of the third branch's kernels, or what makes its last layer of two numbers of channels.
    reduced, projected : bool
        Whether there are 1 x 1 convolutions before the larger ones, and after the pooling.
    in_row : bool
        Whether each branch gets what comes out of the one before.
    padding : tuple of int
        Of the 3 x 3 and the 5 x 5 convolutions.
    conv : callable
        Makes a convolution.
    """

    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj, *,
                 order=ORDER, dim=1, inner=F.relu, outer=F.relu, bare=(), pool=None, late_pool=False,
                 five=5, reduced=True, projected=True, in_row=False, padding=(1, None),
                 conv=nn.Conv2d):  # fmt: skip
        super().__init__()
        self.order, self.dim, self.inner, self.outer, self.bare = order, dim, inner, outer, bare
        self.pool, self.late_pool, self.in_row = pool or pool3, late_pool, in_row
        into = [in_channels] * 4
        if in_row:
            into[1:] = n1x1, n3x3, n5x5
        self.one = conv(into[0], n1x1, 1)
        self.three_reduce = conv(into[1], n3x3_reduce, 1) if reduced else None
        self.three = conv(n3x3_reduce if reduced else into[1], n3x3, 3, padding=padding[0])
        self.five_reduce = conv(into[2], n5x5_reduce, 1) if reduced else None
        narrow = n5x5_reduce if reduced else into[2]
        if callable(five):
            self.five = five(narrow, n5x5)
        else:
            wide = five // 2 if padding[1] is None else padding[1]
            self.five = conv(narrow, n5x5, five, padding=wide)
        self.project = conv(into[3], pool_proj, 1) if projected else None

    def forward(self, x):
        joined = {}
        for name, run in zip(
            ORDER, (self._one, self._three, self._five, self._pooled), strict=True
        ):
            out = run(x)
            joined[name] = out if name in self.bare else self.outer(out)
            x = joined[name] if self.in_row else x
        return torch.cat([joined[name] for name in self.order], self.dim)

    def _one(self, x):
        return self.one(x)

    def _three(self, x):
        return self.three(self.inner(self.three_reduce(x)) if self.three_reduce else x)

    def _five(self, x):
        return self.five(self.inner(self.five_reduce(x)) if self.five_reduce else x)

    def _pooled(self, x):
        if self.project is None:
            return self.pool(x)
        return self.pool(self.project(x)) if self.late_pool else self.project(self.pool(x))


def pool3(x):
    return F.max_pool2d(x, 3, 1, 1)


def same(x):
    return x


def _two_threes(into, out):
    return nn.Sequential(
        nn.Conv2d(into, out, 3, padding=1), nn.ReLU(), nn.Conv2d(out, out, 3, padding=1)
    )


def _padded_with_zeros(x):
    return F.max_pool2d(F.pad(x, (1, 1, 1, 1)), 3, 1)


class NormedConv(nn.Module):
    """A convolution and a batch norm."""

    def __init__(self, into, out, size, padding=0, bias=True, eps=1e-5):
        super().__init__()
        self.conv = nn.Conv2d(into, out, size, padding=padding, bias=bias)
        self.norm = nn.BatchNorm2d(out, eps)

    def forward(self, x):
        return self.norm(self.conv(x))


def _module(**changes):
    return partial(Branches, **changes)


def _mixed(order):
    """Return a maker of modules whose arguments are read in another order: numbers of places."""

    def made(in_channels, *widths):
        return Inception(in_channels, *(widths[n] for n in order))

    return made


def _orders():
    """Return the wrong orders of branches, the likely ones first."""
    for order in sorted(permutations(ORDER), key=lambda o: o.index("pool") % 3):
        if order != ORDER:
            said = f"joined as {', '.join(order)}: the order is {', '.join(ORDER)}"
            yield said, ("values sizes", _module(order=order))


BARE_CONV = partial(nn.Conv2d, bias=False)
NEAR = "shapes sizes values"
# Sentence → the test that charges it, the others in which it shows; what makes it.
INCEPTION = {
    "average pooling: the fourth branch takes the maximum": (
        "values",
        _module(pool=lambda x: F.avg_pool2d(x, 3, 1, 1)),
    ),
    "average pooling without the padding: the maximum is taken": (
        "values",
        _module(
            pool=partial(F.avg_pool2d, kernel_size=3, stride=1, padding=1, count_include_pad=False)
        ),
    ),
    "no pooling in the fourth branch": ("values", _module(pool=same)),
    "no padding in the 3 x 3 convolution: it is 1": (NEAR, _module(padding=(0, None))),
    "no padding in the 5 x 5 convolution: it is 2": (NEAR, _module(padding=(1, 0))),
    "padding 1 in the 5 x 5 convolution: it is 2": (NEAR, _module(padding=(1, 1))),
    "a pooling without padding: 3 x 3, stride 1, padding 1": (
        NEAR,
        _module(pool=lambda x: F.max_pool2d(x, 3, 1)),
    ),
    "a pooling of stride 3, PyTorch's default: its stride is 1": (
        NEAR,
        _module(pool=lambda x: F.max_pool2d(x, 3, padding=1)),
    ),
    "a pooling of stride 2: its stride is 1": (
        NEAR,
        _module(pool=lambda x: F.max_pool2d(x, 3, 2, 1)),
    ),
    "branches joined along the batch: it is along the channels": (NEAR, _module(dim=0)),
    "no projection behind the pooling": (NEAR, _module(projected=False, bare=("pool",))),
    "no 1 x 1 reductions before the larger convolutions": (
        "sizes values",
        _module(reduced=False),
    ),
    "the naive module: no reductions, no projection": (
        NEAR,
        _module(reduced=False, projected=False, bare=("pool",)),
    ),
    "kernels of 3 x 3 in the third branch: they are 5 x 5": ("sizes values", _module(five=3)),
    "convolutions without biases": ("sizes", _module(conv=BARE_CONV)),
    "batch norm, which is younger than this module": ("sizes values", _module(conv=NormedConv)),
    "batch norm, and convolutions without biases": (
        "sizes values",
        _module(conv=partial(NormedConv, bias=False)),
    ),
    "batch norm with eps = 0.001, and convolutions without biases": (
        "sizes values",
        _module(conv=partial(NormedConv, bias=False, eps=1e-3)),
    ),
    "two 3 x 3 convolutions in the third branch: it is one of 5 x 5": (
        "sizes values",
        _module(five=_two_threes),
    ),
    "each branch behind the one before: all four get x": ("sizes values", _module(in_row=True)),
    "the widths of the two reductions exchanged": ("sizes values", _mixed((0, 3, 2, 1, 4, 5))),
    "n3x3 and n5x5 exchanged": ("sizes values", _mixed((0, 1, 4, 3, 2, 5))),
    "n3x3_reduce and n3x3, n5x5_reduce and n5x5 exchanged": (NEAR, _mixed((0, 2, 1, 4, 3, 5))),
    "the 3 x 3 and the 5 x 5 widths exchanged": ("sizes values", _mixed((0, 3, 4, 1, 2, 5))),
    "n1x1 and pool_proj exchanged": ("sizes values", _mixed((5, 1, 2, 3, 4, 0))),
    "no ReLU after the reductions": ("values", _module(inner=same)),
    "no ReLU before the branches are joined": ("values", _module(outer=same)),
    "no ReLU at all": ("values", _module(inner=same, outer=same)),
    "no ReLU in the 1 x 1 branch": ("values", _module(bare=("1x1",))),
    "no ReLU in the pooling branch": ("values", _module(bare=("pool",))),
    "no ReLU in the 1 x 1 and the pooling branch": ("values", _module(bare=("1x1", "pool"))),
    "no ReLU after the 3 x 3 and the 5 x 5 convolution": ("values", _module(bare=("3x3", "5x5"))),
    "the pooling after the projection: it comes before": ("values", _module(late_pool=True)),
    "max pooling padded with zeros: what is padded never is the maximum": (
        "values",
        _module(pool=_padded_with_zeros),
    ),
    "a pooling of 5 x 5: it is 3 x 3": (
        "values",
        _module(pool=lambda x: F.max_pool2d(x, 5, 1, 2)),
    ),
    "relu(x) for x, before the branches": (
        "values",
        lambda *widths: nn.Sequential(nn.ReLU(), Inception(*widths)),
    ),
    "leaky ReLU for ReLU": ("values", _module(inner=F.leaky_relu, outer=F.leaky_relu)),
    "tanh for ReLU": ("values", _module(inner=torch.tanh, outer=torch.tanh)),
    "a sigmoid for ReLU": ("values", _module(inner=torch.sigmoid, outer=torch.sigmoid)),
    "GELU for ReLU": ("values", _module(inner=F.gelu, outer=F.gelu)),
    **dict(_orders()),
}
