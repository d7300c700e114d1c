"""The arithmetic of convolutional networks: sizes, parameters, memory, work, receptive fields.

Exact integer arithmetic in plain Python; names follow ``torch.nn``. Sizes are in pixels, and counts
are per image, never per batch. "Int or pair" is one number for both axes or ``(height, width)``.
:mod:`course_utils.networks` has published networks for :func:`trace`.
"""

import math
import operator
from typing import NamedTuple

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

_MAY_BE_ZERO = {"padding", "output_padding", "count"}


def _checked(**arguments):
    """Return the arguments as ints, or raise an error that shows all of them."""
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    for name, value in arguments.items():
        least = 0 if name in _MAY_BE_ZERO else 1
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise TypeError(f"{name} must be an integer (given: {given})")
        if operator.index(value) < least:
            raise ValueError(f"{name} must be at least {least} (given: {given})")
    return [operator.index(value) for value in arguments.values()]


def _pair(name, value):
    """Return an int or a (height, width) pair as two ints."""
    pair = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(pair) != 2:
        raise ValueError(f"{name} must be an int or a (height, width) pair, got {value!r}")
    return tuple(_checked(**{name: part})[0] for part in pair)


def conv_output_size(size, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    """Size of a convolution's or a pool's output along one axis.

    ``floor((size + 2 * padding - span) / stride) + 1``, where the kernel spans
    ``dilation * (kernel_size - 1) + 1`` pixels. The floor drops the pixels at the end that no whole
    step reaches. Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning,
    2016, relationships 6 and 15, https://arxiv.org/abs/1603.07285.

    Parameters
    ----------
    size, kernel_size, stride, padding, dilation : int
        Pixels along this axis; ``padding`` is added at both ends.
    exact : bool
        Whether to refuse a kernel whose steps leave pixels over.

    Returns
    -------
    int
        Number of positions of the kernel, at least 1.

    Raises
    ------
    ValueError
        If size, kernel, stride or dilation is below 1 or the padding below 0; if the kernel spans
        more than the padded input; if ``exact`` and the kernel does not tile the input.

    Examples
    --------
    >>> conv_output_size(227, 11, stride=4)
    55
    >>> conv_output_size(7, 3, stride=3)
    2
    >>> conv_output_size(7, 3, stride=3, exact=True)
    Traceback (most recent call last):
    ValueError: kernel_size=3 with stride=3 does not tile size=7: (7 + 2*0 - 3)/3 + 1 = 2.33
    """
    size, kernel_size, stride, padding, dilation = _checked(
        size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    span = dilation * (kernel_size - 1) + 1
    padded = size + 2 * padding
    if span > padded:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {span}, larger than the "
            f"padded input size={size} + 2*padding={padding} = {padded}"
        )
    steps, left_over = divmod(padded - span, stride)
    if exact and left_over:
        raise ValueError(
            f"kernel_size={kernel_size} with stride={stride} does not tile size={size}: "
            f"({size} + 2*{padding} - {span})/{stride} + 1 = {(padded - span) / stride + 1:.2f}"
        )
    return steps + 1


def conv_output_shape(shape, kernel_size, stride=1, padding=0, dilation=1, exact=False):
    """Output shape (H, W) of a convolution or a pool; every argument but ``exact`` int or pair.

    Parameters and errors are those of :func:`conv_output_size`, once per axis.

    Examples
    --------
    >>> conv_output_shape((32, 48), kernel_size=(3, 5), stride=(1, 2), padding=(1, 0))
    (32, 22)
    """
    axes = zip(
        _pair("size", shape),
        _pair("kernel_size", kernel_size),
        _pair("stride", stride),
        _pair("padding", padding),
        _pair("dilation", dilation),
        strict=True,
    )
    return tuple(conv_output_size(*axis, exact=exact) for axis in axes)


def same_padding(kernel_size, dilation=1):
    """Padding that keeps the size at stride 1: half of what the kernel spans beyond one pixel.

    Raises
    ------
    ValueError
        If the kernel spans an even number of pixels: it would need half a pixel at each end.

    Examples
    --------
    >>> [same_padding(kernel_size) for kernel_size in (1, 3, 5, 7)]
    [0, 1, 2, 3]
    >>> same_padding(2, dilation=2)
    1
    """
    kernel_size, dilation = _checked(kernel_size=kernel_size, dilation=dilation)
    beyond = dilation * (kernel_size - 1)
    if beyond % 2:
        raise ValueError(
            f"kernel_size={kernel_size} with dilation={dilation} spans {beyond + 1}, an even "
            f"number: padding {beyond / 2} at each end is not whole"
        )
    return beyond // 2


def transposed_output_size(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Size of a transposed convolution's output along one axis.

    ``(size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1``.
    It undoes the size of a convolution with the same numbers, not its values. With a stride,
    several sizes convolve to the same one; ``output_padding`` (below ``stride``) says which of them
    to return to. Source: Dumoulin and Visin 2016, relationship 14.

    Raises
    ------
    ValueError
        If an argument is too small, or if the padding crops the whole output away.

    Examples
    --------
    >>> transposed_output_size(4, kernel_size=3, stride=2)
    9
    >>> conv_output_size(9, kernel_size=3, stride=2), conv_output_size(10, kernel_size=3, stride=2)
    (4, 4)
    >>> transposed_output_size(4, kernel_size=3, stride=2, output_padding=1)
    10
    """
    size, kernel_size, stride, padding, dilation = _checked(
        size=size, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    (output_padding,) = _checked(output_padding=output_padding)
    whole = (size - 1) * stride + dilation * (kernel_size - 1) + output_padding + 1
    if whole <= 2 * padding:
        raise ValueError(
            f"2*padding={padding} crops away all {whole} pixels that size={size}, "
            f"kernel_size={kernel_size}, stride={stride}, dilation={dilation} give"
        )
    return whole - 2 * padding


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
    in_channels, out_channels, groups = _checked(
        in_channels=in_channels, out_channels=out_channels, groups=groups
    )
    height, width = _pair("kernel_size", kernel_size)
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
    in_features, out_features = _checked(in_features=in_features, out_features=out_features)
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
    height, width = _pair("output_size", output_size)
    weights = conv_parameters(in_channels, out_channels, kernel_size, bias=False, groups=groups)
    return weights * height * width


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
    (count,) = _checked(count=count)
    if number_format not in BITS:
        raise ValueError(f"number_format={number_format!r} is not one of {', '.join(BITS)}")
    return math.ceil(count * BITS[number_format] / 8)


class ReceptiveField(NamedTuple):
    """What the units of one layer see, in input pixels along one axis.

    Unit ``i`` sees the pixels ``start + i * jump`` to ``start + i * jump + size - 1``. Pixel 0 is
    the first of the image; a negative position lies in the padding.
    """

    size: int
    jump: int
    start: int
    centre: float


def _window(kernel_size, stride, dilation=1, padding=0):
    return _checked(kernel_size=kernel_size, stride=stride, dilation=dilation, padding=padding)


def receptive_fields(layers):
    """What the first unit of each layer sees in the input, and how far apart neighbours look.

    Source: Araujo, Norris and Sim, Computing receptive fields of convolutional neural networks,
    2019, https://doi.org/10.23915/distill.00021.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride)``, ``(kernel_size, stride, dilation)`` or
        ``(kernel_size, stride, dilation, padding)``, first layer first; where left out, dilation is
        1 and padding 0.

    Returns
    -------
    list of ReceptiveField
        One for each layer. ``size`` is the span from the first to the last pixel seen.

    Examples
    --------
    >>> for field in receptive_fields([(3, 1, 1, 1), (2, 2), (3, 1, 1, 1)]):
    ...     print(field)
    ReceptiveField(size=3, jump=1, start=-1, centre=0.0)
    ReceptiveField(size=4, jump=2, start=-1, centre=0.5)
    ReceptiveField(size=8, jump=2, start=-3, centre=0.5)
    """
    size, jump, start = 1, 1, 0
    fields = []
    for layer in layers:
        kernel_size, stride, dilation, padding = _window(*layer)
        size += dilation * (kernel_size - 1) * jump
        start -= padding * jump
        jump *= stride
        fields.append(ReceptiveField(size, jump, start, centre=start + (size - 1) / 2))
    return fields


def receptive_field(layers):
    """Input pixels, along one axis, that one unit of the last layer sees; 1 without layers.

    ``layers`` as in :func:`receptive_fields`; padding does not change the size.

    Examples
    --------
    >>> receptive_field([(3, 1), (3, 1), (3, 1)]), receptive_field([(7, 1)])
    (7, 7)
    """
    fields = receptive_fields(layers)
    return fields[-1].size if fields else 1


def _conv(shape, out_channels, kernel_size, stride=1, padding=0, groups=1, bias=True):
    in_channels, *size = _image(shape)
    size = conv_output_shape(size, kernel_size, stride, padding)
    weights = conv_parameters(in_channels, out_channels, kernel_size, bias=False, groups=groups)
    work = conv_multiply_adds(in_channels, out_channels, kernel_size, size, groups)
    return (out_channels, *size), weights, out_channels if bias else 0, work


def _pool(shape, kernel_size, stride, padding=0):
    channels, *size = _image(shape)
    return (channels, *conv_output_shape(size, kernel_size, stride, padding)), 0, 0, 0


def _lrn(shape):
    return shape, 0, 0, 0


def _linear(shape, out_features, bias=True):
    weights = linear_parameters(math.prod(shape), out_features, bias=False)
    return (out_features,), weights, out_features if bias else 0, weights


def _image(shape):
    if len(shape) != 3:
        raise ValueError(f"the input must be of shape (C, H, W), got {shape}")
    return shape


_KINDS = {"conv": _conv, "maxpool": _pool, "avgpool": _pool, "lrn": _lrn, "linear": _linear}


def trace(network, input_shape):
    """Follow the shape of one image through a network and count what each layer costs.

    Parameters
    ----------
    network : list of dict
        Layers in order, each with a ``name`` and a ``kind``, and for the kind

        - ``conv``: ``out_channels``, ``kernel_size``, ``stride=1``, ``padding=0``, ``groups=1``,
          ``bias=True``;
        - ``maxpool``, ``avgpool``: ``kernel_size``, ``stride``, ``padding=0``;
        - ``lrn`` (local response normalisation): nothing;
        - ``linear``: ``out_features``, ``bias=True``; it flattens what it gets.

        ReLU, dropout and flattening are not listed.
    input_shape : tuple of int
        (C, H, W) of one image.

    Returns
    -------
    list of tuple
        ``(name, shape, activations, weights, biases, multiply_adds)``, one for each layer after
        ``("input", input_shape, count, 0, 0, 0)``. Pools and normalisation cost no multiply-adds.

    Raises
    ------
    ValueError
        If a kind is unknown or a layer does not fit its input; the message names the layer.

    Examples
    --------
    >>> conv = {"kind": "conv", "name": "conv1", "out_channels": 6, "kernel_size": 5}
    >>> for row in trace([conv], input_shape=(3, 32, 32)):
    ...     print(row)
    ('input', (3, 32, 32), 3072, 0, 0, 0)
    ('conv1', (6, 28, 28), 4704, 450, 6, 352800)
    """
    shape = tuple(operator.index(size) for size in input_shape)
    rows = [("input", shape, math.prod(shape), 0, 0, 0)]
    for layer in network:
        options = dict(layer)
        name, kind = options.pop("name"), options.pop("kind")
        if kind not in _KINDS:
            raise ValueError(f"layer {name!r}: kind {kind!r} is not one of {', '.join(_KINDS)}")
        try:
            shape, *costs = _KINDS[kind](shape, **options)
        except (TypeError, ValueError) as error:
            raise type(error)(f"layer {name!r}: {error}") from error
        rows.append((name, shape, math.prod(shape), *costs))
    return rows


class Totals(NamedTuple):
    """Column sums of :func:`trace`; ``parameters`` are weights and biases together."""

    activations: int
    weights: int
    biases: int
    parameters: int
    multiply_adds: int


def totals(rows):
    """Sum the columns of :func:`trace`; the activations include the input's row.

    Examples
    --------
    >>> linear = {"kind": "linear", "name": "scores", "out_features": 10}
    >>> totals(trace([linear], input_shape=(3, 32, 32)))
    Totals(activations=3082, weights=30720, biases=10, parameters=30730, multiply_adds=30720)
    """
    _, _, *columns = zip(*rows, strict=True)
    activations, weights, biases, multiply_adds = map(sum, columns)
    return Totals(activations, weights, biases, weights + biases, multiply_adds)
