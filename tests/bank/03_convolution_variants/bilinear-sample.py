# %% right: plain Python, a function for the value of a pixel
def bilinear_sample(x, points):
    C, H, W = x.shape

    def value(c, i, j):
        return float(x[c, i, j]) if 0 <= i < H and 0 <= j < W else 0.0

    out = []
    for c in range(C):
        line = []
        for r, q in points:
            i, j = int(r // 1), int(q // 1)
            a, b = r - i, q - j
            upper = (1 - b) * value(c, i, j) + b * value(c, i, j + 1)
            lower = (1 - b) * value(c, i + 1, j) + b * value(c, i + 1, j + 1)
            line.append(float((1 - a) * upper + a * lower))
        out.append(line)
    return out


# %% right: vectorised, with masks
def bilinear_sample(x, points):
    r0, q0 = np.floor(points).astype(int).T
    a, b = points[:, 0] - r0, points[:, 1] - q0
    out = np.zeros((x.shape[0], points.shape[0]))
    for i, down in ((r0, 1 - a), (r0 + 1, a)):
        for j, across in ((q0, 1 - b), (q0 + 1, b)):
            fine = (i >= 0) & (i < x.shape[1]) & (j >= 0) & (j < x.shape[2])
            out[:, fine] += (down * across)[fine] * x[:, i[fine], j[fine]]
    return out


# %% right: hats around each pixel, one einsum
def bilinear_sample(x, points):
    rows = np.maximum(0, 1 - np.abs(points[:, :1] - np.arange(x.shape[1])))
    columns = np.maximum(0, 1 - np.abs(points[:, 1:] - np.arange(x.shape[2])))
    return np.einsum("chw,ph,pw->cp", x, rows, columns)


# %% right: a border of zeros, points far away moved into it
def bilinear_sample(x, points):
    wide = np.pad(x, ((0, 0), (2, 2), (2, 2)))
    p = np.clip(points, -2, np.array(x.shape[1:]) + 0.5) + 2
    i, j = np.floor(p).astype(int).T
    a, b = p[:, 0] % 1, p[:, 1] % 1
    top = wide[:, i, j] * (1 - b) + wide[:, i, j + 1] * b
    bottom = wide[:, i + 1, j] * (1 - b) + wide[:, i + 1, j + 1] * b
    return top * (1 - a) + bottom * a


# %% wrong: (column, row)
# fails: test-bilinear-sample-between
# says: (column, row) for (row, column)
# from: vectorised, with masks
# -    r0, q0 = np.floor(points).astype(int).T
# +    points = points[:, ::-1]
# +    r0, q0 = np.floor(points).astype(int).T

# %% wrong: the nearest pixel
# fails: test-bilinear-sample-between
# says: the nearest pixel
# -    r0, q0 = np.floor(points).astype(int).T
# +    points = np.round(points)
# +    r0, q0 = np.floor(points).astype(int).T

# %% wrong: the pixel above and left
# says: the pixel above and left of it
# -    r0, q0 = np.floor(points).astype(int).T
# +    points = np.floor(points)
# +    r0, q0 = np.floor(points).astype(int).T

# %% wrong: weights the wrong way round
# says: the weights the wrong way round
# -    for i, down in ((r0, 1 - a), (r0 + 1, a)):
# -        for j, across in ((q0, 1 - b), (q0 + 1, b)):
# +    for i, down in ((r0, a), (r0 + 1, 1 - a)):
# +        for j, across in ((q0, b), (q0 + 1, 1 - b)):

# %% wrong: along the columns only
# fails: test-bilinear-sample-between
# says: along the columns only
# -    for i, down in ((r0, 1 - a), (r0 + 1, a)):
# +    for i, down in ((r0, 1), (r0 + 1, 0)):

# %% wrong: the weights of two neighbours swapped
# says: the weights of two neighbours swapped
# -    a, b = points[:, 0] - r0, points[:, 1] - q0
# +    b, a = points[:, 0] - r0, points[:, 1] - q0

# %% wrong: three of four
# says: three of four neighbours
# -            out[:, fine] += (down * across)[fine] * x[:, i[fine], j[fine]]
# +            last = (i is not r0) and (j is not q0)
# +            out[:, fine] += (not last) * (down * across)[fine] * x[:, i[fine], j[fine]]

# %% wrong: (P, C)
# fails: test-bilinear-sample-between, test-bilinear-sample-outside
# because: nothing that it returns is right
# says: (P, C)
# -    return out
# +    return out.T

# %% wrong: clamped to the image
# fails: test-bilinear-sample-outside
# says: points moved to the nearest place inside
# -    r0, q0 = np.floor(points).astype(int).T
# +    points = np.clip(points, 0, np.array(x.shape[1:]) - 1)
# +    r0, q0 = np.floor(points).astype(int).T

# %% wrong: index -1
# says: index -1 is the last one
# -            fine = (i >= 0) & (i < x.shape[1]) & (j >= 0) & (j < x.shape[2])
# +            fine = (abs(i + 0.5) < x.shape[1]) & (abs(j + 0.5) < x.shape[2])

# %% wrong: 0 for every point outside
# says: 0 for every point outside
# -    return out
# +    inside = (points >= 0) & (points <= np.array(x.shape[1:]) - 1)
# +    return out * inside.all(axis=1)

# %% wrong: int for floor
# says: int() for floor
# -    r0, q0 = np.floor(points).astype(int).T
# +    r0, q0 = points.astype(int).T

# %% wrong: no look at the edges
# fails: test-bilinear-sample-between, test-bilinear-sample-outside, test-bilinear-sample-inputs
# because: at the last row and column, and outside, it raises an IndexError
# says: is out of bounds
# -            fine = (i >= 0) & (i < x.shape[1]) & (j >= 0) & (j < x.shape[2])
# +            fine = np.ones(len(points), bool)

# %% wrong: the points changed in place
# fails: test-bilinear-sample-inputs
# says: working in place
# -    a, b = points[:, 0] - r0, points[:, 1] - q0
# +    points -= np.stack([r0, q0], axis=1)
# +    a, b = points.T


# %% right: numbers of 32 bits, which the tests allow for
def bilinear_sample(x, points):
    out = np.zeros((len(x), len(points)), dtype=np.float32)
    for p, (r, q) in enumerate(points):
        top, left = int(np.floor(r)), int(np.floor(q))
        for i in (top, top + 1):
            for j in (left, left + 1):
                if 0 <= i < x.shape[1] and 0 <= j < x.shape[2]:
                    out[:, p] += (1 - abs(r - i)) * (1 - abs(q - j)) * x[:, i, j]
    return out
