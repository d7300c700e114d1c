# %% right: np.where
def dropout_forward(x, p, train, rng):
    if train:
        keep = rng.random(size=x.shape) > p
        return np.where(keep, x / (1 - p), 0.0), np.where(keep, 1 / (1 - p), 0.0)
    return x, np.ones(x.shape)


# %% right: rng.binomial
def dropout_forward(x, p, train, rng):
    mask = np.ones_like(x)
    if train:
        mask = rng.binomial(1, 1 - p, x.shape) / (1 - p)
    return x * mask, mask


# %% right: rng.choice, a copy changed in place
def dropout_forward(x, p, train, rng):
    out = x.copy()
    if not train:
        return out, 1.0
    mask = rng.choice([0.0, 1.0], size=x.shape, p=[p, 1 - p])
    mask /= 1 - p
    out *= mask
    return out, mask


# %% right: a loop with one number at a time
def dropout_forward(x, p, train, rng):
    mask = np.ones(x.shape)
    for index in np.ndindex(x.shape):
        if train:
            mask[index] = 0.0 if rng.random() < p else 1 / (1 - p)
    return mask * x, mask


# %% right: uniform, a list for the pair
def dropout_forward(x, p, train, rng):
    mask = np.floor(rng.uniform(1 - p, 2 - p, x.shape)) / (1 - p) if train else np.ones(x.shape)
    return [x * mask, mask]


# %% right: an object, whole numbers from rng.bytes
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.mask = p, rng, None

    def forward(self, x, train):
        if not train or self.p == 0:
            self.mask = np.ones_like(x)
        else:
            drawn = np.frombuffer(self.rng.bytes(8 * x.size), np.uint64).reshape(x.shape)
            self.mask = (drawn >= self.p * 2.0**64) / (1 - self.p)
        return x * self.mask


def dropout_forward(x, p, train, rng):
    layer = Dropout(p, rng)
    return layer.forward(x, train), layer.mask


# %% wrong: p is the probability of keeping
# fails: test-dropout-zeros
# says: keeping with probability p
# from: solution
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape) < p) / p

# %% wrong: the comparison turned round
# fails: test-dropout-zeros, test-dropout-scale
# because: it drops with one probability and divides by that of the other
# says: keeping with probability p
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape) < p) / (1 - p)

# %% wrong: no division
# fails: test-dropout-scale
# says: no division
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape) >= p) * 1.0

# %% wrong: scaled at test time instead
# fails: test-dropout-scale
# says: no division
# -        return x.copy(), 1.0
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +        return x * (1 - p), 1 - p
# +    mask = (rng.random(x.shape) >= p) * 1.0

# %% wrong: divided by p
# fails: test-dropout-scale
# says: dividing by p
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape) >= p) / max(p, 1e-12)

# %% wrong: multiplied by 1 - p
# fails: test-dropout-scale
# says: multiplying by 1 - p
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape) >= p) * (1 - p)

# %% wrong: divided twice
# fails: test-dropout-scale
# says: dividing by 1 - p twice
# -    return x * mask, mask
# +    return x * mask / (1 - p), mask / (1 - p)

# %% wrong: divided by what happens to be left
# fails: test-dropout-scale
# says: dividing by the share that happens to be left
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = rng.random(x.shape) >= p
# +    mask = mask / max(mask.mean(), 1e-12)

# %% wrong: one mask for all examples
# fails: test-dropout-zeros
# says: one mask for all examples
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape[1:]) >= p) / (1 - p) + 0 * x

# %% wrong: whole examples
# fails: test-dropout-zeros
# says: one decision for a whole example
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random((len(x),) + (1,) * (x.ndim - 1)) >= p) / (1 - p) + 0 * x

# %% wrong: exactly a share p
# fails: test-dropout-zeros
# says: choosing so many entries
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.permutation(x.size).reshape(x.shape) >= round(p * x.size)) / (1 - p)

# %% wrong: a global generator
# fails: test-dropout-zeros
# says: another source of random numbers
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (np.random.rand(*x.shape) >= p) / (1 - p)

# %% wrong: a seed of its own
# fails: test-dropout-zeros
# says: a generator of its own
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (np.random.default_rng(0).random(x.shape) >= p) / (1 - p)

# %% wrong: a copy of the generator
# fails: test-dropout-zeros
# says: drawing from a copy of rng
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    import copy
# +
# +    mask = (copy.deepcopy(rng).random(x.shape) >= p) / (1 - p)

# %% wrong: normal numbers
# fails: test-dropout-zeros
# says: wrong share of zeros
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.standard_normal(x.shape) >= p) / (1 - p)

# %% wrong: always a half
# fails: test-dropout-zeros
# says: a half of the entries
# -    mask = (rng.random(x.shape) >= p) / (1 - p)
# +    mask = (rng.random(x.shape) >= (0.5 if p else 0)) / (1 - p)

# %% wrong: drops at test time
# fails: test-dropout-test-time
# says: dropping at test time too
# -    if not train:
# +    if False:

# %% wrong: scales at test time
# fails: test-dropout-test-time
# says: times 1 - p at test time
# -        return x.copy(), 1.0
# +        return x * (1 - p), 1 - p

# %% wrong: divides at test time
# fails: test-dropout-test-time
# says: dividing at test time too
# -        return x.copy(), 1.0
# +        return x / (1 - p), 1 / (1 - p)

# %% wrong: train turned round
# fails: test-dropout-zeros, test-dropout-test-time, test-dropout-backward, test-dropout-scale
# because: it drops at test time only
# says: nothing is dropped
# -    if not train:
# +    if train:

# %% wrong: x in place
# fails: test-dropout-test-time
# says: working in place
# -    return x * mask, mask
# +    x *= mask
# +    return x, mask

# %% wrong: zeroes x in place
# fails: test-dropout-test-time
# says: working in place
# -    return x * mask, mask
# +    x[mask == 0] = 0
# +    return x / (1 - p), mask
