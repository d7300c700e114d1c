"""GoogLeNet: inception modules of four parallel branches, and no large linear layers."""

from __future__ import annotations

import torch
from torch import nn

from course_utils.models.early import Named, response_norm


class Inception(nn.Module):
    """Four branches side by side: 1 x 1, 3 x 3 and 5 x 5 convolutions and a pooling, joined in this order.

    A ReLU follows each convolution.

    Parameters
    ----------
    in_channels : int
    n1x1, n3x3, n5x5, pool_proj : int
        Channels that each branch gives.
    n3x3_reduce, n5x5_reduce : int
        Channels of the 1 x 1 convolutions before the larger ones.

    Source: Szegedy and others, "Going deeper with convolutions", arXiv:1409.4842, figure 2b.
    """

    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()

        def one(width):
            return {"1x1": nn.Conv2d(in_channels, width, 1), "relu": nn.ReLU(inplace=True)}

        def reduced(narrow, wide, size):
            return {
                "reduce": nn.Conv2d(in_channels, narrow, 1),
                "relu_reduce": nn.ReLU(inplace=True),
                f"{size}x{size}": nn.Conv2d(narrow, wide, size, padding=size // 2),
                "relu": nn.ReLU(inplace=True),
            }

        self.branch1 = Named(one(n1x1))
        self.branch2 = Named(reduced(n3x3_reduce, n3x3, 3))
        self.branch3 = Named(reduced(n5x5_reduce, n5x5, 5))
        self.branch4 = Named({"pool": nn.MaxPool2d(3, 1, padding=1), **one(pool_proj)})

    def forward(self, x):
        branches = self.branch1, self.branch2, self.branch3, self.branch4
        return torch.cat([branch(x) for branch in branches], dim=1)


# n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj: the paper's table 1.
TABLE = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class GoogLeNet(Named):
    """GoogLeNet without its auxiliary heads: (N, 3, 224, 224) → (N, 1000), 6 998 552 parameters.

    Poolings round up, as in Caffe: without that 112 would become 55.

    Source: Szegedy and others, "Going deeper with convolutions", arXiv:1409.4842, table 1.
    """

    def __init__(self):
        layers = {
            "conv1": nn.Conv2d(3, 64, 7, stride=2, padding=3),
            "relu1": nn.ReLU(inplace=True),
            "pool1": nn.MaxPool2d(3, 2, ceil_mode=True),
            "norm1": response_norm(k=1.0),
            "conv2_reduce": nn.Conv2d(64, 64, 1),
            "relu2_reduce": nn.ReLU(inplace=True),
            "conv2": nn.Conv2d(64, 192, 3, padding=1),
            "relu2": nn.ReLU(inplace=True),
            "norm2": response_norm(k=1.0),
            "pool2": nn.MaxPool2d(3, 2, ceil_mode=True),
        }
        channels = 192
        for name, widths in TABLE.items():
            layers[f"inception{name}"] = Inception(channels, *widths)
            n1x1, _, n3x3, _, n5x5, pool_proj = widths
            channels = n1x1 + n3x3 + n5x5 + pool_proj
            if name in ("3b", "4e"):
                layers[f"pool{name[0]}"] = nn.MaxPool2d(3, 2, ceil_mode=True)
        layers |= {
            "pool5": nn.AdaptiveAvgPool2d(1),
            "flatten": nn.Flatten(),
            "drop": nn.Dropout(0.4),
            "fc": nn.Linear(channels, 1000),
        }
        super().__init__(layers)
