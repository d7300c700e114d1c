"""What a unit sees, and the patches of images that it likes best."""

from __future__ import annotations

import torch

from course_utils.seeing.plain.eyes import in_eval_mode


def receptive_box(layers, position):
    """Return the part of the input that one position of the last output sees.

    Parameters
    ----------
    layers : list of (int, int, int)
        Kernel size, stride and padding of each layer, the first one first.
    position : (int, int)
        Row and column.

    Returns
    -------
    (int, int, int, int)
        Top, left, bottom and right in input pixels; bottom and right are the first that are not seen. What lies
        in the padding counts: numbers may be negative, or larger than the image.

    Examples
    --------
    >>> receptive_box([(3, 1, 1), (2, 2, 0)], (0, 3))
    (-1, 5, 3, 9)
    """
    (top, left), (bottom, right) = position, (position[0] + 1, position[1] + 1)
    for kernel, stride, padding in reversed(layers):
        top, left = top * stride - padding, left * stride - padding
        bottom = (bottom - 1) * stride - padding + kernel
        right = (right - 1) * stride - padding + kernel
    return top, left, bottom, right


def top_patches(model, layers, index, unit, images, k=9):
    """Return the patches of images at which a unit is most active, at most one of an image.

    Parameters
    ----------
    model : nn.Sequential
    layers : list of (int, int, int)
        As for `receptive_box`, up to ``model[index]``.
    index : int
        The layer after which activations are looked at.
    unit : int
        Its channel.
    images : Tensor of shape (N, C, H, W)
    k : int

    Returns
    -------
    list of (int, (int, int, int, int), float)
        Image, box (clipped to the image) and activation, the largest first; of equal ones the earlier
        image, and within an image the first in the order of rows.
    """
    with in_eval_mode(model), torch.no_grad():
        x = images
        for layer in model[: index + 1]:
            x = layer(x)
    maps = x[:, unit]
    flat = maps.flatten(1)
    best = flat.max(dim=1).values
    height, width = images.shape[2:]
    found = []
    for image in torch.sort(best, descending=True, stable=True).indices[:k].tolist():
        place = int((flat[image] == best[image]).nonzero()[0])
        top, left, bottom, right = receptive_box(layers, divmod(place, maps.shape[2]))
        box = max(top, 0), max(left, 0), min(bottom, height), min(right, width)
        found.append((image, box, float(best[image])))
    return found
