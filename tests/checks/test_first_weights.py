"""What tests say of a function that draws first weights."""

import math

import pytest
from oracle import nn, torch

from course_utils.checks import CheckFailed, first_weights

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.models import initialise

PLAIN = [
    ("Conv2d", 4, 40, 5),
    ("ReLU",),
    ("Conv2d", 40, 60, 3, {"groups": 2}),
    ("Linear", 200, 900),
]
ALONE = [("Conv2d", 4, 40, 5), ("Linear", 200, 900)]
DEEP = [
    ("Conv2d", 3, 40, 5),
    [("BatchNorm2d", 40), ("PReLU", 40), [("Linear", 200, 300, {"bias": False})]],
]
SCHEMES = ("he_fan_in", "he_fan_out", "prelu")


def of(draw):
    """An answer that draws each weight by a function of the layer and does nothing else."""

    def answer(model, scheme):
        for module in model.modules():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                with torch.no_grad():
                    draw(module)
        return model

    return answer


def said(check, answer, layers=PLAIN, scheme="he_fan_in", **options):
    with pytest.raises(CheckFailed) as failure:
        check(answer, layers, scheme, **options)
    return " ".join(str(failure.value).split())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_library_passes(scheme):
    for layers in (DEEP, ALONE if scheme == "he_fan_out" else PLAIN):
        for check in (
            first_weights.spread, first_weights.normal, first_weights.others, first_weights.in_place,
        ):  # fmt: skip
            check(initialise, layers, scheme)
    first_weights.refuses(initialise, PLAIN, "he")


@pytest.mark.parametrize(
    ("std", "sentence"),
    [
        (
            lambda m: math.sqrt(2 / (m.weight.shape[0] * m.weight[0, 0].numel())),
            "the fan-out of all groups",
        ),
        (lambda m: math.sqrt(1 / m.weight[0].numel()), "1 / fan, which is Xavier's"),
        (lambda m: 2 / m.weight[0].numel(), "the variance in place of the standard deviation"),
        (lambda m: math.sqrt(2 / m.weight.shape[1]), "the channels for the fan"),
        (
            lambda m: math.sqrt(2 / m.weight[0].numel() / getattr(m, "groups", 1)),
            "all input channels",
        ),
        (lambda m: math.sqrt(2 / m.weight[0].numel() / 1.0625), "a slope of 0.25 where it is 0"),
        (lambda m: 0.01, "0.01 everywhere"),
    ],
)
def test_a_wrong_spread_is_named(std, sentence):
    answer = of(lambda m: m.weight.normal_(0, std(m)))
    text = said(first_weights.spread, answer)
    assert text.startswith("wrong spread of the weights of Conv2d(4, 40, 5)") or "groups" in text
    assert f"looks like: {sentence}" in text
    assert "torch.manual_seed(0)" in text and "fan-in" in text


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda m: m.weight.uniform_(-1, 1), "uniform numbers"),
        (lambda m: nn.init.trunc_normal_(m.weight, a=-2, b=2), "cut off"),
        (lambda m: m.weight.normal_().abs_(), "not around 0"),
        (lambda m: m.weight.normal_(generator=torch.Generator().manual_seed(0)), "do not hang on the seed"),
        (lambda m: m.weight.normal_(generator=_unseeded()), "differ from call to call"),
        (lambda m: m.weight.copy_(m.weight.view(2, -1)[:1].normal_().repeat(2, 1).view_as(m.weight)),
         "repeat themselves"),
    ],
)  # fmt: skip
def test_numbers_that_are_not_normal_are_named(draw, words):
    assert words in said(first_weights.normal, of(draw))


def _unseeded():
    generator = torch.Generator()
    generator.seed()
    return generator


def test_what_is_left_or_changed_beside_the_weights_is_named():
    text = said(first_weights.others, of(lambda m: m.weight.normal_()))
    assert text.startswith("the biases of Conv2d(4, 40, 5)") and "left as they were" in text

    def slopes(model, scheme):
        for module in initialise(model, scheme).modules():
            if isinstance(module, nn.PReLU):
                nn.init.ones_(module.weight)

    text = said(first_weights.others, slopes, DEEP)
    assert text.startswith("the slopes of PReLU(40)") and "expected: 0.3" in text


def test_layers_inside_others_a_copy_and_another_result_are_named():
    def shallow(model, scheme):
        for module in model.children():
            if isinstance(module, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(module.weight)
        return model

    text = said(first_weights.in_place, shallow, DEEP)
    assert text.startswith("the network is as it was") and "layers inside others left out" in text
    assert "layers inside others left out" in said(first_weights.spread, shallow, DEEP)
    text = said(first_weights.in_place, lambda model, scheme: initialise(model, scheme) and None)
    assert text.startswith("another result")
    with pytest.raises(CheckFailed, match="no ValueError"):
        first_weights.refuses(shallow, DEEP, "he")


def test_what_is_wrong_with_one_scheme_is_not_charged_for_the_others():
    xavier = of(lambda m: nn.init.normal_(m.weight, std=m.weight[0].numel() ** -0.5))
    convolutions = of(lambda m: isinstance(m, nn.Conv2d) and nn.init.kaiming_normal_(m.weight))
    said(first_weights.spread, xavier), said(first_weights.spread, convolutions)
    first_weights.spread(xavier, PLAIN, "prelu")
    first_weights.normal(convolutions, PLAIN, "he_fan_in")
    first_weights.in_place(convolutions, DEEP, "he_fan_in")
    said(first_weights.spread, of(lambda m: None), scheme="prelu")  # nothing is drawn at all
