# %% right: plain sums and one division
def avgpool2d_forward(x, kernel_size, stride):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    kh, kw = kernel_size
    N, C, H, W = x.shape
    OH, OW = (H - kh) // stride + 1, (W - kw) // stride + 1
    out = np.zeros((N, C, OH, OW), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    total = 0.0
                    for u in range(kh):
                        for v in range(kw):
                            total += float(x[n, c, i * stride + u, j * stride + v])
                    out[n, c, i, j] = total / (kh * kw)
    return out, (x.shape, kh, kw, stride)


# %% right: windows over all images and channels at once
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = np.broadcast_to(kernel_size, 2).tolist()
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    out = np.empty(x.shape[:2] + (oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[..., i, j] = np.mean(window, axis=(2, 3))
    return out, [x.shape, kh, kw, stride]


# %% right: sliding_window_view
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].mean(axis=(4, 5)), (x.shape, kh, kw, stride)


# %% right: shifted images added up, weights by einsum
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    a, b, c, d = x.strides
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    shape = (*x.shape[:2], oh, ow, kh, kw)
    strides = (a, b, c * stride, d * stride, c, d)
    windows = np.lib.stride_tricks.as_strided(x, shape, strides, writeable=False)
    weights = np.full((kh, kw), 1 / (kh * kw), dtype=x.dtype)
    return np.einsum("ncijuv,uv->ncij", windows, weights), (x.shape, kh, kw, stride)


# %% right: cumulative sums
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    table = np.pad(x.astype(float), ((0, 0), (0, 0), (1, 0), (1, 0))).cumsum(2).cumsum(3)
    total = table[:, :, kh:, kw:] - table[:, :, :-kh, kw:]
    total -= table[:, :, kh:, :-kw] - table[:, :, :-kh, :-kw]
    out = total[:, :, ::stride, ::stride] / (kh * kw)
    return out.astype(x.dtype), (x.shape, kh, kw, stride)


# %% right: a matrix for each axis
def averaging(length, size, stride, dtype):
    count = (length - size) // stride + 1
    rows = np.zeros((count, length), dtype)
    for i in range(count):
        rows[i, i * stride : i * stride + size] = 1 / size
    return rows


def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    left = averaging(x.shape[2], kh, stride, x.dtype)
    right = averaging(x.shape[3], kw, stride, x.dtype)
    return left @ x @ right.T, (x.shape, kh, kw, stride)


# %% wrong: the sum
# fails: test-avgpool2d-forward-windows, test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward
# says: the sum of a window
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].sum(axis=(4, 5)), (x.shape, kh, kw, stride)


# %% wrong: the largest
# fails: test-avgpool2d-forward-windows, test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward
# says: the largest of each window
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].max(axis=(4, 5)), (x.shape, kh, kw, stride)


# %% wrong: divides by the side
# fails: test-avgpool2d-forward-windows, test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward
# says: dividing by the side of the window
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].sum(axis=(4, 5)) / kh
    return out, (x.shape, kh, kw, stride)


# %% wrong: divides by four
# fails: test-avgpool2d-forward-windows, test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward, test-avgpool2d-dtype, test-avgpool2d-inputs
# says: dividing by 4 whatever the window
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].sum(axis=(4, 5)) / 4
    return out, (x.shape, kh, kw, stride)


# %% wrong: divides by the square of the stride
# fails: test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward
# says: dividing by stride * stride
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].sum(axis=(4, 5)) / stride**2
    return out, (x.shape, kh, kw, stride)


# %% wrong: divides by the height squared
# fails: test-avgpool2d-forward-sizes
# says: wrong
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].sum(axis=(4, 5)) / (kh * kh)
    return out, (x.shape, kh, kw, stride)


# %% wrong: over the channels
# fails: test-avgpool2d-forward-windows, test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward, test-avgpool2d-inputs
# says: averaging over the channels as well
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, :, top : top + kh, left : left + kw].mean()
    return out, (x.shape, kh, kw, stride)


# %% wrong: rounded down
# fails: test-avgpool2d-forward-windows, test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward, test-avgpool2d-inputs
# says: a mean rounded to an integer
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    out = view[:, :, ::stride, ::stride].sum(axis=(4, 5)) // (kh * kw)
    return out, (x.shape, kh, kw, stride)


# %% wrong: the stride is the kernel size
# fails: test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward
# says: windows one kernel apart
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, H // kh, W // kw), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, i * kh : (i + 1) * kh, j * kw : (j + 1) * kw].mean()
    return out, (x.shape, kh, kw, stride)


# %% wrong: windows that do not fit, cut
# fails: test-avgpool2d-forward-sizes, test-avgpool2d-backward-own-forward
# says: keeping windows that do not fit
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    OH, OW = -(-(H - kh) // stride) + 1, -(-(W - kw) // stride) + 1
    out = np.zeros((N, C, OH, OW), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top : top + kh, left : left + kw]
        out[n, c, i, j] = window.mean() if window.size else 0
    return out, (x.shape, kh, kw, stride)


# %% wrong: height and width of the window swapped
# fails: test-avgpool2d-forward-sizes, test-avgpool2d-backward-shares
# says: wrong shape
def avgpool2d_forward(x, kernel_size, stride):
    kw, kh = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    OH, OW = max((H - kh) // stride + 1, 0), max((W - kw) // stride + 1, 0)
    out = np.zeros((N, C, OH, OW), x.dtype)
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].mean()
    return out, (x.shape, kh, kw, stride)


# %% wrong: float32 lost
# fails: test-avgpool2d-dtype
# says: float64
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    N, C, H, W = x.shape
    out = np.zeros((N, C, (H - kh) // stride + 1, (W - kw) // stride + 1))
    for n, c, i, j in np.ndindex(out.shape):
        top, left = i * stride, j * stride
        out[n, c, i, j] = x[n, c, top : top + kh, left : left + kw].mean()
    return out, (x.shape, kh, kw, stride)


# %% wrong: divides the image in place
# fails: test-avgpool2d-inputs
# says: working in place
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    x /= kh * kw
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].sum(axis=(4, 5)), (x.shape, kh, kw, stride)


# %% wrong: a shortcut for windows of one pixel returns the image
# fails: test-avgpool2d-inputs
# says: returning the argument, or a view of it
def avgpool2d_forward(x, kernel_size, stride):
    kh, kw = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    if kh * kw == 1:
        return x[:, :, ::stride, ::stride], (x.shape, kh, kw, stride)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].mean(axis=(4, 5)), (x.shape, kh, kw, stride)
