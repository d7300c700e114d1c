# %% right: features and classifier
import torch
from torch import nn


class ZFNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 96, kernel_size=7, stride=2, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
            nn.Conv2d(96, 256, kernel_size=5, stride=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
            nn.Conv2d(256, 512, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(512, 1024, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(1024, 512, kernel_size=3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(kernel_size=3, stride=2),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(),
            nn.Linear(512 * 6 * 6, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, 1000),
        )

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.view(x.size(0), 512 * 6 * 6))


# %% right: named layers, padding as functions, no dropout module
import torch
import torch.nn.functional as F
from torch import nn


class ZFNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 7, 2)
        self.conv2 = nn.Conv2d(96, 256, 5, 2)
        self.conv3 = nn.Conv2d(256, 512, 3)
        self.conv4 = nn.Conv2d(512, 1024, 3)
        self.conv5 = nn.Conv2d(1024, 512, 3)
        self.fc6 = nn.Linear(18432, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, 1000)
        for name, p in self.named_parameters():
            if "weight" in name:
                nn.init.kaiming_normal_(p)
            else:
                nn.init.constant_(p, 0.0)

    def forward(self, x):
        pad = (1, 1, 1, 1)
        x = F.relu(self.conv1(F.pad(x, pad)))
        x = F.max_pool2d(F.pad(x, pad), 3, 2)  # relu: zeros do as well as -inf
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(F.pad(x, pad, value=float("-inf")), 3, 2)
        for conv in (self.conv3, self.conv4, self.conv5):
            x = conv(F.pad(x, pad)).relu()
        x = F.max_pool2d(x, (3, 3), (2, 2)).flatten(1)
        x = F.relu(F.dropout(self.fc6(x), training=self.training))
        x = F.relu(F.dropout(self.fc7(x), training=self.training))
        return self.fc8(x)


# %% right: lazy, from a table, fully connected layers as convolutions
from torch import nn


def ZFNet():
    table = [(96, 7, 2, 1), "pool1", (256, 5, 2, 0), "pool1", (512, 3, 1, 1), (1024, 3, 1, 1), (512, 3, 1, 1), "pool0",
             (4096, 6, 1, 0), "drop", (4096, 1, 1, 0), "drop"]
    net = nn.Sequential()
    for i, row in enumerate(table):
        if row == "drop":
            net.append(nn.Dropout(0.5))
        elif isinstance(row, str):
            net.append(nn.MaxPool2d(3, 2, padding=int(row[-1])))
        else:
            net.append(nn.LazyConv2d(*row)).append(nn.ReLU())
    return net.append(nn.LazyConv2d(1000, 1)).append(nn.Flatten())


# %% right: ZFNet as an nn.Sequential subclass, max pooling by unfold
import torch
from torch import nn
from torch.nn import functional as F


class Pool(nn.Module):
    def __init__(self, padding=0):
        super().__init__()
        self.padding = padding

    def forward(self, x):
        if self.padding:
            x = F.pad(x, [self.padding] * 4, value=-torch.inf)
        return x.unfold(-2, 3, 2).unfold(-2, 3, 2).flatten(-2).max(dim=-1).values


class ZFNet(nn.Sequential):
    def __init__(self):
        super().__init__(
            nn.Conv2d(3, 96, 7, 2, 1), nn.ReLU(), Pool(1),
            nn.Conv2d(96, 256, 5, 2), nn.ReLU(), Pool(1),
            nn.Conv2d(256, 512, 3, 1, 1), nn.ReLU(),
            nn.Conv2d(512, 1024, 3, 1, 1), nn.ReLU(),
            nn.Conv2d(1024, 512, 3, 1, 1), nn.ReLU(), Pool(),
            nn.Flatten(1),
            nn.Linear(512 * 36, 4096), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),
            nn.Linear(4096, 1000),
        )
