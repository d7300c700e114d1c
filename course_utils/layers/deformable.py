"""Sampling between pixels, and the convolution whose taps are moved (Dai et al. 2017, arXiv:1703.06211).

Plain functions for part 03's tests; positions are (row, column), and pixel centres are whole numbers.
"""

from __future__ import annotations

import numpy as np

from course_utils.layers.variants import conv2d


def bilinear_sample(x, points):
    """Return the values of an image between its pixels.

    Parameters
    ----------
    x : ndarray of shape (C, H, W)
    points : ndarray of shape (P, 2)
        Row and column. Neighbours outside the image count as 0.

    Returns
    -------
    ndarray of shape (C, P)

    Examples
    --------
    >>> bilinear_sample(np.array([[[1.0, 3], [5, 9]]]), np.array([[0.5, 0.5], [1, 1.5]]))
    array([[4.5, 4.5]])
    """
    out = np.zeros((len(x), len(points)), x.dtype)
    for rows, columns, down, across, _, _, inside in _neighbours(x, points):
        values = x[:, np.where(inside, rows, 0), np.where(inside, columns, 0)]
        out += values * (down * across * inside)
    return out


def bilinear_sample_backward(dout, x, points):
    """Gradients of `bilinear_sample` with respect to the image and the points, (dx, dpoints)."""
    dx, dpoints = np.zeros_like(x), np.zeros_like(points)
    for rows, columns, down, across, along, aside, inside in _neighbours(x, points):
        rows, columns = np.where(inside, rows, 0), np.where(inside, columns, 0)
        np.add.at(dx, (slice(None), rows, columns), dout * (down * across * inside))
        met = np.sum(dout * x[:, rows, columns], axis=0) * inside
        dpoints += np.stack([met * along * across, met * down * aside], axis=1)
    return dx, dpoints


def _neighbours(x, points):
    """Yield the four: rows, columns, weights along each axis, their slopes, and which lie inside."""
    corner = np.floor(points).astype(int)
    part = points - corner
    for i, j in np.ndindex(2, 2):
        rows, columns = corner[:, 0] + i, corner[:, 1] + j
        down, across = (part[:, a] if n else 1 - part[:, a] for a, n in enumerate((i, j)))
        inside = (rows >= 0) & (rows < x.shape[1]) & (columns >= 0) & (columns < x.shape[2])
        yield rows, columns, down, across, 2 * i - 1, 2 * j - 1, inside


def taps(offset, kernel):
    """Return where each tap looks: (N, KH * KW, OH, OW, 2), rows and columns.

    Parameters
    ----------
    offset : ndarray of shape (N, 2 * KH * KW, OH, OW)
        Channels 2k and 2k + 1 are the row and the column offset of tap k, in row order.
    kernel : (int, int)
    """
    n, _, oh, ow = offset.shape
    moved = np.moveaxis(offset.reshape(n, -1, 2, oh, ow), 2, -1)
    tap = np.stack(np.indices(kernel), axis=-1).reshape(1, -1, 1, 1, 2)
    place = np.stack(np.indices((oh, ow)), axis=-1)
    return moved + tap + place


def deform_conv2d(x, offset, w, b):
    """Convolve with each tap moved by an offset: stride 1, no padding.

    Parameters
    ----------
    x : ndarray of shape (N, C, H, W)
    offset : ndarray of shape (N, 2 * KH * KW, OH, OW)
        See `taps`.
    w : ndarray of shape (F, C, KH, KW)
    b : ndarray of shape (F,)

    Returns
    -------
    ndarray of shape (N, F, OH, OW)
    """
    places, size = taps(offset, w.shape[2:]), offset.shape[2:]
    filters = w.reshape(len(w), w.shape[1], -1)
    out = []
    for image, where in zip(x, places, strict=True):
        seen = bilinear_sample(image, where.reshape(-1, 2)).reshape(len(image), -1, *size)
        out.append(np.einsum("ckij,fck->fij", seen, filters) + b[:, None, None])
    return np.stack(out)


def deform_layer(x, w_offset, b_offset, w, b):
    """Predict the offsets by a convolution, and convolve with them."""
    return deform_conv2d(x, conv2d(x, w_offset, b_offset), w, b)


def deform_conv2d_backward_offset(dout, x, offset, w):
    """Gradient of `deform_conv2d` with respect to the offsets."""
    places, (n, _, oh, ow) = taps(offset, w.shape[2:]), offset.shape
    filters, doffset = w.reshape(len(w), w.shape[1], -1), []
    for upstream, image, where in zip(dout, x, places, strict=True):
        dseen = np.einsum("fij,fck->ckij", upstream, filters).reshape(len(image), -1)
        _, dpoints = bilinear_sample_backward(dseen, image, where.reshape(-1, 2))
        doffset.append(np.moveaxis(dpoints.reshape(-1, oh, ow, 2), -1, 1))
    return np.stack(doffset).reshape(n, -1, oh, ow)
