"""A second formulation of course_utils.models, written from the tables of the papers.

Each network of part 06 is a formula over a list of weights: plain functions, no modules. The shape
of every weight is stated here and compared with what is given, so that a wrong width in the model
under test is found.

``x`` is a float tensor (N, C, H, W). ``weights`` are tensors in the order of execution: a
convolution or linear layer gives its weight, then its bias if it has one; a batch norm its weight,
bias, running mean and running variance. The branches of an inception module come in the order of
its output; a residual block gives its main path first, then its projection. All are used up.

Results are those of eval mode: dropout does nothing, batch norm uses its running statistics.
"""

from functools import wraps
from math import prod

from oracle import functional as F
from oracle import torch


class Reader:
    """Hands out the weights in their order, each only in the shape that the formula states."""

    def __init__(self, weights):
        self.rest, self.taken = iter(weights), []

    def take(self, *shape, any_shape=False):
        """The next weight; with ``any_shape`` only the number of its elements counts."""
        where = f"weight {len(self.taken)}"
        given = next(self.rest, None)
        assert given is not None, f"{where} is missing: the formula states {shape}"
        same = given.numel() == prod(shape) if any_shape else tuple(given.shape) == shape
        assert same, f"{where} has shape {tuple(given.shape)}, the formula states {shape}"
        self.taken.append(shape)
        return given.reshape(shape)

    def close(self):
        left = [tuple(weight.shape) for weight in self.rest]
        assert not left, f"{len(left)} weights are left over, of shapes {left}"


class Maker(Reader):
    """Makes each weight as it is asked for, without memory, and so learns all shapes."""

    def take(self, *shape, any_shape=False):
        self.taken.append(shape)
        return torch.empty(shape, device="meta")


FORMULAS = {}
INPUTS = {"lenet5": (1, 32, 32), "alexnet": (3, 227, 227), "alphago": (48, 19, 19)}  # others 224


def formula(function):
    """Call it with any iterable of weights, all of which it must use.

    Inside another formula it gets that one's Reader, and leaves the rest to it.
    """

    @wraps(function)
    def called(x, weights, *args, **options):
        if isinstance(weights, Reader):
            return function(x, weights, *args, **options)
        reader = Reader(weights)
        result = function(x, reader, *args, **options)
        reader.close()
        return result

    FORMULAS[function.__name__] = called
    return called


def shapes(name, **options):
    """The shapes of all weights of the formula called ``name``, running statistics included.

    The options of an inception module or a residual block are given by name, all of them.
    """
    side = 32 if options.get("depth") in CIFAR else 224
    image = INPUTS.get(name, (options.get("in_channels", 3), side, side))
    maker = Maker([])
    FORMULAS[name](torch.empty(1, *image, device="meta"), maker, **options)
    return maker.taken


def conv(x, weights, in_channels, out_channels, kernel_size, groups=1, bias=True, **options):
    w = weights.take(out_channels, in_channels // groups, kernel_size, kernel_size)
    b = weights.take(out_channels) if bias else None
    return F.conv2d(x, w, b, groups=groups, **options)


def linear(x, weights, in_features, out_features):
    return F.linear(x, weights.take(out_features, in_features), weights.take(out_features))


def norm(x, weights, channels, train=False):
    w, b, mean, variance = (weights.take(channels) for _ in range(4))
    if train:  # the batch's own statistics; the running ones are neither used nor changed
        mean = variance = None
    return F.batch_norm(x, mean, variance, w, b, training=train, eps=1e-5)


def response_norm(x, k):
    """Local response normalisation over 5 neighbouring channels, zeros beyond the ends.

    The paper multiplies the sum of squares by alpha; Caffe, and torch after it, by alpha / n.
    """
    n, alpha, beta, channels = 5, 1e-4, 0.75, x.shape[1]
    squares = F.pad(x * x, (0, 0, 0, 0, n // 2, n // 2))
    total = sum(squares[:, i : i + channels] for i in range(n))
    return x / (k + alpha / n * total) ** beta


def classifier(x, weights, features):
    """The three linear layers that AlexNet, ZFNet and VGG end with."""
    x = F.relu(linear(x.flatten(1), weights, features, 4096))
    x = F.relu(linear(x, weights, 4096, 4096))
    return linear(x, weights, 4096, 1000)


@formula
def lenet5(x, weights):
    """LeNet-5, (N, 1, 32, 32) to (N, 10); C5 may be a convolution or a linear layer.

    As it is built today: C3 sees all maps of S2, pools have no weights, the output is linear.

    Source: LeCun, Bottou, Bengio and Haffner, Proceedings of the IEEE 86, 1998.
    """
    x = F.avg_pool2d(torch.tanh(conv(x, weights, 1, 6, 5)), 2)
    x = F.avg_pool2d(torch.tanh(conv(x, weights, 6, 16, 5)), 2)
    c5 = weights.take(120, 16 * 5 * 5, any_shape=True)  # (120, 16, 5, 5) has the same order
    x = torch.tanh(F.linear(x.flatten(1), c5, weights.take(120)))
    x = torch.tanh(linear(x, weights, 120, 84))
    return linear(x, weights, 84, 10)


@formula
def alexnet(x, weights, groups=1, lrn=False):
    """AlexNet, (N, 3, 227, 227) to (N, 1000); the paper's two GPUs are ``groups=2``.

    Source: Krizhevsky, Sutskever and Hinton, NIPS 2012.
    """
    # The paper normalises before it pools; printed layer lists often have it the other way round.
    x = F.relu(conv(x, weights, 3, 96, 11, stride=4))
    x = F.max_pool2d(response_norm(x, k=2) if lrn else x, 3, 2)
    x = F.relu(conv(x, weights, 96, 256, 5, padding=2, groups=groups))
    x = F.max_pool2d(response_norm(x, k=2) if lrn else x, 3, 2)
    x = F.relu(conv(x, weights, 256, 384, 3, padding=1))  # sees both GPUs: never grouped
    x = F.relu(conv(x, weights, 384, 384, 3, padding=1, groups=groups))
    x = F.relu(conv(x, weights, 384, 256, 3, padding=1, groups=groups))
    return classifier(F.max_pool2d(x, 3, 2), weights, 256 * 6 * 6)


@formula
def zfnet(x, weights):
    """ZFNet with the widths 512, 1024, 512, (N, 3, 224, 224) to (N, 1000); no LRN.

    Source: Zeiler and Fergus, ECCV 2014, a variant of table 3; the main model has 384, 384, 256.
    """
    x = F.relu(conv(x, weights, 3, 96, 7, stride=2, padding=1))  # 110 x 110
    x = F.max_pool2d(x, 3, 2, padding=1)  # 55
    x = F.relu(conv(x, weights, 96, 256, 5, stride=2))  # 26
    x = F.max_pool2d(x, 3, 2, padding=1)  # 13
    x = F.relu(conv(x, weights, 256, 512, 3, padding=1))
    x = F.relu(conv(x, weights, 512, 1024, 3, padding=1))
    x = F.relu(conv(x, weights, 1024, 512, 3, padding=1))
    return classifier(F.max_pool2d(x, 3, 2), weights, 512 * 6 * 6)


# Each stage's convolutions, by their kernel sizes; A-LRN differs by the LRN after its first.
VGG = {
    "A": "3 3 33 33 33",
    "A-LRN": "3 3 33 33 33",
    "B": "33 33 33 33 33",
    "C": "33 33 331 331 331",
    "D": "33 33 333 333 333",
    "E": "33 33 3333 3333 3333",
}


@formula
def vgg(x, weights, config, batch_norm=False):
    """VGG, (N, 3, 224, 224) to (N, 1000); convolutions keep their biases under batch norm.

    Source: Simonyan and Zisserman, ICLR 2015, table 1; batch norm was added by others.
    """
    in_channels = 3
    for width, kernels in zip((64, 128, 256, 512, 512), VGG[config].split(), strict=True):
        for kernel_size in map(int, kernels):
            x = conv(x, weights, in_channels, width, kernel_size, padding=kernel_size // 2)
            x = F.relu(norm(x, weights, width) if batch_norm else x)
            if config == "A-LRN" and in_channels == 3:
                x = response_norm(x, k=2)
            in_channels = width
        x = F.max_pool2d(x, 2)
    return classifier(x, weights, 512 * 7 * 7)


# in_channels, #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj.
GOOGLENET = {
    "3a": (192, 64, 96, 128, 16, 32, 32),
    "3b": (256, 128, 128, 192, 32, 96, 64),
    "4a": (480, 192, 96, 208, 16, 48, 64),
    "4b": (512, 160, 112, 224, 24, 64, 64),
    "4c": (512, 128, 128, 256, 24, 64, 64),
    "4d": (512, 112, 144, 288, 32, 64, 64),
    "4e": (528, 256, 160, 320, 32, 128, 128),
    "5a": (832, 256, 160, 320, 32, 128, 128),
    "5b": (832, 384, 192, 384, 48, 128, 128),
}


@formula
def inception(x, weights, in_channels, n1x1, n3x3_reduce, n3x3, n5x5_reduce, n5x5, pool_proj):
    """Inception module, (N, in_channels, H, W) to (N, n1x1 + n3x3 + n5x5 + pool_proj, H, W).

    Source: Szegedy and others, CVPR 2015, figure 2(b).
    """
    a = F.relu(conv(x, weights, in_channels, n1x1, 1))
    b = F.relu(conv(x, weights, in_channels, n3x3_reduce, 1))
    b = F.relu(conv(b, weights, n3x3_reduce, n3x3, 3, padding=1))
    c = F.relu(conv(x, weights, in_channels, n5x5_reduce, 1))
    c = F.relu(conv(c, weights, n5x5_reduce, n5x5, 5, padding=2))
    d = F.relu(conv(F.max_pool2d(x, 3, 1, padding=1), weights, in_channels, pool_proj, 1))
    return torch.cat([a, b, c, d], dim=1)


@formula
def googlenet(x, weights):
    """GoogLeNet without its auxiliary heads, (N, 3, 224, 224) to (N, 1000).

    Source: Szegedy and others, CVPR 2015, table 1 and figure 3.
    """
    x = F.relu(conv(x, weights, 3, 64, 7, stride=2, padding=3))
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)  # 112 to 56, where the floor would be 55
    x = response_norm(x, k=1)
    x = F.relu(conv(x, weights, 64, 64, 1))
    x = F.relu(conv(x, weights, 64, 192, 3, padding=1))
    x = F.max_pool2d(response_norm(x, k=1), 3, 2, ceil_mode=True)
    for name, widths in GOOGLENET.items():
        if name in ("4a", "5a"):
            x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        x = inception(x, weights, *widths)
    return linear(F.avg_pool2d(x, 7).flatten(1), weights, 1024, 1000)


def conv_norm(x, weights, in_channels, out_channels, kernel_size, stride=1, train=False):
    """A convolution whose bias the norm after it would take out again, and that norm."""
    options = {"bias": False, "stride": stride, "padding": kernel_size // 2}
    x = conv(x, weights, in_channels, out_channels, kernel_size, **options)
    return norm(x, weights, out_channels, train)


def shortcut(x, weights, in_channels, out_channels, stride, train):
    """The input itself, or its projection exactly where the shape changes."""
    if stride == 1 and in_channels == out_channels:
        return x
    return conv_norm(x, weights, in_channels, out_channels, 1, stride, train)


@formula
def basic_block(x, weights, in_channels, channels, stride=1, train=False):
    """Two 3x3 convolutions and the shortcut; ``train`` norms with the batch's own statistics.

    Source: He, Zhang, Ren and Sun, CVPR 2016, figure 5, left; projections are its option B.
    """
    y = F.relu(conv_norm(x, weights, in_channels, channels, 3, stride, train))
    y = conv_norm(y, weights, channels, channels, 3, train=train)
    return F.relu(y + shortcut(x, weights, in_channels, channels, stride, train))


@formula
def bottleneck(x, weights, in_channels, channels, stride=1, train=False):
    """1x1, 3x3 and 1x1 to 4 * channels, and the shortcut; ``train`` as in the basic block.

    Source: He, Zhang, Ren and Sun, CVPR 2016, figure 5, right; there the first 1x1 has the stride.
    """
    y = F.relu(conv_norm(x, weights, in_channels, channels, 1, train=train))
    y = F.relu(conv_norm(y, weights, channels, channels, 3, stride, train))
    y = conv_norm(y, weights, channels, 4 * channels, 1, train=train)
    return F.relu(y + shortcut(x, weights, in_channels, 4 * channels, stride, train))


IMAGENET = {
    18: (basic_block, (2, 2, 2, 2)),
    34: (basic_block, (3, 4, 6, 3)),
    50: (bottleneck, (3, 4, 6, 3)),
    101: (bottleneck, (3, 4, 23, 3)),
    152: (bottleneck, (3, 8, 36, 3)),
}
CIFAR = {20: 3, 32: 5, 44: 7, 56: 9, 110: 18}  # 6n + 2 layers: n blocks in each of three stages


@formula
def resnet(x, weights, depth, num_classes=None):
    """ResNet, (N, 3, 224, 224) to (N, 1000), or of the CIFAR family, (N, 3, 32, 32) to (N, 10).

    Source: He, Zhang, Ren and Sun, CVPR 2016, table 1 and section 4.2.
    """
    if depth in CIFAR:
        block, counts, widths, classes = basic_block, [CIFAR[depth]] * 3, (16, 32, 64), 10
        x = F.relu(conv_norm(x, weights, 3, 16, 3))
    else:
        (block, counts), widths, classes = IMAGENET[depth], (64, 128, 256, 512), 1000
        x = F.max_pool2d(F.relu(conv_norm(x, weights, 3, 64, 7, stride=2)), 3, 2, padding=1)
    in_channels = widths[0]
    for channels, count in zip(widths, counts, strict=True):
        for i in range(count):
            # Each stage starts by halving the map, but for the first, which is as wide as the stem.
            stride = 2 if i == 0 and channels != widths[0] else 1
            x = block(x, weights, in_channels, channels, stride)
            in_channels = 4 * channels if block is bottleneck else channels
    return linear(x.mean((2, 3)), weights, in_channels, num_classes or classes)


@formula
def alphago(x, weights, k):
    """AlphaGo's policy network of ``k`` filters, (N, 48, 19, 19) to probabilities (N, 361).

    The last layer's biases, one per position, may have any shape of 361 numbers.

    Source: Silver and others, Nature 529, 2016, Methods, "Neural network architecture".
    """
    x = F.relu(conv(x, weights, 48, k, 5, padding=2))
    for _ in range(11):
        x = F.relu(conv(x, weights, k, k, 3, padding=1))
    x = conv(x, weights, k, 1, 1, bias=False).flatten(1)
    return F.softmax(x + weights.take(361, any_shape=True), dim=1)
