"""What a unit of a convolutional network answers to most: patches of images, cut out by its receptive field."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from course_utils.arithmetic.fields import ReceptiveField, receptive_fields
from course_utils.seeing.plain.eyes import in_eval_mode

WINDOWS = nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d


class Patch(NamedTuple):
    """Where a unit answered: which image, the pixels that it saw there, how strongly."""

    image: int
    box: tuple[int, int, int, int]
    """Top, left, bottom and right; bottom and right are not inside."""
    activation: float


def field_of(chain: nn.Sequential, name: str) -> ReceptiveField:
    """Return what the units of a layer see, along one axis.

    Parameters
    ----------
    chain : nn.Sequential
        Layers one after the other, with square windows.
    name : str
        Of the layer.

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    windows = [(1, 1)]
    for known, layer in chain.named_children():
        if isinstance(layer, WINDOWS):
            sizes = layer.kernel_size, layer.stride, getattr(layer, "dilation", 1), layer.padding
            windows.append(tuple(size[0] if isinstance(size, tuple) else size for size in sizes))
        if known == name:
            return receptive_fields(windows)[-1]
    raise ValueError(
        f"no layer {name!r} in {', '.join(known for known, _ in chain.named_children())}"
    )


@torch.inference_mode()
def activations(chain: nn.Sequential, name: str, images: Tensor, batch_size: int = 250) -> Tensor:
    """Return what a layer of a chain puts out, in eval mode: (N, C, H, W)."""
    names = [known for known, _ in chain.named_children()]
    with in_eval_mode(chain[: names.index(name) + 1]) as upto:
        return torch.cat([upto(part) for part in images.split(batch_size)])


def top_patches(chain: nn.Sequential, name: str, images: Tensor, k: int = 9) -> list[list[Patch]]:
    """Return of each unit of a layer the patches to which it answers most, at most one an image.

    Parameters
    ----------
    chain : nn.Sequential
    name : str
        The layer whose units are asked.
    images : Tensor of shape (N, C, H, W)
    k : int

    Returns
    -------
    list of lists of Patch
        A list for each unit, the strongest answer first; boxes are clipped to the image.
    """
    size, jump, start, _ = field_of(chain, name)
    answers = activations(chain, name, images)
    columns, (height, width) = answers.shape[-1], images.shape[-2:]
    best, place = answers.flatten(2).max(2)  # one place of each image
    order = best.argsort(dim=0, descending=True, stable=True)[:k]
    found = []
    for unit, rows in enumerate(order.T.tolist()):
        patches = []
        for row in rows:
            i, j = divmod(place[row, unit].item(), columns)
            top, left = start + i * jump, start + j * jump
            box = max(top, 0), max(left, 0), min(top + size, height), min(left + size, width)
            patches.append(Patch(row, box, best[row, unit].item()))
        found.append(patches)
    return found
