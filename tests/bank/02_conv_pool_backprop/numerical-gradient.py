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
# from: solution
# -        moved[index] = x[index] - h
# -        below = f(moved)
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = (above - f(x)) / h

# %% wrong: one-sided, backward
# says: a one-sided difference: move the entry up as well as down
# -        moved[index] = x[index] + h
# -        above = f(moved)
# +        above = f(x)
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = (above - below) / h

# %% wrong: the h of the call is ignored
# says: a fixed h: use the argument
# -    gradient = np.zeros_like(x)
# +    gradient, h = np.zeros_like(x), 1e-5

# %% wrong: half steps
# says: steps of h / 2 to each side
# -        moved[index] = x[index] + h
# +        moved[index] = x[index] + h / 2
# -        moved[index] = x[index] - h
# +        moved[index] = x[index] - h / 2
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = (above - below) / h

# %% wrong: the step grows with the entry
# says: a step that grows with the entry
# -        moved[index] = x[index] + h
# +        step = h * max(1.0, abs(x[index]))
# +        moved[index] = x[index] + step
# -        moved[index] = x[index] - h
# +        moved[index] = x[index] - step
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = (above - below) / (2 * step)

# %% wrong: another default
# says: another default for h: it is 1e-5
# -def numerical_gradient(f, x, h=1e-5):
# +def numerical_gradient(f, x, h=1e-6):

# %% wrong: divides by h
# fails: test-numerical-gradient-values
# says: dividing by h: from x - h to x + h the distance is 2 * h
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = (above - below) / h

# %% wrong: divides by 2 and then multiplies by h
# says: dividing by 2 and multiplying by h
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = (above - below) / 2 * h

# %% wrong: does not divide
# says: not dividing by 2 * h
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = above - below

# %% wrong: all the entries moved at once
# says: moving all the entries at once
# -        moved[index] = x[index] + h
# +        moved = x + h
# -        moved[index] = x[index] - h
# +        moved = x - h

# %% wrong: moves rows
# says: moving a whole row at once
# -        moved[index] = x[index] + h
# +        moved[index[0]] = x[index[0]] + h
# -        moved[index] = x[index] - h
# +        moved[index[0]] = x[index[0]] - h

# %% wrong: the entry of a copy is not put back
# says: an entry is not put back before the next one is moved
# -    gradient = np.zeros_like(x)
# +    gradient, moved = np.zeros_like(x), x.copy()
# -        moved = x.copy()

# %% wrong: for matrices only
# says: two axes taken for granted: x may have any number of them
# -    for index in np.ndindex(x.shape):
# +    rows, columns = x.shape
# +    for index in np.ndindex(rows, columns):

# %% wrong: float32 inside
# says: float32 inside
# -    gradient = np.zeros_like(x)
# +    x = x.astype(np.float32)
# +    gradient = np.zeros_like(x)

# %% wrong: float32 only at the end
# says: float32
# -    return gradient
# +    return gradient.astype(np.float32)

# %% wrong: returns a flat gradient
# fails: test-numerical-gradient-values, test-numerical-gradient-centred
# because: nothing that it returns has the shape of x, unless x has one axis
# says: a list of slopes: the gradient has the shape of x
# -    return gradient
# +    return gradient.ravel()

# %% wrong: prints instead of returning
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# because: nothing that it returns is right
# says: printing the gradient
# -    return gradient
# +    print(gradient)

# %% wrong: zeros whatever f is
# says: 0
# -        gradient[index] = (above - below) / (2 * h)
# +        gradient[index] = 0.0

# %% wrong: the entry is not put back
# fails: test-numerical-gradient-restores
# says: working in place: copy the argument first
# from: in place with ndindex, the old value written back
# -        x[index] = old
# +        # moved down again

# %% wrong: adds h back, which is not exact
# says: adding a number and taking it off again, which rounds
# -        x[index] = old + h
# +        x[index] += h
# -        x[index] = old - h
# +        x[index] -= 2 * h
# -        x[index] = old
# +        x[index] += h

# %% wrong: adds h back to the old value less h
# says: adding a number and taking it off again, which rounds
# -        x[index] = old
# +        x[index] += h

# %% wrong: forgets that the saved array is the array
# says: working in place: copy the argument first
# -        old = x[index]
# -        x[index] = old + h
# +        saved, old = x, x[index]
# +        x[index] = old + h
# -        x[index] = old
# +        x = saved

# %% wrong: the result overwrites x
# says: working in place: copy the argument first
# from: solution
# -    return gradient
# +    x[...] = gradient
# +    return x

# %% wrong: a second name for x instead of a copy
# fails: test-numerical-gradient-values, test-numerical-gradient-centred, test-numerical-gradient-restores
# because: half of a one-sided difference, and x does not get back its last bit
# says: x itself is moved: `moved = x` is the same array
# from: solution
# -        moved = x.copy()
# +        moved = x

# %% wrong: two second names for x
# because: x is moved up and down before f sees it
# says: both are x itself: `up = x` and `down = x` are one array
# -        moved = x.copy()
# -        moved[index] = x[index] + h
# -        above = f(moved)
# -        moved[index] = x[index] - h
# -        below = f(moved)
# -        gradient[index] = (above - below) / (2 * h)
# +        up, down = x, x
# +        up[index] += h
# +        down[index] -= h
# +        gradient[index] = (f(up) - f(down)) / (2 * h)
