# %% right: names of the paper, outside the functions
BT = np.array([[1.0, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
G = np.array([[1, 0, 0], [1 / 2, 1 / 2, 1 / 2], [1 / 2, -1 / 2, 1 / 2], [0, 0, 1]])
AT = np.array([[1.0, 1, 1, 0], [0, 1, -1, -1]])


def transform_filter(w):
    return G @ w @ G.T


def transform_input(tiles):
    return BT @ tiles @ BT.T


def transform_output(m):
    return AT @ m @ AT.T


# %% right: einsum
def transform_filter(w):
    g = np.array([[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]) / 2
    return np.einsum("ij,fcjk,lk->fcil", g, w, g)


def transform_input(tiles):
    b = np.array([[1, 0, 0, 0], [0, 1, -1, 1], [-1, 1, 1, 0], [0, 0, 0, -1]])
    return np.einsum("ji,...jk,kl->...il", b, tiles, b)


def transform_output(m):
    a = np.array([[1, 0], [1, 1], [1, -1], [0, -1]])
    return np.einsum("ji,...jk,kl->...il", a, m, a)


# %% right: sums of slices
def rows_of_filter(w):
    a, b, c = w[..., 0, :], w[..., 1, :], w[..., 2, :]
    return np.stack([a, (a + b + c) / 2, (a - b + c) / 2, c], axis=-2)


def transform_filter(w):
    return rows_of_filter(rows_of_filter(w).swapaxes(-1, -2)).swapaxes(-1, -2)


def rows_of_input(d):
    a, b, c, e = (d[..., i, :] for i in range(4))
    return np.stack([a - c, b + c, c - b, b - e], axis=-2)


def transform_input(tiles):
    return rows_of_input(rows_of_input(tiles).swapaxes(-1, -2)).swapaxes(-1, -2)


def rows_of_output(m):
    a, b, c, e = (m[..., i, :] for i in range(4))
    return np.stack([a + b + c, b - c - e], axis=-2)


def transform_output(m):
    return rows_of_output(rows_of_output(m).swapaxes(-1, -2)).swapaxes(-1, -2)


# %% right: one tile after the other
def each(left, blocks):
    blocks = np.asarray(blocks)
    rows = len(left)
    out = np.empty((*blocks.shape[:-2], rows, rows))
    for place in np.ndindex(blocks.shape[:-2]):
        out[place] = np.dot(np.dot(left, blocks[place]), left.T)
    return out


def transform_filter(w):
    return each(np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]), w)


def transform_input(tiles):
    return each(np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]), tiles)


def transform_output(m):
    return each(np.array([[1, 1, 1, 0], [0, 1, -1, -1]]), m)


# %% right: tensordot and moveaxis
def both_sides(matrix, blocks):
    once = np.moveaxis(np.tensordot(matrix, blocks, axes=(1, -2)), 0, -2)
    return np.tensordot(once, matrix, axes=(-1, 1))


def transform_filter(w):
    return both_sides(np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]]), w)


def transform_input(tiles):
    return both_sides(np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]]), tiles)


def transform_output(m):
    return both_sides(np.array([[1, 1, 1, 0], [0, 1, -1, -1]]), m)


# %% right: one matrix of the two, for flat tiles; lists returned
def transform_filter(w):
    g = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
    flat = w.reshape(*w.shape[:2], 9) @ np.kron(g, g).T
    return flat.reshape(*w.shape[:2], 4, 4).tolist()


def transform_input(tiles):
    b = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
    flat = tiles.reshape(*tiles.shape[:-2], 16) @ np.kron(b, b).T
    return flat.reshape(tiles.shape)


def transform_output(m):
    a = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
    return (m.reshape(*m.shape[:-2], 16) @ np.kron(a, a).T).reshape(*m.shape[:-2], 2, 2)


# %% wrong: the filter on one side only
# fails: test-transform-filter
# says: one side only
# from: solution
# -    return of_taps @ w @ of_taps.T
# +    return of_taps @ w

# %% wrong: the halves left out
# says: the halves of G left out
# -    of_taps = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
# +    of_taps = np.array([[1, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 1]])

# %% wrong: the sign in the third row left out
# says: the sign of the middle of the third row
# -    of_taps = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])
# +    of_taps = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 0.5], [0, 0, 1]])

# %% wrong: the kernel flipped
# says: the kernel flipped
# -    return of_taps @ w @ of_taps.T
# +    return of_taps @ w[:, :, ::-1, ::-1] @ of_taps.T

# %% wrong: the kernel transposed
# says: the kernel transposed
# -    return of_taps @ w @ of_taps.T
# +    return of_taps @ w.swapaxes(2, 3) @ of_taps.T

# %% wrong: the kernel changed in place
# says: working in place
# -    return of_taps @ w @ of_taps.T
# +    w *= 0.5
# +    return 2 * of_taps @ w @ of_taps.T

# %% wrong: the transform of the input on the wrong side
# fails: test-transform-input
# says: B d B.T: the transpose stands on the left
# -    return of_data @ tiles @ of_data.T
# +    return of_data.T @ tiles @ of_data

# %% wrong: no transpose on the right
# says: the right one is not transposed
# -    return of_data @ tiles @ of_data.T
# +    return of_data @ tiles @ of_data

# %% wrong: the input along one axis
# says: one side only
# -    return of_data @ tiles @ of_data.T
# +    return of_data @ tiles

# %% wrong: the sign of the last row
# says: the sign of the last row
# -    of_data = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]])
# +    of_data = np.array([[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]])

# %% wrong: tiles transposed with .T
# says: raised ValueError
# -    return of_data @ tiles @ of_data.T
# +    return (of_data @ (of_data @ tiles).T).T

# %% wrong: the output on one side only
# fails: test-transform-output
# says: one side only
# -    return back @ m @ back.T
# +    return back @ m

# %% wrong: the sign of the last column
# says: the sign of the last column
# -    back = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
# +    back = np.array([[1, 1, 1, 0], [0, 1, -1, 1]])

# %% wrong: the rows of the way back swapped
# says: the rows of A.T swapped
# -    back = np.array([[1, 1, 1, 0], [0, 1, -1, -1]])
# +    back = np.array([[0, 1, -1, -1], [1, 1, 1, 0]])

# %% wrong: the output transposed
# says: the products transposed
# -    return back @ m @ back.T
# +    return back @ m.swapaxes(-1, -2) @ back.T
