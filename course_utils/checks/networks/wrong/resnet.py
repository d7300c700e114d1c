"""What residual networks look like that are wrong in one way, for naming it and for charging it once.

A fault has the tests in which it shows: the first one charges it, in the others what equals it passes. What a
block of an earlier exercise has wrong is charged there, and nowhere here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong import blocks
from course_utils.checks.networks.wrong.edits import (
    Apply,
    Edit,
    after,
    edited,
    like,
    put,
    subject,
    swapped,
    without,
)
from course_utils.models import BasicBlock, Bottleneck
from course_utils.models import resnet as right
from course_utils.models.early import Named

COUNTS = {
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
CIFAR = (20, 32, 44, 56, 110)
DEEP = (50, 101, 152)  # with bottlenecks


def resnet(test: str) -> Subject:
    """Return the right residual networks, and the wrong ones.

    Parameters
    ----------
    test : str
        ``stages``, ``sizes``, ``values``, ``classes``, ``learns``: which faults this test charges, and names.
    """
    shown = {s: (t.split()[0], m) for s, (t, m) in FAULTS.items() if test in t.split()}
    if test in ("stages", "sizes", "values"):
        shown |= {sentence: ("blocks", make) for sentence, make in _with_faulty_blocks(test)}
    return subject(right, shown, test)


def built(
    depth: int,
    num_classes: int | None = None,
    *,
    basic: Callable = BasicBlock,
    deep: Callable = Bottleneck,
    expansion: int = 4,
    depths: tuple[int, ...] = DEEP,
    counts: dict | None = None,
    strides: tuple[int, int, int] = (1, 2, 1),
    width: int | None = None,
    wide: int = 1,
) -> nn.Module:
    """Return a residual network that may be another one than asked for.

    Parameters
    ----------
    depth, num_classes
        See `course_utils.models.resnet`.
    basic, deep : callable
        What makes its blocks.
    expansion : int
        Channels that are taken to come out of a bottleneck for each of its `channels`.
    depths : tuple of int
        Which networks have bottlenecks.
    counts : dict, optional
        Depth → blocks in each stage, where there are others.
    strides : tuple of int
        Of the first block of all, of the first blocks of later stages, of the other blocks there.
    width : int, optional
        Of the first stage of the CIFAR family.
    wide : int
        A factor of the `channels` of bottlenecks.
    """
    whole = dict(right(depth, num_classes).named_children())
    cifar, is_deep = depth in CIFAR, depth in depths
    first = width if cifar and width else 16 if cifar else 64
    numbers = (counts or {}).get(depth, COUNTS.get(depth) or ((depth - 2) // 6,) * 3)
    channels, layers = first, {}
    for stage, count in enumerate(numbers):
        made = {}
        for number in range(count):
            stride = (
                (strides[2] if number else strides[1]) if stage else (1 if number else strides[0])
            )
            out = (first << stage) * (wide if is_deep else 1)
            made[str(number + 1)] = (deep if is_deep else basic)(channels, out, stride)
            channels = out * (expansion if is_deep else 1)
        layers[f"conv{stage + 2}"] = Named(made)
    if first != 16 and cifar:
        layers = {
            "conv1": nn.Conv2d(3, first, 3, 1, 1, bias=False),
            "bn1": nn.BatchNorm2d(first),
        } | layers
    if channels != whole["fc"].in_features:
        layers["fc"] = nn.Linear(channels, whole["fc"].out_features)
    return Named(whole | layers)


class _Zeros(blocks.Block):
    """A basic block with the paper's shortcut for CIFAR: every other pixel, zeros for the new channels."""

    def __init__(self, in_channels, channels, stride=1, both=False):
        rows = [(in_channels, channels, 3, stride), (channels, channels, 3, 1)]
        super().__init__("never projects", rows, channels, stride)
        new = channels - in_channels
        self.new = (new // 2, new - new // 2) if both else (0, new)

    def shortcut(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, *self.new))


def _where(*names: str, edit: Edit) -> Edit:
    """Edit only networks that have layers of these names."""
    return lambda layers: edit(layers) if all(name in layers for name in names) else layers


def _in(family: str, *edits: Edit) -> Callable:
    """Return a maker of residual networks, of which those of one family are edited."""

    def made(depth, num_classes=None):
        steps = edits if family == ("cifar" if depth in CIFAR else "imagenet") else ()
        return edited(right, *steps)(depth, num_classes)

    return made


def _conv1(**changes) -> Edit:
    """Change arguments of the first convolution."""
    return lambda layers: layers | {"conv1": like(layers["conv1"], **changes)}


def _stem(**changes) -> Callable:
    """Return a maker of residual networks, those for ImageNet with another first convolution."""
    return _in("imagenet", _conv1(**changes))


def _pooled(make) -> Callable:
    return edited(right, _where("pool1", edit=put(pool1=make)))


def _at_the_end(make) -> Callable:
    return edited(right, after("fc", end=make))


def _stem_for_both(depth, num_classes=None):
    """The stem for ImageNet with the widths of CIFAR."""
    layers = dict(right(depth, num_classes).named_children())
    if depth in CIFAR:
        layers["conv1"] = nn.Conv2d(3, 16, 7, stride=2, padding=3, bias=False)
        layers = after("relu1", pool1=lambda: nn.MaxPool2d(3, 2, 1))(layers)
    return Named(layers)


def _flattened(depth, num_classes=None):
    """No mean over the image, which is of the usual size."""
    layers = dict(right(depth, num_classes).named_children())
    side = 8 if depth in CIFAR else 7
    fc = layers["fc"]
    layers["fc"] = nn.Linear(fc.in_features * side**2, fc.out_features)
    return Named(without("pool")(layers))


def _classes(cifar, imagenet):
    """Return a maker that takes these numbers for its own, None for what is passed, 0 for the right default."""

    def made(depth, num_classes=None):
        number = cifar if depth in CIFAR else imagenet
        return right(depth, num_classes if number is None else number or None)

    return made


def _by_default(number):
    return lambda depth, num_classes=None: right(
        depth, number if num_classes is None else num_classes
    )


def _more_blocks(n):
    return partial(built, counts={depth: ((depth - 2) // 6 + n,) * 3 for depth in CIFAR})


def _with_faulty_blocks(test):
    """Yield what is made of wrong blocks, of basic ones, of bottlenecks, of both."""
    for fault in BASIC[test]:
        basic, sentence = partial(blocks.basic_block, fault), blocks.FAULTS[fault][1]
        yield f"basic block: {sentence}", partial(built, basic=basic)
        if fault in BOTH[test]:
            deep = partial(blocks.bottleneck_block, BOTH[test][fault])
            yield f"both blocks: {sentence}", partial(built, basic=basic, deep=deep)
    for fault in DEEPER[test]:
        deep = partial(blocks.bottleneck_block, fault)
        yield f"bottleneck: {blocks.BOTTLENECK[fault][1]}", partial(built, deep=deep)


# Test → the likely faults of blocks that show in it, but for those that stop every network.
PLAIN = "biases", "no second norm", "always projects", "bare projection", "zero padding"
WORDS = "rectified branch", "not rectified", "no ReLU between", "norm after ReLU", "pre-activation"
BASIC = {
    "stages": ("zero padding",),
    "sizes": (*PLAIN, "wide projection", "no shortcut"),
    "values": (
        *PLAIN, *WORDS, "no shortcut", "rectified twice", "early addition", "late stride",
        "rectified projection", "no statistics",
    ),
}  # fmt: skip
# Those that are likely in both at once, by their names in a basic block and in a bottleneck.
BOTH = {
    "stages": {},
    "sizes": {name: name for name in PLAIN} | {"no second norm": "no last norm"},
    "values": {name: name for name in (*WORDS, "no statistics")},
}
DEEPER = {  # dear: what is of ResNet-20 and ResNet-18 is right in them
    "stages": (),
    # None that raises: such errors are alike.
    "sizes": ("biases", "bare projection", "no shortcut"),
    "values": ("early stride", "no shortcut", "no statistics"),
}

# Sentence → the test that charges it, the others in which it shows; what makes it.
FAULTS = {
    "no pooling after conv1": ("stages values", edited(right, _where("pool1", edit=without("pool1")))),
    "no padding in the pooling after conv1, or in conv1: 224, 112, 56": (
        "stages values", _pooled(lambda: nn.MaxPool2d(3, 2)),
    ),
    "pooling after conv1 in the CIFAR family: it has none": (
        "stages values", _in("cifar", after("relu1", pool1=lambda: nn.MaxPool2d(3, 2, 1))),
    ),
    "stride 1 in conv1: it is 2": ("stages values", _stem(stride=1)),
    "no padding in conv1: 224 x 224 become 112 x 112": ("stages values", _stem(padding=0)),
    "stride 1 in all blocks: the first of each later stage has 2": (
        "stages values", partial(built, strides=(1, 1, 1)),
    ),
    "stride 2 in the first stage: it begins with the second": (
        "sizes stages values", partial(built, strides=(2, 2, 1)),
    ),
    "stride 2 in every block of a stage: the first alone has it": (
        "sizes stages values", partial(built, strides=(1, 2, 2)),
    ),
    "the first convolution and pooling of ImageNet for CIFAR too": ("sizes stages values", _stem_for_both),
    "64 channels at first in the CIFAR family: they are 16": (
        "sizes stages values", partial(built, width=64),
    ),
    "one block more in each stage of the CIFAR family: (depth - 2) / 6": (
        "sizes stages values", _more_blocks(1),
    ),
    "one block less in each stage of the CIFAR family: (depth - 2) / 6": (
        "sizes stages values", _more_blocks(-1),
    ),
    "shortcuts of zeros, as in the paper for CIFAR: here they are projections": (
        "sizes values", lambda d, n=None: built(d, n, basic=_Zeros if d in CIFAR else BasicBlock),
    ),
    "zeros on both sides of a shortcut: here it is a projection": (
        "sizes values",
        lambda d, n=None: built(d, n, basic=partial(_Zeros, both=True) if d in CIFAR else BasicBlock),
    ),
    "1000 classes in the CIFAR family: 10, if nothing is said": (
        "sizes stages values", _by_default(1000),
    ),
    "10 classes everywhere: 1000 for ImageNet, if nothing is said": (
        "sizes stages values", _by_default(10),
    ),
    "no norm after conv1": ("sizes values", edited(right, without("bn1"))),
    "no mean over each map before the linear layer": ("sizes stages values", _flattened),
    "a bias in conv1": ("sizes", edited(right, _conv1(bias=True))),
    "basic blocks in ResNet-50 and deeper": ("sizes stages values", partial(built, depths=())),
    "bottlenecks in ResNet-34: from ResNet-50 on": ("sizes", partial(built, depths=(34, *DEEP))),
    "22 blocks in the third stage of ResNet-101: 23": (
        "sizes", partial(built, counts={101: (3, 4, 22, 3)}),
    ),
    "4 blocks in the second stage of ResNet-152: 8": (
        "sizes", partial(built, counts={152: (3, 4, 36, 3)}),
    ),
    "bottlenecks in the deeper of the CIFAR family": ("sizes values", partial(built, depths=(*DEEP, 56, 110))),
    "bottlenecks of four times the width: they widen by themselves": (
        "sizes stages values", partial(built, wide=4),
    ),
    "a layer for `channels` behind a bottleneck: four times as many come out": (
        "sizes stages values", partial(built, expansion=1),
    ),
    "no ReLU after the first norm": ("values", edited(right, without("relu1"))),
    "no ReLU after the first norm in the CIFAR family": (
        "values", _in("cifar", without("relu1")),
    ),
    "the norm after the ReLU in conv1": ("values", edited(right, swapped("bn1", "relu1"))),
    "softmax: the network returns logits": ("values", _at_the_end(partial(nn.Softmax, 1))),
    "log-softmax: the network returns logits": ("values", _at_the_end(partial(nn.LogSoftmax, 1))),
    "ReLU on the logits": ("values", _at_the_end(nn.ReLU)),
    "the sum over each map: it is the mean": (
        "values", edited(right, put(pool=lambda: Apply(lambda x: x.sum((2, 3))))),
    ),
    "the mean over 7 x 7 in the CIFAR family: its last maps are 8 x 8": (
        "values", _in("cifar", put(pool=lambda: nn.AvgPool2d(7))),
    ),
    "the greatest value of each map at the end: it is the mean": (
        "values", edited(right, put(pool=lambda: nn.AdaptiveMaxPool2d(1))),
    ),
    "average pooling after conv1: it is max pooling": (
        "values", _pooled(lambda: nn.AvgPool2d(3, 2, 1)),
    ),
    "the blocks of ResNet-34 in ResNet-18: two in each stage": (
        "values", partial(built, counts={18: COUNTS[34]}),
    ),
    "pooling windows of 2 x 2: they are 3 x 3 and overlap": (
        "values", _pooled(lambda: nn.MaxPool2d(2)),
    ),
    "ceil_mode for padding in the first pooling": (
        "values", _pooled(lambda: nn.MaxPool2d(3, 2, ceil_mode=True)),
    ),
    "padding 2 in conv1: a kernel of 7 x 7 takes 3": ("values", _stem(padding=2)),
    "`num_classes` is not used": ("classes", _classes(0, 0)),
    "`num_classes` is not used in the CIFAR family": ("classes", _classes(0, None)),
    "`num_classes` is not used in networks for ImageNet": ("classes", _classes(None, 0)),
}  # fmt: skip
