"""Which pixels a network looks at: by covering them, and by its gradient."""

from __future__ import annotations

import torch

from course_utils.seeing import maps
from course_utils.seeing.plain.eyes import in_eval_mode


def occlusion_map(model, image, label, size, stride, value=0.0):
    """Return the probability of a class while a square covers one place of an image after the other.

    Source: Zeiler and Fergus, Visualizing and understanding convolutional networks, 2014.

    Parameters
    ----------
    model : nn.Module
        Takes images (N, C, H, W), returns scores (N, classes).
    image : Tensor of shape (C, H, W)
    label : int
    size : int
        Of the square.
    stride : int
    value : float
        Of the covered pixels, in all channels.

    Returns
    -------
    Tensor of shape ((H - size) // stride + 1, (W - size) // stride + 1)
    """
    with in_eval_mode(model):
        return maps.occluded(model, image, size, stride, value)[..., label]


def saliency(model, image, label):
    """Return how much the score of a class hangs on each pixel: the largest |gradient| of its channels.

    Source: Simonyan, Vedaldi and Zisserman, Deep inside convolutional networks, 2013.

    Parameters
    ----------
    model : nn.Module
    image : Tensor of shape (C, H, W)
    label : int

    Returns
    -------
    Tensor of shape (H, W)
    """
    with in_eval_mode(model), torch.enable_grad():
        return maps.saliency(model, image[None], torch.tensor([label]))[0]
