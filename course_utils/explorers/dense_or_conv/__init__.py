"""The explorer of lecture 01: a fully connected layer and a convolution as the image grows."""

from course_utils.explorers.explorer import Explorer
from course_utils.explorers.traits import Choice, Knob


class DenseOrConv(Explorer):
    """Explorer: what three layers cost that make F maps from an image, against the image's side.

    It works by mouse (click or drag) and by keyboard (Tab to a control or to the picture, arrow
    keys, Page Up, Page Down, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    side, channels, filters, kernel_size : int
        Stride 1 and same padding, hence odd kernels.
    quantity : str
        ``"parameters"``, ``"memory"`` (of the parameters as float32) or ``"multiply_adds"``.
    scale : str
        ``"log"`` or ``"linear"``.

    Examples
    --------
    >>> DenseOrConv(kernel_size=4)
    Traceback (most recent call last):
        ...
    traitlets.traitlets.TraitError: kernel_size=4 is not 1, 3 and so on to 11
    """

    side = Knob(32, "Image side", "W", 16, 256)
    channels = Knob(3, "Channels", "C", 1, 64)
    filters = Knob(10, "Filters", "F", 1, 128)
    kernel_size = Knob(5, "Kernel size", "K", 1, 11, step=2)
    quantity = Choice(
        "parameters",
        "Count",
        {
            "parameters": "Parameters",
            "memory": "Parameters in bytes",
            "multiply_adds": "Multiply-adds",
        },
    )
    scale = Choice("log", "Scale", {"log": "Logarithmic", "linear": "Linear"})

    tables = {"sides": [16, 256]}
