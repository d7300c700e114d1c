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
# fails: test-avgpool2d-forward-windows
# says: the sum of a window
# from: solution
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].sum()

# %% wrong: the largest
# says: the largest of each window
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()

# %% wrong: the median
# says: the median of a window
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = np.median(x[n, c, top : top + rows, left : left + columns])

# %% wrong: divides by the side
# says: dividing by the side of the window
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].sum() / rows

# %% wrong: divides by four
# says: dividing by 4 whatever the window
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].sum() / 4

# %% wrong: over the channels
# says: averaging over the channels as well
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, :, top : top + rows, left : left + columns].mean()

# %% wrong: the first image only
# says: the first image only: loop over the batch as well
# -    for n, c, i, j in np.ndindex(out.shape):
# +    for n, c, i, j in np.ndindex(1, *out.shape[1:]):

# %% wrong: the first channel only
# says: the first channel only: loop over the channels as well
# -    for n, c, i, j in np.ndindex(out.shape):
# +    for n, c, i, j in np.ndindex(images, 1, out_height, out_width):

# %% wrong: rounded down
# fails: test-avgpool2d-forward-windows, test-avgpool2d-backward-own-forward
# because: a mean that is rounded has no gradient
# says: a mean rounded to an integer
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        window = x[n, c, top : top + rows, left : left + columns]
# +        out[n, c, i, j] = window.sum() // window.size

# %% wrong: no cache
# fails: test-avgpool2d-forward-windows, test-avgpool2d-backward-own-forward, test-avgpool2d-backward-shares, test-avgpool2d-dtype, test-avgpool2d-inputs
# because: without a cache there is no backward pass
# says: the result is not a pair
# -    return out, (x.shape, rows, columns, stride)
# +    return out

# %% wrong: divides by the square of the stride
# fails: test-avgpool2d-forward-sizes
# says: dividing by stride * stride
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].sum() / stride**2

# %% wrong: divides by the height squared
# says: dividing by the square of one side
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].sum() / rows**2

# %% wrong: the stride is the kernel size
# says: windows one kernel apart
# -    out_height = (height - rows) // stride + 1
# -    out_width = (width - columns) // stride + 1
# +    out_height, out_width = height // rows, width // columns
# -        top, left = i * stride, j * stride
# +        top, left = i * rows, j * columns

# %% wrong: windows as far apart as the kernel is large, as many as with the stride
# says: windows one kernel apart
# -        top, left = i * stride, j * stride
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        top, left = i * rows, j * columns
# +        window = x[n, c, top : top + rows, left : left + columns]
# +        out[n, c, i, j] = window.mean() if window.size else 0

# %% wrong: windows one pixel apart
# says: windows one pixel apart
# -        top, left = i * stride, j * stride
# +        top, left = i, j

# %% wrong: windows from one stride to the next
# says: windows from one stride to the next
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + stride, left : left + stride].mean()

# %% wrong: windows that do not fit, cut
# says: keeping windows that do not fit
# -    out_height = (height - rows) // stride + 1
# -    out_width = (width - columns) // stride + 1
# +    out_height = -(-(height - rows) // stride) + 1
# +    out_width = -(-(width - columns) // stride) + 1
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        window = x[n, c, top : top + rows, left : left + columns]
# +        out[n, c, i, j] = window.mean() if window.size else 0

# %% wrong: an output size of H // stride
# says: an output size of H // stride
# -    out_height = (height - rows) // stride + 1
# -    out_width = (width - columns) // stride + 1
# +    out_height, out_width = height // stride, width // stride

# %% wrong: cropped to windows side by side, which raises where they overlap
# says: cropping the image to windows side by side
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# -    for n, c, i, j in np.ndindex(out.shape):
# -        top, left = i * stride, j * stride
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +    cropped = x[:, :, : out_height * rows, : out_width * columns]
# +    tiles = cropped.reshape(images, channels, out_height, rows, out_width, columns)
# +    out = tiles.mean(axis=(3, 5))

# %% wrong: rows and columns of the output swapped
# says: rows and columns swapped
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    out = np.zeros((images, channels, out_width, out_height), dtype=x.dtype)
# -        top, left = i * stride, j * stride
# +        top, left = j * stride, i * stride

# %% wrong: height and width of the window swapped
# says: height and width swapped
# -    rows, columns = pair
# +    columns, rows = pair
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    shape = images, channels, max(out_height, 0), max(out_width, 0)
# +    out = np.zeros(shape, dtype=x.dtype)

# %% wrong: the stride taken for the kernel size
# fails: test-avgpool2d-forward-sizes, test-avgpool2d-backward-shares
# because: the backward pass takes the sizes from its cache
# says: windows as large as the stride
# -    pair = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
# -    rows, columns = pair
# +    rows = columns = stride

# %% wrong: float32 lost
# fails: test-avgpool2d-dtype
# says: float64
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    out = np.zeros((images, channels, out_height, out_width))

# %% wrong: divides the image in place
# fails: test-avgpool2d-inputs
# says: working in place
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    x /= rows * columns
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].sum()

# %% wrong: a shortcut for windows of one pixel returns the image
# says: returning the argument, or a view of it
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    if rows * columns == 1:
# +        return x[:, :, ::stride, ::stride], (x.shape, rows, columns, stride)
# +    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
