# %% right: make_layers from lists with "M"
import torch
from torch import nn

cfgs = {
    "A": [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "A-LRN": [64, "L", "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "B": [64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"],
    "C": [64, 64, "M", 128, 128, "M", 256, 256, "1-256", "M", 512, 512, "1-512", "M", 512, 512, "1-512", "M"],
    "D": [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"],
    "E": [64, 64, "M", 128, 128, "M", 256, 256, 256, 256, "M", 512, 512, 512, 512, "M", 512, 512, 512, 512, "M"],
}


class VGG(nn.Module):
    def __init__(self, features, num_classes=1000, init_weights=True, dropout=0.5):
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, 4096),
            nn.ReLU(True),
            nn.Dropout(p=dropout),
            nn.Linear(4096, num_classes),
        )
        if init_weights:
            for m in self.modules():
                if isinstance(m, nn.Conv2d):
                    nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")
                    if m.bias is not None:
                        nn.init.constant_(m.bias, 0)
                elif isinstance(m, nn.BatchNorm2d):
                    nn.init.constant_(m.weight, 1)
                    nn.init.constant_(m.bias, 0)
                elif isinstance(m, nn.Linear):
                    nn.init.normal_(m.weight, 0, 0.01)
                    nn.init.constant_(m.bias, 0)

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        x = self.classifier(x)
        return x


def make_layers(cfg, batch_norm=False):
    layers = []
    in_channels = 3
    for v in cfg:
        if v == "M":
            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
        elif v == "L":
            layers += [nn.LocalResponseNorm(5, k=2.0)]
        else:
            kernel_size, padding = 3, 1
            if isinstance(v, str):
                kernel_size, padding, v = 1, 0, int(v[2:])
            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size, padding=padding)
            if batch_norm:
                layers += [conv2d, nn.BatchNorm2d(v), nn.ReLU(inplace=True)]
            else:
                layers += [conv2d, nn.ReLU(inplace=True)]
            in_channels = v
    return nn.Sequential(*layers)


def vgg(config, batch_norm=False):
    return VGG(make_layers(cfgs[config], batch_norm=batch_norm))


# %% right: blocks
from torch import nn


def vgg_block(num_convs, in_channels, out_channels, batch_norm, last_1x1=False, lrn=False):
    layers = []
    for i in range(num_convs):
        k = 1 if last_1x1 and i == num_convs - 1 else 3
        layers.append(nn.Conv2d(in_channels, out_channels, kernel_size=k, padding=k // 2))
        if batch_norm:
            layers.append(nn.BatchNorm2d(out_channels))
        layers.append(nn.ReLU())
        in_channels = out_channels
    if lrn:
        layers.append(nn.LocalResponseNorm(size=5, alpha=1e-4, beta=0.75, k=2))
    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
    return nn.Sequential(*layers)


def vgg(config, batch_norm=False):
    num = {"A": (1, 1, 2, 2, 2), "A-LRN": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 3, 3, 3),
           "D": (2, 2, 3, 3, 3), "E": (2, 2, 4, 4, 4)}[config]
    blocks, c_in = [], 3
    for i, (n, c_out) in enumerate(zip(num, (64, 128, 256, 512, 512))):
        blocks.append(vgg_block(n, c_in, c_out, batch_norm, config == "C" and i >= 2, config == "A-LRN" and i == 0))
        c_in = c_out
    return nn.Sequential(
        *blocks, nn.Flatten(),
        nn.Linear(c_out * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(4096, 1000))


# %% right: a class called vgg, ModuleLists, norms apart from convolutions
import torch
import torch.nn.functional as F
from torch import nn


class vgg(nn.Module):
    depths = {"A": "11222", "A-LRN": "11222", "B": "22222", "C": "22333", "D": "22333", "E": "22444"}

    def __init__(self, config, batch_norm=False):
        super().__init__()
        self.config = config
        self.linears = nn.ModuleList([nn.Linear(25088, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)])
        self.convs, self.norms = nn.ModuleList(), nn.ModuleList()
        self.ends = []
        c = 3
        for stage, count in enumerate(map(int, self.depths[config])):
            width = min(64 * 2**stage, 512)
            for i in range(count):
                one = config == "C" and i == 2
                self.convs.append(nn.Conv2d(c, width, 1 if one else 3, padding=0 if one else 1))
                self.norms.append(nn.BatchNorm2d(width) if batch_norm else nn.Identity())
                c = width
            self.ends.append(len(self.convs))

    def forward(self, x):
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms), 1):
            x = F.relu(norm(conv(x)))
            if i == 1 and self.config == "A-LRN":
                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
            if i in self.ends:
                x = F.max_pool2d(x, 2)
        x = x.reshape(x.shape[0], -1)
        for linear in self.linears[:-1]:
            x = F.dropout(F.relu(linear(x)), 0.5, self.training)
        return self.linears[-1](x)


# %% right: fully convolutional, named in order
from collections import OrderedDict

from torch import nn


def vgg(config, batch_norm=False):
    columns = {
        "A": [[3], [3], [3, 3], [3, 3], [3, 3]],
        "A-LRN": [[3, "lrn"], [3], [3, 3], [3, 3], [3, 3]],
        "B": [[3, 3], [3, 3], [3, 3], [3, 3], [3, 3]],
        "C": [[3, 3], [3, 3], [3, 3, 1], [3, 3, 1], [3, 3, 1]],
        "D": [[3, 3], [3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]],
        "E": [[3, 3], [3, 3], [3] * 4, [3] * 4, [3] * 4],
    }
    layers, before = OrderedDict(), 3
    for b, block in enumerate(columns[config], start=1):
        width = (64, 128, 256, 512, 512)[b - 1]
        for c, kernel in enumerate(block, start=1):
            if kernel == "lrn":
                layers[f"norm{b}"] = nn.LocalResponseNorm(5, k=2)
                continue
            layers[f"conv{b}_{c}"] = nn.Conv2d(before, width, kernel, padding="same")
            if batch_norm:
                layers[f"bn{b}_{c}"] = nn.BatchNorm2d(width)
            layers[f"relu{b}_{c}"] = nn.ReLU(inplace=True)
            before = width
        layers[f"pool{b}"] = nn.MaxPool2d(2, 2)
    layers["fc6"] = nn.Conv2d(512, 4096, 7)
    layers["relu6"] = nn.ReLU(inplace=True)
    layers["drop6"] = nn.Dropout(0.5)
    layers["fc7"] = nn.Conv2d(4096, 4096, 1)
    layers["relu7"] = nn.ReLU(inplace=True)
    layers["drop7"] = nn.Dropout(0.5)
    layers["fc8"] = nn.Conv2d(4096, 1000, 1)
    layers["flatten"] = nn.Flatten()
    return nn.Sequential(layers)


# %% right: functional, dictionaries of parameters
import math

import torch
import torch.nn.functional as F
from torch import nn


class Vgg(nn.Module):
    def __init__(self, kernels, lrn, batch_norm):
        super().__init__()
        self.kernels, self.lrn, self.batch_norm = kernels, lrn, batch_norm
        self.p = nn.ParameterDict()
        c = 3
        for s, stage in enumerate(kernels):
            out = (64, 128, 256, 512, 512)[s]
            for i, k in enumerate(stage):
                self.p[f"w{s}{i}"] = torch.randn(out, c, k, k) * math.sqrt(2 / (c * k * k))
                self.p[f"b{s}{i}"] = torch.zeros(out)
                if batch_norm:
                    self.p[f"g{s}{i}"] = torch.ones(out)
                    self.p[f"h{s}{i}"] = torch.zeros(out)
                    self.register_buffer(f"m{s}{i}", torch.zeros(out))
                    self.register_buffer(f"v{s}{i}", torch.ones(out))
                c = out
        n = 512 * 49
        for i, out in enumerate((4096, 4096, 1000)):
            self.p[f"fc{i}"] = torch.randn(out, n)
            self.p[f"fb{i}"] = torch.zeros(out)
            n = out

    def forward(self, x):
        p = self.p
        for s, stage in enumerate(self.kernels):
            for i, k in enumerate(stage):
                x = F.conv2d(x, p[f"w{s}{i}"], p[f"b{s}{i}"], padding=k // 2)
                if self.batch_norm:
                    mean, var = getattr(self, f"m{s}{i}"), getattr(self, f"v{s}{i}")
                    x = F.batch_norm(x, mean, var, p[f"g{s}{i}"], p[f"h{s}{i}"], self.training)
                x = torch.relu(x)
                if self.lrn and s == 0:
                    x = F.local_response_norm(x, 5, k=2)
            n, c, h, w = x.shape
            x = x.view(n, c, h // 2, 2, w // 2, 2).amax((3, 5))
        x = x.flatten(1)
        for i in range(3):
            x = F.linear(x, p[f"fc{i}"], p[f"fb{i}"])
            if i < 2:
                x = F.dropout(torch.relu(x), training=self.training)
        return x


def vgg(config, batch_norm=False):
    last = {"A": [3, 3], "A-LRN": [3, 3], "B": [3, 3], "C": [3, 3, 1], "D": [3, 3, 3], "E": [3, 3, 3, 3]}[config]
    first = [3] if config.startswith("A") else [3, 3]
    return Vgg([first, first, last, last, last], config == "A-LRN", batch_norm)


# %% right: dropout before the linear layers, pooling by maximum of slices
# from: a class called vgg, ModuleLists, norms apart from convolutions
# -                x = F.max_pool2d(x, 2)
# +                x = torch.maximum(x[:, :, ::2], x[:, :, 1::2])
# +                x = torch.maximum(x[..., ::2], x[..., 1::2])
# -        for linear in self.linears[:-1]:
# -            x = F.dropout(F.relu(linear(x)), 0.5, self.training)
# -        return self.linears[-1](x)
# +        for i, linear in enumerate(self.linears):
# +            if i:
# +                x = F.dropout(torch.relu_(x), 0.5, self.training)
# +            x = linear(x)
# +        return x

# %% right: ReLU after the pooling, where that is the same
# from: blocks
# -        layers.append(nn.ReLU())
# -        in_channels = out_channels
# +        if i < num_convs - 1 or lrn:
# +            layers.append(nn.ReLU())
# +        in_channels = out_channels
# -    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
# +    layers.append(nn.MaxPool2d(kernel_size=2, stride=2))
# +    layers.append(nn.ReLU())

# %% wrong: average pooling
# fails: test-vgg-stages, test-vgg-c
# because: C takes averages, too
# says: average pooling for max pooling
# from: make_layers from lists with "M"
# -            layers += [nn.MaxPool2d(kernel_size=2, stride=2)]
# +            layers += [nn.AvgPool2d(kernel_size=2, stride=2)]

# %% wrong: no padding
# fails: test-vgg-stages, test-vgg-sizes, test-vgg-c, test-vgg-values, test-vgg-lrn, test-vgg-norm, test-vgg-dropout
# because: every call raises something
# says: 3 x 3 convolutions have 1
# from: make_layers from lists with "M"
# -            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size, padding=padding)
# +            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size)
# -        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
# +        self.avgpool = nn.Identity()

# %% wrong: no padding, evened out before the linear layers
# fails: test-vgg-stages, test-vgg-sizes, test-vgg-c
# because: C's images shrink, too, and nothing is left of E's
# says: the average of 7 x 7 behind it
# -            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size, padding=padding)
# +            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size)

# %% wrong: 1024 filters in the last stage
# fails: test-vgg-stages, test-vgg-sizes, test-vgg-c, test-vgg-lrn, test-vgg-norm
# because: the shapes are wrong where the sizes are
# says: 1024 filters in the last stage
# from: a class called vgg, ModuleLists, norms apart from convolutions
# -        self.linears = nn.ModuleList([nn.Linear(25088, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)])
# +        self.linears = nn.ModuleList([nn.Linear(50176, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)])
# -            width = min(64 * 2**stage, 512)
# +            width = 64 * 2**stage

# %% wrong: 10 classes
# fails: test-vgg-sizes, test-vgg-stages, test-vgg-c
# because: the output is another one, of C too
# says: 10 classes: ImageNet has 1000
# from: make_layers from lists with "M"
# -    def __init__(self, features, num_classes=1000, init_weights=True, dropout=0.5):
# +    def __init__(self, features, num_classes=10, init_weights=True, dropout=0.5):

# %% wrong: one of two hidden linear layers
# fails: test-vgg-sizes, test-vgg-c
# because: C has one of them, too
# says: one of two linear layers of 4096 alone
# -            nn.Linear(4096, 4096),
# -            nn.ReLU(True),
# -            nn.Dropout(p=dropout),
# -            nn.Linear(4096, num_classes),
# +            nn.Linear(4096, num_classes),

# %% wrong: a global average before the linear layers
# fails: test-vgg-sizes, test-vgg-c
# because: C's first linear layer is another one, too
# says: a mean over the image before fc6
# -        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
# +        self.avgpool = nn.AdaptiveAvgPool2d(1)
# -            nn.Linear(512 * 7 * 7, 4096),
# +            nn.Linear(512, 4096),

# %% wrong: convolutions without biases
# fails: test-vgg-sizes, test-vgg-c, test-vgg-norm
# because: those of C and those under batch norm have none, either
# says: convolutions without biases
# -            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size, padding=padding)
# +            conv2d = nn.Conv2d(in_channels, v, kernel_size=kernel_size, padding=padding, bias=False)

# %% wrong: A as B
# fails: test-vgg-sizes
# says: two convolutions in each of A's stages
# from: blocks
# -    num = {"A": (1, 1, 2, 2, 2), "A-LRN": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 3, 3, 3),
# +    num = {"A": (2, 2, 2, 2, 2), "A-LRN": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 3, 3, 3),

# %% wrong: E as D
# fails: test-vgg-sizes
# says: E as D: four convolutions
# -           "D": (2, 2, 3, 3, 3), "E": (2, 2, 4, 4, 4)}[config]
# +           "D": (2, 2, 3, 3, 3), "E": (2, 2, 3, 3, 3)}[config]

# %% wrong: D's last stage of two
# says: convolution 13 is missing
# -           "D": (2, 2, 3, 3, 3), "E": (2, 2, 4, 4, 4)}[config]
# +           "D": (2, 2, 3, 3, 2), "E": (2, 2, 4, 4, 4)}[config]

# %% wrong: D with 1 x 1 convolutions
# says: D with 1 x 1 convolutions, as in C
# -        blocks.append(vgg_block(n, c_in, c_out, batch_norm, config == "C" and i >= 2, config == "A-LRN" and i == 0))
# +        blocks.append(vgg_block(n, c_in, c_out, batch_norm, config in "CD" and i >= 2, config == "A-LRN" and i == 0))

# %% wrong: batch norm whatever is asked for
# fails: test-vgg-sizes, test-vgg-c
# because: C has norms, too
# says: batch norm where
# -        if batch_norm:
# -            layers.append(nn.BatchNorm2d(out_channels))
# +        layers.append(nn.BatchNorm2d(out_channels))

# %% wrong: C as D
# fails: test-vgg-c
# says: C as D: the third convolution
# -        k = 1 if last_1x1 and i == num_convs - 1 else 3
# +        k = 3

# %% wrong: the 1 x 1 convolution of C first in its stage
# says: first in their stages
# -        k = 1 if last_1x1 and i == num_convs - 1 else 3
# +        k = 1 if last_1x1 and i == 0 else 3

# %% wrong: padding in C's 1 x 1 convolutions, evened out
# says: wrong shape after max pooling 3
# from: make_layers from lists with "M"
# -                kernel_size, padding, v = 1, 0, int(v[2:])
# +                kernel_size, padding, v = 1, 1, int(v[2:])

# %% wrong: padding in C's 1 x 1 convolutions
# says: padding in C's 1 x 1
# -                kernel_size, padding, v = 1, 0, int(v[2:])
# +                kernel_size, padding, v = 1, 1, int(v[2:])
# -        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
# +        self.avgpool = nn.Identity()

# %% wrong: C as B
# says: C as B: a third convolution
# from: blocks
# -    num = {"A": (1, 1, 2, 2, 2), "A-LRN": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 3, 3, 3),
# +    num = {"A": (1, 1, 2, 2, 2), "A-LRN": (1, 1, 2, 2, 2), "B": (2, 2, 2, 2, 2), "C": (2, 2, 2, 2, 2),
# -        blocks.append(vgg_block(n, c_in, c_out, batch_norm, config == "C" and i >= 2, config == "A-LRN" and i == 0))
# +        blocks.append(vgg_block(n, c_in, c_out, batch_norm, False, config == "A-LRN" and i == 0))

# %% wrong: no ReLU after C's 1 x 1 convolutions
# says: no ReLU after C's 1 x 1
# -        layers.append(nn.ReLU())
# -        in_channels = out_channels
# +        if k == 3:
# +            layers.append(nn.ReLU())
# +        in_channels = out_channels

# %% wrong: no ReLU between the linear layers
# fails: test-vgg-values
# says: no ReLU between the linear layers
# -        nn.Linear(c_out * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0.5),
# -        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
# +        nn.Linear(c_out * 7 * 7, 4096), nn.Dropout(0.5),
# +        nn.Linear(4096, 4096), nn.Dropout(0.5),

# %% wrong: softmax
# says: looks like: softmax: the network returns logits
# -        nn.Linear(4096, 1000))
# +        nn.Linear(4096, 1000), nn.Softmax(dim=1))

# %% wrong: log-softmax
# says: log-softmax: the network returns logits
# -        nn.Linear(4096, 1000))
# +        nn.Linear(4096, 1000), nn.LogSoftmax(dim=1))

# %% wrong: ReLU on the logits
# says: ReLU on the logits
# -        nn.Linear(4096, 1000))
# +        nn.Linear(4096, 1000), nn.ReLU())

# %% wrong: one ReLU in each stage
# says: one ReLU for each stage
# -        layers.append(nn.ReLU())
# -        in_channels = out_channels
# +        in_channels = out_channels
# -    if lrn:
# +    layers.append(nn.ReLU())
# +    if lrn:

# %% wrong: no ReLU before the poolings
# says: no ReLU before the poolings
# -        layers.append(nn.ReLU())
# -        in_channels = out_channels
# +        if i < num_convs - 1:
# +            layers.append(nn.ReLU())
# +        in_channels = out_channels

# %% wrong: no ReLU after the convolutions
# says: no ReLU after the convolutions
# -        layers.append(nn.ReLU())
# -        in_channels = out_channels
# +        in_channels = out_channels

# %% wrong: leaky ReLU
# says: leaky ReLU for ReLU
# from: a class called vgg, ModuleLists, norms apart from convolutions
# -            x = F.relu(norm(conv(x)))
# +            x = F.leaky_relu(norm(conv(x)))
# -            x = F.dropout(F.relu(linear(x)), 0.5, self.training)
# +            x = F.dropout(F.leaky_relu(linear(x)), 0.5, self.training)

# %% wrong: pooling windows that overlap
# says: pooling windows of 3 x 3 with padding 1
# -                x = F.max_pool2d(x, 2)
# +                x = F.max_pool2d(x, 3, stride=2, padding=1)

# %% wrong: dropout in eval mode
# says: dropout in eval mode too
# -            x = F.dropout(F.relu(linear(x)), 0.5, self.training)
# +            x = F.dropout(F.relu(linear(x)), 0.5)

# %% wrong: LRN in A, too
# says: LRN in A: A-LRN alone
# -            if i == 1 and self.config == "A-LRN":
# +            if i == 1 and self.config in ("A", "A-LRN"):

# %% wrong: A-LRN without LRN
# fails: test-vgg-lrn
# says: `A-LRN` as `A`
# -            if i == 1 and self.config == "A-LRN":
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)

# %% wrong: LRN with k = 1
# says: LRN with k = 1, PyTorch's default
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# +                x = F.local_response_norm(x, 5)

# %% wrong: LRN with the paper's alpha
# says: alpha not divided by n
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# +                x = F.local_response_norm(x, 5, 5e-4, 0.75, 2.0)

# %% wrong: LRN over two channels
# says: LRN over 2 channels
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# +                x = F.local_response_norm(x, 2, 1e-4, 0.75, 2.0)

# %% wrong: LRN before the ReLU
# says: LRN before the ReLU
# -            x = F.relu(norm(conv(x)))
# -            if i == 1 and self.config == "A-LRN":
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# +            x = norm(conv(x))
# +            if i == 1 and self.config == "A-LRN":
# +                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# +            x = F.relu(x)

# %% wrong: LRN after the pooling
# says: LRN after the pooling
# -            if i == 1 and self.config == "A-LRN":
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# -            if i in self.ends:
# -                x = F.max_pool2d(x, 2)
# +            if i in self.ends:
# +                x = F.max_pool2d(x, 2)
# +            if i == 1 and self.config == "A-LRN":
# +                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)

# %% wrong: LRN after every convolution
# says: LRN after every convolution
# -            if i == 1 and self.config == "A-LRN":
# +            if self.config == "A-LRN":

# %% wrong: LRN at the end of every stage
# says: LRN at the end of every stage
# -            if i == 1 and self.config == "A-LRN":
# -                x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)
# -            if i in self.ends:
# +            if i in self.ends:
# +                if self.config == "A-LRN":
# +                    x = F.local_response_norm(x, 5, 1e-4, 0.75, 2.0)

# %% wrong: A-LRN is unknown
# fails: test-vgg-lrn
# says: KeyError
# -    depths = {"A": "11222", "A-LRN": "11222", "B": "22222", "C": "22333", "D": "22333", "E": "22444"}
# +    depths = {"A": "11222", "B": "22222", "C": "22333", "D": "22333", "E": "22444"}

# %% wrong: the flag batch_norm is not used
# fails: test-vgg-norm
# says: `batch_norm` is not used
# -                self.norms.append(nn.BatchNorm2d(width) if batch_norm else nn.Identity())
# +                self.norms.append(nn.Identity())

# %% wrong: no biases under batch norm
# says: without biases where a norm follows
# -                self.convs.append(nn.Conv2d(c, width, 1 if one else 3, padding=0 if one else 1))
# +                self.convs.append(nn.Conv2d(c, width, 1 if one else 3, padding=0 if one else 1, bias=not batch_norm))

# %% wrong: the norm after the ReLU
# says: the norm after the ReLU
# -            x = F.relu(norm(conv(x)))
# +            x = norm(F.relu(conv(x)))

# %% wrong: a norm at the end of each stage
# says: one norm for each stage
# from: blocks
# -        if batch_norm:
# -            layers.append(nn.BatchNorm2d(out_channels))
# -        layers.append(nn.ReLU())
# -        in_channels = out_channels
# -    if lrn:
# +        layers.append(nn.ReLU())
# +        in_channels = out_channels
# +    if batch_norm:
# +        layers.append(nn.BatchNorm2d(out_channels))
# +    if lrn:

# %% wrong: norms always in train mode
# says: the batch's statistics in eval mode
# from: functional, dictionaries of parameters
# -                    x = F.batch_norm(x, mean, var, p[f"g{s}{i}"], p[f"h{s}{i}"], self.training)
# +                    x = F.batch_norm(x, mean, var, p[f"g{s}{i}"], p[f"h{s}{i}"], True)

# %% wrong: no dropout
# fails: test-vgg-dropout
# says: no dropout
# from: make_layers from lists with "M"
# -            nn.ReLU(True),
# -            nn.Dropout(p=dropout),
# -            nn.Linear(4096, 4096),
# -            nn.ReLU(True),
# -            nn.Dropout(p=dropout),
# +            nn.ReLU(True),
# +            nn.Linear(4096, 4096),
# +            nn.ReLU(True),

# %% wrong: dropout that never acts
# says: no dropout
# from: a class called vgg, ModuleLists, norms apart from convolutions
# -            x = F.dropout(F.relu(linear(x)), 0.5, self.training)
# +            x = F.dropout(F.relu(linear(x)), 0.5, False)

# %% wrong: linear layers in a plain list
# fails: test-vgg-sizes
# says: is not registered
# from: a class called vgg, ModuleLists, norms apart from convolutions
# -        self.linears = nn.ModuleList([nn.Linear(25088, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)])
# +        self.linears = [nn.Linear(25088, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)]
