"""Follow the shape of an image through a network, and add up what its layers cost."""

import math
import operator
from typing import NamedTuple

from course_utils.arithmetic.costs import conv_multiply_adds, conv_parameters, linear_parameters
from course_utils.arithmetic.sizes import conv_output_shape


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
