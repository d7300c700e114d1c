"""LeNet-5, AlexNet and ZFNet: convolutions, poolings, and linear layers at the end."""

from __future__ import annotations

from torch import nn


def response_norm(k: float = 2.0) -> nn.LocalResponseNorm:
    """Return AlexNet's local response normalisation, over 5 channels.

    PyTorch and Caffe divide alpha by the 5; the paper's formula does not.
    """
    return nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=k)


def classifier(in_features: int, num_classes: int = 1000) -> dict[str, nn.Module]:
    """Return the three linear layers of AlexNet, ZFNet and VGG, with dropout 0.5 after the first two."""
    return {
        "flatten": nn.Flatten(),
        "fc6": nn.Linear(in_features, 4096),
        "relu6": nn.ReLU(inplace=True),
        "drop6": nn.Dropout(0.5),
        "fc7": nn.Linear(4096, 4096),
        "relu7": nn.ReLU(inplace=True),
        "drop7": nn.Dropout(0.5),
        "fc8": nn.Linear(4096, num_classes),
    }


class Named(nn.Sequential):
    """Layers one after the other, by name."""

    def __init__(self, layers: dict[str, nn.Module]):
        super().__init__()
        for name, layer in layers.items():
            self.add_module(name, layer)


class LeNet5(Named):
    """LeNet-5 as it is taught today: (N, 1, 32, 32) → (N, 10), 61 706 parameters.

    The paper's C3 connects each map to some of S2's, its poolings have a weight and a bias per map, and its
    output layer measures distances to fixed codes.

    Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998.
    """

    def __init__(self):
        super().__init__(
            {
                "c1": nn.Conv2d(1, 6, 5),
                "tanh1": nn.Tanh(),
                "s2": nn.AvgPool2d(2, 2),
                "c3": nn.Conv2d(6, 16, 5),
                "tanh3": nn.Tanh(),
                "s4": nn.AvgPool2d(2, 2),
                "c5": nn.Conv2d(16, 120, 5),
                "tanh5": nn.Tanh(),
                "flatten": nn.Flatten(),
                "f6": nn.Linear(120, 84),
                "tanh6": nn.Tanh(),
                "output": nn.Linear(84, 10),
            }
        )


class AlexNet(Named):
    """AlexNet: (N, 3, 227, 227) → (N, 1000).

    Parameters
    ----------
    groups : int
        Of conv2, conv4 and conv5: 2 in the paper, whose halves lived on two GPUs (60 965 224 parameters), 1 on
        one (62 378 344).
    lrn : bool
        Whether the first two convolutions are followed by local response normalisation, before pooling.

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks",
    2012.
    """

    def __init__(self, groups: int = 1, lrn: bool = False):
        def norm(number):
            return {f"norm{number}": response_norm()} if lrn else {}

        super().__init__(
            {
                "conv1": nn.Conv2d(3, 96, 11, stride=4),
                "relu1": nn.ReLU(inplace=True),
                **norm(1),
                "pool1": nn.MaxPool2d(3, 2),
                "conv2": nn.Conv2d(96, 256, 5, padding=2, groups=groups),
                "relu2": nn.ReLU(inplace=True),
                **norm(2),
                "pool2": nn.MaxPool2d(3, 2),
                "conv3": nn.Conv2d(256, 384, 3, padding=1),
                "relu3": nn.ReLU(inplace=True),
                "conv4": nn.Conv2d(384, 384, 3, padding=1, groups=groups),
                "relu4": nn.ReLU(inplace=True),
                "conv5": nn.Conv2d(384, 256, 3, padding=1, groups=groups),
                "relu5": nn.ReLU(inplace=True),
                "pool5": nn.MaxPool2d(3, 2),
                **classifier(256 * 6 * 6),
            }
        )


class ZFNet(Named):
    """ZFNet with the widths 512-1024-512: (N, 3, 224, 224) → (N, 1000), 107 627 624 parameters.

    The paper's main model has 384-384-256; its contrast normalisation is left out.

    Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks", arXiv:1311.2901.
    """

    def __init__(self):
        super().__init__(
            {
                "conv1": nn.Conv2d(3, 96, 7, stride=2, padding=1),
                "relu1": nn.ReLU(inplace=True),
                "pool1": nn.MaxPool2d(3, 2, padding=1),
                "conv2": nn.Conv2d(96, 256, 5, stride=2),
                "relu2": nn.ReLU(inplace=True),
                "pool2": nn.MaxPool2d(3, 2, padding=1),
                "conv3": nn.Conv2d(256, 512, 3, padding=1),
                "relu3": nn.ReLU(inplace=True),
                "conv4": nn.Conv2d(512, 1024, 3, padding=1),
                "relu4": nn.ReLU(inplace=True),
                "conv5": nn.Conv2d(1024, 512, 3, padding=1),
                "relu5": nn.ReLU(inplace=True),
                "pool5": nn.MaxPool2d(3, 2),
                **classifier(512 * 6 * 6),
            }
        )
