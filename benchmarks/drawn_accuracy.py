"""How hard the drawn set is."""

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

BATCH = 128


def linear(channels):
    return nn.Sequential(nn.Flatten(), nn.Linear(channels * 32 * 32, 10))


def two_layer(channels):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(channels * 32 * 32, 256), nn.ReLU(), nn.Linear(256, 10)
    )


def convnet(channels):
    layers = []
    for filters in (32, 64, 128):
        layers.append(nn.Conv2d(channels, filters, 3, padding=1, bias=False))
        layers += [nn.BatchNorm2d(filters), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3), nn.Linear(128 * 4 * 4, 10))


class Block(nn.Module):
    """Two convolutions and the way around them, a projection where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.around = nn.Identity()
        if stride > 1:
            projection = nn.Conv2d(inputs, outputs, 1, stride, bias=False)
            self.around = nn.Sequential(projection, nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.branch(x) + self.around(x))


def resnet20(channels):
    layers = [nn.Conv2d(channels, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    for inputs, outputs, stride in ((16, 16, 1), (16, 32, 2), (32, 64, 2)):
        layers.append(Block(inputs, outputs, stride))
        layers += [Block(outputs, outputs, 1) for _ in range(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


# name: network, epochs, peak rate, weight decay
MODELS = {
    "linear": (linear, 10, 1e-3, 0.1),
    "two-layer": (two_layer, 10, 1e-3, 0.1),
    "convnet": (convnet, 15, 4e-3, 0.01),
    "resnet-20": (resnet20, 15, 4e-3, 0.01),
}


def shifted(x, most):
    n, _, height, width = x.shape
    padded = F.pad(x, [most] * 4)
    down, right = torch.randint(0, 2 * most + 1, (2,)).tolist()
    return padded[:, :, down : down + height, right : right + width]


def accuracy(model, x, y):
    model.eval()
    with torch.inference_mode():
        scores = torch.cat([model(part) for part in x.split(500)])
    return (scores.argmax(1) == y).float().mean().item()


def train(name, x, y, seed, shifts, verbose=None):
    build, epochs, rate, decay = MODELS[name]
    torch.manual_seed(seed)
    model = build(x.shape[1]).to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=decay)
    steps = epochs * -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps)
    for epoch in range(epochs):
        model.train()
        for rows in torch.randperm(len(x)).split(BATCH):
            part = shifted(x[rows], shifts) if shifts else x[rows]
            loss = F.cross_entropy(model(part), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        if verbose:
            verbose(epoch, model)
    return model


def tensors(images, mean, std):
    x = (torch.from_numpy(images).float() / 255 - mean) / std
    return x.contiguous(memory_format=torch.channels_last)
