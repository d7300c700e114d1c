# %% right: autograd.grad, max
def saliency(model, image, label):
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    x = image.detach().clone().requires_grad_(True)
    gradient = torch.autograd.grad(model(x.unsqueeze(0))[0][label], x)[0]
    for m, mode in modes:
        m.training = mode
    return gradient.abs().max(dim=0).values


# %% right: backward for the image alone
def saliency(model, image, label):
    before = {name: m.training for name, m in model.named_modules()}
    model.train(False)
    x = image.clone()[None]
    x.requires_grad = True
    model(x)[:, label].sum().backward(inputs=[x])
    for name, m in model.named_modules():
        m.training = before[name]
    return np.abs(x.grad[0].numpy()).max(axis=0)


# %% right: a copy of the model, backward
import copy


def saliency(model, image, label):
    net = copy.deepcopy(model).eval()
    x = torch.tensor(image.tolist())[None].requires_grad_()
    net(x)[0, label].backward()
    g = x.grad[0]
    return torch.maximum(g, -g).amax(0)


# %% right: torch.func
from contextlib import contextmanager


@contextmanager
def asked(model):
    training = [m for m in model.modules() if m.training]
    try:
        yield model.eval()
    finally:
        for m in training:
            m.training = True


def saliency(model, image, label):
    with asked(model):
        gradient = torch.func.grad(lambda x: model(x[None])[0, label])(image)
    return gradient.detach().abs().amax(dim=-3)


# %% right: gradients of the parameters put back
def saliency(model, image, label):
    kept = [(p, None if p.grad is None else p.grad.clone()) for p in model.parameters()]
    parts = list(model.modules())
    modes = [m.training for m in parts]
    model.eval()
    x = image.clone().requires_grad_()
    model(x[None]).squeeze(0)[label].backward()
    for p, grad in kept:
        p.grad = grad
    for m, mode in zip(parts, modes):
        m.training = mode
    return torch.stack([channel.abs() for channel in x.grad]).max(0)[0]


# %% right: a direction for the backward pass
def saliency(model, image, label):
    was = [m.training for m in model.modules()]
    model.eval()
    with torch.enable_grad():
        x = image[None].clone().requires_grad_()
        scores = model(x)
        chosen = F.one_hot(torch.tensor([label]), scores.shape[1]).to(scores.dtype)
        (gradient,) = torch.autograd.grad(scores, x, grad_outputs=chosen)
    for m, mode in zip(model.modules(), was):
        m.training = mode
    return gradient.detach().abs()[0].amax(dim=0)


# %% wrong: the probability
# fails: test-saliency-values
# says: the gradient of the probability
# from: solution
# -    score = model(x)[0, label]
# +    score = model(x).softmax(1)[0, label]

# %% wrong: the log-probability
# says: the gradient of the log-probability
# -    score = model(x)[0, label]
# +    score = F.log_softmax(model(x), 1)[0, label]

# %% wrong: the cross-entropy
# says: the gradient of the log-probability
# -    score = model(x)[0, label]
# +    score = F.cross_entropy(model(x), torch.tensor([label]))

# %% wrong: the largest score
# says: the gradient of the largest score
# -    score = model(x)[0, label]
# +    score = model(x).max()

# %% wrong: all scores
# says: the gradient of the sum of all scores
# -    score = model(x)[0, label]
# +    score = model(x).sum()

# %% wrong: without the absolute value
# says: without the absolute value
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].amax(dim=0)

# %% wrong: the absolute value last
# says: the absolute value after the maximum
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].amax(dim=0).abs()

# %% wrong: the mean over the channels
# says: the mean over the channels
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].abs().mean(dim=0)

# %% wrong: the sum over the channels
# says: the sum over the channels
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].abs().sum(dim=0)

# %% wrong: the length over the channels
# says: the length of the gradient over the channels
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].norm(dim=0)

# %% wrong: one channel
# says: the first channel alone
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0, 0].abs()

# %% wrong: a batch of one comes back
# says: wrong shape
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient.abs().amax(dim=1)

# %% wrong: the maximum over the rows
# says: saliency
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].abs().amax(dim=1)

# %% wrong: values and places
# says: saliency
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].abs().max(dim=0)

# %% wrong: times the pixel
# says: the gradient times the pixel
# -    return gradient[0].abs().amax(dim=0)
# +    return (gradient[0] * image).abs().amax(dim=0)

# %% wrong: scaled to 1
# says: divided by its largest value
# -    return gradient[0].abs().amax(dim=0)
# +    return gradient[0].abs().amax(dim=0) / gradient.abs().max()

# %% wrong: the class before
# says: wrong value
# -    score = model(x)[0, label]
# +    score = model(x)[0, label - 1]

# %% wrong: train mode
# fails: test-saliency-model
# says: model.eval() left out
# -    model.eval()

# %% wrong: left in eval mode
# says: a part of the model is in another mode
# -    for module, mode in modes:
# -        module.training = mode

# %% wrong: all put into train mode
# says: parts may have been in eval mode
# -    for module, mode in modes:
# -        module.training = mode
# +    model.train()

# %% wrong: backward for everything
# says: the parameters have other gradients afterwards
# -    (gradient,) = torch.autograd.grad(score, x)
# +    score.backward()
# +    gradient = x.grad

# %% wrong: gradients cleared at the end
# says: the parameters have other gradients afterwards
# -    (gradient,) = torch.autograd.grad(score, x)
# +    score.backward()
# +    gradient = x.grad
# +    model.zero_grad()

# %% wrong: the image itself asks for a gradient
# says: the image asks for a gradient afterwards
# -    x = image.clone()[None].requires_grad_()
# +    x = image.requires_grad_()[None]

# %% wrong: parameters frozen for good
# says: other parameters have requires_grad afterwards
# -    x = image.clone()[None].requires_grad_()
# +    model.requires_grad_(False)
# +    x = image.clone()[None].requires_grad_()

# %% wrong: a graph of the gradient
# fails: test-saliency-model
# says: the result hangs on a graph
# -    (gradient,) = torch.autograd.grad(score, x)
# +    (gradient,) = torch.autograd.grad(score, x, create_graph=True)
