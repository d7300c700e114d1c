# %% right: mean and variance by hand
def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    if train:
        N = x.shape[0]
        mu = np.sum(x, axis=0) / N
        var = np.sum((x - mu) ** 2, axis=0) / N
        new = {
            "mean": momentum * running["mean"] + (1 - momentum) * mu,
            "var": momentum * running["var"] + (1 - momentum) * var,
        }
    else:
        mu, var, new = running["mean"], running["var"], running
    inv = 1.0 / np.sqrt(var + eps)
    xhat = (x - mu) * inv
    return xhat * gamma + beta, (xhat, gamma, 1 / inv), new


# %% right: torch's way with the weights the other way round
def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    mean, var = running["mean"].copy(), running["var"].copy()
    if train:
        batch_mean, batch_var = np.mean(x, 0), np.var(x, 0, ddof=0)
        mean += (1 - momentum) * (batch_mean - mean)
        var += (1 - momentum) * (batch_var - var)
    else:
        batch_mean, batch_var = mean, var
    deviation = (batch_var + eps) ** 0.5
    xhat = (x - batch_mean) / deviation
    return gamma * xhat + beta, (xhat, gamma, deviation), dict(mean=mean, var=var)


# %% right: a loop over the features, lists at the end
def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    N, D = x.shape
    out, xhat = np.zeros((N, D)), np.zeros((N, D))
    deviation, means, variances = np.zeros(D), [], []
    for j in range(D):
        mean, var = running["mean"][j], running["var"][j]
        if train:
            mean = sum(x[i, j] for i in range(N)) / N
            var = sum((x[i, j] - mean) ** 2 for i in range(N)) / N
            means.append(momentum * running["mean"][j] + (1 - momentum) * mean)
            variances.append(momentum * running["var"][j] + (1 - momentum) * var)
        else:
            means.append(mean)
            variances.append(var)
        deviation[j] = np.sqrt(var + eps)
        for i in range(N):
            xhat[i, j] = (x[i, j] - mean) / deviation[j]
            out[i, j] = gamma[j] * xhat[i, j] + beta[j]
    return out, (xhat, gamma, deviation), {"mean": means, "var": variances}


# %% right: a class, E[x^2] - E[x]^2
class BatchNorm:
    def __init__(self, gamma, beta, eps):
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def statistics(self, x):
        mean = x.mean(axis=0)
        return mean, (x * x).mean(axis=0) - mean * mean

    def apply(self, x, mean, var):
        self.sd = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.sd
        return self.gamma * self.xhat + self.beta

    def cache(self):
        return self.xhat, self.gamma, self.sd


def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    layer = BatchNorm(gamma, beta, eps)
    if not train:
        return layer.apply(x, running["mean"], running["var"]), layer.cache(), running
    batch = layer.statistics(x)
    new = {
        key: momentum * running[key] + (1 - momentum) * value
        for key, value in zip(("mean", "var"), batch)
    }
    return layer.apply(x, *batch), layer.cache(), new


# %% right: np.average, a list of results
def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    stats = running
    if train:
        centred = x - x.mean(axis=0, keepdims=True)
        stats = {"mean": x.mean(axis=0), "var": np.einsum("nd,nd->d", centred, centred) / len(x)}
        weights = [momentum, 1 - momentum]
        running = {
            k: np.average(np.stack([running[k], stats[k]]), axis=0, weights=weights) for k in stats
        }
    deviation = np.sqrt(stats["var"] + eps)
    xhat = (x - stats["mean"]) / deviation
    return [gamma * xhat + beta, (xhat, gamma, deviation), running]


# %% right: transposed, everything copied first
import copy


def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
    x, running = x.T.copy(), copy.deepcopy(running)
    if train:
        mean, var = x.mean(1), x.std(1) ** 2
        running["mean"] *= momentum
        running["mean"] += (1 - momentum) * mean
        running["var"] *= momentum
        running["var"] += (1 - momentum) * var
    else:
        mean, var = running["mean"], running["var"]
    deviation = np.sqrt(var + eps)
    x -= mean[:, None]
    x /= deviation[:, None]
    return (gamma[:, None] * x + beta[:, None]).T, (x.T, gamma, deviation), running


# %% wrong: a variance divided by N - 1
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-running
# because: the same variance is kept in running
# says: a variance divided by N - 1
# from: solution
# -        mean, var = x.mean(axis=0), x.var(axis=0)
# +        mean, var = x.mean(axis=0), x.var(axis=0, ddof=1)

# %% wrong: over the features
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-scale, test-batchnorm-forward-running, test-batchnorm-backward-own-forward, test-batchnorm-backward-dx, test-batchnorm-backward-sums
# because: the same statistics are kept in running and in the cache
# says: statistics of each example
# -        mean, var = x.mean(axis=0), x.var(axis=0)
# +        mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)

# %% wrong: one mean for all
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-scale, test-batchnorm-forward-running
# because: the same statistics are kept in running, and a constant feature is not 0 without its own mean
# says: one mean and variance for all features
# -        mean, var = x.mean(axis=0), x.var(axis=0)
# +        mean, var = x.mean(), x.var()

# %% wrong: divides by the variance
# fails: test-batchnorm-forward-normalise
# says: dividing by the variance
# -    deviation = np.sqrt(var + eps)
# +    deviation = var + eps

# %% wrong: the mean alone
# fails: test-batchnorm-forward-normalise, test-batchnorm-backward-own-forward, test-batchnorm-backward-dx
# because: the gradient of such a forward pass has no deviation
# says: the mean alone taken off
# -    xhat = (x - mean) / deviation
# +    xhat = x - mean

# %% wrong: no mean
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-scale, test-batchnorm-forward-test-time
# because: neither a constant feature nor the running mean becomes 0
# says: the mean is not taken off
# -    xhat = (x - mean) / deviation
# +    xhat = x / deviation

# %% wrong: the running statistics in training
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-scale
# because: a constant feature is not 0 without its own mean
# says: the new running statistics in training
# -    deviation = np.sqrt(var + eps)
# +    mean, var = running["mean"], running["var"]
# +    deviation = np.sqrt(var + eps)

# %% wrong: train turned round
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-scale, test-batchnorm-forward-running, test-batchnorm-forward-test-time
# because: it does all of one mode in the other
# says: the running statistics in training
# -    if train:
# +    if not train:

# %% wrong: the mean squares for the variance
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-running
# because: the same variance is kept in running
# says: a variance about 0
# -        mean, var = x.mean(axis=0), x.var(axis=0)
# +        mean, var = x.mean(axis=0), (x**2).mean(axis=0)

# %% wrong: no division of the variance by N
# fails: test-batchnorm-forward-normalise, test-batchnorm-forward-running
# because: the same variance is kept in running
# says: a sum of squares without the division by N
# -        mean, var = x.mean(axis=0), x.var(axis=0)
# +        mean, var = x.mean(axis=0), ((x - x.mean(axis=0)) ** 2).sum(axis=0)

# %% wrong: eps beside the root
# fails: test-batchnorm-forward-scale
# says: eps added to the root
# -    deviation = np.sqrt(var + eps)
# +    deviation = np.sqrt(var) + eps

# %% wrong: no eps
# fails: test-batchnorm-forward-scale
# says: no eps
# -    deviation = np.sqrt(var + eps)
# +    deviation = np.sqrt(var)

# %% wrong: an eps of its own
# fails: test-batchnorm-forward-scale
# says: an eps of your own
# -    deviation = np.sqrt(var + eps)
# +    deviation = np.sqrt(var + 1e-5)

# %% wrong: another default of eps
# fails: test-batchnorm-forward-scale
# says: another default of eps
# -def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
# +def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-3):

# %% wrong: eps as a lower bound
# fails: test-batchnorm-forward-scale
# says: the larger of variance and eps
# -    deviation = np.sqrt(var + eps)
# +    deviation = np.sqrt(np.maximum(var, eps))

# %% wrong: no gamma and beta
# fails: test-batchnorm-forward-scale
# says: gamma and beta are left out
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return xhat, (xhat, gamma, deviation), running

# %% wrong: no beta
# fails: test-batchnorm-forward-scale
# says: beta is left out
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return gamma * xhat, (xhat, gamma, deviation), running

# %% wrong: gamma and beta exchanged
# fails: test-batchnorm-forward-scale, test-batchnorm-forward-normalise, test-batchnorm-forward-test-time
# because: a gamma of 1 is a shift by 1 then
# says: gamma and beta exchanged
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return beta * xhat + gamma, (xhat, gamma, deviation), running

# %% wrong: gamma times the sum
# fails: test-batchnorm-forward-scale
# says: gamma times the sum
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return gamma * (xhat + beta), (xhat, gamma, deviation), running

# %% wrong: torch's momentum
# fails: test-batchnorm-forward-running
# says: the weights exchanged, as in torch
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "mean": (1 - momentum) * running["mean"] + momentum * mean,
# +            "var": (1 - momentum) * running["var"] + momentum * var,

# %% wrong: torch's running variance
# fails: test-batchnorm-forward-running
# says: a running variance divided by N - 1
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "var": momentum * running["var"] + (1 - momentum) * var * len(x) / (len(x) - 1),

# %% wrong: a running deviation
# fails: test-batchnorm-forward-running
# says: the deviation: the running variance is an average of variances
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "var": momentum * running["var"] + (1 - momentum) * np.sqrt(var),

# %% wrong: eps in the running variance
# fails: test-batchnorm-forward-running
# says: eps in the running variance
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "var": momentum * running["var"] + (1 - momentum) * (var + eps),

# %% wrong: the statistics of the batch
# fails: test-batchnorm-forward-running
# says: the statistics of this batch alone
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "mean": mean,
# +            "var": var,

# %% wrong: a momentum of its own
# fails: test-batchnorm-forward-running
# says: a momentum of your own
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "mean": 0.9 * running["mean"] + 0.1 * mean,
# +            "var": 0.9 * running["var"] + 0.1 * var,

# %% wrong: running stays as it was
# fails: test-batchnorm-forward-running
# says: the statistics that were given
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return gamma * xhat + beta, (xhat, gamma, deviation), {"mean": running["mean"], "var": running["var"]}
# -        running = {
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# -        }

# %% wrong: the variance is not updated
# fails: test-batchnorm-forward-running
# says: the running variance is not updated
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# +            "var": running["var"].copy(),

# %% wrong: another default
# fails: test-batchnorm-forward-running
# says: another default of the momentum
# -def batchnorm_forward(x, gamma, beta, running, train, momentum=0.9, eps=1e-5):
# +def batchnorm_forward(x, gamma, beta, running, train, momentum=0.99, eps=1e-5):

# %% wrong: no running statistics returned
# fails: test-batchnorm-forward-running
# says: not a dict
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return gamma * xhat + beta, (xhat, gamma, deviation)

# %% wrong: a pair of running statistics
# fails: test-batchnorm-forward-running
# says: not a dict
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    return gamma * xhat + beta, (xhat, gamma, deviation), (running["mean"], running["var"])

# %% wrong: other keys
# fails: test-batchnorm-forward-running
# says: wrong keys
# -    return gamma * xhat + beta, (xhat, gamma, deviation), running
# +    running = {"running_mean": running["mean"], "running_var": running["var"]}
# +    return gamma * xhat + beta, (xhat, gamma, deviation), running

# %% wrong: the batch at test time
# fails: test-batchnorm-forward-test-time
# says: the statistics of the batch at test time too
# -    mean, var = running["mean"], running["var"]
# +    mean, var = x.mean(axis=0), x.var(axis=0)
# -        mean, var = x.mean(axis=0), x.var(axis=0)

# %% wrong: train is ignored
# fails: test-batchnorm-forward-test-time
# says: the statistics of the batch at test time too
# -    if train:
# +    if True:

# %% wrong: learns at test time
# fails: test-batchnorm-forward-test-time
# says: learning from the batch at test time
# -    if train:
# -        mean, var = x.mean(axis=0), x.var(axis=0)
# -        running = {
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# -        }
# +    running = {
# +        "mean": momentum * running["mean"] + (1 - momentum) * x.mean(axis=0),
# +        "var": momentum * running["var"] + (1 - momentum) * x.var(axis=0),
# +    }
# +    if train:
# +        mean, var = x.mean(axis=0), x.var(axis=0)

# %% wrong: the running variance for the deviation at test time
# fails: test-batchnorm-forward-test-time
# says: the running variance without its root
# -    deviation = np.sqrt(var + eps)
# +    deviation = np.sqrt(var + eps) if train else var + eps

# %% wrong: x as it is at test time
# fails: test-batchnorm-forward-test-time
# says: x as it is
# -    mean, var = running["mean"], running["var"]
# +    if not train:
# +        return x, None, running
# +    mean, var = running["mean"], running["var"]

# %% wrong: no gamma and beta at test time
# fails: test-batchnorm-forward-test-time
# says: gamma and beta left out at test time
# -    xhat = (x - mean) / deviation
# +    xhat = (x - mean) / deviation
# +    if not train:
# +        return xhat, None, running

# %% wrong: no running statistics at test time
# fails: test-batchnorm-forward-test-time
# says: nothing was returned
# -    xhat = (x - mean) / deviation
# +    xhat = (x - mean) / deviation
# +    if not train:
# +        running = None

# %% wrong: writes into running
# fails: test-batchnorm-forward-new
# says: working in place
# -        running = {
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# -        }
# +        running["mean"] = momentum * running["mean"] + (1 - momentum) * mean
# +        running["var"] = momentum * running["var"] + (1 - momentum) * var

# %% wrong: changes the running arrays in place
# fails: test-batchnorm-forward-new
# says: working in place
# -        running = {
# -            "mean": momentum * running["mean"] + (1 - momentum) * mean,
# -            "var": momentum * running["var"] + (1 - momentum) * var,
# -        }
# +        running = dict(running)
# +        running["mean"] *= momentum
# +        running["mean"] += (1 - momentum) * mean
# +        running["var"] *= momentum
# +        running["var"] += (1 - momentum) * var

# %% wrong: x in place
# fails: test-batchnorm-forward-new
# says: working in place
# -    xhat = (x - mean) / deviation
# +    x -= mean
# +    xhat = x / deviation
