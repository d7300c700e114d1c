"""Variants of the convolution, forward only and plain: what part 03's tests compare with.

Each function returns its output alone. They are written to be read beside their formulas, not to be fast.
"""

from __future__ import annotations

import itertools

import numpy as np

from course_utils.layers.conv import conv2d_forward


def conv2d(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    """Return the output of `course_utils.layers.conv2d_forward`."""
    return conv2d_forward(x, w, b, stride, padding, dilation, groups)[0]


def locally_connected2d(x, w, b, stride=1):
    """Convolve with a kernel and a bias for each place of the output.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (OH, OW, F, C, KH, KW)
    b : ndarray of shape (F, OH, OW)
    stride : int

    Returns
    -------
    ndarray of shape (N, F, OH, OW)

    Raises
    ------
    ValueError
        If the kernel does not fit, or `w` or `b` has another grid than the output.
    """
    grid = tuple((n - k) // stride + 1 for n, k in zip(x.shape[2:], w.shape[4:], strict=True))
    if min(grid) < 1 or w.shape[:2] != grid or b.shape[1:] != grid:
        raise ValueError(
            f"an image of {x.shape[2:]} and kernels of {w.shape[4:]} with stride {stride} make an output "
            f"of {grid}, but w has kernels for {w.shape[:2]} and b has biases for {b.shape[1:]}"
        )
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[4:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.einsum("ncijuv,ijfcuv->nfij", windows, w) + b


def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    """Lay down the kernel, scaled, for each pixel, `stride` apart, and add up where they overlap.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (C, F, KH, KW)
    b : ndarray of shape (F,)
    stride, padding, output_padding : int
        `padding` pixels are cut off on each side; `output_padding` more rows and columns are kept at the
        end.

    Returns
    -------
    ndarray of shape (N, F, OH, OW)
        ``OH = (H - 1) * stride - 2 * padding + KH + output_padding``.

    Examples
    --------
    >>> conv_transpose2d(np.array([[[[1.0, 2]]]]), np.array([[[[1.0, 3, 5]]]]), np.zeros(1), stride=2)
    array([[[[ 1.,  3.,  7.,  6., 10.]]]])
    """
    (kh, kw), (n, _, height, width) = w.shape[2:], x.shape
    full = np.zeros((n, w.shape[1], (height - 1) * stride + kh, (width - 1) * stride + kw), x.dtype)
    for i, j in np.ndindex(height, width):
        top, left = i * stride, j * stride
        full[:, :, top : top + kh, left : left + kw] += np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
    full = np.pad(full, ((0, 0), (0, 0), (0, output_padding), (0, output_padding)))
    height, width = (size - padding for size in full.shape[2:])
    return full[:, :, padding:height, padding:width] + b[:, None, None]


def convolution_matrix(w, size, stride=1, padding=0):
    """Return the matrix of a convolution of one image without bias.

    Parameters
    ----------
    w : ndarray of shape (F, C, KH, KW)
    size : (int, int)
        Height and width of the image.
    stride, padding : int

    Returns
    -------
    ndarray of shape (F * OH * OW, C * H * W)
        Times ``x.ravel()`` it is the output, raveled.
    """
    channels = w.shape[1]
    pixels = np.eye(channels * size[0] * size[1]).reshape(-1, channels, *size)
    return conv2d(pixels, w, np.zeros(len(w)), stride, padding).reshape(len(pixels), -1).T


def conv1d(x, w, b, stride=1, padding=0, dilation=1):
    """Convolve sequences of shape (N, C, L) with w of shape (F, C, K)."""
    return _conv(x, w, b, (stride,), (padding,), (dilation,))


def conv3d(x, w, b, stride=1, padding=0):
    """Convolve films of shape (N, C, T, H, W) with w of shape (F, C, KT, KH, KW); ints or triples."""
    stride, padding = (tuple(int(v) for v in np.broadcast_to(o, 3)) for o in (stride, padding))
    return _conv(x, w, b, stride, padding, (1, 1, 1))


def _conv(x, w, b, stride, padding, dilation):
    """Convolve along any number of axes: a sum over the taps of the kernel."""
    x = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    kernel = w.shape[2:]
    sizes = [
        (n - d * (k - 1) - 1) // s + 1
        for n, k, s, d in zip(x.shape[2:], kernel, stride, dilation, strict=True)
    ]
    if min(sizes) < 1:
        raise ValueError(f"a kernel of {kernel} is larger than a padded input of {x.shape[2:]}")
    out = np.zeros((len(x), len(w), *sizes), x.dtype)
    for tap in itertools.product(*map(range, kernel)):
        seen = tuple(
            slice(t * d, t * d + (o - 1) * s + 1, s)
            for t, o, s, d in zip(tap, sizes, stride, dilation, strict=True)
        )
        out += np.einsum("nc...,fc->nf...", x[(slice(None), slice(None), *seen)], w[(..., *tap)])
    return out + b.reshape(-1, *(1,) * len(kernel))


def pointwise(x, w, b):
    """Map the channels at every pixel: x (N, C, H, W), w (F, C), b (F,) to (N, F, H, W)."""
    return np.einsum("nchw,fc->nfhw", x, w) + b[:, None, None]


def separate(kernel):
    """Return the column and the row whose outer product is nearest to a kernel, and what is left over.

    Returns
    -------
    column, row : ndarray
    error : float
        Norm of what is left over, as a share of the kernel's; 0.0 for a kernel of zeros.
    """
    u, s, v = np.linalg.svd(kernel)
    norm = float(np.sqrt(np.sum(s**2)))
    error = float(np.sqrt(np.sum(s[1:] ** 2))) / norm if norm else 0.0
    return u[:, 0] * s[0], v[0], error


def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    """Convolve each channel with a kernel of its own, (C, KH, KW), then map the channels, (F, C)."""
    none = np.zeros(len(depthwise), x.dtype)
    middle = conv2d(x, depthwise[:, None], none, stride, padding, groups=len(depthwise))
    return np.einsum("nchw,fc->nfhw", middle, pointwise) + b[:, None, None]
