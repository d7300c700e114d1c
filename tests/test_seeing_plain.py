"""What looks into networks and takes them elsewhere: our own functions, and what tests say of wrong ones."""

import pytest
from oracle import functional as F
from oracle import torch

from course_utils.checks import CheckFailed, args, case, equal, seeing
from course_utils.checks.seeing import given

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from torch import nn

    from course_utils.seeing import plain as right

NET = [("Conv2d", 2, 3, 2), ("BatchNorm2d", 3), ("Tanh",), [("Dropout", 0.5), ("Flatten",)]]
PLAN = {"net": [*NET, ("Linear", 36, 3)], "x": (3, 2, 4, 5), "seed": 1, "mode": "mixed"}


def said(check, *given, **named):
    """What a check says, '' where it passes."""
    try:
        check(*given, **named)
    except CheckFailed as failure:
        return " ".join(failure.text().split())
    return ""


def test_a_box_is_where_the_gradient_of_a_position_is():
    layers = [(3, 1, 1), (2, 2, 0), (3, 2, 2)]
    net = nn.Sequential(*[nn.Conv2d(1, 1, k, s, p, bias=False) for k, s, p in layers])
    x = torch.zeros(1, 1, 16, 19, requires_grad=True)
    y = net(x)[0, 0]
    for i, j in ((2, 3), (0, 0), (y.shape[0] - 1, 1)):
        (gradient,) = torch.autograd.grad(y[i, j], x, retain_graph=True)
        rows, columns = (gradient[0, 0] != 0).nonzero().T
        top, left, bottom, right_ = right.receptive_box(layers, (i, j))
        assert (max(top, 0), max(left, 0)) == (rows.min(), columns.min())
        assert (min(bottom, 16), min(right_, 19)) == (rows.max() + 1, columns.max() + 1)


@pytest.mark.parametrize("size", [9, 11, 15])
@pytest.mark.parametrize("orientation", [0, 20, 90, 130, 175])
@pytest.mark.parametrize("frequency", [0.24, 0.3])
def test_the_wave_of_a_gabor_is_found(size, orientation, frequency):
    for phase in (0.0, 1.0, 2.5):
        wave = right.gabor(size, orientation, frequency, size / 4, phase)
        found, cycles = right.gabor_fit(wave)
        assert abs((found - orientation + 90) % 180 - 90) < 3
        assert cycles == pytest.approx(frequency, rel=0.1)


def test_the_probe_is_where_the_gradient_of_its_sum_is_zero():
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(20, 4, generator=generator), torch.arange(20) % 3
    weight, bias = (part.clone().requires_grad_() for part in right.linear_probe(x, y, 5, 0.7))
    loss = (F.one_hot(y, 5) - x @ weight - bias).square().sum() + 0.7 * weight.square().sum()
    loss.backward()
    assert max(weight.grad.abs().max(), bias.grad.abs().max()) < 1e-4


def test_features_are_those_of_the_parts_of_a_network():
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.Sequential(nn.ReLU(), nn.Flatten()), nn.Linear(18, 2)
    )
    x = torch.randn(7, 1, 5, 5, generator=torch.Generator().manual_seed(0))
    found = right.extract_features(net, "1.0", x, batch_size=3)
    assert torch.allclose(found, net[0](x).relu().flatten(1))


def test_our_own_functions_leave_nothing_behind():
    image = [given(PLAN, "model", "image", 1)]
    assert said(seeing.leaves, right.saliency, image, gradients=True) == ""
    assert said(seeing.leaves, right.occlusion_map, [given(PLAN, "model", "image", 1, 2, 1)]) == ""
    assert said(seeing.leaves, right.extract_features, [given(PLAN, "model", "3", "images")]) == ""
    patches = given(PLAN, "model", [(2, 1, 0)], 2, 1, "images")
    assert said(seeing.leaves, right.top_patches, [patches]) == ""


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda model, image: model.train(), "in another mode"),
        (lambda model, image: model[0].register_forward_hook(print), "other hooks"),
        (lambda model, image: model.zero_grad(), "other gradients"),
        (lambda model, image: image.requires_grad_(), "asks for a gradient"),
        (lambda model, image: image.mul_(2), "changes its images"),
        (lambda model, image: model[4].requires_grad_(False), "requires_grad afterwards"),
        (lambda model, image: model[4].weight.data.mul_(2), "other parameters"),
        (lambda model, image: model[1].running_mean.zero_(), "other running statistics"),
        (lambda model, image: model.append(nn.ReLU()), "other parts"),
        (lambda model, image: torch.set_grad_enabled(False), "gradients are off"),
    ],
    ids=["mode", "hook", "grad", "asks", "image", "frozen", "weight", "statistics", "parts", "off"],
)
def test_what_is_left_behind_is_said(spoil, words):
    def answer(model, image, label):
        found = right.saliency(model, image, label)
        spoil(model, image)
        return found

    try:
        assert words in said(
            seeing.leaves, answer, [given(PLAN, "model", "image", 1)], gradients=True
        )
    finally:
        torch.set_grad_enabled(True)


def test_a_wrong_helper_is_replaced():
    def receptive_box(layers, position):
        return 0, 0, 0, 0

    space = {"receptive_box": receptive_box, "torch": torch}
    code = "def top_patches(model, layers, index, unit, images, k=9):\n"
    code += "    return [(0, receptive_box(layers, (0, 1)), 0.0)]\n"
    exec(code, space)
    plan = {"net": [("Conv2d", 1, 1, 1)], "x": (1, 1, 2, 2)}
    call = given(plan, "model", [(1, 1, 0)], 0, 0, "images")
    equal(seeing.looks(space["top_patches"]), [case(call, [(0, (0, 1, 1, 2), 0.0)])])
    assert space["receptive_box"] is receptive_box


def test_fine_tuning_is_told_in_parts():
    plan = {"net": [("Conv2d", 1, 2, 2), ("BatchNorm2d", 2), ("Flatten",), ("Linear", 8, 3)]}
    plan["x"] = (4, 1, 3, 3)
    for part, expected in {
        "same": True,
        "trainable": ["frozen", "frozen", "learns"],
        "norms": [False],
    }.items():
        equal(seeing.tunes(right.prepare_fine_tuning, part), [case(args(plan, 5, 1), expected)])
    for depth in (0, 4):
        for part in ("refused", "unchanged"):
            equal(seeing.tunes(right.prepare_fine_tuning, part), [case(args(plan, 5, depth), True)])
