# %% right: np.mean and np.subtract
def zero_centre(train, x):
    mu = np.mean(train, 0, keepdims=True)
    return np.subtract(x, mu)


# %% right: loops
def zero_centre(train, x):
    n, d = train.shape
    out = np.zeros(x.shape)
    for j in range(d):
        total = 0.0
        for i in range(n):
            total += train[i, j]
        for i in range(len(x)):
            out[i, j] = x[i, j] - total / n
    return out


# %% right: in place on a copy
def zero_centre(train, x):
    result = x.copy()
    result -= train.sum(axis=0) / train.shape[0]
    return result


# %% right: lists
def zero_centre(train, x):
    means = [sum(column) / len(column) for column in zip(*train.tolist())]
    return [[value - m for value, m in zip(row, means)] for row in x.tolist()]


# %% right: a matrix product
def zero_centre(train, x):
    ones = np.ones((len(x), len(train)))
    return x - ones @ train / len(train)


# %% right: einsum, stacked columns
def zero_centre(train, x):
    centre = np.einsum("nd->d", train) / len(train)
    return np.stack([x[:, j] - centre[j] for j in range(x.shape[1])], axis=1)


# %% wrong: one mean
# fails: test-zero-centre-values
# says: one mean for everything
# from: solution
# -    return x - train.mean(axis=0)
# +    return x - train.mean()

# %% wrong: adds it
# says: adding the mean
# -    return x - train.mean(axis=0)
# +    return x + train.mean(axis=0)

# %% wrong: the wrong way round
# says: x comes first
# -    return x - train.mean(axis=0)
# +    return train.mean(axis=0) - x

# %% wrong: the median
# says: the median
# -    return x - train.mean(axis=0)
# +    return x - np.median(train, axis=0)

# %% wrong: n - 1
# says: a sum divided by n - 1
# -    return x - train.mean(axis=0)
# +    return x - train.sum(axis=0) / max(len(train) - 1, 1)

# %% wrong: normalised
# says: divided by the deviation too
# -    return x - train.mean(axis=0)
# +    return (x - train.mean(axis=0)) / train.std(axis=0)

# %% wrong: the sum
# says: the sum subtracted
# -    return x - train.mean(axis=0)
# +    return x - train.sum(axis=0)

# %% wrong: changes x
# says: working in place
# -    return x - train.mean(axis=0)
# +    x -= train.mean(axis=0)
# +    return x.copy()

# %% wrong: changes train, too
# says: working in place
# -    return x - train.mean(axis=0)
# +    mean = train.mean(axis=0)
# +    train -= mean
# +    return x - mean

# %% wrong: returns nothing
# fails: test-zero-centre-values, test-zero-centre-train
# because: nothing that it returns is right
# says: nothing was returned
# -    return x - train.mean(axis=0)
# +    x = x - train.mean(axis=0)

# %% wrong: the mean of x
# fails: test-zero-centre-train
# says: the mean of x
# -    return x - train.mean(axis=0)
# +    return x - x.mean(axis=0)

# %% wrong: the mean of both
# says: the mean of both sets
# -    return x - train.mean(axis=0)
# +    return x - np.vstack([train, x]).mean(axis=0)

# %% wrong: train comes back
# says: train transformed
# -    return x - train.mean(axis=0)
# +    return train - train.mean(axis=0)

# %% wrong: train less the mean of x
# says: train transformed with the mean of x
# -    return x - train.mean(axis=0)
# +    return train - x.mean(axis=0)

# %% wrong: the average of two means
# says: a mean for both
# -    return x - train.mean(axis=0)
# +    return x - (train.mean(axis=0) + x.mean(axis=0)) / 2

# %% wrong: the mean of each row
# fails: test-zero-centre-values, test-zero-centre-train
# because: nothing that it returns is right
# says: a mean for each row
# -    return x - train.mean(axis=0)
# +    return x - x.mean(axis=1, keepdims=True)

# %% wrong: the mean alone
# says: the mean alone
# -    return x - train.mean(axis=0)
# +    return train.mean(axis=0)

# %% wrong: both come back
# says: wrong shape
# -    return x - train.mean(axis=0)
# +    mean = train.mean(axis=0)
# +    return train - mean, x - mean
