"""The explorer of lecture 04: the bits of a number, and what each format makes of it."""

import traitlets

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob, Scale, Step, Within, check_int

FORMATS = {
    "fp32": {"exponent": 8, "fraction": 23},
    "fp16": {"exponent": 5, "fraction": 10},
    "bf16": {"exponent": 8, "fraction": 7},
    "fixed": {"exponent": 0, "fraction": 15},
}
"""Bits of exponent and fraction; beside them a sign. Fixed point is a whole number in two's complement."""

NUMBERS = [1e-40, 1e-8, 0.001, 0.1, 1.0, 3.141592653589793, 100.1, 2049.0, 70000.0, 1e39]
"""Numbers to be written in a format."""


def _width(explorer):
    form = FORMATS[explorer.format]
    return 1 + form["exponent"] + form["fraction"]


class _Flips(Within):
    """Places of bits, from the left, each once and in order."""

    def validate(self, explorer, value):
        try:
            places = sorted({check_int(f"a place of {self.name}", k, 0) for k in value})
        except TypeError:
            raise traitlets.TraitError(
                f"{self.name} must be places of bits, got {value!r}"
            ) from None
        return places

    def inside(self, explorer, value):
        for place in value:
            check_int(f"a place of {self.name}", place, 0, self.extent(explorer) - 1)
        return value

    def clamped(self, explorer, value):
        return [place for place in value if place < self.extent(explorer)]


class NumberBits(Explorer):
    """Explorer: a number in fp32, fp16, bf16 or 16-bit fixed point, bit by bit.

    The format writes the number as well as it can, to the nearest, ties to even; then any bit can be
    flipped. The picture shows the bits, where the value lies in the range of each format, and how far off
    the nearest number of each format is.

    It works by mouse (click a bit) and by keyboard (Tab to a control or to the picture, arrow keys, Enter,
    Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    format : str
        ``"fp32"``, ``"fp16"``, ``"bf16"`` or ``"fixed"``.
    number : float
        What is to be written: one of :data:`NUMBERS`.
    fraction_bits : int
        Of the fixed point format, from 0 to 15: it counts in steps of 2 to the minus this.
    bit : int
        The chosen bit, from the left; 0 is the sign.
    flipped : list of int
        Bits that differ from the nearest number of the format.

    Examples
    --------
    >>> bits = NumberBits("fp16", number=2049.0)
    >>> bits.flipped = [15]
    >>> bits.format = "bf16"
    >>> bits
    NumberBits(format='bf16', number=2049.0, fraction_bits=8, bit=0, flipped=[15])
    """

    format = Choice(
        "fp32",
        "Format",
        {"fp32": "fp32", "fp16": "fp16", "bf16": "bf16", "fixed": "16-bit fixed point"},
    )
    number = Scale(0.1, "Number", "x", NUMBERS)
    fraction_bits = Knob(8, "Fixed-point fraction", "f", 0, 15)
    bit = Step(0, _width)
    flipped = _Flips([], _width)

    tables = {"formats": FORMATS}
    figures = {"number_bits": {"format": "fp16", "number": 0.1, "bit": 4}}
