# %% right: ZCA
def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    centred = train - mean
    U, S, _ = np.linalg.svd(centred.T @ centred / len(train))
    zca = U @ np.diag(1.0 / np.sqrt(S + eps)) @ U.T
    return (x - mean) @ zca


# %% right: PCA, largest first, as in CS231n
def whiten(train, x, eps=1e-5):
    X = train - np.mean(train, axis=0)
    cov = np.dot(X.T, X) / X.shape[0]
    U, S, V = np.linalg.svd(cov)
    Xrot = np.dot(x - np.mean(train, axis=0), U)
    return Xrot / np.sqrt(S + eps)


# %% right: Cholesky
def whiten(train, x, eps=1e-5):
    mu = train.mean(axis=0)
    cov = np.cov(train.T, bias=True).reshape(len(mu), len(mu)) + eps * np.eye(len(mu))
    return np.linalg.solve(np.linalg.cholesky(cov), (x - mu).T).T


# %% right: the SVD of the data, zeros made up
def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    n, d = train.shape
    _, s, vt = np.linalg.svd(train - mean, full_matrices=True)
    values = np.zeros(d)
    values[: len(s)] = s**2 / n
    return ((x - mean) @ vt.T) * (values + eps) ** -0.5


# %% right: row by row, lists
def whiten(train, x, eps=1e-5):
    mean = train.sum(0) / len(train)
    cov = sum(np.outer(row - mean, row - mean) for row in train) / len(train)
    values, vectors = np.linalg.eigh(cov)
    out = []
    for row in x:
        out.append([float((row - mean) @ v) / (max(l, 0.0) + eps) ** 0.5 for l, v in zip(values, vectors.T)])
    return out


# %% right: ZCA by einsum
def whiten(train, x, eps=1e-5):
    mu = train.mean(0)
    cov = np.einsum("ni,nj->ij", train - mu, train - mu) / train.shape[0]
    lam, u = np.linalg.eigh(cov)
    return np.einsum("nd,de,e,fe->nf", x - mu, u, 1 / np.sqrt(lam + eps), u)


# %% wrong: the eigenvalues
# fails: test-whiten-covariance
# says: divided by the eigenvalues
# from: solution
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / (values + eps)

# %% wrong: np.cov as it is
# says: 1/(n - 1) in the covariance
# -    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
# +    values, vectors = np.linalg.eigh(np.cov(train.T).reshape(len(mean), -1))

# %% wrong: no 1/n
# says: the covariance without its 1/n
# -    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
# +    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean))

# %% wrong: features by themselves
# says: each feature divided by its own deviation
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) / np.sqrt(train.var(axis=0) + eps)

# %% wrong: not centred
# says: not centred
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return x @ vectors / np.sqrt(values + eps)

# %% wrong: multiplied
# says: multiplied by the roots
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors * np.sqrt(values + eps)

# %% wrong: columns and rows of the eigenvectors mixed up
# says: wrong values
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors.T / np.sqrt(values + eps)

# %% wrong: eigenvalues in the wrong order
# says: wrong values
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / np.sqrt(np.sort(values)[::-1] + eps)

# %% wrong: the singular values of the data
# says: divided by the singular values of the data
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / (np.sqrt(len(train) * np.abs(values)) + eps)

# %% wrong: changes x
# says: working in place
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    x -= mean
# +    return x @ vectors / np.sqrt(values + eps)

# %% wrong: mean and covariance of x
# fails: test-whiten-train
# says: mean and covariance of x
# -    mean = train.mean(axis=0)
# +    train = x
# +    mean = train.mean(axis=0)

# %% wrong: the mean of x
# says: the mean of x
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - x.mean(axis=0)) @ vectors / np.sqrt(values + eps)

# %% wrong: the covariance of x
# says: the covariance of x
# -    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
# +    own = x - x.mean(axis=0)
# +    values, vectors = np.linalg.eigh(own.T @ own / len(x))

# %% wrong: both sets
# says: mean and covariance of both sets
# -    mean = train.mean(axis=0)
# +    train = np.vstack((train, x))
# +    mean = train.mean(axis=0)

# %% wrong: train comes back
# says: train transformed
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (train - mean) @ vectors / np.sqrt(values + eps)

# %% wrong: eps outside the root
# fails: test-whiten-eps
# says: eps outside the root
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / (np.sqrt(np.maximum(values, 0)) + eps)

# %% wrong: eps ignored
# says: a fixed eps
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / np.sqrt(values + 1e-5)

# %% wrong: no eps
# says: a fixed eps, or none
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / np.sqrt(np.maximum(values, 0))

# %% wrong: eps squared
# says: eps squared
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / np.sqrt(values + eps**2)

# %% wrong: PCA only
# fails: test-whiten-covariance, test-whiten-eps
# because: without a division there is no eps
# says: not divided: that is PCA
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors

# %% wrong: the larger of both
# fails: test-whiten-eps
# says: the larger of eigenvalue and eps
# -    return (x - mean) @ vectors / np.sqrt(values + eps)
# +    return (x - mean) @ vectors / np.sqrt(np.maximum(values, eps))
