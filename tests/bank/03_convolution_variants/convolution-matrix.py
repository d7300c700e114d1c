# %% right: entry by entry
def convolution_matrix(w, size, stride=1, padding=0):
    F, C, KH, KW = w.shape
    H, W = size
    OH, OW = (H + 2 * padding - KH) // stride + 1, (W + 2 * padding - KW) // stride + 1
    if OH < 1 or OW < 1:
        raise ValueError("too large")
    matrix = [[0.0] * (C * H * W) for _ in range(F * OH * OW)]
    for f in range(F):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    for u in range(KH):
                        for v in range(KW):
                            r, s = i * stride + u - padding, j * stride + v - padding
                            if 0 <= r < H and 0 <= s < W:
                                matrix[(f * OH + i) * OW + j][(c * H + r) * W + s] = float(w[f, c, u, v])
    return matrix


# %% right: row by row, a kernel placed in a padded image
def convolution_matrix(w, size, stride=1, padding=0):
    f, c, kh, kw = w.shape
    tall, wide = size[0] + 2 * padding, size[1] + 2 * padding
    if kh > tall or kw > wide:
        raise ValueError(f"{kh}x{kw} in {tall}x{wide}")
    rows = []
    for filter_ in w:
        for top in range(0, tall - kh + 1, stride):
            for left in range(0, wide - kw + 1, stride):
                image = np.zeros((c, tall, wide))
                image[:, top : top + kh, left : left + kw] = filter_
                inner = image[:, padding : padding + size[0], padding : padding + size[1]]
                rows.append(inner.ravel())
    return np.array(rows)


# %% right: pixel by pixel, through conv2d
def convolution_matrix(w, size, stride=1, padding=0):
    columns = []
    for c, i, j in np.ndindex(w.shape[1], *size):
        image = np.zeros((1, w.shape[1], *size))
        image[0, c, i, j] = 1.0
        columns.append(conv2d(image, w, np.zeros(len(w)), stride=stride, padding=padding).ravel())
    return np.stack(columns, axis=1)


# %% wrong: the transpose
# fails: test-convolution-matrix-entries
# says: the transpose
# from: row by row, a kernel placed in a padded image
# -    return np.array(rows)
# +    return np.array(rows).T

# %% wrong: the kernel flipped
# fails: test-convolution-matrix-entries
# says: flipping the kernel
# -                image[:, top : top + kh, left : left + kw] = filter_
# +                image[:, top : top + kh, left : left + kw] = filter_[:, ::-1, ::-1]

# %% wrong: rows in the order (OH, OW, F)
# fails: test-convolution-matrix-entries
# says: rows in the order (OH, OW, F)
# -    return np.array(rows)
# +    return np.stack(np.split(np.array(rows), f), axis=1).reshape(len(rows), -1)

# %% wrong: the first filter only
# says: the first filter only
# -    for filter_ in w:
# +    for filter_ in w[:1]:

# %% wrong: the stride ignored
# fails: test-convolution-matrix-options
# says: the stride is ignored
# -        for top in range(0, tall - kh + 1, stride):
# +        for top in range(0, tall - kh + 1):
# -            for left in range(0, wide - kw + 1, stride):
# +            for left in range(0, wide - kw + 1):

# %% wrong: columns for the padding too
# says: columns for the padding too
# -                inner = image[:, padding : padding + size[0], padding : padding + size[1]]
# +                inner = image

# %% wrong: nothing is refused
# fails: test-convolution-matrix-too-large
# says: no kernel is refused
# -    if kh > tall or kw > wide:
# +    if False:
# -    return np.array(rows)
# +    return np.array(rows).reshape(-1, c * size[0] * size[1])

# %% wrong: a kernel that just fits is refused
# says: refusing a kernel that just fits
# -    if kh > tall or kw > wide:
# +    if kh >= tall or kw >= wide:


# %% wrong: the kernel turned round in place
# fails: test-convolution-matrix-options
# says: working in place
def convolution_matrix(w, size, stride=1, padding=0):
    filters, channels, rows, columns = w.shape
    height, width = size[0] + 2 * padding, size[1] + 2 * padding
    if rows > height or columns > width:
        raise ValueError("larger")
    w.shape = (filters, channels * rows * columns)
    places = np.pad(np.arange(1, channels * size[0] * size[1] + 1).reshape(channels, *size),
                    ((0, 0), (padding, padding), (padding, padding)))  # fmt: skip
    lines = []
    for f in range(filters):
        for i in range(0, height - rows + 1, stride):
            for j in range(0, width - columns + 1, stride):
                line = np.zeros(channels * size[0] * size[1] + 1)
                line[places[:, i : i + rows, j : j + columns].ravel()] = w[f]
                lines.append(line[1:])
    return np.array(lines)
