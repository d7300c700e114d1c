# %% right: named layers
import torch
from torch import nn
from torch.nn import functional as F


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.project = None
        if stride != 1 or in_channels != channels:
            self.project = nn.Sequential(
                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
                nn.BatchNorm2d(channels),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        shortcut = x if self.project is None else self.project(x)
        return F.relu(out + shortcut)


# %% right: a clone of the input, added to in place
# from: named layers
# -        shortcut = x if self.project is None else self.project(x)
# -        return F.relu(out + shortcut)
# +        result = x.clone() if self.project is None else self.project(x)
# +        result += out
# +        return result.relu_()

# %% right: two Sequentials, Identity for no projection
import torch.nn as nn


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(in_channels, channels, kernel_size=3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, kernel_size=3, stride=1, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )
        if in_channels == channels and stride == 1:
            self.shortcut = nn.Identity()
        else:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(channels),
            )
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.main(x) + self.shortcut(x))


# %% right: both paths in a ModuleList too, summed
# from: two Sequentials, Identity for no projection
# -        self.relu = nn.ReLU()
# +        self.paths = nn.ModuleList([self.main, self.shortcut])
# -        return self.relu(self.main(x) + self.shortcut(x))
# +        return nn.functional.relu(sum(path(x) for path in self.paths))

# %% right: Kaiming initialisation
# -        self.relu = nn.ReLU()
# +        self.relu = nn.ReLU()
# +        for m in self.modules():
# +            if isinstance(m, nn.Conv2d):
# +                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

# %% right: the last norm starts at zero
# -        self.relu = nn.ReLU()
# +        self.relu = nn.ReLU()
# +        nn.init.zeros_(self.main[-1].weight)

# %% right: downsample or None, everything in place
# from: named layers
# -        self.project = None
# +        self.relu = nn.ReLU(inplace=True)
# +        self.downsample = None
# -            self.project = nn.Sequential(
# +            self.downsample = nn.Sequential(
# -        out = F.relu(self.bn1(self.conv1(x)))
# -        out = self.bn2(self.conv2(out))
# -        shortcut = x if self.project is None else self.project(x)
# -        return F.relu(out + shortcut)
# +        identity = x
# +        out = self.conv1(x)
# +        out = self.bn1(out)
# +        out = self.relu(out)
# +        out = self.conv2(out)
# +        out = self.bn2(out)
# +        if self.downsample is not None:
# +            identity = self.downsample(x)
# +        out += identity
# +        return self.relu(out)

# %% right: an empty Sequential for the shortcut
# -        self.project = None
# +        self.project = nn.Sequential()
# -        shortcut = x if self.project is None else self.project(x)
# -        return F.relu(out + shortcut)
# +        out += self.project(x)
# +        return F.relu(out, inplace=True)

# %% right: functional, parameters and buffers
import torch
import torch.nn.functional as F


class BasicBlock(torch.nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        self.stride = stride
        self.projects = stride != 1 or in_channels != channels
        self.w1 = torch.nn.Parameter(self.draw(channels, in_channels, 3))
        self.w2 = torch.nn.Parameter(self.draw(channels, channels, 3))
        if self.projects:
            self.w3 = torch.nn.Parameter(self.draw(channels, in_channels, 1))
        for i in (1, 2, 3) if self.projects else (1, 2):
            self.register_parameter(f"gamma{i}", torch.nn.Parameter(torch.ones(channels)))
            self.register_parameter(f"beta{i}", torch.nn.Parameter(torch.zeros(channels)))
            self.register_buffer(f"mean{i}", torch.zeros(channels))
            self.register_buffer(f"var{i}", torch.ones(channels))

    def draw(self, out, into, size):
        return torch.randn(out, into, size, size) * (2 / (into * size * size)) ** 0.5

    def norm(self, x, i):
        mean, var = getattr(self, f"mean{i}"), getattr(self, f"var{i}")
        gamma, beta = getattr(self, f"gamma{i}"), getattr(self, f"beta{i}")
        return F.batch_norm(x, mean, var, gamma, beta, training=self.training)

    def forward(self, x):
        out = F.relu(self.norm(F.conv2d(x, self.w1, stride=self.stride, padding=1), 1))
        out = self.norm(F.conv2d(out, self.w2, padding=1), 2)
        if self.projects:
            x = self.norm(F.conv2d(x, self.w3, stride=self.stride), 3)
        return F.relu(x + out)


# %% right: convolutions and norms in ModuleLists
from torch import nn


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        super().__init__()
        sizes = [(in_channels, 3, stride), (channels, 3, 1)]
        if (in_channels, 1) != (channels, stride):
            sizes.append((in_channels, 1, stride))
        self.convs = nn.ModuleList(
            nn.Conv2d(c, channels, k, stride=s, padding=k // 2, bias=False) for c, k, s in sizes
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in sizes)

    def forward(self, x):
        out = x
        for i in range(2):
            out = self.norms[i](self.convs[i](out))
            if i == 0:
                out = out.relu()
        if len(self.convs) == 3:
            x = self.norms[2](self.convs[2](x))
        return (x + out).relu()


# %% right: the projection made and computed first, norms before convolutions
import torch
from torch import nn


class BasicBlock(nn.Module):
    def __init__(self, in_channels, channels, stride=1):
        nn.Module.__init__(self)
        self.needs_projection = not (stride == 1 and in_channels == channels)
        if self.needs_projection:
            self.skip_norm = nn.BatchNorm2d(channels)
            self.skip = nn.Conv2d(in_channels, channels, 1, stride, bias=False)
        self.norm_b, self.norm_a = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        self.b = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.a = nn.Conv2d(in_channels, channels, 3, stride, 1, bias=False)

    def forward(self, x):
        shortcut = self.skip_norm(self.skip(x)) if self.needs_projection else x
        x = torch.relu(self.norm_a(self.a(x)))
        return torch.relu(torch.add(shortcut, self.norm_b(self.b(x))))


# %% right: clamp and maximum
# from: named layers
# -        out = F.relu(self.bn1(self.conv1(x)))
# +        out = self.bn1(self.conv1(x)).clamp(min=0)
# -        return F.relu(out + shortcut)
# +        total = shortcut + out
# +        return torch.maximum(total, torch.zeros_like(total))

# %% right: lazy modules
# -        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
# -        self.bn1 = nn.BatchNorm2d(channels)
# -        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
# -        self.bn2 = nn.BatchNorm2d(channels)
# +        self.conv1 = nn.LazyConv2d(channels, kernel_size=3, padding=1, stride=stride, bias=False)
# +        self.conv2 = nn.LazyConv2d(channels, kernel_size=3, padding=1, bias=False)
# +        self.bn1, self.bn2 = nn.LazyBatchNorm2d(), nn.LazyBatchNorm2d()
# -                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
# -                nn.BatchNorm2d(channels),
# +                nn.LazyConv2d(channels, kernel_size=1, stride=stride, bias=False),
# +                nn.LazyBatchNorm2d(),

# %% right: a function, a Sequential with a Residual in it
from torch import nn


class Residual(nn.Module):
    def __init__(self, inner, shortcut=None):
        super().__init__()
        self.inner = inner
        self.shortcut = shortcut or nn.Identity()

    def forward(self, x):
        return self.inner(x) + self.shortcut(x)


def BasicBlock(in_channels, channels, stride=1):
    def conv_norm(into, size, stride):
        return nn.Conv2d(into, channels, size, stride, size // 2, bias=False), nn.BatchNorm2d(channels)

    same = stride == 1 and in_channels == channels
    shortcut = None if same else nn.Sequential(*conv_norm(in_channels, 1, stride))
    inner = nn.Sequential(*conv_norm(in_channels, 3, stride), nn.ReLU(True), *conv_norm(channels, 3, 1))
    return nn.Sequential(Residual(inner, shortcut), nn.ReLU(inplace=True))


# %% right: a subclass of a general residual block, conv3x3
from torch import nn


def conv3x3(into, out, stride=1):
    return nn.Conv2d(into, out, kernel_size=3, stride=stride, padding=1, bias=False)


def with_norm(conv):
    return nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels))


class ResidualBlock(nn.Module):
    def __init__(self, blocks, shortcut):
        super().__init__()
        self.blocks, self.shortcut, self.activate = blocks, shortcut, nn.ReLU()

    def forward(self, x):
        residual = x if self.shortcut is None else self.shortcut(x)
        return self.activate(self.blocks(x) + residual)


class BasicBlock(ResidualBlock):
    def __init__(self, in_channels, channels, stride=1):
        first = with_norm(conv3x3(in_channels, channels, stride))
        second = with_norm(conv3x3(channels, channels))
        shortcut = None
        if stride != 1 or in_channels != channels:
            shortcut = with_norm(nn.Conv2d(in_channels, channels, 1, stride, bias=False))
        super().__init__(nn.Sequential(first, nn.ReLU(), second), shortcut)


# %% right: batch norm by hand
# from: named layers
# -class BasicBlock(nn.Module):
# +class Norm(nn.Module):
# +    def __init__(self, channels, momentum=0.1, eps=1e-5):
# +        super().__init__()
# +        self.momentum, self.eps = momentum, eps
# +        shape = (channels,)
# +        self.gamma = nn.Parameter(torch.ones(shape))
# +        self.beta = nn.Parameter(torch.zeros(shape))
# +        self.register_buffer("running_mean", torch.zeros(shape))
# +        self.register_buffer("running_var", torch.ones(shape))
# +
# +    def forward(self, x):
# +        mean, var = self.running_mean, self.running_var
# +        if self.training:
# +            var, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
# +            n = x.numel() / x.shape[1]
# +            with torch.no_grad():
# +                self.running_mean += self.momentum * (mean - self.running_mean)
# +                self.running_var += self.momentum * (var * n / (n - 1) - self.running_var)
# +        mean, var, gamma, beta = (v.view(1, -1, 1, 1) for v in (mean, var, self.gamma, self.beta))
# +        return gamma * (x - mean) / torch.sqrt(var + self.eps) + beta
# +
# +
# +class BasicBlock(nn.Module):
# -        self.bn1 = nn.BatchNorm2d(channels)
# +        self.bn1 = Norm(channels)
# -        self.bn2 = nn.BatchNorm2d(channels)
# +        self.bn2 = Norm(channels)
# -                nn.BatchNorm2d(channels),
# +                Norm(channels),

# %% right: batch norm by hand, of shape (1, C, 1, 1)
# from: batch norm by hand
# -        shape = (channels,)
# +        shape = (1, channels, 1, 1)
# -            var, mean = torch.var_mean(x, dim=(0, 2, 3), correction=0)
# +            mean = x.mean(dim=(0, 2, 3), keepdim=True)
# +            var = ((x - mean) ** 2).mean(dim=(0, 2, 3), keepdim=True)

# %% right: im2col
# from: functional, parameters and buffers
# -    def norm(self, x, i):
# +    def conv(self, x, w, stride):
# +        size = w.shape[-1]
# +        columns = F.unfold(x, size, padding=size // 2, stride=stride)
# +        height, width = ((n - 1) // stride + 1 for n in x.shape[2:])
# +        return (w.flatten(1) @ columns).view(len(x), len(w), height, width)
# +
# +    def norm(self, x, i):
# -        out = F.relu(self.norm(F.conv2d(x, self.w1, stride=self.stride, padding=1), 1))
# -        out = self.norm(F.conv2d(out, self.w2, padding=1), 2)
# -        if self.projects:
# -            x = self.norm(F.conv2d(x, self.w3, stride=self.stride), 3)
# +        out = F.relu(self.norm(self.conv(x, self.w1, self.stride), 1))
# +        out = self.norm(self.conv(out, self.w2, 1), 2)
# +        if self.projects:
# +            x = self.norm(self.conv(x, self.w3, self.stride), 3)

# %% right: padding by hand, every stride-th pixel projected
# from: named layers
# -        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
# +        self.stride = stride
# +        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, bias=False)
# -        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
# +        self.conv2 = nn.Conv2d(channels, channels, 3, padding="same", bias=False)
# -                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
# +                nn.Conv2d(in_channels, channels, 1, bias=False),
# -        out = F.relu(self.bn1(self.conv1(x)))
# +        out = F.relu(self.bn1(self.conv1(F.pad(x, (1, 1, 1, 1)))))
# -        shortcut = x if self.project is None else self.project(x)
# +        shortcut = x if self.project is None else self.project(x[:, :, :: self.stride, :: self.stride])

# %% wrong: convolution biases kept
# fails: test-basic-block-sizes
# says: convolutions with biases
# from: named layers
# -        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
# +        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1)
# -        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
# +        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
# -                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
# +                nn.Conv2d(in_channels, channels, 1, stride=stride),

# %% wrong: no norm after the second convolution
# says: no batch norm after the second
# -        out = self.bn2(self.conv2(out))
# +        out = self.conv2(out)
# -        self.bn2 = nn.BatchNorm2d(channels)

# %% wrong: stride in both convolutions
# says: the stride in both
# -        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
# +        self.conv2 = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False)

# %% wrong: no padding in the second convolution
# fails: test-basic-block-sizes, test-basic-block-values, test-basic-block-projection, test-basic-block-train, test-basic-block-learns, test-resnet-stages, test-resnet-sizes, test-resnet-values, test-resnet-classes, test-resnet-learns
# because: every call raises something, and no network of such blocks runs
# says: no padding in the second
# -        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
# +        self.conv2 = nn.Conv2d(channels, channels, 3, bias=False)

# %% wrong: concatenation
# fails: test-basic-block-sizes
# says: concatenating the input
# -        return F.relu(out + shortcut)
# +        return F.relu(torch.cat([out, shortcut], dim=1))

# %% wrong: always a projection
# says: where the shape stays
# -        if stride != 1 or in_channels != channels:
# +        if True:

# %% wrong: a projection only for a stride
# says: a projection for a stride only
# -        if stride != 1 or in_channels != channels:
# +        if stride != 1:

# %% wrong: a projection only for other channels
# says: for other channels only
# -        if stride != 1 or in_channels != channels:
# +        if in_channels != channels:

# %% wrong: a projection without norm
# says: a projection without a batch norm
# -                nn.BatchNorm2d(channels),

# %% wrong: a projection of 3 x 3
# says: a projection of 3 x 3
# -                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
# +                nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False),

# %% wrong: average pooling and channels of zeros
# says: pooling and zero channels
# -                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
# -                nn.BatchNorm2d(channels),
# +                nn.AvgPool2d(stride, ceil_mode=True),
# +                nn.ZeroPad3d((0, 0, 0, 0, 0, channels - in_channels)),

# %% wrong: no skip connection
# fails: test-basic-block-values
# says: the input is not added
# -        return F.relu(out + shortcut)
# +        return F.relu(out)

# %% wrong: the ReLU before the addition
# says: the ReLU before the addition
# -        return F.relu(out + shortcut)
# +        return F.relu(out) + shortcut

# %% wrong: no final ReLU
# says: no ReLU after the addition
# -        return F.relu(out + shortcut)
# +        return out + shortcut

# %% wrong: the shortcut from the first convolution's ReLU
# says: a shortcut from the first ReLU
# -        out = self.bn2(self.conv2(out))
# -        shortcut = x if self.project is None else self.project(x)
# +        shortcut = out if self.project is None else self.project(x)
# +        out = self.bn2(self.conv2(out))

# %% wrong: the addition before the second norm
# says: before the second norm
# -        out = self.bn2(self.conv2(out))
# +        out = self.conv2(out)
# -        return F.relu(out + shortcut)
# +        return F.relu(self.bn2(out + shortcut))

# %% wrong: pre-activation
# says: norm and ReLU before each convolution
# -        self.bn1 = nn.BatchNorm2d(channels)
# +        self.bn1 = nn.BatchNorm2d(in_channels)
# -        out = F.relu(self.bn1(self.conv1(x)))
# -        out = self.bn2(self.conv2(out))
# +        out = self.conv1(F.relu(self.bn1(x)))
# +        out = self.conv2(F.relu(self.bn2(out)))
# -        return F.relu(out + shortcut)
# +        return out + shortcut

# %% wrong: a ReLU on the branch and after the addition
# says: a ReLU on the branch
# -        return F.relu(out + shortcut)
# +        return F.relu(F.relu(out) + shortcut)

# %% wrong: the shortcut of a rectified x
# says: adding relu(x)
# -        shortcut = x if self.project is None else self.project(x)
# +        x = F.relu(x)
# +        shortcut = x if self.project is None else self.project(x)

# %% wrong: no ReLU between the convolutions
# says: no ReLU between
# -        out = F.relu(self.bn1(self.conv1(x)))
# +        out = self.bn1(self.conv1(x))

# %% wrong: the norm after the ReLU
# says: the norm after the ReLU
# -        out = F.relu(self.bn1(self.conv1(x)))
# +        out = self.bn1(F.relu(self.conv1(x)))

# %% wrong: the stride in the second convolution
# fails: test-basic-block-projection
# says: the stride in the second convolution
# -        self.conv1 = nn.Conv2d(in_channels, channels, 3, stride=stride, padding=1, bias=False)
# +        self.conv1 = nn.Conv2d(in_channels, channels, 3, padding=1, bias=False)
# -        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
# +        self.conv2 = nn.Conv2d(channels, channels, 3, stride=stride, padding=1, bias=False)

# %% wrong: no projection at all
# says: no projection where the shape changes
# -        if stride != 1 or in_channels != channels:
# -            self.project = nn.Sequential(
# -                nn.Conv2d(in_channels, channels, 1, stride=stride, bias=False),
# -                nn.BatchNorm2d(channels),
# -            )

# %% wrong: a ReLU in the projection
# says: a ReLU in the projection
# -                nn.BatchNorm2d(channels),
# +                nn.BatchNorm2d(channels),
# +                nn.ReLU(),

# %% wrong: norms always in eval mode
# fails: test-basic-block-train
# says: running statistics while they train
# from: functional, parameters and buffers
# -        return F.batch_norm(x, mean, var, gamma, beta, training=self.training)
# +        return F.batch_norm(x, mean, var, gamma, beta)

# %% wrong: running statistics that are no buffers
# fails: test-basic-block-learns, test-resnet-learns
# because: a network of such blocks has them as well
# says: neither a parameter nor a buffer
# -            self.register_buffer(f"mean{i}", torch.zeros(channels))
# -            self.register_buffer(f"var{i}", torch.ones(channels))
# +            setattr(self, f"mean{i}", torch.zeros(channels))
# +            setattr(self, f"var{i}", torch.ones(channels))

# %% wrong: norms always in train mode
# fails: test-basic-block-train
# says: statistics in eval mode too
# -        return F.batch_norm(x, mean, var, gamma, beta, training=self.training)
# +        return F.batch_norm(x, mean, var, gamma, beta, training=True)

# %% wrong: no running statistics
# says: statistics in eval mode too
# from: named layers
# -        self.bn1 = nn.BatchNorm2d(channels)
# +        self.bn1 = nn.BatchNorm2d(channels, track_running_stats=False)
# -        self.bn2 = nn.BatchNorm2d(channels)
# +        self.bn2 = nn.BatchNorm2d(channels, track_running_stats=False)
# -                nn.BatchNorm2d(channels),
# +                nn.BatchNorm2d(channels, track_running_stats=False),

# %% wrong: adds to x in place
# fails: test-basic-block-learns
# says: modified by an inplace operation
# -        return F.relu(out + shortcut)
# +        shortcut += out
# +        return F.relu(shortcut)

# %% wrong: rectifies x in place
# fails: test-basic-block-values, test-basic-block-learns, test-resnet-learns
# because: x itself is changed as well, and with it what autograd has kept
# says: in both paths
# from: downsample or None, everything in place
# -        out = self.conv1(x)
# +        out = self.conv1(self.relu(x))

# %% wrong: the shortcut detached
# fails: test-basic-block-learns
# says: .detach(), .data or no_grad
# from: named layers
# -        shortcut = x if self.project is None else self.project(x)
# +        shortcut = (x if self.project is None else self.project(x)).detach()

# %% wrong: the residual branch without gradient
# says: .detach(), .data or no_grad
# -        out = F.relu(self.bn1(self.conv1(x)))
# -        out = self.bn2(self.conv2(out))
# +        with torch.no_grad():
# +            out = F.relu(self.bn1(self.conv1(x)))
# +            out = self.bn2(self.conv2(out))

# %% wrong: the projection in a plain list
# fails: test-basic-block-learns, test-basic-block-projection, test-basic-block-train, test-resnet-learns, test-resnet-values
# because: net.eval() does not reach a norm in a list, in a network neither
# says: layers in a plain list
# -        self.project = None
# +        self.project = []
# -            self.project = nn.Sequential(
# +            self.project = [
# -            )
# +            ]
# -        shortcut = x if self.project is None else self.project(x)
# +        shortcut = x
# +        for layer in self.project:
# +            shortcut = layer(shortcut)

# %% wrong: all layers in plain lists
# fails: test-basic-block-learns, test-basic-block-train, test-resnet-learns
# because: net.eval() does not reach a norm in a list, and a network of such blocks has no parameters
# says: layers in a plain list
# from: convolutions and norms in ModuleLists
# -        self.convs = nn.ModuleList(
# +        self.convs = list(
# -        self.norms = nn.ModuleList(nn.BatchNorm2d(channels) for _ in sizes)
# +        self.norms = [nn.BatchNorm2d(channels) for _ in sizes]

# %% wrong: weights that are no Parameters
# fails: test-basic-block-learns
# says: no nn.Parameter
# from: functional, parameters and buffers
# -        self.w1 = torch.nn.Parameter(self.draw(channels, in_channels, 3))
# -        self.w2 = torch.nn.Parameter(self.draw(channels, channels, 3))
# +        self.w1 = self.draw(channels, in_channels, 3).requires_grad_()
# +        self.w2 = self.draw(channels, channels, 3).requires_grad_()

# %% wrong: one norm used twice
# fails: test-basic-block-learns, test-basic-block-train
# because: its running statistics are of two places
# says: one layer that is called twice
# from: named layers
# -        out = self.bn2(self.conv2(out))
# +        out = self.bn1(self.conv2(out))
# -        self.bn2 = nn.BatchNorm2d(channels)

# %% wrong: one convolution used twice where it fits
# fails: test-basic-block-learns
# says: one layer that is called twice
# -            )
# +            )
# +        else:
# +            self.conv2 = self.conv1

# %% wrong: the first norm called twice
# fails: test-basic-block-learns, test-basic-block-train
# because: its running statistics are of two places
# says: one layer that is called twice
# -        out = self.bn2(self.conv2(out))
# +        out = self.bn1(self.conv2(out))

# %% wrong: a ReLU after every norm
# fails: test-basic-block-values
# says: a ReLU on the branch
# from: a subclass of a general residual block, conv3x3
# -    return nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels))
# +    return nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels), nn.ReLU())
