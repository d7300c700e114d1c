# %% right: in place with ndindex, the old value written back
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        grad[index] = (above - below) / (2 * h)
    return grad


# %% right: nditer with a multi_index
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        i = it.multi_index
        keep = x[i].copy()
        x[i] = keep + h
        fp = f(x)
        x[i] = keep - h
        fm = f(x)
        x[i] = keep
        grad[i] = (fp - fm) / (2.0 * h)
        it.iternext()
    return grad


# %% right: one-hot steps, a list comprehension
def numerical_gradient(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape((x.size,) + x.shape)
    return np.array([f(x + e) - f(x - e) for e in steps]).reshape(x.shape) / 2 / h


# %% right: a flat copy, reshaped for each call
def numerical_gradient(f, x, h=1e-5):
    flat = x.flatten()
    slopes = []
    for i, old in enumerate(flat.tolist()):
        flat[i] = old + h
        above = f(flat.reshape(x.shape))
        flat[i] = old - h
        slopes.append((above - f(flat.reshape(x.shape))) / (h + h))
        flat[i] = old
    return np.asarray(slopes).reshape(x.shape)


# %% right: a helper for one partial derivative, and map
def partial_derivative(f, x, index, h):
    def moved(by):
        y = np.array(x, copy=True)
        y[index] = y[index] + by
        return f(y)

    return (moved(+h) - moved(-h)) / (2 * h)


def numerical_gradient(f, x, h=1e-5):
    indices = list(np.ndindex(*x.shape))
    result = np.fromiter((partial_derivative(f, x, i, h) for i in indices), float)
    return result.reshape(x.shape)


# %% right: x.flat in place, in a try and finally
def numerical_gradient(f, x, h=1e-5):
    gradient = np.empty_like(x)
    for i in range(x.size):
        was = x.flat[i]
        values = {}
        try:
            for sign in (1, -1):
                x.flat[i] = was + sign * h
                values[sign] = f(x)
        finally:
            x.flat[i] = was
        gradient.flat[i] = 0.5 * (values[1] - values[-1]) / h
    return gradient


# %% right: a saved copy written back at the end
def numerical_gradient(f, x, h=1e-5):
    saved = x.copy()
    gradient = np.zeros(x.shape, dtype=np.float64)
    for index, value in np.ndenumerate(saved):
        x[index] = value + h
        gradient[index] += f(x)
        x[index] = value - h
        gradient[index] -= f(x)
        x[index] = value
    x[...] = saved
    return gradient / (2 * h)


# %% right: an object that can be called
class NumericalGradient:
    def __init__(self, divisor=2):
        self.divisor = divisor

    def __call__(self, f, x, h=1e-5, progress=None):
        out = np.zeros_like(x)
        step = np.zeros_like(x)
        for index in np.ndindex(x.shape):
            step[index] = h
            out[index] = (f(x + step) - f(x - step)) / (self.divisor * h)
            step[index] = 0.0
        return out


numerical_gradient = NumericalGradient()


# %% wrong: one-sided, forward
# fails: test-numerical-gradient-centred
# says: a one-sided difference: move the entry down as well as up
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    here = f(x)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] += h
        gradient[index] = (f(moved) - here) / h
    return gradient


# %% wrong: one-sided, backward
# fails: test-numerical-gradient-centred
# says: a one-sided difference: move the entry up as well as down
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    here = f(x)
    for index in np.ndindex(x.shape):
        moved = x.copy()
        moved[index] -= h
        gradient[index] = (here - f(moved)) / h
    return gradient


# %% wrong: divides by h
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: dividing by h: from x - h to x + h the distance is 2 * h
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / h
    return gradient


# %% wrong: divides by 2 and then multiplies by h
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: not dividing by 2 * h
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = f(up) - f(down)
    return gradient


# %% wrong: the h of the call is ignored
# fails: test-numerical-gradient-centred
# says: a fixed h: use the argument
def numerical_gradient(f, x, h=1e-5):
    h = 1e-5
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


# %% wrong: half steps
# fails: test-numerical-gradient-centred
# says: steps of h / 2 to each side
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h / 2
        down[index] -= h / 2
        gradient[index] = (f(up) - f(down)) / h
    return gradient


# %% wrong: all the entries moved at once
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: moving all the entries at once
def numerical_gradient(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h) * np.ones_like(x)


# %% wrong: moves rows
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: moving a whole row at once
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i in range(x.shape[0]):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        gradient[i] = (f(up) - f(down)) / (2 * h)
    return gradient


# %% wrong: the entry is not put back
# fails: test-numerical-gradient-values, test-numerical-gradient-restores
# says: an entry is not put back before the next one is moved
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        gradient[index] = (above - f(x)) / (2 * h)
    return gradient


# %% wrong: adds h back, which is not exact
# fails: test-numerical-gradient-restores
# says: working in place: copy the argument first
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        below = f(x)
        x[index] += h
        gradient[index] = (above - below) / (2 * h)
    return gradient


# %% wrong: forgets that the saved array is the array
# fails: test-numerical-gradient-values, test-numerical-gradient-restores
# says: an entry is not put back before the next one is moved
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        saved = x
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        gradient[index] = (above - f(x)) / (2 * h)
        x = saved
    return gradient


# %% wrong: for matrices only
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: not enough values to unpack
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    rows, columns = x.shape
    for i in range(rows):
        for j in range(columns):
            up, down = x.copy(), x.copy()
            up[i, j] += h
            down[i, j] -= h
            gradient[i, j] = (f(up) - f(down)) / (2 * h)
    return gradient


# %% wrong: the step grows with the entry
# fails: test-numerical-gradient-centred
# says: a step that grows with the entry
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = h * max(1.0, abs(x[index]))
        up, down = x.copy(), x.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (f(up) - f(down)) / (2 * step)
    return gradient


# %% wrong: another default
# fails: test-numerical-gradient-centred
# says: another default for h: it is 1e-5
def numerical_gradient(f, x, h=1e-6):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


# %% wrong: returns a flat gradient
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: got is expected in another shape
def numerical_gradient(f, x, h=1e-5):
    gradient = []
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient.append((f(up) - f(down)) / (2 * h))
    return np.array(gradient)


# %% wrong: float32 inside
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: float32
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape, dtype=np.float32)
    for index in np.ndindex(x.shape):
        up, down = x.astype(np.float32), x.astype(np.float32)
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


# %% wrong: prints instead of returning
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# says: nothing was returned
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    print(gradient)


# %% wrong: the result overwrites x
# fails: test-numerical-gradient-restores
# says: working in place: copy the argument first
def numerical_gradient(f, x, h=1e-5):
    values = []
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        values.append((f(up) - f(down)) / (2 * h))
    x[...] = np.reshape(values, x.shape)
    return x
