# %% right: a tiny number beside the deviation
def normalise(train, x):
    return (x - np.mean(train, axis=0)) / (np.std(train, axis=0) + 1e-10)


# %% right: the variance by hand, zeros replaced
def normalise(train, x):
    mu = train.sum(axis=0) / len(train)
    var = ((train - mu) ** 2).sum(axis=0) / len(train)
    sigma = np.sqrt(var)
    sigma[sigma == 0] = 1
    return (x - mu) / sigma


# %% right: loops over features
def normalise(train, x):
    out = np.empty_like(x)
    for j in range(train.shape[1]):
        column = train[:, j]
        s = column.std()
        if s < 1e-9:
            out[:, j] = 0
        else:
            out[:, j] = (x[:, j] - column.mean()) / s
    return out


# %% right: divide where
def normalise(train, x):
    mean, std = train.mean(0), train.var(0) ** 0.5
    centred = zero_centre(train, x)
    return np.divide(centred, std, out=np.zeros_like(centred), where=std > 1e-12)


# %% right: nan_to_num
def normalise(train, x):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((x - train.mean(axis=0)) / train.std(axis=0))


# %% right: plain Python, lists
import math


def normalise(train, x):
    columns = []
    for seen, values in zip(train.T.tolist(), x.T.tolist()):
        mean = math.fsum(seen) / len(seen)
        deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in seen) / len(seen))
        columns.append([(v - mean) / deviation if deviation > 0 else 0.0 for v in values])
    return [list(row) for row in zip(*columns)]


# %% right: the root of a mean square, with an epsilon under it
def normalise(train, x):
    mean_square = (train**2).mean(axis=0)
    mean = train.mean(axis=0)
    var = np.maximum(mean_square - mean**2, 0)
    var = np.mean((train - mean) ** 2, axis=0) if np.any(var >= 0) else var
    return (x - mean) / np.sqrt(var + 1e-20)


# %% right: in place on copies, a maximum
def normalise(train, x):
    train, x = train.copy(), x.copy()
    mean = train.mean(axis=0)
    train -= mean
    x -= mean
    x /= np.maximum(np.sqrt(np.mean(np.square(train), axis=0)), 1e-8)
    return x


# %% wrong: ddof 1
# fails: test-normalise-values
# says: 1/(n - 1) in the variance
# from: solution
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=0), train.std(axis=0, ddof=1)

# %% wrong: the variance
# says: divided by the variance
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=0), train.var(axis=0)

# %% wrong: not divided
# says: not divided
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return x - mean

# %% wrong: multiplied
# says: multiplied by the deviation
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return (x - mean) * std

# %% wrong: one mean, one deviation
# fails: test-normalise-values, test-normalise-constant
# because: where each feature has the mean of all, none becomes 0
# says: one mean and one deviation
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(), train.std()

# %% wrong: one deviation
# fails: test-normalise-values
# says: one deviation for everything
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=0), train.std()

# %% wrong: the range
# says: divided by the range
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=0), np.ptp(train, axis=0)

# %% wrong: minimum and maximum
# says: scaled to 0 … 1
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.min(axis=0), np.ptp(train, axis=0)

# %% wrong: the largest absolute value
# says: divided by the largest absolute value
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean = train.mean(axis=0)
# +    std = np.abs(train - mean).max(axis=0)

# %% wrong: the norm
# says: divided by the norm of the feature
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean = train.mean(axis=0)
# +    std = np.linalg.norm(train - mean, axis=0)

# %% wrong: the mean absolute deviation
# says: the mean absolute deviation
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean = train.mean(axis=0)
# +    std = np.abs(train - mean).mean(axis=0)

# %% wrong: the root mean square
# says: divided by the root mean square
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=0), np.sqrt(np.mean(train**2, axis=0))

# %% wrong: an epsilon of 1e-5
# says: an epsilon that is not small
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return (x - mean) / (std + 1e-5)

# %% wrong: an epsilon of 1e-5 under the root
# says: an epsilon that is not small
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return (x - mean) / np.sqrt(std**2 + 1e-5)

# %% wrong: at least 1
# says: wrong values
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return (x - mean) / np.maximum(std, 1.0)

# %% wrong: not centred
# fails: test-normalise-values, test-normalise-constant
# because: what is not centred is not 0
# says: not centred
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return x / np.where(std > 1e-12, std, 1.0)

# %% wrong: changes x
# fails: test-normalise-values
# says: working in place
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    x -= mean
# +    return x / np.where(std > 1e-12, std, 1.0)

# %% wrong: the statistics of x
# fails: test-normalise-train
# says: the statistics of x
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = x.mean(axis=0), x.std(axis=0)

# %% wrong: the mean of x
# says: the mean of x
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = x.mean(axis=0), train.std(axis=0)

# %% wrong: the deviation of x
# says: the deviation of x
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=0), x.std(axis=0)

# %% wrong: both sets
# says: the statistics of both sets
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    both = np.concatenate([train, x])
# +    mean, std = both.mean(axis=0), both.std(axis=0)

# %% wrong: train comes back
# fails: test-normalise-train
# says: train transformed
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return (train - mean) / np.where(std > 1e-12, std, 1.0)

# %% wrong: no guard
# fails: test-normalise-constant
# says: 0 / 0, which is NaN
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return (x - mean) / std

# %% wrong: constant features left as they are
# says: a constant feature left as it is
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    out = x.copy()
# +    out[:, std > 0] = ((x - mean) / np.where(std > 1e-12, std, 1.0))[:, std > 0]
# +    return out

# %% wrong: constant features left out
# says: a constant feature left out
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return ((x - mean) / np.where(std > 1e-12, std, 1.0))[:, std > 0]

# %% wrong: NaN made into 1
# says: a constant feature of 1
# -    return (x - mean) / np.where(std > 1e-12, std, 1.0)
# +    return np.nan_to_num((x - mean) / std, nan=1.0)

# %% wrong: the deviation of rows
# fails: test-normalise-values, test-normalise-train, test-normalise-constant
# because: nothing that it returns is right
# says: statistics of rows
# -    mean, std = train.mean(axis=0), train.std(axis=0)
# +    mean, std = train.mean(axis=1, keepdims=True), train.std(axis=1, keepdims=True)
