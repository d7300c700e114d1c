# %% right: slices for each position of the kernel, cache a dict
import numpy as np


def _pair(kernel_size):
    return kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)


def im2col(x, kernel_size, stride, padding):
    kh, kw = _pair(kernel_size)
    n, c, h, w = x.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = np.empty((c, kh, kw, n, oh, ow), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            part = xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
            cols[:, i, j] = part.transpose(1, 0, 2, 3)
    return cols.reshape(c * kh * kw, n * oh * ow)


def col2im(cols, x_shape, kernel_size, stride, padding):
    kh, kw = _pair(kernel_size)
    n, c, h, w = x_shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    parts = cols.reshape(c, kh, kw, n, oh, ow)
    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=cols.dtype)
    for i in range(kh):
        for j in range(kw):
            part = parts[:, i, j].transpose(1, 0, 2, 3)
            xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += part
    return xp[:, :, padding : padding + h, padding : padding + w].copy()


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    k, _, kh, kw = w.shape
    n, _, h, width = x.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (width + 2 * padding - kw) // stride + 1
    cols = im2col(x, (kh, kw), stride, padding)
    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
    out = out.reshape(k, n, oh, ow).transpose(1, 0, 2, 3)
    return out, {"cols": cols, "w": w, "shape": x.shape, "stride": stride, "padding": padding}


def conv2d_backward_im2col(dout, cache):
    w, cols = cache["w"], cache["cols"]
    k = w.shape[0]
    flat = dout.transpose(1, 0, 2, 3).reshape(k, -1)
    db = flat.sum(axis=1)
    dw = (flat @ cols.T).reshape(w.shape)
    dcols = w.reshape(k, -1).T @ flat
    dx = col2im(dcols, cache["shape"], w.shape[2:], cache["stride"], cache["padding"])
    return dx, dw, db


# %% right: as_strided, and col2im by np.add.at on index arrays
import numpy as np
from numpy.lib.stride_tricks import as_strided


def _sizes(h, w, kernel_size, stride, padding):
    kh, kw = (kernel_size,) * 2 if np.isscalar(kernel_size) else tuple(kernel_size)
    return kh, kw, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1


def im2col(x, kernel_size, stride, padding):
    N, C, H, W = x.shape
    KH, KW, OH, OW = _sizes(H, W, kernel_size, stride, padding)
    xp = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2], mode="constant")
    sn, sc, sh, sw = xp.strides
    view = as_strided(
        xp, (C, KH, KW, N, OH, OW), (sc, sh, sw, sn, stride * sh, stride * sw), writeable=False
    )
    return np.reshape(view, (C * KH * KW, N * OH * OW))


def _indices(x_shape, kernel_size, stride, padding):
    N, C, H, W = x_shape
    KH, KW, OH, OW = _sizes(H, W, kernel_size, stride, padding)
    c, i, j = (a.reshape(-1, 1) for a in np.indices((C, KH, KW)))
    n, p, q = (a.reshape(1, -1) for a in np.indices((N, OH, OW)))
    return n, c, p * stride + i, q * stride + j


def col2im(cols, x_shape, kernel_size, stride, padding):
    N, C, H, W = x_shape
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    np.add.at(xp, _indices(x_shape, kernel_size, stride, padding), cols)
    if padding == 0:
        return xp
    return xp[:, :, padding:-padding, padding:-padding]


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    N, _, H, W = x.shape
    K = w.shape[0]
    _, _, OH, OW = _sizes(H, W, w.shape[2:], stride, padding)
    X = im2col(x, w.shape[2:], stride, padding)
    out = np.dot(w.reshape(K, -1), X).reshape(K, N, OH, OW) + b[:, None, None, None]
    return np.moveaxis(out, 0, 1), (x, w, b, stride, padding, X)


def conv2d_backward_im2col(dout, cache):
    x, w, b, stride, padding, X = cache
    K = w.shape[0]
    D = np.moveaxis(dout, 1, 0).reshape(K, -1)
    dX = np.dot(w.reshape(K, -1).T, D)
    dx = col2im(dX, x.shape, w.shape[2:], stride, padding)
    return dx, np.dot(D, X.T).reshape(w.shape), np.sum(dout, axis=(0, 2, 3))


# %% right: a loop over positions, all images at once
import numpy as np


def im2col(x, kernel_size, stride, padding):
    kh, kw = np.broadcast_to(kernel_size, 2)
    n, c, h, w = x.shape
    big = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=x.dtype)
    big[:, :, padding : padding + h, padding : padding + w] = x
    columns = []
    for top in range(0, big.shape[2] - kh + 1, stride):
        for left in range(0, big.shape[3] - kw + 1, stride):
            window = big[:, :, top : top + kh, left : left + kw]
            columns.append(window.reshape(n, -1))
    # (positions, N, C*KH*KW) -> (C*KH*KW, N, positions)
    return np.array(columns).transpose(2, 1, 0).reshape(c * kh * kw, -1)


def col2im(cols, x_shape, kernel_size, stride, padding):
    kh, kw = np.broadcast_to(kernel_size, 2)
    n, c, h, w = x_shape
    big = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=cols.dtype)
    by_image = cols.reshape(c, kh, kw, n, -1)
    position = 0
    for top in range(0, big.shape[2] - kh + 1, stride):
        for left in range(0, big.shape[3] - kw + 1, stride):
            window = by_image[..., position].transpose(3, 0, 1, 2)
            big[:, :, top : top + kh, left : left + kw] += window
            position += 1
    return big[:, :, padding : h + padding, padding : w + padding]


class _Cache:
    def __init__(self, **entries):
        self.__dict__.update(entries)


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    cols = im2col(x, w.shape[2:], stride, padding)
    n, k = len(x), len(w)
    oh = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
    flat = cols.T @ w.reshape(k, -1).T + b  # windows are rows here
    out = flat.reshape(n, oh, -1, k).transpose(0, 3, 1, 2)
    return out, _Cache(cols=cols, w=w, x_shape=x.shape, stride=stride, padding=padding)


def conv2d_backward_im2col(dout, cache):
    k = len(cache.w)
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, k)
    dw = (cache.cols @ flat).T.reshape(cache.w.shape)
    dcols = cache.w.reshape(k, -1).T @ flat.T
    dx = col2im(dcols, cache.x_shape, cache.w.shape[2:], cache.stride, cache.padding)
    return dx, dw, flat.sum(0)


# %% right: index arrays made by im2col of pixel numbers, closure as cache
import numpy as np
from functools import partial


def _numbers(shape, kernel_size, stride, padding):
    """Column matrix of pixel numbers; the padding has the number 0."""
    n, c, h, w = shape
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    pixels = np.arange(1, n * c * h * w + 1).reshape(shape)
    pixels = np.pad(pixels, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.einsum("ncpqij->cijnpq", windows).reshape(c * kh * kw, -1)


def im2col(x, kernel_size, stride, padding):
    table = np.concatenate([np.zeros(1, x.dtype), x.ravel()])
    return table[_numbers(x.shape, kernel_size, stride, padding)]


def col2im(cols, x_shape, kernel_size, stride, padding):
    numbers = _numbers(x_shape, kernel_size, stride, padding)
    size = int(np.prod(x_shape)) + 1
    total = np.bincount(numbers.ravel(), weights=cols.ravel(), minlength=size)
    return total[1:].reshape(x_shape).astype(cols.dtype)


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    kernel = tuple(w.shape[2:])
    cols = im2col(x, kernel, stride, padding)
    oh, ow = ((s + 2 * padding - f) // stride + 1 for s, f in zip(x.shape[2:], kernel))
    out = np.einsum("kr,rm->km", w.reshape(len(w), -1), cols, optimize=True)
    out = out.reshape(len(w), len(x), oh, ow).swapaxes(0, 1) + b.reshape(1, -1, 1, 1)
    back = partial(_back, cols=cols, w=w, shape=x.shape, stride=stride, padding=padding)
    return out, back


def _back(dout, cols, w, shape, stride, padding):
    flat = dout.swapaxes(0, 1).reshape(len(w), -1)
    dw = np.tensordot(flat, cols, axes=(1, 1)).reshape(w.shape)
    dx = col2im(w.reshape(len(w), -1).T @ flat, shape, tuple(w.shape[2:]), stride, padding)
    return dx, dw, dout.sum((0, 2, 3))


def conv2d_backward_im2col(dout, cache):
    return cache(dout)


# %% right: convolutions by tensordot per kernel position, without the column matrix
import collections

import numpy as np

Saved = collections.namedtuple("Saved", "padded w stride padding h width")


def _slices(i, j, stride, oh, ow):
    return slice(i, i + stride * oh, stride), slice(j, j + stride * ow, stride)


def _out(size, k, stride, padding):
    return (size + 2 * padding - k) // stride + 1


def im2col(x, kernel_size, stride, padding):
    kh, kw = [int(k) for k in np.ravel(kernel_size) * np.ones(2, int)]
    padded = np.pad(x, ((0,) * 2, (0,) * 2, (padding,) * 2, (padding,) * 2))
    oh, ow = _out(x.shape[2], kh, stride, padding), _out(x.shape[3], kw, stride, padding)
    rows = []
    for c in range(x.shape[1]):
        for i in range(kh):
            for j in range(kw):
                r, s = _slices(i, j, stride, oh, ow)
                rows.append(padded[:, c, r, s].reshape(-1))
    return np.stack(rows)


def col2im(cols, x_shape, kernel_size, stride, padding):
    kh, kw = [int(k) for k in np.ravel(kernel_size) * np.ones(2, int)]
    n, channels, h, w = x_shape
    oh, ow = _out(h, kh, stride, padding), _out(w, kw, stride, padding)
    padded = np.zeros((n, channels, h + 2 * padding, w + 2 * padding), cols.dtype)
    rows = iter(cols)
    for c in range(channels):
        for i in range(kh):
            for j in range(kw):
                r, s = _slices(i, j, stride, oh, ow)
                padded[:, c, r, s] += next(rows).reshape(n, oh, ow)
    return padded[:, :, padding : padding + h, padding : padding + w]


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0,) * 2, (0,) * 2, (padding,) * 2, (padding,) * 2))
    oh = _out(x.shape[2], w.shape[2], stride, padding)
    ow = _out(x.shape[3], w.shape[3], stride, padding)
    total = 0
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            r, s = _slices(i, j, stride, oh, ow)
            total = total + np.tensordot(w[:, :, i, j], padded[:, :, r, s], axes=(1, 1))
    out = total.transpose(1, 0, 2, 3) + b[None, :, None, None]
    return out, Saved(padded, w, stride, padding, *x.shape[2:])


def conv2d_backward_im2col(dout, cache):
    padded, w, stride, padding, h, width = cache
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            r, s = _slices(i, j, stride, *dout.shape[2:])
            dw[:, :, i, j] = np.tensordot(dout, padded[:, :, r, s], axes=((0, 2, 3), (0, 2, 3)))
            back = np.tensordot(w[:, :, i, j], dout, axes=(0, 1))
            dpadded[:, :, r, s] += back.transpose(1, 0, 2, 3)
    dx = dpadded[:, :, padding : padding + h, padding : padding + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))


# %% right: one image after the other, matrix products per image
import numpy as np


def _columns(image, kh, kw, stride):
    view = np.lib.stride_tricks.sliding_window_view(image, (kh, kw), axis=(1, 2))
    view = view[:, ::stride, ::stride]
    return view.transpose(0, 3, 4, 1, 2).reshape(image.shape[0] * kh * kw, -1)


def im2col(x, kernel_size, stride, padding):
    kh, kw = kernel_size if np.size(kernel_size) == 2 else (kernel_size, kernel_size)
    if padding:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return np.hstack([_columns(image, kh, kw, stride) for image in x])


def col2im(cols, x_shape, kernel_size, stride, padding):
    kh, kw = kernel_size if np.size(kernel_size) == 2 else (kernel_size, kernel_size)
    n, c, h, w = x_shape
    hp, wp = h + 2 * padding, w + 2 * padding
    images = []
    for part in np.hsplit(cols, n):
        image = np.zeros((c, hp, wp), dtype=cols.dtype)
        part = part.reshape(c, kh, kw, (hp - kh) // stride + 1, -1)
        for i in range(kh):
            for j in range(kw):
                oh, ow = part.shape[3:]
                target = image[:, i:, j:][:, ::stride, ::stride][:, :oh, :ow]
                target += part[:, i, j]  # a view: image changes
        images.append(image[:, padding : hp - padding, padding : wp - padding])
    return np.stack(images)


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    filters = w.reshape(w.shape[0], -1)
    kh, kw = w.shape[2:]
    oh = (x.shape[2] + 2 * padding - kh) // stride + 1
    ow = (x.shape[3] + 2 * padding - kw) // stride + 1
    out = np.empty((x.shape[0], w.shape[0], oh, ow), dtype=x.dtype)
    saved = []
    for n in range(x.shape[0]):
        cols = im2col(x[n : n + 1], (kh, kw), stride, padding)
        out[n] = (filters @ cols).reshape(-1, oh, ow)
        saved.append(cols)
    out += b[:, None, None]
    return out, (saved, w, x.shape, stride, padding)


def conv2d_backward_im2col(dout, cache):
    saved, w, x_shape, stride, padding = cache
    dw, dx = np.zeros_like(w), np.empty(x_shape, dtype=w.dtype)
    filters = w.reshape(w.shape[0], -1)
    for n, cols in enumerate(saved):
        d = dout[n].reshape(w.shape[0], -1)
        dw += (d @ cols.T).reshape(w.shape)
        dx[n] = col2im(filters.T @ d, (1, *x_shape[1:]), w.shape[2:], stride, padding)[0]
    return dx, dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)


# %% wrong: right, with six nested loops
# fails: test-im2col-forward-speed, test-im2col-backward-speed
# says: a Python loop over outputs or images
import numpy as np


def _kernel(kernel_size):
    return (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size


def im2col(x, kernel_size, stride, padding):
    kh, kw = _kernel(kernel_size)
    N, C, H, W = x.shape
    OH = (H + 2 * padding - kh) // stride + 1
    OW = (W + 2 * padding - kw) // stride + 1
    cols = np.zeros((C * kh * kw, N * OH * OW), dtype=x.dtype)
    for c in range(C):
        for i in range(kh):
            for j in range(kw):
                for n in range(N):
                    for p in range(OH):
                        for q in range(OW):
                            r, s = p * stride + i - padding, q * stride + j - padding
                            if 0 <= r < H and 0 <= s < W:
                                row = (c * kh + i) * kw + j
                                cols[row, (n * OH + p) * OW + q] = x[n, c, r, s]
    return cols


def col2im(cols, x_shape, kernel_size, stride, padding):
    kh, kw = _kernel(kernel_size)
    N, C, H, W = x_shape
    OH = (H + 2 * padding - kh) // stride + 1
    OW = (W + 2 * padding - kw) // stride + 1
    x = np.zeros(x_shape, dtype=cols.dtype)
    for c in range(C):
        for i in range(kh):
            for j in range(kw):
                for n in range(N):
                    for p in range(OH):
                        for q in range(OW):
                            r, s = p * stride + i - padding, q * stride + j - padding
                            if 0 <= r < H and 0 <= s < W:
                                row = (c * kh + i) * kw + j
                                x[n, c, r, s] += cols[row, (n * OH + p) * OW + q]
    return x


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    cols = im2col(x, w.shape[2:], stride, padding)
    oh = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
    out = w.reshape(len(w), -1) @ cols + b[:, None]
    out = out.reshape(len(w), len(x), oh, -1).transpose(1, 0, 2, 3)
    return out, (x, w, stride, padding)


def conv2d_backward_im2col(dout, cache):
    x, w, stride, padding = cache
    cols = im2col(x, w.shape[2:], stride, padding)
    dout = dout.transpose(1, 0, 2, 3).reshape(len(w), -1)
    dw = (dout @ cols.T).reshape(w.shape)
    dcols = w.reshape(len(w), -1).T @ dout
    return col2im(dcols, x.shape, w.shape[2:], stride, padding), dw, dout.sum(1)


# %% wrong: right, one window and one filter at a time
# fails: test-im2col-forward-speed, test-im2col-backward-speed
# says: too slow call: conv2d_forward_im2col
# from: slices for each position of the kernel, cache a dict
# -def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
# +def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
# +    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# -    n, _, h, width = x.shape
# -    oh = (h + 2 * padding - kh) // stride + 1
# -    ow = (width + 2 * padding - kw) // stride + 1
# -    cols = im2col(x, (kh, kw), stride, padding)
# -    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
# -    out = out.reshape(k, n, oh, ow).transpose(1, 0, 2, 3)
# -    return out, {"cols": cols, "w": w, "shape": x.shape, "stride": stride, "padding": padding}
# +    oh = (xp.shape[2] - kh) // stride + 1
# +    ow = (xp.shape[3] - kw) // stride + 1
# +    out = np.zeros((x.shape[0], k, oh, ow), dtype=x.dtype)
# +    for n in range(x.shape[0]):
# +        for f in range(k):
# +            for i in range(oh):
# +                for j in range(ow):
# +                    r, c = i * stride, j * stride
# +                    out[n, f, i, j] = np.sum(xp[n, :, r : r + kh, c : c + kw] * w[f]) + b[f]
# +    return out, (xp, w, stride, padding)
# -    w, cols = cache["w"], cache["cols"]
# -    k = w.shape[0]
# -    flat = dout.transpose(1, 0, 2, 3).reshape(k, -1)
# -    db = flat.sum(axis=1)
# -    dw = (flat @ cols.T).reshape(w.shape)
# -    dcols = w.reshape(k, -1).T @ flat
# -    dx = col2im(dcols, cache["shape"], w.shape[2:], cache["stride"], cache["padding"])
# -    return dx, dw, db
# +    xp, w, stride, padding = cache
# +    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
# +    kh, kw = w.shape[2:]
# +    for n, f, i, j in np.ndindex(*dout.shape):
# +        r, c = i * stride, j * stride
# +        dw[f] += dout[n, f, i, j] * xp[n, :, r : r + kh, c : c + kw]
# +        dxp[n, :, r : r + kh, c : c + kw] += dout[n, f, i, j] * w[f]
# +    h, width = xp.shape[2] - padding, xp.shape[3] - padding
# +    return dxp[:, :, padding:h, padding:width], dw, dout.sum(axis=(0, 2, 3))


# %% wrong: right, the way back with loops over images, rows and columns for each channel
# fails: test-im2col-backward-speed
# says: too slow call: conv2d_backward_im2col
# from: slices for each position of the kernel, cache a dict
# -    for i in range(kh):
# -        for j in range(kw):
# -            part = parts[:, i, j].transpose(1, 0, 2, 3)
# -            xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += part
# +    for image in range(n):
# +        for channel in range(c):
# +            for p in range(oh):
# +                for q in range(ow):
# +                    for i in range(kh):
# +                        for j in range(kw):
# +                            value = parts[channel, i, j, image, p, q]
# +                            xp[image, channel, p * stride + i, q * stride + j] += value


# %% wrong: columns ordered (OH, OW, N) in all four, as in well-known course notes
# fails: test-im2col-order
# says: columns ordered (OH, OW, N): the image comes first, then the position
# from: slices for each position of the kernel, cache a dict
# -    cols = np.empty((c, kh, kw, n, oh, ow), dtype=x.dtype)
# +    cols = np.empty((c, kh, kw, oh, ow, n), dtype=x.dtype)
# -            cols[:, i, j] = part.transpose(1, 0, 2, 3)
# -    return cols.reshape(c * kh * kw, n * oh * ow)
# +            cols[:, i, j] = part.transpose(1, 2, 3, 0)
# +    return cols.reshape(c * kh * kw, oh * ow * n)
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.reshape(c, kh, kw, oh, ow, n)
# -            part = parts[:, i, j].transpose(1, 0, 2, 3)
# +            part = parts[:, i, j].transpose(3, 0, 1, 2)
# -    out = out.reshape(k, n, oh, ow).transpose(1, 0, 2, 3)
# +    out = out.reshape(k, oh, ow, n).transpose(3, 0, 1, 2)
# -    flat = dout.transpose(1, 0, 2, 3).reshape(k, -1)
# +    flat = dout.transpose(1, 2, 3, 0).reshape(k, -1)


# %% wrong: rows ordered (KH, KW, C) in all four
# fails: test-im2col-order
# says: rows ordered (KH, KW, C): the channel comes first
# from: slices for each position of the kernel, cache a dict
# -    cols = np.empty((c, kh, kw, n, oh, ow), dtype=x.dtype)
# +    cols = np.empty((kh, kw, c, n, oh, ow), dtype=x.dtype)
# -            cols[:, i, j] = part.transpose(1, 0, 2, 3)
# -    return cols.reshape(c * kh * kw, n * oh * ow)
# +            cols[i, j] = part.transpose(1, 0, 2, 3)
# +    return cols.reshape(kh * kw * c, n * oh * ow)
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.reshape(kh, kw, c, n, oh, ow)
# -            part = parts[:, i, j].transpose(1, 0, 2, 3)
# +            part = parts[i, j].transpose(1, 0, 2, 3)
# -    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
# +    out = w.transpose(0, 2, 3, 1).reshape(k, -1) @ cols + b.reshape(k, 1)
# -    dw = (flat @ cols.T).reshape(w.shape)
# -    dcols = w.reshape(k, -1).T @ flat
# +    dw = (flat @ cols.T).reshape(k, *w.shape[2:], -1).transpose(0, 3, 1, 2)
# +    dcols = w.transpose(0, 2, 3, 1).reshape(k, -1).T @ flat


# %% wrong: rows ordered (KH, KW, C), filters in the order (C, KH, KW)
# fails: test-im2col-order, test-im2col-forward, test-im2col-backward, test-im2col-forward-speed, test-im2col-backward-speed
# says: rows ordered (KH, KW, C): the channel comes first
# from: slices for each position of the kernel, cache a dict
# -    cols = np.empty((c, kh, kw, n, oh, ow), dtype=x.dtype)
# +    cols = np.empty((kh, kw, c, n, oh, ow), dtype=x.dtype)
# -            cols[:, i, j] = part.transpose(1, 0, 2, 3)
# -    return cols.reshape(c * kh * kw, n * oh * ow)
# +            cols[i, j] = part.transpose(1, 0, 2, 3)
# +    return cols.reshape(kh * kw * c, n * oh * ow)
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.reshape(kh, kw, c, n, oh, ow)
# -            part = parts[:, i, j].transpose(1, 0, 2, 3)
# +            part = parts[i, j].transpose(1, 0, 2, 3)


# %% wrong: windows as rows
# fails: test-im2col-order, test-im2col-padding, test-im2col-adding-back, test-im2col-cropping, test-im2col-dtype
# says: windows as rows: each window is a column
# from: slices for each position of the kernel, cache a dict
# -    return cols.reshape(c * kh * kw, n * oh * ow)
# +    return cols.reshape(c * kh * kw, n * oh * ow).T
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.T.reshape(c, kh, kw, n, oh, ow)
# -    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
# +    out = w.reshape(k, -1) @ cols.T + b.reshape(k, 1)
# -    dw = (flat @ cols.T).reshape(w.shape)
# -    dcols = w.reshape(k, -1).T @ flat
# +    dw = (flat @ cols).reshape(w.shape)
# +    dcols = flat.T @ w.reshape(k, -1)


# %% wrong: one matrix for each image, as torch's unfold gives
# fails: test-im2col-order, test-im2col-padding, test-im2col-dtype
# says: one matrix per image
# from: slices for each position of the kernel, cache a dict
# -    return cols.reshape(c * kh * kw, n * oh * ow)
# +    return cols.transpose(3, 0, 1, 2, 4, 5).reshape(n, c * kh * kw, oh * ow)
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.reshape(n, c, kh, kw, oh, ow).transpose(1, 2, 3, 0, 4, 5)
# -    out = out.reshape(k, n, oh, ow).transpose(1, 0, 2, 3)
# +    out = out.reshape(n, k, oh, ow)
# -    flat = dout.transpose(1, 0, 2, 3).reshape(k, -1)
# -    db = flat.sum(axis=1)
# -    dw = (flat @ cols.T).reshape(w.shape)
# +    flat = dout.reshape(len(dout), k, -1)
# +    db = flat.sum(axis=(0, 2))
# +    dw = (np.einsum("nkm,nrm->kr", flat, cols)).reshape(w.shape)


# %% wrong: windows reshaped without a transpose, and back
# fails: test-im2col-order
# says: a reshape where a transpose is needed: it mixes images and channels
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _windows(x, kernel_size, stride, padding):
    kernel = (kernel_size,) * 2 if isinstance(kernel_size, int) else tuple(kernel_size)
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return sliding_window_view(x, kernel, axis=(2, 3))[:, :, ::stride, ::stride]


def im2col(x, kernel_size, stride, padding):
    windows = _windows(x, kernel_size, stride, padding).transpose(0, 1, 4, 5, 2, 3)
    n, c, kh, kw, oh, ow = windows.shape
    return windows.reshape(c * kh * kw, n * oh * ow)


def col2im(cols, x_shape, kernel_size, stride, padding):
    numbers = np.arange(np.prod(x_shape)).reshape(x_shape) + 1
    where = im2col(numbers, kernel_size, stride, padding)
    total = np.zeros(numbers.size + 1, cols.dtype)
    np.add.at(total, where, cols)
    return total[1:].reshape(x_shape)


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    windows = _windows(x, w.shape[2:], stride, padding)
    out = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    return out + b[:, None, None], (windows, w, x.shape, stride, padding)


def conv2d_backward_im2col(dout, cache):
    windows, w, (n, c, h, width), stride, padding = cache
    dw = np.tensordot(dout, windows, axes=((0, 2, 3), (0, 2, 3)))
    dx = np.zeros((n, c, h + 2 * padding, width + 2 * padding), dout.dtype)
    oh, ow = dout.shape[2:]
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            part = np.tensordot(dout, w[:, :, i, j], axes=(1, 0)).transpose(0, 3, 1, 2)
            dx[:, :, i : i + oh * stride : stride, j : j + ow * stride : stride] += part
    dx = dx[:, :, padding : padding + h, padding : padding + width]
    return dx, dw, dout.sum(axis=(0, 2, 3))


# %% wrong: a pair taken as (width, height)
# fails: test-im2col-order, test-im2col-padding, test-im2col-adding-back, test-im2col-cropping
# says: a pair taken as (width, height)
# from: slices for each position of the kernel, cache a dict
# -    return kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
# +    kw, kh = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
# +    return kh, kw
# -    cols = im2col(x, (kh, kw), stride, padding)
# +    cols = im2col(x, (kw, kh), stride, padding)
# -    dx = col2im(dcols, cache["shape"], w.shape[2:], cache["stride"], cache["padding"])
# +    dx = col2im(dcols, cache["shape"], w.shape[:1:-1], cache["stride"], cache["padding"])


# %% wrong: rounds up and lets the last windows hang over
# fails: test-im2col-order, test-im2col-padding, test-im2col-adding-back, test-im2col-cropping, test-im2col-forward, test-im2col-backward
# says: rounding up: a window that does not fit is dropped
# from: slices for each position of the kernel, cache a dict
# -    oh = (h + 2 * padding - kh) // stride + 1
# -    ow = (w + 2 * padding - kw) // stride + 1
# -    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    oh = int(np.ceil((h + 2 * padding - kh) / stride)) + 1
# +    ow = int(np.ceil((w + 2 * padding - kw) / stride)) + 1
# +    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding + stride), (padding, padding + stride)))
# -    n, c, h, w = x_shape
# -    oh = (h + 2 * padding - kh) // stride + 1
# -    ow = (w + 2 * padding - kw) // stride + 1
# +    n, c, h, w = x_shape
# +    oh = int(np.ceil((h + 2 * padding - kh) / stride)) + 1
# +    ow = int(np.ceil((w + 2 * padding - kw) / stride)) + 1
# -    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=cols.dtype)
# +    xp = np.zeros((n, c, h + 2 * padding + stride, w + 2 * padding + stride), dtype=cols.dtype)
# -    oh = (h + 2 * padding - kh) // stride + 1
# -    ow = (width + 2 * padding - kw) // stride + 1
# +    oh = int(np.ceil((h + 2 * padding - kh) / stride)) + 1
# +    ow = int(np.ceil((width + 2 * padding - kw) / stride)) + 1


# %% wrong: the stride only moves the outputs, not the windows
# fails: test-im2col-order, test-im2col-padding, test-im2col-adding-back, test-im2col-cropping, test-im2col-forward, test-im2col-backward
# says: the stride is ignored where the windows are put back
# from: slices for each position of the kernel, cache a dict
# -            part = xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride]
# +            part = xp[:, :, i : i + oh, j : j + ow]
# -            xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += part
# +            xp[:, :, i : i + oh, j : j + ow] += part


# %% wrong: padding at the end only
# fails: test-im2col-padding, test-im2col-cropping, test-im2col-forward, test-im2col-backward
# says: padding on one side only
# from: slices for each position of the kernel, cache a dict
# -    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))
# -    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# +    return xp[:, :, :h, :w].copy()


# %% wrong: padding with the values of the edge
# fails: test-im2col-padding, test-im2col-forward, test-im2col-gradient, test-im2col-backward
# says: padding with the values of the edge: it is zeros
# from: slices for each position of the kernel, cache a dict
# -    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")


# %% wrong: = for += in overlapping windows
# fails: test-im2col-adding-back, test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: = where += is needed: windows that overlap add up
# from: slices for each position of the kernel, cache a dict
# -            xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += part
# +            xp[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] = part


# %% wrong: fancy indexing with += counts a repeated pixel once
# fails: test-im2col-adding-back, test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: = where += is needed: windows that overlap add up
import numpy as np


def get_im2col_indices(x_shape, field_height, field_width, padding, stride):
    N, C, H, W = x_shape
    out_height = (H + 2 * padding - field_height) // stride + 1
    out_width = (W + 2 * padding - field_width) // stride + 1
    c, i, j = (a.reshape(-1, 1) for a in np.indices((C, field_height, field_width)))
    n, p, q = (a.reshape(1, -1) for a in np.indices((N, out_height, out_width)))
    return n, c, p * stride + i, q * stride + j


def im2col(x, kernel_size, stride, padding):
    kh, kw = np.broadcast_to(kernel_size, (2,))
    indices = get_im2col_indices(x.shape, kh, kw, padding, stride)
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))[indices]


def col2im(cols, x_shape, kernel_size, stride, padding):
    kh, kw = np.broadcast_to(kernel_size, (2,))
    N, C, H, W = x_shape
    x_padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
    x_padded[get_im2col_indices(x_shape, kh, kw, padding, stride)] += cols
    return x_padded[:, :, padding : padding + H, padding : padding + W]


def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
    cols = im2col(x, w.shape[2:], stride, padding)
    oh = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
    out = w.reshape(len(w), -1) @ cols + b[:, None]
    out = out.reshape(len(w), len(x), oh, -1).transpose(1, 0, 2, 3)
    return out, (cols, w, x.shape, stride, padding)


def conv2d_backward_im2col(dout, cache):
    cols, w, shape, stride, padding = cache
    dout = dout.transpose(1, 0, 2, 3).reshape(len(w), -1)
    dcols = w.reshape(len(w), -1).T @ dout
    dx = col2im(dcols, shape, w.shape[2:], stride, padding)
    return dx, (dout @ cols.T).reshape(w.shape), dout.sum(1)


# %% wrong: col2im as the inverse of im2col: divided by the number of windows
# fails: test-im2col-adding-back, test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: dividing by the number of windows: gradients add up
# from: slices for each position of the kernel, cache a dict
# -    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# +    counts = np.zeros_like(xp)
# +    for i in range(kh):
# +        for j in range(kw):
# +            counts[:, :, i : i + stride * oh : stride, j : j + stride * ow : stride] += 1
# +    xp = xp / np.maximum(counts, 1)
# +    return xp[:, :, padding : padding + h, padding : padding + w]


# %% wrong: crops with [padding:-padding]
# fails: test-im2col-adding-back, test-im2col-cropping, test-im2col-dtype, test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: cropping with [padding:-padding], which is empty when padding is 0
# from: slices for each position of the kernel, cache a dict
# -    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# +    return xp[:, :, padding:-padding, padding:-padding]


# %% wrong: the padding is not taken off again
# fails: test-im2col-cropping, test-im2col-gradient, test-im2col-backward
# says: the padding is still there: crop it
# from: slices for each position of the kernel, cache a dict
# -    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# +    return xp


# %% wrong: col2im with the order of windows of one image: images and channels mixed
# fails: test-im2col-adding-back, test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: a reshape where a transpose is needed: it mixes images and channels
# from: slices for each position of the kernel, cache a dict
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.reshape(n, c, kh, kw, oh, ow).transpose(1, 2, 3, 0, 4, 5)


# %% wrong: the product reshaped without a transpose
# fails: test-im2col-forward, test-im2col-gradient, test-im2col-forward-speed
# says: a reshape where a transpose is needed: the product has F before N
# from: slices for each position of the kernel, cache a dict
# -    out = out.reshape(k, n, oh, ow).transpose(1, 0, 2, 3)
# +    out = out.reshape(n, k, oh, ow)


# %% wrong: the product and dout reshaped without a transpose
# fails: test-im2col-forward, test-im2col-backward, test-im2col-forward-speed, test-im2col-backward-speed
# says: a reshape where a transpose is needed: the product has F before N
# from: slices for each position of the kernel, cache a dict
# -    out = out.reshape(k, n, oh, ow).transpose(1, 0, 2, 3)
# +    out = out.reshape(n, k, oh, ow)
# -    flat = dout.transpose(1, 0, 2, 3).reshape(k, -1)
# +    flat = dout.reshape(k, -1)


# %% wrong: dout reshaped without a transpose
# fails: test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: a reshape where a transpose is needed: dout has N before F
# from: slices for each position of the kernel, cache a dict
# -    flat = dout.transpose(1, 0, 2, 3).reshape(k, -1)
# +    flat = dout.reshape(k, -1)


# %% wrong: the kernel flipped, in both passes
# fails: test-im2col-forward, test-im2col-backward, test-im2col-forward-speed, test-im2col-backward-speed
# says: the kernel is flipped
# from: slices for each position of the kernel, cache a dict
# -    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
# +    out = w[:, :, ::-1, ::-1].reshape(k, -1) @ cols + b.reshape(k, 1)
# -    dw = (flat @ cols.T).reshape(w.shape)
# -    dcols = w.reshape(k, -1).T @ flat
# +    dw = (flat @ cols.T).reshape(w.shape)[:, :, ::-1, ::-1]
# +    dcols = w[:, :, ::-1, ::-1].reshape(k, -1).T @ flat


# %% wrong: dx with the kernel flipped
# fails: test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: dx with a kernel flipped once too often
# from: slices for each position of the kernel, cache a dict
# -    dcols = w.reshape(k, -1).T @ flat
# +    dcols = w[:, :, ::-1, ::-1].reshape(k, -1).T @ flat


# %% wrong: the bias is forgotten
# fails: test-im2col-forward, test-im2col-gradient
# says: no bias
# from: slices for each position of the kernel, cache a dict
# -    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
# +    out = w.reshape(k, -1) @ cols


# %% wrong: db as a mean over the images
# fails: test-im2col-gradient, test-im2col-backward
# says: db as a mean over the images: it is a sum
# from: slices for each position of the kernel, cache a dict
# -    db = flat.sum(axis=1)
# +    db = dout.sum(axis=(2, 3)).mean(axis=0)


# %% wrong: dw and db divided by the size of the batch
# fails: test-im2col-gradient, test-im2col-backward, test-im2col-backward-speed
# says: dw and db as means over the images: they are sums
# from: slices for each position of the kernel, cache a dict
# -    return dx, dw, db
# +    return dx, dw / len(dout), db / len(dout)


# %% wrong: the column matrix kept in a global
# fails: test-im2col-backward
# says: a column matrix kept in a global: each forward pass has its own
# from: slices for each position of the kernel, cache a dict
# -    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# -
# -
# +    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# +
# +
# +_cols = None
# +
# +
# -def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
# +def conv2d_forward_im2col(x, w, b, stride=1, padding=0):
# +    global _cols
# -    cols = im2col(x, (kh, kw), stride, padding)
# +    cols = _cols = im2col(x, (kh, kw), stride, padding)
# -    return out, {"cols": cols, "w": w, "shape": x.shape, "stride": stride, "padding": padding}
# +    return out, {"w": w, "shape": x.shape, "stride": stride, "padding": padding}
# -    w, cols = cache["w"], cache["cols"]
# +    w, cols = cache["w"], _cols


# %% wrong: the cache is emptied by the backward pass
# fails: test-im2col-backward
# says: KeyError
# from: slices for each position of the kernel, cache a dict
# -    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# -
# -
# +    return xp[:, :, padding : padding + h, padding : padding + w].copy()
# +
# +
# +class Cache:
# +    def __init__(self, entries):
# +        self.entries = entries
# +
# +    def __getitem__(self, key):
# +        return self.entries[key]
# +
# +    def pop(self, key):
# +        return self.entries.pop(key)
# +
# +
# -    return out, {"cols": cols, "w": w, "shape": x.shape, "stride": stride, "padding": padding}
# +    return out, Cache({"cols": cols, "w": w, "shape": x.shape, "stride": stride, "padding": padding})
# -    w, cols = cache["w"], cache["cols"]
# +    w, cols = cache["w"], cache.pop("cols")


# %% wrong: the column matrix is always float64
# fails: test-im2col-dtype
# says: wrong dtype
# from: slices for each position of the kernel, cache a dict
# -    cols = np.empty((c, kh, kw, n, oh, ow), dtype=x.dtype)
# +    cols = np.empty((c, kh, kw, n, oh, ow))


# %% wrong: col2im is always float64
# fails: test-im2col-dtype
# says: float32, which its argument 1 has
# from: slices for each position of the kernel, cache a dict
# -    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=cols.dtype)
# +    xp = np.zeros((n, c, h + 2 * padding, w + 2 * padding))


# %% wrong: col2im adds into the column matrix of a 1×1 kernel and returns it
# fails: test-im2col-dtype
# says: the result is a view of its argument 1
# from: slices for each position of the kernel, cache a dict
# -    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    parts = cols.reshape(c, kh, kw, n, oh, ow)
# +    if (kh, kw, stride, padding) == (1, 1, 1, 0):
# +        return parts[:, 0, 0].transpose(1, 0, 2, 3)


# %% wrong: stride 1 written into the backward pass
# fails: test-im2col-gradient, test-im2col-backward
# says: conv2d_backward_im2col raised ValueError
# from: slices for each position of the kernel, cache a dict
# -    dx = col2im(dcols, cache["shape"], w.shape[2:], cache["stride"], cache["padding"])
# +    dx = col2im(dcols, cache["shape"], w.shape[2:], 1, cache["padding"])


# %% wrong: the bias reshaped in place
# fails: test-im2col-dtype
# says: the call changes its argument 3
# from: slices for each position of the kernel, cache a dict
# -    out = w.reshape(k, -1) @ cols + b.reshape(k, 1)
# +    b.shape = (k, 1)
# +    out = w.reshape(k, -1) @ cols + b
