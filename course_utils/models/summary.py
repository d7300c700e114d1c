"""What each layer of a network gives and costs, for one image: the table of part 01, from the network."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import nn

from course_utils.modules.roles import fan_in, traced

LISTED = ("conv", "linear", "norm", "scale", "slope", "shift", "maxpool", "avgpool")


class Row(NamedTuple):
    """One layer: what it gives for one image, and what it costs."""

    name: str
    shape: tuple[int, ...]
    activations: int
    weights: int
    biases: int
    multiply_adds: int


def summary(model: nn.Module, input_shape: tuple[int, ...]) -> list[Row]:
    """Return the rows of `course_utils.arithmetic.trace` for a network of PyTorch.

    Parameters
    ----------
    model : Module
        Nothing is computed and nothing in it changes.
    input_shape : tuple of int
        (C, H, W) of one image.

    Returns
    -------
    list of Row
        The input, then each convolution, pooling, normalisation and linear layer that the output comes from,
        in order of execution. Rows have the names of the modules, or numbers where no module has the layer to
        itself. ``weights`` and ``biases`` count the parameters there; a multiply-add counts 1, biases 0.

    Examples
    --------
    >>> from course_utils.models import LeNet5
    >>> for row in summary(LeNet5(), (1, 32, 32))[:3]:
    ...     print(*row)
    input (1, 32, 32) 1024 0 0 0
    c1 (6, 28, 28) 4704 150 6 117600
    s2 (6, 14, 14) 1176 0 0 0
    """
    found = traced(model, torch.zeros(1, *input_shape))
    modules = dict(model.named_modules())
    lrn = {name for name, module in modules.items() if isinstance(module, nn.LocalResponseNorm)}
    listed = []
    for number in sorted(found.order):
        node = found.nodes[number]
        if node.module in lrn:
            if listed and listed[-1].module == node.module:
                listed.pop()  # an earlier operation of the same normalisation
            listed.append(node)
        elif node.op in LISTED:
            listed.append(node)
    paths = [node.module for node in listed]
    learned = dict(model.named_parameters())
    rows = [Row("input", tuple(input_shape), math.prod(input_shape), 0, 0, 0)]
    for number, node in enumerate(listed, start=1):
        own = node.module and paths.count(node.module) == 1
        rows.append(_row(node.module if own else f"{node.op}{number}", node, learned))
    return rows


def _row(name, node, learned):
    shape = node.shape[1:]
    mine = {o.kind: o for o in node.operands if o.name in learned or o.kind == "weight"}
    counts = {kind: math.prod(operand.shape) for kind, operand in mine.items()}
    biases, weight = counts.pop("shift", 0), mine.get("weight")
    work = math.prod(shape) * fan_in(weight.shape) if weight else 0
    return Row(name, shape, math.prod(shape), sum(counts.values()), biases, work)
