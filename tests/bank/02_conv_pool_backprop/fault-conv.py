# %% right: the kernel turned round
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    taps = len(w)
    padded = np.pad(dout, taps - 1)
    dx = np.zeros(len(dout) + taps - 1, dtype=dout.dtype)
    for position in range(len(dx)):
        dx[position] = np.sum(padded[position : position + taps] * w[::-1])
    return dx


# %% right: np.convolve
import numpy as np

conv_fault = "not flipped"


def conv1d_backward(dout, w):
    return np.convolve(dout, w)


# %% right: each output adds to its window
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    dx = np.zeros(len(dout) + len(w) - 1, dtype=dout.dtype)
    for i, upstream in enumerate(dout):
        dx[i : i + len(w)] += upstream * w
    return dx


# %% right: the transposed matrix of the forward pass
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    matrix = np.zeros((len(dout), len(dout) + len(w) - 1), dtype=w.dtype)
    for row in range(len(dout)):
        matrix[row, row : row + len(w)] = w
    return matrix.T @ dout


# %% wrong: the fault named, and still there
# fails: test-fault-conv-mended
# says: the fault is still there
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    return np.correlate(np.pad(dout, len(w) - 1), w)


# %% wrong: looks for it in the padding
# fails: test-fault-conv-name
# says: K - 1 zeros at both ends, L positions: count once more
conv_fault = "off by one"


def conv1d_backward(dout, w):
    return np.convolve(dout, w, "full")


# %% wrong: + where there is nothing to add
# fails: test-fault-conv-name, test-fault-conv-mended
# says: each position is visited once, and its window is summed
# from: the kernel turned round
# -conv_fault = "not flipped"
# +conv_fault = "lost sum"
# -        dx[position] = np.sum(padded[position : position + taps] * w[::-1])
# +        dx[position] += np.sum(padded[position : position + taps] * w)


# %% wrong: dout turned round instead
# fails: test-fault-conv-mended
# says: dout turned round: it is the kernel that has to be
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    return np.convolve(dout[::-1], w)


# %% wrong: the windows of outputs overwrite one another
# fails: test-fault-conv-mended
# says: = where += is needed: each output adds to K inputs
# from: each output adds to its window
# -    for i, upstream in enumerate(dout):
# -        dx[i : i + len(w)] += upstream * w
# +    for i in range(len(dout)):
# +        dx[i : i + len(w)] = dout[i] * w


# %% wrong: both turned round
# fails: test-fault-conv-mended
# says: the fault is still there
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    return np.convolve(dout[::-1], w[::-1])
