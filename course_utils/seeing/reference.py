"""A small network for images of 32 × 32, and weights for it that come with the course.

``python -m course_utils.authoring.reference_weights`` has trained them, in minutes on two cores:

- ``"drawn"``: on the drawn images;
- ``"marked"``: on drawn images of which four classes carry a mark: ``drawn_images(cue="mark")``.
"""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

FOLDER = Path(__file__).with_name("weights")
NAMES = ("drawn", "marked")
MOMENTS = (0, 50, 100, 200, 400)
"""Steps after which the first filters of ``"drawn"`` were kept; the last ones are its weights."""
CONVOLUTIONS = {
    "conv1": (3, 16, 7, 2),
    "conv2": (16, 32, 3, 1),
    "conv3": (32, 64, 3, 1),
    "conv4": (64, 64, 3, 1),
}
"""Name → channels before, channels after, side of the kernel, stride."""
POOLED = ("conv2", "conv3")
"""After these a max pooling halves the image."""


class Centre(nn.Module):
    """Numbers from 0 to 1 become numbers around 0."""

    def forward(self, x: Tensor) -> Tensor:
        return (x - 0.5) / 0.25


def reference_network(num_classes: int = 10) -> nn.Sequential:
    """Return the network with new weights, of PyTorch's choice: 63 258 parameters for ten classes.

    It takes images (N, 3, 32, 32) from 0 to 1 and returns scores (N, num_classes). Four convolutions with
    batch norm and ReLU, the first of 7 × 7 with stride 2, so that its filters can be looked at, two
    poolings, the mean of each map, and one linear layer. Its layers have names: ``conv1``, ``bn1``,
    ``relu1``, ``pool1`` and so on.
    """
    layers = nn.Sequential()
    layers.add_module("centre", Centre())
    for number, (name, (before, after, side, stride)) in enumerate(CONVOLUTIONS.items(), start=1):
        layers.add_module(name, nn.Conv2d(before, after, side, stride, side // 2, bias=False))
        layers.add_module(f"bn{number}", nn.BatchNorm2d(after))
        layers.add_module(f"relu{number}", nn.ReLU())
        if name in POOLED:
            layers.add_module(f"pool{number}", nn.MaxPool2d(2))
    layers.add_module("mean", nn.AdaptiveAvgPool2d(1))
    layers.add_module("flatten", nn.Flatten())
    layers.add_module("fc", nn.Linear(64, num_classes))
    return layers


def reference(name: str = "drawn") -> nn.Sequential:
    """Return the trained network, in eval mode.

    Raises
    ------
    ValueError
        If there are no weights of this name.
    """
    network = reference_network()
    network.load_state_dict({k: v for k, v in _stored(name).items() if not k.startswith("first.")})
    return network.eval()


def first_filters() -> dict[str, Tensor]:
    """Return the filters (16, 3, 7, 7) of ``"drawn"`` as they came about: step, or ``"end"`` → weights."""
    stored = _stored("drawn")
    found = {str(step): stored[f"first.{step}"] for step in MOMENTS}
    return found | {"end": stored["conv1.weight"]}


def _stored(name):
    if name not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}, got {name!r}")
    return load_file(FOLDER / f"{name}.safetensors")
