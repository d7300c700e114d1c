"""Convolutions and products with fewer multiplications, plain: what part 04's tests compare with.

They are written to be read beside their formulas; `course_utils.layers.winograd` and
`course_utils.layers.lowered` are the ones that are fast.
"""

from __future__ import annotations

import math
import operator

import numpy as np

# Lavin and Gray, Fast algorithms for convolutional neural networks, 2015: B transposed, G, and A transposed.
BT = np.array([[1.0, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
G = np.array([[1.0, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
AT = np.array([[1.0, 1, 1, 0], [0, 1, -1, -1]])
METHODS = "direct", "im2col", "fft", "winograd"


def both(size) -> tuple[int, int]:
    """Return a size, an int or a pair, as a pair.

    >>> both(3), both((2, 5))
    ((3, 3), (2, 5))
    """
    return (int(size[0]), int(size[1])) if isinstance(size, (tuple, list)) else (int(size),) * 2


def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4) -> int:
    """Return the bytes of the column matrix of a convolution, (C * KH * KW, N * OH * OW).

    Examples
    --------
    >>> im2col_bytes((1, 3, 224, 224), 3, padding=1)
    5419008
    """
    n, c, *image = input_shape
    kernel = both(kernel_size)
    places = [(i + 2 * padding - k) // stride + 1 for i, k in zip(image, kernel, strict=True)]
    return n * c * math.prod(kernel) * math.prod(places) * itemsize


def im2col_growth(kernel_size, stride=1) -> float:
    """Return how many times larger than the images the column matrix is, in the limit of large images."""
    return math.prod(both(kernel_size)) / stride**2


def conv2d_fft(x, w, b, padding=0):
    """Convolve by products of Fourier transforms.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, KH, KW)
    b : ndarray of shape (F,)
    padding : int

    Returns
    -------
    ndarray of shape (N, F, OH, OW)

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image.

    Notes
    -----
    A product of transforms is a circular convolution, and with one of the two conjugated a circular
    cross-correlation. Outputs whose window lies inside the image do not reach round the circle.
    """
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size, kernel = x.shape[2:], w.shape[2:]
    rows, columns = (n - k + 1 for n, k in zip(size, kernel, strict=True))
    if min(rows, columns) < 1:
        raise ValueError(f"a kernel of {kernel} is larger than a padded image of {size}")
    products = np.einsum("nchw,fchw->nfhw", np.fft.rfft2(x), np.fft.rfft2(w, size).conj())
    out = np.fft.irfft2(products, size)[:, :, :rows, :columns]
    return out + b[:, np.newaxis, np.newaxis]


def winograd_1d(d, g, multiply=operator.mul):
    """Return two outputs of a filter of three taps, with four multiplications: F(2, 3).

    Examples
    --------
    >>> winograd_1d([1, 2, 3, 4], [1, 10, 100])
    (321.0, 432.0)
    """
    (d0, d1, d2, d3), (g0, g1, g2) = d, g
    first = multiply(d0 - d2, g0)
    second = multiply(d1 + d2, (g0 + g1 + g2) / 2)
    third = multiply(d2 - d1, (g0 - g1 + g2) / 2)
    fourth = multiply(d1 - d3, g2)
    return first + second + third, second - third - fourth


def transform_filter(w):
    """Return G g G.T of filters: (F, C, 3, 3) to (F, C, 4, 4)."""
    return G @ w @ G.T


def transform_input(tiles):
    """Return B.T d B of tiles: (..., 4, 4) to the same shape."""
    return BT @ tiles @ BT.T


def transform_output(m):
    """Return A.T m A of products: (..., 4, 4) to (..., 2, 2)."""
    return AT @ m @ AT.T


def conv2d_winograd(x, w, b, padding=0):
    """Convolve with 3x3 kernels in tiles of 2x2 outputs: F(2x2, 3x3).

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    w : ndarray of shape (F, C, 3, 3)
    b : ndarray of shape (F,)
    padding : int

    Returns
    -------
    ndarray of shape (N, F, OH, OW)

    Raises
    ------
    ValueError
        If the kernel is not 3x3.
    """
    if w.shape[2:] != (3, 3):
        raise ValueError(f"a kernel of {w.shape[2:]} is not 3x3")
    rows, columns = (size + 2 * padding - 2 for size in x.shape[2:])
    down, across = rows % 2, columns % 2  # what the last tile lacks
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding + down), (padding, padding + across)))
    tiles = np.lib.stride_tricks.sliding_window_view(x, (4, 4), axis=(2, 3))[:, :, ::2, ::2]
    products = np.einsum("ncijuv,fcuv->nfijuv", transform_input(tiles), transform_filter(w))
    out = transform_output(products).swapaxes(3, 4)
    out = out.reshape(*out.shape[:2], rows + down, columns + across)[:, :, :rows, :columns]
    return out + b[:, np.newaxis, np.newaxis]


def strassen(a, b, leaf=64, multiply=np.matmul):
    """Multiply matrices with seven products of blocks in place of eight, again and again.

    Parameters
    ----------
    a : ndarray of shape (m, k)
    b : ndarray of shape (k, n)
    leaf : int
        Blocks whose three sizes are at most this go to `multiply`.
    multiply : callable

    Raises
    ------
    ValueError
        If the inner sizes differ.
    """
    (m, k), (inner, n) = a.shape, b.shape
    if k != inner:
        raise ValueError(f"matrices of {a.shape} and {b.shape} have no product")
    if max(m, k, n) <= leaf:
        return multiply(a, b)
    (a11, a12), (a21, a22) = _quarters(a)
    (b11, b12), (b21, b22) = _quarters(b)
    pairs = [
        (a11 + a22, b11 + b22),
        (a21 + a22, b11),
        (a11, b12 - b22),
        (a22, b21 - b11),
        (a11 + a12, b22),
        (a21 - a11, b11 + b12),
        (a12 - a22, b21 + b22),
    ]
    m1, m2, m3, m4, m5, m6, m7 = (strassen(p, q, leaf, multiply) for p, q in pairs)
    out = np.block([[m1 + m4 - m5 + m7, m3 + m5], [m2 + m4, m1 - m2 + m3 + m6]])
    return out[:m, :n]


def _quarters(a):
    """Return the four quarters of a matrix, after a row or a column of zeros where a size is odd."""
    a = np.pad(a, [(0, size % 2) for size in a.shape])
    return [np.split(half, 2, axis=1) for half in np.split(a, 2)]


def multiplications(method, input_shape, out_channels, kernel_size, padding=0) -> int:
    """Count the multiplications of a convolution with stride 1.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    input_shape : (N, C, H, W)
    out_channels : int
    kernel_size : int or (int, int)
    padding : int

    Raises
    ------
    ValueError
        For another method, and for Winograd with another kernel than 3x3.

    Examples
    --------
    >>> [multiplications(method, (1, 1, 4, 4), 1, 3) for method in METHODS]
    [36, 36, 448, 16]
    """
    (n, c, *image), f, kernel = input_shape, out_channels, both(kernel_size)
    rows, columns = (i + 2 * padding - k + 1 for i, k in zip(image, kernel, strict=True))
    if method in ("direct", "im2col"):
        return n * f * c * math.prod(kernel) * rows * columns
    if method == "fft":
        pixels = math.prod(i + 2 * padding for i in image)
        one = math.ceil(2 * pixels * math.log2(pixels))
        return (n * c + f * c + n * f) * one + 4 * n * f * c * pixels
    if method == "winograd" and kernel == (3, 3):
        return 16 * n * f * c * math.ceil(rows / 2) * math.ceil(columns / 2)
    raise ValueError(f"no count for {method!r} with a kernel of {kernel}")
