"""The explorer of lecture 07: what one step of training keeps in the memory of a GPU."""

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.training_memory.counted import COUNTS
from course_utils.explorers.traits import Choice, Scale

CARDS = {
    3: "GTX 580, as in 2012",
    6: "GTX Titan Black, 2014",
    8: "",
    11: "GTX 1080 Ti, 2017",
    16: "",
    24: "RTX 3090, 2020",
    40: "",
    80: "A100, 2020",
}
"""GB of memory → a card that has as much, if one is named."""
STATES = {"sgd": 0, "momentum": 1, "adam": 2}
"""Numbers that an update rule keeps for each parameter."""
WIDTHS = {"fp32": 4, "bf16": 2}
"""Bytes of an activation; weights, gradients and what the update rule keeps are fp32 in both."""


class TrainingMemory(Explorer):
    """Explorer: what one training step keeps, weights to activations, and the batch that a GPU has room for.

    Activations are what `activation_memory` of part 07 counts: the outputs of leaf modules and the input,
    times the batch; what a module writes into its input, as a ReLU in place, is not counted twice. In mixed
    precision (bf16) weights stay fp32, and the copies of convolutions and linear layers in bf16, which autocast
    keeps for the backward pass, are a part of their own. The numbers are counted from `course_utils.models`, by
    `course_utils.explorers.training_memory.count`.

    The rule leaves out what functions between modules make (the sums of residual blocks and their ReLU), the
    places of the largest that max pooling keeps (8 bytes for each output: a fifth more in VGG-16), the
    gradients of activations while they pass, the workspace of convolutions, and what driver, CUDA context and
    allocator take. On the other side it counts some outputs that the backward pass does not need, as that of
    the last batch norm of a residual block. In fp32 autograd keeps from 5 % less to 31 % more for these seven
    networks than the rule says. GB are 10⁹ bytes, of cards too, which have 7 % more.

    It works by mouse (click a row) and by keyboard (Tab to a control or to the picture, arrow keys, Space,
    Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    batch : int
        Images of a step: a power of two up to 4096.
    gpu : int
        GB of memory of the card.
    network : str
        The chosen one: ``"AlexNet"``, ``"VGG-16"``, ``"ResNet-50"``, or for images of 32 × 32
        ``"AlexNet, CIFAR"``, ``"VGG-11, CIFAR"``, ``"ResNet-9"``, ``"ResNet-20"``.
    precision : str
        ``"fp32"`` or ``"bf16"``.
    update : str
        ``"sgd"``, ``"momentum"`` or ``"adam"``.
    bars : str
        ``"bytes"``, or ``"shares"`` of each network's own sum.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012,
    section 3.2: a network over two GPUs of 3 GB.

    Examples
    --------
    >>> explorer = TrainingMemory(batch=256, gpu=3, network="AlexNet")
    >>> explorer.precision = "bf16"
    >>> explorer
    TrainingMemory(batch=256, gpu=3, network='AlexNet', precision='bf16', update='momentum', bars='bytes')
    """

    batch = Scale(64, "Batch", "N", [2**k for k in range(13)])
    gpu = Scale(24, "GPU memory, GB", "M", list(CARDS))
    network = Choice("ResNet-50", "Network", {name: name for name in COUNTS})
    precision = Choice("fp32", "Activations", {"fp32": "fp32", "bf16": "bf16, mixed"})
    update = Choice("momentum", "Update", {"sgd": "SGD", "momentum": "momentum", "adam": "Adam"})
    bars = Choice("bytes", "Bars", {"bytes": "bytes", "shares": "shares"})

    figures = {"training_memory": {"gpu": 3}}
    tables = {"networks": COUNTS, "cards": CARDS, "states": STATES, "widths": WIDTHS}
