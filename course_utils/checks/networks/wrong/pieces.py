"""Layers, and edits of networks, that faults of LeNet-5, AlexNet, ZFNet and AlphaGo's network are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.checks.networks.wrong.edits import each, put, subject


def subject_in(
    reference: Callable, faults: Mapping[str, tuple[str, Callable]], test: str
) -> Subject:
    """Return what a test compares with; faults that do not show in it are left out.

    Parameters
    ----------
    reference : callable
    faults : mapping of str to (str, callable)
        Sentence → the test that charges the fault and the others in which it shows, and what makes it.
    test : str
    """
    shown = {s: (t.split()[0], m) for s, (t, m) in faults.items() if test in t.split()}
    return subject(reference, shown, test)


class Apply(nn.Module):
    """A function as a layer."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def all_of(kind, make=None):
    """Put another layer in the place of each of a kind; a layer that does nothing by default."""
    return each(kind, lambda _: make() if make else nn.Identity())


def like(layer, **changes):
    """Return a convolution like another one, but for some of its arguments."""
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "groups")
    own = {name: getattr(layer, name) for name in names} | {"bias": layer.bias is not None}
    return nn.Conv2d(**own | changes)


def changed(*names, **changes):
    """Change arguments of convolutions."""

    def edit(layers):
        return layers | {name: like(layers[name], **changes) for name in names}

    return edit


def linear(**sizes):
    """Put linear layers of these sizes in the places of others."""
    return put(**{name: partial(nn.Linear, *size) for name, size in sizes.items()})


def widths(convolutions, features):
    """Change the numbers of filters, and of features: what goes into fc6, and comes out of fc6, fc7, fc8."""

    def edit(layers):
        found, channels = dict(layers), 3
        for number, width in enumerate(convolutions, start=1):
            name = f"conv{number}"
            changes = {"in_channels": channels, "out_channels": width}
            found[name], channels = like(layers[name], **changes), width
        for number, size in enumerate(zip(features, features[1:], strict=False), start=6):
            found[f"fc{number}"] = nn.Linear(*size)
        return found

    return edit


def with_norms(layers):
    """Put a batch norm behind each convolution."""
    found = {}
    for name, layer in layers.items():
        found[name] = layer
        if isinstance(layer, nn.Conv2d):
            found[f"batch_{name}"] = nn.BatchNorm2d(layer.out_channels)
    return found


def always_drops():
    return Apply(partial(F.dropout, training=True))
