# %% right: one place after the other
def occlusion_map(model, image, label, size, stride, value=0.0):
    rows = (image.shape[1] - size) // stride + 1
    columns = (image.shape[2] - size) // stride + 1
    result = torch.zeros(rows, columns)
    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    with torch.no_grad():
        for i in range(rows):
            for j in range(columns):
                covered = image.clone()
                covered[:, i * stride : i * stride + size, j * stride : j * stride + size] = value
                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
    for m, mode in modes:
        m.training = mode
    return result


# %% right: masks, one batch
def occlusion_map(model, image, label, size, stride, value=0.0):
    _, height, width = image.shape
    tops = torch.arange(0, height - size + 1, stride)
    lefts = torch.arange(0, width - size + 1, stride)
    rows, columns = torch.arange(height), torch.arange(width)
    inside_rows = (rows >= tops[:, None]) & (rows < tops[:, None] + size)
    inside_columns = (columns >= lefts[:, None]) & (columns < lefts[:, None] + size)
    mask = inside_rows[:, None, :, None] & inside_columns[None, :, None, :]
    covered = torch.where(mask.flatten(0, 1)[:, None], torch.tensor(value, dtype=image.dtype), image)
    before = {name: m.training for name, m in model.named_modules()}
    model.train(False)
    with torch.inference_mode():
        chances = torch.softmax(model(covered), -1)[:, label].clone()
    for name, m in model.named_modules():
        m.training = before[name]
    return chances.view(len(tops), len(lefts))


# %% right: lists, NumPy comes back
from contextlib import contextmanager


@contextmanager
def asked(model):
    training = [m for m in model.modules() if m.training]
    try:
        yield model.eval()
    finally:
        for m in training:
            m.training = True


def occlusion_map(model, image, label, size, stride, value=0.0):
    table = []
    with asked(model), torch.no_grad():
        for top in range(0, image.shape[1], stride):
            if top + size > image.shape[1]:
                break
            row = []
            for left in range(0, image.shape[2], stride):
                if left + size > image.shape[2]:
                    break
                one = image.detach().clone()
                one[..., top : top + size, left : left + size].fill_(value)
                z = model(one.unsqueeze(0)).squeeze(0)
                row.append((z - z.logsumexp(0))[label].exp().item())
            table.append(row)
    return np.array(table)


# %% right: a copy of the model, the square put on and taken off again
import copy


def occlusion_map(model, image, label, size, stride, value=0.0):
    net, canvas = copy.deepcopy(model).eval(), image.clone()
    found = {}
    with torch.no_grad():
        for i, top in enumerate(range(0, image.size(1) - size + 1, stride)):
            for j, left in enumerate(range(0, image.size(2) - size + 1, stride)):
                place = (slice(None), slice(top, top + size), slice(left, left + size))
                canvas[place] = value
                found[i, j] = net(canvas[None]).softmax(1)[0, label]
                canvas[place] = image[place]
    rows, columns = i + 1, j + 1
    return torch.stack([torch.stack([found[i, j] for j in range(columns)]) for i in range(rows)])


# %% right: unfold for the places
@torch.no_grad()
def occlusion_map(model, image, label, size, stride, value=0.0):
    channels, height, width = image.shape
    numbers = torch.arange(height * width, dtype=torch.float32).reshape(1, 1, height, width)
    pixels = F.unfold(numbers, size, stride=stride)[0].long().T
    flat = image.reshape(channels, -1).repeat(len(pixels), 1, 1)
    flat.scatter_(2, pixels[:, None].expand(-1, channels, -1), value)
    modes = [m.training for m in model.modules()]
    model.eval()
    scores = torch.cat([model(part) for part in flat.view(-1, channels, height, width).split(5)])
    for m, mode in zip(model.modules(), modes):
        m.training = mode
    powers = (scores - scores.amax(1, keepdim=True)).exp()
    chance = powers[:, label] / powers.sum(1)
    return chance.reshape((height - size) // stride + 1, (width - size) // stride + 1)


# %% right: parameters without gradients meanwhile
def occlusion_map(model, image, label, size, stride, value=0.0):
    parts, wanted = list(model.modules()), [(p, p.requires_grad) for p in model.parameters()]
    modes, enabled = [m.training for m in parts], torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    model.eval()
    rows = []
    for top in range(0, image.shape[1] - size + 1, stride):
        batch = []
        for left in range(0, image.shape[2] - size + 1, stride):
            keep = torch.ones_like(image)
            keep[:, top : top + size, left : left + size] = 0
            batch.append(keep * image + (1 - keep) * value)
        rows.append(model(torch.stack(batch)).softmax(dim=1)[:, label])
    torch.set_grad_enabled(enabled)
    for m, mode in zip(parts, modes):
        m.training = mode
    for p, requires_grad in wanted:
        p.requires_grad = requires_grad
    return torch.stack(rows)


# %% wrong: scores
# fails: test-occlusion-map-values
# says: the map holds probabilities
# from: one place after the other
# -                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
# +                result[i, j] = model(covered[None])[0, label]

# %% wrong: log-probabilities
# says: log-probabilities
# -                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
# +                result[i, j] = F.log_softmax(model(covered[None]), dim=1)[0, label]

# %% wrong: a sigmoid
# says: a sigmoid: the probability is the softmax's
# -                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
# +                result[i, j] = torch.sigmoid(model(covered[None]))[0, label]

# %% wrong: the probability of the most likely class
# says: wrong
# -                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
# +                result[i, j] = F.softmax(model(covered[None]), dim=1).max()

# %% wrong: how far the probability falls
# says: how far the probability falls
# -                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
# +                chance = F.softmax(model(torch.stack([image, covered])), dim=1)[:, label]
# +                result[i, j] = chance[0] - chance[1]

# %% wrong: one minus the probability
# says: wrong
# -                result[i, j] = F.softmax(model(covered[None]), dim=1)[0, label]
# +                result[i, j] = 1 - F.softmax(model(covered[None]), dim=1)[0, label]

# %% wrong: squares that stay
# says: squares that stay
# -    with torch.no_grad():
# +    covered = image.clone()
# +    with torch.no_grad():
# -                covered = image.clone()

# %% wrong: one channel
# says: the first channel alone
# -                covered[:, i * stride : i * stride + size, j * stride : j * stride + size] = value
# +                covered[0, i * stride : i * stride + size, j * stride : j * stride + size] = value

# %% wrong: all but the square
# says: all but the square covered
# -                covered = image.clone()
# -                covered[:, i * stride : i * stride + size, j * stride : j * stride + size] = value
# +                covered = torch.full_like(image, value)
# +                place = (slice(None), slice(i * stride, i * stride + size), slice(j * stride, j * stride + size))
# +                covered[place] = image[place]

# %% wrong: steps of one pixel, as many as there are places
# says: wrong
# -                covered[:, i * stride : i * stride + size, j * stride : j * stride + size] = value
# +                covered[:, i : i + size, j : j + size] = value

# %% wrong: a square too large
# says: a square that is too large by one
# -                covered[:, i * stride : i * stride + size, j * stride : j * stride + size] = value
# +                covered[:, i * stride : i * stride + size + 1, j * stride : j * stride + size + 1] = value

# %% wrong: a square around its place
# says: wrong
# -                covered[:, i * stride : i * stride + size, j * stride : j * stride + size] = value
# +                top, left = max(i * stride - size // 2, 0), max(j * stride - size // 2, 0)
# +                covered[:, top : top + size, left : left + size] = value

# %% wrong: the softmax over the places
# says: the softmax over the places
# from: masks, one batch
# -        chances = torch.softmax(model(covered), -1)[:, label].clone()
# +        chances = torch.softmax(model(covered), 0)[:, label].clone()

# %% wrong: rows and columns exchanged
# fails: test-occlusion-map-values, test-occlusion-map-floor
# because: the map of an image that is not square has another shape
# says: columns before rows
# from: one place after the other
# -    return result
# +    return result.T

# %% wrong: squares over the edge
# fails: test-occlusion-map-floor
# says: squares that reach over the edge
# -    rows = (image.shape[1] - size) // stride + 1
# -    columns = (image.shape[2] - size) // stride + 1
# +    rows = math.ceil((image.shape[1] - size) / stride) + 1
# +    columns = math.ceil((image.shape[2] - size) / stride) + 1

# %% wrong: one place too few
# fails: test-occlusion-map-floor, test-occlusion-map-values
# because: maps of exact divisions have another shape as well
# says: wrong shape
# from: solution
# -    tops = range(0, height - size + 1, stride)
# -    lefts = range(0, width - size + 1, stride)
# +    tops = range(0, height - size, stride)
# +    lefts = range(0, width - size, stride)

# %% wrong: squares side by side
# fails: test-occlusion-map-floor, test-occlusion-map-values
# because: every map whose stride is not the size has another shape
# says: squares side by side
# -    tops = range(0, height - size + 1, stride)
# -    lefts = range(0, width - size + 1, stride)
# +    tops = range(0, height - size + 1, size)
# +    lefts = range(0, width - size + 1, size)

# %% wrong: always zero
# fails: test-occlusion-map-value
# says: 0 whatever `value` is
# -            one[:, top : top + size, left : left + size] = value
# +            one[:, top : top + size, left : left + size] = 0

# %% wrong: value is added
# fails: test-occlusion-map-value, test-occlusion-map-values
# because: nothing is covered where value is 0
# says: wrong values
# -            one[:, top : top + size, left : left + size] = value
# +            one[:, top : top + size, left : left + size] += value

# %% wrong: train mode
# fails: test-occlusion-map-model
# says: model.eval() left out
# -    model.eval()

# %% wrong: left in eval mode
# says: a part of the model is in another mode
# -    for module, mode in modes:
# -        module.training = mode

# %% wrong: the mode of the whole put back for all parts
# says: parts may have been in eval mode
# -    for module, mode in modes:
# -        module.training = mode
# +    model.train(modes[0][1])

# %% wrong: a graph
# says: a graph is built
# -    with torch.no_grad():
# +    if True:

# %% wrong: the image itself is covered
# fails: test-occlusion-map-model, test-occlusion-map-values
# because: squares that were put on an image stay there for the places after
# says: the call changes its images
# -            one = image.clone()
# +            one = image

# %% wrong: gradients off for good
# fails: test-occlusion-map-model
# says: torch.set_grad_enabled(False) as a statement
# -    with torch.no_grad():
# +    torch.set_grad_enabled(False)
# +    if True:

# %% wrong: parameters that stay frozen
# fails: test-occlusion-map-model
# says: other parameters have requires_grad afterwards
# from: parameters without gradients meanwhile
# -    torch.set_grad_enabled(False)
# +    torch.set_grad_enabled(False)
# +    model.requires_grad_(False)
# -    for p, requires_grad in wanted:
# -        p.requires_grad = requires_grad
