"""Augmentation of whole batches on the device where they are: the pixels change, the label does not.

Images are (N, C, H, W); every image has its own draw. Numbers are drawn on the CPU by a generator, so that a
GPU augments like a CPU; nothing waits for them.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

GREY = (0.299, 0.587, 0.114)  # ITU-R BT.601: how bright red, green and blue look


def random_flip(x: torch.Tensor, generator: torch.Generator, p: float = 0.5) -> torch.Tensor:
    """Mirror images left to right.

    Parameters
    ----------
    x : Tensor of shape (N, C, H, W)
    generator : torch.Generator
        Of the CPU.
    p : float
        The probability for each image.

    Returns
    -------
    Tensor
        A new one, as from all functions here.
    """
    return flipped(x, torch.rand(len(x), generator=generator) < p)


def flipped(x: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    """Mirror the images that are chosen, a tensor of N bools."""
    return torch.where(chosen.to(x.device)[:, None, None, None], x.flip(-1), x)


def random_crop(x: torch.Tensor, padding: int, generator: torch.Generator) -> torch.Tensor:
    """Move each image by up to `padding` pixels; what comes in at an edge is 0.

    Parameters
    ----------
    x : Tensor of shape (N, C, H, W)
    padding : int
        Each of the (2 · padding + 1)² offsets is as likely as any other.
    generator : torch.Generator
    """
    return cropped(x, padding, draw_offsets(len(x), padding, generator))


def draw_offsets(n: int, padding: int, generator: torch.Generator) -> torch.Tensor:
    """Draw where in its padded image each window begins: (N, 2) whole numbers, row and column."""
    return torch.randint(0, 2 * padding + 1, (n, 2), generator=generator)


def cropped(x: torch.Tensor, padding: int, offsets: torch.Tensor) -> torch.Tensor:
    """Cut a window of an image's size out of the padded image; see `draw_offsets`."""
    n, _, height, width = x.shape
    offsets = offsets.to(x.device)
    rows = offsets[:, :1] + torch.arange(height, device=x.device)
    columns = offsets[:, 1:] + torch.arange(width, device=x.device)
    image = torch.arange(n, device=x.device)[:, None, None]
    padded = F.pad(x, (padding,) * 4)
    # What is picked by index comes first, channels last: as convolutions like it.
    return padded[image, :, rows[:, :, None], columns[:, None]].permute(0, 3, 1, 2)


def cutout(x: torch.Tensor, size: int, corners: torch.Tensor) -> torch.Tensor:
    """Blacken a square of `size` pixels a side in each image.

    Parameters
    ----------
    x : Tensor of shape (N, C, H, W)
    size : int
    corners : Tensor of whole numbers, shape (N, 2)
        Row and column of the first pixel of each square.

    Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout",
    arXiv:1708.04552; there the square may also stand half outside.
    """
    corners = corners.to(x.device)
    inside = [
        ((axis := torch.arange(length, device=x.device)) >= first) & (axis < first + size)
        for length, first in zip(x.shape[2:], corners.T[:, :, None], strict=True)
    ]
    return x.masked_fill(inside[0][:, None, :, None] & inside[1][:, None, None, :], 0)


def random_resized_crop(
    x: torch.Tensor,
    size: int,
    generator: torch.Generator,
    scale: tuple[float, float] = (0.08, 1.0),
    ratio: tuple[float, float] = (3 / 4, 4 / 3),
) -> torch.Tensor:
    """Cut a random window out of each image and resize it to (size, size), bilinearly.

    Parameters
    ----------
    x : Tensor of shape (N, C, H, W)
    size : int
    generator : torch.Generator
    scale : (float, float)
        Between which the window's share of the area is drawn, uniformly.
    ratio : (float, float)
        Between which width / height is drawn, uniformly on a log scale. A window that does not fit is narrowed.

    Notes
    -----
    Source: Szegedy et al. 2015; a window's edges need not be whole pixels here.
    """
    n, _, height, width = x.shape
    share, shape, down, right = torch.rand(4, n, generator=generator).to(x.device)
    area = (scale[0] + (scale[1] - scale[0]) * share) * height * width
    low, high = map(math.log, ratio)
    shape = torch.exp(low + (high - low) * shape)
    h = (area / shape).sqrt().clamp(max=height)
    w = (area * shape).sqrt().clamp(max=width)
    top, left = down * (height - h), right * (width - w)
    # In the grid's coordinates an image reaches from -1 to 1 on either axis.
    zero = torch.zeros_like(h)
    across = torch.stack([w / width, zero, (2 * left + w) / width - 1], dim=1)
    along = torch.stack([zero, h / height, (2 * top + h) / height - 1], dim=1)
    grid = F.affine_grid(
        torch.stack([across, along], dim=1).to(x.dtype), (n, 1, size, size), align_corners=False
    )
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def colour_jitter(
    x: torch.Tensor,
    generator: torch.Generator,
    brightness: float = 0.0,
    contrast: float = 0.0,
    saturation: float = 0.0,
) -> torch.Tensor:
    """Change brightness, contrast and saturation, in this order, by a factor of each image's own.

    Parameters
    ----------
    x : Tensor of shape (N, 3, H, W)
        From 0 to 1, which the result is clamped to after each step.
    generator : torch.Generator
    brightness, contrast, saturation : float
        v from 0 to 1: factors are uniform in [1 − v, 1 + v]. Contrast stretches the distance to the image's
        mean grey, saturation that to the grey image.
    """
    factors = 1 + (2 * torch.rand(3, len(x), generator=generator) - 1) * torch.tensor(
        [[brightness], [contrast], [saturation]]
    )
    bright, stretch, colourful = factors.to(x)[:, :, None, None, None]
    x = (bright * x).clamp(0, 1)
    mean = grey(x).mean((2, 3), keepdim=True)
    x = (mean + stretch * (x - mean)).clamp(0, 1)
    plain = grey(x)
    return (plain + colourful * (x - plain)).clamp(0, 1)


def grey(x: torch.Tensor) -> torch.Tensor:
    """Return how bright each pixel of (N, 3, H, W) looks, (N, 1, H, W)."""
    return torch.einsum("nchw,c->nhw", x, torch.tensor(GREY).to(x))[:, None]


def pca_colour(
    x: torch.Tensor,
    eigenvalues: torch.Tensor,
    eigenvectors: torch.Tensor,
    generator: torch.Generator,
    sigma: float = 0.1,
) -> torch.Tensor:
    """Add one colour to all pixels of an image, drawn along the principal components of a set's colours.

    Parameters
    ----------
    x : Tensor of shape (N, 3, H, W)
        From 0 to 1, like the result.
    eigenvalues : Tensor of shape (3,)
    eigenvectors : Tensor of shape (3, 3)
        In columns.
    generator : torch.Generator
    sigma : float
        Standard deviation of what each eigenvalue is multiplied by.

    Notes
    -----
    Source: Krizhevsky, Sutskever and Hinton 2012, section 4.1.
    """
    alphas = sigma * torch.randn(len(x), 3, generator=generator)
    colours = (alphas.to(x) * eigenvalues.to(x)) @ eigenvectors.to(x).T
    return (x + colours[:, :, None, None]).clamp(0, 1)
