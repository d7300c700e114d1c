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


# %% wrong: the fault named, and still there
# fails: test-fault-pool-mended
# says: the fault is still there
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros((len(dout), size), dtype=dout.dtype)
    rows = np.arange(len(dout)).reshape(-1, 1)
    dx[rows, where] = dx[rows, where] + dout
    return dx


# %% wrong: taken for a question of ties
# fails: test-fault-pool-name
# says: where holds one position for each window, ties or not
pool_fault = "ties"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros((len(dout), size), dtype=dout.dtype)
    np.add.at(dx, (np.arange(len(dout))[:, None], where), dout)
    return dx


# %% wrong: the rows taken for the fault
# fails: test-fault-pool-name, test-fault-pool-mended
# says: each row of dout goes to the row of its own signal
pool_fault = "mixed images"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros((len(dout), size), dtype=dout.dtype)
    for n in range(len(dout)):
        dx[n, where[n]] += dout[n]
    return dx


# %% wrong: shares divided
# fails: test-fault-pool-mended
# says: dividing by the number of windows: gradients add up
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    dx = np.zeros((len(dout), size), dtype=dout.dtype)
    counts = np.zeros((len(dout), size), dtype=dout.dtype)
    rows = np.arange(len(dout))[:, None]
    np.add.at(dx, (rows, where), dout)
    np.add.at(counts, (rows, where), 1)
    return dx / np.maximum(counts, 1)


# %% wrong: add.at without the rows
# fails: test-fault-pool-mended
# says: each signal gets the gradients of all
# from: two loops
# -    for n in range(dout.shape[0]):
# -        for window in range(dout.shape[1]):
# -            dx[n, where[n, window]] += dout[n, window]
# +    np.add.at(dx, (slice(None), where), dout)


# %% wrong: bincount, which gives float64
# fails: test-fault-pool-mended
# says: wrong dtype
pool_fault = "lost sum"


def maxpool1d_backward(dout, where, size):
    return np.stack([np.bincount(p, d, minlength=size) for p, d in zip(where, dout)])
