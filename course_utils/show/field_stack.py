"""The explorer of lecture 01: what one unit deep in a stack of layers sees."""

import traitlets

from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.images import drawn_image
from course_utils.show.stack import INPUT, KNOBS, MOST, STACKS, check_layers, describe, sizes_of
from course_utils.show.values import check_int


class FieldStack(Explorer):
    """Explorer: up to six layers along one axis, and all that one unit depends on.

    It works by mouse (click or drag) and by keyboard (Tab to a knob or to the picture, arrow keys,
    Home, End). What it shows can be read and set here, too.

    Parameters
    ----------
    layers : list of tuple
        ``(kernel_size, stride)``, ``(kernel_size, stride, dilation)`` or
        ``(kernel_size, stride, dilation, padding)``, first layer first, in the ranges of
        :data:`course_utils.show.stack.KNOBS`.
    layer : int, optional
        The chosen layer, from 1; the last one if not given.
    unit : int
        The chosen unit of this layer, from 0.

    Raises
    ------
    traitlets.TraitError
        If a value is out of range; the message has the value and the range.

    Examples
    --------
    >>> explorer = FieldStack([(3, 1), (3, 1), (3, 1)])
    >>> explorer.state["words"]
    'Unit 0 of layer 3 sees 7 pixels, 0 to 6. Its neighbours look 1 pixel further.'
    """

    _esm = joined("common.js", "field_stack_picture.js", "field_stack.js")
    _css = joined("common.css", "field_stack.css")
    _shown = ("layers", "layer", "unit")

    layers = traitlets.Any(STACKS["three layers of 3"]).tag(sync=True)
    layer = traitlets.Any(1).tag(sync=True)
    unit = traitlets.Any(0).tag(sync=True)

    _knobs = traitlets.Dict({name: list(knob) for name, knob in KNOBS.items()}).tag(sync=True)
    _stacks = traitlets.Dict(STACKS).tag(sync=True)
    _most = traitlets.Int(MOST).tag(sync=True)
    _image = traitlets.List(drawn_image(INPUT).reshape(3, -1).T.tolist()).tag(sync=True)

    def __init__(self, layers=tuple(STACKS["three layers of 3"]), layer=None, unit=0):
        layers = refused(check_layers, layers)
        super().__init__(layers=layers, layer=len(layers) if layer is None else layer, unit=unit)

    @property
    def state(self):
        """What the picture shows now: the dict of :func:`course_utils.show.stack.describe`."""
        return describe(self.layers, self.layer, self.unit)

    def _last_unit(self):
        sizes, _ = sizes_of(check_layers(self.layers))
        return sizes[self.layer] - 1 if self.layer < len(sizes) else 0

    @traitlets.validate("layers")
    def _check_layers(self, proposal):
        return refused(check_layers, proposal["value"])

    @traitlets.validate("layer")
    def _check_layer(self, proposal):
        layers = refused(check_layers, self.layers)
        return refused(check_int, "layer", proposal["value"], 1, len(layers))

    @traitlets.validate("unit")
    def _check_unit(self, proposal):
        return refused(check_int, "unit", proposal["value"], 0, self._last_unit())

    @traitlets.observe("layers", "layer")
    def _stay_inside(self, change):
        self.layer = min(self.layer, len(self.layers))
        self.unit = min(self.unit, self._last_unit())
