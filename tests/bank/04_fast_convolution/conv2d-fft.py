# %% right: complex transforms, loops over images and filters
def conv2d_fft(x, w, b, padding=0):
    n, c, h, wd = x.shape
    f, _, kh, kw = w.shape
    h, wd = h + 2 * padding, wd + 2 * padding
    if kh > h or kw > wd:
        raise ValueError("kernel too large")
    image = np.zeros((n, c, h, wd))
    image[:, :, padding : h - padding, padding : wd - padding] = x
    out = np.zeros((n, f, h - kh + 1, wd - kw + 1))
    for i in range(n):
        for j in range(f):
            total = 0
            for k in range(c):
                kernel = np.fft.fft2(w[j, k], (h, wd))
                total = total + np.fft.fft2(image[i, k]) * kernel.conjugate()
            out[i, j] = np.fft.ifft2(total).real[: h - kh + 1, : wd - kw + 1] + b[j]
    return out


# %% right: the kernel flipped first, and the full convolution cut
def conv2d_fft(x, w, b, padding=0):
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    (h, wd), (kh, kw) = x.shape[2:], w.shape[2:]
    if kh > h or kw > wd:
        raise ValueError
    size = (h + kh - 1, wd + kw - 1)
    spectrum = np.fft.rfft2(x, size)[:, None] * np.fft.rfft2(w[:, :, ::-1, ::-1], size)[None]
    full = np.fft.irfft2(spectrum.sum(axis=2), size)
    return full[:, :, kh - 1 : h, kw - 1 : wd] + b.reshape(1, -1, 1, 1)


# %% right: a power of two, large enough
def conv2d_fft(x, w, b, padding=0):
    p = padding
    x = np.pad(x, ((0,), (0,), (p,), (p,)))
    rows, cols = x.shape[2] - w.shape[2] + 1, x.shape[3] - w.shape[3] + 1
    if min(rows, cols) <= 0:
        raise ValueError("does not fit")
    size = [2 ** int(np.ceil(np.log2(max(n, 2)))) for n in x.shape[2:]]
    X, W = np.fft.fftn(x, size, axes=(2, 3)), np.fft.fftn(w, size, axes=(2, 3))
    y = np.fft.ifftn(np.einsum("nchw,fchw->nfhw", X, np.conjugate(W)), axes=(-2, -1))
    return np.real(y)[..., :rows, :cols] + b[None, :, None, None]


# %% right: one axis after the other, matrices of the transform written out
def dft(n):
    k = np.arange(n)
    return np.exp(-2j * np.pi * np.outer(k, k) / n)


def conv2d_fft(x, w, b, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (h, wd), (kh, kw) = x.shape[2:], w.shape[2:]
    if h < kh or wd < kw:
        raise ValueError(f"{kh}x{kw} > {h}x{wd}")
    down, across = dft(h), dft(wd)
    spectrum = down @ x @ across
    of_filters = down[:, :kh] @ w @ across[:kw]
    both = np.tensordot(spectrum, of_filters.conj(), 0).diagonal(0, 1, 5)  # pairs of channels
    out = np.zeros((len(x), len(w), h, wd), complex)
    for n in range(len(x)):
        for f in range(len(w)):
            out[n, f] = sum(spectrum[n, c] * of_filters[f, c].conj() for c in range(x.shape[1]))
    del both
    out = down.conj() @ out @ across.conj() / (h * wd)
    return out.real[:, :, : h - kh + 1, : wd - kw + 1] + b[:, None, None]


# %% right: the kernel rolled, so that its flip needs no conjugate, nested lists returned
def conv2d_fft(x, w, b, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if w.shape[2] > x.shape[2] or w.shape[3] > x.shape[3]:
        raise ValueError("the kernel is larger than the image")
    big = np.zeros((*w.shape[:2], *x.shape[2:]))
    big[:, :, : w.shape[2], : w.shape[3]] = w
    big = np.roll(big[:, :, ::-1, ::-1], (1, 1), axis=(2, 3))
    product = np.matmul(
        np.fft.fft2(x).transpose(2, 3, 0, 1), np.fft.fft2(big).transpose(2, 3, 1, 0)
    ).transpose(2, 3, 0, 1)
    out = np.fft.ifft2(product).real
    out = out[:, :, : x.shape[2] - w.shape[2] + 1, : x.shape[3] - w.shape[3] + 1]
    return (out + b[:, np.newaxis, np.newaxis]).tolist()


# %% right: the bias at frequency zero
def conv2d_fft(x, w, b, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    size = x.shape[2:]
    if any(k > n for k, n in zip(w.shape[2:], size)):
        raise ValueError("larger")
    y = np.einsum("ncij,fcij->nfij", np.fft.rfft2(x), np.conj(np.fft.rfft2(w, size)))
    y[:, :, 0, 0] += b * size[0] * size[1]
    y = np.fft.irfft2(y, size)
    return y[:, :, : size[0] - w.shape[2] + 1, : size[1] - w.shape[3] + 1]


# %% wrong: conj forgotten
# fails: test-conv2d-fft-values
# says: the kernel flipped, and windows that wrap round
# from: solution
# -    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters))
# +    products = np.einsum("nchw,fchw->nfhw", images, filters)

# %% wrong: conj forgotten, cut where the flipped windows are whole
# says: the kernel flipped: its transform is conjugated, once
# -    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters))
# +    products = np.einsum("nchw,fchw->nfhw", images, filters)
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, kernel[0] - 1 :, kernel[1] - 1 :] + b[:, None, None]

# %% wrong: flipped and conjugated
# says: windows that wrap round
# -    images, filters = np.fft.rfft2(padded), np.fft.rfft2(w, s=size)
# +    big = np.zeros((*w.shape[:2], *size))
# +    big[:, :, : kernel[0], : kernel[1]] = w
# +    big = np.roll(big[:, :, ::-1, ::-1], (1, 1), axis=(2, 3))
# +    images, filters = np.fft.rfft2(padded), np.fft.rfft2(big)

# %% wrong: the last outputs
# says: the last outputs kept
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, kernel[0] - 1 :, kernel[1] - 1 :] + b[:, None, None]

# %% wrong: the kernel in the middle of its zeros
# says: wrong values
# -    images, filters = np.fft.rfft2(padded), np.fft.rfft2(w, s=size)
# +    big = np.zeros((*w.shape[:2], *size))
# +    top, left = rows // 2, columns // 2
# +    big[:, :, top : top + kernel[0], left : left + kernel[1]] = w
# +    images, filters = np.fft.rfft2(padded), np.fft.rfft2(big)
# fails: test-conv2d-fft-values, test-conv2d-fft-channels, test-conv2d-fft-padding, test-conv2d-fft-sizes
# because: every output stands at another place

# %% wrong: the image conjugated
# fails: test-conv2d-fft-values, test-conv2d-fft-padding, test-conv2d-fft-sizes
# because: images of a single row are mirrored as well
# says: the conjugate of the image's transform
# -    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters))
# +    products = np.einsum("nchw,fchw->nfhw", np.conj(images), filters)

# %% wrong: the forward transform twice
# fails: test-conv2d-fft-values, test-conv2d-fft-channels, test-conv2d-fft-padding, test-conv2d-fft-sizes
# because: nothing that it returns is right, but zeros
# says: the transform a second time
# -    images, filters = np.fft.rfft2(padded), np.fft.rfft2(w, s=size)
# +    images, filters = np.fft.fft2(padded), np.fft.fft2(w, s=size)
# -    circle = np.fft.irfft2(products, s=size)
# +    circle = np.fft.fft2(products).real

# %% wrong: what wraps round is kept
# fails: test-conv2d-fft-values
# says: windows that wrap round are kept
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle + b[:, None, None]

# %% wrong: the absolute value
# says: np.abs of the result
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return np.abs(circle[:, :, :rows, :columns]) + b[:, None, None]
# fails: test-conv2d-fft-values

# %% wrong: divided by the number of pixels again
# fails: test-conv2d-fft-values, test-conv2d-fft-channels, test-conv2d-fft-padding, test-conv2d-fft-sizes
# because: nothing that it returns is right, but zeros
# says: divided by the number of pixels
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, :rows, :columns] / (size[0] * size[1]) + b[:, None, None]

# %% wrong: the first channel only
# fails: test-conv2d-fft-channels
# says: the first channel only
# -    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters))
# +    products = np.einsum("nhw,fhw->nfhw", images[:, 0], np.conj(filters[:, 0]))

# %% wrong: the mean over the channels
# says: the mean over the channels
# -    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters))
# +    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters)) / x.shape[1]

# %% wrong: the first filter for all
# says: the first filter everywhere
# -    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters))
# +    products = np.einsum("nchw,fchw->nfhw", images, np.conj(filters[[0] * len(w)]))

# %% wrong: the bias left out
# fails: test-conv2d-fft-bias
# says: the bias is left out
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, :rows, :columns]

# %% wrong: the bias added to the spectrum
# says: the bias added to the transform
# -    circle = np.fft.irfft2(products, s=size)
# +    products[:, :, 0, 0] += b
# +    circle = np.fft.irfft2(products, s=size)
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, :rows, :columns]

# %% wrong: a bias for each channel
# says: a bias for each channel
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, :rows, :columns] + x.shape[1] * b[:, None, None]

# %% wrong: the padding ignored
# fails: test-conv2d-fft-padding
# says: the padding is ignored
# -    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    padded = x

# %% wrong: the padding at the end
# says: twice the padding at the end of each axis
# -    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding)))

# %% wrong: the padding at one end
# says: padding at one end of an axis
# -    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
# +    padded = np.pad(x, ((0, 0), (0, 0), (padding, 0), (padding, 0)))

# %% wrong: the output of the size without padding
# says: an output of the size without padding
# -    rows, columns = size[0] - kernel[0] + 1, size[1] - kernel[1] + 1
# +    rows, columns = size[0] - kernel[0] + 1, size[1] - kernel[1] + 1
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    return circle[:, :, : rows - 2 * padding, : columns - 2 * padding] + b[:, None, None]

# %% wrong: irfft2 without the size
# fails: test-conv2d-fft-sizes
# says: irfft2 without the size
# -    circle = np.fft.irfft2(products, s=size)
# +    circle = np.fft.irfft2(products)

# %% wrong: a complex result
# fails: test-conv2d-fft-contract
# says: an imaginary part left over
# -    circle = np.fft.irfft2(products, s=size)
# +    images, filters = np.fft.fft2(padded), np.fft.fft2(w, s=size)
# +    circle = np.fft.ifft2(np.einsum("nchw,fchw->nfhw", images, np.conj(filters)))

# %% wrong: the image taken apart in place
# says: working in place
# -    return circle[:, :, :rows, :columns] + b[:, None, None]
# +    x -= x.mean()
# +    return circle[:, :, :rows, :columns] + b[:, None, None]

# %% wrong: nothing refused
# fails: test-conv2d-fft-too-large
# says: nothing is refused
# -    if rows < 1 or columns < 1:
# +    if False:

# %% wrong: compared without the padding
# says: larger than a padded image
# -    if rows < 1 or columns < 1:
# +    if kernel[0] > x.shape[2] or kernel[1] > x.shape[3]:
# fails: test-conv2d-fft-padding

# %% wrong: larger along both axes
# fails: test-conv2d-fft-too-large
# says: refused only where the kernel is larger along both axes
# -    if rows < 1 or columns < 1:
# +    if rows < 1 and columns < 1:

# %% wrong: what just fits is refused
# says: a kernel that just fits is refused
# -    if rows < 1 or columns < 1:
# +    if rows <= 1 or columns <= 1:
# fails: test-conv2d-fft-too-large, test-conv2d-fft-sizes
# because: kernels as large as the image are among the sizes
