"""AlphaGo's policy network: which of 361 points to play."""

from __future__ import annotations

import torch
from torch import nn

from course_utils.models.early import Named


class PositionBias(nn.Module):
    """A bias for each point of the board, added to an input of shape (N, C, 19, 19)."""

    def __init__(self, size: int = 19):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(size, size))

    def forward(self, x):
        return x + self.bias


class AlphaGoPolicy(Named):
    """AlphaGo's policy network: (N, 48, 19, 19) → probabilities (N, 361).

    Parameters
    ----------
    k : int
        Filters of each hidden layer: 192 in the match version (3 882 793 parameters).

    Source: Silver and others, "Mastering the game of Go with deep neural networks and tree search", Nature 529,
    2016, Methods.
    """

    def __init__(self, k: int):
        layers = {"conv1": nn.Conv2d(48, k, 5, padding=2), "relu1": nn.ReLU(inplace=True)}
        for number in range(2, 13):
            layers[f"conv{number}"] = nn.Conv2d(k, k, 3, padding=1)
            layers[f"relu{number}"] = nn.ReLU(inplace=True)
        layers |= {
            "conv13": nn.Conv2d(k, 1, 1, bias=False),
            "bias13": PositionBias(),
            "flatten": nn.Flatten(),
            "softmax": nn.Softmax(dim=1),
        }
        super().__init__(layers)
