# %% right: np.add.at
import numpy as np

pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros((len(dout), size), dtype=dout.dtype)
    rows = np.broadcast_to(np.arange(len(dout)).reshape(-1, 1), where.shape)
    np.add.at(dx, (rows, where), dout)
    return dx


# %% right: two loops
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros((len(dout), size), dtype=dout.dtype)
    for n in range(dout.shape[0]):
        for window in range(dout.shape[1]):
            dx[n, where[n, window]] += dout[n, window]
    return dx


# %% right: one window of all signals at a time
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros_like(dout, shape=(len(dout), size))
    signals = np.arange(len(dout))
    for window in range(dout.shape[1]):
        dx[signals, where[:, window]] += dout[:, window]
    return dx


# %% right: a one-hot matrix
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    one_hot = (where[:, :, None] == np.arange(size)).astype(dout.dtype)
    return np.einsum("nw,nws->ns", dout, one_hot)


# %% right: bincount, and the dtype again
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    rows = [np.bincount(p, d, minlength=size) for p, d in zip(where, dout)]
    return np.array(rows).astype(dout.dtype)


# %% right: position by position
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    columns = [np.where(where == position, dout, 0).sum(axis=1) for position in range(size)]
    return np.stack(columns, axis=1)


# %% wrong: the fault named, and still there
# fails: test-fault-pool-mended
# says: the fault is still there: windows that share a maximum add up
# from: np.add.at
# -    np.add.at(dx, (rows, where), dout)
# +    dx[rows, where] = dx[rows, where] + dout

# %% wrong: the first of the windows wins
# says: the fault is still there: the first of windows that share a maximum wins
# from: two loops
# -        for window in range(dout.shape[1]):
# -            dx[n, where[n, window]] += dout[n, window]
# +        for window in reversed(range(dout.shape[1])):
# +            dx[n, where[n, window]] = dout[n, window]

# %% wrong: shares divided
# says: dividing by the number of windows: gradients add up
# from: np.add.at
# -    np.add.at(dx, (rows, where), dout)
# -    return dx
# +    np.add.at(dx, (rows, where), dout)
# +    counts = np.zeros_like(dx)
# +    np.add.at(counts, (rows, where), 1)
# +    return dx / np.maximum(counts, 1)

# %% wrong: add.at without the rows
# says: each signal gets the gradients of all
# -    np.add.at(dx, (rows, where), dout)
# +    np.add.at(dx, (slice(None), where), dout)

# %% wrong: bincount, which gives float64
# says: wrong dtype
# -    np.add.at(dx, (rows, where), dout)
# -    return dx
# +    return np.stack([np.bincount(p, d, minlength=size) for p, d in zip(where, dout)])

# %% wrong: taken for a question of ties
# fails: test-fault-pool-name
# says: where holds one position for each window, ties or not
# -pool_fault = "lost sum"
# +pool_fault = "ties"

# %% wrong: the rows taken for the fault
# fails: test-fault-pool-name, test-fault-pool-mended
# because: the name is wrong and so is the function, which are graded apart
# says: each row of dout goes to the row of its own signal
# from: two loops
# -pool_fault = "lost sum"
# +pool_fault = "mixed images"
# -        for window in range(dout.shape[1]):
# -            dx[n, where[n, window]] += dout[n, window]
# +        dx[n, where[n]] += dout[n]
