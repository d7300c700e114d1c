# %% right: plain Python, its own interpolation
def deform_conv2d(x, offset, w, b):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    OH, OW = H - KH + 1, W - KW + 1

    def value(n, c, r, q):
        i, j = int(np.floor(r)), int(np.floor(q))
        total = 0.0
        for s in (i, i + 1):
            for t in (j, j + 1):
                if 0 <= s < H and 0 <= t < W:
                    total += (1 - abs(r - s)) * (1 - abs(q - t)) * float(x[n, c, s, t])
        return total

    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                out[n, :, i, j] = b
                for k in range(KH * KW):
                    u, v = divmod(k, KW)
                    r, q = i + u + offset[n, 2 * k, i, j], j + v + offset[n, 2 * k + 1, i, j]
                    for c in range(C):
                        out[n, :, i, j] += w[:, c, u, v] * value(n, c, r, q)
    return out


# %% right: all taps of an image at once
def deform_conv2d(x, offset, w, b):
    n, _, oh, ow = offset.shape
    kh, kw = w.shape[2:]
    moves = offset.reshape(n, kh, kw, 2, oh, ow)
    grid = np.add(np.indices((kh, kw))[:, :, :, None, None], np.indices((oh, ow))[:, None, None])
    outs = []
    for image, move in zip(x, moves):
        points = np.moveaxis(grid, 0, -1) + np.moveaxis(move, 2, -1)
        seen = np.asarray(bilinear_sample(image, points.reshape(-1, 2)))
        seen = seen.reshape(-1, kh, kw, oh, ow)
        outs.append(np.einsum("cuvij,fcuv->fij", seen, w))
    return np.stack(outs) + b.reshape(1, -1, 1, 1)


# %% right: hats, without 3.7
def deform_conv2d(x, offset, w, b):
    n, _, oh, ow = offset.shape
    kh, kw = w.shape[2:]
    o = offset.reshape(n, kh, kw, 2, oh, ow)
    rows = o[:, :, :, 0] + np.arange(kh)[:, None, None, None] + np.arange(oh)[:, None]
    columns = o[:, :, :, 1] + np.arange(kw)[:, None, None] + np.arange(ow)
    down = np.maximum(0, 1 - np.abs(rows[..., None] - np.arange(x.shape[2])))
    across = np.maximum(0, 1 - np.abs(columns[..., None] - np.arange(x.shape[3])))
    return np.einsum("nchw,nuvijh,nuvijw,fcuv->nfij", x, down, across, w, optimize=True) + b[:, None, None]


# %% wrong: (column, row)
# fails: test-deform-conv2d-moved
# says: (column, row) for (row, column)
# from: solution
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        places = [rows + u + offset[n, 2 * k + 1], columns + v + offset[n, 2 * k]]

# %% wrong: all rows first
# says: all row offsets first, then all column offsets
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        half = offset.shape[1] // 2
# +        places = [rows + u + offset[n, k], columns + v + offset[n, half + k]]

# %% wrong: taps in column order
# says: taps in column order
# from: solution
# -        k = u * w.shape[3] + v
# +        k = v * w.shape[2] + u

# %% wrong: the offsets taken off
# says: the offsets taken off
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        places = [rows + u - offset[n, 2 * k], columns + v - offset[n, 2 * k + 1]]

# %% wrong: the offset of the first tap for all
# says: the offset of the first tap for all
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        places = [rows + u + offset[n, 0], columns + v + offset[n, 1]]

# %% wrong: the offset of the first place for all
# says: the offset of the first place for all
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        places = [rows + u + offset[n, 2 * k, 0, 0], columns + v + offset[n, 2 * k + 1, 0, 0]]

# %% wrong: offsets rounded
# says: offsets rounded to whole pixels
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        moved = np.round(offset[n])
# +        places = [rows + u + moved[2 * k], columns + v + moved[2 * k + 1]]

# %% wrong: the offsets of the first image for all
# says: the offsets of the first image for all
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        places = [rows + u + offset[0, 2 * k], columns + v + offset[0, 2 * k + 1]]

# %% wrong: the kernel flipped
# fails: test-deform-conv2d-still
# says: flipping the kernel
# -        out[n] += (w[:, :, u, v] @ seen).reshape(-1, height, width)
# +        out[n] += (w[:, :, -1 - u, -1 - v] @ seen).reshape(-1, height, width)

# %% wrong: the last tap only
# says: the last tap only
# -        out[n] += (w[:, :, u, v] @ seen).reshape(-1, height, width)
# +        out[n] = (w[:, :, u, v] @ seen).reshape(-1, height, width) + b[:, None, None]

# %% wrong: a bias with each tap
# says: a bias with each tap
# -        out[n] += (w[:, :, u, v] @ seen).reshape(-1, height, width)
# +        out[n] += (w[:, :, u, v] @ seen).reshape(-1, height, width) + b[:, None, None]
# -    out = np.zeros((images, len(w), height, width)) + b[:, None, None]
# +    out = np.zeros((images, len(w), height, width))

# %% wrong: no bias
# says: the bias is left out
# -    out = np.zeros((images, len(w), height, width)) + b[:, None, None]
# +    out = np.zeros((images, len(w), height, width))

# %% wrong: the channels without their weights
# says: the channels added up without their weights
# -        out[n] += (w[:, :, u, v] @ seen).reshape(-1, height, width)
# +        out[n] += (w[:, :1, u, v] * seen.sum(axis=0)).reshape(-1, height, width)

# %% wrong: the offsets changed in place
# fails: test-deform-conv2d-inputs
# says: working in place
# -        places = [rows + u + offset[n, 2 * k], columns + v + offset[n, 2 * k + 1]]
# +        offset[n, 2 * k] += rows + u
# +        offset[n, 2 * k + 1] += columns + v
# +        places = [offset[n, 2 * k], offset[n, 2 * k + 1]]
