"""The explorer of lecture 01: a fully connected layer and a convolution as the image grows."""

import traitlets

from course_utils.show import growth
from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.values import check_choice


class DenseOrConv(Explorer):
    """Explorer: what three layers cost that make K maps from an image, against the image's side.

    It works by mouse (click or drag) and by keyboard (Tab to a control or to the picture, arrow
    keys, Page Up, Page Down, Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    side, channels, filters, kernel_size : int
        In the ranges of :data:`course_utils.show.growth.KNOBS`; stride 1 and same padding.
    quantity, scale : str
        ``"parameters"``, ``"memory"`` or ``"multiply_adds"``; ``"log"`` or ``"linear"``.

    Raises
    ------
    traitlets.TraitError
        If a value is not known or out of range; the message has the value and the range.

    Examples
    --------
    >>> DenseOrConv(side=32, channels=3, filters=10, kernel_size=5).state["counts"]
    [31467520, 778240, 760]
    """

    _esm = joined("common.js", "dense_or_conv.js")
    _css = joined("common.css", "dense_or_conv.css")
    _shown = (*growth.KNOBS, "quantity", "scale")

    side = traitlets.Any(32).tag(sync=True)
    channels = traitlets.Any(3).tag(sync=True)
    filters = traitlets.Any(10).tag(sync=True)
    kernel_size = traitlets.Any(5).tag(sync=True)
    quantity = traitlets.Any("parameters").tag(sync=True)
    scale = traitlets.Any("log").tag(sync=True)

    _knobs = traitlets.Dict({name: list(k) for name, k in growth.KNOBS.items()}).tag(sync=True)
    _quantities = traitlets.Dict(growth.QUANTITIES).tag(sync=True)
    _scales = traitlets.Dict(growth.SCALES).tag(sync=True)

    def __init__(
        self, side=32, channels=3, filters=10, kernel_size=5, quantity="parameters", scale="log"
    ):
        super().__init__(
            side=side,
            channels=channels,
            filters=filters,
            kernel_size=kernel_size,
            quantity=quantity,
            scale=scale,
        )

    @property
    def state(self):
        """What is shown now: the dict of :func:`course_utils.show.growth.describe`."""
        return growth.describe(*(getattr(self, name) for name in self._shown[:-1]))

    @traitlets.validate(*growth.KNOBS)
    def _check_knob(self, proposal):
        return refused(growth.check_knob, proposal["trait"].name, proposal["value"])

    @traitlets.validate("quantity", "scale")
    def _check_choice(self, proposal):
        choices = {"quantity": growth.QUANTITIES, "scale": growth.SCALES}
        name = proposal["trait"].name
        return refused(check_choice, name, proposal["value"], choices[name])
