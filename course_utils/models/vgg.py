"""VGG: 3 x 3 convolutions all the way down, in the six columns of the paper's table 1."""

from __future__ import annotations

from torch import nn

from course_utils.models.early import Named, classifier, response_norm

WIDTHS = 64, 128, 256, 512, 512
# The kernel sizes of each stage; "L" is a local response normalisation.
CONFIGS = {
    "A": ("3", "3", "33", "33", "33"),
    "A-LRN": ("3L", "3", "33", "33", "33"),
    "B": ("33", "33", "33", "33", "33"),
    "C": ("33", "33", "331", "331", "331"),
    "D": ("33", "33", "333", "333", "333"),
    "E": ("33", "33", "3333", "3333", "3333"),
}


def vgg(config: str, batch_norm: bool = False) -> nn.Module:
    """Return a VGG network: (N, 3, 224, 224) → (N, 1000).

    Parameters
    ----------
    config : str
        "A" (11 layers), "A-LRN", "B" (13), "C" (16, some 1 x 1), "D" (16) or "E" (19).
    batch_norm : bool
        Whether a batch norm follows each convolution, which keeps its bias. The paper has none.

    Raises
    ------
    ValueError
        If there is no such configuration.

    Source: Simonyan and Zisserman, "Very deep convolutional networks for large-scale image recognition",
    arXiv:1409.1556.
    """
    if config not in CONFIGS:
        raise ValueError(f"config must be one of {', '.join(CONFIGS)}, got {config!r}")
    layers = stages(CONFIGS[config], WIDTHS, batch_norm)
    return Named({**layers, **classifier(512 * 7 * 7)})


def stages(config, widths, batch_norm: bool) -> dict[str, nn.Module]:
    """Return stages of convolutions, each closed by a pooling that halves the image."""
    layers, channels = {}, 3
    for stage, (kernels, width) in enumerate(zip(config, widths, strict=True), start=1):
        for number, kernel in enumerate(kernels, start=1):
            if kernel == "L":
                layers[f"norm{stage}"] = response_norm()
                continue
            size, place = int(kernel), f"{stage}_{number}"
            layers[f"conv{place}"] = nn.Conv2d(channels, width, size, padding=size // 2)
            if batch_norm:
                layers[f"bn{place}"] = nn.BatchNorm2d(width)
            layers[f"relu{place}"] = nn.ReLU(inplace=True)
            channels = width
        layers[f"pool{stage}"] = nn.MaxPool2d(2, 2)
    return layers
