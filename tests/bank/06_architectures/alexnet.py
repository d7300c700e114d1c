# %% right: features and classifier
import torch
from torch import nn


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super().__init__()
        norm = (lambda: nn.LocalResponseNorm(5, 1e-4, 0.75, 2.0)) if lrn else nn.Identity
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, kernel_size=11, stride=4),
            nn.ReLU(inplace=True),
            norm(),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups),
            nn.ReLU(inplace=True),
            norm(),
            nn.MaxPool2d(kernel_size=3, stride=2),
            nn.Conv2d(256, 384, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.avgpool = nn.AdaptiveAvgPool2d((6, 6))
        self.classifier = nn.Sequential(
            nn.Dropout(p=0.5),
            nn.Linear(256 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(p=0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, 1000),
        )

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = torch.flatten(x, 1)
        return self.classifier(x)


# %% right: named layers, functions between them
import torch.nn as nn
import torch.nn.functional as F


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super().__init__()
        self.lrn = lrn
        self.conv1 = nn.Conv2d(3, 96, 11, 4)
        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups)
        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1)
        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups)
        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
        self.fc6 = nn.Linear(9216, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, 1000)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.normal_(m.weight, std=0.01)

    def norm(self, x):
        if not self.lrn:
            return x
        return F.local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2)

    def forward(self, x):
        x = F.max_pool2d(self.norm(F.relu(self.conv1(x))), 3, 2)
        x = F.max_pool2d(self.norm(F.relu(self.conv2(x))), 3, 2)
        x = F.relu(self.conv3(x))
        x = F.relu(self.conv4(x))
        x = F.relu(self.conv5(x))
        x = F.max_pool2d(x, 3, 2)
        x = x.view(x.size(0), -1)
        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
        return self.fc8(x)


# %% right: two towers that meet where the paper's do
import torch
from torch import nn


class Split(nn.Module):
    def __init__(self, c_in, c_out, kernel, padding, groups):
        super().__init__()
        self.towers = nn.ModuleList(
            nn.Conv2d(c_in // groups, c_out // groups, kernel, padding=padding) for _ in range(groups)
        )

    def forward(self, x):
        parts = x.chunk(len(self.towers), dim=1)
        return torch.cat([conv(part) for conv, part in zip(self.towers, parts)], dim=1)


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 11, stride=4)
        self.conv2 = Split(96, 256, 5, 2, groups)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = Split(384, 384, 3, 1, groups)
        self.conv5 = Split(384, 256, 3, 1, groups)
        self.lrn = nn.LocalResponseNorm(5, k=2.0) if lrn else None
        self.pool = nn.MaxPool2d(3, stride=2)
        self.relu = nn.ReLU()
        self.drop = nn.Dropout()
        self.fc1 = nn.Linear(6 * 6 * 256, 4096)
        self.fc2 = nn.Linear(4096, 4096)
        self.fc3 = nn.Linear(4096, 1000)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = self.relu(conv(x))
            if self.lrn is not None:
                x = self.lrn(x)
            x = self.pool(x)
        for conv in (self.conv3, self.conv4, self.conv5):
            x = self.relu(conv(x))
        x = self.pool(x).flatten(start_dim=1)
        x = self.drop(self.relu(self.fc1(x)))
        x = self.drop(self.relu(self.fc2(x)))
        return self.fc3(x)


# %% right: towers a and b, an if for groups
import torch
import torch.nn.functional as F
from torch import nn


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super(AlexNet, self).__init__()
        self.two = groups == 2
        self.conv1 = nn.Conv2d(3, 96, 11, 4)
        if self.two:
            self.conv2a, self.conv2b = nn.Conv2d(48, 128, 5, padding=2), nn.Conv2d(48, 128, 5, padding=2)
            self.conv4a, self.conv4b = nn.Conv2d(192, 192, 3, padding=1), nn.Conv2d(192, 192, 3, padding=1)
            self.conv5a, self.conv5b = nn.Conv2d(192, 128, 3, padding=1), nn.Conv2d(192, 128, 3, padding=1)
        else:
            self.conv2 = nn.Conv2d(96, 256, 5, padding=2)
            self.conv4 = nn.Conv2d(384, 384, 3, padding=1)
            self.conv5 = nn.Conv2d(384, 256, 3, padding=1)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.norm = nn.LocalResponseNorm(size=5, alpha=0.0001, beta=0.75, k=2) if lrn else nn.Sequential()
        self.pool = nn.MaxPool2d(3, 2)
        self.classifier = nn.Sequential(
            nn.Flatten(), nn.Linear(9216, 4096), nn.Dropout(), nn.ReLU(), nn.Linear(4096, 4096), nn.Dropout(),
            nn.ReLU(), nn.Linear(4096, 1000),
        )

    def forward(self, x):
        x = self.pool(self.norm(F.relu(self.conv1(x))))
        if self.two:
            a, b = x[:, :48], x[:, 48:]
            b, a = F.relu(self.conv2b(b)), F.relu(self.conv2a(a))
            x = torch.cat((a, b), dim=1)
        else:
            x = F.relu(self.conv2(x))
        x = self.pool(self.norm(x))
        x = F.relu(self.conv3(x))
        if self.two:
            x1, x2 = x[:, :192], x[:, 192:]
            x1, x2 = F.relu(self.conv4a(x1)), F.relu(self.conv4b(x2))
            x = torch.cat((F.relu(self.conv5a(x1)), F.relu(self.conv5b(x2))), dim=1)
        else:
            x = F.relu(self.conv5(F.relu(self.conv4(x))))
        return self.classifier(self.pool(x))


# %% right: all convolutional
from collections import OrderedDict

import torch
from torch import nn


class CrossChannelNorm(nn.Module):
    def __init__(self, size=5, alpha=1e-4, beta=0.75, k=2.0):
        super().__init__()
        self.average = nn.AvgPool3d((size, 1, 1), stride=1, padding=((size - 1) // 2, 0, 0))
        self.alpha, self.beta, self.k = alpha, beta, k

    def forward(self, x):
        div = x.pow(2).unsqueeze(1)
        div = self.average(div).squeeze(1)
        div = div.mul(self.alpha).add(self.k).pow(self.beta)
        return x.div(div)


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super().__init__()
        layers = OrderedDict()
        layers["conv1"] = nn.Conv2d(3, 96, 11, stride=4)
        layers["relu1"] = nn.ReLU(inplace=True)
        if lrn:
            layers["norm1"] = CrossChannelNorm()
        layers["pool1"] = nn.MaxPool2d(3, 2)
        layers["conv2"] = nn.Conv2d(96, 256, 5, padding=2, groups=groups)
        layers["relu2"] = nn.ReLU(inplace=True)
        if lrn:
            layers["norm2"] = CrossChannelNorm()
        layers["pool2"] = nn.MaxPool2d(3, 2)
        layers["conv3"] = nn.Conv2d(256, 384, 3, padding="same")
        layers["relu3"] = nn.ReLU(inplace=True)
        layers["conv4"] = nn.Conv2d(384, 384, 3, padding="same", groups=groups)
        layers["relu4"] = nn.ReLU(inplace=True)
        layers["conv5"] = nn.Conv2d(384, 256, 3, padding="same", groups=groups)
        layers["relu5"] = nn.ReLU(inplace=True)
        layers["pool5"] = nn.MaxPool2d(3, 2)
        layers["conv6"] = nn.Conv2d(256, 4096, 6)
        layers["relu6"] = nn.ReLU(inplace=True)
        layers["drop6"] = nn.Dropout2d(0.5)
        layers["conv7"] = nn.Conv2d(4096, 4096, 1)
        layers["relu7"] = nn.ReLU(inplace=True)
        layers["drop7"] = nn.Dropout2d(0.5)
        layers["conv8"] = nn.Conv2d(4096, 1000, 1)
        self.net = nn.Sequential(layers)

    def forward(self, x):
        return self.net(x).mean([2, 3])


# %% right: a table in a loop, a function, LRN over a cumulative sum
import torch
from torch import nn

TABLE = [  # filters, size, stride, padding, grouped, LRN, pool
    (96, 11, 4, 0, False, True, True),
    (256, 5, 1, 2, True, True, True),
    (384, 3, 1, 1, False, False, False),
    (384, 3, 1, 1, True, False, False),
    (256, 3, 1, 1, True, False, True),
]


class LRN(nn.Module):
    def forward(self, x):
        c = x.shape[1]
        total = torch.cumsum(x.square(), dim=1)
        total = torch.cat([torch.zeros_like(total[:, :1]), total], dim=1)
        index = torch.arange(c, device=x.device)
        high, low = (index + 3).clamp(max=c), (index - 2).clamp(min=0)
        window = total[:, high] - total[:, low]
        return x * (2 + 1e-4 / 5 * window) ** -0.75


def AlexNet(groups=1, lrn=False):
    layers, channels = [], 3
    for filters, size, stride, padding, grouped, normed, pooled in TABLE:
        layers += [
            nn.Conv2d(channels, filters, size, stride, padding, groups=groups if grouped else 1),
            nn.ReLU(True),
        ]
        if normed and lrn:
            layers += [LRN()]
        if pooled:
            layers += [nn.MaxPool2d(3, 2)]
        channels = filters
    layers += [nn.Flatten()]
    features = channels * 6 * 6
    for width in (4096, 4096):
        layers += [nn.Linear(features, width), nn.ReLU(True), nn.Dropout(0.5)]
        features = width
    return nn.Sequential(*layers, nn.Linear(features, 1000))


# %% right: LRN by unfold over channels
# from: a table in a loop, a function, LRN over a cumulative sum
# -        c = x.shape[1]
# -        total = torch.cumsum(x.square(), dim=1)
# -        total = torch.cat([torch.zeros_like(total[:, :1]), total], dim=1)
# -        index = torch.arange(c, device=x.device)
# -        high, low = (index + 3).clamp(max=c), (index - 2).clamp(min=0)
# -        window = total[:, high] - total[:, low]
# -        return x * (2 + 1e-4 / 5 * window) ** -0.75
# +        squares = nn.functional.pad(x**2, (0, 0, 0, 0, 2, 2))
# +        mean = squares.unfold(1, 5, 1).mean(dim=-1)
# +        return x / torch.pow(2.0 + 1e-4 * mean, 0.75)

# %% right: LRN in a loop over channels
# -        c = x.shape[1]
# -        total = torch.cumsum(x.square(), dim=1)
# -        total = torch.cat([torch.zeros_like(total[:, :1]), total], dim=1)
# -        index = torch.arange(c, device=x.device)
# -        high, low = (index + 3).clamp(max=c), (index - 2).clamp(min=0)
# -        window = total[:, high] - total[:, low]
# -        return x * (2 + 1e-4 / 5 * window) ** -0.75
# +        n, c, h, w = x.shape
# +        out = torch.empty_like(x)
# +        for i in range(c):
# +            near = x[:, max(0, i - 2) : min(c, i + 3)]
# +            out[:, i] = x[:, i] / (2 + 1e-4 * (near**2).sum(dim=1) / 5) ** 0.75
# +        return out

# %% right: LRN in a loop over channels, stacked
# from: LRN in a loop over channels
# -        out = torch.empty_like(x)
# +        out = []
# -            out[:, i] = x[:, i] / (2 + 1e-4 * (near**2).sum(dim=1) / 5) ** 0.75
# -        return out
# +            out.append(x[:, i] / (2 + 1e-4 * (near**2).sum(dim=1) / 5) ** 0.75)
# +        return torch.stack(out, dim=1)

# %% right: LRN as a banded matrix, a 1 x 1 convolution
# from: a table in a loop, a function, LRN over a cumulative sum
# -        c = x.shape[1]
# -        total = torch.cumsum(x.square(), dim=1)
# -        total = torch.cat([torch.zeros_like(total[:, :1]), total], dim=1)
# -        index = torch.arange(c, device=x.device)
# -        high, low = (index + 3).clamp(max=c), (index - 2).clamp(min=0)
# -        window = total[:, high] - total[:, low]
# -        return x * (2 + 1e-4 / 5 * window) ** -0.75
# +        index = torch.arange(x.shape[1], device=x.device)
# +        near = (index[:, None] - index).abs() <= 2
# +        window = torch.einsum("ij,njhw->nihw", near.to(x.dtype), x * x)
# +        return x * (2 + 1e-4 / 5 * window) ** -0.75

# %% right: functional, linear weights (in, out)
import torch
import torch.nn.functional as F
from torch import nn


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super().__init__()
        self.groups, self.lrn = groups, lrn
        g = groups
        sizes = {1: (96, 3, 11, 11), 2: (256, 96 // g, 5, 5), 3: (384, 256, 3, 3), 4: (384, 384 // g, 3, 3),
                 5: (256, 384 // g, 3, 3), 6: (9216, 4096), 7: (4096, 4096), 8: (4096, 1000)}
        self.w, self.b = nn.ParameterDict(), nn.ParameterDict()
        for i, size in sizes.items():
            self.w[str(i)] = nn.Parameter(torch.empty(size))
            self.b[str(i)] = nn.Parameter(torch.zeros(size[0] if len(size) == 4 else size[1]))
            nn.init.trunc_normal_(self.w[str(i)], std=0.01)

    def conv(self, x, i, **kwargs):
        return F.relu(F.conv2d(x, self.w[str(i)], self.b[str(i)], **kwargs))

    def linear(self, x, i):
        return x @ self.w[str(i)] + self.b[str(i)]

    def forward(self, x):
        g = self.groups
        x = self.conv(x, 1, stride=4)
        if self.lrn:
            x = F.local_response_norm(x, 5, k=2.0)
        x = F.max_pool2d(x, 3, 2)
        x = self.conv(x, 2, padding=2, groups=g)
        if self.lrn:
            x = F.local_response_norm(x, 5, k=2.0)
        x = F.max_pool2d(x, 3, 2)
        x = self.conv(x, 3, padding=1)
        x = self.conv(x, 4, padding=1, groups=g)
        x = self.conv(x, 5, padding=1, groups=g)
        x = F.max_pool2d(x, 3, 2)
        x = torch.flatten(x, 1)
        for i in (6, 7):
            x = F.dropout(self.linear(x, i).clamp_min(0), 0.5, self.training)
        return self.linear(x, 8)


# %% right: max pooling by unfold and amax
# from: functional, linear weights (in, out)
# -    def linear(self, x, i):
# +    @staticmethod
# +    def pool(x):
# +        return x.unfold(2, 3, 2).unfold(3, 3, 2).amax(dim=(-1, -2))
# +
# +    def linear(self, x, i):
# -        x = self.conv(x, 1, stride=4)
# -        if self.lrn:
# -            x = F.local_response_norm(x, 5, k=2.0)
# -        x = F.max_pool2d(x, 3, 2)
# -        x = self.conv(x, 2, padding=2, groups=g)
# -        if self.lrn:
# -            x = F.local_response_norm(x, 5, k=2.0)
# -        x = F.max_pool2d(x, 3, 2)
# +        x = self.conv(x, 1, stride=4)
# +        x = self.pool(F.local_response_norm(x, 5, k=2.0) if self.lrn else x)
# +        x = self.conv(x, 2, padding=2, groups=g)
# +        x = self.pool(F.local_response_norm(x, 5, k=2.0) if self.lrn else x)
# -        x = self.conv(x, 5, padding=1, groups=g)
# -        x = F.max_pool2d(x, 3, 2)
# +        x = self.pool(self.conv(x, 5, padding=1, groups=g))


# %% right: two GPUs of the paper, halves kept apart
import torch
from torch import nn
from torch.nn import functional as F


def lrn_by_hand(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    squares = F.pad(x * x, (0, 0, 0, 0, n // 2, n // 2))
    total = sum(squares[:, i : i + x.shape[1]] for i in range(n))
    return x / (k + alpha / n * total) ** beta


class AlexNet(nn.Module):
    def __init__(self, groups=1, lrn=False):
        super().__init__()
        g = self.groups = groups
        self.lrn = lrn
        self.conv1 = nn.Conv2d(3, 96, 11, 4)
        self.conv2 = nn.ModuleList([nn.Conv2d(96 // g, 256 // g, 5, padding=2) for _ in range(g)])
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = nn.ModuleList([nn.Conv2d(384 // g, 384 // g, 3, padding=1) for _ in range(g)])
        self.conv5 = nn.ModuleList([nn.Conv2d(384 // g, 256 // g, 3, padding=1) for _ in range(g)])
        self.fc6, self.fc7, self.fc8 = nn.Linear(9216, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = lrn_by_hand(x) if self.lrn else x
        x = F.max_pool2d(x, 3, 2)
        halves = torch.split(x, 96 // self.groups, dim=1)
        x = torch.cat([F.relu(c(h)) for c, h in zip(self.conv2, halves)], 1)
        x = lrn_by_hand(x) if self.lrn else x
        x = F.max_pool2d(x, 3, 2)
        x = F.relu(self.conv3(x))
        halves = torch.tensor_split(x, self.groups, dim=1)
        outs = []
        for conv4, conv5, half in zip(self.conv4, self.conv5, halves):  # no exchange in between
            half = F.relu(conv4(half))
            outs.append(F.max_pool2d(F.relu(conv5(half)), 3, 2))
        x = torch.cat(outs, 1).reshape(len(x), -1)
        x = F.dropout(F.relu(self.fc6(x)), training=self.training)
        x = F.dropout(F.relu(self.fc7(x)), training=self.training)
        return self.fc8(x)

# %% wrong: average pooling
# fails: test-alexnet-stages
# says: average pooling for max pooling
# from: two towers that meet where the paper's do
# -        self.pool = nn.MaxPool2d(3, stride=2)
# +        self.pool = nn.AvgPool2d(3, stride=2)

# %% wrong: no padding in the second convolution
# fails: test-alexnet-stages, test-alexnet-sizes, test-alexnet-values, test-alexnet-groups, test-alexnet-lrn, test-alexnet-dropout
# because: every call raises something
# says: too little padding in conv2
# from: named layers, functions between them
# -        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups)
# +        self.conv2 = nn.Conv2d(96, 256, 5, 1, 0, 1, groups)

# %% wrong: padding 1 in all convolutions but the first
# says: too little padding in conv2
# -        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups)
# +        self.conv2 = nn.Conv2d(96, 256, 5, 1, 1, 1, groups)

# %% wrong: no padding in the last three convolutions
# says: no padding in conv3 to conv5
# -        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1)
# -        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups)
# -        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
# +        self.conv3 = nn.Conv2d(256, 384, 3)
# +        self.conv4 = nn.Conv2d(384, 384, 3, groups=groups)
# +        self.conv5 = nn.Conv2d(384, 256, 3, groups=groups)

# %% wrong: no pooling after the fifth convolution
# says: two poolings: there are three
# -        x = F.relu(self.conv5(x))
# -        x = F.max_pool2d(x, 3, 2)
# +        x = F.relu(self.conv5(x))

# %% wrong: no flattening
# says: no flattening before the linear layers
# -        x = x.view(x.size(0), -1)
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# +        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)

# %% wrong: the widths and the padding of torchvision's AlexNet
# fails: test-alexnet-sizes
# says: the filters and padding of torchvision's
# from: features and classifier
# -            nn.Conv2d(3, 96, kernel_size=11, stride=4),
# +            nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
# -            nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups),
# +            nn.Conv2d(64, 192, kernel_size=5, padding=2, groups=groups),
# -            nn.Conv2d(256, 384, kernel_size=3, padding=1),
# -            nn.ReLU(inplace=True),
# -            nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups),
# -            nn.ReLU(inplace=True),
# -            nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
# +            nn.Conv2d(192, 384, kernel_size=3, padding=1),
# +            nn.ReLU(inplace=True),
# +            nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
# +            nn.ReLU(inplace=True),
# +            nn.Conv2d(256, 256, kernel_size=3, padding=1, groups=groups),

# %% wrong: the widths of one of the paper's two GPUs
# says: the widths on one of the paper's two GPUs
# from: named layers, functions between them
# -        self.conv1 = nn.Conv2d(3, 96, 11, 4)
# -        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups)
# -        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1)
# -        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups)
# -        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
# -        self.fc6 = nn.Linear(9216, 4096)
# -        self.fc7 = nn.Linear(4096, 4096)
# -        self.fc8 = nn.Linear(4096, 1000)
# +        self.conv1 = nn.Conv2d(3, 48, 11, 4)
# +        self.conv2 = nn.Conv2d(48, 128, 5, 1, 2, 1, groups)
# +        self.conv3 = nn.Conv2d(128, 192, 3, 1, 1)
# +        self.conv4 = nn.Conv2d(192, 192, 3, 1, 1, 1, groups)
# +        self.conv5 = nn.Conv2d(192, 128, 3, 1, 1, 1, groups)
# +        self.fc6 = nn.Linear(4608, 2048)
# +        self.fc7 = nn.Linear(2048, 2048)
# +        self.fc8 = nn.Linear(2048, 1000)

# %% wrong: 256 filters in the fourth convolution
# says: conv4 of 256 filters
# -        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups)
# -        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
# +        self.conv4 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
# +        self.conv5 = nn.Conv2d(256, 256, 3, 1, 1, 1, groups)

# %% wrong: ten classes
# says: 10 classes
# -        self.fc8 = nn.Linear(4096, 1000)
# +        self.fc8 = nn.Linear(4096, 10)

# %% wrong: convolutions without biases
# says: convolutions without biases
# -        self.conv1 = nn.Conv2d(3, 96, 11, 4)
# -        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups)
# -        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1)
# -        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups)
# -        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
# +        self.conv1 = nn.Conv2d(3, 96, 11, 4, bias=False)
# +        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups, bias=False)
# +        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1, bias=False)
# +        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups, bias=False)
# +        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups, bias=False)

# %% wrong: two groups by default
# fails: test-alexnet-sizes
# says: two groups where `groups` is 1, or is not given
# from: named layers, functions between them
# -    def __init__(self, groups=1, lrn=False):
# +    def __init__(self, groups=2, lrn=False):

# %% wrong: groups not used
# fails: test-alexnet-groups
# says: `groups` is not used
# -        self.lrn = lrn
# +        self.lrn = lrn
# +        groups = 1

# %% wrong: groups in the third convolution as well
# says: groups in conv3 too
# -        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1)
# +        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1, 1, groups)

# %% wrong: groups in the second convolution alone
# says: groups in conv2 alone
# -        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1, 1, groups)
# -        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1, 1, groups)
# +        self.conv4 = nn.Conv2d(384, 384, 3, 1, 1)
# +        self.conv5 = nn.Conv2d(384, 256, 3, 1, 1)

# %% wrong: groups in the last three convolutions
# says: groups in conv3, conv4 and conv5
# -        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2, 1, groups)
# -        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1)
# +        self.conv2 = nn.Conv2d(96, 256, 5, 1, 2)
# +        self.conv3 = nn.Conv2d(256, 384, 3, 1, 1, 1, groups)

# %% wrong: every other channel
# says: groups of every other channel
# from: two towers that meet where the paper's do
# -        parts = x.chunk(len(self.towers), dim=1)
# +        parts = [x[:, i :: len(self.towers)] for i in range(len(self.towers))]

# %% wrong: the halves change places
# says: the halves in each other's places
# -        parts = x.chunk(len(self.towers), dim=1)
# +        parts = x.chunk(len(self.towers), dim=1)[::-1]

# %% wrong: lrn not used
# fails: test-alexnet-lrn
# says: `lrn` is not used
# from: named layers, functions between them
# -        self.lrn = lrn
# +        self.lrn = False

# %% wrong: LRN before the ReLU
# says: LRN before the ReLU
# -        x = F.max_pool2d(self.norm(F.relu(self.conv1(x))), 3, 2)
# -        x = F.max_pool2d(self.norm(F.relu(self.conv2(x))), 3, 2)
# +        x = F.max_pool2d(F.relu(self.norm(self.conv1(x))), 3, 2)
# +        x = F.max_pool2d(F.relu(self.norm(self.conv2(x))), 3, 2)

# %% wrong: LRN after the pooling
# says: LRN after the pooling
# -        x = F.max_pool2d(self.norm(F.relu(self.conv1(x))), 3, 2)
# -        x = F.max_pool2d(self.norm(F.relu(self.conv2(x))), 3, 2)
# +        x = self.norm(F.max_pool2d(F.relu(self.conv1(x)), 3, 2))
# +        x = self.norm(F.max_pool2d(F.relu(self.conv2(x)), 3, 2))

# %% wrong: LRN after the first convolution alone
# says: LRN after conv1 alone
# -        x = F.max_pool2d(self.norm(F.relu(self.conv2(x))), 3, 2)
# +        x = F.max_pool2d(F.relu(self.conv2(x)), 3, 2)

# %% wrong: PyTorch's default k
# says: LRN with k = 1
# -        return F.local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2)
# +        return F.local_response_norm(x, size=5)

# %% wrong: another beta
# says: LRN with beta = 0.5
# -        return F.local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2)
# +        return F.local_response_norm(x, size=5, alpha=1e-4, beta=0.5, k=2)

# %% wrong: three channels
# says: LRN over 3 channels
# -        return F.local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2)
# +        return F.local_response_norm(x, size=3, alpha=1e-4, beta=0.75, k=2)

# %% wrong: alpha divided once too often
# says: alpha divided by n twice
# -        return F.local_response_norm(x, size=5, alpha=1e-4, beta=0.75, k=2)
# +        return F.local_response_norm(x, size=5, alpha=1e-4 / 5, beta=0.75, k=2)

# %% wrong: the paper's formula, by hand
# says: alpha not divided by n
# from: two GPUs of the paper, halves kept apart
# -    return x / (k + alpha / n * total) ** beta
# +    return x / (k + alpha * total) ** beta

# %% wrong: LRN always
# fails: test-alexnet-values
# says: LRN where `lrn` is False
# from: named layers, functions between them
# -        self.lrn = lrn
# +        self.lrn = True

# %% wrong: pooling 2 x 2
# says: pooling windows of 2 x 2
# from: two towers that meet where the paper's do
# -        self.pool = nn.MaxPool2d(3, stride=2)
# +        self.pool = nn.MaxPool2d(2)

# %% wrong: padding in the first convolution
# says: padding 2 in conv1
# from: features and classifier
# -            nn.Conv2d(3, 96, kernel_size=11, stride=4),
# +            nn.Conv2d(3, 96, kernel_size=11, stride=4, padding=2),

# %% wrong: no ReLU in the classifier
# says: no ReLU between the linear layers
# from: named layers, functions between them
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# -        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
# +        x = F.dropout(self.fc6(x), 0.5, self.training)
# +        x = F.dropout(self.fc7(x), 0.5, self.training)

# %% wrong: no ReLU after the fifth convolution
# says: no ReLU after conv5
# -        x = F.relu(self.conv5(x))
# +        x = self.conv5(x)

# %% wrong: no ReLU after the third and fourth convolutions
# says: no ReLU after conv3 and conv4
# -        x = F.relu(self.conv3(x))
# -        x = F.relu(self.conv4(x))
# +        x = self.conv4(self.conv3(x))

# %% wrong: softmax at the end
# says: softmax: the network returns logits
# -        return self.fc8(x)
# +        return F.softmax(self.fc8(x), dim=1)

# %% wrong: ReLU on the scores
# fails: test-alexnet-values, test-alexnet-groups, test-alexnet-lrn
# because: of faults of the values only the likeliest are looked for with groups and LRN
# from: named layers, functions between them
# says: ReLU on the logits
# -        return self.fc8(x)
# +        return F.relu(self.fc8(x))

# %% wrong: tanh
# says: tanh for ReLU
# from: two towers that meet where the paper's do
# -        self.relu = nn.ReLU()
# +        self.relu = nn.Tanh()

# %% wrong: batch norm for LRN
# fails: test-alexnet-lrn, test-alexnet-sizes, test-alexnet-dropout
# because: a batch norm has parameters, and does something else in train mode
# says: batch norm for LRN
# from: features and classifier
# -        norm = (lambda: nn.LocalResponseNorm(5, 1e-4, 0.75, 2.0)) if lrn else nn.Identity
# +        norm = nn.LazyBatchNorm2d if lrn else nn.Identity

# %% wrong: dropout that never stops
# fails: test-alexnet-values, test-alexnet-dropout
# because: dropout acts on eval mode's outputs, and is not what it was in train mode
# says: dropout in eval mode too
# from: named layers, functions between them
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# -        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
# +        x = F.dropout(F.relu(self.fc6(x)), 0.5)
# +        x = F.dropout(F.relu(self.fc7(x)), 0.5)

# %% wrong: no dropout
# fails: test-alexnet-dropout
# says: too few
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# -        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
# +        x = F.relu(self.fc6(x))
# +        x = F.relu(self.fc7(x))

# %% wrong: one dropout
# says: too few
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# +        x = F.relu(self.fc6(x))

# %% wrong: dropout of one in ten
# says: another share is dropped
# from: two towers that meet where the paper's do
# -        self.drop = nn.Dropout()
# +        self.drop = nn.Dropout(0.1)

# %% wrong: dropout that does not make up for what it leaves out
# says: has the wrong size
# from: named layers, functions between them
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# -        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
# +        x = F.relu(self.fc6(x))
# +        x = x * (torch.rand_like(x) > 0.5) if self.training else x
# +        x = F.relu(self.fc7(x))
# +        x = x * (torch.rand_like(x) > 0.5) if self.training else x
# -import torch.nn as nn
# +import torch
# +import torch.nn as nn

# %% wrong: the linear layers in a plain list
# fails: test-alexnet-sizes
# says: is not registered
# from: named layers, functions between them
# -        self.fc6 = nn.Linear(9216, 4096)
# -        self.fc7 = nn.Linear(4096, 4096)
# -        self.fc8 = nn.Linear(4096, 1000)
# +        self.fc = [nn.Linear(9216, 4096), nn.Linear(4096, 4096), nn.Linear(4096, 1000)]
# -        x = F.dropout(F.relu(self.fc6(x)), 0.5, self.training)
# -        x = F.dropout(F.relu(self.fc7(x)), 0.5, self.training)
# -        return self.fc8(x)
# +        x = F.dropout(F.relu(self.fc[0](x)), 0.5, self.training)
# +        x = F.dropout(F.relu(self.fc[1](x)), 0.5, self.training)
# +        return self.fc[2](x)
