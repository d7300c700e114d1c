"""Learning rates, against PyTorch's own schedules."""

import pytest
from oracle import torch

pytestmark = [pytest.mark.unit, pytest.mark.torch]
if torch is not None:
    from torch.optim import SGD, lr_scheduler

    from course_utils.trainer import EMA, Settings
    from course_utils.trainer.schedules import Plateau, Schedule, cosine_lr, step_lr


def optimizer(rate):
    return SGD([torch.nn.Parameter(torch.zeros(1))], rate)


def rates(schedule, of, steps):
    found = []
    for _ in range(steps):
        found.append(of.param_groups[0]["lr"])
        of.step()
        schedule.step()
    return found


def test_steps_fall_as_in_pytorch():
    sgd = optimizer(0.3)
    expected = rates(lr_scheduler.StepLR(sgd, 4, 0.2), sgd, 13)
    assert [step_lr(epoch, 0.3, 4, 0.2) for epoch in range(13)] == pytest.approx(expected)


def test_the_cosine_is_that_of_pytorch():
    sgd = optimizer(0.3)
    expected = rates(lr_scheduler.CosineAnnealingLR(sgd, 19, 0.01), sgd, 20)
    assert [cosine_lr(step, 20, 0.3, final_lr=0.01) for step in range(20)] == pytest.approx(
        expected
    )


def test_a_warm_up_ends_at_the_highest_rate():
    found = [cosine_lr(step, 10, 0.8, warmup_steps=4) for step in range(10)]
    assert found[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8]) and found[-1] == 0
    assert found[3:] == sorted(found[3:], reverse=True)


def test_a_plateau_falls_when_pytorchs_does():
    generator = torch.Generator().manual_seed(3)
    losses = (
        (torch.rand(200, generator=generator) * torch.linspace(2, 1, 200))
        .round(decimals=1)
        .tolist()
    )
    for patience in (0, 2, 5):
        sgd = optimizer(1.0)
        theirs = lr_scheduler.ReduceLROnPlateau(
            sgd, factor=0.5, patience=patience, threshold=0.0, eps=0.0
        )
        mine = Plateau(1.0, 0.5, patience)
        for loss in losses:
            theirs.step(loss)
            assert mine.step(loss) == sgd.param_groups[0]["lr"]


def test_a_plateau_goes_on_from_its_state():
    first, second = Plateau(1.0, 0.5, 1), Plateau(7.0, 0.5, 1)
    for loss in (2.0, 2.0):
        first.step(loss)
    second.load_state_dict(first.state_dict())
    assert [first.step(2.0), first.lr] == [second.step(2.0), second.lr] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cosine", [0.2, 0.4, 0.4, 0.3, 0.1, 0.0]),
        ("step", [0.4, 0.4, 0.04, 0.04, 0.004, 0.004]),
        ("constant", [0.4] * 6),
    ],
)
def test_settings_choose_a_schedule(name, expected):
    schedule = Schedule(Settings(epochs=3, learning_rate=0.4, schedule=name), 2)
    assert [schedule.rate(step // 2, step % 2) for step in range(6)] == pytest.approx(expected)


def test_one_step_has_a_rate():
    assert Schedule(Settings(epochs=1, learning_rate=0.4), 1).rate(0, 0) == 0.4


def test_an_average_follows_the_weights():
    net = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), torch.nn.BatchNorm1d(1))
    ema, weight, average = EMA(net, 0.5), net[0].weight, net[0].weight.item()
    for step in range(1, 12):
        with torch.no_grad():
            weight.fill_(step)
            net[1].running_mean.fill_(step)
        ema.update(net)
        decay = min(0.5, (1 + step) / (10 + step))
        average = decay * average + (1 - decay) * step
        assert float(ema.model[0].weight) == pytest.approx(average, rel=1e-5)
        assert float(ema.model[1].running_mean) == step
    assert not ema.model.training and not any(p.requires_grad for p in ema.model.parameters())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schedule": "cos"}, "schedule must be one of cosine"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"precision": "fp8"}, "precision must be one of fp32"),
    ],
)
def test_settings_that_make_no_sense_are_named(changes, said):
    with pytest.raises(ValueError, match=said):
        Settings(**changes)
