"""Which pixels a network looks at: by covering them, and by its gradient."""

from __future__ import annotations

import torch

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
    _, height, width = image.shape
    places = [
        (top, left)
        for top in range(0, height - size + 1, stride)
        for left in range(0, width - size + 1, stride)
    ]
    covered = image.repeat(len(places), 1, 1, 1)
    for number, (top, left) in enumerate(places):
        covered[number, :, top : top + size, left : left + size] = value
    with in_eval_mode(model), torch.no_grad():
        chances = torch.cat([model(part).softmax(dim=1)[:, label] for part in covered.split(64)])
    return chances.reshape((height - size) // stride + 1, -1)


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
    x = image.detach().clone()[None].requires_grad_()
    with in_eval_mode(model), torch.enable_grad():
        [gradient] = torch.autograd.grad(model(x)[0, label], x)
    return gradient[0].abs().amax(dim=0)
