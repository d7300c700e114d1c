"""The bill of a network, layer by layer: the numbers and words of its pictures.

The explorer works out the same in the browser: ``describe`` in ``network_bill_numbers.js`` is the
twin of :func:`describe`.
"""

import math
import re

from course_utils import networks
from course_utils.arithmetic import BITS, memory_bytes, trace
from course_utils.show.values import check_choice, check_int, rounded_bytes, thousands

QUANTITIES = {
    "memory": "Memory",
    "activations": "Activations",
    "parameters": "Parameters",
    "multiply_adds": "Multiply-adds",
}
SCALES = {"linear": "Linear", "log": "Logarithmic"}
MOST = 40
"""Layers that the list has room for."""

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


def check_network(network):
    """Return a network with every setting of each layer written out, or raise ValueError.

    What the layers do to each other is not looked at: :func:`describe` says when they do not fit.
    """
    if not isinstance(network, (list, tuple)):
        raise ValueError(f"network must be a list of layers, got {network!r}")
    check_int("the number of layers", len(network), 1, MOST)
    return [_check_layer(layer, number) for number, layer in enumerate(network, start=1)]


def _check_layer(layer, number):
    if not isinstance(layer, dict) or not {"kind", "name"} <= layer.keys():
        raise ValueError(f"layer {number} must be a dict with a kind and a name, got {layer!r}")
    layer = dict(layer)
    name, kind, bias = layer.pop("name"), layer.pop("kind"), layer.pop("bias", True)
    if not isinstance(name, str) or not re.fullmatch(r"[\w.+-][\w .+-]{0,15}", name):
        raise ValueError(f"layer {number}: name must be up to 16 letters and digits, got {name!r}")
    check_choice(f"layer {name!r}: kind", kind, KINDS)
    checked = {"kind": kind, "name": name}
    for field in KINDS[kind]:
        if field not in layer and field not in _LEFT_OUT:
            raise ValueError(f"layer {name!r}: {field} is missing")
        _, least, greatest = FIELDS[field]
        value = layer.pop(field, _LEFT_OUT.get(field))
        checked[field] = check_int(f"layer {name!r}: {field}", value, least, greatest)
    if layer:
        raise ValueError(f"layer {name!r}: {kind} has no {', '.join(layer)}")
    return checked | ({"bias": bool(bias)} if kind in ("conv", "linear") else {})


def check_input_shape(shape):
    """Return (C, H, W) as ints, or raise ValueError."""
    if not isinstance(shape, (list, tuple)) or len(shape) != 3:
        raise ValueError(f"input_shape must be (C, H, W), got {shape!r}")
    parts = zip(AXES.items(), shape, strict=True)
    return tuple(
        check_int(f"input {axis}", part, least, greatest)
        for (axis, (_, least, greatest)), part in parts
    )


def named(network):
    """Return a network of :data:`NETWORKS` and its input by name; layers are returned as they are.

    Returns
    -------
    (tuple or None, list)
        Input shape and layers.

    Raises
    ------
    ValueError
        If there is no network of that name.
    """
    if not isinstance(network, str):
        return None, network
    check_choice("network", network, NETWORKS)
    return NETWORKS[network]


def rows_of(network, input_shape):
    """Trace as far as the layers fit; return the rows and why the next one does not fit, or ""."""
    rows = trace([], input_shape)
    for layer in network:
        # One layer at a time, on the shape so far: its row does not depend on the layers before.
        try:
            rows += trace([layer], rows[-1][1])[1:]
        except (TypeError, ValueError) as error:
            return rows, str(error)
    return rows, ""


def describe(network, input_shape, quantity="memory", number_format="float32", scale="linear"):
    """Work out what each layer costs, and how long its bars are.

    Returns
    -------
    dict
        ``rows``: for the input and each layer that fits its name, shape in words, activations,
        parameters, multiply-adds, bytes of activations and bytes of parameters; ``problem`` (why
        the next layer does not fit, or ""); ``totals`` (the sums of these five columns); ``bars``
        (one length between 0 and 1 for each row, or two for the memory); ``most`` (what a bar of
        length 1 is, for each column of bars); ``texts`` (what stands beside the bars), ``heads``
        (what stands above them) and ``words``.

    Raises
    ------
    ValueError
        If a value is not one of those that are known or is out of range.
    """
    network, input_shape = check_network(network), check_input_shape(input_shape)
    check_choice("quantity", quantity, QUANTITIES)
    check_choice("number_format", number_format, BITS)
    check_choice("scale", scale, SCALES)
    traced, problem = rows_of(network, input_shape)
    rows = []
    for name, shape, activations, weights, biases, multiply_adds in traced:
        numbers = activations, weights + biases, multiply_adds
        stored = [memory_bytes(count, number_format) for count in numbers[:2]]
        rows.append([name, " × ".join(map(str, shape)), *numbers, *stored])
    columns = {"activations": [2], "parameters": [3], "multiply_adds": [4], "memory": [5, 6]}
    shown = [[row[column] for column in columns[quantity]] for row in rows]
    most = [max(1, *column) for column in zip(*shown, strict=True)]
    write = rounded_bytes if quantity == "memory" else thousands
    titles = ["activations", "parameters"] if quantity == "memory" else [QUANTITIES[quantity]]
    titles = [title.lower() for title in titles]
    totals = [sum(column) for column in list(zip(*rows, strict=True))[2:]]
    return {
        "rows": rows,
        "problem": problem,
        "totals": totals,
        "most": most,
        "bars": [
            [length(*pair, scale) for pair in zip(counts, most, strict=True)] for counts in shown
        ],
        "texts": [[write(count) for count in counts] for counts in shown],
        "heads": [
            f"{title}, max {write(count)}" for title, count in zip(titles, most, strict=True)
        ],
        "words": problem or _words(rows, totals, number_format),
    }


def length(count, most, scale):
    """Return the length of a bar, 1 for ``most``; on the logarithmic scale 0 stands for 0 and 1."""
    if scale == "linear":
        return count / most
    return math.log(count) / math.log(most) if count > 1 else 0.0


def halfway(rows, column):
    """Return the number of the row with which the sum of a column reaches half of its total."""
    total, so_far = sum(row[column] for row in rows), 0
    for number, row in enumerate(rows):
        so_far += row[column]
        if 2 * so_far >= total:
            return number
    return len(rows) - 1


def _words(rows, totals, number_format):
    activations, parameters, multiply_adds, *stored = totals
    words = (
        f"In all {thousands(activations)} activations, {thousands(parameters)} parameters, "
        f"{thousands(multiply_adds)} multiply-adds; as {number_format} "
        f"{rounded_bytes(stored[0])} and {rounded_bytes(stored[1])}. "
    )
    first, second = (halfway(rows, column) for column in (2, 3))
    last = len(rows) - 1
    words += f"Half of the activations are reached at {rows[first][0]}, row {first} of {last}"
    if not parameters:
        return words + "."
    return words + f"; half of the parameters at {rows[second][0]}, row {second}."
