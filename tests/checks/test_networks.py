"""What tests of networks say: each kind of fault in a few lines, with a call that can be made again."""

import contextlib

import pytest
from oracle import nn, torch

from course_utils.checks import CheckFailed, args

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from course_utils import models
    from course_utils.checks import networks
    from course_utils.checks.networks import wrong
    from course_utils.checks.networks.wrong import blocks

    F = nn.functional


class Right(nn.Module if nn else object):
    """Two convolutions, a pooling, a linear layer."""

    widths, shifts, dropped = (4, 6), (True, True), False

    def __init__(self, classes=5):
        super().__init__()
        first, second = self.widths
        self.conv1 = nn.Conv2d(3, first, 3, bias=self.shifts[0])
        self.conv2 = nn.Conv2d(first, second, 3, bias=self.shifts[1])
        self.fc = nn.Linear(second * 3 * 2, classes)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = self.between(F.max_pool2d(x, 2))
        return self.fc(F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1))

    def between(self, x):
        return x


CALL = args(5, x=(2, 3, 18, 14))


def said(check, maker, *calls, reference=None, **options):
    """The message of a check that fails; '' where it passes."""
    with pytest.raises(CheckFailed) as failure:
        check(maker, reference or Right, calls or [CALL], **options)
    return str(failure.value)


def lines(text):
    return text.splitlines()


class Wider(Right):
    widths = 4, 8


class Bare(Right):
    shifts = True, False


class Average(Right):
    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        return self.fc(F.max_pool2d(F.relu(self.conv2(x)), 2).flatten(1))


class Normed(Right):
    def __init__(self, classes=5):
        super().__init__(classes)
        self.norm = nn.BatchNorm2d(4)

    def between(self, x):
        return self.norm(x)


class Shifted(Right):
    def between(self, x):
        return x + 0.1


class OtherOutput(Right):
    def forward(self, x):
        return super().forward(x)[:, :4]


class Unpadded(Right):
    """Its linear layer takes another number of features."""

    def between(self, x):
        return x[:, :, :-3]


def test_a_right_network_of_any_build_passes_everything():
    def built(classes):
        return nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(),
            nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, classes),
        )  # fmt: skip

    for check in (networks.sizes, networks.stages, networks.agree, networks.learns, networks.keeps):
        check(built, Right, [CALL, args(3, x=(1, 3, 19, 15))])


@pytest.mark.parametrize(
    ("check", "maker", "expected"),
    [
        (
            "sizes", Wider,
            ["wrong weight of convolution 2",
             "  call:       Wider(5), x of shape (2, 3, 18, 14)",
             "  expected:   shape (6, 4, 3, 3)",
             "  got:        shape (8, 4, 3, 3)"],
        ),
        (
            "sizes", Bare,
            ["convolution 2 has no bias",
             "  call:       Bare(5), x of shape (2, 3, 18, 14)",
             "  expected:   one of shape (6,)",
             "  got:        only a weight of shape (6, 4, 3, 3)"],
        ),
        (
            "sizes", Normed,
            ["norm 1 should not be there",
             "  call:       Normed(5), x of shape (2, 3, 18, 14)",
             "  expected:   no norms",
             "  got:        a weight of shape (4,), a bias of shape (4,)"],
        ),
        (
            "stages", Average,
            ["max pooling: one is missing",
             "  call:       Average(5), x of shape (2, 3, 18, 14)",
             "  expected:   2 max poolings",
             "  got:        1 max pooling"],
        ),
        (
            "stages", OtherOutput,
            ["wrong shape of the output",
             "  call:       OtherOutput(5), x of shape (2, 3, 18, 14)",
             "  expected:   (2, 5)",
             "  got:        (2, 4)"],
        ),
        (
            "agree", Shifted,
            ["wrong values",
             "  call:       net, x = networks.filled(Shifted, 5, x=(2, 3, 18, 14))",
             "              net.eval()(x)"],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", value) if not isinstance(value, list) else "",
)  # fmt: skip
def test_a_message_says_which_layer_or_stage(check, maker, expected):
    assert lines(said(getattr(networks, check), maker))[: len(expected)] == expected


def test_wrong_values_are_traced_to_the_stage_after_which_they_begin():
    assert "right as far as max pooling 1" in said(networks.agree, Shifted)

    class Late(Right):
        def forward(self, x):
            return super().forward(x).relu()

    assert "right as far as linear layer 1" in said(networks.agree, Late)

    class Early(Right):
        def forward(self, x):
            return super().forward(x * 2)

    assert "already wrong after max pooling 1" in said(networks.agree, Early)


def test_a_forward_pass_that_raises_is_said_with_its_error():
    text = said(networks.sizes, Unpadded)
    assert lines(text)[0] == "Unpadded raised RuntimeError"
    assert "expected:   a result" in text and "shapes cannot be multiplied" in text


def test_what_is_no_network_is_said_in_words_about_networks():
    def nothing(classes):
        return None

    for check in (networks.sizes, networks.agree, networks.learns, networks.keeps):
        assert "a torch.nn.Module was expected, NoneType was made" in said(check, nothing)

    class Pair(Right):
        def forward(self, x):
            return super().forward(x), x

    assert "its forward pass gives tuple, not one tensor" in said(networks.agree, Pair)


def test_the_call_of_a_message_can_be_made_again():
    x = (2, 3, 18, 14)
    net, x = networks.filled(Shifted, 5, x=x)
    right, same = networks.filled(Right, 5, x=(2, 3, 18, 14))
    assert torch.equal(x, same) and torch.equal(net.conv2.weight, right.conv2.weight)
    plan = {"passes": ("train", "eval"), "scale": [(-1, "weight", 0.5)], "spread": 3.0}
    text = said(networks.agree, Shifted, args(5, x=(2, 3, 18, 14), seed=7), **plan)
    call = (
        "net, x = networks.filled(Shifted, 5, x=(2, 3, 18, 14), seed=7, scale=[(-1, 'weight', "
        "0.5)], spread=3.0) net.train()(x) net.eval()(x) expected:"
    )
    assert call in " ".join(text.split())


def test_a_fault_of_the_biases_is_charged_by_sizes_alone():
    assert said(networks.sizes, Bare)
    networks.agree(Bare, Right, [CALL])


def test_learning_is_looked_at_parameter_by_parameter():
    class Listed(Right):
        def __init__(self, classes=5):
            super().__init__(classes)
            self.convs = [self._modules.pop("conv2")]

        @property
        def conv2(self):
            return self.convs[0]

    class Frozen(Right):
        def __init__(self, classes=5):
            super().__init__(classes)
            self.conv1.weight.requires_grad_(False)

    class Detached(Right):
        def between(self, x):
            return x.detach()

    class Spare(Right):
        def __init__(self, classes=5):
            super().__init__(classes)
            self.spare = nn.Linear(2, 3)

    class Twice(Right):
        widths = 3, 3

        def forward(self, x):
            x = F.max_pool2d(F.relu(self.conv1(x)), 2)
            return self.fc(F.max_pool2d(F.relu(self.conv1(x)), 2).flatten(1))

    texts = {kind: said(networks.learns, kind) for kind in (Listed, Frozen, Detached, Spare, Twice)}
    assert lines(texts[Listed])[0] == "the weight of convolution 2 is not registered"
    assert "layers in a plain list" in texts[Listed]
    assert lines(texts[Frozen])[0] == "the parameter conv1.weight is frozen"
    assert "the gradient does not reach the weight of convolution 1" in texts[Detached]
    assert lines(texts[Spare])[0] == "the parameter spare.weight is never used"
    assert lines(texts[Twice])[0] == "convolution 2 has the parameters of convolution 1"


def test_what_a_pass_has_to_keep():
    class Greedy(Right):
        def forward(self, x):
            return super().forward(x.mul_(2))

    class Left(Right):
        def between(self, x):
            return x + torch.zeros(4, 1, 1)

    class Narrow(Right):
        def forward(self, x):
            return super().forward(x).float()

    assert lines(said(networks.keeps, Greedy))[0] == "the call changes its input"
    text = said(networks.keeps, Left)
    assert lines(text)[0] == "it does not run on another device" and "device=x.device" in text
    text = said(networks.keeps, Narrow)
    assert lines(text)[0] == "wrong dtype" and "float64, that of its input" in text


def test_a_known_fault_is_named_where_it_is_charged_and_passes_elsewhere():
    def without_shortcut(in_channels, channels, stride=1):
        return blocks.basic_block("no shortcut", in_channels, channels, stride)

    calls = [args(4, 4, x=(2, 4, 5, 7)), args(4, 6, 2, x=(2, 4, 5, 7))]
    text = said(networks.agree, without_shortcut, *calls, reference=wrong.basic_block("values"))
    assert "looks like: no shortcut: the input is not added" in text
    for test in ("projection", "train"):
        networks.agree(without_shortcut, wrong.basic_block(test), calls)
    networks.sizes(without_shortcut, wrong.basic_block("sizes"), calls)


@pytest.mark.parametrize("fault", blocks.FAULTS if torch is not None else ())
def test_each_known_fault_shows_in_the_test_that_charges_it_and_is_named(fault):
    def maker(in_channels, channels, stride=1):
        return blocks.basic_block(fault, in_channels, channels, stride)

    test, sentence = blocks.FAULTS[fault]
    same = [args(4, 4, x=(2, 4, 5, 7))]
    other = [
        args(4, 6, 2, x=(2, 4, 5, 7)),
        args(4, 6, x=(1, 4, 6, 7)),
        args(4, 4, 2, x=(2, 4, 6, 5)),
    ]
    calls = {"values": same, "projection": other}.get(test, same + other)
    check = networks.sizes if test == "sizes" else networks.agree
    if fault == "concatenation":
        check = networks.stages
    passes = {"passes": ("train", "train", "eval")} if test == "train" else {}
    text = said(check, maker, *calls, reference=wrong.basic_block(test), **passes)
    named = " ".join(text.partition("looks like:")[2].split())
    alike = {"no statistics": "train norms"}  # but for buffers they are the same
    assert named == " ".join(blocks.FAULTS[alike.get(fault, fault)][1].split()), text


def test_no_fault_is_the_right_block():
    def maker(in_channels, channels, stride=1):
        return blocks.basic_block("", in_channels, channels, stride)

    calls = [args(4, 4, x=(2, 4, 5, 7)), args(4, 6, 2, x=(2, 4, 5, 7))]
    for check in (networks.sizes, networks.stages, networks.agree, networks.learns, networks.keeps):
        check(maker, models.BasicBlock, calls)


class Forged:
    """An answer in another process that replies whatever it likes."""

    __name__ = "Forged"

    def __init__(self, reply):
        self.reply = reply

    def __course_with__(self, probe, *others):
        return self

    def __course_call__(self, args, kwargs):
        return self.reply

    def __course_calls__(self, calls):
        return [self.reply for _ in calls]


@pytest.mark.parametrize(
    "value",
    [None, 7, "x", [], {}, {"structure": {}}, {"output": 3.0}, {"structure": {"stages": [1]}}]
    + [
        {"slopes": [(1, 2, 3)]},
        {"slopes": [(99, "weight", 1.0, 1.0)]},
        {"input": "x", "device": 1},
    ],
    ids=repr,
)
def test_a_forged_reply_fails_and_breaks_no_test(value):
    from course_utils.wire import Reply

    for check in (networks.sizes, networks.stages, networks.agree, networks.learns, networks.keeps):
        assert "Forged returned something that cannot be compared" in said(
            check, Forged(Reply(value))
        )


def test_a_forged_structure_that_looks_right_breaks_no_test():
    from course_utils.wire import Reply

    told = networks.structure(Right, CALL)
    for changes in (
        {"stages": [("nothing", (1,), "")]}, {"layers": [("nothing", "", {"what": (1,)}, (1,), {})]},
        {"again": [("w", 90, 91)]}, {"loose": [(90, "weight")]}, {"loose": [(0, "what")]}, {"stages": []},
        {"layers": []},
    ):  # fmt: skip
        forged = Forged(Reply({"structure": told | changes, "slopes": [(99, "what", 1.0, 1.0)]}))
        for check in (networks.sizes, networks.stages, networks.agree, networks.learns):
            with contextlib.suppress(CheckFailed):  # and nothing else
                check(forged, Right, [CALL])
