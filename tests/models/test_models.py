"""The library's architectures: their counts, the same outputs as a second formulation, their tables."""

import math

import formulas
import pytest
from oracle import nn, torch

from course_utils import networks
from course_utils.arithmetic import totals, trace

models = pytest.importorskip("course_utils.models") if torch else None
pytestmark = [pytest.mark.unit, pytest.mark.torch]

IMAGE = (3, 224, 224)
WIDTHS = {"n1x1": 6, "n3x3_reduce": 5, "n3x3": 8, "n5x5_reduce": 3, "n5x5": 4, "pool_proj": 7}
# Formula, its options, the model's name, the shape of an image, parameters.
WHOLE = {
    "LeNet-5": ("lenet5", {}, "LeNet5", (1, 32, 32), 61_706),
    "AlexNet": ("alexnet", {}, "AlexNet", (3, 227, 227), 62_378_344),
    "AlexNet, LRN": ("alexnet", {"lrn": True}, "AlexNet", (3, 227, 227), 62_378_344),
    "AlexNet, 2 groups": (
        "alexnet", {"groups": 2, "lrn": True}, "AlexNet", (3, 227, 227), 60_965_224,
    ),
    "ZFNet": ("zfnet", {}, "ZFNet", IMAGE, 107_627_624),
    "VGG-A": ("vgg", {"config": "A"}, "vgg", IMAGE, 132_863_336),
    "VGG-A-LRN": ("vgg", {"config": "A-LRN"}, "vgg", IMAGE, 132_863_336),
    "VGG-B": ("vgg", {"config": "B"}, "vgg", IMAGE, 133_047_848),
    "VGG-C": ("vgg", {"config": "C"}, "vgg", IMAGE, 133_638_952),
    "VGG-D": ("vgg", {"config": "D"}, "vgg", IMAGE, 138_357_544),
    "VGG-D, batch norm": (
        "vgg", {"config": "D", "batch_norm": True}, "vgg", IMAGE, 138_365_992,
    ),
    "VGG-E": ("vgg", {"config": "E"}, "vgg", IMAGE, 143_667_240),
    "GoogLeNet": ("googlenet", {}, "GoogLeNet", IMAGE, 6_998_552),
    "ResNet-18": ("resnet", {"depth": 18}, "resnet", IMAGE, 11_689_512),
    "ResNet-34": ("resnet", {"depth": 34}, "resnet", IMAGE, 21_797_672),
    "ResNet-50": ("resnet", {"depth": 50}, "resnet", IMAGE, 25_557_032),
    "ResNet-101": ("resnet", {"depth": 101}, "resnet", IMAGE, 44_549_160),
    "ResNet-152": ("resnet", {"depth": 152}, "resnet", IMAGE, 60_192_808),
    "ResNet-20": ("resnet", {"depth": 20}, "resnet", (3, 32, 32), 272_474),
    "ResNet-32": ("resnet", {"depth": 32}, "resnet", (3, 32, 32), 466_906),
    "ResNet-44": ("resnet", {"depth": 44}, "resnet", (3, 32, 32), 661_338),
    "ResNet-56": ("resnet", {"depth": 56}, "resnet", (3, 32, 32), 855_770),
    "ResNet-110": ("resnet", {"depth": 110}, "resnet", (3, 32, 32), 1_730_714),
    "ResNet-18, 7 classes": (
        "resnet", {"depth": 18, "num_classes": 7}, "resnet", IMAGE, 11_180_103,
    ),
    "AlphaGo, 192": ("alphago", {"k": 192}, "AlphaGoPolicy", (48, 19, 19), 3_882_793),
    **{
        f"AlphaGo, {k}": ("alphago", {"k": k}, "AlphaGoPolicy", (48, 19, 19), count)
        for k, count in {128: 1_777_641, 256: 6_798_953, 384: 15_064_297}.items()
    },
}  # fmt: skip
PARTS = {
    "inception": ("inception", {"in_channels": 9, **WIDTHS}, "Inception", (9, 7, 9)),
    "basic": ("basic_block", {"in_channels": 4, "channels": 4}, "BasicBlock", (4, 5, 7)),
    "basic, wider, 2": (
        "basic_block", {"in_channels": 4, "channels": 6, "stride": 2}, "BasicBlock", (4, 5, 7),
    ),
    "basic, 3": (
        "basic_block", {"in_channels": 4, "channels": 4, "stride": 3}, "BasicBlock", (4, 7, 5),
    ),
    "bottleneck": ("bottleneck", {"in_channels": 12, "channels": 3}, "Bottleneck", (12, 5, 7)),
    "bottleneck, 2": (
        "bottleneck", {"in_channels": 6, "channels": 3, "stride": 2}, "Bottleneck", (6, 5, 7),
    ),
}  # fmt: skip


def state(net):
    """Parameters and buffers in the order of a formula's weights."""
    return [value for name, value in net.state_dict().items() if not name.endswith("tracked")]


def made(name, options, image, seed=1, **plan):
    """A model whose every number is drawn, buffers too, and an input."""
    from course_utils.modules import asked

    plan |= {"x": (2, *image), "seed": seed, "wants": ("output",)}
    net, _, x = asked.made(getattr(models, name), ((), options), plan)
    generator = torch.Generator().manual_seed(seed)
    for key, value in net.named_buffers():
        if not key.endswith("tracked"):
            value.copy_(0.5 + torch.rand(value.shape, generator=generator, dtype=value.dtype))
    return net.eval(), x


@pytest.mark.parametrize(
    ("formula", "options", "name", "image", "count"), WHOLE.values(), ids=WHOLE
)
def test_a_network_has_the_weights_of_the_tables(formula, options, name, image, count):
    with torch.device("meta"):
        net = getattr(models, name)(**options)
    assert sum(parameter.numel() for parameter in net.parameters()) == count
    stated = formulas.shapes(formula, **options)
    assert [weight.numel() for weight in state(net)] == [math.prod(shape) for shape in stated]


@pytest.mark.parametrize(
    ("formula", "options", "name", "image", "count"), WHOLE.values(), ids=WHOLE
)
def test_a_network_computes_what_the_second_formulation_does(formula, options, name, image, count):
    spread = 100.0 if options.get("lrn") or name in ("GoogLeNet",) else 1.0  # so that LRN acts
    net, x = made(name, options, image, dtype="float32", spread=spread)
    with torch.no_grad():
        expected = formulas.FORMULAS[formula](x, state(net), **options)
        got = net(x)
    assert got.shape == expected.shape
    assert expected.std() > 1e-6
    torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-4 * float(expected.abs().max()))


@pytest.mark.parametrize("train", [False, True], ids=["eval", "train"])
@pytest.mark.parametrize(("formula", "options", "name", "image"), PARTS.values(), ids=PARTS)
def test_a_part_computes_what_the_second_formulation_does(formula, options, name, image, train):
    net, x = made(name, options, image, dtype="float64")
    weights = [weight.clone() for weight in state(net.train(train))]
    mode = {"train": train} if formula != "inception" else {}
    with torch.no_grad():
        expected = formulas.FORMULAS[formula](x, weights, **options, **mode)
        torch.testing.assert_close(net(x), expected, rtol=1e-10, atol=1e-10)


def test_a_block_whose_last_norm_is_zero_only_rectifies():
    for name, options, image in (("BasicBlock", {"in_channels": 4, "channels": 4}, (4, 5, 7)),
                                 ("Bottleneck", {"in_channels": 12, "channels": 3}, (12, 5, 7))):  # fmt: skip
        net, x = made(name, options, image)
        last = [module for module in net.modules() if isinstance(module, nn.BatchNorm2d)][-1]
        nn.init.zeros_(last.weight), nn.init.zeros_(last.bias)
        assert torch.equal(net(x), x.relu())


def test_probabilities_of_the_policy_sum_to_one():
    net, x = made("AlphaGoPolicy", {"k": 8}, (48, 19, 19))
    assert net(x).shape == (2, 361)
    torch.testing.assert_close(net(x).sum(1), torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("name", ["vgg", "vgg_cifar"])
def test_an_unknown_configuration_is_refused(name):
    with pytest.raises(ValueError, match=r"one of A, A-LRN, B, C, D, E, got 'F'"):
        getattr(models, name)("F")


def test_an_unknown_depth_is_refused():
    with pytest.raises(ValueError, match=r"one of 18, 34, 50.* 110, got 19"):
        models.resnet(19)


@pytest.mark.parametrize(
    ("maker", "count"),
    [
        (lambda: models.alexnet_cifar(), 4_354_378),
        (lambda: models.vgg_cifar("A"), 9_231_114),
        (lambda: models.vgg_cifar("D"), 14_728_266),
        (lambda: models.vgg_cifar("A", batch_norm=False), 9_225_610),
        (lambda: models.resnet(20), 272_474),
        (lambda: models.resnet_9(), 6_573_120),
    ],
    ids=["alexnet", "vgg A", "vgg D", "vgg A without norms", "resnet 20", "resnet 9"],
)
def test_a_small_network_takes_small_images_and_learns(maker, count):
    net = models.initialise(maker(), "he_fan_in")
    assert sum(parameter.numel() for parameter in net.parameters()) == count
    out = net(torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(0)))
    assert out.shape == (2, 10)
    out.square().sum().backward()
    assert all(
        parameter.grad.abs().sum() > 0 for parameter in net.parameters() if parameter.dim() > 1
    )


# -- first weights -----------------------------------------------------------------------------------
class Mixed(nn.Module if nn else object):
    """Layers at several depths, with groups, a norm and a PReLU."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(
            nn.Conv2d(8, 512, 5, groups=4), nn.BatchNorm2d(512), nn.PReLU(512, 0.3)
        )
        self.layers = nn.ModuleList([nn.Linear(300, 400), nn.Conv2d(64, 96, 3, bias=False)])


@pytest.mark.parametrize(
    ("scheme", "variances"),
    [
        # Fans of the grouped convolution: 8 / 4 * 25 in, 512 / 4 * 25 out.
        ("he_fan_in", (2 / 50, 2 / 300, 2 / 576)),
        ("he_fan_out", (2 / 3200, 2 / 400, 2 / 864)),
        ("prelu", tuple(2 / 1.0625 / fan for fan in (50, 300, 576))),
    ],
)
def test_first_weights_have_the_variance_of_their_scheme(scheme, variances):
    torch.manual_seed(0)
    net = Mixed()
    with torch.no_grad():
        for parameter in net.inner[:2].parameters():
            parameter.add_(5)
    assert models.initialise(net, scheme) is net
    weights = net.inner[0].weight, net.layers[0].weight, net.layers[1].weight
    for weight, variance in zip(weights, variances, strict=True):
        weight = weight.detach()
        count = weight.numel()  # the variance of a variance is 2 / count of its square
        assert abs(float(weight.var()) / variance - 1) < 5 * math.sqrt(2 / count)
        assert abs(float(weight.mean())) < 5 * math.sqrt(variance / count)
        beyond = float((weight.abs() > 1.96 * math.sqrt(variance)).float().mean())
        assert abs(beyond - 0.05) < 0.01  # normal, not uniform
    assert (
        not net.inner[0].bias.any() and not net.layers[0].bias.any() and not net.inner[1].bias.any()
    )
    assert (net.inner[1].weight == 1).all() and (net.inner[2].weight == 0.3).all()


def test_an_unknown_scheme_is_refused_and_changes_nothing():
    net = nn.Linear(3, 4)
    before = net.weight.clone()
    with pytest.raises(ValueError, match=r"one of he_fan_in, he_fan_out, prelu, got 'glorot'"):
        models.initialise(net, "glorot")
    assert torch.equal(net.weight, before)


# -- tables ------------------------------------------------------------------------------------------
TABLES = {
    "LeNet-5": ("LeNet5", {}, networks.LENET5, (1, 32, 32)),
    "AlexNet, LRN": ("AlexNet", {"lrn": True}, networks.ALEXNET, (3, 227, 227)),
    "AlexNet, 2 groups": (
        "AlexNet",
        {"groups": 2, "lrn": True},
        networks.ALEXNET_GROUPED,
        (3, 227, 227),
    ),
    "ZFNet": ("ZFNet", {}, networks.ZFNET, IMAGE),
    **{f"VGG-{c}": ("vgg", {"config": c}, network, IMAGE) for c, network in networks.VGG.items()},
}


@pytest.mark.parametrize(("name", "options", "network", "image"), TABLES.values(), ids=TABLES)
def test_a_summary_is_the_trace_of_part_01(name, options, network, image):
    with torch.device("meta"):
        net = getattr(models, name)(**options)
    assert models.summary(net, image) == trace(network, image)


@pytest.mark.parametrize(
    ("name", "options", "image"),
    [
        ("GoogLeNet", {}, IMAGE),
        ("resnet", {"depth": 50}, IMAGE),
        ("resnet", {"depth": 20}, (3, 32, 32)),
        ("AlphaGoPolicy", {"k": 192}, (48, 19, 19)),
    ],
    ids=["GoogLeNet", "ResNet-50", "ResNet-20", "AlphaGo"],
)
def test_a_summary_counts_what_pytorch_counts(name, options, image):
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"):
        net, x = getattr(models, name)(**options).eval(), torch.empty(1, *image)
        with FlopCounterMode(display=False) as counter:
            net(x)
    rows = models.summary(net, image)
    assert 2 * totals(rows).multiply_adds == counter.get_total_flops()
    assert totals(rows).parameters == sum(parameter.numel() for parameter in net.parameters())
    assert len({row.name for row in rows}) == len(rows)


def test_a_summary_takes_functional_style_and_leaves_the_network_as_it_was():
    class Functional(nn.Module):
        def __init__(self):
            super().__init__()
            self.w, self.b = nn.Parameter(torch.ones(4, 3, 3, 3)), nn.Parameter(torch.ones(4))
            self.v = nn.Parameter(torch.ones(4, 5))

        def forward(self, x):
            x = nn.functional.max_pool2d(nn.functional.conv2d(x, self.w, self.b).relu(), 2)
            return x.mean((2, 3)) @ self.v

    net = Functional()
    rows = models.summary(net, (3, 8, 10))
    assert [row[1:] for row in rows[1:]] == [
        ((4, 6, 8), 192, 108, 4, 192 * 27),
        ((4, 3, 4), 48, 0, 0, 0),
        ((4,), 4, 0, 0, 0),
        ((5,), 5, 20, 0, 20),
    ]
    assert net.training and all((parameter == 1).all() for parameter in net.parameters())


def test_grouped_and_shared_layers_are_counted_where_they_run():
    net = nn.Sequential(nn.Conv2d(4, 6, 3, groups=2), nn.ReLU(), nn.Conv2d(6, 6, 1))
    net.append(net[2])  # the same layer again
    rows = models.summary(net, (4, 5, 6))
    assert [row.weights for row in rows] == [0, 108, 36, 36]
    assert [row.multiply_adds for row in rows] == [0, 12 * 108, 12 * 36, 12 * 36]
