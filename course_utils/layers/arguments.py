"""What the layers accept: floats of the right shapes, ints or pairs; all else is a ValueError."""

import operator

import numpy as np

from course_utils.arithmetic import conv_output_shape


def pair(name, value, least=1):
    """Return an int or a (height, width) pair as two ints of at least ``least``.

    >>> pair("stride", 2), pair("padding", (0, 1), least=0)
    ((2, 2), (0, 1))
    """
    parts = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    whole = [hasattr(part, "__index__") and not isinstance(part, bool) for part in parts]
    if len(parts) != 2 or not all(whole):
        raise ValueError(f"{name} must be an int or a (height, width) pair of ints, got {value!r}")
    if min(map(operator.index, parts)) < least:
        raise ValueError(f"{name} must be at least {least}, got {value!r}")
    return operator.index(parts[0]), operator.index(parts[1])


def floats(name, array, axes=None, like=None):
    """Return ``array`` if it is float32 or float64, of the type ``like``, with the named axes.

    ``axes`` is written as in an error message: ``"(N, C, H, W)"``.
    """
    array = np.asarray(array)
    if array.dtype not in (np.float32, np.float64):
        raise ValueError(f"{name} must be float32 or float64, got {array.dtype}")
    if like is not None and array.dtype != like:
        raise ValueError(
            f"{name} is {array.dtype} and x is {like}: they must be the same, so that the "
            "result has the type of its input"
        )
    if axes is not None and array.ndim != axes.count(",") + 1:
        raise ValueError(f"{name} must have the axes {axes}, got shape {array.shape}")
    return array


def upstream(dout, out_shape, like):
    """Return the upstream gradient if it has the shape and the type of the layer's output."""
    dout = floats("dout", dout, like=like)
    if dout.shape != tuple(out_shape):
        raise ValueError(
            f"dout has shape {dout.shape}, but the output of the forward pass has {tuple(out_shape)}: "
            "the gradient has the shape of what it is the gradient of"
        )
    return dout


def per_channel(name, array, count, like, what):
    """Return a vector with one entry for each of ``count`` channels (or features)."""
    array = floats(name, array, like=like)
    if array.shape != (count,):
        raise ValueError(
            f"{name} must have shape ({count},), one entry per {what}, got {array.shape}"
        )
    return array


def output_size(shape, kernel_size, stride, padding, dilation=(1, 1)):
    """Output (height, width) for images of ``shape`` (N, C, H, W); the floor drops what is left over."""
    if 0 in shape[2:]:
        raise ValueError(f"x has shape {shape}: height and width must be at least 1")
    try:
        return conv_output_shape(shape[2:], kernel_size, stride, padding, dilation)
    except ValueError as error:
        raise ValueError(f"x of shape {shape}: {error}") from None
