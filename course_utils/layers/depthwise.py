"""Depthwise convolution: one filter (or a few) for each channel.

Without a sum over channels there is no large matrix product to win from: every product is used once,
and the time goes into moving numbers and into NumPy's calls. So the work is made of many small
products of a *band matrix* with image rows. Lowered along the width only, row y of an image becomes
KW rows, one for each column of the kernel; ROWS rows of the output are then

``[w0 w1 w2  0  0  0]   [row y    ]``
``[ 0 w0 w1 w2  0  0] @ [row y + 1]``
``[ 0  0 w0 w1 w2  0]   [  …      ]``
``[ 0  0  0 w0 w1 w2]   [row y + 5]``

where each w is a row of the kernel, KW numbers. Half of the multiplications are with zeros, and it is
still faster than nine passes over the image that multiply and add, which NumPy cannot fuse.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from course_utils.layers.blocks import cut, scratch

ROWS = 4
"""Output rows of one product."""

BLOCK_BYTES = 1 << 20
"""Size of a block of images lowered along the width: about a second-level cache."""


def forward(x, w, b, plan):
    """Return the output, (N, F, OH, OW)."""
    out = np.empty((len(x), len(w), *plan.out_size), x.dtype)
    (oh, ow), many = plan.out_size, len(w) // x.shape[1]
    rows = min(ROWS, oh)
    strips = -(-oh // rows)
    bands = _bands(w, many, rows, plan)
    for images, channels in _blocks(x, plan):
        wide = _lowered(x, images, channels, strips * rows, plan)
        n, c, _, _, _ = wide.shape
        # A strip starts rows * stride image rows after the one before it, and they overlap.
        along_n, along_c, along_y, along_j, along_x = wide.strides
        steps = along_n, along_c, rows * plan.stride[0] * along_y, along_j, along_x
        overlapping = as_strided(wide, (n, c, strips, bands.shape[-1], ow), steps)
        product = scratch("product", (n, c, strips, many * rows, ow), x.dtype)
        np.matmul(bands[channels], overlapping, out=product)
        product = product.reshape(n, c, strips, many, rows, ow)
        product = product.swapaxes(2, 3).reshape(n, c * many, strips * rows, ow)[:, :, :oh]
        filters = slice(channels.start * many, channels.stop * many)
        if b is None:
            out[images, filters] = product
        else:
            np.add(product, b[filters, np.newaxis, np.newaxis], out=out[images, filters])
    return out


def backward_weights(x, dout, plan):
    """Return dw, (F, 1, KH, KW): upstream gradients times the pixels that each weight met."""
    (_, c, _, _), (n, f, oh, ow), (kh, kw) = x.shape, dout.shape, plan.kernel
    (sy, _), (dy, _) = plan.stride, plan.dilation
    gradients = dout.reshape(n, c, f // c, oh * ow).swapaxes(2, 3)
    dw = np.zeros((c, f // c, kh, kw), x.dtype)
    for images, channels in _blocks(x, plan):
        # The pixels of one column of the kernel lie together here, so that most products copy nothing.
        wide = _lowered(x, images, channels, oh, plan, columns_first=True)
        for i in range(kh):
            pixels = wide[:, :, :, i * dy : i * dy + (oh - 1) * sy + 1 : sy]
            products = pixels.reshape(*pixels.shape[:3], oh * ow) @ gradients[images, channels]
            dw[channels, :, i] += products.sum(axis=0).swapaxes(1, 2)
    return dw.reshape(f, 1, kh, kw)


def _bands(w, many, rows, plan):
    """Band matrices, (C, 1, many * rows, image rows * KW): row r has the kernel from row r * stride on."""
    (kh, kw), (sy, _), (dy, _) = plan.kernel, plan.stride, plan.dilation
    tall = (rows - 1) * sy + (kh - 1) * dy + 1
    bands = np.zeros((len(w), rows, tall, kw), w.dtype)
    for row in range(rows):
        bands[:, row, row * sy : row * sy + (kh - 1) * dy + 1 : dy] = w[:, 0]
    return bands.reshape(-1, 1, many * rows, tall * kw)


def _lowered(x, images, channels, out_rows, plan, columns_first=False):
    """Images lowered along the width, with the rows that ``out_rows`` need: (N, C, H, KW, OW).

    With ``columns_first`` (N, C, KW, H, OW).
    """
    (kh, kw), (sy, sx), (dy, dx), (py, px) = plan.kernel, plan.stride, plan.dilation, plan.padding
    tall, ow = (out_rows - 1) * sy + (kh - 1) * dy + 1, plan.out_size[1]
    across = (-px, (ow - 1) * sx + (kw - 1) * dx + 1 - px)
    block = cut(x, images, channels, (-py, tall - py), across)
    an, ac, ay, ax = block.strides
    wide = as_strided(block, (*block.shape[:3], kw, ow), (an, ac, ay, dx * ax, sx * ax))
    wide = wide.swapaxes(2, 3) if columns_first else wide
    copy = scratch("wide", wide.shape, x.dtype)
    copy[...] = wide
    return copy


def _blocks(x, plan):
    """Yield (images, channels): some channels of one image, or several whole images."""
    n, c, height, _ = x.shape
    planes = BLOCK_BYTES // (height * plan.kernel[1] * plan.out_size[1] * x.itemsize)
    many, few = max(1, planes // c), min(c, max(1, planes))
    for image in range(0, n, many):
        for channel in range(0, c, few):
            yield slice(image, min(image + many, n)), slice(channel, min(channel + few, c))
