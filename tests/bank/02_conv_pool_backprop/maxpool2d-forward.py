# %% right: loops in plain Python, max of a generator
def maxpool2d_forward(x, kernel_size, stride):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    N, C, H, W = x.shape
    OH, OW = (H - kh) // stride + 1, (W - kw) // stride + 1
    out = np.empty((N, C, OH, OW), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    out[n, c, i, j] = max(
                        x[n, c, i * stride + u, j * stride + v]
                        for u in range(kh)
                        for v in range(kw)
                    )
    return out, (x, kh, kw, stride)


# %% right: windows over all images and channels at once
def maxpool2d_forward(x, kernel_size, stride):
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    oh = (x.shape[2] - kh) // stride + 1
    ow = (x.shape[3] - kw) // stride + 1
    out = np.zeros((*x.shape[:2], oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = np.max(window, axis=(2, 3))
    return out, (x, kh, kw, stride)


# %% right: sliding_window_view
def maxpool2d_forward(x, kernel_size, stride):
    size = tuple(np.broadcast_to(kernel_size, 2))
    view = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))
    out = view[:, :, ::stride, ::stride].max(axis=(-2, -1))
    return out, [x, int(size[0]), int(size[1]), stride]


# %% right: as_strided and a flat argmax
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if hasattr(kernel_size, "__len__") else [kernel_size] * 2
    n, c, h, w = x.shape
    oh, ow = 1 + (h - kh) // stride, 1 + (w - kw) // stride
    a, b, d, e = x.strides
    parts = np.lib.stride_tricks.as_strided(
        x, (n, c, oh, ow, kh, kw), (a, b, d * stride, e * stride, d, e), writeable=False
    ).reshape(n, c, oh, ow, kh * kw)
    best = parts.argmax(axis=-1)
    out = np.take_along_axis(parts, best[..., None], axis=-1)[..., 0]
    return out, (x, kh, kw, stride)


# %% right: the largest of shifted images, np.maximum from minus infinity
def maxpool2d_forward(x, kernel_size, stride=None):
    kh, kw = (kernel_size,) * 2 if np.isscalar(kernel_size) else tuple(kernel_size)
    stride = stride or kh
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.full((x.shape[0], x.shape[1], oh, ow), -np.inf, dtype=x.dtype)
    for u in range(kh):
        for v in range(kw):
            rows = slice(u, u + (oh - 1) * stride + 1, stride)
            columns = slice(v, v + (ow - 1) * stride + 1, stride)
            np.maximum(out, x[:, :, rows, columns], out=out)
    return out, (x, kh, kw, stride)


# %% right: a helper for one map, np.stack, an explicit copy
def pool_map(image, kh, kw, stride):
    tops = range(0, image.shape[0] - kh + 1, stride)
    lefts = range(0, image.shape[1] - kw + 1, stride)
    return np.array([[image[t : t + kh, l : l + kw].max() for l in lefts] for t in tops])


def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    out = np.stack([np.stack([pool_map(m, kh, kw, stride) for m in image]) for image in x])
    return out.copy(), (x.copy(), kh, kw, stride)


# %% wrong: a maximum that starts at zero
# fails: test-maxpool2d-forward-windows
# says: a maximum that starts at 0
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        for u in range(kh):
            for v in range(kw):
                value = x[n, c, i * stride + u, j * stride + v]
                if value > out[n, c, i, j]:
                    out[n, c, i, j] = value
    return out, (x, kh, kw, stride)


# %% wrong: the mean
# fails: test-maxpool2d-forward-windows, test-maxpool2d-forward-overlap, test-maxpool2d-forward-pair, test-maxpool2d-forward-dtype, test-maxpool2d-forward-inputs, test-maxpool2d-backward-own-forward
# says: the mean of a window
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].mean()
    return out, (x, kh, kw, stride)


# %% wrong: over the channels
# fails: test-maxpool2d-forward-windows, test-maxpool2d-backward-own-forward
# says: pooling over the channels as well
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, :, top : top + kh, left : left + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: the largest in size
# fails: test-maxpool2d-forward-windows
# says: the largest size, whatever its sign
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = np.abs(x[n, c, top : top + kh, left : left + kw]).max()
    return out, (x, kh, kw, stride)


# %% wrong: the first image only
# fails: test-maxpool2d-forward-windows, test-maxpool2d-backward-own-forward
# says: the first image only: loop over the batch as well
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for c, i, j in np.ndindex(out.shape[1:]):
        top, left = i * stride, j * stride
        out[0, c, i, j] = x[0, c, top : top + kh, left : left + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: rows and columns of the output swapped
# fails: test-maxpool2d-forward-windows, test-maxpool2d-forward-overlap, test-maxpool2d-forward-pair, test-maxpool2d-forward-dtype, test-maxpool2d-forward-inputs, test-maxpool2d-backward-own-forward
# says: rows and columns swapped
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (W - kw) // stride + 1, (H - kh) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = j * stride, i * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: the stride is the kernel size
# fails: test-maxpool2d-forward-overlap, test-maxpool2d-forward-pair, test-maxpool2d-backward-own-forward
# says: windows one kernel apart
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // kh, W // kw), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, i * kh : (i + 1) * kh, j * kw : (j + 1) * kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: reshape, which knows no overlap and no rest
# fails: test-maxpool2d-forward-overlap, test-maxpool2d-forward-dtype, test-maxpool2d-forward-inputs, test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-dtype
# says: cannot reshape array
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = x.reshape(N, C, H // kh, kh, W // kw, kw).max(axis=(3, 5))
    return out, (x, kh, kw, stride)


# %% wrong: rounded up, with cut windows
# fails: test-maxpool2d-forward-overlap, test-maxpool2d-forward-pair
# says: keeping windows that do not fit
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    OH, OW = int(np.ceil((H - kh) / stride)) + 1, int(np.ceil((W - kw) / stride)) + 1
    out = np.zeros((N, C, OH, OW), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + kh, left : left + kw]
        out[n, c, i, j] = window.max() if window.size else 0
    return out, (x, kh, kw, stride)


# %% wrong: windows one pixel apart
# fails: test-maxpool2d-forward-windows, test-maxpool2d-forward-overlap, test-maxpool2d-forward-dtype, test-maxpool2d-backward-own-forward
# says: windows one pixel apart
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, i : i + kh, j : j + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: an output size of H // stride
# fails: test-maxpool2d-forward-overlap, test-maxpool2d-forward-pair
# says: keeping windows that do not fit
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // stride, W // stride), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: square windows only
# fails: test-maxpool2d-forward-pair
# says: TypeError
def maxpool2d_forward(x, kernel_size, stride):
    k = kernel_size
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - k) // stride + 1, (W - k) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + k, left : left + k].max()
    return out, (x, k, k, stride)


# %% wrong: height and width of the window swapped
# fails: test-maxpool2d-forward-pair
# says: height and width swapped
def maxpool2d_forward(x, kernel_size, stride):
    kw, kh = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: float32 lost
# fails: test-maxpool2d-forward-dtype
# says: float64
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1))
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].max()
    return out, (x, kh, kw, stride)


# %% wrong: a shortcut for windows of one pixel returns the image
# fails: test-maxpool2d-forward-inputs
# says: returning the argument, or a view of it
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    if kh == kw == 1:
        return x[:, :, ::stride, ::stride], (x, kh, kw, stride)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].max(axis=(4, 5)), (x, kh, kw, stride)


# %% wrong: marks the maxima in the image
# fails: test-maxpool2d-forward-inputs
# says: working in place
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    saved = x.copy()
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        window = saved[n, c, top : top + kh, left : left + kw]
        out[n, c, i, j] = window.max()
        x[n, c, top : top + kh, left : left + kw] = window == window.max()
    return out, (saved, kh, kw, stride)


# %% wrong: no cache
# fails: test-maxpool2d-forward-windows, test-maxpool2d-forward-overlap, test-maxpool2d-forward-pair, test-maxpool2d-forward-dtype, test-maxpool2d-forward-inputs, test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# says: an array, not a tuple
def maxpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].max(axis=(4, 5))
