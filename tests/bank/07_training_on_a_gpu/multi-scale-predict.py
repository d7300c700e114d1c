# %% right: a list of votes
def multi_scale_predict(model, x, sizes):
    before = {name: module.training for name, module in model.named_modules()}
    model.eval()
    votes = []
    with torch.no_grad():
        for s in sizes:
            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
            votes.append(torch.softmax(model(resized), dim=1))
    for name, module in model.named_modules():
        module.training = before[name]
    return torch.stack(votes).mean(dim=0)


# %% right: a context that puts the modes back
from contextlib import contextmanager


@contextmanager
def in_eval_mode(model):
    training = [module for module in model.modules() if module.training]
    try:
        yield model.eval()
    finally:
        for module in training:
            module.training = True


@torch.no_grad()
def multi_scale_predict(model, x, sizes):
    with in_eval_mode(model):
        votes = (F.softmax(model(F.interpolate(x, s, mode="bilinear")), -1) for s in sizes)
        return sum(votes) / len(sizes)


# %% right: inference mode
def multi_scale_predict(model, x, sizes):
    parts = list(model.modules())
    modes = [part.training for part in parts]
    model.train(False)
    with torch.inference_mode():
        mean = None
        for size in sizes:
            probabilities = model(nn.Upsample(size, mode="bilinear")(x)).softmax(1)
            share = probabilities / len(sizes)
            mean = share if mean is None else mean + share
    for part, mode in zip(parts, modes):
        part.training = mode
    return mean.clone()


# %% right: a running mean
def multi_scale_predict(model, x, sizes):
    was_training = {module for module in model.modules() if module.training}
    enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        model.eval()
        mean = 0
        for k, size in enumerate(sizes, start=1):
            logits = model(F.interpolate(x, (size, size), None, "bilinear", False))
            mean = mean + (torch.exp(F.log_softmax(logits, dim=1)) - mean) / k
    finally:
        torch.set_grad_enabled(enabled)
        for module in model.modules():
            module.training = module in was_training
    return mean


# %% right: the softmax and the mean by hand
def multi_scale_predict(model, x, sizes):
    modes = []
    model.apply(lambda module: modes.append(module.training))
    model.eval()
    with torch.no_grad():
        scores = torch.stack(
            [model(F.interpolate(x, [s] * 2, mode="bilinear", align_corners=False)) for s in sizes], dim=1
        )
        powers = (scores - scores.amax(dim=2, keepdim=True)).exp()
        result = (powers / powers.sum(dim=2, keepdim=True)).sum(dim=1) / scores.shape[1]
    modes = iter(modes)
    model.apply(lambda module: setattr(module, "training", next(modes)))
    return result


# %% right: a grid of its own
def resize(x, s):
    n, c = x.shape[:2]
    theta = torch.eye(2, 3, dtype=x.dtype).expand(n, 2, 3)
    grid = F.affine_grid(theta, [n, c, s, s], align_corners=False)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=False)


def multi_scale_predict(model, x, sizes):
    def set_modes(module, modes):
        module.training = modes[0]
        for child, mode in zip(module.children(), modes[1]):
            set_modes(child, mode)

    def get_modes(module):
        return module.training, [get_modes(child) for child in module.children()]

    modes = get_modes(model)
    model.eval()
    with torch.no_grad():
        probabilities = torch.cat([model(resize(x, s)).softmax(dim=1)[None] for s in sizes])
    set_modes(model, modes)
    return probabilities.mean(0)


# %% right: parameters without gradients meanwhile
def multi_scale_predict(model, x, sizes):
    modes = [(part, part.training) for part in model.modules()]
    wanted = [(parameter, parameter.requires_grad) for parameter in model.parameters()]
    model.eval().requires_grad_(False)
    votes = [F.softmax(model(F.interpolate(x, (s, s), mode="bilinear")), dim=1) for s in sizes]
    for parameter, requires_grad in wanted:
        parameter.requires_grad = requires_grad
    for part, mode in modes:
        part.training = mode
    return sum(votes) / len(votes)


# %% right: a copy of the model
import copy


@torch.no_grad()
def multi_scale_predict(model, x, sizes):
    asked = copy.deepcopy(model).eval()
    return torch.stack([asked(F.interpolate(x, (s, s), mode="bilinear")).softmax(1) for s in sizes]).mean(0)


# %% wrong: the mean of the scores
# fails: test-multi-scale-predict-values
# says: the mean of the scores: it is that of the probabilities
# from: a list of votes
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(model(resized))

# %% wrong: the softmax of the mean of the scores
# says: the softmax of the mean of the scores: each size has its own softmax
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(model(resized))
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).mean(dim=0).softmax(dim=1)

# %% wrong: a softmax of probabilities
# says: wrong value
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).mean(dim=0).softmax(dim=1)

# %% wrong: the sum
# says: the sum of the probabilities: they are averaged
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).sum(dim=0)

# %% wrong: log-probabilities
# says: log-probabilities
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(torch.log_softmax(model(resized), dim=1))

# %% wrong: the geometric mean
# says: wrong value
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(torch.log_softmax(model(resized), dim=1))
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).mean(dim=0).exp()

# %% wrong: the largest of the probabilities
# says: wrong value
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).amax(dim=0)

# %% wrong: the median of the probabilities
# says: wrong value
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).median(dim=0).values

# %% wrong: a vote for one class each
# says: wrong value
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            scores = model(resized)
# +            votes.append(F.one_hot(scores.argmax(1), scores.shape[1]).to(scores.dtype))

# %% wrong: a sigmoid for each class
# says: wrong value
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(torch.sigmoid(model(resized)))

# %% wrong: the softmax over the images
# says: the softmax over the images: it is over the classes
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(torch.softmax(model(resized), dim=0))

# %% wrong: the softmax over the sizes
# says: wrong value
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(model(resized))
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).softmax(dim=0).mean(dim=0)

# %% wrong: the mean over the classes
# says: wrong shape
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes, dim=1).mean(dim=2)

# %% wrong: the nearest pixel
# says: the nearest pixel: images are resized bilinearly
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            resized = F.interpolate(x, size=(s, s))

# %% wrong: corners aligned
# says: align_corners=True: it is False here
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=True)

# %% wrong: with antialiasing
# says: wrong value
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            resized = F.interpolate(x, size=(s, s), mode="bilinear", antialias=True)

# %% wrong: bicubic
# says: wrong value
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            resized = F.interpolate(x, size=(s, s), mode="bicubic", align_corners=False)

# %% wrong: windows cut out of the image
# says: windows cut out of the image: it is resized
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            side = min(sizes)
# +            resized = F.interpolate(x[..., :side, :side], size=(s, s), mode="bilinear")

# %% wrong: each size from the one before
# says: wrong value
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            x = resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)

# %% wrong: resized, and back to the old size
# says: wrong value
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            small = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            resized = F.interpolate(small, size=x.shape[2:], mode="bilinear", align_corners=False)

# %% wrong: only the last size
# says: only the last size
# -    return torch.stack(votes).mean(dim=0)
# +    return votes[-1]

# %% wrong: only the first size
# says: only the first size
# -    return torch.stack(votes).mean(dim=0)
# +    return votes[0]

# %% wrong: a size left out
# says: wrong value
# -    return torch.stack(votes).mean(dim=0)
# +    return sum(votes[1:], votes[0] * 0) / max(1, len(votes) - 1)

# %% wrong: later sizes count for more
# says: wrong value
# from: a running mean
# -            mean = mean + (torch.exp(F.log_softmax(logits, dim=1)) - mean) / k
# +            mean = mean + (torch.exp(F.log_softmax(logits, dim=1)) - mean) / min(k, 2)

# %% wrong: the image itself asked as well
# says: wrong value
# from: a list of votes
# -    votes = []
# -    with torch.no_grad():
# +    with torch.no_grad():
# +        votes = [torch.softmax(model(x), dim=1)]

# %% wrong: larger sizes count for more
# says: wrong value
# -    return torch.stack(votes).mean(dim=0)
# +    shares = torch.tensor(sizes, dtype=x.dtype) / sum(sizes)
# +    return torch.einsum("s,snc->nc", shares, torch.stack(votes))

# %% wrong: the classes, not their probabilities
# says: multi_scale_predict
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes).mean(dim=0).argmax(dim=1)

# %% wrong: a list of the votes
# says: multi_scale_predict
# -    return torch.stack(votes).mean(dim=0)
# +    return torch.stack(votes)

# %% wrong: left in eval mode
# fails: test-multi-scale-predict-model
# says: a part of the model is in another mode than before
# -    for name, module in model.named_modules():
# -        module.training = before[name]

# %% wrong: all put into train mode at the end
# says: model.train() at the end: parts may have been in eval mode
# -    for name, module in model.named_modules():
# -        module.training = before[name]
# +    model.train()

# %% wrong: the mode of the whole for all parts
# says: model.train() at the end: parts may have been in eval mode
# -    for name, module in model.named_modules():
# -        module.training = before[name]
# +    model.train(before[""])

# %% wrong: only the outermost mode put back
# says: a part of the model is in another mode than before
# -    for name, module in model.named_modules():
# -        module.training = before[name]
# +    model.training = before[""]

# %% wrong: modes noted after eval
# says: a part of the model is in another mode than before
# -    before = {name: module.training for name, module in model.named_modules()}
# -    model.eval()
# +    model.eval()
# +    before = {name: module.training for name, module in model.named_modules()}

# %% wrong: returned before the modes are put back
# says: a part of the model is in another mode than before
# from: inference mode
# -    for part, mode in zip(parts, modes):
# -        part.training = mode
# -    return mean.clone()
# +    return mean
# +    for part, mode in zip(parts, modes):
# +        part.training = mode

# %% wrong: the children, and not what is in them
# says: a part of the model is in another mode than before
# -    parts = list(model.modules())
# +    parts = [model, *model.children()]

# %% wrong: gradients on
# says: a graph is built
# from: a list of votes
# -    with torch.no_grad():
# +    if True:

# %% wrong: gradients on, and the result detached
# says: a graph is built
# -    with torch.no_grad():
# +    if True:
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            votes.append(torch.softmax(model(resized), dim=1).detach())

# %% wrong: no gradients for the resizing only
# says: a graph is built
# -    with torch.no_grad():
# -        for s in sizes:
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# -            votes.append(torch.softmax(model(resized), dim=1))
# +    for s in sizes:
# +        with torch.no_grad():
# +            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +        votes.append(torch.softmax(model(resized), dim=1))

# %% wrong: asked in train mode
# fails: test-multi-scale-predict-model
# says: model.eval() left out
# -    model.eval()
# +    model.train()

# %% wrong: gradients off for good
# says: torch.set_grad_enabled(False) as a statement
# -    with torch.no_grad():
# -        for s in sizes:
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# -            votes.append(torch.softmax(model(resized), dim=1))
# +    torch.set_grad_enabled(False)
# +    for s in sizes:
# +        resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +        votes.append(torch.softmax(model(resized), dim=1))

# %% wrong: gradients on at the end, whatever they were before
# says: other parameters have requires_grad afterwards
# from: parameters without gradients meanwhile
# -    for parameter, requires_grad in wanted:
# -        parameter.requires_grad = requires_grad
# +    model.requires_grad_(True)

# %% wrong: parameters that stay frozen
# says: other parameters have requires_grad afterwards
# -    for parameter, requires_grad in wanted:
# -        parameter.requires_grad = requires_grad

# %% wrong: a hook that stays
# says: the model has other hooks afterwards
# from: a list of votes
# -    votes = []
# +    votes, scores = [], []
# +    model.register_forward_hook(lambda module, inputs, output: scores.append(output))
# -            votes.append(torch.softmax(model(resized), dim=1))
# +            model(resized)
# +            votes.append(torch.softmax(scores[-1], dim=1))

# %% wrong: images made smaller by a mean, in place
# says: working in place
# -    model.eval()
# +    model.eval()
# +    mean = x.mean(dim=(2, 3), keepdim=True)
# +    x -= mean
# -            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False)
# +            resized = F.interpolate(x, size=(s, s), mode="bilinear", align_corners=False) + mean
