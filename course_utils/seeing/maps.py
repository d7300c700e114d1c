"""Where in an image the answer of a network comes from: occlusion maps and saliency."""

from __future__ import annotations

import torch
from torch import Tensor, nn


@torch.no_grad()
def occluded(model: nn.Module, image: Tensor, side: int, stride: int, value: float = 0.5) -> Tensor:
    """Return the probabilities of all classes with a square covered, for each of its places.

    Parameters
    ----------
    model : nn.Module
        In eval mode.
    image : Tensor of shape (C, H, W)
    side, stride : int
        Of the square, and from one place to the next, in pixels.
    value : float
        What the square is filled with.

    Returns
    -------
    Tensor of shape (rows, columns, classes)
    """
    _, height, width = image.shape
    tops, lefts = (range(0, long - side + 1, stride) for long in (height, width))
    covered = image.repeat(len(tops) * len(lefts), 1, 1, 1)
    for number, one in enumerate(covered):
        i, j = tops[number // len(lefts)], lefts[number % len(lefts)]
        one[:, i : i + side, j : j + side] = value
    found = torch.cat([model(part).softmax(1) for part in covered.split(250)])
    return found.reshape(len(tops), len(lefts), -1)


@torch.inference_mode()
def probabilities(model: nn.Module, images: Tensor) -> Tensor:
    """Return the probabilities (N, classes) of a model in eval mode."""
    return torch.cat([model(part).softmax(1) for part in images.split(250)])


def saliency(model: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    """Return how much the score of its label moves with each pixel: the largest slope over the channels.

    Parameters
    ----------
    model : nn.Module
        In eval mode; no gradient is added to its parameters.
    images : Tensor of shape (N, C, H, W)
    labels : Tensor of shape (N,)

    Returns
    -------
    Tensor of shape (N, H, W)
    """
    images = images.detach().clone().requires_grad_()
    score = model(images).gather(1, labels[:, None]).sum()
    return torch.autograd.grad(score, images)[0].abs().amax(1)


def inside(saliency: Tensor, box: tuple[int, int, int, int]) -> float:
    """Return the share of a saliency map that lies within a box (top, left, bottom, right)."""
    top, left, bottom, right = box
    return (saliency[top:bottom, left:right].sum() / saliency.sum()).item()
