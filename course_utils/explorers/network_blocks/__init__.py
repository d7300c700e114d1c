"""The explorer of lecture 06: two networks as blocks to scale, side by side, with their bills."""

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.network_blocks.architectures import ARCHITECTURES
from course_utils.explorers.traits import Choice, Step

NONE = "none"
_NAMES = {name: name for name in ARCHITECTURES}


def _count(name):
    """Blocks of a network, with its input."""
    return 1 if name == NONE else 1 + len(ARCHITECTURES[name][1])


class NetworkBlocks(Explorer):
    """Explorer: two networks as blocks to scale, what each block costs, and the one chosen in each.

    A block is as high as the square root of the side of what it gives, and as wide as the square root of its
    channels; both networks have one scale. Parameters are weights and biases, with those of norms; a
    multiply-add counts 1, and biases, norms, poolings and sums 0. Activations are the input and the outputs of
    all layers, norms and poolings included; ReLU and the sum of a residual block work in place.

    It works by mouse and by keyboard (Tab to a list or to the picture, arrow keys, Home, End, Space). What it
    shows can be read and set here, too.

    Parameters
    ----------
    first, second : str
        Names of :data:`ARCHITECTURES`; the second may be ``"none"``.
    quantity : str
        ``"parameters"``, ``"multiply_adds"`` or ``"activations"``: what the bars below the blocks show.
    first_block, second_block : int
        Number of the chosen block in each; 0 is the input.
    active : int
        1 or 2: the network in which keys choose a block.

    Examples
    --------
    >>> explorer = NetworkBlocks("plain-34", "ResNet-34", first_block=6, second_block=6)
    >>> explorer.second = "none"
    >>> explorer.second_block
    0
    """

    first = Choice("AlexNet", "First", _NAMES)
    second = Choice("VGG-16", "Second", {**_NAMES, NONE: NONE})
    quantity = Choice(
        "parameters",
        "Bars",
        {
            "parameters": "Parameters",
            "multiply_adds": "Multiply-adds",
            "activations": "Activations",
        },
    )
    first_block = Step(1, lambda explorer: _count(explorer.first))
    second_block = Step(1, lambda explorer: _count(explorer.second))
    active = Step(1, lambda explorer: 1 if explorer.second == NONE else 2, first=1)

    tables = {"networks": ARCHITECTURES}
    figures = {
        "network_blocks": {"first_block": 9, "second_block": 19, "active": 2},
        "plain_and_residual": {
            "first": "plain-34",
            "second": "ResNet-34",
            "quantity": "multiply_adds",
            "first_block": 6,
            "second_block": 6,
            "active": 2,
        },
    }

    def __init__(self, *values, **named):
        given = self.__signature__.bind(*values, **named).arguments
        if given.get("second") == NONE:
            given.setdefault("second_block", 0)
        super().__init__(**given)
