# %% right: loops over images, filters and positions
def conv2d_backward(dout, cache):
    x, w, stride, pad = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, OH, OW = dout.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.zeros(F, dtype=dout.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    g = dout[n, f, i, j]
                    hs, ws = i * stride, j * stride
                    dx_pad[n, :, hs : hs + HH, ws : ws + WW] += g * w[f]
                    dw[f] += g * x_pad[n, :, hs : hs + HH, ws : ws + WW]
                    db[f] += g
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


# %% right: nine loops in plain Python, the cache a dict
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    if KH > H + 2 * padding or KW > W + 2 * padding:
        raise ValueError("kernel too large")
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, OH, OW), x.dtype)
    taps = []
    for i in range(OH):
        for j in range(OW):
            for u in range(KH):
                for v in range(KW):
                    r, q = i * stride + u - padding, j * stride + v - padding
                    if 0 <= r < H and 0 <= q < W:
                        taps.append((i, j, u, v, r, q))
    for n in range(N):
        for f in range(F):
            out[n, f] = b[f]
            for i, j, u, v, r, q in taps:
                for c in range(C):
                    out[n, f, i, j] += x[n, c, r, q] * w[f, c, u, v]
    return out, {"x": x, "w": w, "taps": taps}


def conv2d_backward(dout, cache):
    x, w = cache["x"], cache["w"]
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    db = np.array([dout[:, f].sum() for f in range(len(w))], dtype=dout.dtype)
    for n in range(x.shape[0]):
        for f in range(w.shape[0]):
            for i, j, u, v, r, q in cache["taps"]:
                for c in range(x.shape[1]):
                    dx[n, c, r, q] += dout[n, f, i, j] * w[f, c, u, v]
                    dw[f, c, u, v] += dout[n, f, i, j] * x[n, c, r, q]
    return dx, dw, db


# %% right: a full correlation with the flipped kernel, an object as cache
class ConvCache:
    def __init__(self, padded, w, stride, padding, size):
        self.padded, self.w, self.stride = padded, w, stride
        self.padding, self.size = padding, size


def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    out = np.einsum("nchwuv,fcuv->nfhw", win, w) + b.reshape(1, -1, 1, 1)
    return out, ConvCache(xp, w, stride, padding, x.shape[2:])


def conv2d_backward(dout, cache):
    w, s, p, xp = cache.w, cache.stride, cache.padding, cache.padded
    (n, f, oh, ow), (kh, kw) = dout.shape, w.shape[2:]
    H, W = xp.shape[2:]
    spread = np.zeros((n, f, H - kh + 1, W - kw + 1), dtype=dout.dtype)
    spread[:, :, ::s, ::s] = dout
    full = np.pad(spread, ((0, 0), (0, 0), (kh - 1, kh - 1), (kw - 1, kw - 1)))
    view = np.lib.stride_tricks.sliding_window_view
    dxp = np.einsum("nfhwuv,fcuv->nchw", view(full, (kh, kw), (2, 3)), w[:, :, ::-1, ::-1])
    dw = np.einsum("nfij,ncijuv->fcuv", dout, view(xp, (kh, kw), (2, 3))[:, :, ::s, ::s])
    h, wd = cache.size
    return dxp[:, :, p : p + h, p : p + wd].copy(), dw, np.einsum("nfij->f", dout)


# %% right: a closure as cache
def conv2d_forward(x, w, b, stride=1, padding=0):
    pad = [(0, 0), (0, 0), (padding, padding), (padding, padding)]
    xp = np.pad(x, pad)
    if w.shape[2] > xp.shape[2] or w.shape[3] > xp.shape[3]:
        raise ValueError("too large")
    kh, kw = w.shape[2:]
    oh, ow = (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1
    slices = [
        np.s_[:, :, u : u + oh * stride : stride, v : v + ow * stride : stride]
        for u in range(kh)
        for v in range(kw)
    ]
    slices = [(s[0], s[1], slice(s[2].start, s[2].start + (oh - 1) * stride + 1, stride),
               slice(s[3].start, s[3].start + (ow - 1) * stride + 1, stride)) for s in slices]  # fmt: skip
    out = sum(np.einsum("nchw,fc->nfhw", xp[s], w[:, :, k // kw, k % kw]) for k, s in enumerate(slices))
    out = out + b[:, None, None]

    def backward(dout):
        dxp, dw = np.zeros_like(xp), np.zeros_like(w)
        for k, s in enumerate(slices):
            dxp[s] += np.einsum("nfhw,fc->nchw", dout, w[:, :, k // kw, k % kw])
            dw[:, :, k // kw, k % kw] = np.einsum("nfhw,nchw->fc", dout, xp[s])
        h, wd = x.shape[2:]
        return dxp[:, :, padding : padding + h, padding : padding + wd], dw, dout.sum((0, 2, 3))

    return out, backward


def conv2d_backward(dout, cache):
    return cache(dout)


# %% right: im2col, col2im with np.add.at, a namedtuple as cache
from collections import namedtuple

Saved = namedtuple("Saved", "columns w shape index padding")


def conv2d_forward(x, w, b, stride=1, padding=0):
    n, c, h, wd = x.shape
    f, _, kh, kw = w.shape
    hp, wp = h + 2 * padding, wd + 2 * padding
    if hp < kh or wp < kw:
        raise ValueError(f"{kh}x{kw} does not fit")
    xp = np.zeros((n, c, hp, wp), x.dtype)
    xp[:, :, padding : padding + h, padding : padding + wd] = x
    oh, ow = (hp - kh) // stride + 1, (wp - kw) // stride + 1
    k, u, v = np.unravel_index(np.arange(c * kh * kw), (c, kh, kw))
    i, j = np.unravel_index(np.arange(oh * ow), (oh, ow))
    index = (k[:, None], u[:, None] + stride * i, v[:, None] + stride * j)
    columns = xp[(slice(None), *index)]
    out = w.reshape(f, -1) @ columns + b[:, None]
    return out.reshape(n, f, oh, ow), Saved(columns, w, (n, c, h, wd), index, padding)


def conv2d_backward(dout, cache):
    n, c, h, wd = cache.shape
    p = cache.padding
    g = dout.reshape(*dout.shape[:2], -1)
    dw = (g @ cache.columns.transpose(0, 2, 1)).sum(0).reshape(cache.w.shape)
    dcolumns = cache.w.reshape(len(cache.w), -1).T @ g
    dxp = np.zeros((n, c, h + 2 * p, wd + 2 * p), dout.dtype)
    np.add.at(dxp, (slice(None), *cache.index), dcolumns)
    return dxp[:, :, p : h + p, p : wd + p], dw, g.sum(axis=(0, 2))


# %% right: crop with None at padding 0, tensordot, a tuple with a function in it
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (xp, w, lambda i: slice(i * stride, None), p)


def conv2d_backward(dout, cache):
    xp, w, start, p = cache
    kh, kw = w.shape[2:]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = xp[:, :, start(i), start(j)][:, :, :kh, :kw]
            dw += np.tensordot(dout[:, :, i, j], window, axes=(0, 0))
            dxp[:, :, start(i), start(j)][:, :, :kh, :kw] += np.tensordot(dout[:, :, i, j], w, 1)
    inner = slice(p, -p or None)
    return dxp[:, :, inner, inner], dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)


# %% right: a list returned, float64 inside, cast at the end
def conv2d_backward(dout, cache):
    x, w, stride, p = cache
    g = np.asarray(dout, dtype=np.float64)
    xp = np.pad(x.astype(float), [(0, 0), (0, 0), (p, p), (p, p)])
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for (n, f, i, j), value in np.ndenumerate(g):
        for c in range(x.shape[1]):
            rows = slice(i * stride, i * stride + w.shape[2])
            columns = slice(j * stride, j * stride + w.shape[3])
            dw[f, c] += value * xp[n, c, rows, columns]
            dxp[n, c, rows, columns] += value * w[f, c]
    dx = dxp[..., p : p + x.shape[2], p : p + x.shape[3]]
    return [a.astype(dout.dtype) for a in (dx, dw, g.sum((0, 2, 3)))]


# %% right: windows kept as a view in a list, einsum with optimize
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], [x.shape, win[:, :, ::stride, ::stride], w, stride, p]


def conv2d_backward(dout, cache):
    shape, windows, w, s, p = cache
    n, c, h, wd = shape
    dw = np.einsum("nfij,ncijuv->fcuv", dout, windows, optimize=True)
    dcols = np.einsum("nfij,fcuv->ncijuv", dout, w, optimize=True)
    dxp = np.zeros((n, c, h + 2 * p, wd + 2 * p), dout.dtype)
    oh, ow, kh, kw = dcols.shape[2:]
    for i in range(oh):
        for j in range(ow):
            dxp[:, :, i * s : i * s + kh, j * s : j * s + kw] += dcols[:, :, i, j]
    return dxp[:, :, p : p + h, p : p + wd], dw, dout.sum(axis=(0, 2, 3))


# %% right: slices of every window kept in a list
def conv2d_forward(x, w, b, stride=1, padding=0):
    p, (kh, kw) = padding, w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    if kh > xp.shape[2] or kw > xp.shape[3]:
        raise ValueError("no window")
    oh, ow = (xp.shape[2] - kh) // stride + 1, (xp.shape[3] - kw) // stride + 1
    out, windows = np.zeros((len(x), len(w), oh, ow), x.dtype), []
    for i, j in np.ndindex(oh, ow):
        rows = slice(i * stride, i * stride + kh)
        columns = slice(j * stride, j * stride + kw)
        windows.append((i, j, rows, columns))
        for f in range(len(w)):
            out[:, f, i, j] = (xp[:, :, rows, columns] * w[f]).sum((1, 2, 3)) + b[f]
    inside = np.s_[p : p + x.shape[2]], np.s_[p : p + x.shape[3]]
    return out, {"padded": xp, "w": w, "windows": windows, "inside": inside}


def conv2d_backward(dout, cache):
    xp, w = cache["padded"], cache["w"]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i, j, rows, columns in cache["windows"]:
        for f in range(len(w)):
            g = dout[:, f, i, j].reshape(-1, 1, 1, 1)
            dxp[:, :, rows, columns] += g * w[f]
            dw[f] += (g * xp[:, :, rows, columns]).sum(axis=0)
    rows, columns = cache["inside"]
    return dxp[:, :, rows, columns], dw, dout.sum((0, 2, 3))


# %% right: one loop over the entries of dout
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w) + b[:, None, None]
    return out, (x, w, stride, padding)


def conv2d_backward(dout, cache):
    x, w, stride, p = cache
    H, W = x.shape[2:]
    KH, KW = w.shape[2:]
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    db = dout.sum(axis=(0, 2, 3))
    for n, f, i, j in np.ndindex(dout.shape):
        a, b = i * stride, j * stride
        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f]
        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
    return dxp[:, :, p : p + H, p : p + W], dw, db


# %% wrong: = for += in dx
# fails: test-conv2d-backward-dx
# says: = where windows overlap
# from: one loop over the entries of dout
# -    for n, f, i, j in np.ndindex(dout.shape):
# +    for i, j in np.ndindex(dout.shape[2:]):
# -        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f]
# +        g = dout[:, :, i, j]
# +        dxp[:, :, a : a + KH, b : b + KW] = np.einsum("nf,fcuv->ncuv", g, w)
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw += np.einsum("nf,ncuv->fcuv", g, xp[:, :, a : a + KH, b : b + KW])

# %% wrong: = for += in dx, filter by filter
# says: = where windows overlap
# -        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f]
# +        dxp[n, :, a : a + KH, b : b + KW] = dout[n, f, i, j] * w[f]

# %% wrong: the kernel flipped in a scatter
# says: flipping the kernel: in loops over dout it stays as it is
# -        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f]
# +        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f][:, ::-1, ::-1]

# %% wrong: a full correlation without the flip
# says: flipping the kernel
# from: a full correlation with the flipped kernel, an object as cache
# -    dxp = np.einsum("nfhwuv,fcuv->nchw", view(full, (kh, kw), (2, 3)), w[:, :, ::-1, ::-1])
# +    dxp = np.einsum("nfhwuv,fcuv->nchw", view(full, (kh, kw), (2, 3)), w)

# %% wrong: crops with [padding:-padding]
# says: cropping dx with [padding:-padding], which is empty when padding is 0
# from: one loop over the entries of dout
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dxp[:, :, p:-p, p:-p], dw, db

# %% wrong: a crop that needs a border
# fails: test-conv2d-backward-dx, test-conv2d-backward-own-forward, test-conv2d-backward-dw, test-conv2d-backward-db, test-conv2d-backward-strides, test-conv2d-backward-dtype, test-conv2d-backward-cache
# because: where the padding is 0 it returns nothing at all
# says: a slice that is empty
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    dx = np.zeros_like(x)
# +    dx[...] = dxp[:, :, p:-p, p:-p]
# +    return dx, dw, db

# %% wrong: the order of the three results
# fails: test-conv2d-backward-dx, test-conv2d-backward-dw
# because: no test finds dx or dw where it belongs
# says: the results are (dx, dw, db), in this order
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dw, dxp[:, :, p : p + H, p : p + W], db

# %% wrong: db before dw
# fails: test-conv2d-backward-dw, test-conv2d-backward-db
# because: no test finds dw or db where it belongs
# says: the results are (dx, dw, db), in this order
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dxp[:, :, p : p + H, p : p + W], db, dw

# %% wrong: a kernel flipped in both passes, a true gradient of a wrong forward pass
# fails: test-conv2d-backward-dx, test-conv2d-backward-dw
# because: two gradients, each wrong by itself
# says: flipping
# -    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w) + b[:, None, None]
# +    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w[:, :, ::-1, ::-1]) + b[:, None, None]
# -        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f]
# +        dxp[n, :, a : a + KH, b : b + KW] += dout[n, f, i, j] * w[f][:, ::-1, ::-1]
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW][:, ::-1, ::-1]

# %% wrong: = for += in dw
# fails: test-conv2d-backward-dw
# says: the last window only: the windows add up
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw[f] = dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]

# %% wrong: dw starts again with each image
# says: one image of the batch only: the images add up
# -        a, b = i * stride, j * stride
# +        if (f, i, j) == (0, 0, 0):
# +            dw[...] = 0
# +        a, b = i * stride, j * stride

# %% wrong: means over the batch
# fails: test-conv2d-backward-dw, test-conv2d-backward-db
# because: two gradients, each wrong by itself
# says: a mean over the batch
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = dout.sum(axis=(0, 2, 3)) / len(x)
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW] / len(x)

# %% wrong: db a mean
# fails: test-conv2d-backward-db
# says: a mean over images and positions
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = dout.mean(axis=(0, 2, 3))

# %% wrong: db for each image
# says: a db for each image
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = dout.sum(axis=(2, 3))

# %% wrong: db forgotten
# says: nothing was returned
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = None

# %% wrong: the bias left out in both passes, a true gradient of a wrong forward pass
# says: wrong values
# -    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w) + b[:, None, None]
# +    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = np.zeros(len(w), dout.dtype)

# %% wrong: the stride forgotten in the backward pass
# fails: test-conv2d-backward-strides
# says: windows one pixel apart
# -        a, b = i * stride, j * stride
# +        a, b = i, j

# %% wrong: the stride forgotten in dw only
# says: windows one pixel apart in dw
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw[f] += dout[n, f, i, j] * xp[n, :, i : i + KH, j : j + KW]

# %% wrong: dx ends with the last window
# says: dx ends with the last window
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    rows, columns = (n * stride - stride for n in dout.shape[2:])
# +    dxp = dxp[:, :, : rows + KH, : columns + KW]
# +    return dxp[:, :, p : rows + KH - p, p : columns + KW - p], dw, db

# %% wrong: the border left on
# fails: test-conv2d-backward-padding
# says: a dx of the padded size: cut the border off
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dxp, dw, db

# %% wrong: cut out of the corner
# says: dx cut out of the corner
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dxp[:, :, :H, :W], dw, db

# %% wrong: a border of one cut off
# says: a border of 1 cut off whatever the padding is
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dxp[:, :, 1:-1, 1:-1] if p else dxp, dw, db

# %% wrong: pads at one end in both passes, a true gradient of a wrong forward pass
# says: wrong
# -    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
# -    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
# +    xp = np.pad(x, [(0, 0), (0, 0), (2 * p, 0), (2 * p, 0)])
# +    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
# -    KH, KW = w.shape[2:]
# -    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
# +    KH, KW = w.shape[2:]
# +    p = 2 * p
# +    xp = np.pad(x, [(0, 0), (0, 0), (p, 0), (p, 0)])

# %% wrong: float32 lost
# fails: test-conv2d-backward-dtype
# says: an array made without a dtype
# -    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
# +    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)

# %% wrong: float32 lost in db only
# says: an array made without a dtype
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = np.zeros(len(w))
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        db[f] += dout[n, f, i, j]

# %% wrong: the cache kept in a global
# fails: test-conv2d-backward-cache
# says: keeping the arrays in a global
# -    return out, (x, w, stride, padding)
# +    global saved
# +    saved = x, w, stride, padding
# +    return out, None
# -    x, w, stride, p = cache
# +    x, w, stride, p = saved

# %% wrong: dout used up
# says: working in place
# -        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dw[f] += dout[n, f, i, j] * xp[n, :, a : a + KH, b : b + KW]
# +        dout[n, f, i, j] = 0

# %% wrong: adds into what the cache holds
# says: the call changes an array in its cache
# -    return out, (x, w, stride, padding)
# +    return out, (x, w, np.zeros_like(xp), np.zeros_like(w), (stride, padding))
# -    x, w, stride, p = cache
# +    x, w, dxp, dw, (stride, p) = cache
# -    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
# -    db = dout.sum(axis=(0, 2, 3))
# +    db = dout.sum(axis=(0, 2, 3))
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    return dxp[:, :, p : p + H, p : p + W].copy(), dw.copy(), db

# %% wrong: pads what the cache holds, in place
# says: the call changes an array in its cache
# -    return out, (x, w, stride, padding)
# +    return out, [x, w, stride, padding]
# -    return dxp[:, :, p : p + H, p : p + W], dw, db
# +    x[...] = 0
# +    return dxp[:, :, p : p + H, p : p + W], dw, db

# %% wrong: zeroes the bias that it stored, an object as cache
# says: the call changes an array in its cache
# -    return out, (x, w, stride, padding)
# +    cache = type("Cache", (), {})()
# +    cache.x, cache.w, cache.b, cache.how = x, w, b, (stride, padding)
# +    return out, cache
# -    x, w, stride, p = cache
# +    x, w, (stride, p) = cache.x, cache.w, cache.how
# -    db = dout.sum(axis=(0, 2, 3))
# +    cache.b[...] = 0
# +    db = dout.sum(axis=(0, 2, 3))

# %% wrong: zeros of the right shapes
# fails: test-conv2d-backward-own-forward, test-conv2d-backward-dx, test-conv2d-backward-dw, test-conv2d-backward-db, test-conv2d-backward-strides, test-conv2d-backward-padding, test-conv2d-backward-dtype, test-conv2d-backward-cache
# because: nothing that it returns is right
# says: got is 0.0 everywhere
# -    db = dout.sum(axis=(0, 2, 3))
# +    return np.zeros_like(x), dw, np.zeros(len(w), dout.dtype)

# %% wrong: nothing depends on anything, zeros in both passes
# says: out stays the same where its first argument is moved
# -    return out, (x, w, stride, padding)
# +    return 0 * out, (x, w, stride, padding)
# -    db = dout.sum(axis=(0, 2, 3))
# +    return np.zeros_like(x), dw, np.zeros(len(w), dout.dtype)
