# %% right: a set of the others
def k_folds(n, k, rng):
    order = rng.permutation(n)
    folds = []
    for i in range(k):
        validation = order[i * n // k : (i + 1) * n // k]
        train = np.array(sorted(set(range(n)) - set(validation.tolist())))
        folds.append((train, validation))
    return folds


# %% right: every k-th of a permutation, lists
def k_folds(n, k, rng):
    order = list(range(n))
    rng.shuffle(order)
    return [([j for p, j in enumerate(order) if p % k != i], order[i::k]) for i in range(k)]


# %% right: a fold number for each index
def k_folds(n, k, rng):
    fold = rng.permutation(np.arange(n) % k)
    return [(np.where(fold != i)[0], np.where(fold == i)[0]) for i in range(k)]


# %% right: setdiff1d
def k_folds(n, k, rng):
    pieces = np.array_split(rng.choice(n, n, replace=False), k)
    return [(np.setdiff1d(np.arange(n), piece), piece) for piece in pieces]


# %% right: sizes with the remainder spread out
def k_folds(n, k, rng):
    size, rest = divmod(n, k)
    sizes = [size + 1] * rest + [size] * (k - rest)
    shuffled = rng.permutation(n)
    result, start = [], 0
    for s in sizes:
        validation = shuffled[start : start + s]
        train = np.append(shuffled[:start], shuffled[start + s :])
        result.append([train, validation])
        start += s
    return result


# %% right: np.delete and a generator made into a tuple
def k_folds(n, k, rng):
    perm = np.argsort(rng.standard_normal(n))
    edges = np.linspace(0, n, k + 1).astype(int)
    return tuple(
        (np.delete(perm, np.arange(a, b)), perm[a:b]) for a, b in zip(edges[:-1], edges[1:])
    )


# %% wrong: the pair swapped
# fails: test-k-folds-folds
# says: train comes first
# from: solution
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return [(folds[i], np.concatenate(folds[:i] + folds[i + 1 :])) for i in range(k)]

# %% wrong: trains on everything
# says: validation indices are among the training indices
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return [(np.concatenate(folds), folds[i]) for i in range(k)]

# %% wrong: trains on one other fold
# says: train_indices are not all the others
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return [(folds[i - 1], folds[i]) for i in range(k)]

# %% wrong: trains on the folds before
# says: train_indices are not all the others
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return [(np.concatenate([np.array([], int), *folds[:i]]), folds[i]) for i in range(k)]

# %% wrong: the remainder is lost
# says: rounding loses them
# -    folds = np.array_split(rng.permutation(n), k)
# +    size = n // k
# +    order = rng.permutation(n)
# +    folds = [order[i * size : (i + 1) * size] for i in range(k)]

# %% wrong: the last fold takes the remainder
# says: the last fold takes all that is left over
# -    folds = np.array_split(rng.permutation(n), k)
# +    size = n // k
# +    order = rng.permutation(n)
# +    folds = [order[i * size : (i + 1) * size if i < k - 1 else n] for i in range(k)]

# %% wrong: sizes rounded up
# says: folds differ by more than one index in size
# -    folds = np.array_split(rng.permutation(n), k)
# +    size = -(-n // k)
# +    order = rng.permutation(n)
# +    folds = [order[i * size : (i + 1) * size] for i in range(k)]

# %% wrong: masks
# says: a mask: np.flatnonzero makes indices of it
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    masks = [np.isin(np.arange(n), fold) for fold in folds]
# +    return [(~mask, mask) for mask in masks]

# %% wrong: floats
# says: indices that are no integers
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return [(np.concatenate(folds[:i] + folds[i + 1 :]) * 1.0, folds[i]) for i in range(k)]

# %% wrong: counts from 1
# says: counting from 1
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = np.array_split(1 + rng.permutation(n), k)

# %% wrong: each fold drawn anew
# says: each part is drawn from all of them
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = [rng.permutation(n)[: len(f)] for f in np.array_split(np.arange(n), k)]

# %% wrong: with replacement
# says: drawing with replacement
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = np.array_split(rng.integers(0, n, n), k)

# %% wrong: a fold drawn for each index
# says: folds differ by more than one index in size
# -    folds = np.array_split(rng.permutation(n), k)
# +    drawn = rng.integers(0, k, n)
# +    folds = [np.flatnonzero(drawn == i) for i in range(k)]

# %% wrong: in order
# fails: test-k-folds-shuffled
# says: no shuffling
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = np.array_split(np.arange(n), k)

# %% wrong: dealt out in turn
# says: dealing out in turn
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = [np.arange(i, n, k) for i in range(k)]

# %% wrong: shuffled inside the folds only
# says: no shuffling, or only inside the parts
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = [rng.permutation(fold) for fold in np.array_split(np.arange(n), k)]

# %% wrong: the global generator
# says: a generator of NumPy or Python that is not rng
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = np.array_split(np.random.permutation(n), k)

# %% wrong: a seed of its own
# says: a seed of its own
# -    folds = np.array_split(rng.permutation(n), k)
# +    folds = np.array_split(np.random.default_rng(0).permutation(n), k)

# %% wrong: validation only
# fails: test-k-folds-folds, test-k-folds-shuffled
# because: nothing that it returns is right
# says: not one pair for each fold
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return folds

# %% wrong: one pair
# says: not one pair for each fold
# -    return [(np.concatenate(folds[:i] + folds[i + 1 :]), folds[i]) for i in range(k)]
# +    return np.concatenate(folds[1:]), folds[0]
