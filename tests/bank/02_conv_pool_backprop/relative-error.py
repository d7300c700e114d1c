# %% right: maximum and max
def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


# %% right: a loop over pairs of numbers
def relative_error(a, b):
    worst = 0.0
    for p, q in zip(a.flatten().tolist(), b.flatten().tolist()):
        worst = max(worst, abs(p - q) / max(1e-8, abs(p) + abs(q)))
    return worst


# %% right: clip
def relative_error(a, b):
    total = np.clip(np.absolute(a) + np.absolute(b), 1e-8, None)
    return float(np.amax(np.absolute(np.subtract(a, b)) / total))


# %% right: a mask for small sums
def relative_error(a, b):
    size = abs(a) + abs(b)
    size[size < 1e-8] = 1e-8
    quotient = abs(b - a) / size
    return quotient.max()


# %% right: where, nditer
def relative_error(a, b):
    errors = []
    for p, q in np.nditer([a, b]):
        size = float(abs(p)) + float(abs(q))
        errors.append(float(abs(p - q)) / (size if size > 1e-8 else 1e-8))
    return sorted(errors)[-1]


# %% right: a lambda, NumPy's infinity norm
relative_error = lambda a, b: float(
    np.linalg.norm(((a - b) / np.fmax(np.abs(a) + np.abs(b), 1e-8)).ravel(), np.inf)
)


# %% wrong: no absolute value of the difference
# fails: test-relative-error-formula
# says: no absolute value of the difference
# from: maximum and max
# -    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
# +    return np.max((a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))

# %% wrong: the absolute value of the sum
# says: |a| + |b|, not |a + b|
# from: solution
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# +    size = np.maximum(1e-8, np.abs(a + b))

# %% wrong: divides after the maximum
# says: the largest difference over the largest sum
# -    return float(np.max(np.abs(a - b) / size))
# +    return float(np.max(np.abs(a - b)) / np.max(size))

# %% wrong: the mean
# says: the mean of the quotients
# -    return float(np.max(np.abs(a - b) / size))
# +    return float(np.mean(np.abs(a - b) / size))

# %% wrong: norms
# says: a quotient of norms
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# -    return float(np.max(np.abs(a - b) / size))
# +    size = max(1e-8, np.linalg.norm(a) + np.linalg.norm(b))
# +    return np.linalg.norm(a - b) / size

# %% wrong: divides by the larger one
# says: dividing by one of the two, or the larger
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# +    size = np.maximum(1e-8, np.maximum(np.abs(a), np.abs(b)))

# %% wrong: divides by the second
# says: dividing by one of the two, or the larger
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# +    size = np.maximum(1e-8, np.abs(b))

# %% wrong: an array of maxima
# says: the largest along one axis
# -    return float(np.max(np.abs(a - b) / size))
# +    return (np.abs(a - b) / size).max(axis=0)

# %% wrong: a string
# fails: test-relative-error-formula, test-relative-error-floor
# because: nothing that it returns is right
# says: a string, not a float
# -    return float(np.max(np.abs(a - b) / size))
# +    return f"{np.max(np.abs(a - b) / size):.2e}"

# %% wrong: adds the bound
# fails: test-relative-error-floor
# says: adding 1e-8 to the sum: it replaces a smaller one
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# +    size = np.abs(a) + np.abs(b) + 1e-8

# %% wrong: no bound
# says: no bound under the quotient
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# -    return float(np.max(np.abs(a - b) / size))
# +    with np.errstate(all="ignore"):
# +        return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)))

# %% wrong: zero where both are zero, else no bound
# says: a bound for zeros only
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# -    return float(np.max(np.abs(a - b) / size))
# +    size = np.abs(a) + np.abs(b)
# +    return float(np.max(np.abs(a - b) / np.where(size == 0, 1, size)))

# %% wrong: a smaller bound
# says: another bound: it is 1e-8
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# +    size = np.maximum(1e-12, np.abs(a) + np.abs(b))

# %% wrong: one bound for each
# says: a bound for each of the two
# -    size = np.maximum(1e-8, np.abs(a) + np.abs(b))
# +    size = np.maximum(1e-8, np.abs(a)) + np.maximum(1e-8, np.abs(b))

# %% wrong: works in place
# says: working in place
# -    return float(np.max(np.abs(a - b) / size))
# +    a -= b
# +    a /= size
# +    return np.abs(a).max()
