"""Count what networks keep in memory, and write it to `counted.py`.

``python -m course_utils.explorers.training_memory.count``. The explorer reads what is written, so that it is
shown where PyTorch is not installed, too.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import nn

from course_utils import models

NETWORKS = {
    "AlexNet": (models.AlexNet, (3, 227, 227)),
    "VGG-16": (lambda: models.vgg("D"), (3, 224, 224)),
    "ResNet-50": (lambda: models.resnet(50), (3, 224, 224)),
    "AlexNet, CIFAR": (models.alexnet_cifar, (3, 32, 32)),
    "VGG-11, CIFAR": (models.vgg_cifar, (3, 32, 32)),
    "ResNet-9": (models.resnet_9, (3, 32, 32)),
    "ResNet-20": (lambda: models.resnet(20), (3, 32, 32)),
}
"""What makes each network, and the shape of one image."""
KINDS = {
    "convolution": nn.Conv2d,
    "batch norm": nn.BatchNorm2d,
    "pooling": (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d),
    "linear": nn.Linear,
    "dropout": nn.Dropout,
}
"""Of leaf modules; what is none of them is "other"."""
FILE = Path(__file__).with_name("counted.py")


def counted(make, input_shape: tuple[int, ...]) -> dict:
    """Return the numbers of one network, for one image.

    Parameters
    ----------
    make : callable
        Returns the network.
    input_shape : tuple of int
        (C, H, W).

    Returns
    -------
    dict
        ``shape``; ``parameters``; ``cast``, those of convolutions and linear layers, which mixed precision
        copies; ``activations``: numbers that leaf modules put out, by kind, and the input's. An output that
        lies in the memory of its module's input, as that of a ReLU in place, is none of its own.
    """
    with torch.device("meta"):  # shapes without numbers
        model, x = make().train(), torch.empty(1, *input_shape)
    activations = {"input": x.numel()}

    def hear(module, inputs, output):
        if output.untyped_storage()._cdata != inputs[0].untyped_storage()._cdata:
            kind = next(
                (kind for kind, types in KINDS.items() if isinstance(module, types)), "other"
            )
            activations[kind] = activations.get(kind, 0) + output.numel()

    for module in model.modules():
        if not list(module.children()):
            module.register_forward_hook(hear)
    with torch.no_grad():
        model(x)
    cast = [m for m in model.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    return {
        "shape": list(input_shape),
        "parameters": sum(p.numel() for p in model.parameters()),
        "cast": sum(p.numel() for m in cast for p in m.parameters()),
        "activations": activations,
    }


def text() -> str:
    """Return the module that keeps the numbers."""
    counts = {name: counted(*network) for name, network in NETWORKS.items()}
    return (
        '"""Numbers that networks keep in memory, for one image. Written by `count.py`."""\n\n'
        f"# fmt: off\nCOUNTS = {json.dumps(counts, indent=4)}\n"
    )


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
