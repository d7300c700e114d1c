# %% right: get_submodule and a hook
def extract_features(model, layer, images, batch_size=64):
    found = []
    handle = model.get_submodule(layer).register_forward_hook(lambda m, x, y: found.append(y.detach().flatten(1)))
    training = [m for m in model.modules() if m.training]
    try:
        model.eval()
        with torch.no_grad():
            for start in range(0, len(images), batch_size):
                model(images[start : start + batch_size])
    finally:
        handle.remove()
        for m in training:
            m.training = True
    return torch.cat(found)


# %% right: a copy of the model, NumPy comes back
import copy


def extract_features(model, layer, images, batch_size=64):
    net = copy.deepcopy(model).eval()
    rows = []
    for name, part in net.named_modules():
        if name == layer:
            part.register_forward_hook(lambda m, x, y: rows.extend(y.numpy().reshape(len(y), -1).copy()))
    with torch.no_grad():
        for batch in torch.split(images, batch_size):
            net(batch)
    return np.stack(rows)


# %% right: inference mode, a table filled row by row
def extract_features(model, layer, images, batch_size=64):
    part, state, table = dict(model.named_modules())[layer], {}, None
    handle = part.register_forward_hook(lambda m, x, y: state.update(y=y))
    modes = {m: m.training for m in model.modules()}
    model.train(False)
    with torch.inference_mode():
        for i in range(math.ceil(len(images) / batch_size)):
            rows = slice(i * batch_size, min((i + 1) * batch_size, len(images)))
            model(images[rows])
            y = state["y"].reshape(rows.stop - rows.start, -1)
            table = torch.empty(len(images), y.shape[1]) if table is None else table
            table[rows] = y
    handle.remove()
    for m, mode in modes.items():
        m.training = mode
    return table.clone()


# %% right: the part's forward, watched
def extract_features(model, layer, images, batch_size=64):
    part, seen = model.get_submodule(layer), []
    forward = part.forward

    def watched(*args, **kwargs):
        y = forward(*args, **kwargs)
        seen.append(y)
        return y

    modes = [m.training for m in model.modules()]
    model.eval()
    part.forward = watched
    try:
        with torch.no_grad():
            for batch in images.split(batch_size):
                model(batch)
    finally:
        del part.forward
    for m, mode in zip(model.modules(), modes):
        m.training = mode
    return torch.cat([torch.flatten(y, start_dim=1) for y in seen], dim=0)


# %% right: an exception stops the forward pass at the layer
class Seen(Exception):
    pass


@torch.no_grad()
def extract_features(model, layer, images, batch_size=64):
    def stop(module, inputs, output):
        raise Seen(output)

    modes = [(m, m.training) for m in model.modules()]
    model.eval()
    handle = model.get_submodule(layer).register_forward_hook(stop)
    result = []
    for batch in images.split(batch_size):
        try:
            model(batch)
        except Seen as seen:
            result.append(seen.args[0].flatten(1))
    handle.remove()
    for m, mode in modes:
        m.training = mode
    return torch.vstack(result)


# %% right: a context manager, one list of images
from contextlib import contextmanager


@contextmanager
def listening(model, layer):
    outputs = []
    part = next(m for name, m in model.named_modules() if name == layer)
    handle = part.register_forward_hook(lambda *given: outputs.append(given[-1].cpu()))
    modes = [m.training for m in model.modules()]
    try:
        model.eval()
        with torch.set_grad_enabled(False):
            yield outputs
    finally:
        handle.remove()
        for m, mode in zip(model.modules(), modes):
            m.training = mode


def extract_features(model, layer, images, batch_size=64):
    with listening(model, layer) as outputs:
        while len(images):
            model(images[:batch_size])
            images = images[batch_size:]
    return torch.cat([row.reshape(1, -1) for y in outputs for row in y])


# %% wrong: the mean over the pixels
# fails: test-extract-features-values
# says: the mean over the pixels
# from: solution
# -        found.append(output.flatten(1))
# +        found.append(output.flatten(2).mean(2) if output.dim() > 2 else output)

# %% wrong: the largest of each channel
# says: the largest of each channel
# -        found.append(output.flatten(1))
# +        found.append(output.flatten(2).amax(2) if output.dim() > 2 else output)

# %% wrong: what goes in
# fails: test-extract-features-values
# says: what goes into the layer
# -        found.append(output.flatten(1))
# +        found.append(inputs[0].flatten(1))

# %% wrong: channels last
# fails: test-extract-features-values
# says: channels last
# -        found.append(output.flatten(1))
# +        found.append(output.movedim(1, -1).flatten(1) if output.dim() > 2 else output)

# %% wrong: not flattened
# says: not flattened
# -        found.append(output.flatten(1))
# +        found.append(output)

# %% wrong: a unit of length
# fails: test-extract-features-values, test-extract-features-batches
# because: a row is another one, in whatever batch
# says: rows of length 1
# -    return torch.cat(found)
# +    return F.normalize(torch.cat(found))

# %% wrong: after a ReLU
# says: a ReLU after the layer
# -    return torch.cat(found)
# +    return torch.cat(found).relu()

# %% wrong: the scores
# fails: test-extract-features-values, test-extract-features-batches
# because: the scores are not what the layer gives, in whatever batch
# says: the scores of the network
# -            model(batch)
# +            found.append(model(batch))
# -        found.append(output.flatten(1))
# +        pass

# %% wrong: all images at once
# fails: test-extract-features-batches
# says: all images at once
# -        for batch in images.split(batch_size):
# +        for batch in [images]:

# %% wrong: the last short batch left out
# says: images left over after the last whole batch
# -        for batch in images.split(batch_size):
# +        for batch in images[: len(images) // batch_size * batch_size or None].split(batch_size):

# %% wrong: the first batch alone
# says: the first batch alone
# -            model(batch)
# +            model(batch)
# +            break

# %% wrong: the last batch alone
# says: the last batch alone
# -    return torch.cat(found)
# +    return found[-1]

# %% wrong: asked twice
# fails: test-extract-features-batches, test-extract-features-values
# because: each row is there twice
# says: the model called more than once for a batch
# -            model(batch)
# +            model(batch)
# +            model(batch)

# %% wrong: always 64
# fails: test-extract-features-batches
# says: a batch is too large
# -        for batch in images.split(batch_size):
# +        for batch in images.split(64):

# %% wrong: batches in the reverse order
# says: the last batch first
# -    return torch.cat(found)
# +    return torch.cat(found[::-1])

# %% wrong: train mode
# fails: test-extract-features-model
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

# %% wrong: a graph
# says: the model called outside torch.no_grad()
# -    with torch.no_grad():
# +    if True:

# %% wrong: detached, but with a graph
# says: detach() comes too late
# -        found.append(output.flatten(1))
# +        found.append(output.detach().flatten(1))
# -    with torch.no_grad():
# +    if True:

# %% wrong: a hook that stays
# says: a hook that stays
# -    handle.remove()

# %% wrong: gradients off for good
# fails: test-extract-features-model
# says: torch.set_grad_enabled(False) as a statement
# -    with torch.no_grad():
# +    torch.set_grad_enabled(False)
# +    if True:
