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
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        part = np.s_[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        dx[part] += (x[part] == x[part].max()) * dout[n, c, i, j]
    return dx


# %% wrong: the gradient split among ties
# fails: test-maxpool2d-backward-ties
# says: the gradient split among tied maxima
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        part = np.s_[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        mask = x[part] == x[part].max()
        dx[part] += mask / mask.sum() * dout[n, c, i, j]
    return dx


# %% wrong: ties to the last
# fails: test-maxpool2d-backward-ties
# says: the gradient to the last of the tied maxima
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        best, place = -np.inf, None
        for u in range(kh):
            for v in range(kw):
                if x[n, c, i * stride + u, j * stride + v] >= best:
                    best = x[n, c, i * stride + u, j * stride + v]
                    place = n, c, i * stride + u, j * stride + v
        dx[place] += dout[n, c, i, j]
    return dx


# %% wrong: ties in column order
# fails: test-maxpool2d-backward-ties
# says: the first in column order
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        v, u = divmod(np.argmax(window.T), kh)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: = for +=
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing
# says: = where windows overlap
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i * stride + u, j * stride + v] = dout[n, c, i, j]
    return dx


# %% wrong: fancy index with +=, which adds once
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing
# says: = where windows overlap
# from: stored places in a dict, np.add.at
# -    return x[places], {"places": places, "shape": x.shape}
# +    return x[places], (places, x.shape)
# -    dx = np.zeros(cache["shape"], dtype=dout.dtype)
# -    np.add.at(dx, cache["places"], dout)
# +    places, shape = cache
# +    dx = np.zeros(shape, dtype=dout.dtype)
# +    dx[places] += dout


# %% wrong: the gradient to the whole window
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# says: the gradient to the whole window
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        dx[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw] += dout[n, c, i, j]
    return dx


# %% wrong: shared as in average pooling
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# says: the gradient shared by the window
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        part = np.s_[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        dx[part] += dout[n, c, i, j] / (kh * kw)
    return dx


# %% wrong: times the largest value
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# says: the gradient times the largest value
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j] * window.max()
    return dx


# %% wrong: the number divided by the height of the window
# fails: test-maxpool2d-backward-routing
# says: dividing the number of an entry by the window's height
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kh)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: the stride taken for the kernel size
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing
# says: wrong values
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : (i + 1) * stride, j * stride : (j + 1) * stride]
        u, v = divmod(np.argmax(window), window.shape[1])
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: the stride forgotten in the backward pass
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing
# says: windows one pixel apart
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i + u, j + v] += dout[n, c, i, j]
    return dx


# %% wrong: float32 lost
# fails: test-maxpool2d-backward-dtype
# says: float64
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: the places in a global
# fails: test-maxpool2d-backward-cache
# says: keeping the arrays in a global
saved = {}


def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    saved.update(x=x, size=(kh, kw), stride=stride)
    return view[:, :, ::stride, ::stride].max(axis=(4, 5)), ()


def maxpool2d_backward(dout, cache):
    x, (kh, kw), stride = saved["x"], saved["size"], saved["stride"]
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: the places are used up
# fails: test-maxpool2d-backward-cache
# says: another result the second time
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].max(axis=(4, 5))
    return out, {"dx": np.zeros_like(x), "x": x, "kh": kh, "kw": kw, "stride": stride}


def maxpool2d_backward(dout, cache):
    dx, x, kh, kw, stride = cache.values()
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx.copy()


# %% wrong: dx written into the cached image
# fails: test-maxpool2d-backward-cache
# says: view of its argument 2
def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    places = []
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        places.append((n, c, i * stride + u, j * stride + v))
    x[...] = 0
    for place, g in zip(places, dout.ravel()):
        x[place] += g
    return x


# %% wrong: smallest values in both passes, a true gradient of a wrong forward pass
# fails: test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# says: wrong values
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].min(axis=(4, 5)), (x, kh, kw, stride)


def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmin(window), kw)
        dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: a window that starts at 0 in both passes, a true gradient of a wrong forward pass
# fails: test-maxpool2d-backward-routing, test-maxpool2d-backward-ties
# says: wrong values
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].max(axis=(4, 5))
    return np.maximum(out, 0), (x, kh, kw, stride)


def maxpool2d_backward(dout, cache):
    x, kh, kw, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = divmod(np.argmax(window), kw)
        if window[u, v] > 0:
            dx[n, c, i * stride + u, j * stride + v] += dout[n, c, i, j]
    return dx


# %% wrong: zeros
# fails: test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# says: wrong values
def maxpool2d_backward(dout, cache):
    return np.zeros_like(cache[0])
