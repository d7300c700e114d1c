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

# %% right: the solution, pooled before the ReLU
# from: solution
# -            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# -            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.MaxPool2d(3, 2, padding=1), nn.ReLU(),
# +            nn.Conv2d(96, 256, 5, stride=2), nn.MaxPool2d(3, 2, padding=1), nn.ReLU(),

# %% wrong: average pooling
# fails: test-zfnet-stages
# says: average pooling for max pooling
# from: features and classifier
# -            nn.Conv2d(3, 96, kernel_size=7, stride=2, padding=1),
# -            nn.ReLU(inplace=True),
# -            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
# -            nn.Conv2d(96, 256, kernel_size=5, stride=2),
# -            nn.ReLU(inplace=True),
# -            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
# +            nn.Conv2d(3, 96, kernel_size=7, stride=2, padding=1),
# +            nn.ReLU(inplace=True),
# +            nn.AvgPool2d(kernel_size=3, stride=2, padding=1),
# +            nn.Conv2d(96, 256, kernel_size=5, stride=2),
# +            nn.ReLU(inplace=True),
# +            nn.AvgPool2d(kernel_size=3, stride=2, padding=1),
# -            nn.MaxPool2d(kernel_size=3, stride=2),
# +            nn.AvgPool2d(kernel_size=3, stride=2),

# %% wrong: no padding in the first pooling
# says: no padding in the first pooling
# from: solution
# -            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),

# %% wrong: padding in the second convolution
# says: padding 2 in conv2
# -            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(96, 256, 5, stride=2, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),

# %% wrong: padding 3 in the first convolution
# says: padding 3 in conv1
# -            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(3, 96, 7, stride=2, padding=3), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),

# %% wrong: no padding in the poolings
# fails: test-zfnet-stages, test-zfnet-sizes, test-zfnet-values
# because: every call raises something
# says: no padding in the second pooling
# from: solution
# -            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# -            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
# +            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2),

# %% wrong: padding in the last pooling too
# says: padding in the last pooling
# -            nn.Conv2d(1024, 512, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
# +            nn.Conv2d(1024, 512, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),

# %% wrong: stride 1 in the second convolution
# says: stride 1 in conv2
# -            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(96, 256, 5), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),

# %% wrong: the widths of the paper
# fails: test-zfnet-sizes
# says: the filters of the paper's main model
# -            nn.Conv2d(256, 512, 3, padding=1), nn.ReLU(),
# -            nn.Conv2d(512, 1024, 3, padding=1), nn.ReLU(),
# -            nn.Conv2d(1024, 512, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
# +            nn.Conv2d(256, 384, 3, padding=1), nn.ReLU(),
# +            nn.Conv2d(384, 384, 3, padding=1), nn.ReLU(),
# +            nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
# -            nn.Linear(512 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(0.5),
# +            nn.Linear(256 * 6 * 6, 4096), nn.ReLU(), nn.Dropout(0.5),

# %% wrong: 512 filters three times
# says: conv4 of 512 filters
# -            nn.Conv2d(512, 1024, 3, padding=1), nn.ReLU(),
# -            nn.Conv2d(1024, 512, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
# +            nn.Conv2d(512, 512, 3, padding=1), nn.ReLU(),
# +            nn.Conv2d(512, 512, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),

# %% wrong: ten classes
# says: 10 classes
# -            nn.Linear(4096, 1000),
# +            nn.Linear(4096, 10),

# %% wrong: one layer of 4096
# says: one of two linear layers
# -            nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5),

# %% wrong: convolutions without biases
# says: convolutions without biases
# from: named layers, padding as functions, no dropout module
# -        self.conv1 = nn.Conv2d(3, 96, 7, 2)
# -        self.conv2 = nn.Conv2d(96, 256, 5, 2)
# -        self.conv3 = nn.Conv2d(256, 512, 3)
# -        self.conv4 = nn.Conv2d(512, 1024, 3)
# -        self.conv5 = nn.Conv2d(1024, 512, 3)
# +        self.conv1 = nn.Conv2d(3, 96, 7, 2, bias=False)
# +        self.conv2 = nn.Conv2d(96, 256, 5, 2, bias=False)
# +        self.conv3 = nn.Conv2d(256, 512, 3, bias=False)
# +        self.conv4 = nn.Conv2d(512, 1024, 3, bias=False)
# +        self.conv5 = nn.Conv2d(1024, 512, 3, bias=False)

# %% wrong: ceil_mode instead of padding
# fails: test-zfnet-values
# says: ceil_mode for padding
# from: solution
# -            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# -            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True),
# +            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True),

# %% wrong: pooling 2 x 2
# says: pooling windows of 2 x 2
# from: features and classifier
# -            nn.Conv2d(3, 96, kernel_size=7, stride=2, padding=1),
# -            nn.ReLU(inplace=True),
# -            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
# -            nn.Conv2d(96, 256, kernel_size=5, stride=2),
# -            nn.ReLU(inplace=True),
# -            nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
# +            nn.Conv2d(3, 96, kernel_size=7, stride=2, padding=1),
# +            nn.ReLU(inplace=True),
# +            nn.MaxPool2d(kernel_size=2, stride=2),
# +            nn.Conv2d(96, 256, kernel_size=5, stride=2),
# +            nn.ReLU(inplace=True),
# +            nn.MaxPool2d(kernel_size=2, stride=2),
# -            nn.MaxPool2d(kernel_size=3, stride=2),
# +            nn.MaxPool2d(kernel_size=2, stride=2),

# %% wrong: no padding in the first convolution
# says: no padding in conv1
# from: named layers, padding as functions, no dropout module
# -        x = F.relu(self.conv1(F.pad(x, pad)))
# +        x = F.relu(self.conv1(x))

# %% wrong: LRN after the first two ReLUs
# says: LRN, as in AlexNet
# from: solution
# -            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# -            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(3, 96, 7, stride=2, padding=1), nn.ReLU(),
# +            nn.LocalResponseNorm(5, k=2), nn.MaxPool2d(3, 2, padding=1),
# +            nn.Conv2d(96, 256, 5, stride=2), nn.ReLU(),
# +            nn.LocalResponseNorm(5, k=2), nn.MaxPool2d(3, 2, padding=1),

# %% wrong: no ReLU between the linear layers
# says: no ReLU between the linear layers
# from: named layers, padding as functions, no dropout module
# -        x = F.relu(F.dropout(self.fc6(x), training=self.training))
# -        x = F.relu(F.dropout(self.fc7(x), training=self.training))
# +        x = F.dropout(self.fc6(x), training=self.training)
# +        x = F.dropout(self.fc7(x), training=self.training)

# %% wrong: no ReLU after the last convolution
# says: no ReLU after conv5
# -        for conv in (self.conv3, self.conv4, self.conv5):
# -            x = conv(F.pad(x, pad)).relu()
# +        for conv in (self.conv3, self.conv4):
# +            x = conv(F.pad(x, pad)).relu()
# +        x = self.conv5(F.pad(x, pad))

# %% wrong: softmax at the end
# says: softmax: the network returns logits
# -        return self.fc8(x)
# +        return self.fc8(x).softmax(1)

# %% wrong: dropout that never stops
# says: dropout in eval mode too
# from: features and classifier
# -            nn.Dropout(),
# -            nn.Linear(512 * 6 * 6, 4096),
# -            nn.ReLU(inplace=True),
# -            nn.Dropout(),
# -            nn.Linear(4096, 4096),
# -            nn.ReLU(inplace=True),
# -            nn.Linear(4096, 1000),
# +            nn.Linear(512 * 6 * 6, 4096), nn.ReLU(),
# +            nn.Linear(4096, 4096), nn.ReLU(),
# +            nn.Linear(4096, 1000),
# -        x = self.features(x)
# -        return self.classifier(x.view(x.size(0), 512 * 6 * 6))
# +        x = self.features(x).flatten(1)
# +        for i, layer in enumerate(self.classifier):
# +            x = layer(x)
# +            if i in (1, 3):
# +                x = nn.functional.dropout(x, 0.5)
# +        return x

# %% wrong: the last layer made in forward
# fails: test-zfnet-sizes, test-zfnet-values
# because: it is another one in each pass
# says: linear layer 3 is missing
# from: features and classifier
# -            nn.Linear(4096, 4096),
# -            nn.ReLU(inplace=True),
# -            nn.Linear(4096, 1000),
# +            nn.Linear(4096, 4096), nn.ReLU(inplace=True),
# -        return self.classifier(x.view(x.size(0), 512 * 6 * 6))
# +        return nn.Linear(4096, 1000)(self.classifier(x.view(x.size(0), 512 * 6 * 6)))
