"""First weights of a network, by the sizes of its layers."""

from __future__ import annotations

import math

import torch
from torch import nn

GAINS = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25**2)}


def initialise(model: nn.Module, scheme: str) -> nn.Module:
    """Draw the weights of all convolutions and linear layers of a model, in place.

    Biases become 0, the norms' weights 1 and biases 0; slopes of PReLUs stay.

    Parameters
    ----------
    model : Module
    scheme : str
        Normal weights of variance 2 / fan-in (``he_fan_in``), 2 / fan-out (``he_fan_out``), or
        2 / ((1 + 0.25²) fan-in) (``prelu``), where the fan counts what one output, or one input, meets in its
        group.

    Returns
    -------
    Module
        The model.

    Raises
    ------
    ValueError
        For other schemes.

    Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", arXiv:1502.01852, equations 10, 14 and 15.
    """
    if scheme not in GAINS:
        raise ValueError(f"scheme must be one of {', '.join(GAINS)}, got {scheme!r}")
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            out, per_output = module.weight.shape[0], module.weight[0].numel()
            groups = getattr(module, "groups", 1)
            per_input = out // groups * per_output // module.weight.shape[1]
            fan = per_input if scheme == "he_fan_out" else per_output
            nn.init.normal_(module.weight, std=math.sqrt(GAINS[scheme] / fan))
        elif isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
            if module.weight is not None:
                nn.init.ones_(module.weight)
        else:
            continue
        if module.bias is not None:
            with torch.no_grad():
                module.bias.zero_()
    return model
