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
