# %% right: named layers, C5 a linear layer, view
import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet5(nn.Module):
    def __init__(self):
        super(LeNet5, self).__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
        x = x.view(-1, self.num_flat_features(x))
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        x = self.fc3(x)
        return x

    def num_flat_features(self, x):
        size = x.size()[1:]
        num_features = 1
        for s in size:
            num_features *= s
        return num_features


# %% right: an OrderedDict, C5 a convolution
from collections import OrderedDict

from torch import nn


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.convnet = nn.Sequential(OrderedDict([
            ('c1', nn.Conv2d(1, 6, kernel_size=(5, 5))),
            ('tanh1', nn.Tanh()),
            ('s2', nn.AvgPool2d(kernel_size=(2, 2), stride=2)),
            ('c3', nn.Conv2d(6, 16, kernel_size=(5, 5))),
            ('tanh3', nn.Tanh()),
            ('s4', nn.AvgPool2d(kernel_size=(2, 2), stride=2)),
            ('c5', nn.Conv2d(16, 120, kernel_size=(5, 5))),
            ('tanh5', nn.Tanh()),
        ]))
        self.fc = nn.Sequential(OrderedDict([
            ('f6', nn.Linear(120, 84)),
            ('tanh6', nn.Tanh()),
            ('f7', nn.Linear(84, 10)),
        ]))

    def forward(self, img):
        output = self.convnet(img)
        output = output.view(img.size(0), -1)
        return self.fc(output)


# %% right: a function that returns a Sequential
from torch import nn


def LeNet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(),
        nn.Linear(120, 84), nn.Tanh(),
        nn.Linear(84, 10),
    )


# %% right: lazy modules
from torch import nn


def init_cnn(module):
    if type(module) == nn.Linear or type(module) == nn.Conv2d:
        nn.init.xavier_uniform_(module.weight)


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv2d(6, kernel_size=5), nn.Tanh(),
            nn.AvgPool2d(kernel_size=2, stride=2),
            nn.LazyConv2d(16, kernel_size=5), nn.Tanh(),
            nn.AvgPool2d(kernel_size=2, stride=2),
            nn.Flatten(),
            nn.LazyLinear(120), nn.Tanh(),
            nn.LazyLinear(84), nn.Tanh(),
            nn.LazyLinear(10))

    def forward(self, X):
        return self.net(X)


# %% right: weights (in, out), x @ w + b
import math

import torch
from torch import nn
from torch.nn import functional as F


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1, self.b1 = self.conv(1, 6)
        self.w3, self.b3 = self.conv(6, 16)
        self.w5, self.b5 = self.linear(400, 120)
        self.w6, self.b6 = self.linear(120, 84)
        self.w7, self.b7 = self.linear(84, 10)

    def conv(self, i, o):
        return nn.Parameter(torch.randn(o, i, 5, 5) / math.sqrt(25 * i)), nn.Parameter(torch.zeros(o))

    def linear(self, i, o):
        return nn.Parameter(torch.randn(i, o) / math.sqrt(i)), nn.Parameter(torch.zeros(o))

    def forward(self, x):
        x = F.conv2d(x, self.w1, self.b1).tanh()
        x = F.avg_pool2d(x, 2)
        x = F.conv2d(x, self.w3, self.b3).tanh()
        x = F.avg_pool2d(x, 2)
        x = x.reshape(x.shape[0], -1)
        x = (x @ self.w5 + self.b5).tanh()
        x = (x @ self.w6 + self.b6).tanh()
        return x @ self.w7 + self.b7


# %% right: a ParameterList, pooling by reshape and mean
import torch
import torch.nn.functional as F
from torch import nn

SHAPES = [(6, 1, 5, 5), (16, 6, 5, 5), (120, 16, 5, 5), (84, 120), (10, 84)]


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterList(torch.empty(s) for s in SHAPES)
        self.biases = nn.ParameterList(torch.zeros(s[0]) for s in SHAPES)
        for w in self.weights:
            nn.init.xavier_normal_(w, gain=nn.init.calculate_gain("tanh"))

    @staticmethod
    def pool(x):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 2, 2, w // 2, 2).mean(dim=(3, 5))

    def forward(self, x):
        for i in range(5):
            w, b = self.weights[i], self.biases[i]
            if w.dim() == 4:
                x = F.conv2d(x, w, b)
            else:
                x = F.linear(x.flatten(1), w, b)
            if i < 4:
                x = torch.tanh(x)
            if i < 2:
                x = self.pool(x)
        return x


# %% right: a ModuleDict, pooling by strided slices
import torch
from torch import nn


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict({
            "output": nn.Linear(84, 10),
            "f6": nn.Linear(120, 84),
            "c5": nn.Conv2d(16, 120, 5),
            "c3": nn.Conv2d(6, 16, 5),
            "c1": nn.Conv2d(1, 6, 5),
        })
        self.act = nn.Tanh()

    def subsample(self, x):
        return (x[..., ::2, ::2] + x[..., 1::2, ::2] + x[..., ::2, 1::2] + x[..., 1::2, 1::2]) / 4

    def forward(self, x):
        x = self.subsample(self.act(self.layers["c1"](x)))
        x = self.subsample(self.act(self.layers["c3"](x)))
        x = self.act(self.layers["c5"](x)).squeeze(-1).squeeze(-1)
        x = self.act(self.layers["f6"](x))
        return self.layers["output"](x)


# %% right: everything a convolution
import torch
from torch import nn


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        channels = [1, 6, 16, 120, 84, 10]
        kernels = [5, 5, 5, 1, 1]
        layers = []
        for i, k in enumerate(kernels):
            layers.append(nn.Conv2d(channels[i], channels[i + 1], k))
            if i < 4:
                layers.append(nn.Tanh())
            if i < 2:
                layers.append(nn.AvgPool2d(2, 2))
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return torch.flatten(x, start_dim=1)


# %% right: unfold and einsum
import torch
from torch import nn
from torch.nn import functional as F


class Conv(nn.Module):
    def __init__(self, i, o, k):
        super().__init__()
        self.k = k
        self.kernel = nn.Parameter(torch.randn(o, i, k, k) * (i * k * k) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x):
        patches = x.unfold(2, self.k, 1).unfold(3, self.k, 1)  # n c h w i j
        return torch.einsum("nchwij,ocij->nohw", patches, self.kernel) + self.bias[:, None, None]


class Dense(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.matrix = nn.Parameter(torch.randn(o, i) * i**-0.5)
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x):
        return torch.einsum("ni,oi->no", x, self.matrix) + self.bias


class LeNet5(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c3 = Conv(1, 6, 5), Conv(6, 16, 5)
        self.c5 = Dense(400, 120)
        self.f6, self.out = Dense(120, 84), Dense(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(self.c1(x).tanh(), kernel_size=2)
        x = F.avg_pool2d(self.c3(x).tanh(), kernel_size=2)
        x = self.c5(x.flatten(1)).tanh()
        return self.out(self.f6(x).tanh())


# %% right: pooling as a fixed convolution, one flat parameter
import math

import torch
import torch.nn.functional as F
from torch import nn


class LeNet5(nn.Module):
    shapes = ((6, 1, 5, 5), (6,), (16, 6, 5, 5), (16,), (120, 400), (120,), (84, 120), (84,), (10, 84), (10,))

    def __init__(self):
        super().__init__()
        self.theta = nn.Parameter(0.1 * torch.randn(sum(map(math.prod, self.shapes))))

    def pool(self, x):
        c = x.shape[1]
        quarter = torch.full((c, 1, 2, 2), 0.25, dtype=x.dtype, device=x.device)
        return F.conv2d(x, quarter, stride=2, groups=c)

    def forward(self, x):
        parts = self.theta.split([math.prod(s) for s in self.shapes])
        w1, b1, w2, b2, w3, b3, w4, b4, w5, b5 = (p.view(s) for p, s in zip(parts, self.shapes))
        x = self.pool(torch.tanh(F.conv2d(x, w1, b1)))
        x = self.pool(torch.tanh(F.conv2d(x, w2, b2)))
        x = torch.tanh(F.linear(x.flatten(1), w3, b3))
        x = torch.tanh(F.linear(x, w4, b4))
        return F.linear(x, w5, b5)


# %% right: one flat parameter
# from: pooling as a fixed convolution, one flat parameter
# -        c = x.shape[1]
# -        quarter = torch.full((c, 1, 2, 2), 0.25, dtype=x.dtype, device=x.device)
# -        return F.conv2d(x, quarter, stride=2, groups=c)
# +        return F.adaptive_avg_pool2d(x, (x.shape[2] // 2, x.shape[3] // 2))

# %% right: flattened and unflattened, tanh by exp
# from: a function that returns a Sequential
# -from torch import nn
# +import torch
# +from torch import nn
# +
# +
# +class Tanh(nn.Module):
# +    def forward(self, x):
# +        e = torch.exp(-2 * x)
# +        return (1 - e) / (1 + e)
# -        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
# -        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
# -        nn.Flatten(),
# -        nn.Linear(400, 120), nn.Tanh(),
# +        nn.Conv2d(1, 6, 5), Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(6, 16, 5), Tanh(), nn.AvgPool2d(2),
# +        nn.Flatten(), nn.Unflatten(1, (16, 5, 5)),
# +        nn.Conv2d(16, 120, 5), Tanh(), nn.Flatten(),

# %% wrong: max pooling
# fails: test-lenet5-stages
# says: max pooling: LeNet-5 averages
# from: a function that returns a Sequential
# -        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
# -        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.MaxPool2d(2),
# +        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.MaxPool2d(2),

# %% wrong: max pooling after the second convolution
# says: one average pooling: LeNet-5 has two
# -        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.MaxPool2d(2),

# %% wrong: ReLU and max pooling, as a tutorial has it
# fails: test-lenet5-stages, test-lenet5-values
# because: two faults
# says: one is missing
# -        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
# -        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
# +        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),

# %% wrong: padding for MNIST, features counted again
# fails: test-lenet5-stages
# says: padding 2 in C1
# -        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
# -        nn.Linear(400, 120), nn.Tanh(),
# +        nn.Linear(16 * 6 * 6, 120), nn.Tanh(),

# %% wrong: padding for MNIST, lazy layers
# says: padding 2 in C1
# from: lazy modules
# -            nn.LazyConv2d(6, kernel_size=5), nn.Tanh(),
# +            nn.LazyConv2d(6, kernel_size=5, padding=2), nn.Tanh(),

# %% wrong: no pooling after the second convolution
# says: one average pooling
# from: lazy modules
# -            nn.LazyConv2d(16, kernel_size=5), nn.Tanh(),
# -            nn.AvgPool2d(kernel_size=2, stride=2),
# +            nn.LazyConv2d(16, kernel_size=5), nn.Tanh(),

# %% wrong: pooling with stride 1
# says: one pixel apart
# from: a function that returns a Sequential
# -        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
# -        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2, stride=1),
# +        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2, stride=1),
# -        nn.Linear(400, 120), nn.Tanh(),
# +        nn.Linear(16 * 22 * 22, 120), nn.Tanh(),

# %% wrong: padding for MNIST, 400 features
# fails: test-lenet5-stages, test-lenet5-sizes, test-lenet5-values, test-lenet5-learns
# because: every call raises something
# says: padding 2 in C1: that is for images of 28 x 28
# -        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
# +        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),

# %% wrong: flattening the batch as well
# says: into one row
# -        nn.Flatten(),
# +        nn.Flatten(0),

# %% wrong: no flattening
# says: no flattening
# -        nn.Flatten(),

# %% wrong: 3 x 3 kernels, from an old tutorial
# fails: test-lenet5-sizes
# says: kernels of 3 x 3
# from: named layers, C5 a linear layer, view
# -        self.conv1 = nn.Conv2d(1, 6, 5)
# -        self.conv2 = nn.Conv2d(6, 16, 5)
# -        self.fc1 = nn.Linear(16 * 5 * 5, 120)
# +        self.conv1 = nn.Conv2d(1, 6, 3)
# +        self.conv2 = nn.Conv2d(6, 16, 3)
# +        self.fc1 = nn.Linear(16 * 6 * 6, 120)

# %% wrong: the widths of Caffe's example
# says: 20 and 50 filters
# -        self.conv1 = nn.Conv2d(1, 6, 5)
# -        self.conv2 = nn.Conv2d(6, 16, 5)
# -        self.fc1 = nn.Linear(16 * 5 * 5, 120)
# +        self.conv1 = nn.Conv2d(1, 20, 5)
# +        self.conv2 = nn.Conv2d(20, 50, 5)
# +        self.fc1 = nn.Linear(50 * 5 * 5, 120)

# %% wrong: no layer of 84
# says: no F6
# -        self.fc2 = nn.Linear(120, 84)
# -        self.fc3 = nn.Linear(84, 10)
# +        self.fc3 = nn.Linear(120, 10)
# -        x = torch.tanh(self.fc2(x))
# -        x = self.fc3(x)
# +        x = self.fc3(x)

# %% wrong: no layer of 120
# says: no C5
# -        self.fc1 = nn.Linear(16 * 5 * 5, 120)
# -        self.fc2 = nn.Linear(120, 84)
# +        self.fc2 = nn.Linear(16 * 5 * 5, 84)
# -        x = torch.tanh(self.fc1(x))

# %% wrong: convolutions without biases
# says: convolutions without biases
# -        self.conv1 = nn.Conv2d(1, 6, 5)
# -        self.conv2 = nn.Conv2d(6, 16, 5)
# +        self.conv1 = nn.Conv2d(1, 6, 5, bias=False)
# +        self.conv2 = nn.Conv2d(6, 16, 5, bias=False)

# %% wrong: batch norm
# says: a weight and a bias per map, of a norm
# -        self.conv2 = nn.Conv2d(6, 16, 5)
# +        self.conv2 = nn.Conv2d(6, 16, 5)
# +        self.bn1, self.bn2 = nn.BatchNorm2d(6), nn.BatchNorm2d(16)
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = F.avg_pool2d(torch.tanh(self.bn1(self.conv1(x))), 2)
# +        x = F.avg_pool2d(torch.tanh(self.bn2(self.conv2(x))), (2, 2))

# %% wrong: poolings with a weight and a bias, as in the paper
# says: a weight and a bias per map, of a norm
# -        self.conv2 = nn.Conv2d(6, 16, 5)
# +        self.conv2 = nn.Conv2d(6, 16, 5)
# +        self.a2, self.b2 = nn.Parameter(torch.ones(6, 1, 1)), nn.Parameter(torch.zeros(6, 1, 1))
# +        self.a4, self.b4 = nn.Parameter(torch.ones(16, 1, 1)), nn.Parameter(torch.zeros(16, 1, 1))
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2) * self.a2 + self.b2
# +        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2)) * self.a4 + self.b4

# %% wrong: ReLU everywhere
# fails: test-lenet5-values
# says: ReLU for tanh
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
# +        x = F.avg_pool2d(F.relu(self.conv2(x)), (2, 2))
# -        x = torch.tanh(self.fc1(x))
# -        x = torch.tanh(self.fc2(x))
# +        x = F.relu(self.fc1(x))
# +        x = F.relu(self.fc2(x))

# %% wrong: ReLU in the classifier
# says: ReLU for tanh, after C5 and F6
# -        x = torch.tanh(self.fc1(x))
# -        x = torch.tanh(self.fc2(x))
# +        x = F.relu(self.fc1(x))
# +        x = F.relu(self.fc2(x))

# %% wrong: sigmoids
# says: a sigmoid for tanh
# from: one flat parameter
# -        x = self.pool(torch.tanh(F.conv2d(x, w1, b1)))
# -        x = self.pool(torch.tanh(F.conv2d(x, w2, b2)))
# -        x = torch.tanh(F.linear(x.flatten(1), w3, b3))
# -        x = torch.tanh(F.linear(x, w4, b4))
# +        x = self.pool(torch.sigmoid(F.conv2d(x, w1, b1)))
# +        x = self.pool(torch.sigmoid(F.conv2d(x, w2, b2)))
# +        x = torch.sigmoid(F.linear(x.flatten(1), w3, b3))
# +        x = torch.sigmoid(F.linear(x, w4, b4))

# %% wrong: the paper's scaled tanh
# says: 1.7159 tanh(2x / 3)
# from: a ParameterList, pooling by reshape and mean
# -                x = torch.tanh(x)
# +                x = 1.7159 * torch.tanh(2 / 3 * x)

# %% wrong: tanh after the pooling
# says: tanh after the pooling
# from: named layers, C5 a linear layer, view
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = torch.tanh(F.avg_pool2d(self.conv1(x), 2))
# +        x = torch.tanh(F.avg_pool2d(self.conv2(x), (2, 2)))

# %% wrong: tanh before and after the pooling
# says: a second tanh
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = torch.tanh(F.avg_pool2d(torch.tanh(self.conv1(x)), 2))
# +        x = torch.tanh(F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2)))

# %% wrong: no activation between convolution and pooling
# says: no tanh after C1 and C3
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = F.avg_pool2d(self.conv1(x), 2)
# +        x = F.avg_pool2d(self.conv2(x), (2, 2))

# %% wrong: no activation between the linear layers
# says: no tanh after C5 and F6
# -        x = torch.tanh(self.fc1(x))
# -        x = torch.tanh(self.fc2(x))
# +        x = self.fc2(self.fc1(x))

# %% wrong: no activation after the convolution to 120
# says: no tanh after C5
# from: an OrderedDict, C5 a convolution
# -            ('tanh5', nn.Tanh()),

# %% wrong: no activation after the layer of 84
# says: no tanh after F6
# -            ('tanh6', nn.Tanh()),

# %% wrong: an activation after the last layer
# says: tanh on the logits
# from: a ModuleDict, pooling by strided slices
# -        return self.layers["output"](x)
# +        return self.act(self.layers["output"](x))

# %% wrong: softmax at the end
# says: softmax: the network returns logits
# from: a function that returns a Sequential
# -        nn.Linear(84, 10),
# +        nn.Linear(84, 10), nn.Softmax(dim=1),

# %% wrong: log-softmax at the end
# says: log-softmax
# -        nn.Linear(84, 10),
# +        nn.Linear(84, 10), nn.LogSoftmax(dim=1),

# %% wrong: sums of four, not divided
# says: pooling that adds up
# from: named layers, C5 a linear layer, view
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# -        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2))
# +        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2) * 4
# +        x = F.avg_pool2d(torch.tanh(self.conv2(x)), (2, 2)) * 4

# %% wrong: F.dropout that never stops
# fails: test-lenet5-values, test-lenet5-learns
# because: no two passes agree, from which the slopes are taken
# says: dropout in eval mode too
# -        x = self.fc3(x)
# +        x = self.fc3(F.dropout(x, 0.5))

# %% wrong: layers in a plain list
# fails: test-lenet5-learns
# says: is not registered
# from: everything a convolution
# -        self.layers = nn.ModuleList(layers)
# +        self.layers = layers

# %% wrong: weights that are no parameters
# says: is not registered
# from: weights (in, out), x @ w + b
# -        return nn.Parameter(torch.randn(i, o) / math.sqrt(i)), nn.Parameter(torch.zeros(o))
# +        w = torch.randn(i, o) / math.sqrt(i)
# +        return w.requires_grad_(), torch.zeros(o, requires_grad=True)

# %% wrong: features without gradients
# says: the gradient does not reach
# from: an OrderedDict, C5 a convolution
# -        output = self.convnet(img)
# +        with torch.no_grad():
# +            output = self.convnet(img)
# -from torch import nn
# +import torch
# +from torch import nn

# %% wrong: detached features
# says: the gradient does not reach
# -        output = output.view(img.size(0), -1)
# +        output = output.detach().view(img.size(0), -1)

# %% wrong: frozen convolutions
# says: is frozen
# -        self.fc = nn.Sequential(OrderedDict([
# +        for p in self.convnet.parameters():
# +            p.requires_grad = False
# +        self.fc = nn.Sequential(OrderedDict([

# %% wrong: a layer that is made and not used
# says: is never used
# from: named layers, C5 a linear layer, view
# -        self.fc3 = nn.Linear(84, 10)
# +        self.fc3 = nn.Linear(84, 10)
# +        self.fc4 = nn.Linear(10, 10)

# %% wrong: the input scaled in place
# says: the call changes its input
# -        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
# +        x *= 2
# +        x = F.avg_pool2d(torch.tanh(self.conv1(x / 2)), 2)

# %% wrong: dropout, as later networks have it
# says: dropout, which this network does not have
# -        x = self.fc3(x)
# +        x = self.fc3(F.dropout(x, 0.5, self.training))
