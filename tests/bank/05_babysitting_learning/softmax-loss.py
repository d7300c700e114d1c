# %% right: log-probabilities
def softmax_loss(scores, y):
    shifted = scores - np.max(scores, axis=1, keepdims=True)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    N = scores.shape[0]
    loss = -np.sum(log_p[np.arange(N), y]) / N
    grad = np.exp(log_p)
    grad[np.arange(N), y] -= 1
    grad /= N
    return loss, grad


# %% right: loops and math
import math


def softmax_loss(scores, y):
    n, c = scores.shape
    loss = 0.0
    dscores = np.zeros((n, c))
    for i in range(n):
        m = max(scores[i])
        exps = [math.exp(s - m) for s in scores[i]]
        total = sum(exps)
        loss += math.log(total) - (scores[i][y[i]] - m)
        for j in range(c):
            dscores[i, j] = (exps[j] / total - (1 if j == y[i] else 0)) / n
    return loss / n, dscores


# %% right: one-hot labels, logaddexp
def softmax_loss(scores, y):
    hot = np.eye(scores.shape[1])[y]
    log_sum = np.logaddexp.reduce(scores, axis=1, keepdims=True)
    loss = ((log_sum - scores) * hot).sum() / len(y)
    return float(loss), (np.exp(scores - log_sum) - hot) / len(y)


# %% right: in place on copies, take_along_axis
def softmax_loss(scores, y):
    z = scores.copy()
    z -= z.max(1)[:, None]
    right = np.take_along_axis(z, y[:, None].astype(int), axis=1)
    np.exp(z, out=z)
    total = z.sum(1, keepdims=True)
    loss = (np.log(total) - right).mean()
    z /= total
    z[range(len(y)), y] -= 1.0
    return loss, z / len(z)


# %% right: differences to the right class
def softmax_loss(scores, y):
    rows = np.arange(len(scores))
    margin = scores - scores[rows, y][:, np.newaxis]
    top = margin.max(axis=1)
    losses = top + np.log(np.exp(margin - top[:, np.newaxis]).sum(axis=1))
    p = np.exp(margin - losses[:, np.newaxis])
    p[rows, y] -= 1
    return sum(losses) / len(losses), np.multiply(p, 1 / len(p))


# %% right: row by row, helpers, lists
def _softmax(row):
    e = np.exp(row - row.max())
    return e / e.sum()


def _loss(row, label):
    return row.max() - row[label] + np.log(np.exp(row - row.max()).sum())


def softmax_loss(scores, y):
    n = len(scores)
    slopes = []
    for row, label in zip(scores, y.tolist()):
        p = _softmax(row)
        p[label] -= 1
        slopes.append((p / n).tolist())
    return np.mean([_loss(row, label) for row, label in zip(scores, y.tolist())]), np.array(slopes)


# %% right: transposed, einsum
def softmax_loss(scores, y):
    s = (scores.T - scores.max(axis=1)).T
    e = np.exp(s)
    hot = (np.arange(scores.shape[1]) == y[:, None]).astype(float)
    total = np.einsum("nc->n", e)
    loss = np.mean(np.log(total) - np.einsum("nc,nc->n", s, hot))
    return loss, np.einsum("nc,n->nc", e, 1 / total) / len(y) - hot / len(y)


# %% wrong: the sum
# fails: test-softmax-loss-loss
# says: the sum over the batch
# from: solution
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.sum(np.log(sums[:, 0]) - shifted[np.arange(n), y])

# %% wrong: a loss for each example
# says: a loss for each example
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.log(sums[:, 0]) - shifted[np.arange(n), y]

# %% wrong: no minus sign
# says: no minus sign
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(shifted[np.arange(n), y] - np.log(sums[:, 0]))

# %% wrong: base 2
# says: base 2
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y]) / np.log(2)

# %% wrong: base 10
# says: base 10
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y]) / np.log(10)

# %% wrong: the mean over classes, too
# says: divided by the number of classes
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.sum(np.log(sums[:, 0]) - shifted[np.arange(n), y]) / scores.size

# %% wrong: the score alone
# says: the score without the logarithm of the sum
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = -np.mean(scores[np.arange(n), y])

# %% wrong: shifted scores in the sum only
# says: shifted scores in the sum only
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(np.log(sums[:, 0]) - scores[np.arange(n), y])

# %% wrong: every label for every example
# says: every example with every label
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(np.log(sums) - shifted[:, y])

# %% wrong: one minus the probability
# says: 1 - p
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(1 - np.exp(shifted[np.arange(n), y]) / sums[:, 0])

# %% wrong: squared errors
# says: squared errors
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    p = np.exp(shifted) / sums
# +    p[np.arange(n), y] -= 1
# +    loss = np.mean(np.sum(p**2, axis=1))

# %% wrong: the largest probability
# says: the largest probability
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(np.log(sums[:, 0]))

# %% wrong: one sum for the whole batch
# fails: test-softmax-loss-loss, test-softmax-loss-gradient, test-softmax-loss-inputs
# because: both are made of the same probabilities
# says: each example has its own sum
# -    sums = np.exp(shifted).sum(axis=1, keepdims=True)
# +    sums = np.full((n, 1), np.exp(shifted).sum())

# %% wrong: the gradient of the sum
# fails: test-softmax-loss-gradient
# says: not divided by N
# -    return loss, dscores / n
# +    return loss, dscores

# %% wrong: divided by the classes
# says: divided by the number of classes
# -    return loss, dscores / n
# +    return loss, dscores / scores.shape[1]

# %% wrong: np.mean for the gradient, over everything
# says: divided by N and by the number of classes
# -    return loss, dscores / n
# +    return loss, dscores / scores.size

# %% wrong: the wrong sign
# says: the wrong sign
# -    return loss, dscores / n
# +    return loss, -dscores / n

# %% wrong: 1 not subtracted
# says: 1 is not subtracted
# -    dscores[np.arange(n), y] -= 1

# %% wrong: divided before 1 is subtracted
# says: divide by N after subtracting 1
# -    dscores = np.exp(shifted) / sums
# +    dscores = np.exp(shifted) / sums / n
# -    return loss, dscores / n
# +    return loss, dscores

# %% wrong: whole columns
# says: 1 subtracted from whole columns
# -    dscores[np.arange(n), y] -= 1
# +    dscores[:, y] -= 1

# %% wrong: only the right class
# says: nothing in the columns of other classes
# -    dscores[np.arange(n), y] -= 1
# +    dscores[np.arange(n), y] -= 1
# +    dscores *= np.eye(scores.shape[1])[y]

# %% wrong: divided twice
# says: divided by N twice
# -    return loss, dscores / n
# +    return loss, dscores / n / n

# %% wrong: the slope of the sigmoid
# says: the sigmoid's slope
# -    dscores[np.arange(n), y] -= 1
# +    hot = np.eye(scores.shape[1])[y]
# +    dscores = dscores * (1 - dscores) * (1 - 2 * hot)

# %% wrong: the gradient of the probabilities alone
# says: that is the slope of the logarithm alone
# -    dscores[np.arange(n), y] -= 1
# +    hot = np.eye(scores.shape[1])[y]
# +    dscores = -hot / np.maximum(dscores, 1e-300)

# %% wrong: the naive formula
# fails: test-softmax-loss-stable
# says: exp overflows
# -    shifted = scores - scores.max(axis=1, keepdims=True)
# +    shifted = scores

# %% wrong: the logarithm of the probability
# says: the logarithm of a probability that is 0
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = -np.mean(np.log((np.exp(shifted) / sums)[np.arange(n), y]))

# %% wrong: a small number in the logarithm
# says: a small number beside p hides the infinity
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = -np.mean(np.log((np.exp(shifted) / sums)[np.arange(n), y] + 1e-12))

# %% wrong: probabilities cut off
# says: a small number beside p hides the infinity
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    p = np.clip((np.exp(shifted) / sums)[np.arange(n), y], 1e-15, 1 - 1e-15)
# +    loss = -np.mean(np.log(p))

# %% wrong: one largest score
# says: one largest score for all rows
# -    shifted = scores - scores.max(axis=1, keepdims=True)
# +    shifted = scores - scores.max()

# %% wrong: scores clipped
# says: clipped scores lose their differences
# -    shifted = scores - scores.max(axis=1, keepdims=True)
# +    shifted = np.clip(scores, -500, 500)

# %% wrong: the mean subtracted
# says: the mean subtracted
# -    shifted = scores - scores.max(axis=1, keepdims=True)
# +    shifted = scores - scores.mean(axis=1, keepdims=True)

# %% wrong: in long double
# says: wrong value
# -    shifted = scores - scores.max(axis=1, keepdims=True)
# +    shifted = scores.astype(np.float32).astype(float) if np.abs(scores).max() > 100 else scores
# +    shifted = np.clip(shifted, -700, 700)

# %% wrong: changes the scores
# fails: test-softmax-loss-inputs
# says: working in place
# -    shifted = scores - scores.max(axis=1, keepdims=True)
# +    scores -= scores.max(axis=1, keepdims=True)
# +    shifted = scores

# %% wrong: the gradient in the scores' own array
# says: working in place
# -    return loss, dscores / n
# +    scores[:] = dscores / n
# +    return loss, scores

# %% wrong: labels set to 0
# fails: test-softmax-loss-inputs, test-two-layer-net-penalty
# because: it changes the labels of the net, too
# says: working in place
# -    return loss, dscores / n
# +    y += 0
# +    y -= y
# +    return loss, dscores / n

# %% wrong: int64 labels only
# fails: test-softmax-loss-inputs
# says: raised
# -    n = len(scores)
# +    n = len(scores)
# +    if y.dtype != np.int64:
# +        raise TypeError("labels are int64")

# %% wrong: flat places in the labels' own dtype
# says: raised OverflowError
# -    loss = np.mean(np.log(sums[:, 0]) - shifted[np.arange(n), y])
# +    loss = np.mean(np.log(sums[:, 0]) - shifted.T.ravel()[y * n + np.arange(n)])

# %% wrong: the loss alone
# fails: test-softmax-loss-gradient, test-softmax-loss-stable, test-softmax-loss-inputs, test-two-layer-net-loss, test-two-layer-net-penalty, test-two-layer-net-gradient, test-two-layer-net-penalty-gradient
# because: a net on a loss that returns no pair raises
# says: wrong shape
# -    return loss, dscores / n
# +    return loss
