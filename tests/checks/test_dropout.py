"""What tests say of dropout, and of outputs that should be probabilities."""

from functools import partial

import pytest
from oracle import nn, torch

from course_utils.checks import CheckFailed, args

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils.checks import networks

    F = nn.functional

CALL = args(x=(4, 3, 9, 9))


def net(drop=lambda: nn.Dropout(0.5), places=("second", "third"), rate=None, head=()):
    """Return a maker of a convolution and three linear layers of 600 units with dropout before some of them."""

    def made():
        kinds = {
            "first": drop if "first" in places else nn.Identity,
            "second": drop if "second" in places else nn.Identity,
            "third": (rate or drop) if "third" in places else nn.Identity,
        }
        return nn.Sequential(
            nn.Conv2d(3, 30, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(5), nn.Flatten(), kinds["first"](),
            nn.Linear(750, 600), nn.ReLU(), kinds["second"](), nn.Linear(600, 600), nn.ReLU(),
            kinds["third"](), nn.Linear(600, 4), *(make() for make in head),
        )  # fmt: skip

    return made


class Always(nn.Module if nn else object):
    def forward(self, x):
        return F.dropout(x, 0.5)


class Unscaled(nn.Module if nn else object):
    def forward(self, x):
        return x * (torch.rand_like(x) > 0.5) if self.training else x


def headline(check, *given, **named):
    with pytest.raises(CheckFailed) as failure:
        check(*given, **named)
    return str(failure.value)


@pytest.mark.parametrize("places", [("second", "third"), ("first", "second"), ("first", "third")])
def test_dropout_before_or_behind_a_layer_is_the_same(places):
    networks.drops(net(places=places), net(), [CALL])


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"places": ()}, "too few"),
        ({"places": ("second",)}, "too few"),
        ({"places": ("first", "second", "third")}, "too many"),
        ({"rate": partial(nn.Dropout, 0.2) if nn else None}, "another share is dropped before linear layer 3"),
        ({"drop": Always}, "dropout acts in eval mode, too"),
        ({"drop": Unscaled}, "looks like: dropout without dividing by 1 - p"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_dropout_is_said(faults, words):
    assert words in headline(networks.drops, net(**faults), net(), [CALL])


def test_anywhere_asks_for_randomness_only():
    networks.drops(net(places=("first",)), net(), [CALL], anywhere=True)
    text = headline(networks.drops, net(places=()), net(), [CALL], anywhere=True)
    assert text.startswith("no dropout") and "net.train()(x)" in text


def test_probabilities_are_between_0_and_1_and_add_up_to_1():
    softmax = [partial(nn.Softmax, 1)]
    right = networks.Subject(net(head=softmax), {"no softmax": net()})
    networks.probabilities(net(head=softmax), right, [CALL])
    text = headline(networks.probabilities, net(), right, [CALL])
    assert text.startswith("no probabilities") and "looks like: no softmax" in text
    square = net(head=[*softmax, partial(nn.Unflatten, 1, (2, 2))])
    text = headline(networks.probabilities, square, right, [CALL])
    assert text.startswith("wrong shape of the output") and "(4, 4)" in text
