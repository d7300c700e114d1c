# %% right: the SVD of the centred data
def pca(train, x, k):
    mean = train.mean(axis=0)
    _, _, vt = np.linalg.svd(train - mean, full_matrices=False)
    return (x - mean) @ vt[:k].T


# %% right: the SVD of the covariance, as in CS231n
def pca(train, x, k):
    mu = np.mean(train, axis=0)
    cov = np.dot((train - mu).T, train - mu) / train.shape[0]
    U, S, V = np.linalg.svd(cov)
    return np.dot(x - mu, U[:, :k])


# %% right: eig and argsort
def pca(train, x, k):
    cov = np.cov(train, rowvar=False).reshape(train.shape[1], train.shape[1])
    values, vectors = np.linalg.eig(cov)
    order = np.argsort(-values.real)[:k]
    return np.real((x - train.mean(axis=0)) @ vectors[:, order])


# %% right: power iteration with deflation
def pca(train, x, k):
    centred = train - train.mean(axis=0)
    cov = centred.T @ centred / len(train)
    out = np.empty((len(x), k))
    for j in range(k):
        v = np.linspace(1, 2, len(cov))
        for _ in range(400):
            w = cov @ v
            if np.linalg.norm(w) == 0:
                break
            v = w / np.linalg.norm(w)
        out[:, j] = (x - train.mean(axis=0)) @ v
        cov = cov - (v @ cov @ v) * np.outer(v, v)
    return out


# %% right: signs fixed, lists
def pca(train, x, k):
    mean = train.mean(0)
    values, vectors = np.linalg.eigh(np.einsum("ni,nj->ij", train - mean, train - mean))
    pairs = sorted(zip(values.tolist(), vectors.T.tolist()), reverse=True)
    axes = [vector if max(vector) > -min(vector) else [-v for v in vector] for _, vector in pairs]
    return [[sum(a * b for a, b in zip(row, axis)) for axis in axes[:k]] for row in (x - mean).tolist()]


# %% right: the last k, turned around
def pca(train, x, k):
    xc = zero_centre(train, x)
    tc = zero_centre(train, train)
    components = np.linalg.eigh(tc.T.dot(tc))[1][:, -k:]
    return np.fliplr(xc.dot(components))


# %% wrong: the smallest eigenvalues
# fails: test-pca-values
# says: the smallest eigenvalues first
# from: solution
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return (x - mean) @ vectors[:, :k]

# %% wrong: the last k in their order
# says: the last k of eigh in its order
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return (x - mean) @ vectors[:, -k:]

# %% wrong: rows of the eigenvectors
# says: wrong values
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return (x - mean) @ vectors[::-1].T[:, :k]

# %% wrong: columns of Vᵀ
# says: rows of the eigenvectors
# from: the SVD of the centred data
# -    return (x - mean) @ vt[:k].T
# +    return (x - mean) @ vt[:, :k]

# %% wrong: x not centred
# says: not centred
# from: solution
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return x @ vectors[:, ::-1][:, :k]

# %% wrong: nothing centred
# says: not centred
# -    mean = train.mean(axis=0)
# +    mean = 0

# %% wrong: whitened
# says: that is whitening
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    out = (x - mean) @ vectors[:, ::-1][:, :k]
# +    return out / ((train - mean) @ vectors[:, ::-1][:, :k]).std(axis=0)

# %% wrong: normalised first
# says: features normalised first
# -    mean = train.mean(axis=0)
# +    x, train = x / train.std(axis=0), train / train.std(axis=0)
# +    mean = train.mean(axis=0)

# %% wrong: turned back
# says: turned back, with D columns
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    axes = vectors[:, ::-1][:, :k]
# +    return (x - mean) @ axes @ axes.T

# %% wrong: all columns
# says: all columns
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return (x - mean) @ vectors[:, ::-1]

# %% wrong: unsorted eig
# says: wrong values
# -    _, vectors = np.linalg.eigh((train - mean).T @ (train - mean))
# +    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean))
# +    vectors = vectors[:, np.argsort(values * np.sin(np.arange(len(values)) + 2))]

# %% wrong: sorts the values, not the vectors
# says: the smallest eigenvalues first
# -    _, vectors = np.linalg.eigh((train - mean).T @ (train - mean))
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean))
# +    values = np.sort(values)[::-1]
# +    return (x - mean) @ vectors[:, :k]

# %% wrong: changes train
# says: working in place
# -    _, vectors = np.linalg.eigh((train - mean).T @ (train - mean))
# +    x = x.copy()
# +    train -= mean
# +    _, vectors = np.linalg.eigh(train.T @ train)

# %% wrong: k rows, not columns
# fails: test-pca-values, test-pca-train
# because: nothing that it returns is right
# says: wrong shape
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return vectors[:, ::-1][:, :k].T @ (x - mean).T

# %% wrong: mean and directions of x
# fails: test-pca-train
# says: mean and directions of x
# -    mean = train.mean(axis=0)
# +    train = x
# +    mean = train.mean(axis=0)

# %% wrong: the mean of x
# says: the mean of x
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return (x - x.mean(axis=0)) @ vectors[:, ::-1][:, :k]

# %% wrong: both sets
# says: mean and directions of both sets
# -    mean = train.mean(axis=0)
# +    train = np.concatenate([train, x])
# +    mean = train.mean(axis=0)

# %% wrong: train comes back
# says: train transformed
# -    return (x - mean) @ vectors[:, ::-1][:, :k]  # eigh has the smallest eigenvalue first
# +    return (train - mean) @ vectors[:, ::-1][:, :k]
