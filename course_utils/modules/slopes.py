"""How the output of a network hangs on each parameter and on its input: by autograd, and by small steps."""

from __future__ import annotations

from typing import NamedTuple

import torch

from course_utils.modules.fill import view_of
from course_utils.modules.graph import Operand
from course_utils.modules.roles import Traced

STEP = 1e-5  # of a difference, in float64
INPUT = -1, "input"  # stands for the input among layers and kinds


class Slot(NamedTuple):
    """What one role has in a network: a parameter, or several that share the role between them."""

    layer: int
    kind: str
    pieces: list[tuple[Operand, torch.Tensor]]


def slots(found: Traced, parameters: dict[str, torch.Tensor]) -> list[Slot]:
    """Return what has a role, in order."""
    return [
        Slot(
            n, kind, [(piece, parameters.get(piece.name, piece.tensor)) for piece in operand.pieces]
        )
        for n, layer in enumerate(found.layers)
        for kind, operand in layer.operands.items()
    ]


def gradients(scalar: torch.Tensor, x: torch.Tensor, roles: list[Slot]) -> dict:
    """Return the gradient of a scalar with respect to each role, its pieces joined, and to the input.

    Returns
    -------
    dict
        (layer, kind) → tensor, outputs first, or None where there is none; `INPUT` among them.
    """
    leaves = {id(t): t for slot in roles for _, t in slot.pieces if t.requires_grad} | {id(x): x}
    made = [None] * len(leaves)
    if scalar.requires_grad:
        made = torch.autograd.grad(scalar, list(leaves.values()), allow_unused=True)
    of = dict(zip(leaves, made, strict=True))
    found = {INPUT: of[id(x)]}
    for slot in roles:
        own = [of.get(id(tensor)) for _, tensor in slot.pieces]
        whole = None
        if not any(gradient is None for gradient in own):
            views = zip(slot.pieces, own, strict=True)
            whole = torch.cat([view_of(piece, g.contiguous()) for (piece, _), g in views])
        found[slot.layer, slot.kind] = whole
    return found


def slopes(run, x: torch.Tensor, roles: list[Slot], of: dict) -> list[tuple]:
    """Return (layer, kind, slope by autograd or None, slope by a difference) for a factor near 1.

    Parameters
    ----------
    run : callable
        ``run(x)`` returns the scalar.
    x : Tensor
    roles : list of Slot
    of : dict
        What `gradients` returned.
    """
    rows = []
    for slot in [*roles, Slot(*INPUT, [(None, x)])]:
        views = [t.detach() if piece is None else view_of(piece, t) for piece, t in slot.pieces]
        kept, sums = [view.clone() for view in views], []
        for factor in (1 + STEP, 1 - STEP):
            for view, was in zip(views, kept, strict=True):
                view.copy_(was * factor)
            with torch.no_grad():
                sums.append(float(run(x.clone())))
        for view, was in zip(views, kept, strict=True):
            view.copy_(was)
        gradient = of[slot.layer, slot.kind]
        own = None if gradient is None else float((gradient * torch.cat(kept)).sum())
        rows.append((slot.layer, slot.kind, own, (sums[0] - sums[1]) / (2 * STEP)))
    return rows
