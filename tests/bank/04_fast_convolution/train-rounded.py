# %% right: both functions of 4.6, a word that is wide enough
def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    weights = np.array(w)
    for _ in range(steps):
        weights = weights - learning_rate * np.asarray(gradient(weights))
        if rng is None:
            weights = fixed_point(weights, fraction_bits, 52)
        else:
            weights = stochastic_round(weights, fraction_bits, rng)
    return weights


# %% right: rounding written out
def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    scale = 2.0**fraction_bits
    new = 1.0 * w
    for _ in range(steps):
        units = (new - learning_rate * gradient(new)) * scale
        noise = 0.5 if rng is None else rng.random(w.shape)
        new = np.floor(units + noise) / scale
    return new


# %% right: recursion
def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    if steps == 0:
        return w.copy()
    moved = w - learning_rate * gradient(w)
    if rng is None:
        moved = np.round(moved * 2**fraction_bits) / 2**fraction_bits
    else:
        moved = stochastic_round(moved, fraction_bits, rng)
    return train_rounded(moved, gradient, learning_rate, steps - 1, fraction_bits, rng)


# %% right: in place on a copy
def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    w = w.copy()
    while steps > 0:
        w -= learning_rate * gradient(w.copy())
        w[...] = (
            np.rint(w * 2**fraction_bits) / 2**fraction_bits
            if rng is None
            else stochastic_round(w, fraction_bits, rng)
        )
        steps -= 1
    return w


# %% right: a function for the rounding
def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    step = 0.5**fraction_bits

    def nearest(x):
        return step * np.rint(x / step)

    def at_random(x):
        return step * np.floor(x / step + rng.uniform(0, 1, x.shape))

    to_grid = nearest if rng is None else at_random
    result = w
    for _ in range(steps):
        result = to_grid(result - learning_rate * gradient(result))
    return result if result is not w else w.copy()


# %% right: steps counted as integers
def train_rounded(w, gradient, learning_rate, steps, fraction_bits, rng=None):
    scale = 2**fraction_bits
    units = np.rint(w * scale).astype(np.int64)
    for _ in range(steps):
        wanted = units - learning_rate * gradient(units / scale) * scale
        if rng is None:
            units = np.rint(wanted).astype(np.int64)
        else:
            units = np.floor(wanted).astype(np.int64)
            units += rng.random(w.shape) < wanted - units
    return units / scale


# %% wrong: up the gradient
# fails: test-train-rounded-nearest
# says: up the gradient
# from: solution
# -        w = w - learning_rate * gradient(w)
# +        w = w + learning_rate * gradient(w)

# %% wrong: the learning rate left out
# says: the learning rate left out
# -        w = w - learning_rate * gradient(w)
# +        w = w - gradient(w)

# %% wrong: down to the next number
# fails: test-train-rounded-nearest
# says: rounding down
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# +        w = np.floor(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)

# %% wrong: one step only
# says: one step only
# -    for _ in range(steps):
# +    for _ in range(min(steps, 1)):

# %% wrong: nearest with rng too
# fails: test-train-rounded-random
# says: rounding to the nearest
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# +        w = np.rint(w * scale) / scale

# %% wrong: down with rng
# says: always down to the next number
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# +        w = np.rint(w * scale) / scale if rng is None else np.floor(w * scale) / scale

# %% wrong: rounded at the end
# fails: test-train-rounded-nearest, test-train-rounded-grid
# because: steps that are lost add up, and weights leave the grid
# says: rounded at the end alone
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# -    return w
# +        w = w
# +    return np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)

# %% wrong: the gradient at the start
# says: the gradient at the first weights in every step
# -    for _ in range(steps):
# +    first = gradient(w) if steps else 0
# +    for _ in range(steps):
# -        w = w - learning_rate * gradient(w)
# +        w = w - learning_rate * first
# fails: test-train-rounded-nearest

# %% wrong: a word of 16 bits
# fails: test-train-rounded-grid
# says: saturating
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# +        w = fixed_point(w, fraction_bits) if rng is None else stochastic_round(w, fraction_bits, rng)

# %% wrong: w changed in place
# says: working in place
# -    w, scale = w.copy(), 2**fraction_bits
# +    scale = 2**fraction_bits
# -        w = w - learning_rate * gradient(w)
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# +        w -= learning_rate * gradient(w.copy())
# +        w[:] = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)

# %% wrong: w itself without steps
# says: return a copy
# -    w, scale = w.copy(), 2**fraction_bits
# +    scale = 2**fraction_bits

# %% wrong: nothing rounded
# fails: test-train-rounded-nearest, test-train-rounded-grid
# because: nothing is on the grid
# says: nothing is rounded
# -        w = np.rint(w * scale) / scale if rng is None else stochastic_round(w, fraction_bits, rng)
# +        w = w
