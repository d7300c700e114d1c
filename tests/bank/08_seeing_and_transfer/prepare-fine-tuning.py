# %% right: everything frozen, then the last ones thawed
def prepare_fine_tuning(model, num_classes, depth):
    own = [m for m in model if any(True for _ in m.parameters())]
    if depth < 1 or depth > len(own):
        raise ValueError("there are no so many layers with parameters")
    last = model[len(model) - 1]
    new = nn.Linear(last.in_features, num_classes, dtype=last.weight.dtype)
    model[len(model) - 1] = new
    own = own[:-1] + [new]
    for p in model.parameters():
        p.requires_grad = False
    for m in own[-depth:]:
        for p in m.parameters():
            p.requires_grad = True
    for m in own[:-depth]:
        if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)):
            m.eval()
            m.train = lambda mode=True, m=m: m
    return model


# %% right: a class of its own for frozen norms
class FrozenNorm(nn.BatchNorm2d):
    def train(self, mode=True):
        return super().train(False)


def prepare_fine_tuning(model, num_classes, depth):
    places = [i for i, m in enumerate(model) if len(list(m.parameters()))]
    if depth not in range(1, len(places) + 1):
        raise ValueError(depth)
    old = model[-1]
    model[-1] = nn.Linear(old.in_features, num_classes).type(old.weight.dtype)
    for number, i in enumerate(places):
        trainable = number >= len(places) - depth
        model[i].requires_grad_(trainable)
        if not trainable and type(model[i]) is nn.BatchNorm2d:
            model[i].__class__ = FrozenNorm
            model[i].eval()
    return model


# %% right: the model's own train
import types


def prepare_fine_tuning(model, num_classes, depth):
    layers = [m for m in model.children() if list(m.parameters())]
    if not 0 < depth <= len(layers):
        raise ValueError(f"depth must be from 1 to {len(layers)}")
    weight = model[-1].weight
    model[-1] = nn.Linear(weight.shape[1], num_classes, bias=True, dtype=weight.dtype)
    layers[-1] = model[-1]
    asleep = []
    for m in layers[: len(layers) - depth]:
        m.requires_grad_(False)
        if isinstance(m, nn.BatchNorm2d):
            asleep.append(m)
    for m in layers[len(layers) - depth :]:
        m.requires_grad_(True)

    def train(self, mode=True):
        nn.Sequential.train(self, mode)
        for m in asleep:
            m.eval()
        return self

    model.train = types.MethodType(train, model)
    return model.train(model.training)


# %% right: backwards through the layers
def prepare_fine_tuning(model, num_classes, depth):
    count = sum(1 for m in model if sum(p.numel() for p in m.parameters()))
    if depth < 1 or count < depth:
        raise ValueError("depth")
    head = nn.Linear(model[-1].in_features, num_classes).to(model[-1].weight)
    left = depth - 1
    for m in list(model)[-2::-1]:
        if not list(m.parameters()):
            continue
        m.requires_grad_(left > 0)
        if left <= 0 and isinstance(m, nn.modules.batchnorm._BatchNorm):
            m.training = False
            m.train = (lambda norm: lambda mode=True: norm)(m)
        left -= 1
    model[-1] = head
    return model


# %% right: pop and append
def prepare_fine_tuning(model, num_classes, depth):
    names = [name for name, m in model.named_children() if any(p.numel() for p in m.parameters())]
    if not 1 <= depth <= len(names):
        raise ValueError("no such depth")
    old = model.pop(len(model) - 1)
    model.append(nn.Linear(old.in_features, num_classes, dtype=old.weight.dtype))
    model.requires_grad_(False)
    for name in names[-depth:]:
        model.get_submodule(name).requires_grad_()
    for name in names[:-depth]:
        norm = model.get_submodule(name)
        if "BatchNorm" in type(norm).__name__:
            norm.eval()
            norm.train = lambda mode=True, norm=norm: norm
    return model


# %% right: a zip of layers and whether they learn
def prepare_fine_tuning(model, num_classes, depth):
    own = [i for i in range(len(model)) if model[i]._parameters]
    learn = [len(own) - n <= depth for n in range(len(own))]
    if depth <= 0 or depth > len(own):
        raise ValueError(f"{depth} of {len(own)}")
    old = model[own[-1]]
    model[own[-1]] = nn.Linear(old.in_features, num_classes, True, None, old.weight.dtype)
    for i, learns in zip(own, learn):
        for p in model[i].parameters():
            p.requires_grad_(learns)
        if isinstance(model[i], nn.BatchNorm2d) and not learns:
            model[i].eval().train = lambda mode=True, norm=model[i]: norm
    return model


# %% wrong: the old last layer
# fails: test-prepare-fine-tuning-head
# says: the old last layer kept
# from: solution
# -    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)

# %% wrong: the old layer with other outputs
# says: the old last layer kept
# -    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)
# +    old.weight = nn.Parameter(torch.randn(num_classes, old.in_features))
# +    old.bias = nn.Parameter(torch.zeros(num_classes))
# +    old.out_features = num_classes

# %% wrong: a layer more
# fails: test-prepare-fine-tuning-head, test-prepare-fine-tuning-depth
# because: the layers are others
# says: a layer put behind the old last one
# -    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)
# +    model.append(nn.Linear(old.out_features, num_classes).to(old.weight.dtype))

# %% wrong: without a bias
# fails: test-prepare-fine-tuning-head
# says: bias=False
# -    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)
# +    model[-1] = nn.Linear(old.in_features, num_classes, bias=False).to(old.weight.dtype)

# %% wrong: all that learns begins anew
# says: layers that begin anew
# -        model[n].requires_grad_(True)
# +        model[n].requires_grad_(True)
# +        model[n].reset_parameters()

# %% wrong: statistics that begin anew
# says: statistics of a frozen norm that begin anew
# -            model[n].eval()
# +            model[n].eval()
# +            model[n].reset_running_stats()

# %% wrong: inputs and outputs exchanged
# fails: test-prepare-fine-tuning-head, test-prepare-fine-tuning-depth, test-prepare-fine-tuning-norms, test-prepare-fine-tuning-refusals
# because: the network cannot be called
# says: prepare_fine_tuning
# -    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)
# +    model[-1] = nn.Linear(num_classes, old.in_features).to(old.weight.dtype)

# %% wrong: a copy
# fails: test-prepare-fine-tuning-head
# says: another nn.Sequential comes back
# -    return model
# +    return nn.Sequential(*model)

# %% wrong: one layer too many
# fails: test-prepare-fine-tuning-depth, test-prepare-fine-tuning-norms
# because: a norm that learns takes in statistics
# says: the new layer is one of `depth`
# -    for n in own[:-depth]:
# +    depth = min(depth + 1, len(own))
# +    for n in own[:-depth]:

# %% wrong: layers without parameters counted
# fails: test-prepare-fine-tuning-depth, test-prepare-fine-tuning-norms
# because: a norm that is not frozen takes in statistics
# says: layers without parameters counted
# -    for n in own[:-depth]:
# +    own = [*range(len(model))]
# +    for n in own[:-depth]:

# %% wrong: nothing frozen
# fails: test-prepare-fine-tuning-depth
# says: nothing frozen
# -        model[n].requires_grad_(False)

# %% wrong: what was frozen stays frozen
# fails: test-prepare-fine-tuning-depth
# says: what was frozen before stays frozen
# -    for n in own[-depth:]:
# -        model[n].requires_grad_(True)

# %% wrong: the bias of frozen layers learns
# says: the bias of frozen layers learns
# -        model[n].requires_grad_(False)
# +        model[n].weight.requires_grad_(False)

# %% wrong: norms awake
# fails: test-prepare-fine-tuning-norms
# says: a frozen norm that is awake
# -            model[n].train = lambda mode=True, norm=model[n]: norm

# %% wrong: eval mode left out
# says: a frozen norm that is awake
# -            model[n].eval()

# %% wrong: statistics that stand still, norms that take the batch's
# says: a frozen norm that is awake
# -            model[n].eval()
# -            model[n].train = lambda mode=True, norm=model[n]: norm
# +            model[n].momentum = 0.0

# %% wrong: all norms asleep
# says: norms that learn put to sleep as well
# -    for n in own[-depth:]:
# +    for norm in model:
# +        if isinstance(norm, nn.BatchNorm2d):
# +            norm.eval().train = lambda mode=True, norm=norm: norm
# +    for n in own[-depth:]:

# %% wrong: the last norm asleep for all
# says: layers kept in eval mode
# -            model[n].train = lambda mode=True, norm=model[n]: norm
# +            model.train = lambda mode=True: model

# %% wrong: all frozen layers asleep
# says: layers kept in eval mode
# -        if isinstance(model[n], nn.BatchNorm2d):
# +        if True:

# %% wrong: no depth refused
# fails: test-prepare-fine-tuning-refusals
# says: no depth refused
# -    if not 1 <= depth <= len(own):
# -        raise ValueError(f"depth={depth} must be from 1 to {len(own)}")

# %% wrong: zero accepted
# says: 0 taken for a depth
# -    if not 1 <= depth <= len(own):
# +    if not 0 <= depth <= len(own):

# %% wrong: the largest depth refused
# fails: test-prepare-fine-tuning-refusals, test-prepare-fine-tuning-depth, test-prepare-fine-tuning-norms
# because: a depth of all layers is asked there, too
# says: the largest depth refused
# -    if not 1 <= depth <= len(own):
# +    if not 1 <= depth < len(own):

# %% wrong: all layers counted in the limit
# fails: test-prepare-fine-tuning-refusals
# says: layers without parameters counted in the limit
# -    if not 1 <= depth <= len(own):
# +    if not 1 <= depth <= len(model):

# %% wrong: refused when the layer is replaced already
# says: refused when the last layer is replaced
# -    if not 1 <= depth <= len(own):
# -        raise ValueError(f"depth={depth} must be from 1 to {len(own)}")
# -    old = model[-1]
# -    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)
# +    old = model[-1]
# +    model[-1] = nn.Linear(old.in_features, num_classes).to(old.weight.dtype)
# +    if not 1 <= depth <= len(own):
# +        raise ValueError(f"depth={depth} must be from 1 to {len(own)}")
