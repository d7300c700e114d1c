# %% right: np.where with the reference's cache
def relu_backward(dout, cache):
    return np.where(cache > 0, dout, np.zeros_like(dout))


# %% right: the mask in a dict
def relu_forward(x):
    mask = x > 0
    return mask * x, {"mask": mask}


def relu_backward(dout, cache):
    return cache["mask"] * dout


# %% right: the output is enough, a tuple
def relu_forward(x):
    out = np.maximum(0, x)
    return out, (out.copy(),)


def relu_backward(dout, cache):
    (out,) = cache
    dx = dout.copy()
    dx[out == 0] = 0
    return dx


# %% right: a closure
def relu_forward(x):
    positive = np.sign(np.maximum(x, 0))
    return np.maximum(x, 0), lambda dout: dout * positive


def relu_backward(dout, cache):
    return cache(dout)


# %% right: a namedtuple, a loop
from collections import namedtuple

ReluCache = namedtuple("ReluCache", "x")


def relu_forward(x):
    return np.maximum(x, 0), ReluCache(x)


def relu_backward(dout, cache):
    dx = np.zeros_like(dout)
    for index, value in np.ndenumerate(cache.x):
        if value > 0:
            dx[index] = dout[index]
    return dx


# %% right: an object
class Relu:
    def forward(self, x):
        self.x = x.copy()
        return np.maximum(self.x, 0)

    def backward(self, dout):
        return np.multiply(dout, np.heaviside(self.x, 0).astype(dout.dtype))


def relu_forward(x):
    layer = Relu()
    return layer.forward(x), layer


def relu_backward(dout, cache):
    return cache.backward(dout)


# %% wrong: passes at 0
# fails: test-relu-backward-zero
# says: a gradient that passes at 0: x >= 0 for x > 0
# from: solution
# -    return dout * (cache > 0)
# +    return dout * (cache >= 0)

# %% wrong: half at 0
# says: half the gradient at 0
# -    return dout * (cache > 0)
# +    return dout * np.heaviside(cache, 0.5).astype(dout.dtype)

# %% wrong: a condition on dout
# says: a condition on dout: the sign of x decides
# -    return dout * (cache > 0)
# +    return dout * (dout > 0)

# %% wrong: the derivative alone
# says: the derivative of the ReLU alone
# -    return dout * (cache > 0)
# +    return (cache > 0).astype(dout.dtype)

# %% wrong: the gradient everywhere
# says: a gradient that passes everywhere
# -    return dout * (cache > 0)
# +    return dout.copy()

# %% wrong: times x
# says: the gradient times x
# -    return dout * (cache > 0)
# +    return dout * np.maximum(cache, 0)

# %% wrong: a leak in both passes, a true gradient of a wrong forward pass
# says: a leak: the gradient stops at negative numbers
# -    return dout * (cache > 0)
# +    return (dout * np.where(cache > 0, 1, 0.1)).astype(dout.dtype)
# +
# +
# +def relu_forward(x):
# +    return np.where(x > 0, x, 0.1 * x), x

# %% wrong: where x is negative
# fails: test-relu-backward-zero, test-relu-backward-own-forward, test-relu-dtype, test-relu-inputs
# because: nothing that it returns is right
# says: a gradient that passes where x is negative
# -    return dout * (cache > 0)
# +    return dout * (cache < 0)

# %% wrong: zeros
# says: wrong values
# -    return dout * (cache > 0)
# +    return np.zeros_like(dout)

# %% wrong: writes into dout
# fails: test-relu-inputs
# says: returning an argument, or a view of it
# -    return dout * (cache > 0)
# +    dout[cache <= 0] = 0
# +    return dout

# %% wrong: writes into dout, returns a copy
# says: working in place: copy dout first
# -    return dout * (cache > 0)
# +    dout *= cache > 0
# +    return dout.copy()

# %% wrong: writes into the cached mask
# says: working in place: the cache may be needed again
# from: the mask in a dict
# -    mask = x > 0
# -    return mask * x, {"mask": mask}
# +    mask = (x > 0).astype(x.dtype)
# +    return mask * x, {"mask": mask}
# -    return cache["mask"] * dout
# +    cache["mask"] *= dout
# +    return cache["mask"].copy()

# %% wrong: the cache is dx
# says: returning an argument, or a view of it
# -    mask = x > 0
# -    return mask * x, {"mask": mask}
# +    mask = (x > 0).astype(x.dtype)
# +    return mask * x, {"mask": mask}
# -    return cache["mask"] * dout
# +    cache["mask"] *= dout
# +    return cache["mask"]

# %% wrong: the cached x masked in place, which changes no sign
# says: working in place: the cache may be needed again
# from: solution
# -    return dout * (cache > 0)
# +    cache[cache < 0] = 0
# +    return dout * (cache > 0)

# %% wrong: the x of an object masked in place
# says: working in place: the cache may be needed again
# from: an object
# -        return np.multiply(dout, np.heaviside(self.x, 0).astype(dout.dtype))
# +        np.maximum(self.x, 0, out=self.x)
# +        return np.multiply(dout, np.heaviside(self.x, 0).astype(dout.dtype))

# %% wrong: the mask of a closure overwritten
# says: working in place: the cache may be needed again
# from: a closure
# -    return np.maximum(x, 0), lambda dout: dout * positive
# +    return np.maximum(x, 0), lambda dout: np.multiply(positive, dout, out=positive).copy()

# %% wrong: x in a global
# says: keeping the arrays in a global
# from: solution
# -    return dout * (cache > 0)
# +    return dout * (last_x > 0)
# +
# +
# +def relu_forward(x):
# +    global last_x
# +    last_x = x
# +    return np.maximum(x, 0), 0

# %% wrong: an attribute of the function
# says: keeping the arrays in a global
# -    return dout * (cache > 0)
# +    return dout * relu_forward.mask
# +
# +
# +def relu_forward(x):
# +    relu_forward.mask = x > 0
# +    return np.maximum(x, 0), "see relu_forward.mask"

# %% wrong: float32 lost
# fails: test-relu-dtype
# says: float64
# -    return dout * (cache > 0)
# +    dx = np.zeros(dout.shape)
# +    dx[cache > 0] = dout[cache > 0]
# +    return dx
