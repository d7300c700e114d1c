# %% right: everything put together, then one loss
def evaluate(model, batches, device):
    before = {m: m.training for m in model.modules()}
    model.eval()
    scores, labels = [], []
    with torch.inference_mode():
        for x, y in batches:
            scores.append(model(x.to(device)))
            labels.append(y.to(device))
        scores, labels = torch.cat(scores), torch.cat(labels)
        loss = nn.CrossEntropyLoss()(scores, labels).item()
        accuracy = (scores.argmax(-1) == labels).float().mean().item()
    for m, mode in before.items():
        m.train(mode) if not list(m.children()) else setattr(m, "training", mode)
    return loss, accuracy


# %% right: a decorator, means weighted by sizes
@torch.no_grad()
def evaluate(model, batches, device):
    modules = list(model.modules())
    modes = [m.training for m in modules]
    model.train(False)
    total_loss = total_right = n = 0
    for images, labels in batches:
        images, labels = images.to(device), labels.to(device)
        logits = model(images)
        total_loss += F.cross_entropy(logits, labels).item() * labels.size(0)
        _, predicted = logits.max(dim=1)
        total_right += predicted.eq(labels).sum().item()
        n += labels.size(0)
    for m, mode in zip(modules, modes):
        m.training = mode
    return total_loss / n, total_right / n


# %% right: a context manager of its own, losses image by image
from contextlib import contextmanager


@contextmanager
def frozen(model):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        for m, mode in modes:
            m.training = mode


def evaluate(model, batches, device):
    losses, hits = [], []
    with frozen(model) as net:
        for x, y in batches:
            out, y = net(x.to(device)), y.to(device)
            losses += F.cross_entropy(out, y, reduction="none").tolist()
            hits += (out.argmax(1) == y).tolist()
    return sum(losses) / len(losses), sum(hits) / len(hits)


# %% right: sums on the device, topk
def evaluate(model, batches, device):
    modes = [(m, m.training) for m in model.modules()]
    for m, _ in modes:
        m.eval()
    sums = torch.zeros(3, dtype=torch.float64, device=device)
    with torch.set_grad_enabled(False):
        for x, y in batches:
            x, y = x.to(device), y.to(device)
            z = model(x)
            loss = -(z - z.logsumexp(1, keepdim=True)).gather(1, y[:, None]).sum()
            right = (z.topk(1).indices[:, 0] == y).sum()
            sums += torch.stack([loss, right.to(loss), torch.as_tensor(len(y)).to(loss)]).double()
    for m, mode in reversed(modes):
        m.train(mode)
    for m, mode in modes:
        m.training = mode
    loss, right, n = sums.tolist()
    return loss / n, right / n


# %% right: NumPy for the sums
import numpy as np


def evaluate(model, batches, device):
    modes = {name: m.training for name, m in model.named_modules()}
    model.eval()
    rows = []
    with torch.no_grad():
        for x, y in batches:
            p = F.log_softmax(model(x.to(device)), dim=1).cpu().numpy()
            y = y.numpy()
            rows.append(np.stack([-p[np.arange(len(y)), y], p.argmax(1) == y], axis=1))
    for name, m in model.named_modules():
        m.training = modes[name]
    loss, accuracy = np.concatenate(rows).mean(axis=0)
    return float(loss), float(accuracy)


# %% wrong: the mean of the batches' means
# fails: test-evaluate-values
# says: the mean of the batches' means
# from: solution
# -            loss += F.cross_entropy(scores, y, reduction="sum").item()
# -            right += (scores.argmax(dim=1) == y).sum().item()
# -            seen += len(y)
# +            loss += F.cross_entropy(scores, y).item()
# +            right += (scores.argmax(dim=1) == y).double().mean().item()
# +            seen += 1

# %% wrong: the loss as the mean of the batches' means
# says: the loss as the mean of the batches' means
# -    loss, right, seen = 0.0, 0, 0
# +    loss, right, seen, count = 0.0, 0, 0, 0
# -            loss += F.cross_entropy(scores, y, reduction="sum").item()
# +            loss += F.cross_entropy(scores, y).item()
# +            count += 1
# -    return loss / seen, right / seen
# +    return loss / count, right / seen

# %% wrong: a percentage
# says: a percentage
# -    return loss / seen, right / seen
# +    return loss / seen, 100 * right / seen

# %% wrong: the number of right answers
# says: the number of right answers
# -    return loss / seen, right / seen
# +    return loss / seen, float(right)

# %% wrong: the share that is wrong
# says: the share that is wrong
# -    return loss / seen, right / seen
# +    return loss / seen, 1 - right / seen

# %% wrong: accuracy first
# says: the loss comes first
# -    return loss / seen, right / seen
# +    return right / seen, loss / seen

# %% wrong: the sum of the losses
# says: the sum of the losses
# -    return loss / seen, right / seen
# +    return loss, right / seen

# %% wrong: tensors come back
# says: no Python float
# -            right += (scores.argmax(dim=1) == y).sum().item()
# +            right += (scores.argmax(dim=1) == y).sum()

# %% wrong: only the accuracy
# says: not a pair
# -    return loss / seen, right / seen
# +    return right / seen

# %% wrong: the class with the smallest score
# says: wrong
# -            right += (scores.argmax(dim=1) == y).sum().item()
# +            right += (scores.argmin(dim=1) == y).sum().item()

# %% wrong: train mode
# fails: test-evaluate-model
# says: model.eval() left out
# -    model.eval()

# %% wrong: gradients are on
# says: torch.no_grad()
# -    with torch.no_grad():
# +    with torch.enable_grad():

# %% wrong: left in eval mode
# says: a part of the model is in another mode
# -    for module, mode in modes:
# -        module.training = mode

# %% wrong: all put into train mode at the end
# says: parts may have been in eval mode
# -    for module, mode in modes:
# -        module.training = mode
# +    model.train()

# %% wrong: the mode of the whole model put back, and so of all parts
# says: parts may have been in eval mode
# -    modes = [(module, module.training) for module in model.modules()]
# +    mode = model.training
# -    for module, mode in modes:
# -        module.training = mode
# +    model.train(mode)

# %% wrong: eval mode for the model itself alone
# says: not asked in eval mode
# -    model.eval()
# +    model.training = False

# %% wrong: the model is asked twice
# says: not one call of the model for each batch
# -            scores = model(x)
# +            model(x)
# +            scores = model(x)

# %% wrong: gradients off for good
# fails: test-evaluate-model
# says: torch.set_grad_enabled(False) as a statement
# from: a decorator, means weighted by sizes
# -@torch.no_grad()
# -def evaluate(model, batches, device):
# +def evaluate(model, batches, device):
# +    torch.set_grad_enabled(False)
