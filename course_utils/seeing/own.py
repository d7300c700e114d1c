"""The network that a student trained in part 07: its function from the assignment, its weights beside it."""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

CELL = "small-networks"
"""The cell of assignment 07 in which the networks are written."""
FOLDER = Path("../assignments/07_training_on_a_gpu")
"""Of assignment 07, seen from the lectures."""


def own_network(name: str = "vgg", folder: Path = FOLDER) -> nn.Sequential | None:
    """Return a student's own network of exercise 7.6, in eval mode, or None, and say which it is.

    Layers that stand in each other are laid out in one chain.

    Parameters
    ----------
    name : str
        ``"alexnet"`` or ``"vgg"``: chains of layers. A residual network is no chain.
    folder : path
        With the notebook and the weights.
    """
    folder = Path(folder)
    weights, notebook = folder / f"{name}.safetensors", folder / f"{folder.resolve().name}.ipynb"
    if not weights.is_file() or not notebook.is_file():
        print(f"No {weights.name} beside assignment 07: the course's own network stands in")
        return None
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    source = next(("".join(cell["source"]) for cell in cells if cell.get("id") == CELL), "")
    names = {"torch": torch, "nn": nn, "F": F, "math": math, "Path": Path}
    try:
        exec(source, names)  # the student's own cell, on the student's own machine
        model = names[f"small_{name}"]()
        model.load_state_dict(load_file(weights))
        chain = in_one_chain(model)
    except Exception as error:  # whatever a cell of somebody else's may raise
        said = f"{type(error).__name__}: {error}"
        print(f"{weights.name} does not fit small_{name} ({said}); the course's own stands in")
        return None
    count = f"{sum(p.numel() for p in chain.parameters()):,}".replace(",", " ")
    print(f"Your {name} of part 07, {count} parameters")
    return chain.eval()


def in_one_chain(model: nn.Module) -> nn.Sequential:
    """Return the layers of a chain of chains as one, named ``conv1``, ``relu1`` and so on.

    Raises
    ------
    ValueError
        If a part of it is no chain.
    """
    chain, counts = nn.Sequential(), {}
    kinds = {
        nn.Conv2d: "conv",
        nn.BatchNorm2d: "bn",
        nn.ReLU: "relu",
        nn.MaxPool2d: "pool",
        nn.Linear: "fc",
    }

    def lay(part):
        if isinstance(part, nn.Sequential):
            for layer in part:
                lay(layer)
            return
        if any(True for _ in part.children()):
            raise ValueError(f"{type(part).__name__} is no chain of layers")
        kind = kinds.get(type(part), type(part).__name__.lower())
        counts[kind] = counts.get(kind, 0) + 1
        chain.add_module(f"{kind}{counts[kind]}", part)

    lay(model)
    return chain
