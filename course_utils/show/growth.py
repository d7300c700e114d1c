"""Fully connected, local and convolutional layers as the image grows: numbers and words.

All three make K maps of S × S from C channels of S × S. The explorer works out the same in the
browser: ``describe`` in ``dense_or_conv.js`` is the twin of :func:`describe`.
"""

from course_utils.arithmetic import conv_multiply_adds, conv_parameters, linear_parameters
from course_utils.show.values import check_choice, check_int, rounded_bytes, thousands

KNOBS = {
    "side": ("Image side", "S", 16, 256, 1),
    "channels": ("Channels", "C", 1, 64, 1),
    "filters": ("Filters", "K", 1, 128, 1),
    "kernel_size": ("Kernel size", "F", 1, 11, 2),
}
"""Label, symbol, least and greatest value and step of each knob."""

QUANTITIES = {
    "parameters": "Parameters",
    "memory": "Parameters in bytes",
    "multiply_adds": "Multiply-adds",
}
SCALES = {"log": "Logarithmic", "linear": "Linear"}
LAYERS = ("fully connected", "local, not shared", "convolution")


def check_knob(name, value):
    """Return ``value`` as an int, or raise ValueError that says what the knob takes."""
    _, _, least, greatest, step = KNOBS[name]
    value = check_int(name, value, least, greatest)
    if (value - least) % step:
        raise ValueError(f"{name}={value} is even: same padding needs an odd kernel")
    return value


def counts(side, channels, filters, kernel_size, quantity="parameters"):
    """Return the counts of the three layers, in the order of :data:`LAYERS`.

    Memory is that of the parameters as float32.
    """
    S, C, K, F = side, channels, filters, kernel_size
    units = K * S * S
    if quantity == "multiply_adds":
        dense = linear_parameters(C * S * S, units, bias=False)
        return dense, *[conv_multiply_adds(C, K, F, S)] * 2
    parameters = (
        linear_parameters(C * S * S, units),
        linear_parameters(C * F * F, units),
        conv_parameters(C, K, F),
    )
    return tuple(4 * count for count in parameters) if quantity == "memory" else parameters


def describe(side, channels, filters, kernel_size, quantity="parameters"):
    """Work out one state.

    Returns
    -------
    dict
        ``counts``, ``texts`` and ``formulas`` of the three layers, ``ratio`` (fully connected to
        convolution, rounded) and ``words``.

    Raises
    ------
    ValueError
        If a value is out of range.
    """
    knobs = dict(zip(KNOBS, (side, channels, filters, kernel_size), strict=True))
    S, C, K, F = (check_knob(name, value) for name, value in knobs.items())
    check_choice("quantity", quantity, QUANTITIES)
    three = counts(S, C, K, F, quantity)
    write = rounded_bytes if quantity == "memory" else thousands
    texts = [write(count) for count in three]
    if quantity == "multiply_adds":
        work = f"{S}²·{K}·{C}·{F}²"
        formulas = [f"{C}·{S}² · {K}·{S}²", work, work]
    else:
        formulas = [
            f"{C}·{S}² · {K}·{S}² + {K}·{S}²",
            f"{S}²·{K}·({C}·{F}² + 1)",
            f"{K}·({C}·{F}² + 1)",
        ]
        if quantity == "memory":
            formulas = [f"4 · ({formula})" for formula in formulas]
    ratio = (2 * three[0] + three[2]) // (2 * three[2])
    what = {
        "parameters": "parameters",
        "memory": "for parameters",
        "multiply_adds": "multiply-adds",
    }
    words = f"At {S} × {S}: fully connected {texts[0]} {what[quantity]}, convolution {texts[2]}"
    words += f", {thousands(ratio)} times fewer." if ratio > 1 else "."
    return {
        "counts": list(three),
        "texts": texts,
        "formulas": formulas,
        "ratio": ratio,
        "words": words,
    }
