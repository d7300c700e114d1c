# %% right: plain Python, the slopes of four values
def deform_conv2d_backward_offset(dout, x, offset, w):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape

    def value(n, c, i, j):
        return float(x[n, c, i, j]) if 0 <= i < H and 0 <= j < W else 0.0

    doffset = np.zeros_like(offset)
    for n, k, i, j in np.ndindex(N, KH * KW, *offset.shape[2:]):
        u, v = divmod(k, KW)
        r, q = i + u + offset[n, 2 * k, i, j], j + v + offset[n, 2 * k + 1, i, j]
        top, left = int(np.floor(r)), int(np.floor(q))
        a, e = r - top, q - left
        for c in range(C):
            weight = sum(float(dout[n, f, i, j]) * float(w[f, c, u, v]) for f in range(F))
            v00, v01 = value(n, c, top, left), value(n, c, top, left + 1)
            v10, v11 = value(n, c, top + 1, left), value(n, c, top + 1, left + 1)
            doffset[n, 2 * k, i, j] += weight * ((1 - e) * (v10 - v00) + e * (v11 - v01))
            doffset[n, 2 * k + 1, i, j] += weight * ((1 - a) * (v01 - v00) + a * (v11 - v10))
    return doffset


# %% right: hats and their slopes
def deform_conv2d_backward_offset(dout, x, offset, w):
    n, _, oh, ow = offset.shape
    kh, kw = w.shape[2:]
    o = offset.reshape(n, kh, kw, 2, oh, ow)
    rows = o[:, :, :, 0] + np.arange(kh)[:, None, None, None] + np.arange(oh)[:, None]
    columns = o[:, :, :, 1] + np.arange(kw)[:, None, None] + np.arange(ow)
    r, q = rows[..., None] - np.arange(x.shape[2]), columns[..., None] - np.arange(x.shape[3])
    down, across = np.maximum(0, 1 - np.abs(r)), np.maximum(0, 1 - np.abs(q))
    slope_r, slope_q = -np.sign(r) * (np.abs(r) < 1), -np.sign(q) * (np.abs(q) < 1)
    path = "nfij,fcuv,nchw,nuvijh,nuvijw->nuvij"
    d_rows = np.einsum(path, dout, w, x, slope_r, across, optimize=True)
    d_columns = np.einsum(path, dout, w, x, down, slope_q, optimize=True)
    return np.stack([d_rows, d_columns], axis=3).reshape(offset.shape)


# %% wrong: dout left out
# fails: test-deform-conv2d-backward-offset-slopes
# says: dout is left out
# from: solution
# -        dseen = w[:, :, u, v].T @ dout[n].reshape(len(w), -1)
# +        dseen = w[:, :, u, v].T @ np.ones_like(dout[n]).reshape(len(w), -1)

# %% wrong: the weights left out
# says: the weights are left out
# -        dseen = w[:, :, u, v].T @ dout[n].reshape(len(w), -1)
# +        dseen = np.ones_like(w[:, :, u, v]).T @ dout[n].reshape(len(w), -1)

# %% wrong: the first filter only
# says: the first filter only
# -        dseen = w[:, :, u, v].T @ dout[n].reshape(len(w), -1)
# +        dseen = w[:1, :, u, v].T @ dout[n, :1].reshape(1, -1)

# %% wrong: the slopes swapped
# says: the slopes of row and column swapped
# -        doffset[n, 2 * k : 2 * k + 2] = dpoints.T.reshape(2, height, width)
# +        doffset[n, 2 * k : 2 * k + 2] = dpoints.T[::-1].reshape(2, height, width)

# %% wrong: all rows first
# fails: test-deform-conv2d-backward-offset-places
# says: all rows first, then all columns
# -        doffset[n, 2 * k : 2 * k + 2] = dpoints.T.reshape(2, height, width)
# +        doffset[n, k :: offset.shape[1] // 2] = dpoints.T.reshape(2, height, width)

# %% wrong: the slopes of all taps added up
# says: the slopes of all taps added up
# -        doffset[n, 2 * k : 2 * k + 2] = dpoints.T.reshape(2, height, width)
# +        doffset[n, 0::2] += dpoints.T.reshape(2, height, width)[0]
# +        doffset[n, 1::2] += dpoints.T.reshape(2, height, width)[1]

# %% wrong: the first image for all
# says: the first image
# -    return doffset
# +    return np.repeat(doffset[:1], images, axis=0)


# %% wrong: the offsets changed in place
# fails: test-deform-conv2d-backward-offset-places
# says: working in place
def deform_conv2d_backward_offset(dout, x, offset, w):
    images, _, height, width = offset.shape
    rows, columns = np.indices((height, width))
    doffset = np.zeros(offset.shape)
    for n, u, v in np.ndindex(images, *w.shape[2:]):
        k = u * w.shape[3] + v
        offset[n, 2 * k] += rows + u
        offset[n, 2 * k + 1] += columns + v
        points = np.moveaxis(offset[n, 2 * k : 2 * k + 2], 0, -1).reshape(-1, 2)
        dseen = w[:, :, u, v].T @ dout[n].reshape(len(w), -1)
        _, dpoints = bilinear_sample_backward(dseen, x[n], points)
        doffset[n, 2 * k : 2 * k + 2] = dpoints.T.reshape(2, height, width)
    return doffset
