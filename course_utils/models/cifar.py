"""AlexNet, VGG and a fast residual network for images of 32 x 32; He's own are ``resnet(20)`` and so on."""

from __future__ import annotations

from torch import nn

from course_utils.models.early import Named
from course_utils.models.vgg import CONFIGS, WIDTHS, stages


def alexnet_cifar(num_classes: int = 10) -> nn.Module:
    """Return AlexNet scaled to (N, 3, 32, 32): its five convolutions and three poolings, a smaller classifier.

    The first convolution is 3 x 3 with stride 1: 11 x 11 with stride 4 would leave 6 x 6 of the image.
    """
    layers, channels = {}, 3
    for number, (width, pool) in enumerate(
        [(64, True), (192, True), (384, False), (256, False), (256, True)], start=1
    ):
        layers[f"conv{number}"] = nn.Conv2d(channels, width, 3, padding=1)
        layers[f"relu{number}"] = nn.ReLU(inplace=True)
        if pool:
            layers[f"pool{number}"] = nn.MaxPool2d(2, 2)
        channels = width
    layers |= {"flatten": nn.Flatten(), "drop5": nn.Dropout(0.5)}
    layers |= {"fc6": nn.Linear(256 * 4 * 4, 512), "relu6": nn.ReLU(inplace=True)}
    return Named({**layers, "drop6": nn.Dropout(0.5), "fc7": nn.Linear(512, num_classes)})


def vgg_cifar(config: str = "A", batch_norm: bool = True, num_classes: int = 10) -> nn.Module:
    """Return VGG scaled to (N, 3, 32, 32): the same stages, which leave one pixel, and one linear layer.

    Parameters
    ----------
    config : str
        See `vgg`.
    batch_norm : bool
        Without it the deeper configurations do not begin to learn from He's first weights at usual rates.
    num_classes : int

    Raises
    ------
    ValueError
        If there is no such configuration.
    """
    if config not in CONFIGS:
        raise ValueError(f"config must be one of {', '.join(CONFIGS)}, got {config!r}")
    layers = stages(CONFIGS[config], WIDTHS, batch_norm)
    return Named({**layers, "flatten": nn.Flatten(), "fc6": nn.Linear(512, num_classes)})


def resnet_9(num_classes: int = 10) -> nn.Module:
    """Return a shallow, wide residual network for (N, 3, 32, 32), made to be trained in a minute.

    Eight 3 x 3 convolutions, two of them in each of two residual blocks, and a linear layer: 6 573 120
    parameters. Scores are divided by 8, so that they begin small.

    Source: D. Page, "How to train your ResNet", Myrtle.ai, 2018.
    """
    layers = {
        "conv1": _normed(3, 64),
        "conv2": Named({"conv": _normed(64, 128), "pool": nn.MaxPool2d(2)}),
        "block2": _Added(128),
        "conv3": Named({"conv": _normed(128, 256), "pool": nn.MaxPool2d(2)}),
        "conv4": Named({"conv": _normed(256, 512), "pool": nn.MaxPool2d(2)}),
        "block4": _Added(512),
        "pool": nn.MaxPool2d(4),
        "flatten": nn.Flatten(),
        "fc": nn.Linear(512, num_classes, bias=False),
        "scale": _Scaled(1 / 8),
    }
    return Named(layers)


def _normed(in_channels, out_channels):
    """A 3 x 3 convolution with batch norm and ReLU."""
    conv = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
    return Named({"conv": conv, "bn": nn.BatchNorm2d(out_channels), "relu": nn.ReLU(inplace=True)})


class _Added(nn.Module):
    """Two convolutions, and the input added to what they give: nothing comes after the sum."""

    def __init__(self, channels):
        super().__init__()
        self.main = Named({"1": _normed(channels, channels), "2": _normed(channels, channels)})

    def forward(self, x):
        return x + self.main(x)


class _Scaled(nn.Module):
    """A factor that is not learned."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return self.factor * x
