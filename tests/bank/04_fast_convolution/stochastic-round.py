# %% right: a comparison with the rest
def stochastic_round(x, fraction_bits, rng):
    steps = x * 2.0**fraction_bits
    down = np.floor(steps)
    return (down + (rng.random(x.shape) < steps - down)) / 2.0**fraction_bits


# %% right: entry by entry
def stochastic_round(x, fraction_bits, rng):
    out = np.empty(x.shape)
    for place in np.ndindex(*x.shape):
        steps = float(x[place]) * 2**fraction_bits
        down = math.floor(steps)
        out[place] = (down + (1 if rng.random() < steps - down else 0)) / 2**fraction_bits
    return out


# %% right: ceil and a number taken off
def stochastic_round(x, fraction_bits, rng):
    scale = 2**fraction_bits
    return np.ceil(x * scale - rng.uniform(size=x.shape)) / scale


# %% right: divmod and binomial
def stochastic_round(x, fraction_bits, rng):
    step = 1 / 2**fraction_bits
    down, rest = np.divmod(x / step, 1)
    return (down + rng.binomial(1, rest)) * step


# %% right: np.where, two draws
def stochastic_round(x, fraction_bits, rng):
    scale = 2.0**fraction_bits
    low = np.floor(x * scale) / scale
    high = low + 1 / scale
    rng.normal(size=3)  # how many numbers are drawn is free
    return np.where(rng.random(np.shape(x)) >= (x - low) * scale, low, high)


# %% right: nested lists
def stochastic_round(x, fraction_bits, rng):
    if x.ndim > 1:
        return [stochastic_round(row, fraction_bits, rng) for row in x]
    scale = 2**fraction_bits
    return [int(np.floor(v * scale + rng.random())) / scale for v in x]


# %% wrong: the nearest number
# fails: test-stochastic-round-mean, test-stochastic-round-draws
# because: nothing is drawn
# says: rounding to the nearest
# from: solution
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return np.rint(x * scale) / scale

# %% wrong: always down
# says: always down
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return np.floor(x * scale) / scale

# %% wrong: a coin
# fails: test-stochastic-round-mean, test-stochastic-round-grid
# because: numbers on the grid have a coin too
# says: a coin for up or down
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return (np.floor(x * scale) + rng.integers(0, 2, x.shape)) / scale

# %% wrong: the probabilities swapped
# because: numbers on the grid go up always
# says: the probabilities of up and down swapped
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    down = np.floor(x * scale)
# +    return (down + (rng.random(x.shape) > x * scale - down)) / scale

# %% wrong: towards zero
# fails: test-stochastic-round-mean
# says: negative numbers towards zero
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    down = np.trunc(x * scale)
# +    return (down + (rng.random(x.shape) < x * scale - down)) / scale

# %% wrong: negative numbers past zero
# says: past a neighbour
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    down = np.trunc(x * scale)
# +    return (down + (rng.random(x.shape) < x * scale % 1)) / scale

# %% wrong: noise after rounding
# fails: test-stochastic-round-mean, test-stochastic-round-grid
# because: nothing is on the grid
# says: noise is added before rounding
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return (np.rint(x * scale) + 0.5 * rng.random(x.shape)) / scale

# %% wrong: steps returned
# fails: test-stochastic-round-mean, test-stochastic-round-grid
# because: no result is a number of the grid
# says: steps counted
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return np.floor(x * scale + rng.random(x.shape))

# %% wrong: one number for all entries
# fails: test-stochastic-round-draws, test-stochastic-round-mean
# because: many entries that are rounded alike have no mean
# says: one number drawn for all entries
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return np.floor(x * scale + rng.random()) / scale

# %% wrong: one number for each row
# says: one number drawn for each row
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    noise = rng.random(x.shape[:1]).reshape(-1, *(1,) * (x.ndim - 1))
# +    return np.floor(x * scale + noise) / scale
# fails: test-stochastic-round-draws

# %% wrong: the error carried on
# fails: test-stochastic-round-draws, test-stochastic-round-mean
# because: how often a number goes up hangs on the one before it
# says: carrying the error on
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    steps, out, rest = (x * scale).ravel(), np.zeros(x.size), rng.random()
# +    for i, step in enumerate(steps):
# +        out[i] = np.floor(step + rest)
# +        rest += step - out[i]
# +    return out.reshape(x.shape) / scale

# %% wrong: NumPy's own generator
# fails: test-stochastic-round-draws
# says: draw from rng
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    return np.floor(x * scale + np.random.random(x.shape)) / scale

# %% wrong: a seed of its own
# says: a seed of its own
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    rng = np.random.default_rng(0)
# +    return np.floor(x * scale + rng.random(x.shape)) / scale

# %% wrong: x changed in place
# fails: test-stochastic-round-grid
# says: working in place
# -    return np.floor(x * scale + rng.random(x.shape)) / scale
# +    x *= scale
# +    return np.floor(x + rng.random(x.shape)) / scale
