# %% right: seven loops in plain Python
def locally_connected2d(x, w, b, stride=1):
    N, C, H, W = x.shape
    GH, GW, F, _, KH, KW = w.shape
    OH, OW = (H - KH) // stride + 1, (W - KW) // stride + 1
    if (GH, GW) != (OH, OW):
        raise ValueError("w")
    if b.shape != (F, OH, OW):
        raise ValueError("b")
    out = [[[[float(b[f, i, j]) for j in range(OW)] for i in range(OH)] for f in range(F)] for n in range(N)]
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    for c in range(C):
                        for u in range(KH):
                            for v in range(KW):
                                pixel = float(x[n, c, i * stride + u, j * stride + v])
                                out[n][f][i][j] += pixel * float(w[i, j, f, c, u, v])
    return out


# %% right: sliding windows and one einsum
def locally_connected2d(x, w, b, stride=1):
    # a kernel that is too large raises a ValueError here
    win = np.lib.stride_tricks.sliding_window_view(x, w.shape[4:], axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    if win.shape[2:4] != w.shape[:2] or b.shape[1:] != w.shape[:2]:
        raise ValueError(f"{win.shape[2:4]} places")
    return np.einsum("ncijuv,ijfcuv->nfij", win, w) + b


# %% right: as_strided and a product of matrices for each place
from numpy.lib.stride_tricks import as_strided


def locally_connected2d(x, w, b, stride=1):
    n, c, h, width = x.shape
    oh, ow, f, _, kh, kw = w.shape
    places = [1 + (h - kh) // stride, 1 + (width - kw) // stride]
    if places != [oh, ow] or places != list(b.shape[1:]):
        raise ValueError(places)
    s = x.strides
    win = as_strided(x, (oh, ow, n, c, kh, kw), (s[2] * stride, s[3] * stride, *s))
    out = win.reshape(oh, ow, n, -1) @ w.reshape(oh, ow, f, -1).swapaxes(-1, -2)
    return np.ascontiguousarray(out.transpose(2, 3, 0, 1) + b)


# %% right: a loop over the taps
def locally_connected2d(x, w, b, stride=1):
    oh, ow, _, _, kh, kw = w.shape
    down, across = (x.shape[2] - kh) / stride, (x.shape[3] - kw) / stride
    grid = int(np.floor(down)) + 1, int(np.floor(across)) + 1
    if min(grid) < 1 or (oh, ow) != grid or tuple(b.shape[-2:]) != grid:
        raise ValueError("the grids differ")
    out = np.repeat(b[None], len(x), axis=0).astype(float)
    for u in range(kh):
        for v in range(kw):
            pixels = x[:, :, u : u + (oh - 1) * stride + 1 : stride, v : v + (ow - 1) * stride + 1 : stride]
            out += np.einsum("ncij,ijfc->nfij", pixels, w[..., u, v])
    return out


# %% right: one dense matrix
def locally_connected2d(x, w, b, stride=1):
    oh, ow, f, c, kh, kw = w.shape
    h, width = x.shape[2:]
    tops = list(range(0, h - kh + 1, stride))
    lefts = list(range(0, width - kw + 1, stride))
    if len(tops) != oh or len(lefts) != ow or b.shape[1] != oh or b.shape[2] != ow:
        raise ValueError("not as many kernels as places")
    matrix = np.zeros((f, oh, ow, c, h, width))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            matrix[:, i, j, :, top : top + kh, left : left + kw] = w[i, j]
    out = x.reshape(len(x), -1) @ matrix.reshape(f * oh * ow, -1).T
    return (out + b.ravel()).reshape(len(x), f, oh, ow)


# %% right: place by place, stacked
class WrongGrid(ValueError):
    pass


def place(x, kernels, biases, top, left):
    kh, kw = kernels.shape[2:]
    window = x[:, np.newaxis, :, top : top + kh, left : left + kw]
    return (window * kernels).sum(axis=(2, 3, 4)) + biases


def locally_connected2d(x, w, b, stride=1):
    rows = (x.shape[2] - w.shape[4]) // stride + 1
    columns = (x.shape[3] - w.shape[5]) // stride + 1
    for what, shape in (("kernels", w.shape[:2]), ("biases", b.shape[1:])):
        if shape != (rows, columns):
            raise WrongGrid(f"{what} for {shape}, not {(rows, columns)}")
    lines = []
    for i in range(rows):
        line = [place(x, w[i, j], b[:, i, j], i * stride, j * stride) for j in range(columns)]
        lines.append(np.stack(line, axis=-1))
    return np.stack(lines, axis=-2)


# %% wrong: the first kernel everywhere
# fails: test-locally-connected2d-kernels
# says: the first kernel at every place
# from: solution
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[0, 0]) + b[:, i, j]

# %% wrong: the mean kernel everywhere
# says: the mean of all kernels at every place
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w.mean(axis=(0, 1))) + b[:, i, j]

# %% wrong: kernels shared along rows
# says: the kernels of a row shared along its columns
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, 0]) + b[:, i, j]

# %% wrong: places swapped
# fails: test-locally-connected2d-kernels, test-locally-connected2d-bias, test-locally-connected2d-grid
# because: places that are not as many down as across are refused
# says: rows and columns of the places swapped
# -    rows, columns = w.shape[4:]
# +    w = w.swapaxes(0, 1)
# +    rows, columns = w.shape[4:]

# %% wrong: kernels flipped
# fails: test-locally-connected2d-kernels
# says: flipping the kernels
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        flipped = w[i, j, :, :, ::-1, ::-1]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, flipped) + b[:, i, j]

# %% wrong: only the last channel
# says: the last channel only
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        for c in range(x.shape[1]):
# +            part = np.einsum("nuv,fuv->nf", window[:, c], w[i, j, :, c])
# +            out[:, :, i, j] = part + b[:, i, j]

# %% wrong: the mean over a window
# says: the mean over a window
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.mean(window[:, None] * w[i, j], axis=(2, 3, 4)) + b[:, i, j]

# %% wrong: the first filter for all
# says: the first filter everywhere
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.einsum("ncuv,cuv->n", window, w[i, j, 0])[:, None] + b[:, i, j]

# %% wrong: the bias forgotten
# fails: test-locally-connected2d-bias
# says: the bias is left out
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j])

# %% wrong: one bias a filter
# says: one bias a filter, shared by all places
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, 0, 0]

# %% wrong: the bias inside the sum
# says: a bias for each product
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        terms = window[:, None] * w[i, j] + b[:, i, j, None, None, None]
# +        out[:, :, i, j] = terms.sum(axis=(2, 3, 4))

# %% wrong: windows one pixel apart
# fails: test-locally-connected2d-stride
# says: windows one pixel apart
# -        window = x[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
# +        window = x[:, :, i : i + rows, j : j + columns]

# %% wrong: the stride along rows only
# says: a stride along one axis only
# -        window = x[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns]
# +        window = x[:, :, i * stride : i * stride + rows, j : j + columns]

# %% wrong: the grid of stride 1
# says: the grid of stride 1 is expected of w
# -    grid = (x.shape[2] - rows) // stride + 1, (x.shape[3] - columns) // stride + 1
# +    grid = x.shape[2] - rows + 1, x.shape[3] - columns + 1

# %% wrong: refuses steps that leave pixels over
# says: refusing steps that leave pixels over
# -    if w.shape[:2] != grid or b.shape[1:] != grid:
# +    left_over = (x.shape[2] - rows) % stride or (x.shape[3] - columns) % stride
# +    if left_over or w.shape[:2] != grid or b.shape[1:] != grid:

# %% wrong: nothing is refused
# fails: test-locally-connected2d-grid
# says: nothing is refused
# -    if w.shape[:2] != grid or b.shape[1:] != grid:
# +    if False:
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        place = min(i, len(w) - 1), min(j, w.shape[1] - 1)
# +        bias = b[:, min(i, b.shape[1] - 1), min(j, b.shape[2] - 1)]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[place]) + bias

# %% wrong: the biases are not looked at
# says: the biases are not looked at
# -    if w.shape[:2] != grid or b.shape[1:] != grid:
# +    if w.shape[:2] != grid:
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        bias = b[:, min(i, b.shape[1] - 1), min(j, b.shape[2] - 1)]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + bias

# %% wrong: the rows only
# says: the rows of places only
# -    if w.shape[:2] != grid or b.shape[1:] != grid:
# +    if len(w) != grid[0] or b.shape[1] != grid[0]:
# -        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, w[i, j]) + b[:, i, j]
# +        kernels, bias = w[i, min(j, w.shape[1] - 1)], b[:, i, min(j, b.shape[2] - 1)]
# +        out[:, :, i, j] = np.einsum("ncuv,fcuv->nf", window, kernels) + bias


# %% wrong: the kernels given another shape in place
# fails: test-locally-connected2d-bias
# says: working in place
def locally_connected2d(x, w, b, stride=1):
    high, wide, filters, _, rows, columns = w.shape
    grid = (x.shape[2] - rows) // stride + 1, (x.shape[3] - columns) // stride + 1
    if (high, wide) != grid or b.shape[1:] != grid:
        raise ValueError("another grid")
    w.shape = (high, wide, filters, -1)
    out = np.zeros((len(x), filters, *grid))
    for i, j in np.ndindex(grid):
        r, q = i * stride, j * stride
        out[:, :, i, j] = x[:, :, r : r + rows, q : q + columns].reshape(len(x), -1) @ w[i, j].T
    return out + b
