# %% right: reshape by image
linear_fault = "mixed images"


def linear_of_images(x, w, b):
    return x.reshape(len(x), -1) @ w + b


# %% right: image by image
import numpy as np

linear_fault = "mixed images"


def linear_of_images(x, w, b):
    return np.stack([image.ravel() @ w + b for image in x])


# %% right: tensordot, keeping the axes apart
def linear_of_images(x, w, b):
    n, c, h, width = x.shape
    return np.tensordot(x, w.reshape(c, h, width, -1), axes=([1, 2, 3], [0, 1, 2])) + b


linear_fault = str("mixed images")


# %% right: columns, then transposed
# from: reshape by image
# -    return x.reshape(len(x), -1) @ w + b
# +    columns = x.reshape(x.shape[0], -1).T
# +    return (w.T @ columns + b[:, None]).T

# %% right: einsum over the axes
# -    return x.reshape(len(x), -1) @ w + b
# +    return np.einsum("nchw,chwd->nd", x, w.reshape(x.shape[1:] + b.shape)) + b


# %% right: pixel by pixel
linear_fault = "mixed images"


def linear_of_images(x, w, b):
    out = np.zeros((len(x), len(b)), dtype=x.dtype)
    for n in range(len(x)):
        out[n] = b
        for pixel, weights in zip(x[n].flat, w):
            out[n] += pixel * weights
    return out


# %% wrong: the fault named, and still there
# fails: test-fault-linear-mended
# says: the fault is still there: see what is in a row
# -    return x.reshape(len(x), -1) @ w + b
# +    return x.reshape(-1, len(x)).T @ w + b

# %% wrong: channels last
# says: pixels in the order (H, W, C): the rows of w are ordered (C, H, W)
# -    return x.reshape(len(x), -1) @ w + b
# +    return np.moveaxis(x, 1, -1).reshape(len(x), -1) @ w + b

# %% wrong: pixels column by column
# says: pixels column by column: the rows of w are ordered (C, H, W)
# -    return x.reshape(len(x), -1) @ w + b
# +    return x.swapaxes(2, 3).reshape(len(x), -1) @ w + b

# %% wrong: only the name
# says: linear_of_images is not written yet
# -    return x.reshape(len(x), -1) @ w + b
# +    raise NotImplementedError()

# %% wrong: everything in float64
# says: wrong dtype
# -    return x.reshape(len(x), -1) @ w + b
# +    out = np.zeros((len(x), len(b)))
# +    out[:] = x.reshape(len(x), -1) @ w + b
# +    return out

# %% wrong: takes the transpose for one of the weights
# fails: test-fault-linear-name
# says: rows of w meet pixels, as they should: only whose?
# -linear_fault = "mixed images"
# +linear_fault = "transposed weights"

# %% wrong: a name of its own
# says: linear_fault is not a name from the list
# -linear_fault = "mixed images"
# +linear_fault = "reshape mixes the images"

# %% wrong: only the function
# says: linear_fault is not filled in yet
# -linear_fault = "mixed images"
# +linear_fault = None

# %% wrong: blames the bias
# fails: test-fault-linear-name, test-fault-linear-mended
# because: the name is wrong and so is the function, which are graded apart
# says: b has one number for each column, and is added to each row
# -linear_fault = "mixed images"
# +linear_fault = "wrong axis"
# -    return x.reshape(len(x), -1) @ w + b
# +    return x.reshape(-1, len(x)).T @ w + b[None, :]
