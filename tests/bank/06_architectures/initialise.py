# %% right: a table of gains, isinstance
import math


def initialise(model, scheme):
    gain = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25**2)}.get(scheme)
    if gain is None:
        raise ValueError(f"unknown scheme {scheme}")
    for m in model.modules():
        if isinstance(m, nn.Conv2d):
            area = m.kernel_size[0] * m.kernel_size[1]
            fan_in = m.in_channels // m.groups * area
            fan_out = m.out_channels * area
        elif isinstance(m, nn.Linear):
            fan_in, fan_out = m.in_features, m.out_features
        else:
            if isinstance(m, nn.BatchNorm2d):
                m.weight.data.fill_(1)
                m.bias.data.zero_()
            continue
        std = math.sqrt(gain / (fan_out if scheme == "he_fan_out" else fan_in))
        m.weight.data.normal_(0, std)
        if m.bias is not None:
            m.bias.data.zero_()
    return model


# %% right: kaiming_normal_
def initialise(model, scheme):
    if scheme not in ("he_fan_in", "he_fan_out", "prelu"):
        raise ValueError(scheme)
    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"
    slope = 0.25 if scheme == "prelu" else 0
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, a=slope, mode=mode, nonlinearity="leaky_relu")
            if module.bias is not None:
                nn.init.constant_(module.bias, 0)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.constant_(module.weight, 1)
            nn.init.constant_(module.bias, 0)
    return model


# %% right: model.apply with a function inside
def initialise(model, scheme):
    settings = {
        "he_fan_in": dict(mode="fan_in", nonlinearity="relu"),
        "he_fan_out": dict(mode="fan_out", nonlinearity="relu"),
        "prelu": dict(mode="fan_in", a=0.25),
    }
    try:
        options = settings[scheme]
    except KeyError:
        raise ValueError(f"scheme must be one of {sorted(settings)}") from None

    def init(module):
        name = type(module).__name__
        if name in ("Conv2d", "Linear"):
            nn.init.kaiming_normal_(module.weight, **options)
            if module.bias is not None:
                module.bias.data[:] = 0
        if name == "BatchNorm2d":
            module.reset_parameters()

    return model.apply(init)


# %% right: recursion over children, numbers by torch.randn
@torch.no_grad()
def initialise(model, scheme):
    if scheme == "prelu":
        gain = 2 / 1.0625
    elif scheme.startswith("he_fan_") and scheme[7:] in ("in", "out"):
        gain = 2
    else:
        raise ValueError("no such scheme: " + scheme)
    for child in model.children():
        initialise(child, scheme)
    if isinstance(model, (nn.Linear, nn.Conv2d)):
        weight = model.weight
        other = weight.transpose(0, 1) if scheme == "he_fan_out" else weight
        fan = other[0].numel()
        weight.copy_(torch.randn(weight.shape) * (gain / fan) ** 0.5)
        if model.bias is not None:
            model.bias.copy_(torch.zeros_like(model.bias))
    if isinstance(model, nn.BatchNorm2d):
        model.weight.copy_(torch.ones_like(model.weight))
        model.bias.copy_(torch.zeros_like(model.bias))
    return model


# %% right: new parameters in place of the old
def initialise(model, scheme):
    assert_known(scheme)
    for module in list(model.modules()):
        if isinstance(module, nn.BatchNorm2d):
            module.weight = nn.Parameter(torch.ones(module.num_features))
            module.bias = nn.Parameter(torch.zeros(module.num_features))
        if not isinstance(module, (nn.Conv2d, nn.Linear)):
            continue
        shape = module.weight.shape
        area = shape[2:].numel()
        fan = (shape[0] if scheme == "he_fan_out" else shape[1]) * area
        variance = 2 / fan if scheme != "prelu" else 2 / (fan * (1 + 0.25 * 0.25))
        module.weight = nn.Parameter(torch.normal(0.0, variance**0.5, size=tuple(shape)))
        if module.bias is not None:
            module.bias = nn.Parameter(torch.zeros(shape[0]))
    return model


def assert_known(scheme):
    if scheme != "he_fan_in" and scheme != "he_fan_out" and scheme != "prelu":
        raise ValueError(f"{scheme!r} is no scheme")


# %% right: by the axes of parameters
# A norm or a PReLU has no parameter with two axes.
def initialise(model, scheme):
    gains = {"he_fan_in": 2, "he_fan_out": 2, "prelu": 2 / (1 + 0.25**2)}
    if scheme not in gains.keys():
        raise ValueError(f"{scheme} not in {list(gains)}")
    slopes = {id(m.weight) for m in model.modules() if isinstance(m, nn.PReLU)}
    for name, p in model.named_parameters():
        with torch.no_grad():
            if p.ndim >= 2:
                fan = nn.init._calculate_fan_in_and_fan_out(p)[scheme == "he_fan_out"]
                p.normal_().mul_(math.sqrt(gains[scheme] / fan))
            elif name.endswith("bias"):
                p.zero_()
            elif id(p) not in slopes:
                p.fill_(1.0)
    return model


import math

# %% wrong: the fan-out for the fan-in
# fails: test-initialise-fan-in
# says: the fan-out: the fan-in was asked for
# from: kaiming_normal_
# -    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"
# +    mode = "fan_in" if scheme == "prelu" else "fan_out"

# %% wrong: Xavier's 1 / fan-in
# says: Xavier's
# from: a table of gains, isinstance
# -    gain = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25**2)}.get(scheme)
# +    gain = {"he_fan_in": 1.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25**2)}.get(scheme)

# %% wrong: kaiming_normal_ with a slope of 0.25 for ReLU as well
# says: a slope of 0.25 where it is 0
# from: kaiming_normal_
# -    slope = 0.25 if scheme == "prelu" else 0
# +    slope = 0.25

# %% wrong: the variance for the standard deviation
# says: the variance in place of the standard deviation
# from: a table of gains, isinstance
# -        std = math.sqrt(gain / (fan_out if scheme == "he_fan_out" else fan_in))
# +        std = gain / (fan_out if scheme == "he_fan_out" else fan_in)

# %% wrong: Glorot's mean of both fans
# says: Glorot's
# from: a table of gains, isinstance
# -        std = math.sqrt(gain / (fan_out if scheme == "he_fan_out" else fan_in))
# +        std = math.sqrt(2 / (fan_in + fan_out))

# %% wrong: PyTorch's first weights left
# says: PyTorch's own first weights
# fails: test-initialise-fan-in, test-initialise-normal
# because: the numbers are uniform as well
# from: a table of gains, isinstance
# -        m.weight.data.normal_(0, std)
# +        m.reset_parameters()

# %% wrong: a deviation of 0.01
# says: 0.01 everywhere
# fails: test-initialise-fan-in
# from: a table of gains, isinstance
# -        m.weight.data.normal_(0, std)
# +        m.weight.data.normal_(0, 0.01)

# %% wrong: the channels for the fan-in, without the kernel's area
# says: the channels for the fan
# from: a table of gains, isinstance
# -            fan_in = m.in_channels // m.groups * area
# +            fan_in = m.in_channels // m.groups

# %% wrong: the kernel's side for its area
# says: the kernel's side for its area
# from: a table of gains, isinstance
# -            fan_in = m.in_channels // m.groups * area
# +            fan_in = m.in_channels // m.groups * m.kernel_size[0]

# %% wrong: groups left out
# says: all input channels
# from: a table of gains, isinstance
# -            fan_in = m.in_channels // m.groups * area
# +            fan_in = m.in_channels * area

# %% wrong: convolutions only
# says: Linear left out
# from: kaiming_normal_
# -        if isinstance(module, (nn.Conv2d, nn.Linear)):
# +        if isinstance(module, nn.Conv2d):

# %% wrong: linear layers only
# says: Conv2d left out
# from: kaiming_normal_
# -        if isinstance(module, (nn.Conv2d, nn.Linear)):
# +        if isinstance(module, nn.Linear):

# %% wrong: the fan-in for the fan-out
# fails: test-initialise-fan-out
# says: the fan-in: the fan-out was asked for
# from: kaiming_normal_
# -    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"
# +    mode = "fan_in"

# %% wrong: the output channels for the fan-out
# says: the channels for the fan
# from: a table of gains, isinstance
# -            fan_out = m.out_channels * area
# +            fan_out = m.out_channels

# %% wrong: the slope left out
# fails: test-initialise-prelu
# says: the slope left out
# from: kaiming_normal_
# -    slope = 0.25 if scheme == "prelu" else 0
# +    slope = 0

# %% wrong: 1 + a in place of 1 + a²
# says: 1 + 0.25 for 1 + 0.25²
# from: a table of gains, isinstance
# -    gain = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25**2)}.get(scheme)
# +    gain = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25)}.get(scheme)

# %% wrong: multiplied by 1 + a²
# says: it is divided by it
# from: a table of gains, isinstance
# -    gain = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 / (1 + 0.25**2)}.get(scheme)
# +    gain = {"he_fan_in": 2.0, "he_fan_out": 2.0, "prelu": 2.0 * (1 + 0.25**2)}.get(scheme)

# %% wrong: the default slope of a leaky ReLU
# says: the slope left out
# from: kaiming_normal_
# -    slope = 0.25 if scheme == "prelu" else 0
# +    slope = 0.01 if scheme == "prelu" else 0

# %% wrong: uniform numbers of the right variance
# fails: test-initialise-normal
# says: uniform numbers
# from: kaiming_normal_
# -            nn.init.kaiming_normal_(module.weight, a=slope, mode=mode, nonlinearity="leaky_relu")
# +            nn.init.kaiming_uniform_(module.weight, a=slope, mode=mode, nonlinearity="leaky_relu")

# %% wrong: a seed inside
# says: do not hang on the seed
# from: kaiming_normal_
# -    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"
# +    torch.manual_seed(0)
# +    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"

# %% wrong: NumPy's numbers
# says: another generator
# from: a table of gains, isinstance
# -        m.weight.data.normal_(0, std)
# +        import numpy as np
# +        m.weight.data = torch.from_numpy(np.random.normal(0, std, m.weight.shape)).float()

# %% wrong: a normal distribution cut off
# says: cut off
# from: a table of gains, isinstance
# -        m.weight.data.normal_(0, std)
# +        nn.init.trunc_normal_(m.weight, std=std * 1.137, a=-2.274 * std, b=2.274 * std)

# %% wrong: absolute values
# says: not around 0
# from: a table of gains, isinstance
# -        m.weight.data.normal_(0, std)
# +        m.weight.data.normal_(0, std).abs_()

# %% wrong: biases left
# fails: test-initialise-others
# says: the biases of Conv2d
# from: kaiming_normal_
# -                nn.init.constant_(module.bias, 0)
# +                pass

# %% wrong: biases drawn
# says: the biases of Conv2d
# from: kaiming_normal_
# -                nn.init.constant_(module.bias, 0)
# +                nn.init.normal_(module.bias, std=0.01)

# %% wrong: biases of 0.01
# says: the biases of Conv2d
# from: kaiming_normal_
# -                nn.init.constant_(module.bias, 0)
# +                nn.init.constant_(module.bias, 0.01)

# %% wrong: norms left
# says: the weights of BatchNorm2d
# from: kaiming_normal_
# -            nn.init.constant_(module.weight, 1)
# -            nn.init.constant_(module.bias, 0)
# +            pass

# %% wrong: weights of norms at 0
# says: the weights of BatchNorm2d
# from: kaiming_normal_
# -            nn.init.constant_(module.weight, 1)
# +            nn.init.constant_(module.weight, 0)

# %% wrong: biases of norms left
# says: the biases of BatchNorm2d
# from: kaiming_normal_
# -            nn.init.constant_(module.bias, 0)
# +            pass

# %% wrong: slopes of PReLUs drawn anew
# says: its slopes stay
# from: by the axes of parameters
# -            elif id(p) not in slopes:
# +            else:

# %% wrong: every layer has a bias
# says: raised AttributeError
# from: kaiming_normal_
# -            if module.bias is not None:
# +            if True:

# %% wrong: the first level only
# fails: test-initialise-model
# says: layers inside others left out
# from: kaiming_normal_
# -    for module in model.modules():
# +    for module in model.children():

# %% wrong: two levels only
# says: layers inside others left out
# from: kaiming_normal_
# -    for module in model.modules():
# +    for module in [m for c in model.children() for m in (c, *c.children())]:

# %% wrong: nothing returned
# says: no return
# from: kaiming_normal_
# -    return model
# +    return None

# %% wrong: a copy
# says: another result
# fails: test-initialise-model
# from: kaiming_normal_
# -    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"
# +    import copy
# +
# +    model = copy.deepcopy(model)
# +    mode = "fan_out" if scheme == "he_fan_out" else "fan_in"

# %% wrong: other schemes count as fan-in
# fails: test-initialise-model
# says: no ValueError
# from: kaiming_normal_
# -        raise ValueError(scheme)
# +        pass

# %% wrong: other schemes raise a KeyError
# says: KeyError
# from: kaiming_normal_
# -        raise ValueError(scheme)
# +        raise KeyError(scheme)
