# %% right: vectorised, np.add.at
def bilinear_sample_backward(dout, x, points):
    C, H, W = x.shape
    corner = np.floor(points).astype(int)
    a, b = (points - corner).T
    dx, dpoints = np.zeros_like(x), np.zeros_like(points)
    for i, j in [(0, 0), (0, 1), (1, 0), (1, 1)]:
        r, q = corner[:, 0] + i, corner[:, 1] + j
        fine = (r >= 0) & (r < H) & (q >= 0) & (q < W)
        down, across = (a if i else 1 - a), (b if j else 1 - b)
        np.add.at(dx, (slice(None), r[fine], q[fine]), (dout * down * across)[:, fine])
        values = np.where(fine, x[:, r % H, q % W], 0)
        met = (dout * values).sum(axis=0)
        dpoints[:, 0] += met * across * (1 if i else -1)
        dpoints[:, 1] += met * down * (1 if j else -1)
    return dx, dpoints


# %% right: hats and their slopes
def bilinear_sample_backward(dout, x, points):
    away = points[:, :1] - np.arange(x.shape[1]), points[:, 1:] - np.arange(x.shape[2])
    rows, columns = (np.maximum(0, 1 - np.abs(d)) for d in away)
    row_slopes, column_slopes = (-np.sign(d) * (np.abs(d) < 1) for d in away)
    dx = np.einsum("cp,ph,pw->chw", dout, rows, columns)
    down = np.einsum("cp,chw,ph,pw->p", dout, x, row_slopes, columns)
    right = np.einsum("cp,chw,ph,pw->p", dout, x, rows, column_slopes)
    return [dx, np.stack([down, right], axis=1)]


# %% right: the differences of the four values, a border of zeros
def bilinear_sample_backward(dout, x, points):
    wide = np.pad(x, ((0, 0), (9, 9), (9, 9)))
    dwide = np.zeros(wide.shape)
    dpoints = []
    for p, (r, q) in enumerate(points + 9):
        i, j = int(r), int(q)
        a, b, g = r - i, q - j, dout[:, p]
        x00, x01, x10, x11 = wide[:, i, j], wide[:, i, j + 1], wide[:, i + 1, j], wide[:, i + 1, j + 1]
        dwide[:, i, j] += g * (1 - a) * (1 - b)
        dwide[:, i, j + 1] += g * (1 - a) * b
        dwide[:, i + 1, j] += g * a * (1 - b)
        dwide[:, i + 1, j + 1] += g * a * b
        down = (1 - b) * (x10 - x00) + b * (x11 - x01)
        right = (1 - a) * (x01 - x00) + a * (x11 - x10)
        dpoints.append([g @ down, g @ right])
    return dwide[:, 9:-9, 9:-9], np.array(dpoints)


# %% wrong: the last point on a pixel wins
# fails: test-bilinear-sample-backward-dx
# says: the last point on a pixel wins
# from: vectorised, np.add.at
# -        np.add.at(dx, (slice(None), r[fine], q[fine]), (dout * down * across)[:, fine])
# +        dx[:, r[fine], q[fine]] += (dout * down * across)[:, fine]

# %% wrong: dout left out of dx
# says: dout is left out
# -        np.add.at(dx, (slice(None), r[fine], q[fine]), (dout * down * across)[:, fine])
# +        np.add.at(dx, (slice(None), r[fine], q[fine]), (down * across)[fine])

# %% wrong: times x
# says: times x
# -    return dx, dpoints
# +    return dx * x, dpoints

# %% wrong: index -1
# says: index -1
# -        np.add.at(dx, (slice(None), r[fine], q[fine]), (dout * down * across)[:, fine])
# +        near = (r >= -H) & (r < H) & (q >= -W) & (q < W)
# +        np.add.at(dx, (slice(None), r[near], q[near]), (dout * down * across)[:, near])

# %% wrong: the slopes swapped
# fails: test-bilinear-sample-backward-dpoints
# says: the slopes of row and column swapped
# -    return dx, dpoints
# +    return dx, dpoints[:, ::-1].copy()

# %% wrong: the wrong sign
# says: the wrong sign
# -    return dx, dpoints
# +    return dx, -dpoints

# %% wrong: the first channel only
# says: the first channel only
# -        met = (dout * values).sum(axis=0)
# +        met = (dout * values)[0]

# %% wrong: dout left out of dpoints
# says: dout is left out
# -        met = (dout * values).sum(axis=0)
# +        met = values.sum(axis=0)

# %% wrong: the slope in the upper row and the left column
# says: the slope in the upper row and the left column only
# -        dpoints[:, 0] += met * across * (1 if i else -1)
# -        dpoints[:, 1] += met * down * (1 if j else -1)
# +        dpoints[:, 0] += met * (j == 0) * (1 if i else -1)
# +        dpoints[:, 1] += met * (i == 0) * (1 if j else -1)

# %% wrong: 0 for every point outside
# says: 0 for every point outside
# -    return dx, dpoints
# +    inside = (points >= 0) & (points <= np.array([H - 1, W - 1]))
# +    return dx, dpoints * inside.all(axis=1)[:, None]


# %% wrong: the points changed in place
# fails: test-bilinear-sample-backward-dx
# says: working in place
def bilinear_sample_backward(dout, x, points):
    corner = np.floor(points).astype(int)
    points -= corner
    dx, dpoints = np.zeros(x.shape), np.zeros(points.shape)
    for p, (a, b) in enumerate(points):
        for i, j in np.ndindex(2, 2):
            r, q = corner[p] + (i, j)
            if 0 <= r < x.shape[1] and 0 <= q < x.shape[2]:
                down, across = (a if i else 1 - a), (b if j else 1 - b)
                dx[:, r, q] += down * across * dout[:, p]
                met = np.sum(dout[:, p] * x[:, r, q])
                dpoints[p] += (2 * i - 1) * across * met, (2 * j - 1) * down * met
    return dx, dpoints
