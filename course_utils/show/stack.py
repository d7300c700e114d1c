"""What one unit deep in a stack of layers sees: the numbers and words of its pictures.

Along one axis, on an input of 32 pixels. The explorer works out the same in the browser:
``describe`` in ``field_stack_picture.js`` is the twin of :func:`describe`.
"""

from course_utils.arithmetic import conv_output_size, receptive_fields
from course_utils.show.values import check_int

INPUT = 32
"""Pixels of the input along each axis."""
MOST = 6
"""Layers that the picture has room for."""

KNOBS = {
    "kernel_size": ("Kernel size", "F", 1, 7),
    "stride": ("Stride", "S", 1, 3),
    "dilation": ("Dilation", "D", 1, 3),
    "padding": ("Padding", "P", 0, 3),
}
"""Label, symbol, least and greatest value, in the order in which a layer lists them."""

STACKS = {
    "three layers of 3": [(3, 1, 1, 0)] * 3,
    "one layer of 7": [(7, 1, 1, 0)],
    "the first with stride 2": [(3, 2, 1, 0), (3, 1, 1, 0), (3, 1, 1, 0)],
    "dilations 1, 2, 3": [(3, 1, 1, 1), (3, 1, 2, 2), (3, 1, 3, 3)],
    "twice conv, conv, pool": [(3, 1, 1, 1), (3, 1, 1, 1), (2, 2, 1, 0)] * 2,
}
"""Stacks to start from."""


def check_layers(layers):
    """Return the layers as (kernel_size, stride, dilation, padding), or raise ValueError."""
    try:
        layers = [tuple(layer) for layer in layers]
    except TypeError:
        raise ValueError(f"layers must be a list of tuples, got {layers!r}") from None
    check_int("the number of layers", len(layers), 1, MOST)
    checked = []
    for number, layer in enumerate(layers, start=1):
        if not 2 <= len(layer) <= 4:
            raise ValueError(
                f"layer {number} must be (kernel_size, stride), with a dilation and a padding "
                f"where wanted, got {layer!r}"
            )
        layer = (*layer, *(1, 0)[len(layer) - 2 :])
        parts = zip(KNOBS.items(), layer, strict=True)
        checked.append(
            tuple(
                check_int(f"layer {number}: {name}", part, least, greatest)
                for (name, (_, _, least, greatest)), part in parts
            )
        )
    return checked


def sizes_of(layers):
    """Return the units of each level, the input first, and why the next layer does not fit."""
    sizes = [INPUT]
    for number, (kernel_size, stride, dilation, padding) in enumerate(layers, start=1):
        try:
            sizes.append(conv_output_size(sizes[-1], kernel_size, stride, padding, dilation))
        except ValueError as error:
            return sizes, f"layer {number}: {error}"
    return sizes, ""


def describe(layers, layer, unit):
    """Work out what one unit of one layer sees.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride, dilation, padding)``, first layer first, within :data:`KNOBS`.
    layer : int
        From 1, the first layer.
    unit : int
        From 0.

    Returns
    -------
    dict
        ``sizes`` (units of each level, the input first), ``problem`` (why a layer does not fit, or
        ""), ``fields`` (size, jump and centre for each layer that fits), ``steps`` (a line for each
        of them) and ``words``; and where the layer has units ``first`` and ``last`` (input pixels,
        outside the image in the padding), ``needed`` (units that it depends on, for each level
        up to its own) and ``outside`` (the positions in the padding, likewise).

    Raises
    ------
    ValueError
        If a value is out of range.
    """
    layers = check_layers(layers)
    check_int("layer", layer, 1, len(layers))
    sizes, problem = sizes_of(layers)
    fitting = layers[: len(sizes) - 1]
    fields = [(1, 1, 0, 0.0), *receptive_fields(fitting)]
    state = {"sizes": sizes, "problem": problem}
    state["fields"] = [[size, jump, centre] for size, jump, _, centre in fields[1:]]
    state["steps"] = [
        f"r = {before[0]} + {D}·({F} − 1)·{before[1]} = {after[0]}, "
        f"j = {before[1]}·{S} = {after[1]}"
        for (F, S, D, _), before, after in zip(fitting, fields, fields[1:], strict=False)
    ]
    if layer >= len(sizes):
        check_int("unit", unit, 0, 0)
        state["words"] = f"Layer {layer} has no units."
        return state
    check_int("unit", unit, 0, sizes[layer] - 1)
    size, jump, start, _ = fields[layer]
    first = start + unit * jump
    last = first + size - 1
    needed, outside = [[] for _ in sizes[: layer + 1]], [[] for _ in sizes[: layer + 1]]
    needed[layer] = [unit]
    for level in range(layer, 0, -1):
        F, S, D, P = layers[level - 1]
        taps = sorted({k * S - P + D * tap for k in needed[level] for tap in range(F)})
        needed[level - 1] = [k for k in taps if 0 <= k < sizes[level - 1]]
        outside[level - 1] = [k for k in taps if not 0 <= k < sizes[level - 1]]
    inside = min(last, INPUT - 1) - max(first, 0) + 1
    words = f"Unit {unit} of layer {layer} sees {size} pixels"
    if size == inside:
        words += f", {first} to {last}." if size > 1 else f", number {first}."
    else:
        words += f", of which {inside} lie in the image and {size - inside} in its padding."
    read = len(needed[0])
    if read < inside:
        words += f" It reads {read} of those {inside}." if size > inside else f" It reads {read}."
    words += f" Its neighbours look {jump} pixel{'s' if jump > 1 else ''} further."
    return state | {
        "first": first,
        "last": last,
        "needed": needed,
        "outside": outside,
        "words": words,
    }
