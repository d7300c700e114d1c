# %% right: loops in plain Python
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    N, C, H, W = x.shape
    _, KH, KW = depthwise.shape
    if KH > H + 2 * padding or KW > W + 2 * padding:
        raise ValueError("too large")
    OH, OW = (H + 2 * padding - KH) // stride + 1, (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, len(pointwise), OH, OW), x.dtype)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                middle = []
                for c in range(C):
                    total = 0.0
                    for u in range(KH):
                        for v in range(KW):
                            r, s = i * stride + u - padding, j * stride + v - padding
                            if 0 <= r < H and 0 <= s < W:
                                total += float(x[n, c, r, s]) * float(depthwise[c, u, v])
                    middle.append(total)
                for f in range(len(pointwise)):
                    out[n, f, i, j] = float(b[f]) + sum(float(p) * m for p, m in zip(pointwise[f], middle))
    return out


# %% right: sliding windows, one einsum
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    win = np.lib.stride_tricks.sliding_window_view(xp, depthwise.shape[1:], axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]


# %% right: both steps through functions of before
map_channels = pointwise


def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    c = x.shape[1]
    kernels = depthwise.reshape(c, 1, *depthwise.shape[1:])
    middle = conv2d(x, kernels, np.zeros(c, x.dtype), stride, padding, 1, c)
    return map_channels(middle, pointwise, b)


# %% right: one full convolution, its kernels multiplied out
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    w = pointwise[:, :, None, None] * depthwise[None]
    return conv2d(x, w, b, stride=stride, padding=padding)


# %% right: the stride after the second step, tap by tap
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    kh, kw = depthwise.shape[1:]
    h, w = xp.shape[2] - kh + 1, xp.shape[3] - kw + 1
    if h < 1 or w < 1:
        raise ValueError(f"{kh}x{kw}")
    middle = np.zeros(xp.shape[:2] + (h, w), x.dtype)
    for u in range(kh):
        for v in range(kw):
            middle += xp[:, :, u : u + h, v : v + w] * depthwise[:, u, v][:, None, None]
    out = np.tensordot(pointwise, middle, axes=(1, 1)).swapaxes(0, 1)
    return (out + b[:, None, None])[:, :, ::stride, ::stride]


# %% wrong: each kernel on all channels
# fails: test-depthwise-separable2d-steps
# says: each kernel on all channels
# from: sliding windows, one einsum
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    return np.einsum("ndijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]

# %% wrong: the first kernel for all channels
# says: the first kernel for every channel
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    return np.einsum("ncijuv,uv,fc->nfij", win, depthwise[0], pointwise) + b[:, None, None]

# %% wrong: kernels flipped
# says: flipping the kernels
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    flipped = depthwise[:, ::-1, ::-1]
# +    return np.einsum("ncijuv,cuv,fc->nfij", win, flipped, pointwise) + b[:, None, None]

# %% wrong: no bias
# says: the bias is left out
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise)

# %% wrong: a ReLU between
# says: a ReLU between the two steps
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    middle = np.maximum(np.einsum("ncijuv,cuv->ncij", win, depthwise), 0)
# +    return np.einsum("ncij,fc->nfij", middle, pointwise) + b[:, None, None]

# %% wrong: the stride ignored
# fails: test-depthwise-separable2d-options
# says: the stride is ignored
# -    win = win[:, :, ::stride, ::stride]
# +    win = win[:, :, :, :]

# %% wrong: the stride in both steps
# says: the stride in both steps
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    out = np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    return out[:, :, ::stride, ::stride]

# %% wrong: the padding in the second step
# says: the padding around the second step
# -    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# +    return np.einsum("ncijuv,cuv,fc->nfij", win, depthwise, pointwise) + b[:, None, None]
# -    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    if padding:
# +        middle = depthwise_separable2d(x, depthwise, pointwise, 0 * b)
# +        middle = np.pad(middle, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +        return middle[:, :, ::stride, ::stride] + b[:, None, None]
# +    xp = x

# %% wrong: nothing is refused
# fails: test-depthwise-separable2d-too-large
# says: no kernel is refused
# from: the stride after the second step, tap by tap
# -    if h < 1 or w < 1:
# -        raise ValueError(f"{kh}x{kw}")
# +    if h < 1 or w < 1:
# +        return np.zeros((len(x), len(b), 0, 0))

# %% wrong: a kernel that just fits is refused
# says: refusing a kernel that just fits
# -    if h < 1 or w < 1:
# +    if (h <= 1 and kh > 1) or (w <= 1 and kw > 1):

# %% wrong: refused only where both are too large
# says: refused only where both sides are too large
# -    if h < 1 or w < 1:
# -        raise ValueError(f"{kh}x{kw}")
# +    if h < 1 and w < 1:
# +        raise ValueError(f"{kh}x{kw}")
# +    if h < 1 or w < 1:
# +        return np.zeros((len(x), len(b), 0, 0))

# %% wrong: zeros of float64
# fails: test-depthwise-separable2d-dtype
# says: an array made without a dtype
# -    middle = np.zeros(xp.shape[:2] + (h, w), x.dtype)
# +    middle = np.zeros(xp.shape[:2] + (h, w))


# %% wrong: the kernels given an axis in place
# fails: test-depthwise-separable2d-dtype
# says: working in place
def depthwise_separable2d(x, depthwise, pointwise, b, stride=1, padding=0):
    channels, rows, columns = depthwise.shape
    depthwise.shape = (channels, 1, rows, columns)
    middle = conv2d(x, depthwise, np.zeros(channels, x.dtype), stride, padding, groups=channels)
    return np.einsum("fc,nchw->nfhw", pointwise, middle) + b[:, None, None]
