"""Test-time averaging: several views of one image, one answer.

Images are (N, C, H, W), floats.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn


def ten_crop(x: torch.Tensor, size: int) -> torch.Tensor:
    """Cut five windows out of each image, and add their mirror images.

    Parameters
    ----------
    x : Tensor of shape (N, C, H, W)
    size : int
        The side of a window.

    Returns
    -------
    Tensor of shape (N, 10, C, size, size)
        Top left, top right, bottom left, bottom right, the centre, which begins at ``(side - size) // 2``, then
        the same five mirrored.

    Raises
    ------
    ValueError
        If a window is larger than an image.

    Notes
    -----
    Source: Krizhevsky, Sutskever and Hinton 2012, section 4.1.
    """
    height, width = x.shape[-2:]
    if not 0 < size <= min(height, width):
        raise ValueError(f"size must be from 1 to {min(height, width)}, got {size}")
    bottom, right = height - size, width - size
    corners = (0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)
    five = torch.stack([x[..., i : i + size, j : j + size] for i, j in corners], dim=1)
    return torch.cat([five, five.flip(-1)], dim=1)


def multi_scale_predict(model: nn.Module, x: torch.Tensor, sizes: Sequence[int]) -> torch.Tensor:
    """Return the mean of a network's probabilities for its images at several sizes.

    Parameters
    ----------
    model : Module
        Takes images of any size; it is asked in eval mode, and its mode is put back.
    x : Tensor of shape (N, C, H, W)
    sizes : sequence of int
        Sides of the square images that `x` is resized to, bilinearly.

    Returns
    -------
    Tensor of shape (N, classes)

    Notes
    -----
    Source: He et al. 2016, section 3.4, who average scores; here each size has one vote of probabilities.
    """
    with in_eval_mode(model), torch.no_grad():
        votes = [
            F.softmax(model(F.interpolate(x, (s, s), mode="bilinear", align_corners=False)), dim=1)
            for s in sizes
        ]
    return torch.stack(votes).mean(0)


class in_eval_mode:
    """Put a network into eval mode, and each of its parts back into its own."""

    def __init__(self, model: nn.Module):
        self.model = model

    def __enter__(self):
        self.modes = [(module, module.training) for module in self.model.modules()]
        self.model.eval()

    def __exit__(self, *_):
        for module, mode in self.modes:
            module.training = mode
