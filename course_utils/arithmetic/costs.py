"""What layers cost: parameters, multiply-adds, memory."""

import math

from course_utils.arithmetic.arguments import checked, pair_of


def conv_parameters(in_channels, out_channels, kernel_size, bias=True, groups=1):
    """Number of weights and biases of a convolution.

    Each of the ``out_channels`` filters spans the kernel and all ``in_channels / groups`` channels
    of its group, and has one bias. The size of the image does not enter.

    Raises
    ------
    ValueError
        If ``groups`` does not divide both channel counts.

    Examples
    --------
    >>> conv_parameters(3, 10, kernel_size=5)
    760
    >>> conv_parameters(96, 256, kernel_size=5, bias=False, groups=2)
    307200
    """
    in_channels, out_channels, groups = checked(
        in_channels=in_channels, out_channels=out_channels, groups=groups
    )
    height, width = pair_of("kernel_size", kernel_size)
    if in_channels % groups or out_channels % groups:
        raise ValueError(
            f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}"
        )
    weights = out_channels * (in_channels // groups) * height * width
    return weights + (out_channels if bias else 0)


def linear_parameters(in_features, out_features, bias=True):
    """Number of weights and biases of a fully connected layer.

    Examples
    --------
    >>> linear_parameters(256 * 6 * 6, 4096)
    37752832
    """
    in_features, out_features = checked(in_features=in_features, out_features=out_features)
    return in_features * out_features + (out_features if bias else 0)


def conv_multiply_adds(in_channels, out_channels, kernel_size, output_size, groups=1):
    """Multiply-adds of a convolution per image: each weight is used once per output position.

    One multiplication with its addition counts 1; adding the bias is not counted.
    ``kernel_size`` and ``output_size`` are int or pair; errors as in :func:`conv_parameters`.

    Examples
    --------
    >>> conv_multiply_adds(3, 96, kernel_size=11, output_size=55)
    105415200
    """
    height, width = pair_of("output_size", output_size)
    weights = conv_parameters(in_channels, out_channels, kernel_size, bias=False, groups=groups)
    return weights * height * width


BITS = {
    "float64": 64,
    "float32": 32,
    "float16": 16,
    "bfloat16": 16,
    "fixed16": 16,
    "fixed12": 12,
    "fixed10": 10,
    "int8": 8,
    "binary": 1,
}
"""Bits that one number takes in each format that :func:`memory_bytes` knows."""


def memory_bytes(count, number_format="float32"):
    """Bytes that ``count`` numbers take when packed; see :data:`BITS` for the formats.

    Raises
    ------
    ValueError
        If the format is unknown or ``count`` is negative.

    Examples
    --------
    >>> memory_bytes(1_000_000), memory_bytes(1_000_000, "binary")
    (4000000, 125000)
    """
    (count,) = checked(count=count)
    if number_format not in BITS:
        raise ValueError(f"number_format={number_format!r} is not one of {', '.join(BITS)}")
    return math.ceil(count * BITS[number_format] / 8)
