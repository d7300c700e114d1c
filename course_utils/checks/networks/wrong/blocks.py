"""What residual blocks look like that are wrong in one way, for naming it and for charging it once."""

from __future__ import annotations

from functools import partial

from course_utils.checks.networks.tables import Subject

# fault → which test charges it, and the sentence that names it.
FAULTS = {
    "biases": ("sizes", "convolutions with biases: the norm after each takes them out again"),
    "no second norm": ("sizes", "no batch norm after the second convolution"),
    "no padding": ("sizes", "no padding in the second convolution"),
    "stride twice": ("sizes", "the stride in both convolutions: the first one alone has it"),
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
    "late shortcut": ("values", "a shortcut from the first ReLU: it starts at the input"),
    "early addition": ("values", "adding the input before the second norm"),
    "rectified shortcut": ("values", "adding relu(x): the shortcut is x itself"),
    "rectified input": ("values", "relu(x) for x, in both paths"),
    "no ReLU between": ("values", "no ReLU between the convolutions"),
    "norm after ReLU": ("values", "the norm after the ReLU: convolution, norm, ReLU"),
    "pre-activation": ("values", "norm and ReLU before each convolution, as in later residual networks"),
    "never projects": ("projection", "no projection where the shape changes"),
    "late stride": ("projection", "the stride in the second convolution: the first one has it"),
    "rectified projection": ("projection", "a ReLU in the projection"),
    "eval norms": ("train", "norms that use their running statistics while they train"),
    "train norms": ("train", "norms that use the batch's statistics in eval mode too"),
    "no statistics": ("train", "norms that keep no running statistics"),
}  # fmt: skip


def basic(test: str) -> Subject:
    """Return the right basic block, and the wrong ones.

    Parameters
    ----------
    test : str
        ``sizes``, ``values``, ``projection``, ``train``: which faults this test charges, and names; the others
        are charged elsewhere.
    """
    from course_utils.models import BasicBlock

    faults = {
        own: {s: partial(basic_block, f) for f, (t, s) in FAULTS.items() if (t == test) == own}
        for own in (True, False)
    }
    return Subject(BasicBlock, faults[True], faults[False])


def basic_block(fault: str, in_channels: int, channels: int, stride: int = 1):
    """Return a basic block with one fault, '' for none: a `torch.nn.Module`."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    def conv(into, out, size, stride=1, padding=None):
        padding = size // 2 if padding is None else padding
        return nn.Conv2d(into, out, size, stride, padding, bias=fault == "biases")

    class Norm(nn.BatchNorm2d):
        def forward(self, x):
            if fault == "eval norms":
                self.training = False
            if fault == "train norms":
                return F.batch_norm(x, None, None, self.weight, self.bias, training=True)
            return super().forward(x)

    def norm(width):
        return Norm(width, track_running_stats=fault != "no statistics")

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            changes = [stride != 1, in_channels != channels]
            projects = {
                "always projects": True,
                "projects for strides": changes[0],
                "projects for channels": changes[1],
                "never projects": False,
                "zero padding": False,
            }.get(fault, any(changes))
            late = fault == "late stride"
            self.conv1 = conv(in_channels, channels, 3, 1 if late else stride)
            second = stride if late or fault == "stride twice" else 1
            self.conv2 = conv(channels, channels, 3, second, 0 if fault == "no padding" else 1)
            self.norm1 = norm(in_channels if fault == "pre-activation" else channels)
            self.norm2 = nn.Identity() if fault == "no second norm" else norm(channels)
            projection = conv(in_channels, channels, 3 if fault == "wide projection" else 1, stride)
            last = nn.Identity() if fault == "bare projection" else norm(channels)
            self.projection = nn.Sequential(projection, last) if projects else None

        def shortcut(self, x):
            x = F.relu(x) if fault == "rectified shortcut" else x
            if self.projection is not None:
                x = self.projection(x)
                return F.relu(x) if fault == "rectified projection" else x
            if fault == "zero padding" and (stride != 1 or in_channels != channels):
                x = F.avg_pool2d(x, stride, ceil_mode=True)
                return F.pad(x, (0, 0, 0, 0, 0, channels - in_channels))
            return x

        def forward(self, x):
            x = F.relu(x) if fault == "rectified input" else x
            if fault == "pre-activation":
                out = self.conv1(F.relu(self.norm1(x)))
                return self.conv2(F.relu(self.norm2(out))) + self.shortcut(x)
            if fault == "norm after ReLU":
                first = self.norm1(F.relu(self.conv1(x)))
            else:
                first = self.norm1(self.conv1(x))
                first = first if fault == "no ReLU between" else F.relu(first)
            late = fault == "late shortcut" and self.projection is None
            shortcut = first if late else self.shortcut(x)
            if fault == "early addition":
                return F.relu(self.norm2(self.conv2(first) + shortcut))
            out = self.norm2(self.conv2(first))
            if fault == "concatenation":
                return F.relu(torch.cat([out, shortcut], 1))
            if fault in ("rectified branch", "rectified twice"):
                out = F.relu(out)
            out = out if fault == "no shortcut" else out + shortcut
            return out if fault in ("rectified branch", "not rectified") else F.relu(out)

    return Block()
