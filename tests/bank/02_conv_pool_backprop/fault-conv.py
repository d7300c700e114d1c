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


# %% right: position by position, from the outputs that it enters
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    dx = []
    for position in range(len(dout) + len(w) - 1):
        outputs = [i for i in range(len(dout)) if 0 <= position - i < len(w)]
        dx.append(sum(dout[i] * w[position - i] for i in outputs))
    return np.array(dx, dtype=dout.dtype)


# %% right: sliding windows of the padded gradient
conv_fault = "not flipped"


def conv1d_backward(dout, w):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(dout, len(w) - 1), len(w))
    return windows @ np.flip(w)


# %% wrong: the fault named, and still there
# fails: test-fault-conv-mended
# says: the fault is still there
# from: np.convolve
# -    return np.convolve(dout, w)
# +    return np.correlate(np.pad(dout, len(w) - 1), w)

# %% wrong: dout turned round instead
# says: dout turned round: it is the kernel that has to be
# -    return np.convolve(dout, w)
# +    return np.convolve(dout[::-1], w)

# %% wrong: both turned round
# says: dout turned round, and the fault is still there
# -    return np.convolve(dout, w)
# +    return np.convolve(dout[::-1], w[::-1])

# %% wrong: the windows of outputs overwrite one another
# says: = where += is needed: each output adds to K inputs
# from: each output adds to its window
# -        dx[i : i + len(w)] += upstream * w
# +        dx[i : i + len(w)] = upstream * w

# %% wrong: everything in float64
# says: wrong dtype
# -    dx = np.zeros(len(dout) + len(w) - 1, dtype=dout.dtype)
# +    dx = np.zeros(len(dout) + len(w) - 1)

# %% wrong: looks for it in the padding
# fails: test-fault-conv-name
# says: K - 1 zeros at both ends, L positions: count once more
# from: np.convolve
# -conv_fault = "not flipped"
# +conv_fault = "off by one"

# %% wrong: + where there is nothing to add
# fails: test-fault-conv-name, test-fault-conv-mended
# because: the name is wrong and so is the function, which are graded apart
# says: each position is visited once, and its window is summed
# from: solution
# -    for position in range(len(dx)):
# -        dx[position] = np.sum(padded[position : position + taps] * w[::-1])
# +    for position in range(len(dx)):
# +        dx[position] += np.sum(padded[position : position + taps] * w)
# -conv_fault = "not flipped"
# +conv_fault = "lost sum"
