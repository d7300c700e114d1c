"""Max and average pooling."""

import numpy as np

from course_utils.layers.arguments import floats, output_size, pair, upstream


def maxpool2d_forward(x, kernel_size, stride=None, padding=0):
    """Keep the largest entry of each window, channel by channel.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    kernel_size : int or pair
    stride : int or pair
        By default the kernel size, so that windows neither overlap nor leave gaps.
    padding : int or pair
        Border of minus infinity, at most half of the kernel, so that every window has a pixel.

    Returns
    -------
    out : ndarray of shape (N, C, OH, OW)
        Sizes as in :func:`course_utils.arithmetic.conv_output_size`: windows that do not fit are
        dropped.
    cache : tuple
        For :func:`maxpool2d_backward`.

    Raises
    ------
    ValueError
        If x is not (N, C, H, W) floats, if the kernel does not fit or if the padding is too large.

    Examples
    --------
    >>> maxpool2d_forward(np.array([[[[1.0, 5.0, 2.0], [3.0, 4.0, 0.0]]]]), 2, stride=1)[0]
    array([[[[5., 5.]]]])
    """
    x, kernel_size, stride, padding, size = _arguments(x, kernel_size, stride, padding)
    padded = _with_border(x, padding, -np.inf)
    offsets = _offsets(padded, kernel_size, stride, size)
    out = next(offsets).copy()
    # Which of the window's entries it was, in row order: one byte for kernels up to 16 x 16.
    winner = np.zeros(out.shape, np.min_scalar_type(kernel_size[0] * kernel_size[1]))
    for index, entry in enumerate(offsets, start=1):
        # Strictly larger: a tie stays with the first. Indices rise, so the last to win is the largest;
        # arithmetic on bytes is much faster than assigning where a mask says so.
        np.maximum(winner, (entry > out) * winner.dtype.type(index), out=winner)
        np.maximum(out, entry, out=out)
    return out, (x.shape, x.dtype, winner, kernel_size, stride, padding)


def maxpool2d_backward(dout, cache):
    """Send each gradient to the entry that was the largest; windows that overlap add up.

    Of equal entries the first in row order gets it all.

    Parameters
    ----------
    dout : ndarray of shape (N, C, OH, OW)
    cache : tuple
        Second result of :func:`maxpool2d_forward`.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    shape, dtype, winner, kernel_size, stride, padding = cache
    dout = upstream(dout, winner.shape, dtype)
    padded, dx = _gradient(shape, dtype, padding)
    overlap = kernel_size[0] > stride[0] or kernel_size[1] > stride[1]
    for index, entry in enumerate(_offsets(padded, kernel_size, stride, dout.shape[2:])):
        share = dout * (winner == index)
        if overlap:
            entry += share
        else:
            entry[...] = share
    return dx


def avgpool2d_forward(x, kernel_size, stride=None, padding=0):
    """Average each window, channel by channel; zeros of the padding count, as in torch.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    kernel_size, stride, padding : int or pair
        As for :func:`maxpool2d_forward`, but with a border of zeros.

    Returns
    -------
    out : ndarray of shape (N, C, OH, OW)
    cache : tuple
        For :func:`avgpool2d_backward`.

    Raises
    ------
    ValueError
        If x is not (N, C, H, W) floats, if the kernel does not fit or if the padding is too large.

    Examples
    --------
    >>> avgpool2d_forward(np.array([[[[1.0, 5.0, 2.0], [3.0, 4.0, 0.0]]]]), 2, stride=1)[0]
    array([[[[3.25, 2.75]]]])
    """
    x, kernel_size, stride, padding, size = _arguments(x, kernel_size, stride, padding)
    padded = _with_border(x, padding, 0)
    offsets = _offsets(padded, kernel_size, stride, size)
    out = next(offsets).copy()
    for entry in offsets:
        out += entry
    out *= x.dtype.type(1 / (kernel_size[0] * kernel_size[1]))
    return out, (x.shape, x.dtype, size, kernel_size, stride, padding)


def avgpool2d_backward(dout, cache):
    """Share each gradient equally among the entries of its window; windows that overlap add up.

    Parameters
    ----------
    dout : ndarray of shape (N, C, OH, OW)
    cache : tuple
        Second result of :func:`avgpool2d_forward`.

    Returns
    -------
    dx : ndarray of shape (N, C, H, W)

    Raises
    ------
    ValueError
        If ``dout`` does not have the shape and type of the output.
    """
    shape, dtype, size, kernel_size, stride, padding = cache
    dout = upstream(dout, (*shape[:2], *size), dtype)
    share = dout * dtype.type(1 / (kernel_size[0] * kernel_size[1]))
    padded, dx = _gradient(shape, dtype, padding)
    for entry in _offsets(padded, kernel_size, stride, size):
        entry += share
    return dx


def _arguments(x, kernel_size, stride, padding):
    x = floats("x", x, "(N, C, H, W)")
    kernel_size = pair("kernel_size", kernel_size)
    stride = kernel_size if stride is None else pair("stride", stride)
    padding = pair("padding", padding, least=0)
    if 2 * padding[0] > kernel_size[0] or 2 * padding[1] > kernel_size[1]:
        raise ValueError(
            f"padding={padding} must be at most half of kernel_size={kernel_size}: "
            "a window would see nothing but padding"
        )
    return x, kernel_size, stride, padding, output_size(x.shape, kernel_size, stride, padding)


def _with_border(x, padding, value):
    if padding == (0, 0):
        return x
    return np.pad(x, ((0, 0), (0, 0), *((size, size) for size in padding)), constant_values=value)


def _gradient(shape, dtype, padding):
    """Zeros for the padded input, and the part of them that is the gradient of the input."""
    n, c, height, width = shape
    padded = np.zeros((n, c, height + 2 * padding[0], width + 2 * padding[1]), dtype)
    return padded, padded[:, :, padding[0] : padding[0] + height, padding[1] : padding[1] + width]


def _offsets(padded, kernel_size, stride, size):
    """Yield, for each entry of the window in row order, that entry of all windows: (N, C, OH, OW).

    A loop over the few entries of a window, not over the many windows, leaves the work to NumPy.
    """
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            rows = slice(i, i + (size[0] - 1) * stride[0] + 1, stride[0])
            columns = slice(j, j + (size[1] - 1) * stride[1] + 1, stride[1])
            yield padded[:, :, rows, columns]
