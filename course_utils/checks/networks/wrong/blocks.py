"""What residual blocks look like that are wrong in one way, for naming it and for charging it once."""

from __future__ import annotations

from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import subject
from course_utils.models import BasicBlock, Bottleneck

# fault → which test charges it, and the sentence that names it. Of both blocks:
COMMON = {
    "biases": ("sizes", "convolutions with biases: the norm after each takes them out again"),
    "concatenation": ("sizes", "concatenating the input and the branch: they are added"),
    "always projects": ("sizes", "a projection where the shape stays: the shortcut is x itself there"),
    "projects for strides": ("sizes", "a projection for a stride only: other channels need one too"),
    "projects for channels": ("sizes", "a projection for other channels only: a stride needs one too"),
    "bare projection": ("sizes", "a projection without a batch norm"),
    "wide projection": ("sizes", "a projection of 3 x 3: it is 1 x 1"),
    "zero padding": ("sizes", "pooling and zero channels for a shortcut: here it is a projection"),
    "no shortcut": ("values", "no shortcut: the input is not added"),
    "rectified branch": ("values", "the ReLU before the addition: it comes after it"),
    "rectified twice": ("values", "a ReLU on the branch, before the addition: one after it is enough"),
    "not rectified": ("values", "no ReLU after the addition"),
    "rectified shortcut": ("values", "adding relu(x): the shortcut is x itself"),
    "rectified input": ("values", "relu(x) for x, in both paths"),
    "no ReLU between": ("values", "no ReLU between the convolutions"),
    "norm after ReLU": ("values", "the norm after the ReLU: convolution, norm, ReLU"),
    "pre-activation": ("values", "norm and ReLU before each convolution, as in later residual networks"),
}  # fmt: skip
FAULTS = COMMON | {
    "no second norm": ("sizes", "no batch norm after the second convolution"),
    "no padding": ("sizes", "no padding in the second convolution"),
    "stride twice": ("sizes", "the stride in both convolutions: the first one alone has it"),
    "late shortcut": ("values", "a shortcut from the first ReLU: it starts at the input"),
    "early addition": ("values", "adding the input before the second norm"),
    "never projects": ("projection", "no projection where the shape changes"),
    "late stride": ("projection", "the stride in the second convolution: the first one has it"),
    "rectified projection": ("projection", "a ReLU in the projection"),
    "eval norms": ("train", "norms that use their running statistics while they train"),
    "train norms": ("train", "norms that use the batch's statistics in eval mode too"),
    "no statistics": ("train", "norms that keep no running statistics"),
}  # fmt: skip
# A ReLU in each unit of convolution and norm: where the shape stays, like "rectified twice".
UNITS = "a ReLU after every norm: none before the addition, none in the projection"
BOTTLENECK = COMMON | {
    "not expanded": ("sizes", "`channels` come out: the last 1 x 1 gives four times as many"),
    "channels out": ("sizes", "`channels` for the output's: they are a quarter of it"),
    "a quarter of x": ("sizes", "in_channels / 4 in the 3 x 3: it has `channels`"),
    "two of 3 x 3": ("sizes", "two convolutions of 3 x 3: here 1 x 1, 3 x 3, 1 x 1"),
    "all of 3 x 3": ("sizes", "three convolutions of 3 x 3: here 1 x 1, 3 x 3, 1 x 1"),
    "early expansion": ("sizes", "four times as many channels out of the 3 x 3: the last 1 x 1 does that"),
    "3 x 3 first": ("sizes", "the 3 x 3 first: it stands between the two 1 x 1"),
    "depthwise": ("sizes", "a 3 x 3 for each channel alone: it sees all of them"),
    "no last norm": ("sizes", "no batch norm after the third convolution"),
    "no padding": ("sizes", "no padding in the 3 x 3 convolution"),
    "padding everywhere": ("sizes", "padding 1 in the 1 x 1 convolutions: only the 3 x 3 has it"),
    "stride twice": ("sizes", "the stride in two convolutions: the 3 x 3 alone has it"),
    "compares channels": ("sizes", "a projection where the shape stays: 4 * channels are compared"),
    "early addition": ("values", "adding the input before the third norm"),
    "no first ReLU": ("values", "no ReLU after the first norm"),
    "no second ReLU": ("values", "no ReLU after the second norm"),
    "never projects": ("stride", "no projection where the shape changes"),
    "early stride": ("stride", "the stride in the first 1 x 1, as in the paper: here the 3 x 3 has it"),
    "pooled projection": ("stride", "average pooling for the stride of the projection: it steps itself"),
    "rectified projection": ("stride", "a ReLU in the projection"),
    "eval norms": ("learns", "norms that use their running statistics while they train"),
    "train norms": ("learns", "norms that use the batch's statistics in eval mode too"),
    "no statistics": ("learns", "norms that keep no running statistics"),
}  # fmt: skip


def basic(test: str) -> Subject:
    """Return the right basic block, and the wrong ones.

    Parameters
    ----------
    test : str
        ``sizes``, ``values``, ``projection``, ``train``: which faults this test charges, and names; the others
        are charged elsewhere.
    """
    return subject(BasicBlock, _named(FAULTS, basic_block), test)


def bottleneck(test: str) -> Subject:
    """Return the right bottleneck, and the wrong ones.

    Parameters
    ----------
    test : str
        ``sizes``, ``values``, ``stride``, ``learns``, as for `basic`.
    """
    return subject(Bottleneck, _named(BOTTLENECK, bottleneck_block), test)


def _named(faults, make):
    faults = faults | {"rectified units": ("values", UNITS)}
    return {sentence: (test, partial(make, f)) for f, (test, sentence) in faults.items()}


def basic_block(fault: str, in_channels: int, channels: int, stride: int = 1) -> nn.Module:
    """Return a basic block with one fault, '' for none."""
    steps = {"late stride": (1, stride), "stride twice": (stride, stride)}
    first, second = steps.get(fault, (stride, 1))
    rows = [(in_channels, channels, 3, first), (channels, channels, 3, second)]
    return Block(fault, rows, channels, stride)


def bottleneck_block(fault: str, in_channels: int, channels: int, stride: int = 1) -> nn.Module:
    """Return a bottleneck with one fault, '' for none."""
    narrow = {"channels out": max(channels // 4, 1), "a quarter of x": in_channels // 4}
    inner, out = narrow.get(fault, channels), 4 * channels
    out = channels if fault in ("not expanded", "channels out") else out
    widths = [in_channels, inner, out if fault == "early expansion" else inner, out]
    sizes = {"all of 3 x 3": (3, 3, 3), "3 x 3 first": (3, 1, 1)}.get(fault, (1, 3, 1))
    steps = {
        "early stride": (stride, 1, 1),
        "stride twice": (stride, stride, 1),
        "3 x 3 first": (stride, 1, 1),
    }.get(fault, (1, stride, 1))
    rows = list(zip(widths, widths[1:], sizes, steps, strict=False))
    if fault == "two of 3 x 3":
        rows = [(in_channels, channels, 3, stride), (channels, out, 3, 1)]
    return Block(fault, rows, channels, stride)


class _Norm(nn.BatchNorm2d):
    """A batch norm that may not know in which mode it is."""

    def __init__(self, width, fault):
        super().__init__(width, track_running_stats=fault != "no statistics")
        self.fault = fault

    def forward(self, x):
        if self.fault == "eval norms":
            self.training = False
        if self.fault == "train norms":
            return F.batch_norm(x, None, None, self.weight, self.bias, training=True)
        return super().forward(x)


class Block(nn.Module):
    """A main path of convolutions with norms and ReLUs, a shortcut, and one fault.

    Parameters
    ----------
    fault : str
    rows : list of (int, int, int, int)
        Channels in and out, size and stride of each convolution on the main path.
    channels, stride : int
        What the block is made with.
    """

    def __init__(self, fault, rows, channels, stride):
        super().__init__()
        self.fault, self.stride = fault, stride
        self.into, self.out = rows[0][0], rows[-1][1]
        widest = max(
            range(len(rows)), key=lambda n: (rows[n][2], n)
        )  # the last one that is not 1 x 1
        self.convs = nn.ModuleList(
            self._conv(*row, inner=n == widest) for n, row in enumerate(rows)
        )
        before = fault == "pre-activation"
        self.norms = nn.ModuleList(_Norm(row[0 if before else 1], fault) for row in rows)
        if fault in ("no second norm", "no last norm"):
            self.norms[-1] = nn.Identity()
        self.projection = self._projection() if self._projects(channels) else None

    def _conv(self, into, out, size, stride, inner=False):
        padding = 1 if self.fault == "padding everywhere" else size // 2
        padding = 0 if self.fault == "no padding" and inner else padding
        groups = into if self.fault == "depthwise" and inner else 1
        biases = self.fault == "biases"
        return nn.Conv2d(into, out, size, stride, padding, groups=groups, bias=biases)

    def _projects(self, channels):
        strides, changes = self.stride != 1, self.into != self.out
        return {
            "always projects": True,
            "projects for strides": strides,
            "projects for channels": changes,
            "compares channels": strides or self.into != channels,
            "never projects": False,
            "zero padding": False,
        }.get(self.fault, strides or changes)

    def _projection(self):
        size, stride, layers = 3 if self.fault == "wide projection" else 1, self.stride, []
        if self.fault == "pooled projection":
            layers, stride = [nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False)], 1
        layers.append(self._conv(self.into, self.out, size, stride))
        if self.fault != "bare projection":
            layers.append(_Norm(self.out, self.fault))
        if self.fault in ("rectified projection", "rectified units"):
            layers.append(nn.ReLU())
        return nn.Sequential(*layers)

    def shortcut(self, x):
        x = F.relu(x) if self.fault == "rectified shortcut" else x
        if self.projection is not None:
            return self.projection(x)
        if self.fault == "zero padding" and (self.stride != 1 or self.into != self.out):
            x = F.avg_pool2d(x, self.stride, ceil_mode=True)
            return F.pad(x, (0, 0, 0, 0, 0, self.out - self.into))
        return x

    def forward(self, x):
        fault = self.fault
        x = F.relu(x) if fault == "rectified input" else x
        *inner, last = zip(self.convs, self.norms, strict=True)
        if fault == "pre-activation":
            out = x
            for conv, norm in (*inner, last):
                out = conv(F.relu(norm(out)))
            return out + self.shortcut(x)
        out = x
        for number, (conv, norm) in enumerate(inner):
            out = self.unit(number, conv, norm, out)
        late = fault == "late shortcut" and self.projection is None
        shortcut = out if late else self.shortcut(x)
        conv, norm = last
        if fault == "early addition":
            return F.relu(norm(conv(out) + shortcut))
        out = norm(conv(out))
        if fault == "concatenation":
            return F.relu(torch.cat([out, shortcut], 1))
        if fault in ("rectified branch", "rectified twice", "rectified units"):
            out = F.relu(out)
        out = out if fault == "no shortcut" else out + shortcut
        return out if fault in ("rectified branch", "not rectified") else F.relu(out)

    def unit(self, number, conv, norm, x):
        """A convolution before the last one, with its norm and ReLU."""
        if self.fault == "norm after ReLU":
            return norm(F.relu(conv(x)))
        left_out = {"no ReLU between": (0, 1), "no first ReLU": (0,), "no second ReLU": (1,)}
        x = norm(conv(x))
        return x if number in left_out.get(self.fault, ()) else F.relu(x)
