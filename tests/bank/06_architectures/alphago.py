# %% right: named layers, a bias (1, 361) after flattening
import torch
import torch.nn.functional as F
from torch import nn


class AlphaGoPolicy(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.conv1 = nn.Conv2d(48, k, 5, padding=2)
        self.conv2 = nn.Conv2d(k, k, 3, padding=1)
        self.conv3 = nn.Conv2d(k, k, 3, padding=1)
        self.conv4 = nn.Conv2d(k, k, 3, padding=1)
        self.conv5 = nn.Conv2d(k, k, 3, padding=1)
        self.conv6 = nn.Conv2d(k, k, 3, padding=1)
        self.conv7 = nn.Conv2d(k, k, 3, padding=1)
        self.conv8 = nn.Conv2d(k, k, 3, padding=1)
        self.conv9 = nn.Conv2d(k, k, 3, padding=1)
        self.conv10 = nn.Conv2d(k, k, 3, padding=1)
        self.conv11 = nn.Conv2d(k, k, 3, padding=1)
        self.conv12 = nn.Conv2d(k, k, 3, padding=1)
        self.conv13 = nn.Conv2d(k, 1, 1, bias=False)
        self.bias = nn.Parameter(torch.zeros(1, 361))

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.relu(self.conv3(x))
        x = F.relu(self.conv4(x))
        x = F.relu(self.conv5(x))
        x = F.relu(self.conv6(x))
        x = F.relu(self.conv7(x))
        x = F.relu(self.conv8(x))
        x = F.relu(self.conv9(x))
        x = F.relu(self.conv10(x))
        x = F.relu(self.conv11(x))
        x = F.relu(self.conv12(x))
        x = self.conv13(x).view(-1, 361) + self.bias
        return F.softmax(x, dim=1)


# %% right: a Sequential trunk, a bias (1, 1, 19, 19) before flattening
import torch
from torch import nn


class AlphaGoPolicy(nn.Module):
    def __init__(self, k):
        super().__init__()
        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
        for _ in range(11):
            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
        layers += [nn.Conv2d(k, 1, kernel_size=1, bias=False)]
        self.trunk = nn.Sequential(*layers)
        self.position_bias = nn.Parameter(torch.zeros(1, 1, 19, 19))
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        x = self.trunk(x)
        x = x + self.position_bias
        x = torch.flatten(x, 1)
        return self.softmax(x)


# %% right: explicit padding, exp and sum, a bias (361,)
import torch
import torch.nn.functional as F
from torch import nn


class AlphaGoPolicy(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.first = nn.Conv2d(48, k, 5)
        self.middle = nn.ModuleList(nn.Conv2d(k, k, 3) for _ in range(11))
        self.last = nn.Conv2d(k, 1, 1, bias=False)
        self.b = nn.Parameter(torch.zeros(19 * 19))
        for conv in self.middle:
            nn.init.kaiming_uniform_(conv.weight, nonlinearity="relu")

    def forward(self, x):
        x = F.pad(x, (2, 2, 2, 2))  # 19 -> 23
        x = torch.relu(self.first(x))
        for conv in self.middle:
            x = F.pad(x, (1, 1, 1, 1))  # 19 -> 21
            x = torch.relu(conv(x))
        x = self.last(x).reshape(x.shape[0], 361) + self.b
        e = torch.exp(x - x.max(dim=1, keepdim=True).values)
        return e / e.sum(dim=1, keepdim=True)


# %% right: ZeroPad2d in a Sequential, a layer of its own for the bias (19, 19)
from torch import nn
import torch


class Bias(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.bias = nn.Parameter(torch.empty(shape))
        nn.init.zeros_(self.bias)

    def forward(self, x):
        return x.squeeze(1) + self.bias


def AlphaGoPolicy(k):
    net = nn.Sequential()
    net.append(nn.ZeroPad2d(2)).append(nn.Conv2d(48, k, 5)).append(nn.ReLU())
    for _ in range(11):
        net.append(nn.ZeroPad2d(1)).append(nn.Conv2d(k, k, 3)).append(nn.ReLU())
    net.append(nn.Conv2d(k, 1, 1, bias=False)).append(Bias(19, 19)).append(nn.Flatten()).append(nn.Softmax(1))
    return net


# %% right: a bias in place, log_softmax and exp
# from: named layers, a bias (1, 361) after flattening
# -        self.bias = nn.Parameter(torch.zeros(1, 361))
# +        self.bias = nn.Parameter(torch.zeros(19, 19))
# -        x = self.conv13(x).view(-1, 361) + self.bias
# -        return F.softmax(x, dim=1)
# +        x = self.conv13(x)
# +        x += self.bias
# +        return F.log_softmax(x.flatten(1), dim=1).exp()

# %% right: the bias first in the sum, a bias (361, 1)
# from: named layers, a bias (1, 361) after flattening
# -        self.bias = nn.Parameter(torch.zeros(1, 361))
# +        self.bias = nn.Parameter(torch.zeros(361, 1))
# -        x = self.conv13(x).view(-1, 361) + self.bias
# -        return F.softmax(x, dim=1)
# +        x = torch.add(self.bias.T, self.conv13(x).flatten(1))
# +        return x.softmax(-1)

# %% right: functional, a ParameterList, the last layer a vector
import torch
import torch.nn.functional as F
from torch import nn


class AlphaGoPolicy(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.kernels = nn.ParameterList()
        self.biases = nn.ParameterList()
        for i in range(12):
            shape = (k, 48, 5, 5) if i == 0 else (k, k, 3, 3)
            fan_in = shape[1] * shape[2] * shape[3]
            self.kernels.append(nn.Parameter(torch.randn(shape) * (2 / fan_in) ** 0.5))
            self.biases.append(nn.Parameter(torch.zeros(k)))
        self.vector = nn.Parameter(torch.randn(k) * k**-0.5)
        self.position = nn.Parameter(torch.zeros(19, 19))

    def forward(self, x):
        for w, b in zip(self.kernels, self.biases):
            x = F.relu(F.conv2d(x, w, b, padding=w.size(-1) // 2))
        logits = torch.einsum("nchw,c->nhw", x, self.vector) + self.position
        return F.softmax(logits.flatten(1), dim=1)


# %% right: the last layer nn.Linear over channels
# from: functional, a ParameterList, the last layer a vector
# -        self.vector = nn.Parameter(torch.randn(k) * k**-0.5)
# +        self.vector = nn.Linear(k, 1, bias=False)
# -        logits = torch.einsum("nchw,c->nhw", x, self.vector) + self.position
# +        logits = self.vector(x.permute(0, 2, 3, 1)).squeeze(-1) + self.position

# %% right: convolutions without bias, biases added
import torch
from torch import nn


class Layer(nn.Module):
    def __init__(self, i, o, size, bias_shape):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(bias_shape))
        self.conv = nn.LazyConv2d(o, size, padding="same", bias=False)

    def forward(self, x):
        return self.conv(x) + self.bias


class AlphaGoPolicy(nn.Module):
    def __init__(self, k):
        super().__init__()
        sizes = [5] + [3] * 11
        self.hidden = nn.ModuleList([Layer(None, k, size, (k, 1, 1)) for size in sizes])
        self.last = Layer(None, 1, 1, (19, 19))

    def forward(self, x):
        for layer in self.hidden:
            x = layer(x).clamp(min=0)
        return self.last(x).flatten(1).softmax(dim=1)

# %% wrong: a bias of the usual kind too
# fails: test-alphago-sizes
# says: one bias in the 1 x 1 layer
# from: a Sequential trunk, a bias (1, 1, 19, 19) before flattening
# -        layers += [nn.Conv2d(k, 1, kernel_size=1, bias=False)]
# +        layers += [nn.Conv2d(k, 1, kernel_size=1)]

# %% wrong: a bias of the usual kind alone
# says: one bias in the 1 x 1 layer
# -        layers += [nn.Conv2d(k, 1, kernel_size=1, bias=False)]
# +        layers += [nn.Conv2d(k, 1, kernel_size=1)]
# -        self.position_bias = nn.Parameter(torch.zeros(1, 1, 19, 19))
# -        self.softmax = nn.Softmax(dim=-1)
# +        self.softmax = nn.Softmax(dim=-1)
# -        x = x + self.position_bias

# %% wrong: no biases for the points
# says: no bias for each point
# -        self.position_bias = nn.Parameter(torch.zeros(1, 1, 19, 19))
# -        self.softmax = nn.Softmax(dim=-1)
# +        self.softmax = nn.Softmax(dim=-1)
# -        x = x + self.position_bias

# %% wrong: one bias for the board
# says: one bias in the 1 x 1 layer
# -        self.position_bias = nn.Parameter(torch.zeros(1, 1, 19, 19))
# +        self.position_bias = nn.Parameter(torch.zeros(1))

# %% wrong: a bias for each column
# says: a bias for each row, or column
# -        self.position_bias = nn.Parameter(torch.zeros(1, 1, 19, 19))
# +        self.position_bias = nn.Parameter(torch.zeros(19))

# %% wrong: one layer too few
# says: ten layers of 3 x 3
# -        for _ in range(11):
# +        for _ in range(10):

# %% wrong: one layer too many
# says: twelve layers of 3 x 3
# -        for _ in range(11):
# +        for _ in range(12):

# %% wrong: 3 x 3 in the first layer
# says: 3 x 3 in the first layer
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]

# %% wrong: 5 x 5 in every layer
# says: 5 x 5 in all layers
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [nn.Conv2d(k, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]

# %% wrong: convolutions without biases
# says: convolutions without biases
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2, bias=False), nn.ReLU(inplace=True)]
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1, bias=False), nn.ReLU(inplace=True)]

# %% wrong: batch norm
# says: batch norm, which this network
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.BatchNorm2d(k), nn.ReLU(inplace=True)]
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.BatchNorm2d(k), nn.ReLU(inplace=True)]

# %% wrong: no padding
# fails: test-alphago-sizes, test-alphago-values, test-alphago-probabilities
# because: every call raises something
# says: too little padding
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=5), nn.ReLU(inplace=True)]
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [nn.Conv2d(k, k, kernel_size=3), nn.ReLU(inplace=True)]

# %% wrong: padding 1 in the first layer
# says: too little padding
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=5, padding=1), nn.ReLU(inplace=True)]

# %% wrong: no ReLU after the first layer
# fails: test-alphago-values
# says: no ReLU after the first layer
# from: named layers, a bias (1, 361) after flattening
# -        x = F.relu(self.conv1(x))
# +        x = self.conv1(x)

# %% wrong: no ReLU before the last layer
# says: no ReLU before the 1 x 1 layer
# -        x = F.relu(self.conv12(x))
# +        x = self.conv12(x)

# %% wrong: no ReLUs in the loop
# says: no ReLU after the layers of 3 x 3
# from: a Sequential trunk, a bias (1, 1, 19, 19) before flattening
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1)]

# %% wrong: one ReLU after all
# says: no ReLU between the layers
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# -        layers += [nn.Conv2d(k, 1, kernel_size=1, bias=False)]
# +            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1)]
# +        layers += [nn.ReLU(inplace=True), nn.Conv2d(k, 1, kernel_size=1, bias=False)]

# %% wrong: no activation
# says: no activation at all
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2)]
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1)]

# %% wrong: a ReLU on the scores
# says: a ReLU before the softmax
# -        return self.softmax(x)
# +        return self.softmax(torch.relu(x))

# %% wrong: a ReLU after the 1 x 1 layer
# says: a ReLU after the 1 x 1 layer
# -        x = self.trunk(x)
# +        x = torch.relu(self.trunk(x))

# %% wrong: tanh
# says: tanh for ReLU
# from: explicit padding, exp and sum, a bias (361,)
# -        x = torch.relu(self.first(x))
# +        x = torch.tanh(self.first(x))
# -            x = torch.relu(conv(x))
# +            x = torch.tanh(conv(x))

# %% wrong: leaky ReLU
# says: leaky ReLU for ReLU
# -        x = torch.relu(self.first(x))
# +        x = F.leaky_relu(self.first(x))
# -            x = torch.relu(conv(x))
# +            x = F.leaky_relu(conv(x))

# %% wrong: points column by column
# says: numbered down the columns
# from: a Sequential trunk, a bias (1, 1, 19, 19) before flattening
# -        x = x + self.position_bias
# +        x = x.transpose(2, 3) + self.position_bias

# %% wrong: softmax twice
# says: two softmaxes
# -        return self.softmax(x)
# +        return self.softmax(self.softmax(x))

# %% wrong: softmin
# says: softmin
# -        self.softmax = nn.Softmax(dim=-1)
# +        self.softmax = nn.Softmin(dim=-1)

# %% wrong: scores
# fails: test-alphago-probabilities
# says: scores: the network returns probabilities
# -        return self.softmax(x)
# +        return x

# %% wrong: log-softmax
# says: log-softmax
# -        self.softmax = nn.Softmax(dim=-1)
# +        self.softmax = nn.LogSoftmax(dim=-1)

# %% wrong: a sigmoid
# says: a sigmoid for each point
# -        self.softmax = nn.Softmax(dim=-1)
# +        self.softmax = nn.Sigmoid()

# %% wrong: exp without the sum
# says: exp without dividing
# from: explicit padding, exp and sum, a bias (361,)
# -        e = torch.exp(x - x.max(dim=1, keepdim=True).values)
# -        return e / e.sum(dim=1, keepdim=True)
# +        return torch.exp(x)

# %% wrong: divided by the sum, without exp
# says: normalised without exp
# -        e = torch.exp(x - x.max(dim=1, keepdim=True).values)
# -        return e / e.sum(dim=1, keepdim=True)
# +        return x / x.sum(dim=1, keepdim=True)

# %% wrong: divided by the sum over the batch
# says: divided by the sum over all images
# -        e = torch.exp(x - x.max(dim=1, keepdim=True).values)
# -        return e / e.sum(dim=1, keepdim=True)
# +        e = torch.exp(x - x.max())
# +        return e / e.sum()

# %% wrong: softmax over the images
# says: softmax over the images
# from: named layers, a bias (1, 361) after flattening
# -        return F.softmax(x, dim=1)
# +        return F.softmax(x, dim=0)

# %% wrong: softmax over the one channel
# says: softmax over the one channel
# from: a Sequential trunk, a bias (1, 1, 19, 19) before flattening
# -        self.softmax = nn.Softmax(dim=-1)
# +        self.softmax = nn.Softmax(dim=1)
# -        x = torch.flatten(x, 1)
# -        return self.softmax(x)
# +        return torch.flatten(self.softmax(x), 1)

# %% wrong: softmax over each row
# says: softmax over each row
# -        x = torch.flatten(x, 1)
# -        return self.softmax(x)
# +        return torch.flatten(self.softmax(x), 1)

# %% wrong: softmax before the biases
# says: the biases after the softmax
# from: named layers, a bias (1, 361) after flattening
# -        x = self.conv13(x).view(-1, 361) + self.bias
# -        return F.softmax(x, dim=1)
# +        x = self.conv13(x).view(-1, 361)
# +        return F.softmax(x, dim=1) + self.bias

# %% wrong: a board of probabilities
# says: a board of (19, 19)
# -        return F.softmax(x, dim=1)
# +        return F.softmax(x, dim=1).view(-1, 19, 19)

# %% wrong: softmax over a board that is not flattened
# says: a board of (1, 19, 19)
# from: a Sequential trunk, a bias (1, 1, 19, 19) before flattening
# -        x = torch.flatten(x, 1)
# -        return self.softmax(x)
# +        return self.softmax(x.flatten(1)).view_as(x)

# %% wrong: one layer eleven times
# says: has the parameters of
# -            layers += [nn.Conv2d(k, k, kernel_size=3, padding=1), nn.ReLU(inplace=True)]
# +            layers += [shared, nn.ReLU(inplace=True)]
# -        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        layers = [nn.Conv2d(48, k, kernel_size=5, padding=2), nn.ReLU(inplace=True)]
# +        shared = nn.Conv2d(k, k, kernel_size=3, padding=1)

# %% wrong: layers in a plain list
# says: is not registered
# -        self.trunk = nn.Sequential(*layers)
# +        self.layers = layers
# -        x = self.trunk(x)
# +        for layer in self.layers:
# +            x = layer(x)

# %% wrong: a position bias that is no parameter
# says: is not registered
# -        self.position_bias = nn.Parameter(torch.zeros(1, 1, 19, 19))
# +        self.position_bias = torch.zeros(1, 1, 19, 19, requires_grad=True)

# %% wrong: detached scores
# says: the gradient does not reach
# -        x = x + self.position_bias
# +        x = x.detach() + self.position_bias
