# %% right: the mask by np.multiply
def dropout_backward(dout, cache):
    return np.multiply(cache, dout)


# %% right: a copy that is changed in place
def dropout_forward(x, p, train, rng):
    if not train:
        return x, None
    dropped = rng.random(x.shape) < p
    out = x / (1 - p)
    out[dropped] = 0
    return out, (dropped, p)


def dropout_backward(dout, cache):
    dx = dout.copy()
    if cache is not None:
        dropped, p = cache
        dx /= 1 - p
        dx[dropped] = 0
    return dx


# %% right: train in the cache, a loop
def dropout_forward(x, p, train, rng):
    keep = rng.random(x.shape) >= p
    return (x * keep / (1 - p) if train else x), (keep, p, train)


def dropout_backward(dout, cache):
    keep, p, train = cache
    if not train:
        return dout
    dx = np.zeros(dout.shape)
    for index, kept in np.ndenumerate(keep):
        if kept:
            dx[index] = dout[index] / (1 - p)
    return dx


# %% right: a namedtuple
from collections import namedtuple

Kept = namedtuple("Kept", "mask scale")


def dropout_forward(x, p, train, rng):
    kept = Kept(rng.random(x.shape) >= p, 1 / (1 - p)) if train else Kept(np.ones(x.shape), 1)
    return kept.scale * x * kept.mask, kept


def dropout_backward(dout, cache):
    return cache.scale * dout * cache.mask


# %% right: a closure
def dropout_forward(x, p, train, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p) if train else 1.0
    return mask * x, lambda dout: mask * dout


def dropout_backward(dout, cache):
    return cache(dout)


# %% right: from the seed, drawn again
def dropout_forward(x, p, train, rng):
    seed = int(rng.integers(2**62))
    cache = (seed, p, train)
    return dropout_backward(x, cache), cache


def dropout_backward(dout, cache):
    seed, p, train = cache
    if not train:
        return dout.copy()
    return dout * (np.random.default_rng(seed).random(dout.shape) >= p) / (1 - p)


# %% wrong: the whole gradient
# fails: test-dropout-backward
# says: the whole gradient
# from: solution
# -    return dout * cache
# +    return dout.copy()

# %% wrong: no factor
# fails: test-dropout-backward
# says: the mask without the factor
# -    return dout * cache
# +    return dout * (cache != 0)

# %% wrong: the mask alone
# fails: test-dropout-backward
# says: the mask without dout
# -    return dout * cache
# +    return cache + 0 * dout

# %% wrong: the factor squared
# fails: test-dropout-backward
# says: dividing by 1 - p twice
# -    return dout * cache
# +    return dout * cache * cache

# %% wrong: the mask turned round
# fails: test-dropout-backward
# says: the mask turned round
# -    return dout * cache
# +    return dout * (np.max(cache) - cache)

# %% wrong: the factor without the mask
# fails: test-dropout-backward
# says: the factor without the mask
# -    return dout * cache
# +    return dout * np.max(cache)

# %% wrong: divided by the mask where it is not 0
# fails: test-dropout-backward
# says: multiplying by 1 - p
# -    return dout * cache
# +    safe = np.where(cache, cache, 1.0)
# +    return np.where(cache, dout / safe, 0.0)

# %% wrong: dout in place
# fails: test-dropout-backward
# says: working in place
# -    return dout * cache
# +    dout *= cache
# +    return dout

# %% wrong: a condition on dout
# fails: test-dropout-backward
# says: another mask than that of the forward pass
# -    return dout * cache
# +    return np.where(dout > 50, dout * np.max(cache), 0.0)

# %% wrong: times x
# fails: test-dropout-backward
# says: the gradient times x
def dropout_forward(x, p, train, rng):
    mask = (rng.random(x.shape) >= p) / (1 - p) if train else np.ones(x.shape)
    return x * mask, x * mask


def dropout_backward(dout, cache):
    return dout * cache


# %% wrong: a mask of its own
# fails: test-dropout-backward
# says: another mask than that of the forward pass
def dropout_forward(x, p, train, rng):
    if not train:
        return x.copy(), None
    return x * (rng.random(x.shape) >= p) / (1 - p), (p, rng)


def dropout_backward(dout, cache):
    if cache is None:
        return dout.copy()
    p, rng = cache
    return dout * (rng.random(dout.shape) >= p) / (1 - p)


# %% wrong: the mask in a global
# fails: test-dropout-backward
# says: the mask of the latest forward pass
latest = {}


def dropout_forward(x, p, train, rng):
    latest["mask"] = (rng.random(x.shape) >= p) / (1 - p) if train else np.ones(x.shape)
    return x * latest["mask"], None


def dropout_backward(dout, cache):
    return dout * latest["mask"]


# %% wrong: nothing in the cache at test time
# fails: test-dropout-backward
# says: dropout_backward raised TypeError
def dropout_forward(x, p, train, rng):
    if not train:
        return x, None
    mask = (rng.random(x.shape) >= p) / (1 - p)
    return x * mask, mask


def dropout_backward(dout, cache):
    return dout * cache


# %% wrong: the mask made of the output
# fails: test-dropout-backward
# says: the mask made of the output
def dropout_forward(x, p, train, rng):
    out = np.where(rng.random(x.shape) < p, 0.0, x / (1 - p)) if train else x.copy()
    return out, (out, p, train)


def dropout_backward(dout, cache):
    out, p, train = cache
    return np.where(out != 0, dout / (1 - p), 0.0) if train else dout.copy()
