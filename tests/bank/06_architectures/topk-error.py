# %% right: topk
def topk_error(scores, y, k):
    _, best = torch.topk(scores, k, dim=1)
    hits = (best == y.view(-1, 1)).any(dim=1)
    return 1.0 - hits.float().mean().item()


# %% right: a loop over rows
def topk_error(scores, y, k):
    wrong = 0
    for row, label in zip(scores, y):
        best = sorted(range(len(row)), key=lambda c: -row[c])[:k]
        wrong += int(label) not in best
    return wrong / len(y)


# %% right: the rank of the label's score
def topk_error(scores, y, k):
    own = scores.gather(1, y.long()[:, None])
    larger = (scores > own).sum(dim=1)
    return (larger >= k).double().mean()


# %% right: argsort in NumPy
import numpy as np


def topk_error(scores, y, k):
    order = np.argsort(-scores.numpy(), axis=1)[:, :k]
    return float(np.mean([label not in row for label, row in zip(y.numpy(), order)]))


# %% right: as in PyTorch's examples
def topk_error(scores, y, k):
    with torch.no_grad():
        pred = scores.topk(k, 1, True, True)[1].t()
        correct = pred.eq(y.view(1, -1).expand_as(pred))
        return 1 - correct.reshape(-1).float().sum(0, keepdim=True) / y.size(0)


# %% right: the k-th largest score as a threshold
def topk_error(scores, y, k):
    kth = scores.sort(dim=1).values[:, -k]
    own = scores[torch.arange(len(y)), y.to(torch.int64)]
    return torch.mean((own < kth).float())


# %% wrong: the share that is right
# fails: test-topk-error-values
# says: the share that is right
# from: topk
# -    return 1.0 - hits.float().mean().item()
# +    return hits.float().mean().item()

# %% wrong: a number of rows
# says: a number of rows
# from: a loop over rows
# -    return wrong / len(y)
# +    return wrong

# %% wrong: a percentage
# says: a percentage
# from: topk
# -    return 1.0 - hits.float().mean().item()
# +    return 100 * (1.0 - hits.float().mean().item())

# %% wrong: the largest score only
# says: the largest score only
# from: topk
# -    _, best = torch.topk(scores, k, dim=1)
# +    _, best = torch.topk(scores, 1, dim=1)

# %% wrong: the smallest scores
# says: the k smallest scores
# from: topk
# -    _, best = torch.topk(scores, k, dim=1)
# +    _, best = torch.topk(scores, k, dim=1, largest=False)

# %% wrong: argsort upwards
# says: the k smallest scores
# from: argsort in NumPy
# -    order = np.argsort(-scores.numpy(), axis=1)[:, :k]
# +    order = np.argsort(scores.numpy(), axis=1)[:, :k]

# %% wrong: one guess too many
# says: k + 1 guesses
# from: the rank of the label's score
# -    return (larger >= k).double().mean()
# +    return (larger > k).double().mean()

# %% wrong: one guess too few
# says: k - 1 guesses
# from: the k-th largest score as a threshold
# -    return torch.mean((own < kth).float())
# +    return torch.mean((own <= kth).float())

# %% wrong: the k-th guess only
# says: the k-th guess only
# from: topk
# -    hits = (best == y.view(-1, 1)).any(dim=1)
# +    hits = best[:, -1] == y

# %% wrong: any of the labels
# says: the labels of all rows
# from: topk
# -    hits = (best == y.view(-1, 1)).any(dim=1)
# +    hits = torch.isin(best, y).any(dim=1)

# %% wrong: divided by N · k
# says: divided by N · k
# from: topk
# -    hits = (best == y.view(-1, 1)).any(dim=1)
# +    hits = best == y.view(-1, 1)

# %% wrong: five guesses, whatever k is
# says: five guesses
# from: topk
# -    _, best = torch.topk(scores, k, dim=1)
# +    _, best = torch.topk(scores, min(5, scores.shape[1]), dim=1)

# %% wrong: the scores compared with the labels
# says: wrong value
# from: topk
# -    _, best = torch.topk(scores, k, dim=1)
# +    best, _ = torch.topk(scores, k, dim=1)

# %% wrong: the largest scores of each column
# fails: test-topk-error-values, test-topk-error-inputs
# because: there are fewer rows than k
# says: topk_error raised
# from: topk
# -    _, best = torch.topk(scores, k, dim=1)
# +    _, best = torch.topk(scores, k, dim=0)

# %% wrong: the absolute scores
# fails: test-topk-error-values
# says: the absolute values
# from: topk
# -    _, best = torch.topk(scores, k, dim=1)
# +    _, best = torch.topk(scores.abs(), k, dim=1)

# %% wrong: scores changed on the way
# fails: test-topk-error-inputs
# says: changes
# from: the rank of the label's score
# -    larger = (scores > own).sum(dim=1)
# +    scores -= own
# +    larger = (scores > 0).sum(dim=1)

# %% wrong: an error for each row
# fails: test-topk-error-values
# says: wrong
# from: topk
# -    return 1.0 - hits.float().mean().item()
# +    return 1.0 - hits.float()
