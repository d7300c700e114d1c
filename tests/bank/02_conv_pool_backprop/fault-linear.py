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
linear_fault = "mixed images"


def linear_of_images(x, w, b):
    columns = x.reshape(x.shape[0], -1).T
    return (w.T @ columns + b[:, None]).T


# %% wrong: the fault named, and still there
# fails: test-fault-linear-mended
# says: the fault is still there: see what is in a row
# from: reshape by image
# -    return x.reshape(len(x), -1) @ w + b
# +    rows = x.reshape(-1, x.shape[0]).transpose()
# +    return rows @ w + b


# %% wrong: takes the transpose for one of the weights
# fails: test-fault-linear-name
# says: rows of w meet pixels, as they should: only whose?
linear_fault = "transposed weights"


def linear_of_images(x, w, b):
    return x.reshape(len(x), -1).dot(w) + b


# %% wrong: blames the bias
# fails: test-fault-linear-name, test-fault-linear-mended
# says: b has one number for each column, and is added to each row
linear_fault = "wrong axis"


def linear_of_images(x, w, b):
    rows = x.reshape(-1, len(x)).T
    return rows @ w + b[None, :]


# %% wrong: channels last
# fails: test-fault-linear-mended
# says: pixels in the order (H, W, C): the rows of w are ordered (C, H, W)
# from: image by image
# -    return np.stack([image.ravel() @ w + b for image in x])
# +    return np.moveaxis(x, 1, -1).reshape(len(x), -1) @ w + b


# %% wrong: a name of its own
# fails: test-fault-linear-name
# says: linear_fault is not right
# from: reshape by image
# -linear_fault = "mixed images"
# +linear_fault = "reshape mixes the images"


# %% wrong: only the name
# fails: test-fault-linear-mended
# says: linear_of_images is not written yet
# from: reshape by image
# -    return x.reshape(len(x), -1) @ w + b
# +    raise NotImplementedError()


# %% wrong: only the function
# fails: test-fault-linear-name
# says: linear_fault is not filled in yet
# from: reshape by image
# -linear_fault = "mixed images"
# +linear_fault = None


# %% wrong: everything in float64
# fails: test-fault-linear-mended
# says: wrong dtype
# from: image by image
# -    return np.stack([image.ravel() @ w + b for image in x])
# +    out = np.zeros((len(x), len(b)))
# +    for n in range(len(x)):
# +        out[n] = x[n].flatten() @ w + b
# +    return out
