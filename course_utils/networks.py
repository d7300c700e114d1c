"""Published networks in the vocabulary of :func:`course_utils.arithmetic.trace`.

========================  ===============  ======================================================
network                   input            source
========================  ===============  ======================================================
LENET5                    (1, 32, 32)      LeCun, Bottou, Bengio and Haffner 1998
ALEXNET and its variants  (3, 227, 227)    Krizhevsky, Sutskever and Hinton 2012
ZFNET                     (3, 224, 224)    Zeiler and Fergus, https://arxiv.org/abs/1311.2901
VGG["A"] to VGG["E"]      (3, 224, 224)    Simonyan and Zisserman, https://arxiv.org/abs/1409.1556
alphago(k)                (48, 19, 19)     Silver and others, Nature 529, 2016
========================  ===============  ======================================================

ReLU, dropout and flattening are not listed: they have no parameters and can work in place.
"""

from course_utils.arithmetic import totals, trace


def _conv(name, out_channels, kernel_size, **options):
    sizes = {"out_channels": out_channels, "kernel_size": kernel_size}
    return {"kind": "conv", "name": name, **sizes, **options}


def _pool(name, kernel_size, stride, padding=0, kind="maxpool"):
    sizes = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
    return {"kind": kind, "name": name, **sizes}


def _lrn(name):
    return {"kind": "lrn", "name": name}


def _linear(name, out_features):
    return {"kind": "linear", "name": name, "out_features": out_features}


def _classifier():
    return [_linear("fc6", 4096), _linear("fc7", 4096), _linear("fc8", 1000)]


LENET5 = [
    _conv("c1", 6, 5),
    _pool("s2", 2, 2, kind="avgpool"),
    _conv("c3", 16, 5),
    _pool("s4", 2, 2, kind="avgpool"),
    _conv("c5", 120, 5),
    _linear("f6", 84),
    _linear("output", 10),
]
"""LeNet-5 as it is taught today: 61 706 parameters.

The paper's C3 connects each map to only some of S2's, its pools have a weight and a bias per map,
and its output layer measures distances to fixed codes.
"""


def _alexnet(groups, lrn_before_pool):
    def shrink(number):
        pair = [_lrn(f"norm{number}"), _pool(f"pool{number}", 3, 2)]
        return pair if lrn_before_pool else pair[::-1]

    return [
        _conv("conv1", 96, 11, stride=4),
        *shrink(1),
        _conv("conv2", 256, 5, padding=2, groups=groups),
        *shrink(2),
        _conv("conv3", 384, 3, padding=1),
        _conv("conv4", 384, 3, padding=1, groups=groups),
        _conv("conv5", 256, 3, padding=1, groups=groups),
        _pool("pool5", 3, 2),
        *_classifier(),
    ]


ALEXNET = _alexnet(groups=1, lrn_before_pool=True)
"""AlexNet on one device, normalised before pooling as in the paper: 62 378 344 parameters."""

ALEXNET_GROUPED = _alexnet(groups=2, lrn_before_pool=True)
"""AlexNet as trained, in two halves that meet in conv3 and fc6 to fc8: 60 965 224 parameters."""

ALEXNET_LRN_AFTER_POOL = _alexnet(groups=1, lrn_before_pool=False)
"""AlexNet in the order of printed layer lists: 1 049 571 activations per image, with the input's,
where the order of the paper has 1 413 347."""

ZFNET = [
    _conv("conv1", 96, 7, stride=2, padding=1),
    _pool("pool1", 3, 2, padding=1),
    _conv("conv2", 256, 5, stride=2),
    _pool("pool2", 3, 2, padding=1),
    _conv("conv3", 512, 3, padding=1),
    _conv("conv4", 1024, 3, padding=1),
    _conv("conv5", 512, 3, padding=1),
    _pool("pool5", 3, 2),
    *_classifier(),
]
"""ZFNet with the widths 512-1024-512 of lecture slides: 107 627 624 parameters. The paper's main
model has 384-384-256; its contrast normalisation is left out."""

# Five stages, a digit for the kernel size of each convolution; L is a normalisation.
_VGG_STAGES = {
    "A": "3 3 33 33 33",
    "A-LRN": "3L 3 33 33 33",
    "B": "33 33 33 33 33",
    "C": "33 33 331 331 331",
    "D": "33 33 333 333 333",
    "E": "33 33 3333 3333 3333",
}
_VGG_WIDTHS = 64, 128, 256, 512, 512


def _vgg(stages):
    network = []
    for stage, (layers, width) in enumerate(zip(stages.split(), _VGG_WIDTHS, strict=True), start=1):
        for number, layer in enumerate(layers, start=1):
            if layer == "L":
                network.append(_lrn(f"norm{stage}"))
            else:
                name, kernel_size = f"conv{stage}_{number}", int(layer)
                network.append(_conv(name, width, kernel_size, padding=kernel_size // 2))
        network.append(_pool(f"pool{stage}", 2, 2))
    return [*network, *_classifier()]


VGG = {config: _vgg(stages) for config, stages in _VGG_STAGES.items()}
"""VGG by the letters of the paper's table 1; D is VGG-16 and E is VGG-19."""


def alphago(k=192):
    """AlphaGo's policy network of ``k`` filters, but for the biases of its last layer.

    Those are one per board position, which :func:`~course_utils.arithmetic.trace` has no word for;
    :func:`alphago_parameters` counts them.
    """
    return [
        _conv("conv1", k, 5, padding=2),
        *(_conv(f"conv{number}", k, 3, padding=1) for number in range(2, 13)),
        _conv("conv13", 1, 1, bias=False),
    ]


def alphago_parameters(k=192):
    """Number of parameters of AlphaGo's policy network, with its 19 x 19 biases at the end.

    Examples
    --------
    >>> alphago_parameters(192)
    3882793
    """
    return totals(trace(alphago(k), (48, 19, 19))).parameters + 19 * 19


def windows(network):
    """The windows of a network's layers, for :func:`~course_utils.arithmetic.receptive_fields`.

    Returns
    -------
    dict of tuple
        ``(kernel_size, stride, dilation, padding)`` by layer name, up to the first linear layer,
        which sees everything.

    Raises
    ------
    ValueError
        If a kernel, stride or padding is a pair: a receptive field is counted along one axis.

    Examples
    --------
    >>> from course_utils.arithmetic import receptive_field
    >>> receptive_field(windows(ALEXNET).values())
    195
    """
    found = {}
    for layer in network:
        if layer["kind"] == "linear":
            break
        window = layer.get("kernel_size", 1), layer.get("stride", 1), 1, layer.get("padding", 0)
        if any(isinstance(part, (tuple, list)) for part in window):
            raise ValueError(f"layer {layer['name']!r} is not square: {layer}")
        found[layer["name"]] = window
    return found
