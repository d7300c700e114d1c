# %% right: loops over pixels and taps in plain Python
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    N, C, H, W = x.shape
    _, F, KH, KW = w.shape
    OH = (H - 1) * stride - 2 * padding + KH + output_padding
    OW = (W - 1) * stride - 2 * padding + KW + output_padding
    out = [[[[float(b[f])] * OW for _ in range(OH)] for f in range(F)] for _ in range(N)]
    for n in range(N):
        for c in range(C):
            for i in range(H):
                for j in range(W):
                    for f in range(F):
                        for u in range(KH):
                            for v in range(KW):
                                r, s = i * stride + u - padding, j * stride + v - padding
                                if 0 <= r < OH and 0 <= s < OW:
                                    out[n][f][r][s] += float(x[n, c, i, j]) * float(w[c, f, u, v])
    return out


# %% right: zeros between the pixels, then a convolution with the kernel turned round
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    n, c, h, width = x.shape
    kh, kw = w.shape[2:]
    apart = np.zeros((n, c, (h - 1) * stride + 1, (width - 1) * stride + 1), x.dtype)
    apart[:, :, ::stride, ::stride] = x
    apart = np.pad(
        apart, ((0, 0), (0, 0), (kh - 1, kh - 1 + output_padding), (kw - 1, kw - 1 + output_padding))
    )
    turned = w[:, :, ::-1, ::-1].swapaxes(0, 1)
    out = conv2d(apart, turned, b)
    return out[:, :, padding : out.shape[2] - padding, padding : out.shape[3] - padding]


# %% right: the same with einsum on sliding windows
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    kh, kw = w.shape[2:]
    zeros = np.zeros((*x.shape[:2], x.shape[2] * stride, x.shape[3] * stride))
    zeros[:, :, ::stride, ::stride] = x
    wide = ((0, 0), (0, 0), (kh - 1, kh), (kw - 1, kw))
    win = np.lib.stride_tricks.sliding_window_view(np.pad(zeros, wide), (kh, kw), axis=(2, 3))
    out = np.einsum("ncijuv,cfuv->nfij", win, w[:, :, ::-1, ::-1])
    height = (x.shape[2] - 1) * stride - 2 * padding + kh + output_padding
    width = (x.shape[3] - 1) * stride - 2 * padding + kw + output_padding
    out = np.pad(out, ((0, 0), (0, 0), (0, stride), (0, stride)))
    return out[:, :, padding : padding + height, padding : padding + width] + b.reshape(-1, 1, 1)


# %% right: tap by tap, into strided slices
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    (n, _, h, width), (_, f, kh, kw) = x.shape, w.shape
    p, extra = padding, output_padding
    full = np.zeros((n, f, (h - 1) * stride + kh + extra, (width - 1) * stride + kw + extra))
    for u in range(kh):
        for v in range(kw):
            there = full[:, :, u : u + h * stride : stride, v : v + width * stride : stride]
            there[:, :, :h, :width] += np.einsum("nchw,cf->nfhw", x, w[:, :, u, v])
    full += b[None, :, None, None]
    rows, columns = full.shape[2:]
    return full[:, :, p : rows - p, p : columns - p].copy()


# %% right: the transpose of the matrix of a convolution
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    size = tuple(
        (x.shape[i] - 1) * stride - 2 * padding + w.shape[i] + output_padding for i in (2, 3)
    )
    # w of shape (C_in, C_out, …) is that of a convolution from C_out to C_in channels
    pixels = np.eye(w.shape[1] * size[0] * size[1]).reshape(-1, w.shape[1], *size)
    back = conv2d(pixels, w, np.zeros(len(w)), stride, padding).reshape(len(pixels), -1)
    out = x.reshape(len(x), -1) @ back.T
    return out.reshape(len(x), w.shape[1], *size) + b[:, None, None]


# %% right: np.add.at with index arrays
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    n, c, h, wd = x.shape
    f, kh, kw = w.shape[1:]
    terms = np.tensordot(x, w, axes=(1, 0)).transpose(0, 3, 1, 4, 2, 5)  # N F H KH W KW
    rows = (np.arange(h)[:, None] * stride + np.arange(kh))[:, :, None, None]
    columns = np.arange(wd)[:, None] * stride + np.arange(kw)
    full = np.zeros((n, f, (h - 1) * stride + kh, (wd - 1) * stride + kw))
    np.add.at(full, (slice(None), slice(None), rows, columns), terms)
    full = np.pad(full, [(0, 0), (0, 0)] + [(0, output_padding)] * 2)
    if padding:
        full = full[:, :, padding:-padding, padding:-padding]
    return full + b[:, np.newaxis, np.newaxis]


# %% wrong: the kernel flipped
# fails: test-conv-transpose2d-scatter
# says: flipping the kernel
# from: solution
# -        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
# +        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w[:, :, ::-1, ::-1])

# %% wrong: = for +=
# says: the last kernel wins
# -        full[:, :, top : top + rows, left : left + columns] += laid
# +        full[:, :, top : top + rows, left : left + columns] = laid

# %% wrong: the last channel only
# says: the last channel of the input only
# -        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
# +        for c in range(x.shape[1]):
# +            laid = np.einsum("n,fuv->nfuv", x[:, c, i, j], w[c])

# %% wrong: the mean over the channels
# says: the mean over the channels of the input
# -        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
# +        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w) / x.shape[1]

# %% wrong: the first kernel for all output channels
# says: the first kernel for every output channel
# -        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
# +        laid = np.einsum("nc,cuv->nuv", x[:, :, i, j], w[:, 0])[:, None]

# %% wrong: the mean where kernels overlap
# says: the mean where kernels overlap
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    counts = np.zeros((tall, wide))
# +    for i, j in np.ndindex(height, width):
# +        counts[i * stride : i * stride + rows, j * stride : j * stride + columns] += 1
# +    full = full / np.maximum(counts, 1)
# +    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]

# %% wrong: an ordinary convolution
# fails: test-conv-transpose2d-scatter, test-conv-transpose2d-bias, test-conv-transpose2d-stride, test-conv-transpose2d-padding
# because: nothing that it returns is right
# says: an ordinary convolution
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    return conv2d(x, w.swapaxes(0, 1), b, stride, padding)

# %% wrong: [padding:-padding], which is empty without one
# fails: test-conv-transpose2d-scatter, test-conv-transpose2d-bias, test-conv-transpose2d-stride, test-conv-transpose2d-output-padding
# because: without a padding nothing is left
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    return full[:, :, padding:-padding, padding:-padding] + b[:, None, None]
# says: shape differs

# %% wrong: the bias forgotten
# fails: test-conv-transpose2d-bias
# says: the bias is left out
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    return full[:, :, padding : tall - padding, padding : wide - padding]

# %% wrong: the bias laid down with each kernel
# says: a bias with each kernel
# -        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
# +        laid = np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w) + b[:, None, None]
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    return full[:, :, padding : tall - padding, padding : wide - padding]

# %% wrong: a bias for each channel
# says: a bias for each channel of the input
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    b = b * x.shape[1]
# +    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]

# %% wrong: the stride ignored
# fails: test-conv-transpose2d-stride
# says: the stride is ignored
# -    images, _, height, width = x.shape
# +    stride = 1
# +    images, _, height, width = x.shape

# %% wrong: the stride of rows only
# says: a stride along one axis only
# -    wide = (width - 1) * stride + columns + output_padding
# +    wide = width - 1 + columns + output_padding
# -        top, left = i * stride, j * stride
# +        top, left = i * stride, j

# %% wrong: zeros behind the last pixel too
# says: zeros behind the last pixel too
# -    tall = (height - 1) * stride + rows + output_padding
# +    tall = height * stride + rows - 1 + output_padding
# -    wide = (width - 1) * stride + columns + output_padding
# +    wide = width * stride + columns - 1 + output_padding

# %% wrong: the taps pulled apart
# says: the taps of the kernel pulled apart
# -    images, _, height, width = x.shape
# +    apart = np.zeros((*w.shape[:2], *(stride * (k - 1) + 1 for k in w.shape[2:])))
# +    apart[:, :, ::stride, ::stride] = w
# +    w, stride = apart, 1
# +    images, _, height, width = x.shape

# %% wrong: pixels repeated
# says: pixels repeated
# -    images, _, height, width = x.shape
# +    x, stride = x.repeat(stride, 2).repeat(stride, 3), 1
# +    images, _, height, width = x.shape

# %% wrong: the padding ignored
# fails: test-conv-transpose2d-padding
# says: the padding is ignored
# -    images, _, height, width = x.shape
# +    padding = 0
# +    images, _, height, width = x.shape

# %% wrong: zeros around the input
# says: zeros around the input, as in a convolution
# -    images, _, height, width = x.shape
# +    x, padding = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2)), 0
# +    images, _, height, width = x.shape

# %% wrong: cut at the end only
# says: cut off at the end only, twice as much
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    return full[:, :, : tall - 2 * padding, : wide - 2 * padding] + b[:, None, None]

# %% wrong: cut twice as much
# says: cut off twice as much on each side
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    p = 2 * padding
# +    return full[:, :, p : max(tall - p, 0), p : max(wide - p, 0)] + b[:, None, None]

# %% wrong: zeros around the output
# says: zeros around the output
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    border = ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2)
# +    return np.pad(full + b[:, None, None], border)

# %% wrong: output_padding ignored
# fails: test-conv-transpose2d-output-padding
# says: the output_padding is ignored
# -    images, _, height, width = x.shape
# +    output_padding = 0
# +    images, _, height, width = x.shape

# %% wrong: zeros behind what the padding left
# says: zeros behind what the padding left
# -    images, _, height, width = x.shape
# +    extra, output_padding = output_padding, 0
# +    images, _, height, width = x.shape
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    full = full[:, :, padding : tall - padding, padding : wide - padding]
# +    return np.pad(full, ((0, 0), (0, 0), (0, extra), (0, extra))) + b[:, None, None]

# %% wrong: zeros behind the output without the bias
# says: zeros behind the output, without the bias
# -    images, _, height, width = x.shape
# +    extra, output_padding = output_padding, 0
# +    images, _, height, width = x.shape
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    full = full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    return np.pad(full, ((0, 0), (0, 0), (0, extra), (0, extra)))

# %% wrong: output_padding at the start
# says: at the start
# -    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]
# +    full = np.roll(full, (output_padding, output_padding), (2, 3))
# +    return full[:, :, padding : tall - padding, padding : wide - padding] + b[:, None, None]

# %% wrong: columns only
# says: columns only
# -    tall = (height - 1) * stride + rows + output_padding
# +    tall = (height - 1) * stride + rows


# %% wrong: the bias given two axes in place
# fails: test-conv-transpose2d-bias
# says: working in place
def conv_transpose2d(x, w, b, stride=1, padding=0, output_padding=0):
    images, _, height, width = x.shape
    _, filters, rows, columns = w.shape
    tall = (height - 1) * stride + rows + output_padding
    wide = (width - 1) * stride + columns + output_padding
    full = np.zeros((images, filters, tall, wide))
    for i, j in np.ndindex(height, width):
        r, q = i * stride, j * stride
        full[:, :, r : r + rows, q : q + columns] += np.einsum("nc,cfuv->nfuv", x[:, :, i, j], w)
    b.shape = (-1, 1, 1)
    return full[:, :, padding : tall - padding, padding : wide - padding] + b
