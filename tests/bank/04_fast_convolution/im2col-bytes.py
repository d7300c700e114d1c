# %% right: np.broadcast_to takes both kinds
def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4):
    n, c, h, w = input_shape
    kh, kw = np.broadcast_to(kernel_size, 2)
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    return int(n * c * kh * kw * oh * ow * itemsize)


# %% right: starts of windows counted with range
def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4):
    N, C, H, W = input_shape
    try:
        KH, KW = kernel_size
    except TypeError:
        KH = KW = kernel_size
    tops = range(0, H + 2 * padding - KH + 1, stride)
    lefts = range(0, W + 2 * padding - KW + 1, stride)
    rows, columns = C * KH * KW, N * len(tops) * len(lefts)
    return rows * columns * itemsize


# %% right: the matrix made, and asked for its size
def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4):
    kh, kw = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    n, c, h, w = input_shape
    x = np.zeros((n, c, h + 2 * padding, w + 2 * padding), np.uint8)
    view = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return view[:, :, ::stride, ::stride].size * itemsize


# %% right: math.prod and zip
def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4):
    kernel = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    places = [1 + (n + 2 * padding - k) // stride for n, k in zip(input_shape[2:], kernel)]
    return math.prod([*input_shape[:2], *kernel, *places, itemsize])


# %% right: floor and int
def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4):
    k = np.array([kernel_size, kernel_size] if np.isscalar(kernel_size) else kernel_size)
    out = np.floor((np.array(input_shape[2:]) + 2 * padding - k) / stride).astype(int) + 1
    return np.prod(input_shape[:2]) * np.prod(k) * np.prod(out) * itemsize


# %% right: loops that count
def im2col_bytes(input_shape, kernel_size, stride=1, padding=0, itemsize=4):
    if not isinstance(kernel_size, tuple):
        kernel_size = kernel_size, kernel_size
    images, channels, height, width = input_shape
    windows, top = 0, -padding
    while top + kernel_size[0] <= height + padding:
        left = -padding
        while left + kernel_size[1] <= width + padding:
            windows += 1
            left += stride
        top += stride
    return images * windows * channels * kernel_size[0] * kernel_size[1] * itemsize


# %% wrong: numbers, not bytes
# fails: test-im2col-bytes-sizes, test-im2col-bytes-itemsize
# because: itemsize is not used at all
# says: numbers, not bytes
# from: solution
# -    return channels * rows * columns * images * down * across * itemsize
# +    return channels * rows * columns * images * down * across

# %% wrong: one image only
# fails: test-im2col-bytes-sizes
# says: one image only
# -    return channels * rows * columns * images * down * across * itemsize
# +    return channels * rows * columns * down * across * itemsize

# %% wrong: one channel only
# says: one channel only
# -    return channels * rows * columns * images * down * across * itemsize
# +    return rows * columns * images * down * across * itemsize

# %% wrong: a window for each pixel
# fails: test-im2col-bytes-sizes, test-im2col-bytes-stride, test-im2col-bytes-pairs
# because: what it gives hangs on the pixels of the image, not on the windows alone
# says: a window for each pixel
# -    return channels * rows * columns * images * down * across * itemsize
# +    return channels * rows * columns * images * height * width * itemsize

# %% wrong: the bytes of the images
# says: the bytes of the images
# -    return channels * rows * columns * images * down * across * itemsize
# +    return channels * images * height * width * itemsize

# %% wrong: the images as well
# says: the images as well
# -    return channels * rows * columns * images * down * across * itemsize
# +    return channels * images * (rows * columns * down * across + height * width) * itemsize

# %% wrong: without the + 1
# fails: test-im2col-bytes-sizes
# says: the + 1 of the output size
# -    down = (height + 2 * padding - rows) // stride + 1
# +    down = (height + 2 * padding - rows) // stride
# -    across = (width + 2 * padding - columns) // stride + 1
# +    across = (width + 2 * padding - columns) // stride

# %% wrong: a float
# fails: test-im2col-bytes-sizes
# says: a float, not an integer
# -    return channels * rows * columns * images * down * across * itemsize
# +    return float(channels * rows * columns * images * down * across * itemsize)

# %% wrong: the stride ignored
# fails: test-im2col-bytes-stride
# says: the stride is ignored
# -    images, channels, height, width = input_shape
# +    stride = 1
# +    images, channels, height, width = input_shape

# %% wrong: the stride of one axis
# says: wrong value
# -    across = (width + 2 * padding - columns) // stride + 1
# +    across = width + 2 * padding - columns + 1

# %% wrong: the padding ignored
# says: the padding is ignored
# -    images, channels, height, width = input_shape
# +    padding = 0
# +    images, channels, height, width = input_shape

# %% wrong: the padding once
# says: the padding counted once
# -    down = (height + 2 * padding - rows) // stride + 1
# +    down = (height + padding - rows) // stride + 1
# -    across = (width + 2 * padding - columns) // stride + 1
# +    across = (width + padding - columns) // stride + 1

# %% wrong: rounding up
# says: rounding up
# -    down = (height + 2 * padding - rows) // stride + 1
# +    down = math.ceil((height + 2 * padding - rows) / stride) + 1
# -    across = (width + 2 * padding - columns) // stride + 1
# +    across = math.ceil((width + 2 * padding - columns) / stride) + 1

# %% wrong: + 1 before the division
# says: the + 1 stands after the division
# -    down = (height + 2 * padding - rows) // stride + 1
# +    down = (height + 2 * padding - rows + 1) // stride
# -    across = (width + 2 * padding - columns) // stride + 1
# +    across = (width + 2 * padding - columns + 1) // stride

# %% wrong: four bytes, whatever is asked for
# fails: test-im2col-bytes-itemsize
# says: itemsize is ignored
# -    return channels * rows * columns * images * down * across * itemsize
# +    return channels * rows * columns * images * down * across * 4

# %% wrong: the height for both
# fails: test-im2col-bytes-pairs
# says: the kernel's height for its width as well
# -    rows, columns = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    rows = columns = kernel_size[0] if isinstance(kernel_size, tuple) else kernel_size

# %% wrong: width before height
# says: (width, height) for (height, width)
# -    rows, columns = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    columns, rows = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)

# %% wrong: integers only
# says: a pair taken for an int
# -    rows, columns = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
# +    rows, columns = kernel_size, kernel_size
