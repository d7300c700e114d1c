"""The explorer of lecture 01: what one unit deep in a stack of layers sees."""

import traitlets

from course_utils.arithmetic import conv_output_size
from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Step, check_int
from course_utils.show.images import drawn_image

INPUT = 32
"""Pixels of the input along each axis."""
MOST = 6
"""Layers that the picture has room for."""

KNOBS = {
    "kernel_size": ["Kernel size", "K", 1, 7],
    "stride": ["Stride", "S", 1, 3],
    "dilation": ["Dilation", "D", 1, 3],
    "padding": ["Padding", "P", 0, 3],
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


class _Layers(traitlets.TraitType):
    """Layers as (kernel_size, stride, dilation, padding), the last two where they are wanted."""

    def validate(self, explorer, value):
        try:
            layers = [tuple(layer) for layer in value]
        except TypeError:
            raise traitlets.TraitError(
                f"{self.name} must be a list of tuples, got {value!r}"
            ) from None
        check_int("the number of layers", len(layers), 1, MOST)
        return [self._checked(number, layer) for number, layer in enumerate(layers, start=1)]

    def _checked(self, number, layer):
        if not 2 <= len(layer) <= 4:
            raise traitlets.TraitError(
                f"layer {number} must be (kernel_size, stride), with a dilation and a padding "
                f"where wanted, got {layer!r}"
            )
        parts = zip(KNOBS.items(), (*layer, *(1, 0)[len(layer) - 2 :]), strict=True)
        return tuple(
            check_int(f"layer {number}: {name}", part, least, greatest)
            for (name, (_, _, least, greatest)), part in parts
        )


def _units(explorer):
    """Units of the chosen layer; 1 where it has none, so that the first can be named."""
    size = INPUT
    for K, S, D, P in explorer.layers[: explorer.layer]:
        if size + 2 * P < D * (K - 1) + 1:
            return 1
        size = conv_output_size(size, K, S, P, D)
    return size


def _colours():
    """The drawn image, a CSS colour for each pixel; few colours, so that the figure stays small."""
    pixels = drawn_image(INPUT).transpose(1, 2, 0) // 6 * 6 + 3
    return [[f"#{bytes(pixel).hex()}" for pixel in row] for row in pixels]


class FieldStack(Explorer):
    """Explorer: up to six layers along one axis, and all that one unit depends on.

    It works by mouse (click or drag) and by keyboard (Tab to a knob or to the picture, arrow keys,
    Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride)``, ``(kernel_size, stride, dilation)`` or
        ``(kernel_size, stride, dilation, padding)``, first layer first.
    layer : int, optional
        The chosen layer, from 1; the last one if not given.
    unit : int
        The chosen unit of this layer, from 0.

    Examples
    --------
    >>> explorer = FieldStack([(3, 1), (3, 1)], unit=27)
    >>> explorer.layers = [(3, 2)]
    >>> explorer
    FieldStack(layers=[(3, 2, 1, 0)], layer=1, unit=14)
    """

    layers = _Layers(STACKS["three layers of 3"])
    layer = Step(None, lambda explorer: len(explorer.layers), first=1)
    unit = Step(0, _units)

    tables = {
        "input": INPUT,
        "most": MOST,
        "knobs": KNOBS,
        "stacks": STACKS,
        "image": _colours(),
    }

    def __init__(self, layers=None, layer=None, unit=0):
        layers = self._shown["layers"].default_value if layers is None else layers
        if layer is None:
            layer = len(self._shown["layers"].validate(self, layers))
        super().__init__(layers, layer, unit)
