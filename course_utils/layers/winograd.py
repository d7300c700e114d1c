"""Convolution with few multiplications: Winograd's minimal filtering on tiles of 6 x 6 pixels.

Two polynomials are multiplied by evaluating both at enough points, multiplying the values, and
interpolating. A convolution is the transpose of such a product, and costs as little: m outputs of a
filter with r taps need m + r - 1 multiplications in place of m * r,

``y = A.T @ ((G @ g) * (B.T @ d))``,

for a tile ``d`` of m + r - 1 inputs and the filter ``g``. Nested in two dimensions, F(4x4, 3x3) takes
36 multiplications for 16 outputs, not 144. The sum over channels comes before the interpolation, so
each of the 36 positions of a tile is one matrix product (tiles, C) @ (C, F): still GEMM, with a
fourth of the work. The price is the three transforms, and about one decimal digit of accuracy.

Here m + r is always 7, which takes six points. B depends on the points only, so the same tiles serve
3x3 filters (m = 4), 5x5 filters (m = 2), and the gradient of the weights, in which a tile of upstream
gradients is the filter.

Images are copied to (N, H, W, C), so that every transform is a product of a matrix of at most 6 x 6
with long rows. In memory a tile is spread out: the transformed tiles of a block are one array of
shape (6, N, rows, columns, 6, C), with the row within the tile first and the column last but one.
Sources: Winograd, Arithmetic complexity of computations, 1980; Lavin and Gray, Fast
algorithms for convolutional neural networks, 2015, https://arxiv.org/abs/1509.09308.
"""

from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_utils.layers.blocks import cut, scratch

TILE = 6
BLOCK_BYTES = 2 << 20
"""Size of a block's transformed inputs and outputs: about two second-level caches."""

LEAST_TILES = 128
"""In a block, whatever its size: fewer make products that are busy with reading the weights."""

POINTS = (0, 3 / 4, -3 / 4, 3 / 2, -3 / 2)
"""And infinity. Near 1, so that no power gets large: a fifth of the largest error of 0, 1, -1, 2, -2."""


@cache
def spread(dtype):
    """B.T, (6, 6): a row for each point, the polynomial that is zero at all other points."""
    rows = [np.append(np.poly([b for b in POINTS if b != a])[::-1], 0) for a in POINTS]
    return np.array([*rows, np.poly(POINTS)[::-1]], dtype)


@cache
def evaluation(taps, dtype):
    """G, (6, taps): a filter, as a polynomial with ``taps`` coefficients, at the six points.

    The value at infinity is the leading coefficient. Each other row is divided by what the
    interpolation would divide by: the product of the point's distances to the other points.
    """
    distances = [np.prod([a - b for b in POINTS if b != a]) for a in POINTS]
    rows = np.vander(POINTS, taps, increasing=True) / np.array(distances)[:, np.newaxis]
    return np.vstack([rows, np.eye(taps)[-1]]).astype(dtype)


@cache
def interpolation(outputs, dtype):
    """A.T, (outputs, 6): the transpose of evaluating a polynomial with ``outputs`` coefficients."""
    rows = np.vander(POINTS, outputs, increasing=True)
    return np.vstack([rows, np.eye(outputs)[-1]]).T.astype(dtype)


def forward(x, w, b, plan):
    """Return the output, (N, F, OH, OW); stride and dilation are 1, and there is one group."""
    c, (f, _, kh, kw), dtype = x.shape[1], w.shape, x.dtype
    out = np.empty((len(x), f, *plan.out_size), dtype)
    step = my, mx = TILE + 1 - kh, TILE + 1 - kw
    taps = w.transpose(2, 3, 1, 0).reshape(1, kh, kw, c * f)
    u = _transform("filters", taps, evaluation(kh, dtype), evaluation(kw, dtype), step)
    u = u.reshape(TILE, TILE, c, f)
    for images, tiles, columns in _blocks(out.shape, step, c):
        v = _inputs(x, images, tiles, columns, step, plan.padding)
        products = scratch("products", (*v.shape[:-1], f), dtype)
        # For each row and column within a tile: all tiles of the block, (tiles, C) @ (C, F).
        np.matmul(_by_position(v), u, out=_by_position(products))
        y = _collect(products, interpolation(my, dtype), interpolation(mx, dtype))
        if b is not None:
            y += b
        target = out[images, :, tiles.start * my : tiles.stop * my]
        target[...] = y[:, : target.shape[2], : target.shape[3]].transpose(0, 3, 1, 2)
    return out


def backward_weights(x, dout, plan):
    """Return dw, (F, C, KH, KW): KH x KW outputs of correlating input tiles with tiles of ``dout``."""
    c, f, (kh, kw), dtype = x.shape[1], dout.shape[1], plan.kernel, x.dtype
    step = my, mx = TILE + 1 - kh, TILE + 1 - kw
    total = np.zeros((TILE, TILE, c, f), dtype)
    for images, tiles, columns in _blocks(dout.shape, step, c):
        v = _inputs(x, images, tiles, columns, step, plan.padding)
        rows = tiles.start * my, tiles.stop * my
        gradients = _channels_last(dout, images, rows, (0, columns * mx))
        u = _transform("filters", gradients, evaluation(my, dtype), evaluation(mx, dtype), step)
        # Here the sum goes over the tiles: (C, tiles) @ (tiles, F).
        products = scratch("products", total.shape, dtype)
        total += np.matmul(_by_position(v).swapaxes(2, 3), _by_position(u), out=products)
    total = total.reshape(TILE, 1, 1, 1, TILE, c * f)
    dw = _collect(total, interpolation(kh, dtype), interpolation(kw, dtype))
    return dw.reshape(kh, kw, c, f).transpose(3, 2, 0, 1).copy()


def _blocks(out_shape, step, channels):
    """Yield (images, rows of tiles, tiles in a row): several images, or some rows of one."""
    n, f, height, width = out_shape
    rows, columns = -(-height // step[0]), -(-width // step[1])
    tiles = max(LEAST_TILES, BLOCK_BYTES // (4 * TILE * TILE * (channels + f)))
    many = max(1, tiles // (rows * columns))
    few = min(rows, max(1, tiles // columns))
    for image in range(0, n, many):
        for row in range(0, rows, few):
            yield slice(image, min(image + many, n)), slice(row, min(row + few, rows)), columns


def _inputs(x, images, tiles, columns, step, padding):
    """Transformed input tiles, (6, images, rows, columns, 6, C)."""
    top, left = tiles.start * step[0] - padding[0], -padding[1]
    bottom = top + (tiles.stop - tiles.start - 1) * step[0] + TILE
    block = _channels_last(x, images, (top, bottom), (left, left + (columns - 1) * step[1] + TILE))
    return _transform("inputs", block, spread(x.dtype), spread(x.dtype), step)


def _channels_last(x, images, rows, columns):
    """A copy of part of x as (N, H, W, C), with zeros where rows and columns lie outside of it."""
    # In two steps: the first brings together what lies a power of two apart, which caches handle badly.
    block = cut(x, images, slice(None), rows, columns)
    n, c, height, width = block.shape
    last = scratch("channels last", (n, height, width, c), x.dtype)
    last[...] = block.transpose(0, 2, 3, 1)
    return last


def _transform(name, block, along_y, along_x, step):
    """Cut (N, H, W, C) into tiles and multiply each by two matrices: (6, N, rows, columns, 6, C).

    A matrix has as many columns as a tile has pixels in that direction; tiles are ``step`` apart.
    """
    n, _, width, c = block.shape
    # A row of tiles at a time: some rows of W * C numbers, which need not be told apart yet.
    tiles = sliding_window_view(block, along_y.shape[1], axis=1)[:, :: step[0]]
    tiles = tiles.transpose(0, 1, 4, 2, 3).reshape(n, tiles.shape[1], -1, width * c)
    half = scratch("half", (n, tiles.shape[1], TILE, width * c), block.dtype)
    half = np.matmul(along_y, tiles, out=half).reshape(n, -1, TILE, width, c)
    tiles = sliding_window_view(half, along_x.shape[1], axis=3)[:, :, :, :: step[1]].swapaxes(4, 5)
    out = scratch(name, (TILE, n, tiles.shape[1], tiles.shape[3], TILE, c), block.dtype)
    np.matmul(along_x, tiles, out=out.transpose(1, 2, 0, 3, 4, 5))
    return out


def _by_position(tiles):
    """A view of tiles as matrices, (6, 6, all tiles, C)."""
    return tiles.reshape(TILE, -1, TILE, tiles.shape[-1]).swapaxes(1, 2)


def _collect(tiles, along_y, along_x):
    """Interpolate in both directions and put the tiles side by side: (N, H, W, F)."""
    _, n, rows, columns, _, f = tiles.shape
    (my, _), (mx, _) = along_y.shape, along_x.shape
    half = scratch("half", (TILE, n, rows, columns, mx, f), tiles.dtype)
    half = np.matmul(along_x, tiles, out=half).reshape(TILE, n, rows, columns * mx * f)
    out = scratch("collected", (n, rows, my, columns * mx * f), tiles.dtype)
    np.matmul(along_y, half.transpose(1, 2, 0, 3), out=out)
    return out.reshape(n, rows * my, columns * mx, f)
