"""Filters of a first layer: as pictures, and by their orientation, frequency and colour."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

FINE = 128
"""Places along each axis at which a spectrum is asked: filters of 7 × 7 have only seven of their own."""


class Wave(NamedTuple):
    """The wave that a filter answers to most."""

    orientation: float
    """Degrees from 0 to 180 of the direction in which it goes up and down; 0 for upright stripes."""
    frequency: float
    """Periods a pixel."""
    colour: float
    """Share of the filter that is colour and not brightness, from 0 to 1."""
    share: float
    """Share of the filter that is not its mean, from 0 to 1: how much of it is a wave at all."""


def stretched(filters: np.ndarray) -> np.ndarray:
    """Return filters (F, 3, K, K) as images from 0 to 255; each is scaled so that 0 is the middle grey."""
    most = np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    return 127.5 + 127.5 * filters / np.where(most > 0, most, 1)


def wave(filters: np.ndarray) -> list[Wave]:
    """Return of each filter (F, C, K, K) the wave at the highest place of its spectrum.

    The spectra of the channels are added. A constant is taken off each channel first, as it is no wave.
    """
    means = filters.mean(axis=(2, 3), keepdims=True)
    power = (np.abs(np.fft.rfft2(filters - means, s=(FINE, FINE))) ** 2).sum(axis=1)
    grey = filters.mean(axis=1, keepdims=True)
    found = []
    for k, spectrum in enumerate(power):
        row, column = np.unravel_index(spectrum.argmax(), spectrum.shape)
        down, right = (row - FINE if row >= FINE // 2 else row) / FINE, column / FINE
        angle = np.degrees(np.arctan2(down, right)) % 180
        whole = (filters[k] ** 2).sum() or 1.0
        colour = ((filters[k] - grey[k]) ** 2).sum() / whole
        share = ((filters[k] - means[k]) ** 2).sum() / whole
        found.append(Wave(float(angle), float(np.hypot(down, right)), float(colour), float(share)))
    return found
