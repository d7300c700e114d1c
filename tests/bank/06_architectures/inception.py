# %% right: named layers
import torch
import torch.nn.functional as F
from torch import nn


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.b1 = nn.Conv2d(in_channels, n1x1, kernel_size=1)
        self.b2_1 = nn.Conv2d(in_channels, n3x3_reduce, kernel_size=1)
        self.b2_2 = nn.Conv2d(n3x3_reduce, n3x3, kernel_size=3, padding=1)
        self.b3_1 = nn.Conv2d(in_channels, n5x5_reduce, kernel_size=1)
        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2)
        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
        self.b4_2 = nn.Conv2d(in_channels, pool_proj, kernel_size=1)

    def forward(self, x):
        b1 = F.relu(self.b1(x))
        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
        b4 = F.relu(self.b4_2(self.b4_1(x)))
        return torch.cat((b1, b2, b3, b4), dim=1)


# %% right: BasicConv, four Sequentials
import torch
from torch import nn


class BasicConv2d(nn.Module):
    def __init__(self, in_channels, out_channels, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, **kwargs)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.conv(x))


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.branch1 = BasicConv2d(in_channels, n1x1, kernel_size=1)
        self.branch2 = nn.Sequential(
            BasicConv2d(in_channels, n3x3_reduce, kernel_size=1),
            BasicConv2d(n3x3_reduce, n3x3, kernel_size=3, padding=1),
        )
        self.branch3 = nn.Sequential(
            BasicConv2d(in_channels, n5x5_reduce, kernel_size=1),
            BasicConv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True),
            BasicConv2d(in_channels, pool_proj, kernel_size=1),
        )

    def _forward(self, x):
        return [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]

    def forward(self, x):
        return torch.cat(self._forward(x), 1)


# %% right: branches run last first, one ReLU at the end of each layer of them
import torch
from torch import nn
from torch.nn import functional as F


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.project = nn.Conv2d(in_channels, pool_proj, 1)
        self.conv5 = nn.Conv2d(n5x5_reduce, n5x5, 5, padding=2)
        self.conv3 = nn.Conv2d(n3x3_reduce, n3x3, 3, padding=1)
        self.reduce5 = nn.Conv2d(in_channels, n5x5_reduce, 1)
        self.reduce3 = nn.Conv2d(in_channels, n3x3_reduce, 1)
        self.conv1 = nn.Conv2d(in_channels, n1x1, 1)

    def forward(self, x):
        pooled = self.project(F.max_pool2d(x, 3, 1, 1))
        five = self.conv5(self.reduce5(x).relu())
        three = self.conv3(self.reduce3(x).relu())
        one = self.conv1(x)
        return torch.concat([one, three, five, pooled], dim=1).relu()


# %% right: the pooling shared, slices of an empty tensor
import torch
from torch import nn
from torch.nn import functional as F


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.widths = n1x1, n3x3, n5x5, pool_proj
        self.one = nn.Conv2d(in_channels, n1x1, 1)
        self.three_reduce = nn.Conv2d(in_channels, n3x3_reduce, 1)
        self.three = nn.Conv2d(n3x3_reduce, n3x3, 3, 1, 1)
        self.five_reduce = nn.Conv2d(in_channels, n5x5_reduce, 1)
        self.five = nn.Conv2d(n5x5_reduce, n5x5, 5, 1, 2)
        self.proj = nn.Conv2d(in_channels, pool_proj, 1)

    def forward(self, x):
        a, b, c, d = self.widths
        out = torch.empty(x.size(0), a + b + c + d, x.size(2), x.size(3), dtype=x.dtype, device=x.device)
        out[:, :a] = F.relu(self.one(x))
        out[:, a : a + b] = F.relu(self.three(F.relu(self.three_reduce(x))))
        out[:, a + b : a + b + c] = F.relu(self.five(F.relu(self.five_reduce(x))))
        out[:, a + b + c :] = F.relu(self.proj(F.max_pool2d(x, 3, stride=1, padding=1)))
        return out


# %% right: slices of zeros, filled from the last
# from: the pooling shared, slices of an empty tensor
# -        out = torch.empty(x.size(0), a + b + c + d, x.size(2), x.size(3), dtype=x.dtype, device=x.device)
# -        out[:, :a] = F.relu(self.one(x))
# -        out[:, a : a + b] = F.relu(self.three(F.relu(self.three_reduce(x))))
# -        out[:, a + b : a + b + c] = F.relu(self.five(F.relu(self.five_reduce(x))))
# -        out[:, a + b + c :] = F.relu(self.proj(F.max_pool2d(x, 3, stride=1, padding=1)))
# +        out = x.new_zeros((len(x), a + b + c + d, *x.shape[2:]))
# +        out[:, -d:] = F.relu(self.proj(F.max_pool2d(x, 3, stride=1, padding=1)))
# +        out[:, a + b : a + b + c] = F.relu(self.five(F.relu(self.five_reduce(x))))
# +        out[:, a : a + b] = F.relu(self.three(F.relu(self.three_reduce(x))))
# +        out[:, :a] = F.relu(self.one(x))

# %% right: a ModuleList of branches, hstack
import torch
from torch import nn


def conv(i, o, k):
    layer = nn.Conv2d(i, o, k, padding=(k - 1) // 2)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.constant_(layer.bias, 0.2)
    return nn.Sequential(layer, nn.ReLU())


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.branches = nn.ModuleList([
            conv(in_channels, n1x1, 1),
            nn.Sequential(conv(in_channels, n3x3_reduce, 1), conv(n3x3_reduce, n3x3, 3)),
            nn.Sequential(conv(in_channels, n5x5_reduce, 1), conv(n5x5_reduce, n5x5, 5)),
            nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(in_channels, pool_proj, 1)),
        ])

    def forward(self, x):
        return torch.hstack([branch(x) for branch in self.branches])


# %% right: the paths by name in a ModuleDict, 1 x 1 first for all
import torch
import torch.nn as nn


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super(Inception, self).__init__()
        self.one = nn.ModuleDict({
            "pool": nn.Conv2d(in_channels, pool_proj, (1, 1)),
            "5x5": nn.Conv2d(in_channels, n5x5_reduce, (1, 1)),
            "3x3": nn.Conv2d(in_channels, n3x3_reduce, (1, 1)),
            "1x1": nn.Conv2d(in_channels, n1x1, (1, 1)),
        })
        self.wide = nn.ModuleDict({
            "3x3": nn.Conv2d(n3x3_reduce, n3x3, (3, 3), padding="same"),
            "5x5": nn.Conv2d(n5x5_reduce, n5x5, (5, 5), padding="same"),
        })
        self.pool = nn.MaxPool2d((3, 3), (1, 1), (1, 1))

    def forward(self, x):
        outs = {}
        for name, layer in self.one.items():
            outs[name] = torch.relu(layer(self.pool(x) if name == "pool" else x))
        for name, layer in self.wide.items():
            outs[name] = torch.relu(layer(outs[name]))
        return torch.cat([outs[name] for name in ("1x1", "3x3", "5x5", "pool")], dim=-3)


# %% right: functional, 1 x 1 convolutions by einsum, (in, out)
import torch
import torch.nn.functional as F
from torch import nn


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()

        def weight(*shape, fan):
            return nn.Parameter(torch.randn(*shape) * (2 / fan) ** 0.5)

        def bias(n):
            return nn.Parameter(torch.zeros(n, 1, 1))

        c = in_channels
        self.w1, self.b1 = weight(c, n1x1, fan=c), bias(n1x1)
        self.w3r, self.b3r = weight(c, n3x3_reduce, fan=c), bias(n3x3_reduce)
        self.w5r, self.b5r = weight(c, n5x5_reduce, fan=c), bias(n5x5_reduce)
        self.wp, self.bp = weight(c, pool_proj, fan=c), bias(pool_proj)
        self.w3 = weight(n3x3, n3x3_reduce, 3, 3, fan=9 * n3x3_reduce)
        self.b3 = bias(n3x3)
        self.w5 = weight(n5x5, n5x5_reduce, 5, 5, fan=25 * n5x5_reduce)
        self.b5 = bias(n5x5)

    @staticmethod
    def point(x, w, b):
        return F.relu(torch.einsum("nchw,co->nohw", x, w) + b)

    def forward(self, x):
        one = self.point(x, self.w1, self.b1)
        three = F.relu(F.conv2d(self.point(x, self.w3r, self.b3r), self.w3, padding=1) + self.b3)
        five = F.relu(F.conv2d(self.point(x, self.w5r, self.b5r), self.w5, padding=2) + self.b5)
        pool = self.point(F.max_pool2d(x, 3, 1, 1), self.wp, self.bp)
        return torch.cat([one, three, five, pool], dim=1)


# %% right: lazy modules, max pooling by unfold
import torch
import torch.nn.functional as F
from torch import nn


class Inception(nn.Module):
    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
        super().__init__()
        self.b1_1 = nn.LazyConv2d(n1x1, kernel_size=1)
        self.b2_1 = nn.LazyConv2d(n3x3_reduce, kernel_size=1)
        self.b2_2 = nn.LazyConv2d(n3x3, kernel_size=3, padding=1)
        self.b3_1 = nn.LazyConv2d(n5x5_reduce, kernel_size=1)
        self.b3_2 = nn.LazyConv2d(n5x5, kernel_size=5, padding=2)
        self.b4_2 = nn.LazyConv2d(pool_proj, kernel_size=1)

    def pool(self, x):
        x = F.pad(x, (1, 1, 1, 1), value=-torch.inf)
        return x.unfold(2, 3, 1).unfold(3, 3, 1).amax(dim=(-2, -1))

    def forward(self, x):
        b1 = F.relu(self.b1_1(x))
        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
        b4 = F.relu(self.b4_2(self.pool(x)))
        return torch.cat((b1, b2, b3, b4), dim=1)


# %% right: concatenated two by two
# from: BasicConv, four Sequentials
# -        return [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]
# +        left = torch.cat([self.branch1(x), self.branch2(x)], 1)
# +        right = torch.cat([self.branch3(x), self.branch4(x)], 1)
# +        return left, right

# %% right: the pooling's minus infinity by hand, outputs grown one by one
# from: BasicConv, four Sequentials
# -            nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=True),
# +            nn.ConstantPad2d(1, float("-inf")),
# +            nn.MaxPool2d(kernel_size=3, stride=1),
# -        return [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]
# -
# -    def forward(self, x):
# -        return torch.cat(self._forward(x), 1)
# +        yield from (self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x))
# +
# +    def forward(self, x):
# +        out = x[:, :0]
# +        for branch in self._forward(x):
# +            out = torch.cat([out, branch], 1)
# +        return out

# %% wrong: average pooling in the fourth branch
# fails: test-inception-values
# says: average pooling: the fourth branch
# from: named layers
# -        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
# +        self.b4_1 = nn.AvgPool2d(kernel_size=3, stride=1, padding=1)

# %% wrong: average pooling that leaves the padding out
# says: average pooling without the padding
# -        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
# +        self.b4_1 = nn.AvgPool2d(3, 1, 1, count_include_pad=False)

# %% wrong: no pooling in the fourth branch
# says: no pooling in the fourth branch
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b4 = F.relu(self.b4_2(x))

# %% wrong: the pooling after the projection
# says: the pooling after the projection
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b4 = F.relu(self.b4_1(self.b4_2(x)))

# %% wrong: no ReLU after the reductions
# says: no ReLU after the reductions
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# +        b2 = F.relu(self.b2_2(self.b2_1(x)))
# +        b3 = F.relu(self.b3_2(self.b3_1(x)))

# %% wrong: one ReLU, after the concatenation
# says: no ReLU after the reductions
# -        b1 = F.relu(self.b1(x))
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        b1 = self.b1(x)
# +        b2 = self.b2_2(self.b2_1(x))
# +        b3 = self.b3_2(self.b3_1(x))
# +        b4 = self.b4_2(self.b4_1(x))
# +        return F.relu(torch.cat((b1, b2, b3, b4), dim=1))

# %% wrong: no ReLU after the last convolution of each branch
# says: no ReLU before the branches are joined
# -        b1 = F.relu(self.b1(x))
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b1 = self.b1(x)
# +        b2 = self.b2_2(F.relu(self.b2_1(x)))
# +        b3 = self.b3_2(F.relu(self.b3_1(x)))
# +        b4 = self.b4_2(self.b4_1(x))

# %% wrong: no ReLU at all
# says: no ReLU at all
# -        b1 = F.relu(self.b1(x))
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b1 = self.b1(x)
# +        b2 = self.b2_2(self.b2_1(x))
# +        b3 = self.b3_2(self.b3_1(x))
# +        b4 = self.b4_2(self.b4_1(x))

# %% wrong: no ReLU after the projection
# says: no ReLU in the pooling branch
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b4 = self.b4_2(self.b4_1(x))

# %% wrong: no ReLU in the 1 x 1 branch
# says: no ReLU in the 1 x 1 branch
# -        b1 = F.relu(self.b1(x))
# +        b1 = self.b1(x)

# %% wrong: the pooling first
# says: joined as pool, 1x1, 3x3, 5x5
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return torch.cat((b4, b1, b2, b3), dim=1)

# %% wrong: the branches joined backwards
# says: joined as pool, 5x5, 3x3, 1x1
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return torch.cat((b4, b3, b2, b1), dim=1)

# %% wrong: the 5 x 5 branch before the 3 x 3 branch
# says: joined as 1x1, 5x5, 3x3, pool
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return torch.cat((b1, b3, b2, b4), dim=1)

# %% wrong: the pooling second
# says: joined as 1x1, pool, 3x3, 5x5
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return torch.cat((b1, b4, b2, b3), dim=1)

# %% wrong: leaky ReLU
# says: leaky ReLU for ReLU
# -from torch import nn
# +from torch import nn
# +
# +relu = F.leaky_relu
# -        b1 = F.relu(self.b1(x))
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b1 = relu(self.b1(x))
# +        b2 = relu(self.b2_2(relu(self.b2_1(x))))
# +        b3 = relu(self.b3_2(relu(self.b3_1(x))))
# +        b4 = relu(self.b4_2(self.b4_1(x)))

# %% wrong: padded with zeros before the pooling
# says: max pooling padded with zeros
# -        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
# +        self.b4_1 = nn.Sequential(nn.ZeroPad2d(1), nn.MaxPool2d(kernel_size=3, stride=1))

# %% wrong: a pooling of 5 x 5
# says: a pooling of 5 x 5
# -        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
# +        self.b4_1 = nn.MaxPool2d(kernel_size=5, stride=1, padding=2)

# %% wrong: a ReLU before the branches
# says: relu(x) for x, before
# -        b1 = F.relu(self.b1(x))
# +        x = F.relu(x)
# +        b1 = F.relu(self.b1(x))

# %% wrong: a ReLU before the branches, in place
# fails: test-inception-values, test-inception-learns
# because: x itself is changed as well
# says: relu(x) for x, before
# -        b1 = F.relu(self.b1(x))
# +        x = F.relu(x, inplace=True)
# +        b1 = F.relu(self.b1(x))

# %% wrong: the naive module, without reductions
# fails: test-inception-sizes, test-googlenet-sizes
# because: the reductions that GoogLeNet asks for are made and not used
# says: no 1 x 1 reductions
# -        self.b2_2 = nn.Conv2d(n3x3_reduce, n3x3, kernel_size=3, padding=1)
# +        self.b2_2 = nn.Conv2d(in_channels, n3x3, kernel_size=3, padding=1)
# -        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2)
# +        self.b3_2 = nn.Conv2d(in_channels, n5x5, kernel_size=5, padding=2)
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# +        b2 = F.relu(self.b2_2(x))
# +        b3 = F.relu(self.b3_2(x))

# %% wrong: 3 x 3 for 5 x 5, as a well-known library has it
# fails: test-inception-sizes
# says: kernels of 3 x 3 in the third branch
# -        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2)
# +        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=3, padding=1)

# %% wrong: no biases
# says: convolutions without biases
# from: BasicConv, four Sequentials
# -        self.conv = nn.Conv2d(in_channels, out_channels, **kwargs)
# +        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)

# %% wrong: batch norm after each convolution
# says: batch norm, which is younger
# -        self.relu = nn.ReLU(inplace=True)
# +        self.norm = nn.BatchNorm2d(out_channels)
# +        self.relu = nn.ReLU(inplace=True)
# -        return self.relu(self.conv(x))
# +        return self.relu(self.norm(self.conv(x)))

# %% wrong: batch norm, and convolutions without biases
# says: batch norm, and convolutions without
# -        self.conv = nn.Conv2d(in_channels, out_channels, **kwargs)
# -        self.relu = nn.ReLU(inplace=True)
# +        self.conv = nn.Conv2d(in_channels, out_channels, bias=False, **kwargs)
# +        self.norm = nn.BatchNorm2d(out_channels, eps=0.001)
# +        self.relu = nn.ReLU(inplace=True)
# -        return self.relu(self.conv(x))
# +        return self.relu(self.norm(self.conv(x)))

# %% wrong: the widths of the two reductions exchanged
# says: the widths of the two reductions exchanged
# from: named layers
# -        self.b2_1 = nn.Conv2d(in_channels, n3x3_reduce, kernel_size=1)
# -        self.b2_2 = nn.Conv2d(n3x3_reduce, n3x3, kernel_size=3, padding=1)
# -        self.b3_1 = nn.Conv2d(in_channels, n5x5_reduce, kernel_size=1)
# -        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2)
# +        self.b2_1 = nn.Conv2d(in_channels, n5x5_reduce, kernel_size=1)
# +        self.b2_2 = nn.Conv2d(n5x5_reduce, n3x3, kernel_size=3, padding=1)
# +        self.b3_1 = nn.Conv2d(in_channels, n3x3_reduce, kernel_size=1)
# +        self.b3_2 = nn.Conv2d(n3x3_reduce, n5x5, kernel_size=5, padding=2)

# %% wrong: widths and reductions exchanged
# fails: test-inception-shapes, test-googlenet-stages, test-googlenet-sizes, test-googlenet-values, test-googlenet-dropout
# because: what comes out of a module does not fit the next one
# says: n3x3_reduce and n3x3, n5x5_reduce and n5x5
# -    def __init__(self, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
# +    def __init__(self, in_channels, n1x1, n3x3, n3x3_reduce, n5x5, n5x5_reduce, pool_proj):

# %% wrong: no projection behind the pooling
# fails: test-inception-shapes
# says: no projection behind the pooling
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b4 = self.b4_1(x)

# %% wrong: each branch gets what the one before gives
# fails: test-inception-sizes
# says: each branch behind the one before
# -        self.b2_1 = nn.Conv2d(in_channels, n3x3_reduce, kernel_size=1)
# +        self.b2_1 = nn.Conv2d(n1x1, n3x3_reduce, kernel_size=1)
# -        self.b3_1 = nn.Conv2d(in_channels, n5x5_reduce, kernel_size=1)
# +        self.b3_1 = nn.Conv2d(n3x3, n5x5_reduce, kernel_size=1)
# -        self.b4_2 = nn.Conv2d(in_channels, pool_proj, kernel_size=1)
# +        self.b4_2 = nn.Conv2d(n5x5, pool_proj, kernel_size=1)
# -        b2 = F.relu(self.b2_2(F.relu(self.b2_1(x))))
# -        b3 = F.relu(self.b3_2(F.relu(self.b3_1(x))))
# -        b4 = F.relu(self.b4_2(self.b4_1(x)))
# +        b2 = F.relu(self.b2_2(F.relu(self.b2_1(b1))))
# +        b3 = F.relu(self.b3_2(F.relu(self.b3_1(b2))))
# +        b4 = F.relu(self.b4_2(self.b4_1(b3)))

# %% wrong: two 3 x 3 convolutions for one of 5 x 5
# fails: test-inception-sizes
# says: two 3 x 3 convolutions in the third branch
# -        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2)
# +        self.b3_2 = nn.Sequential(
# +            nn.Conv2d(n5x5_reduce, n5x5, kernel_size=3, padding=1),
# +            nn.ReLU(),
# +            nn.Conv2d(n5x5, n5x5, kernel_size=3, padding=1),
# +        )

# %% wrong: no padding in the 3 x 3 convolution
# fails: test-inception-shapes, test-inception-sizes, test-inception-values, test-inception-learns, test-googlenet-stages, test-googlenet-sizes, test-googlenet-values, test-googlenet-dropout
# because: every call raises something, and no network of such modules runs
# says: no padding in the 3 x 3
# -        self.b2_2 = nn.Conv2d(n3x3_reduce, n3x3, kernel_size=3, padding=1)
# +        self.b2_2 = nn.Conv2d(n3x3_reduce, n3x3, kernel_size=3)

# %% wrong: padding 1 in the 5 x 5 convolution
# fails: test-inception-shapes, test-inception-sizes, test-inception-values, test-inception-learns
# because: every call raises something
# says: padding 1 in the 5 x 5
# -        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=2)
# +        self.b3_2 = nn.Conv2d(n5x5_reduce, n5x5, kernel_size=5, padding=1)

# %% wrong: the pooling's default stride
# says: PyTorch's default: its stride is 1
# -        self.b4_1 = nn.MaxPool2d(kernel_size=3, stride=1, padding=1)
# +        self.b4_1 = nn.MaxPool2d(kernel_size=3, padding=1)

# %% wrong: joined along the batch
# says: joined along the batch
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return torch.cat((b1, b2, b3, b4))

# %% wrong: the branches added
# says: must match
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return b1 + b2 + b3 + b4

# %% wrong: a tuple of branches
# says: not one tensor
# -        return torch.cat((b1, b2, b3, b4), dim=1)
# +        return b1, b2, b3, b4

# %% wrong: the branches in a plain list
# fails: test-inception-learns, test-googlenet-sizes
# because: a network of such modules has them as well
# says: layers in a plain list
# from: a ModuleList of branches, hstack
# -        self.branches = nn.ModuleList([
# +        self.branches = ([

# %% wrong: weights that are no Parameters
# fails: test-inception-learns
# says: no nn.Parameter
# from: functional, 1 x 1 convolutions by einsum, (in, out)
# -            return nn.Parameter(torch.randn(*shape) * (2 / fan) ** 0.5)
# +            return torch.randn(*shape) * (2 / fan) ** 0.5

# %% wrong: the branches without gradient
# says: .detach(), .data or no_grad
# from: slices of zeros, filled from the last
# -        out[:, -d:] = F.relu(self.proj(F.max_pool2d(x, 3, stride=1, padding=1)))
# +        out[:, -d:] = F.relu(self.proj(F.max_pool2d(x, 3, stride=1, padding=1))).data

# %% wrong: a result of float32, whatever the input
# says: wrong dtype
# from: the pooling shared, slices of an empty tensor
# -        out = torch.empty(x.size(0), a + b + c + d, x.size(2), x.size(3), dtype=x.dtype, device=x.device)
# +        out = torch.empty(x.size(0), a + b + c + d, x.size(2), x.size(3))
