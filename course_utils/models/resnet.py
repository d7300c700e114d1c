"""Residual networks: a block adds what it computes to what it was given."""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

from course_utils.models.early import Named


class _Block(nn.Module):
    """The main path and the shortcut, added and rectified; a class below says what the main path is.

    The shortcut is the input itself, or a 1 x 1 convolution with a norm exactly where the shape changes.
    """

    expansion = 1  # channels of the output for each of `channels`

    def __init__(self, in_channels, channels, stride, convolutions):
        super().__init__()
        out_channels, layers = channels * self.expansion, {}
        for number, conv in enumerate(convolutions, start=1):
            layers |= {f"conv{number}": conv, f"bn{number}": nn.BatchNorm2d(conv.out_channels)}
            if number < len(convolutions):
                layers[f"relu{number}"] = nn.ReLU(inplace=True)
        self.main, self.shortcut = Named(layers), nn.Identity()
        if stride != 1 or in_channels != out_channels:
            projection = _conv(in_channels, out_channels, 1, stride)
            self.shortcut = Named({"conv": projection, "bn": nn.BatchNorm2d(out_channels)})

    def forward(self, x):
        return F.relu(self.main(x) + self.shortcut(x))


class BasicBlock(_Block):
    """The block of ResNet-18 and -34: two 3 x 3 convolutions, each with a batch norm, and a shortcut.

    Parameters
    ----------
    in_channels, channels : int
        Channels of the input and of the output.
    stride : int
        Of the first convolution, and of the projection.

    Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", arXiv:1512.03385, figure 5.
    """

    def __init__(self, in_channels: int, channels: int, stride: int = 1):
        convolutions = _conv(in_channels, channels, 3, stride), _conv(channels, channels, 3)
        super().__init__(in_channels, channels, stride, convolutions)


class Bottleneck(_Block):
    """The block of ResNet-50 and deeper: 1 x 1 down to `channels`, 3 x 3, 1 x 1 up to four times as many.

    The stride is in the 3 x 3 convolution; the paper has it in the first 1 x 1.

    Parameters
    ----------
    in_channels : int
    channels : int
        A quarter of the output's.
    stride : int
    """

    expansion = 4

    def __init__(self, in_channels: int, channels: int, stride: int = 1):
        convolutions = (
            _conv(in_channels, channels, 1),
            _conv(channels, channels, 3, stride),
            _conv(channels, 4 * channels, 1),
        )
        super().__init__(in_channels, channels, stride, convolutions)


def _conv(in_channels, out_channels, size, stride=1):
    return nn.Conv2d(in_channels, out_channels, size, stride, padding=size // 2, bias=False)


# Blocks in each stage: the paper's table 1, and (depth - 2) / 6 in each of three for CIFAR.
IMAGENET = {
    18: (BasicBlock, (2, 2, 2, 2)),
    34: (BasicBlock, (3, 4, 6, 3)),
    50: (Bottleneck, (3, 4, 6, 3)),
    101: (Bottleneck, (3, 4, 23, 3)),
    152: (Bottleneck, (3, 8, 36, 3)),
}
CIFAR = (20, 32, 44, 56, 110)


def resnet(depth: int, num_classes: int | None = None) -> nn.Module:
    """Return a residual network.

    Parameters
    ----------
    depth : int
        18, 34, 50, 101, 152: (N, 3, 224, 224) → (N, 1000); 20, 32, 44, 56, 110: (N, 3, 32, 32) → (N, 10).
    num_classes : int, optional
        Instead of 1000 or 10.

    Raises
    ------
    ValueError
        For other depths.

    Notes
    -----
    The CIFAR family has projections as well, so ResNet-20 has 272 474 parameters; the paper's shortcuts
    without parameters, with zeros for the new channels, would give 269 722.

    Source: He, Zhang, Ren and Sun, arXiv:1512.03385, table 1 and section 4.2.
    """
    if depth in IMAGENET:
        block, counts = IMAGENET[depth]
        stem = {
            "conv1": nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
            "bn1": nn.BatchNorm2d(64),
            "relu1": nn.ReLU(inplace=True),
            "pool1": nn.MaxPool2d(3, 2, padding=1),
        }
        return _with_stages(stem, block, counts, 64, 1000 if num_classes is None else num_classes)
    if depth in CIFAR:
        stem = {"conv1": _conv(3, 16, 3), "bn1": nn.BatchNorm2d(16), "relu1": nn.ReLU(inplace=True)}
        counts = ((depth - 2) // 6,) * 3
        return _with_stages(
            stem, BasicBlock, counts, 16, 10 if num_classes is None else num_classes
        )
    raise ValueError(
        f"depth must be one of {', '.join(map(str, (*IMAGENET, *CIFAR)))}, got {depth}"
    )


def _with_stages(stem, block, counts, width, num_classes):
    layers, channels = dict(stem), width
    for stage, count in enumerate(counts):
        blocks = {}
        for number in range(count):
            stride = 2 if stage and not number else 1
            blocks[str(number + 1)] = block(channels, width << stage, stride)
            channels = (width << stage) * block.expansion
        layers[f"conv{stage + 2}"] = Named(blocks)
    layers |= {"pool": nn.AdaptiveAvgPool2d(1), "flatten": nn.Flatten()}
    return Named({**layers, "fc": nn.Linear(channels, num_classes)})
