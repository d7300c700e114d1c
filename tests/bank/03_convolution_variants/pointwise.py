# %% right: loops in plain Python
def pointwise(x, w, b):
    N, C, H, W = x.shape
    out = np.zeros((N, len(w), H, W))
    for n in range(N):
        for f in range(len(w)):
            for i in range(H):
                for j in range(W):
                    out[n, f, i, j] = b[f]
                    for c in range(C):
                        out[n, f, i, j] += w[f, c] * x[n, c, i, j]
    return out


# %% right: through conv2d
def pointwise(x, w, b):
    return conv2d(x, w[:, :, None, None], b)


# %% right: products of matrices
def pointwise(x, w, b):
    n, c, h, width = x.shape
    return (w @ x.reshape(n, c, -1) + b[:, None]).reshape(n, -1, h, width)


# %% right: channels last and back
def pointwise(x, w, b):
    return np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1)


# %% right: tensordot
def pointwise(x, w, b):
    out = np.tensordot(w, x, axes=(1, 1))  # F N H W
    return out.swapaxes(0, 1) + b.reshape(1, -1, 1, 1)


# %% right: broadcasting, as a list
def pointwise(x, w, b):
    products = x[:, None] * w[None, :, :, None, None]
    return (products.sum(axis=2) + b[None, :, None, None]).tolist()


# %% wrong: the weights transposed
# fails: test-pointwise-map, test-pointwise-bias
# because: with other numbers of channels and filters it raises an error
# says: the weights transposed
# from: channels last and back
# -    return np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1)
# +    return np.moveaxis(np.moveaxis(x, 1, -1) @ w + b, -1, 1)

# %% wrong: a reshape that mixes channels with pixels
# fails: test-pointwise-map
# says: x.reshape(-1, C) mixes channels with pixels
# -    return np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1)
# +    n, c, h, width = x.shape
# +    return (x.reshape(-1, c) @ w.T).reshape(n, h, width, -1).transpose(0, 3, 1, 2) + b[:, None, None]

# %% wrong: a reshape for the transpose at the end
# says: reshape for transpose
# -    return np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1)
# +    out = np.moveaxis(x, 1, -1) @ w.T
# +    return out.reshape(len(x), len(w), *x.shape[2:]) + b[:, None, None]

# %% wrong: channels last
# fails: test-pointwise-map, test-pointwise-bias
# because: nothing that it returns is right
# says: channels last
# -    return np.moveaxis(np.moveaxis(x, 1, -1) @ w.T + b, -1, 1)
# +    return np.moveaxis(x, 1, -1) @ w.T + b

# %% wrong: the first channel only
# fails: test-pointwise-map
# says: the first channel only
# from: solution
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.einsum("f,nhw->nfhw", w[:, 0], x[:, 0]) + b[:, None, None]

# %% wrong: the mean over the channels
# says: the mean over the channels
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.einsum("fc,nchw->nfhw", w, x) / x.shape[1] + b[:, None, None]

# %% wrong: the first filter everywhere
# says: the first filter everywhere
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.einsum("c,nchw->nhw", w[0], x)[:, None] + b[:, None, None]

# %% wrong: a ReLU
# says: negative numbers cut off
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.maximum(np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None], 0)

# %% wrong: no bias
# fails: test-pointwise-bias
# says: the bias is left out
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.einsum("fc,nchw->nfhw", w, x)

# %% wrong: a bias for each channel
# says: a bias for each channel of the input
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.einsum("fc,nchw->nfhw", w, x) + x.shape[1] * b[:, None, None]

# %% wrong: the first bias for all
# says: the first bias for every filter
# -    return np.einsum("fc,nchw->nfhw", w, x) + b[:, None, None]
# +    return np.einsum("fc,nchw->nfhw", w, x) + b[0]


# %% wrong: the pixels put in a row in place
# fails: test-pointwise-bias
# says: working in place
def pointwise(x, w, b):
    images, channels, height, width = x.shape
    x.shape = (images, channels, height * width)
    return (w @ x + b[:, None]).reshape(images, len(w), height, width)
