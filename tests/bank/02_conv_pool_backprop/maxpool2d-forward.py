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
# from: solution
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        for value in x[n, c, top : top + rows, left : left + columns].ravel():
# +            if value > out[n, c, i, j]:
# +                out[n, c, i, j] = value

# %% wrong: the mean
# says: the mean of a window
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].mean()

# %% wrong: over the channels
# says: pooling over the channels as well
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        out[n, c, i, j] = x[n, :, top : top + rows, left : left + columns].max()

# %% wrong: the largest in size
# says: the largest size, whatever its sign
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        out[n, c, i, j] = np.abs(x[n, c, top : top + rows, left : left + columns]).max()

# %% wrong: the smallest
# says: the smallest value of a window
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].min()

# %% wrong: the first image only
# says: the first image only: loop over the batch as well
# -    for n, c, i, j in np.ndindex(out.shape):
# +    for n, c, i, j in np.ndindex(1, *out.shape[1:]):

# %% wrong: the first channel only
# says: the first channel only: loop over the channels as well
# -    for n, c, i, j in np.ndindex(out.shape):
# +    for n, c, i, j in np.ndindex(images, 1, out_height, out_width):

# %% wrong: no cache
# fails: test-maxpool2d-forward-windows, test-maxpool2d-forward-inputs, test-maxpool2d-backward-own-forward, test-maxpool2d-backward-routing, test-maxpool2d-backward-ties, test-maxpool2d-backward-dtype, test-maxpool2d-backward-cache
# because: without a cache there is no backward pass
# says: the result is not a pair
# -    return out, (x, rows, columns, stride)
# +    return out

# %% wrong: rows and columns of the output swapped
# fails: test-maxpool2d-forward-overlap
# says: rows and columns swapped
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    out = np.zeros((images, channels, out_width, out_height), dtype=x.dtype)
# -        top, left = i * stride, j * stride
# +        top, left = j * stride, i * stride

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
# +        top, left = i * rows, j * columns
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        window = x[n, c, top : top + rows, left : left + columns]
# +        out[n, c, i, j] = window.max() if window.size else 0

# %% wrong: windows from one stride to the next
# says: windows as large as the stride
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        out[n, c, i, j] = x[n, c, top : top + stride, left : left + stride].max()

# %% wrong: reshape, which knows no overlap and no rest
# says: windows that must fill the image side by side
# -    out_height = (height - rows) // stride + 1
# -    out_width = (width - columns) // stride + 1
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# -    for n, c, i, j in np.ndindex(out.shape):
# -        top, left = i * stride, j * stride
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +    tiles = images, channels, height // rows, rows, width // columns, columns
# +    out = x.reshape(tiles).max(axis=(3, 5))

# %% wrong: cropped to windows side by side, which raises where they overlap
# says: windows one kernel apart
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# -    for n, c, i, j in np.ndindex(out.shape):
# -        top, left = i * stride, j * stride
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +    cropped = x[:, :, : out_height * rows, : out_width * columns]
# +    tiles = cropped.reshape(images, channels, out_height, rows, out_width, columns)
# +    out = tiles.max(axis=(3, 5))

# %% wrong: rounded up, with cut windows
# says: keeping windows that do not fit
# -    out_height = (height - rows) // stride + 1
# -    out_width = (width - columns) // stride + 1
# +    out_height = int(np.ceil((height - rows) / stride)) + 1
# +    out_width = int(np.ceil((width - columns) / stride)) + 1
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# +        window = x[n, c, top : top + rows, left : left + columns]
# +        out[n, c, i, j] = window.max() if window.size else 0

# %% wrong: windows one pixel apart
# says: windows one pixel apart
# -        top, left = i * stride, j * stride
# +        top, left = i, j

# %% wrong: an output size of H // stride
# says: an output size of H // stride
# -    out_height = (height - rows) // stride + 1
# -    out_width = (width - columns) // stride + 1
# +    out_height, out_width = height // stride, width // stride

# %% wrong: refuses what leaves pixels over
# says: refusing steps that leave pixels over
# -    out_height = (height - rows) // stride + 1
# +    if (height - rows) % stride or (width - columns) % stride:
# +        raise ValueError("windows do not fit")
# +    out_height = (height - rows) // stride + 1

# %% wrong: the stride taken for the kernel size
# fails: test-maxpool2d-forward-overlap, test-maxpool2d-backward-routing
# because: the backward pass takes the sizes from its cache
# says: windows as large as the stride
# -    pair = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
# -    rows, columns = pair
# +    rows = columns = stride

# %% wrong: square windows only
# fails: test-maxpool2d-forward-pair
# says: TypeError
# -    pair = (kernel_size, kernel_size) if np.ndim(kernel_size) == 0 else kernel_size
# -    rows, columns = pair
# +    rows = columns = kernel_size

# %% wrong: the height of a pair for both sides
# says: taking the kernel's height for its width as well
# -    rows, columns = pair
# +    rows = columns = pair[0]

# %% wrong: height and width of the window swapped
# says: height and width swapped
# -    rows, columns = pair
# +    columns, rows = pair

# %% wrong: float32 lost
# fails: test-maxpool2d-forward-dtype
# says: float64
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    out = np.zeros((images, channels, out_height, out_width))

# %% wrong: a shortcut for windows of one pixel returns the image
# fails: test-maxpool2d-forward-inputs
# says: returning the argument, or a view of it
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    if rows == columns == 1:
# +        return x[:, :, ::stride, ::stride], (x, rows, columns, stride)
# +    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)

# %% wrong: marks the maxima in the image
# says: working in place
# -    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    out = np.zeros((images, channels, out_height, out_width), dtype=x.dtype)
# +    saved = x.copy()
# -        out[n, c, i, j] = x[n, c, top : top + rows, left : left + columns].max()
# -    return out, (x, rows, columns, stride)
# +        window = saved[n, c, top : top + rows, left : left + columns]
# +        out[n, c, i, j] = window.max()
# +        x[n, c, top : top + rows, left : left + columns] = window == window.max()
# +    return out, (saved, rows, columns, stride)
