"""Networks as blocks: what each block is made of. Nothing here is counted; `numbers.js` does that."""

from course_utils import networks
from course_utils.explorers.inception_cost import MODULES

_IMAGE = (3, 224, 224)
_POOLS = "maxpool", "avgpool"


def _block(name, stage, kind, *branches):
    return {"name": name, "stage": stage, "kind": kind, "branches": branches}


def _conv(filters, size, stride=1, bias=True):
    layer = {"kind": "conv", "out_channels": filters, "kernel_size": size, "padding": size // 2}
    return layer | ({"stride": stride} if stride > 1 else {}) | ({} if bias else {"bias": False})


def _pool(kind, size, stride, **more):
    return {"kind": kind, "kernel_size": size, "stride": stride, **more}


def _linear(units):
    return {"kind": "linear", "out_features": units}


def _one_by_one(layers):
    """Return a block for each layer; a normalisation belongs to the block before it, a pooling to its stage."""
    blocks = []
    for layer in layers:
        kind, name = layer["kind"], layer["name"]
        layer = {key: value for key, value in layer.items() if key != "name"}
        if kind == "lrn":
            blocks[-1]["branches"][0].append(layer)
        elif kind in _POOLS:
            blocks.append(_block(name, blocks[-1]["stage"], "pool", [layer]))
        else:
            blocks.append(_block(name, name.split("_")[0], kind, [layer]))
    return blocks


def _googlenet():
    def shrink(name, stage, *more):
        pooling = _pool("maxpool", 3, 2, ceil_mode=True)
        return _block(name, stage, "pool", [pooling, *more])

    lrn = {"kind": "lrn"}
    blocks = [
        _block("conv1", "conv1", "conv", [_conv(64, 7, 2)]),
        shrink("pool1", "conv1", lrn),
        _block("conv2", "conv2", "conv", [_conv(64, 1), _conv(192, 3), lrn]),
        shrink("pool2", "conv2"),
    ]
    for name, (side, (_, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj)) in MODULES.items():
        if name == "CS231n":
            continue
        stage = name[0]
        if blocks[-1]["stage"] < stage and side < 28:
            blocks.append(shrink(f"pool{int(stage) - 1}", f"{int(stage) - 1}"))
        pool = _pool("maxpool", 3, 1, padding=1)
        branches = [
            [_conv(n1x1, 1)],
            [_conv(n3x3_reduce, 1), _conv(n3x3, 3)],
            [_conv(n5x5_reduce, 1), _conv(n5x5, 5)],
            [pool, _conv(pool_proj, 1)],
        ]
        blocks.append(_block(name, stage, "inception", *branches))
    return [
        *blocks,
        _block("pool5", "5", "pool", [_pool("avgpool", 7, 1)]),
        _block("fc", "fc", "linear", [_linear(1000)]),
    ]


def _residual(counts, bottleneck=False, plain=False):
    """Return a network of He and others: its blocks with their shortcuts, or plain."""

    def normed(filters, size, stride=1):
        return [_conv(filters, size, stride, bias=False), {"kind": "batchnorm"}]

    blocks = [
        _block("conv1", "conv1", "conv", normed(64, 7, 2)),
        _block("pool1", "conv1", "pool", [_pool("maxpool", 3, 2, padding=1)]),
    ]
    channels = 64
    for stage, count in enumerate(counts, start=2):
        width = 64 << (stage - 2)
        out = 4 * width if bottleneck else width
        for number in range(1, count + 1):
            stride = 2 if stage > 2 and number == 1 else 1
            if bottleneck:
                main = [*normed(width, 1), *normed(width, 3, stride), *normed(out, 1)]
            else:
                main = [*normed(width, 3, stride), *normed(width, 3)]
            shortcut = normed(out, 1, stride) if stride > 1 or channels != out else []
            branches = [main] if plain else [main, shortcut]
            kind = "plain" if plain else "residual"
            blocks.append(_block(f"conv{stage}_{number}", f"conv{stage}", kind, *branches))
            channels = out
    return [
        *blocks,
        _block("pool", f"conv{stage}", "pool", [_pool("avgpool", 7, 1)]),
        _block("fc", "fc", "linear", [_linear(1000)]),
    ]


ARCHITECTURES = {
    "LeNet-5": ((1, 32, 32), _one_by_one(networks.LENET5)),
    "AlexNet": ((3, 227, 227), _one_by_one(networks.ALEXNET)),
    "AlexNet, two groups": ((3, 227, 227), _one_by_one(networks.ALEXNET_GROUPED)),
    "ZFNet": (_IMAGE, _one_by_one(networks.ZFNET)),
    "VGG-11": (_IMAGE, _one_by_one(networks.VGG["A"])),
    "VGG-16": (_IMAGE, _one_by_one(networks.VGG["D"])),
    "VGG-19": (_IMAGE, _one_by_one(networks.VGG["E"])),
    "GoogLeNet": (_IMAGE, _googlenet()),
    "plain-34": (_IMAGE, _residual((3, 4, 6, 3), plain=True)),
    "ResNet-18": (_IMAGE, _residual((2, 2, 2, 2))),
    "ResNet-34": (_IMAGE, _residual((3, 4, 6, 3))),
    "ResNet-50": (_IMAGE, _residual((3, 4, 6, 3), bottleneck=True)),
}
"""Input shape and blocks of each network.

A block has a name, the stage whose label it stands under, a kind, and one or more branches: lists of layers
as :func:`course_utils.arithmetic.trace` takes them, without names, and ``batchnorm``. The branches of an
inception module are joined; those of a residual block, its main path and its shortcut, are added. The shortcut
is empty where it is the identity.

Sources: those of `course_utils.networks`; Szegedy and others, arXiv:1409.4842, table 1, without the auxiliary
heads; He and others, arXiv:1512.03385, table 1, with projections where the shape changes and the stride of a
bottleneck in its 3×3 convolution. plain-34 is ResNet-34 without its shortcuts.
"""
