# %% right: np.where
def relu_forward(x):
    return np.where(x > 0, x, np.zeros_like(x)), x


# %% right: a product with the mask
def relu_forward(x):
    return x * (x > 0), x.copy()


# %% right: a copy, then a boolean index
def relu_forward(x):
    out = np.copy(x)
    out[x < 0] = 0
    return out, x


# %% right: a loop over the entries
def relu_forward(x):
    out = np.empty_like(x)
    for index in np.ndindex(x.shape):
        out[index] = max(x[index], 0.0)
    return out, x


# %% right: the absolute value
def relu_forward(x, slope=0):
    out = (x + np.abs(x)) / 2
    return out, np.array(x)


# %% right: np.clip, a list returned
def relu_forward(x):
    return [np.clip(x, 0, None), x]


# %% wrong: the absolute value alone
# fails: test-relu-forward-values
# says: the absolute value: negative numbers become 0
# from: solution
# -    return np.maximum(x, 0), x
# +    return np.abs(x), x

# %% wrong: a leak
# says: a leak: negative numbers become 0
# -    return np.maximum(x, 0), x
# +    return np.where(x > 0, x, 0.01 * x), x

# %% wrong: negative numbers pass
# says: negative numbers pass: they become 0
# -    return np.maximum(x, 0), x
# +    return x.copy(), x

# %% wrong: cut off above 6
# says: cutting off above 1, 6 or the like
# -    return np.maximum(x, 0), x
# +    return np.clip(x, 0, 6), x

# %% wrong: for four axes
# says: four axes only
# -    return np.maximum(x, 0), x
# +    n, c, h, w = x.shape
# +    return np.maximum(x, 0).reshape(n, c, h, w), x

# %% wrong: a step
# fails: test-relu-forward-values, test-relu-backward-own-forward
# because: a step has the gradient 0
# says: 1 for positive numbers: they pass as they are
# -    return np.maximum(x, 0), x
# +    return (x > 0).astype(x.dtype), x

# %% wrong: np.minimum
# fails: test-relu-forward-values, test-relu-backward-own-forward, test-relu-dtype, test-relu-inputs
# because: nothing that it returns is right
# says: positive numbers become 0
# -    return np.maximum(x, 0), x
# +    return np.minimum(x, 0), x

# %% wrong: np.max along an axis
# says: the largest along an axis
# -    return np.maximum(x, 0), x
# +    return np.max(x, 0), x

# %% wrong: no cache
# fails: test-relu-forward-values, test-relu-backward-own-forward, test-relu-backward-zero, test-relu-dtype, test-relu-inputs
# because: without a cache there is no backward pass
# says: the result is not a pair
# -    return np.maximum(x, 0), x
# +    return np.maximum(x, 0)

# %% wrong: in place
# fails: test-relu-inputs
# says: working in place
# -    return np.maximum(x, 0), x
# +    saved = x.copy()
# +    x[x < 0] = 0
# +    return x.copy(), saved

# %% wrong: in place, and returned
# says: working in place
# -    return np.maximum(x, 0), x
# +    saved = x.copy()
# +    return np.maximum(x, 0, out=x), saved

# %% wrong: x itself where nothing is negative
# says: returning the argument, or a view of it
# -    return np.maximum(x, 0), x
# +    return x if (x >= 0).all() else np.maximum(x, 0), x

# %% wrong: float32 lost
# fails: test-relu-dtype
# says: float64
# -    return np.maximum(x, 0), x
# +    out = np.zeros(x.shape)
# +    out[x > 0] = x[x > 0]
# +    return out, x
