# %% right: named layers, downsample
import torch
from torch import nn


def conv1x1(i, o, stride=1):
    return nn.Conv2d(i, o, kernel_size=1, stride=stride, bias=False)


def conv3x3(i, o, stride=1, groups=1, dilation=1):
    return nn.Conv2d(i, o, kernel_size=3, stride=stride, padding=dilation, groups=groups, bias=False, dilation=dilation)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        norm_layer = nn.BatchNorm2d
        self.conv1 = conv1x1(in_channels, channels)
        self.bn1 = norm_layer(channels)
        self.conv2 = conv3x3(channels, channels, stride)
        self.bn2 = norm_layer(channels)
        self.conv3 = conv1x1(channels, channels * self.expansion)
        self.bn3 = norm_layer(channels * self.expansion)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or in_channels != channels * self.expansion:
            self.downsample = nn.Sequential(
                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
            )

    def forward(self, x):
        identity = x

        out = self.conv1(x)
        out = self.bn1(out)
        out = self.relu(out)

        out = self.conv2(out)
        out = self.bn2(out)
        out = self.relu(out)

        out = self.conv3(out)
        out = self.bn3(out)

        if self.downsample is not None:
            identity = self.downsample(x)

        out += identity
        out = self.relu(out)

        return out


# %% right: torch.add, the shortcut first
# from: named layers, downsample
# -        identity = x
# +        identity = self.downsample(x) if self.downsample is not None else x
# -        if self.downsample is not None:
# -            identity = self.downsample(x)
# -
# -        out += identity
# +        out = torch.add(identity, out)

# %% right: the sum of a stack, the last norm zero
# from: named layers, downsample
# -        self.relu = nn.ReLU(inplace=True)
# +        self.relu = nn.ReLU(inplace=True)
# +        nn.init.zeros_(self.bn3.weight)
# -        out += identity
# +        out = torch.stack([out, identity]).sum(dim=0)

# %% right: two Sequentials, an empty one for the identity
import torch.nn.functional as F
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        out_channels = 4 * channels
        self.residual = nn.Sequential(
            nn.Conv2d(in_channels, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
            nn.Conv2d(channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels),
        )
        self.shortcut = nn.Sequential()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
            )

    def forward(self, x):
        return F.relu(self.residual(x) + self.shortcut(x))


# %% right: the shortcut on every other pixel, computed first
# from: two Sequentials, an empty one for the identity
# -                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
# +                nn.MaxPool2d(1, stride), nn.Conv2d(in_channels, out_channels, 1, bias=False),
# +                nn.BatchNorm2d(out_channels),
# -        return F.relu(self.residual(x) + self.shortcut(x))
# +        x, y = self.shortcut(x), self.residual(x)
# +        return (x + y).clamp(min=0)

# %% right: a loop over sizes, names by number
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        rows = [(in_channels, channels, 1, 1), (channels, channels, 3, stride), (channels, 4 * channels, 1, 1)]
        if in_channels != 4 * channels or stride > 1:
            rows.append((in_channels, 4 * channels, 1, stride))
        for i, (a, b, k, s) in enumerate(rows):
            self.add_module(f"c{i}", nn.Conv2d(a, b, k, s, k // 2, bias=False))
            self.add_module(f"n{i}", nn.BatchNorm2d(b))
        self.projects = len(rows) == 4

    def step(self, i, x):
        return getattr(self, f"n{i}")(getattr(self, f"c{i}")(x))

    def forward(self, x):
        out = x
        for i in range(3):
            out = self.step(i, out)
            if i < 2:
                out = out.relu()
        return (out + (self.step(3, x) if self.projects else x)).relu()


# %% right: functional, 1 x 1 convolutions as matrices (in, out)
import torch
import torch.nn.functional as F
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        out = 4 * channels
        self.stride, self.project = stride, stride != 1 or in_channels != out
        self.w1 = nn.Parameter(torch.randn(in_channels, channels) * (2 / in_channels) ** 0.5)
        self.w2 = nn.Parameter(torch.randn(channels, channels, 3, 3) * (2 / channels / 9) ** 0.5)
        self.w3 = nn.Parameter(torch.randn(channels, out) * (2 / channels) ** 0.5)
        self.n1, self.n2, self.n3 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels), nn.BatchNorm2d(out)
        if self.project:
            self.w0 = nn.Parameter(torch.randn(in_channels, out) * (2 / in_channels) ** 0.5)
            self.n0 = nn.BatchNorm2d(out)

    def pixelwise(self, x, w):
        return torch.einsum("nihw,io->nohw", x, w)

    def forward(self, x):
        out = F.relu(self.n1(self.pixelwise(x, self.w1)))
        out = F.relu(self.n2(F.conv2d(out, self.w2, stride=self.stride, padding=1)))
        out = self.n3(self.pixelwise(out, self.w3))
        if self.project:
            x = self.n0(self.pixelwise(x[:, :, :: self.stride, :: self.stride], self.w0))
        return F.relu(out + x)


# %% right: 1 x 1 convolutions as nn.Linear, channels last
import torch
from torch import nn


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.down = nn.Linear(in_channels, channels, bias=False)
        self.conv = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False)
        self.up = nn.Linear(channels, 4 * channels, bias=False)
        self.norms = nn.ModuleList([nn.BatchNorm2d(c) for c in (channels, channels, 4 * channels)])
        self.stride, self.skip = stride, None
        if (stride, in_channels) != (1, 4 * channels):
            self.skip = nn.Linear(in_channels, 4 * channels, bias=False)
            self.norms.append(nn.BatchNorm2d(4 * channels))

    @staticmethod
    def point(layer, x):
        return layer(x.movedim(1, -1)).movedim(-1, 1)

    def forward(self, x):
        y = torch.relu(self.norms[0](self.point(self.down, x)))
        y = torch.relu(self.norms[1](self.conv(y)))
        y = self.norms[2](self.point(self.up, y))
        if self.skip is not None:
            x = self.norms[3](self.point(self.skip, x[..., :: self.stride, :: self.stride]))
        return torch.relu(x + y)


# %% right: lazy modules
from torch import nn
from torch.nn import functional as F


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.conv1 = nn.LazyConv2d(channels, kernel_size=1, bias=False)
        self.conv2 = nn.LazyConv2d(channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.conv3 = nn.LazyConv2d(channels * 4, kernel_size=1, bias=False)
        self.bn1, self.bn2, self.bn3 = nn.LazyBatchNorm2d(), nn.LazyBatchNorm2d(), nn.LazyBatchNorm2d()
        if in_channels == channels * 4 and stride == 1:
            self.conv4 = None
        else:
            self.conv4 = nn.LazyConv2d(channels * 4, kernel_size=1, stride=stride, bias=False)
            self.bn4 = nn.LazyBatchNorm2d()

    def forward(self, X):
        Y = F.relu(self.bn1(self.conv1(X)))
        Y = F.relu(self.bn2(self.conv2(Y)))
        Y = self.bn3(self.conv3(Y))
        if self.conv4:
            X = self.bn4(self.conv4(X))
        Y += X
        return F.relu(Y)


# %% right: a function, a Sequential with the sum in it
import torch
from torch import nn


class Sum(nn.ModuleList):
    def forward(self, x):
        first, *rest = [path(x) for path in self]
        for other in rest:
            first = first + other
        return first


def Bottleneck(in_channels, channels, stride=1):
    def unit(i, o, k, s=1, act=True):
        layers = [nn.Conv2d(i, o, k, s, padding="same" if s == 1 else k // 2, bias=False), nn.BatchNorm2d(o)]
        return nn.Sequential(*layers, nn.ReLU()) if act else nn.Sequential(*layers)

    wide = channels * 4
    path = nn.Sequential(unit(in_channels, channels, 1), unit(channels, channels, 3, stride), unit(channels, wide, 1, act=False))
    shortcut = nn.Identity() if stride == 1 and in_channels == wide else unit(in_channels, wide, 1, stride, act=False)
    return nn.Sequential(Sum([shortcut, path]), nn.ReLU())
