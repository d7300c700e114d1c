# %% right: all tiles at once, windows of every second pixel
def conv2d_winograd(x, w, b, padding=0):
    if w.shape[2:] != (3, 3):
        raise ValueError("3x3 only")
    n, c, h, wd = x.shape
    oh, ow = h + 2 * padding - 2, wd + 2 * padding - 2
    th, tw = -(-oh // 2), -(-ow // 2)
    big = np.zeros((n, c, 2 * th + 2, 2 * tw + 2))
    big[:, :, padding : padding + h, padding : padding + wd] = x
    d = np.lib.stride_tricks.sliding_window_view(big, (4, 4), axis=(2, 3))[:, :, ::2, ::2]
    m = np.einsum("ncijuv,fcuv->nfijuv", transform_input(d), transform_filter(w))
    y = transform_output(m).transpose(0, 1, 2, 4, 3, 5).reshape(n, len(w), 2 * th, 2 * tw)
    return y[:, :, :oh, :ow] + b[:, None, None]


# %% right: loops over images, filters, channels and tiles, matrices of its own
def conv2d_winograd(x, w, b, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    if not (KH == 3 and KW == 3):
        raise ValueError(f"{KH}x{KW}")
    BT = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    G = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    AT = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    OH, OW = H + 2 * padding - 2, W + 2 * padding - 2
    padded = np.zeros((N, C, OH + OH % 2 + 2, OW + OW % 2 + 2))
    padded[:, :, padding : padding + H, padding : padding + W] = x
    out = np.zeros((N, F, OH + OH % 2, OW + OW % 2))
    for n in range(N):
        for f in range(F):
            for i in range(0, OH, 2):
                for j in range(0, OW, 2):
                    m = np.zeros((4, 4))
                    for c in range(C):
                        m += (G @ w[f, c] @ G.T) * (BT @ padded[n, c, i : i + 4, j : j + 4] @ BT.T)
                    out[n, f, i : i + 2, j : j + 2] = AT @ m @ AT.T + b[f]
    return out[:, :, :OH, :OW]


# %% right: the last tile moved back to the edge
def conv2d_winograd(x, w, b, padding=0):
    if list(w.shape[-2:]) != [3, 3]:
        raise ValueError("another kernel")
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh, ow = x.shape[2] - 2, x.shape[3] - 2
    x = np.pad(x, ((0, 0), (0, 0), (0, int(oh == 1)), (0, int(ow == 1))))
    starts = [sorted({*range(0, n - 3, 2), n - 4}) for n in x.shape[2:]]
    out = np.zeros((len(x), len(w), x.shape[2] - 2, x.shape[3] - 2))
    filters = np.asarray(transform_filter(w))
    for i in starts[0]:
        for j in starts[1]:
            d = np.asarray(transform_input(x[:, :, i : i + 4, j : j + 4]))
            m = (d[:, None] * filters[None]).sum(axis=2)
            out[:, :, i : i + 2, j : j + 2] = transform_output(m)
    return (out + b.reshape(-1, 1, 1))[:, :, :oh, :ow]


# %% right: a matrix product for each of the 16 places
def conv2d_winograd(x, w, b, padding=0):
    f, c, kh, kw = w.shape
    if (kh, kw) != (3, 3):
        raise ValueError
    rows, columns = x.shape[2] + 2 * padding - 2, x.shape[3] + 2 * padding - 2
    tall, wide = (rows + 1) // 2, (columns + 1) // 2
    x = np.pad(
        x, ((0, 0), (0, 0), (padding, padding + rows % 2), (padding, padding + columns % 2))
    )
    tiles = np.stack(
        [x[:, :, 2 * i : 2 * i + 4, 2 * j : 2 * j + 4] for i in range(tall) for j in range(wide)], 2
    )
    v = np.asarray(transform_input(tiles))
    u = np.asarray(transform_filter(w))
    m = np.empty((len(x), f, tall * wide, 4, 4))
    for p in range(4):
        for q in range(4):
            m[..., p, q] = np.matmul(u[:, :, p, q], v[..., p, q])
    y = np.asarray(transform_output(m)).reshape(len(x), f, tall, wide, 2, 2)
    y = y.swapaxes(3, 4).reshape(len(x), f, 2 * tall, 2 * wide)
    return y[:, :, :rows, :columns] + b[:, None, None]


# %% right: padded twice, a list returned
def conv2d_winograd(x, w, b, padding=0):
    if w.shape[2] != 3 or w.shape[3] != 3:
        raise ValueError("only 3x3")
    x = np.pad(x, ((0,), (0,), (padding,), (padding,)))
    oh, ow = x.shape[2] - 2, x.shape[3] - 2
    x = np.pad(x, ((0, 0), (0, 0), (0, 2), (0, 2)))
    u = transform_filter(w)
    bands = []
    for top in range(0, oh, 2):
        band = []
        for left in range(0, ow, 2):
            v = transform_input(x[..., top : top + 4, left : left + 4])
            band.append(transform_output(np.einsum("fcij,ncij->nfij", u, v)))
        bands.append(np.concatenate(band, axis=3))
    y = np.concatenate(bands, axis=2) + b[None, :, None, None]
    return y[:, :, :oh, :ow].tolist()


# %% right: one dimension nested in another
def conv2d_winograd(x, w, b, padding=0):
    if w.shape[2:] != (3, 3):
        raise ValueError("the kernel must be 3x3")
    p = padding
    oh, ow = x.shape[2] + 2 * p - 2, x.shape[3] + 2 * p - 2
    x = np.pad(x, ((0, 0), (0, 0), (p, p + oh % 2), (p, p + ow % 2)))

    def rows(d, g):
        """F(2, 3) down the rows, whose numbers are rows that are convolved across."""
        m1 = across(d[0] - d[2], g[0])
        m2 = across(d[1] + d[2], (g[0] + g[1] + g[2]) / 2)
        m3 = across(d[2] - d[1], (g[0] - g[1] + g[2]) / 2)
        m4 = across(d[1] - d[3], g[2])
        return m1 + m2 + m3, m2 - m3 - m4

    def across(d, g):
        d0, d1, d2 = d[..., :-3:2], d[..., 1:-2:2], d[..., 2:-1:2]
        d3 = d[..., 3::2]
        m1, m4 = (d0 - d2) * g[0], (d1 - d3) * g[2]
        m2, m3 = (d1 + d2) * (g[0] + g[1] + g[2]) / 2, (d2 - d1) * (g[0] - g[1] + g[2]) / 2
        return np.stack([m1 + m2 + m3, m2 - m3 - m4], -1).reshape(*m1.shape[:-1], -1)

    out = np.zeros((len(x), len(w), x.shape[2] - 2, x.shape[3] - 2))
    for f in range(len(w)):
        for c in range(w.shape[1]):
            for i in range(0, out.shape[2], 2):
                first, second = rows([x[:, c, i + k] for k in range(4)], w[f, c])
                out[:, f, i] += first
                out[:, f, i + 1] += second
        out[:, f] += b[f]
    return out[:, :, :oh, :ow]


# %% wrong: the kernel flipped
# fails: test-conv2d-winograd-tile
# says: the kernel flipped
# from: solution
# -    padded, filters = np.pad(x, borders), transform_filter(w)
# +    padded, filters = np.pad(x, borders), transform_filter(w[:, :, ::-1, ::-1])

# %% wrong: the first channel only
# says: the first channel only
# -            products = np.einsum("ncuv,fcuv->nfuv", tiles, filters)
# +            products = np.einsum("nuv,fuv->nfuv", tiles[:, 0], filters[:, 0])

# %% wrong: a matrix product of the transforms
# fails: test-conv2d-winograd-tile, test-conv2d-winograd-tiles, test-conv2d-winograd-odd, test-conv2d-winograd-padding
# because: nothing that it returns is right, but zeros
# says: a matrix product of the transforms
# -            products = np.einsum("ncuv,fcuv->nfuv", tiles, filters)
# +            products = np.einsum("ncuv,fcvt->nfut", tiles, filters)

# %% wrong: the mean over the channels
# fails: test-conv2d-winograd-tile
# says: the mean over the channels
# -            products = np.einsum("ncuv,fcuv->nfuv", tiles, filters)
# +            products = np.einsum("ncuv,fcuv->nfuv", tiles, filters) / x.shape[1]

# %% wrong: the last channel only
# says: the last channel only
# -            products = np.einsum("ncuv,fcuv->nfuv", tiles, filters)
# +            for c in range(x.shape[1]):
# +                products = np.einsum("nuv,fuv->nfuv", tiles[:, c], filters[:, c])

# %% wrong: tiles side by side
# fails: test-conv2d-winograd-tiles
# says: tiles side by side, 4 apart
# -            tiles = transform_input(padded[:, :, top : top + 4, left : left + 4])
# +            wide = np.pad(padded, ((0, 0), (0, 0), (0, 99), (0, 99)))
# +            tiles = wide[:, :, 2 * top : 2 * top + 4, 2 * left : 2 * left + 4]
# +            tiles = transform_input(tiles)

# %% wrong: tiles that overlap by 3
# says: tiles 1 apart
# -            tiles = transform_input(padded[:, :, top : top + 4, left : left + 4])
# +            i, j = top // 2, left // 2
# +            tiles = transform_input(padded[:, :, i : i + 4, j : j + 4])

# %% wrong: the first tile only
# says: the first tile only
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    return out[:, :, : min(rows, 2), : min(columns, 2)] + b[:, None, None]

# %% wrong: outputs of tiles reshaped in the wrong order
# says: the outputs of a tile in a row
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    n, f, tall, wide = out.shape
# +    out = out.reshape(n, f, tall // 2, 2, wide // 2, 2).swapaxes(3, 4).reshape(out.shape)
# +    return out[:, :, :rows, :columns] + b[:, None, None]

# %% wrong: the last row and column missing
# fails: test-conv2d-winograd-odd
# says: the last row or column is missing
# -    down, across = rows % 2, columns % 2
# +    rows, columns = rows - rows % 2, columns - columns % 2
# +    down, across = 0, 0

# %% wrong: the last row and column zero
# says: the last row or column stays zero
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    out[:, :, rows - rows % 2 :] = 0
# +    out[:, :, :, columns - columns % 2 :] = 0
# +    return out[:, :, :rows, :columns] + b[:, None, None]

# %% wrong: not cut
# says: a row or column too many
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    return out + b[:, None, None]

# %% wrong: filled up at the start
# says: zeros at the start
# -    borders = (0, 0), (0, 0), (padding, padding + down), (padding, padding + across)
# +    borders = (0, 0), (0, 0), (padding + down, padding), (padding + across, padding)

# %% wrong: odd sizes are refused
# says: raised ValueError
# -    down, across = rows % 2, columns % 2
# +    down, across = rows % 2, columns % 2
# +    if down or across:
# +        raise ValueError("an odd output")

# %% wrong: the padding ignored
# fails: test-conv2d-winograd-padding
# says: the padding is ignored
# -    if w.shape[2:] != (3, 3):
# +    padding = 0
# +    if w.shape[2:] != (3, 3):

# %% wrong: the padding at the end
# says: twice the padding at the end of each axis
# -    borders = (0, 0), (0, 0), (padding, padding + down), (padding, padding + across)
# +    borders = (0, 0), (0, 0), (0, 2 * padding + down), (0, 2 * padding + across)

# %% wrong: the bias left out
# fails: test-conv2d-winograd-bias
# says: the bias is left out
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    return out[:, :, :rows, :columns]

# %% wrong: the bias before the way back
# says: the bias added before the way back
# -            out[:, :, top : top + 2, left : left + 2] = transform_output(products)
# +            products = products + b[:, None, None]
# +            out[:, :, top : top + 2, left : left + 2] = transform_output(products)
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    return out[:, :, :rows, :columns]

# %% wrong: nothing refused
# fails: test-conv2d-winograd-kernel
# says: nothing is refused
# -    if w.shape[2:] != (3, 3):
# +    if False:
# -    padded, filters = np.pad(x, borders), transform_filter(w)
# +    kernel = np.zeros((*w.shape[:2], 3, 3))
# +    part = w[:, :, :3, :3]
# +    kernel[:, :, : part.shape[2], : part.shape[3]] = part
# +    padded, filters = np.pad(x, borders), transform_filter(kernel)

# %% wrong: only large kernels refused
# says: no ValueError
# -    if w.shape[2:] != (3, 3):
# +    if max(w.shape[2:]) > 3:
# -    padded, filters = np.pad(x, borders), transform_filter(w)
# +    kernel = np.zeros((*w.shape[:2], 3, 3))
# +    part = w[:, :, :3, :3]
# +    kernel[:, :, : part.shape[2], : part.shape[3]] = part
# +    padded, filters = np.pad(x, borders), transform_filter(kernel)

# %% wrong: only kernels without a side of 3 refused
# says: no ValueError
# -    if w.shape[2:] != (3, 3):
# +    if 3 not in w.shape[2:]:
# -    padded, filters = np.pad(x, borders), transform_filter(w)
# +    kernel = np.zeros((*w.shape[:2], 3, 3))
# +    part = w[:, :, :3, :3]
# +    kernel[:, :, : part.shape[2], : part.shape[3]] = part
# +    padded, filters = np.pad(x, borders), transform_filter(kernel)

# %% wrong: the image changed in place
# fails: test-conv2d-winograd-inputs
# says: working in place
# -    return out[:, :, :rows, :columns] + b[:, None, None]
# +    b += 0.5
# +    return out[:, :, :rows, :columns] + b[:, None, None] - 0.5
