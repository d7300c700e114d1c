# %% right: one permutation, ends rounded one by one
def split(x, y, fractions, rng):
    n = len(x)
    perm = rng.permutation(n)
    result = []
    start, total = 0, 0.0
    for f in fractions:
        total += f
        end = int(round(total * n))
        idx = perm[start:end]
        result.append((x[idx], y[idx]))
        start = end
    return result


# %% right: shuffles an array of indices in place, the last part takes the rest
def split(x, y, fractions, rng):
    indices = np.arange(x.shape[0])
    rng.shuffle(indices)
    x_shuffled, y_shuffled = x[indices], y[indices]
    ends = [round(sum(fractions[: i + 1]) * len(x)) for i in range(len(fractions))]
    ends[-1] = len(x)
    starts = [0] + ends[:-1]
    return [(x_shuffled[a:b], y_shuffled[a:b]) for a, b in zip(starts, ends)]


# %% right: lists of rows and labels
def split(x, y, fractions, rng):
    pairs = list(zip(x.tolist(), y.tolist()))
    order = rng.permutation(len(pairs)).tolist()
    parts, taken, share = [], 0, 0
    for fraction in fractions:
        share += fraction
        stop = int(share * len(pairs) + 0.5)
        chosen = [pairs[i] for i in order[taken:stop]]
        parts.append(([row for row, _ in chosen], [label for _, label in chosen]))
        taken = stop
    return parts


# %% right: a part number for every row, in a random order
def split(x, y, fractions, rng):
    n = len(y)
    edges = np.cumsum(fractions)[:-1]
    part = np.searchsorted(edges, (np.arange(n) + 0.5) / n)
    part = part[rng.permutation(n)]
    return [(x[part == i], y[part == i]) for i in range(len(fractions))]


# %% right: sorts random numbers
def split(x, y, fractions, rng):
    order = np.argsort(rng.random(len(x)))
    bounds = np.concatenate([[0], np.floor(np.cumsum(fractions) * len(x) + 1e-6)]).astype(int)
    bounds[-1] = len(x)
    return tuple(
        [np.take(x, order[a:b], axis=0), np.take(y, order[a:b])] for a, b in zip(bounds, bounds[1:])
    )


# %% right: largest remainders
def split(x, y, fractions, rng):
    n = len(x)
    exact = np.array(fractions) * n
    sizes = np.floor(exact + 1e-9).astype(int)
    for i in np.argsort(sizes - exact)[: n - sizes.sum()]:
        sizes[i] += 1
    order = rng.choice(n, size=n, replace=False)
    out = []
    for size in sizes:
        out.append((x[order[:size]], y[order[:size]]))
        order = order[size:]
    return out


# %% right: one table shuffled, labels in its last column
def split(x, y, fractions, rng):
    table = np.column_stack([x, y])
    rng.shuffle(table)
    cuts = np.rint(np.cumsum(fractions)[:-1] * len(table)).astype(int)
    return [(t[:, :-1], t[:, -1]) for t in np.array_split(table, cuts)]


# %% right: draws part after part from what is left
def split(x, y, fractions, rng):
    left = list(range(len(x)))
    parts, done = [], 0.0
    for i, f in enumerate(fractions):
        done += f
        size = round(done * len(x)) - (len(x) - len(left))
        if i == len(fractions) - 1:
            size = len(left)
        chosen = set(rng.choice(left, size, replace=False).tolist()) if size else set()
        parts.append((x[sorted(chosen)], y[sorted(chosen)]))
        left = [j for j in left if j not in chosen]
    return parts


# %% wrong: x and y shuffled apart
# fails: test-split-labels
# says: x and y are shuffled apart
# from: solution
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    other = rng.permutation(len(x))
# +    parts = zip(np.split(order, ends[:-1]), np.split(other, ends[:-1]))
# +    return [(x[a], y[b]) for a, b in parts]

# %% wrong: only x shuffled
# says: only x is shuffled
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    x = x[order]
# +    return list(zip(np.split(x, ends[:-1]), np.split(y, ends[:-1])))

# %% wrong: shuffles inside the rows too
# says: shuffling each feature by itself
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    x, y = rng.permuted(x, axis=0), y[order]
# +    return list(zip(np.split(x, ends[:-1]), np.split(y, ends[:-1])))

# %% wrong: the features of a row shuffled
# says: shuffling inside a row
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    x, y = rng.permuted(x[order], axis=1), y[order]
# +    return list(zip(np.split(x, ends[:-1]), np.split(y, ends[:-1])))

# %% wrong: x and y reordered in place
# says: working in place
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    x[:], y[:] = x[order], y[order]
# +    return list(zip(np.split(x.copy(), ends[:-1]), np.split(y.copy(), ends[:-1])))

# %% wrong: labels of the next row
# fails: test-split-labels
# says: a row with the label of another row
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    return [(x[part], y[part - 1]) for part in np.split(order, ends[:-1])]

# %% wrong: fewer labels than rows
# says: differ in number
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    return [(x[part], y[part[:-1]]) for part in np.split(order, ends[:-1])]

# %% wrong: sizes rounded down
# fails: test-split-complete
# says: rounding loses them
# from: one permutation, ends rounded one by one
# -        total += f
# -        end = int(round(total * n))
# +        end = start + int(f * n)

# %% wrong: the sum of fractions cut off
# says: rounding loses them
# -        end = int(round(total * n))
# +        end = int(total * n)

# %% wrong: drawn with replacement
# says: drawing with replacement
# from: solution
# -    order = rng.permutation(len(x))
# +    order = rng.integers(0, len(x), len(x))

# %% wrong: choice, which replaces
# says: drawing with replacement
# -    order = rng.permutation(len(x))
# +    order = rng.choice(len(x), len(x))

# %% wrong: each part drawn from everything
# says: each part is drawn from all of them
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    parts = []
# +    for size in np.diff([0, *ends]):
# +        part = rng.permutation(len(x))[:size]
# +        parts.append((x[part], y[part]))
# +    return parts

# %% wrong: parts overlap by a row
# says: parts overlap
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    starts = [0, *(ends[:-1] - 1)]
# +    return [(x[order[a:b]], y[order[a:b]]) for a, b in zip(starts, ends)]

# %% wrong: a row between parts dropped
# says: rounding loses them
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    starts = [0, *(ends[:-1] + 1)]
# +    return [(x[order[a:b]], y[order[a:b]]) for a, b in zip(starts, ends)]

# %% wrong: the last part takes what rounding down leaves over
# fails: test-split-sizes
# says: the last part takes all that rounding leaves over
# from: one permutation, ends rounded one by one
# -        total += f
# -        end = int(round(total * n))
# +        total += 1
# +        end = start + int(f * n) if total < len(fractions) else n

# %% wrong: the last part takes what rounding leaves over
# says: the last part takes all that rounding leaves over
# -        total += f
# -        end = int(round(total * n))
# +        total += 1
# +        end = start + round(f * n - 0.45) if total < len(fractions) else n

# %% wrong: three parts taken for granted
# says: a fixed number of parts
# from: solution
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    a, b = ends[0], ends[min(1, len(ends) - 1)]
# +    return [(x[part], y[part]) for part in (order[:a], order[a:b], order[b:])]

# %% wrong: parts of equal size
# says: parts of equal size
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    return [(x[part], y[part]) for part in np.array_split(order, len(fractions))]

# %% wrong: sizes drawn row by row
# says: more than one row off its size
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    p = np.array(fractions) / sum(fractions)
# +    part = rng.choice(len(p), len(x), p=p)
# +    return [(x[part == i], y[part == i]) for i in range(len(p))]

# %% wrong: not shuffled
# fails: test-split-shuffled
# says: no shuffling
# from: solution
# -    order = rng.permutation(len(x))
# +    order = np.arange(len(x))

# %% wrong: shuffled inside the parts only
# says: no shuffling, or only inside the parts
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    parts = np.split(np.sort(order), ends[:-1])
# +    parts = [rng.permutation(part) for part in parts]
# +    return [(x[part], y[part]) for part in parts]

# %% wrong: the global generator
# says: a generator of NumPy or Python that is not rng
# -    order = rng.permutation(len(x))
# +    order = np.random.permutation(len(x))

# %% wrong: Python's generator
# says: a generator of NumPy or Python that is not rng
# -    order = rng.permutation(len(x))
# +    import random
# +
# +    order = np.array(random.sample(range(len(x)), len(x)))

# %% wrong: a new generator without a seed
# says: a generator of NumPy or Python that is not rng
# -    order = rng.permutation(len(x))
# +    order = np.random.default_rng().permutation(len(x))

# %% wrong: a seed of its own
# says: a seed of its own
# -    order = rng.permutation(len(x))
# +    rng = np.random.default_rng(0)
# +    order = rng.permutation(len(x))

# %% wrong: the global generator with a seed
# says: a seed of its own
# -    order = rng.permutation(len(x))
# +    np.random.seed(42)
# +    order = np.random.permutation(len(x))

# %% wrong: a copy of the generator
# says: drawing from a copy of rng
# -    order = rng.permutation(len(x))
# +    from copy import deepcopy
# +
# +    order = deepcopy(rng).permutation(len(x))

# %% wrong: only the training rows shuffled
# says: only some of them are shuffled
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    half = ends[-1] if len(ends) < 2 else ends[-2]
# +    order = np.concatenate([rng.permutation(half), np.arange(half, len(x))])
# +    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]

# %% wrong: rolled, not shuffled
# says: blocks are moved as wholes
# -    order = rng.permutation(len(x))
# +    order = np.roll(np.arange(len(x)).reshape(-1, 2 if len(x) % 2 == 0 else 1), rng.integers(len(x)), axis=0)
# +    order = order[rng.permutation(len(order))].ravel()

# %% wrong: stratified
# says: stratified, label by label
# -    order = rng.permutation(len(x))
# -    # Rounding where parts end, not how long they are, loses no row.
# -    ends = np.round(np.cumsum(fractions) * len(x)).astype(int)
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    parts = [[] for _ in fractions]
# +    for label in np.unique(y):
# +        order = rng.permutation(np.flatnonzero(y == label))
# +        ends = np.round(np.cumsum(fractions) * len(order)).astype(int)
# +        for part, chosen in zip(parts, np.split(order, ends[:-1])):
# +            part.extend(chosen)
# +    return [(x[part], y[part]) for part in parts]

# %% wrong: labels first
# fails: test-split-labels
# says: x comes first
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    return [(y[part], x[part]) for part in np.split(order, ends[:-1])]

# %% wrong: one flat list
# fails: test-split-labels, test-split-complete, test-split-sizes, test-split-shuffled
# because: nothing that it returns is right
# says: one flat list
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    parts = np.split(order, ends[:-1])
# +    return [each for part in parts for each in (x[part], y[part])]

# %% wrong: rows only
# says: not one pair for each fraction
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    return [x[part] for part in np.split(order, ends[:-1])]

# %% wrong: two lists, all x and all y
# says: not one pair for each fraction
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    parts = np.split(order, ends[:-1])
# +    return [x[part] for part in parts], [y[part] for part in parts]

# %% wrong: indices, not rows
# says: not one pair for each fraction
# -    return [(x[part], y[part]) for part in np.split(order, ends[:-1])]
# +    return np.split(order, ends[:-1])
