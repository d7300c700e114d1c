# %% right: np.round, minimum and maximum
def fixed_point(x, fraction_bits, word_bits=16):
    step = 0.5**fraction_bits
    low, high = -(2 ** (word_bits - 1)), 2 ** (word_bits - 1) - 1
    return (np.minimum(np.maximum(np.round(x / step), low), high) * step).astype(x.dtype)


# %% right: entry by entry, Python's own round
def fixed_point(x, fraction_bits, word_bits=16):
    out = np.empty(x.shape, x.dtype)
    for place in np.ndindex(x.shape):
        steps = round(float(x[place]) * 2**fraction_bits)
        steps = max(-(2 ** (word_bits - 1)), min(2 ** (word_bits - 1) - 1, steps))
        out[place] = steps / 2**fraction_bits
    return out


# %% right: clipped first, between numbers of the grid
def fixed_point(x, fraction_bits, word_bits=16):
    scale = np.array(2.0**fraction_bits, x.dtype)
    low = -(2.0 ** (word_bits - 1 - fraction_bits))
    high = (2 ** (word_bits - 1) - 1) / 2**fraction_bits
    return np.rint(np.clip(x, low, high).astype(x.dtype) * scale) / scale


# %% right: np.ldexp
def fixed_point(x, fraction_bits, word_bits=16):
    half = 1 << (word_bits - 1)
    steps = np.rint(np.ldexp(x, fraction_bits)).clip(-half, half - 1)
    return np.ldexp(steps, -fraction_bits).astype(x.dtype)


# %% right: np.where, and halves by hand
def fixed_point(x, fraction_bits, word_bits=16):
    scaled = x.astype(np.float64) * 2**fraction_bits
    down = np.floor(scaled)
    rest = scaled - down
    up = (rest > 0.5) | ((rest == 0.5) & (down % 2 == 1))
    steps = np.where(up, down + 1, down)
    most = 2 ** (word_bits - 1) - 1
    steps = np.where(steps > most, most, np.where(steps < -most - 1, -most - 1, steps))
    return (steps / 2**fraction_bits).astype(x.dtype)


# %% right: in place on a copy
def fixed_point(x, fraction_bits, word_bits=16):
    out = np.array(x, dtype=float)
    out *= 2.0**fraction_bits
    np.rint(out, out=out)
    np.clip(out, -(2.0 ** (word_bits - 1)), 2.0 ** (word_bits - 1) - 1, out=out)
    out *= 2.0**-fraction_bits
    return out.astype(x.dtype)


# %% wrong: rounded down
# fails: test-fixed-point-nearest
# says: rounding down: np.floor
# from: solution
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.clip(np.floor(x * scale), -most, most - 1)

# %% wrong: cut off
# says: cutting off
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.clip((x * scale).astype(int), -most, most - 1)

# %% wrong: halves upwards
# says: halves upwards
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.clip(np.floor(x * scale + 0.5), -most, most - 1)

# %% wrong: halves away from zero
# says: halves away from zero
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.clip(np.sign(x) * np.floor(np.abs(x) * scale + 0.5), -most, most - 1)

# %% wrong: decimals
# fails: test-fixed-point-nearest, test-fixed-point-range, test-fixed-point-dtype
# because: nothing saturates, and decimals of float32 lose its last bits
# says: decimals
# -    return (steps / scale).astype(x.dtype)
# +    return np.round(x, fraction_bits)

# %% wrong: the number of steps
# fails: test-fixed-point-nearest, test-fixed-point-range, test-fixed-point-dtype
# because: nothing that it returns is right, but with no fraction bits
# says: the number of steps
# -    return (steps / scale).astype(x.dtype)
# +    return steps.astype(x.dtype)

# %% wrong: nothing saturates
# fails: test-fixed-point-range
# says: nothing saturates
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.rint(x * scale)

# %% wrong: one step too many at the top
# says: one step too many at the top
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.clip(np.rint(x * scale), -most, most)

# %% wrong: one step too few at the bottom
# says: one step too few at the bottom
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.clip(np.rint(x * scale), 1 - most, most - 1)

# %% wrong: no bit for the sign
# says: no bit for the sign
# -    scale, most = 2**fraction_bits, 2 ** (word_bits - 1)
# +    scale, most = 2**fraction_bits, 2**word_bits

# %% wrong: wrapped round
# says: wrapping round
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = (np.rint(x * scale) + most) % (2 * most) - most

# %% wrong: the range in whole numbers
# says: the range in whole numbers
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    steps = np.rint(np.clip(x, -most, most - 1) * scale)

# %% wrong: words of 16 bits
# says: words of 16 bits
# -    scale, most = 2**fraction_bits, 2 ** (word_bits - 1)
# +    scale, most = 2**fraction_bits, 2**15

# %% wrong: float64 out
# fails: test-fixed-point-dtype
# says: wrong dtype
# -    return (steps / scale).astype(x.dtype)
# +    return (steps / scale).astype(float)

# %% wrong: x changed in place
# says: working in place
# -    steps = np.clip(np.rint(x * scale), -most, most - 1)
# +    x *= scale
# +    steps = np.clip(np.rint(x), -most, most - 1)


# %% wrong: made integers before they are cut off
# fails: test-fixed-point-range
# says: made integers before they are cut off
def fixed_point(x, fraction_bits, word_bits=16):
    most = 2 ** (word_bits - 1)
    with np.errstate(invalid="ignore"):
        steps = np.rint(x * 2**fraction_bits).astype(np.int64)
    return (np.clip(steps, -most, most - 1) / 2**fraction_bits).astype(x.dtype)


# %% wrong: float32 inside
# fails: test-fixed-point-range
# says: numbers of 32 bits
def fixed_point(x, fraction_bits, word_bits=16):
    step, most = 2.0**-fraction_bits, 2.0 ** (word_bits - 1)
    steps = np.rint(np.asarray(x, np.float32) / np.float32(step))
    return (np.clip(steps, -most, most - 1) * np.float32(step)).astype(x.dtype)
