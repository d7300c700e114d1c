# %% right: centred, solve
def linear_probe(features, labels, num_classes, ridge=1.0):
    y = torch.eye(num_classes, dtype=features.dtype)[labels]
    x_mean, y_mean = features.mean(0, keepdim=True), y.mean(0, keepdim=True)
    x, t = features - x_mean, y - y_mean
    weight = torch.linalg.solve(x.T @ x + ridge * torch.eye(x.shape[1]), x.T @ t)
    return weight, (y_mean - x_mean @ weight)[0]


# %% right: a column of ones that is not penalised
def linear_probe(features, labels, num_classes, ridge=1.0):
    n, d = features.shape
    x = torch.cat([features, torch.ones(n, 1)], dim=1).double()
    y = F.one_hot(labels, num_classes).double()
    penalty = ridge * torch.eye(d + 1, dtype=torch.float64)
    penalty[-1, -1] = 0
    both = torch.linalg.solve(x.T @ x + penalty, x.T @ y).float()
    return both[:-1], both[-1]


# %% right: least squares with rows for the penalty
def linear_probe(features, labels, num_classes, ridge=1.0):
    n, d = features.shape
    top = torch.cat([features, torch.ones(n, 1)], 1)
    bottom = torch.cat([math.sqrt(ridge) * torch.eye(d), torch.zeros(d, 1)], 1)
    y = torch.zeros(n + d, num_classes)
    y[torch.arange(n), labels] = 1
    solution = torch.linalg.lstsq(torch.cat([top, bottom]).double(), y.double()).solution
    return solution[:d].float(), solution[d].float()


# %% right: NumPy, the singular values
def linear_probe(features, labels, num_classes, ridge=1.0):
    x = features.numpy().astype(float)
    y = (labels.numpy()[:, None] == np.arange(num_classes)).astype(float)
    u, s, vt = np.linalg.svd(x - x.mean(0), full_matrices=False)
    weight = vt.T @ ((s / (s**2 + ridge))[:, None] * (u.T @ (y - y.mean(0))))
    return weight, y.mean(0) - x.mean(0) @ weight


# %% right: by the images' inner products
def linear_probe(features, labels, num_classes, ridge=1.0):
    x = (features - features.mean(0)).double()
    y = F.one_hot(labels, num_classes).double()
    dual = torch.linalg.solve(x @ x.T + ridge * torch.eye(len(x)).double(), y - y.mean(0))
    weight = x.T @ dual
    bias = y.mean(0) - features.double().mean(0) @ weight
    return weight.float(), bias.float()


# %% right: class by class, Cholesky
def linear_probe(features, labels, num_classes, ridge=1.0):
    mean = features.mean(0)
    x = features - mean
    factor = torch.linalg.cholesky(x.T.mm(x) + torch.diag(torch.full((x.shape[1],), float(ridge))))
    columns, biases = [], []
    for c in range(num_classes):
        y = (labels == c).float()
        w = torch.cholesky_solve((x.T @ (y - y.mean()))[:, None], factor)[:, 0]
        columns.append(w)
        biases.append(y.mean() - mean @ w)
    return torch.stack(columns, dim=1), torch.stack(biases)


# %% wrong: a penalty on the bias
# fails: test-linear-probe-ridge
# says: a penalty on the bias
# from: a column of ones that is not penalised
# -    penalty[-1, -1] = 0

# %% wrong: no bias
# fails: test-linear-probe-values, test-linear-probe-ridge
# because: the bias is 0 there as well
# says: no bias: it is fitted as well
# from: solution
# -    centre, mean = features.mean(dim=0), y.mean(dim=0)
# +    centre, mean = 0 * features.mean(dim=0), 0 * y.mean(dim=0)

# %% wrong: the mean of the labels for a bias
# fails: test-linear-probe-values
# says: the mean of the labels as the bias
# -    return weight, mean - centre @ weight
# +    return weight, mean

# %% wrong: features not centred
# says: wrong value
# -    x = features - centre
# +    x = features

# %% wrong: the targets 1 and -1
# fails: test-linear-probe-values, test-linear-probe-ridge
# because: the weight for such targets is twice as large
# says: the targets 1 and -1
# -    y = F.one_hot(labels, num_classes).to(features.dtype)
# +    y = 2 * F.one_hot(labels, num_classes).to(features.dtype) - 1

# %% wrong: scaled features
# fails: test-linear-probe-values, test-linear-probe-ridge
# because: its weights are in other units
# says: wrong value
# -    x = features - centre
# +    x = (features - centre) / (features - centre).std(dim=0)

# %% wrong: the bias alone comes second in a matrix
# fails: test-linear-probe-values, test-linear-probe-ridge, test-linear-probe-classes
# because: the result is no pair
# says: weight and bias in one matrix
# -    return weight, mean - centre @ weight
# +    return torch.cat([weight, (mean - centre @ weight)[None]])

# %% wrong: bias first
# says: the bias first: (weight, bias)
# because: all tests take the first for the weight
# -    return weight, mean - centre @ weight
# +    return mean - centre @ weight, weight

# %% wrong: the weight transposed
# says: the weight transposed
# because: all tests look at the weight
# -    return weight, mean - centre @ weight
# +    return weight.T, mean - centre @ weight

# %% wrong: a mean over the images
# fails: test-linear-probe-ridge
# says: a mean over the images
# -    penalty = ridge * torch.eye(x.shape[1], dtype=x.dtype)
# +    penalty = len(x) * ridge * torch.eye(x.shape[1], dtype=x.dtype)

# %% wrong: half of the penalty
# fails: test-linear-probe-ridge
# says: half of the penalty
# -    penalty = ridge * torch.eye(x.shape[1], dtype=x.dtype)
# +    penalty = ridge / 2 * torch.eye(x.shape[1], dtype=x.dtype)

# %% wrong: the square of the ridge
# fails: test-linear-probe-ridge
# says: the square of the ridge
# -    penalty = ridge * torch.eye(x.shape[1], dtype=x.dtype)
# +    penalty = ridge**2 * torch.eye(x.shape[1], dtype=x.dtype)

# %% wrong: a ridge of 1
# fails: test-linear-probe-ridge, test-linear-probe-values
# because: a ridge of 1 is not next to none
# says: a ridge of 1 whatever it is
# -    penalty = ridge * torch.eye(x.shape[1], dtype=x.dtype)
# +    penalty = torch.eye(x.shape[1], dtype=x.dtype)

# %% wrong: no penalty
# fails: test-linear-probe-ridge
# says: no penalty
# -    penalty = ridge * torch.eye(x.shape[1], dtype=x.dtype)
# +    penalty = 1e-6 * torch.eye(x.shape[1], dtype=x.dtype)

# %% wrong: classes that occur
# fails: test-linear-probe-classes
# says: as many classes as occur
# -    y = F.one_hot(labels, num_classes).to(features.dtype)
# +    y = F.one_hot(torch.unique(labels, return_inverse=True)[1]).to(features.dtype)

# %% wrong: classes up to the largest label
# says: as many classes as the largest label says
# -    y = F.one_hot(labels, num_classes).to(features.dtype)
# +    y = F.one_hot(labels).to(features.dtype)

# %% wrong: features centred in place
# fails: test-linear-probe-classes
# says: working in place
# -    x = features - centre
# +    x = features.sub_(centre)
