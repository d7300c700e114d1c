"""Filters as pictures, and the waves in them."""

from __future__ import annotations

import math

import numpy as np
import torch

from course_utils.seeing.filters import wave


def filter_grid(weights, columns=8, gap=1):
    """Lay the filters of a first layer out as one picture.

    Parameters
    ----------
    weights : Tensor of shape (F, C, KH, KW)
        C is 1 or 3.
    columns : int
        Places in a row, filled or not.
    gap : int
        Pixels between filters.

    Returns
    -------
    ndarray of shape (H, W), or (H, W, 3)
        From 0 to 1: each filter from its least to its greatest value, a constant one 0.5, the rest 1.0.

    Examples
    --------
    >>> filter_grid(torch.tensor([[[[0.0, 4.0]]], [[[2.0, 2.0]]]]), columns=3)
    array([[0. , 1. , 1. , 0.5, 0.5, 1. , 1. , 1. ]])
    """
    weights = torch.as_tensor(weights).detach().cpu().double().numpy()
    count, channels, height, width = weights.shape
    rows = -(-count // columns)
    grid = np.ones(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, channels), dtype=np.float64
    )
    for number, one in enumerate(weights):
        low, high = one.min(), one.max()
        shown = (one - low) / (high - low) if high > low else np.full_like(one, 0.5)
        top, left = (number // columns) * (height + gap), (number % columns) * (width + gap)
        grid[top : top + height, left : left + width] = shown.transpose(1, 2, 0)
    return grid[:, :, 0] if channels == 1 else grid


def gabor(size, orientation, frequency, sigma=None, phase=0.0, aspect=1.0):
    """Draw a Gabor filter: a wave under a bell.

    Parameters
    ----------
    size : int
        Rows and columns.
    orientation : float
        Direction of the wave in degrees, from the direction of the columns towards that of the rows.
    frequency : float
        Cycles per pixel.
    sigma : float, optional
        Of the bell, in pixels; a third of the size by default.
    phase : float
        In radians; 0 has a crest in the middle.
    aspect : float
        How many times longer the bell is along the stripes than across them.

    Returns
    -------
    Tensor of shape (size, size), float32

    Examples
    --------
    >>> gabor(9, 0.0, 0.25).shape
    torch.Size([9, 9])
    """
    sigma = size / 3 if sigma is None else sigma
    place = np.arange(size) - (size - 1) / 2
    rows, columns = np.meshgrid(place, place, indexing="ij")
    angle = math.radians(orientation)
    along = columns * math.cos(angle) + rows * math.sin(angle)
    across = -columns * math.sin(angle) + rows * math.cos(angle)
    bell = np.exp(-(along**2 + (across / aspect) ** 2) / (2 * sigma**2))
    return torch.from_numpy(bell * np.cos(2 * math.pi * frequency * along + phase)).float()


def gabor_fit(filter):
    """Find the direction and the frequency of the wave in a filter: the peak of its spectrum.

    Parameters
    ----------
    filter : Tensor of shape (K, K)

    Returns
    -------
    orientation : float
        Degrees from 0 up to 180, 0 for vertical stripes.
    frequency : float
        Cycles per pixel.

    Examples
    --------
    >>> orientation, frequency = gabor_fit(gabor(11, 30.0, 0.25))
    >>> round(orientation), round(frequency, 2)
    (30, 0.25)
    """
    [found] = wave(torch.as_tensor(filter).detach().double().numpy()[None, None])
    return found.orientation, found.frequency
