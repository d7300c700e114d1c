"""Make a small network from a list of layers, have an answer initialise it, and tell what it has then.

`initialised` runs where the answer is.
"""

from __future__ import annotations

import torch
from torch import nn

from course_utils.modules.build import own_randomness

KINDS = ("Conv2d", "Linear", "BatchNorm2d", "PReLU", "ReLU", "MaxPool2d", "Dropout", "Flatten")
BEFORE = 7.0  # every weight, bias and scale
SLOPE = 0.3


class Group(nn.Module):
    """Layers in a module of its own, as those of a block are."""

    def __init__(self, layers):
        super().__init__()
        self.inner = nn.ModuleDict({f"part{n}": layer for n, layer in enumerate(layers)})

    def forward(self, x):
        for layer in self.inner.values():
            x = layer(x)
        return x


def model(layers) -> nn.Sequential:
    """Return a network.

    Parameters
    ----------
    layers : list
        ``("Conv2d", 3, 8, 5)`` and the like, a class of `torch.nn` and its arguments, a dict of named ones at
        the end; a list in it is a module with these layers in it; ``("again", n)`` is the n-th layer of the
        same list once more.

    Raises
    ------
    ValueError
        If a class is none of `KINDS`.
    """
    return nn.Sequential(*_made(layers))


def _made(layers):
    made = []
    for layer in layers:
        if isinstance(layer, list):
            made.append(Group(_made(layer)))
            continue
        kind, *sizes = layer
        if kind == "again":
            made.append(made[sizes[0]])
            continue
        if kind not in KINDS:
            raise ValueError(f"a layer is one of {', '.join(KINDS)}, got {kind!r}")
        named = sizes.pop() if sizes and isinstance(sizes[-1], dict) else {}
        made.append(getattr(nn, kind)(*sizes, **named))
    return made


def initialised(answer, layers, scheme: str, seed: int = 0) -> dict:
    """Call an answer with a new network, PyTorch's global generator at a seed.

    Returns
    -------
    dict
        ``same``, whether what comes back is the network; ``parameters``, a list of (class, name, array) in the
        order of the layers, of what comes back if that is another network.
    """
    net = model(layers)
    with torch.no_grad():
        for module in net.modules():
            for parameter in module.parameters(recurse=False):
                parameter.fill_(SLOPE if isinstance(module, nn.PReLU) else BEFORE)
    with own_randomness(seed):
        back = answer(net, scheme)
    told = (
        back if isinstance(back, nn.Module) else net
    )  # a copy is one fault, its numbers are others
    parameters = [
        (type(module).__name__, name, parameter.detach().cpu().numpy().copy())
        for module in told.modules()
        for name, parameter in module.named_parameters(recurse=False)
    ]
    return {"same": back is net, "parameters": parameters}
