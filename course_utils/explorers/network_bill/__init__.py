"""The explorer of lecture 01: what each layer of a network costs."""

import re

import traitlets

from course_utils import networks
from course_utils.arithmetic import BITS
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Step, check_int

MOST = 40
"""Layers that a network may have."""

FIELDS = {
    "out_channels": ("Filters", 1, 9999),
    "kernel_size": ("Kernel", 1, 99),
    "stride": ("Stride", 1, 99),
    "padding": ("Padding", 0, 99),
    "groups": ("Groups", 1, 9999),
    "out_features": ("Units", 1, 99999),
}
"""Label, least and greatest value of what can be set for a layer."""
AXES = {"channels": ("Channels", 1, 9999), "height": ("Height", 1, 999), "width": ("Width", 1, 999)}
"""The same for the input."""

_POOL = {"kernel_size": 2, "stride": 2, "padding": 0}
KINDS = {
    "conv": {"out_channels": 64, "kernel_size": 3, "stride": 1, "padding": 1, "groups": 1},
    "maxpool": _POOL,
    "avgpool": _POOL,
    "lrn": {},
    "linear": {"out_features": 10},
}
"""What each kind of layer has, with the values that a new one gets."""
_LEFT_OUT = {"stride": 1, "padding": 0, "groups": 1}


def _pattern():
    conv = {"kind": "conv", "out_channels": 10, "kernel_size": 3, "padding": 1}
    pool = {"kind": "maxpool", "kernel_size": 2, "stride": 2}
    layers = []
    for block in (1, 2, 3):
        layers += [conv | {"name": f"conv{2 * block - 1}"}, conv | {"name": f"conv{2 * block}"}]
        layers.append(pool | {"name": f"pool{block}"})
    return [*layers, {"kind": "linear", "name": "scores", "out_features": 10}]


NETWORKS = {
    "[conv conv pool] × 3": ((3, 32, 32), _pattern()),
    "LeNet-5": ((1, 32, 32), networks.LENET5),
    "AlexNet": ((3, 227, 227), networks.ALEXNET),
    "AlexNet, two groups": ((3, 227, 227), networks.ALEXNET_GROUPED),
    "AlexNet, pool before LRN": ((3, 227, 227), networks.ALEXNET_LRN_AFTER_POOL),
    "ZFNet": ((3, 224, 224), networks.ZFNET),
    "VGG-11": ((3, 224, 224), networks.VGG["A"]),
    "VGG-16": ((3, 224, 224), networks.VGG["D"]),
    "VGG-19": ((3, 224, 224), networks.VGG["E"]),
}
"""Input shape and layers of the networks to start from."""


class _Network(traitlets.TraitType):
    """Layers with every setting written out; the name of a known network brings its input shape, too.

    What layers do to each other is not looked at: the explorer says when they do not fit.
    """

    def validate(self, explorer, value):
        if isinstance(value, str):
            if value not in NETWORKS:
                raise traitlets.TraitError(
                    f"{self.name}={value!r} is not one of {', '.join(NETWORKS)}"
                )
            shape, value = NETWORKS[value]
            if explorer is not None:
                explorer.input_shape = shape
        if not isinstance(value, (list, tuple)):
            raise traitlets.TraitError(f"{self.name} must be a list of layers, got {value!r}")
        check_int("the number of layers", len(value), 1, MOST)
        return [_checked(number, layer) for number, layer in enumerate(value, start=1)]


def _checked(number, layer):
    if not isinstance(layer, dict) or not {"kind", "name"} <= layer.keys():
        raise traitlets.TraitError(
            f"layer {number} must be a dict with a kind and a name, got {layer!r}"
        )
    layer = dict(layer)
    name, kind, bias = layer.pop("name"), layer.pop("kind"), layer.pop("bias", True)
    if not isinstance(name, str) or not re.fullmatch(r"[\w.+-][\w .+-]{0,15}", name):
        raise traitlets.TraitError(
            f"layer {number}: name must be up to 16 letters and digits, got {name!r}"
        )
    if kind not in KINDS:
        raise traitlets.TraitError(
            f"layer {name!r}: kind={kind!r} is not one of {', '.join(KINDS)}"
        )
    checked = {"kind": kind, "name": name}
    for field in KINDS[kind]:
        if field not in layer and field not in _LEFT_OUT:
            raise traitlets.TraitError(f"layer {name!r}: {field} is missing")
        _, least, greatest = FIELDS[field]
        value = layer.pop(field, _LEFT_OUT.get(field))
        checked[field] = check_int(f"layer {name!r}: {field}", value, least, greatest)
    if layer:
        raise traitlets.TraitError(f"layer {name!r}: {kind} has no {', '.join(layer)}")
    return checked | ({"bias": bool(bias)} if kind in ("conv", "linear") else {})


class _Shape(traitlets.TraitType):
    """(C, H, W)."""

    def validate(self, explorer, value):
        if not isinstance(value, (list, tuple)) or len(value) != 3:
            raise traitlets.TraitError(f"{self.name} must be (C, H, W), got {value!r}")
        parts = zip(AXES.items(), value, strict=True)
        return tuple(
            check_int(f"input {axis}", part, least, greatest)
            for (axis, (_, least, greatest)), part in parts
        )


class NetworkBill(Explorer):
    """Explorer: a network as a list of layers that can be changed, with a bar for what each costs.

    It works by mouse and by keyboard (Tab to a control or to the picture, arrow keys choose a layer,
    Insert and Delete add and remove one). What it shows can be read and set here, too.

    Parameters
    ----------
    network : str or list of dict
        A name of :data:`NETWORKS`, or layers as :func:`course_utils.arithmetic.trace` takes them,
        with square kernels. Layers that do not fit each other are no error: the explorer says why.
    input_shape : tuple of int, optional
        (C, H, W); that of the named network, or 3 × 32 × 32.
    quantity : str
        ``"memory"``, ``"activations"``, ``"parameters"`` or ``"multiply_adds"``.
    number_format : str
        A format of :data:`course_utils.arithmetic.BITS`, for the memory.
    scale : str
        ``"linear"`` or ``"log"``.
    layer : int
        Number of the chosen layer, from 1; 0 is the input.

    Examples
    --------
    >>> explorer = NetworkBill("LeNet-5")
    >>> explorer.input_shape, len(explorer.network)
    ((1, 32, 32), 7)
    """

    network = _Network("VGG-16")
    input_shape = _Shape((3, 224, 224))
    quantity = Choice(
        "memory",
        "Show",
        {
            "memory": "Memory",
            "activations": "Activations",
            "parameters": "Parameters",
            "multiply_adds": "Multiply-adds",
        },
    )
    number_format = Choice(
        "float32", "Numbers", {k: f"{k}, {n} bit{'s' * (n > 1)}" for k, n in BITS.items()}
    )
    scale = Choice("linear", "Scale", {"linear": "Linear", "log": "Logarithmic"})
    layer = Step(1, lambda explorer: len(explorer.network) + 1)

    tables = {
        "networks": {
            name: [shape, [_checked(0, layer) for layer in network]]
            for name, (shape, network) in NETWORKS.items()
        },
        "kinds": KINDS,
        "fields": FIELDS,
        "axes": AXES,
        "bits": BITS,
        "most": MOST,
    }

    def __init__(self, *values, **named):
        given = self.__signature__.bind(*values, **named).arguments
        network = given.setdefault("network", "VGG-16")
        known = NETWORKS.get(network) if isinstance(network, str) else None
        if given.get("input_shape") is None:
            given["input_shape"] = known[0] if known else (3, 32, 32)
        super().__init__(**given)

    def __repr__(self):
        rest = (f"{name}={getattr(self, name)!r}" for name in list(self._shown)[1:])
        return f"NetworkBill(<{len(self.network)} layers>, {', '.join(rest)})"
