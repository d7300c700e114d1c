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


# %% right: three modules of convolution and norm, channels counted on
from torch import nn
from torch.nn import functional as F


class ConvNorm(nn.Module):
    def __init__(self, into, out, size, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(into, out, size, stride=stride, padding=(size - 1) // 2, bias=False)
        self.norm = nn.BatchNorm2d(out)

    def forward(self, x):
        return self.norm(self.conv(x))


class Bottleneck(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.reduce = ConvNorm(in_channels, channels, 1)
        self.conv = ConvNorm(channels, channels, 3, stride)
        self.expand = ConvNorm(channels, channels * 4, 1)
        self.project = None
        if in_channels != channels * 4 or stride != 1:
            self.project = ConvNorm(in_channels, channels * 4, 1, stride)

    def forward(self, x):
        shortcut = x if self.project is None else self.project(x)
        x = F.relu(self.reduce(x))
        x = F.relu(self.conv(x))
        return F.relu(self.expand(x) + shortcut)


# %% wrong: convolution biases kept
# fails: test-bottleneck-sizes
# says: convolutions with biases
# from: two Sequentials, an empty one for the identity
# -            nn.Conv2d(in_channels, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
# -            nn.Conv2d(channels, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
# -            nn.Conv2d(channels, out_channels, 1, bias=False), nn.BatchNorm2d(out_channels),
# +            nn.Conv2d(in_channels, channels, 1), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
# +            nn.Conv2d(channels, channels, 3, stride, 1), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
# +            nn.Conv2d(channels, out_channels, 1), nn.BatchNorm2d(out_channels),
# -                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False), nn.BatchNorm2d(out_channels)
# +                nn.Conv2d(in_channels, out_channels, 1, stride), nn.BatchNorm2d(out_channels)

# %% wrong: the last convolution does not widen
# says: the last 1 x 1 gives four times as many
# from: three modules of convolution and norm, channels counted on
# -        self.expand = ConvNorm(channels, channels * 4, 1)
# +        self.expand = ConvNorm(channels, channels, 1)
# -        if in_channels != channels * 4 or stride != 1:
# -            self.project = ConvNorm(in_channels, channels * 4, 1, stride)
# +        if in_channels != channels or stride != 1:
# +            self.project = ConvNorm(in_channels, channels, 1, stride)

# %% wrong: channels are the output's
# fails: test-bottleneck-sizes
# says: they are a quarter of it
# -        self.reduce = ConvNorm(in_channels, channels, 1)
# -        self.conv = ConvNorm(channels, channels, 3, stride)
# -        self.expand = ConvNorm(channels, channels * 4, 1)
# +        inner = channels // 4
# +        self.reduce = ConvNorm(in_channels, inner, 1)
# +        self.conv = ConvNorm(inner, inner, 3, stride)
# +        self.expand = ConvNorm(inner, channels, 1)
# -        if in_channels != channels * 4 or stride != 1:
# -            self.project = ConvNorm(in_channels, channels * 4, 1, stride)
# +        if in_channels != channels or stride != 1:
# +            self.project = ConvNorm(in_channels, channels, 1, stride)

# %% wrong: a quarter of the input's channels inside
# fails: test-bottleneck-sizes
# says: it has `channels`
# -        self.reduce = ConvNorm(in_channels, channels, 1)
# -        self.conv = ConvNorm(channels, channels, 3, stride)
# -        self.expand = ConvNorm(channels, channels * 4, 1)
# +        inner = in_channels // 4
# +        self.reduce = ConvNorm(in_channels, inner, 1)
# +        self.conv = ConvNorm(inner, inner, 3, stride)
# +        self.expand = ConvNorm(inner, channels * 4, 1)

# %% wrong: the 3 x 3 convolution widens
# says: out of the 3 x 3
# -        self.conv = ConvNorm(channels, channels, 3, stride)
# -        self.expand = ConvNorm(channels, channels * 4, 1)
# +        self.conv = ConvNorm(channels, channels * 4, 3, stride)
# +        self.expand = ConvNorm(channels * 4, channels * 4, 1)

# %% wrong: the 3 x 3 convolution first
# says: between the two 1 x 1
# -        self.reduce = ConvNorm(in_channels, channels, 1)
# -        self.conv = ConvNorm(channels, channels, 3, stride)
# +        self.reduce = ConvNorm(in_channels, channels, 3, stride)
# +        self.conv = ConvNorm(channels, channels, 1)

# %% wrong: a basic block of four times the channels
# says: two convolutions of 3 x 3
# -        self.reduce = ConvNorm(in_channels, channels, 1)
# -        self.conv = ConvNorm(channels, channels, 3, stride)
# -        self.expand = ConvNorm(channels, channels * 4, 1)
# +        self.reduce = ConvNorm(in_channels, channels, 3, stride)
# +        self.expand = ConvNorm(channels, channels * 4, 3)
# -        x = F.relu(self.conv(x))

# %% wrong: three convolutions of 3 x 3
# says: three convolutions of 3 x 3
# -        self.reduce = ConvNorm(in_channels, channels, 1)
# +        self.reduce = ConvNorm(in_channels, channels, 3)
# -        self.expand = ConvNorm(channels, channels * 4, 1)
# +        self.expand = ConvNorm(channels, channels * 4, 3)

# %% wrong: a depthwise 3 x 3
# says: a 3 x 3 for each channel alone
# from: named layers, downsample
# -        self.conv2 = conv3x3(channels, channels, stride)
# +        self.conv2 = conv3x3(channels, channels, stride, groups=channels)

# %% wrong: no norm after the third convolution
# says: no batch norm after the third
# -        out = self.bn3(out)
# +
# -        self.bn3 = norm_layer(channels * self.expansion)

# %% wrong: no padding in the 3 x 3
# fails: test-bottleneck-sizes, test-bottleneck-values, test-bottleneck-stride, test-bottleneck-learns, test-resnet-sizes
# because: every call raises something, and no network of such blocks runs
# says: no padding in the 3 x 3
# -    return nn.Conv2d(i, o, kernel_size=3, stride=stride, padding=dilation, groups=groups, bias=False, dilation=dilation)
# +    return nn.Conv2d(i, o, kernel_size=3, stride=stride, groups=groups, bias=False, dilation=dilation)

# %% wrong: padding in all convolutions
# fails: test-bottleneck-sizes, test-bottleneck-values, test-bottleneck-stride, test-bottleneck-learns
# because: every call raises something
# says: padding 1 in the 1 x 1
# from: three modules of convolution and norm, channels counted on
# -        self.conv = nn.Conv2d(into, out, size, stride=stride, padding=(size - 1) // 2, bias=False)
# +        self.conv = nn.Conv2d(into, out, size, stride=stride, padding=1, bias=False)

# %% wrong: the stride in two convolutions
# fails: test-bottleneck-sizes
# says: the stride in two convolutions
# -        self.reduce = ConvNorm(in_channels, channels, 1)
# +        self.reduce = ConvNorm(in_channels, channels, 1, stride)

# %% wrong: concatenation
# says: concatenating the input
# from: three modules of convolution and norm, channels counted on
# -from torch import nn
# +import torch
# +from torch import nn
# -        return F.relu(self.expand(x) + shortcut)
# +        return F.relu(torch.cat([self.expand(x), shortcut], dim=1))

# %% wrong: always a projection
# says: a projection where the shape stays
# from: named layers, downsample
# -        if stride != 1 or in_channels != channels * self.expansion:
# +        if True:

# %% wrong: compares the channels before they are widened
# fails: test-bottleneck-sizes
# says: a projection where the shape stays
# -        if stride != 1 or in_channels != channels * self.expansion:
# +        if stride != 1 or in_channels != channels:

# %% wrong: a projection only for a stride
# says: a projection for a stride only
# -        if stride != 1 or in_channels != channels * self.expansion:
# +        if stride != 1:

# %% wrong: a projection only for other channels
# says: for other channels only
# -        if stride != 1 or in_channels != channels * self.expansion:
# +        if in_channels != channels * self.expansion:

# %% wrong: a projection without norm
# says: a projection without a batch norm
# -                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
# +                conv1x1(in_channels, channels * self.expansion, stride)

# %% wrong: a projection of 3 x 3
# says: a projection of 3 x 3
# -                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
# +                conv3x3(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)

# %% wrong: average pooling and channels of zeros
# says: pooling and zero channels
# -                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
# +                nn.AvgPool2d(stride, ceil_mode=True),
# +                nn.ZeroPad3d((0, 0, 0, 0, 0, channels * self.expansion - in_channels)),

# %% wrong: no skip connection
# fails: test-bottleneck-values
# says: the input is not added
# -        out += identity
# -        out = self.relu(out)
# -
# +        out = self.relu(out)

# %% wrong: the ReLU before the addition
# says: the ReLU before the addition
# from: three modules of convolution and norm, channels counted on
# -        return F.relu(self.expand(x) + shortcut)
# +        return F.relu(self.expand(x)) + shortcut

# %% wrong: no ReLU after the addition
# says: no ReLU after the addition
# -        return F.relu(self.expand(x) + shortcut)
# +        return self.expand(x) + shortcut

# %% wrong: a ReLU on the branch and after the addition
# says: a ReLU on the branch
# -        return F.relu(self.expand(x) + shortcut)
# +        return F.relu(F.relu(self.expand(x)) + shortcut)

# %% wrong: a ReLU in every module
# says: a ReLU on the branch
# -        return self.norm(self.conv(x))
# +        return F.relu(self.norm(self.conv(x)))

# %% wrong: the addition before the third norm
# says: before the third norm
# -        return F.relu(self.expand(x) + shortcut)
# +        return F.relu(self.expand.norm(self.expand.conv(x) + shortcut))

# %% wrong: no ReLU after the first norm
# says: no ReLU after the first norm
# -        x = F.relu(self.reduce(x))
# +        x = self.reduce(x)

# %% wrong: no ReLU after the 3 x 3
# says: no ReLU after the second norm
# -        x = F.relu(self.conv(x))
# +        x = self.conv(x)

# %% wrong: no ReLU between the convolutions
# says: no ReLU between
# -        x = F.relu(self.reduce(x))
# -        x = F.relu(self.conv(x))
# +        x = self.conv(self.reduce(x))

# %% wrong: the norm after the ReLU
# says: the norm after the ReLU
# from: named layers, downsample
# -        out = self.conv1(x)
# -        out = self.bn1(out)
# -        out = self.relu(out)
# +        out = self.conv1(x)
# +        out = self.relu(out)
# +        out = self.bn1(out)
# -        out = self.conv2(out)
# -        out = self.bn2(out)
# -        out = self.relu(out)
# +        out = self.conv2(out)
# +        out = self.relu(out)
# +        out = self.bn2(out)

# %% wrong: pre-activation
# says: norm and ReLU before each
# -        self.bn1 = norm_layer(channels)
# +        self.bn1 = norm_layer(in_channels)
# -        self.bn3 = norm_layer(channels * self.expansion)
# -        self.relu = nn.ReLU(inplace=True)
# +        self.bn3 = norm_layer(channels)
# +        self.relu = nn.ReLU()
# -        out = self.conv1(x)
# -        out = self.bn1(out)
# -        out = self.relu(out)
# -
# -        out = self.conv2(out)
# -        out = self.bn2(out)
# -        out = self.relu(out)
# -
# -        out = self.conv3(out)
# -        out = self.bn3(out)
# +        out = self.conv1(self.relu(self.bn1(x)))
# +        out = self.conv2(self.relu(self.bn2(out)))
# +        out = self.conv3(self.relu(self.bn3(out)))
# -        out += identity
# -        out = self.relu(out)
# -
# +        out += identity

# %% wrong: the shortcut of a rectified x
# says: adding relu(x)
# from: three modules of convolution and norm, channels counted on
# -        shortcut = x if self.project is None else self.project(x)
# +        shortcut = F.relu(x) if self.project is None else self.project(F.relu(x))

# %% wrong: rectifies x in place
# fails: test-bottleneck-values, test-bottleneck-learns
# because: x itself is changed as well
# says: in both paths
# from: named layers, downsample
# -        out = self.conv1(x)
# +        out = self.conv1(self.relu(x))

# %% wrong: the stride in the first 1 x 1
# fails: test-bottleneck-stride
# says: the stride in the first 1 x 1
# -        self.conv1 = conv1x1(in_channels, channels)
# -        self.bn1 = norm_layer(channels)
# -        self.conv2 = conv3x3(channels, channels, stride)
# +        self.conv1 = conv1x1(in_channels, channels, stride)
# +        self.bn1 = norm_layer(channels)
# +        self.conv2 = conv3x3(channels, channels)

# %% wrong: no projection at all
# says: no projection where the shape changes
# -        if stride != 1 or in_channels != channels * self.expansion:
# -            self.downsample = nn.Sequential(
# -                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
# -            )

# %% wrong: average pooling before the projection
# says: average pooling for the stride of the projection
# -                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
# +                nn.AvgPool2d(stride, ceil_mode=True, count_include_pad=False),
# +                conv1x1(in_channels, channels * self.expansion), norm_layer(channels * self.expansion),

# %% wrong: a ReLU in the projection
# says: a ReLU in the projection
# -                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion)
# +                conv1x1(in_channels, channels * self.expansion, stride), norm_layer(channels * self.expansion),
# +                nn.ReLU(),

# %% wrong: no running statistics
# fails: test-bottleneck-learns
# says: statistics in eval mode too
# -        norm_layer = nn.BatchNorm2d
# +
# +        def norm_layer(width):
# +            return nn.BatchNorm2d(width, track_running_stats=False)
# +

# %% wrong: norms in eval mode for ever
# says: running statistics while they train
# from: named layers, downsample
# -class Bottleneck(nn.Module):
# +class Norm(nn.BatchNorm2d):
# +    def forward(self, x):
# +        return nn.functional.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias)
# +
# +
# +class Bottleneck(nn.Module):
# -        norm_layer = nn.BatchNorm2d
# +        norm_layer = Norm

# %% wrong: norms that use the batch's statistics for ever
# says: statistics in eval mode too
# -class Bottleneck(nn.Module):
# +class Norm(nn.BatchNorm2d):
# +    def forward(self, x):
# +        self.train()
# +        return super().forward(x)
# +
# +
# +class Bottleneck(nn.Module):
# -        norm_layer = nn.BatchNorm2d
# +        norm_layer = Norm

# %% wrong: adds to x in place
# says: modified by an inplace operation
# from: three modules of convolution and norm, channels counted on
# -        x = F.relu(self.reduce(x))
# -        x = F.relu(self.conv(x))
# -        return F.relu(self.expand(x) + shortcut)
# +        shortcut += self.expand(F.relu(self.conv(F.relu(self.reduce(x)))))
# +        return F.relu(shortcut)

# %% wrong: the shortcut detached
# says: .detach(), .data or no_grad
# -        shortcut = x if self.project is None else self.project(x)
# +        shortcut = (x if self.project is None else self.project(x)).detach()

# %% wrong: the branch without gradient
# says: .detach(), .data or no_grad
# -        x = F.relu(self.reduce(x))
# -        x = F.relu(self.conv(x))
# -        return F.relu(self.expand(x) + shortcut)
# +        return F.relu(self.expand(F.relu(self.conv(F.relu(self.reduce(x))))).data + shortcut)

# %% wrong: one norm after both narrow convolutions
# says: one layer that is called twice
# from: named layers, downsample
# -        out = self.bn2(out)
# +        out = self.bn1(out)
# -        self.bn2 = norm_layer(channels)
# +

# %% wrong: weights that are no Parameters
# says: no nn.Parameter
# from: functional, 1 x 1 convolutions as matrices (in, out)
# -        self.w1 = nn.Parameter(torch.randn(in_channels, channels) * (2 / in_channels) ** 0.5)
# +        self.w1 = torch.randn(in_channels, channels) * (2 / in_channels) ** 0.5

# %% wrong: convolutions in a plain list
# says: layers in a plain list
# from: a loop over sizes, names by number
# -            self.add_module(f"c{i}", nn.Conv2d(a, b, k, s, k // 2, bias=False))
# +            setattr(self, f"c{i}", [nn.Conv2d(a, b, k, s, k // 2, bias=False)])
# -        return getattr(self, f"n{i}")(getattr(self, f"c{i}")(x))
# +        return getattr(self, f"n{i}")(getattr(self, f"c{i}")[0](x))

# %% wrong: all layers in plain lists
# fails: test-bottleneck-learns
# says: layers in a plain list
# -            self.add_module(f"c{i}", nn.Conv2d(a, b, k, s, k // 2, bias=False))
# -            self.add_module(f"n{i}", nn.BatchNorm2d(b))
# +            setattr(self, f"c{i}", [nn.Conv2d(a, b, k, s, k // 2, bias=False)])
# +            setattr(self, f"n{i}", [nn.BatchNorm2d(b)])
# -        return getattr(self, f"n{i}")(getattr(self, f"c{i}")(x))
# +        return getattr(self, f"n{i}")[0](getattr(self, f"c{i}")[0](x))
