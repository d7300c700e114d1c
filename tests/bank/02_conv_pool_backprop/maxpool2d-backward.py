# %% right: argmax and divmod, with the reference's cache
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    N, C, OH, OW = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    u, v = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% right: stored places in a dict, np.add.at
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    view = view[:, :, ::stride, ::stride]
    number = view.reshape(*view.shape[:4], -1).argmax(axis=-1)
    n, c, i, j = np.indices(number.shape)
    places = n, c, i * stride + number // kw, j * stride + number % kw
    return x[places], {"places": places, "shape": x.shape}


def maxpool2d_backward(dout, cache):
    dx = np.zeros(cache["shape"], dtype=dout.dtype)
    np.add.at(dx, cache["places"], dout)
    return dx


# %% right: an object that compares entries one by one
class Pool:
    def __init__(self, x, kh, kw, stride):
        self.x, self.kh, self.kw, self.stride = x.copy(), kh, kw, stride

    def best(self, n, c, i, j):
        found = None
        for u in range(self.kh):
            for v in range(self.kw):
                r, q = i * self.stride + u, j * self.stride + v
                if found is None or self.x[n, c, r, q] > self.x[n, c, found[0], found[1]]:
                    found = r, q
        return found


def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    pool = Pool(x, kh, kw, stride)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        out[(n, c, i, j)] = x[(n, c) + pool.best(n, c, i, j)]
    return out, pool


def maxpool2d_backward(dout, cache):
    dx = np.zeros_like(cache.x)
    for (n, c, i, j), g in np.ndenumerate(dout):
        dx[(n, c) + cache.best(n, c, i, j)] += g
    return dx


# %% right: a closure, masks for the first maximum
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    taps = [
        np.s_[:, :, u : u + (oh - 1) * stride + 1 : stride, v : v + (ow - 1) * stride + 1 : stride]
        for u in range(kh)
        for v in range(kw)
    ]
    parts = np.stack([x[t] for t in taps])
    out = parts.max(axis=0)
    which = parts.argmax(axis=0)

    def backward(dout):
        dx = np.zeros(x.shape, dout.dtype)
        for number, t in enumerate(taps):
            dx[t] += np.where(which == number, dout, 0)
        return dx

    return out, backward


def maxpool2d_backward(dout, cache):
    return cache(dout)


# %% right: a namedtuple, bincount on flat places
from collections import namedtuple

PoolCache = namedtuple("PoolCache", ["flat", "shape"])


def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    OH, OW = (H - kh) // stride + 1, (W - kw) // stride + 1
    number = np.arange(x.size).reshape(x.shape)
    flat = np.zeros((N, C, OH, OW), dtype=int)
    for n, c, i, j in np.ndindex(N, C, OH, OW):
        part = np.s_[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        flat[n, c, i, j] = number[part].ravel()[x[part].ravel().argmax()]
    return x.ravel()[flat], PoolCache(flat, x.shape)


def maxpool2d_backward(dout, cache):
    size = int(np.prod(cache.shape))
    dx = np.bincount(cache.flat.ravel(), weights=dout.ravel(), minlength=size)
    return dx.reshape(cache.shape).astype(dout.dtype)


# %% right: one-hot windows, a list as cache
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    masks = []
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        flat = window.reshape(N, C, -1)
        out[:, :, i, j] = flat.max(-1)
        mask = np.eye(kh * kw, dtype=x.dtype)[flat.argmax(-1)].reshape(window.shape)
        masks.append((i * stride, j * stride, mask))
    return out, [x.shape, kh, kw, masks]


def maxpool2d_backward(dout, cache):
    shape, kh, kw, masks = cache
    dx = np.zeros(shape, dout.dtype)
    for (i, j), (top, left, mask) in zip(np.ndindex(dout.shape[2:]), masks):
        dx[:, :, top : top + kh, left : left + kw] += mask * dout[:, :, i, j, None, None]
    return dx


# %% wrong: the gradient to every tied maximum
# fails: test-maxpool2d-backward-ties
# says: the gradient to every tied maximum: it goes to the first of them
# from: solution
# -        row, column = divmod(np.argmax(window), columns)
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        tied = window == window.max()
# +        dx[n, c, top : top + rows, left : left + columns] += tied * dout[n, c, i, j]

# %% wrong: the gradient split among ties
# says: the gradient split among tied maxima
# -        row, column = divmod(np.argmax(window), columns)
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        tied = window == window.max()
# +        share = (tied * dout[n, c, i, j] / tied.sum()).astype(dout.dtype)
# +        dx[n, c, top : top + rows, left : left + columns] += share

# %% wrong: ties to the last
# says: the gradient to the last of the tied maxima
# -        row, column = divmod(np.argmax(window), columns)
# +        row, column = np.argwhere(window == window.max())[-1]

# %% wrong: ties in column order
# says: the first in column order
# -        row, column = divmod(np.argmax(window), columns)
# +        column, row = divmod(np.argmax(window.T), rows)

# %% wrong: the first row and the first column of ties, separately
# says: the first row and the first column in which the maximum stands
# -        row, column = divmod(np.argmax(window), columns)
# +        row, column = np.argwhere(window == window.max()).min(axis=0)

# %% wrong: = for +=
# fails: test-maxpool2d-backward-routing
# says: = where windows overlap
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        dx[n, c, top + row, left + column] = dout[n, c, i, j]

# %% wrong: the place in the window taken for the place in the image
# says: the place in the window taken for the place in the image
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        dx[n, c, row, column] += dout[n, c, i, j]

# %% wrong: fancy index with +=, which adds once
# says: = where windows overlap
# from: stored places in a dict, np.add.at
# -    np.add.at(dx, cache["places"], dout)
# +    dx[cache["places"]] += dout

# %% wrong: the gradient to the whole window
# says: the gradient to the whole window
# from: solution
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        dx[n, c, top : top + rows, left : left + columns] += dout[n, c, i, j]

# %% wrong: shared as in average pooling
# says: the gradient shared by the window
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        dx[n, c, top : top + rows, left : left + columns] += dout[n, c, i, j] / window.size

# %% wrong: times the largest value
# says: the gradient times the largest value
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        dx[n, c, top + row, left + column] += dout[n, c, i, j] * window.max()

# %% wrong: the number divided by the height of the window
# says: dividing the number of an entry by the window's height
# -        row, column = divmod(np.argmax(window), columns)
# +        row, column = divmod(np.argmax(window), rows)

# %% wrong: the row by the height, the column by the width of the window
# says: a row found with the window's height, a column with its width
# -        row, column = divmod(np.argmax(window), columns)
# +        row, column = np.argmax(window) // rows, np.argmax(window) % columns

# %% wrong: argmax unravelled in a window lying on its side
# says: dividing the number of an entry by the window's height
# -        row, column = divmod(np.argmax(window), columns)
# +        row, column = np.unravel_index(np.argmax(window), (columns, rows))

# %% wrong: the stride taken for the kernel size
# says: windows as large as the stride
# -        window = x[n, c, top : top + rows, left : left + columns]
# -        row, column = divmod(np.argmax(window), columns)
# +        window = x[n, c, top : top + stride, left : left + stride]
# +        row, column = divmod(np.argmax(window), window.shape[1])

# %% wrong: the stride forgotten in the backward pass
# says: windows one pixel apart
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +        dx[n, c, i + row, j + column] += dout[n, c, i, j]

# %% wrong: the stride forgotten wherever a window is
# says: windows one pixel apart
# -        top, left = i * stride, j * stride
# +        top, left = i, j

# %% wrong: windows as far apart as the kernel is large
# says: windows one kernel apart
# -        top, left = i * stride, j * stride
# +        top, left = i * rows, j * columns

# %% wrong: windows side by side, cropped, which raises where they overlap
# says: windows one kernel apart
# -    for n, c, i, j in np.ndindex(dout.shape):
# -        top, left = i * stride, j * stride
# -        window = x[n, c, top : top + rows, left : left + columns]
# -        row, column = divmod(np.argmax(window), columns)
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]
# +    images, channels, down, across = dout.shape
# +    cropped = x[:, :, : down * rows, : across * columns]
# +    tiles = cropped.reshape(images, channels, down, rows, across, columns)
# +    number = tiles.transpose(0, 1, 2, 4, 3, 5).reshape(*dout.shape, -1).argmax(axis=-1)
# +    n, c, i, j = np.indices(dout.shape)
# +    dx[n, c, i * rows + number // columns, j * columns + number % columns] = dout

# %% wrong: the first image only
# says: the first image only: loop over the batch as well
# -    for n, c, i, j in np.ndindex(dout.shape):
# +    for n, c, i, j in np.ndindex(1, *dout.shape[1:]):

# %% wrong: the first channel only
# says: the first channel only: loop over the channels as well
# -    for n, c, i, j in np.ndindex(dout.shape):
# +    for n, c, i, j in np.ndindex(len(dout), 1, *dout.shape[2:]):

# %% wrong: a mean over the batch
# says: a mean over the batch
# -    return dx
# +    return dx / dx.dtype.type(len(dx))

# %% wrong: smallest values in both passes, a true gradient of a wrong forward pass
# says: to the smallest of each window
# from: stored places in a dict, np.add.at
# -    number = view.reshape(*view.shape[:4], -1).argmax(axis=-1)
# +    number = view.reshape(*view.shape[:4], -1).argmin(axis=-1)

# %% wrong: a window that starts at 0 in both passes, a true gradient of a wrong forward pass
# says: no gradient where the largest value is negative
# -    return x[places], {"places": places, "shape": x.shape}
# +    return np.maximum(x[places], 0), {"places": places, "shape": x.shape, "on": x[places] > 0}
# -    np.add.at(dx, cache["places"], dout)
# +    np.add.at(dx, cache["places"], dout * cache["on"])

# %% wrong: zeros
# fails: test-maxpool2d-backward-routing, test-maxpool2d-backward-own-forward, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# because: nothing that it returns is right
# says: wrong values
# from: solution
# -        dx[n, c, top + row, left + column] += dout[n, c, i, j]

# %% wrong: float32 lost
# fails: test-maxpool2d-backward-dtype
# says: float64
# -    dx = np.zeros(x.shape, dtype=dout.dtype)
# +    dx = np.zeros(x.shape)

# %% wrong: the places in a global
# fails: test-maxpool2d-backward-cache
# says: keeping the arrays in a global
# from: stored places in a dict, np.add.at
# -    return x[places], {"places": places, "shape": x.shape}
# +    saved.update(places=places, shape=x.shape)
# +    return x[places], ()
# -def maxpool2d_backward(dout, cache):
# -    dx = np.zeros(cache["shape"], dtype=dout.dtype)
# -    np.add.at(dx, cache["places"], dout)
# +saved = {}
# +
# +
# +def maxpool2d_backward(dout, cache):
# +    dx = np.zeros(saved["shape"], dtype=dout.dtype)
# +    np.add.at(dx, saved["places"], dout)

# %% wrong: dx in the cache, added to by each call
# says: working in place: the cache may be needed again
# -    return x[places], {"places": places, "shape": x.shape}
# +    return x[places], {"places": places, "dx": np.zeros_like(x)}
# -    dx = np.zeros(cache["shape"], dtype=dout.dtype)
# -    np.add.at(dx, cache["places"], dout)
# -    return dx
# +    np.add.at(cache["dx"], cache["places"], dout)
# +    return cache["dx"].copy()

# %% wrong: the places are used up
# says: the second time
# -    np.add.at(dx, cache["places"], dout)
# +    np.add.at(dx, cache.pop("places", np.s_[:0]), dout)

# %% wrong: dx written into the cached image
# says: working in place: the cache may be needed again
# from: solution
# -    dx = np.zeros(x.shape, dtype=dout.dtype)
# +    x, dx = x.copy(), x
# +    dx[...] = 0

# %% wrong: the cached image shifted in place, which changes no place of a maximum
# says: working in place: the cache may be needed again
# -    dx = np.zeros(x.shape, dtype=dout.dtype)
# +    dx = np.zeros(x.shape, dtype=dout.dtype)
# +    x -= x.max()

# %% wrong: the image of an object shifted in place
# says: working in place: the cache may be needed again
# from: an object that compares entries one by one
# -    dx = np.zeros_like(cache.x)
# +    dx = np.zeros_like(cache.x)
# +    cache.x -= cache.x.max()

# %% wrong: the image of a closure shifted in place
# says: working in place: the cache may be needed again
# from: a closure, masks for the first maximum
# -    which = parts.argmax(axis=0)
# +    kept = x.copy()
# -        dx = np.zeros(x.shape, dout.dtype)
# +        np.subtract(kept, kept.max(), out=kept)
# +        which = np.stack([kept[t] for t in taps]).argmax(axis=0)
# +        dx = np.zeros(x.shape, dout.dtype)


# %% wrong: where the input is the largest and not zero
# fails: test-maxpool2d-backward-ties
# says: a window of zeros passes nothing on
def maxpool2d_forward(x, kernel_size, stride):
    rows, columns = np.broadcast_to(kernel_size, 2)
    high, wide = (x.shape[2] - rows) // stride + 1, (x.shape[3] - columns) // stride + 1
    out = np.zeros((*x.shape[:2], high, wide), x.dtype)
    for i, j in np.ndindex(high, wide):
        r, q = i * stride, j * stride
        out[:, :, i, j] = x[:, :, r : r + rows, q : q + columns].max(axis=(2, 3))
    return out, (x, rows, columns, stride)


def maxpool2d_backward(dout, cache):
    x, rows, columns, stride = cache
    dx = np.zeros(x.shape, dout.dtype)
    for n, c, i, j in np.ndindex(dout.shape):
        r, q = i * stride, j * stride
        window = x[n, c, r : r + rows, q : q + columns]
        kept = np.where(window == window.max(), window, 0)
        for u, v in np.argwhere(kept)[:1]:
            dx[n, c, r + u, q + v] += dout[n, c, i, j]
    return dx
