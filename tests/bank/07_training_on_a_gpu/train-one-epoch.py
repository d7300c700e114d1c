# %% right: losses kept in a list
def train_one_epoch(model, batches, optimizer, device, amp_dtype=None):
    device = torch.device(device)
    model.train()
    losses = []
    for images, labels in batches:
        images = images.to(device, non_blocking=True)
        labels = labels.to(device, non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device_type=device.type, dtype=amp_dtype, enabled=amp_dtype is not None):
            logits = model(images)
            loss = nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        losses += [loss.item()] * len(labels)
    return sum(losses) / len(losses)


# %% right: nn.CrossEntropyLoss, a context only where it is needed
from contextlib import nullcontext


def train_one_epoch(model, batches, optimizer, device, amp_dtype=None):
    criterion = nn.CrossEntropyLoss()
    total = 0.0
    count = 0
    model.train(True)
    for x, y in batches:
        x = x.to(device)
        y = y.to(device)
        for p in model.parameters():
            p.grad = None
        kind = device.type if isinstance(device, torch.device) else device.split(":")[0]
        with torch.autocast(kind, dtype=amp_dtype) if amp_dtype else nullcontext():
            loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += float(loss) * x.size(0)
        count += x.size(0)
    return total / count


# %% right: the loss outside autocast, in float32; a sum that stays on the device
def train_one_epoch(model, batches, optimizer, device, amp_dtype=None):
    was_training = model.training
    model.train()
    total, n = torch.zeros(1, dtype=torch.float64, device=device), 0
    for x, y in batches:
        x, y = x.to(device), y.to(device)
        if amp_dtype is None:
            scores = model(x)
        else:
            with torch.autocast(torch.device(device).type, amp_dtype):
                scores = model(x)
            scores = scores.float()
        loss = F.cross_entropy(scores, y)
        model.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(x)
        n += len(x)
    model.train(was_training)
    return (total / n).item()


# %% right: a closure for a step
def train_one_epoch(model, batches, optimizer, device, amp_dtype=None):
    def step(x, y):
        optimizer.zero_grad()
        with torch.autocast(torch.device(device).type, dtype=amp_dtype or torch.bfloat16, enabled=bool(amp_dtype)):
            loss = F.nll_loss(F.log_softmax(model(x), dim=1), y)
        loss.backward()
        optimizer.step()
        return loss.item(), len(y)

    model.train()
    results = [step(x.to(device), y.to(device)) for x, y in batches]
    return sum(loss * n for loss, n in results) / sum(n for _, n in results)


# %% right: a running mean, gradients set to zero at the end of a step and before the first
def train_one_epoch(model, batches, optimizer, device, amp_dtype=None):
    model.train()
    optimizer.zero_grad()
    mean, seen = 0.0, 0
    for batch in iter(batches):
        x, y = (part.to(device) for part in batch)
        with torch.autocast(torch.device(device).type, amp_dtype, enabled=amp_dtype is not None):
            loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        seen += len(y)
        mean += (loss.item() - mean) * len(y) / seen
    return mean


# %% wrong: gradients are never set to zero
# fails: test-train-one-epoch-steps
# says: gradients that are never set to zero
# from: solution
# -        optimizer.zero_grad()

# %% wrong: gradients set to zero after the step only
# says: zero_grad() after the step only
# -        optimizer.zero_grad()
# -        loss.backward()
# -        optimizer.step()
# +        loss.backward()
# +        optimizer.step()
# +        optimizer.zero_grad()

# %% wrong: gradients set to zero between backward and step
# says: wrong
# -        optimizer.zero_grad()
# -        loss.backward()
# -        optimizer.step()
# +        loss.backward()
# +        optimizer.zero_grad()
# +        optimizer.step()

# %% wrong: no step
# says: optimizer.step() is missing
# -        optimizer.step()

# %% wrong: a step at the end of the epoch
# says: one step at the end
# -        optimizer.step()
# -        total += loss.item() * len(y)
# -        seen += len(y)
# +        total += loss.item() * len(y)
# +        seen += len(y)
# +    optimizer.step()

# %% wrong: eval mode is left as it is
# says: eval mode: model.train() comes first
# -    model.train()

# %% wrong: put into eval mode
# says: eval mode: model.train() comes first
# -    model.train()
# +    model.eval()

# %% wrong: a step on the sum of the batch
# says: the sum over the batch
# -            loss = F.cross_entropy(model(x), y)
# -        optimizer.zero_grad()
# +            loss = F.cross_entropy(model(x), y, reduction="sum")
# +        optimizer.zero_grad()
# -        total += loss.item() * len(y)
# +        total += loss.item()

# %% wrong: the gradient's way is cut
# says: train_one_epoch raised RuntimeError
# because: nothing comes back
# fails: test-train-one-epoch-steps, test-train-one-epoch-loss, test-train-one-epoch-amp, test-train-one-epoch-batches
# -            loss = F.cross_entropy(model(x), y)
# +            loss = F.cross_entropy(model(x).detach(), y)

# %% wrong: the mean of the batches' means
# fails: test-train-one-epoch-loss
# says: the mean of the batches' means
# -        total += loss.item() * len(y)
# -        seen += len(y)
# +        total += loss.item()
# +        seen += 1

# %% wrong: the sum of the batches' means
# says: the sum of the batches' means
# -        total += loss.item() * len(y)
# +        total += loss.item()
# -    return total / seen
# +    return total

# %% wrong: the sum over all images
# says: the sum over the images
# -    return total / seen
# +    return total

# %% wrong: divided by the number of images, of the batches' means
# says: divided twice by a batch's size
# -        total += loss.item() * len(y)
# +        total += loss.item()

# %% wrong: the loss of the last batch
# says: the loss of the last batch alone
# -    return total / seen
# +    return loss.item()

# %% wrong: the loss after the step
# says: the loss after the step
# -        total += loss.item() * len(y)
# +        total += F.cross_entropy(model(x), y).item() * len(y)

# %% wrong: a tensor comes back, with its graph
# says: .item()
# -        total += loss.item() * len(y)
# +        total += loss * len(y)

# %% wrong: the batch's size is that of the first
# says: wrong
# -        total += loss.item() * len(y)
# -        seen += len(y)
# +        size = len(y) if seen == 0 else size
# +        total += loss.item() * size
# +        seen += size

# %% wrong: amp_dtype is not used
# fails: test-train-one-epoch-amp
# says: no torch.autocast around model(x)
# -        with torch.autocast(torch.device(device).type, amp_dtype, enabled=amp_dtype is not None):
# -            loss = F.cross_entropy(model(x), y)
# +        loss = F.cross_entropy(model(x), y)

# %% wrong: autocast around the loss alone
# says: no torch.autocast around model(x)
# -        with torch.autocast(torch.device(device).type, amp_dtype, enabled=amp_dtype is not None):
# -            loss = F.cross_entropy(model(x), y)
# +        scores = model(x)
# +        with torch.autocast(torch.device(device).type, amp_dtype, enabled=amp_dtype is not None):
# +            loss = F.cross_entropy(scores, y)

# %% wrong: the model itself is converted
# says: autocast leaves the parameters as they are
# -    model.train()
# +    model.train()
# +    if amp_dtype is not None:
# +        model.to(amp_dtype)

# %% wrong: autocast for CUDA, whatever the device is
# says: no torch.autocast around model(x)
# -        with torch.autocast(torch.device(device).type, amp_dtype, enabled=amp_dtype is not None):
# +        with torch.autocast("cuda", amp_dtype, enabled=amp_dtype is not None):

# %% wrong: stops after the first batch
# fails: test-train-one-epoch-batches, test-train-one-epoch-steps, test-train-one-epoch-loss
# because: without some of its batches an epoch has other steps and another mean
# says: not every batch is read
# -    return total / seen
# +        return total / seen
