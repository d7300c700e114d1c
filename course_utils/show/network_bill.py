"""The explorer of lecture 01: what each layer of a network costs."""

import traitlets

from course_utils.arithmetic import BITS
from course_utils.show import bill
from course_utils.show.explorer import Explorer, joined, refused
from course_utils.show.values import check_choice


class NetworkBill(Explorer):
    """Explorer: a network as a list of layers that can be changed, with a bar for what each costs.

    It works by mouse and by keyboard (Tab to a control or to the list, arrow keys choose a layer,
    Insert and Delete add and remove one). What it shows can be read and set here, too.

    Parameters
    ----------
    network : str or list of dict
        A name of :data:`course_utils.show.bill.NETWORKS`, or layers as
        :func:`course_utils.arithmetic.trace` takes them, with square kernels.
    input_shape : tuple of int, optional
        (C, H, W); that of the named network, or 3 × 32 × 32.
    quantity, scale : str
        ``"memory"``, ``"activations"``, ``"parameters"`` or ``"multiply_adds"``; ``"linear"`` or
        ``"log"``.
    number_format : str
        A format of :data:`course_utils.arithmetic.BITS`, for the memory.

    Raises
    ------
    traitlets.TraitError
        If a value is not known or out of range. Layers that do not fit each other are no error
        here: the explorer says why.

    Examples
    --------
    >>> NetworkBill("LeNet-5").state["totals"][:2]
    [9118, 61706]
    """

    _esm = joined("common.js", "network_bill_numbers.js", "network_bill.js")
    _css = joined("common.css", "network_bill.css")
    _shown = ("network", "input_shape", "quantity", "number_format", "scale")

    network = traitlets.Any().tag(sync=True)
    input_shape = traitlets.Any((3, 32, 32)).tag(sync=True)
    quantity = traitlets.Any("memory").tag(sync=True)
    number_format = traitlets.Any("float32").tag(sync=True)
    scale = traitlets.Any("linear").tag(sync=True)

    _networks = traitlets.Dict().tag(sync=True)
    _kinds = traitlets.Dict(bill.KINDS).tag(sync=True)
    _fields = traitlets.Dict({k: list(v) for k, v in bill.FIELDS.items()}).tag(sync=True)
    _axes = traitlets.Dict({k: list(v) for k, v in bill.AXES.items()}).tag(sync=True)
    _quantities = traitlets.Dict(bill.QUANTITIES).tag(sync=True)
    _scales = traitlets.Dict(bill.SCALES).tag(sync=True)
    _bits = traitlets.Dict(BITS).tag(sync=True)
    _most = traitlets.Int(bill.MOST).tag(sync=True)

    def __init__(
        self,
        network="VGG-16",
        input_shape=None,
        quantity="memory",
        number_format="float32",
        scale="linear",
    ):
        shape, layers = refused(bill.named, network)
        super().__init__(
            network=layers,
            input_shape=input_shape or shape or (3, 32, 32),
            quantity=quantity,
            number_format=number_format,
            scale=scale,
            _networks={
                name: [list(shape), bill.check_network(layers)]
                for name, (shape, layers) in bill.NETWORKS.items()
            },
        )

    def __repr__(self):
        rest = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown[1:])
        return f"NetworkBill(<{len(self.network)} layers>, {rest})"

    @property
    def state(self):
        """What is shown now: the dict of :func:`course_utils.show.bill.describe`."""
        return bill.describe(*(getattr(self, name) for name in self._shown))

    @traitlets.validate("network")
    def _check_network(self, proposal):
        shape, layers = refused(bill.named, proposal["value"])
        if shape:
            self.input_shape = shape
        return refused(bill.check_network, layers)

    @traitlets.validate("input_shape")
    def _check_input_shape(self, proposal):
        return refused(bill.check_input_shape, proposal["value"])

    @traitlets.validate("quantity", "number_format", "scale")
    def _check_choice(self, proposal):
        choices = {"quantity": bill.QUANTITIES, "number_format": BITS, "scale": bill.SCALES}
        name = proposal["trait"].name
        return refused(check_choice, name, proposal["value"], choices[name])
