"""Convolution as matrix products (GEMM) on lowered images, in blocks that stay in the cache.

Lowering (im2col) writes the window of every output pixel as a column of C * KH * KW numbers; the
convolution is then one product of the weight matrix (F, C * KH * KW) with these columns. Done for a
whole batch, the columns take KH * KW times the memory of the images and travel to main memory and
back. Done for one block of pixels at a time they never leave the cache: the product stays as fast,
and the extra memory is that of a block.

Lowering goes one axis at a time. Along the width it copies short pieces, one row of the output each;
along the height it then copies whole runs of rows, so the short pieces are copied KH times less often
than in one step.

Sources: Chellapilla, Puri and Simard, High performance convolutional neural networks for document
processing, 2006 (lowering); Cho and Brand, MEC: memory-efficient convolution, ICML 2017,
https://arxiv.org/abs/1706.06873 (lowering along one axis, why to keep it small).

Channels are in G groups: x (N, C, H, W) with C = G * CG, weights (F, CG, KH, KW) with F = G * FG.
"""

from math import prod

import numpy as np
from numpy.lib.stride_tricks import as_strided

from course_utils.layers.blocks import cut, scratch

BLOCK_BYTES = 1 << 20
"""Size of a block of columns: about a second-level cache."""

LEAST_PIXELS = 256
"""In a block, whatever its size: fewer columns make a product that is busy with reading the weights."""


def forward(x, w, b, plan):
    """Return the output, (N, F, OH, OW)."""
    out = np.empty((len(x), len(w), *plan.out_size), x.dtype)
    matrix = w.reshape(plan.groups, len(w) // plan.groups, -1)
    for images, groups, rows, columns in _lowered(x, plan):
        filters = _channels(groups, len(w), plan)
        target = out[images, filters, rows].swapaxes(0, 1)
        product = _product(matrix[groups], columns).reshape(target.shape)
        # One pass over the output, with the product still in the cache, adds the bias as well.
        if b is None:
            target[...] = product
        else:
            np.add(product, b[filters, np.newaxis, np.newaxis, np.newaxis], out=target)
    return out


def backward_weights(x, dout, plan):
    """Return dw, (F, CG, KH, KW): upstream gradients times the columns that the weights met."""
    f, c = dout.shape[1], x.shape[1]
    dw = np.zeros((plan.groups, f // plan.groups, c // plan.groups * prod(plan.kernel)), x.dtype)
    for images, groups, rows, columns in _lowered(x, plan):
        upstream = _upstream(dout, images, groups, rows, plan)
        dw[groups] += upstream @ columns.swapaxes(1, 2)
    return dw.reshape(f, c // plan.groups, *plan.kernel)


def backward_input(dout, w, x_shape, plan):
    """Return dx by scattering what the forward pass gathered (col2im).

    The weights' transpose turns upstream gradients into gradients of the columns, and each entry of
    a column is added to the pixel that it was copied from.
    """
    (n, c, height, width), (py, px) = x_shape, plan.padding
    (sy, sx), (dy, dx) = plan.stride, plan.dilation
    padded = np.zeros((n, c, height + 2 * py, width + 2 * px), dout.dtype)
    matrix = w.reshape(plan.groups, len(w) // plan.groups, -1).swapaxes(1, 2)
    for images, groups, rows in _blocks(x_shape, dout.itemsize, plan):
        columns = _product(matrix[groups], _upstream(dout, images, groups, rows, plan))
        block = padded[images, _channels(groups, c, plan)].swapaxes(0, 1)
        high, wide = rows.stop - rows.start, plan.out_size[1]
        columns = columns.reshape(len(block), *plan.kernel, block.shape[1], high, wide)
        for i, j in np.ndindex(plan.kernel):
            top, left = rows.start * sy + i * dy, j * dx
            ys = slice(top, top + (high - 1) * sy + 1, sy)
            xs = slice(left, left + (wide - 1) * sx + 1, sx)
            block[:, :, ys, xs] += columns[:, i, j]
    return np.ascontiguousarray(padded[:, :, py : py + height, px : px + width])


def _product(a, b):
    """Matrix products a @ b in scratch memory."""
    return np.matmul(a, b, out=scratch("product", (len(a), a.shape[1], b.shape[2]), b.dtype))


def _lowered(x, plan):
    """Yield, block by block, (images, groups, rows, columns): columns is (G, CG * KH * KW, pixels).

    The first three are slices that say which outputs the block's pixels are.
    """
    (kh, kw), (sy, sx), (py, px) = plan.kernel, plan.stride, plan.padding
    (dy, dx), ow = plan.dilation, plan.out_size[1]
    across = (-px, (ow - 1) * sx + (kw - 1) * dx + 1 - px)
    for images, groups, rows in _blocks(x.shape, x.itemsize, plan):
        band = (rows.start * sy - py, (rows.stop - 1) * sy + (kh - 1) * dy + 1 - py)
        block = cut(x, images, _channels(groups, x.shape[1], plan), band, across)
        n, c, tall, _ = block.shape
        # Axes (C, KW, N, H, OW): entry j of the kernel sees the row from pixel j * dx on.
        wide = scratch("wide", (c, kw, n, tall, ow), x.dtype)
        an, ac, ay, ax = block.strides
        wide[...] = as_strided(block, wide.shape, (ac, dx * ax, an, ay, sx * ax))
        # Axes (C, KH, KW, N, OH, OW): entry i of the kernel sees the rows from i * dy on.
        height = rows.stop - rows.start
        columns = scratch("columns", (c, kh, kw, n, height, ow), x.dtype)
        ac, aj, an, ay, ax = wide.strides
        columns[...] = as_strided(wide, columns.shape, (ac, dy * ay, aj, an, sy * ay, ax))
        yield images, groups, rows, columns.reshape(groups.stop - groups.start, -1, n * height * ow)


def _blocks(x_shape, itemsize, plan):
    """Yield (images, groups, rows), slices of what one block holds.

    Whole images if they are small, else some rows of one image; and all groups or, where a few of them
    have enough pixels to fill the block, those.
    """
    (n, c, _, _), (oh, ow) = x_shape, plan.out_size
    room = BLOCK_BYTES // (c // plan.groups * prod(plan.kernel) * itemsize)
    some = min(plan.groups, max(1, room // (oh * ow)))
    pixels = max(LEAST_PIXELS, room // some)
    many = max(1, pixels // (oh * ow))
    few = min(oh, max(1, pixels // ow))
    for image in range(0, n, many):
        for group in range(0, plan.groups, some):
            for row in range(0, oh, few):
                yield (
                    slice(image, min(image + many, n)),
                    slice(group, min(group + some, plan.groups)),
                    slice(row, min(row + few, oh)),
                )


def _channels(groups, channels, plan):
    """The slice of channels (or filters) that belong to a slice of groups."""
    each = channels // plan.groups
    return slice(groups.start * each, groups.stop * each)


def _upstream(dout, images, groups, rows, plan):
    """Upstream gradients of a block as matrices, (G, FG, pixels)."""
    part = dout[images, _channels(groups, dout.shape[1], plan), rows].swapaxes(0, 1)
    return part.reshape(groups.stop - groups.start, dout.shape[1] // plan.groups, -1)
