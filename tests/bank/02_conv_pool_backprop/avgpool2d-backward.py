# %% right: loops over all entries
def avgpool2d_backward(dout, cache):
    shape, kh, kw, stride = cache
    dx = np.zeros(shape, dout.dtype)
    N, C, OH, OW = dout.shape
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    for u in range(kh):
                        for v in range(kw):
                            dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j] / (kh * kw)
    return dx


# %% right: strided slices for each entry of the window, a dict as cache
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    taps = [
        (slice(None), slice(None), slice(u, u + (oh - 1) * stride + 1, stride),
         slice(v, v + (ow - 1) * stride + 1, stride))
        for u in range(kh) for v in range(kw)
    ]  # fmt: skip
    out = sum(x[t] for t in taps) / x.dtype.type(len(taps))
    return out, {"taps": taps, "shape": x.shape}


def avgpool2d_backward(dout, cache):
    dx = np.zeros(cache["shape"], dtype=dout.dtype)
    for tap in cache["taps"]:
        dx[tap] += dout
    dx /= len(cache["taps"])
    return dx


# %% right: a closure with two matrices
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)

    def averaging(length, size):
        count = (length - size) // stride + 1
        start = stride * np.arange(count)[:, None]
        place = np.arange(length)
        return (((place >= start) & (place < start + size)) / size).astype(x.dtype)

    left, right = averaging(x.shape[2], kh), averaging(x.shape[3], kw)
    return left @ x @ right.T, lambda dout: left.T @ dout @ right


def avgpool2d_backward(dout, cache):
    return cache(dout)


# %% right: an object, np.add.at
class Averages:
    def __init__(self, shape, size, stride):
        self.shape, (self.kh, self.kw), self.stride = shape, size, stride

    def places(self, oh, ow):
        rows = self.stride * np.arange(oh)[:, None] + np.arange(self.kh)
        columns = self.stride * np.arange(ow)[:, None] + np.arange(self.kw)
        return rows[:, None, :, None], columns[None, :, None, :]


def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    cache = Averages(x.shape, (kh, kw), stride)
    rows, columns = cache.places((x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1)
    return x[:, :, rows, columns].mean(axis=(4, 5)), cache


def avgpool2d_backward(dout, cache):
    dx = np.zeros(cache.shape, dout.dtype)
    rows, columns = cache.places(*dout.shape[2:])
    share = dout[..., None, None] / (cache.kh * cache.kw)
    np.add.at(dx, (slice(None), slice(None), rows, columns), share)
    return dx


# %% right: a namedtuple, np.kron where windows do not overlap
from collections import namedtuple

AvgCache = namedtuple("AvgCache", "shape kh kw stride")


def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].mean(axis=(4, 5)), AvgCache(x.shape, kh, kw, stride)


def avgpool2d_backward(dout, cache):
    dx = np.zeros(cache.shape, dout.dtype)
    kh, kw, s = cache.kh, cache.kw, cache.stride
    share = dout / (kh * kw)
    if kh == kw == s:
        full = np.kron(share, np.ones((kh, kw), dout.dtype))
        dx[:, :, : full.shape[2], : full.shape[3]] = full
        return dx
    for i, j in np.ndindex(dout.shape[2:]):
        dx[:, :, i * s : i * s + kh, j * s : j * s + kw] += share[:, :, i, j][..., None, None]
    return dx


# %% right: windows at once
def avgpool2d_backward(dout, cache):
    (n, c, h, w), kh, kw, stride = cache
    share = (dout / (kh * kw)).astype(dout.dtype)
    dx = np.zeros((n, c, h, w), dtype=dout.dtype)
    for i in range(share.shape[2]):
        for j in range(share.shape[3]):
            dx[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += (
                share[:, :, i : i + 1, j : j + 1]
            )
    return dx


# %% wrong: = for +=
# fails: test-avgpool2d-backward-shares
# says: = where windows overlap
# from: solution
# -        dx[n, c, top : top + rows, left : left + columns] += share
# +        dx[n, c, top : top + rows, left : left + columns] = share

# %% wrong: not divided
# says: the whole gradient to each entry
# -        share = dout[n, c, i, j] / (rows * columns)
# +        share = dout[n, c, i, j]

# %% wrong: divided by how many windows cover a pixel
# says: a mean where windows overlap
# -    dx = np.zeros(shape, dtype=dout.dtype)
# +    dx, count = np.zeros(shape, dtype=dout.dtype), np.zeros(shape, dtype=dout.dtype)
# -        dx[n, c, top : top + rows, left : left + columns] += share
# -    return dx
# +        dx[n, c, top : top + rows, left : left + columns] += share
# +        count[n, c, top : top + rows, left : left + columns] += 1
# +    return dx / np.maximum(count, 1)

# %% wrong: divided by the square of the stride
# says: dividing by stride * stride
# -        share = dout[n, c, i, j] / (rows * columns)
# +        share = dout[n, c, i, j] / stride**2

# %% wrong: divided by the height squared
# says: dividing by the square of one side
# -        share = dout[n, c, i, j] / (rows * columns)
# +        share = dout[n, c, i, j] / rows**2

# %% wrong: divided by the width squared
# says: dividing by the square of one side
# -        share = dout[n, c, i, j] / (rows * columns)
# +        share = dout[n, c, i, j] / columns**2

# %% wrong: divided by the number of windows
# says: dividing by the number of windows
# -        share = dout[n, c, i, j] / (rows * columns)
# +        share = dout[n, c, i, j] / dout[n, c].size

# %% wrong: the stride forgotten in the backward pass
# says: windows one pixel apart
# -        top, left = i * stride, j * stride
# +        top, left = i, j

# %% wrong: windows as far apart as the kernel is large
# says: windows one kernel apart
# -        top, left = i * stride, j * stride
# +        top, left = i * rows, j * columns

# %% wrong: the stride taken for the kernel size
# says: windows as large as the stride
# -    shape, rows, columns, stride = cache
# +    shape, *_, stride = cache
# +    rows = columns = stride

# %% wrong: windows from one stride to the next
# says: windows as large as the stride
# -        dx[n, c, top : top + rows, left : left + columns] += share
# +        dx[n, c, top : top + stride, left : left + stride] += share

# %% wrong: repeated, for windows side by side only
# says: windows side by side only
# -    dx = np.zeros(shape, dtype=dout.dtype)
# -    for n, c, i, j in np.ndindex(dout.shape):
# -        top, left = i * stride, j * stride
# -        share = dout[n, c, i, j] / (rows * columns)
# -        dx[n, c, top : top + rows, left : left + columns] += share
# -    return dx
# +    return (dout.repeat(rows, axis=2).repeat(columns, axis=3) / (rows * columns)).astype(dout.dtype)

# %% wrong: repeated into a crop of dx, which raises where windows overlap
# says: windows side by side only
# -    for n, c, i, j in np.ndindex(dout.shape):
# -        top, left = i * stride, j * stride
# -        share = dout[n, c, i, j] / (rows * columns)
# -        dx[n, c, top : top + rows, left : left + columns] += share
# +    tiles = dout.repeat(rows, axis=2).repeat(columns, axis=3) / (rows * columns)
# +    dx[:, :, : tiles.shape[2], : tiles.shape[3]] = tiles


# %% wrong: to the largest entry, as in max pooling
# says: to the largest entry, as in max pooling
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].mean(axis=(4, 5)), (x, kh, kw, stride)


def avgpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: max pooling in both passes, a true gradient of a wrong forward pass
# says: to the largest entry, as in max pooling
def avgpool2d_forward(x, kernel_size, stride):
    return maxpool2d_forward(x, kernel_size, stride)


def avgpool2d_backward(dout, cache):
    return maxpool2d_backward(dout, cache)


# %% wrong: sums in both passes, a true gradient of a wrong forward pass
# says: the whole gradient to each entry
# from: strided slices for each entry of the window, a dict as cache
# -    out = sum(x[t] for t in taps) / x.dtype.type(len(taps))
# +    out = sum(x[t] for t in taps)
# -    dx /= len(cache["taps"])
# -    return dx
# +    return dx

# %% wrong: the first image only
# says: the first image only: loop over the batch as well
# from: solution
# -    for n, c, i, j in np.ndindex(dout.shape):
# +    for n, c, i, j in np.ndindex(1, *dout.shape[1:]):

# %% wrong: the first channel only
# says: the first channel only: loop over the channels as well
# -    for n, c, i, j in np.ndindex(dout.shape):
# +    for n, c, i, j in np.ndindex(len(dout), 1, *dout.shape[2:]):

# %% wrong: zeros
# fails: test-avgpool2d-backward-shares, test-avgpool2d-backward-own-forward, test-avgpool2d-dtype, test-avgpool2d-inputs
# because: nothing that it returns is right
# says: wrong values
# -        dx[n, c, top : top + rows, left : left + columns] += share

# %% wrong: float32 lost
# fails: test-avgpool2d-dtype
# says: float64
# -    dx = np.zeros(shape, dtype=dout.dtype)
# +    dx = np.zeros(shape)

# %% wrong: divides dout in place
# fails: test-avgpool2d-inputs
# says: working in place
# -    dx = np.zeros(shape, dtype=dout.dtype)
# +    dx = np.zeros(shape, dtype=dout.dtype)
# +    dout /= rows * columns
# -        share = dout[n, c, i, j] / (rows * columns)
# +        share = dout[n, c, i, j]

# %% wrong: the sizes in a global
# says: another result after another forward pass
# from: an object, np.add.at
# -def avgpool2d_forward(x, kernel_size, stride):
# +latest = []
# +
# +
# +def avgpool2d_forward(x, kernel_size, stride):
# -    return x[:, :, rows, columns].mean(axis=(4, 5)), cache
# +    latest[:] = [cache]
# +    return x[:, :, rows, columns].mean(axis=(4, 5)), None
# -def avgpool2d_backward(dout, cache):
# +def avgpool2d_backward(dout, cache):
# +    [cache] = latest

# %% wrong: dout itself for windows of one pixel
# says: returning an argument, or a view of it
# from: solution
# -    dx = np.zeros(shape, dtype=dout.dtype)
# +    if rows * columns == 1 and stride == 1:
# +        return dout
# +    dx = np.zeros(shape, dtype=dout.dtype)

# %% wrong: dx in the cache, added to by each call
# says: working in place: the cache may be needed again
# from: strided slices for each entry of the window, a dict as cache
# -    return out, {"taps": taps, "shape": x.shape}
# +    return out, {"taps": taps, "dx": np.zeros_like(x)}
# -    dx = np.zeros(cache["shape"], dtype=dout.dtype)
# -    for tap in cache["taps"]:
# -        dx[tap] += dout
# -    dx /= len(cache["taps"])
# -    return dx
# +    for tap in cache["taps"]:
# +        cache["dx"][tap] += dout / dout.dtype.type(len(cache["taps"]))
# +    return cache["dx"].copy()
