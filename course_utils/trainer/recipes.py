"""The networks that one command trains, with settings that suit them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from torch import nn

from course_utils.models import alexnet_cifar, resnet, resnet_9, vgg_cifar


@dataclass(frozen=True)
class Recipe:
    """A network for images of 32 x 32, and what is otherwise than in `Settings` when it is trained.

    Attributes
    ----------
    make : callable
        Makes the network.
    settings : dict
        On any data.
    published : dict
        Where the training of a paper is repeated, on CIFAR-10.
    source : str
        Of the numbers.
    """

    make: Callable[[], nn.Module]
    settings: dict = field(default_factory=dict)
    published: dict = field(default_factory=dict)
    source: str = ""


# 164 epochs of 45 000 images in batches of 128 are the paper's 64 000 steps, in which the rate falls twice.
HE = {"epochs": 164, "schedule": "step", "weight_decay": 1e-4}
PAGE = {"epochs": 24, "batch_size": 512, "learning_rate": 0.4, "warmup": 5.0, "cutout": 8}
RECIPES = {
    "alexnet": Recipe(alexnet_cifar, {"learning_rate": 0.02}),
    "vgg-11": Recipe(partial(vgg_cifar, "A"), {"learning_rate": 0.05}),
    "vgg-16": Recipe(partial(vgg_cifar, "D"), {"learning_rate": 0.05}),
    "resnet-9": Recipe(resnet_9, {}, PAGE, "Page 2018: 94 % of CIFAR-10"),
    **{
        f"resnet-{depth}": Recipe(partial(resnet, depth), {}, HE, "He et al. 2016, section 4.2")
        for depth in (20, 32, 44, 56, 110)
    },
}
