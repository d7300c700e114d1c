# %% right: seven loops in plain Python
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    if KH > H + 2 * padding or KW > W + 2 * padding:
        raise ValueError("kernel too large")
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    total = float(b[f])
                    for c in range(C):
                        for u in range(KH):
                            for v in range(KW):
                                r, s = i * stride + u - padding, j * stride + v - padding
                                if 0 <= r < H and 0 <= s < W:
                                    total += float(x[n, c, r, s]) * float(w[f, c, u, v])
                    out[n, f, i, j] = total
    return out, (x, w, stride, padding)


# %% right: sliding_window_view and einsum
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    # larger kernels raise a ValueError in sliding_window_view
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    out = np.einsum("nchwuv,fcuv->nfhw", win, w) + b.reshape(1, -1, 1, 1)
    return out, (x, w, stride, padding)


# %% right: as_strided and tensordot
from numpy.lib.stride_tricks import as_strided


def conv2d_forward(x, w, b, stride=1, padding=0):
    (n, c, h, wd), (f, _, kh, kw) = x.shape, w.shape
    padded = np.zeros((n, c, h + 2 * padding, wd + 2 * padding), dtype=x.dtype)
    padded[:, :, padding : padding + h, padding : padding + wd] = x
    oh, ow = 1 + (padded.shape[2] - kh) // stride, 1 + (padded.shape[3] - kw) // stride
    if oh < 1 or ow < 1:
        raise ValueError(f"no room for {kh}x{kw}")
    a, b_, c_, d = padded.strides
    windows = as_strided(
        padded, (n, c, oh, ow, kh, kw), (a, b_, c_ * stride, d * stride, c_, d)
    )
    out = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3)))
    out = out.transpose(0, 3, 1, 2) + b[None, :, None, None]
    return out, (x, w, stride, padding)


# %% right: im2col, a single matrix product
def conv2d_forward(x, w, b, stride=1, padding=0):
    f, c, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    n, _, h, wd = xp.shape
    if kh > h or kw > wd:
        raise ValueError("the kernel does not fit")
    tops, lefts = range(0, h - kh + 1, stride), range(0, wd - kw + 1, stride)
    columns = np.stack(
        [xp[:, :, t : t + kh, l : l + kw].reshape(n, -1) for t in tops for l in lefts], axis=2
    )
    out = w.reshape(f, -1) @ columns + b[:, None]
    return out.reshape(n, f, len(tops), len(lefts)), (x, w, stride, padding)


# %% right: a loop over the taps of the kernel, bias by broadcasting
def conv2d_forward(x, w, b, stride=1, padding=0):
    n, c, h, width = x.shape
    f, _, kh, kw = w.shape
    pad = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    xp = np.pad(x, pad, mode="constant", constant_values=0)
    room = np.array(xp.shape[2:]) - (kh, kw)
    if (room < 0).any():
        raise ValueError("negative room")
    oh, ow = room // stride + 1
    out = np.empty((n, f, oh, ow), dtype=x.dtype)
    out[...] = b[:, None, None]
    for u in range(kh):
        for v in range(kw):
            part = xp[:, :, u : u + (oh - 1) * stride + 1 : stride, v : v + (ow - 1) * stride + 1 : stride]
            out += np.einsum("nchw,fc->nfhw", part, w[:, :, u, v])
    return out, (x, w, stride, padding)


# %% right: a helper for one window, the cache a list
class KernelTooLarge(ValueError):
    pass


def windows(x, kernel, stride):
    for i, top in enumerate(range(0, x.shape[-2] - kernel[0] + 1, stride)):
        for j, left in enumerate(range(0, x.shape[-1] - kernel[1] + 1, stride)):
            yield i, j, x[..., top : top + kernel[0], left : left + kernel[1]]


def conv2d_forward(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0,), (0,), (padding,), (padding,)))
    found = list(windows(padded, w.shape[2:], stride))
    if not found:
        raise KernelTooLarge(w.shape)
    out = np.zeros((len(x), len(w), found[-1][0] + 1, found[-1][1] + 1)).astype(x.dtype)
    for i, j, window in found:
        for f in range(len(w)):
            out[:, f, i, j] = (window * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, [x, w, stride, padding]


# %% right: computes in float64, casts at the end, one more option
def conv2d_forward(x, w, b, stride=1, padding=0, check=True):
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x.astype(float), [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    H_out = 1 + (H + 2 * padding - HH) // stride
    W_out = 1 + (W + 2 * padding - WW) // stride
    if check and min(H_out, W_out) <= 0:
        raise ValueError
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            win = xp[:, np.newaxis, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = (win * w).sum((2, 3, 4)) + b
    return out.astype(x.dtype), (x, w, stride, padding)


# %% wrong: kernel flipped
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-backward-own-forward
# says: flipping the kernel: out is a cross-correlation
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w[:, :, ::-1, ::-1])
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: only the last channel, = for +=
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-backward-own-forward
# says: the last channel only: add the channels up
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        for c in range(C):
            top, left = i * stride, j * stride
            window = xp[n, c, top : top + KH, left : left + KW]
            out[n, f, i, j] = np.sum(window * w[f, c]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the mean over a window
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-forward-errors, test-conv2d-backward-own-forward
# says: the mean over a window
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.mean(xp[n, :, top : top + KH, left : left + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the first image only
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-forward-dtype, test-conv2d-forward-inputs, test-conv2d-backward-own-forward
# says: the first image only: loop over the batch as well
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for f, i, j in np.ndindex(F, OH, OW):
        top, left = i * stride, j * stride
        out[0, f, i, j] = np.sum(xp[0, :, top : top + KH, left : left + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: rows and columns of the output swapped
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-forward-dtype, test-conv2d-forward-inputs, test-conv2d-backward-own-forward
# says: rows and columns swapped
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfwh", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: the kernel taken for square
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-backward-own-forward, test-conv2d-backward-dx, test-conv2d-backward-dw, test-conv2d-backward-db, test-conv2d-backward-strides, test-conv2d-backward-padding
# says: taking the kernel's height for its width
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, K = w.shape[:3]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - K) // stride + 1
    OW = (W + 2 * padding - K) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(xp[n, :, top : top + K, left : left + K] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: three channels, as in a colour image
# fails: test-conv2d-forward-sum
# says: taking the number of channels for 3
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        window = xp[n, 0:3, top : top + KH, left : left + KW]
        out[n, f, i, j] = np.sum(window * w[f, 0:3]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the bias forgotten
# fails: test-conv2d-forward-bias, test-conv2d-backward-own-forward
# says: the bias is left out
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out, (x, w, stride, padding)


# %% wrong: the bias added for each channel
# fails: test-conv2d-forward-bias, test-conv2d-backward-own-forward
# says: a bias for each input channel
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        for c in range(C):
            top, left = i * stride, j * stride
            window = xp[n, c, top : top + KH, left : left + KW]
            out[n, f, i, j] += np.sum(window * w[f, c]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the bias inside the sum
# fails: test-conv2d-forward-bias, test-conv2d-backward-own-forward
# says: a bias for each product
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(xp[n, :, top : top + KH, left : left + KW] * w[f] + b[f])
    return out, (x, w, stride, padding)


# %% wrong: the first bias for all filters
# fails: test-conv2d-forward-bias, test-conv2d-backward-own-forward
# says: the first bias for every filter
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w) + b[0]
    return out, (x, w, stride, padding)


# %% wrong: windows one pixel apart
# fails: test-conv2d-forward-stride, test-conv2d-backward-own-forward
# says: windows one pixel apart
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        out[n, f, i, j] = np.sum(xp[n, :, i : i + KH, j : j + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the output size rounded up
# fails: test-conv2d-forward-stride, test-conv2d-backward-own-forward
# says: rounding the output size up
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if KH > xp.shape[2] or KW > xp.shape[3]:
        raise ValueError
    OH = int(np.ceil((H + 2 * padding - KH) / stride)) + 1
    OW = int(np.ceil((W + 2 * padding - KW) / stride)) + 1
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        window = xp[n, :, top : top + KH, left : left + KW]
        h, v = window.shape[1:]
        out[n, f, i, j] = np.sum(window * w[f, :, :h, :v]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: refuses steps that leave pixels over
# fails: test-conv2d-forward-stride, test-conv2d-backward-own-forward, test-conv2d-backward-strides
# says: the filter does not tile the image
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    if (xp.shape[2] - w.shape[2]) % stride or (xp.shape[3] - w.shape[3]) % stride:
        raise ValueError("the filter does not tile the image")
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: the plus one inside the division
# fails: test-conv2d-forward-stride
# says: the + 1 stands after the division
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if KH > xp.shape[2] or KW > xp.shape[3]:
        raise ValueError
    OH = (H + 2 * padding - KH + 1) // stride
    OW = (W + 2 * padding - KW + 1) // stride
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(xp[n, :, top : top + KH, left : left + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the stride along rows only
# fails: test-conv2d-forward-stride, test-conv2d-backward-own-forward
# says: a stride along one axis only
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: padding at the end only
# fails: test-conv2d-forward-padding, test-conv2d-forward-errors, test-conv2d-backward-own-forward, test-conv2d-backward-padding
# says: padding at one end of an axis: it stands at both
def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (0, 0), (0, padding), (0, padding)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: padding with the edge
# fails: test-conv2d-forward-padding, test-conv2d-backward-own-forward
# says: repeating the edge: padding is made of zeros
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], mode="edge")
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: padding of 1 whatever is asked for
# fails: test-conv2d-forward-padding, test-conv2d-forward-errors
# says: a padding of 1 whatever is asked for
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = 1 if padding else 0
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: the output size without padding
# fails: test-conv2d-forward-padding, test-conv2d-forward-errors, test-conv2d-backward-padding
# says: the padded image has more windows
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if KH > xp.shape[2] or KW > xp.shape[3]:
        raise ValueError
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(xp[n, :, top : top + KH, left : left + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: no error, an empty output
# fails: test-conv2d-forward-errors
# says: no ValueError for a call that makes no sense
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = max((H + 2 * padding - KH) // stride + 1, 0)
    OW = max((W + 2 * padding - KW) // stride + 1, 0)
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(xp[n, :, top : top + KH, left : left + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: an assertion, not a ValueError
# fails: test-conv2d-forward-errors
# says: AssertionError
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    assert xp.shape[2] >= w.shape[2] and xp.shape[3] >= w.shape[3], "kernel too large"
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: only the height is checked, by a sum that comes out positive for strides
# fails: test-conv2d-forward-errors
# says: no ValueError for a call that makes no sense
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    if KH > H + 2 * padding:
        raise ValueError
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    OH = (H + 2 * padding - KH) // stride + 1
    OW = max((W + 2 * padding - KW) // stride + 1, 1)
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        window = xp[n, :, top : top + KH, left : left + KW]
        out[n, f, i, j] = np.sum(window * w[f][:, :, : window.shape[2]]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: the error does not count the padding
# fails: test-conv2d-forward-padding, test-conv2d-forward-errors, test-conv2d-backward-padding
# says: comparing the kernel with the image as it is
def conv2d_forward(x, w, b, stride=1, padding=0):
    if w.shape[2] > x.shape[2] or w.shape[3] > x.shape[3]:
        raise ValueError("the kernel is larger than the image")
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None], (x, w, stride, padding)


# %% wrong: float32 lost
# fails: test-conv2d-forward-dtype
# says: float64
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    if KH > H + 2 * padding or KW > W + 2 * padding:
        raise ValueError
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    xp[:, :, padding : padding + H, padding : padding + W] = x
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(xp[n, :, top : top + KH, left : left + KW] * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: float32 always
# fails: test-conv2d-forward-dtype, test-conv2d-backward-own-forward
# says: float32
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return (out + b[:, None, None]).astype(np.float32), (x, w, stride, padding)


# %% wrong: the bias reshaped in place
# fails: test-conv2d-forward-inputs
# says: working in place: copy the argument first
def conv2d_forward(x, w, b, stride=1, padding=0):
    b.shape = (-1, 1, 1)
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w) + b
    return out, (x, w, stride, padding)


# %% wrong: no cache
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-forward-errors, test-conv2d-forward-dtype, test-conv2d-forward-inputs, test-conv2d-backward-own-forward, test-conv2d-backward-dx, test-conv2d-backward-dw, test-conv2d-backward-db, test-conv2d-backward-strides, test-conv2d-backward-padding, test-conv2d-backward-dtype, test-conv2d-backward-cache
# says: an array, not a tuple
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    win = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    out = np.einsum("nchwuv,fcuv->nfhw", win[:, :, ::stride, ::stride], w)
    return out + b[:, None, None]
