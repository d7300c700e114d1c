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


# %% right: one loop over images, filters and positions
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    p = padding
    if KH > H + 2 * p or KW > W + 2 * p:
        raise ValueError(f"a kernel of {KH}x{KW} is too large")
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    OH = (H + 2 * p - KH) // stride + 1
    OW = (W + 2 * p - KW) // stride + 1
    out = np.zeros((N, F, OH, OW), x.dtype)
    for n, f, i, j in np.ndindex(N, F, OH, OW):
        top, left = i * stride, j * stride
        window = xp[n, :, top : top + KH, left : left + KW]
        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, stride, padding)


# %% wrong: kernel flipped
# fails: test-conv2d-forward-sum
# says: flipping the kernel: out is a cross-correlation
# from: sliding_window_view and einsum
# -    out = np.einsum("nchwuv,fcuv->nfhw", win, w) + b.reshape(1, -1, 1, 1)
# +    out = np.einsum("nchwuv,fcuv->nfhw", win, w[:, :, ::-1, ::-1]) + b.reshape(1, -1, 1, 1)

# %% wrong: only the last channel, = for +=
# says: the last channel only: add the channels up
# from: one loop over images, filters and positions
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        for c in range(C):
# +            out[n, f, i, j] = np.sum(window[c] * w[f, c]) + b[f]

# %% wrong: the mean over a window
# says: the mean over a window
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.mean(window * w[f]) + b[f]

# %% wrong: the first image only
# says: the first image only: loop over the batch as well
# -    for n, f, i, j in np.ndindex(N, F, OH, OW):
# +    for n, f, i, j in np.ndindex(1, F, OH, OW):

# %% wrong: rows and columns of the output swapped
# says: rows and columns swapped
# from: sliding_window_view and einsum
# -    out = np.einsum("nchwuv,fcuv->nfhw", win, w) + b.reshape(1, -1, 1, 1)
# +    out = np.einsum("nchwuv,fcuv->nfwh", win, w) + b.reshape(1, -1, 1, 1)

# %% wrong: the kernel taken for square
# says: taking the kernel's height for its width
# from: one loop over images, filters and positions
# -    F, _, KH, KW = w.shape
# +    F, _, KH, _ = w.shape
# +    KW = KH

# %% wrong: three channels, as in a colour image
# says: taking the number of channels for 3
# -        window = xp[n, :, top : top + KH, left : left + KW]
# +        window = xp[n, 0:3, top : top + KH, left : left + KW]
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.sum(window * w[f, 0:3]) + b[f]

# %% wrong: the height taken for the width in the output size
# says: the height for the width in the output size
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = (H + 2 * p - KW) // stride + 1

# %% wrong: the first filter for all
# says: the first filter everywhere
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.sum(window * w[0]) + b[f]

# %% wrong: the number of filters taken for the kernel size
# fails: test-conv2d-forward-sum, test-conv2d-backward-own-forward, test-conv2d-backward-db, test-conv2d-backward-dtype, test-conv2d-backward-cache
# because: of small kernels nothing that it returns is right, and it has no backward pass
# says: taking the number of filters for the kernel size
# -    F, _, KH, KW = w.shape
# +    F = KH = KW = w.shape[0]

# %% wrong: one position too few
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-forward-dtype, test-conv2d-forward-inputs, test-conv2d-backward-own-forward
# because: out is smaller in every call, and so has another gradient
# says: one position too few along each axis
# -    OH = (H + 2 * p - KH) // stride + 1
# +    OH = (H + 2 * p - KH) // stride
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = (W + 2 * p - KW) // stride

# %% wrong: no cache
# fails: test-conv2d-forward-sum, test-conv2d-forward-bias, test-conv2d-forward-stride, test-conv2d-forward-padding, test-conv2d-forward-dtype, test-conv2d-forward-inputs, test-conv2d-backward-own-forward, test-conv2d-backward-dx, test-conv2d-backward-dw, test-conv2d-backward-db, test-conv2d-backward-strides, test-conv2d-backward-padding, test-conv2d-backward-dtype, test-conv2d-backward-cache
# because: nothing that it returns is right
# says: out alone
# -    return out, (x, w, stride, padding)
# +    return out

# %% wrong: the bias forgotten
# fails: test-conv2d-forward-bias
# says: the bias is left out
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.sum(window * w[f])

# %% wrong: the bias added for each channel
# says: a bias for each input channel
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        for c in range(C):
# +            out[n, f, i, j] += np.sum(window[c] * w[f, c]) + b[f]

# %% wrong: the bias inside the sum
# says: a bias for each product
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.sum(window * w[f] + b[f])

# %% wrong: the first bias for all filters
# says: the first bias for every filter
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.sum(window * w[f]) + b[0]

# %% wrong: windows one pixel apart
# fails: test-conv2d-forward-stride
# says: windows one pixel apart
# -        top, left = i * stride, j * stride
# +        top, left = i, j

# %% wrong: the output size rounded up
# says: rounding the output size up
# -    OH = (H + 2 * p - KH) // stride + 1
# +    OH = int(np.ceil((H + 2 * p - KH) / stride)) + 1
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = int(np.ceil((W + 2 * p - KW) / stride)) + 1
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        h, v = window.shape[1:]
# +        out[n, f, i, j] = np.sum(window * w[f, :, :h, :v]) + b[f]

# %% wrong: the output size rounded to the nearest
# says: rounding the output size to the nearest
# -    OH = (H + 2 * p - KH) // stride + 1
# +    OH = round((H + 2 * p - KH) / stride) + 1
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = round((W + 2 * p - KW) / stride) + 1
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        h, v = window.shape[1:]
# +        out[n, f, i, j] = np.sum(window * w[f, :, :h, :v]) + b[f]

# %% wrong: the plus one inside the division
# says: the + 1 stands after the division
# -    OH = (H + 2 * p - KH) // stride + 1
# +    OH = (H + 2 * p - KH + 1) // stride
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = (W + 2 * p - KW + 1) // stride

# %% wrong: the stride along rows only
# says: a stride along one axis only
# from: sliding_window_view and einsum
# -    win = win[:, :, ::stride, ::stride]
# +    win = win[:, :, ::stride]

# %% wrong: the stride ignored
# says: the stride is ignored
# -    win = win[:, :, ::stride, ::stride]
# +    # every window

# %% wrong: refuses steps that leave pixels over
# fails: test-conv2d-forward-stride, test-conv2d-backward-strides
# because: a forward pass that raises has no backward pass
# says: refusing steps that leave pixels over
# -    win = win[:, :, ::stride, ::stride]
# +    if (xp.shape[2] - w.shape[2]) % stride or (xp.shape[3] - w.shape[3]) % stride:
# +        raise ValueError("the filter does not tile the image")
# +    win = win[:, :, ::stride, ::stride]

# %% wrong: padding at the end only
# fails: test-conv2d-forward-padding
# says: padding at one end of an axis: it stands at both
# -    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
# +    xp = np.pad(x, [(0, 0), (0, 0), (0, p), (0, p)])

# %% wrong: np.pad with a number pads every axis
# fails: test-conv2d-forward-padding, test-conv2d-forward-errors
# because: with several channels it raises a ValueError, which is a refusal of a kernel that fits
# says: np.pad(x, padding) pads images and channels too
# from: solution
# -    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    padded = np.pad(x, padding)

# %% wrong: padding with the edge
# fails: test-conv2d-forward-padding
# from: sliding_window_view and einsum
# says: repeating the edge: padding is made of zeros
# -    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
# +    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], mode="edge")

# %% wrong: padding of 1 whatever is asked for
# says: a padding of 1 whatever is asked for
# -    p = padding
# +    p = 1 if padding else 0

# %% wrong: the output size without padding
# says: the padded image has more windows
# from: one loop over images, filters and positions
# -    OH = (H + 2 * p - KH) // stride + 1
# +    OH = (H - KH) // stride + 1
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = (W - KW) // stride + 1
# -    out = np.zeros((N, F, OH, OW), x.dtype)
# +    out = np.zeros((N, F, max(OH, 0), max(OW, 0)), x.dtype)
# -    for n, f, i, j in np.ndindex(N, F, OH, OW):
# +    for n, f, i, j in np.ndindex(*out.shape):

# %% wrong: windows at positions of the image without padding
# says: windows of the image without its padding only
# -    for n, f, i, j in np.ndindex(N, F, OH, OW):
# +    positions = max((H - KH) // stride + 1, 0), max((W - KW) // stride + 1, 0)
# +    for n, f, i, j in np.ndindex(N, F, *positions):

# %% wrong: padding of 1 written in, the result cut to size
# fails: test-conv2d-forward-padding, test-conv2d-forward-sum
# because: it pads where no padding is asked, so that no sum is right either
# says: a padding of 1 whatever is asked for
# -    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
# +    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        h, v = window.shape[1:]
# +        out[n, f, i, j] = np.sum(window * w[f, :, :h, :v]) + b[f]

# %% wrong: no error, an empty output
# fails: test-conv2d-forward-errors
# says: no kernel is refused
# -    if KH > H + 2 * p or KW > W + 2 * p:
# -        raise ValueError(f"a kernel of {KH}x{KW} is too large")
# +    # any kernel will do
# -    OH = (H + 2 * p - KH) // stride + 1
# +    OH = max((H + 2 * p - KH) // stride + 1, 0)
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = max((W + 2 * p - KW) // stride + 1, 0)

# %% wrong: an assertion, not a ValueError
# says: AssertionError
# -    if KH > H + 2 * p or KW > W + 2 * p:
# -        raise ValueError(f"a kernel of {KH}x{KW} is too large")
# +    assert KH <= H + 2 * p and KW <= W + 2 * p, "kernel too large"

# %% wrong: only the height is checked, by a sum that comes out positive for strides
# says: the height only
# -    if KH > H + 2 * p or KW > W + 2 * p:
# +    if KH > H + 2 * p:
# -    OW = (W + 2 * p - KW) // stride + 1
# +    OW = max((W + 2 * p - KW) // stride + 1, 1)
# -        out[n, f, i, j] = np.sum(window * w[f]) + b[f]
# +        out[n, f, i, j] = np.sum(window * w[f, :, :, : window.shape[2]]) + b[f]

# %% wrong: a kernel that just fits is refused
# says: refusing a kernel that just fits
# -    if KH > H + 2 * p or KW > W + 2 * p:
# +    if KH >= H + 2 * p or KW >= W + 2 * p:

# %% wrong: the error does not count the padding
# fails: test-conv2d-forward-errors, test-conv2d-backward-padding
# because: a forward pass that raises has no backward pass
# says: comparing the kernel with the image as it is
# -    if KH > H + 2 * p or KW > W + 2 * p:
# +    if KH > H or KW > W:

# %% wrong: float32 lost
# fails: test-conv2d-forward-dtype
# says: float64
# -    out = np.zeros((N, F, OH, OW), x.dtype)
# +    out = np.zeros((N, F, OH, OW))

# %% wrong: float32 always
# says: float32
# -    return out, (x, w, stride, padding)
# +    return out.astype(np.float32), (x, w, stride, padding)

# %% wrong: the bias reshaped in place
# fails: test-conv2d-forward-inputs
# says: working in place: copy the argument first
# from: sliding_window_view and einsum
# -    out = np.einsum("nchwuv,fcuv->nfhw", win, w) + b.reshape(1, -1, 1, 1)
# +    b.shape = (-1, 1, 1)
# +    out = np.einsum("nchwuv,fcuv->nfhw", win, w) + b
