"""Sort what was drawn into cells of known chances."""

from __future__ import annotations

import numpy as np
import torch

from course_utils.checks.augmentations.draws import OUTSIDE, Drawn

NEAR = 1e-4  # of float32 after a few operations, in units of what is compared
QUARTERS = ["the lowest quarter", "the second quarter", "the third quarter", "the highest quarter"]


def equal(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return for each image whether it is equal to another one."""
    return (one - other).abs().flatten(1).amax(1) < NEAR


def quarters(what, values, low, high, room=0.0, ends=None, limits=None, shown=None):
    """Sort what is uniform between two limits into quarters.

    Parameters
    ----------
    what : str
    values : ndarray
    low, high : float
    room : float
        How exactly the values are known.
    ends : pair of ndarray
        Between what they lie, where that is known less exactly.
    limits, shown
        In a message in place of `low` and `high`, and of the values.
    """
    first, last = ends if ends is not None else (values, values)
    first, last = np.asarray(first) - room, np.asarray(last) + room
    cells, lasts = (
        np.floor(4 * np.clip((end - low) / max(high - low, 1e-12), 0.0, 0.999)).astype(int)
        for end in (first, last)
    )
    outside = (last < low) | (first > high)
    cells[outside], lasts[outside] = OUTSIDE, OUTSIDE
    low, high = limits or (low, high)
    words, shown = [f"in {quarter}" for quarter in QUARTERS], values if shown is None else shown
    text = f"from {low:.4g} to {high:.4g}"
    return Drawn(what, cells, [0.25] * 4, words, shown, text, lasts)
