"""Make a network with a fault out of the right one: the layers of `course_utils.models` have names.

edited(models.AlexNet, without("relu1"), put(pool2=lambda: nn.MaxPool2d(2)))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import torch.nn.functional as F
from torch import nn

from course_utils.checks.networks.tables import Subject
from course_utils.models.early import Named

Edit = Callable[[dict[str, nn.Module]], dict[str, nn.Module]]
Make = Callable[[], nn.Module]


def edited(maker: Callable[..., nn.Module], *edits: Edit) -> Callable[..., nn.Module]:
    """Return a maker of the same network with its top-level layers edited, one edit after the other.

    Parameters
    ----------
    maker : callable
        Makes a network whose layers run one after the other.
    edits
        Each takes the layers by name, and returns what is to be there.
    """

    def made(*args, **kwargs):
        layers = dict(maker(*args, **kwargs).named_children())
        for edit in edits:
            layers = edit(layers)
        return Named(layers)

    return made


def put(**makes: Make) -> Edit:
    """Put other layers in the places of those that have these names."""

    def edit(layers):
        _known(layers, *makes)
        return layers | {name: make() for name, make in makes.items()}

    return edit


def without(*names: str) -> Edit:
    """Leave layers out."""

    def edit(layers):
        _known(layers, *names)
        return {name: layer for name, layer in layers.items() if name not in names}

    return edit


def swapped(first: str, second: str) -> Edit:
    """Have two layers in each other's places."""

    def edit(layers):
        _known(layers, first, second)
        other = {first: second, second: first}
        return {other.get(name, name): layers[other.get(name, name)] for name in layers}

    return edit


def after(place: str, **makes: Make) -> Edit:
    """Put more layers, by new names, behind one."""

    def edit(layers):
        _known(layers, place)
        found = {}
        for name, layer in layers.items():
            found[name] = layer
            found |= {new: make() for new, make in makes.items()} if name == place else {}
        return found

    return edit


def each(kind: type[nn.Module], make: Callable[[nn.Module], nn.Module]) -> Edit:
    """Put what `make` gives in the place of every layer of a kind; it is given the layer."""

    def edit(layers):
        if not any(isinstance(layer, kind) for layer in layers.values()):
            raise KeyError(f"no {kind.__name__} among {', '.join(layers)}")
        return {n: make(la) if isinstance(la, kind) else la for n, la in layers.items()}

    return edit


def all_of(kind: type[nn.Module], make: Make = nn.Identity) -> Edit:
    """Put another layer in the place of each of a kind; one that does nothing by default."""
    return each(kind, lambda _: make())


def changed(*names: str, **changes) -> Edit:
    """Change arguments of convolutions."""

    def edit(layers):
        _known(layers, *names)
        return layers | {name: like(layers[name], **changes) for name in names}

    return edit


def linear(**sizes: tuple[int, int]) -> Edit:
    """Put linear layers of these sizes in the places of others."""
    return put(**{name: partial(nn.Linear, *size) for name, size in sizes.items()})


def like(layer: nn.Conv2d, **changes) -> nn.Conv2d:
    """Return a convolution like another one, but for some of its arguments."""
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "groups")
    own = {name: getattr(layer, name) for name in names} | {"bias": layer.bias is not None}
    return nn.Conv2d(**own | changes)


class Apply(nn.Module):
    """A function as a layer."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def always_drops(p: float = 0.5) -> Apply:
    """Return dropout that acts in eval mode too."""
    return Apply(partial(F.dropout, p=p, training=True))


def within_channel(x):
    """Local response norm over 5 x 5 neighbours of the same channel, with AlexNet's numbers."""
    return x * (2 + 1e-4 * F.avg_pool2d(x * x, 5, 1, 2)) ** -0.75


def _known(layers, *names):
    unknown = [name for name in names if name not in layers]
    if unknown:
        raise KeyError(f"no {', '.join(unknown)} among {', '.join(layers)}")


def subject(reference: Callable, faults: Mapping[str, tuple[str, Callable]], test: str) -> Subject:
    """Return what a test of one exercise compares with.

    Parameters
    ----------
    reference : callable
        Makes the right network.
    faults : mapping of str to (str, callable)
        Sentence that names a fault → the test that charges it, and what makes a network that has it.
    test : str
        Which of the tests it is.
    """
    own, others = (
        {
            sentence: make
            for sentence, (charges, make) in faults.items()
            if (charges == test) == mine
        }
        for mine in (True, False)
    )
    return Subject(reference, own, others)


def subject_in(
    reference: Callable, faults: Mapping[str, tuple[str, Callable]], test: str
) -> Subject:
    """Return the same where a fault's tests are all named: those that do not show in a test take no time there.

    Parameters
    ----------
    reference : callable
    faults : mapping of str to (str, callable)
        Sentence → the test that charges the fault and the others in which it shows, and what makes it.
    test : str
    """
    shown = {s: (t.split()[0], m) for s, (t, m) in faults.items() if test in t.split()}
    return subject(reference, shown, test)
