# %% right: a dict of functions
def multiplications(method, input_shape, out_channels, kernel_size, padding=0):
    n, c, h, w = input_shape
    f = out_channels
    kh, kw = np.broadcast_to(kernel_size, 2).tolist()
    h, w = h + 2 * padding, w + 2 * padding
    oh, ow = h - kh + 1, w - kw + 1

    def direct():
        return n * f * c * kh * kw * oh * ow

    def fft():
        return (n * c + f * c + n * f) * math.ceil(2 * h * w * math.log2(h * w)) + 4 * n * f * c * h * w

    def winograd():
        if kh != 3 or kw != 3:
            raise ValueError(f"{kh}x{kw}")
        return 16 * n * f * c * math.ceil(oh / 2) * math.ceil(ow / 2)

    counts = {"direct": direct, "im2col": direct, "fft": fft, "winograd": winograd}
    if method not in counts:
        raise ValueError(method)
    return counts[method]()


# %% right: match
def multiplications(method, input_shape, out_channels, kernel_size, padding=0):
    N, C, H, W = input_shape
    F = out_channels
    KH, KW = kernel_size if isinstance(kernel_size, (tuple, list)) else (kernel_size, kernel_size)
    OH, OW = H + 2 * padding - KH + 1, W + 2 * padding - KW + 1
    match method:
        case "direct" | "im2col":
            return N * F * C * KH * KW * OH * OW
        case "winograd":
            if (KH, KW) != (3, 3):
                raise ValueError("3x3 only")
            return N * F * C * 16 * -(-OH // 2) * -(-OW // 2)
        case "fft":
            n = (H + 2 * padding) * (W + 2 * padding)
            return (N * C + F * C + N * F) * int(np.ceil(2 * n * np.log2(n))) + 4 * N * F * C * n
    raise ValueError(f"unknown method {method}")


# %% right: refusals first, counts as NumPy integers
def multiplications(method, input_shape, out_channels, kernel_size, padding=0):
    if method not in ("direct", "im2col", "winograd", "fft"):
        raise ValueError("method")
    if method == "winograd" and kernel_size not in (3, (3, 3)):
        raise ValueError("kernel")
    k = np.array([kernel_size, kernel_size] if isinstance(kernel_size, int) else kernel_size)
    size = np.array(input_shape[2:]) + 2 * padding
    out = size - k + 1
    n, c = input_shape[:2]
    pairs = n * c * out_channels
    if method == "fft":
        pixels = int(size.prod())
        one = math.ceil(2 * pixels * math.log2(pixels))
        return one * (n * c + out_channels * (n + c)) + 4 * pairs * pixels
    if method == "winograd":
        return pairs * 16 * np.prod((out + 1) // 2)
    return pairs * k.prod() * out.prod()


# %% right: counted in loops
def multiplications(method, input_shape, out_channels, kernel_size, padding=0):
    images, channels, height, width = input_shape
    try:
        kh, kw = kernel_size
    except TypeError:
        kh = kw = kernel_size
    height += 2 * padding
    width += 2 * padding
    tops, lefts = range(height - kh + 1), range(width - kw + 1)
    count = 0
    if method == "direct" or method == "im2col":
        for _ in tops:
            for _ in lefts:
                count += kh * kw
    elif method == "winograd":
        if kh != 3 or kw != 3:
            raise ValueError("winograd has 3x3 kernels")
        for _ in tops[::2]:
            for _ in lefts[::2]:
                count += 16
    elif method == "fft":
        one = math.ceil(2 * height * width * math.log2(height * width))
        transforms = images * channels + out_channels * channels + images * out_channels
        return transforms * one + 4 * height * width * images * channels * out_channels
    else:
        raise ValueError(f"{method!r} is none of the methods")
    return count * images * channels * out_channels


# %% right: a KeyError turned into a ValueError
def multiplications(method, input_shape, out_channels, kernel_size, padding=0):
    (n, c, *size), f = input_shape, out_channels
    kernel = (kernel_size,) * 2 if isinstance(kernel_size, int) else tuple(kernel_size)
    size = [s + 2 * padding for s in size]
    out = [s - k + 1 for s, k in zip(size, kernel)]
    pixels = math.prod(size)
    direct = n * f * c * math.prod(kernel) * math.prod(out)
    counts = {"direct": direct, "im2col": direct}
    one = math.ceil(2 * pixels * math.log2(pixels))
    counts["fft"] = (n * c + f * c + n * f) * one + 4 * n * f * c * pixels
    if kernel == (3, 3):
        counts["winograd"] = 16 * n * f * c * math.prod((s + 1) // 2 for s in out)
    try:
        return counts[method]
    except KeyError:
        raise ValueError(f"{method} with {kernel}") from None


# %% right: ceil of a division by 2, divmod
def multiplications(method, input_shape, out_channels, kernel_size, padding=0):
    n, c, h, w = input_shape
    f, p = out_channels, padding
    a, b = kernel_size if type(kernel_size) is tuple else (kernel_size, kernel_size)
    oh, ow = h + p + p - a + 1, w + p + p - b + 1
    all_pairs = n * c * f
    if method == "winograd":
        assert_three = a == b == 3
        if not assert_three:
            raise ValueError((a, b))
        down, across = sum(divmod(oh, 2)), sum(divmod(ow, 2))
        return all_pairs * down * across * 4 * 4
    elif method == "fft":
        m = (h + p + p) * (w + p + p)
        each = 2 * m * math.log2(m)
        each = int(each) + (each > int(each))
        return n * c * each + f * c * each + n * f * each + all_pairs * m * 4
    elif method in {"direct", "im2col"}:
        return all_pairs * a * b * oh * ow
    raise ValueError(method)


# %% wrong: the channels left out
# fails: test-multiplications-direct
# says: the channels are left out
# from: solution
# -        return pairs * kernel[0] * kernel[1] * rows * columns
# +        return images * out_channels * kernel[0] * kernel[1] * rows * columns

# %% wrong: a window for each pixel
# says: a window for each pixel
# -        return pairs * kernel[0] * kernel[1] * rows * columns
# +        return pairs * kernel[0] * kernel[1] * height * width

# %% wrong: products and sums
# says: additions are not counted
# -        return pairs * kernel[0] * kernel[1] * rows * columns
# +        return 2 * pairs * kernel[0] * kernel[1] * rows * columns

# %% wrong: the height of the kernel squared
# says: wrong value
# -        return pairs * kernel[0] * kernel[1] * rows * columns
# +        return pairs * kernel[0] ** 2 * rows * columns

# %% wrong: im2col counted otherwise
# says: it multiplies as often as the direct sum
# -        return pairs * kernel[0] * kernel[1] * rows * columns
# +        if method == "im2col":
# +            rows, columns = input_shape[2:]
# +        return pairs * kernel[0] * kernel[1] * rows * columns

# %% wrong: the padding ignored
# says: the padding is ignored
# -    height, width = height + 2 * padding, width + 2 * padding
# +    height, width = height, width

# %% wrong: parts of tiles left out
# fails: test-multiplications-winograd
# says: tiles that hang over the edge are left out
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        return 16 * pairs * (rows // 2) * (columns // 2)

# %% wrong: 4 for each output
# says: a part of a tile counted in part
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        return 4 * pairs * rows * columns

# %% wrong: 36 for each tile
# says: 36 for each tile
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        return 36 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)

# %% wrong: tiles of the input
# says: tiles for the input
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        return 16 * pairs * ((height + 1) // 2) * ((width + 1) // 2)

# %% wrong: four a tile
# says: four multiplications a tile
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        return 4 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)

# %% wrong: rounded with / 2
# says: a float, not an integer
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        return 16 * pairs * np.ceil(rows / 2) * np.ceil(columns / 2)

# %% wrong: no transforms of kernels
# fails: test-multiplications-fft
# says: the kernels' transforms are left out
# -        transforms = images * channels + out_channels * channels + images * out_channels
# +        transforms = images * channels + images * out_channels

# %% wrong: no way back
# says: the way back is left out
# -        transforms = images * channels + out_channels * channels + images * out_channels
# +        transforms = images * channels + out_channels * channels

# %% wrong: a way back for each channel
# says: a way back for each channel
# -        transforms = images * channels + out_channels * channels + images * out_channels
# +        transforms = images * channels + out_channels * channels + pairs

# %% wrong: the natural logarithm
# says: the natural logarithm
# -        return transforms * math.ceil(2 * pixels * math.log2(pixels)) + 4 * pairs * pixels
# +        return transforms * math.ceil(2 * pixels * math.log(pixels)) + 4 * pairs * pixels

# %% wrong: one multiplication for a complex product
# says: one multiplication for a product of complex numbers
# -        return transforms * math.ceil(2 * pixels * math.log2(pixels)) + 4 * pairs * pixels
# +        return transforms * math.ceil(2 * pixels * math.log2(pixels)) + pairs * pixels

# %% wrong: rounded at the end
# says: each is rounded up
# -        return transforms * math.ceil(2 * pixels * math.log2(pixels)) + 4 * pairs * pixels
# +        return math.ceil(transforms * 2 * pixels * math.log2(pixels) + 4 * pairs * pixels)

# %% wrong: rounded down
# says: rounding down
# -        return transforms * math.ceil(2 * pixels * math.log2(pixels)) + 4 * pairs * pixels
# +        return transforms * int(2 * pixels * math.log2(pixels)) + 4 * pairs * pixels

# %% wrong: winograd for all kernels
# fails: test-multiplications-refused
# says: winograd with any kernel
# -    if method == "winograd" and kernel == (3, 3):
# +    if method == "winograd":

# %% wrong: winograd by the height alone
# says: the height of the kernel only
# -    if method == "winograd" and kernel == (3, 3):
# +    if method == "winograd" and kernel[0] == 3:

# %% wrong: other methods counted directly
# says: other methods are counted like one of the four
# -    if method in ("direct", "im2col"):
# +    if method not in ("winograd", "fft"):

# %% wrong: other methods give None
# says: no ValueError
# -    raise ValueError(f"no count for {method!r} with a kernel of {kernel}")
# +    return None

# %% wrong: winograd without the padding
# fails: test-multiplications-winograd
# says: the padding is ignored
# -        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
# +        rows, columns = rows - 2 * padding, columns - 2 * padding
# +        return 16 * pairs * ((rows + 1) // 2) * ((columns + 1) // 2)
