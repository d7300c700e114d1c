"""Weights for a network by role: two networks that compute the same have the same numbers then.

No weights have to be sent anywhere: a seed and a repeated pattern make them, at full width too, at the speed of
a copy.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import torch

from course_utils.modules.roles import Layer, Traced, fan_in

PERIOD = (
    65521  # numbers until the pattern repeats; a prime, so that no row of a weight equals the next
)


def fill(
    traced: Traced, parameters: dict[str, torch.Tensor], seed: int = 0, scale=(), same=()
) -> None:
    """Fill the parameters of a traced network, in place.

    Weights are normal with variance 2 / fan-in, scales of norms around 1, shifts around 0, slopes around 1/4.
    Buffers, and parameters that the output does not come from, stay as they are.

    Parameters
    ----------
    traced : Traced
    parameters : dict of str to Tensor
        Of the network, by name.
    seed : int
    scale : sequence of (int, str, float)
        By what parameters are multiplied then: layer, counted from -1 at the end as well, kind, factor. Those
        that the network does not have are left out.
    same : sequence of (int, int)
        Layers that are filled like another one.
    """
    like, done = dict(same), set()
    pattern = _pattern(seed)
    with torch.no_grad():
        for number, layer in enumerate(traced.layers):
            for kind, operand in layer.operands.items():
                for part, piece in enumerate(operand.pieces):
                    view = view_of(piece, parameters.get(piece.name, piece.tensor))
                    if view.data_ptr() not in done:  # the first of two places counts
                        place = like.get(number, number), kind, part * view.numel()
                        _write(view, _row(pattern, view.numel(), *place, layer))
                    done.add(view.data_ptr())
        for number, kind, factor in scale:
            layers = traced.layers[number:][:1] if -len(traced.layers) <= number else []
            operand = layers[0].operands.get(kind) if layers else None
            for piece in operand.pieces if operand else ():
                view_of(piece, parameters.get(piece.name, piece.tensor)).mul_(factor)


def view_of(operand, owner: torch.Tensor) -> torch.Tensor:
    """Return a tensor in the memory of a parameter as its operation reads it, outputs first."""
    if operand.view is None:
        return owner.detach()
    view = owner.detach().as_strided(*operand.view)
    return view.transpose(-1, -2) if operand.transposed else view


@functools.lru_cache(maxsize=8)
def _pattern(seed: int) -> torch.Tensor:
    """Return the pattern twice, so that it can begin anywhere."""
    row = np.random.default_rng(seed).standard_normal(PERIOD)
    return torch.from_numpy(np.concatenate([row, row]))


def _row(pattern, size: int, number: int, kind: str, offset: int, layer: Layer) -> torch.Tensor:
    """Return the pattern for one role, from an offset in it: it has the role's mean and spread."""
    start = (number * 7919 + {"shift": 104729}.get(kind, 0) + offset) % PERIOD
    row = pattern[start : start + min(size, PERIOD)]
    if kind == "weight":
        return row * math.sqrt(2 / fan_in(layer.operands[kind].shape))
    mean, spread = {"scale": (1.0, 0.25), "slope": (0.25, 0.05)}.get(kind, (0.0, 0.1))
    return mean + spread * row.clamp(-3, 3)


def _write(tensor, row):
    """Repeat a row along a tensor, which is no shorter."""
    row, size = row.to(tensor.dtype), tensor.numel()
    flat = tensor.view(-1) if tensor.is_contiguous() else torch.empty(size, dtype=tensor.dtype)
    whole = size - size % PERIOD
    if whole:
        flat[:whole].view(-1, PERIOD).copy_(row.expand(whole // PERIOD, PERIOD))
    flat[whole:] = row[: size - whole]
    if flat.data_ptr() != tensor.data_ptr():
        tensor.copy_(flat.view(tensor.shape))
